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
mod fargate;
mod fault;
mod input;
mod launch;
mod life;
mod metadata;
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

use account::{Call, Check, Fault, RecordedDecision, Service, State, World};
use policy::undocumented::Case;
use serde_json::Value;

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

type Operation = fn(&mut World, &mut Call<'_>, Value) -> Result<Value, Fault>;

const OPERATIONS: &[(&str, Operation)] = &[
    ("CreateCluster", cluster::create_cluster),
    ("DeleteCluster", cluster::delete_cluster),
    ("DeregisterTaskDefinition", task_definition::deregister_task_definition),
    ("DescribeClusters", cluster::describe_clusters),
    ("DescribeTaskDefinition", task_definition::describe_task_definition),
    ("DescribeTasks", tasks::describe_tasks),
    ("ListClusters", cluster::list_clusters),
    ("ListTagsForResource", tags::list_tags_for_resource),
    ("ListTaskDefinitionFamilies", task_definition::list_task_definition_families),
    ("ListTaskDefinitions", task_definition::list_task_definitions),
    ("ListTasks", tasks::list_tasks),
    ("RegisterTaskDefinition", register::register_task_definition),
    ("RunTask", run_task::run_task),
    ("StartTask", run_task::start_task),
    ("StopTask", tasks::stop_task),
    ("TagResource", tags::tag_resource),
    ("UntagResource", tags::untag_resource),
];

/// The service principal that assumes task roles, and to which they are passed.
const TASKS_SERVICE: &str = "ecs-tasks.amazonaws.com";

/// Amazon ECS.
#[derive(Debug)]
pub struct Ecs;

impl Service for Ecs {
    fn name(&self) -> &'static str {
        "ecs"
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
    match OPERATIONS.iter().find(|(name, _)| *name == operation) {
        Some((_, run)) => run(world, call, input),
        None => Err(fault::unknown_operation(operation)),
    }
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &::sts::Sts, &::logs::Logs, &Ecs];
