//! The emulator's answer as it goes back: as it is, under our request's id, unless AWS would not tell as much.

use ::s3::Elsewhere as _;
use ::s3::Request;
use ::s3::reply::DeleteError;
use account::Fault;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Response, StatusCode};
use hyper::body::Incoming;
use model::Operation;

use super::Guard;
use crate::s3;
use crate::shape::{Answered, Shaped};
use crate::upstream::Relayed;
use protocol::xml::{self, Writer};

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
        if let Some(bucket) = request.bucket().filter(|_| tells_that_nothing_is_there(request, status)) {
            self.call(|world, call| world.s3_reveal(call, bucket))?;
        }
        if status.is_client_error() || status.is_server_error() {
            let answer = self.backend.whole(response).await?;
            return Ok(Answered::Shaped(self.error(answer)));
        }
        match request {
            Request::CreateMultipartUpload(began) => return self.began(&began.bucket, &began.key, response).await,
            Request::CompleteMultipartUpload(ended) => {
                self.hosted.with(|world| world.s3_upload_ended(&ended.bucket, &ended.upload_id));
            }
            Request::AbortMultipartUpload(ended) => {
                self.hosted.with(|world| world.s3_upload_ended(&ended.bucket, &ended.upload_id));
            }
            _ => {}
        }
        let (mut parts, body) = response.into_parts();
        OWN.iter().for_each(|name| drop(parts.headers.remove(*name)));
        Ok(Answered::Relayed(Response::from_parts(parts, Relayed::new(body))))
    }

    /// The answer to the beginning of an upload, whose id the world keeps with its key and who began it.
    async fn began(&self, bucket: &str, key: &str, response: Response<Incoming>) -> Result<Answered, Fault> {
        let (mut parts, body) = self.backend.whole(response).await?.into_parts();
        let id = xml::read(&body).ok().and_then(|root| root.text_of("UploadId").map(str::to_owned));
        if let Some(id) = id {
            self.call(|world, call| world.s3_upload_began(call, bucket, key, &id));
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
        refused: Vec<DeleteError>,
    ) -> Result<Answered, Fault> {
        let answer = self.backend.whole(response).await?;
        if !answer.status().is_success() {
            return Ok(Answered::Shaped(self.error(answer)));
        }
        let (mut parts, body) = answer.into_parts();
        let text = String::from_utf8_lossy(&body);
        let Some((before, after)) = text.rsplit_once("</DeleteResult>") else {
            // An empty element: nothing to tell of what was deleted.
            return s3::refused(operation, refused).map(Answered::Shaped);
        };
        let mut xml = Writer::new();
        for error in &refused {
            xml.element("Error", |xml| {
                xml.text("Key", &error.key);
                if let Some(version) = &error.version_id {
                    xml.text("VersionId", version);
                }
                xml.text("Code", &error.code);
                xml.text("Message", &error.message);
            });
        }
        let body = format!("{before}{}</DeleteResult>{after}", xml.finish());
        OWN.iter().for_each(|name| drop(parts.headers.remove(*name)));
        parts.headers.remove(CONTENT_LENGTH);
        Ok(Answered::Shaped(Shaped { status: parts.status, headers: parts.headers, body: body.into() }))
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
    let version = match request {
        Request::GetObject(request) => &request.version_id,
        Request::HeadObject(request) => &request.version_id,
        Request::GetObjectAttributes(request) => &request.version_id,
        Request::GetObjectTagging(request) => &request.version_id,
        Request::PutObjectTagging(request) => &request.version_id,
        Request::DeleteObjectTagging(request) => &request.version_id,
        Request::GetObjectAcl(request) => &request.version_id,
        Request::PutObjectAcl(request) => &request.version_id,
        _ => return false,
    };
    // A delete marker that is the latest version is no object either.
    status == StatusCode::NOT_FOUND || status == StatusCode::METHOD_NOT_ALLOWED && version.is_none()
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
