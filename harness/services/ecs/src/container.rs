//! One container of a task: what it was defined to do, and how far it has come.

use account::{Ids, ids};
use serde::Deserialize;
use serde_json::{Value, json};

/// How far a container has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// For others to get on.
    Waiting,
    /// It has been ordered, and nothing heard of it yet.
    Starting,
    Running,
    Stopped,
}

/// How far another container has to have come.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Start,
    Complete,
    Success,
    Healthy,
}

impl Condition {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "START" => Some(Self::Start),
            "COMPLETE" => Some(Self::Complete),
            "SUCCESS" => Some(Self::Success),
            "HEALTHY" => Some(Self::Healthy),
            _ => None,
        }
    }

    /// `None`: not yet.
    pub(super) fn met_by(self, other: &Container) -> Option<bool> {
        let ended = other.phase == Phase::Stopped;
        match self {
            Self::Start if other.phase == Phase::Running || other.exit_code.is_some() => Some(true),
            Self::Complete if other.exit_code.is_some() => Some(true),
            Self::Success if ended => Some(other.exit_code == Some(0)),
            _ => ended.then_some(false),
        }
    }
}

/// A container of a task.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) essential: bool,
    pub(super) depends_on: Vec<(String, Condition)>,
    pub(super) stop_timeout: u32,
    pub(super) phase: Phase,
    pub(super) told_to_stop: bool,
    pub(super) exit_code: Option<i32>,
    /// Why it did not start, or what ECS says of its end.
    pub(super) reason: Option<String>,
    /// Its members as answers show them.
    shown: Value,
}

/// What counts of a container definition for a task's life.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Definition {
    name: String,
    essential: Option<bool>,
    depends_on: Vec<Dependency>,
    stop_timeout: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Dependency {
    container_name: String,
    condition: String,
}

/// "If neither the stopTimeout parameter or the ECS_CONTAINER_STOP_TIMEOUT agent configuration variable is set, the
/// default values of 30 seconds … are used." On Fargate "the max value is 120 seconds".
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
const STOP_TIMEOUT: u32 = 30;
const LONGEST_STOP_TIMEOUT: u32 = 120;

impl Container {
    /// The containers of a new task.
    pub(super) fn all<'d>(ids: &mut dyn Ids, defined: impl Iterator<Item = &'d Value>, task_arn: &str) -> Vec<Self> {
        let arn = task_arn.replacen(":task/", ":container/", 1);
        defined.map(|container| Self::new(ids, container, task_arn, &arn)).collect()
    }

    fn new(ids: &mut dyn Ids, container: &Value, task_arn: &str, arn: &str) -> Self {
        let defined = Definition::deserialize(container).unwrap_or_default();
        let dependency = |one: &Dependency| Some((one.container_name.clone(), Condition::named(&one.condition)?));
        let shown = json!({
            "containerArn": format!("{arn}/{}", ids::hex32(ids)),
            "taskArn": task_arn,
            "name": container["name"],
            "image": container["image"],
            "networkInterfaces": [],
            "healthStatus": "UNKNOWN",
            "cpu": container["cpu"].as_u64().unwrap_or(0).to_string(),
        });
        Self {
            name: defined.name,
            essential: defined.essential != Some(false),
            depends_on: defined.depends_on.iter().filter_map(dependency).collect(),
            stop_timeout: defined.stop_timeout.unwrap_or(STOP_TIMEOUT).min(LONGEST_STOP_TIMEOUT),
            phase: Phase::Waiting,
            told_to_stop: false,
            exit_code: None,
            reason: None,
            shown,
        }
    }

    pub(super) fn never_started(&mut self, reason: &str) {
        self.phase = Phase::Stopped;
        self.reason = Some(reason.to_owned());
    }

    pub(super) fn is_alive(&self) -> bool {
        matches!(self.phase, Phase::Starting | Phase::Running)
    }

    pub(super) const fn status(&self) -> &'static str {
        match self.phase {
            Phase::Waiting | Phase::Starting => "PENDING",
            Phase::Running => "RUNNING",
            Phase::Stopped => "STOPPED",
        }
    }

    pub(super) fn arn(&self) -> &str {
        self.shown["containerArn"].as_str().unwrap_or_default()
    }

    pub(super) fn image(&self) -> &str {
        self.shown["image"].as_str().unwrap_or_default()
    }

    pub(super) fn runtime_id(&self) -> String {
        self.arn().rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// As answers show it.
    pub(super) fn to_json(&self) -> Value {
        let mut shown = self.shown.clone();
        shown["lastStatus"] = json!(self.status());
        shown["runtimeId"] = json!(self.runtime_id());
        if let Some(code) = self.exit_code {
            shown["exitCode"] = json!(code);
        }
        if let Some(reason) = &self.reason {
            shown["reason"] = json!(reason);
        }
        shown
    }
}
