//! Why a cell came out as it did, and how a task ended, by codes.

use matrix::{Cell, Outcome, TaskRun};
use policy::Verdict;

use crate::reasons::{is_surprising, printed};

/// Why it was not simply allowed: what was answered, and the decision behind it. `None` for a plain Allow.
pub(crate) fn reason(cell: &Cell) -> Option<Vec<String>> {
    if cell.outcome == Outcome::Allowed && !is_surprising(cell) {
        return None;
    }
    let recorded = cell.recorded.as_ref();
    let is_denied = recorded.is_some_and(|recorded| recorded.decision.verdict != Verdict::Allowed);
    let mut lines: Vec<String> = answer(cell, is_denied).into_iter().collect();
    // Of an error, that it was authorised is no news.
    let says_why = is_denied || cell.outcome == Outcome::Allowed;
    lines.extend(
        recorded.filter(|_| says_why).map(|recorded| recorded.decision.codes(&recorded.request)).unwrap_or_default(),
    );
    Some(lines.iter().map(|line| matrix::normal(line)).collect())
}

/// What was answered, where the decision alone does not say it.
fn answer(cell: &Cell, is_denied: bool) -> Option<String> {
    match &cell.outcome {
        Outcome::NotStarted { call, code, .. } => Some(format!("{call} {code}")),
        Outcome::NoCredentials { .. } => Some("no-credentials".to_owned()),
        Outcome::NotAdmitted { code, .. } => Some(format!("broker {code}")),
        Outcome::CommandFailed { .. } => cell.task.as_ref().map(end),
        Outcome::NotSetUp { code, .. } => Some(format!("not-set-up {code}")),
        Outcome::Error { status, code, .. } => Some(format!("{status} {code}")),
        // AWS does not tell a caller who may not list that an object is missing.
        Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied if !is_denied => Some("not-revealed".to_owned()),
        Outcome::Allowed | Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied => None,
        Outcome::Unsupported { .. } | Outcome::NotRun { .. } => None,
    }
}

/// How a task ended, and what its container printed.
pub(crate) fn task(task: &TaskRun) -> Vec<String> {
    let output = printed(&task.output).into_iter().map(|line| format!("| {line}"));
    std::iter::once(end(task)).chain(output).collect()
}

/// `exit 1 EssentialContainerExited`
fn end(task: &TaskRun) -> String {
    let code = task.exit_code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    format!("exit {code} {}", task.stop_code)
}
