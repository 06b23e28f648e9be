//! Texts without what changes from run to run.

/// What stands for ids in texts, by how they begin. docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
const IDS: &[(&str, &str)] = &[
    ("AKIA", "ACCESS_KEY"),
    ("ASIA", "ACCESS_KEY"),
    ("AROA", "ROLE_ID"),
    ("AIDA", "USER_ID"),
    ("AGPA", "GROUP_ID"),
    ("ANPA", "POLICY_ID"),
    ("AIPA", "PROFILE_ID"),
];

/// A text without access keys, unique ids and task ids: the same from run to run.
#[must_use]
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(start);
        if let Some((uuid, after)) = from.split_at_checked(36)
            && is_uuid(uuid)
        {
            out.push_str(before);
            out.push_str("TASK_ID");
            rest = after;
            continue;
        }
        let end = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(placeholder(word).unwrap_or(word));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Emulators have task ids with dashes.
fn is_uuid(text: &str) -> bool {
    let shape = |(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36 && text.bytes().enumerate().all(shape)
}

fn placeholder(word: &str) -> Option<&'static str> {
    if word.len() == 32 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Some("TASK_ID");
    }
    let long = (20..=21).contains(&word.len()) && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z'));
    IDS.iter().find(|(prefix, _)| long && word.starts_with(prefix)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn ids_give_way_to_names() {
        let cases = [
            ("key AKIAIOSFODNN7EXAMPLE.", "key ACCESS_KEY."),
            ("AROA2345672345672345A:0123456789abcdef0123456789abcdef", "ROLE_ID:TASK_ID"),
            (
                "arn:aws:sts::123456789012:assumed-role/r/0123456789abcdef0123456789abcdef is",
                "arn:aws:sts::123456789012:assumed-role/r/TASK_ID is",
            ),
            ("task/default/43340f24-a1e6-45c2-a91e-95cb4a11b78c.", "task/default/TASK_ID."),
            ("43340f24-a1e6-45c2-a91e-95cb4a11b78 ü", "43340f24-a1e6-45c2-a91e-95cb4a11b78 ü"),
            ("0123456789/code", "0123456789/code"),
            ("AROA is a prefix", "AROA is a prefix"),
            ("", ""),
            ("ü: AIDAABCDEFGHIJKLMNOPQ ü", "ü: USER_ID ü"),
        ];
        for (text, expected) in cases {
            assert_eq!(normal(text), expected);
        }
    }
}
