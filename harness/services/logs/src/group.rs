//! Log groups.

use std::collections::BTreeMap;

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, Page, Part, Reserved, TagProblem, TagRules, Tags, World};
use policy::arn::Arn;
use serde::Deserialize;
use serde_json::{Value, json};

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

/// A log stream.
#[derive(Clone, Debug, Default)]
pub(super) struct LogStream {
    /// Milliseconds since 1970.
    pub(super) created: i64,
    /// When something was last written to it.
    pub(super) written: Option<i64>,
    /// In the order of their time.
    pub(super) events: Vec<LogEvent>,
}

/// A log event.
#[derive(Clone, Debug)]
pub(super) struct LogEvent {
    /// Milliseconds since 1970, as the writer says.
    pub(super) timestamp: i64,
    pub(super) message: String,
    /// When it came in.
    pub(super) ingested: i64,
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
    TAG_RULES.read(tags.iter())?;
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
    let prefix = input.log_group_name_prefix.unwrap_or_default();
    let pattern = input.log_group_name_pattern.unwrap_or_default();
    let groups = world
        .state::<LogGroups>()?
        .0
        .iter()
        .filter(|((at, name), _)| *at == here && name.starts_with(&prefix) && name.contains(&pattern));
    let named = groups.map(|((_, name), group)| (name.clone(), group));
    let Part { items, next } = Page { token: input.next_token, size: size(input.limit, 50) }.by_key(named);
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
    passes: &[&[TagProblem::Reserved]],
    words: |_, _, _| invalid("No key of a tag begins with 'aws:'."),
};

/// How many items a page has: as many as the API lets it have, unless fewer are asked for.
pub(super) fn size(limit: Option<i64>, most: usize) -> usize {
    limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(most)
}

pub(super) fn no_group() -> Fault {
    Fault::new(400, "ResourceNotFoundException", "The specified log group does not exist.")
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidParameterException", message)
}
