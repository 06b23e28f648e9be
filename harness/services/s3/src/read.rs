//! GetObject, HeadObject, GetObjectAttributes.

use std::ops::Range;

use account::{Call, Fault, Identity, World};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::access::{self, Allowed, LatestMarker, READ_TAGS};
use super::bucket::Bucket;
use super::object::{Object, Version};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::{condition, fault, kept};

#[cfg(test)]
mod tests;

/// What GetObject and HeadObject have in common. HeadObject is authorised as GetObject: there is no `s3:HeadObject`.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Read {
    range: Option<String>,
    part_number: Option<i64>,
    checksum_mode: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attributes {
    object_attributes: Vec<String>,
}

/// What of an object is sent.
struct Extent {
    bytes: Range<usize>,
    /// A part of the object was asked for: the answer is a 206.
    partial: bool,
}

pub(super) fn get(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (object, extent, members) = read_object(world, call, request)?;
    if matches!(object.storage_class(), "GLACIER" | "DEEP_ARCHIVE") {
        let message = "The operation is not valid for the object's storage class";
        return Err(Fault::new(403, "InvalidObjectState", message).with("StorageClass", object.storage_class()));
    }
    Ok(Reply { members, body: object.body.slice(extent.bytes) })
}

pub(super) fn head(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    read_object(world, call, request).map(|(_, _, members)| Reply { members, ..Reply::default() })
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
pub(super) fn attributes(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let Attributes { object_attributes } = request.read()?;
    let allowed = access::allow_object(world, call, request, |check| check)?;
    let (bucket, version, object) = allowed.reach(world, call, LatestMarker::Missing)?;
    let wants = |name: &str| object_attributes.iter().any(|wanted| wanted == name);
    let parts = wants("ObjectParts") && !object.parts.is_empty();
    let answer = json!({
        "LastModified": fault::iso(version.modified),
        "VersionId": bucket.shown(version),
        "ETag": wants("ETag").then(|| object.etag.trim_matches('"')),
        "Checksum": wants("Checksum").then_some(&object.checksums.0),
        "ObjectParts": parts.then(|| json!({ "TotalPartsCount": object.parts.len() })),
        "StorageClass": wants("StorageClass").then(|| object.storage_class()),
        "ObjectSize": wants("ObjectSize").then_some(object.body.len()),
    });
    Ok(answer.into())
}

/// Decides on GetObject and HeadObject.
pub(super) fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    allow(world, call, request, &kept::overrides(request)?).map(|_| Remaining::All(None))
}

fn allow<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a Request,
    overrides: &Map<String, Value>,
) -> Result<Allowed<'a>, Fault> {
    if !overrides.is_empty() && matches!(*call.identity, Identity::Anonymous) {
        let message = "Request specific response headers cannot be used for anonymous GET requests.";
        return Err(fault::invalid_request(message));
    }
    access::allow_object(world, call, request, |check| check)
}

/// The object, what of it is sent, and what is told of it.
fn read_object<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &'w Request,
) -> Result<(&'w Object, Extent, Map<String, Value>), Fault> {
    let (read, overrides, preconditions) = (request.read::<Read>()?, kept::overrides(request)?, request.read()?);
    let allowed = allow(world, call, request, &overrides)?;
    // "The number of tags, if any, on the object, when you have the relevant permission to read object tags."
    // docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    let shows_tags = allowed.shows_tags(world, call, READ_TAGS);
    let (bucket, version, object) = allowed.reach(world, call, LatestMarker::Missing)?;
    condition::read(&preconditions, version, object, call.now)?;
    let extent = extent(object, read.range.as_deref(), read.part_number)?;
    let mut members = describe(bucket, version, object, &extent, &read);
    if shows_tags {
        members.insert("TagCount".to_owned(), object.tags.len().into());
    }
    members.extend(overrides);
    Ok((object, extent, members))
}

fn describe(bucket: &Bucket, version: &Version, object: &Object, extent: &Extent, read: &Read) -> Map<String, Value> {
    let Range { start, end } = extent.bytes.clone();
    let shows_parts = read.part_number.is_some() && !object.parts.is_empty();
    let range = || format!("bytes {start}-{}/{}", end.saturating_sub(1), object.body.len());
    let told = [
        ("AcceptRanges", Some("bytes".into())),
        ("LastModified", Some(fault::iso(version.modified).into())),
        // Of the part that is sent, where a range was asked for.
        ("ContentLength", Some((end - start).into())),
        // Where a range was asked for and is given: the answer's status is 206 then.
        ("ContentRange", extent.partial.then(|| range().into())),
        ("ETag", Some(object.etag.as_str().into())),
        ("VersionId", bucket.shown(version).map(Value::from)),
        ("ServerSideEncryption", Some(object.encryption.algorithm.as_str().into())),
        ("SSEKMSKeyId", object.encryption.kms_key.as_deref().map(Value::from)),
        ("StorageClass", object.storage_class.as_deref().map(Value::from)),
        ("PartsCount", shows_parts.then(|| object.parts.len().into())),
    ];
    let mut members = Map::with_capacity(told.len());
    members.extend(told.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    members.extend(object.meta.clone());
    // A checksum is of the whole object.
    if read.checksum_mode.as_deref() == Some("ENABLED") && !extent.partial {
        members.extend(object.checksums.0.clone());
    }
    members
}

fn extent(object: &Object, range: Option<&str>, part_number: Option<i64>) -> Result<Extent, Fault> {
    let size = object.body.len();
    match (range, part_number) {
        (Some(_), Some(_)) => {
            Err(fault::invalid_request("Cannot specify both Range header and partNumber query parameter"))
        }
        (Some(range), None) => match parse_range(range, size) {
            Ranged::Part(bytes) => Ok(Extent { bytes, partial: true }),
            Ranged::Whole => Ok(Extent { bytes: 0..size, partial: false }),
            Ranged::Beyond => Err(Fault::new(416, "InvalidRange", "The requested range is not satisfiable")
                .with("RangeRequested", range)
                .with("ActualObjectSize", size.to_string())),
        },
        (None, Some(number)) => part(object, number),
        (None, None) => Ok(Extent { bytes: 0..size, partial: false }),
    }
}

/// The bytes of one part; an object that came in one piece is its own part 1.
fn part(object: &Object, number: i64) -> Result<Extent, Fault> {
    if !(1..=10_000).contains(&number) {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        return Err(fault::invalid_argument("partNumber", number.to_string(), message));
    }
    let whole = [object.body.len()];
    let sizes = if object.parts.is_empty() { &whole[..] } else { &object.parts };
    let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
    let Some(size) = sizes.get(at) else {
        return Err(Fault::new(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
            .with("PartNumberRequested", number.to_string())
            .with("ActualPartCount", sizes.len().to_string()));
    };
    let start: usize = sizes[..at].iter().sum();
    Ok(Extent { bytes: start..start + size, partial: true })
}

#[derive(Debug, PartialEq, Eq)]
enum Ranged {
    /// These bytes.
    Part(Range<usize>),
    /// Not one range of bytes: S3 ignores it and sends everything.
    Whole,
    /// No byte of it is there.
    Beyond,
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-length`.
fn parse_range(range: &str, size: usize) -> Ranged {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ranged::Whole;
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => Ranged::Whole,
        (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => Ranged::Beyond,
        (Some(first), Some(last)) => Ranged::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Ranged::Part(first..size),
        (None, Some(0)) if first.is_empty() => Ranged::Beyond,
        (None, Some(_)) if first.is_empty() && size == 0 => Ranged::Beyond,
        (None, Some(length)) if first.is_empty() => Ranged::Part(size.saturating_sub(length)..size),
        _ => Ranged::Whole,
    }
}

/// A number of digits alone; one too long to hold is as good as the largest.
fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}
