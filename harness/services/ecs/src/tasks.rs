//! Asking for tasks, and stopping them.

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, World};
use policy::undocumented::Case;
use serde::Deserialize;
use serde_json::{Value, json};

use super::attend::end_task;
use super::fault::{cluster_not_found, invalid_parameter};
use super::input::{PageInput, UNREADABLE, cluster_name, task_id};
use super::life::End;
use super::region::InEcs;
use super::task::Task;

#[derive(Deserialize, Default)]
#[serde(default)]
struct DescribeInput {
    cluster: Option<String>,
    tasks: Vec<String>,
    include: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ListInput {
    cluster: Option<String>,
    container_instance: Option<String>,
    family: Option<String>,
    started_by: Option<String>,
    service_name: Option<String>,
    desired_status: Option<String>,
    launch_type: Option<String>,
    #[serde(flatten)]
    page: PageInput,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StopInput {
    cluster: Option<String>,
    task: String,
    reason: Option<String>,
}

/// A task in the cluster that a request names.
pub(super) struct Target {
    cluster: String,
    id: String,
    pub(super) arn: String,
}

impl Target {
    pub(super) fn new(place: &AccountRegion, cluster: &str, task: &str) -> Result<Self, Fault> {
        let id = task_id(place, cluster, task)?.to_owned();
        Ok(Self { arn: place.arn(&format!("task/{cluster}/{id}")), cluster: cluster.to_owned(), id })
    }

    pub(super) fn find<'a>(&self, world: &'a World, place: &AccountRegion) -> Option<&'a Task> {
        place.cluster(world, &self.cluster)?.tasks.get(&self.id)
    }

    /// A right to the task, with the tags it has.
    pub(super) fn check(&self, world: &World, place: &AccountRegion, action: &'static str) -> Check {
        let check = Check::new(action, &self.arn).key("ecs:cluster", place.arn(&format!("cluster/{}", self.cluster)));
        match self.find(world, place) {
            Some(task) if task.may_have_more_tags => {
                check.tagged(&task.tags).leaving_open("aws:ResourceTag/", Case::ManagedTags)
            }
            Some(task) => check.tagged(&task.tags),
            None => check,
        }
    }
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
pub(super) fn describe_tasks(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: DescribeInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let cluster = cluster_name(&place, input.cluster.as_deref())?;
    if input.tasks.is_empty() {
        return Err(invalid_parameter("Tasks cannot be empty."));
    }
    if input.tasks.len() > 100 {
        return Err(invalid_parameter("Tasks cannot have more than 100 elements."));
    }
    let targets = input.tasks.iter().map(|task| Target::new(&place, &cluster, task)).collect::<Result<Vec<_>, _>>()?;
    for target in &targets {
        world.authorize(call, target.check(world, &place, "ecs:DescribeTasks"))?;
    }
    let tasks = &place.cluster(world, &cluster).ok_or_else(cluster_not_found)?.tasks;
    let with_tags = input.include.iter().any(|field| field == "TAGS");
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for target in targets {
        match tasks.get(&target.id) {
            Some(task) => found.push(task.to_json(with_tags)),
            None => failures.push(json!({ "arn": target.arn, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "tasks": found, "failures": failures }))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
pub(super) fn list_tasks(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: ListInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let name = cluster_name(&place, input.cluster.as_deref())?;
    // The resource is the container instance, where one is given; else AWS's own denials show `*`.
    let instance = input.container_instance.as_deref().map(|instance| place.container_instance(&name, instance));
    let check = Check::new("ecs:ListTasks", instance.as_deref().unwrap_or("*"));
    world.authorize(call, check.key("ecs:cluster", place.arn(&format!("cluster/{name}"))))?;
    let cluster = place.cluster(world, &name).ok_or_else(cluster_not_found)?;
    if input.service_name.is_some() {
        return Err(Fault::new(400, "ServiceNotFoundException", "Service not found."));
    }
    let desired = input.desired_status.as_deref().unwrap_or("RUNNING");
    let same = |wanted: &Option<String>, has: Option<&str>| wanted.as_deref().is_none_or(|wanted| has == Some(wanted));
    let tasks = cluster.tasks.iter().filter(|task| {
        task.life.desired() == desired
            && same(&input.family, Some(&task.family))
            && same(&input.started_by, task.started_by.as_deref())
            && same(&input.launch_type, Some(&task.launch_type))
            && same(&instance, task.container_instance.as_deref())
    });
    input.page.of("taskArns", tasks.map(|task| task.arn.clone()))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
pub(super) fn stop_task(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: StopInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let name = cluster_name(&place, input.cluster.as_deref())?;
    let target = Target::new(&place, &name, &input.task)?;
    world.authorize(call, target.check(world, &place, "ecs:StopTask"))?;
    place.cluster(world, &name).ok_or_else(cluster_not_found)?;
    let missing = || invalid_parameter("The referenced task was not found.");
    let reason = input.reason.unwrap_or_else(|| "Task stopped by user".to_owned());
    end_task(world, &place, &name, &target.id, End::asked(reason), call.now).ok_or_else(missing)?;
    let task = target.find(world, &place).ok_or_else(missing)?;
    Ok(json!({ "task": task.to_json(true) }))
}
