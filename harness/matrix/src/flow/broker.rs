//! What a broker does for a caller that comes to it: have the signed sts:GetCallerIdentity answered, read the task's id from
//! the session's name, look at the task, and assume the role it hands out.
//!
//! What is signed can be had answered by everybody who has it, as long as it is fresh: "in most cases, a request must
//! reach AWS within five minutes of the time stamp in the request."
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html

use serde_json::{Value, json};

use super::keys::read_keys;
use super::refusal::NotAdmitted;
use super::start::refused;
use super::{Broken, Carrier, Sent, broken};
use crate::call::{ApiCall, tag_list};
use crate::outcome::FinishedCell;
use crate::plan::Environment;
use crate::prepared::Broker;
use crate::scenario::{Binds, SignedFor, Tags};

/// What ties a signed request to the one whom it was signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The name of a service.
    Audience(String),
    /// What was given out for one conversation.
    Nonce(String),
}

/// What a signed request is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// By its signature.
    pub signed: Option<Bound>,
    /// By what stands beside that, and the signature does not cover.
    pub unsigned: Option<Bound>,
}

/// How the broker calls itself.
const BROKER: &str = "broker";

/// A broker at work.
pub(super) struct RunningBroker<'a, C: Carrier> {
    pub(super) carrier: &'a C,
    pub(super) environment: &'a Environment,
    pub(super) broker: &'a Broker,
    pub(super) keys: C::Keys,
}

/// Keys, or why the broker gives none.
type HandedOut<K> = Result<K, FinishedCell>;

impl<C: Carrier> RunningBroker<'_, C> {
    /// What somebody signs who has come to this broker.
    pub(super) async fn proof(&self, own: &C::Keys, who: &str) -> Result<C::Proof, Broken> {
        self.signed(own, self.wanted(who).as_ref()).await
    }

    /// Looks at what somebody in the conversation `who` presents.
    pub(super) async fn ask(&self, proof: &C::Proof, who: &str) -> Result<HandedOut<C::Keys>, Broken> {
        if let Err(why) = self.check(proof, who) {
            return Ok(Err(FinishedCell::not_admitted(&why, None)));
        }
        let call = ApiCall::new("sts", "GetCallerIdentity", json!({}));
        let Sent { result, recorded } = self.carrier.present(&self.keys, proof).await;
        let arn = match result {
            Ok(answer) => answer["Arn"].as_str().unwrap_or_default().to_owned(),
            Err(refusal) => return Ok(Err(refused(self.carrier, &call, refusal, recorded)?.of_broker())),
        };
        match self.task_id(&arn) {
            Ok(id) => self.look_at(id).await,
            Err(why) => Ok(Err(FinishedCell::not_admitted(&why, None))),
        }
    }

    /// Somebody presents what another has signed for another service, which asked for nothing of this broker's, or for
    /// this one in another conversation. What the signature does not cover can be added to it.
    pub(super) async fn captured(
        &self,
        own: &C::Keys,
        signed_for: SignedFor,
        signer: &str,
    ) -> Result<HandedOut<C::Keys>, Broken> {
        let stranger = "a stranger";
        let bound = match signed_for {
            SignedFor::Broker => self.wanted(signer),
            SignedFor::Elsewhere => None,
        };
        let mut proof = self.signed(own, bound.as_ref()).await?;
        if let Some(wanted) = self.wanted(stranger) {
            self.carrier.add_unsigned(&mut proof, &wanted);
        }
        self.ask(&proof, stranger).await
    }

    async fn signed(&self, own: &C::Keys, bound: Option<&Bound>) -> Result<C::Proof, Broken> {
        let call = "sts:GetCallerIdentity".to_owned();
        self.carrier.sign(own, bound).await.map_err(|error| Broken { call, error })
    }

    /// What a request must be bound to in a conversation. Nobody here guesses nonces; a real one must be by chance.
    fn wanted(&self, who: &str) -> Option<Bound> {
        match self.broker.binds? {
            Binds::Nonce => Some(Bound::Nonce(format!("for {who}"))),
            Binds::Audience | Binds::UnsignedAudience => Some(Bound::Audience(BROKER.to_owned())),
        }
    }

    fn check(&self, proof: &C::Proof, who: &str) -> Result<(), NotAdmitted> {
        let Some(wanted) = self.wanted(who) else { return Ok(()) };
        let Bounds { signed, unsigned } = self.carrier.bounds(proof);
        let shown = if self.broker.binds == Some(Binds::UnsignedAudience) { signed.or(unsigned) } else { signed };
        match (shown, &wanted) {
            (Some(shown), wanted) if shown == *wanted => Ok(()),
            (Some(_), _) => Err(NotAdmitted::OtherNonce),
            (None, Bound::Nonce(_)) => Err(NotAdmitted::NoNonce),
            (None, Bound::Audience(_)) => Err(NotAdmitted::NoAudience),
        }
    }

    /// The session's name, which is the task's id if ECS made the session. The role's path is no part of the ARN.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    fn task_id<'s>(&self, arn: &'s str) -> Result<&'s str, NotAdmitted> {
        let session = format!("arn:{}:sts::{}:assumed-role/", self.environment.partition, self.environment.account);
        let session = arn.strip_prefix(&session).and_then(|rest| rest.split_once('/'));
        let (role, name) = session.ok_or_else(|| NotAdmitted::NoSession { arn: arn.to_owned() })?;
        match self.broker.task_role.as_deref().and_then(|arn| arn.rsplit('/').next()) {
            Some(wanted) if wanted != role => {
                Err(NotAdmitted::OtherRole { wanted: wanted.to_owned(), role: role.to_owned() })
            }
            _ => Ok(name),
        }
    }

    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    async fn look_at(&self, id: &str) -> Result<HandedOut<C::Keys>, Broken> {
        let mut input = json!({"tasks": [id], "include": ["TAGS"]});
        if let Some(cluster) = &self.broker.cluster {
            input["cluster"] = json!(cluster);
        }
        let call = ApiCall::new("ecs", "DescribeTasks", input);
        let Sent { result, recorded } = self.carrier.send(&self.keys, &call).await;
        match result {
            Err(refusal) => Ok(Err(refused(self.carrier, &call, refusal, recorded)?.of_broker())),
            Ok(answer) => match self.fits(&answer["tasks"][0]) {
                Ok(()) => self.hand_out(id, &answer["tasks"][0]).await,
                Err(why) => Ok(Err(FinishedCell::not_admitted(&why, recorded.into_iter().next()))),
            },
        }
    }

    /// Whether a task is as the broker needs it.
    fn fits(&self, task: &Value) -> Result<(), NotAdmitted> {
        if task.is_null() {
            let cluster = self.broker.cluster.as_deref().unwrap_or("default");
            return Err(NotAdmitted::NoTask { cluster: cluster.to_owned() });
        }
        let needs = &self.broker.needs;
        if let Some(wanted) = &needs.last_status
            && task["lastStatus"] != wanted.as_str()
        {
            let status = task["lastStatus"].as_str().unwrap_or("unknown").to_owned();
            return Err(NotAdmitted::Status { status, wanted: wanted.clone() });
        }
        for (key, wanted) in &needs.tags {
            let mut tags = task["tags"].as_array().into_iter().flatten();
            let tag = tags.find(|tag| tag["key"] == key.as_str()).and_then(|tag| tag["value"].as_str());
            if tag != Some(wanted) {
                let tag = tag.map(str::to_owned);
                return Err(NotAdmitted::Tag { key: key.clone(), tag, wanted: wanted.clone() });
            }
        }
        Ok(())
    }

    /// A session named by the task's id, as ECS names its own.
    async fn hand_out(&self, id: &str, task: &Value) -> Result<HandedOut<C::Keys>, Broken> {
        let mut input = json!({"RoleArn": self.broker.role_arn, "RoleSessionName": id});
        let copied = |tag: &&Value| self.broker.copies.iter().any(|key| tag["key"] == key.as_str());
        let tags = task["tags"].as_array().into_iter().flatten().filter(copied);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let tags: Tags = tags.map(|tag| (text(&tag["key"]), text(&tag["value"]))).collect();
        if !tags.is_empty() {
            input["Tags"] = tag_list(&tags);
        }
        if let Some(policy) = &self.broker.session_policy {
            input["Policy"] = json!(policy.to_string());
        }
        let call = ApiCall::new("sts", "AssumeRole", input);
        let Sent { result, recorded } = self.carrier.send(&self.keys, &call).await;
        match result {
            Ok(answer) => {
                read_keys(self.carrier, &answer["Credentials"]).map(Ok).map_err(|refusal| broken(&call, refusal))
            }
            Err(refusal) => Ok(Err(refused(self.carrier, &call, refusal, recorded)?.of_broker())),
        }
    }
}
