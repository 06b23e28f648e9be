//! Answers.

use policy::Request;
use policy::undocumented::Notes;
use serde_json::{Value, json};
use thiserror::Error;

use crate::line::line;
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

impl Verdict {
    /// What became of a claim, for programs: `{"result","request","laws","undocumented","reason"}`, of which each has what
    /// belongs to it. `result` is `holds`, `fails` or `undecided`.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Proved { laws, rows } => {
                let laws: Vec<&str> = laws.iter().map(|law| law.id).collect();
                json!({"result": "holds", "laws": laws, "undocumented": rows})
            }
            Self::Found { request, rows } => {
                json!({"result": "fails", "request": line(request), "undocumented": rows})
            }
            Self::Undecided { reason } => json!({"result": "undecided", "reason": reason}),
        }
    }
}

/// Proof and engine differ about a request: a fault of ours. Neither is to be believed.
#[derive(Clone, Debug, Error)]
#[error("tagproof's proof and its engine disagree about a request for {} on {}; please report this", .request.action, .request.resource)]
pub struct Disagreement {
    /// The request.
    pub request: Box<Request>,
}
