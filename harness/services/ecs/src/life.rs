//! The life of a task: what its containers do, and what follows from that.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
//!
//! The one who runs the containers tells what has happened to them; this says what has to be done next. Nothing here waits,
//! and looking at a task changes nothing.

use jiff::Timestamp;

use super::container::{Container, Phase};

/// Where a task is in its life: `lastStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// Before its network is there; tasks in network mode `awsvpc` begin so.
    Provisioning,
    /// Before an agent has taken it; all other tasks begin so.
    Pending,
    /// Its images are pulled and its containers made.
    Activating,
    Running,
    /// What stands around it is taken down. Nothing does here.
    Deactivating,
    /// Its containers are being stopped.
    Stopping,
    /// Its network is taken down.
    Deprovisioning,
    Stopped,
}

impl Status {
    /// All of them, in order.
    pub(super) const WAY: [Self; 8] = [
        Self::Provisioning,
        Self::Pending,
        Self::Activating,
        Self::Running,
        Self::Deactivating,
        Self::Stopping,
        Self::Deprovisioning,
        Self::Stopped,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// Why a task ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// `stopCode`. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    pub(super) code: &'static str,
    /// `stoppedReason`
    pub(super) reason: String,
}

impl End {
    /// StopTask was called.
    pub(super) fn asked(reason: String) -> Self {
        Self { code: "UserInitiated", reason }
    }

    /// Something that a container needs cannot be had.
    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self { code: "TaskFailedToStart", reason: reason.into() }
    }

    fn essential_exited() -> Self {
        Self { code: "EssentialContainerExited", reason: "Essential container in task exited".to_owned() }
    }
}

/// What has happened to a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It runs.
    Started {
        /// The container's name.
        container: String,
    },
    /// It could not be started.
    CouldNotStart {
        /// The container's name.
        container: String,
        /// As ECS writes it: `CannotStartContainerError: …`
        reason: String,
    },
    /// It has ended.
    Exited {
        /// The container's name.
        container: String,
        /// Its exit code; 128 and the signal's number for one that a signal ended.
        code: i32,
        /// As ECS writes it, where it says more: `OutOfMemoryError: …`
        reason: Option<String>,
    },
}

/// What has to be done with a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start it.
    Start {
        /// The container's name.
        container: String,
    },
    /// Send it SIGTERM, and SIGKILL if it is still there after so many seconds.
    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
    Stop {
        /// The container's name.
        container: String,
        /// `stopTimeout`
        patience_seconds: u32,
    },
}

/// A task's life so far.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) status: Status,
    pub(super) containers: Vec<Container>,
    pub(super) end: Option<End>,
    /// When each status was reached.
    reached: Vec<(Status, Timestamp)>,
    /// Somebody runs its containers. A task that nobody attends passes for running.
    attended: bool,
}

impl Life {
    /// The beginning.
    pub(super) fn new(status: Status, containers: Vec<Container>, now: Timestamp) -> Self {
        Self { status, containers, end: None, reached: vec![(status, now)], attended: false }
    }

    /// Of a task that runs elsewhere, as far as it is known here.
    pub(super) fn elsewhere(stopped: bool, now: Timestamp) -> Self {
        let mut life = Self::new(Status::Running, Vec::new(), now);
        if stopped {
            life.reach(Status::Stopped, now);
        }
        life
    }

    /// Nobody has come to run its containers, and nobody may ever come: it passes for running.
    pub(super) fn pass_for_running(&mut self, now: Timestamp) {
        self.reach(Status::Running, now);
        self.containers.iter_mut().for_each(|container| container.phase = Phase::Running);
    }

    /// Somebody has come who runs its containers: what it passed for is over.
    /// Tells whether this is news.
    pub(super) fn attend(&mut self, now: Timestamp) -> bool {
        if self.attended || self.end.is_some() {
            return false;
        }
        self.attended = true;
        self.reached.truncate(1);
        self.status = self.reached.first().map_or(Status::Pending, |(status, _)| *status);
        self.containers.iter_mut().for_each(|container| container.phase = Phase::Waiting);
        self.reach(Status::Pending, now);
        true
    }

    /// Whether nobody has come to run its containers yet, and it does not pass for running either.
    pub(super) fn waits(&self) -> bool {
        !self.attended && self.end.is_none() && self.status <= Status::Pending
    }

    /// All that its containers need is there.
    pub(super) fn begin(&mut self, now: Timestamp) -> Vec<Order> {
        self.reach(Status::Activating, now);
        self.go_on(now)
    }

    /// Takes in what has happened to a container. What is told of one that has ended already is nothing new.
    pub(super) fn hear(&mut self, event: &Event, now: Timestamp) -> Vec<Order> {
        let (Event::Started { container: name }
        | Event::CouldNotStart { container: name, .. }
        | Event::Exited { container: name, .. }) = event;
        let named = |container: &&mut Container| container.name == *name && container.phase != Phase::Stopped;
        let Some(container) = self.containers.iter_mut().find(named) else { return Vec::new() };
        let essential = container.essential;
        match event {
            Event::Started { .. } => container.phase = Phase::Running,
            Event::CouldNotStart { reason, .. } => {
                container.never_started(reason);
                self.end.get_or_insert_with(|| End::failed("Task failed to start"));
            }
            Event::Exited { code, reason, .. } => {
                container.phase = Phase::Stopped;
                container.exit_code = Some(*code);
                container.reason.clone_from(reason);
                if essential {
                    self.end.get_or_insert_with(End::essential_exited);
                }
            }
        }
        self.go_on(now)
    }

    /// Ends it for a reason, unless it is ending already.
    pub(super) fn finish(&mut self, end: End, now: Timestamp) -> Vec<Order> {
        self.end.get_or_insert(end);
        if self.attended {
            return self.go_on(now);
        }
        self.containers.iter_mut().for_each(|container| container.phase = Phase::Stopped);
        self.reach(Status::Stopped, now);
        Vec::new()
    }

    /// `desiredStatus`: what ECS works towards.
    pub(super) fn desired(&self) -> &'static str {
        if self.end.is_some() || self.status == Status::Stopped { "STOPPED" } else { "RUNNING" }
    }

    /// When a status was reached.
    pub(super) fn at(&self, status: Status) -> Option<Timestamp> {
        self.reached.iter().find(|(reached, _)| *reached == status).map(|(_, at)| *at)
    }

    fn go_on(&mut self, now: Timestamp) -> Vec<Order> {
        if self.end.is_none() {
            let orders = self.start_more();
            // A container that can never start may end the task.
            if self.end.is_none() {
                if self.containers.iter().all(|container| container.phase >= Phase::Running) {
                    self.reach(Status::Running, now);
                }
                return orders;
            }
        }
        self.reach(Status::Stopping, now);
        let orders = self.stop_more();
        if self.containers.iter().all(|container| container.phase == Phase::Stopped) {
            self.reach(Status::Stopped, now);
        }
        orders
    }

    /// Every status on the way is reached as well.
    fn reach(&mut self, status: Status, now: Timestamp) {
        let never_ran = status > Status::Running && self.status < Status::Running;
        for step in Status::WAY.into_iter().filter(|step| (self.status..=status).contains(step)) {
            if step > self.status && !(never_ran && step == Status::Running) {
                self.reached.push((step, now));
            }
        }
        self.status = self.status.max(status);
    }

    /// Starts what waits for nothing any more; what waits in vain never starts.
    fn start_more(&mut self) -> Vec<Order> {
        let mut orders = Vec::new();
        while let Some((at, ready)) = self.next_waiting() {
            let container = &mut self.containers[at];
            if ready {
                container.phase = Phase::Starting;
                orders.push(Order::Start { container: container.name.clone() });
                continue;
            }
            container.never_started("dependency graph: failed to resolve dependencies");
            if container.essential {
                self.end = Some(End::failed("Task failed to start"));
                break;
            }
        }
        orders
    }

    /// A container that can be started now, or never will be.
    fn next_waiting(&self) -> Option<(usize, bool)> {
        self.containers.iter().enumerate().filter(|(_, one)| one.phase == Phase::Waiting).find_map(|(at, container)| {
            let met = container.depends_on.iter().map(|(name, condition)| {
                let other = self.containers.iter().find(|other| other.name == *name);
                other.map_or(Some(false), |other| condition.met_by(other))
            });
            let met: Vec<Option<bool>> = met.collect();
            if met.contains(&Some(false)) {
                return Some((at, false));
            }
            met.iter().all(|met| *met == Some(true)).then_some((at, true))
        })
    }

    /// "When a dependency is defined for container startup, for container shutdown it is reversed."
    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
    fn stop_more(&mut self) -> Vec<Order> {
        let needed_by_living = |name: &str, all: &[Container]| {
            let needs = |other: &Container| other.depends_on.iter().any(|(needed, _)| needed == name);
            all.iter().any(|other| other.is_alive() && needs(other))
        };
        let mut orders = Vec::new();
        for at in 0..self.containers.len() {
            let name = self.containers[at].name.clone();
            let must_wait = needed_by_living(&name, &self.containers);
            let container = &mut self.containers[at];
            match container.phase {
                Phase::Waiting => container.phase = Phase::Stopped,
                Phase::Starting | Phase::Running if !must_wait && !container.told_to_stop => {
                    container.told_to_stop = true;
                    orders.push(Order::Stop { container: name, patience_seconds: container.stop_timeout });
                }
                _ => {}
            }
        }
        orders
    }
}
