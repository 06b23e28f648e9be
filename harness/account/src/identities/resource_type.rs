//! The types of resources that an account's IAM has.

/// What IAM names, in the reference's words.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceType {
    /// A user.
    User,
    /// A group of users.
    Group,
    /// A role.
    Role,
    /// A managed policy; its name to the API is its ARN.
    Policy,
    /// An instance profile.
    InstanceProfile,
}

impl ResourceType {
    const ALL: [Self; 5] = [Self::User, Self::Group, Self::Role, Self::Policy, Self::InstanceProfile];

    /// The one that the reference calls so: `instance-profile`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.resource() == name)
    }

    /// As error texts call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InstanceProfile => "instance profile",
        }
    }

    /// The input member that names one.
    #[must_use]
    pub const fn member(self) -> &'static str {
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

    /// How its unique id begins.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    #[must_use]
    pub const fn id_prefix(self) -> &'static str {
        match self {
            Self::User => "AIDA",
            Self::Group => "AGPA",
            Self::Role => "AROA",
            Self::Policy => "ANPA",
            Self::InstanceProfile => "AIPA",
        }
    }

    /// The longest name, from the service's model.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::User | Self::Role => 64,
            Self::Group | Self::Policy | Self::InstanceProfile => 128,
        }
    }

    /// The ARN of one with this path and name in an account of a partition.
    #[must_use]
    pub fn arn(self, partition: &str, account: &str, path: &str, name: &str) -> String {
        format!("arn:{partition}:iam::{account}:{}{path}{name}", self.resource())
    }
}
