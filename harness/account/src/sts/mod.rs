//! AWS STS: temporary credentials. docs.aws.amazon.com/STS/latest/APIReference/

mod assume_role;
mod caller_identity;
mod fault;
mod federation;
mod policies;
mod role;
mod service;
mod session;
mod session_tags;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::{Call, Fault, Identity, SessionKind, World};

pub(crate) use caller_identity::who;
use role::Role;
pub(crate) use service::{Assumption, assume_for_service};
pub(crate) use session::{Issued, iso};

type Operation = fn(&mut World, &mut Call<'_>, Value) -> Result<Value, Fault>;

const OPERATIONS: &[(&str, Operation)] = &[
    ("AssumeRole", assume_role::assume_role),
    ("DecodeAuthorizationMessage", caller_identity::decode_authorization_message),
    ("GetAccessKeyInfo", caller_identity::get_access_key_info),
    ("GetCallerIdentity", caller_identity::get_caller_identity),
    ("GetFederationToken", federation::get_federation_token),
    ("GetSessionToken", federation::get_session_token),
];

/// Makes one call.
pub(crate) fn dispatch(world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
    match OPERATIONS.iter().find(|(name, _)| *name == operation) {
        Some((name, run)) => {
            may_call_sts(call, name)?;
            run(world, call, input)
        }
        None => Err(Fault::unknown_operation("sts", operation)),
    }
}

/// What STS itself refuses to temporary credentials, whatever policies say.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
fn may_call_sts(call: &Call<'_>, operation: &str) -> Result<(), Fault> {
    let Some(session) = call.identity.session() else { return Ok(()) };
    let refused = match (&session.kind, operation) {
        (_, "GetSessionToken" | "GetFederationToken") => true,
        (_, "GetCallerIdentity") | (SessionKind::Role { .. }, _) => false,
        (SessionKind::User { .. } | SessionKind::Root, operation) => operation != "AssumeRole",
        (SessionKind::Federated { .. }, _) => true,
    };
    if refused { Err(fault::session_credentials(operation)) } else { Ok(()) }
}

/// IAM's own refusal of temporary credentials that are not a role's: neither GetFederationToken's nor, without MFA,
/// GetSessionToken's may call it. docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
pub(crate) fn may_call_iam(identity: &Identity) -> Result<(), Fault> {
    match identity.session().map(|session| (&session.kind, session.mfa)) {
        Some((SessionKind::Federated { .. }, _) | (SessionKind::User { .. } | SessionKind::Root, false)) => {
            Err(Fault::unsigned())
        }
        _ => Ok(()),
    }
}
