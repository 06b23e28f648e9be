//! Who asks.

use std::borrow::Cow;

use serde::Serialize;

use crate::arn::{self, Arn};

/// How the names of roles begin that IAM Identity Center makes.
/// docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
pub(crate) const IDENTITY_CENTER: &str = "AWSReservedSSO_";
/// How their paths begin.
pub(crate) const IDENTITY_CENTER_PATH: &str = "aws-reserved/";
/// How the names of service-linked roles begin.
/// docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
const SERVICE_LINKED: &str = "AWSServiceRoleFor";
/// How names of roles begin that have a path for certain.
pub(crate) const RESERVED: [&str; 2] = [IDENTITY_CENTER, SERVICE_LINKED];

/// Who makes a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all = "PascalCase", rename_all_fields = "camelCase")]
pub enum Principal {
    /// Nobody in particular: the request is not signed.
    Anonymous,
    /// An AWS service in its own name.
    Service {
        /// `ecs-tasks.amazonaws.com`
        name: String,
    },
    /// The root user of an account.
    Root {
        /// `aws`, `aws-cn`, `aws-us-gov` …
        partition: String,
        /// Twelve digits.
        account: String,
    },
    /// An IAM user.
    User {
        /// `arn:aws:iam::111122223333:user/path/name`
        arn: String,
    },
    /// A session of a role.
    RoleSession {
        /// The role's ARN with its path: `arn:aws:iam::111122223333:role/path/name`. `None` where the session's ARN is all
        /// that is known, for it has no path.
        #[serde(skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        /// The session's ARN: `arn:aws:sts::111122223333:assumed-role/name/session`.
        session: String,
    },
    /// A session made by GetFederationToken.
    FederatedUser {
        /// `arn:aws:sts::111122223333:federated-user/name`
        arn: String,
        /// The ARN of the user who made it; `None` for the root user's.
        user: Option<String>,
    },
    /// Somebody an identity provider vouches for, asking to assume a role with SAML or a web identity.
    Federated {
        /// The provider's ARN or domain, as trust policies name it under `Federated`.
        provider: String,
    },
}

impl Principal {
    /// The root user of an account in the partition `aws`.
    #[must_use]
    pub fn root(account: impl Into<String>) -> Self {
        Self::Root { partition: "aws".to_owned(), account: account.into() }
    }

    /// The account the caller belongs to; `None` for callers that belong to none.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Root { account, .. } => Some(account),
            _ => self.parsed().map(|arn| arn.account).filter(|account| !account.is_empty()),
        }
    }

    /// The partition that account is in.
    #[must_use]
    pub fn partition(&self) -> Option<&str> {
        match self {
            Self::Root { partition, .. } => Some(partition),
            _ => arn::partition(self.written()?),
        }
    }

    /// The caller's ARN as error texts show it.
    #[must_use]
    pub fn arn(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Root { partition, account } => Some(Cow::Owned(format!("arn:{partition}:iam::{account}:root"))),
            _ => self.written().map(Cow::Borrowed),
        }
    }

    /// The value of aws:PrincipalArn: for a role session the role's ARN, not the session's. Where the role's path is not
    /// known, it is the ARN of a role without one.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    #[must_use]
    pub fn principal_arn(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::RoleSession { role: Some(role), .. } => Some(Cow::Borrowed(role)),
            Self::RoleSession { role: None, session } => {
                let (Arn { partition, account, .. }, name) = (Arn::parse(session)?, role_name(session)?);
                Some(Cow::Owned(format!("arn:{partition}:iam::{account}:role/{name}")))
            }
            _ => self.arn(),
        }
    }

    /// Whether this is a session of a service-linked role: those stand outside SCPs and RCPs. `None` if the role is called
    /// like one, and its path is not known.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    #[must_use]
    pub fn is_service_linked(&self) -> Option<bool> {
        match self {
            Self::RoleSession { role: Some(role), .. } => {
                Some(Arn::parse(role).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/")))
            }
            Self::RoleSession { role: None, session } => {
                let is_called_so = role_name(session).is_some_and(|name| name.starts_with(SERVICE_LINKED));
                (!is_called_so).then_some(false)
            }
            _ => Some(false),
        }
    }

    /// The ARN of a caller that was given as one.
    fn written(&self) -> Option<&str> {
        match self {
            Self::User { arn } | Self::FederatedUser { arn, .. } => Some(arn),
            Self::RoleSession { session, .. } => Some(session),
            Self::Root { .. } | Self::Anonymous | Self::Service { .. } | Self::Federated { .. } => None,
        }
    }

    fn parsed(&self) -> Option<Arn<'_>> {
        self.written().and_then(Arn::parse)
    }
}

/// The name in a session's ARN: `app` of `arn:aws:sts::111122223333:assumed-role/app/session`.
fn role_name(session: &str) -> Option<&str> {
    Arn::parse(session)?.resource.strip_prefix("assumed-role/")?.split('/').next()
}

/// The path of a role, `/` if it has none, if the role is the one behind a session: "names of users, groups, roles, and
/// instance profiles must be unique within the account".
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
pub(crate) fn path_behind<'a>(role: &'a str, session: &str) -> Option<&'a str> {
    let (role, session) = (Arn::parse(role)?, Arn::parse(session)?);
    let name = session.resource.strip_prefix("assumed-role/")?.split('/').next()?;
    let path = role.resource.strip_prefix("role")?.strip_suffix(name)?;
    let is_same = role.service == "iam" && role.partition == session.partition && role.account == session.account;
    (is_same && path.starts_with('/') && path.ends_with('/')).then_some(path)
}
