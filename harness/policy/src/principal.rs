//! Who asks.

use std::borrow::Cow;

use serde::Serialize;

use crate::arn::Arn;

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
        /// The role's ARN with its path: `arn:aws:iam::111122223333:role/path/name`.
        role: String,
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
    /// The account the caller belongs to; `None` for callers that belong to none.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Root { account } => Some(account),
            Self::User { arn } | Self::FederatedUser { arn, .. } => account_of(arn),
            Self::RoleSession { role, session } => account_of(session).or_else(|| account_of(role)),
            Self::Anonymous | Self::Service { .. } | Self::Federated { .. } => None,
        }
    }

    /// The caller's ARN as error texts show it.
    #[must_use]
    pub fn arn(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Root { account } => Some(Cow::Owned(format!("arn:aws:iam::{account}:root"))),
            Self::User { arn } | Self::FederatedUser { arn, .. } => Some(Cow::Borrowed(arn)),
            Self::RoleSession { session, .. } => Some(Cow::Borrowed(session)),
            Self::Anonymous | Self::Service { .. } | Self::Federated { .. } => None,
        }
    }

    /// Whether this is a session of a service-linked role: those stand outside SCPs and RCPs.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    pub(crate) fn is_service_linked(&self) -> bool {
        matches!(self, Self::RoleSession { role, .. }
            if Arn::parse(role).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/")))
    }
}

fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| !account.is_empty())
}
