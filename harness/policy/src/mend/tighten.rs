//! An Allow that holds only because a key is missing, made to ask for the key.

use super::Mend;
use super::change::{Change, Written};
use super::keys::{TracedStatement, seen};
use crate::document::{Condition, Effect, Text};
use crate::operator::{Operator, Test};
use crate::reason::{label, vacuous};
use crate::trace::Trace;
use crate::words::plain;
use crate::{Decision, Request, Verdict, decide};

/// "Include the Null condition operator in the policy with a false value" to ask that the key be there.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
pub(super) fn mends(decision: &Decision, trace: &Trace, request: &Request) -> Vec<Mend> {
    let granting = decision.by.iter().flat_map(|kind| seen(trace, kind, None));
    let granting: Vec<_> =
        granting.filter(|one| one.statement.matched && one.statement.effect == Effect::Allow).collect();
    let guarded: Option<Vec<_>> = granting.iter().map(guarded).collect();
    let Some(guarded) = guarded.filter(|all| !all.is_empty()) else { return Vec::new() };
    let (said, changes): (Vec<_>, Vec<_>) = guarded.into_iter().unzip();
    let (mut policies, mut without) = (trace.asked.clone(), request.clone());
    changes.iter().for_each(|change: &Change| change.apply(&mut policies, &mut without));
    if decide(&policies, &without).verdict == Verdict::Allowed {
        return Vec::new();
    }
    let says = format!("add {}, so that a request without the key does not match", said.join(" and "));
    vec![Mend { says, changes, is_evident: true }]
}

/// The statement with the key asked for. `None` if it does not hold because of a missing key, or asks already.
fn guarded(seen: &TracedStatement<'_>) -> Option<(String, Change)> {
    let condition = vacuous(seen.statement).next()?;
    let null = Operator::parse("Null")?;
    let mut statement = seen.compiled()?.written();
    let asks =
        |one: &Condition| one.operator.base.test == Test::Null && one.key.text.eq_ignore_ascii_case(&condition.key);
    if statement.conditions.iter().any(asks) {
        return None;
    }
    let (key, values) = (Text::from(condition.key.as_str()), vec![Text::from("false")]);
    statement.conditions.push(Condition { operator: null, key, values });
    let says = format!("Null {} = false to {}", plain(&condition.key), label(seen.policy, seen.statement));
    let change = Change::Statement {
        at: seen.place.clone(),
        replaces: Some(seen.statement.index),
        statement: statement.can_be_written().then_some(Written(statement))?,
    };
    Some((says, change))
}
