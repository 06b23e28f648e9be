//! What the one who runs a task's containers is told of them.

use account::World;
use serde::Deserialize;
use serde_json::Value;

use super::region::{Found, InEcs, find};

/// A task, for the one who runs its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskBrief {
    /// The task's ARN.
    pub arn: String,
    /// The region it was started in.
    pub region: String,
    /// The ARN of its role.
    pub role: Option<String>,
    /// Whether it runs on Fargate.
    pub fargate: bool,
    /// Its containers, with the overrides of RunTask, in the order of the definition.
    pub containers: Vec<ContainerBrief>,
}

/// A container to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerBrief {
    /// Its name.
    pub name: String,
    /// Its image, as written.
    pub image: String,
    /// `entryPoint`, if it replaces the image's own.
    pub entry_point: Option<Vec<String>>,
    /// `command`
    pub command: Vec<String>,
    /// `environment`
    pub environment: Vec<(String, String)>,
    /// `workingDirectory`
    pub working_directory: Option<String>,
    /// Its hard limit in MiB: its own, or the task's.
    pub memory: Option<u64>,
    /// `user`, if it is another than the image's own.
    pub user: Option<String>,
    /// `readonlyRootFilesystem`
    pub read_only: bool,
    /// `linuxParameters.initProcessEnabled`: a process that passes signals on runs it.
    pub init: bool,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Definition {
    name: String,
    image: String,
    entry_point: Option<Vec<String>>,
    command: Vec<String>,
    environment: Vec<Pair>,
    working_directory: Option<String>,
    memory: Option<u64>,
    user: Option<String>,
    readonly_root_filesystem: Option<bool>,
    linux_parameters: LinuxParameters,
    secrets: Vec<Secret>,
    environment_files: Vec<Value>,
    depends_on: Vec<Dependency>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LinuxParameters {
    init_process_enabled: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Secret {
    name: String,
    value_from: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Dependency {
    container_name: String,
    condition: String,
}

/// What there is to run of a task, given by its id or ARN.
#[must_use]
pub fn task_brief(world: &World, task: &str) -> Option<TaskBrief> {
    let found = find(world, task)?;
    let task = found.task(world)?;
    let memory = task.body.get("memory").and_then(Value::as_str).and_then(|text| text.parse().ok());
    let overrides = &task.body.get("overrides")?["containerOverrides"];
    let containers = definitions(world, &found);
    Some(TaskBrief {
        arn: task.arn.clone(),
        region: found.place.region.clone(),
        role: task.role.as_ref().map(|role| role.arn.clone()),
        fargate: task.launch_type == "FARGATE",
        containers: containers.iter().map(|one| container(one, overrides, memory)).collect(),
    })
}

/// The container definitions of a task, as registered.
pub(super) fn definitions(world: &World, found: &Found) -> Vec<Value> {
    let definition =
        found.task(world).and_then(|task| found.place.definition(world, &task.definition_arn).ok().flatten());
    definition.map(|definition| definition.containers().cloned().collect()).unwrap_or_default()
}

/// Environment variables of an override are added, or replace the definition's.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerOverride.html
fn container(defined: &Value, overrides: &Value, memory: Option<u64>) -> ContainerBrief {
    let own = Definition::deserialize(defined).unwrap_or_default();
    let over = overrides.as_array().into_iter().flatten().find(|one| one["name"] == own.name.as_str());
    let command = over.and_then(|over| Vec::<String>::deserialize(&over["command"]).ok());
    let added = over.and_then(|over| Vec::<Pair>::deserialize(&over["environment"]).ok()).unwrap_or_default();
    let mut environment: Vec<(String, String)> = Vec::new();
    for Pair { name, value } in own.environment.into_iter().chain(added) {
        environment.retain(|(known, _)| *known != name);
        environment.push((name, value));
    }
    ContainerBrief {
        name: own.name,
        image: own.image,
        entry_point: own.entry_point,
        command: command.unwrap_or(own.command),
        environment,
        working_directory: own.working_directory,
        memory: over.and_then(|over| over["memory"].as_u64()).or(own.memory).or(memory),
        user: own.user,
        read_only: own.readonly_root_filesystem == Some(true),
        init: own.linux_parameters.init_process_enabled == Some(true),
    }
}

/// What a container asks for that is not emulated, in the words in which ECS says that it cannot be had.
pub(super) fn unsupported(container: &Value) -> Option<String> {
    let own = Definition::deserialize(container).unwrap_or_default();
    let cannot = |what: String| {
        Some(format!(
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: \
             {what}"
        ))
    };
    if let Some(Secret { name, value_from }) = own.secrets.first() {
        return cannot(format!(
            "secrets of Systems Manager and Secrets Manager are not emulated here: container {} wants {name} from \
             {value_from}",
            own.name
        ));
    }
    if !own.environment_files.is_empty() {
        return cannot(format!("environment files are not emulated here: container {} has some", own.name));
    }
    let unhealthy = own.depends_on.iter().find(|one| one.condition == "HEALTHY")?;
    Some(format!(
        "health checks are not emulated here: container {} waits for {} to be HEALTHY",
        own.name, unhealthy.container_name
    ))
}
