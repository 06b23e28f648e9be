//! Whom a fact is about.

use crate::evaluate::PreparedRequest;
use crate::{ContextValue, Principal};

/// Whom a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every caller, also without a signature.
    Anyone,
    /// Callers that belong to an account.
    Signed,
    /// The root user.
    Root,
    /// The root user of the account that owns the resource.
    RootOfOwner,
    /// Sessions of roles.
    RoleSession,
    /// Sessions made by GetFederationToken.
    FederatedUser,
    /// Callers of an account that are not its IAM users.
    NoUser,
    /// A user or the root user with an access key of their own.
    LongTerm,
    /// A user or the root user with credentials from GetSessionToken.
    SessionToken,
    /// The same, made without MFA.
    SessionTokenWithoutMfa,
    /// Callers that are not of the account that owns the resource: of another one, or unsigned.
    Outside,
    /// Every caller but AWS itself: its services and their service-linked roles.
    Customer,
}

impl Who {
    pub(super) fn is(self, prepared: &PreparedRequest<'_>) -> bool {
        let caller = &prepared.request.principal;
        let is_root = matches!(caller, Principal::Root { .. });
        let is_own = is_root || matches!(caller, Principal::User { .. });
        match self {
            Self::Anyone => true,
            Self::Signed => prepared.account.is_some(),
            Self::Root => is_root,
            Self::RootOfOwner => is_root && prepared.owner == prepared.account,
            Self::RoleSession => matches!(caller, Principal::RoleSession { .. }),
            Self::FederatedUser => matches!(caller, Principal::FederatedUser { .. }),
            Self::NoUser => prepared.account.is_some() && !matches!(caller, Principal::User { .. }),
            Self::LongTerm => is_own && !is_temporary(prepared),
            Self::SessionToken => is_own && is_temporary(prepared),
            Self::SessionTokenWithoutMfa => is_own && is_temporary(prepared) && !has_mfa(prepared),
            Self::Outside => match caller {
                Principal::Anonymous => true,
                _ => prepared.account.is_some() && prepared.account != prepared.owner,
            },
            Self::Customer => caller.is_service_linked() != Some(true) && !matches!(caller, Principal::Service { .. }),
        }
    }
}

/// Requests have the key only "when temporary credentials are used".
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tokenissuetime
fn is_temporary(prepared: &PreparedRequest<'_>) -> bool {
    prepared.request.context.get("aws:TokenIssueTime").is_some()
}

fn has_mfa(prepared: &PreparedRequest<'_>) -> bool {
    matches!(prepared.request.context.get("aws:MultiFactorAuthPresent"),
        Some(ContextValue::One(value)) if value.eq_ignore_ascii_case("true"))
}
