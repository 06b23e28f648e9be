//! What an emulator says of its buckets and objects.

use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use http::Response;
use model::{Operation, S3};
use serde_json::{Map, Value};

/// The members that an answer tells. `None`: it is an error, or no answer to this operation.
pub(crate) fn told(operation: &Operation, answer: &Response<Bytes>) -> Option<Map<String, Value>> {
    let (status, headers, body) = (answer.status(), answer.headers().clone(), answer.body().clone());
    if !status.is_success() || body.trim_ascii().is_empty() {
        return None;
    }
    let answer = protocol::Answer { status, headers, body };
    protocol::decode_answer(&S3, S3.protocol, operation, &answer).ok().map(|message| message.members)
}

/// The request that would configure a bucket as an emulator says that it is. `put`: `PutBucketVersioning`; `told`: what
/// the operation that reads it has told. `None`: nothing is configured.
pub(crate) fn configured(put: &str, bucket: &str, mut told: Map<String, Value>) -> Result<Option<Request>, Fault> {
    let Some(member) = S3.operation(put).and_then(|put| S3.input(put)?.payload.as_deref()) else { return Ok(None) };
    let value = told.remove(member).unwrap_or(Value::Object(told));
    if value.as_object().is_some_and(Map::is_empty) {
        return Ok(None);
    }
    let members = Map::from_iter([("Bucket".to_owned(), bucket.into()), (member.to_owned(), value)]);
    Request::from_input(put, Value::Object(members), Bytes::new()).map(Some)
}
