//! Log groups.

use std::collections::BTreeMap;

use account::input::{number, read};
use account::{AccountRegion, Call, Check, Fault, Page, Part, Reserved, TagProblem, TagRules, Tags, World};
use policy::arn::Arn;
use serde::Deserialize;
use serde_json::{Value, json};

use super::stream::LogStream;

/// Log groups, by where they are and their name.
#[derive(Clone, Debug, Default)]
pub(super) struct LogGroups(pub(super) BTreeMap<(AccountRegion, String), LogGroup>);

/// A log group.
#[derive(Clone, Debug)]
pub(super) struct LogGroup {
    tags: Tags,
    class: String,
    kms_key: Option<String>,
    /// Milliseconds since 1970.
    created: i64,
    pub(super) streams: BTreeMap<String, LogStream>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct GroupInput {
    log_group_name: String,
    tags: BTreeMap<String, String>,
    kms_key_id: Option<String>,
    log_group_class: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DescribeInput {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    #[serde(deserialize_with = "number")]
    limit: Option<i64>,
    next_token: Option<String>,
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
///
/// A request that makes a tagged resource carries `aws:ResourceTag` too.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag
pub(super) fn create_log_group(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: GroupInput = read(input, "SerializationException")?;
    let at = AccountRegion::of(call)?;
    let tags: Tags = input.tags.iter().collect();
    let arn = resource(&at, &input.log_group_name);
    world.authorize(call, Check::new("logs:CreateLogGroup", &arn).passing(&tags).tagged(&tags))?;
    if !tags.is_empty() {
        authorize_tags(world, call, &group_arn(&at, &input.log_group_name), &tags)?;
    }
    check(&input, &tags)?;
    let group = LogGroup {
        tags,
        class: input.log_group_class.unwrap_or_else(|| "STANDARD".to_owned()),
        kms_key: input.kms_key_id,
        created: call.now.as_millisecond(),
        streams: BTreeMap::new(),
    };
    let groups = &mut world.state_mut::<LogGroups>()?.0;
    let key = (at, input.log_group_name);
    if groups.contains_key(&key) {
        return Err(Fault::new(400, "ResourceAlreadyExistsException", "The specified log group already exists"));
    }
    groups.insert(key, group);
    Ok(json!({}))
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
pub(super) fn delete_log_group(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: GroupInput = read(input, "SerializationException")?;
    let at = AccountRegion::of(call)?;
    let check = Check::new("logs:DeleteLogGroup", resource(&at, &input.log_group_name));
    world.authorize(call, tagged(check, group(world, &at, &input.log_group_name)))?;
    let removed = world.state_mut::<LogGroups>()?.0.remove(&(at, input.log_group_name));
    removed.map(|_| json!({})).ok_or_else(no_group)
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
pub(super) fn describe_log_groups(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: DescribeInput = read(input, "SerializationException")?;
    let here = AccountRegion::of(call)?;
    world.authorize(call, Check::new("logs:DescribeLogGroups", resource(&here, "")))?;
    let size = Page::size(input.limit, 50).ok_or_else(|| invalid("limit must be between 1 and 50"))?;
    let prefix = input.log_group_name_prefix.unwrap_or_default();
    let pattern = input.log_group_name_pattern.unwrap_or_default();
    let groups = world
        .state::<LogGroups>()?
        .0
        .iter()
        .filter(|((at, name), _)| *at == here && name.starts_with(&prefix) && name.contains(&pattern));
    let named = groups.map(|((_, name), group)| (name.clone(), group));
    let Part { items, next } = Page { token: input.next_token, size }.by_key(named);
    let mut answer = json!({});
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    let shown = items.into_iter().map(|(name, group)| group.to_json(&group_arn(&here, &name), &name));
    answer["logGroups"] = shown.collect();
    Ok(answer)
}

impl LogGroup {
    fn to_json(&self, arn: &str, name: &str) -> Value {
        let mut answer = json!({
            "logGroupName": name,
            "logGroupArn": arn,
            "arn": format!("{arn}:*"),
            "creationTime": self.created,
            "storedBytes": 0,
            "metricFilterCount": 0,
            "logGroupClass": self.class,
        });
        if let Some(key) = &self.kms_key {
            answer["kmsKeyId"] = json!(key);
        }
        answer
    }
}

pub(super) fn group<'a>(world: &'a World, at: &AccountRegion, name: &str) -> Option<&'a LogGroup> {
    world.state::<LogGroups>().ok()?.0.get(&(at.clone(), name.to_owned()))
}

pub(super) fn group_arn(at: &AccountRegion, name: &str) -> String {
    at.arn_of("logs", &format!("log-group:{name}"))
}

/// A log group as all actions but three are asked about it, also those of which the reference lists no resource:
/// `catalog::Action::authorised_on` states the rule.
pub(super) fn resource(at: &AccountRegion, name: &str) -> String {
    format!("{}:log-stream:", group_arn(at, name))
}

/// The check with the tags of the log group that it is about, if it is here.
pub(super) fn held(world: &World, check: Check) -> Check {
    let known = Arn::parse(&check.resource).and_then(|arn| {
        let name = arn.resource.strip_prefix("log-group:")?.split(':').next()?;
        group(world, &AccountRegion::named_by(arn), name)
    });
    tagged(check, known)
}

/// The check with the tags of a log group.
pub(super) fn tagged(check: Check, group: Option<&LogGroup>) -> Check {
    match group {
        Some(group) => check.tagged(&group.tags),
        None => check,
    }
}

/// "You must have either the logs:TagResource or logs:TagLogGroup permission."
fn authorize_tags(world: &World, call: &mut Call<'_>, arn: &str, tags: &Tags) -> Result<(), Fault> {
    let check = |action| {
        let asked = catalog::action(action).map_or(arn.into(), |action| action.authorised_on(arn));
        Check::new(action, asked).passing(tags).tagged(tags)
    };
    if world.permits(call, check("logs:TagLogGroup")) {
        return Ok(());
    }
    world.authorize(call, check("logs:TagResource"))
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
const TAG_RULES: TagRules = TagRules {
    most: 50,
    reserved: Reserved::KeysInAnyCase,
    ignores_case: false,
    characters: |_| true,
    passes: &[&[TagProblem::TooMany, TagProblem::Length, TagProblem::Reserved]],
    words: |_, _, _| invalid("A log group has at most 50 tags, none of whose keys begins with 'aws:'."),
};

fn check(input: &GroupInput, tags: &Tags) -> Result<(), Fault> {
    let name = &input.log_group_name;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
    if !(1..=512).contains(&name.len()) || !name.chars().all(allowed) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
        )));
    }
    if let Some(class) = &input.log_group_class
        && !["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"].contains(&class.as_str())
    {
        return Err(invalid(format!("Invalid log group class '{class}'.")));
    }
    TAG_RULES.read(tags.iter()).map(drop)
}

pub(super) fn no_group() -> Fault {
    Fault::new(400, "ResourceNotFoundException", "The specified log group does not exist.")
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidParameterException", message)
}
