//! Every action but a few, by a tag that many of them never carry.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, … NotAction with unsupported tag
//! condition key for service

use std::collections::HashSet;

use catalog::{Action, Row, Service};
use policy::{Kind, plain};

use super::meet::is_anything;
use super::rows::can_hold;
use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Statement};

pub(super) fn check(kind: Kind, statement: &Statement<'_>, sink: &mut Sink) {
    if !statement.not_action {
        return;
    }
    if matches!(kind, Kind::Identity | Kind::Boundary | Kind::Session | Kind::ServiceControl) {
        reaches_others(statement, sink);
    }
    for condition in statement.on(&["aws:resourcetag"]).filter(|condition| !condition.holds_without()) {
        let name = plain(condition.name);
        let (code, message) = if statement.denies() {
            let message = format!("this denies no action whose requests never carry `{name}`");
            (&code::DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE, message)
        } else if statement.allows() {
            let message = format!("this allows no action whose requests never carry `{name}`");
            (&code::ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE, message)
        } else {
            return;
        };
        sink.add(code, condition.name_span, message).help("list the actions in Action that are meant");
    }
}

/// A Deny that holds where a tag is missing: meant for what can have the tag, it denies everything else as well.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html: "If the key that you
/// specify in a policy condition is not present in the request context, the values do not match", and negated ones do
fn reaches_others(statement: &Statement<'_>, sink: &mut Sink) {
    let is_about_everything = !statement.not_resource && statement.resources.iter().any(|one| is_anything(one.text));
    if !statement.denies() || !is_about_everything || statement.actions.iter().any(|item| !item.is_known) {
        return;
    }
    let fires = |condition: &&Condition<'_>| {
        condition.is_about_tags()
            && condition.holds_without()
            && condition.operator.set.is_none()
            && !statement.requires(condition.name)
    };
    let listed = || -> HashSet<&str> {
        statement.actions.iter().flat_map(|item| item.actions.iter().map(|action| action.name())).collect()
    };
    let Some(listed) = statement.conditions.iter().find(fires).map(|_| listed()) else { return };
    let is_denied = |row: Row| statement.conditions.iter().all(|condition| can_hold(condition, row));
    for condition in statement.conditions.iter().filter(fires) {
        let Some(key) = condition.key.filter(|key| !key.is_of_every_request()) else { continue };
        let lacks = |action: &Action| {
            !listed.contains(action.name()) && action.never_carries(key) && action.rows().any(is_denied)
        };
        let Some(example) = catalog::services().flat_map(Service::actions).find(lacks) else { continue };
        let message = format!(
            "of all actions but those listed, many never carry `{}`, such as {}: {}",
            plain(condition.name),
            example.name(),
            // Beside other conditions this one alone denies nothing.
            if statement.conditions.len() == 1 {
                "it always denies them"
            } else {
                "for them this condition always holds"
            }
        );
        sink.add(&code::DENY_WITHOUT_KEY, condition.name_span, message)
            .help("list the actions in Action that are meant");
    }
}
