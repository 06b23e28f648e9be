//! GetObject, HeadObject, GetObjectAttributes.

use std::ops::Range;

use account::{Call, Fault, Identity, World};

use super::access::{self, Actions, Allowed, LatestMarker, Operation, Target};
use super::bucket::Bucket;
use super::object::{Object, Version};
use super::reply::{self, Reply};
use super::request::{self, Checksums, Meta, Preconditions, ResponseOverrides};
use super::{condition, fault};

#[cfg(test)]
mod tests;

const TAGGING: Actions = Actions::new("s3:GetObjectTagging", "s3:GetObjectVersionTagging");
const READ: Actions = Actions::new("s3:GetObject", "s3:GetObjectVersion");

/// HeadObject is authorised as GetObject: there is no `s3:HeadObject`.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
const GET: Operation = Operation { actions: &[READ], method: "GET", latest_marker: LatestMarker::Missing };
const HEAD: Operation = Operation { method: "HEAD", ..GET };

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
const ATTRIBUTES: Operation =
    Operation { actions: &[READ, Actions::new("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")], ..GET };

/// What GetObject and HeadObject have in common.
struct Read<'a> {
    range: Option<&'a str>,
    part_number: Option<i64>,
    checksum_mode: Option<&'a str>,
    preconditions: &'a Preconditions,
    overrides: &'a ResponseOverrides,
}

/// What of an object is sent.
struct Extent {
    bytes: Range<usize>,
    /// A part of the object was asked for: the answer is a 206.
    partial: bool,
}

pub(super) fn allow_get<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::GetObject,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    allow(world, call, target, &request.overrides, &GET)
}

pub(super) fn allow_head<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::HeadObject,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    allow(world, call, target, &request.overrides, &HEAD)
}

pub(super) fn allow_attributes<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::GetObjectAttributes,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    access::allow(world, call, target, &ATTRIBUTES, |check| check)
}

pub(super) fn get(world: &World, call: &mut Call<'_>, request: &request::GetObject) -> Result<Reply, Fault> {
    let allowed = allow_get(world, call, request)?;
    let read = Read {
        range: request.range.as_deref(),
        part_number: request.part_number,
        checksum_mode: request.checksum_mode.as_deref(),
        preconditions: &request.preconditions,
        overrides: &request.overrides,
    };
    let (object, extent, head) = read_object(world, call, allowed, &read)?;
    if matches!(object.storage_class(), "GLACIER" | "DEEP_ARCHIVE") {
        let message = "The operation is not valid for the object's storage class";
        return Err(Fault::new(403, "InvalidObjectState", message).with("StorageClass", object.storage_class()));
    }
    Ok(Reply::GetObject(reply::GetObject { head, body: object.body.slice(extent.bytes) }))
}

pub(super) fn head(world: &World, call: &mut Call<'_>, request: &request::HeadObject) -> Result<Reply, Fault> {
    let allowed = allow_head(world, call, request)?;
    let read = Read {
        range: request.range.as_deref(),
        part_number: request.part_number,
        checksum_mode: request.checksum_mode.as_deref(),
        preconditions: &request.preconditions,
        overrides: &request.overrides,
    };
    read_object(world, call, allowed, &read).map(|(_, _, head)| Reply::HeadObject(head))
}

pub(super) fn attributes(
    world: &World,
    call: &mut Call<'_>,
    request: &request::GetObjectAttributes,
) -> Result<Reply, Fault> {
    let (bucket, version, object) = allow_attributes(world, call, request)?.reach(world, call)?;
    let wants = |name: &str| request.object_attributes.iter().any(|wanted| wanted == name);
    Ok(Reply::GetObjectAttributes(reply::GetObjectAttributes {
        last_modified: version.modified,
        version_id: bucket.shown(version),
        etag: wants("ETag").then(|| object.etag.trim_matches('"').to_owned()),
        checksum: wants("Checksum").then(|| object.checksums.clone()),
        object_parts: (wants("ObjectParts") && !object.parts.is_empty())
            .then_some(reply::ObjectParts { total_parts_count: object.parts.len() }),
        storage_class: wants("StorageClass").then(|| object.storage_class().to_owned()),
        object_size: wants("ObjectSize").then_some(object.body.len() as u64),
    }))
}

fn allow<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    target: Target<'a>,
    overrides: &ResponseOverrides,
    operation: &'static Operation,
) -> Result<Allowed<'a>, Fault> {
    if overrides.any() && matches!(*call.identity, Identity::Anonymous) {
        let message = "Request specific response headers cannot be used for anonymous GET requests.";
        return Err(fault::invalid_request(message));
    }
    access::allow(world, call, target, operation, |check| check)
}

fn read_object<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    allowed: Allowed<'w>,
    read: &Read<'_>,
) -> Result<(&'w Object, Extent, reply::HeadObject), Fault> {
    // "The number of tags, if any, on the object, when you have the relevant permission to read object tags."
    // docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    let shows_tags = allowed.shows_tags(world, call, TAGGING);
    let (bucket, version, object) = allowed.reach(world, call)?;
    condition::read(read.preconditions, version, object, call.now)?;
    let extent = extent(object, read.range, read.part_number)?;
    let tag_count = shows_tags.then_some(object.tags.len());
    let head = reply::HeadObject { tag_count, ..describe(bucket, version, object, &extent, read) };
    Ok((object, extent, head))
}

fn describe(
    bucket: &Bucket,
    version: &Version,
    object: &Object,
    extent: &Extent,
    read: &Read<'_>,
) -> reply::HeadObject {
    let Range { start, end } = extent.bytes.clone();
    // A checksum is of the whole object.
    let checked = read.checksum_mode == Some("ENABLED") && !extent.partial;
    reply::HeadObject {
        accept_ranges: "bytes",
        last_modified: version.modified,
        content_length: (end - start) as u64,
        content_range: extent.partial.then(|| format!("bytes {start}-{}/{}", end.saturating_sub(1), object.body.len())),
        etag: object.etag.clone(),
        version_id: bucket.shown(version),
        server_side_encryption: Some(object.encryption.algorithm.clone()),
        sse_kms_key_id: object.encryption.kms_key.clone(),
        storage_class: object.storage_class.clone(),
        parts_count: read.part_number.and((!object.parts.is_empty()).then_some(object.parts.len())),
        tag_count: None,
        meta: read.overrides.over(&object.meta),
        checksums: if checked { object.checksums.clone() } else { Checksums::default() },
    }
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

impl ResponseOverrides {
    /// Whether anything is set anew.
    fn any(&self) -> bool {
        let given = [
            &self.response_cache_control,
            &self.response_content_disposition,
            &self.response_content_encoding,
            &self.response_content_language,
            &self.response_content_type,
            &self.response_expires,
        ];
        given.into_iter().any(Option::is_some)
    }

    fn over(&self, meta: &Meta) -> Meta {
        let choose = |new: &Option<String>, old: &Option<String>| new.as_ref().or(old.as_ref()).cloned();
        Meta {
            cache_control: choose(&self.response_cache_control, &meta.cache_control),
            content_disposition: choose(&self.response_content_disposition, &meta.content_disposition),
            content_encoding: choose(&self.response_content_encoding, &meta.content_encoding),
            content_language: choose(&self.response_content_language, &meta.content_language),
            content_type: choose(&self.response_content_type, &meta.content_type),
            expires: choose(&self.response_expires, &meta.expires),
            website_redirect_location: meta.website_redirect_location.clone(),
            metadata: meta.metadata.clone(),
        }
    }
}
