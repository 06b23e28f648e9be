//! S3 over HTTP: requests to [`::s3::Request`], and [`::s3::Reply`] to answers.
//! docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html

mod address;
mod control;
mod document;
mod input;
mod members;
mod operation;
mod output;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use ::s3::Request;
use account::Fault;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::checksum::{Algorithm, Hasher};
use crate::host;
use address::Address;

pub(crate) use control::{Control, answer as control_answer};
pub(crate) use input::unframed;
pub(crate) use members::header;
pub(crate) use output::{answer, http_date, refused};

/// The namespace of S3's documents.
pub(crate) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// A request whose operation is known; its body is still to come.
pub(crate) struct Asked<'r> {
    pub(crate) operation: &'static str,
    address: Address,
    query: Query<'r>,
}

/// The parameters of a query string, decoded, in order.
type Query<'r> = Vec<(Cow<'r, str>, Cow<'r, str>)>;

impl<'r> Asked<'r> {
    /// Which operation it is. Nothing is said about the request's members yet.
    pub(crate) fn read(parts: &'r Parts) -> Result<Asked<'r>, Fault> {
        let address = Address::read(&host::of(parts), parts.uri.path())?;
        let query = query(parts.uri.query().unwrap_or_default());
        let names: Vec<&str> = query.iter().map(|(name, _)| name.as_ref()).collect();
        let level = address.level();
        if let Some(unknown) = query.iter().find(|(name, value)| value.is_empty() && !input::is_known(name)) {
            return Err(not_implemented(format!("{} ?{} on {}", parts.method, unknown.0, level.name())));
        }
        let has_header = |name: &str| parts.headers.contains_key(name);
        let Some(operation) = operation::name(level, parts.method.as_str(), &names, has_header) else {
            return Err(Fault::new(
                405,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            )
            .with("Method", parts.method.as_str())
            .with("ResourceType", level.name()));
        };
        Ok(Asked { operation, address, query })
    }
}

/// What is configured on a bucket, as the request that would configure it so. An empty document configures nothing.
pub(crate) fn configured(operation: &'static str, bucket: &str, document: Bytes) -> Result<Option<Request>, Fault> {
    let mut members = Map::from_iter([("Bucket".to_owned(), Value::String(bucket.to_owned()))]);
    if operation == "PutBucketPolicy" {
        members.insert("Policy".to_owned(), Value::String(String::from_utf8_lossy(&document).into_owned()));
    } else if let Some((member, value)) = document::read_answer(operation, &document)? {
        if value.as_object().is_none_or(Map::is_empty) {
            return Ok(None);
        }
        members.insert(member.to_owned(), value);
    }
    Request::from_input(operation, Value::Object(members), Bytes::new()).map(Some)
}

/// `Content-MD5` of a document.
pub(crate) fn md5(document: &[u8]) -> String {
    let mut hasher = Hasher::new(Algorithm::Md5);
    hasher.update(document);
    STANDARD.encode(hasher.finish())
}

/// An operation that is not here; the message names it.
fn not_implemented(what: String) -> Fault {
    Fault::new(501, "NotImplemented", format!("{what} is not emulated here"))
}

/// In query strings `+` is a space, unlike in paths.
fn query(text: &str) -> Query<'_> {
    let decoded = |text| match str::contains(text, '+') {
        true => Cow::Owned(percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()),
        false => percent_decode_str(text).decode_utf8_lossy(),
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}
