//! What the members of several operations have in common.
#![expect(missing_docs, reason = "the members are AWS's own and described on the page of their operation")]

use account::input;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tag as S3's documents write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// What a `Tagging` document holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tagging {
    pub tag_set: Vec<Tag>,
}

/// What is kept beside an object's bytes and comes back with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website_redirect_location: Option<String>,
    /// User metadata without its header prefix, keys in lower case.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub metadata: IndexMap<String, String>,
}

/// Checksums as the caller computed them, in base64. They are kept and given back, not computed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Checksums {
    #[serde(rename = "ChecksumCRC32", skip_serializing_if = "Option::is_none")]
    pub crc32: Option<String>,
    #[serde(rename = "ChecksumCRC32C", skip_serializing_if = "Option::is_none")]
    pub crc32c: Option<String>,
    #[serde(rename = "ChecksumCRC64NVME", skip_serializing_if = "Option::is_none")]
    pub crc64nvme: Option<String>,
    #[serde(rename = "ChecksumSHA1", skip_serializing_if = "Option::is_none")]
    pub sha1: Option<String>,
    #[serde(rename = "ChecksumSHA256", skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(rename = "ChecksumType", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// `If-Match` and its siblings on a read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Preconditions {
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    #[serde(deserialize_with = "time")]
    pub if_modified_since: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub if_unmodified_since: Option<Timestamp>,
}

/// The same on the source of a copy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CopySourcePreconditions {
    pub copy_source_if_match: Option<String>,
    pub copy_source_if_none_match: Option<String>,
    #[serde(deserialize_with = "time")]
    pub copy_source_if_modified_since: Option<Timestamp>,
    #[serde(deserialize_with = "time")]
    pub copy_source_if_unmodified_since: Option<Timestamp>,
}

/// Members of an answer that a read may set anew.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResponseOverrides {
    pub response_cache_control: Option<String>,
    pub response_content_disposition: Option<String>,
    pub response_content_encoding: Option<String>,
    pub response_content_language: Option<String>,
    pub response_content_type: Option<String>,
    pub response_expires: Option<String>,
}

/// How a new object is to be stored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Storing {
    #[serde(rename = "ACL")]
    pub acl: Option<String>,
    pub storage_class: Option<String>,
    pub server_side_encryption: Option<String>,
    #[serde(rename = "SSEKMSKeyId")]
    pub sse_kms_key_id: Option<String>,
    /// Tags in the form of a query string: `Status=OK&team=a%2Bb`.
    pub tagging: Option<String>,
    #[serde(flatten)]
    pub meta: Meta,
}

/// What CreateBucket is told beside the name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateBucketConfiguration {
    pub location_constraint: Option<String>,
    pub tags: Vec<Tag>,
}

/// The objects of a batch delete.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Delete {
    pub objects: Vec<ObjectIdentifier>,
    #[serde(deserialize_with = "input::boolean")]
    pub quiet: Option<bool>,
}

/// One object of a batch delete.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ObjectIdentifier {
    pub key: String,
    pub version_id: Option<String>,
    #[serde(rename = "ETag")]
    pub etag: Option<String>,
}

/// The parts of an upload, in the order they make the object.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompletedMultipartUpload {
    pub parts: Vec<CompletedPart>,
}

/// One part of an upload.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CompletedPart {
    #[serde(rename = "ETag")]
    pub etag: String,
    #[serde(deserialize_with = "input::number")]
    pub part_number: Option<i64>,
}

/// `Status` of `VersioningConfiguration` and `AbacStatus`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Status {
    pub status: Option<String>,
}

/// The four settings of Block Public Access. A setting that is left out is off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PublicAccessBlockConfiguration {
    #[serde(deserialize_with = "input::boolean")]
    pub block_public_acls: Option<bool>,
    #[serde(deserialize_with = "input::boolean")]
    pub ignore_public_acls: Option<bool>,
    #[serde(deserialize_with = "input::boolean")]
    pub block_public_policy: Option<bool>,
    #[serde(deserialize_with = "input::boolean")]
    pub restrict_public_buckets: Option<bool>,
}

/// Who owns the objects of a bucket.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OwnershipControls {
    pub rules: Vec<OwnershipRule>,
}

/// The one rule of [`OwnershipControls`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OwnershipRule {
    pub object_ownership: String,
}

/// A time as RFC 3339 text, as RFC 9110 text, or as epoch seconds.
fn time<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
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
