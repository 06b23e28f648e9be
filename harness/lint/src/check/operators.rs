//! Operators against the keys and values they compare.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

use catalog::{Key, ValueType};
use policy::operator::{Set, Test};
use policy::plain;
use policy::undocumented::Case;

use crate::code;
use crate::edits;
use crate::sink::Sink;
use crate::written::{Condition, Statement};

pub(super) fn check(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    if let Some(key) = condition.key.filter(|_| !condition.is_null()) {
        set_operator(statement, condition, key, sink);
        value_type(condition, key, sink);
    }
    values(condition, sink);
    wildcards(condition, sink);
    if condition.operator.if_exists && condition.operator.base.negated && condition.operator.set.is_none() {
        let name = condition.operator.base.name;
        let message = format!("IfExists adds nothing to {name}, which holds for a request without the key anyway");
        let help = format!("write `{name}`; if a request without the key is to be left out, use a positive operator");
        let edit = edits::operator(statement, condition, name);
        sink.add(&code::IFEXISTS_WITH_NEGATED_OPERATOR, condition.operator_span, message).help(help).edit(edit);
    }
}

fn set_operator(statement: &Statement<'_>, condition: &Condition<'_>, key: Key, sink: &mut Sink) {
    let bare = condition.operator.to_string().replace("ForAllValues:", "").replace("ForAnyValue:", "");
    let edit = || edits::operator(statement, condition, &bare);
    let (name, span) = (plain(condition.name), condition.operator_span);
    match (condition.operator.set, key.is_multivalued()) {
        (None, true) => {
            let message = format!("`{name}` has several values, and {} compares one", condition.operator);
            let help = format!(
                "write `ForAnyValue:{0}` if one value is to match, `ForAllValues:{0}` if all are",
                condition.operator
            );
            sink.add(&code::MISSING_QUALIFIER, span, message).help(help);
        }
        // Of the audience of a token this is said under a name of its own.
        (Some(_), false) if condition.head().ends_with(":aud") && key.is_of_any_provider() => {}
        (Some(Set::All), false) => {
            let message =
                format!("`{name}` has one value; ForAllValues only makes the condition hold where it is missing");
            // A Deny would no longer deny a request without the key: what is meant is not sure.
            sink.add(&code::FORALLVALUES_WITH_SINGLE_VALUED_KEY, span, message)
                .help("leave `ForAllValues:` out")
                .edit(statement.allows().then(edit).flatten());
        }
        // Of the audience of a token this is said under a name of its own.
        (Some(Set::Any), false) if !condition.head().ends_with(":aud") => {
            let message = format!("`{name}` has one value, and needs no ForAnyValue");
            // A negated operator without it also holds for a request without the key.
            sink.add(&code::FORANYVALUE_WITH_SINGLE_VALUED_KEY, span, message)
                .help("leave `ForAnyValue:` out")
                .edit(condition.is_positive().then(edit).flatten());
        }
        _ => {}
    }
}

fn value_type(condition: &Condition<'_>, key: Key, sink: &mut Sink) {
    let (test, written) = (condition.operator.base.test, key.pattern());
    let is_text = matches!(test, Test::Equal | Test::EqualIgnoringCase | Test::Like);
    let (fits, wanted) = match key.value_type() {
        // The reference has several keys whose values are ARNs as String.
        ValueType::String => {
            (is_text || test == Test::Arn && condition.name.to_ascii_lowercase().contains("arn"), "a String operator")
        }
        ValueType::Arn => (is_text || test == Test::Arn, "an ARN operator, such as ArnLike"),
        ValueType::Bool => (test == Test::Bool, "Bool"),
        ValueType::Numeric => (matches!(test, Test::Number(_)), "a Numeric operator"),
        // "aws:EpochTime: Date operators or Numeric operators"
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-epochtime
        ValueType::Date => (
            matches!(test, Test::Date(_)) || written == "aws:EpochTime" && matches!(test, Test::Number(_)),
            "a Date operator",
        ),
        ValueType::IpAddress => (test == Test::Address, "IpAddress or NotIpAddress"),
        ValueType::Binary => (test == Test::Binary, "BinaryEquals"),
    };
    if !fits {
        let message = format!("{} does not go with `{}`", condition.operator, plain(condition.name));
        sink.add(&code::TYPE_MISMATCH, condition.operator_span, message).help(format!("use {wanted}"));
    }
}

fn values(condition: &Condition<'_>, sink: &mut Sink) {
    let operator = condition.operator;
    if condition.values.is_empty() {
        return empty(condition, sink);
    }
    let (code, wanted) = match operator.base.test {
        Test::Bool | Test::Null => (&code::TYPE_MISMATCH_BOOLEAN, "`true` or `false`"),
        Test::Number(_) => (&code::TYPE_MISMATCH_NUMBER, "a number"),
        Test::Date(_) => (&code::TYPE_MISMATCH_DATE, "a date such as `2026-01-31` or `2026-01-31T12:00:00Z`"),
        Test::Address => (&code::TYPE_MISMATCH_IP_RANGE, "an address or a range such as `203.0.113.0/24`"),
        Test::Binary => (&code::TYPE_MISMATCH_STRING, "base64"),
        Test::Equal | Test::EqualIgnoringCase | Test::Like | Test::Arn => return,
    };
    // A variable under an operator that takes none is reported as such.
    let unreadable = |text: &str| !operator.reads(text) && !text.contains("${");
    for value in condition.values.iter().filter(|value| unreadable(value.text)) {
        let message = format!("{operator} cannot compare `{}`", plain(value.text));
        sink.add(code, value.span, message).help(format!("write {wanted}"));
    }
    if operator.base.test == Test::Bool && condition.values.len() > 1 {
        let message = format!("{operator} has several values");
        sink.add(&code::INVALID_CONDITION_MULTIPLE_BOOLEAN, condition.values_span, message).help("give it one");
    }
}

fn empty(condition: &Condition<'_>, sink: &mut Sink) {
    let name = plain(condition.name);
    let (code, holds) = match (condition.operator.if_exists, condition.operator.set) {
        (true, _) => (&code::EMPTY_ARRAY_CONDITION_IFEXISTS, "holds only for a request without the key"),
        (_, Some(Set::All)) => (&code::EMPTY_ARRAY_CONDITION_FORALLVALUES, "holds only for a request without the key"),
        (_, Some(Set::Any)) => (&code::EMPTY_ARRAY_CONDITION_FORANYVALUE, "never holds"),
        _ => (&code::EMPTY_ARRAY_CONDITION, "has nothing to compare with"),
    };
    let message = format!("the condition on `{name}` has no values, and {holds}");
    let help = "give it values; to ask whether a key is missing, use Null";
    sink.add(code, condition.values_span, message)
        .help(help)
        .rests_on(condition.operator.base.negated.then_some(Case::NoValues));
}

fn wildcards(condition: &Condition<'_>, sink: &mut Sink) {
    let test = condition.operator.base.test;
    if !matches!(test, Test::Equal | Test::EqualIgnoringCase) {
        return;
    }
    for value in condition.values.iter().filter(|value| has_wildcard(value.text)) {
        let message = format!("{} takes the wildcard in `{}` literally", condition.operator, plain(value.text));
        let like = condition.operator.base.name.replace("EqualsIgnoreCase", "Like").replace("Equals", "Like");
        let help = format!("use {like}, or `${{*}}` under it for a star that is meant");
        sink.add(&code::WILDCARD_WITHOUT_LIKE_OPERATOR, value.span, message).help(help);
    }
}

/// Whether `*` or `?` stands outside of variables.
fn has_wildcard(text: &str) -> bool {
    let mut outside = text.split("${").enumerate();
    outside.any(|(at, part)| {
        let part = if at == 0 { part } else { part.split_once('}').map_or("", |(_, after)| after) };
        part.contains(['*', '?'])
    })
}
