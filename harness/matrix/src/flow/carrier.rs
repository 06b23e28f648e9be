//! Whatever carries an option's calls.

use account::RecordedDecision;
use serde_json::Value;

use super::{Bound, Bounds};
use crate::call::{ApiCall, CallError};
use crate::plan::Plan;
use crate::question::Question;
use crate::results::TaskRun;

/// Whatever carries calls to a world: the SDKs over HTTP, or this process itself.
#[expect(
    async_fn_in_trait,
    reason = "who uses it names the carrier, so the compiler sees whether its futures are Send"
)]
pub trait Carrier {
    /// Something to sign with.
    type Keys: Clone;

    /// A signed sts:GetCallerIdentity that has not been sent: everybody who has it can have it answered.
    type Proof;

    /// The root user's keys of an account.
    ///
    /// # Errors
    /// There is no such account.
    fn root(&self, account: &str) -> Result<Self::Keys, CallError>;

    /// Keys that an API call has given out.
    ///
    /// # Errors
    /// Nobody made them.
    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Self::Keys, CallError>;

    /// The keys that the containers of a task with this role find at their credentials endpoint.
    ///
    /// # Errors
    /// They find none.
    async fn in_container(&self, task_arn: &str, role: Option<&str>) -> Result<Self::Keys, CallError>;

    /// Runs a task, as it stands at its beginning, to its end; gives what became of one of its containers, and what
    /// was decided for the task's role, or, if the task did not start, for ECS on its behalf.
    ///
    /// # Errors
    /// Why nobody runs it.
    async fn run_task(&self, task_arn: &str, container: &str) -> Result<(TaskRun, Vec<RecordedDecision>), String>;

    /// Makes a call.
    async fn send(&self, keys: &Self::Keys, call: &ApiCall) -> Sent;

    /// Signs an sts:GetCallerIdentity, and what binds it with it, without sending it.
    ///
    /// # Errors
    /// It cannot be signed.
    async fn sign(&self, keys: &Self::Keys, bound: Option<&Bound>) -> Result<Self::Proof, CallError>;

    /// Adds something to it that the signature does not cover.
    fn add_unsigned(&self, proof: &mut Self::Proof, bound: &Bound);

    /// What it is bound to.
    fn bounds(&self, proof: &Self::Proof) -> Bounds;

    /// Has it answered. Who has these keys sends it.
    async fn present(&self, by: &Self::Keys, proof: &Self::Proof) -> Sent;

    /// Puts the account under its organisation and behind its endpoints, which no API call here makes. What cannot have
    /// them has said so of its cells.
    fn furnish(&self, _plan: &Plan) {}

    /// Waits until all that was made is known, these users with their keys as well.
    ///
    /// # Errors
    /// It was waited for too long, or the run was asked to stop.
    async fn settle(&self, _users: Vec<Self::Keys>) -> Result<(), CallError> {
        Ok(())
    }

    /// Whether tasks are run; else a task is but a session of its role.
    fn runs_tasks(&self) -> bool {
        true
    }

    /// What the policy engine says of a question that is asked with these keys, in the world as it is.
    ///
    /// # Errors
    /// There is no world, or it does not know who asks.
    fn decide(&self, keys: &Self::Keys, question: &Question) -> Result<RecordedDecision, CallError>;

    /// Remembers the world as it is.
    fn remember(&self);

    /// Puts the world back to what was remembered; `false` where it can only be cleared and set up anew.
    fn rewind(&self) -> bool;

    /// Deletes everything that was made.
    async fn clear(&self) {}

    /// Who answers, as reasons name it.
    fn who(&self) -> &str {
        "AWS"
    }

    /// Why a cell cannot be expressed here, by caller and request; `None`: it can.
    fn unsupported(&self, _caller: usize, _request: usize) -> Option<&str> {
        None
    }
}

/// An answer with the decisions that led to it.
#[derive(Debug)]
pub struct Sent {
    /// The answer's members.
    pub result: Result<Value, CallError>,
    /// The decisions, in order; none where nobody here decided.
    pub recorded: Vec<RecordedDecision>,
}
