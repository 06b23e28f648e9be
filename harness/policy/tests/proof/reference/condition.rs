//! Condition.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

use serde_json::{Map, Value};

use super::statement::RequestCase;
use super::{text, texts, value};

/// The operators without a negation of their own, and how to tell whether a policy's value and the request's agree.
const NEGATIONS: [(&str, &str); 8] = [
    ("stringnotequals", "stringequals"),
    ("stringnotequalsignorecase", "stringequalsignorecase"),
    ("stringnotlike", "stringlike"),
    ("numericnotequals", "numericequals"),
    ("datenotequals", "dateequals"),
    ("notipaddress", "ipaddress"),
    ("arnnotequals", "arnlike"),
    ("arnnotlike", "arnlike"),
];

/// Whether all operators and all their keys hold.
pub fn all_hold(condition: &Value, variables: bool, request: &RequestCase<'_>, effect: &str) -> bool {
    let Some(operators) = condition.as_object() else { return true };
    for (operator, keys) in operators {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let values = texts(values);
            let held = if key.to_lowercase() == "aws:principalarn" && !request.arns.is_empty() {
                holds_for_some_path(operator, key, &values, variables, request, effect)
            } else {
                holds(operator, key, &values, variables, request.context)
            };
            if !held {
                return false;
            }
        }
    }
    true
}

/// A condition on the ARN of a role whose path is not known. If it comes to the same for every path, that is it. If the
/// ARN without a path is met, it counts, but for names that AWS gives to roles with a path only. Else the answer is the
/// one that denies.
fn holds_for_some_path(
    operator: &str,
    key: &str,
    wanted: &[String],
    variables: bool,
    request: &RequestCase<'_>,
    effect: &str,
) -> bool {
    let with = |arn: &String| {
        let mut context = request.context.clone();
        context.insert("aws:PrincipalArn".to_owned(), arn.as_str().into());
        // A variable of this key has the value without a path, whatever is compared.
        holds_on(operator, key, wanted, variables, &context, request.context)
    };
    let bare = with(&request.arns[0]);
    let spelled = wanted.iter().flat_map(|wanted| spelled_paths(wanted, variables, request));
    if request.arns.iter().all(|arn| with(arn) == bare) && spelled.into_iter().all(|arn| with(&arn) == bare) {
        return bare;
    }
    let is_negated = operator.to_lowercase().contains("not");
    let is_reserved =
        ["role/AWSReservedSSO_", "role/AWSServiceRoleFor"].iter().any(|name| request.arns[0].contains(name));
    if bare != is_negated && !is_reserved { bare } else { effect == "Deny" }
}

/// The ARNs of roles whose paths a value of the policy spells, from each of its letters on.
fn spelled_paths(wanted: &str, variables: bool, request: &RequestCase<'_>) -> Vec<String> {
    let Some(signs) = text::expand(wanted, variables, request.context) else { return Vec::new() };
    let whole = text::spelled(&signs).replace('*', "").replace('?', "x");
    let (front, name) = request.arns[0].rsplit_once('/').expect("the ARN of a role");
    let rests = whole.char_indices().map(|(at, _)| &whole[at..]);
    let paths = rests.flat_map(|rest| {
        let path = rest.strip_suffix(name).unwrap_or(rest).trim_matches('/');
        [format!("{path}/"), format!("x{path}/"), format!("x/{path}/")]
    });
    let may_be =
        |path: &String| *path != "/" && (name.starts_with("AWSReservedSSO_") || !path.starts_with("aws-reserved/"));
    paths.filter(may_be).map(|path| format!("{front}/{path}{name}")).collect()
}

/// Whether one operator holds for one key.
pub fn holds(operator: &str, key: &str, wanted: &[String], variables: bool, context: &Map<String, Value>) -> bool {
    holds_on(operator, key, wanted, variables, context, context)
}

/// The same with the variables' values from elsewhere.
fn holds_on(
    operator: &str,
    key: &str,
    wanted: &[String],
    variables: bool,
    asked: &Map<String, Value>,
    context: &Map<String, Value>,
) -> bool {
    let operator = operator.to_lowercase();
    let (set, operator) = match operator.split_once(':') {
        Some((set, operator)) => (set.to_owned(), operator.to_owned()),
        None => (String::new(), operator),
    };
    let (if_exists, operator) = match operator.strip_suffix("ifexists") {
        Some(operator) => (true, operator.to_owned()),
        None => (false, operator),
    };
    let found = text::look_up(asked, key);
    if operator == "null" {
        let missing = found.is_none_or(|found| found.as_array().is_some_and(Vec::is_empty));
        return wanted.iter().any(|wanted| value::boolean(wanted) == Some(missing));
    }
    let (negated, operator) = match NEGATIONS.iter().find(|(negation, _)| *negation == operator) {
        Some((_, positive)) => (true, (*positive).to_owned()),
        None => (false, operator),
    };
    let agrees = |found: &str| agrees(&operator, negated, wanted, found, variables, context);
    match (set.as_str(), found) {
        ("", None) => if_exists || negated,
        ("forallvalues", None) => true,
        ("foranyvalue", None) => if_exists,
        ("", Some(Value::String(found))) => agrees(found),
        // docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html: a list of one is as good as its value,
        // a longer one matches nothing.
        ("", Some(found)) => matches!(texts(found).as_slice(), [only] if agrees(only)),
        (set, Some(found)) => {
            let found = texts(found);
            let is_null_set = found.iter().all(String::is_empty);
            if set == "forallvalues" {
                is_null_set || found.iter().all(|found| agrees(found))
            } else {
                !is_null_set && found.iter().any(|found| agrees(found))
            }
        }
        (_, None) => unreachable!("the generators know the set operators"),
    }
}

/// One of the request's values against all of the policy's: any of them, or under a negated operator none.
fn agrees(
    operator: &str,
    negated: bool,
    wanted: &[String],
    found: &str,
    variables: bool,
    context: &Map<String, Value>,
) -> bool {
    let mut matched = false;
    let mut unreadable = false;
    for wanted in wanted {
        match compare(operator, wanted, found, variables, context) {
            Some(same) => matched |= same,
            None => unreadable = true,
        }
    }
    if negated { !matched && !unreadable } else { matched }
}

/// Whether one value of the policy matches one of the request; nothing if the two cannot be compared.
fn compare(operator: &str, wanted: &str, found: &str, variables: bool, context: &Map<String, Value>) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if operator.starts_with("string") || operator.starts_with("arn") || operator == "bool" {
        let is_readable = match operator {
            "arnlike" | "arnequals" => found.split(':').count() >= 6,
            "bool" => value::boolean(found).is_some(),
            _ => true,
        };
        if !is_readable {
            return None;
        }
        // A variable without a value matches nothing.
        let Some(wanted) = text::expand(wanted, variables, context) else { return Some(false) };
        let plain = text::spelled(&wanted);
        return match operator {
            "stringequals" => Some(plain == found),
            "stringequalsignorecase" => Some(folded(&plain) == folded(found)),
            "stringlike" => Some(text::like(&wanted, found)),
            "bool" => Some(value::boolean(&plain)? == value::boolean(found)?),
            _ => text::covers_arn(&wanted, found),
        };
    }
    match operator {
        "binaryequals" => return Some(value::binary(wanted)? == value::binary(found)?),
        "ipaddress" => return value::holds_address(wanted, found),
        _ => {}
    }
    let (order, operator) = match operator.strip_prefix("numeric") {
        Some(rest) => (value::number(found)?.cmp(&value::number(wanted)?), rest),
        None => (value::date(found)?.cmp(&value::date(wanted)?), &operator["date".len()..]),
    };
    Some(match operator {
        "equals" => order == Equal,
        "lessthan" => order == Less,
        "lessthanequals" => order != Greater,
        "greaterthan" => order == Greater,
        "greaterthanequals" => order != Less,
        other => unreachable!("{other}"),
    })
}

fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
