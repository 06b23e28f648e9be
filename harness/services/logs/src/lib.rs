//! Amazon CloudWatch Logs, as far as templates and tasks need it: log groups, streams and events.
//! docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/

mod events;
mod group;
mod operations;
mod stream;

#[cfg(test)]
mod tests;

use account::input::detected;
use account::operation::{OperationRow, find};
use account::{Breach, Call, Check, Fault, RecordedDecision, Service, State, World};
use serde_json::Value;

pub use events::MOST_EVENTS;
use group::LogGroups;
use operations::OPERATIONS;

/// Amazon CloudWatch Logs.
#[derive(Debug)]
pub struct Logs;

impl Service for Logs {
    fn name(&self) -> &'static str {
        "logs"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn state(&self) -> Option<Box<dyn State>> {
        Some(Box::new(LogGroups::default()))
    }

    /// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html#API_CreateLogGroup_Errors
    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        Some(|breaches| group::invalid(detected(breaches, Breach::with_value)))
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        match find(OPERATIONS, operation) {
            Some(row) => (row.run)(world, call, input),
            None => {
                let message = format!("logs:{operation} is not emulated here");
                Err(Fault::new(400, "UnknownOperationException", message))
            }
        }
    }

    fn held(&self, world: &World, _: &Call<'_>, check: Check) -> Check {
        group::held(world, check)
    }

    fn denial(&self, _: &World, denied: &RecordedDecision) -> Fault {
        Fault { status: 400, code: "AccessDeniedException".into(), ..denied.access_denied() }
    }
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &Logs];
