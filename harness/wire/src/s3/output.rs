//! From a reply to status, headers and body.

use ::s3::Reply;
use account::Fault;
use bytes::Bytes;
use http::StatusCode;
use model::{Model, Operation, S3};
use protocol::Message;

use crate::shape::{self, Shaped};

/// The answer to an operation.
pub(crate) fn answer(operation: &Operation, reply: Reply) -> Result<Shaped, Fault> {
    let Reply { mut members, body: payload } = reply;
    let is_partial = members.contains_key("ContentRange");
    let is_head = operation.http.method == "HEAD";
    if !is_head {
        // The length comes from the body itself.
        members.remove("ContentLength");
    }
    let mut shaped = encoded(&S3, operation, &Message { members, payload })?;
    if is_partial {
        shaped.status = StatusCode::PARTIAL_CONTENT;
    }
    // docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html#API_PutBucketPolicy_Examples
    if operation.name == "PutBucketPolicy" {
        shaped.status = StatusCode::NO_CONTENT;
    }
    if is_head {
        shaped.body = Bytes::new();
    }
    Ok(shaped)
}

/// An answer of S3 or S3 Control.
pub(super) fn encoded(model: &Model, operation: &Operation, message: &Message) -> Result<Shaped, Fault> {
    let answer = protocol::encode_answer(model, model.protocol, operation, message, "");
    let protocol::Answer { status, headers, body } = answer.map_err(|malformed| shape::internal(&malformed))?;
    Ok(Shaped { status, headers, body })
}
