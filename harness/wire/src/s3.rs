//! S3 over HTTP: requests to [`::s3::Request`], and [`::s3::Reply`] to answers.
//! docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html

mod address;
mod configured;
mod control;
mod input;
mod lifted;
mod output;
mod refusal;

#[cfg(test)]
mod tests;

use ::s3::Request;
use account::Fault;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use model::{Operation, S3};

use crate::checksum::{Algorithm, Hasher};
use crate::host;
use address::Address;

pub(crate) use configured::{configured, told};
pub(crate) use control::{Control, answer as control_answer};
pub(crate) use lifted::lifted;
pub(crate) use output::answer;

/// A request whose operation is known; its body is still to come.
pub(crate) struct RoutedRequest {
    routed: protocol::Routed<'static>,
    request: protocol::Request,
}

/// A request with all its members.
pub(crate) struct Decoded {
    pub(crate) operation: &'static Operation,
    pub(crate) request: Request,
}

impl RoutedRequest {
    /// Which operation it is. Nothing is said about the request's members yet.
    pub(crate) fn read(parts: &Parts) -> Result<RoutedRequest, Fault> {
        let address = Address::read(&host::of(parts), parts.uri.path())?;
        let query = parts.uri.query().unwrap_or_default();
        address::check_text(query)?;
        let request = protocol::Request {
            method: parts.method.clone(),
            path: address.path,
            query: query.to_owned(),
            headers: parts.headers.clone(),
            body: Bytes::new(),
        };
        match protocol::route(&S3, &request, is_here) {
            Some(routed) => {
                refusal::check_query(&routed, &request, address.level)?;
                Ok(RoutedRequest { routed, request })
            }
            None => Err(refusal::no_operation(&request, address.level)),
        }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.routed.operation
    }
}

/// The operations that a request can be. Others have replaced the deprecated ones, and ListDirectoryBuckets has a host of
/// its own.
fn is_here(operation: &Operation) -> bool {
    !operation.is_deprecated && operation.name != "ListDirectoryBuckets"
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
