//! AWS IAM: who there is in an account, and what they may do. docs.aws.amazon.com/IAM/latest/APIReference/
//!
//! What an account holds is [`account::identities`], which decisions read. Here are the operations that change it.

mod attach;
mod boundary;
mod call;
mod details;
mod document;
mod fault;
mod group;
mod held;
mod inline;
mod input;
mod instance_profile;
mod key;
mod managed;
mod operations;
mod page;
mod principal;
mod role;
mod service_linked;
mod simulate;
mod summary;
mod tag;
mod user;
mod version;

#[cfg(test)]
mod tests;

use account::identities::ResourceType;
use account::operation::{OperationRow, find};
use account::{Breach, Call, Check, Fault, Service, World};
use policy::facts::{Fact, Who};
use serde_json::Value;

pub use document::read as read_policy;

use call::IamCall;
use operations::OPERATIONS;

/// AWS IAM.
#[derive(Debug)]
pub struct Iam;

impl Service for Iam {
    fn name(&self) -> &'static str {
        "iam"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let row = find(OPERATIONS, operation).ok_or_else(|| fault::unknown_operation(operation))?;
        let action = row.operation.action();
        world.unless_refused(call, action, refusal)?;
        let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
        let of = row.operation.resource.and_then(|resource| ResourceType::named(resource.types.first()?));
        // An operation about no single thing asks for no type.
        let kind = of.unwrap_or(ResourceType::User);
        let Value::Object(input) = input else { return Err(fault::validation("The input is not a structure.")) };
        (row.run)(&mut IamCall { world, call, account, action, kind, operation: &row.operation, input })
    }

    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        Some(fault::breaches)
    }

    fn held(&self, world: &World, _: &Call<'_>, check: Check) -> Check {
        held::held(world, check)
    }

    fn rename_principals(&self, world: &mut World, renamed: &dyn Fn(&str) -> Option<String>) {
        principal::rename_in_trust(world, renamed);
    }
}

/// IAM takes temporary credentials that may not call it for invalid.
fn refusal(fact: &Fact) -> Option<Fault> {
    matches!(fact.who, Who::FederatedUser | Who::SessionTokenWithoutMfa).then(Fault::unsigned)
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&Iam, &::sts::Sts, &::s3::S3];
