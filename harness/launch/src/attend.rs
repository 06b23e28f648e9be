//! Attending tasks: orders in, events out, until they have ended.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ecs::{Event, Order, TaskBrief, TaskEnd};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;
use wire::Hosted;

use crate::Launcher;
use crate::container::Ended;
use crate::printed::{Batch, Printed};

/// A task that has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// How it ended.
    pub end: TaskEnd,
    /// What each of its containers printed, by name, within bounds.
    pub output: HashMap<String, String>,
}

impl Launcher {
    /// Runs a task, given by its ARN, to its end. `None`: there is no such task, or it is not at its beginning any
    /// more.
    ///
    /// Dropping the future ends its containers.
    pub async fn run(&self, hosted: &Hosted, task: &str) -> Option<Ran> {
        let _place = self.room(task).await?;
        let brief = hosted.attend_task(task)?;
        let (log, logs) = mpsc::channel(16);
        let mut attendant = Attendant {
            launcher: self,
            hosted,
            brief,
            containers: JoinSet::new(),
            stops: HashMap::new(),
            output: HashMap::new(),
            log,
            logs,
        };
        attendant.attend().await;
        let output = attendant.output;
        hosted.task_end(task).map(|end| Ran { end, output })
    }

    /// Runs every task that is started in a world once this has been called, so many at once as there is room for. The
    /// future never ends; dropping it ends all containers.
    pub fn attend_all(self: Arc<Self>, hosted: Arc<Hosted>) -> impl Future<Output = ()> + Send {
        // Now, and not when the future is first polled: till then a task would pass for running.
        hosted.with(ecs::expect_attendants);
        self.attend_new(hosted)
    }

    async fn attend_new(self: Arc<Self>, hosted: Arc<Hosted>) {
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                tasks = hosted.new_tasks() => for task in tasks {
                    let (launcher, hosted) = (self.clone(), hosted.clone());
                    running.spawn(async move {
                        launcher.fetch(&hosted, &task).await;
                        launcher.run(&hosted, &task).await
                    });
                },
                Some(_) = running.join_next() => {}
            }
        }
    }

    /// Images may take minutes, in which a task is still being made. What cannot be had, its start will tell.
    async fn fetch(&self, hosted: &Hosted, task: &str) {
        let brief = hosted.with(|world| ecs::task_brief(world, task));
        for container in brief.iter().flat_map(|brief| &brief.containers) {
            let _told_later = self.check(hosted, container).await;
        }
    }
}

struct Attendant<'a> {
    launcher: &'a Launcher,
    hosted: &'a Hosted,
    brief: TaskBrief,
    /// Those that run; dropping this ends them.
    containers: JoinSet<(String, Ended)>,
    stops: HashMap<String, oneshot::Sender<Duration>>,
    output: HashMap<String, String>,
    log: mpsc::Sender<Batch>,
    logs: mpsc::Receiver<Batch>,
}

impl Attendant<'_> {
    async fn attend(&mut self) {
        let limit = self.launcher.limit;
        let mut over = std::pin::pin!(sleep(limit.unwrap_or_default()));
        let mut is_over = limit.is_none();
        loop {
            tokio::select! {
                orders = self.hosted.task_orders(&self.brief.arn) => {
                    if orders.is_empty() {
                        return;
                    }
                    for order in orders {
                        self.carry_out(order).await;
                    }
                }
                Some(batch) = self.logs.recv() => self.write(&batch),
                Some(ended) = self.containers.join_next() => {
                    if let Ok((name, ended)) = ended {
                        self.ended(name, ended);
                    }
                }
                () = &mut over, if !is_over => {
                    is_over = true;
                    let seconds = limit.unwrap_or_default().as_secs();
                    let reason = format!("tagproof stopped the task: it had not ended after {seconds} seconds");
                    self.hosted.stop_task(&self.brief.arn, &reason);
                }
            }
        }
    }

    async fn carry_out(&mut self, order: Order) {
        match order {
            Order::Start { container } => self.start(container).await,
            Order::Stop { container, patience_seconds } => {
                if let Some(stop) = self.stops.remove(&container) {
                    // One that has just ended by itself hears nothing any more.
                    let _ended = stop.send(Duration::from_secs(patience_seconds.into()));
                }
            }
        }
    }

    async fn start(&mut self, name: String) {
        let Some(container) = self.brief.containers.iter().find(|container| container.name == name) else { return };
        match self.launcher.start(self.hosted, &self.brief, container).await {
            Ok(container) => {
                let (stop, stopped) = oneshot::channel();
                self.stops.insert(name.clone(), stop);
                self.tell(&Event::Started { container: name.clone() });
                let printed = Printed::new(name.clone(), self.log.clone());
                self.containers.spawn(async move { (name, container.watch(stopped, printed).await) });
            }
            Err(reason) => self.tell(&Event::CouldNotStart { container: name, reason }),
        }
    }

    /// The log first: with the task ends the session that may write it.
    fn ended(&mut self, name: String, ended: Ended) {
        while let Ok(batch) = self.logs.try_recv() {
            self.write(&batch);
        }
        self.output.insert(name.clone(), ended.output.text());
        self.tell(&Event::Exited { container: name, code: ended.code, reason: ended.reason });
    }

    fn write(&self, Batch { container, lines }: &Batch) {
        self.hosted.write_task_log(&self.brief.arn, container, lines);
    }

    fn tell(&self, event: &Event) {
        self.hosted.task_event(&self.brief.arn, event);
    }
}
