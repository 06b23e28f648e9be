//! Made-up values where a policy has them: each becomes what its place asks for.
//!
//! The name of a nested stack's output does not always tell that it is a role's ARN; its place in `Principal` does.

use source::{Node, Value};

use super::Given;
use crate::resolve::MadeUp;

/// How long the name of a role can be.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
const LONGEST: usize = 64;

/// What a test of a condition compares with, by a part of its operator's name.
const OPERANDS: &[(&str, &str)] = &[
    ("Arn", "arn:{partition}:iam::{account}:role/made-up"),
    ("Bool", "true"),
    ("Date", "2026-01-01T00:00:00Z"),
    ("IpAddress", "10.203.0.0/16"),
    ("Null", "true"),
    ("Numeric", "1"),
];

/// Puts values of the right kind into a policy document; gives the principals that it makes up.
pub(super) fn fit(document: &mut Node, given: Given<'_>) -> Vec<MadeUp> {
    let mut principals = Vec::new();
    let Some(statements) = member(document, "Statement").filter(|_| !given.made_up.is_empty()) else {
        return principals;
    };
    match &mut statements.value {
        Value::List(items) => items.iter_mut().for_each(|one| statement(one, given, &mut principals)),
        _ => statement(statements, given, &mut principals),
    }
    principals
}

fn statement(statement: &mut Node, given: Given<'_>, made_up: &mut Vec<MadeUp>) {
    let service = service(statement);
    for name in ["Principal", "NotPrincipal"] {
        if let Some(principals) = member(statement, name).and_then(|node| member(node, "AWS")) {
            texts(principals, &mut |text| {
                let value = principal(text, given)?;
                made_up.push(MadeUp { what: given.origin(text)?.what.clone(), value: value.clone() });
                Some(value)
            });
        }
    }
    for name in ["Resource", "NotResource"] {
        if let Some(resources) = member(statement, name) {
            texts(resources, &mut |text| resource(text, service.as_deref(), given));
        }
    }
    let Some(Value::Map(operators)) = member(statement, "Condition").map(|node| &mut node.value) else { return };
    for operator in operators {
        let Some((_, operand)) = OPERANDS.iter().find(|(part, _)| operator.key.contains(part)) else { continue };
        let Value::Map(keys) = &mut operator.value.value else { continue };
        for key in keys {
            texts(&mut key.value, &mut |text| {
                let is_wrong = given.origin(text).is_some() && !is_operand(operand, text);
                is_wrong.then(|| given.fill(operand))
            });
        }
    }
}

/// The service of the first action, if it says one.
fn service(statement: &Node) -> Option<String> {
    let actions = statement.get("Action")?;
    let first = actions.items().first().unwrap_or(actions).text()?;
    Some(first.split_once(':')?.0.to_ascii_lowercase())
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
fn principal(text: &str, given: Given<'_>) -> Option<String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let of_iam = text.splitn(6, ':').collect::<Vec<_>>();
    let is_of_iam = matches!(of_iam[..], ["arn", _, "iam" | "sts", "", account, _] if account.len() == 12);
    let is_wrong = given.origin(text).is_some() && text != "*" && !is_account && !is_of_iam;
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    is_wrong.then(|| given.fill("arn:{partition}:iam::{account}:role/") + &name[name.len().saturating_sub(LONGEST)..])
}

fn resource(text: &str, service: Option<&str>, given: Given<'_>) -> Option<String> {
    if text == "*" || text.starts_with("arn:") || given.origin(text).is_none() {
        return None;
    }
    Some(match service {
        Some("s3") | None => given.fill("arn:{partition}:s3:::") + text,
        Some(service) => given.fill(&format!("arn:{{partition}}:{service}:{{region}}:{{account}}:{text}")),
    })
}

fn is_operand(operand: &str, text: &str) -> bool {
    match operand {
        "true" => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        "1" => text.parse::<f64>().is_ok(),
        "10.203.0.0/16" => text.split('/').next().is_some_and(|address| address.parse::<std::net::IpAddr>().is_ok()),
        "2026-01-01T00:00:00Z" => text.starts_with(|c: char| c.is_ascii_digit()),
        _ => text.starts_with("arn:") || text.contains('*'),
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Map(entries) = &mut node.value else { return None };
    entries.iter_mut().find(|entry| entry.key == name).map(|entry| &mut entry.value)
}

/// Replaces texts, alone or in a list.
fn texts(node: &mut Node, replace: &mut impl FnMut(&str) -> Option<String>) {
    match &mut node.value {
        Value::String(text) => {
            if let Some(new) = replace(text) {
                *text = new;
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| texts(item, replace)),
        _ => {}
    }
}
