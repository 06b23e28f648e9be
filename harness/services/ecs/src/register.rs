//! RegisterTaskDefinition. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, World};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::client;
use super::input::{self, Tag, UNREADABLE, is_name};
use super::region::{InEcs, Revisions, TaskDefinition};
use super::{fargate, launch, tags};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Input {
    family: String,
    task_role_arn: Option<String>,
    execution_role_arn: Option<String>,
    network_mode: Option<String>,
    container_definitions: Vec<Container>,
    requires_compatibilities: Vec<String>,
    cpu: Option<String>,
    memory: Option<String>,
    tags: Vec<Tag>,
}

/// What is checked of a container definition; the definition itself is kept as it is.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Container {
    name: String,
    image: String,
    essential: Option<bool>,
    memory: Option<u64>,
    memory_reservation: Option<u64>,
    privileged: Option<bool>,
    log_configuration: Option<LogConfiguration>,
    depends_on: Option<Vec<Dependency>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Dependency {
    container_name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct LogConfiguration {
    log_driver: String,
}

/// Members of the request that are also members of a task definition.
const BODY: &[&str] = &[
    "containerDefinitions",
    "volumes",
    "placementConstraints",
    "requiresCompatibilities",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
];

pub(super) fn register_task_definition(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let mut body = input.as_object().cloned().unwrap_or_default();
    let input: Input = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let given = input::tags(&input.tags);
    let task_role = input.task_role_arn.as_deref().map(|role| launch::role_arn(&place, role));
    let execution_role = input.execution_role_arn.as_deref().map(|role| launch::role_arn(&place, role));

    // The revision is not yet there; AWS's own denials show `FAMILY:*` in its place.
    let pattern = place.arn(&format!("task-definition/{}:*", input.family));
    let mut check = Check::new("ecs:RegisterTaskDefinition", &pattern).passing(&given).tagged(&given);
    input.keys(&mut check);
    world.authorize(call, check)?;
    launch::authorize_pass_role(world, call, [task_role.as_deref(), execution_role.as_deref()])?;
    if !given.is_empty() {
        tags::authorize_on_create(world, call, &pattern, "RegisterTaskDefinition", &given)?;
    }

    input::check_tags(&input.tags)?;
    let (cpu, memory) = input.check()?;
    for role in [&task_role, &execution_role].into_iter().flatten() {
        if world.role(role).is_none_or(|role| role.metadata.account() != place.account) {
            return Err(client("Role is not valid"));
        }
    }
    keep(&mut body, cpu, memory);
    let registered_by = world.caller_identity(&call.identity)?.arn;
    let now = call.now;
    let region = place.region_mut(world)?;
    let last = region.families.get(&input.family).and_then(Revisions::last);
    let revision = last.map_or(1, |(last, _)| last + 1);
    let definition = TaskDefinition {
        arn: place.arn(&format!("task-definition/{}:{revision}", input.family)),
        revision,
        active: true,
        tags: given,
        task_role,
        execution_role,
        network_mode: input.network_mode.clone().unwrap_or_else(|| "bridge".to_owned()),
        compatibilities: input.compatibilities(cpu, memory),
        family: input.family,
        body,
        registered_at: now,
        registered_by,
        deregistered_at: None,
    };
    let answer = json!({
        "taskDefinition": definition.to_json(),
        "tags": input::tags_to_json(&definition.tags),
    });
    region.put(definition);
    Ok(answer)
}

/// Keeps the members that belong to a task definition, with its size in whole numbers.
fn keep(body: &mut Map<String, Value>, cpu: Option<u64>, memory: Option<u64>) {
    body.retain(|member, _| BODY.contains(&member.as_str()));
    for member in ["volumes", "placementConstraints"] {
        body.entry(member).or_insert_with(|| json!([]));
    }
    for (member, size) in [("cpu", cpu), ("memory", memory)] {
        if let Some(size) = size {
            body.insert(member.to_owned(), json!(size.to_string()));
        }
    }
}

impl Input {
    /// ECS's own keys. docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    fn keys(&self, check: &mut Check) {
        if !self.requires_compatibilities.is_empty() {
            check.keys.set_many("ecs:compute-compatibility", self.requires_compatibilities.clone());
        }
        let privileged = self.container_definitions.iter().any(|container| container.privileged == Some(true));
        check.keys.set("ecs:privileged", if privileged { "enabled" } else { "disabled" });
        let cpu = self.cpu.as_deref().and_then(|text| fargate::cpu(text).ok());
        let memory = self.memory.as_deref().and_then(|text| fargate::memory(text).ok());
        for (key, size) in [("ecs:task-cpu", cpu), ("ecs:task-memory", memory)] {
            if let Some(size) = size {
                check.keys.set(key, size.to_string());
            }
        }
    }

    /// Gives the size in CPU units and MiB.
    fn check(&self) -> Result<(Option<u64>, Option<u64>), Fault> {
        if self.family.is_empty() {
            return Err(client("Family should not be null or empty."));
        }
        if !is_name(&self.family) {
            return Err(client("Family contains invalid characters."));
        }
        let cpu = self.cpu.as_deref().map(fargate::cpu).transpose()?;
        let memory = self.memory.as_deref().map(fargate::memory).transpose()?;
        self.check_containers(memory)?;
        if self.requires_compatibilities.iter().any(|wanted| wanted == "FARGATE") {
            self.check_fargate(cpu, memory)?;
        }
        Ok((cpu, memory))
    }

    fn check_containers(&self, memory: Option<u64>) -> Result<(), Fault> {
        if self.container_definitions.is_empty() {
            return Err(client("Container list cannot be empty."));
        }
        for (at, container) in self.container_definitions.iter().enumerate() {
            if container.name.is_empty() {
                return Err(client("Container.name should not be null or empty."));
            }
            if !is_name(&container.name) {
                return Err(client("Container.name contains invalid characters."));
            }
            if container.image.is_empty() {
                return Err(client("Container.image should not be null or empty."));
            }
            if self.container_definitions.iter().take(at).any(|earlier| earlier.name == container.name) {
                return Err(client(format!("Container names must be unique: '{}' is there twice.", container.name)));
            }
            if memory.is_none() && container.memory.or(container.memory_reservation).is_none() {
                return Err(client(format!(
                    "Invalid setting for container '{}'. At least one of 'memory' or 'memoryReservation' must be \
                     specified.",
                    container.name
                )));
            }
        }
        if self.container_definitions.iter().all(|container| container.essential == Some(false)) {
            return Err(client("A task definition must have at least one essential container."));
        }
        self.check_dependencies()
    }

    /// Containers that wait for one another never start. AWS's pages do not tell its words for that; of links it says
    /// "Container links should not have a cycle".
    fn check_dependencies(&self) -> Result<(), Fault> {
        let mut waiting: Vec<&Container> = self.container_definitions.iter().collect();
        while !waiting.is_empty() {
            let names: Vec<&str> = waiting.iter().map(|container| container.name.as_str()).collect();
            let waits = |container: &&Container| {
                container.depends_on.iter().flatten().any(|on| names.contains(&on.container_name.as_str()))
            };
            waiting.retain(waits);
            if waiting.len() == names.len() {
                return Err(client("Container dependencies should not have a cycle"));
            }
        }
        Ok(())
    }

    fn check_fargate(&self, cpu: Option<u64>, memory: Option<u64>) -> Result<(), Fault> {
        if self.network_mode.as_deref() != Some("awsvpc") {
            return Err(client("Fargate only supports network mode ‘awsvpc’."));
        }
        fargate::check(cpu, memory)?;
        let awslogs =
            |container: &Container| container.log_configuration.as_ref().is_some_and(|log| log.log_driver == "awslogs");
        if self.execution_role_arn.is_none() && self.container_definitions.iter().any(awslogs) {
            let words = "Fargate requires task definition to have execution role ARN to support log driver awslogs.";
            return Err(client(words));
        }
        Ok(())
    }

    /// Where the task could run, whatever it was asked to be checked for.
    fn compatibilities(&self, cpu: Option<u64>, memory: Option<u64>) -> Vec<&'static str> {
        let mut compatibilities = vec!["EC2"];
        if self.network_mode.as_deref() != Some("awsvpc") {
            compatibilities.push("EXTERNAL");
        }
        if self.check_fargate(cpu, memory).is_ok() {
            compatibilities.push("FARGATE");
        }
        compatibilities
    }
}
