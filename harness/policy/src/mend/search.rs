//! The search for changes that turn a denial.

use super::change::Change;
use super::keys::MendInput;
use super::{Mend, allow, deny};
use crate::compile::Statement;
use crate::document::Effect;
use crate::trace::{Trace, Word};
use crate::{ContextValue, Decision, Kind, Policies, Request, Verdict, Vocabulary, explain};

/// Mends of one decision; more would hide the best.
const MOST_MENDS: usize = 4;
/// Things in the way of one request that are still told of.
const MOST_STEPS: usize = 4;
/// Decisions made for one search. A policy may have any number of statements that come near.
const MOST_TRIES: usize = 64;
/// Texts of policies that are gone through in one search: fewer tries are made of huge policies.
const MOST_TEXTS: usize = 400_000;
/// Bytes of a request's keys and values; a longer one is no request of AWS, and is not mended.
const LONGEST_REQUEST: usize = 64 << 10;

/// Changes that clear one thing out of the way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// What to do, with the statement that calls for it.
    pub(super) says: String,
    /// What stands in the way.
    pub(super) blocker: String,
    pub(super) changes: Vec<Change>,
    pub(super) rank: Rank,
    /// Whether it only adds what is missing.
    pub(super) only_adds: bool,
}

/// How much of the guard is left, most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The request or a tag changes; policies stay.
    Request,
    /// An Allow changes, or one is added.
    Allow,
    /// A Deny changes.
    Deny,
}

pub(super) fn mends(decision: &Decision, trace: &Trace, request: &Request, vocabulary: &dyn Vocabulary) -> Vec<Mend> {
    if length(request) > LONGEST_REQUEST {
        return Vec::new();
    }
    let mut search = Search { vocabulary, tries: MOST_TRIES.min(MOST_TEXTS / texts(trace).max(1)) };
    let mut found: Vec<Vec<Step>> = Vec::new();
    for step in steps(decision, trace, request, vocabulary) {
        let Some(after) = search.progress(&trace.asked, request, decision, &step) else { continue };
        let Some(more) = search.finish(after, MOST_STEPS - 1) else { continue };
        let all: Vec<_> = std::iter::once(step).chain(more).collect();
        let needed = search.needed(all, &trace.asked, request);
        let changes = |steps: &[Step]| steps.iter().flat_map(|step| step.changes.clone()).collect::<Vec<_>>();
        if found.iter().all(|other| changes(other) != changes(&needed)) {
            found.push(needed);
        }
    }
    found.sort_by_key(|steps| (steps.iter().map(|step| step.rank).max(), steps.len()));
    found.truncate(MOST_MENDS);
    found.into_iter().map(mend).collect()
}

fn mend(steps: Vec<Step>) -> Mend {
    let is_evident = steps.len() == 1 && steps.iter().all(|step| step.only_adds && step.rank != Rank::Deny);
    let says: Vec<_> = steps.iter().map(|step| step.says.as_str()).collect();
    let says = match steps.as_slice() {
        [_] => says.concat(),
        many => {
            let blockers: Vec<_> = many.iter().map(|step| step.blocker.as_str()).collect();
            let (count, all) =
                [("two", "both"), ("three", "all three"), ("four", "all four")][many.len().clamp(2, 4) - 2];
            let (blockers, says) = (blockers.join(", and "), says.join("; and "));
            format!("{count} things stand in the way: {blockers}. To change {all}: {says}")
        }
    };
    Mend { says, changes: steps.into_iter().flat_map(|step| step.changes).collect(), is_evident }
}

/// What clears the first thing out of the way, the best first.
fn steps(decision: &Decision, trace: &Trace, request: &Request, vocabulary: &dyn Vocabulary) -> Vec<Step> {
    let input = MendInput { trace, request, vocabulary };
    match decision.verdict {
        Verdict::Allowed => Vec::new(),
        Verdict::ExplicitlyDenied => deny::steps(&input),
        Verdict::ImplicitlyDenied => {
            let kind = decision.by.iter().next();
            let level = kind.and_then(|kind| silent_levels(kind, trace).next());
            kind.map(|kind| allow::steps(&input, kind, level)).unwrap_or_default()
        }
    }
}

struct Search<'a> {
    vocabulary: &'a dyn Vocabulary,
    /// How many are left.
    tries: usize,
}

/// Policies and a request after some changes, decided.
struct State {
    policies: Policies,
    request: Request,
    decision: Decision,
}

impl Search<'_> {
    /// What is left to do for leave: the first way found. `None` if none is.
    fn finish(&mut self, state: State, depth: usize) -> Option<Vec<Step>> {
        if state.decision.verdict == Verdict::Allowed {
            return Some(Vec::new());
        }
        let trace = state.decision.trace.as_ref().filter(|_| depth > 0)?;
        for step in steps(&state.decision, trace, &state.request, self.vocabulary) {
            let Some(after) = self.progress(&state.policies, &state.request, &state.decision, &step) else { continue };
            if let Some(more) = self.finish(after, depth - 1) {
                return Some(std::iter::once(step).chain(more).collect());
            }
        }
        None
    }

    /// What becomes of it, if less stands in the way than before.
    fn progress(&mut self, policies: &Policies, request: &Request, before: &Decision, step: &Step) -> Option<State> {
        let after = self.try_out(policies, request, &step.changes)?;
        (in_the_way(&after.decision) < in_the_way(before)).then_some(after)
    }

    fn try_out(&mut self, policies: &Policies, request: &Request, changes: &[Change]) -> Option<State> {
        self.tries = self.tries.checked_sub(1)?;
        let (mut policies, mut request) = (policies.clone(), request.clone());
        changes.iter().for_each(|change| change.apply(&mut policies, &mut request));
        let decision = explain(&policies, &request, self.vocabulary);
        Some(State { policies, request, decision })
    }

    /// Leaves out what a later step has made needless.
    fn needed(&mut self, mut steps: Vec<Step>, policies: &Policies, request: &Request) -> Vec<Step> {
        let mut at = 0;
        while steps.len() > 1 && at < steps.len() {
            let mut fewer = steps.clone();
            fewer.remove(at);
            let changes: Vec<_> = fewer.iter().flat_map(|step| step.changes.clone()).collect();
            let turned = self.try_out(policies, request, &changes);
            match turned.is_some_and(|state| state.decision.verdict == Verdict::Allowed) {
                true => steps = fewer,
                false => at += 1,
            }
        }
        steps
    }
}

fn length(request: &Request) -> usize {
    let values = |value: &ContextValue| match value {
        ContextValue::One(value) => value.len(),
        ContextValue::Many(values) => values.iter().map(|value| value.len() + 1).sum(),
    };
    request.context.iter().map(|(key, value)| key.len() + values(value)).sum()
}

/// How many texts the statements of all policies have.
fn texts(trace: &Trace) -> usize {
    let statements = trace.policies.iter().flat_map(|policy| policy.policy.statements());
    let count = |statement: &Statement| {
        let conditions: usize = statement.conditions.iter().map(|condition| 1 + condition.texts.len()).sum();
        let resources = statement.resources.as_ref().map_or(0, |resources| resources.texts.len());
        1 + statement.actions.texts.len() + resources + conditions
    };
    statements.map(count).sum()
}

/// How many statements deny, and how many kinds and levels do not allow.
fn in_the_way(decision: &Decision) -> (usize, usize) {
    let Some(trace) = &decision.trace else { return (0, 0) };
    let statements = trace.policies.iter().flat_map(|policy| &policy.statements);
    let denies = statements.filter(|statement| statement.matched && statement.effect == Effect::Deny).count();
    let silent = |kind| silent_levels(kind, trace).count().max(1);
    let missing = match decision.verdict {
        Verdict::ImplicitlyDenied => decision.by.iter().map(silent).sum(),
        _ => 0,
    };
    (denies, missing)
}

/// The levels of the organisation where no policy allows, the root first; of another kind none.
fn silent_levels(kind: Kind, trace: &Trace) -> impl Iterator<Item = usize> {
    let levels = match kind {
        Kind::ServiceControl => trace.asked.service_control.len(),
        Kind::ResourceControl => trace.asked.resource_control.len(),
        _ => 0,
    };
    let allows = move |level| {
        let mut there = trace.policies.iter().filter(|policy| policy.kind == kind && policy.level == Some(level));
        there.any(|policy| policy.word == Word::Allows)
    };
    (0..levels).filter(move |&level| !allows(level))
}
