//! Whether a text can be anything that tagproof reads: what is said of a text shows parts of it.

/// What stands behind a name.
#[derive(Clone, Copy)]
enum Behind {
    Anything,
    /// Anything, and the name begins its line.
    AnythingAtStart,
    /// A list or a mapping.
    Nested,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list or a mapping, and the name begins its line.
    NestedAtStart,
    /// A list or a mapping, and the name is spelt as CloudFormation has it, or the text names one of its types.
    OfCloudFormation,
}

/// The names, in lower case, without which there is no policy, template or scenario, nor what the AWS CLI or Terraform prints of
/// them. The word alone says nothing: a bank has statements, and Kubernetes has resources and requests.
const NAMES: [(&str, Behind); 16] = [
    ("version", Behind::Word(&["2012-10-17", "2008-10-17"])),
    ("statement", Behind::Nested),
    ("effect", Behind::Word(&["allow", "deny"])),
    ("awstemplateformatversion", Behind::Anything),
    ("resources", Behind::OfCloudFormation),
    ("title", Behind::AnythingAtStart),
    ("callers", Behind::NestedAtStart),
    ("requests", Behind::NestedAtStart),
    ("policydocument", Behind::Anything),
    ("policyversion", Behind::Nested),
    ("defaultversionid", Behind::Anything),
    ("detaillist", Behind::Nested),
    ("planned_values", Behind::Nested),
    ("resource_changes", Behind::Nested),
    ("terraform_version", Behind::Anything),
    ("@level", Behind::Anything),
];

/// Whether a text has words, and none of those names where it could be the name of something, however mistyped the rest is.
pub(super) fn is_foreign(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let has = |(name, behind): &(&str, Behind)| lower.match_indices(name).any(|(at, _)| is_it(text, at, name, *behind));
    text.contains(char::is_alphanumeric) && !NAMES.iter().any(has)
}

fn is_it(text: &str, at: usize, name: &str, behind: Behind) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at + name.len()..)) else { return false };
    // A policy may stand as text in JSON, where its quotes have a backslash before them.
    let quotes = ['"', '\'', '\\'];
    let is_quoted = after.starts_with(quotes);
    let Some(after) = after.trim_start_matches(quotes).trim_start().strip_prefix(':') else { return false };
    let line = after.trim_start_matches([' ', '\t']);
    let is_nested = match is_quoted {
        true => after.trim_start().starts_with(['{', '[']),
        false => line.starts_with(['{', '[', '\r', '\n', '#', '&', '!']) || line.is_empty(),
    };
    let is_at_start = || {
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim_matches(['"', '\'', '\u{feff}']).is_empty()
    };
    match behind {
        Behind::Anything => true,
        Behind::AnythingAtStart => is_at_start(),
        Behind::Nested => is_nested,
        Behind::Word(words) => {
            let value = after.trim_start().trim_start_matches(quotes);
            words.iter().any(|word| value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
        }
        Behind::NestedAtStart => is_nested && is_at_start(),
        Behind::OfCloudFormation => {
            let is_spelt_so = text.get(at..).is_some_and(|own| own.starts_with("Resources"));
            is_nested && (is_spelt_so || text.contains("::"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_meant_as_ours_is_told_from_what_could_not() {
        for (text, expected) in [
            (r#"{"Statement": [{"Efect": "Allow"}], "Sid": ""}"#, false),
            (r#"{"Version": "2012-10-17", "Statemnt": 1}"#, false),
            ("Statement:\n- Effect: Allow\n", false),
            ("{Statement: {Effect: Allow}", false),
            ("{'Effect': 'Deny'", false),
            ("Resources:\n  Role:\n    Type: AWS::IAM::Role\n", false),
            ("Resources: {}\n", false),
            ("AWSTemplateFormatVersion: 2010-09-09\n", false),
            ("# Draft\ntitle: Who may read\n", false),
            ("title: Who may read\ncallers:\n  ann: {user: ann}\n", false),
            ("\u{feff}requests: {get: {}}\n", false),
            (r#"{"PolicyVersion": {"Document": {}}}"#, false),
            (r#"{"UserDetailList": []}"#, false),
            (r#"{"terraform_version": "1.9"}"#, false),
            (r#"{"resource_changes": []}"#, false),
            (r#"{"Policy": "{\"Version\": \"2012-10-17\"}"}"#, false),
            ("  \n", false),
            ("password: hunter2\n", true),
            (r#"{"Statement": "of May", "password": "hunter2"}"#, true),
            ("Statement of account\npassword: hunter2\n", true),
            ("statement: of May\npassword: hunter2\n", true),
            ("  subtitle: none\n  title: none\npassword: hunter2\n", true),
            ("effect: none\ntoken: hunter2\n", true),
            ("resources: {}\npassword: hunter2\n", true),
            (r#"{"version": "3", "auth": "hunter2"}"#, true),
            ("resources:\n  limits: {cpu: 1}\n  requests:\n    cpu: 1\npassword: hunter2\n", true),
            ("# callers and requests\npassword: hunter2\n", true),
        ] {
            assert_eq!(is_foreign(text), expected, "{text}");
        }
    }
}
