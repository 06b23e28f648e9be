//! The tasks of a world, for the one who runs their containers.

use std::pin::pin;

use ::ecs::{Event, Order, TaskBrief, TaskEnd, Work};
use account::RecordedDecision;
use jiff::Timestamp;

use crate::Hosted;
use crate::chance::Chance;

impl Hosted {
    /// Begins the life of a task, given by its ARN, and tells what there is to run. `None`: there is no such task, or
    /// it is not at its beginning any more.
    #[must_use]
    pub fn attend_task(&self, task: &str) -> Option<TaskBrief> {
        let brief = self.with(|world| ::ecs::task_brief(world, task))?;
        let attended = self.at_work(task, |world, work| ::ecs::attend_task(world, task, work));
        attended.then_some(brief)
    }

    /// The tasks that have been started since this was last asked, by ARN: waits until there are some.
    pub async fn new_tasks(&self) -> Vec<String> {
        loop {
            let mut changed = pin!(self.tasks_changed.notified());
            changed.as_mut().enable();
            let new = self.with(::ecs::new_tasks);
            if !new.is_empty() {
                return new;
            }
            changed.await;
        }
    }

    /// What is to be done next with a task's containers: waits until there is something. Nothing at all: it has ended.
    pub async fn task_orders(&self, task: &str) -> Vec<Order> {
        loop {
            let mut changed = pin!(self.tasks_changed.notified());
            changed.as_mut().enable();
            // A task that has ended is as good as gone.
            let (orders, gone) =
                self.with(|world| (::ecs::task_orders(world, task), ::ecs::task_metadata_key(world, task).is_none()));
            if gone || !orders.is_empty() {
                return orders;
            }
            changed.await;
        }
    }

    /// Takes in what has happened to a container of a task.
    pub fn task_event(&self, task: &str, event: &Event) {
        self.with(|world| ::ecs::task_event(world, task, event, Timestamp::now()));
    }

    /// Stops a task, as StopTask does.
    pub fn stop_task(&self, task: &str, reason: &str) {
        self.with(|world| ::ecs::stop_task(world, task, reason, Timestamp::now()));
    }

    /// Writes a container's output to its log. On AWS what may not be written there is lost, and so it is here; the
    /// decision is recorded.
    pub fn write_task_log(&self, task: &str, container: &str, lines: &[(i64, String)]) {
        let _lost = self.at_work(task, |world, work| ::ecs::write_task_log(world, task, container, lines, work));
    }

    /// How a task ended.
    #[must_use]
    pub fn task_end(&self, task: &str) -> Option<TaskEnd> {
        self.with(|world| ::ecs::task_end(world, task))
    }

    /// What was decided for a task's sessions: its role's and its execution role's, both named by the task's id. It is
    /// given once.
    #[must_use]
    pub fn decisions_of_task(&self, task: &str) -> Vec<RecordedDecision> {
        self.decisions_of_session(id(task))
    }

    /// Where a container finds the task metadata endpoint: the value of `ECS_CONTAINER_METADATA_URI_V4`.
    #[must_use]
    pub fn container_metadata(&self, task: &str, container: &str) -> Option<String> {
        let key = self.with(|world| ::ecs::task_metadata_key(world, task).map(str::to_owned))?;
        Some(format!("{}/_tagproof/v4/{}/{}/{key}/{container}", self.url(), self.realm(), id(task)))
    }

    /// The listener's address, as clients on this machine are told it.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        self.url()
    }

    fn at_work<R>(&self, task: &str, f: impl FnOnce(&mut account::World, &mut Work<'_>) -> R) -> R {
        let mut decisions = Vec::new();
        let mut work = Work {
            now: Timestamp::now(),
            ids: &mut Chance { realm: self.realm() },
            tracing: self.tracing(),
            decisions: &mut decisions,
        };
        let era = self.era();
        let result = self.within(&era, |world| f(world, &mut work));
        self.file(&era, id(task), decisions);
        result
    }
}

fn id(task: &str) -> &str {
    task.rsplit('/').next().unwrap_or(task)
}
