//! AWS STS: temporary credentials. docs.aws.amazon.com/STS/latest/APIReference/

mod assume_role;
mod caller_identity;
mod fault;
mod federation;
mod operations;
mod policies;
mod role;
mod service;
mod session;
mod session_tags;

#[cfg(test)]
mod tests;

use account::operation::{OperationRow, find};
use account::{Breach, Call, Fault, Service, World};
use policy::facts::{Fact, Who};
use serde_json::Value;

use operations::OPERATIONS;
use role::Role;
pub use service::{Assumption, Refused, assume_for_service};
pub use session::{Issued, iso};

/// AWS STS.
#[derive(Debug)]
pub struct Sts;

impl Service for Sts {
    fn name(&self) -> &'static str {
        "sts"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        Some(fault::breaches)
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let row = find(OPERATIONS, operation).ok_or_else(|| fault::unknown_operation(operation))?;
        world.unless_refused(call, row.operation.action(), |fact| Some(refusal(fact, operation)))?;
        (row.run)(world, call, input)
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
