//! Tagging what is there already, and the right to tag what is just coming to be.

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, Tags, World};
use policy::arn::Arn;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::invalid_parameter;
use super::input::{self, Tag, UNREADABLE, definition_name, is_name};
use super::region::InEcs;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Input {
    resource_arn: String,
    tags: Vec<Tag>,
    tag_keys: Vec<String>,
}

/// `ecs:TagResource` as part of a creation: the one place where `ecs:CreateAction` is there.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
///
/// "aws:ResourceTag … is included in … requests that create a resource with an attached tag."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
pub(super) fn authorize_on_create(
    world: &World,
    call: &mut Call<'_>,
    resource: &str,
    operation: &str,
    tags: &Tags,
) -> Result<(), Fault> {
    let check = Check::new("ecs:TagResource", resource).passing(tags).tagged(tags);
    world.authorize(call, check.key("ecs:CreateAction", operation))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html
pub(super) fn tag_resource(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: Input = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let given = input::tags(&input.tags);
    let check = Check::new("ecs:TagResource", &input.resource_arn).passing(&given);
    world.authorize(call, tagged(check, world, &place, &input.resource_arn))?;
    input::check_tags(&input.tags)?;
    let tags = tags_mut(world, &place, &input.resource_arn)?;
    let mut after = tags.clone();
    for (key, value) in given.iter() {
        after.set(key, value);
    }
    // Reserved tags do not count against the limit.
    if after.keys().filter(|key| !input::TAG_RULES.is_reserved(key)).count() > input::TAG_RULES.most {
        return Err(input::too_many_tags());
    }
    *tags = after;
    Ok(json!({}))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UntagResource.html
pub(super) fn untag_resource(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: Input = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let check = Check::new("ecs:UntagResource", &input.resource_arn).untagging(&input.tag_keys);
    world.authorize(call, tagged(check, world, &place, &input.resource_arn))?;
    if input.tag_keys.iter().any(|key| input::TAG_RULES.is_reserved(key)) {
        return Err(invalid_parameter("Tags with the reserved prefix 'aws:' cannot be removed."));
    }
    let tags = tags_mut(world, &place, &input.resource_arn)?;
    for key in &input.tag_keys {
        tags.remove(key);
    }
    Ok(json!({}))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
pub(super) fn list_tags_for_resource(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: Input = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let check = Check::new("ecs:ListTagsForResource", &input.resource_arn);
    world.authorize(call, tagged(check, world, &place, &input.resource_arn))?;
    let tags = tags_mut(world, &place, &input.resource_arn)?;
    Ok(json!({ "tags": input::tags_to_json(tags) }))
}

/// The check with the tags that the resource has, if it is there.
fn tagged(check: Check, world: &World, place: &AccountRegion, arn: &str) -> Check {
    match tags(world, place, arn) {
        Some(tags) => check.tagged(tags),
        None => check,
    }
}

/// The check with the tags of the cluster, the task or the task definition that it is about, if it is here.
pub(crate) fn held(world: &World, check: Check) -> Check {
    let Some(place) = Arn::parse(&check.resource).map(AccountRegion::named_by) else { return check };
    let arn = check.resource.clone();
    tagged(check, world, &place, &arn)
}

/// What an ARN names.
pub(super) enum Resource<'a> {
    Cluster(&'a str),
    Task { cluster: &'a str, id: &'a str },
    Definition { family: String, revision: usize },
}

impl<'a> Resource<'a> {
    pub(super) fn parse(place: &AccountRegion, arn: &'a str) -> Result<Self, Fault> {
        let invalid = || invalid_parameter("Invalid resource ARN.");
        let parts = input::ecs_arn(arn).ok_or_else(invalid)?;
        if parts.account != place.account || parts.region != place.region {
            return Err(invalid());
        }
        let (kind, name) = parts.resource.split_once('/').ok_or_else(invalid)?;
        match (kind, name.split_once('/')) {
            ("cluster", None) if is_name(name) => Ok(Self::Cluster(name)),
            ("task", Some((cluster, id))) if is_name(cluster) && is_name(id) => Ok(Self::Task { cluster, id }),
            ("task-definition", None) => match definition_name(place, arn)? {
                (family, Some(revision)) => Ok(Self::Definition { family, revision }),
                _ => Err(invalid()),
            },
            _ => Err(invalid()),
        }
    }
}

pub(super) fn tags<'a>(world: &'a World, place: &AccountRegion, arn: &str) -> Option<&'a Tags> {
    match Resource::parse(place, arn).ok()? {
        Resource::Cluster(name) => Some(&place.cluster(world, name)?.tags),
        Resource::Task { cluster, id } => Some(&place.cluster(world, cluster)?.tasks.get(id)?.tags),
        Resource::Definition { family, revision } => {
            Some(&place.region(world)?.definition(&family, Some(revision))?.tags)
        }
    }
}

pub(super) fn tags_mut<'a>(world: &'a mut World, place: &AccountRegion, arn: &str) -> Result<&'a mut Tags, Fault> {
    match Resource::parse(place, arn)? {
        Resource::Cluster(name) => Ok(&mut place.cluster_mut(world, name)?.tags),
        Resource::Task { cluster, id } => {
            place.cluster_mut(world, cluster)?.tasks.tags_mut(id).ok_or_else(|| not_found("task"))
        }
        Resource::Definition { family, revision } => {
            let definition = place.region_mut(world)?.definition_mut(&family, revision);
            Ok(&mut definition.ok_or_else(|| not_found("task definition"))?.tags)
        }
    }
}

fn not_found(kind: &str) -> Fault {
    Fault::new(400, "ResourceNotFoundException", format!("The specified {kind} is not found."))
}
