//! Conditions in words.

use crate::ContextValue;
use crate::trace::{ConditionTrace, Flag};
use crate::words::{plain, quoted};

/// Values told of, or conditions; a list of a hundred addresses helps nobody.
const MOST_VALUES: usize = 4;

/// `StringEquals aws:RequestTag/Status`
pub(crate) fn name(condition: &ConditionTrace) -> String {
    format!("{} {}", condition.operator, plain(&condition.key))
}

/// What it asks for, and why it does not hold: `StringEquals aws:RequestTag/Status = OK, but the request has no …`.
pub(crate) fn fails(condition: &ConditionTrace, action: &str) -> String {
    format!("{}, but {}", wanted(condition), obstacle(condition, action))
}

/// What it asks for, and that it holds: `StringNotEquals aws:PrincipalTag/Status = OK holds, for it is "NG"`.
pub(crate) fn holds(condition: &ConditionTrace, action: &str) -> String {
    let wanted = wanted(condition);
    match &condition.context {
        _ if condition.has(Flag::MatchedBecauseMissing) => {
            format!("{wanted} holds only because the key is missing{}", never(condition, action))
        }
        _ if condition.has(Flag::PathNotKnown) => {
            format!("{wanted} may hold: the path of the caller's role is not known")
        }
        Some(value) => format!("{wanted} holds, for it is {}", shown(value)),
        None => format!("{wanted} holds, for the key is missing{}", never(condition, action)),
    }
}

/// That the key cannot be there, if it cannot.
fn never(condition: &ConditionTrace, action: &str) -> String {
    if condition.has(Flag::NeverCarried) {
        format!(" ({} never carries it)", carrier(condition, action))
    } else {
        String::new()
    }
}

/// What never carries the key: the action, or only its requests on one type of resource.
pub(crate) fn carrier(condition: &ConditionTrace, action: &str) -> String {
    match condition.never_on {
        Some(kind) => format!("a request for {} on a resource of type {kind}", plain(action)),
        None => plain(action),
    }
}

/// The operator, the key and the policy's values.
pub(crate) fn wanted(condition: &ConditionTrace) -> String {
    let values: Vec<_> =
        condition.values.iter().zip(&condition.resolved).map(|(text, resolved)| value(text, resolved)).collect();
    format!("{} = {}", name(condition), list(&values, " or "))
}

/// A value as written, and what a variable in it came to.
fn value(text: &str, resolved: &Option<String>) -> String {
    let written = if text.is_empty() { "\"\"".to_owned() } else { plain(text) };
    match resolved {
        Some(resolved) if resolved != text && text.contains("${") => format!("{written} ({})", quoted(resolved)),
        _ => written,
    }
}

fn obstacle(condition: &ConditionTrace, action: &str) -> String {
    let key = plain(&condition.key);
    let Some(value) = &condition.context else {
        return format!("the request has no {key}{}", never(condition, action));
    };
    let found = format!("{key} is {}", shown(value));
    let (operator, because) = (&condition.operator, because(condition));
    if condition.has(Flag::FailedBecauseMissing) {
        return format!("{key} has no value");
    }
    if condition.has(Flag::MultivaluedUnderPlainOperator) {
        return format!(
            "{found}, a multivalued key, which {operator} matches only with ForAllValues or ForAnyValue before it"
        );
    }
    format!("{found}{because}")
}

/// What is odd about a comparison that failed.
fn because(condition: &ConditionTrace) -> &'static str {
    let causes = [
        (Flag::Unreadable, ", and one of the two cannot be read as what the operator compares"),
        (Flag::VariableWithoutValue, ", and a variable of the condition has no value in this request"),
        (Flag::LiteralVariable, ", and `${…}` is literal text without Version 2012-10-17"),
        (Flag::PathNotKnown, ", and may have a path that is not known"),
        (Flag::LetterCase, ", which differs in letter case"),
        (Flag::LiteralWildcard, ", and a wildcard is literal text under this operator"),
    ];
    causes.iter().find(|&&(flag, _)| condition.has(flag)).map_or("", |&(_, words)| words)
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::One(value) => quoted(value),
        ContextValue::Many(values) => {
            format!("[{}]", list(&values.iter().map(|value| quoted(value)).collect::<Vec<_>>(), ", "))
        }
    }
}

pub(crate) fn list(values: &[String], between: &str) -> String {
    match values.split_at_checked(MOST_VALUES) {
        Some((first, rest)) if !rest.is_empty() => format!("{}{between}{} more", first.join(between), rest.len()),
        _ if values.is_empty() => "nothing".to_owned(),
        _ => values.join(between),
    }
}
