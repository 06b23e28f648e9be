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
mod members;
mod metadata;
mod register;
mod run_input;
mod run_task;
mod tags;
mod task;
mod task_definition;
mod tasks;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value;

use crate::{Call, Fault, World};
use cluster::Cluster;
use task_definition::TaskDefinition;

pub(crate) use tags::held;

pub use attend::{ContainerEnd, TaskEnd, Work};
pub use brief::{ContainerBrief, TaskBrief};
pub use credentials::{ContainerCredentials, TaskEndpoint};
pub use elsewhere::Unknown;
pub use exact::{check_members, keep_what_was_asked, name_exactly};
pub use life::{Event, Order};
pub use metadata::Metadata;

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
pub(crate) const TASKS_SERVICE: &str = "ecs-tasks.amazonaws.com";

/// Makes one call.
pub(crate) fn dispatch(world: &mut World, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
    match OPERATIONS.iter().find(|(name, _)| *name == operation) {
        Some((_, run)) => run(world, call, input),
        None => Err(Fault::unknown_operation("ecs", operation)),
    }
}

/// Clusters, task definitions and tasks of an account, by region.
#[derive(Clone, Debug, Default)]
pub struct Ecs {
    regions: BTreeMap<String, Region>,
}

/// What an account has in one region.
#[derive(Clone, Debug, Default)]
struct Region {
    /// By name, in the order of creation.
    clusters: IndexMap<String, Cluster>,
    /// By family and revision.
    families: BTreeMap<String, BTreeMap<usize, TaskDefinition>>,
}

/// Where a call acts: the caller's account, and the region it was signed for.
#[derive(Clone, Debug)]
struct Place {
    account: String,
    region: String,
}

impl Place {
    fn of(call: &Call<'_>) -> Result<Self, Fault> {
        let account = call.identity.account().ok_or_else(Fault::unsigned)?.to_owned();
        Ok(Self { account, region: call.surroundings.region.clone() })
    }

    /// Where the resource of an ARN is.
    fn named_by(arn: policy::arn::Arn<'_>) -> Self {
        Self { account: arn.account.to_owned(), region: arn.region.to_owned() }
    }

    fn arn(&self, resource: &str) -> String {
        format!("arn:aws:ecs:{}:{}:{resource}", self.region, self.account)
    }

    /// A container instance as given: by ARN, or by its id in a cluster.
    fn container_instance(&self, cluster: &str, instance: &str) -> String {
        if instance.starts_with("arn:") {
            return instance.to_owned();
        }
        self.arn(&format!("container-instance/{cluster}/{instance}"))
    }

    fn region<'a>(&self, world: &'a World) -> Option<&'a Region> {
        world.account(&self.account)?.ecs.regions.get(&self.region)
    }

    fn region_mut<'a>(&self, world: &'a mut World) -> Result<&'a mut Region, Fault> {
        let account = world.accounts.get_mut(&self.account).ok_or_else(Fault::unsigned)?;
        Ok(account.ecs.regions.entry(self.region.clone()).or_default())
    }
}
