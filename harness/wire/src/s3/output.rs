//! From a reply to status, headers and body.

use ::s3::Reply;
use ::s3::reply::{DeleteError, DeleteObjects};
use account::Fault;
use bytes::Bytes;
use http::StatusCode;
use model::{Model, Operation, S3};
use protocol::Message;
use serde_json::Value;

use crate::shape::{self, Shaped};

/// The answer to an operation.
pub(crate) fn answer(operation: &Operation, reply: Reply) -> Result<Shaped, Fault> {
    let mut message = Message::default();
    if let Ok(Value::Object(members)) = serde_json::to_value(&reply) {
        message.members = members;
    }
    let mut status = None;
    match reply {
        Reply::GetObject(object) => {
            // The length comes from the body itself.
            message.members.remove("ContentLength");
            status = object.head.content_range.is_some().then_some(StatusCode::PARTIAL_CONTENT);
            message.payload = object.body;
        }
        Reply::HeadObject(head) => status = head.content_range.is_some().then_some(StatusCode::PARTIAL_CONTENT),
        // docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html#API_PutBucketPolicy_Examples
        _ if operation.name == "PutBucketPolicy" => status = Some(StatusCode::NO_CONTENT),
        _ => {}
    }
    let mut shaped = encoded(&S3, operation, &message)?;
    shaped.status = status.unwrap_or(shaped.status);
    if operation.http.method == "HEAD" {
        shaped.body = Bytes::new();
    }
    Ok(shaped)
}

/// The answer to a batch delete of which nothing was done.
pub(crate) fn refused(operation: &Operation, errors: Vec<DeleteError>) -> Result<Shaped, Fault> {
    answer(operation, Reply::DeleteObjects(DeleteObjects { deleted: Vec::new(), errors }))
}

/// An answer of S3 or S3 Control.
pub(super) fn encoded(model: &Model, operation: &Operation, message: &Message) -> Result<Shaped, Fault> {
    let answer = protocol::encode_answer(model, model.protocol, operation, message, "");
    let protocol::Answer { status, headers, body } = answer.map_err(|malformed| shape::internal(&malformed))?;
    Ok(Shaped { status, headers, body })
}
