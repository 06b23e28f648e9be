//! How faithful an emulator is in one cell, and what its canaries say of the rest.

use crate::outcome::is_denial;
use crate::results::{Bare, Canary, Cell, Expected, Outcome, Results};

/// What an emulator made of a cell, held against what AWS documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fidelity {
    /// It lets through what AWS refuses.
    FailOpen,
    /// It refuses what AWS lets through.
    FailClosed,
    /// It fails, or answers something else.
    Error,
    /// It cannot express what the cell is about.
    Unsupported,
    /// It answers as AWS does.
    Match,
}

impl Fidelity {
    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [Self::FailOpen, Self::FailClosed, Self::Error, Self::Unsupported, Self::Match];

    /// As reports have it: `fail-open`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FailOpen => "fail-open",
            Self::FailClosed => "fail-closed",
            Self::Error => "error",
            Self::Unsupported => "unsupported",
            Self::Match => "match",
        }
    }
}

/// What a client saw, for an emulator.
enum Seen {
    LetThrough,
    Refused,
    NotStarted,
    Nothing(Fidelity),
}

impl Seen {
    fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Allowed | Outcome::Error { status: 404, .. } => Self::LetThrough,
            Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied => Self::Refused,
            // A broker turns away by what it looks at, as it would on AWS.
            Outcome::NotAdmitted { .. } | Outcome::NoCredentials { .. } => Self::NotStarted,
            Outcome::NotStarted { code, .. } if is_denial(code) => Self::NotStarted,
            Outcome::NotStarted { .. } | Outcome::Error { .. } => Self::Nothing(Fidelity::Error),
            Outcome::NotSetUp { .. } | Outcome::CommandFailed { .. } => Self::Nothing(Fidelity::Error),
            Outcome::Unsupported { .. } | Outcome::NotRun { .. } => Self::Nothing(Fidelity::Unsupported),
        }
    }
}

impl Expected {
    /// How faithful an emulator is that gives this outcome.
    #[must_use]
    pub fn fidelity(self, outcome: &Outcome) -> Fidelity {
        match (self, Seen::of(outcome)) {
            (_, Seen::Nothing(fidelity)) => fidelity,
            _ if self.met_by(outcome) => Fidelity::Match,
            // Something that is there is not found, or the other way round.
            (Self::Allow | Self::NotFound, Seen::LetThrough) => Fidelity::Error,
            (Self::Allow | Self::NotFound, Seen::Refused | Seen::NotStarted) => Fidelity::FailClosed,
            (Self::Deny, Seen::NotStarted) => Fidelity::FailClosed,
            // The caller of a refused request had to be started before.
            (Self::Deny | Self::CannotStart, _) => Fidelity::FailOpen,
        }
    }
}

impl Cell {
    /// How faithful an emulator was here.
    #[must_use]
    pub fn fidelity(&self) -> Fidelity {
        self.expectation.expected.fidelity(&self.outcome)
    }
}

impl Results {
    /// How many cells are of a class.
    #[must_use]
    pub fn count(&self, fidelity: Fidelity) -> usize {
        self.cells.iter().filter(|cell| cell.fidelity() == fidelity).count()
    }
}

impl Canary {
    /// Whether it came out as it must.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.expected.met_by(&self.outcome)
    }
}

impl Bare {
    /// What the canaries say, as the end of a sentence about the emulator; the worst of it.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        let failed = |at: usize| self.canaries.get(at).is_none_or(|canary| !canary.ok());
        let unasked = |canary: &Canary| matches!(canary.outcome, Outcome::Error { .. } | Outcome::NotSetUp { .. });
        match () {
            () if self.canaries.iter().any(unasked) => "fails the canaries: its answers mean nothing",
            () if failed(0) => "refuses what is allowed: its denials mean nothing",
            () if failed(1) => "does not enforce policies: its answers mean nothing",
            () if failed(2) => "does not evaluate conditions: its matches prove nothing",
            () => "evaluates conditions",
        }
    }

    /// Whether every canary came out as it must.
    #[must_use]
    pub fn trusted(&self) -> bool {
        !self.canaries.is_empty() && self.canaries.iter().all(Canary::ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::ExitCode;
    use Expected::{Allow, CannotStart, Deny, NotFound};
    use Fidelity::{FailClosed, FailOpen, Match, Unsupported};

    fn error(status: u16) -> Outcome {
        Outcome::Error { status, code: "Code".to_owned(), message: String::new() }
    }

    fn not_started(code: &str) -> Outcome {
        Outcome::NotStarted { call: "ecs:RunTask".to_owned(), code: code.to_owned(), message: String::new() }
    }

    fn not_set_up() -> Outcome {
        Outcome::NotSetUp { code: "Code".to_owned(), message: String::new() }
    }

    fn turned_away() -> Outcome {
        Outcome::NotAdmitted { code: "NoNonce", message: String::new() }
    }

    #[test]
    fn every_outcome_has_its_class_under_every_expectation() {
        let why = String::new;
        let table = [
            // What came out, and its class where AWS allows, denies, cannot start the caller, finds nothing.
            (Outcome::Allowed, [Match, FailOpen, FailOpen, Fidelity::Error]),
            (Outcome::ImplicitlyDenied, [FailClosed, Match, FailOpen, FailClosed]),
            (Outcome::ExplicitlyDenied, [FailClosed, Match, FailOpen, FailClosed]),
            (error(404), [Fidelity::Error, FailOpen, FailOpen, Match]),
            (error(500), [Fidelity::Error; 4]),
            (error(400), [Fidelity::Error; 4]),
            (not_started("AccessDeniedException"), [FailClosed, FailClosed, Match, FailClosed]),
            (not_started("InvalidParameterException"), [Fidelity::Error; 4]),
            (turned_away(), [FailClosed, FailClosed, Match, FailClosed]),
            (not_set_up(), [Fidelity::Error; 4]),
            (Outcome::CommandFailed { exit_code: ExitCode(Some(1)), message: String::new() }, [Fidelity::Error; 4]),
            (Outcome::Unsupported { why: why() }, [Unsupported; 4]),
            (Outcome::NotRun { why: why() }, [Unsupported; 4]),
        ];
        for (outcome, classes) in table {
            for (expected, class) in [Allow, Deny, CannotStart, NotFound].into_iter().zip(classes) {
                assert_eq!(expected.fidelity(&outcome), class, "{expected:?} {outcome:?}");
            }
        }
    }

    #[test]
    fn canaries_say_what_other_answers_are_worth() {
        let check = |outcomes: [Outcome; 3], verdict: &str| {
            let expected = [Allow, Deny, Deny];
            let canary = |(outcome, expected)| Canary { what: "asked", expected, outcome };
            let canaries = outcomes.into_iter().zip(expected).map(canary).collect();
            let bare = Bare { backend: "moto".to_owned(), canaries };
            assert!(bare.verdict().starts_with(verdict), "{}", bare.verdict());
            assert_eq!(bare.trusted(), verdict == "evaluates conditions");
        };
        use Outcome::{Allowed, ExplicitlyDenied, ImplicitlyDenied};
        check([Allowed, ExplicitlyDenied, ImplicitlyDenied], "evaluates conditions");
        check([Allowed, ImplicitlyDenied, ImplicitlyDenied], "evaluates conditions");
        check([Allowed, ExplicitlyDenied, Allowed], "does not evaluate conditions");
        check([Allowed, Allowed, Allowed], "does not enforce policies");
        check([ImplicitlyDenied, ImplicitlyDenied, ImplicitlyDenied], "refuses what is allowed");
        check([Allowed, error(500), ImplicitlyDenied], "fails the canaries");
        check([not_set_up(), ExplicitlyDenied, ImplicitlyDenied], "fails the canaries");
        let never = Bare { backend: "moto".to_owned(), canaries: Vec::new() };
        assert!(!never.trusted() && never.verdict() != "evaluates conditions");
    }
}
