//! Tasks that run elsewhere. The world knows what there is and decides; the request is done where the tasks are, under
//! the names that they have there, and then here as well. Sessions and credentials of tasks are the world's own.

use account::operation::{Effect, find};
use account::{AccountRegion, Call, Check, Fault, Tags, World};
use serde_json::{Value, json};

use super::credentials::rename_task;
use super::input::{cluster_name, definition_name, instance_arn, task_id};
use super::life::Life;
use super::operations::OPERATIONS;
use super::region::{Cluster, Found, TaskDefinition, find_task};
use super::region::{EcsState, InEcs, forget_stopped};
use super::tags::{self, Resource};
use super::task::Task;
use super::task_list::TaskList;

/// What a request is about and the world does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// A cluster, by its name.
    Cluster(String),
    /// A task definition: `family:revision`, or a family for its latest revision.
    Definition(String),
    /// A task.
    Task {
        /// The name of its cluster.
        cluster: String,
        /// Its id.
        id: String,
    },
    /// The tags that a resource has now, by its ARN.
    Tags(String),
}

/// What a world does about requests whose tasks run elsewhere.
pub trait ProxiedTasks {
    /// What has to be found out before a request can be decided on, beside what has been asked for already. Tags are asked
    /// for only if a policy with a say in the request looks at some, or the request gives them on.
    ///
    /// # Errors
    /// The request names what there cannot be.
    fn ecs_unknowns(
        &self,
        call: &Call<'_>,
        operation: &str,
        input: &Value,
        asked: &[Unknown],
    ) -> Result<Vec<Unknown>, Fault>;

    /// Takes in what was found out: the answer of DescribeClusters, DescribeTaskDefinition and DescribeTasks (all with
    /// tags) and of ListTagsForResource. What was not found, or not by its very name, stays unknown.
    fn ecs_adopt(&mut self, call: &Call<'_>, unknown: &Unknown, found: &Value);

    /// Decides on a request, and says what would come of it here; nothing is changed.
    ///
    /// # Errors
    /// What AWS answers instead.
    fn ecs_rehearse(&self, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault>;

    /// Does here what was done elsewhere, with the names that it was given there. It was decided on before.
    ///
    /// # Errors
    /// What was allowed a moment ago is not any more.
    fn ecs_follow(&mut self, call: &mut Call<'_>, operation: &str, input: Value, there: &Value) -> Result<(), Fault>;

    /// Whether tasks are here already: a request that was made before is not done again.
    #[must_use]
    fn ecs_has_tasks(&self, tasks: &Value) -> bool;
}

impl ProxiedTasks for World {
    fn ecs_unknowns(
        &self,
        call: &Call<'_>,
        operation: &str,
        input: &Value,
        asked: &[Unknown],
    ) -> Result<Vec<Unknown>, Fault> {
        let Ok(place) = AccountRegion::of(call) else { return Ok(Vec::new()) };
        let named = named(&place, operation, input)?;
        // What was asked for and is not there stays unknown.
        let is_new = |one: &&Unknown| !asked.contains(one);
        let missing: Vec<_> = named.iter().filter(is_new).filter(|one| !knows(self, &place, one)).cloned().collect();
        if !missing.is_empty() {
            return Ok(missing);
        }
        if !depends_on_tags(self, call) && input["propagateTags"] != "TASK_DEFINITION" {
            return Ok(Vec::new());
        }
        let arns = named.iter().filter_map(|one| arn(self, &place, one)).map(Unknown::Tags);
        Ok(arns.filter(|one| is_new(&one)).collect())
    }

    fn ecs_adopt(&mut self, call: &Call<'_>, unknown: &Unknown, found: &Value) {
        let Ok(place) = AccountRegion::of(call) else { return };
        let among = |list: &Value, member: &str, arn: String| {
            list.as_array().into_iter().flatten().find(|one| one[member] == arn.as_str()).cloned()
        };
        let adopted = match unknown {
            Unknown::Cluster(name) => among(&found["clusters"], "clusterArn", place.arn(&format!("cluster/{name}")))
                .and_then(|found| adopt_cluster(self, &place, name, &found)),
            Unknown::Definition(text) => adopt_definition(self, &place, text, found),
            Unknown::Task { cluster, id } => {
                among(&found["tasks"], "taskArn", place.arn(&format!("task/{cluster}/{id}")))
                    .and_then(|found| adopt_task(self, call, &place, cluster, &found))
            }
            Unknown::Tags(arn) => tags::tags_mut(self, &place, arn).ok().map(|tags| *tags = read_tags(&found["tags"])),
        };
        // Something else than what was asked for is as good as nothing.
        let _nothing_found = adopted;
    }

    fn ecs_rehearse(&self, call: &mut Call<'_>, operation: &str, input: Value) -> Result<Value, Fault> {
        self.clone().call(call, "ecs", operation, input)
    }

    fn ecs_follow(&mut self, call: &mut Call<'_>, operation: &str, input: Value, there: &Value) -> Result<(), Fault> {
        forget_stopped(self, call.now);
        if find(OPERATIONS, operation).is_some_and(|row| row.operation.effect == Effect::Reads) {
            return Ok(());
        }
        let mut unfiled = Vec::new();
        let identity = call.identity.clone();
        let (now, surroundings, tracing) = (call.now, call.surroundings, call.tracing);
        let mut again = Call { identity, now, ids: &mut *call.ids, surroundings, tracing, decisions: &mut unfiled };
        let here = self.call(&mut again, "ecs", operation, input)?;
        let place = AccountRegion::of(call)?;
        match operation {
            "RegisterTaskDefinition" => renumber(self, &place, &here["taskDefinition"], &there["taskDefinition"]),
            "RunTask" => rename(self, call, &place, &here["tasks"], &there["tasks"]),
            _ => {}
        }
        Ok(())
    }

    fn ecs_has_tasks(&self, tasks: &Value) -> bool {
        let mut arns = tasks.as_array().into_iter().flatten().filter_map(|task| task["taskArn"].as_str());
        arns.any(|arn| find_task(self, arn.rsplit('/').next().unwrap_or_default()).is_some())
    }
}

fn knows(world: &World, place: &AccountRegion, one: &Unknown) -> bool {
    match one {
        Unknown::Cluster(name) => place.cluster(world, name).is_some(),
        // Which revision is the latest may have changed where they are.
        Unknown::Definition(text) => {
            text.contains(':') && place.definition(world, text).is_ok_and(|found| found.is_some())
        }
        Unknown::Task { cluster, id } => {
            place.cluster(world, cluster).is_some_and(|cluster| cluster.tasks.get(id).is_some())
        }
        Unknown::Tags(_) => true,
    }
}

fn arn(world: &World, place: &AccountRegion, one: &Unknown) -> Option<String> {
    match one {
        Unknown::Cluster(name) => Some(place.cluster(world, name)?.arn.clone()),
        Unknown::Definition(text) => Some(place.definition(world, text).ok()??.arn.clone()),
        Unknown::Task { cluster, id } => Some(place.cluster(world, cluster)?.tasks.get(id)?.arn.clone()),
        Unknown::Tags(_) => None,
    }
}

/// Which action is asked for does not matter: a policy that looks at such a key for another one costs a question too
/// many.
fn depends_on_tags(world: &World, call: &Call<'_>) -> bool {
    let check = Check::new("ecs:RunTask", "*");
    ["aws:ResourceTag/", "ecs:ResourceTag/"].into_iter().any(|key| world.depends_on(call, &check, key))
}

fn adopt_cluster(world: &mut World, place: &AccountRegion, name: &str, found: &Value) -> Option<()> {
    if found["status"] != "ACTIVE" || found["clusterName"] != name {
        return None;
    }
    let cluster = Cluster {
        name: name.to_owned(),
        arn: place.arn(&format!("cluster/{name}")),
        active: true,
        tags: read_tags(&found["tags"]),
        body: found.as_object().cloned().unwrap_or_default(),
        tasks: TaskList::default(),
    };
    place.region_mut(world).ok()?.clusters.insert_mut(name.to_owned(), cluster);
    Some(())
}

/// One that is here already stays as it is: an emulator may not keep all of it.
fn adopt_definition(world: &mut World, place: &AccountRegion, asked: &str, found: &Value) -> Option<()> {
    let mut definition = TaskDefinition::adopted(&found["taskDefinition"])?;
    definition.tags = read_tags(&found["tags"]);
    let name = format!("{}:{}", definition.family, definition.revision);
    let is_it = asked == name || asked == definition.family;
    if !is_it || definition.arn != place.arn(&format!("task-definition/{name}")) {
        return None;
    }
    let region = place.region_mut(world).ok()?;
    if region.definition(&definition.family, Some(definition.revision)).is_none() {
        region.put(definition);
    }
    Some(())
}

/// A task that was started past this world: its credentials are none of ours.
fn adopt_task(world: &mut World, call: &Call<'_>, place: &AccountRegion, cluster: &str, found: &Value) -> Option<()> {
    let text = |member: &str| found[member].as_str().map(str::to_owned);
    let arn = text("taskArn")?;
    let cluster_arn = place.arn(&format!("cluster/{cluster}"));
    // moto finds a task in whichever cluster it is asked for.
    if text("clusterArn").is_some_and(|theirs| theirs != cluster_arn) {
        return None;
    }
    let id = arn.rsplit('/').next()?.to_owned();
    let definition_arn = text("taskDefinitionArn").unwrap_or_default();
    let family = definition_name(place, &definition_arn).map(|(family, _)| family).unwrap_or_default();
    let task = Task {
        id: id.clone(),
        arn,
        cluster_arn,
        definition_arn,
        group: text("group").unwrap_or_else(|| format!("family:{family}")),
        family,
        life: Life::elsewhere(found["lastStatus"] == "STOPPED", call.now),
        tags: read_tags(&found["tags"]),
        may_have_more_tags: false,
        role: None,
        metadata_key: String::new(),
        execution_role: None,
        execution: None,
        orders: Vec::new(),
        started_by: text("startedBy"),
        launch_type: text("launchType").unwrap_or_default(),
        container_instance: text("containerInstanceArn"),
        client_token: None,
        body: serde_json::Map::new(),
        created_at: call.now,
    };
    let found = Found { place: place.clone(), cluster: cluster.to_owned(), id };
    let is_stopped = task.is_stopped();
    place.cluster_mut(world, cluster).ok()?.tasks.insert(task);
    if is_stopped {
        world.state_mut::<EcsState>().ok()?.stopped.enqueue_mut((call.now, found));
    }
    Some(())
}

fn renumber(world: &mut World, place: &AccountRegion, here: &Value, there: &Value) {
    let number = |definition: &Value| definition["revision"].as_u64().and_then(|number| usize::try_from(number).ok());
    let (Some(family), Some(old), Some(new)) = (here["family"].as_str(), number(here), number(there)) else {
        return;
    };
    let Ok(region) = place.region_mut(world) else { return };
    let Some(mut definition) = region.definition(family, Some(old)).cloned() else { return };
    definition.revision = new;
    definition.arn = place.arn(&format!("task-definition/{family}:{new}"));
    region.families.get_mut(family).map(|revisions| revisions.remove_mut(&old));
    region.put(definition);
}

/// Gives the tasks their names; what was not started there is not here either.
fn rename(world: &mut World, call: &mut Call<'_>, place: &AccountRegion, here: &Value, there: &Value) {
    let arns = |tasks: &Value| -> Vec<String> {
        let arns = tasks.as_array().into_iter().flatten().filter_map(|task| task["taskArn"].as_str());
        arns.map(str::to_owned).collect()
    };
    let mut named = arns(there).into_iter();
    for old in arns(here) {
        let Ok(Resource::Task { cluster, id }) = Resource::parse(place, &old) else { continue };
        match named.next() {
            Some(arn) => drop(rename_task(world, place, cluster, id, &arn, call.now, call.ids)),
            None => drop(place.cluster_mut(world, cluster).map(|cluster| cluster.tasks.remove(id))),
        }
    }
}

/// What a request names. A name that there cannot be is an error; a member that cannot be read is for the operation to
/// tell.
fn named(place: &AccountRegion, operation: &str, input: &Value) -> Result<Vec<Unknown>, Fault> {
    let text = |member: &str| input[member].as_str();
    let texts = |member: &str| input[member].as_array().into_iter().flatten().filter_map(Value::as_str);
    let cluster = |text: Option<&str>| cluster_name(place, text).map(Unknown::Cluster);
    let definition = || match text("taskDefinition") {
        Some(text) => definition_named(place, text).map(|one| vec![one]),
        None => Ok(Vec::new()),
    };
    let tasks = |tasks: &mut dyn Iterator<Item = &str>| {
        let cluster = cluster_name(place, text("cluster"))?;
        let task =
            |task| Ok(Unknown::Task { cluster: cluster.clone(), id: task_id(place, &cluster, task)?.to_owned() });
        let ids: Vec<_> = tasks.map(task).collect::<Result<_, Fault>>()?;
        Ok([vec![Unknown::Cluster(cluster.clone())], ids].concat())
    };
    match operation {
        // A new one's name is looked at once it is authorised.
        "CreateCluster" => Ok(cluster(text("clusterName")).into_iter().collect()),
        // Without names it is the cluster called `default`.
        "DescribeClusters" if texts("clusters").next().is_none() => Ok(vec![cluster(None)?]),
        "DescribeClusters" => texts("clusters").map(|name| cluster(Some(name))).collect(),
        "DeleteCluster" => Ok(vec![cluster(text("cluster"))?]),
        "ListTasks" => {
            let name = cluster_name(place, text("cluster"))?;
            text("containerInstance").map(|instance| instance_arn(place, &name, instance)).transpose()?;
            Ok(vec![Unknown::Cluster(name)])
        }
        "RunTask" | "StartTask" => Ok([vec![cluster(text("cluster"))?], definition()?].concat()),
        "DescribeTaskDefinition" | "DeregisterTaskDefinition" => definition(),
        "DescribeTasks" => tasks(&mut texts("tasks")),
        "StopTask" | "ExecuteCommand" => tasks(&mut text("task").into_iter()),
        "TagResource" | "UntagResource" | "ListTagsForResource" => {
            let arn = text("resourceArn").unwrap_or_default();
            Ok(match Resource::parse(place, arn)? {
                Resource::Cluster(name) => vec![Unknown::Cluster(name.to_owned())],
                Resource::Task { cluster, id } => vec![
                    Unknown::Cluster(cluster.to_owned()),
                    Unknown::Task { cluster: cluster.to_owned(), id: id.to_owned() },
                ],
                Resource::Definition { .. } => vec![definition_named(place, arn)?],
            })
        }
        _ => Ok(Vec::new()),
    }
}

fn definition_named(place: &AccountRegion, text: &str) -> Result<Unknown, Fault> {
    let (family, revision) = definition_name(place, text)?;
    Ok(Unknown::Definition(revision.map_or_else(|| family.clone(), |revision| format!("{family}:{revision}"))))
}

fn read_tags(list: &Value) -> Tags {
    let text = |tag: &Value, member: &str| tag[member].as_str().unwrap_or_default().to_owned();
    list.as_array().into_iter().flatten().map(|tag| (text(tag, "key"), text(tag, "value"))).collect()
}

impl TaskDefinition {
    /// A task definition as it is described.
    fn adopted(found: &Value) -> Option<Self> {
        let text = |member: &str| found[member].as_str().map(str::to_owned);
        let named = |list: &str, name: &str| found[list].as_array().is_some_and(|names| names.contains(&json!(name)));
        let compatible = |name: &&str| named("compatibilities", name) || named("requiresCompatibilities", name);
        let mut body = found.as_object()?.clone();
        for member in OWN {
            body.remove(*member);
        }
        Some(Self {
            arn: text("taskDefinitionArn")?,
            family: text("family")?,
            revision: usize::try_from(found["revision"].as_u64()?).ok()?,
            active: found["status"] == "ACTIVE",
            tags: Tags::default(),
            task_role: text("taskRoleArn").filter(|role| !role.is_empty()),
            execution_role: text("executionRoleArn").filter(|role| !role.is_empty()),
            network_mode: text("networkMode").unwrap_or_else(|| "bridge".to_owned()),
            compatibilities: ["EC2", "FARGATE", "EXTERNAL"].into_iter().filter(compatible).collect(),
            body,
            registered_at: jiff::Timestamp::UNIX_EPOCH,
            registered_by: text("registeredBy").unwrap_or_default(),
            deregistered_at: None,
        })
    }
}

/// Members of a description that a definition has in places of their own.
const OWN: &[&str] = &[
    "taskDefinitionArn",
    "family",
    "revision",
    "status",
    "networkMode",
    "compatibilities",
    "requiresAttributes",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "taskRoleArn",
    "executionRoleArn",
];
