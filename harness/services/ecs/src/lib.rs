//! Amazon ECS: clusters, task definitions, tasks and their credentials.
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/

mod attend;
mod awslogs;
mod brief;
mod cluster;
mod container;
mod credentials;
mod elsewhere;
mod exact;
mod execute_command;
mod fargate;
mod fault;
mod input;
mod launch;
mod life;
mod metadata;
mod operations;
mod region;
mod register;
mod run_input;
mod run_task;
mod tags;
mod task;
mod task_definition;
mod tasks;

#[cfg(test)]
mod tests;

use account::operation::{Operation, find};
use account::{Call, Check, Fault, RecordedDecision, Service, State, World};
use policy::undocumented::Case;
use serde_json::Value;

use operations::OPERATIONS;
use region::EcsState;

pub use account::Work;
pub use attend::{
    ContainerEnd, TaskEnd, attend_task, expect_attendants, expects_attendants, new_tasks, stop_task, task_changes,
    task_end, task_event, task_orders, write_task_log,
};
pub use brief::{ContainerBrief, TaskBrief, task_brief};
pub use credentials::{ContainerCredentials, TaskEndpoint, task_credentials, task_endpoint};
pub use elsewhere::{Elsewhere, Unknown};
pub use exact::{keep_what_was_asked, name_exactly};
pub use launch::{set_task_session_seconds, task_session};
pub use life::{Event, Order};
pub use metadata::{Metadata, task_metadata, task_metadata_key};

/// The service principal that assumes task roles, and to which they are passed.
const TASKS_SERVICE: &str = "ecs-tasks.amazonaws.com";

/// Amazon ECS.
#[derive(Debug)]
pub struct Ecs;

impl Service for Ecs {
    fn name(&self) -> &'static str {
        "ecs"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static Operation>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn state(&self) -> Option<Box<dyn State>> {
        Some(Box::new(EcsState::default()))
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        dispatch(world, call, operation, input)
    }

    fn held(&self, world: &World, _: &Call<'_>, check: Check) -> Check {
        tags::held(world, check)
    }

    fn open_keys(&self, principal: &str) -> &'static [(&'static str, Case)] {
        if principal == TASKS_SERVICE { &[("aws:SourceArn", Case::SourceArnOfTask)] } else { &[] }
    }

    fn denial(&self, _: &World, denied: &RecordedDecision) -> Fault {
        fault::raised_by_ecs(denied.access_denied())
    }
}

/// Makes one call.
fn dispatch(world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
    match find(OPERATIONS, operation) {
        Some(row) => (row.run)(world, call, input),
        None => Err(fault::unknown_operation(operation)),
    }
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &::sts::Sts, &::logs::Logs, &Ecs];
