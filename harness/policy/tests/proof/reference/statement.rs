//! Statements.

use serde_json::{Map, Value};

use super::caller::{Caller, Way};
use super::{condition, listed, text, texts};

/// What is asked.
pub struct Ask<'a> {
    pub caller: &'a Caller,
    pub action: &'a str,
    pub resource: &'a str,
    pub context: &'a Map<String, Value>,
    /// The ARNs that the caller's role may have, if its path is not known; first the one without a path.
    pub arns: &'a [String],
}

/// Whether a statement of the document denies.
pub fn denies(document: &Value, ask: &Ask<'_>) -> bool {
    !matching(document, "Deny", ask).is_empty()
}

/// The ways in which the document's statements allow; none if none does.
pub fn allows(document: &Value, ask: &Ask<'_>) -> Vec<Way> {
    matching(document, "Allow", ask)
}

fn matching(document: &Value, effect: &str, ask: &Ask<'_>) -> Vec<Way> {
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    let variables = document["Version"] == "2012-10-17";
    let mut ways = Vec::new();
    for statement in listed(&document["Statement"]) {
        let about = statement["Effect"] == effect
            && covers_action(statement, ask.action)
            && covers_resource(statement, ask, variables)
            && condition::all_hold(&statement["Condition"], variables, ask, effect);
        if about {
            ways.extend(ask.caller.ways(statement));
        }
    }
    ways
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
fn covers_action(statement: &Value, action: &str) -> bool {
    let covered = |list: &Value| {
        texts(list).iter().any(|pattern| {
            let pattern = text::expand(&pattern.to_lowercase(), false, &Map::new()).expect("no variables");
            text::like(&pattern, &action.to_lowercase())
        })
    };
    match statement.get("Action") {
        Some(actions) => covered(actions),
        None => !covered(&statement["NotAction"]),
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html
fn covers_resource(statement: &Value, ask: &Ask<'_>, variables: bool) -> bool {
    let expand = |pattern: &String| text::expand(pattern, variables, ask.context);
    if let Some(resources) = statement.get("Resource") {
        let patterns: Vec<_> = texts(resources).iter().filter_map(expand).collect();
        // docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html lists buckets with this.
        let lists_buckets = ask.resource == "*"
            && ask.action.to_lowercase() == "s3:listallmybuckets"
            && texts(resources).iter().any(|text| text.starts_with("arn:") && text.ends_with(":s3:::*"));
        return lists_buckets || patterns.iter().any(|pattern| text::covers_resource(pattern, ask.resource));
    }
    if let Some(resources) = statement.get("NotResource") {
        let patterns: Option<Vec<_>> = texts(resources).iter().map(expand).collect();
        // A variable without a value: the statement does not match.
        return patterns.is_some_and(|all| !all.iter().any(|pattern| text::covers_resource(pattern, ask.resource)));
    }
    // A trust policy's resource is its role.
    true
}
