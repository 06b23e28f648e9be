//! An option's `broker`: who gives tasks other credentials than ECS does.

use std::fmt::{Display, Formatter, Result};

use policy::Kind;
use source::Node;

use super::fields::Reader;
use crate::scenario::{Binds, Broker, Needs};

const BROKER: &[&str] = &["user", "role", "copies", "session-policy", "task-role", "cluster", "needs", "binds"];

const BINDS: &[(&str, Binds)] =
    &[("nonce", Binds::Nonce), ("audience", Binds::Audience), ("unsigned-audience", Binds::UnsignedAudience)];

/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
const STATUSES: &[&str] = &[
    "PROVISIONING",
    "PENDING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
    "DELETED",
];

/// Reads a broker.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Broker> {
    let fields = reader.fields(node, "`broker`", BROKER);
    let mut required = |key| {
        let node = reader.required(&fields, key, "`broker`")?;
        reader.name(node, &format!("`{key}`"))
    };
    let (user, role) = (required("user"), required("role"));
    let mut optional = |key: &str| fields.get(key).and_then(|node| reader.name(node, &format!("`{key}`")));
    let (task_role, cluster) = (optional("task-role"), optional("cluster"));
    let copies = reader.texts(fields.get("copies"), "`copies`");
    let session_policy = reader.policy(fields.get("session-policy"), Kind::Session);
    let needs = fields.get("needs").map(|node| needs(reader, node)).unwrap_or_default();
    let binds = fields.get("binds").and_then(|node| reader.one_of(node, "`binds`", BINDS));
    Some(Broker { user: user?, role: role?, copies, session_policy, task_role, cluster, needs, binds })
}

fn needs(reader: &mut Reader, node: &Node) -> Needs {
    let fields = reader.fields(node, "`needs`", &["tags", "last-status"]);
    let statuses: Vec<(&str, &str)> = STATUSES.iter().map(|status| (*status, *status)).collect();
    let last_status = fields.get("last-status");
    let last_status = last_status.and_then(|node| reader.one_of(node, "`last-status`", &statuses));
    Needs { tags: reader.tags(fields.get("tags"), "`tags` of `needs`"), last_status: last_status.map(str::to_owned) }
}

impl Display for Broker {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        write!(out, "tasks get a session of {} from user {}", self.role, self.user)?;
        if !self.copies.is_empty() {
            write!(out, ", tagged with their {}", self.copies.join(", "))?;
        }
        if self.session_policy.is_some() {
            write!(out, ", under a session policy")?;
        }
        let Needs { tags, last_status } = &self.needs;
        let tags = tags.iter().map(|(key, value)| format!("tagged {key}={value}"));
        let cluster = self.cluster.iter().map(|cluster| format!("in cluster {cluster}"));
        let role = self.task_role.iter().map(|role| format!("sessions of {role}"));
        let conditions: Vec<String> = role.chain(cluster).chain(last_status.clone()).chain(tags).collect();
        if !conditions.is_empty() {
            write!(out, ", if they are {}", conditions.join(", "))?;
        }
        match self.binds {
            None => Ok(()),
            Some(Binds::Nonce) => write!(out, ", and have signed its nonce"),
            Some(Binds::Audience) => write!(out, ", and have signed its name"),
            Some(Binds::UnsignedAudience) => write!(out, ", and name it in a header"),
        }
    }
}
