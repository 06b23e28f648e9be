//! The messages of REST: path, query string, headers, status and body.
//!
//! smithy.io/2.0/spec/http-bindings.html

mod body;
mod headers;
mod path;
mod query;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use model::{Member, MemberLocation, Model, Operation, Protocol, Structure};
use serde_json::{Map, Value};

use self::body::Body;
use crate::fault::Malformed;
use crate::message::{Answer, Message, Request};

pub use body::S3_CONTROL_NAMESPACE;
pub use headers::is_of_every_request;
pub(crate) use path::fits;
pub use query::is_of_signature;
pub(crate) use query::{
    Query, encoded, is_nothing_asked, lacks_parameter, parse as parse_query, unexplained_parameters,
};

pub(crate) fn decode_request(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    query: &Query,
    request: &Request,
) -> Result<Message, Malformed> {
    let input = model.input(operation);
    let mut message = Message::default();
    headers::check(input, &request.headers)?;
    query::read(model, operation, input, query, &mut message.members)?;
    let (Some(input), Some(body)) = (input, Body::of_request(model, protocol, operation)) else {
        return body::is_nothing(&request.body).map(|()| message);
    };
    path::read(model, operation, input, &request.path, &mut message.members)?;
    headers::read(model, input, &request.headers, &mut message.members)?;
    body.read(&request.body, &mut message)?;
    Ok(message)
}

pub(crate) fn encode_request(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Request, Malformed> {
    let input = model.input(operation);
    is_explained(input, &message.members)?;
    let method = operation.http.method.parse();
    let mut request = Request {
        method: method.map_err(|_| Malformed::syntax("The model's method is not one of HTTP's."))?,
        path: path::write(model, operation, input, &message.members)?,
        query: query::write(model, operation, input, &message.members)?,
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    if let Some((input, body)) = input.zip(Body::of_request(model, protocol, operation)) {
        request.headers = headers::write(model, input, &message.members, for_every_reader)?;
        let (kind, written) = body.write(message)?;
        set_kind(&mut request.headers, kind);
        request.body = written;
    }
    Ok(request)
}

pub(crate) fn encode_answer(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Answer, Malformed> {
    let mut answer = Answer {
        status: StatusCode::from_u16(operation.http.status).unwrap_or(StatusCode::OK),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
    };
    let output = model.output(operation);
    is_explained(output, &message.members)?;
    let Some((output, body)) = output.zip(Body::of_answer(model, protocol, operation)) else { return Ok(answer) };
    if let Some((own, value)) = status_member(output).and_then(|(own, _)| message.members.get_key_value(own)) {
        let status = value.as_u64().and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
        answer.status = status.ok_or_else(|| Malformed::not_a("a status", own))?;
    }
    answer.headers = headers::write(model, output, &message.members, encoded_word)?;
    let (kind, written) = body.write(message)?;
    set_kind(&mut answer.headers, kind);
    answer.body = written;
    Ok(answer)
}

pub(crate) fn decode_answer(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    answer: &Answer,
) -> Result<Message, Malformed> {
    let mut message = Message::default();
    let output = model.output(operation).zip(Body::of_answer(model, protocol, operation));
    let Some((output, body)) = output else { return Ok(message) };
    headers::read(model, output, &answer.headers, &mut message.members)?;
    message.members.values_mut().for_each(decode_words);
    if let Some((own, _)) = status_member(output) {
        message.members.insert(own.clone(), answer.status.as_u16().into());
    }
    body.read(&answer.body, &mut message)?;
    Ok(message)
}

/// Every member is one that the model has.
fn is_explained(structure: Option<&Structure>, members: &Map<String, Value>) -> Result<(), Malformed> {
    let is_known = |name: &String| structure.is_some_and(|structure| structure.member(name).is_some());
    let unknown = members.keys().find(|name| !is_known(name));
    unknown.map_or(Ok(()), |name| Err(Malformed::unexplained(name)))
}

fn status_member(output: &Structure) -> Option<(&String, &Member)> {
    output.members.iter().find(|(_, member)| member.place == MemberLocation::Status)
}

/// What a body is, unless a member says so.
fn set_kind(headers: &mut HeaderMap, kind: Option<&'static str>) {
    if let Some(kind) = kind {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
    }
}

/// What servers read alike: white space around a header is no part of it, and beyond ASCII some read UTF-8, some ISO 8859-1.
/// Nothing is decided on the metadata of an object and on HTTP's own headers: those go as they are.
fn for_every_reader(name: &str, text: String) -> Option<String> {
    let is_of_aws = name.starts_with("x-amz-") && !name.starts_with("x-amz-meta-");
    let is_alike = text.trim() == text && (text.is_ascii() || !is_of_aws);
    is_alike.then_some(text)
}

/// What no header of an answer can hold is written as RFC 2047 has it.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
fn encoded_word(_name: &str, text: String) -> Option<String> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control()) && text.trim() == text;
    Some(if is_plain { text } else { format!("=?UTF-8?B?{}?=", STANDARD.encode(text)) })
}

fn decode_words(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(decoded) = decoded_word(text) {
                *text = decoded;
            }
        }
        Value::Object(entries) => entries.values_mut().for_each(decode_words),
        _ => {}
    }
}

fn decoded_word(text: &str) -> Option<String> {
    let inside = text.strip_prefix("=?UTF-8?B?")?.strip_suffix("?=")?;
    String::from_utf8(STANDARD.decode(inside).ok()?).ok()
}
