//! From an answer and its decisions to what a client got, and why, without anything that changes from run to run.

use account::RecordedDecision;
use catalog::Catalog;
use policy::{Mend, Verdict};
use serde_json::Value;

use crate::call::{ApiCall, CallError, Obstacle, Refusal};
use crate::flow::NotAdmitted;
use crate::normal::normal;
use crate::results::{ExitCode, Outcome, TaskRun};

/// A finished cell, before it is held against its expectation.
#[derive(Clone, Debug)]
pub struct FinishedCell {
    /// What the client got.
    pub outcome: Outcome,
    /// Why, in plain sentences.
    pub reason: String,
    /// What would change the decision, with ids as the scenario names them.
    pub(crate) mends: Vec<Mend>,
    pub(crate) recorded: Option<RecordedDecision>,
    pub(crate) task: Option<TaskRun>,
}

impl FinishedCell {
    /// Without any decision.
    pub(crate) fn plain(outcome: Outcome, reason: String) -> Self {
        Self { outcome, reason, mends: Vec::new(), recorded: None, task: None }
    }

    /// What the backend cannot express.
    #[must_use]
    pub fn unsupported(why: &str) -> Self {
        Self::plain(Outcome::Unsupported { why: why.to_owned() }, why.to_owned())
    }

    /// Of a task whose containers find no credentials: no SDK sends a request without them.
    pub(crate) fn no_credentials(obstacle: &Obstacle) -> Self {
        let why = obstacle.to_string();
        Self::plain(Outcome::NoCredentials { why: why.clone() }, sentence(&why))
    }

    /// Of a request that was not come to, since a call before it came to nothing.
    #[must_use]
    pub fn not_set_up(call: &str, error: &CallError) -> Self {
        let message = normal(&match error {
            CallError::Refused(refusal) => format!("{call} was answered with {}: {}", refusal.status, refusal.message),
            error => format!("{call}: {error}"),
        });
        let code = error.code().to_owned();
        let reason = sentence(&format!("could not be set up: {code}: {message}"));
        Self::plain(Outcome::NotSetUp { code, message }, reason)
    }

    /// Of a request that `who` has answered.
    #[must_use]
    pub fn of(who: &str, call: &ApiCall, result: Result<Value, Refusal>, recorded: Vec<RecordedDecision>) -> Self {
        let recorded = decisive(recorded);
        let denied = recorded.as_ref().filter(|recorded| recorded.decision.verdict != Verdict::Allowed);
        let outcome = match (result, denied) {
            (Ok(_), _) => Outcome::Allowed,
            (Err(_), Some(denied)) => denied.decision.verdict.into(),
            (Err(refusal), None) if is_denial(&refusal.code) => return Self::undecided(who, call, &refusal, recorded),
            (Err(Refusal { status, code, message }), None) => {
                Outcome::Error { status, code, message: normal(&message) }
            }
        };
        let reason = match (&outcome, &recorded) {
            (Outcome::Error { code, message, .. }, recorded) => {
                let authorised = if recorded.is_some() { "authorised, and " } else { "" };
                sentence(&format!("{authorised}{who} answers {code}: {message}"))
            }
            (_, Some(recorded)) => normal(&recorded.decision.reason(&recorded.request)),
            (_, None) => "nothing had to be authorised".to_owned(),
        };
        let is_error = matches!(outcome, Outcome::Error { .. });
        let mends = if is_error { Vec::new() } else { mends(recorded.as_ref()) };
        Self { outcome, reason, mends, recorded, task: None }
    }

    /// Of a question to the policy engine, with what the request lacks because of the caller.
    pub(crate) fn decided(recorded: RecordedDecision, left_out: &[String]) -> Self {
        let decided = normal(&recorded.decision.reason(&recorded.request));
        let reason = left_out.iter().fold(decided, |reason, why| format!("{reason}; {why}"));
        let mends = mends(Some(&recorded));
        Self { outcome: recorded.decision.verdict.into(), reason, mends, recorded: Some(recorded), task: None }
    }

    /// Of a caller that never got as far as making requests.
    pub(crate) fn not_started(call: &ApiCall, refusal: Refusal, recorded: Vec<RecordedDecision>) -> Self {
        let recorded = decisive(recorded).filter(|recorded| recorded.decision.verdict != Verdict::Allowed);
        let name = call.name();
        let why = match &recorded {
            Some(recorded) => normal(&recorded.decision.reason(&recorded.request)),
            None => normal(&format!("{}: {}", refusal.code, refusal.message)),
        };
        let mends = mends(recorded.as_ref());
        let outcome = Outcome::NotStarted { call: name.clone(), code: refusal.code, message: normal(&refusal.message) };
        Self { outcome, reason: format!("{name} was refused: {why}"), mends, recorded, task: None }
    }

    /// Of a caller that a broker gave no credentials, with what was decided for the broker when it looked.
    pub(crate) fn not_admitted(refusal: &NotAdmitted, recorded: Option<RecordedDecision>) -> Self {
        let message = normal(&refusal.to_string());
        let reason = format!("{BROKER} refused: {message}");
        let outcome = Outcome::NotAdmitted { code: refusal.code(), message };
        Self { outcome, reason, mends: Vec::new(), recorded, task: None }
    }

    /// The same of a call that was the broker's.
    pub(crate) fn of_broker(self) -> Self {
        Self { reason: format!("{BROKER}: {}", self.reason), ..self }
    }

    /// The same, with a call before it that was refused: what it was to bring about did not come about.
    pub(crate) fn after(&mut self, refused: Refused) {
        self.reason.push_str(&format!("; before that, {}", refused.told));
        // A broker that refuses does so by what it saw; this is why it saw that.
        let denied = self.recorded.as_ref().is_some_and(|recorded| recorded.decision.verdict != Verdict::Allowed);
        let is_away = matches!(self.outcome, Outcome::NotStarted { .. } | Outcome::NotAdmitted { .. });
        if is_away && !denied && refused.recorded.is_some() {
            self.recorded = refused.recorded;
        }
    }

    /// Of a task whose own command was the request. What the account decided for it says whether it was denied, not
    /// what it printed: a program may word a denial as it likes.
    pub(crate) fn of_task(task: TaskRun, recorded: Vec<RecordedDecision>) -> Self {
        let recorded = decisive(recorded);
        let denied = recorded.as_ref().filter(|recorded| recorded.decision.verdict != Verdict::Allowed);
        let why = |recorded: &RecordedDecision| normal(&recorded.decision.reason(&recorded.request));
        let stopped = &task.stopped_reason;
        let (outcome, reason) = match (task.exit_code, denied) {
            _ if task.stop_code == "TaskFailedToStart" => {
                let why = denied.map_or_else(|| stopped.clone(), why);
                let (call, code) = ("ecs:RunTask".to_owned(), task.stop_code.clone());
                let outcome = Outcome::NotStarted { call, code, message: stopped.clone() };
                (outcome, format!("the task did not start: {why}"))
            }
            (Some(0), _) => {
                let nothing = || "the command asked for nothing that had to be authorised".to_owned();
                (Outcome::Allowed, recorded.as_ref().map_or_else(nothing, why))
            }
            (_, Some(denied)) => (denied.decision.verdict.into(), why(denied)),
            (exit_code, None) => {
                let exit_code = ExitCode(exit_code);
                let last = task.output.lines().rfind(|line| !line.trim().is_empty());
                let message = last.filter(|_| task.stop_code != "UserInitiated").unwrap_or(stopped).to_owned();
                let reason = format!("nothing was denied, and the command ended with {exit_code}: {message}");
                (Outcome::CommandFailed { exit_code, message }, sentence(&reason))
            }
        };
        let agrees = (outcome == Outcome::Allowed) == denied.is_none();
        let mends = if agrees { mends(recorded.as_ref()) } else { Vec::new() };
        Self { outcome, reason, mends, recorded, task: Some(task) }
    }

    /// A denial although what was asked is allowed: the answer would reveal what the caller may not know.
    /// S3 answers 403 for a missing key to a caller that may not list the bucket.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    fn undecided(who: &str, call: &ApiCall, refusal: &Refusal, recorded: Option<RecordedDecision>) -> Self {
        let explicit = refusal.message.contains("explicit deny");
        let outcome = if explicit { Outcome::ExplicitlyDenied } else { Outcome::ImplicitlyDenied };
        let reason = match (call.service, &recorded) {
            ("s3", Some(_)) => "the object does not exist, and AWS does not say so to a caller without s3:ListBucket \
                                on the bucket: it answers AccessDenied"
                .to_owned(),
            _ => sentence(&normal(&format!("{who} answers {}: {}", refusal.code, refusal.message))),
        };
        Self { outcome, reason, mends: Vec::new(), recorded, task: None }
    }
}

/// Who refuses, where it is no call of AWS's.
const BROKER: &str = "the broker";

/// A call that came to nothing, where that is no outcome.
pub(crate) struct Refused {
    told: String,
    recorded: Option<RecordedDecision>,
}

impl Refused {
    /// It was refused to somebody.
    pub(crate) fn new(call: &ApiCall, by: &str, refusal: &Refusal, recorded: Vec<RecordedDecision>) -> Self {
        let recorded = decisive(recorded).filter(|recorded| recorded.decision.verdict != Verdict::Allowed);
        let why = match &recorded {
            Some(recorded) => normal(&recorded.decision.reason(&recorded.request)),
            None => sentence(&CallError::from(refusal.clone()).told()),
        };
        Self { told: format!("{} by {by} was refused: {why}", call.name()), recorded }
    }

    /// It could not be made.
    pub(crate) fn not_made(name: &str, by: &str, why: &str) -> Self {
        Self { told: format!("{name} by {by} could not be made: {why}"), recorded: None }
    }
}

/// The decision that an answer rests on: the first that denied, else the first of all, which is the request's own.
fn decisive(recorded: Vec<RecordedDecision>) -> Option<RecordedDecision> {
    let at = recorded.iter().position(|one| one.decision.verdict != Verdict::Allowed).unwrap_or(0);
    recorded.into_iter().nth(at)
}

/// What would change a decision, the same from run to run.
fn mends(recorded: Option<&RecordedDecision>) -> Vec<Mend> {
    let mends = recorded.map(|recorded| recorded.decision.mends(&recorded.request, &Catalog)).unwrap_or_default();
    mends.into_iter().map(|mend| Mend { says: normal(&mend.says), ..mend }).collect()
}

/// Whether an error says that something was not authorised. A HEAD's has no body and so only the status for its code.
#[must_use]
pub fn is_denial(code: &str) -> bool {
    matches!(code, "AccessDenied" | "AccessDeniedException" | "Forbidden" | "403")
}

fn sentence(text: &str) -> String {
    text.trim_end_matches(['.', ' ', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::FinishedCell;
    use crate::call::{ApiCall, Refusal};
    use crate::results::Outcome;

    fn of(status: u16, code: &str, message: &str) -> Outcome {
        let refusal = Refusal { status, code: code.to_owned(), message: message.to_owned() };
        FinishedCell::of("AWS", &ApiCall::new("s3", "GetObject", json!({})), Err(refusal), Vec::new()).outcome
    }

    #[test]
    fn an_answer_alone_tells_a_denial_from_an_error() {
        let error = |status, code: &str, message: &str| Outcome::Error {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
        };
        assert_eq!(of(403, "AccessDenied", "… because no identity-based policy allows …"), Outcome::ImplicitlyDenied);
        assert_eq!(of(403, "AccessDenied", "… with an explicit deny in a …"), Outcome::ExplicitlyDenied);
        assert_eq!(of(400, "AccessDeniedException", "…"), Outcome::ImplicitlyDenied);
        assert_eq!(of(403, "403", "Forbidden"), Outcome::ImplicitlyDenied, "the answer to a HEAD");
        assert_eq!(of(403, "SignatureDoesNotMatch", "m"), error(403, "SignatureDoesNotMatch", "m"));
        assert_eq!(of(404, "NoSuchKey", "gone"), error(404, "NoSuchKey", "gone"));
    }

    #[test]
    fn an_answer_says_whether_it_was_authorised() {
        let refusal = Refusal { status: 403, code: "SignatureDoesNotMatch".to_owned(), message: "m.".to_owned() };
        let finished = FinishedCell::of("AWS", &ApiCall::new("s3", "GetObject", json!({})), Err(refusal), Vec::new());
        assert_eq!(finished.reason, "AWS answers SignatureDoesNotMatch: m");
    }
}
