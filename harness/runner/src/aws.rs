//! A real AWS account, and how what runs make there is told from all else.

use matrix::call::{ApiCall, CallError};
use serde_json::json;

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
    /// The ARN of the caller.
    pub caller: String,
    pub(crate) partition: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) client: Client,
}

/// Why nothing can be done in an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AwsError {
    /// It is not known where to ask.
    #[error("no AWS region is set\n  help: set AWS_REGION, or `region` in the profile")]
    NoRegion,
    /// The text says why, after a colon, or nothing.
    #[error(
        "found no AWS credentials{0}\n  help: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; for IAM \
         Identity Center (SSO) run `eval \"$(aws configure export-credentials --format env)\"` first"
    )]
    NoCredentials(String),
    /// Nobody answers.
    #[error(
        "could not reach AWS at {place}: {why}\n  help: check the network, HTTPS_PROXY and AWS_ENDPOINT_URL; nothing was \
         made"
    )]
    Unreachable {
        /// The endpoint's URL.
        place: String,
        /// What came of it.
        why: String,
    },
    /// AWS does not take the credentials.
    #[error(
        "AWS does not accept these credentials: {0}\n  help: renew them, or choose others with AWS_PROFILE; nothing was \
         made"
    )]
    Refused(String),
    /// The credentials are somebody's in another account.
    #[error(
        "these credentials are of account {account} ({caller}), and --i-own-this-account says {own}; nothing was made\n  \
         help: choose other credentials, with AWS_PROFILE for instance, or pass --i-own-this-account {account}"
    )]
    OtherAccount {
        /// The account that was named.
        own: String,
        /// The account that AWS says the credentials are of.
        account: String,
        /// The ARN of the caller.
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
        let (endpoint, client) = Endpoint::of_chain(environment).await?;
        let asked = client.send(&ApiCall::new("sts", "GetCallerIdentity", json!({}))).await.result;
        let answer = asked.map_err(|error| match error {
            CallError::Refused(_) => AwsError::Refused(error.told()),
            error => AwsError::Unreachable { place: endpoint.of_sts(), why: error.told() },
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
