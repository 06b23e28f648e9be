//! The emulator's answer as it goes back: as it is, under our request's id, unless AWS would not tell as much.

use ::s3::ProxiedObjects as _;
use ::s3::{Reply, Request};
use account::Fault;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Response, StatusCode};
use hyper::body::Incoming;
use model::Operation;
use serde_json::Value;

use super::Guard;
use crate::s3;
use crate::shape::{Answered, Shaped};
use crate::upstream::Relayed;
use protocol::xml;

/// Of HTTP's connections, and what names a request.
pub(super) const OWN: [&str; 11] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
    "proxy-connection",
];

impl Guard<'_> {
    pub(super) async fn relay(&self, request: &Request, response: Response<Incoming>) -> Result<Answered, Fault> {
        let status = response.status();
        if tells_that_nothing_is_there(request, status) {
            self.call(|world, call| world.s3_reveal(call, request.bucket()))?;
        }
        if status.is_client_error() || status.is_server_error() {
            let answer = self.backend.whole(response).await?;
            return Ok(Answered::Shaped(self.error(answer)));
        }
        let (mut parts, body) = response.into_parts();
        OWN.iter().for_each(|name| drop(parts.headers.remove(*name)));
        Ok(Answered::Relayed(Response::from_parts(parts, Relayed::new(body))))
    }

    /// The answer to the beginning of an upload, whose id the world keeps with its key and who began it.
    pub(super) async fn began(&self, request: &Request, response: Response<Incoming>) -> Result<Answered, Fault> {
        let (mut parts, body) = self.backend.whole(response).await?.into_parts();
        let id = xml::read(&body).ok().and_then(|root| root.text_of("UploadId").map(str::to_owned));
        if let Some(id) = id {
            self.call(|world, call| world.s3_upload_began(call, request.bucket(), request.key(), &id));
        }
        OWN.iter().for_each(|name| drop(parts.headers.remove(*name)));
        parts.headers.remove(CONTENT_LENGTH);
        Ok(Answered::Shaped(Shaped { status: parts.status, headers: parts.headers, body }))
    }

    /// The answer to a batch delete, with what was not even tried.
    pub(super) async fn relay_with_errors(
        &self,
        operation: &Operation,
        response: Response<Incoming>,
        refused: Vec<Value>,
    ) -> Result<Answered, Fault> {
        let answer = self.backend.whole(response).await?;
        if !answer.status().is_success() {
            return Ok(Answered::Shaped(self.error(answer)));
        }
        // Without a document there is nothing to tell of what was deleted.
        let mut members = s3::told(operation, &answer).unwrap_or_default();
        if let Value::Array(errors) = members.entry("Errors").or_insert_with(|| Value::Array(Vec::new())) {
            errors.extend(refused);
        }
        s3::answer(operation, Reply { members, ..Reply::default() }).map(Answered::Shaped)
    }

    fn error(&self, answer: Response<Bytes>) -> Shaped {
        let (parts, body) = answer.into_parts();
        if parts.status.is_server_error() {
            self.backend.failed(&self.id.id, parts.status, &body);
        }
        let mut headers: HeaderMap = parts.headers;
        OWN.iter().for_each(|name| drop(headers.remove(*name)));
        if !body.is_empty() {
            headers.remove(CONTENT_LENGTH);
        }
        let body = renamed(&renamed(&body, "RequestId", &self.id.id), "HostId", &self.id.host_id);
        Shaped { status: parts.status, headers, body }
    }
}

/// The answer says that there is no object. Only those may know who may list the bucket.
fn tells_that_nothing_is_there(request: &Request, status: StatusCode) -> bool {
    // A delete marker that is the latest version is no object either.
    let is_told =
        status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED && request.version().is_none();
    is_told && request.needs_object()
}

/// The body with another text in the element that names the request.
fn renamed(body: &Bytes, element: &str, text: &str) -> Bytes {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let replaced = std::str::from_utf8(body).ok().and_then(|body| {
        let (before, rest) = body.split_once(&open)?;
        let (_, after) = rest.split_once(&close)?;
        Some(format!("{before}{open}{text}{close}{after}").into())
    });
    replaced.unwrap_or_else(|| body.clone())
}
