//! Requests, both ways.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Kind, Model, Operation, Place, Protocol, Structure};
use serde_json::{Map, Value};

use crate::binding::Unfit;
use crate::document::Documents;
use crate::fault::{Malformed, Reason};
use crate::json::{Json, Names};
use crate::message::{Message, Request};
use crate::xml::Writer;
use crate::{binding, cbor, form, json, xml};

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
        Protocol::Query | Protocol::Ec2 => {
            let is_in_body = !request.body.trim_ascii().is_empty();
            let text = if is_in_body { request.body.trim_ascii() } else { request.query.as_bytes() };
            form::read(text)?.members(model, protocol, input)?
        }
        Protocol::Json => read_json(model, input, &request.body, Names::Members)?,
        Protocol::RpcV2Cbor => cbor::read(model, input, &request.body, true)?,
        Protocol::RestXml | Protocol::RestJson => return decode_rest(model, protocol, operation, request),
    };
    Ok(members.into())
}

/// A request for an operation, from the members of its input.
///
/// # Errors
/// A member is of another type than the model says, is none of the operation's, or one that the path needs is missing.
pub fn encode_request(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Request, Malformed> {
    let input = model.input(operation);
    let post = |headers: &[(&'static str, String)], body: Bytes| Request {
        method: Method::POST,
        path: "/".to_owned(),
        query: String::new(),
        headers: header_map(headers),
        body,
    };
    match protocol {
        Protocol::Query | Protocol::Ec2 => {
            let form = form::write(model, protocol, &operation.name, input, &message.members)?;
            Ok(post(&[("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())], form.into()))
        }
        Protocol::Json => {
            let document = write_json(model, input, &message.members, Names::Members)?;
            let target = format!("{}.{}", model.target_prefix.as_deref().unwrap_or_default(), operation.name);
            let content_type = format!("application/x-amz-json-{}", model.json_version);
            Ok(post(&[("content-type", content_type), ("x-amz-target", target)], json::body(document)))
        }
        Protocol::RpcV2Cbor => {
            let body = cbor::write(model, input, &message.members)?;
            let headers = [
                ("content-type", "application/cbor"),
                ("smithy-protocol", "rpc-v2-cbor"),
                ("accept", "application/cbor"),
            ];
            let headers = headers.map(|(name, text)| (name, text.to_owned()));
            let service = model.target_prefix.as_deref().unwrap_or_default();
            let path = format!("/service/{service}/operation/{}", operation.name);
            Ok(Request { path, ..post(&headers, body) })
        }
        Protocol::RestXml | Protocol::RestJson => encode_rest(model, protocol, operation, message),
    }
}

fn read_json(
    model: &Model,
    input: Option<&Structure>,
    body: &[u8],
    names: Names,
) -> Result<Map<String, Value>, Malformed> {
    let document = json::object(body)?;
    match input {
        Some(structure) => Json { model, names, is_strict: true }.read_members(structure, document, ""),
        None => document.keys().next().map_or(Ok(Map::new()), |name| Err(Malformed::unexplained(name))),
    }
}

pub(crate) fn write_json(
    model: &Model,
    structure: Option<&Structure>,
    members: &Map<String, Value>,
    names: Names,
) -> Result<Map<String, Value>, Malformed> {
    match structure {
        Some(structure) => Json { model, names, is_strict: true }.write_members(structure, members, ""),
        None => members.keys().next().map_or(Ok(Map::new()), |name| Err(Malformed::unexplained(name))),
    }
}

fn decode_rest(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    request: &Request,
) -> Result<Message, Malformed> {
    let input = model.input(operation);
    let mut message = Message::default();
    binding::check_headers(input, &request.headers)?;
    binding::read_query(model, operation, input, &binding::query(&request.query)?, &mut message.members)?;
    let Some(input) = input else {
        return nothing_in(&request.body).map(|()| message);
    };
    binding::read_path(model, operation, input, &request.path, &mut message.members)?;
    binding::read_headers(model, input, &request.headers, &mut message.members)?;
    read_body(model, protocol, operation, input, &request.body, &mut message)?;
    Ok(message)
}

/// The members that stand in the body of a REST request.
fn read_body(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    input: &Structure,
    body: &Bytes,
    message: &mut Message,
) -> Result<(), Malformed> {
    if let Some((own, member)) = payload(input) {
        let shape = model.shape(member.shape);
        match &shape.kind {
            Kind::Blob => message.payload = body.clone(),
            _ if body.trim_ascii().is_empty() => {}
            Kind::String => {
                let text = std::str::from_utf8(body)
                    .map_err(|_| Malformed::new(Reason::Syntax, own, "the body is not UTF-8"))?;
                message.members.insert(own.to_owned(), Value::String(text.to_owned()));
            }
            _ if protocol == Protocol::RestXml => {
                let root = root_of(body, member.wire_name.as_deref().unwrap_or(&shape.name))?;
                let value = documents(model, true).read(member.shape, &root, own)?;
                message.members.insert(own.to_owned(), value);
            }
            _ => {
                let document = json::object(body)?;
                let json = Json { model, names: Names::Wire, is_strict: true };
                message.members.insert(own.to_owned(), json.read(member.shape, Value::Object(document), own)?);
            }
        }
        return Ok(());
    }
    if body.trim_ascii().is_empty() {
        return Ok(());
    }
    if !input.members.values().any(|member| member.place == Place::Body) {
        return nothing_in(body);
    }
    let members = match protocol {
        Protocol::RestXml => {
            let shape = operation.input.as_ref().map_or("", |input| model.shape(input.shape).name.as_str());
            let root = operation.input.as_ref().and_then(|input| input.root.as_deref());
            documents(model, true).read_members(input, &root_of(body, root.unwrap_or(shape))?, "")?
        }
        _ => Json { model, names: Names::Wire, is_strict: true }.read_members(input, json::object(body)?, "")?,
    };
    message.members.extend(members);
    Ok(())
}

fn nothing_in(body: &[u8]) -> Result<(), Malformed> {
    match body.trim_ascii() {
        [] => Ok(()),
        _ => Err(Malformed::new(Reason::Unexplained, "body", "the operation has no body")),
    }
}

pub(crate) fn root_of(body: &[u8], name: &str) -> Result<xml::Element, Malformed> {
    let root = xml::read(body).map_err(|_| Malformed::syntax("The body is not well-formed XML."))?;
    if root.name == name { Ok(root) } else { Err(Malformed::unexplained(&root.name)) }
}

pub(crate) fn documents(model: &Model, is_strict: bool) -> Documents<'_> {
    Documents { model, is_strict, item: "member" }
}

/// The member that is the body all by itself.
pub(crate) fn payload(structure: &Structure) -> Option<(&str, &model::Member)> {
    let name = structure.payload.as_deref()?;
    structure.member(name).map(|member| (name, member))
}

fn encode_rest(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Request, Malformed> {
    let input = model.input(operation);
    let mut headers = HeaderMap::new();
    let mut body = Bytes::new();
    if let Some(unknown) = message.members.keys().find(|name| input.is_none_or(|input| input.member(name).is_none())) {
        return Err(Malformed::unexplained(unknown));
    }
    if let Some(input) = input {
        let (kind, written) = write_body(model, protocol, operation, input, message)?;
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        body = written;
        binding::write_headers(model, input, &message.members, &mut headers, Unfit::Refused)?;
    }
    Ok(Request {
        method: operation
            .http
            .method
            .parse()
            .map_err(|_| Malformed::syntax("The model's method is not one of HTTP's."))?,
        path: binding::write_path(model, operation, input, &message.members)?,
        query: binding::write_query(model, operation, input, &message.members)?,
        headers,
        body,
    })
}

fn write_body(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    input: &Structure,
    message: &Message,
) -> Result<(Option<&'static str>, Bytes), Malformed> {
    if let Some((own, member)) = payload(input) {
        let shape = model.shape(member.shape);
        let value = message.members.get(own);
        return Ok(match (&shape.kind, value) {
            (Kind::Blob, _) => (None, message.payload.clone()),
            (_, None) => (None, Bytes::new()),
            (Kind::String, Some(value)) => (None, Bytes::from(value.as_str().unwrap_or_default().to_owned())),
            (_, Some(value)) if protocol == Protocol::RestXml => {
                let name = member.wire_name.as_deref().unwrap_or(&shape.name);
                let namespace = member.namespace.as_ref().map(|namespace| namespace.uri.as_str());
                (Some("application/xml"), xml_body(model, member.shape, name, namespace, value)?)
            }
            (_, Some(value)) => {
                let document = Json { model, names: Names::Wire, is_strict: true }.write(member.shape, value, own)?;
                (Some("application/json"), Bytes::from(document.to_string()))
            }
        });
    }
    let is_in_body = |name: &String| input.member(name).is_some_and(|member| member.place == Place::Body);
    let inside: Map<String, Value> = message
        .members
        .iter()
        .filter(|(name, _)| is_in_body(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let has_document = input.members.values().any(|member| member.place == Place::Body);
    match (protocol, &operation.input) {
        (Protocol::RestXml, Some(of)) if !inside.is_empty() => {
            let name = of.root.as_deref().unwrap_or(&model.shape(of.shape).name);
            let namespace = of.namespace.as_ref().map(|namespace| namespace.uri.as_str());
            let body = xml_body(model, of.shape, name, namespace, &Value::Object(inside))?;
            Ok((Some("application/xml"), body))
        }
        (Protocol::RestJson, _) if has_document => {
            let document = write_json(model, Some(input), &inside, Names::Wire)?;
            Ok((Some("application/json"), json::body(document)))
        }
        _ => Ok((None, Bytes::new())),
    }
}

/// A document with this root.
pub(crate) fn xml_body(
    model: &Model,
    shape: model::ShapeId,
    root: &str,
    namespace: Option<&str>,
    value: &Value,
) -> Result<Bytes, Malformed> {
    let Some((structure, members)) = model.structure(shape).zip(value.as_object()) else {
        return Err(Malformed::not_a("a structure", root));
    };
    let mut xml = Writer::declared();
    let namespace: Vec<_> = namespace.map(|uri| ("xmlns", uri)).into_iter().collect();
    xml.try_tagged(root, &namespace, |xml| documents(model, true).write_members(xml, structure, members, ""))?;
    Ok(xml.finish().into())
}

fn header_map(headers: &[(&'static str, String)]) -> HeaderMap {
    let pairs = headers.iter();
    pairs.filter_map(|(name, text)| Some((HeaderName::from_static(name), HeaderValue::from_str(text).ok()?))).collect()
}
