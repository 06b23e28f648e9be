//! Tags at launch, and sessions with tags: what several statements, or a whole one, make of them.

use policy::{Kind, plain};

use crate::code;
use crate::sink::Sink;
use crate::written::{Condition, Effect, Statement, Written};

/// Actions that tag what they make, if their request has tags.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
const LAUNCHES: &[&str] = &[
    "ecs:RunTask",
    "ecs:StartTask",
    "ecs:CreateService",
    "ecs:CreateTaskSet",
    "ecs:CreateCluster",
    "ecs:CreateCapacityProvider",
    "ecs:RegisterTaskDefinition",
    "ecs:RegisterContainerInstance",
];

pub(super) fn check(policy: &Written<'_>, sink: &mut Sink) {
    let allowing = || policy.statements.iter().filter(|statement| statement.effect == Some(Effect::Allow));
    for statement in allowing() {
        if policy.kind == Kind::Trust {
            session_tags(statement, sink);
        }
        if statement.names("ecs:TagResource") {
            not_forced(policy, statement, sink);
            retagging(policy, statement, sink);
        }
    }
}

/// Without tags in the request ECS never asks for ecs:TagResource, so a condition there cannot force one.
fn not_forced(policy: &Written<'_>, tagging: &Statement<'_>, sink: &mut Sink) {
    let Some(condition) = tagging.conditions.iter().find(|condition| condition.is_about_passed_tags()) else { return };
    let Some(launch) = LAUNCHES.iter().find(|launch| is_free(policy, launch)) else { return };
    let message = format!(
        "`{}` on ecs:TagResource does not force the tag: {launch} without tags needs no ecs:TagResource",
        plain(condition.name)
    );
    let help = format!("put the condition on {launch} as well");
    sink.add(&code::TAG_ON_CREATE_NOT_FORCED, condition.name_span, message).help(help);
}

/// Whether an action is allowed to a request without tags.
fn is_free(policy: &Written<'_>, action: &str) -> bool {
    let about = |effect| policy.statements.iter().filter(move |one| one.effect == Some(effect) && one.reaches(action));
    let is_request_tag = |condition: &&Condition<'_>| condition.is_about_passed_tags();
    let asks =
        |one: &Statement<'_>| one.conditions.iter().filter(is_request_tag).any(|condition| !condition.holds_without());
    let refuses = |one: &Statement<'_>| one.conditions.iter().filter(is_request_tag).any(Condition::holds_without);
    about(Effect::Allow).any(|one| !asks(one)) && !about(Effect::Deny).any(refuses)
}

/// A tag that is asked for at launch, and can be changed afterwards.
fn retagging(policy: &Written<'_>, tagging: &Statement<'_>, sink: &mut Sink) {
    // With IfExists or Null the condition also holds for tagging outside of a launch, which lacks the key.
    if tagging.conditions.iter().any(|condition| condition.head() == "ecs:createaction" && !condition.holds_without()) {
        return;
    }
    let is_governed = |statement: &&Statement<'_>| {
        let launches = LAUNCHES.iter().any(|launch| statement.names(launch));
        launches && statement.conditions.iter().any(|condition| condition.head() == "aws:requesttag")
    };
    if !policy.statements.iter().any(|statement| is_governed(&statement)) {
        return;
    }
    let items = tagging.actions.iter().filter(|item| item.text.eq_ignore_ascii_case("ecs:TagResource"));
    for item in items {
        let message = "this allows tags to be changed at any time, not only at launch";
        let help = "add a condition on `ecs:CreateAction`, which only tagging at launch carries";
        sink.add(&code::RETAGGING_ALLOWED, item.span, message).help(help);
    }
}

/// Session tags beat the role's own of the same key, in any letter case.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
fn session_tags(statement: &Statement<'_>, sink: &mut Sink) {
    let by_aws = statement.principal.iter().flat_map(|principal| &principal.names).any(|(sort, _)| *sort == "AWS");
    let limits = |condition: &Condition<'_>| matches!(condition.head().as_str(), "aws:requesttag" | "aws:tagkeys");
    if !by_aws || statement.conditions.iter().any(limits) {
        return;
    }
    let tags = |action: &catalog::Action| action.name() == "sts:TagSession";
    for item in statement.actions.iter().filter(|item| item.actions.iter().any(tags)) {
        let message = "the caller who assumes the role chooses its session tags, and they beat the role's own tags";
        let help = "add conditions on `aws:RequestTag/…` and `aws:TagKeys`, or leave sts:TagSession out";
        sink.add(&code::SESSION_TAGS_UNRESTRICTED, item.span, message).help(help);
    }
}
