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
        let texts_of_apis = texts(resources).into_iter().filter(|text| text.starts_with("execute-api:/"));
        if texts_of_apis.into_iter().any(|short| covers_path(&short, ask, variables)) {
            return true;
        }
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
        let mut short = texts(resources).into_iter().filter(|text| text.starts_with("execute-api:/"));
        return !short.any(|short| covers_path(&short, ask, variables))
            && patterns.is_some_and(|all| !all.iter().any(|pattern| text::covers_resource(pattern, ask.resource)));
    }
    // The statement is about what its policy is attached to; but without Resource, says the KMS guide's key-policy-
    // overview.html, "the policy statement has no effect".
    !ask.action.to_lowercase().starts_with("kms:")
}

/// "API Gateway builds the full ARN by using the current Region, your AWS account ID, and the ID of the REST API that the
/// resource policy is associated with": all of that is the requested API's, and only what follows can differ.
/// docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
fn covers_path(short: &str, ask: &Ask<'_>, variables: bool) -> bool {
    let parts: Vec<&str> = ask.resource.splitn(6, ':').collect();
    if parts.len() < 6 || parts[0] != "arn" || parts[2] != "execute-api" {
        return false;
    }
    let api = parts[5].split('/').next().expect("the first part");
    // What is built has the API's own letters in front, which are no wildcards.
    let path = text::expand(&short["execute-api:".len()..], variables, ask.context);
    path.is_some_and(|path| text::like(&path, &parts[5][api.len()..]))
}
