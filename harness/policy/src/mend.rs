//! What would change a decision: changes that the engine has tried.
//!
//! Candidates come from the trace. Each is applied to policies and request as values, and the same engine decides again.
//! A candidate that does not turn the decision is dropped. Where one change is not enough, because several things stand
//! in the way, changes are combined, tried as a whole, and each thing that stands in the way is named.
//!
//! What keeps the guard comes first: a change to the request or to a tag, then an Allow that changes or is added, and last
//! a change to a Deny. No condition on a tag is taken out of an Allow.
//!
//! **When a change to a Deny is proposed.** A Deny is written against the requests that its conditions tell from others.
//! Where a request can carry the keys of these conditions, the mend is to meet them, and the Deny stays as it is. One
//! case is left: *none* of the keys can ever be in a request for this action on this resource. There the Deny tells
//! nothing apart and denies everything, so nothing can be meant by it. The change leaves out exactly this action on
//! exactly this resource, and nothing else. It is proposed only if
//!
//! 1. the vocabulary knows that this action never carries any of the condition keys on this resource, and each of the
//!    conditions holds because of that;
//! 2. the statement names this one action without wildcards, so that no other action gets a way out;
//! 3. the resource's ARN has no wildcard in it, so that no other resource gets a way out;
//! 4. every other request that the Deny was written against is still denied, as follows from 2 and 3.
//!
//! `IfExists` and `Null` with "false" are never proposed for a Deny: they would let in untagged requests for whatever else
//! the statement is about. An unconditional Deny is never changed.

mod allow;
mod change;
mod deny;
mod fix;
mod keys;
mod search;
mod tighten;
mod values;

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::{Decision, Request, Verdict, Vocabulary, decide};
pub use change::{Change, PolicyPosition, Written};

/// Something that turns a decision: a denial into leave, or an Allow that holds only because a key is missing into a
/// denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mend {
    /// What to do, in a sentence, and what stands in the way.
    pub says: String,
    /// The same as changes, all of which are needed.
    pub changes: Vec<Change>,
    /// Whether it is the one thing that is missing, and overrules no value and no statement.
    #[serde(skip)]
    pub is_evident: bool,
}

impl Decision {
    /// What would turn it, what keeps the guard first. Nothing without a trace, and nothing for a sound Allow.
    #[must_use]
    pub fn mends(&self, request: &Request, vocabulary: &dyn Vocabulary) -> Vec<Mend> {
        match (&self.trace, self.verdict) {
            (None, _) => Vec::new(),
            (Some(trace), Verdict::Allowed) => tighten::mends(self, trace, request),
            (Some(trace), _) => search::mends(self, trace, request, vocabulary),
        }
    }

    /// What becomes of the request once a mend is applied. `None` without a trace.
    #[must_use]
    pub fn after(&self, mend: &Mend, request: &Request) -> Option<Self> {
        let mut policies = self.trace.as_ref()?.asked.clone();
        let mut request = request.clone();
        mend.changes.iter().for_each(|change| change.apply(&mut policies, &mut request));
        Some(decide(&policies, &request))
    }
}
