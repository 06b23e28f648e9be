//! A real AWS account, and how what runs make there is told from all else.

use serde_json::json;

use crate::api::ApiCall;
use crate::client::{Client, Endpoint};

/// What the name of everything begins with that a run makes in a real account.
pub(crate) const PREFIX: &str = "tagproof-";

/// The tag that says which run has made something.
pub(crate) const TAG: &str = "tagproof:run";

/// An AWS account, and somebody in it who may make and delete what scenarios need.
#[derive(Clone, Debug)]
pub struct Aws {
    /// Its 12 digits.
    pub account: String,
    /// The region of buckets and task definitions.
    pub region: String,
    /// The ARN of whoever calls.
    pub caller: String,
    pub(crate) partition: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) client: Client,
}

/// Why nothing can be done in an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AwsError {
    /// There are no credentials or no region, or AWS does not take them.
    #[error("AWS cannot be asked: {0}")]
    Unreachable(String),
    /// The credentials are somebody's in another account.
    #[error(
        "these credentials are of account {account} ({caller}), and --i-own-this-account says {own}; nothing was made. \
         Choose others, with AWS_PROFILE for instance, or name the account that is meant"
    )]
    OtherAccount {
        /// The account that is owned to.
        own: String,
        /// The account that AWS says the credentials are of.
        account: String,
        /// The ARN of whoever they are.
        caller: String,
    },
}

impl Aws {
    /// The account of the credentials that the SDKs' default chain finds: environment, profile, container, instance.
    /// It honours `AWS_ENDPOINT_URL` and its kind. `None` is this process's own environment; another has no files.
    ///
    /// # Errors
    /// There are no credentials or no region, AWS does not take them, or they are of another account than `own`.
    pub async fn find(environment: Option<&[(&str, &str)]>, own: &str) -> Result<Self, AwsError> {
        let (endpoint, client) = Endpoint::of_chain(environment).await.map_err(AwsError::Unreachable)?;
        let asked = client.send(&ApiCall::new("sts", "GetCallerIdentity", json!({}))).await.result;
        let answer = asked.map_err(|refusal| {
            AwsError::Unreachable(format!("sts:GetCallerIdentity: {}: {}", refusal.code, refusal.message))
        })?;
        let text = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
        let (account, caller) = (text("Account"), text("Arn"));
        if account != own {
            return Err(AwsError::OtherAccount { own: own.to_owned(), account, caller });
        }
        let partition = caller.split(':').nth(1).unwrap_or("aws").to_owned();
        Ok(Self { account, region: endpoint.region().to_owned(), caller, partition, endpoint, client })
    }
}

/// The run in a name that a run has given: `tagproof-RUN-NUMBER-NAME`.
pub(crate) fn run_of(name: &str) -> Option<&str> {
    let (run, rest) = name.strip_prefix(PREFIX)?.split_once('-')?;
    let (number, _) = rest.split_once('-')?;
    let lower = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    let is_run = run.len() == 8 && run.bytes().all(lower);
    (is_run && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_run_has_named_is_a_runs() {
        for (name, run) in [
            ("tagproof-a1b2c3d4-12-reports", Some("a1b2c3d4")),
            ("tagproof-a1b2c3d4-1-", Some("a1b2c3d4")),
            ("tagproof-a1b2c3d4-reports", None),
            ("tagproof-A1b2c3d4-1-reports", None),
            ("tagproof-a1b2c3d-1-reports", None),
            ("tagproof-canary", None),
            ("my-tagproof-a1b2c3d4-1-reports", None),
            ("tagproof-", None),
        ] {
            assert_eq!(run_of(name), run, "{name}");
        }
    }
}
