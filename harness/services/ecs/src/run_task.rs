//! RunTask and StartTask.
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html

use std::sync::Arc;

use account::input::read;
use account::{AccountRegion, Call, Fault, Tags, World, ids};
use serde_json::{Map, Value, json};

use super::client_token::ClientToken;
use super::container::Container;
use super::fault::{client, cluster_not_found, invalid_parameter};
use super::input::{self, UNREADABLE, cluster_name, definition_name};
use super::life::{Life, Status};
use super::region::Found;
use super::region::TaskDefinition;
use super::region::{EcsState, InEcs};
use super::run_input::Input;
use super::task::Task;
use super::task::TaskRole;
use super::{launch, tags};

pub(super) fn run_task(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let mut input = Input { given: input.clone(), ..read(input, UNREADABLE)? };
    input.container_instances = None;
    start(world, call, &input, "RunTask", "ecs:RunTask")
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StartTask.html
pub(super) fn start_task(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let mut input: Input = read(input, UNREADABLE)?;
    input.container_instances.get_or_insert_default();
    input.capacity_provider_strategy.clear();
    input.launch_type = Some("EC2".to_owned());
    start(world, call, &input, "StartTask", "ecs:StartTask")
}

/// What is about to run, and as what.
struct Launch<'a> {
    input: &'a Input,
    place: &'a AccountRegion,
    cluster: String,
    definition: TaskDefinition,
    task_role: Option<String>,
    execution_role: Option<String>,
    tags: Tags,
}

/// Each right in turn: to run the definition, to pass its roles, to tag the tasks. AWS does not document the order: see `Case::FirstRefusal`.
fn start(
    world: &mut World,
    call: &mut Call<'_>,
    input: &Input,
    operation: &str,
    action: &'static str,
) -> Result<Value, Fault> {
    let place = AccountRegion::of(call)?;
    let cluster = cluster_name(&place, input.cluster.as_deref())?;
    let (family, revision) = definition_name(&place, &input.task_definition)?;
    let definition = place.region(world).and_then(|region| region.definition(&family, revision)).cloned();
    world.authorize(call, input.check(&place, action, &cluster, &family, revision, definition.as_ref()))?;

    input.validate()?;
    let definition = definition.ok_or_else(|| client("TaskDefinition not found."))?;
    let launch = Launch::new(input, &place, cluster, definition);
    launch::authorize_pass_role(world, call, [launch.task_role.as_deref(), launch.execution_role.as_deref()])?;
    launch.authorize_tags(world, call, operation)?;
    launch.validate(world)?;
    let client_token = ClientToken::new(world, call, &launch.cluster, &launch.definition.arn, &input.given)?;
    match client_token.as_ref().map(|client_token| launch.already(world, client_token)).transpose()?.flatten() {
        Some(answer) => Ok(answer),
        None => launch.run(world, call, client_token.map(Arc::new).as_ref()),
    }
}

impl<'a> Launch<'a> {
    fn new(input: &'a Input, place: &'a AccountRegion, cluster: String, definition: TaskDefinition) -> Self {
        let role = |overriding: &Option<String>, own: &Option<String>| {
            let overriding = overriding.as_deref().filter(|role| !role.is_empty());
            overriding.map(|role| launch::role_arn(place, role)).or_else(|| own.clone())
        };
        let task_role = role(&input.overrides.task_role_arn, &definition.task_role);
        let execution_role = role(&input.overrides.execution_role_arn, &definition.execution_role);
        // Tags given in the request win over propagated ones.
        let propagated = input.propagate_tags.as_deref() == Some("TASK_DEFINITION");
        let mut tags = if propagated { definition.tags.clone() } else { Tags::default() };
        for (key, value) in input::tags(&input.tags).iter() {
            tags.set(key, value);
        }
        Self { input, place, cluster, definition, task_role, execution_role, tags }
    }

    fn managed_tags(&self) -> bool {
        self.input.managed_tags.unwrap_or_default()
    }

    /// Tasks that come to life with tags need `ecs:TagResource` as well: with tags of the request, propagated ones, or
    /// ECS's own (which is observed rather than documented; ECS's own are in no key). A task without any tag does not,
    /// so that a condition there cannot force tagging.
    /// docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
    fn authorize_tags(&self, world: &World, call: &mut Call<'_>, operation: &str) -> Result<(), Fault> {
        if self.tags.is_empty() && !self.managed_tags() {
            return Ok(());
        }
        let tasks = self.place.arn(&format!("task/{}/*", self.cluster));
        tags::authorize_on_create(world, call, &tasks, operation, &self.tags)
    }

    /// What depends on the cluster and on the definition.
    fn validate(&self, world: &World) -> Result<(), Fault> {
        self.place.cluster(world, &self.cluster).ok_or_else(cluster_not_found)?;
        if !self.definition.active {
            return Err(invalid_parameter("TaskDefinition is inactive"));
        }
        if self.tags.len() > input::TAG_RULES.most {
            return Err(input::too_many_tags());
        }
        // A role is passed within its account only.
        // docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        let own = format!("arn:{}:iam::{}:role/", self.place.partition(), self.place.account);
        if [&self.task_role, &self.execution_role].into_iter().flatten().any(|role| !role.starts_with(&own)) {
            return Err(client("Role is not valid"));
        }
        let awsvpc = self.definition.network_mode == "awsvpc";
        match &self.input.network_configuration {
            None if awsvpc => {
                let words = "Network Configuration must be provided when networkMode 'awsvpc' is specified.";
                return Err(invalid_parameter(words));
            }
            Some(_) if !awsvpc => {
                let words = "Network Configuration is not valid for the given networkMode of this task definition.";
                return Err(invalid_parameter(words));
            }
            Some(given) if given["awsvpcConfiguration"]["subnets"].as_array().is_none_or(Vec::is_empty) => {
                return Err(invalid_parameter("subnets can not be empty."));
            }
            _ => {}
        }
        let launch_type = self.input.launch_type();
        if ["EC2", "FARGATE", "EXTERNAL"].contains(&launch_type)
            && !self.definition.compatibilities.contains(&launch_type)
        {
            return Err(invalid_parameter(format!("Task definition does not support launch_type {launch_type}.")));
        }
        self.validate_overrides()
    }

    fn validate_overrides(&self) -> Result<(), Fault> {
        for given in &self.input.overrides.container_overrides {
            let known = self.definition.containers().any(|container| container["name"] == given["name"]);
            if !known {
                let name = given["name"].as_str().unwrap_or_default();
                return Err(invalid_parameter(format!(
                    "Override for container named {name} is not a container in the TaskDefinition."
                )));
            }
        }
        Ok(())
    }

    /// A request that was made before, with its `clientToken`, starts nothing more. "Requests with the same token in the
    /// same cluster are idempotent."
    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
    fn already(&self, world: &World, client_token: &ClientToken) -> Result<Option<Value>, Fault> {
        let cluster = self.place.cluster(world, &self.cluster).into_iter();
        let mut started = Vec::new();
        for task in cluster.flat_map(|cluster| cluster.tasks.of_token(&client_token.token)) {
            task.client_token.iter().try_for_each(|before| before.is_made_again(client_token))?;
            started.push(task.to_json(true));
        }
        Ok((!started.is_empty()).then(|| json!({ "tasks": started, "failures": [] })))
    }

    /// Starts the tasks; all of them or, when ECS cannot have the role, none.
    fn run(
        &self,
        world: &mut World,
        call: &mut Call<'_>,
        client_token: Option<&Arc<ClientToken>>,
    ) -> Result<Value, Fault> {
        let instances: Vec<Option<&String>> = match &self.input.container_instances {
            Some(instances) => instances.iter().map(Some).collect(),
            None => vec![None; usize::try_from(self.input.count.unwrap_or(1)).unwrap_or(1)],
        };
        let mut tasks = Vec::new();
        for instance in instances {
            match self.task(world, call, instance, client_token) {
                Ok(task) => tasks.push(task),
                Err(fault) => {
                    for role in tasks.iter().filter_map(|task: &Task| task.role.as_ref()) {
                        world.credentials_mut().remove(&role.access_key);
                    }
                    return Err(fault);
                }
            }
        }
        let answer = tasks.iter().map(|task| task.to_json(true)).collect::<Vec<_>>();
        let now = call.now;
        let state = world.state_mut::<EcsState>()?;
        if state.attendants {
            state.task_changes = state.task_changes.wrapping_add(1);
            let found =
                |task: &Task| Found { place: self.place.clone(), cluster: self.cluster.clone(), id: task.id.clone() };
            state.new.extend(tasks.iter().map(found));
        } else {
            tasks.iter_mut().for_each(|task| task.life.pass_for_running(now));
        }
        let cluster = self.place.cluster_mut(world, &self.cluster)?;
        tasks.into_iter().for_each(|task| cluster.tasks.insert(task));
        Ok(json!({ "tasks": answer, "failures": [] }))
    }

    fn task(
        &self,
        world: &mut World,
        call: &mut Call<'_>,
        instance: Option<&String>,
        client_token: Option<&Arc<ClientToken>>,
    ) -> Result<Task, Fault> {
        let id = ids::hex32(call.ids);
        let arn = self.place.arn(&format!("task/{}/{id}", self.cluster));
        if let Some(role) = &self.execution_role {
            // ECS assumes this role as well, for itself: to pull the image and to write logs.
            let issued = launch::assume(world, call, self.place, role, &id)?;
            world.credentials_mut().remove(&issued.access_key);
        }
        let role = match &self.task_role {
            None => None,
            Some(role) => {
                let issued = launch::assume(world, call, self.place, role, &id)?;
                Some(TaskRole::new(call.ids, role, issued))
            }
        };
        let mut tags = self.tags.clone();
        if self.managed_tags() {
            // docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#managed-tags
            tags.set("aws:ecs:clusterName", &self.cluster);
        }
        let instance = instance.map(|instance| {
            if instance.starts_with("arn:") {
                instance.clone()
            } else {
                self.place.arn(&format!("container-instance/{}/{instance}", self.cluster))
            }
        });
        let lacks = |key: &str| self.tags.get(key).is_none();
        let may_have_more_tags = self.managed_tags() && self.definition.tags.keys().any(lacks);
        let awsvpc = self.definition.network_mode == "awsvpc";
        let status = if awsvpc { Status::Provisioning } else { Status::Pending };
        Ok(Task {
            life: Life::new(status, Container::all(call.ids, self.definition.containers(), &arn), call.now),
            body: self.body(),
            id,
            arn,
            cluster_arn: self.place.arn(&format!("cluster/{}", self.cluster)),
            definition_arn: self.definition.arn.clone(),
            family: self.definition.family.clone(),
            tags,
            may_have_more_tags,
            role,
            metadata_key: ids::secret(call.ids),
            execution_role: self.execution_role.clone(),
            execution: None,
            orders: Vec::new(),
            group: self.input.group.clone().unwrap_or_else(|| format!("family:{}", self.definition.family)),
            started_by: self.input.started_by.clone(),
            launch_type: self.input.launch_type().to_owned(),
            container_instance: instance,
            client_token: client_token.cloned(),
            created_at: call.now,
        })
    }

    fn body(&self) -> Map<String, Value> {
        let overrides = &self.input.overrides;
        let mut shown = overrides.rest.clone();
        shown.insert("containerOverrides".to_owned(), json!(overrides.container_overrides));
        shown.entry("inferenceAcceleratorOverrides").or_insert_with(|| json!([]));
        let given = [
            ("taskRoleArn", &overrides.task_role_arn),
            ("executionRoleArn", &overrides.execution_role_arn),
            ("cpu", &overrides.cpu),
            ("memory", &overrides.memory),
        ];
        for (member, value) in given {
            if let Some(value) = value {
                shown.insert(member.to_owned(), json!(value));
            }
        }
        let mut body = Map::new();
        for (member, overriding) in [("cpu", &overrides.cpu), ("memory", &overrides.memory)] {
            let own = || self.definition.body.get(member).cloned();
            if let Some(size) = overriding.as_ref().map(|size| json!(size)).or_else(own) {
                body.insert(member.to_owned(), size);
            }
        }
        if self.input.launch_type() == "FARGATE" {
            let version = self.input.platform_version.as_deref().filter(|version| *version != "LATEST");
            body.insert("platformVersion".to_owned(), json!(version.unwrap_or("1.4.0")));
            body.insert("platformFamily".to_owned(), json!("Linux"));
        }
        body.insert("overrides".to_owned(), Value::Object(shown));
        body.insert("attachments".to_owned(), json!([]));
        body.insert("enableExecuteCommand".to_owned(), json!(self.input.enable_execute_command.unwrap_or_default()));
        body
    }
}
