//! A request as it goes on: encoded anew from the operation that was decided on. Of what the client sent, only the bytes
//! of an object go through.

use ::s3::ProxiedObjects as _;
use ::s3::{Remaining, Reply};
use account::Fault;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderName};
use http::{HeaderValue, Response};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use model::{MemberLocation, Operation, S3, ShapeKind};
use protocol::{Message, Reason};
use serde_json::json;

use super::{Content, Guard};
use crate::s3::{self, Decoded};
use crate::shape::Answered;
use crate::upstream::{Progress, S3_UNSIGNED, Signature, Upload};

/// Members that were checked here and are not the emulator's to know.
const CHECKED: [&str; 2] = ["ExpectedBucketOwner", "ExpectedSourceBucketOwner"];

impl Guard<'_> {
    /// Has a request done that was allowed.
    pub(super) async fn act(&self, decoded: Decoded, left: Remaining, content: Content) -> Result<Answered, Fault> {
        let Decoded { operation, mut request } = decoded;
        let quiet = request.member("Delete")["Quiet"].clone();
        let (members, payload) = request.take_message();
        let mut message = Message { members, payload };
        match left {
            Remaining::Nothing(reply) => s3::answer(operation, reply).map(Answered::Shaped),
            Remaining::All(change) => {
                let sent = self.send(operation, message, content).await?;
                if let Some(change) = change.filter(|_| sent.status().is_success()) {
                    self.hosted.with(|world| world.s3_change(change));
                }
                self.relay(&request, sent).await
            }
            Remaining::Upload => {
                let sent = self.send(operation, message, content).await?;
                if sent.status().is_success() {
                    self.began(&request, sent).await
                } else {
                    self.relay(&request, sent).await
                }
            }
            Remaining::Deletes { allowed, refused } if allowed.is_empty() => {
                s3::answer(operation, Reply::from(json!({ "Errors": refused }))).map(Answered::Shaped)
            }
            Remaining::Deletes { allowed, refused } => {
                message.members.insert("Delete".to_owned(), json!({ "Objects": allowed, "Quiet": quiet }));
                let response = self.send(operation, message, Content::Whole).await?;
                self.relay_with_errors(operation, response, refused).await
            }
        }
    }

    /// The request for an operation with these members, and its path with its query.
    pub(super) fn encoded(
        &self,
        operation: &Operation,
        message: Message,
    ) -> Result<(protocol::Request, String), Fault> {
        let request = encoded(operation, message).map_err(|malformed| match malformed.reason {
            // It is for the client to say it otherwise.
            Reason::Ambiguous => Fault::new(400, "InvalidArgument", format!("{malformed}.")),
            _ => self.backend.fault(&format!("cannot be asked for this {}: {malformed}", operation.name)),
        })?;
        let target = match request.query.as_str() {
            "" => request.path.clone(),
            query => format!("{}?{query}", request.path),
        };
        Ok((request, target))
    }

    async fn send(
        &self,
        operation: &Operation,
        message: Message,
        content: Content,
    ) -> Result<Response<Incoming>, Fault> {
        let (mut request, target) = self.encoded(operation, message)?;
        let target = (request.method.clone(), target.as_str());
        match content {
            Content::Whole => {
                if !request.body.is_empty() || !request.method.is_safe() {
                    request.headers.insert(CONTENT_LENGTH, HeaderValue::from(request.body.len()));
                }
                let body = Either::Left(Full::new(request.body));
                self.backend.send(target, request.headers, body, &S3_UNSIGNED, &Progress::default()).await
            }
            Content::Coming(upload) => {
                frame(&mut request, &upload);
                let progress = upload.progress();
                let framed = upload.trailer().is_some();
                let payload = if framed { "STREAMING-UNSIGNED-PAYLOAD-TRAILER" } else { S3_UNSIGNED.payload };
                let signature = Signature { payload, ..S3_UNSIGNED };
                self.backend.send(target, request.headers, Either::Right(*upload), &signature, &progress).await
            }
        }
    }
}

/// The request for an operation with these members. Its document is written anew, so that the checksums which the client
/// gave of its own are none of it.
fn encoded(operation: &Operation, mut message: Message) -> Result<protocol::Request, protocol::Malformed> {
    CHECKED.iter().for_each(|name| drop(message.members.remove(*name)));
    let has_document = has_document(operation);
    if has_document {
        message.members.retain(|name, _| name != "ContentMD5" && !name.starts_with("Checksum"));
    }
    let mut request = protocol::encode_request(&S3, S3.protocol, operation, &message)?;
    if has_document
        && !request.body.is_empty()
        && let Ok(md5) = HeaderValue::from_str(&s3::md5(&request.body))
    {
        request.headers.insert(HeaderName::from_static("content-md5"), md5);
    }
    Ok(request)
}

/// Whether the body of an operation is a document, not the bytes of an object.
fn has_document(operation: &Operation) -> bool {
    S3.input(operation).is_some_and(|input| match input.payload {
        Some(_) => !takes_bytes(operation),
        None => input.members.values().any(|member| member.place == MemberLocation::Body),
    })
}

/// Whether the body of an operation is the bytes of an object.
pub(super) fn takes_bytes(operation: &Operation) -> bool {
    let input = S3.input(operation);
    let payload = input.and_then(|input| input.member(input.payload.as_ref()?));
    payload.is_some_and(|payload| matches!(S3.shape(payload.shape).kind, ShapeKind::Blob))
}

/// How a body that is still coming travels.
fn frame(request: &mut protocol::Request, upload: &Upload) {
    let headers = &mut request.headers;
    headers.insert(CONTENT_LENGTH, HeaderValue::from(upload.length()));
    let Some(algorithm) = upload.trailer() else { return };
    let coding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let coding = coding.map_or_else(|| "aws-chunked".to_owned(), |coding| format!("aws-chunked,{coding}"));
    let decoded = upload.payload().to_string();
    for (name, text) in [
        ("content-encoding", coding.as_str()),
        ("x-amz-trailer", algorithm.header()),
        ("x-amz-decoded-content-length", decoded.as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_document_is_an_operations_own() {
        for (operation, expected) in [
            ("PutObject", false),
            ("UploadPart", false),
            ("GetObject", false),
            ("PutObjectTagging", true),
            ("PutBucketPolicy", true),
        ] {
            assert_eq!(has_document(S3.operation(operation).unwrap()), expected, "{operation}");
        }
    }

    #[test]
    fn what_was_checked_here_does_not_go_on() {
        let operation = S3.operation("PutObjectTagging").unwrap();
        let members = json!({
            "Bucket": "b", "Key": "k", "ExpectedBucketOwner": "123456789012", "ContentMD5": "of another document",
            "Tagging": { "TagSet": [{ "Key": "a", "Value": "1" }] },
        });
        let Value::Object(members) = members else { panic!("members") };
        let request = encoded(operation, Message::from(members)).unwrap();
        let body =
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
        assert_eq!((request.path.as_str(), request.query.as_str(), &request.body[..]), ("/b/k", "tagging", &body[..]));
        assert_eq!(request.headers.get("x-amz-expected-bucket-owner"), None);
        assert_eq!(request.headers["content-md5"], s3::md5(body).as_str());
    }
}
