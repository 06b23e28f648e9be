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

use account::{Call, Fault, Service, World};
use policy::facts::{Fact, Who};
use serde_json::Value;

use role::Role;
pub use service::{Assumption, Refused, assume_for_service};
pub use session::{Issued, iso};

type Operation = fn(&mut World, &mut Call<'_>, Value) -> Result<Value, Fault>;

const OPERATIONS: &[(&str, Operation)] = &[
    ("sts:AssumeRole", assume_role::assume_role),
    ("sts:DecodeAuthorizationMessage", caller_identity::decode_authorization_message),
    ("sts:GetAccessKeyInfo", caller_identity::get_access_key_info),
    ("sts:GetCallerIdentity", caller_identity::get_caller_identity),
    ("sts:GetFederationToken", federation::get_federation_token),
    ("sts:GetSessionToken", federation::get_session_token),
];

/// AWS STS.
#[derive(Debug)]
pub struct Sts;

impl Service for Sts {
    fn name(&self) -> &'static str {
        "sts"
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let known = |(action, _): &&(&str, Operation)| action.strip_prefix("sts:") == Some(operation);
        let Some(&(action, run)) = OPERATIONS.iter().find(known) else {
            return Err(fault::unknown_operation(operation));
        };
        world.unless_refused(call, action, |fact| Some(refusal(fact, operation)))?;
        run(world, call, input)
    }
}

/// STS's words for what it refuses to a caller, whatever policies say.
fn refusal(fact: &Fact, operation: &str) -> Fault {
    match fact.who {
        Who::Root => fault::access_denied("Roles may not be assumed by root accounts."),
        _ => fault::session_credentials(operation),
    }
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &Sts, &::ecs::Ecs];
