//! Who the caller is to policies.

use std::borrow::Cow;
use std::sync::Arc;

use policy::{Policy, Principal};

use crate::fault::Fault;
use crate::identities::Attached;
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
        let of_user = |account: &str, name: &str| {
            let user = self.attached_to_user(account, name)?;
            Ok(CallerIdentity { user_id: user.id.to_owned(), arn: user.arn })
        };
        match identity {
            Identity::Root { account } => {
                Ok(CallerIdentity { user_id: account.clone(), arn: format!("arn:aws:iam::{account}:root") })
            }
            Identity::User { account, name } => of_user(account, name),
            Identity::Session(session) => {
                match &session.kind {
                    SessionKind::User { name } => return of_user(&session.account, name),
                    SessionKind::Role { name, id, .. } => drop(self.attached_to_role(&session.account, name, id)?),
                    SessionKind::Root | SessionKind::Federated { .. } => {}
                }
                Ok(CallerIdentity { user_id: session.user_id.clone(), arn: session.arn.clone() })
            }
            Identity::Anonymous | Identity::Service { .. } => Err(Fault::unsigned()),
        }
    }

    /// Who the caller is to policies, with all that is attached at this moment.
    ///
    /// A session of a role or user that has been deleted is refused: its credentials name nothing any more.
    pub(crate) fn caller<'a>(&'a self, identity: &'a Identity) -> Result<Caller<'a>, Fault> {
        match identity {
            Identity::Anonymous => Ok(Caller::bare(Principal::Anonymous, Some("anonymous"))),
            Identity::Service { name, .. } => Ok(Caller::bare(Principal::Service { name: name.clone() }, None)),
            Identity::Root { account } => Ok(Caller::bare(Principal::root(account.as_str()), Some(account.as_str()))),
            Identity::User { account, name } => {
                let attached = self.attached_to_user(account, name)?;
                Ok(Caller::with(Principal::User { arn: attached.arn.clone() }, attached.id, attached))
            }
            Identity::Session(session) => self.session_caller(session),
        }
    }

    fn session_caller<'a>(&'a self, session: &'a Session) -> Result<Caller<'a>, Fault> {
        let account = &session.account;
        let attached = match &session.kind {
            SessionKind::Role { name, id, .. } => Some(self.attached_to_role(account, name, id)?),
            SessionKind::User { name } => Some(self.attached_to_user(account, name)?),
            SessionKind::Federated { user: Some(name) } => Some(self.attached_to_user(account, name)?),
            SessionKind::Root | SessionKind::Federated { user: None } => None,
        };
        let principal =
            session.principal(|_| attached.as_ref().map(|attached| attached.arn.clone()).unwrap_or_default());
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
        Ok(caller)
    }

    fn attached_to_user(&self, account: &str, name: &str) -> Result<Attached<'_>, Fault> {
        self.account(account).and_then(|account| account.identities.attached_to_user(name)).ok_or_else(Fault::unsigned)
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
            tags: attached.tags.clone(),
            identity_policies: attached.policies,
            boundary: attached.boundary,
            session_policies: None,
        }
    }
}
