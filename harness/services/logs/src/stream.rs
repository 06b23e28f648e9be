//! Log streams.

use std::collections::BTreeMap;

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, Page, Part, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{LogGroup, LogGroups, LogStream, group, group_arn, invalid, no_group, resource, size, tagged};

/// What names a group or a stream in it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Target {
    log_group_name: String,
    log_group_identifier: Option<String>,
    pub(super) log_stream_name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct DescribeInput {
    #[serde(flatten)]
    target: Target,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    descending: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

impl Target {
    /// The group's name: as given, or out of its ARN.
    pub(super) fn group(&self) -> &str {
        let identifier = self.log_group_identifier.as_deref().unwrap_or(&self.log_group_name);
        let name = identifier.split_once(":log-group:").map_or(identifier, |(_, name)| name);
        name.strip_suffix(":*").unwrap_or(name)
    }

    /// The right to act on the group, or on the stream in it: `stream` tells which the action has as its resource.
    /// docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    pub(super) fn authorize(
        &self,
        world: &World,
        call: &mut Call<'_>,
        action: &'static str,
        stream: bool,
    ) -> Result<(), Fault> {
        let at = AccountRegion::of(call)?;
        let mut arn = resource(&at, self.group());
        if stream {
            arn.push_str(&self.log_stream_name);
        }
        world.authorize(call, tagged(Check::new(action, arn), group(world, &at, self.group())))
    }

    pub(super) fn find<'a>(&self, world: &'a mut World, call: &Call<'_>) -> Result<&'a mut LogGroup, Fault> {
        let key = (AccountRegion::of(call)?, self.group().to_owned());
        world.state_mut::<LogGroups>()?.0.get_mut(&key).ok_or_else(no_group)
    }

    pub(super) fn find_stream<'a>(&self, world: &'a mut World, call: &Call<'_>) -> Result<&'a mut LogStream, Fault> {
        let missing = || Fault::new(400, "ResourceNotFoundException", "The specified log stream does not exist.");
        self.find(world, call)?.streams.get_mut(&self.log_stream_name).ok_or_else(missing)
    }
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
pub(super) fn create_log_stream(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let target: Target = read(input, "SerializationException")?;
    target.authorize(world, call, "logs:CreateLogStream", true)?;
    let name = &target.log_stream_name;
    let stream = LogStream { created: call.now.as_millisecond(), ..LogStream::default() };
    let streams = &mut target.find(world, call)?.streams;
    if streams.contains_key(name) {
        return Err(Fault::new(400, "ResourceAlreadyExistsException", "The specified log stream already exists"));
    }
    streams.insert(name.clone(), stream);
    Ok(json!({}))
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
pub(super) fn describe_log_streams(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: DescribeInput = read(input, "SerializationException")?;
    input.target.authorize(world, call, "logs:DescribeLogStreams", false)?;
    let by_time = input.order_by.as_deref() == Some("LastEventTime");
    if by_time && input.log_stream_name_prefix.is_some() {
        return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let arn = group_arn(&AccountRegion::of(call)?, input.target.group());
    let prefix = input.log_stream_name_prefix.unwrap_or_default();
    let streams: &BTreeMap<String, LogStream> = &input.target.find(world, call)?.streams;
    let mut found: Vec<_> = streams.iter().filter(|(name, _)| name.starts_with(&prefix)).collect();
    if by_time {
        found.sort_by_key(|(_, stream)| stream.events.last().map(|event| event.timestamp));
    }
    if input.descending == Some(true) {
        found.reverse();
    }
    let part = Page { token: input.next_token, size: size(input.limit, 50) }.by_position(found);
    let Part { items, next } = part.ok_or_else(|| invalid("The specified nextToken is invalid."))?;
    let mut answer = json!({});
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    answer["logStreams"] = items.into_iter().map(|(name, stream)| stream.to_json(&arn, name)).collect();
    Ok(answer)
}

impl LogStream {
    fn to_json(&self, group: &str, name: &str) -> Value {
        let mut answer = json!({
            "logStreamName": name,
            "creationTime": self.created,
            "arn": format!("{group}:log-stream:{name}"),
            "storedBytes": 0,
            "uploadSequenceToken": "49640000000000000000000000000000000000000000000000000000",
        });
        if let (Some(first), Some(last)) = (self.events.first(), self.events.last()) {
            answer["firstEventTimestamp"] = json!(first.timestamp);
            answer["lastEventTimestamp"] = json!(last.timestamp);
        }
        if let Some(written) = self.written {
            answer["lastIngestionTime"] = json!(written);
        }
        answer
    }
}
