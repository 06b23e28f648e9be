//! A task.

use std::sync::Arc;

use account::{Ids, Tags, ids};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sts::Issued;

use super::client_token::ClientToken;
use super::container::Container;
use super::input::{seconds, tags_to_json};
use super::life::{Life, Order, Status};

/// A task, running or stopped a while ago.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) arn: String,
    pub(super) cluster_arn: String,
    pub(super) definition_arn: String,
    pub(super) family: String,
    pub(super) life: Life,
    pub(super) tags: Tags,
    /// Whether AWS leaves open which tags of the definition it has: [`Case::ManagedTags`](policy::undocumented::Case::ManagedTags).
    pub(super) may_have_more_tags: bool,
    pub(super) role: Option<TaskRole>,
    /// What opens the metadata endpoint.
    pub(super) metadata_key: String,
    /// The execution role's ARN.
    pub(super) execution_role: Option<String>,
    /// The access key of its session, while somebody runs the containers.
    pub(super) execution: Option<String>,
    /// What the one who runs the containers has not yet been told to do.
    pub(super) orders: Vec<Order>,
    pub(super) group: String,
    pub(super) started_by: Option<String>,
    pub(super) launch_type: String,
    pub(super) container_instance: Option<String>,
    /// The request that started it, if it has a `clientToken`.
    pub(super) client_token: Option<Arc<ClientToken>>,
    /// `cpu`, `memory`, `overrides` … as answers show them.
    pub(super) body: Map<String, Value>,
    pub(super) created_at: Timestamp,
}

/// A running task's role: its session, and the token that opens the endpoint.
#[derive(Clone)]
pub(super) struct TaskRole {
    pub(super) arn: String,
    pub(super) access_key: String,
    pub(super) token: String,
}

impl std::fmt::Debug for TaskRole {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TaskRole").field("arn", &self.arn).finish_non_exhaustive()
    }
}

impl TaskRole {
    pub(super) fn new(ids: &mut dyn Ids, arn: &str, issued: Issued) -> Self {
        Self { arn: arn.to_owned(), access_key: issued.access_key, token: ids::secret(ids) }
    }
}

impl Task {
    /// Whether it is over. Its credentials endpoint has gone with it.
    pub(super) fn is_stopped(&self) -> bool {
        self.life.status == Status::Stopped
    }

    /// As answers show it, with its tags where those are asked for.
    pub(super) fn to_json(&self, with_tags: bool) -> Value {
        let mut answer = json!({
            "taskArn": self.arn,
            "clusterArn": self.cluster_arn,
            "taskDefinitionArn": self.definition_arn,
            "lastStatus": self.life.status.name(),
            "desiredStatus": self.life.desired(),
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
        for (member, status) in TIMES {
            if let Some(time) = self.life.at(*status) {
                answer[*member] = seconds(time);
            }
        }
        if let Some(end) = &self.life.end {
            answer["stoppedReason"] = json!(end.reason);
            answer["stopCode"] = json!(end.code);
        }
        for (member, value) in &self.body {
            answer[member] = value.clone();
        }
        answer["containers"] = self.life.containers.iter().map(Container::to_json).collect();
        answer
    }
}

/// Members that tell when a status was reached. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
const TIMES: &[(&str, Status)] = &[
    ("connectivityAt", Status::Pending),
    ("pullStartedAt", Status::Activating),
    ("pullStoppedAt", Status::Activating),
    ("startedAt", Status::Running),
    ("stoppingAt", Status::Stopping),
    ("executionStoppedAt", Status::Deprovisioning),
    ("stoppedAt", Status::Stopped),
];
