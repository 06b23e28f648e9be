//! What an account's IAM holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use policy::Policy;
use policy::arn::Arn;

use super::fault;
use super::managed::{Aws, Managed};
use super::op::Kind;
use crate::authorize::Attached;
use crate::{Check, Fault, Tags, World};

/// What an account's IAM holds.
#[derive(Clone, Debug, Default)]
pub struct Iam {
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) roles: BTreeMap<String, Role>,
    /// Customer managed policies by ARN.
    pub(crate) policies: BTreeMap<String, Managed>,
    /// AWS managed policies that have been attached somewhere, by ARN.
    pub(crate) aws: BTreeMap<String, Aws>,
    pub(crate) profiles: BTreeMap<String, Profile>,
    /// Access keys of the root user that were made here.
    pub(crate) root_keys: Vec<Key>,
}

/// What everything with a name has.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) path: String,
    /// The unique id: `AIDA…`, `AROA…`.
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: Timestamp,
    pub(crate) tags: Tags,
}

/// What users, groups and roles have in common: policies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grants {
    /// Inline policies by name.
    pub(crate) inline: BTreeMap<String, Inline>,
    /// ARNs of attached managed policies, in the order of attachment.
    pub(crate) managed: Vec<String>,
    /// The ARN of the managed policy that is the permissions boundary.
    pub(crate) boundary: Option<String>,
}

/// An inline policy, as written and compiled.
#[derive(Clone, Debug)]
pub(crate) struct Inline {
    pub(crate) text: String,
    pub(crate) policy: Arc<Policy>,
}

/// An IAM user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) head: Head,
    pub(crate) grants: Grants,
    /// Names of the groups it is in, in the order of joining.
    pub(crate) groups: Vec<String>,
    pub(crate) keys: Vec<Key>,
}

/// A long-term access key; its secret is with the world's credentials.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) active: bool,
}

/// A group of users.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) head: Head,
    pub(crate) grants: Grants,
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) head: Head,
    pub(crate) grants: Grants,
    pub(crate) trust: Inline,
    pub(crate) description: Option<String>,
    /// Seconds.
    pub(crate) max_session_duration: i64,
}

/// An instance profile.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) head: Head,
    /// The name of the one role it can hold.
    pub(crate) role: Option<String>,
}

/// A role, to whoever lets it be assumed or passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assumable<'a> {
    /// The role's account.
    pub(crate) account: &'a str,
    /// Its name, without path.
    pub(crate) name: &'a str,
    /// Its ARN, path included.
    pub(crate) arn: &'a str,
    /// Its unique id: `AROA…`.
    pub(crate) id: &'a str,
    /// Its trust policy, compiled as [`policy::Kind::Trust`].
    pub(crate) trust: &'a Arc<Policy>,
    /// Its tags.
    pub(crate) tags: &'a Tags,
    /// `MaxSessionDuration` in seconds.
    pub(crate) max_session_duration: i64,
}

impl World {
    /// The role with exactly this ARN, path included, in whichever of the accounts.
    pub(crate) fn role_by_arn(&self, arn: &str) -> Option<Assumable<'_>> {
        let account = Arn::parse(arn).filter(|arn| arn.service == "iam")?.account;
        let account = self.account(account)?;
        let role = account.iam.roles.get(arn.rsplit('/').next()?).filter(|role| role.head.arn == arn)?;
        Some(Assumable {
            account: &account.id,
            name: &role.head.name,
            arn: &role.head.arn,
            id: &role.head.id,
            trust: &role.trust.policy,
            tags: &role.head.tags,
            max_session_duration: role.max_session_duration,
        })
    }
}

/// The check with what IAM holds of the user, the role or the policy that it is about: its tags and its boundary. Where
/// the role is to be assumed, its trust policy is its policy.
pub(crate) fn held(world: &World, check: Check) -> Check {
    let resource = check.resource.clone();
    let Some(arn) = Arn::parse(&resource) else { return check };
    let Some(iam) = world.account(arn.account).map(|account| &account.iam) else { return check };
    let name = arn.resource.rsplit('/').next().unwrap_or_default();
    let (kind, name) = match arn.resource.split('/').next() {
        Some("user") => (Kind::User, name),
        Some("role") => (Kind::Role, name),
        Some("policy") => (Kind::Policy, resource.as_str()),
        Some("instance-profile") => (Kind::InstanceProfile, name),
        _ => return check,
    };
    let Some(head) = iam.head(kind, name).filter(|head| head.arn == resource) else { return check };
    let mut check = check.tagged(&head.tags);
    if let Some(boundary) = iam.grants(kind, name).and_then(|grants| grants.boundary.as_deref()) {
        check = check.key("iam:PermissionsBoundary", boundary);
    }
    let role = iam.roles.get(name).filter(|_| kind == Kind::Role && check.action.starts_with("sts:"));
    match role {
        Some(role) => check.guarded_by(Some(role.trust.policy.clone())),
        None => check,
    }
}

impl Iam {
    /// What a user may do at this moment; `None` if there is no such user.
    pub(crate) fn attached_to_user(&self, _account: &str, name: &str) -> Option<Attached<'_>> {
        let user = self.users.get(name)?;
        let groups = user.groups.iter().filter_map(|group| self.groups.get(group)).map(|group| &group.grants);
        Some(self.attached(&user.head, &user.grants, groups))
    }

    /// What a role may do at this moment; `None` if there is no such role.
    pub(crate) fn attached_to_role(&self, _account: &str, name: &str) -> Option<Attached<'_>> {
        let role = self.roles.get(name)?;
        Some(self.attached(&role.head, &role.grants, []))
    }

    fn attached<'a>(
        &'a self,
        head: &'a Head,
        grants: &'a Grants,
        groups: impl IntoIterator<Item = &'a Grants>,
    ) -> Attached<'a> {
        let mut policies = Vec::with_capacity(grants.inline.len() + grants.managed.len());
        for grants in std::iter::once(grants).chain(groups) {
            policies.extend(self.identity_policies(grants).cloned());
        }
        let boundary = grants.boundary.as_deref().and_then(|arn| self.as_boundary(arn)).cloned();
        Attached { arn: head.arn.clone(), id: &head.id, tags: &head.tags, policies, boundary }
    }

    /// The compiled inline and managed policies of one entity.
    pub(crate) fn identity_policies<'a>(&'a self, grants: &'a Grants) -> impl Iterator<Item = &'a Arc<Policy>> {
        let inline = grants.inline.values().map(|inline| &inline.policy);
        inline.chain(grants.managed.iter().filter_map(|arn| self.as_identity(arn)))
    }
}

impl Role {
    /// Whether it is a service's own role.
    pub(crate) fn is_service_linked(&self) -> bool {
        self.head.path.starts_with(SERVICE_LINKED)
    }
}

/// The path of service-linked roles; no other role can have it.
pub(crate) const SERVICE_LINKED: &str = "/aws-service-role/";

/// By kind and name.
impl Iam {
    pub(crate) fn head(&self, kind: Kind, name: &str) -> Option<&Head> {
        match kind {
            Kind::User => self.users.get(name).map(|user| &user.head),
            Kind::Group => self.groups.get(name).map(|group| &group.head),
            Kind::Role => self.roles.get(name).map(|role| &role.head),
            Kind::Policy => self.policies.get(name).map(|policy| &policy.head),
            Kind::InstanceProfile => self.profiles.get(name).map(|profile| &profile.head),
        }
    }

    pub(crate) fn head_mut(&mut self, kind: Kind, name: &str) -> Result<&mut Head, Fault> {
        let head = match kind {
            Kind::User => self.users.get_mut(name).map(|user| &mut user.head),
            Kind::Group => self.groups.get_mut(name).map(|group| &mut group.head),
            Kind::Role => self.roles.get_mut(name).map(|role| &mut role.head),
            Kind::Policy => self.policies.get_mut(name).map(|policy| &mut policy.head),
            Kind::InstanceProfile => self.profiles.get_mut(name).map(|profile| &mut profile.head),
        };
        head.ok_or_else(|| fault::missing(kind, name))
    }

    pub(crate) fn grants(&self, kind: Kind, name: &str) -> Option<&Grants> {
        match kind {
            Kind::User => self.users.get(name).map(|user| &user.grants),
            Kind::Group => self.groups.get(name).map(|group| &group.grants),
            Kind::Role => self.roles.get(name).map(|role| &role.grants),
            Kind::Policy | Kind::InstanceProfile => None,
        }
    }

    pub(crate) fn grants_mut(&mut self, kind: Kind, name: &str) -> Result<&mut Grants, Fault> {
        let grants = match kind {
            Kind::User => self.users.get_mut(name).map(|user| &mut user.grants),
            Kind::Group => self.groups.get_mut(name).map(|group| &mut group.grants),
            Kind::Role => self.roles.get_mut(name).map(|role| &mut role.grants),
            Kind::Policy | Kind::InstanceProfile => None,
        };
        grants.ok_or_else(|| fault::missing(kind, name))
    }

    /// Every user, group and role with its policies, by kind and name.
    pub(crate) fn all_grants(&self) -> impl Iterator<Item = (Kind, &Head, &Grants)> {
        let users = self.users.values().map(|user| (Kind::User, &user.head, &user.grants));
        let groups = self.groups.values().map(|group| (Kind::Group, &group.head, &group.grants));
        let roles = self.roles.values().map(|role| (Kind::Role, &role.head, &role.grants));
        users.chain(groups).chain(roles)
    }

    /// Refuses a name that is taken. Names are not distinguished by letter case, nor by path.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
    pub(crate) fn refuse_taken(&self, kind: Kind, name: &str) -> Result<(), Fault> {
        fn has<T>(map: &BTreeMap<String, T>, name: &str) -> bool {
            map.keys().any(|known| known.eq_ignore_ascii_case(name))
        }
        let taken = match kind {
            Kind::User => has(&self.users, name),
            Kind::Group => has(&self.groups, name),
            Kind::Role => has(&self.roles, name),
            Kind::Policy => self.policies.values().any(|policy| policy.head.name.eq_ignore_ascii_case(name)),
            Kind::InstanceProfile => has(&self.profiles, name),
        };
        if taken { Err(fault::taken(kind, name)) } else { Ok(()) }
    }
}
