//! Statements.

use serde_json::{Map, Value};

use super::caller::{Caller, Way};
use super::text::{self, Sign};
use super::{condition, listed, texts};

/// What is asked.
pub struct RequestCase<'a> {
    pub caller: &'a Caller,
    pub action: &'a str,
    pub resource: &'a str,
    pub context: &'a Map<String, Value>,
    /// The ARNs that the caller's role may have, if its path is not known; first the one without a path.
    pub arns: &'a [String],
}

/// Whether a statement of the document denies.
pub fn denies(kind: &str, document: &Value, request: &RequestCase<'_>) -> bool {
    !matching(kind, document, "Deny", request).is_empty()
}

/// The ways in which the document's statements allow; none if none does.
pub fn allows(kind: &str, document: &Value, request: &RequestCase<'_>) -> Vec<Way> {
    matching(kind, document, "Allow", request)
}

fn matching(kind: &str, document: &Value, effect: &str, request: &RequestCase<'_>) -> Vec<Way> {
    // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    let variables = document["Version"] == "2012-10-17";
    let mut ways = Vec::new();
    for statement in listed(&document["Statement"]) {
        let about = statement["Effect"] == effect
            && covers_action(statement, request.action)
            && covers_resource(kind, statement, request, variables)
            && condition::all_hold(&statement["Condition"], variables, request, effect);
        if about {
            ways.extend(request.caller.ways(statement));
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
fn covers_resource(kind: &str, statement: &Value, request: &RequestCase<'_>, variables: bool) -> bool {
    let denies = statement["Effect"] == "Deny";
    let covers = |pattern: &String, is_left_out: bool| {
        let signs = text::expand(pattern, variables, request.context)?;
        let readings = readings(kind, pattern, variables, signs);
        let mut met = readings.iter().map(|reading| text::covers_resource(reading, request.resource));
        // The safer of two readings.
        Some(if denies == is_left_out { met.all(|met| met) } else { met.any(|met| met) })
    };
    if let Some(resources) = statement.get("Resource") {
        let texts_of_apis = texts(resources).into_iter().filter(|text| text.starts_with("execute-api:/"));
        if texts_of_apis.into_iter().any(|short| covers_path(&short, request, variables)) {
            return true;
        }
        // docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html lists buckets with this.
        let lists_buckets = request.resource == "*"
            && request.action.to_lowercase() == "s3:listallmybuckets"
            && texts(resources).iter().any(|text| text.starts_with("arn:") && text.ends_with(":s3:::*"));
        return lists_buckets || texts(resources).iter().any(|text| covers(text, false) == Some(true));
    }
    if let Some(resources) = statement.get("NotResource") {
        let covered: Option<Vec<bool>> = texts(resources).iter().map(|text| covers(text, true)).collect();
        // A variable without a value: the statement does not match.
        let mut short = texts(resources).into_iter().filter(|text| text.starts_with("execute-api:/"));
        return !short.any(|short| covers_path(&short, request, variables))
            && covered.is_some_and(|all| !all.contains(&true));
    }
    // The statement is about what its policy is attached to; but without Resource, says the KMS guide's key-policy-
    // overview.html, "the policy statement has no effect".
    !request.action.to_lowercase().starts_with("kms:")
}

/// What a pattern can mean. An incomplete ARN of an identity-based policy gets "wildcard characters (*) to all missing
/// fields"; of other policies that is open, as it is where a `*` before the last field goes on by itself, or a variable.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
fn readings(kind: &str, pattern: &str, variables: bool, signs: Vec<Sign>) -> Vec<Vec<Sign>> {
    let colons = signs.iter().filter(|sign| **sign == Sign::Written(':')).count();
    let has_variable = variables
        && pattern.split("${").skip(1).any(|rest| !["*}", "?}", "$}"].iter().any(|sign| rest.starts_with(sign)));
    let goes_on = has_variable || signs.windows(2).any(|two| *two == [Sign::Many, Sign::Written(':')]);
    // A `*` at the very end covers what is missing.
    let is_whole = colons >= 5 || (signs.last() == Some(&Sign::Many) && !goes_on);
    if !pattern.starts_with("arn:") || is_whole {
        return vec![signs];
    }
    let mut completed = signs.clone();
    for _ in colons..5 {
        completed.extend([Sign::Written(':'), Sign::Many]);
    }
    if !goes_on && ["identity", "boundary"].contains(&kind) { vec![completed] } else { vec![signs, completed] }
}

/// "API Gateway builds the full ARN by using the current Region, your AWS account ID, and the ID of the REST API that the
/// resource policy is associated with": all of that is the requested API's, and only what follows can differ.
/// docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
fn covers_path(short: &str, request: &RequestCase<'_>, variables: bool) -> bool {
    let parts: Vec<&str> = request.resource.splitn(6, ':').collect();
    if parts.len() < 6 || parts[0] != "arn" || parts[2] != "execute-api" {
        return false;
    }
    let api = parts[5].split('/').next().expect("the first part");
    // What is built has the API's own letters in front, which are no wildcards.
    let path = text::expand(&short["execute-api:".len()..], variables, request.context);
    path.is_some_and(|path| text::like(&path, &parts[5][api.len()..]))
}
