//! Amazon ECS: clusters, task definitions, tasks and their credentials.
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/

mod attend;
mod awslogs;
mod brief;
mod client_token;
mod cluster;
mod container;
mod credentials;
mod exact;
mod execute_command;
mod fargate;
mod fault;
mod input;
mod launch;
mod life;
mod metadata;
mod operations;
mod proxied;
mod region;
mod register;
mod run_input;
mod run_task;
mod tags;
mod task;
mod task_definition;
mod task_list;
mod tasks;

#[cfg(test)]
mod tests;

use account::input::detected;
use account::operation::{OperationRow, find};
use account::{Breach, Call, Check, Fault, RecordedDecision, Service, State, World};
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
pub use exact::{keep_what_was_asked, name_exactly};
pub use launch::{set_task_session_seconds, task_session};
pub use life::{Event, Order};
pub use metadata::{Metadata, task_metadata, task_metadata_key};
pub use proxied::{ProxiedTasks, Unknown};

/// The service principal that assumes task roles, and to which they are passed.
const TASKS_SERVICE: &str = "ecs-tasks.amazonaws.com";

/// Amazon ECS.
#[derive(Debug)]
pub struct Ecs;

impl Service for Ecs {
    fn name(&self) -> &'static str {
        "ecs"
    }

    fn operations(&self) -> Box<dyn Iterator<Item = &'static OperationRow>> {
        Box::new(OPERATIONS.iter().map(|row| &row.operation))
    }

    fn state(&self) -> Option<Box<dyn State>> {
        Some(Box::new(EcsState::default()))
    }

    /// "The specified parameter isn't valid."
    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#API_RunTask_Errors
    fn validation_error(&self) -> Option<fn(&[Breach]) -> Fault> {
        Some(|breaches| fault::invalid_parameter(detected(breaches, Breach::with_value)))
    }

    fn call(&self, world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        let row = find(OPERATIONS, operation).ok_or_else(|| fault::unknown_operation(operation))?;
        region::forget_stopped(world, call.now);
        (row.run)(world, call, input)
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

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &::sts::Sts, &::logs::Logs, &Ecs];
