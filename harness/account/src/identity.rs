//! Who calls, and the keys they sign with.

use std::sync::Arc;

use jiff::Timestamp;
use policy::{Policy, Principal};

use crate::tags::Tags;

/// Who makes a call. What they may do is looked up when they call: a policy attached a moment ago counts.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Nobody signed.
    Anonymous,
    /// The root user of an account.
    Root {
        /// The account's id.
        account: String,
    },
    /// An IAM user with a long-term key.
    User {
        /// The account's id.
        account: String,
        /// The user's unique id: a user made anew under the name is another user.
        id: String,
    },
    /// Temporary credentials.
    Session(Arc<Session>),
    /// An AWS service on its own behalf, such as `ecs-tasks.amazonaws.com` when it assumes a task's role.
    Service {
        /// The service principal.
        name: String,
        /// `aws:SourceArn`: the resource for which it acts.
        source_arn: Option<String>,
        /// `aws:SourceAccount`: the account of that resource.
        source_account: Option<String>,
    },
}

/// What STS remembers of temporary credentials.
#[derive(Clone, Debug)]
pub struct Session {
    /// The account whose credentials these are.
    pub account: String,
    /// Of what they are a session.
    pub kind: SessionKind,
    /// The session's ARN: `arn:aws:sts::…:assumed-role/ROLE/SESSION` and the like.
    pub arn: String,
    /// `aws:userid`: `AROA…:SESSION` and the like.
    pub user_id: String,
    /// Session policies, inline first; `None` when none was passed, which restricts nothing.
    pub policies: Option<Vec<Arc<Policy>>>,
    /// Session tags, inherited transitive ones included; keys are unique ignoring letter case.
    pub tags: Tags,
    /// Keys of the tags that pass on when this session assumes a role.
    pub transitive: Vec<String>,
    /// `aws:SourceIdentity`, which passes on unchanged.
    pub source_identity: Option<String>,
    /// When it was issued.
    pub issued: Timestamp,
    /// Whether MFA was used: `aws:MultiFactorAuthPresent`.
    pub mfa: bool,
}

/// Of what a session is a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// AssumeRole and its siblings: the role's name.
    Role {
        /// The role's name in the session's account.
        name: String,
        /// The role's unique id: a role made anew under the name is another role.
        id: String,
        /// The role's ARN, path included.
        arn: String,
    },
    /// GetSessionToken: the user's own identity with temporary keys.
    User {
        /// The user's unique id.
        id: String,
    },
    /// GetSessionToken by the root user.
    Root,
    /// GetFederationToken: limited by the user who called it.
    Federated {
        /// The calling user's unique id; `None` for the root user.
        user: Option<String>,
    },
}

/// An access key and whose it is.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The secret access key.
    pub secret: String,
    /// The session token that must come with it.
    pub token: Option<String>,
    /// When temporary credentials end.
    pub expires: Option<Timestamp>,
    /// An inactive key is known and refused.
    pub active: bool,
    /// Whose it is.
    pub identity: Arc<Identity>,
}

impl Identity {
    /// The account that the caller belongs to; `None` for nobody and for services.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Anonymous | Self::Service { .. } => None,
            Self::Root { account } | Self::User { account, .. } => Some(account),
            Self::Session(session) => Some(&session.account),
        }
    }

    /// The session, for temporary credentials.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            _ => None,
        }
    }
}

impl Session {
    /// As policies see the caller. `user` is the ARN of the user behind a session.
    pub(crate) fn principal(&self, user: Option<&str>) -> Principal {
        match &self.kind {
            SessionKind::Role { arn, .. } => {
                Principal::RoleSession { role: Some(arn.clone()), session: self.arn.clone() }
            }
            SessionKind::User { .. } => Principal::User { arn: user.unwrap_or_default().to_owned() },
            SessionKind::Root => Principal::Root {
                partition: policy::arn::partition(&self.arn).unwrap_or("aws").to_owned(),
                account: self.account.clone(),
            },
            SessionKind::Federated { .. } => {
                Principal::FederatedUser { arn: self.arn.clone(), user: user.map(str::to_owned) }
            }
        }
    }
}
