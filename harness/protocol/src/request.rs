//! Requests, both ways.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Model, Operation, Protocol};

use crate::fault::Malformed;
use crate::form::Form;
use crate::json::{self, Json, Names};
use crate::location::Location;
use crate::message::{Message, Request};
use crate::{cbor, form, rest};

/// The members of an operation's input, from a request for it.
///
/// # Errors
/// The request does not fit the operation, or says more than the operation has.
pub fn decode_request(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    request: &Request,
) -> Result<Message, Malformed> {
    let input = model.input(operation);
    let members = match protocol {
        Protocol::RestXml | Protocol::RestJson => {
            let query = rest::parse_query(&request.query)?;
            return rest::decode_request(model, protocol, operation, &query, request);
        }
        Protocol::Query | Protocol::Ec2 => {
            return decode_form(model, protocol, operation, Form::of(request)?, request);
        }
        Protocol::Json => {
            rest::is_nothing_asked(&request.query)?;
            let json = Json { model, names: Names::Members, is_strict: true };
            json.read_members(input.unwrap_or_default(), json::object(&request.body)?, &Location::Message)?
        }
        Protocol::RpcV2Cbor => {
            rest::is_nothing_asked(&request.query)?;
            cbor::read(model, input.unwrap_or_default(), &request.body, true)?
        }
    };
    Ok(members.into())
}

/// The same, from the form of a request, which was read to find its operation.
///
/// # Errors
/// The form does not fit the operation, or the query string says something beside it.
pub fn decode_form(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    form: Form,
    request: &Request,
) -> Result<Message, Malformed> {
    if !request.body.trim_ascii().is_empty() {
        rest::is_nothing_asked(&request.query)?;
    }
    form.members(model, protocol, model.input(operation)).map(Message::from)
}

/// A request for an operation, from the members of its input.
///
/// # Errors
/// A member is of another type than the model says, is none of the operation's, or one that the path needs is missing; or
/// not every reader would read the request as it is meant.
pub fn encode_request(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Request, Malformed> {
    message.check_payload(model.input(operation).filter(|_| protocol.is_rest()))?;
    let input = model.input(operation).unwrap_or_default();
    let service = model.target_prefix.as_deref().unwrap_or_default();
    let members = &message.members;
    match protocol {
        Protocol::RestXml | Protocol::RestJson => rest::encode_request(model, protocol, operation, message),
        Protocol::Query | Protocol::Ec2 => {
            let form = form::write(model, protocol, &operation.name, input, members)?;
            Ok(post("application/x-www-form-urlencoded; charset=utf-8", form.into()))
        }
        Protocol::Json => {
            let json = Json { model, names: Names::Members, is_strict: true };
            let body = json::body(json.write_members(input, members, &Location::Message)?);
            let request = post(&format!("application/x-amz-json-{}", model.json_version), body);
            let target = format!("{service}.{}", operation.name);
            Ok(asking_for_codes(model, with_header(request, "x-amz-target", &target)))
        }
        Protocol::RpcV2Cbor => {
            let request = post("application/cbor", cbor::write(model, input, members)?);
            let request = with_header(request, "smithy-protocol", "rpc-v2-cbor");
            let request = asking_for_codes(model, with_header(request, "accept", "application/cbor"));
            Ok(Request { path: format!("/service/{service}/operation/{}", operation.name), ..request })
        }
    }
}

/// A request of the protocols whose requests all have one method and path.
fn post(content_type: &str, body: Bytes) -> Request {
    let (path, query, headers) = ("/".to_owned(), String::new(), HeaderMap::new());
    with_header(Request { method: Method::POST, path, query, headers, body }, "content-type", content_type)
}

/// Clients of a service that once spoke the query protocol ask for the codes that its errors had there.
/// smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
fn asking_for_codes(model: &Model, request: Request) -> Request {
    if model.is_query_compatible { with_header(request, "x-amzn-query-mode", "true") } else { request }
}

/// Names of models are fit for headers.
fn with_header(mut request: Request, name: &'static str, text: &str) -> Request {
    if let Ok(text) = HeaderValue::from_str(text) {
        request.headers.insert(HeaderName::from_static(name), text);
    }
    request
}
