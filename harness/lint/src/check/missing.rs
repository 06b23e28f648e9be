//! Conditions that hold, or do not, because a key is missing.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

use catalog::Access;
use policy::operator::{Set, Test};
use policy::plain;

use super::rows::{Reach, is_placed};
use crate::code;
use crate::edits;
use crate::sink::Sink;
use crate::written::{Condition, Effect, Statement, Text, Written};

pub(super) fn check(policy: &Written<'_>, statement: &Statement<'_>, reach: &Reach, sink: &mut Sink) {
    for condition in &statement.conditions {
        match statement.effect {
            Some(Effect::Allow) => allow(statement, reach, condition, sink),
            Some(Effect::Deny) => deny(policy, statement, reach, condition, sink),
            None => {}
        }
    }
}

fn allow(statement: &Statement<'_>, reach: &Reach, condition: &Condition<'_>, sink: &mut Sink) {
    let name = plain(condition.name);
    if condition.is_null() {
        return any_value(statement, condition, sink);
    }
    if !condition.holds_without() || is_there(statement, condition) || is_meant(condition) {
        return;
    }
    if is_never_carried(statement, reach, condition) {
        return;
    }
    let help = format!("add `\"Null\": {{\"{name}\": \"false\"}}` to the Condition, unless that is meant");
    if condition.operator.set == Some(Set::All) {
        // The set operator itself is reported there.
        if condition.is_single() {
            return;
        }
        let message = format!("{} holds for a request without `{name}`: this allows it", condition.operator);
        sink.add(&code::FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK, condition.operator_span, message).help(help);
    } else {
        let message = format!("{} holds for a request without `{name}`: this allows it", condition.operator);
        sink.add(&code::ALLOW_WITHOUT_KEY, condition.operator_span, message).help(help);
    }
}

/// IfExists says what is to become of a missing key. Of tags and of multi-factor authentication it is
/// often thought to say the opposite.
fn is_meant(condition: &Condition<'_>) -> bool {
    let is_positive = condition.operator.if_exists && !condition.operator.base.negated;
    is_positive && !condition.is_about_tags() && condition.head() != "aws:multifactorauthpresent"
}

/// Whether every request that gets past the rest of the statement carries the key.
fn is_there(statement: &Statement<'_>, condition: &Condition<'_>) -> bool {
    let head = condition.head();
    let of_actions = || {
        let mut actions = statement.actions.iter().flat_map(|item| item.actions.iter());
        // Tagging without a tag is no tagging.
        let tags = head == "aws:tagkeys" && actions.all(|action| action.access() == Access::Tagging);
        tags && !statement.not_action
    };
    ALWAYS.contains(&head.as_str())
        || statement.requires(condition.name)
        || of_actions()
        || is_used(statement, condition)
        || {
            // A tag asked for brings its key into the list of tag keys.
            let tag = match head.as_str() {
                "aws:tagkeys" => "aws:requesttag",
                "s3:requestobjecttagkeys" => "s3:requestobjecttag",
                _ => return false,
            };
            statement.conditions.iter().any(|other| other.head() == tag && !other.holds_without())
        }
}

/// Whether the key stands as a variable where nothing matches without its value.
fn is_used(statement: &Statement<'_>, condition: &Condition<'_>) -> bool {
    let variable = format!("${{{}}}", condition.name.to_lowercase());
    let uses = |text: &Text<'_>| text.text.to_lowercase().contains(&variable);
    let by_resources =
        !statement.resources.is_empty() && !statement.not_resource && statement.resources.iter().all(uses);
    let requiring = statement.conditions.iter().filter(|other| !other.holds_without());
    by_resources || requiring.into_iter().any(|other| !other.values.is_empty() && other.values.iter().all(uses))
}

/// Keys that every signed request carries, and kms:GrantOperations, which kms:CreateGrant must have.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, Availability;
/// docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
const ALWAYS: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:userid",
    "aws:viaawsservice",
    "kms:grantoperations",
];

/// `Null: false` as the only condition on a tag.
fn any_value(statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let asks =
        !condition.holds_without() && matches!(condition.head().as_str(), "aws:requesttag" | "s3:requestobjecttag");
    let same = |other: &&Condition<'_>| other.name.eq_ignore_ascii_case(condition.name);
    if asks && statement.conditions.iter().filter(same).count() == 1 {
        let message = format!("this asks that `{}` be there, and takes any value of it", plain(condition.name));
        let help = "add a condition on its value, unless any will do";
        sink.add(&code::ALLOW_ANY_VALUE, condition.span(), message).help(help);
    }
}

fn deny(policy: &Written<'_>, statement: &Statement<'_>, reach: &Reach, condition: &Condition<'_>, sink: &mut Sink) {
    let name = plain(condition.name);
    if condition.is_null() {
        return;
    }
    without_mfa(policy, statement, condition, sink);
    let is_vacuous = condition.operator.set == Some(Set::All) && !condition.operator.if_exists;
    let is_said = is_outside(condition) || is_never_carried(statement, reach, condition);
    if is_vacuous && !condition.is_single() && !is_there(statement, condition) && !is_said {
        let message = format!("{} holds for a request without `{name}`: this denies it", condition.operator);
        let help = format!("add `\"Null\": {{\"{name}\": \"false\"}}` to the Condition, unless that is meant");
        sink.add(&code::FORALLVALUES_DENY_WITHOUT_NULL_CHECK, condition.operator_span, message).help(help);
    }
    // What ForAnyValue makes of several values is reported there.
    let is_escaped = is_of_request(condition) && !condition.holds_without() && condition.operator.set != Some(Set::Any);
    let opened = is_of_request(condition) && condition.holds_without() && is_opened(statement, condition);
    if !(is_escaped || opened) || !can_carry(statement, reach, condition) || is_denied_without(policy, condition) {
        return;
    }
    let message = match opened {
        true => format!("a request without `{name}` escapes this Deny, since Null asks that it be there"),
        false => format!("a request without `{name}` escapes this Deny"),
    };
    let help = match opened {
        true => format!("if the tag is to be forced, leave `\"Null\": {{\"{name}\": \"false\"}}` out"),
        false => format!("if the tag is to be forced, also deny under `\"Null\": {{\"{name}\": \"true\"}}`"),
    };
    sink.add(&code::DENY_MISSES_UNTAGGED, condition.operator_span, message).help(help);
}

/// Whether a request without the key is one of those that a Deny of all others is meant for: a direct call, or a caller or
/// a resource outside of every organisation. AWS's own examples deny so.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_resource_account_data_exch.html,
/// docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html,
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
fn is_outside(condition: &Condition<'_>) -> bool {
    let keys = ["aws:calledvia", "aws:principalorgpaths", "aws:resourceorgpaths"];
    condition.operator.base.negated && keys.contains(&condition.head().as_str())
}

/// "This statement does not deny access to requests that are made using long-term credentials."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
fn without_mfa(policy: &Written<'_>, statement: &Statement<'_>, condition: &Condition<'_>, sink: &mut Sink) {
    let is_about_mfa = condition.head() == "aws:multifactorauthpresent" && condition.operator.base.test == Test::Bool;
    let asks_false =
        !condition.values.is_empty() && condition.values.iter().all(|value| value.text.eq_ignore_ascii_case("false"));
    // Null beside it, and a key that only temporary credentials carry, leave the others out on purpose.
    let is_meant = statement.conditions.iter().any(|other| other.is_null() && other.head() == condition.head())
        || statement.requires("aws:TokenIssueTime");
    if !is_about_mfa || !asks_false || condition.holds_without() || is_meant || is_denied_without(policy, condition) {
        return;
    }
    let name = plain(condition.name);
    let message = format!("a request with long-term credentials has no `{name}` and escapes this Deny");
    // "Recommended Combination", which can break scripts with access keys, the page also says
    let help = "write `BoolIfExists`, which also denies requests with access keys";
    let edit = edits::operator(statement, condition, "BoolIfExists");
    sink.add(&code::DENY_MISSES_LONG_TERM_CREDENTIALS, condition.operator_span, message).help(help).edit(edit);
}

/// Whether Null beside a condition takes away the requests without the key.
fn is_opened(statement: &Statement<'_>, condition: &Condition<'_>) -> bool {
    let opens = |other: &&Condition<'_>| other.is_null() && !other.holds_without();
    let same = |other: &Condition<'_>| other.name.eq_ignore_ascii_case(condition.name);
    condition.operator.set.is_none() && statement.conditions.iter().filter(opens).any(same)
}

fn is_of_request(condition: &Condition<'_>) -> bool {
    matches!(
        condition.head().as_str(),
        "aws:requesttag" | "aws:tagkeys" | "s3:requestobjecttag" | "s3:requestobjecttagkeys"
    )
}

/// Whether no request that the statement is about carries the key: then that is said, and not what follows from it.
fn is_never_carried(statement: &Statement<'_>, reach: &Reach, condition: &Condition<'_>) -> bool {
    let is_placed = condition.key.is_some_and(|key| !key.is_of_every_request() && is_placed(key));
    let is_known = statement.actions.iter().any(|item| !item.actions.is_empty());
    is_placed && is_known && !can_carry(statement, reach, condition)
}

/// Where no request carries the key, that is said instead.
fn can_carry(statement: &Statement<'_>, reach: &Reach, condition: &Condition<'_>) -> bool {
    let Some(key) = condition.key else { return false };
    let mut actions = statement.actions.iter().flat_map(|item| item.actions.iter());
    statement.not_action || actions.any(|action| reach.carries(*action, key))
}

/// Whether another statement denies requests without the key.
fn is_denied_without(policy: &Written<'_>, condition: &Condition<'_>) -> bool {
    let denies = |statement: &&Statement<'_>| statement.effect == Some(Effect::Deny);
    policy.statements.iter().filter(denies).any(|statement| {
        let fires = |other: &Condition<'_>| other.name.eq_ignore_ascii_case(condition.name) && other.holds_without();
        !is_opened(statement, condition) && statement.conditions.iter().any(fires)
    })
}
