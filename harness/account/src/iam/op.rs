//! One call to IAM, on its way from authorisation to the state.

use jiff::Timestamp;
use serde_json::Value;

use super::entity::{Head, Iam};
use super::fault;
use super::form::Form;
use crate::{Call, Check, Fault, Filed, Identity, SessionKind, Tags, World, ids};

/// What IAM names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Group,
    Role,
    /// A managed policy; its name to the API is its ARN.
    Policy,
    InstanceProfile,
}

impl Kind {
    /// As error texts call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance profile",
        }
    }

    /// The input member that names one.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::User => "UserName",
            Self::Group => "GroupName",
            Self::Role => "RoleName",
            Self::Policy => "PolicyArn",
            Self::InstanceProfile => "InstanceProfileName",
        }
    }

    /// How its ARN's last part begins.
    const fn resource(self) -> &'static str {
        match self {
            Self::InstanceProfile => "instance-profile",
            other => other.word(),
        }
    }

    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    const fn id_prefix(self) -> &'static str {
        match self {
            Self::User => "AIDA",
            Self::Group => "AGPA",
            Self::Role => "AROA",
            Self::Policy => "ANPA",
            Self::InstanceProfile => "AIPA",
        }
    }

    /// The longest name, from the service's model.
    pub(crate) const fn longest(self) -> usize {
        match self {
            Self::User | Self::Role => 64,
            Self::Group | Self::Policy | Self::InstanceProfile => 128,
        }
    }

    /// The ARN of one with this path and name.
    pub(crate) fn arn(self, account: &str, path: &str, name: &str) -> String {
        format!("arn:aws:iam::{account}:{}{path}{name}", self.resource())
    }
}

/// One call to IAM.
pub(crate) struct Op<'w, 'c, 'i> {
    pub(crate) world: &'w mut World,
    pub(crate) call: &'c mut Call<'i>,
    /// The caller's account.
    pub(crate) account: String,
    /// `iam:PutRolePolicy`.
    pub(crate) action: &'static str,
    /// What it is about.
    pub(crate) kind: Kind,
}

impl Op<'_, '_, '_> {
    pub(crate) fn iam(&self) -> Result<&Iam, Fault> {
        self.world.account(&self.account).map(|account| &account.iam).ok_or_else(Fault::unsigned)
    }

    pub(crate) fn iam_mut(&mut self) -> Result<&mut Iam, Fault> {
        self.world.accounts.get_mut(&self.account).map(|account| &mut account.iam).ok_or_else(Fault::unsigned)
    }

    pub(crate) fn authorize(&mut self, check: Check) -> Result<(), Fault> {
        let refused = self.world.authorize(self.call, check).err();
        let of_service = self.call.decisions.last().and_then(protected_role);
        refused.map_or(Ok(()), |fault| Err(of_service.unwrap_or(fault)))
    }

    /// Lets the call go on if it may do its action on what has this name, whether that is there or not.
    pub(crate) fn authorize_on(&mut self, name: &str) -> Result<(), Fault> {
        let check = self.check_on(name)?;
        self.authorize(check)
    }

    /// Lets the call go on if it may do its action, which has no resource types.
    pub(crate) fn authorize_on_all(&mut self) -> Result<(), Fault> {
        self.authorize(Check::new(self.action, "*"))
    }

    /// The check of the call's action on what has this name.
    ///
    /// `iam:PermissionsBoundary` is the boundary that the user or role has at this moment.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_permissionsboundary
    pub(crate) fn check_on(&self, name: &str) -> Result<Check, Fault> {
        let iam = self.iam()?;
        let Some(head) = iam.head(self.kind, name) else {
            let arn = match self.kind {
                Kind::Policy => name.to_owned(),
                kind => kind.arn(&self.account, "/", name),
            };
            return Ok(Check::new(self.action, arn));
        };
        let check = Check::new(self.action, &head.arn).tagged(&head.tags);
        Ok(match iam.grants(self.kind, name).and_then(|grants| grants.boundary.as_deref()) {
            Some(boundary) => check.key("iam:PermissionsBoundary", boundary),
            None => check,
        })
    }

    /// The check of the call's action on something it is about to make. A request that makes a tagged resource
    /// carries `aws:ResourceTag` too.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
    pub(crate) fn check_making(&self, path: &str, name: &str, tags: &Tags) -> Check {
        let arn = self.kind.arn(&self.account, path, name);
        Check::new(self.action, arn).passing(tags).tagged(tags)
    }

    /// A service-linked role can be read, and is changed by its service alone.
    pub(crate) fn refuse_protected(&self, name: &str) -> Result<(), Fault> {
        let role = self.iam()?.roles.get(name).filter(|_| self.kind == Kind::Role);
        match role.filter(|role| role.is_service_linked()) {
            Some(_) => Err(fault::protected(name)),
            None => Ok(()),
        }
    }

    /// The caller as error texts name it.
    pub(crate) fn caller_arn(&self) -> String {
        match &*self.call.identity {
            Identity::User { name, .. } => {
                let user = self.iam().ok().and_then(|iam| iam.users.get(name));
                user.map_or_else(String::new, |user| user.head.arn.clone())
            }
            Identity::Session(session) => session.arn.clone(),
            Identity::Root { account } => format!("arn:aws:iam::{account}:root"),
            Identity::Anonymous | Identity::Service { .. } => "anonymous".to_owned(),
        }
    }

    /// What is newly made has.
    pub(crate) fn head(&mut self, path: String, name: String, tags: Tags) -> Head {
        let arn = self.kind.arn(&self.account, &path, &name);
        let id = ids::unique(self.call.ids, self.kind.id_prefix());
        Head { name, path, id, arn, created: self.call.now, tags }
    }

    /// The user named in the input, else the calling user; `None` for the root user.
    pub(crate) fn user_or_self(&self, named: Option<String>) -> Result<Option<String>, Fault> {
        match (named, &*self.call.identity) {
            (Some(name), _) => Ok(Some(name)),
            (None, Identity::User { name, .. }) => Ok(Some(name.clone())),
            (None, Identity::Root { .. }) => Ok(None),
            (None, Identity::Session(session)) => match &session.kind {
                SessionKind::User { name } => Ok(Some(name.clone())),
                SessionKind::Root => Ok(None),
                SessionKind::Role { .. } | SessionKind::Federated { .. } => Err(no_user()),
            },
            (None, Identity::Anonymous | Identity::Service { .. }) => Err(no_user()),
        }
    }
}

fn no_user() -> Fault {
    fault::validation("Must specify userName when calling with non-User credentials")
}

/// What answers one operation.
pub(crate) type Run = fn(&mut Op<'_, '_, '_>, Form) -> Result<Value, Fault>;

/// As IAM prints a time.
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// IAM's own error to a caller whose policies would let it change a service-linked role.
fn protected_role(filed: &Filed) -> Option<Fault> {
    let fact = filed.decision.fact.filter(|_| filed.decision.by.is_empty())?;
    let name = filed.request.resource.rsplit('/').next()?;
    ["iam-service-linked-role", "iam-service-linked-role-policies"].contains(&fact.id).then(|| fault::protected(name))
}
