//! The run's own user in a real account: made first and deleted last, it stands in for ECS and tries
//! whether what was made is known.

use std::sync::{Arc, OnceLock};

use matrix::call::{ApiCall, CallError, Refusal};
use matrix::flow::Broken;
use matrix::is_denial;
use serde_json::{Value, json};

use super::allow;
use super::real_account::RealAccount;
use crate::client::Client;
use crate::error::Note;
use crate::run::patience::{is_early, is_unknown_key, sent, until};
use crate::run::stop::Stop;
use crate::run::undo::Made;

/// How often in a row a probe must succeed: each answer may come from another place.
const IN_A_ROW: usize = 3;

/// The user, and what was made for it.
pub(super) struct RunUser {
    real_account: Arc<RealAccount>,
    name: String,
    made: Made,
    user: OnceLock<(Client, String)>,
}

impl RunUser {
    /// Nothing is made yet.
    pub(super) fn new(real_account: &Arc<RealAccount>) -> Self {
        let name = format!("{}anchor", real_account.next_prefix());
        Self { real_account: real_account.clone(), name, made: Made::default(), user: OnceLock::new() }
    }

    /// Makes the user.
    pub(super) async fn create(&self) -> Result<(), Broken> {
        let of = |input: Value| {
            let mut input = input;
            input["UserName"] = json!(self.name);
            input
        };
        let user = self.make(&ApiCall::new("iam", "CreateUser", of(json!({})))).await?;
        let policy = allow("sts:AssumeRole", "Resource", &json!(self.real_account.roles())).to_string();
        let policy = json!({"PolicyName": "tagproof", "PolicyDocument": policy});
        self.make(&ApiCall::new("iam", "PutUserPolicy", of(policy))).await?;
        let key = self.make(&ApiCall::new("iam", "CreateAccessKey", of(json!({})))).await?;
        let client = self.session(&key["AccessKey"]);
        let _created = self.user.set((client, user["User"]["Arn"].as_str().unwrap_or_default().to_owned()));
        Ok(())
    }

    /// Deletes the user, and gives what could not be deleted. Where something else could not be either, the user stays
    /// without its key: it tells whose that is.
    pub(super) async fn clear(&self, all_deleted: bool) -> Vec<Note> {
        if !all_deleted {
            self.made.keep_first();
        }
        self.made.clear(|_| self.real_account.aws.client.clone()).await
    }

    /// The user's ARN.
    pub(super) fn arn(&self) -> &str {
        self.user.get().map(|(_, arn)| arn.as_str()).unwrap_or_default()
    }

    /// A session of a role that trusts the user. It is no observation, so it is asked for until AWS knows of both.
    pub(super) async fn assume(&self, call: &ApiCall, stop: &Stop) -> Result<Value, CallError> {
        let Some((user, _)) = self.user.get() else { return Err(CallError::not_sent("there is no user of ours")) };
        let ask = async || {
            stop.check()?;
            user.send(call).await.result
        };
        until(ask, not_yet).await
    }

    /// Waits until a role that was made after all else can be assumed and lists buckets: what was made before it is
    /// known then too, as far as anybody can tell.
    pub(super) async fn probe(&self, role: &str, stop: &Stop) -> Result<(), CallError> {
        let assume = json!({"RoleArn": role, "RoleSessionName": "probe", "DurationSeconds": 900});
        let assume = ApiCall::new("sts", "AssumeRole", assume);
        for _ in 0..IN_A_ROW {
            let answer = self.assume(&assume, stop).await?;
            let session = self.session(&answer["Credentials"]);
            let ask = async || {
                stop.check()?;
                session.send(&buckets()).await.result
            };
            until(ask, not_yet).await?;
        }
        Ok(())
    }

    fn session(&self, keys: &Value) -> Client {
        let text = |member: &str| keys[member].as_str();
        let (id, secret) = (text("AccessKeyId").unwrap_or_default(), text("SecretAccessKey").unwrap_or_default());
        self.real_account.aws.endpoint.with_keys(id, secret, text("SessionToken").map(str::to_owned))
    }

    async fn make(&self, call: &ApiCall) -> Result<Value, Broken> {
        let call = self.real_account.tagged(call.clone());
        let answer = sent(&self.real_account.aws.client, &call, is_early).await;
        let answer = answer.map_err(|error| Broken { call: call.name(), error })?;
        self.made.record("", &call, &answer);
        Ok(answer)
    }
}

/// Waits until AWS knows a user's key. Both are asked for what needs no answer but that: who is known is told who it is,
/// and may or may not list buckets.
pub(super) async fn is_known(key: &Client, stop: &Stop) -> Result<(), CallError> {
    for call in [ApiCall::new("sts", "GetCallerIdentity", json!({})), buckets()] {
        let ask = async || {
            stop.check()?;
            key.send(&call).await.result
        };
        match until(ask, is_unknown_key).await {
            Err(CallError::Refused(refusal)) if !is_unknown_key(&refusal) => {}
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    Ok(())
}

fn buckets() -> ApiCall {
    ApiCall::new("s3", "ListBuckets", json!({}))
}

fn not_yet(refusal: &Refusal) -> bool {
    is_denial(&refusal.code) || is_unknown_key(refusal)
}
