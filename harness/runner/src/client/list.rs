//! What an account holds, by kind: all pages of each list.

use matrix::call::CallError;

use super::Client;
use super::reply::refusal;

/// What can be listed of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ResourceKind {
    User,
    Role,
    Group,
    /// A managed policy of the account's own; named by its ARN.
    Policy,
    InstanceProfile,
    Bucket,
    /// A revision of a task definition that is active; named by its ARN.
    TaskDefinition,
}

type Listed = Result<Vec<String>, CallError>;

/// All items of a paginated list, each as one text.
macro_rules! all {
    ($request:expr, $text:expr) => {
        $request
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .map(|items| items.into_iter().map($text).collect())
            .map_err(refusal)
    };
}

impl Client {
    /// The names of all there are of a kind that begin so.
    pub(crate) async fn named(&self, kind: ResourceKind, prefix: &str) -> Listed {
        let (iam, s3, ecs) = (self.sdks.iam(), self.sdks.s3(), self.sdks.ecs());
        let all: Vec<String> = match kind {
            ResourceKind::User => all!(iam.list_users(), |one| one.user_name)?,
            ResourceKind::Role => all!(iam.list_roles(), |one| one.role_name)?,
            ResourceKind::Group => all!(iam.list_groups(), |one| one.group_name)?,
            ResourceKind::InstanceProfile => all!(iam.list_instance_profiles(), |one| one.instance_profile_name)?,
            ResourceKind::Policy => {
                let local = iam.list_policies().scope(aws_sdk_iam::types::PolicyScopeType::Local);
                all!(local, |one| one.arn.unwrap_or_default())?
            }
            // Pages come only to who says how long they may be. docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
            ResourceKind::Bucket => {
                let own = s3.list_buckets().max_buckets(1000).prefix(prefix);
                all!(own, |one| one.name.unwrap_or_default())?
            }
            ResourceKind::TaskDefinition => {
                let mut arns = Vec::new();
                let families = ecs.list_task_definition_families().family_prefix(prefix);
                let families = families.status(aws_sdk_ecs::types::TaskDefinitionFamilyStatus::Active);
                let families: Vec<String> = all!(families, |one| one)?;
                for family in families {
                    let of_family: Vec<String> = all!(ecs.list_task_definitions().family_prefix(family), |one| one)?;
                    arns.extend(of_family);
                }
                arns
            }
        };
        Ok(all.into_iter().filter(|one| kind.name(one).starts_with(prefix)).collect())
    }

    /// The value of a tag, where a kind has tags of its own that no request looks at.
    pub(crate) async fn tag(&self, kind: ResourceKind, name: &str, key: &str) -> Result<Option<String>, CallError> {
        let iam = self.sdks.iam();
        let tags = match kind {
            ResourceKind::User => {
                iam.list_user_tags().user_name(name).send().await.map(|out| out.tags).map_err(refusal)?
            }
            ResourceKind::Role => {
                iam.list_role_tags().role_name(name).send().await.map(|out| out.tags).map_err(refusal)?
            }
            ResourceKind::Policy => {
                iam.list_policy_tags().policy_arn(name).send().await.map(|out| out.tags).map_err(refusal)?
            }
            ResourceKind::InstanceProfile => {
                let list = iam.list_instance_profile_tags().instance_profile_name(name);
                list.send().await.map(|out| out.tags).map_err(refusal)?
            }
            ResourceKind::Group | ResourceKind::Bucket | ResourceKind::TaskDefinition => return Ok(None),
        };
        Ok(tags.into_iter().find(|tag| tag.key == key).map(|tag| tag.value))
    }

    pub(crate) async fn access_keys(&self, user: &str) -> Listed {
        all!(self.sdks.iam().list_access_keys().user_name(user), |one| one.access_key_id.unwrap_or_default())
    }

    pub(crate) async fn groups_of(&self, user: &str) -> Listed {
        all!(self.sdks.iam().list_groups_for_user().user_name(user), |one| one.group_name)
    }

    pub(crate) async fn roles_in(&self, profile: &str) -> Listed {
        let got =
            self.sdks.iam().get_instance_profile().instance_profile_name(profile).send().await.map_err(refusal)?;
        let roles = got.instance_profile.map(|profile| profile.roles).unwrap_or_default();
        Ok(roles.into_iter().map(|role| role.role_name).collect())
    }

    /// The names of the inline policies of a user, role or group.
    pub(crate) async fn inline(&self, kind: ResourceKind, name: &str) -> Listed {
        match kind {
            ResourceKind::User => all!(self.sdks.iam().list_user_policies().user_name(name), |one| one),
            ResourceKind::Role => all!(self.sdks.iam().list_role_policies().role_name(name), |one| one),
            ResourceKind::Group => all!(self.sdks.iam().list_group_policies().group_name(name), |one| one),
            _ => Ok(Vec::new()),
        }
    }

    /// The ARNs of the managed policies that are attached to a user, role or group.
    pub(crate) async fn attached(&self, kind: ResourceKind, name: &str) -> Listed {
        let iam = self.sdks.iam();
        let arn = |one: aws_sdk_iam::types::AttachedPolicy| one.policy_arn.unwrap_or_default();
        match kind {
            ResourceKind::User => all!(iam.list_attached_user_policies().user_name(name), arn),
            ResourceKind::Role => all!(iam.list_attached_role_policies().role_name(name), arn),
            ResourceKind::Group => all!(iam.list_attached_group_policies().group_name(name), arn),
            _ => Ok(Vec::new()),
        }
    }
}

impl ResourceKind {
    /// The name in what a list gives: a name, or an ARN with it.
    pub(crate) fn name(self, listed: &str) -> &str {
        match self {
            Self::Policy | Self::TaskDefinition => listed.rsplit('/').next().unwrap_or(listed),
            _ => listed,
        }
    }

    /// Whether what a run makes of this kind has the run's tag.
    pub(crate) const fn has_tag(self) -> bool {
        matches!(self, Self::User | Self::Role | Self::Policy | Self::InstanceProfile)
    }

    /// As people say it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Group => "group",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance profile",
            Self::Bucket => "bucket",
            Self::TaskDefinition => "task definition",
        }
    }
}
