//! A decision, kept with the request that it is about.

use policy::{Decision, Quoting, Request};

use crate::fault::Fault;

/// A decision that was made for a call, with what was asked.
#[derive(Clone, Debug)]
pub struct RecordedDecision {
    /// What was asked, with the whole request context.
    pub request: Request,
    /// What was decided.
    pub decision: Decision,
}

impl RecordedDecision {
    /// The error that most services answer to a denial.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    #[must_use]
    pub fn access_denied(&self) -> Fault {
        Fault::new(403, "AccessDenied", self.decision.denial(&self.request, Quoting::None))
    }
}
