//! Who the caller is to policies.

use std::borrow::Cow;
use std::sync::Arc;

use policy::arn::Arn;
use policy::{Policy, Principal};

use crate::fault::Fault;
use crate::identities::{Attached, ResourceType};
use crate::identity::{Identity, Session, SessionKind};
use crate::tags::Tags;
use crate::world::World;

/// The caller, as GetCallerIdentity tells and access-denied messages show it.
/// docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    /// The unique id: `aws:userid`.
    pub user_id: String,
    /// The ARN of the user, the session or the root user.
    pub arn: String,
}

/// What an identity brings to a decision.
pub(crate) struct Caller<'a> {
    pub(crate) principal: Principal,
    pub(crate) user_id: Option<Cow<'a, str>>,
    /// `aws:username`
    pub(crate) user_name: Option<&'a str>,
    /// Principal tags: the role's or user's own with the session's over them.
    pub(crate) tags: Tags,
    pub(crate) identity_policies: Vec<Arc<Policy>>,
    pub(crate) boundary: Option<Arc<Policy>>,
    pub(crate) session_policies: Option<Vec<Arc<Policy>>>,
}

impl World {
    /// The caller's unique id and ARN.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    ///
    /// # Errors
    /// The credentials name nobody: none at all, a service, or somebody who is gone.
    pub fn caller_identity(&self, identity: &Identity) -> Result<CallerIdentity, Fault> {
        let of_user = |account: &str, id: &str| {
            let user = self.attached_to_user(account, id)?;
            Ok(CallerIdentity { user_id: user.id.to_owned(), arn: user.arn })
        };
        match identity {
            Identity::Root { account } => Ok(CallerIdentity {
                user_id: account.clone(),
                arn: format!("arn:{}:iam::{account}:root", self.partition()),
            }),
            Identity::User { account, id } => of_user(account, id),
            Identity::Session(session) => {
                match &session.kind {
                    SessionKind::User { id } => return of_user(&session.account, id),
                    SessionKind::Role { name, id, .. } => drop(self.attached_to_role(&session.account, name, id)?),
                    SessionKind::Federated { user: Some(id) } => drop(self.attached_to_user(&session.account, id)?),
                    SessionKind::Root | SessionKind::Federated { user: None } => {}
                }
                Ok(CallerIdentity { user_id: session.user_id.clone(), arn: session.arn.clone() })
            }
            Identity::Anonymous | Identity::Service { .. } => Err(Fault::unsigned()),
        }
    }

    /// Who the caller is to policies, with all that is attached at this moment.
    ///
    /// A session of a role or user that has been deleted is refused: its credentials name nothing any more. "Permissions
    /// assigned to temporary security credentials are evaluated each time they are used to make an AWS request."
    /// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
    pub(crate) fn caller<'a>(&'a self, identity: &'a Identity) -> Result<Caller<'a>, Fault> {
        match identity {
            Identity::Anonymous => Ok(Caller::bare(Principal::Anonymous, Some("anonymous"))),
            Identity::Service { name, .. } => Ok(Caller::bare(Principal::Service { name: name.clone() }, None)),
            Identity::Root { account } => {
                let root = Principal::Root { partition: self.partition().to_owned(), account: account.clone() };
                Ok(Caller::bare(root, Some(account.as_str())))
            }
            Identity::User { account, id } => {
                let attached = self.attached_to_user(account, id)?;
                let (principal, name) = (Principal::User { arn: attached.arn.clone() }, attached.name);
                Ok(Caller { user_name: Some(name), ..Caller::with(principal, attached.id, attached) })
            }
            Identity::Session(session) => self.session_caller(session),
        }
    }

    fn session_caller<'a>(&'a self, session: &'a Session) -> Result<Caller<'a>, Fault> {
        let account = &session.account;
        let attached = match &session.kind {
            SessionKind::Role { name, id, .. } => Some(self.attached_to_role(account, name, id)?),
            SessionKind::User { id } | SessionKind::Federated { user: Some(id) } => {
                Some(self.attached_to_user(account, id)?)
            }
            SessionKind::Root | SessionKind::Federated { user: None } => None,
        };
        let principal = session.principal(attached.as_ref().map(|attached| attached.arn.as_str()));
        let is_user = matches!(session.kind, SessionKind::User { .. });
        let user_name = attached.as_ref().filter(|_| is_user).map(|attached| attached.name);
        let mut caller = match attached {
            Some(attached) => Caller::with(principal, &session.user_id, attached),
            None => Caller::bare(principal, Some(&session.user_id)),
        };
        // A session tag replaces the role's tag of the same key, letter case ignored.
        // A federated user has the calling user's tags in the same way.
        // docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
        for (key, value) in session.tags.iter() {
            caller.tags.set_ignoring_case(key, value);
        }
        caller.session_policies.clone_from(&session.policies);
        caller.user_name = user_name;
        Ok(caller)
    }

    /// Whether an ARN names a user or role that an account here does not have, path included. Of other accounts nothing is
    /// known.
    #[must_use]
    pub fn is_nobody(&self, arn: &str) -> bool {
        let Some(parts) = Arn::parse(arn).filter(|arn| arn.service == "iam") else { return false };
        let Some(account) = self.account(parts.account) else { return false };
        let of = match parts.resource.split_once('/') {
            Some(("user", _)) => ResourceType::User,
            Some(("role", _)) => ResourceType::Role,
            _ => return false,
        };
        let name = parts.resource.rsplit('/').next().unwrap_or_default();
        account.identities.metadata(of, name).is_none_or(|metadata| metadata.arn != arn)
    }

    fn attached_to_user(&self, account: &str, id: &str) -> Result<Attached<'_>, Fault> {
        self.account(account).and_then(|account| account.identities.attached_to_user(id)).ok_or_else(Fault::unsigned)
    }

    /// A role made anew under the name is another role: its id tells.
    fn attached_to_role(&self, account: &str, name: &str, id: &str) -> Result<Attached<'_>, Fault> {
        self.account(account)
            .and_then(|account| account.identities.attached_to_role(name))
            .filter(|attached| attached.id == id)
            .ok_or_else(Fault::unsigned)
    }
}

impl<'a> Caller<'a> {
    fn bare(principal: Principal, user_id: Option<&'a str>) -> Self {
        Self {
            principal,
            user_id: user_id.map(Cow::Borrowed),
            user_name: None,
            tags: Tags::default(),
            identity_policies: Vec::new(),
            boundary: None,
            session_policies: None,
        }
    }

    fn with(principal: Principal, user_id: &'a str, attached: Attached<'_>) -> Self {
        Self {
            principal,
            user_id: Some(Cow::Borrowed(user_id)),
            user_name: None,
            tags: attached.tags.clone(),
            identity_policies: attached.policies,
            boundary: attached.boundary,
            session_policies: None,
        }
    }
}
