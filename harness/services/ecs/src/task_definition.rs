//! Task definitions: what can be asked of them once they are there.

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::client;
use super::input::{self, PageInput, UNREADABLE, definition_name, seconds};
use super::region::{InEcs, TaskDefinition};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DefinitionInput {
    task_definition: String,
    include: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ListInput {
    family_prefix: Option<String>,
    status: Option<String>,
    sort: Option<String>,
    #[serde(flatten)]
    page: PageInput,
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
pub(super) fn describe_task_definition(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: DefinitionInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    world.authorize(call, Check::new("ecs:DescribeTaskDefinition", "*"))?;
    let definition = place.definition(world, &input.task_definition)?.ok_or_else(not_there)?;
    let mut answer = json!({ "taskDefinition": definition.to_json() });
    if input.include.iter().any(|field| field == "TAGS") {
        answer["tags"] = input::tags_to_json(&definition.tags);
    }
    Ok(answer)
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
pub(super) fn deregister_task_definition(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: DefinitionInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    world.authorize(call, Check::new("ecs:DeregisterTaskDefinition", "*"))?;
    let (family, revision) = definition_name(&place, &input.task_definition)?;
    let revision = revision.ok_or_else(|| client("Revision is required to deregister a task definition."))?;
    let definition = place.region_mut(world)?.definition_mut(&family, revision);
    let definition = definition.ok_or_else(|| client("The specified task definition does not exist."))?;
    definition.active = false;
    definition.deregistered_at.get_or_insert(call.now);
    Ok(json!({ "taskDefinition": definition.to_json() }))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
pub(super) fn list_task_definitions(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: ListInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    world.authorize(call, Check::new("ecs:ListTaskDefinitions", "*"))?;
    let active = input.status.as_deref().unwrap_or("ACTIVE") == "ACTIVE";
    let families = place.region(world).into_iter().flat_map(|region| region.families.iter());
    // Here familyPrefix is the whole name of a family.
    let families = families.filter(|(family, _)| input.family_prefix.as_ref().is_none_or(|wanted| wanted == *family));
    let revisions = families.flat_map(|(_, revisions)| revisions.values()).filter(|revision| revision.active == active);
    let mut arns: Vec<String> = revisions.map(|revision| revision.arn.clone()).collect();
    if input.sort.as_deref() == Some("DESC") {
        arns.reverse();
    }
    input.page.of("taskDefinitionArns", arns)
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitionFamilies.html
pub(super) fn list_task_definition_families(
    world: &mut World,
    call: &mut Call<'_>,
    input: Value,
) -> Result<Value, Fault> {
    let input: ListInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    world.authorize(call, Check::new("ecs:ListTaskDefinitionFamilies", "*"))?;
    let prefix = input.family_prefix.unwrap_or_default();
    let wanted = |active: bool| match input.status.as_deref() {
        Some("ACTIVE") => active,
        Some("INACTIVE") => !active,
        _ => true,
    };
    let families = place.region(world).into_iter().flat_map(|region| region.families.iter());
    let families = families.filter(|(family, revisions)| {
        family.starts_with(&prefix) && wanted(revisions.values().any(|revision| revision.active))
    });
    input.page.of("families", families.map(|(family, _)| family.clone()))
}

fn not_there() -> Fault {
    client("Unable to describe task definition.")
}

impl TaskDefinition {
    pub(super) fn containers(&self) -> impl Iterator<Item = &Value> {
        self.body.get("containerDefinitions").and_then(Value::as_array).into_iter().flatten()
    }

    pub(super) fn to_json(&self) -> Value {
        let mut answer = json!({
            "taskDefinitionArn": self.arn,
            "family": self.family,
            "revision": self.revision,
            "status": if self.active { "ACTIVE" } else { "INACTIVE" },
            "networkMode": self.network_mode,
            "compatibilities": self.compatibilities,
            "requiresAttributes": [],
            "registeredAt": seconds(self.registered_at),
            "registeredBy": self.registered_by,
        });
        let optional = [("taskRoleArn", &self.task_role), ("executionRoleArn", &self.execution_role)];
        for (member, role) in optional {
            if let Some(role) = role {
                answer[member] = json!(role);
            }
        }
        if let Some(time) = self.deregistered_at {
            answer["deregisteredAt"] = seconds(time);
        }
        for (member, value) in &self.body {
            answer[member] = value.clone();
        }
        answer
    }
}
