//! From a request to the members of its operation.

use account::Fault;
use account::s3::Request;
use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use super::{Asked, Query, document, members, operation};
use crate::body::Complete;

const METADATA: &str = "x-amz-meta-";
const NUMBERS: [&str; 6] = ["MaxBuckets", "MaxKeys", "MaxParts", "MaxUploads", "PartNumber", "PartNumberMarker"];
/// A date that cannot be read is as good as none. RFC 9110, 13.1.3
const DATES: [&str; 4] =
    ["IfModifiedSince", "IfUnmodifiedSince", "CopySourceIfModifiedSince", "CopySourceIfUnmodifiedSince"];

type Members = Map<String, Value>;

impl Asked<'_> {
    /// The operation with all its members. `body`: what the signature and the checksums hold for.
    pub(crate) fn request(self, parts: &Parts, body: Bytes, complete: Complete) -> Result<Request, Fault> {
        let mut members = Members::new();
        for (member, text) in [("Bucket", self.address.bucket), ("Key", self.address.key)] {
            if !text.is_empty() {
                members.insert(member.to_owned(), Value::String(text));
            }
        }
        read_query(&self.query, &mut members)?;
        read_headers(parts, &mut members)?;
        if let Some((header, sum)) = complete.checksum
            && let Some(member) = members::of_header(header)
        {
            members.insert(member.to_owned(), Value::String(sum));
        }
        if self.operation == "PutBucketPolicy" {
            let policy = String::from_utf8(body.to_vec()).map_err(|_| {
                Fault::new(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
            })?;
            members.insert("Policy".to_owned(), Value::String(policy));
        } else if let Some((member, value)) = document::read(self.operation, &body)? {
            members.insert(member.to_owned(), value);
        }
        Request::from_input(self.operation, Value::Object(members), body)
    }
}

/// Whether a parameter means something to some operation. One that does not may be a subresource that is not known here,
/// and must not be taken for the plain operation.
pub(super) fn is_known(name: &str) -> bool {
    members::of_query(name).is_some() || operation::is_known_query(name)
}

/// Whether a parameter says nothing of the operation. "Amazon S3 ignores query-string parameters that begin with x-",
/// those of a signature among them.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
///
/// `is_presigned`: by Version 2, whose URLs carry headers too.
pub(super) fn is_ignored(name: &str, is_presigned: bool) -> bool {
    const OF_VERSION_2: [&str; 5] = ["AWSAccessKeyId", "Expires", "Signature", "content-md5", "content-type"];
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")) || is_presigned && OF_VERSION_2.contains(&name)
}

fn read_query(query: &Query<'_>, members: &mut Members) -> Result<(), Fault> {
    for (name, value) in query {
        let Some(member) = members::of_query(name) else { continue };
        if NUMBERS.contains(&member) && value.parse::<i64>().is_err() {
            let message = match member {
                "PartNumber" => "Part number must be an integer between 1 and 10000, inclusive".to_owned(),
                _ => format!("Provided {name} not an integer or within integer range"),
            };
            let fault = Fault::new(400, "InvalidArgument", message);
            return Err(fault.with("ArgumentName", name.as_ref()).with("ArgumentValue", value.as_ref()));
        }
        members.insert(member.to_owned(), Value::String(value.as_ref().to_owned()));
    }
    Ok(())
}

fn read_headers(parts: &Parts, members: &mut Members) -> Result<(), Fault> {
    let mut metadata = Members::new();
    for name in parts.headers.keys() {
        let name = name.as_str();
        if members::is_unsupported(name) {
            let message = "A header you provided implies functionality that is not implemented";
            return Err(Fault::new(501, "NotImplemented", message).with("Header", name));
        }
        if let Some(key) = name.strip_prefix(METADATA) {
            metadata.insert(key.to_owned(), Value::String(text(parts, name)));
        } else if let Some(member) = members::of_header(name)
            && let Some(value) = header(member, text(parts, name))
        {
            members.insert(member.to_owned(), value);
        }
    }
    if !metadata.is_empty() {
        members.insert("Metadata".to_owned(), Value::Object(metadata));
    }
    Ok(())
}

fn header(member: &str, text: String) -> Option<Value> {
    match member {
        "ObjectAttributes" => Some(text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()),
        "ContentEncoding" => unframed(&text).map(Value::String),
        _ if DATES.contains(&member) && jiff::fmt::rfc2822::parse(&text).is_err() => None,
        _ => Some(Value::String(text)),
    }
}

/// `aws-chunked` is how the body travelled, not how the object is encoded.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
pub(crate) fn unframed(text: &str) -> Option<String> {
    let kept: Vec<&str> = text.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
    let kept = kept.join(",");
    (!kept.is_empty()).then_some(kept)
}

/// All values of a header, with commas between.
fn text(parts: &Parts, name: &str) -> String {
    let values = parts.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(",")
}
