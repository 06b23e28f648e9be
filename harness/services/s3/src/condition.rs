//! Conditional requests.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html

use account::Fault;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::bucket::Bucket;
use super::fault;
use super::object::{Object, Version};

/// `If-Match` and its siblings on a read.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Preconditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    #[serde(deserialize_with = "time")]
    if_modified_since: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    if_unmodified_since: Option<Timestamp>,
}

/// The same on the source of a copy.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct CopySourcePreconditions {
    copy_source_if_match: Option<String>,
    copy_source_if_none_match: Option<String>,
    #[serde(deserialize_with = "time")]
    copy_source_if_modified_since: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    copy_source_if_unmodified_since: Option<Timestamp>,
}

/// The four conditions, whichever request they came with.
struct Conditions<'a> {
    matches: Option<&'a str>,
    none_matches: Option<&'a str>,
    modified_since: Option<Timestamp>,
    unmodified_since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    Match,
    UnmodifiedSince,
    NoneMatch,
    ModifiedSince,
}

/// Checks the conditions of a read: 304 where the caller has it already, 412 where it is not what they expect.
pub(super) fn read(given: &Preconditions, version: &Version, object: &Object, now: Timestamp) -> Result<(), Fault> {
    let conditions = Conditions {
        matches: given.if_match.as_deref(),
        none_matches: given.if_none_match.as_deref(),
        modified_since: given.if_modified_since,
        unmodified_since: given.if_unmodified_since,
    };
    match conditions.failed(&object.etag, version.modified, now) {
        None => Ok(()),
        Some(Failed::Match) => Err(fault::precondition_failed("If-Match")),
        Some(Failed::UnmodifiedSince) => Err(fault::precondition_failed("If-Unmodified-Since")),
        Some(Failed::NoneMatch | Failed::ModifiedSince) => Err(fault::not_modified(&object.etag, version.modified)),
    }
}

/// Checks the conditions on the source of a copy: 412 for each.
pub(super) fn source(
    given: &CopySourcePreconditions,
    version: &Version,
    object: &Object,
    now: Timestamp,
) -> Result<(), Fault> {
    let conditions = Conditions {
        matches: given.copy_source_if_match.as_deref(),
        none_matches: given.copy_source_if_none_match.as_deref(),
        modified_since: given.copy_source_if_modified_since,
        unmodified_since: given.copy_source_if_unmodified_since,
    };
    let name = match conditions.failed(&object.etag, version.modified, now) {
        None => return Ok(()),
        Some(Failed::Match) => "x-amz-copy-source-If-Match",
        Some(Failed::UnmodifiedSince) => "x-amz-copy-source-If-Unmodified-Since",
        Some(Failed::NoneMatch) => "x-amz-copy-source-If-None-Match",
        Some(Failed::ModifiedSince) => "x-amz-copy-source-If-Modified-Since",
    };
    Err(fault::precondition_failed(name))
}

/// Checks the conditions of a write, as far as they can be read without looking at the object.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
pub(super) fn write_is_possible(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<(), Fault> {
    match (if_match, if_none_match) {
        (Some(_), Some(_)) => Err(fault::not_implemented(
            "If-Match,If-None-Match",
            "Multiple conditional request headers present in the request",
        )),
        (None, Some(value)) if value != "*" => Err(fault::not_implemented(
            "If-None-Match",
            "We don't accept the provided value of If-None-Match header for this API",
        )),
        (Some("*"), None) => Err(fault::not_implemented(
            "If-Match",
            "We don't accept the provided value of If-Match header for this API",
        )),
        _ => Ok(()),
    }
}

/// Checks the conditions of a write against what is there.
pub(super) fn write(
    bucket: &Bucket,
    key: &str,
    if_match: Option<&str>,
    if_none_match: Option<&str>,
) -> Result<(), Fault> {
    let current = bucket.current(key);
    if if_none_match.is_some() && current.is_some() {
        return Err(fault::precondition_failed("If-None-Match"));
    }
    match (if_match, current) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(fault::no_such_key(key)),
        (Some(expected), Some(object)) if lists(expected, &object.etag) => Ok(()),
        (Some(_), Some(_)) => Err(fault::precondition_failed("If-Match")),
    }
}

/// Checks the condition of a delete: an entity tag, or `*` for an object that is there.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
pub(super) fn delete(bucket: &Bucket, key: &str, if_match: Option<&str>) -> Result<(), Fault> {
    match (if_match, bucket.current(key)) {
        (Some("*"), None) => Err(fault::precondition_failed("If-Match")),
        _ => write(bucket, key, if_match, None),
    }
}

impl Conditions<'_> {
    /// The first that fails, in the order of RFC 9110 section 13.2.2, which S3 follows: a time counts only where no
    /// entity tag says the same.
    fn failed(&self, etag: &str, modified: Timestamp, now: Timestamp) -> Option<Failed> {
        match (self.matches, self.unmodified_since) {
            (Some(expected), _) if !lists(expected, etag) => return Some(Failed::Match),
            (None, Some(since)) if modified.as_second() > since.as_second() => return Some(Failed::UnmodifiedSince),
            _ => {}
        }
        match (self.none_matches, self.modified_since) {
            (Some(known), _) if lists(known, etag) => Some(Failed::NoneMatch),
            // A time to come is ignored.
            (None, Some(since)) if since <= now && modified.as_second() <= since.as_second() => {
                Some(Failed::ModifiedSince)
            }
            _ => None,
        }
    }
}

/// Whether a list of entity tags, quoted or not, has this one; `*` has every one.
fn lists(list: &str, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    list.trim() == "*" || list.split(',').any(|tag| bare(tag) == etag.trim_matches('"'))
}

/// A time as RFC 3339 text, as RFC 9110 text, or as epoch seconds.
fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    use serde::de::Error;
    let text = match Value::deserialize(from)? {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        Value::Number(seconds) => {
            let seconds = seconds.as_i64().ok_or_else(|| D::Error::custom("not a time"))?;
            return Timestamp::from_second(seconds).map(Some).map_err(D::Error::custom);
        }
        other => return Err(D::Error::custom(format!("`{other}` is not a time"))),
    };
    text.parse()
        .or_else(|_| jiff::fmt::rfc2822::parse(&text).map(|at| at.timestamp()))
        .map(Some)
        .map_err(D::Error::custom)
}
