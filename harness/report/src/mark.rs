//! One mark per outcome, and what it means.

use scenario::Outcome;

/// The marks with their meaning, in the order of the legend.
const LEGEND: [(&str, &str); 7] = [
    ("✓", "allowed"),
    ("·", "denied: nothing allows it"),
    ("✗", "denied: a Deny statement matches"),
    ("?", "let through, and there is no such object (404)"),
    ("○", "the caller could not be started"),
    ("!", "another error"),
    ("-", "not run"),
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
        Outcome::NotRun { .. } => 6,
    };
    LEGEND[at].0
}

/// The lines of the legend for the outcomes that occur.
pub(crate) fn legend<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Vec<String> {
    let seen: std::collections::HashSet<&str> = outcomes.map(mark).collect();
    let used = LEGEND.iter().filter(|(mark, _)| seen.contains(mark));
    used.map(|(mark, meaning)| format!("{mark}  {meaning}")).collect()
}
