//! What is kept beside an object's bytes, under the names of the members that bring it and give it back.

use account::Fault;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::object::Checksums;
use super::request::Request;

/// What came with the object to be given back with it.
const META: [&str; 7] = [
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "WebsiteRedirectLocation",
];

/// What a read may set anew in its answer: members whose names begin with `Response`.
const OVERRIDES: [&str; 6] = [
    "ResponseCacheControl",
    "ResponseContentDisposition",
    "ResponseContentEncoding",
    "ResponseContentLanguage",
    "ResponseContentType",
    "ResponseExpires",
];

/// Checksums as the caller computed them, in base64. They are kept and given back, not computed.
const CHECKSUMS: [&str; 6] =
    ["ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256", "ChecksumType"];

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct User {
    /// User metadata without its header prefix, keys in lower case.
    metadata: IndexMap<String, String>,
}

/// An object's metadata, S3's own and the user's.
pub(super) fn meta(request: &Request) -> Result<Map<String, Value>, Fault> {
    let mut meta = request.texts(&META)?;
    let User { metadata } = request.read()?;
    if !metadata.is_empty() {
        meta.insert("Metadata".to_owned(), json!(metadata));
    }
    Ok(meta)
}

/// How many bytes the user's metadata has.
pub(super) fn size_of_user_metadata(meta: &Map<String, Value>) -> usize {
    let user = meta.get("Metadata").and_then(Value::as_object).into_iter().flatten();
    user.map(|(name, value)| name.len() + value.as_str().unwrap_or_default().len()).sum()
}

/// The metadata that a read sets anew.
pub(super) fn overrides(request: &Request) -> Result<Map<String, Value>, Fault> {
    let named = |(name, value): (String, Value)| (name.trim_start_matches("Response").to_owned(), value);
    request.texts(&OVERRIDES).map(|given| given.into_iter().map(named).collect())
}

impl Checksums {
    pub(super) fn of(request: &Request) -> Result<Self, Fault> {
        request.texts(&CHECKSUMS).map(Self)
    }
}
