//! The roles of a task: naming them, passing them, and having ECS assume the task's own.

use policy::arn::Arn;
use policy::undocumented::Case;

use super::fault::{self, cannot_assume};
use super::{Place, TASKS_SERVICE};
use crate::sts::{self, Assumption, Issued};
use crate::{Call, Check, Fault, Tags, World};

/// A role as given: by ARN, or by name in the caller's account.
pub(super) fn role_arn(place: &Place, role: &str) -> String {
    if role.starts_with("arn:") { role.to_owned() } else { format!("arn:aws:iam::{}:role/{role}", place.account) }
}

/// Whoever names a role for a task must be allowed to pass it to `ecs-tasks.amazonaws.com`. A denial is raised by ECS
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
    let parts = Arn::parse(arn)?;
    let role = world.account(parts.account)?.iam.roles.get(parts.resource.rsplit('/').next()?)?;
    (role.head.arn == arn).then_some(&role.head.tags)
}

/// What ECS says for whom it assumes a task's role.
///
/// `aws:SourceArn` is the task's ARN in its short form, without the cluster: `…:task/*` in a trust policy is known to
/// work, while AWS documents that a cluster cannot be pinned, and cluster-qualified values are known to make launches
/// fail: [`Case::SourceArnOfTask`].
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
pub(super) fn assumption<'a>(world: &World, place: &'a Place, role: &'a str, task_id: &'a str) -> Assumption<'a> {
    Assumption {
        service: TASKS_SERVICE,
        role,
        session_name: task_id,
        source_arn: place.arn(&format!("task/{task_id}")),
        source_account: &place.account,
        region: &place.region,
        seconds: world.task_session_seconds(),
    }
}

/// "The default expiration time for the generated IAM role credentials is 6 hours." (same page)
const SIX_HOURS: i64 = 6 * 3600;

impl World {
    /// How long the credentials of tasks are good for, from the next ones on.
    pub fn set_task_session_seconds(&mut self, seconds: Option<u32>) {
        self.task_session = seconds;
    }

    /// What has been set so.
    #[must_use]
    pub fn task_session(&self) -> Option<u32> {
        self.task_session
    }

    pub(super) fn task_session_seconds(&self) -> i64 {
        self.task_session.map_or(SIX_HOURS, i64::from)
    }
}

/// The session of a task that is starting.
pub(super) fn assume(
    world: &mut World,
    call: &mut Call<'_>,
    place: &Place,
    role: &str,
    task_id: &str,
) -> Result<Issued, Fault> {
    let asked = assumption(world, place, role, task_id);
    let filing = (call.tracing, &mut *call.decisions);
    sts::assume_for_service(world, call.now, call.ids, filing, &asked).map_err(|_| cannot_assume(role))
}
