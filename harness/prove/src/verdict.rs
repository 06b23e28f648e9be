//! Answers.

use policy::Request;
use policy::undocumented::Notes;
use thiserror::Error;

use crate::settle::Laws;

/// What came of a question about every request.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// No request is so. The proof rests on these laws; on none of them, if it holds for any request at all.
    Proved {
        /// The laws that it needs.
        laws: Laws,
        /// What it takes for settled where AWS's documentation settles nothing.
        rows: Notes,
    },
    /// A request that is so. The engine says so too.
    Found {
        /// The request.
        request: Box<Request>,
        /// What the engine's decision takes for settled where AWS's documentation settles nothing.
        rows: Notes,
    },
    /// It was not settled.
    Undecided {
        /// Why.
        reason: String,
    },
}

/// Proof and engine differ about a request: a fault of ours. Neither is to be believed.
#[derive(Clone, Debug, Error)]
#[error("tagproof's proof and its engine disagree about a request for {} on {}; please report this", .request.action, .request.resource)]
pub struct Disagreement {
    /// The request.
    pub request: Box<Request>,
}
