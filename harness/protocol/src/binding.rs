//! What of a REST message stands outside its document: the path, the query string, headers, the status.
//!
//! smithy.io/2.0/spec/http-bindings.html

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Kind, Member, Model, Operation, Place, Segment, Structure, TimestampFormat};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::fault::{Malformed, Reason};
use crate::message::Request;
use crate::text;

/// All but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

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

/// Whether a header says nothing of the operation. Its name is in lower case.
#[must_use]
pub fn is_of_every_request(name: &str) -> bool {
    OF_EVERY_REQUEST.contains(&name) || name.starts_with("x-amz-checksum-") || !name.starts_with("x-amz-")
}

/// Whether a parameter belongs to a presigned URL, of either version of the signature.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
#[must_use]
pub fn is_of_signature(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "X-Amz-Algorithm",
        "X-Amz-Content-Sha256",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-Region-Set",
        "X-Amz-Security-Token",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || matches!(name, "AWSAccessKeyId" | "Expires" | "Signature")
}

/// Percent-encoded, slashes as well.
pub(crate) fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, RESERVED)
}

/// The raw texts of a path's labels. `None`: it is not such a path.
pub(crate) fn labels<'p>(segments: &[Segment], path: &'p str) -> Option<Vec<&'p str>> {
    let mut rest = path.strip_prefix('/').unwrap_or(path);
    let mut found = Vec::new();
    let mut left = segments.len();
    let mut is_at_end = rest.is_empty();
    for segment in segments {
        left -= 1;
        if is_at_end {
            return None;
        }
        let end = match segment {
            Segment::Greedy(_) => rest.len() - tail(rest, left)?.len(),
            _ => rest.find('/').unwrap_or(rest.len()),
        };
        let (own, after) = rest.split_at_checked(end)?;
        match segment {
            Segment::Literal(text) if text != own => return None,
            Segment::Literal(_) => {}
            Segment::Label(_) | Segment::Greedy(_) if own.is_empty() => return None,
            Segment::Label(_) | Segment::Greedy(_) => found.push(own),
        }
        is_at_end = after.is_empty() || after == "/" && left > 0;
        rest = after.strip_prefix('/').unwrap_or(after);
    }
    // One slash at the end is no part of a name: `/bucket/` is the bucket.
    rest.is_empty().then_some(found)
}

/// The last `count` segments with the slashes before them.
fn tail(path: &str, count: usize) -> Option<&str> {
    let mut start = path.len();
    for _ in 0..count {
        start = path.get(..start)?.rfind('/')?;
    }
    path.get(start..)
}

/// The members that stand in the path.
pub(crate) fn read_path(
    model: &Model,
    operation: &Operation,
    input: &Structure,
    path: &str,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    let raw = labels(&operation.http.path, path)
        .ok_or_else(|| Malformed::new(Reason::Path, path, format!("`{path}` is no path of {}", operation.name)))?;
    let names = operation.http.path.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Label(name) | Segment::Greedy(name) => Some(name),
    });
    for (label, raw) in names.zip(raw) {
        let decoded = percent_decode_str(raw)
            .decode_utf8()
            .map_err(|_| Malformed::new(Reason::Path, raw, "Couldn't parse the specified URI."))?;
        let found = input
            .members
            .iter()
            .find(|(own, member)| member.place == Place::Path && member.wire_name.as_deref().unwrap_or(own) == label);
        let (own, member) = found.ok_or_else(|| Malformed::unexplained(label))?;
        members.insert(own.clone(), text::read(model.shape(member.shape), &decoded, own)?);
    }
    Ok(())
}

/// The path of an operation with these members.
pub(crate) fn write_path(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let mut path = String::new();
    for segment in &operation.http.path {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Label(label) => path.push_str(&encoded(&of_label(model, input, label, members)?).to_string()),
            Segment::Greedy(label) => {
                let text = of_label(model, input, label, members)?;
                path.extend(utf8_percent_encode(&text, RESERVED_IN_PATH));
            }
        }
    }
    if path.is_empty() {
        path.push('/');
    }
    Ok(path)
}

fn of_label(
    model: &Model,
    input: Option<&Structure>,
    label: &str,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let missing = || Malformed::new(Reason::Path, label, format!("the path needs `{label}`"));
    let named = |(own, member): &(&String, &Member)| {
        member.place == Place::Path && member.wire_name.as_deref().unwrap_or(own) == label
    };
    let (own, member) = input.and_then(|input| input.members.iter().find(named)).ok_or_else(missing)?;
    let value = members.get(own).ok_or_else(missing)?;
    let text = text::write(model.shape(member.shape), value, TimestampFormat::Iso8601, own)?;
    if text.is_empty() { Err(missing()) } else { Ok(text) }
}

/// The parameters of a query string, decoded, in order.
pub(crate) type Query<'q> = Vec<(Cow<'q, str>, Cow<'q, str>)>;

/// Reads a query string, in which `+` is a space.
pub(crate) fn query(text: &str) -> Result<Query<'_>, Malformed> {
    let decoded = |text| {
        let decoded = match str::contains(text, '+') {
            true => percent_decode_str(&text.replace('+', " ")).decode_utf8().map(|text| Cow::Owned(text.into_owned())),
            false => percent_decode_str(text).decode_utf8(),
        };
        decoded.map_err(|_| Malformed::new(Reason::Path, text, "Couldn't parse the specified URI."))
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| Ok((decoded(name)?, decoded(value)?))).collect()
}

/// The members that stand in the query string.
pub(crate) fn read_query(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    query: &Query<'_>,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    for (name, value) in query {
        let is_literal = operation.http.query.iter().any(|(literal, _)| literal == name);
        if is_literal && query.iter().filter(|(other, _)| other == name).count() > 1 {
            return Err(Malformed::duplicate(&format!("?{name}")));
        }
        if is_literal || says_nothing(model, name) {
            continue;
        }
        let place = format!("?{name}");
        let (own, member) = parameter(model, input, name).ok_or_else(|| Malformed::unexplained(&place))?;
        match &model.shape(member.shape).kind {
            Kind::List(list) => {
                let item = text::read(model.shape(list.item.shape), value, &place);
                let item = item.map_err(|malformed| malformed.given(value))?;
                let items = members.entry(own.clone()).or_insert_with(|| Value::Array(Vec::new()));
                items.as_array_mut().into_iter().for_each(|items| items.push(item.clone()));
            }
            Kind::Map(_) => {
                let entries = members.entry(own.clone()).or_insert_with(|| Value::Object(Map::new()));
                let entries = entries.as_object_mut().ok_or_else(|| Malformed::duplicate(&place))?;
                if entries.insert(name.clone().into_owned(), Value::String(value.clone().into_owned())).is_some() {
                    return Err(Malformed::duplicate(&place));
                }
            }
            _ => {
                let read = text::read(model.shape(member.shape), value, &place);
                let value = read.map_err(|malformed| malformed.given(value))?;
                if members.insert(own.clone(), value).is_some() {
                    return Err(Malformed::duplicate(&place));
                }
            }
        }
    }
    Ok(())
}

/// The parameters of a request that its operation does not have.
#[must_use]
pub fn unexplained_parameters(model: &Model, operation: &Operation, request: &Request) -> Vec<String> {
    let input = model.input(operation);
    let is_literal = |name: &str| operation.http.query.iter().any(|(literal, _)| literal == name);
    let unexplained =
        |name: &str| !is_literal(name) && !says_nothing(model, name) && parameter(model, input, name).is_none();
    let names = query(&request.query).unwrap_or_default().into_iter().map(|(name, _)| name.into_owned());
    names.filter(|name| unexplained(name)).collect()
}

/// Whether a request lacks a parameter that its operation cannot be without.
#[must_use]
pub fn lacks_parameter(model: &Model, operation: &Operation, request: &Request) -> bool {
    let query = query(&request.query).unwrap_or_default();
    let required = model.input(operation).into_iter().flat_map(|input| input.required());
    let mut required = required.filter(|(_, member)| member.place == Place::Query);
    required.any(|(own, member)| {
        let name = member.wire_name.as_deref().unwrap_or(own);
        !query.iter().any(|(given, _)| given == name)
    })
}

/// The member that a parameter carries. A map takes every parameter that no other member does.
fn parameter<'i>(model: &Model, input: Option<&'i Structure>, name: &str) -> Option<(&'i String, &'i Member)> {
    let mut of_query = input?.members.iter().filter(|(_, member)| member.place == Place::Query);
    let exact = of_query
        .clone()
        .find(|(own, member)| !is_map(model, member) && member.wire_name.as_deref().unwrap_or(own) == name);
    exact.or_else(|| of_query.find(|(_, member)| is_map(model, member)))
}

fn says_nothing(model: &Model, name: &str) -> bool {
    is_of_signature(name) || is_ignored(model, name)
}

/// "Amazon S3 ignores query-string parameters that begin with x-"
/// docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
fn is_ignored(model: &Model, name: &str) -> bool {
    model.signing_name == "s3" && name.starts_with("x-") && !name.starts_with("x-amz-")
}

fn is_map(model: &Model, member: &Member) -> bool {
    matches!(model.shape(member.shape).kind, Kind::Map(_))
}

/// The query string of an operation with these members.
pub(crate) fn write_query(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let mut pairs: Vec<String> = Vec::new();
    for (name, value) in &operation.http.query {
        pairs.push(match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        });
    }
    let mut push = |name: &str, text: &str| pairs.push(format!("{}={}", encoded(name), encoded(text)));
    for (own, member) in input.into_iter().flat_map(|input| &input.members) {
        let Some(value) = members.get(own).filter(|value| member.place == Place::Query && !value.is_null()) else {
            continue;
        };
        let name = member.wire_name.as_deref().unwrap_or(own);
        let shape = model.shape(member.shape);
        match (&shape.kind, value) {
            (Kind::List(list), Value::Array(items)) => {
                for item in items {
                    push(name, &text::write(model.shape(list.item.shape), item, TimestampFormat::Iso8601, own)?);
                }
            }
            (Kind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    push(key, &text::write(model.shape(map.value.shape), value, TimestampFormat::Iso8601, own)?);
                }
            }
            _ => push(name, &text::write(shape, value, TimestampFormat::Iso8601, own)?),
        }
    }
    Ok(pairs.join("&"))
}

/// The members that stand in headers.
pub(crate) fn read_headers(
    model: &Model,
    structure: &Structure,
    headers: &HeaderMap,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    for (own, member) in &structure.members {
        let name = member.wire_name.as_deref().unwrap_or(own).to_ascii_lowercase();
        let value = match member.place {
            Place::Header => read_header(model, member, headers, &name)?,
            Place::Headers => read_prefixed(headers, &name)?,
            _ => None,
        };
        if let Some(value) = value {
            members.insert(own.clone(), value);
        }
    }
    Ok(())
}

/// Every header of AWS's own is one that the operation has.
pub(crate) fn check_headers(structure: Option<&Structure>, headers: &HeaderMap) -> Result<(), Malformed> {
    let is_known = |name: &str| {
        structure.into_iter().flat_map(|structure| &structure.members).any(|(own, member)| {
            let known = member.wire_name.as_deref().unwrap_or(own);
            match member.place {
                Place::Header => known.eq_ignore_ascii_case(name),
                Place::Headers => name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known)),
                _ => false,
            }
        })
    };
    let unknown = headers.keys().find(|name| !is_of_every_request(name.as_str()) && !is_known(name.as_str()));
    unknown.map_or(Ok(()), |name| Err(Malformed::unexplained(name.as_str())))
}

fn read_header(model: &Model, member: &Member, headers: &HeaderMap, name: &str) -> Result<Option<Value>, Malformed> {
    let shape = model.shape(member.shape);
    let is_list = matches!(shape.kind, Kind::List(_));
    let Some(text) = header(headers, name, is_list)? else { return Ok(None) };
    match &shape.kind {
        Kind::List(list) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.map(|item| text::read(model.shape(list.item.shape), item, name)).collect::<Result<_, _>>().map(Some)
        }
        // "A recipient MUST ignore the If-Modified-Since header field if the received field value is not a valid
        // HTTP-date." RFC 9110, 13.1.3 and 13.1.4
        Kind::Timestamp(_) if name.contains("if-") => Ok(text::read(shape, &text, name).ok()),
        _ => text::read(shape, &text, name).map(Some).map_err(|malformed| malformed.given(&text)),
    }
}

/// Headers of HTTP that are lists: two lines are one list. RFC 9110, 8.4 and 8.5; RFC 9111, 5.2
const LISTS: [&str; 3] = ["cache-control", "content-encoding", "content-language"];

/// A header's text. Values of a list that is given more than once are joined; all others are given once.
fn header(headers: &HeaderMap, name: &str, is_list: bool) -> Result<Option<String>, Malformed> {
    let mut values = headers.get_all(name).iter().map(|value| {
        let text = std::str::from_utf8(value.as_bytes());
        text.map_err(|_| Malformed::new(Reason::Syntax, name, format!("the header `{name}` is not UTF-8")))
    });
    let Some(first) = values.next().transpose()? else { return Ok(None) };
    let mut text = first.to_owned();
    for value in values {
        if !is_list && !LISTS.contains(&name) {
            return Err(Malformed::duplicate(name));
        }
        text.push(',');
        text.push_str(value?);
    }
    Ok(Some(text))
}

/// The headers that begin so, by what follows. The values of one that is given more than once are joined.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
fn read_prefixed(headers: &HeaderMap, prefix: &str) -> Result<Option<Value>, Malformed> {
    let mut entries = Map::new();
    for name in headers.keys() {
        let Some(key) = name.as_str().strip_prefix(prefix) else { continue };
        let values = headers.get_all(name).iter().map(|value| {
            let text = std::str::from_utf8(value.as_bytes());
            text.map_err(|_| Malformed::new(Reason::Syntax, name.as_str(), format!("the header `{name}` is not UTF-8")))
        });
        let values: Vec<&str> = values.collect::<Result<_, _>>()?;
        entries.insert(key.to_owned(), Value::String(values.join(",")));
    }
    Ok((!entries.is_empty()).then_some(Value::Object(entries)))
}

/// What becomes of a text that no header can hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// A request with it cannot be made.
    Refused,
    /// An answer does without it. Text beyond ASCII is written as RFC 2047 has it.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
    LeftOut,
}

/// Puts the members that stand in headers there.
pub(crate) fn write_headers(
    model: &Model,
    structure: &Structure,
    members: &Map<String, Value>,
    headers: &mut HeaderMap,
    unfit: Unfit,
) -> Result<(), Malformed> {
    let mut set = |name: &str, text: &str| {
        let text = match unfit {
            Unfit::LeftOut if !text.is_ascii() => Cow::Owned(format!("=?UTF-8?B?{}?=", STANDARD.encode(text))),
            _ => Cow::Borrowed(text),
        };
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(text.as_bytes())) {
            (Ok(name), Ok(value)) => drop(headers.insert(name, value)),
            _ if unfit == Unfit::LeftOut => {}
            _ => return Err(Malformed::new(Reason::Type, name, format!("no header can hold the text of `{name}`"))),
        }
        Ok(())
    };
    for (own, member) in &structure.members {
        let Some(value) = members.get(own).filter(|value| !value.is_null()) else { continue };
        let name = member.wire_name.as_deref().unwrap_or(own);
        let shape = model.shape(member.shape);
        match (member.place, &shape.kind, value) {
            (Place::Headers, _, Value::Object(entries)) => {
                for (key, text) in entries {
                    set(&format!("{name}{key}"), text.as_str().unwrap_or_default())?;
                }
            }
            (Place::Header, Kind::List(list), Value::Array(items)) => {
                let items = items.iter();
                let texts: Result<Vec<_>, _> = items
                    .map(|item| text::write(model.shape(list.item.shape), item, TimestampFormat::Rfc822, own))
                    .collect();
                set(name, &texts?.join(","))?;
            }
            (Place::Header, _, value) => set(name, &text::write(shape, value, TimestampFormat::Rfc822, own)?)?,
            _ => {}
        }
    }
    Ok(())
}
