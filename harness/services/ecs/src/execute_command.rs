//! Running a command in a container of a task.

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, World, ids};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{cluster_not_found, invalid_parameter};
use super::input::{UNREADABLE, cluster_name};
use super::region::InEcs;
use super::tasks::Target;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Input {
    cluster: Option<String>,
    container: Option<String>,
    command: String,
    interactive: bool,
    task: String,
}

/// ECS's words for a task that was started without ECS Exec.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec-troubleshooting.html
const NOT_ENABLED: &str = "The execute command failed because execute command was not enabled when the task was run or \
                           the execute command agent isn\u{2019}t running. Wait and try again or run a new task with \
                           execute command enabled and try again.";

/// The cluster and the task are asked for, each with its own tags. `ecs:container-name` is the parameter's value, so that a
/// request without it has no such key.
///
/// The session is none that anybody can join: nobody listens at its URL.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html
pub(super) fn execute_command(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: Input = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let name = cluster_name(&place, input.cluster.as_deref())?;
    let target = Target::new(&place, &name, &input.task)?;
    let cluster = Check::new("ecs:ExecuteCommand", place.arn(&format!("cluster/{name}")));
    let cluster = match place.cluster(world, &name) {
        Some(known) => cluster.tagged(&known.tags),
        None => cluster,
    };
    for check in [cluster, target.check(world, &place, "ecs:ExecuteCommand")] {
        let check = check.key("ecs:cluster", place.arn(&format!("cluster/{name}"))).key("ecs:task", &target.arn);
        world.authorize(
            call,
            match &input.container {
                Some(container) => check.key("ecs:container-name", container),
                None => check,
            },
        )?;
    }
    if input.command.is_empty() {
        return Err(invalid_parameter("Command cannot be empty."));
    }
    if !input.interactive {
        return Err(invalid_parameter("Interactive is the only mode supported currently."));
    }
    place.cluster(world, &name).ok_or_else(cluster_not_found)?;
    let task = target.find(world, &place).filter(|task| !task.is_stopped());
    let task = task.ok_or_else(|| invalid_parameter("The referenced task was not found."))?.to_json(false);
    if task["enableExecuteCommand"] != true {
        return Err(invalid_parameter(NOT_ENABLED));
    }
    let containers = task["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let container = match &input.container {
        Some(wanted) => containers.iter().find(|one| one["name"] == wanted.as_str()),
        None => containers.first().filter(|_| containers.len() == 1),
    };
    let container = container.ok_or_else(|| {
        invalid_parameter("The container name is required for a task with several containers, and must be one of them.")
    })?;
    let session = format!("ecs-execute-command-{}", ids::hex32(call.ids));
    Ok(json!({
        "clusterArn": task["clusterArn"],
        "containerArn": container["containerArn"],
        "containerName": container["name"],
        "interactive": true,
        "session": {
            "sessionId": session,
            "streamUrl": format!("wss://ssmmessages.{}.amazonaws.com/v1/data-channel/{session}?role=publish_subscribe", place.region),
            "tokenValue": ids::token(call.ids),
        },
        "taskArn": task["taskArn"],
    }))
}
