//! A Deny that fires less often than it seems to.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html,
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html

use policy::operator::Set;
use policy::plain;

use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Statement};

pub(super) fn check(statement: &Statement<'_>, sink: &mut Sink) {
    if !statement.denies() {
        return;
    }
    several_tags(statement, sink);
    statement.conditions.iter().for_each(|condition| any_value(condition, sink));
}

/// Keys under one operator are joined by AND: a Deny by two missing tags spares a request that has one of them.
fn several_tags(statement: &Statement<'_>, sink: &mut Sink) {
    let heads = ["aws:requesttag", "aws:resourcetag", "s3:requestobjecttag", "s3:existingobjecttag"];
    let fires_without = |condition: &&Condition<'_>| {
        condition.holds_without() && condition.operator.set.is_none() && is_meant(condition)
    };
    let tags: Vec<_> = statement.on(&heads).filter(fires_without).collect();
    for (at, condition) in tags.iter().enumerate() {
        let is_beside = |other: &&&Condition<'_>| {
            other.operator_span == condition.operator_span && other.head() == condition.head()
        };
        let Some(first) = tags[..at].iter().find(is_beside) else { continue };
        // Said once, at the second of them.
        if tags[..at].iter().filter(is_beside).count() > 1 {
            continue;
        }
        let wrong = if condition.is_null() { "missing" } else { "wrong or missing" };
        let message = format!(
            "this denies only where both `{}` and `{}` are {wrong}: the keys under one operator are joined by AND",
            plain(first.name),
            plain(condition.name)
        );
        let help = "write a statement for each tag";
        sink.add(&code::DENY_NEEDS_EACH_TAG_WRONG, condition.name_span, message).help(help);
    }
}

/// Null, or a negated operator: what asks whether a tag is wrong.
fn is_meant(condition: &Condition<'_>) -> bool {
    condition.is_null() || condition.operator.base.negated
}

/// ForAnyValue with a negated operator holds as soon as one value is none of these, and not for a request without any,
/// unless IfExists says so.
fn any_value(condition: &Condition<'_>, sink: &mut Sink) {
    if condition.operator.set != Some(Set::Any) || !condition.operator.base.negated || condition.is_single() {
        return;
    }
    let without = if condition.operator.if_exists { "denies" } else { "spares" };
    let message = format!(
        "{} denies as soon as one value of `{}` is none of these, whatever the others are, and {without} a request without any",
        condition.operator,
        plain(condition.name)
    );
    let help =
        "that keeps other values out; to ask for one of these, deny under `ForAllValues:` with the same operator";
    sink.add(&code::DENY_FORANYVALUE_NEGATED, condition.operator_span, message).help(help);
}
