//! What ECS keeps, by account and region.

use std::collections::BTreeMap;

use account::{AccountRegion, Fault, World};
use indexmap::IndexMap;

use super::cluster::Cluster;
use super::fault::cluster_not_found;
use super::input::definition_name;
use super::task_definition::TaskDefinition;

/// What ECS keeps in a world.
#[derive(Clone, Debug, Default)]
pub(super) struct EcsState {
    pub(super) regions: BTreeMap<AccountRegion, Region>,
    /// For how many seconds the credentials of tasks are good, if not for as long as AWS's.
    pub(super) task_session: Option<u32>,
    /// How often something has come up for whoever attends a task.
    pub(super) task_changes: u64,
    /// Somebody attends every task.
    pub(super) attendants: bool,
}

/// What an account has in one region.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    /// By name, in the order of creation.
    pub(super) clusters: IndexMap<String, Cluster>,
    /// By family and revision.
    pub(super) families: BTreeMap<String, BTreeMap<usize, TaskDefinition>>,
}

/// What ECS has in an account and region.
pub(super) trait InEcs {
    /// The ARN of a resource of ECS here.
    fn arn(&self, resource: &str) -> String;

    /// A container instance as given: by ARN, or by its id in a cluster.
    fn container_instance(&self, cluster: &str, instance: &str) -> String;

    fn region<'a>(&self, world: &'a World) -> Option<&'a Region>;

    fn region_mut<'a>(&self, world: &'a mut World) -> Result<&'a mut Region, Fault>;

    /// An active cluster by its name.
    fn cluster<'a>(&self, world: &'a World, name: &str) -> Option<&'a Cluster> {
        self.region(world)?.clusters.get(name).filter(|cluster| cluster.active)
    }

    /// An active cluster by its name, to change.
    fn cluster_mut<'a>(&self, world: &'a mut World, name: &str) -> Result<&'a mut Cluster, Fault> {
        let cluster = self.region_mut(world)?.clusters.get_mut(name).filter(|cluster| cluster.active);
        cluster.ok_or_else(cluster_not_found)
    }

    /// A task definition given as `family`, `family:revision` or ARN.
    fn definition<'a>(&self, world: &'a World, text: &str) -> Result<Option<&'a TaskDefinition>, Fault>;
}

impl InEcs for AccountRegion {
    fn definition<'a>(&self, world: &'a World, text: &str) -> Result<Option<&'a TaskDefinition>, Fault> {
        let (family, revision) = definition_name(self, text)?;
        Ok(self.region(world).and_then(|region| region.definition(&family, revision)))
    }

    fn arn(&self, resource: &str) -> String {
        self.arn_of("ecs", resource)
    }

    fn container_instance(&self, cluster: &str, instance: &str) -> String {
        if instance.starts_with("arn:") {
            return instance.to_owned();
        }
        self.arn(&format!("container-instance/{cluster}/{instance}"))
    }

    fn region<'a>(&self, world: &'a World) -> Option<&'a Region> {
        world.state::<EcsState>().ok()?.regions.get(self)
    }

    fn region_mut<'a>(&self, world: &'a mut World) -> Result<&'a mut Region, Fault> {
        world.account(&self.account).ok_or_else(Fault::unsigned)?;
        Ok(world.state_mut::<EcsState>()?.regions.entry(self.clone()).or_default())
    }
}
