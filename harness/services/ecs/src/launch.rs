//! The roles of a task: naming them, passing them, and having ECS assume the task's own.

use account::{AccountRegion, Call, Check, Fault, Tags, Work, World};
use policy::undocumented::Case;
use sts::{self, Assumption, Issued};

use super::TASKS_SERVICE;
use super::fault::{self, cannot_assume};
use super::region::{EcsState, InEcs};

/// A role as given: by ARN, or by name in the caller's account.
pub(super) fn role_arn(place: &AccountRegion, role: &str) -> String {
    match role.starts_with("arn:") {
        true => role.to_owned(),
        false => format!("arn:{}:iam::{}:role/{role}", place.partition(), place.account),
    }
}

/// The one who names a role for a task must be allowed to pass it to `ecs-tasks.amazonaws.com`. A denial is raised by ECS
/// as its own. docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
///
/// Of the role's tags see [`Case::RoleTagsInPassRole`], of `iam:AssociatedResourceArn` [`Case::AssociatedResource`].
pub(super) fn authorize_pass_role(world: &World, call: &mut Call<'_>, roles: [Option<&str>; 2]) -> Result<(), Fault> {
    for arn in roles.into_iter().flatten() {
        let check = Check::new("iam:PassRole", arn)
            .in_call_to("ecs")
            .key("iam:PassedToService", TASKS_SERVICE)
            .leaving_open("iam:AssociatedResourceArn", Case::AssociatedResource);
        let check = match role_tags(world, arn) {
            Some(tags) => check.tagged(tags),
            None => check,
        };
        world.authorize(call, check).map_err(fault::raised_by_ecs)?;
    }
    Ok(())
}

fn role_tags<'a>(world: &'a World, arn: &str) -> Option<&'a Tags> {
    world.role(arn).map(|role| &role.metadata.tags)
}

/// What ECS says for whom it assumes a task's role.
///
/// `aws:SourceArn` is the task's ARN in its short form, without the cluster: `…:task/*` in a trust policy is known to
/// work, while AWS documents that a cluster cannot be pinned, and cluster-qualified values are known to make launches
/// fail: [`Case::SourceArnOfTask`].
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
pub(super) fn assumption<'a>(
    world: &World,
    place: &'a AccountRegion,
    role: &'a str,
    task_id: &'a str,
) -> Assumption<'a> {
    Assumption {
        service: TASKS_SERVICE,
        role,
        session_name: task_id,
        source_arn: place.arn(&format!("task/{task_id}")),
        source_account: &place.account,
        region: &place.region,
        seconds: task_session_seconds(world),
    }
}

/// "The default expiration time for the generated IAM role credentials is 6 hours." (same page)
const SIX_HOURS: i64 = 6 * 3600;

/// How long the credentials of tasks are good for, from the next ones on.
pub fn set_task_session_seconds(world: &mut World, seconds: Option<u32>) {
    if let Ok(state) = world.state_mut::<EcsState>() {
        state.task_session = seconds;
    }
}

/// What has been set so.
#[must_use]
pub fn task_session(world: &World) -> Option<u32> {
    world.state::<EcsState>().ok()?.task_session
}

pub(super) fn task_session_seconds(world: &World) -> i64 {
    task_session(world).map_or(SIX_HOURS, i64::from)
}

/// The session of a task that is starting.
pub(super) fn assume(
    world: &mut World,
    call: &mut Call<'_>,
    place: &AccountRegion,
    role: &str,
    task_id: &str,
) -> Result<Issued, Fault> {
    let asked = assumption(world, place, role, task_id);
    let mut work = Work { now: call.now, ids: &mut *call.ids, tracing: call.tracing, decisions: &mut *call.decisions };
    sts::assume_for_service(world, &mut work, &asked).map_err(|_| cannot_assume(role))
}
