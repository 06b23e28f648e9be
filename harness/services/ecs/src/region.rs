//! What ECS keeps, by account and region.

use std::collections::BTreeMap;

use account::{AccountRegion, Fault, Tags, World};
use jiff::{SignedDuration, Timestamp};
use rpds::{QueueSync, RedBlackTreeMapSync};
use serde_json::{Map, Value};

use super::fault::cluster_not_found;
use super::input::definition_name;
use super::task::Task;
use super::task_list::TaskList;

/// What ECS keeps in a world.
#[derive(Clone, Debug, Default)]
pub(super) struct EcsState {
    pub(super) regions: BTreeMap<AccountRegion, Region>,
    /// For how many seconds the credentials of tasks are good, if not for as long as AWS's.
    pub(super) task_session: Option<u32>,
    /// How often something has come up for the one who attends a task.
    pub(super) task_changes: u64,
    /// Somebody attends every task.
    pub(super) attendants: bool,
    /// Tasks that the one who attends them has not been told of.
    pub(super) new: Vec<Found>,
    /// Tasks that have stopped, and when, in that order.
    pub(super) stopped: QueueSync<(Timestamp, Found)>,
}

/// For how long ECS tells of a stopped task: "stopped tasks only appear … for at least one hour".
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// Drops the tasks that stopped so long ago that nothing tells of them any more.
pub(super) fn forget_stopped(world: &mut World, now: Timestamp) {
    let is_over = |(stopped, _): &&(Timestamp, Found)| now.duration_since(*stopped) > REMEMBERED;
    while let Some((_, found)) =
        world.state::<EcsState>().ok().and_then(|state| state.stopped.peek().filter(is_over).cloned())
    {
        if let Ok(state) = world.state_mut::<EcsState>() {
            state.stopped.dequeue_mut();
        }
        if let Ok(cluster) = found.place.cluster_mut(world, &found.cluster) {
            cluster.tasks.remove(&found.id);
        }
    }
}

/// How many deleted clusters are told of: "Clusters with an `INACTIVE` status may remain discoverable in your account for a
/// period of time." docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
const MOST_DELETED: usize = 100;

/// What an account has in one region. A copy shares with the original what neither has changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    /// By name.
    pub(super) clusters: RedBlackTreeMapSync<String, Cluster>,
    /// By family.
    pub(super) families: RedBlackTreeMapSync<String, Revisions>,
    /// The names of deleted clusters, in the order in which they were.
    deleted: QueueSync<String>,
}

/// The task definitions of a family, by revision.
pub(super) type Revisions = RedBlackTreeMapSync<usize, TaskDefinition>;

/// A cluster with its tasks.
#[derive(Clone, Debug)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) arn: String,
    /// A deleted cluster stays known for a while, as `INACTIVE`.
    pub(super) active: bool,
    pub(super) tags: Tags,
    /// `settings`, `configuration`, `capacityProviders` … as given.
    pub(super) body: Map<String, Value>,
    pub(super) tasks: TaskList,
}

/// One revision of a family.
#[derive(Clone, Debug)]
pub(super) struct TaskDefinition {
    pub(super) arn: String,
    pub(super) family: String,
    pub(super) revision: usize,
    pub(super) active: bool,
    pub(super) tags: Tags,
    /// `taskRoleArn`, as an ARN.
    pub(super) task_role: Option<String>,
    /// `executionRoleArn`, as an ARN.
    pub(super) execution_role: Option<String>,
    pub(super) network_mode: String,
    pub(super) compatibilities: Vec<&'static str>,
    /// All other members as registered: `containerDefinitions`, `volumes`, `cpu`, `memory` …
    pub(super) body: Map<String, Value>,
    pub(super) registered_at: Timestamp,
    /// The ARN of the one who registered it.
    pub(super) registered_by: String,
    pub(super) deregistered_at: Option<Timestamp>,
}

/// Where a task is kept.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) place: AccountRegion,
    pub(super) cluster: String,
    pub(super) id: String,
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

impl Region {
    /// A revision, the latest active one unless asked for by number.
    pub(super) fn definition(&self, family: &str, revision: Option<usize>) -> Option<&TaskDefinition> {
        let revisions = self.families.get(family)?;
        match revision {
            Some(number) => revisions.get(&number),
            None => revisions.values().rev().find(|definition| definition.active),
        }
    }

    /// A revision, to change.
    pub(super) fn definition_mut(&mut self, family: &str, revision: usize) -> Option<&mut TaskDefinition> {
        self.families.get_mut(family)?.get_mut(&revision)
    }

    /// Keeps a revision.
    pub(super) fn put(&mut self, definition: TaskDefinition) {
        let mut revisions = self.families.get(&definition.family).cloned().unwrap_or_default();
        let family = definition.family.clone();
        revisions.insert_mut(definition.revision, definition);
        self.families.insert_mut(family, revisions);
    }

    /// Keeps the name of a cluster that was deleted, and forgets one that was long ago.
    pub(super) fn was_deleted(&mut self, name: String) {
        self.deleted.enqueue_mut(name);
        if self.deleted.len() <= MOST_DELETED {
            return;
        }
        let oldest = self.deleted.peek().cloned().unwrap_or_default();
        self.deleted.dequeue_mut();
        if self.clusters.get(&oldest).is_some_and(|cluster| !cluster.active) {
            self.clusters.remove_mut(&oldest);
        }
    }
}

impl Found {
    pub(super) fn task<'a>(&self, world: &'a World) -> Option<&'a Task> {
        self.place.cluster(world, &self.cluster)?.tasks.get(&self.id)
    }

    pub(super) fn change<T>(&self, world: &mut World, change: impl FnOnce(&mut Task) -> T) -> Option<T> {
        self.place.cluster_mut(world, &self.cluster).ok()?.tasks.change(&self.id, change)
    }
}

/// A task, given by its id or ARN.
pub(super) fn find(world: &World, task: &str) -> Option<Found> {
    let id = task.rsplit('/').next()?;
    let (place, cluster, known) = find_task(world, id)?;
    let same = !task.starts_with("arn:") || task == known.arn;
    same.then(|| Found { place, cluster: cluster.to_owned(), id: id.to_owned() })
}

pub(super) fn find_task<'a>(world: &'a World, id: &str) -> Option<(AccountRegion, &'a str, &'a Task)> {
    world.state::<EcsState>().ok()?.regions.iter().find_map(|(place, region)| {
        let mut clusters = region.clusters.values();
        clusters.find_map(|cluster| Some((place.clone(), cluster.name.as_str(), cluster.tasks.get(id)?)))
    })
}
