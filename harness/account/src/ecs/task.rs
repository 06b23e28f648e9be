//! A task.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::credentials::TaskRole;
use super::input::{seconds, tags_to_json};
use super::task_definition::TaskDefinition;
use crate::{Ids, Tags, ids};

/// Where a task is in its life.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Before its network is there; tasks in network mode `awsvpc` begin so.
    Provisioning,
    /// Before its containers are there; all other tasks begin so.
    Pending,
    Running,
    Stopped,
}

impl Status {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
        }
    }

    /// What ECS works towards: `desiredStatus`.
    pub(super) const fn desired(self) -> &'static str {
        match self {
            Self::Stopped => "STOPPED",
            _ => "RUNNING",
        }
    }
}

/// A task, running or stopped a while ago.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) cluster_arn: String,
    pub(super) definition_arn: String,
    pub(super) family: String,
    pub(super) status: Status,
    pub(super) tags: Tags,
    pub(super) role: Option<TaskRole>,
    pub(super) group: String,
    pub(super) started_by: Option<String>,
    pub(super) launch_type: String,
    pub(super) container_instance: Option<String>,
    /// The `clientToken` of the request that started it.
    pub(super) client_token: Option<String>,
    /// `cpu`, `memory`, `overrides`, `containers` … as answers show them.
    pub(super) body: Map<String, Value>,
    pub(super) created_at: Timestamp,
    pub(super) started_at: Option<Timestamp>,
    pub(super) stopped: Option<Stopped>,
}

/// How a task ended.
#[derive(Clone, Debug)]
pub(super) struct Stopped {
    pub(super) at: Timestamp,
    pub(super) reason: String,
}

/// For how long ECS tells of a stopped task: "stopped tasks only appear … for at least one hour".
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
const REMEMBERED_MS: i64 = 3_600_000;

impl Task {
    /// Whether it stopped so long ago that nothing tells of it any more.
    pub(super) fn is_forgotten(&self, now: Timestamp) -> bool {
        let since = |stopped: &Stopped| now.as_millisecond() - stopped.at.as_millisecond();
        self.stopped.as_ref().is_some_and(|stopped| since(stopped) > REMEMBERED_MS)
    }

    /// A task that was still starting when it was last looked at is running now.
    pub(super) fn advance(&mut self, now: Timestamp) {
        if matches!(self.status, Status::Provisioning | Status::Pending) {
            self.status = Status::Running;
            self.started_at = Some(now);
        }
    }

    /// Stops it; its credentials endpoint goes with it.
    pub(super) fn stop(&mut self, now: Timestamp, reason: String) {
        if self.stopped.is_none() {
            self.stopped = Some(Stopped { at: now, reason });
        }
        self.status = Status::Stopped;
        self.role = None;
    }

    /// As answers show it, with its tags where those are asked for.
    pub(super) fn to_json(&self, with_tags: bool) -> Value {
        let mut answer = json!({
            "taskArn": self.arn,
            "clusterArn": self.cluster_arn,
            "taskDefinitionArn": self.definition_arn,
            "lastStatus": self.status.name(),
            "desiredStatus": self.status.desired(),
            "group": self.group,
            "launchType": self.launch_type,
            "connectivity": "CONNECTED",
            "healthStatus": "UNKNOWN",
            "createdAt": seconds(self.created_at),
            "tags": if with_tags { tags_to_json(&self.tags) } else { json!([]) },
            "attributes": [],
            "version": 1,
        });
        let optional = [("startedBy", &self.started_by), ("containerInstanceArn", &self.container_instance)];
        for (member, value) in optional {
            if let Some(value) = value {
                answer[member] = json!(value);
            }
        }
        if let Some(time) = self.started_at {
            answer["startedAt"] = seconds(time);
        }
        if let Some(Stopped { at, reason }) = &self.stopped {
            for member in ["stoppingAt", "stoppedAt", "executionStoppedAt"] {
                answer[member] = seconds(*at);
            }
            answer["stoppedReason"] = json!(reason);
            answer["stopCode"] = json!("UserInitiated");
        }
        for (member, value) in &self.body {
            answer[member] = value.clone();
        }
        for container in answer["containers"].as_array_mut().into_iter().flatten() {
            container["lastStatus"] = json!(self.status.name());
        }
        answer
    }
}

/// The containers of a new task, as answers show them.
pub(super) fn containers(ids: &mut dyn Ids, definition: &TaskDefinition, task_arn: &str) -> Value {
    let definitions = definition.body.get("containerDefinitions").and_then(Value::as_array);
    let arn = task_arn.replacen(":task/", ":container/", 1);
    let container = |container: &Value| {
        json!({
            "containerArn": format!("{arn}/{}", ids::hex32(ids)),
            "taskArn": task_arn,
            "name": container["name"],
            "image": container["image"],
            "networkInterfaces": [],
            "healthStatus": "UNKNOWN",
            "cpu": container["cpu"].as_u64().unwrap_or(0).to_string(),
        })
    };
    definitions.into_iter().flatten().map(container).collect()
}
