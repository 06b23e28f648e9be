//! The credentials endpoint of a task: who may read it, and what it gives.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

use account::{AccountRegion, Ids, Tracing, Work, World};
use jiff::Timestamp;
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::launch::{assumption, task_session_seconds};
use super::region::{EcsState, InEcs, find_task};
use super::task::{Task, TaskRole};

/// What ECS's credentials endpoint answers, in its own member names.
#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerCredentials {
    /// The access key's id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token.
    pub token: String,
    /// When they end, as `2026-11-24T14:00:00Z`.
    pub expiration: String,
    /// The task's role.
    pub role_arn: String,
}

/// What a task's containers are told about their credentials endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct TaskEndpoint {
    /// The task's id, which the endpoint's path names.
    pub task_id: String,
    /// What has to be sent as `Authorization`; nobody else knows it.
    pub token: String,
}

impl std::fmt::Debug for ContainerCredentials {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ContainerCredentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TaskEndpoint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TaskEndpoint").field("task_id", &self.task_id).finish_non_exhaustive()
    }
}

/// New credentials are there this long before the current ones end. AWS gives no number for ECS; SDKs begin to ask for
/// new ones when fewer than 15 minutes are left. Short ones have their last quarter for it.
const REFRESH_SECONDS: i64 = 15 * 60;

/// The credentials of a task, for the one who shows the task's token; `None` for a wrong token and for a task that is
/// unknown, stopped or without a role, which look the same from outside.
///
/// Shortly before they end, ECS assumes the role again; if the role does not trust it any more, the task is left
/// with what it has until that ends.
pub fn task_credentials(
    world: &mut World,
    task_id: &str,
    token: &str,
    now: Timestamp,
    ids: &mut dyn Ids,
) -> Option<ContainerCredentials> {
    let (place, cluster, task) = find_task(world, task_id)?;
    let role = task.role.as_ref()?;
    if !bool::from(role.token.as_bytes().ct_eq(token.as_bytes())) {
        return None;
    }
    let (role, cluster) = (role.clone(), cluster.to_owned());
    let expires = world.credentials().get(&role.access_key).and_then(|credential| credential.expires);
    let left = expires.map_or(0, |expires| expires.as_second() - now.as_second());
    if left > REFRESH_SECONDS.min(task_session_seconds(world) / 4) {
        return container_credentials(world, &role);
    }
    match refresh(world, &place, &cluster, task_id, &role, now, ids) {
        Some(fresh) => container_credentials(world, &fresh),
        None if left > 0 => container_credentials(world, &role),
        None => None,
    }
}

/// Where the containers of a task, given by ARN or id, find their credentials; `None` for a task that is unknown,
/// stopped or without a role.
#[must_use]
pub fn task_endpoint(world: &World, task: &str) -> Option<TaskEndpoint> {
    let id = task.rsplit('/').next()?;
    let (_, _, found) = find_task(world, id)?;
    if task.starts_with("arn:") && task != found.arn {
        return None;
    }
    Some(TaskEndpoint { task_id: found.id.clone(), token: found.role.as_ref()?.token.clone() })
}

fn refresh(
    world: &mut World,
    place: &AccountRegion,
    cluster: &str,
    task_id: &str,
    role: &TaskRole,
    now: Timestamp,
    ids: &mut dyn Ids,
) -> Option<TaskRole> {
    let asked = assumption(world, place, &role.arn, task_id);
    let mut work = Work { now, ids, tracing: Tracing::Denials, decisions: &mut Vec::new() };
    let issued = sts::assume_for_service(world, &mut work, &asked).ok()?;
    place.cluster_mut(world, cluster).ok()?.tasks.change(task_id, |task| {
        let kept = task.role.as_mut()?;
        kept.access_key = issued.access_key;
        Some(kept.clone())
    })?
}

/// Gives a task the name that it has where it really runs, and a session of that name with it.
pub(super) fn rename_task(
    world: &mut World,
    place: &AccountRegion,
    cluster: &str,
    old: &str,
    arn: &str,
    now: Timestamp,
    ids: &mut dyn Ids,
) -> Option<()> {
    let id = arn.rsplit('/').next()?;
    let renamed = |task: &mut Task| {
        (task.id, task.arn) = (id.to_owned(), arn.to_owned());
        task.role.clone()
    };
    let role = place.cluster_mut(world, cluster).ok()?.tasks.change(old, renamed)?;
    for found in &mut world.state_mut::<EcsState>().ok()?.new {
        if found.id == old {
            id.clone_into(&mut found.id);
        }
    }
    if let Some(role) = role
        && refresh(world, place, cluster, id, &role, now, ids).is_some()
    {
        world.credentials_mut().remove(&role.access_key);
    }
    Some(())
}

fn container_credentials(world: &World, role: &TaskRole) -> Option<ContainerCredentials> {
    let credential = world.credentials().get(&role.access_key)?;
    Some(ContainerCredentials {
        access_key_id: role.access_key.clone(),
        secret_access_key: credential.secret.clone(),
        token: credential.token.clone()?,
        expiration: sts::iso(credential.expires?),
        role_arn: role.arn.clone(),
    })
}
