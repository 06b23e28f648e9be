//! Waiting for AWS, where what was made or deleted a moment ago is not yet known everywhere.
//!
//! "A change that you make in IAM … takes time to become visible from all possible endpoints", and no page says how long.
//! docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
//! "Bucket configurations have an eventual consistency model."
//! docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel

use std::time::Duration;

use matrix::call::{ApiCall, CallError, Refusal};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::client::Client;

/// How long is waited for one thing.
const LIMIT: Duration = Duration::from_secs(90);
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

/// Makes a call, again and ever more seldom for as long as its refusal says that it was too early. Nothing that is
/// observed is asked in this way, but what has to be there before.
pub(super) async fn sent(client: &Client, call: &ApiCall, early: fn(&Refusal) -> bool) -> Result<Value, CallError> {
    let mut patience = Patience::new();
    loop {
        match client.send(call).await.result {
            Err(CallError::Refused(refusal)) if early(&refusal) && patience.waits().await => {}
            other => return other,
        }
    }
}

/// The same for anything that can be asked.
pub(super) async fn until<T>(
    mut ask: impl AsyncFnMut() -> Result<T, CallError>,
    early: fn(&Refusal) -> bool,
) -> Result<T, CallError> {
    let mut patience = Patience::new();
    loop {
        match ask().await {
            Err(CallError::Refused(refusal)) if early(&refusal) && patience.waits().await => {}
            other => return other,
        }
    }
}

struct Patience {
    began: Instant,
    pause: Duration,
}

impl Patience {
    fn new() -> Self {
        Self { began: Instant::now(), pause: FIRST }
    }

    /// Waits, unless it has waited long enough.
    async fn waits(&mut self) -> bool {
        if self.began.elapsed() + self.pause >= LIMIT {
            return false;
        }
        sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}

/// Something else is still being made or deleted.
pub(super) fn is_busy(refusal: &Refusal) -> bool {
    const CODES: &[&str] =
        &["DeleteConflict", "OperationAborted", "ConcurrentModification", "EntityTemporarilyUnmodifiable"];
    CODES.contains(&refusal.code.as_str())
}

/// What the call names was made a moment ago, and is not known here yet. A policy that names somebody unknown is
/// malformed to IAM and S3.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
pub(super) fn is_early(refusal: &Refusal) -> bool {
    let unknown = ["NoSuchEntity", "NoSuchBucket"].contains(&refusal.code.as_str());
    let principal = refusal.code.starts_with("Malformed") && refusal.message.to_ascii_lowercase().contains("principal");
    unknown || principal || is_busy(refusal)
}

/// The access key is not known here yet: nothing was decided.
/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
/// docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
pub(super) fn is_unknown_key(refusal: &Refusal) -> bool {
    const CODES: &[&str] = &["InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"];
    CODES.contains(&refusal.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: &str, message: &str) -> Refusal {
        Refusal { status: 400, code: code.to_owned(), message: message.to_owned() }
    }

    #[tokio::test]
    async fn what_was_too_early_is_asked_again_and_nothing_else() {
        let check = async |code: &str, message: &str, early: fn(&Refusal) -> bool, asked: usize| {
            let mut count = 0;
            let answer = until(
                async || {
                    count += 1;
                    if count > 1 { Ok(()) } else { Err(refusal(code, message).into()) }
                },
                early,
            );
            let answer = answer.await;
            assert_eq!((count, answer.is_ok()), (asked, asked == 2), "{code}");
        };
        let invalid = "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:user/ann\"";
        tokio::join!(
            check("MalformedPolicyDocument", invalid, is_early, 2),
            check("MalformedPolicyDocument", "Syntax errors in policy.", is_early, 1),
            check("NoSuchEntity", "", is_early, 2),
            check("OperationAborted", "", is_early, 2),
            check("AccessDenied", "", is_early, 1),
            check("NoSuchEntity", "", is_busy, 1),
            check("DeleteConflict", "", is_busy, 2),
            check("InvalidClientTokenId", "", is_unknown_key, 2),
            check("InvalidAccessKeyId", "", is_unknown_key, 2),
            // A denial is what is observed.
            check("AccessDenied", "", is_unknown_key, 1),
            check("403", "Forbidden", is_unknown_key, 1),
        );
    }
}
