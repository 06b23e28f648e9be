//! Attending a task: for whoever runs its containers.
//!
//! [`World::attend_task`] begins a task's life. [`World::task_orders`] says what is to be done, [`World::task_event`]
//! takes in what has happened, until [`World::task_end`] tells how it ended. A task that nobody attends passes for
//! running until it is stopped.

use jiff::Timestamp;

use super::life::{End, Event, Order, Status};
use super::task::Task;
use super::{Place, awslogs};
use crate::{Fault, Filed, Ids, Tracing, World};

/// What ECS does on its own, not in answer to a call: when, and where its decisions are filed.
pub struct Work<'a> {
    /// The time it counts as done at.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a mut dyn Ids,
    /// Whether decisions carry a trace.
    pub tracing: Tracing,
    /// Each decision that was made on the way, in order.
    pub decisions: &'a mut Vec<Filed>,
}

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
    pub(super) place: Place,
    pub(super) cluster: String,
    pub(super) id: String,
}

impl World {
    /// Begins the life of a task, given by its id or ARN, whose containers somebody is about to run. Tells whether
    /// there is such a task, and nobody has attended it before, and it has not been stopped.
    pub fn attend_task(&mut self, task: &str, work: &mut Work<'_>) -> bool {
        let Some(found) = self.found(task) else { return false };
        let now = work.now;
        if !self.found_mut(&found).is_some_and(|task| task.life.attend(now)) {
            return false;
        }
        let orders = match awslogs::prepare(self, &found, work) {
            Ok(()) => self.found_mut(&found).map(|task| task.life.begin(now)),
            Err(end) => self.found_mut(&found).map(|task| task.life.finish(end, now)),
        };
        self.take_over(&found, orders.unwrap_or_default());
        true
    }

    /// From now on somebody attends every task that is started: none passes for running meanwhile.
    pub fn expect_attendants(&mut self) {
        self.attendants = true;
    }

    /// Whether somebody attends every task.
    #[must_use]
    pub fn expects_attendants(&self) -> bool {
        self.attendants
    }

    /// The tasks that wait for their attendant, by ARN. Each is given once.
    pub fn new_tasks(&mut self) -> Vec<String> {
        let regions = self.accounts.values_mut().flat_map(|account| account.ecs.regions.values_mut());
        let clusters = regions.flat_map(|region| region.clusters.values_mut());
        let mut new = Vec::new();
        for task in clusters.flat_map(|cluster| cluster.tasks.values_mut()) {
            if task.life.waits() && !std::mem::replace(&mut task.life.announced, true) {
                new.push(task.arn.clone());
            }
        }
        new
    }

    /// Takes in what has happened to a container of a task.
    pub fn task_event(&mut self, task: &str, event: &Event, now: Timestamp) {
        let Some(found) = self.found(task) else { return };
        let orders = self.found_mut(&found).map(|task| task.life.hear(event, now));
        self.take_over(&found, orders.unwrap_or_default());
    }

    /// What is to be done with a task's containers. Each order is given once.
    pub fn task_orders(&mut self, task: &str) -> Vec<Order> {
        let Some(found) = self.found(task) else { return Vec::new() };
        self.found_mut(&found).map(|task| std::mem::take(&mut task.orders)).unwrap_or_default()
    }

    /// A number that is another one whenever there are new orders for some task, or one has begun or ended.
    #[must_use]
    pub fn task_changes(&self) -> u64 {
        self.task_changes
    }

    /// Stops a task, as StopTask does.
    pub fn stop_task(&mut self, task: &str, reason: &str, now: Timestamp) {
        if let Some(Found { place, cluster, id }) = self.found(task) {
            self.end_task(&place, &cluster, &id, End::asked(reason.to_owned()), now);
        }
    }

    /// Writes what a container has printed to where its `awslogs` options say, as the execution role. Each line comes
    /// with its time in milliseconds since 1970. A container with another log driver writes nowhere.
    ///
    /// # Errors
    /// What CloudWatch Logs answers instead. The task goes on without its log, as on AWS.
    pub fn write_task_log(
        &mut self,
        task: &str,
        container: &str,
        lines: &[(i64, String)],
        work: &mut Work<'_>,
    ) -> Result<(), Fault> {
        match self.found(task) {
            Some(found) => awslogs::write(self, &found, container, lines, work),
            None => Ok(()),
        }
    }

    /// How a task ended; `None` for one that has not, or is not there.
    #[must_use]
    pub fn task_end(&self, task: &str) -> Option<TaskEnd> {
        let found = self.found(task)?;
        let task = self.found_ref(&found).filter(|task| task.is_stopped())?;
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
    pub(super) fn end_task(&mut self, place: &Place, cluster: &str, id: &str, end: End, now: Timestamp) -> Option<()> {
        let found = Found { place: place.clone(), cluster: cluster.to_owned(), id: id.to_owned() };
        let orders = self.found_mut(&found)?.life.finish(end, now);
        self.take_over(&found, orders);
        Some(())
    }

    /// Keeps orders for whoever attends the task. One that has stopped has no credentials any more.
    fn take_over(&mut self, found: &Found, orders: Vec<Order>) {
        let Some(task) = self.found_mut(found) else { return };
        let ended = task.life.status == Status::Stopped;
        let news = ended || !orders.is_empty();
        task.orders.extend(orders);
        if ended {
            task.role = None;
            if let Some(access_key) = task.execution.take() {
                self.credentials.remove(&access_key);
            }
        }
        self.task_changes = self.task_changes.wrapping_add(u64::from(news));
    }

    pub(super) fn found(&self, task: &str) -> Option<Found> {
        let id = task.rsplit('/').next()?;
        let (place, cluster, known) = self.find_task(id)?;
        let same = !task.starts_with("arn:") || task == known.arn;
        same.then(|| Found { place, cluster: cluster.to_owned(), id: id.to_owned() })
    }

    pub(super) fn found_ref(&self, found: &Found) -> Option<&Task> {
        found.place.cluster(self, &found.cluster)?.tasks.get(&found.id)
    }

    pub(super) fn found_mut(&mut self, found: &Found) -> Option<&mut Task> {
        found.place.cluster_mut(self, &found.cluster).ok()?.tasks.get_mut(&found.id)
    }
}
