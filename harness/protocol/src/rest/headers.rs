//! The members that stand in headers.

use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Member, MemberLocation, Model, ShapeKind, Structure, TimestampFormat};
use serde_json::{Map, Value};

use crate::fault::{Malformed, Reason};
use crate::{text, timestamp};

/// Headers that any request to AWS may carry, whatever its operation: signature, framing, checksums, the client's name.
/// docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonRequestHeaders.html
const OF_EVERY_REQUEST: [&str; 11] = [
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-region-set",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-sdk-request",
    "x-amz-security-token",
    "x-amz-target",
    "x-amz-te",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// "A recipient MUST ignore the If-Modified-Since header field if the received field value is not a valid HTTP-date."
/// RFC 9110, 13.1.3 and 13.1.4
const IGNORED_IF_NO_DATE: [&str; 4] = [
    "if-modified-since",
    "if-unmodified-since",
    "x-amz-copy-source-if-modified-since",
    "x-amz-copy-source-if-unmodified-since",
];

/// Headers of HTTP that are lists: two lines are one list. All others are given once. RFC 9110, 8.4 and 8.5; RFC 9111, 5.2
const LISTS: [&str; 3] = ["cache-control", "content-encoding", "content-language"];

/// Whether a header says nothing of the operation. Its name is in lower case.
#[must_use]
pub fn is_of_every_request(name: &str) -> bool {
    OF_EVERY_REQUEST.contains(&name) || name.starts_with("x-amz-checksum-") || !name.starts_with("x-amz-")
}

/// Every header of AWS's own is one that the operation has.
pub(crate) fn check(structure: Option<&Structure>, headers: &HeaderMap) -> Result<(), Malformed> {
    let is_known = |name: &str| {
        structure.into_iter().flat_map(|structure| &structure.members).any(|(own, member)| {
            let known = member.wire_name.as_deref().unwrap_or(own);
            match member.place {
                MemberLocation::Header => known.eq_ignore_ascii_case(name),
                MemberLocation::Headers => {
                    name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known))
                }
                _ => false,
            }
        })
    };
    let unknown = headers.keys().find(|name| !is_of_every_request(name.as_str()) && !is_known(name.as_str()));
    unknown.map_or(Ok(()), |name| Err(Malformed::unexplained(name)))
}

/// The members that stand in headers.
pub(crate) fn read(
    model: &Model,
    structure: &Structure,
    headers: &HeaderMap,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    for (own, member) in &structure.members {
        let name = member.wire_name.as_deref().unwrap_or(own);
        let value = match member.place {
            MemberLocation::Header => read_one(model, member, headers, name)?,
            MemberLocation::Headers => read_prefixed(headers, name)?,
            _ => None,
        };
        if let Some(value) = value {
            members.insert(own.clone(), value);
        }
    }
    Ok(())
}

fn read_one(model: &Model, member: &Member, headers: &HeaderMap, name: &str) -> Result<Option<Value>, Malformed> {
    // Of the many headers that an operation may have a request has few.
    if !headers.keys().any(|given| given.as_str().eq_ignore_ascii_case(name)) {
        return Ok(None);
    }
    let name = name.to_ascii_lowercase();
    let shape = model.shape(member.shape);
    let joined = joined(headers, &name)?;
    match &shape.kind {
        ShapeKind::List(list) => {
            let items = items(&joined).into_iter();
            let item = |item: String| text::read(model.shape(list.item.shape), &item, TimestampFormat::Rfc822, &name);
            items.map(item).collect::<Result<_, _>>().map(Some)
        }
        _ if !LISTS.contains(&name.as_str()) && headers.get_all(&name).iter().count() > 1 => {
            Err(Malformed::duplicate(name))
        }
        ShapeKind::Timestamp(_) if IGNORED_IF_NO_DATE.contains(&name.as_str()) => {
            Ok(timestamp::of_http_date(&joined).map(timestamp::to_value))
        }
        _ => {
            let read = text::read(shape, &joined, TimestampFormat::Rfc822, name);
            read.map(Some).map_err(|malformed| malformed.given(&joined))
        }
    }
}

/// The values of a header, without the white space around each, which is no part of it. RFC 9110, 5.3 and 5.5
fn joined(headers: &HeaderMap, name: &str) -> Result<String, Malformed> {
    let mut joined = String::new();
    for (at, value) in headers.get_all(name).iter().enumerate() {
        let text = std::str::from_utf8(value.as_bytes())
            .map_err(|_| Malformed::new(Reason::Syntax, name, format!("the header `{name}` is not UTF-8")))?;
        if at > 0 {
            joined.push(',');
        }
        joined.push_str(text.trim_matches([' ', '\t']));
    }
    Ok(joined)
}

/// The items of a list. One with a comma or a quote stands in quotes.
/// smithy.io/2.0/spec/http-bindings.html#httpheader-trait
fn items(text: &str) -> Vec<String> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let ends_item = |letter: char| {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => return letter == ',' && !is_quoted,
        }
        false
    };
    text.split(ends_item).map(str::trim).filter(|item| !item.is_empty()).map(unquoted).collect()
}

fn unquoted(item: &str) -> String {
    let Some(inside) = item.strip_prefix('"').and_then(|item| item.strip_suffix('"')) else { return item.to_owned() };
    let mut text = String::new();
    let mut letters = inside.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            letter => text.push(letter),
        }
    }
    text
}

fn quoted(item: String) -> String {
    if item.is_empty() || item.contains(['"', ',']) || item.trim() != item {
        format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        item
    }
}

/// The headers that begin so, by what follows. The values of one that is given more than once are joined.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
fn read_prefixed(headers: &HeaderMap, prefix: &str) -> Result<Option<Value>, Malformed> {
    let prefix = prefix.to_ascii_lowercase();
    let mut entries = Map::new();
    for name in headers.keys() {
        if let Some(key) = name.as_str().strip_prefix(&prefix) {
            entries.insert(key.to_owned(), Value::String(joined(headers, name.as_str())?));
        }
    }
    Ok((!entries.is_empty()).then_some(Value::Object(entries)))
}

/// The headers of the members that stand there. `written` is given a header's name in lower case and its text. It gives the
/// text to send, or nothing if some reader would take it otherwise.
pub(crate) fn write(
    model: &Model,
    structure: &Structure,
    members: &Map<String, Value>,
    written: impl Fn(&str, String) -> Option<String>,
) -> Result<HeaderMap, Malformed> {
    let mut headers = HeaderMap::with_capacity(16);
    let mut set = |name: &str, text: String| {
        let unfit = || Malformed::new(Reason::Type, name, format!("no header can hold the text of `{name}`"));
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
        let text = written(header.as_str(), text).ok_or_else(|| Malformed::ambiguous(name))?;
        match headers.insert(header, HeaderValue::from_maybe_shared(bytes::Bytes::from(text)).map_err(|_| unfit())?) {
            Some(_) => Err(Malformed::duplicate(name)),
            None => Ok(()),
        }
    };
    for (own, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let Some(member) = structure.member(own) else { continue };
        let name = member.wire_name.as_deref().unwrap_or(own);
        let text = |shape, value| text::write(model.shape(shape), value, TimestampFormat::Rfc822, own);
        match (member.place, &model.shape(member.shape).kind, value) {
            (MemberLocation::Headers, ShapeKind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    set(&format!("{name}{key}"), text(map.value.shape, value)?)?;
                }
            }
            (MemberLocation::Header, ShapeKind::List(list), Value::Array(items)) => {
                let items = items.iter().map(|one| text(list.item.shape, one).map(quoted));
                set(name, items.collect::<Result<Vec<_>, _>>()?.join(","))?;
            }
            (MemberLocation::Header | MemberLocation::Headers, _, value) => set(name, text(member.shape, value)?)?,
            _ => {}
        }
    }
    Ok(headers)
}
