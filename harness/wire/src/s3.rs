//! S3 over HTTP: requests to [`account::s3::Request`], and [`account::s3::Reply`] to answers.
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

use account::Fault;
use account::s3::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::checksum::{Algorithm, Hasher};
use crate::host;
use address::Address;
use operation::Found;

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
    /// Which operation it is, and that nothing in it can be taken for another. Nothing is said about the request's members
    /// yet.
    pub(crate) fn read(parts: &'r Parts) -> Result<Asked<'r>, Fault> {
        let address = Address::read(&host::of(parts), parts.uri.path())?;
        let query = query(parts.uri.query().unwrap_or_default())?;
        let names: Vec<&str> = query.iter().map(|(name, _)| name.as_ref()).collect();
        let level = address.level();
        let method = parts.method.as_str();
        let unknown = |name: &str| not_implemented(format!("{method} ?{name} on {}", level.name()));
        let is_presigned = names.contains(&"AWSAccessKeyId");
        let is_ignored = |name: &str| input::is_ignored(name, is_presigned);
        if let Some(name) = names.iter().find(|name| !is_ignored(name) && !input::is_known(name)) {
            return Err(unknown(name));
        }
        refuse_twice(&names, &parts.headers, is_ignored)?;
        let operation = match operation::find(level, method, &names, |name| parts.headers.contains_key(name)) {
            Found::Operation(operation) => operation,
            Found::Conflict(one, other) => return Err(conflict(one, other)),
            Found::None => {
                let message = "The specified method is not allowed against this resource.";
                let fault = Fault::new(405, "MethodNotAllowed", message);
                return Err(fault.with("Method", method).with("ResourceType", level.name()));
            }
        };
        let explained = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| match name.as_ref() {
            "list-type" => value == "2",
            name if is_ignored(name) => true,
            name => operation::is_told_apart_by(operation, name) || members::has_parameter(operation, name),
        };
        match query.iter().find(|pair| !explained(pair)) {
            Some((name, value)) if name == "list-type" => Err(unknown(&format!("{name}={value}"))),
            Some((name, _)) => Err(unknown(name)),
            None => Ok(Asked { operation, address, query }),
        }
    }
}

/// In S3's own words, for what AWS leaves undocumented: which of the two would count.
fn conflict(one: &str, other: &str) -> Fault {
    let (first, second) = (one.min(other), one.max(other));
    let message = format!("Conflicting query string parameters: {first}, {second}");
    Fault::new(400, "InvalidArgument", message).with("ArgumentName", "ResourceType").with("ArgumentValue", first)
}

/// Refuses what counts and is given twice: another reader may take the other.
fn refuse_twice(names: &[&str], headers: &HeaderMap, is_ignored: impl Fn(&str) -> bool) -> Result<(), Fault> {
    let parameter =
        names.iter().enumerate().find(|(at, name)| !is_ignored(name) && names.iter().take(*at).any(|n| n == *name));
    let header =
        headers.keys().find(|name| members::is_single(name.as_str()) && headers.get_all(*name).iter().nth(1).is_some());
    let (kind, name) = match (parameter, header) {
        (Some((_, name)), _) => ("query string parameter", *name),
        (None, Some(name)) => ("header", name.as_str()),
        (None, None) => return Ok(()),
    };
    Err(Fault::new(400, "InvalidArgument", format!("The {kind} {name} is given more than once"))
        .with("ArgumentName", name))
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
fn query(text: &str) -> Result<Query<'_>, Fault> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Ok((decoded(name)?, decoded(value)?)))
        .collect()
}

fn decoded(text: &str) -> Result<Cow<'_, str>, Fault> {
    let decoded = match text.contains('+') {
        true => percent_decode_str(&text.replace('+', " ")).decode_utf8().map(|text| Cow::Owned(text.into_owned())),
        false => percent_decode_str(text).decode_utf8(),
    };
    decoded.map_err(|_| address::invalid_uri(text))
}
