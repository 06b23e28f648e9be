//! Where a request points: the service, a bucket or an object, in the path or in the host's name.

use account::Fault;
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

/// Refuses what is no UTF-8 once it is decoded.
pub(super) fn check_text(encoded: &str) -> Result<(), Fault> {
    match percent_decode_str(encoded).decode_utf8() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(400, "InvalidURI", "Couldn't parse the specified URI.").with("URI", encoded)),
    }
}
