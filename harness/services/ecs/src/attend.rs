//! Attending a task: for the one who runs its containers.
//!
//! [`attend_task`] begins a task's life. [`task_orders`] says what is to be done, [`task_event`]
//! takes in what has happened, until [`task_end`] tells how it ended. A task that nobody attends passes for
//! running until it is stopped.

use account::{AccountRegion, Fault, Work, World};
use jiff::Timestamp;

use super::awslogs;
use super::life::{End, Event, Life, Order};
use super::region::{EcsState, Found, find};

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

/// Begins the life of a task, given by its id or ARN, whose containers somebody is about to run. Tells whether
/// there is such a task, and nobody has attended it before, and it has not been stopped.
pub fn attend_task(world: &mut World, task: &str, work: &mut Work<'_>) -> bool {
    let Some(found) = find(world, task) else { return false };
    let now = work.now;
    if found.change(world, |task| task.life.attend(now)) != Some(true) {
        return false;
    }
    let prepared = awslogs::prepare(world, &found, work);
    found.go_on(world, now, |life| match prepared {
        Ok(()) => life.begin(now),
        Err(end) => life.finish(end, now),
    });
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
    let new = world.state_mut::<EcsState>().map(|state| std::mem::take(&mut state.new)).unwrap_or_default();
    let waiting = new.iter().filter_map(|found| found.task(world)).filter(|task| task.life.waits());
    waiting.map(|task| task.arn.clone()).collect()
}

/// Takes in what has happened to a container of a task.
pub fn task_event(world: &mut World, task: &str, event: &Event, now: Timestamp) {
    if let Some(found) = find(world, task) {
        found.go_on(world, now, |life| life.hear(event, now));
    }
}

/// What is to be done with a task's containers. Each order is given once.
pub fn task_orders(world: &mut World, task: &str) -> Vec<Order> {
    let Some(found) = find(world, task) else { return Vec::new() };
    found.change(world, |task| std::mem::take(&mut task.orders)).unwrap_or_default()
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
    found.go_on(world, now, |life| life.finish(end, now))
}

impl Found {
    /// Lets a task's life go on, and keeps the orders that come of it for its attendant. A task that has stopped has no
    /// credentials any more.
    fn go_on(&self, world: &mut World, now: Timestamp, step: impl FnOnce(&mut Life) -> Vec<Order>) -> Option<()> {
        let (has_ended, execution, news) = self.change(world, |task| {
            let was_stopped = task.is_stopped();
            let orders = step(&mut task.life);
            let has_ended = task.is_stopped() && !was_stopped;
            let news = has_ended || !orders.is_empty();
            task.orders.extend(orders);
            if !has_ended {
                return (false, None, news);
            }
            task.role = None;
            (true, task.execution.take(), news)
        })?;
        execution.iter().for_each(|access_key| world.credentials_mut().remove(access_key));
        let state = world.state_mut::<EcsState>().ok()?;
        state.task_changes = state.task_changes.wrapping_add(u64::from(news));
        if has_ended {
            state.stopped.enqueue_mut((now, self.clone()));
        }
        Some(())
    }
}
