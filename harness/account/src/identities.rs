//! What an account's IAM holds: the state that every decision reads.
//!
//! Policies are compiled when they are written, so that [`Identities::attached_to_user`] and
//! [`Identities::attached_to_role`], which run on every request of every service, only hand out what is there.

mod grants;
mod managed;
mod metadata;
mod resource_type;
mod users;

use std::collections::BTreeMap;
use std::sync::Arc;

use policy::{Document, Policy};

use crate::tags::Tags;

pub use grants::{Grants, Inline};
pub use managed::{Aws, Compiled, Managed, Version};
pub use metadata::Metadata;
pub use resource_type::ResourceType;
pub use users::{Key, User, Users};

/// The users, groups, roles, managed policies and instance profiles of one account.
#[derive(Clone, Debug, Default)]
pub struct Identities {
    /// Users.
    pub users: Users,
    /// Groups by name.
    pub groups: BTreeMap<String, Group>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Customer managed policies by ARN.
    pub policies: BTreeMap<String, Managed>,
    /// AWS managed policies that have been attached somewhere, by ARN.
    pub aws: BTreeMap<String, Aws>,
    /// Instance profiles by name.
    pub profiles: BTreeMap<String, Profile>,
    /// Access keys of the root user that were made here.
    pub root_keys: Vec<Key>,
}

/// A group of users.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is called.
    pub metadata: Metadata,
    /// Its policies.
    pub grants: Grants,
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// What it is called.
    pub metadata: Metadata,
    /// Its policies.
    pub grants: Grants,
    /// Its trust policy, compiled as [`policy::Kind::Trust`].
    pub trust: Inline,
    /// `Description`
    pub description: Option<String>,
    /// `MaxSessionDuration` in seconds.
    pub max_session_duration: i64,
}

/// An instance profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What it is called.
    pub metadata: Metadata,
    /// The name of the one role it can hold.
    pub role: Option<String>,
}

/// What is attached to a user or a role.
#[derive(Clone, Debug)]
pub struct Attached<'a> {
    /// The name of the user or the role.
    pub name: &'a str,
    /// Its ARN.
    pub arn: String,
    /// Its unique id.
    pub id: &'a str,
    /// Its own tags.
    pub tags: &'a Tags,
    /// Inline and managed, a user's groups' included.
    pub policies: Vec<Arc<Policy>>,
    /// The permissions boundary.
    pub boundary: Option<Arc<Policy>>,
}

/// The path of service-linked roles; no other role can have it.
pub const SERVICE_LINKED: &str = "/aws-service-role/";

impl Role {
    /// Whether it is a service's own role.
    #[must_use]
    pub fn is_service_linked(&self) -> bool {
        self.metadata.path.starts_with(SERVICE_LINKED)
    }
}

impl Identities {
    /// What the user with a unique id may do at this moment; `None` if there is no such user.
    #[must_use]
    pub fn attached_to_user(&self, id: &str) -> Option<Attached<'_>> {
        let user = self.users.with_id(id)?;
        let groups = user.groups.iter().filter_map(|group| self.groups.get(group)).map(|group| &group.grants);
        Some(self.attached(&user.metadata, &user.grants, groups))
    }

    /// What a role may do at this moment; `None` if there is no such role.
    #[must_use]
    pub fn attached_to_role(&self, name: &str) -> Option<Attached<'_>> {
        let role = self.roles.get(name)?;
        Some(self.attached(&role.metadata, &role.grants, []))
    }

    fn attached<'a>(
        &'a self,
        metadata: &'a Metadata,
        grants: &'a Grants,
        groups: impl IntoIterator<Item = &'a Grants>,
    ) -> Attached<'a> {
        let mut policies = Vec::with_capacity(grants.inline.len() + grants.managed.len());
        for grants in std::iter::once(grants).chain(groups) {
            policies.extend(self.identity_policies(grants).cloned());
        }
        let boundary = grants.boundary.as_deref().and_then(|arn| self.as_boundary(arn)).cloned();
        let Metadata { name, arn, id, tags, .. } = metadata;
        Attached { name, arn: arn.clone(), id, tags, policies, boundary }
    }

    /// The compiled inline and managed policies of one entity.
    pub fn identity_policies<'a>(&'a self, grants: &'a Grants) -> impl Iterator<Item = &'a Arc<Policy>> {
        let inline = grants.inline.values().map(|inline| &inline.policy);
        inline.chain(grants.managed.iter().filter_map(|arn| self.as_identity(arn)))
    }
}

/// Of managed policies.
impl Identities {
    /// A managed policy to grant with.
    #[must_use]
    pub fn as_identity(&self, arn: &str) -> Option<&Arc<Policy>> {
        self.compiled(arn).map(|compiled| &compiled.identity)
    }

    /// A managed policy as a permissions boundary.
    #[must_use]
    pub fn as_boundary(&self, arn: &str) -> Option<&Arc<Policy>> {
        self.compiled(arn).map(|compiled| &compiled.boundary)
    }

    fn compiled(&self, arn: &str) -> Option<&Compiled> {
        let own = self.policies.get(arn).map(|policy| &policy.compiled);
        own.or_else(|| self.aws.get(arn).map(|policy| &policy.compiled))
    }

    /// Makes a managed policy ready for use; `false` if there is none with that ARN.
    pub fn ready(&mut self, arn: &str) -> bool {
        if self.compiled(arn).is_some() {
            return true;
        }
        let Some(policy) = catalog::managed::get(arn) else { return false };
        let Some(document) = Document::read_json(policy.document, policy::Kind::Identity).0 else { return false };
        self.aws.insert(arn.to_owned(), Aws { name: policy.name, compiled: Compiled::new(arn, &document) });
        true
    }

    /// The name of a managed policy that is in use.
    #[must_use]
    pub fn policy_name<'a>(&'a self, arn: &'a str) -> &'a str {
        let own = self.policies.get(arn).map(|policy| policy.metadata.name.as_str());
        own.or_else(|| self.aws.get(arn).map(|policy| policy.name)).unwrap_or(arn)
    }

    /// The default version's document of a managed policy, the account's own or AWS's.
    #[must_use]
    pub fn policy_text(&self, arn: &str) -> Option<&str> {
        let own = self.policies.get(arn).map(Managed::text);
        own.or_else(|| catalog::managed::get(arn).map(|policy| policy.document))
    }

    /// How many users, groups and roles a policy is attached to, and for how many it is the boundary.
    #[must_use]
    pub fn uses(&self, arn: &str) -> Uses {
        let attached = self.all_grants().filter(|(.., grants)| grants.managed.iter().any(|managed| managed == arn));
        let bounds = self.all_grants().filter(|(.., grants)| grants.boundary.as_deref() == Some(arn));
        Uses { attachments: attached.count(), boundaries: bounds.count() }
    }
}

/// How often a managed policy is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// `AttachmentCount`
    pub attachments: usize,
    /// `PermissionsBoundaryUsageCount`
    pub boundaries: usize,
}

/// By type and name.
impl Identities {
    /// What a resource is called; `None` if there is none of this name.
    #[must_use]
    pub fn metadata(&self, of: ResourceType, name: &str) -> Option<&Metadata> {
        match of {
            ResourceType::User => self.users.get(name).map(|user| &user.metadata),
            ResourceType::Group => self.groups.get(name).map(|group| &group.metadata),
            ResourceType::Role => self.roles.get(name).map(|role| &role.metadata),
            ResourceType::Policy => self.policies.get(name).map(|policy| &policy.metadata),
            ResourceType::InstanceProfile => self.profiles.get(name).map(|profile| &profile.metadata),
        }
    }

    /// The same, to change.
    pub fn metadata_mut(&mut self, of: ResourceType, name: &str) -> Option<&mut Metadata> {
        match of {
            ResourceType::User => self.users.get_mut(name).map(|user| &mut user.metadata),
            ResourceType::Group => self.groups.get_mut(name).map(|group| &mut group.metadata),
            ResourceType::Role => self.roles.get_mut(name).map(|role| &mut role.metadata),
            ResourceType::Policy => self.policies.get_mut(name).map(|policy| &mut policy.metadata),
            ResourceType::InstanceProfile => self.profiles.get_mut(name).map(|profile| &mut profile.metadata),
        }
    }

    /// The policies of a user, group or role.
    #[must_use]
    pub fn grants(&self, of: ResourceType, name: &str) -> Option<&Grants> {
        match of {
            ResourceType::User => self.users.get(name).map(|user| &user.grants),
            ResourceType::Group => self.groups.get(name).map(|group| &group.grants),
            ResourceType::Role => self.roles.get(name).map(|role| &role.grants),
            ResourceType::Policy | ResourceType::InstanceProfile => None,
        }
    }

    /// The same, to change.
    pub fn grants_mut(&mut self, of: ResourceType, name: &str) -> Option<&mut Grants> {
        match of {
            ResourceType::User => self.users.get_mut(name).map(|user| &mut user.grants),
            ResourceType::Group => self.groups.get_mut(name).map(|group| &mut group.grants),
            ResourceType::Role => self.roles.get_mut(name).map(|role| &mut role.grants),
            ResourceType::Policy | ResourceType::InstanceProfile => None,
        }
    }

    /// Every user, group and role with its policies, by type and name.
    pub fn all_grants(&self) -> impl Iterator<Item = (ResourceType, &Metadata, &Grants)> {
        let users = self.users.values().map(|user| (ResourceType::User, &user.metadata, &user.grants));
        let groups = self.groups.values().map(|group| (ResourceType::Group, &group.metadata, &group.grants));
        let roles = self.roles.values().map(|role| (ResourceType::Role, &role.metadata, &role.grants));
        users.chain(groups).chain(roles)
    }

    /// Whether a name is taken. Names are not distinguished by letter case, nor by path.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
    #[must_use]
    pub fn has_name(&self, of: ResourceType, name: &str) -> bool {
        fn has<T>(map: &BTreeMap<String, T>, name: &str) -> bool {
            map.keys().any(|known| known.eq_ignore_ascii_case(name))
        }
        match of {
            ResourceType::User => self.users.values().any(|user| user.metadata.name.eq_ignore_ascii_case(name)),
            ResourceType::Group => has(&self.groups, name),
            ResourceType::Role => has(&self.roles, name),
            ResourceType::Policy => {
                self.policies.values().any(|policy| policy.metadata.name.eq_ignore_ascii_case(name))
            }
            ResourceType::InstanceProfile => has(&self.profiles, name),
        }
    }
}
