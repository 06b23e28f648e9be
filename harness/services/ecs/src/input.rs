//! What ECS's requests have in common: tags, identifiers, pages, times.

use account::{AccountRegion, Fault, Page, Part, Reserved, TagProblem, TagRules, Tags, is_tag_character};
use jiff::Timestamp;
use policy::arn::Arn;
use policy::partition;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::invalid_parameter;

/// What ECS answers to input that it cannot read.
pub(super) const UNREADABLE: &str = "SerializationException";

/// A tag as requests carry it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Tag {
    key: String,
    value: String,
}

/// The tags of a request as they are, for the request context; what is wrong with them comes after authorisation.
pub(super) fn tags(tags: &[Tag]) -> Tags {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect()
}

/// "Do not use aws:, AWS:, or any upper or lowercase combination of such as a prefix for keys or values."
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html#tag-restrictions
pub(super) const TAG_RULES: TagRules = TagRules {
    most: 50,
    reserved: Reserved::KeysAndValuesInAnyCase,
    ignores_case: false,
    characters: is_tag_character,
    passes: &[&[TagProblem::Reserved, TagProblem::Duplicate]],
    words: |problem, _, _| match problem {
        TagProblem::Duplicate => invalid_parameter("Duplicate tag keys found."),
        _ => invalid_parameter("Tag keys and values must not start with the reserved prefix 'aws:'."),
    },
};

/// Refuses tags that ECS does not take.
pub(super) fn check_tags(tags: &[Tag]) -> Result<(), Fault> {
    TAG_RULES.read(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))).map(drop)
}

pub(super) fn too_many_tags() -> Fault {
    invalid_parameter("The maximum number of tags per resource is 50.")
}

pub(super) fn tags_to_json(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// The name of a cluster given by name or ARN; without either it is the one called `default`.
pub(super) fn cluster_name(place: &AccountRegion, cluster: Option<&str>) -> Result<String, Fault> {
    match cluster {
        None | Some("") => Ok("default".to_owned()),
        Some(arn) if arn.starts_with("arn:") => name_in(own(place, arn, "cluster/")?).map(str::to_owned),
        Some(name) => name_in(name).map(str::to_owned),
    }
}

fn name_in(text: &str) -> Result<&str, Fault> {
    if is_name(text) { Ok(text) } else { Err(invalid_parameter("Invalid identifier: Unexpected number of separators")) }
}

/// The ARN of a container instance given by id or ARN, which is one of this cluster.
pub(super) fn instance_arn(place: &AccountRegion, cluster: &str, text: &str) -> Result<String, Fault> {
    let kind = "container-instance/";
    let id = if text.starts_with("arn:") { in_cluster(own(place, text, kind)?, cluster)? } else { text };
    Ok(place.arn_of("ecs", &format!("{kind}{cluster}/{}", name_in(id)?)))
}

/// What a name in an ARN, `CLUSTER/ID`, has after its cluster, which must be this one. In the ARNs of before 2018 there is
/// none. The words are AWS's own: github.com/aws/aws-toolkit-vscode/issues/2915
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
fn in_cluster<'a>(name: &'a str, cluster: &str) -> Result<&'a str, Fault> {
    match name.split_once('/') {
        Some((own, _)) if own != cluster => {
            let words = format!("Invalid identifier: Identifier is for cluster {own}. Your cluster is {cluster}");
            Err(invalid_parameter(words))
        }
        Some((_, id)) => Ok(id),
        None => Ok(name),
    }
}

/// The family and revision of a task definition given as `family`, `family:revision` or ARN.
pub(super) fn definition_name(place: &AccountRegion, text: &str) -> Result<(String, Option<usize>), Fault> {
    let text = if text.starts_with("arn:") { own(place, text, "task-definition/")? } else { text };
    let (family, revision) = match text.split_once(':') {
        Some((family, revision)) => (family, Some(revision)),
        None => (text, None),
    };
    // A number that is written in another way would be another resource to a policy.
    let is_written_so = |number: &usize| *number > 0 && revision.is_some_and(|text| *text == number.to_string());
    let revision = match revision.map(|text| text.parse().ok().filter(is_written_so)) {
        None => None,
        Some(Some(number)) => Some(number),
        Some(None) => {
            return Err(super::fault::client(format!(
                "Invalid revision number. Number: {}",
                revision.unwrap_or_default()
            )));
        }
    };
    if is_name(family) { Ok((family.to_owned(), revision)) } else { Err(super::fault::client("Invalid family name.")) }
}

/// The id of a task given by id or ARN, which is one of this cluster.
pub(super) fn task_id<'a>(place: &AccountRegion, cluster: &str, task: &'a str) -> Result<&'a str, Fault> {
    let id = if task.starts_with("arn:") { in_cluster(own(place, task, "task/")?, cluster)? } else { task };
    if is_name(id) { Ok(id) } else { Err(invalid_parameter("taskId length should be one of [32,36]")) }
}

/// An ARN of ECS, in the partition of its region.
pub(super) fn ecs_arn(arn: &str) -> Option<Arn<'_>> {
    Arn::parse(arn).filter(|parts| parts.service == "ecs" && parts.partition == partition::of_region(parts.region).name)
}

/// What comes after `kind` in an ARN of this account and region.
fn own<'a>(place: &AccountRegion, arn: &'a str, kind: &str) -> Result<&'a str, Fault> {
    let parts = ecs_arn(arn).ok_or_else(|| invalid_parameter("Invalid ARN."))?;
    if parts.account != place.account {
        let words = format!("Identifier is for {}. Your accountId is {}", parts.account, place.account);
        return Err(invalid_parameter(words));
    }
    if parts.region != place.region {
        return Err(invalid_parameter(format!("Identifier is for {}. Your region is {}", parts.region, place.region)));
    }
    let invalid = || invalid_parameter(format!("Invalid identifier: a {} is expected", kind.trim_end_matches('/')));
    parts.resource.strip_prefix(kind).ok_or_else(invalid)
}

/// "Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed."
pub(super) fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Which part of a list a request asks for.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PageInput {
    next_token: Option<String>,
    max_results: Option<i64>,
}

impl PageInput {
    /// `{member: [these], nextToken}`.
    pub(super) fn of(&self, member: &str, all: impl IntoIterator<Item = String>) -> Result<Value, Fault> {
        let size = Page::size(self.max_results, 100);
        let size = size.ok_or_else(|| invalid_parameter("maxResults must be between 1 and 100"))?;
        let part = Page { token: self.next_token.clone(), size }.by_position(all);
        let Part { items, next } = part.ok_or_else(|| invalid_parameter("Invalid token."))?;
        let mut answer = json!({});
        if let Some(next) = next {
            answer["nextToken"] = json!(next);
        }
        answer[member] = items.into();
        Ok(answer)
    }
}

/// A time as the JSON protocol writes it: seconds since 1970 with a fraction.
pub(super) fn seconds(time: Timestamp) -> Value {
    json!(time.as_millisecond() as f64 / 1000.0)
}
