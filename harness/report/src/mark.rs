//! One mark per outcome, one more for how it compares with what was expected, and what they mean.

use std::collections::HashSet;

use anstyle::{AnsiColor, Style};
use matrix::{Cell, Fidelity, Outcome, Results};

use crate::page;

/// What a mark stands for.
#[derive(Clone, Copy)]
struct Meaning {
    mark: &'static str,
    /// As snapshots have it.
    code: &'static str,
    words: &'static str,
}

const fn means(mark: &'static str, code: &'static str, words: &'static str) -> Meaning {
    Meaning { mark, code, words }
}

/// The marks in the order of the legend.
const LEGEND: [Meaning; 9] = [
    means("✓", "allow", "allowed"),
    means("·", "implicit-deny", "denied: nothing allows it"),
    means("✗", "explicit-deny", "denied: a Deny statement matches"),
    means("?", "not-found", "allowed, and the answer is 404: no such object"),
    means("¿", "no-such-bucket", "allowed, and the answer is 404: no such bucket"),
    means("○", "cannot-start", "the caller's task or session could not be started"),
    means("!", "error", "another error"),
    means("∅", "unsupported", "cannot be expressed on this backend"),
    means("-", "not-run", "not run"),
];

/// What S3 says of an object that is not there; to a HEAD request it says no more than 404, which SDKs call `NotFound`.
const NO_OBJECT: [&str; 3] = ["NoSuchKey", "NoSuchVersion", "NotFound"];

/// A denial by an emulator: it may not say why.
const UNTOLD: &str = "denied (reason not given)";

/// What follows the mark of a cell that is not as expected.
const UNEXPECTED: (&str, &str) = ("*", "after a mark: not as expected");

/// What follows the mark of a cell of a bare run, with its meaning.
const CLASSES: [(&str, &str); 3] = [
    ("▲", "after a mark: fail-open, let through where AWS refuses"),
    ("▽", "after a mark: fail-closed, refused where AWS lets through"),
    ("!", "after a mark: another answer than AWS's"),
];

/// The mark of an outcome: one column wide.
#[must_use]
pub fn mark(outcome: &Outcome) -> &'static str {
    meaning(outcome).mark
}

/// The marks in use with their codes, in the order of the legend.
pub(crate) fn codes(results: &Results) -> Vec<String> {
    used(results).map(|meaning| format!("{}  {}", meaning.mark, meaning.code)).collect()
}

fn used(results: &Results) -> impl Iterator<Item = &'static Meaning> {
    let seen: HashSet<&str> = results.cells.iter().map(|cell| mark(&cell.outcome)).collect();
    LEGEND.iter().filter(move |meaning| seen.contains(meaning.mark))
}

fn meaning(outcome: &Outcome) -> &'static Meaning {
    let at = match outcome {
        Outcome::Allowed => 0,
        Outcome::ImplicitlyDenied => 1,
        Outcome::ExplicitlyDenied => 2,
        Outcome::Error { status: 404, code, .. } if code == "NoSuchBucket" => 4,
        Outcome::Error { status: 404, code, .. } if NO_OBJECT.contains(&&**code) => 3,
        Outcome::NotStarted { .. } => 5,
        Outcome::Error { .. } => 6,
        Outcome::Unsupported { .. } => 7,
        Outcome::NotRun { .. } => 8,
    };
    &LEGEND[at]
}

/// A cell as the table shows it: its mark, and what follows it where it is not as expected.
pub(crate) fn shown(results: &Results, cell: &Cell) -> String {
    format!("{}{}", mark(&cell.outcome), after(results, cell))
}

fn after(results: &Results, cell: &Cell) -> &'static str {
    match (&results.bare, cell.fidelity()) {
        (None, _) if cell.ok || cell.outcome.why_not_run().is_some() => "",
        (None, _) => UNEXPECTED.0,
        (Some(_), fidelity) => class(&cell.outcome, fidelity),
    }
}

fn class(outcome: &Outcome, fidelity: Fidelity) -> &'static str {
    match fidelity {
        Fidelity::FailOpen => CLASSES[0].0,
        Fidelity::FailClosed => CLASSES[1].0,
        // The mark of an error needs no second one.
        Fidelity::Error if mark(outcome) != LEGEND[6].mark => CLASSES[2].0,
        Fidelity::Error | Fidelity::Unsupported | Fidelity::Match => "",
    }
}

/// The lines of the legend for what occurs.
pub(crate) fn legend(results: &Results) -> Vec<String> {
    let used = used(results).map(|&Meaning { mark, words, .. }| match results.bare {
        Some(_) if mark == LEGEND[1].mark => (mark, UNTOLD.to_owned()),
        _ if mark == LEGEND[3].mark => (mark, format!("{words}{}", what_head_hides(results))),
        _ => (mark, words.to_owned()),
    });
    let after: HashSet<&str> = results.cells.iter().map(|cell| after(results, cell)).collect();
    let after = CLASSES.iter().chain([&UNEXPECTED]).filter(|(class, _)| after.contains(class));
    let after = after.map(|&(class, meaning)| (class, meaning.to_owned()));
    used.chain(after).map(|(mark, meaning)| format!("{mark}  {meaning}")).collect()
}

/// The answer to a HEAD request has no body, and so no code. docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
fn what_head_hides(results: &Results) -> &'static str {
    let is_head = |cell: &Cell| matches!(&cell.outcome, Outcome::Error { status: 404, code, .. } if code == "NotFound");
    match results.cells.iter().any(is_head) {
        true => " (to a HEAD request it may also mean: no such bucket)",
        false => "",
    }
}

/// The colour of a mark; `None` of any other character.
pub(crate) fn colour(mark: char) -> Option<Style> {
    Some(match mark {
        '✓' => page::colour(AnsiColor::Green),
        '·' => page::colour(AnsiColor::Yellow),
        '✗' | '▲' => page::colour(AnsiColor::Red),
        '?' | '¿' => page::colour(AnsiColor::Cyan),
        '○' | '▽' => page::colour(AnsiColor::Magenta),
        '!' | '*' => page::colour(AnsiColor::Red).bold(),
        '∅' => Style::new().dimmed(),
        _ => return None,
    })
}
