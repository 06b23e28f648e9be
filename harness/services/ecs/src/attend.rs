//! Attending a task: for whoever runs its containers.
//!
//! [`attend_task`] begins a task's life. [`task_orders`] says what is to be done, [`task_event`]
//! takes in what has happened, until [`task_end`] tells how it ended. A task that nobody attends passes for
//! running until it is stopped.

use account::{AccountRegion, Fault, Work, World};
use jiff::Timestamp;

use super::awslogs;
use super::credentials::find_task;
use super::life::{End, Event, Order, Status};
use super::region::{EcsState, InEcs};
use super::task::Task;

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskEnd {
    /// `stopCode`: `EssentialContainerExited`, `TaskFailedToStart` or `UserInitiated`.
    pub stop_code: &'static str,
    /// `stoppedReason`
    pub reason: String,
    /// Its containers, in the order of the definition.
    pub containers: Vec<ContainerEnd>,
}

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerEnd {
    /// Its name.
    pub name: String,
    /// `None` for one that never started.
    pub exit_code: Option<i32>,
    /// Why it never started, or what ECS says of its end.
    pub reason: Option<String>,
}

/// Where a task is kept.
pub(super) struct Found {
    pub(super) place: AccountRegion,
    pub(super) cluster: String,
    pub(super) id: String,
}

/// Begins the life of a task, given by its id or ARN, whose containers somebody is about to run. Tells whether
/// there is such a task, and nobody has attended it before, and it has not been stopped.
pub fn attend_task(world: &mut World, task: &str, work: &mut Work<'_>) -> bool {
    let Some(found) = find(world, task) else { return false };
    let now = work.now;
    if !found.task_mut(world).is_some_and(|task| task.life.attend(now)) {
        return false;
    }
    let orders = match awslogs::prepare(world, &found, work) {
        Ok(()) => found.task_mut(world).map(|task| task.life.begin(now)),
        Err(end) => found.task_mut(world).map(|task| task.life.finish(end, now)),
    };
    take_over(world, &found, orders.unwrap_or_default());
    true
}

/// From now on somebody attends every task that is started: none passes for running meanwhile.
pub fn expect_attendants(world: &mut World) {
    if let Ok(state) = world.state_mut::<EcsState>() {
        state.attendants = true;
    }
}

/// Whether somebody attends every task.
#[must_use]
pub fn expects_attendants(world: &World) -> bool {
    world.state::<EcsState>().is_ok_and(|state| state.attendants)
}

/// The tasks that wait for their attendant, by ARN. Each is given once.
pub fn new_tasks(world: &mut World) -> Vec<String> {
    let Ok(state) = world.state_mut::<EcsState>() else { return Vec::new() };
    let clusters = state.regions.values_mut().flat_map(|region| region.clusters.values_mut());
    let mut new = Vec::new();
    for task in clusters.flat_map(|cluster| cluster.tasks.values_mut()) {
        if task.life.waits() && !std::mem::replace(&mut task.life.announced, true) {
            new.push(task.arn.clone());
        }
    }
    new
}

/// Takes in what has happened to a container of a task.
pub fn task_event(world: &mut World, task: &str, event: &Event, now: Timestamp) {
    let Some(found) = find(world, task) else { return };
    let orders = found.task_mut(world).map(|task| task.life.hear(event, now));
    take_over(world, &found, orders.unwrap_or_default());
}

/// What is to be done with a task's containers. Each order is given once.
pub fn task_orders(world: &mut World, task: &str) -> Vec<Order> {
    let Some(found) = find(world, task) else { return Vec::new() };
    found.task_mut(world).map(|task| std::mem::take(&mut task.orders)).unwrap_or_default()
}

/// A number that is another one whenever there are new orders for some task, or one has begun or ended.
#[must_use]
pub fn task_changes(world: &World) -> u64 {
    world.state::<EcsState>().map_or(0, |state| state.task_changes)
}

/// Stops a task, as StopTask does.
pub fn stop_task(world: &mut World, task: &str, reason: &str, now: Timestamp) {
    if let Some(Found { place, cluster, id }) = find(world, task) {
        end_task(world, &place, &cluster, &id, End::asked(reason.to_owned()), now);
    }
}

/// Writes what a container has printed to where its `awslogs` options say, as the execution role. Each line comes
/// with its time in milliseconds since 1970. A container with another log driver writes nowhere.
///
/// # Errors
/// What CloudWatch Logs answers instead. The task goes on without its log, as on AWS.
pub fn write_task_log(
    world: &mut World,
    task: &str,
    container: &str,
    lines: &[(i64, String)],
    work: &mut Work<'_>,
) -> Result<(), Fault> {
    match find(world, task) {
        Some(found) => awslogs::write(world, &found, container, lines, work),
        None => Ok(()),
    }
}

/// How a task ended; `None` for one that has not, or is not there.
#[must_use]
pub fn task_end(world: &World, task: &str) -> Option<TaskEnd> {
    let found = find(world, task)?;
    let task = found.task(world).filter(|task| task.is_stopped())?;
    let end = task.life.end.clone()?;
    let container = |one: &super::container::Container| ContainerEnd {
        name: one.name.clone(),
        exit_code: one.exit_code,
        reason: one.reason.clone(),
    };
    let containers = task.life.containers.iter().map(container).collect();
    Some(TaskEnd { stop_code: end.code, reason: end.reason, containers })
}

/// Ends a task, unless it is ending already. `None`: there is no such task.
pub(super) fn end_task(
    world: &mut World,
    place: &AccountRegion,
    cluster: &str,
    id: &str,
    end: End,
    now: Timestamp,
) -> Option<()> {
    let found = Found { place: place.clone(), cluster: cluster.to_owned(), id: id.to_owned() };
    let orders = found.task_mut(world)?.life.finish(end, now);
    take_over(world, &found, orders);
    Some(())
}

/// Keeps orders for whoever attends the task. One that has stopped has no credentials any more.
fn take_over(world: &mut World, found: &Found, orders: Vec<Order>) {
    let Some(task) = found.task_mut(world) else { return };
    let ended = task.life.status == Status::Stopped;
    let news = ended || !orders.is_empty();
    task.orders.extend(orders);
    if ended {
        task.role = None;
        if let Some(access_key) = task.execution.take() {
            world.credentials_mut().remove(&access_key);
        }
    }
    if let Ok(state) = world.state_mut::<EcsState>() {
        state.task_changes = state.task_changes.wrapping_add(u64::from(news));
    }
}

/// A task, given by its id or ARN.
pub(super) fn find(world: &World, task: &str) -> Option<Found> {
    let id = task.rsplit('/').next()?;
    let (place, cluster, known) = find_task(world, id)?;
    let same = !task.starts_with("arn:") || task == known.arn;
    same.then(|| Found { place, cluster: cluster.to_owned(), id: id.to_owned() })
}

impl Found {
    pub(super) fn task<'a>(&self, world: &'a World) -> Option<&'a Task> {
        self.place.cluster(world, &self.cluster)?.tasks.get(&self.id)
    }

    pub(super) fn task_mut<'a>(&self, world: &'a mut World) -> Option<&'a mut Task> {
        self.place.cluster_mut(world, &self.cluster).ok()?.tasks.get_mut(&self.id)
    }
}
