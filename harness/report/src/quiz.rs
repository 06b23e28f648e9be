//! A scenario as questions with one answer each: allowed or denied.

mod readme;
mod symptoms;

use matrix::{Cell, Outcome, Results};
use policy::trace::{Effect, Element, PolicyTrace, StatementTrace, Trace};
use source::escaped;

use crate::explanation;

pub use readme::{instead, story};
pub use symptoms::{Symptom, symptoms};

/// So many questions at most, unless a scenario has more options.
const MOST: usize = 14;
/// Policies that every account of an organisation has until others take their place.
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
const FROM_THE_START: [&str; 2] = ["FullAWSAccess", "RCPFullAWSAccess"];

/// The cells to ask about, a few of each option: first where it is decided for a reason that other options do not have, and
/// where the options differ. Cells that nobody decides, or that end in another error, are left out.
#[must_use]
pub fn questions(results: &Results) -> Vec<&Cell> {
    let each = if results.options.len() * 2 <= MOST { 2 } else { 1 };
    let of_option = |option: usize| {
        let mut cells: Vec<&Cell> = results.cells.iter().filter(|cell| cell.option == option).collect();
        cells.retain(|cell| is_allowed(cell).is_some());
        cells.sort_by_key(|cell| interest(results, cell));
        let first = cells.first().copied();
        // One more where the option does the opposite, unless all options have the same reason there.
        let is_common = |cell: &Cell| results.options.len() > 1 && interest(results, cell).0 == results.options.len();
        let is_other =
            |cell: &&Cell| first.is_some_and(|first| is_allowed(cell) != is_allowed(first)) && !is_common(cell);
        let other = cells.iter().copied().find(is_other);
        first.into_iter().chain(other).take(each)
    };
    (0..results.options.len()).flat_map(of_option).collect()
}

/// What is asked first is least: how many options have the reason of a cell, and then how many have its answer.
fn interest(results: &Results, cell: &Cell) -> (usize, usize) {
    let beside = (0..results.options.len()).filter_map(|option| results.cell(option, cell.caller, cell.request));
    let same = beside.clone().filter(|other| other.reason == cell.reason).count();
    (same, beside.filter(|other| is_allowed(other) == is_allowed(cell)).count())
}

/// The answer to a question. None: neither is true of the cell.
#[must_use]
pub fn is_allowed(cell: &Cell) -> Option<bool> {
    cell.recorded.as_ref()?;
    match cell.outcome {
        Outcome::Allowed => Some(true),
        Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied => Some(false),
        _ => None,
    }
}

/// What there is to know before an answer: the option with its policies, the caller, the request.
#[must_use]
pub fn question(results: &Results, cell: &Cell) -> String {
    let option = &results.options[cell.option];
    let [caller, request] = [&results.callers[cell.caller], &results.requests[cell.request]];
    let mut lines = vec![format!("Option    {}", option.name)];
    let changes = option.changes.iter().map(|change| format!("          {change}"));
    lines.extend(changes);
    let trace = cell.recorded.as_ref().and_then(|recorded| recorded.decision.trace.as_ref());
    lines.extend(trace.iter().flat_map(|trace| policies(trace)));
    lines.push(format!("Caller    {}: {}", caller.name, caller.what));
    lines.push(format!("Request   {}: {}", request.name, request.what));
    written(&lines)
}

/// What came out, why, and the page that says so.
#[must_use]
pub fn told(cell: &Cell, was_right: bool) -> String {
    let said = if was_right { "✓ Right" } else { "✗ Wrong" };
    let mut lines = vec![format!("{said}: {}", crate::reasons::outcome(&cell.outcome))];
    lines.push(format!("Reason    {}", cell.reason));
    if cell.outcome == Outcome::Allowed {
        lines.extend(denials_that_fail(cell));
    }
    let notes = cell.recorded.iter().flat_map(|recorded| recorded.decision.notes.iter());
    lines.extend(notes.map(|row| format!("Note      {row}")));
    lines.extend(cell.expectation.see.iter().map(|see| format!("Page      {see}")));
    written(&lines)
}

/// The Deny statements about the action that one of their conditions keeps from matching: why it is allowed all the same.
fn denials_that_fail(cell: &Cell) -> Vec<String> {
    let trace = cell.recorded.as_ref().and_then(|recorded| recorded.decision.trace.as_ref());
    let statements = trace.into_iter().flat_map(|trace| &trace.policies).flat_map(|policy| &policy.statements);
    let fails = |one: &&StatementTrace| one.effect == Effect::Deny && one.failed == Some(Element::Condition);
    let told = |one: &StatementTrace| {
        let failing = one.conditions.iter().find(|condition| !condition.holds)?;
        let name = one.sid.clone().unwrap_or_else(|| one.index.to_string());
        let condition = explanation::condition(failing);
        Some(format!("Deny      statement `{name}` does not match: {}", condition.trim_start_matches([' ', '✗'])))
    };
    statements.filter(fails).filter_map(told).collect()
}

fn written(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}\n", escaped(line))).collect()
}

fn policies(trace: &Trace) -> Vec<String> {
    let are_told = |policy: &&PolicyTrace| !FROM_THE_START.contains(&policy.name.as_str());
    trace.policies.iter().filter(are_told).flat_map(policy).collect()
}

/// A policy under its name, as people write it.
fn policy(policy: &PolicyTrace) -> Vec<String> {
    let level = policy.level.map(|level| format!(" (level {level})")).unwrap_or_default();
    let mut lines = vec![format!("Policy    {} {}{level}", policy.kind.words(), policy.name)];
    match policy.document() {
        Some(document) => lines.extend(crate::policies::json(&document).lines().map(|line| format!("  {line}"))),
        None => lines.push("          it cannot be shown as JSON; the scenario's folder has it".to_owned()),
    }
    lines
}
