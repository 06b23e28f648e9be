//! What a run or a prediction found out: plain data, in the order of the scenario file.

use std::time::Duration;

use account::RecordedDecision;
use policy::{Mend, Verdict};
use source::Span;
use template::GeneratedName;

use crate::claim::Claimed;

/// Everything that one scenario gave on one backend.
#[derive(Clone, Debug)]
pub struct Results {
    /// The scenario's name: its folder's.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// The rows of the matrix, in file order.
    pub options: Vec<OptionRow>,
    /// Who asked, in file order.
    pub callers: Vec<AxisEntry>,
    /// What was asked, in file order.
    pub requests: Vec<AxisEntry>,
    /// The names that CloudFormation generates and that callers, requests or reasons have.
    pub generated_names: Vec<GeneratedName>,
    /// Every cell: options outermost, then callers, then requests.
    pub cells: Vec<Cell>,
    /// What came of its claims; empty as well where nobody has asked: see [`claims`](crate::claims).
    pub claims: Vec<Claimed>,
    /// What the scenario changes in the template for all options, one short line each.
    pub changes: Vec<String>,
    /// What the template or the scenario holds that nothing here applies, each once.
    pub not_applied: Vec<NotApplied>,
    /// Which values are made up, and what a backend wanted otherwise than AWS does and how it was given it, each once.
    pub notes: Vec<String>,
    /// Set for a bare run: an emulator decided, and these cells are what was observed of it.
    pub bare: Option<Bare>,
    /// How long it took. Never part of a snapshot.
    pub timings: Timings,
}

/// What a bare run says of its emulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bare {
    /// The emulator and its version: `moto 5.2.5`.
    pub backend: String,
    /// The questions with known answers that were asked before any other.
    pub canaries: Vec<Canary>,
}

/// A question whose answer is known, asked of an emulator to see what its other answers are worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    /// What was asked for: `an Allow without conditions`.
    pub what: &'static str,
    /// What must come out.
    pub expected: Expected,
    /// What the client got.
    pub outcome: Outcome,
}

/// One option, as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionRow {
    /// Its name in the file.
    pub name: String,
    /// The statement under test: `LogicalId/Policy/Statement`.
    pub under_test: Option<String>,
    /// The condition it puts there, as compact JSON; `None` where the option sets none.
    pub condition: Option<String>,
    /// What else it changes, one short line each: `patch add /Resources/…`, `given …`, `launcher user NAME`.
    pub changes: Vec<String>,
}

/// A caller or a request: its name in the file and what it is, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisEntry {
    /// Its name in the file.
    pub name: String,
    /// `task ECSTestTaskDefinition tagged Status=OK`, `s3:GetObject bucket esolang-worker key …`.
    pub what: String,
}

/// One option × caller × request.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Index into [`Results::options`].
    pub option: usize,
    /// Index into [`Results::callers`].
    pub caller: usize,
    /// Index into [`Results::requests`].
    pub request: usize,
    /// What the client got.
    pub outcome: Outcome,
    /// What AWS's documentation says it must get.
    pub expectation: Expectation,
    /// Whether the two agree. A cell that was not run does not agree.
    pub ok: bool,
    /// Why it came out so, in plain sentences without ids, ports and times.
    pub reason: String,
    /// The change that would turn a denial, if one is evident.
    pub mend: Option<String>,
    /// What would change the decision, each tried out; what keeps the guard first.
    pub mends: Vec<Mend>,
    /// The decision the outcome rests on: the denying one, else the last that allowed. `None` where nobody decided.
    pub recorded: Option<RecordedDecision>,
    /// What became of the task, where its own command was the request and was run.
    pub task: Option<TaskRun>,
}

/// A task that was run for a cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TaskRun {
    /// What the container printed, without ids and addresses.
    pub output: String,
    /// The container's exit code; `None` if it never started.
    pub exit_code: Option<i32>,
    /// `EssentialContainerExited`, `TaskFailedToStart` or `UserInitiated`.
    pub stop_code: String,
    /// `stoppedReason`
    pub stopped_reason: String,
}

/// What a client got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Allowed,
    /// Refused: nothing that had to allow it did.
    ImplicitlyDenied,
    /// Refused: a statement denies it.
    ExplicitlyDenied,
    /// Another error that AWS answers.
    Error {
        /// The HTTP status.
        status: u16,
        /// AWS's code: `NoSuchKey`. A HEAD answer has no body; the SDK makes up its code from the status.
        code: String,
        /// The text for people, without ids.
        message: String,
    },
    /// The request was not come to: a call that sets up for it came to nothing.
    NotSetUp {
        /// AWS's code, or the name of what else it was.
        code: String,
        /// What was called and what came of it, without ids.
        message: String,
    },
    /// The command of a container failed, and nothing was denied.
    CommandFailed {
        /// How it ended.
        exit_code: ExitCode,
        /// The last that it printed, without ids.
        message: String,
    },
    /// The caller could not be brought to where it makes requests: its RunTask or AssumeRole failed.
    NotStarted {
        /// The call that failed: `ecs:RunTask`.
        call: String,
        /// AWS's code: `AccessDeniedException`.
        code: String,
        /// The text for people, without ids.
        message: String,
    },
    /// The caller's task runs, and its containers have no credentials to sign requests with.
    NoCredentials {
        /// Why not.
        why: String,
    },
    /// A broker gave the caller no credentials.
    NotAdmitted {
        /// Why, as a short name that stays when the words change: `NoNonce`.
        code: &'static str,
        /// The text for people, without ids.
        message: String,
    },
    /// The backend has no means to express what the cell is about.
    Unsupported {
        /// What it has not, and how that is known.
        why: String,
    },
    /// Nobody made the request.
    NotRun {
        /// Why not.
        why: String,
    },
}

/// The exit code of a container's command, if it ended with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExitCode(pub Option<i32>);

/// What a cell must give, by AWS's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The outcome.
    pub expected: Expected,
    /// Why, in the scenario's words.
    pub because: Option<String>,
    /// The page that says so.
    pub see: Option<String>,
    /// Where it says that it is a prediction that nobody has confirmed; `None`: somebody stands for it.
    pub predicted: Option<Span>,
    /// Where the scenario says it; [`Prepared::sources`](crate::Prepared::sources) has the text.
    pub span: Span,
}

/// The outcomes that can be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// `allow`
    Allow,
    /// `deny`, implicitly or explicitly
    Deny,
    /// `cannot-start`
    CannotStart,
    /// `not-found`: authorised, and AWS answers 404
    NotFound,
}

/// Something that is kept and reported, not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// `resource Queue (AWS::SQS::Queue)`, `property Site.WebsiteConfiguration of AWS::S3::Bucket`, a section's name.
    pub what: String,
    /// Why it is not.
    pub why: String,
}

/// How long things took.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    /// From the first world to the last cell.
    pub total: Duration,
    /// Per option: setting up, starting callers, and making requests together.
    pub options: Vec<Duration>,
    /// How much of it the emulator behind the guard took for its answers.
    pub emulator: Option<Duration>,
}

impl Results {
    /// The cell of an option, a caller and a request, by index.
    #[must_use]
    pub fn cell(&self, option: usize, caller: usize, request: usize) -> Option<&Cell> {
        if caller >= self.callers.len() || request >= self.requests.len() {
            return None;
        }
        self.cells.get((option * self.callers.len() + caller) * self.requests.len() + request)
    }

    /// Whether every cell that was run, and every claim, is as expected.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.cells.iter().all(|cell| cell.ok || cell.outcome.why_not_run().is_some())
            && self.claims.iter().all(Claimed::ok)
    }

    /// How many cells are held to a prediction that nobody has confirmed.
    #[must_use]
    pub fn unconfirmed(&self) -> usize {
        self.cells.iter().filter(|cell| cell.expectation.predicted.is_some()).count()
    }

    /// How many cells nobody has run, and why not; `None` if there are none.
    #[must_use]
    pub fn not_run(&self) -> Option<(usize, &str)> {
        let mut reasons = self.cells.iter().filter_map(|cell| cell.outcome.why_not_run());
        let first = reasons.next()?;
        Some((1 + reasons.count(), first))
    }
}

impl Outcome {
    /// Why nobody made the request; `None` where somebody did.
    #[must_use]
    pub fn why_not_run(&self) -> Option<&str> {
        match self {
            Self::NotRun { why } => Some(why),
            _ => None,
        }
    }
}

impl Expected {
    /// Whether an outcome is what was expected.
    #[must_use]
    pub fn met_by(self, outcome: &Outcome) -> bool {
        match self {
            Self::Allow => matches!(outcome, Outcome::Allowed),
            Self::Deny => matches!(outcome, Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied),
            Self::CannotStart => matches!(
                outcome,
                Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. } | Outcome::NoCredentials { .. }
            ),
            Self::NotFound => matches!(outcome, Outcome::Error { status: 404, .. }),
        }
    }

    /// The word a scenario file uses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::CannotStart => "cannot-start",
            Self::NotFound => "not-found",
        }
    }
}

impl std::fmt::Display for ExitCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(code) => write!(out, "exit code {code}"),
            None => out.write_str("no exit code"),
        }
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allowed => Self::Allowed,
            Verdict::ImplicitlyDenied => Self::ImplicitlyDenied,
            Verdict::ExplicitlyDenied => Self::ExplicitlyDenied,
        }
    }
}
