//! The members that stand in a query string.

use std::borrow::Cow;

use model::{Member, MemberLocation, Model, Operation, ShapeKind, Structure, TimestampFormat};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::fault::{Malformed, Reason};
use crate::text;

/// All but what RFC 3986 calls unreserved.
pub(super) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest query strings name the keys of tags to remove, of which a resource has 50, in few services 200.
const MOST_PARAMETERS: usize = 1_000;

/// The parameters of a query string, decoded, in order.
pub(crate) type Query = Vec<(String, String)>;

/// Percent-encoded, slashes as well.
pub(crate) fn encoded(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
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

/// Reads a query string, in which `+` is a space.
pub(crate) fn parse(text: &str) -> Result<Query, Malformed> {
    let decoded = |text: &str| {
        let spaced = if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
        let decoded = percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned);
        decoded.map_err(|_| Malformed::new(Reason::Path, text, "Couldn't parse the specified URI."))
    };
    let mut query = Query::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        if query.len() == MOST_PARAMETERS {
            return Err(Malformed::syntax("The query string has too many parameters."));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        query.push((decoded(name)?, decoded(value)?));
    }
    Ok(query)
}

/// A query string may hold a signature, and nothing of an operation.
pub(crate) fn is_nothing_asked(text: &str) -> Result<(), Malformed> {
    let query = parse(text)?;
    let unknown = query.iter().find(|(name, _)| !is_of_signature(name));
    unknown.map_or(Ok(()), |(name, _)| Err(Malformed::unexplained(format_args!("?{name}"))))
}

/// The members that stand in the query string.
pub(crate) fn read(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    query: &Query,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    for (name, value) in query {
        let place = format!("?{name}");
        if is_literal(operation, name) && query.iter().filter(|(other, _)| other == name).count() > 1 {
            return Err(Malformed::duplicate(place));
        }
        if is_of_no_member(model, operation, name) {
            continue;
        }
        let (own, member) = carried(model, input, name).ok_or_else(|| Malformed::unexplained(&place))?;
        insert(model, (own, member), (name, value), &place, members)?;
    }
    Ok(())
}

/// The parameters that an operation does not have.
pub(crate) fn unexplained_parameters<'q>(
    model: &Model,
    operation: &Operation,
    query: &'q Query,
) -> impl Iterator<Item = &'q str> {
    let input = model.input(operation);
    let is_unexplained =
        move |name: &&str| !is_of_no_member(model, operation, name) && carried(model, input, name).is_none();
    query.iter().map(|(name, _)| name.as_str()).filter(is_unexplained)
}

/// Whether a parameter is missing that the operation cannot be without.
pub(crate) fn lacks_parameter(model: &Model, operation: &Operation, query: &Query) -> bool {
    let required = model.input(operation).into_iter().flat_map(|input| input.required());
    let mut required = required.filter(|(_, member)| member.place == MemberLocation::Query);
    required.any(|(own, member)| {
        let name = member.wire_name.as_deref().unwrap_or(own);
        !query.iter().any(|(given, _)| given == name)
    })
}

/// The member that a parameter carries. A map takes every parameter that no other member does.
fn carried<'i>(model: &Model, input: Option<&'i Structure>, name: &str) -> Option<(&'i String, &'i Member)> {
    let input = input?;
    named(model, input, name).or_else(|| in_query(input).find(|(_, member)| is_map(model, member)))
}

/// The items of a list and the entries of a map are parameters of their own.
fn insert(
    model: &Model,
    (own, member): (&str, &Member),
    (name, text): (&str, &str),
    place: &str,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    let read = |shape| {
        let value = text::read(model.shape(shape), text, TimestampFormat::Iso8601, place);
        value.map_err(|malformed| malformed.given(text))
    };
    match (&model.shape(member.shape).kind, members.get_mut(own)) {
        (ShapeKind::List(list), Some(Value::Array(items))) => items.push(read(list.item.shape)?),
        (ShapeKind::List(list), _) => {
            members.insert(own.to_owned(), Value::Array(vec![read(list.item.shape)?]));
        }
        (ShapeKind::Map(map), Some(Value::Object(entries))) => {
            if entries.insert(name.to_owned(), read(map.value.shape)?).is_some() {
                return Err(Malformed::duplicate(place));
            }
        }
        (ShapeKind::Map(map), _) => {
            let entries = Map::from_iter([(name.to_owned(), read(map.value.shape)?)]);
            members.insert(own.to_owned(), Value::Object(entries));
        }
        (_, Some(_)) => return Err(Malformed::duplicate(place)),
        (_, None) => {
            members.insert(own.to_owned(), read(member.shape)?);
        }
    }
    Ok(())
}

/// The query string of an operation with these members.
pub(crate) fn write(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let mut pairs: Vec<String> = Vec::new();
    for (name, value) in &operation.http.query {
        pairs.push(value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}")));
    }
    let mut push = |name: &str, shape, value| {
        let text = text::write(model.shape(shape), value, TimestampFormat::Iso8601, name)?;
        pairs.push(format!("{}={}", encoded(name), encoded(&text)));
        Ok::<_, Malformed>(())
    };
    for (own, member) in input.into_iter().flat_map(in_query) {
        let Some(value) = members.get(own).filter(|value| !value.is_null()) else { continue };
        let name = member.wire_name.as_deref().unwrap_or(own);
        match (&model.shape(member.shape).kind, value) {
            (ShapeKind::List(list), Value::Array(items)) => {
                items.iter().try_for_each(|item| push(name, list.item.shape, item))?;
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                for (key, value) in entries {
                    // It would be read as something else.
                    if is_of_no_member(model, operation, key) || input.and_then(|of| named(model, of, key)).is_some() {
                        return Err(Malformed::unexplained(format_args!("{own}.{key}")));
                    }
                    push(key, map.value.shape, value)?;
                }
            }
            _ => push(name, member.shape, value)?,
        }
    }
    Ok(pairs.join("&"))
}

fn is_literal(operation: &Operation, name: &str) -> bool {
    operation.http.query.iter().any(|(literal, _)| literal == name)
}

/// What makes the operation, what is of its signature, and what S3 ignores: "Amazon S3 ignores query-string parameters that
/// begin with x-" docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
fn is_of_no_member(model: &Model, operation: &Operation, name: &str) -> bool {
    let is_ignored = model.signing_name == "s3" && name.starts_with("x-") && !name.starts_with("x-amz-");
    is_ignored || is_literal(operation, name) || is_of_signature(name)
}

fn in_query(input: &Structure) -> impl Iterator<Item = (&String, &Member)> {
    input.members.iter().filter(|(_, member)| member.place == MemberLocation::Query)
}

/// The member of this name that is not a map, whose names are its keys.
fn named<'i>(model: &Model, input: &'i Structure, name: &str) -> Option<(&'i String, &'i Member)> {
    in_query(input).find(|(own, member)| !is_map(model, member) && member.wire_name.as_deref().unwrap_or(own) == name)
}

fn is_map(model: &Model, member: &Member) -> bool {
    matches!(model.shape(member.shape).kind, ShapeKind::Map(_))
}
