//! Why a run could not be made, and what there is to say about one.

use std::fmt::{Display, Formatter, Result};

use matrix::call::CallError;
use matrix::flow::Broken;
use matrix::{Prepared, SetUpError};

/// Something to be said about a run as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Note {
    /// What was made and is still there, and why.
    NotDeleted { what: String, why: String },
    /// Anything else.
    Said(String),
}

impl Display for Note {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::NotDeleted { what, why } => write!(out, "could not be deleted again: {what}: {why}"),
            Self::Said(text) => write!(out, "{text}"),
        }
    }
}

/// Why a run could not be made.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum RunError {
    /// A call that an option needs was refused, or came to nothing.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// An emulator gives no answer any more.
    #[error("{backend} does not answer: {call}: {reason}")]
    Silent {
        /// The emulator.
        backend: String,
        /// What was tried.
        call: String,
        /// What came of it.
        reason: String,
    },
    /// What a run needs before anything else was refused.
    #[error("the run cannot be begun on {backend}: {call}: {reason}")]
    NotBegun {
        /// The emulator, or AWS.
        backend: String,
        /// What was tried.
        call: String,
        /// What came back.
        reason: String,
    },
    /// An emulator's root user is not the one that the scenario is written for.
    #[error(
        "{backend} serves account {serves}, and scenario `{scenario}` is about {wants}: give the root key of that \
         account, or write `AWS::AccountId: \"{serves}\"` under the scenario's `template.parameters`"
    )]
    OtherAccount {
        /// The emulator.
        backend: String,
        /// The account that its root key is of.
        serves: String,
        /// The scenario's name.
        scenario: String,
        /// The account that the scenario's ARNs name.
        wants: String,
    },
    /// Names get too long in a real account, where they have the run's prefix.
    #[error("scenario `{scenario}` cannot be run in a real account: {faults}")]
    TooLong {
        /// The scenario's name.
        scenario: String,
        /// Each name, and how long it can be.
        faults: String,
    },
    /// The run was asked to end.
    #[error("interrupted{}", .left.iter().map(|left| format!("; {left}")).collect::<String>())]
    Interrupted {
        /// What it had made and could not delete again; nothing, as a rule.
        left: Vec<String>,
    },
}

impl RunError {
    /// Of a run with these notes.
    pub(crate) fn interrupted<'a>(notes: impl IntoIterator<Item = &'a Note>) -> Self {
        let left = notes.into_iter().filter(|note| matches!(note, Note::NotDeleted { .. }));
        Self::Interrupted { left: left.map(ToString::to_string).collect() }
    }

    /// Of an option, by index, that could not be brought to its requests.
    pub(crate) fn new(prepared: &Prepared, option: usize, broken: Broken) -> Self {
        if broken.error == CallError::Interrupted {
            return Self::Interrupted { left: Vec::new() };
        }
        SetUpError::new(prepared, option, broken).into()
    }
}
