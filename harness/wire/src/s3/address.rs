//! Where a request points: the service, a bucket or an object, in the path or in the host's name.

use account::Fault;
use percent_encoding::percent_decode_str;

use crate::host;

/// On what an operation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Service,
    Bucket,
    Object,
}

/// A bucket and a key; both empty for the service itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) bucket: String,
    pub(super) key: String,
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
        let path = path.strip_prefix('/').unwrap_or(path);
        match host::bucket(host) {
            Some(bucket) => Ok(Address { bucket: bucket.to_owned(), key: decoded(path)? }),
            None => {
                let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
                Ok(Address { bucket: decoded(bucket)?, key: decoded(key)? })
            }
        }
    }

    pub(super) fn level(&self) -> Level {
        match (self.bucket.is_empty(), self.key.is_empty()) {
            (true, true) => Level::Service,
            (_, true) => Level::Bucket,
            (_, false) => Level::Object,
        }
    }
}

fn decoded(text: &str) -> Result<String, Fault> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(invalid_uri(text)),
    }
}

pub(super) fn invalid_uri(text: &str) -> Fault {
    Fault::new(400, "InvalidURI", "Couldn't parse the specified URI.").with("URI", text)
}
