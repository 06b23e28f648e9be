//! Conditions that the calls of an action cannot meet, or cannot help meeting, on one of the resources that each of
//! them needs.
//!
//! A call is allowed if it is allowed on every resource that it is checked on, and a key is in the request of one of
//! them as the reference lists it in that row. "Resource types indicated with an asterisk (*) are required": each call
//! is checked on one of that type.
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use catalog::{Action, Row};
use policy::wildcard::matches_action;
use policy::{Kind, plain};

use super::rows::{Reach, can_hold, carries, is_sure, names, turns_on_absence};
use super::{alternatives, split};
use crate::code;
use crate::glob::glob;
use crate::sink::Sink;
use crate::written::{ActionItem, Condition, Effect, Statement, Written};

/// A condition, and the rows of an action where that goes wrong.
struct Unmet<'s, 'a> {
    action: Action,
    condition: &'s Condition<'a>,
    /// Rows that every call needs, and that never carry the key.
    lacking: Vec<Row>,
    /// Rows that do.
    carrying: Vec<Row>,
}

pub(super) fn check(policy: &Written<'_>, reaches: &[Reach], sink: &mut Sink) {
    // The policy of a resource, or of a role, has a say on that one alone.
    if matches!(policy.kind, Kind::Resource | Kind::Trust) {
        return;
    }
    for (statement, reach) in policy.statements.iter().zip(reaches).filter(|(statement, _)| !statement.not_action) {
        for item in &statement.actions {
            let unmet = item.actions.iter().filter_map(|action| match statement.effect? {
                Effect::Allow => never_allowed(policy, reaches, statement, reach, *action),
                Effect::Deny => always_denied(statement, reach, *action),
            });
            let unmet: Vec<_> = unmet.collect();
            if !is_said(statement, reach, item, &unmet) {
                report(policy, statement, reach, item, &unmet, sink);
            }
        }
    }
}

/// Whether it is said already that a pattern of a Deny stands for actions that never carry the key.
fn is_said(statement: &Statement<'_>, reach: &Reach, item: &ActionItem<'_>, unmet: &[Unmet<'_, '_>]) -> bool {
    let Some(key) = unmet.first().and_then(|first| first.condition.key) else { return true };
    statement.effect == Some(Effect::Deny) && item.actions.iter().any(|action| !reach.carries(*action, key))
}

/// A condition that fails on a row that every call needs, where no other statement allows it.
fn never_allowed<'s, 'a>(
    policy: &Written<'_>,
    reaches: &[Reach],
    statement: &'s Statement<'a>,
    reach: &Reach,
    action: Action,
) -> Option<Unmet<'s, 'a>> {
    let met = rows(statement, reach, action)?;
    let fails = |row: Row| !statement.conditions.iter().all(|condition| can_hold(condition, row));
    let is_stuck = |row: &Row| !policy.statements.iter().zip(reaches).any(|(other, reach)| allows(other, reach, *row));
    let required = met.iter().copied().filter(|row| row.is_required() && fails(*row));
    let stuck: Vec<_> = required.filter(is_stuck).collect();
    statement.conditions.iter().find_map(|condition| {
        let (lacking, carrying) = sides(condition, &met, |row| stuck.contains(&row) && !can_hold(condition, row))?;
        Some(Unmet { action, condition, lacking, carrying })
    })
}

/// Whether a statement allows some request on a row.
pub(super) fn allows(statement: &Statement<'_>, reach: &Reach, row: Row) -> bool {
    let is_of = |item: &ActionItem<'_>| matches_action(&glob(item.text), row.action().name());
    statement.effect == Some(Effect::Allow)
        && statement.actions.iter().any(is_of) != statement.not_action
        && statement.conditions.iter().all(|condition| can_hold(condition, row))
        && reach.met(row.action()).contains(&row)
}

/// A condition that holds on a row that every call needs, whatever the call passes.
fn always_denied<'s, 'a>(statement: &'s Statement<'a>, reach: &Reach, action: Action) -> Option<Unmet<'s, 'a>> {
    let met = rows(statement, reach, action)?;
    let fires = |row| {
        let mut conditions = statement.conditions.iter();
        conditions.all(|condition| can_hold(condition, row) && !turns_on_absence(condition, row))
    };
    let mut missing = statement.conditions.iter().filter(|one| one.holds_without() && !statement.requires(one.name));
    missing.find_map(|condition| {
        let (lacking, carrying) = sides(condition, &met, |row| {
            row.is_required() && condition.key.is_some_and(|key| !carries(row, key)) && fires(row)
        })?;
        Some(Unmet { action, condition, lacking, carrying })
    })
}

/// The rows of an action that a statement is about, if they are several and a required one lacks some key.
fn rows(statement: &Statement<'_>, reach: &Reach, action: Action) -> Option<Vec<Row>> {
    let keys = || statement.conditions.iter().filter_map(|condition| condition.key);
    let lacks = |row: Row| row.is_required() && keys().any(|key| !row.carries(key));
    // A pattern may stand for all actions there are, and of most this is soon said.
    action.rows().nth(1)?;
    if !action.rows().any(lacks) {
        return None;
    }
    Some(reach.met(action)).filter(|met| met.len() > 1)
}

/// The rows where a condition goes wrong, and those that carry its key; nothing unless there are some of both.
fn sides(condition: &Condition<'_>, met: &[Row], is_wrong: impl Fn(Row) -> bool) -> Option<(Vec<Row>, Vec<Row>)> {
    let key = condition.key.filter(|_| is_sure(condition, met))?;
    let is_lacking = |row: &Row| alternatives::of(*row, met).into_iter().all(&is_wrong);
    let lacking: Vec<_> = met.iter().copied().filter(is_lacking).collect();
    let carrying: Vec<_> = met.iter().copied().filter(|row| carries(*row, key)).collect();
    (!lacking.is_empty() && !carrying.is_empty()).then_some((lacking, carrying))
}

fn report(
    policy: &Written<'_>,
    statement: &Statement<'_>,
    reach: &Reach,
    item: &ActionItem<'_>,
    unmet: &[Unmet<'_, '_>],
    sink: &mut Sink,
) {
    let Some(first) = unmet.first() else { return };
    let (code, end) = match statement.effect {
        Some(Effect::Deny) if statement.conditions.len() == 1 => {
            (&code::DENY_MET_ON_REQUIRED_RESOURCE, "this statement denies every call")
        }
        Some(Effect::Deny) => {
            (&code::DENY_MET_ON_REQUIRED_RESOURCE, "this statement denies every call that the other conditions fit")
        }
        _ => (&code::ALLOW_UNMET_ON_REQUIRED_RESOURCE, "this statement alone allows no call"),
    };
    let name = plain(first.condition.name);
    let (action, lacking) = (first.action.name(), names(first.lacking.iter().copied()));
    let message = match unmet.len() {
        1 => {
            let carrying = names(first.carrying.iter().copied());
            format!("{action} carries `{name}` on {carrying}, but not on {lacking}, which every call needs: {end}")
        }
        count => {
            let pattern = plain(item.text);
            format!(
                "{count} actions of `{pattern}` need a resource that never carries `{name}`, such as {action}, which needs \
                 {lacking}: {end} for them"
            )
        }
    };
    let service = first.action.service().prefix();
    let page = format!("https://docs.aws.amazon.com/service-authorization/latest/reference/list_{service}.html");
    let is_one = item.actions.len() == 1;
    let statements = is_one.then(|| split::statements(policy, statement, reach, item)).flatten();
    let to_meet = to_meet(statement, &reach.met(first.action));
    let help = match &statements {
        Some(statements) => format!("{}:\n{}", how(statement, to_meet.as_ref()), statements.join(",\n")),
        None if is_one => "name the resources that carry the key in a statement of their own".to_owned(),
        None => format!("name {action} and the others of its kind, and split the statement for each"),
    };
    let split = |statements| source::Edit::Split { span: statement.node.span, statements };
    let edit = statements.filter(|_| to_meet.is_none()).map(split);
    let open = first.condition.key.and_then(|key| first.lacking.iter().find_map(|row| row.left_open(key)));
    sink.add(code, first.condition.name_span, message).see(page).help(help).rests_on(open).edit(edit);
}

/// What a call has to do after the split, and not every call may have to: the condition, and the rows that carry its key.
type ToMeet<'s, 'a> = (&'s Condition<'a>, Vec<Row>);

/// A condition that the split leaves to rows on which not every call may have to meet it. AWS's own example asks for the
/// tag on instances and volumes, and not on the network interface, though each launch has one.
/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html, "Tag instances and volumes on creation with
/// specific tags"
fn to_meet<'s, 'a>(statement: &'s Statement<'a>, met: &[Row]) -> Option<ToMeet<'s, 'a>> {
    statement.conditions.iter().find_map(|condition| {
        let key = condition.key?;
        let carrying: Vec<_> = met.iter().copied().filter(|row| carries(*row, key)).collect();
        let is_split = carrying.len() < met.len();
        let is_open = carrying.iter().any(|row| !row.is_required()) || is_passed_by_type(condition, &carrying);
        (is_split && is_open).then_some((condition, carrying))
    })
}

/// EC2 gives a resource the tags of its own `TagSpecification` only: "ResourceType: The type of resource to tag on
/// creation". docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagSpecification.html
fn is_passed_by_type(condition: &Condition<'_>, carrying: &[Row]) -> bool {
    let is_of_ec2 = carrying.iter().all(|row| row.action().service().prefix() == "ec2");
    condition.is_about_passed_tags() && is_of_ec2 && carrying.len() > 1
}

fn how(statement: &Statement<'_>, to_meet: Option<&ToMeet<'_, '_>>) -> String {
    let Some((condition, carrying)) = to_meet else { return "split the statement".to_owned() };
    let types = names(carrying.iter().copied());
    let (has_to, need_not) = match condition.is_about_passed_tags() {
        true => (format!("a call has to tag what it makes of {types}"), "a call need not tag"),
        false => (format!("the condition has to hold on what a call has of {types}"), "need not meet it"),
    };
    let change = match statement.effect {
        Some(Effect::Deny) => "Leave out",
        _ => "Move to the statement without the condition",
    };
    format!("split the statement. With this split, {has_to}. {change} the types that {need_not}")
}
