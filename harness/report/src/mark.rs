//! One mark per outcome, one more for how it compares with what was expected, and what they mean.

use scenario::{Cell, Fidelity, Outcome, Results};

/// The marks with their meaning, in the order of the legend.
const LEGEND: [(&str, &str); 8] = [
    ("✓", "allowed"),
    ("·", "denied: nothing allows it"),
    ("✗", "denied: a Deny statement matches"),
    ("?", "let through, and there is no such object (404)"),
    ("○", "the caller could not be started"),
    ("!", "another error"),
    ("∅", "cannot be expressed on this backend"),
    ("-", "not run"),
];

/// A denial by an emulator: it may not say why.
const UNTOLD: &str = "denied, without a word of a Deny statement";

/// What follows the mark of a cell of a bare run, with its meaning.
const CLASSES: [(&str, &str); 3] = [
    ("▲", "after a mark: fail-open, let through where AWS refuses"),
    ("▽", "after a mark: fail-closed, refused where AWS lets through"),
    ("!", "after a mark: another answer than AWS's"),
];

/// The mark of an outcome: one column wide.
#[must_use]
pub fn mark(outcome: &Outcome) -> &'static str {
    let at = match outcome {
        Outcome::Allowed => 0,
        Outcome::ImplicitlyDenied => 1,
        Outcome::ExplicitlyDenied => 2,
        Outcome::Error { status: 404, .. } => 3,
        Outcome::NotStarted { .. } => 4,
        Outcome::Error { .. } => 5,
        Outcome::Unsupported { .. } => 6,
        Outcome::NotRun { .. } => 7,
    };
    LEGEND[at].0
}

/// A cell as the table shows it: its mark, and what follows it where it is not as expected.
pub(crate) fn shown(results: &Results, cell: &Cell) -> String {
    let after = match (&results.bare, cell.fidelity()) {
        (None, _) if cell.ok || cell.outcome.why_not_run().is_some() => "",
        (None, _) => "*",
        (Some(_), fidelity) => class(&cell.outcome, fidelity),
    };
    format!("{}{after}", mark(&cell.outcome))
}

fn class(outcome: &Outcome, fidelity: Fidelity) -> &'static str {
    match fidelity {
        Fidelity::FailOpen => CLASSES[0].0,
        Fidelity::FailClosed => CLASSES[1].0,
        // The mark of an error needs no second one.
        Fidelity::Error if mark(outcome) != LEGEND[5].0 => CLASSES[2].0,
        Fidelity::Error | Fidelity::Unsupported | Fidelity::Match => "",
    }
}

/// The lines of the legend for what occurs.
pub(crate) fn legend(results: &Results) -> Vec<String> {
    let seen: std::collections::HashSet<&str> = results.cells.iter().map(|cell| mark(&cell.outcome)).collect();
    let used = LEGEND.iter().filter(|(mark, _)| seen.contains(mark)).map(|&(mark, meaning)| match results.bare {
        Some(_) if mark == LEGEND[1].0 => (mark, UNTOLD),
        _ => (mark, meaning),
    });
    let cells = results.bare.iter().flat_map(|_| &results.cells);
    let classes: std::collections::HashSet<&str> = cells.map(|cell| class(&cell.outcome, cell.fidelity())).collect();
    let after = CLASSES.iter().filter(|(class, _)| classes.contains(class)).copied();
    used.chain(after).map(|(mark, meaning)| format!("{mark}  {meaning}")).collect()
}
