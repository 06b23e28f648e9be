//! Attending a task: orders in, events out, until it has ended.

use std::collections::HashMap;
use std::time::Duration;

use account::ecs::{Event, Order, TaskBrief, TaskEnd};
use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;
use wire::Hosted;

use crate::Launcher;
use crate::container::{self, Ended};

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
        let _place = self.room.acquire().await.ok()?;
        let brief = hosted.attend_task(task)?;
        let mut attendant = Attendant {
            launcher: self,
            hosted,
            brief,
            containers: JoinSet::new(),
            stops: HashMap::new(),
            output: HashMap::new(),
        };
        attendant.attend().await;
        let output = attendant.output;
        hosted.task_end(task).map(|end| Ran { end, output })
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
}

impl Attendant<'_> {
    async fn attend(&mut self) {
        let limit = self.launcher.limit;
        let mut over = std::pin::pin!(sleep(limit));
        let mut is_over = false;
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
                Some(ended) = self.containers.join_next() => {
                    if let Ok((name, ended)) = ended {
                        self.ended(name, &ended);
                    }
                }
                () = &mut over, if !is_over => {
                    is_over = true;
                    let seconds = limit.as_secs();
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
            Ok((child, group)) => {
                let (stop, stopped) = oneshot::channel();
                self.stops.insert(name.clone(), stop);
                self.tell(&Event::Started { container: name.clone() });
                self.containers.spawn(async move { (name, container::watch(child, group, stopped).await) });
            }
            Err(why) => {
                self.tell(&Event::CouldNotStart {
                    container: name,
                    reason: format!("CannotStartContainerError: {why}"),
                });
            }
        }
    }

    /// The log first: with the task ends the session that may write it.
    fn ended(&mut self, name: String, ended: &Ended) {
        let text = ended.output.text();
        let now = Timestamp::now().as_millisecond();
        let lines: Vec<_> = text.lines().filter(|line| !line.is_empty()).map(|line| (now, line.to_owned())).collect();
        if !lines.is_empty() {
            self.hosted.write_task_log(&self.brief.arn, &name, &lines);
        }
        self.output.insert(name.clone(), text);
        self.tell(&Event::Exited { container: name, code: ended.code });
    }

    fn tell(&self, event: &Event) {
        self.hosted.task_event(&self.brief.arn, event);
    }
}
