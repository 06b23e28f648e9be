//! Where a request points: the service, a bucket or an object, in the path or in the host's name.

use account::Fault;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::host;

/// On what an operation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Service,
    Bucket,
    Object,
}

/// A path in which the bucket stands, however the client named it. It is still percent-encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) path: String,
    pub(super) level: Level,
}

impl Level {
    /// As S3's errors name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Level::Service => "SERVICE",
            Level::Bucket => "BUCKET",
            Level::Object => "OBJECT",
        }
    }
}

impl Address {
    /// A key is what the path says, byte for byte: `..`, `//` and `+` are parts of names like all others.
    pub(super) fn read(host: &str, path: &str) -> Result<Address, Fault> {
        let path = match host::bucket(host) {
            Some(bucket) => format!("/{}{path}", utf8_percent_encode(bucket, NON_ALPHANUMERIC)),
            None => path.to_owned(),
        };
        let inside = path.strip_prefix('/').unwrap_or(&path);
        let (bucket, key) = inside.split_once('/').unwrap_or((inside, ""));
        [bucket, key].into_iter().try_for_each(check_text)?;
        if bucket.is_empty() && !key.is_empty() {
            ::s3::check_bucket_name(bucket)?;
        }
        let level = match (bucket.is_empty(), key.is_empty()) {
            (true, true) => Level::Service,
            (_, true) => Level::Bucket,
            (_, false) => Level::Object,
        };
        Ok(Address { path, level })
    }
}

/// The query string and the headers of a request, with headers that stand in the query string where they belong. Clients
/// put them there when they presign. One that is given in both places, and differs, is given twice.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
pub(crate) fn lifted(parts: &Parts) -> (String, HeaderMap) {
    let mut headers = parts.headers.clone();
    let pairs = parts.uri.query().unwrap_or_default().split('&');
    let kept: Vec<&str> = pairs.filter(|pair| !lift(pair, &mut headers)).collect();
    (kept.join("&"), headers)
}

/// Refuses what is no UTF-8 once it is decoded.
pub(super) fn check_text(encoded: &str) -> Result<(), Fault> {
    match percent_decode_str(encoded).decode_utf8() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(400, "InvalidURI", "Couldn't parse the specified URI.").with("URI", encoded)),
    }
}

/// Whether a parameter is a header.
fn lift(pair: &str, headers: &mut HeaderMap) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    let is_header = name.starts_with("x-amz-") || ["content-type", "content-md5"].contains(&name.as_str());
    if !is_header || protocol::is_of_signature(&name) {
        return false;
    }
    // Nobody has checked such a sum: a client cannot know the body when it presigns, and some write that of an empty one.
    if is_sum(&name) {
        return true;
    }
    let value = percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned();
    let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_bytes())) else {
        return false;
    };
    if headers.get(&name) != Some(&value) {
        headers.append(name, value);
    }
    true
}

/// Whether a header has a checksum of the body, or says of which algorithm one is.
fn is_sum(name: &str) -> bool {
    const OF_THE_OBJECT: [&str; 3] = ["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"];
    name == "x-amz-sdk-checksum-algorithm" || name.starts_with("x-amz-checksum-") && !OF_THE_OBJECT.contains(&name)
}
