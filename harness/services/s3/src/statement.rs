//! What S3 has against the statements of a bucket policy, beyond what any policy must keep to.

use ::policy::arn::partition;
use ::policy::partition::of_region;
use ::policy::wildcard::matches;
use account::World;
use catalog::Action;
use serde_json::Value;

use super::bucket::{Bucket, path_of};
use super::public_access::many;

/// The first thing that S3 complains of, in its words.
pub(super) fn complaint(world: &World, bucket: &Bucket, policy: &Value) -> Option<String> {
    let Some(statements) = policy.get("Statement") else { return Some("Missing required field Statement".to_owned()) };
    if many(statements).next().is_none() {
        return Some("Could not parse the policy: Statement is empty!".to_owned());
    }
    many(statements).find_map(|statement| about(world, bucket, statement))
}

fn about(world: &World, bucket: &Bucket, statement: &Value) -> Option<String> {
    missing(statement)
        .or_else(|| effect(statement))
        .or_else(|| principal(world, statement))
        .or_else(|| resource(bucket, statement))
        .or_else(|| action(statement))
        .or_else(|| condition(statement))
}

fn missing(statement: &Value) -> Option<String> {
    const REQUIRED: [(&str, &str); 4] =
        [("Effect", "Effect"), ("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")];
    let absent = REQUIRED.iter().find(|(name, not)| statement.get(name).is_none() && statement.get(not).is_none());
    absent.map(|(name, _)| format!("Missing required field {name}"))
}

fn effect(statement: &Value) -> Option<String> {
    let effect = statement["Effect"].as_str().unwrap_or_default();
    (effect != "Allow" && effect != "Deny").then(|| format!("Invalid effect: {effect}"))
}

/// A user or role that a policy names has to exist.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
fn principal(world: &World, statement: &Value) -> Option<String> {
    let named = [&statement["Principal"], &statement["NotPrincipal"]];
    let gone = named.into_iter().flat_map(|principal| many(&principal["AWS"])).filter_map(Value::as_str);
    gone.into_iter().any(|arn| world.is_nobody(arn)).then(|| "Invalid principal in policy".to_owned())
}

/// A statement can only be about the bucket and what is in it.
fn resource(bucket: &Bucket, statement: &Value) -> Option<String> {
    let outside = |text: &str| {
        let own = of_region(&bucket.region).name;
        let path = path_of(text).filter(|_| partition(text) == Some(own));
        let within = path.map(|name| name.split('/').next().unwrap_or(name));
        text != "*" && within.is_none_or(|pattern| !matches(pattern, &bucket.name))
    };
    let invalid = texts(statement, "Resource").chain(texts(statement, "NotResource")).any(outside);
    invalid.then(|| "Policy has invalid resource".to_owned())
}

/// Each action has to exist and to be one for a resource that the statement names.
fn action(statement: &Value) -> Option<String> {
    let patterns = || texts(statement, "Action").chain(texts(statement, "NotAction"));
    let of_s3 = |pattern: &str| pattern == "*" || s3_actions(pattern).next().is_some();
    if !patterns().all(of_s3) {
        return Some("Policy has invalid action".to_owned());
    }
    let resources: Vec<_> = texts(statement, "Resource").collect();
    let idle = |pattern: &str| !s3_actions(pattern).any(|action| resources.iter().any(|arn| applies(action, arn)));
    let idle = !resources.is_empty() && texts(statement, "Action").any(idle);
    idle.then(|| "Action does not apply to any resource(s) in statement".to_owned())
}

/// A key has to exist; one of S3's own has to be one of some action of the statement.
fn condition(statement: &Value) -> Option<String> {
    let operators = statement["Condition"].as_object()?;
    let keys = operators.values().filter_map(Value::as_object).flat_map(serde_json::Map::keys);
    for key in keys {
        let Some(known) = catalog::key(key) else {
            return Some("Policy has an invalid condition key".to_owned());
        };
        let carried = || texts(statement, "Action").flat_map(s3_actions).any(|action| !action.never_carries(known));
        let own = key.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case("s3:"));
        if own && statement.get("Action").is_some() && !carried() {
            return Some("Conditions do not apply to combination of actions and resources in statement".to_owned());
        }
    }
    None
}

fn s3_actions(pattern: &str) -> impl Iterator<Item = Action> {
    catalog::expand(pattern).filter(|action| action.service().prefix() == "s3")
}

fn applies(action: Action, arn: &str) -> bool {
    let Some(path) = path_of(arn) else { return arn == "*" };
    // A wildcard in the place of the bucket's name may go on into the keys.
    let (bucket, object) = match path.split_once('/') {
        Some(_) => (false, true),
        None => (true, path.contains('*')),
    };
    action.rows().filter_map(catalog::Row::resource_type).any(|of| match of.name() {
        "bucket" => bucket,
        "object" => object,
        _ => false,
    })
}

fn texts<'a>(statement: &'a Value, element: &str) -> impl Iterator<Item = &'a str> {
    many(&statement[element]).filter_map(Value::as_str)
}
