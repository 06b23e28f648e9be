//! What a request is about: an object, and the source of a copy.

use account::Fault;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::fault;

/// All but slashes and what RFC 3986 calls unreserved.
const RESERVED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// An object, or one version of it, that a request is about.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) version: Option<&'a str>,
}

/// The source of a copy, taken apart.
pub(super) struct Source {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version: Option<String>,
}

impl Source {
    /// Reads `bucket/key`, with or without a slash before it and `?versionId=…` behind it, percent-encoded.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let wrong = || {
            let message = "Invalid copy source object key";
            fault::invalid_argument("x-amz-copy-source", "x-amz-copy-source", message)
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let (path, version) = match text.rsplit_once("?versionId=") {
            Some((path, version)) => (path, Some(version.to_owned())),
            None => (text, None),
        };
        let path = decode(path).ok_or_else(wrong)?;
        let (bucket, key) = path.strip_prefix('/').unwrap_or(&path).split_once('/').ok_or_else(wrong)?;
        if bucket.is_empty() || key.is_empty() {
            return Err(wrong());
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned(), version })
    }

    /// As the header has it: "The value must be URL-encoded."
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    pub(super) fn encoded(&self) -> String {
        let path = format!("{}/{}", self.bucket, utf8_percent_encode(&self.key, RESERVED_IN_PATH));
        match &self.version {
            Some(version) => format!("{path}?versionId={version}"),
            None => path,
        }
    }

    /// `bucket/key`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { bucket: &self.bucket, key: &self.key, version: self.version.as_deref() }
    }

    /// Whether it is the latest version of this very object.
    pub(super) fn is(&self, bucket: &str, key: &str) -> bool {
        self.bucket == bucket && self.key == key && self.version.is_none()
    }
}
