//! What an emulator says of a bucket, as the request that would configure it so.

use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use model::S3;
use serde_json::{Map, Value};

use super::refusal;

/// The request that would configure a bucket as an emulator answers that it is. `put`: `PutBucketVersioning`; `document`:
/// the answer to the operation that reads it. `None`: nothing is configured.
pub(crate) fn configured(put: &'static str, bucket: &str, document: Bytes) -> Result<Option<Request>, Fault> {
    let get = put.replacen("Put", "Get", 1);
    let (Some(put), Some(get)) = (S3.operation(put), S3.operation(&get)) else { return Ok(None) };
    let answer = protocol::Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: document };
    let read = protocol::decode_answer(&S3, S3.protocol, get, &answer).map_err(|_| refusal::not_xml())?;
    let Some(member) = S3.input(put).and_then(|input| input.payload.as_deref()) else { return Ok(None) };
    let mut members = read.members;
    let value = members.remove(member).unwrap_or(Value::Object(members));
    if value.as_object().is_some_and(Map::is_empty) {
        return Ok(None);
    }
    let members = Map::from_iter([("Bucket".to_owned(), bucket.into()), (member.to_owned(), value)]);
    Request::from_input(&put.name, Value::Object(members), Bytes::new()).map(Some)
}
