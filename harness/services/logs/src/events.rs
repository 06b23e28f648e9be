//! Log events: written to a stream, and read from it again.

use account::input::read;
use account::{Call, Fault, Page, Part, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{LogEvent, invalid, size};
use super::stream::Target;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PutInput {
    #[serde(flatten)]
    target: Target,
    log_events: Vec<NewEvent>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct NewEvent {
    timestamp: i64,
    message: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct GetInput {
    #[serde(flatten)]
    target: Target,
    log_stream_names: Vec<String>,
    log_stream_name_prefix: Option<String>,
    filter_pattern: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    start_from_head: Option<bool>,
    limit: Option<i64>,
    next_token: Option<String>,
}

/// "The maximum number of log events in a batch is 10,000."
pub const MOST_EVENTS: usize = 10_000;
/// "The maximum batch size is 1,048,576 bytes. This size is calculated as the sum of all event messages in UTF-8, plus
/// 26 bytes for each log event."
const MOST_BYTES: usize = 1_048_576;
const EVENT_BYTES: usize = 26;

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
pub(super) fn put_log_events(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: PutInput = read(input, "SerializationException")?;
    input.target.authorize(world, call, "logs:PutLogEvents", true)?;
    let bytes: usize = input.log_events.iter().map(|event| event.message.len() + EVENT_BYTES).sum();
    if bytes > MOST_BYTES {
        return Err(invalid("A batch has at most 1,048,576 bytes."));
    }
    if input.log_events.is_sorted_by_key(|event| event.timestamp) {
        let ingested = call.now.as_millisecond();
        let stream = input.target.find_stream(world, call)?;
        stream.written = Some(ingested);
        let events = input.log_events.into_iter();
        stream.events.extend(events.map(|NewEvent { timestamp, message }| LogEvent { timestamp, message, ingested }));
        stream.events.sort_by_key(|event| event.timestamp);
        return Ok(json!({ "nextSequenceToken": "49640000000000000000000000000000000000000000000000000000" }));
    }
    Err(invalid("Log events in a single PutLogEvents request must be in chronological order."))
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
///
/// A token is `f/` or `b/` with a place in the stream: reading at an end gives the same token again.
pub(super) fn get_log_events(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: GetInput = read(input, "SerializationException")?;
    input.target.authorize(world, call, "logs:GetLogEvents", true)?;
    let size = input.size();
    let stream = input.target.find_stream(world, call)?;
    let events: Vec<&LogEvent> = stream.events.iter().filter(|event| input.is_between(event)).collect();
    let token = input.next_token.as_deref().map(|token| {
        let (way, place) = token.split_once('/').ok_or_else(no_token)?;
        Ok((way == "f", place.parse::<usize>().map_err(|_| no_token())?.min(events.len())))
    });
    let (from, to) = match token.transpose()? {
        Some((true, place)) => (place, place.saturating_add(size).min(events.len())),
        Some((false, place)) => (place.saturating_sub(size), place),
        None if input.start_from_head == Some(true) => (0, size.min(events.len())),
        None => (events.len().saturating_sub(size), events.len()),
    };
    let shown: Vec<Value> = events[from..to].iter().map(|event| event.to_json()).collect();
    Ok(json!({ "events": shown, "nextForwardToken": format!("f/{to}"), "nextBackwardToken": format!("b/{from}") }))
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
pub(super) fn filter_log_events(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: GetInput = read(input, "SerializationException")?;
    input.target.authorize(world, call, "logs:FilterLogEvents", false)?;
    let size = input.size();
    let words = input.words()?;
    let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
    let group = input.target.find(world, call)?;
    let streams = group.streams.iter().filter(|(name, _)| {
        (input.log_stream_names.is_empty() || input.log_stream_names.contains(name)) && name.starts_with(prefix)
    });
    let mut found: Vec<(&String, usize, &LogEvent)> = streams
        .flat_map(|(name, stream)| stream.events.iter().enumerate().map(move |(at, event)| (name, at, event)))
        .filter(|(.., event)| input.is_between(event) && words.iter().all(|word| event.message.contains(word)))
        .collect();
    found.sort_by_key(|(.., event)| event.timestamp);
    let mut answer = json!({ "searchedLogStreams": [] });
    let token = input.next_token.clone();
    let Part { items, next } = Page { token, size }.by_position(found).ok_or_else(no_token)?;
    if let Some(next) = next {
        answer["nextToken"] = json!(next);
    }
    let shown = items.into_iter().map(|(stream, at, event)| {
        let mut shown = event.to_json();
        shown["logStreamName"] = json!(stream);
        shown["eventId"] = json!(format!("{:020}{at:036}", event.timestamp));
        shown
    });
    answer["events"] = shown.collect();
    Ok(answer)
}

impl GetInput {
    fn size(&self) -> usize {
        size(self.limit, 10_000)
    }

    fn is_between(&self, event: &LogEvent) -> bool {
        self.start_time.is_none_or(|start| event.timestamp >= start)
            && self.end_time.is_none_or(|end| event.timestamp < end)
    }

    /// A pattern of terms, all of which have to be in the message; a term with spaces stands in quotes.
    /// docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    fn words(&self) -> Result<Vec<String>, Fault> {
        let pattern = self.filter_pattern.as_deref().unwrap_or_default().trim();
        if pattern.starts_with(['{', '[', '%', '-', '?']) {
            let words = format!("filter patterns other than terms are not emulated here: {pattern}");
            return Err(invalid(words));
        }
        let quoted = pattern.split('"').enumerate();
        Ok(quoted
            .flat_map(|(at, part)| match at % 2 {
                1 => vec![part.to_owned()],
                _ => part.split_whitespace().map(str::to_owned).collect(),
            })
            .collect())
    }
}

fn no_token() -> Fault {
    invalid("The specified nextToken is invalid.")
}

impl LogEvent {
    fn to_json(&self) -> Value {
        json!({ "timestamp": self.timestamp, "message": self.message, "ingestionTime": self.ingested })
    }
}
