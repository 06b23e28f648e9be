//! What meets a Deny: a request that it was not written against.

use super::change::{Change, Written};
use super::fix::variable;
use super::keys::{MendInput, TracedStatement, seen};
use super::search::{Rank, Step};
use super::values::fitting;
use crate::condition::Condition;
use crate::document::{Effect, Items, Text};
use crate::reason::{condition, label};
use crate::trace::{ConditionTrace, Flag};
use crate::undocumented::Notes;
use crate::words::plain;
use crate::{Context, Kind};

/// What spares the request from the first Deny that matches: passed tags, tags of the caller, tags of the resource, other
/// keys, and only then a change to the statement.
pub(super) fn steps(input: &MendInput<'_>) -> Vec<Step> {
    let all = Kind::ALL.into_iter().flat_map(|kind| seen(input.trace, kind, None));
    let Some(deny) = all.into_iter().find(|one| one.statement.matched && one.statement.effect == Effect::Deny) else {
        return Vec::new();
    };
    let Some(statement) = deny.compiled() else { return Vec::new() };
    let mut conditions: Vec<_> = statement.conditions.iter().zip(&deny.statement.conditions).collect();
    conditions.sort_by_key(|(condition, _)| input.about(&condition.key));
    let mut steps: Vec<_> =
        conditions.into_iter().filter_map(|(condition, told)| meet(input, &deny, condition, told)).collect();
    steps.extend(leave_out(input, &deny));
    steps
}

/// The key given so that one condition does not hold any more.
fn meet(
    input: &MendInput<'_>,
    deny: &TracedStatement<'_>,
    condition: &Condition,
    told: &ConditionTrace,
) -> Option<Step> {
    let context = &input.request.context;
    let is_met = |context: &Context| !condition.evaluate(context, &mut Notes::default()).holds;
    let label = label(deny.policy, deny.statement);
    let because = format!("{label} denies while {} holds", condition::wanted(told));
    let by_key = || {
        let value = fitting(input, context, &condition.key, &[condition], is_met)?;
        let says = format!("{}: {because}", input.way(&condition.key, value.as_ref()));
        let is_new = context.get(&condition.key).is_none();
        Some((says, input.with_what_follows(&condition.key, value), is_new))
    };
    let by_variable = || {
        let found = variable(input, &condition.texts, input.values(&condition.key).first()?, &is_met)?;
        Some((format!("{}: {because}", found.says), found.keys, true))
    };
    let by_key = input.can_set(&condition.key).then(by_key).flatten();
    let by_variable = || told.has(Flag::VariableWithoutValue).then(by_variable).flatten();
    let (says, keys, only_adds) = by_key.or_else(by_variable)?;
    Some(Step { says, blocker: blocker(&label), changes: vec![Change::Keys(keys)], rank: Rank::Request, only_adds })
}

fn blocker(label: &str) -> String {
    format!("{label} denies")
}

/// The statement without this action on this resource, where it tells nothing apart: see [`super`].
fn leave_out(input: &MendInput<'_>, deny: &TracedStatement<'_>) -> Option<Step> {
    let (action, resource) = (&input.request.action, &input.request.resource);
    let is_blind = |told: &ConditionTrace| told.has(Flag::NeverCarried) && input.carries(&told.key) == Some(false);
    let conditions = &deny.statement.conditions;
    if conditions.is_empty() || !conditions.iter().all(is_blind) || resource.contains(['*', '?', '$']) {
        return None;
    }
    let mut statement = deny.compiled()?.written();
    let names_this_alone = !statement.actions.not
        && matches!(statement.actions.texts.as_slice(), [only] if only.text.eq_ignore_ascii_case(action));
    if !names_this_alone || !statement.can_be_written() {
        return None;
    }
    statement.resources = Some(without(statement.resources?, resource)?);
    let label = label(deny.policy, deny.statement);
    let mut keys: Vec<_> = conditions.iter().map(|told| plain(&told.key)).collect();
    keys.dedup();
    let says = format!(
        "leave {} out of {label}: {} never carries {} there, so the statement denies every such request",
        plain(resource),
        plain(action),
        keys.join(" or "),
    );
    let change = Change::Statement {
        at: deny.place.clone(),
        replaces: Some(deny.statement.index),
        statement: Written(statement),
    };
    Some(Step { says, blocker: blocker(&label), changes: vec![change], rank: Rank::Deny, only_adds: false })
}

/// The resources without one, if they can be written so that no other is left out.
fn without(mut resources: Items, resource: &str) -> Option<Items> {
    let is_all = !resources.not && matches!(resources.texts.as_slice(), [one] if one.text == "*");
    match resources.not {
        true => resources.texts.push(Text::from(resource)),
        false if is_all => resources = Items { not: true, texts: vec![Text::from(resource)] },
        false => {
            let before = resources.texts.len();
            resources.texts.retain(|text| text.text != resource);
            if resources.texts.len() == before || resources.texts.is_empty() {
                return None;
            }
        }
    }
    Some(resources)
}
