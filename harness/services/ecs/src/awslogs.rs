//! What ECS does for a task with its execution role before any container starts, and the `awslogs` driver.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html

use std::sync::Arc;

use account::{Call, Fault, Identity, Surroundings, Work, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::launch::assumption;
use super::life::End;
use super::region::Found;
use super::{brief, fault};

/// Where a container's output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Destination {
    group: String,
    stream: String,
    region: String,
    create_group: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LogConfiguration {
    log_driver: String,
    options: Options,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Options {
    awslogs_group: String,
    awslogs_region: Option<String>,
    awslogs_stream_prefix: Option<String>,
    awslogs_create_group: Option<String>,
}

/// Has the execution role assumed and every log stream made. What cannot be had ends the task before it has begun.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
pub(super) fn prepare(world: &mut World, found: &Found, work: &mut Work<'_>) -> Result<(), End> {
    let containers = brief::definitions(world, found);
    if let Some(words) = containers.iter().find_map(brief::unsupported) {
        return Err(End::failed(words));
    }
    assume(world, found, work)?;
    for container in &containers {
        if let Some(destination) = destination(found, container) {
            create(world, found, &destination, work).map_err(refused)?;
        }
    }
    Ok(())
}

fn refused(fault: Fault) -> End {
    End::failed(format!(
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to \
         create Cloudwatch log stream: {fault} : exit status 1"
    ))
}

/// The execution role's session; a task without such a role has none.
fn assume(world: &mut World, found: &Found, work: &mut Work<'_>) -> Result<(), End> {
    let Some(role) = found.task(world).and_then(|task| task.execution_role.clone()) else { return Ok(()) };
    let asked = assumption(world, &found.place, &role, &found.id);
    let issued = sts::assume_for_service(world, work, &asked);
    let issued = issued.map_err(|_| End::failed(fault::cannot_assume(&role).message))?;
    found.change(world, |task| task.execution = Some(issued.access_key));
    Ok(())
}

fn create(world: &mut World, found: &Found, to: &Destination, work: &mut Work<'_>) -> Result<(), Fault> {
    if to.create_group {
        match call(world, found, to, work, "CreateLogGroup", json!({ "logGroupName": to.group })) {
            Ok(_) => {}
            Err(fault) if fault.code == "ResourceAlreadyExistsException" => {}
            Err(fault) => return Err(fault),
        }
    }
    let stream = json!({ "logGroupName": to.group, "logStreamName": to.stream });
    call(world, found, to, work, "CreateLogStream", stream).map(|_| ())
}

pub(super) fn write(
    world: &mut World,
    found: &Found,
    container: &str,
    lines: &[(i64, String)],
    work: &mut Work<'_>,
) -> Result<(), Fault> {
    let containers = brief::definitions(world, found);
    let named = containers.iter().find(|one| one["name"] == container);
    let Some(to) = named.and_then(|container| destination(found, container)) else { return Ok(()) };
    let event = |(at, line): &(i64, String)| json!({ "timestamp": at, "message": line });
    for batch in lines.chunks(logs::MOST_EVENTS) {
        let events: Vec<Value> = batch.iter().map(event).collect();
        let input = json!({ "logGroupName": to.group, "logStreamName": to.stream, "logEvents": events });
        call(world, found, &to, work, "PutLogEvents", input)?;
    }
    Ok(())
}

/// A call to CloudWatch Logs as the execution role. A task without one is on an instance whose own role writes its log;
/// that role is not emulated and takes part in nothing here.
fn call(
    world: &mut World,
    found: &Found,
    to: &Destination,
    work: &mut Work<'_>,
    operation: &str,
    input: Value,
) -> Result<Value, Fault> {
    let key = found.task(world).and_then(|task| task.execution.clone());
    let session = key.and_then(|key| world.credentials().get(&key).map(|known| known.identity.clone()));
    let surroundings =
        Surroundings { user_agent: Some("aws-ecs-agent".to_owned()), ..Surroundings::unknown(&to.region) };
    let mut call = Call {
        identity: session.unwrap_or_else(|| Arc::new(Identity::Root { account: found.place.account.clone() })),
        now: work.now,
        ids: work.ids,
        surroundings: &surroundings,
        tracing: work.tracing,
        decisions: work.decisions,
    };
    world.call(&mut call, "logs", operation, input)
}

/// "prefix-name/container-name/ecs-task-id"; without a prefix the stream is named by the container's id.
fn destination(found: &Found, container: &Value) -> Option<Destination> {
    let configuration = LogConfiguration::deserialize(&container["logConfiguration"]).ok()?;
    if configuration.log_driver != "awslogs" {
        return None;
    }
    let options = configuration.options;
    let name = container["name"].as_str().unwrap_or_default();
    Some(Destination {
        group: options.awslogs_group,
        stream: match options.awslogs_stream_prefix {
            Some(prefix) => format!("{prefix}/{name}/{}", found.id),
            None => format!("{name}-{}", found.id),
        },
        region: options.awslogs_region.unwrap_or_else(|| found.place.region.clone()),
        create_group: options.awslogs_create_group.as_deref() == Some("true"),
    })
}

/// The options of a container's log driver as the metadata endpoint shows them: with the stream's name.
pub(super) fn options(found: &Found, container: &Value) -> Value {
    let mut shown = container["logConfiguration"]["options"].clone();
    if let (Some(to), Value::Object(options)) = (destination(found, container), &mut shown) {
        options.remove("awslogs-stream-prefix");
        options.insert("awslogs-stream".to_owned(), json!(to.stream));
    }
    shown
}
