//! One mark per outcome, one more for how it compares with what was expected, and what they mean.

use std::collections::HashSet;

use anstyle::{AnsiColor, Style};
use matrix::{Cell, Fidelity, Outcome, Results};

use crate::page;

/// What a cell shows of its outcome, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Mark {
    Allowed,
    ImplicitlyDenied,
    ExplicitlyDenied,
    NoSuchObject,
    NoSuchBucket,
    CannotStart,
    NoCredentials,
    Error,
    Unsupported,
    NotRun,
}

/// What follows the mark of a cell, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Suffix {
    FailOpen,
    FailClosed,
    /// In a bare run: another answer than AWS's.
    Other,
    /// Not as expected.
    Unexpected,
}

/// What S3 says of an object that is not there; to a HEAD request it says no more than 404, which SDKs call `NotFound`.
const NO_OBJECT: [&str; 3] = ["NoSuchKey", "NoSuchVersion", "NotFound"];

impl Mark {
    const ALL: [Self; 10] = [
        Self::Allowed,
        Self::ImplicitlyDenied,
        Self::ExplicitlyDenied,
        Self::NoSuchObject,
        Self::NoSuchBucket,
        Self::CannotStart,
        Self::NoCredentials,
        Self::Error,
        Self::Unsupported,
        Self::NotRun,
    ];

    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Allowed => Self::Allowed,
            Outcome::ImplicitlyDenied => Self::ImplicitlyDenied,
            Outcome::ExplicitlyDenied => Self::ExplicitlyDenied,
            Outcome::Error { status: 404, code, .. } if code == "NoSuchBucket" => Self::NoSuchBucket,
            Outcome::Error { status: 404, code, .. } if NO_OBJECT.contains(&&**code) => Self::NoSuchObject,
            Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. } => Self::CannotStart,
            Outcome::NoCredentials { .. } => Self::NoCredentials,
            Outcome::Error { .. } | Outcome::NotSetUp { .. } | Outcome::CommandFailed { .. } => Self::Error,
            Outcome::Unsupported { .. } => Self::Unsupported,
            Outcome::NotRun { .. } => Self::NotRun,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Allowed => "✓",
            Self::ImplicitlyDenied => "·",
            Self::ExplicitlyDenied => "✗",
            Self::NoSuchObject => "?",
            Self::NoSuchBucket => "¿",
            Self::CannotStart => "○",
            Self::NoCredentials => "◌",
            Self::Error => "!",
            Self::Unsupported => "∅",
            Self::NotRun => "-",
        }
    }

    /// As snapshots have it.
    const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allow",
            Self::ImplicitlyDenied => "implicit-deny",
            Self::ExplicitlyDenied => "explicit-deny",
            Self::NoSuchObject => "not-found",
            Self::NoSuchBucket => "no-such-bucket",
            Self::CannotStart => "cannot-start",
            Self::NoCredentials => "no-credentials",
            Self::Error => "error",
            Self::Unsupported => "unsupported",
            Self::NotRun => "not-run",
        }
    }

    /// As the legend has it.
    fn words(self, results: &Results) -> String {
        match self {
            Self::Allowed => "allowed".to_owned(),
            // An emulator may not say why.
            Self::ImplicitlyDenied if results.bare.is_some() => "denied (reason not given)".to_owned(),
            Self::ImplicitlyDenied => "denied: nothing allows it".to_owned(),
            Self::ExplicitlyDenied => "denied: a Deny statement matches".to_owned(),
            Self::NoSuchObject => {
                format!("allowed, and the answer is 404: no such object{}", what_head_hides(results))
            }
            Self::NoSuchBucket => "allowed, and the answer is 404: no such bucket".to_owned(),
            Self::CannotStart => "the caller's task or session could not be started".to_owned(),
            Self::NoCredentials => "the caller's task runs without credentials".to_owned(),
            Self::Error => "another error".to_owned(),
            Self::Unsupported => "cannot be expressed on this backend".to_owned(),
            Self::NotRun => "not run".to_owned(),
        }
    }
}

impl Suffix {
    const ALL: [Self; 4] = [Self::FailOpen, Self::FailClosed, Self::Other, Self::Unexpected];

    fn of(results: &Results, cell: &Cell) -> Option<Self> {
        match (&results.bare, cell.fidelity()) {
            (None, _) => (!cell.ok && cell.outcome.why_not_run().is_none()).then_some(Self::Unexpected),
            (Some(_), Fidelity::FailOpen) => Some(Self::FailOpen),
            (Some(_), Fidelity::FailClosed) => Some(Self::FailClosed),
            // The mark of an error needs no second one.
            (Some(_), Fidelity::Error) => (Mark::of(&cell.outcome) != Mark::Error).then_some(Self::Other),
            (Some(_), Fidelity::Unsupported | Fidelity::Match) => None,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::FailOpen => "▲",
            Self::FailClosed => "▽",
            Self::Other => "!",
            Self::Unexpected => "*",
        }
    }

    /// As the legend has it.
    const fn words(self) -> &'static str {
        match self {
            Self::FailOpen => "after a mark: fail-open, let through where AWS refuses",
            Self::FailClosed => "after a mark: fail-closed, refused where AWS lets through",
            Self::Other => "after a mark: another answer than AWS's",
            Self::Unexpected => "after a mark: not as expected",
        }
    }
}

/// The mark of an outcome: one column wide.
#[must_use]
pub fn mark(outcome: &Outcome) -> &'static str {
    Mark::of(outcome).sign()
}

/// The marks in use with their codes, in the order of the legend.
pub(crate) fn codes(results: &Results) -> Vec<String> {
    used(results).map(|mark| format!("{}  {}", mark.sign(), mark.code())).collect()
}

fn used(results: &Results) -> impl Iterator<Item = Mark> {
    let seen: HashSet<Mark> = results.cells.iter().map(|cell| Mark::of(&cell.outcome)).collect();
    Mark::ALL.into_iter().filter(move |mark| seen.contains(mark))
}

/// A cell as the table shows it: its mark, and what follows it where it is not as expected.
pub(crate) fn shown(results: &Results, cell: &Cell) -> String {
    format!("{}{}", mark(&cell.outcome), Suffix::of(results, cell).map_or("", Suffix::sign))
}

/// The lines of the legend for what occurs.
pub(crate) fn legend(results: &Results) -> Vec<String> {
    let marks = used(results).map(|mark| format!("{}  {}", mark.sign(), mark.words(results)));
    let seen: HashSet<Suffix> = results.cells.iter().filter_map(|cell| Suffix::of(results, cell)).collect();
    let suffixes = Suffix::ALL.into_iter().filter(|suffix| seen.contains(suffix));
    marks.chain(suffixes.map(|suffix| format!("{}  {}", suffix.sign(), suffix.words()))).collect()
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
