//! Answers, both ways.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use model::{Kind, Member, Model, Operation, Place, Protocol, Structure};
use serde_json::{Map, Value};

use crate::binding::Unfit;
use crate::document::Documents;
use crate::fault::{Malformed, Reason};
use crate::json::{Json, Names};
use crate::message::{Answer, Message};
use crate::request::{documents, payload, root_of, write_json};
use crate::xml::{self, Writer};
use crate::{binding, cbor, json, text};

/// The namespace of S3's documents, which its model does not give.
const S3_NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// S3 Control's.
const S3_CONTROL_NAMESPACE: &str = "http://awss3control.amazonaws.com/doc/2018-08-20/";

/// The answer of an operation that did what was asked, from the members of its output. `request_id`: the query protocols
/// have it in their documents.
///
/// # Errors
/// A member is of another type than the model says, or is none of the operation's.
pub fn encode_answer(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
    request_id: &str,
) -> Result<Answer, Malformed> {
    let output = model.output(operation);
    let status = StatusCode::from_u16(operation.http.status).unwrap_or(StatusCode::OK);
    let answer = |content_type: &str, body: Bytes| {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(content_type) {
            headers.insert(CONTENT_TYPE, value);
        }
        Answer { status, headers, body }
    };
    Ok(match protocol {
        Protocol::Query => answer("text/xml", write_query(model, operation, output, &message.members, request_id)?),
        Protocol::Ec2 => {
            answer("text/xml;charset=UTF-8", write_ec2(model, operation, output, &message.members, request_id)?)
        }
        Protocol::Json => {
            let document = write_json(model, output, &message.members, Names::Members)?;
            answer(&format!("application/x-amz-json-{}", model.json_version), json::body(document))
        }
        Protocol::RpcV2Cbor => {
            let mut answer = answer("application/cbor", cbor::write(model, output, &message.members)?);
            answer.headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
            answer
        }
        Protocol::RestXml | Protocol::RestJson => write_rest(model, protocol, operation, message)?,
    })
}

/// The members of an operation's output, from its answer. What the model does not have is left out, but the document of a
/// REST service has the operation's own root.
///
/// # Errors
/// The answer does not fit the operation.
pub fn decode_answer(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    answer: &Answer,
) -> Result<Message, Malformed> {
    let Some(output) = model.output(operation) else { return Ok(Message::default()) };
    let members = match protocol {
        Protocol::Query => {
            let root = read_xml(&answer.body)?;
            let wrapper = operation.output.as_ref().and_then(|output| output.wrapper.as_deref());
            let inside = wrapper.and_then(|wrapper| root.child(wrapper)).unwrap_or(&root);
            documents(model, false).read_members(output, inside, "")?
        }
        Protocol::Ec2 => of_ec2(model).read_members(output, &read_xml(&answer.body)?, "")?,
        Protocol::Json => {
            let document = json::object(&answer.body)?;
            Json { model, names: Names::Members, is_strict: false }.read_members(output, document, "")?
        }
        Protocol::RpcV2Cbor => cbor::read(model, Some(output), &answer.body, false)?,
        Protocol::RestXml | Protocol::RestJson => return read_rest(model, protocol, operation, output, answer),
    };
    Ok(members.into())
}

fn read_xml(body: &[u8]) -> Result<xml::Element, Malformed> {
    xml::read(body).map_err(|_| Malformed::syntax("The answer is not well-formed XML."))
}

fn of_ec2(model: &Model) -> Documents<'_> {
    Documents { model, is_strict: false, item: "item" }
}

/// Operations without output have no result element.
fn write_query(
    model: &Model,
    operation: &Operation,
    output: Option<&Structure>,
    members: &Map<String, Value>,
    request_id: &str,
) -> Result<Bytes, Malformed> {
    let wrapper = operation.output.as_ref().and_then(|output| output.wrapper.as_deref());
    let namespace = model.xml_namespace.as_deref().unwrap_or_default();
    let mut xml = Writer::new();
    xml.try_tagged(&format!("{}Response", operation.name), &[("xmlns", namespace)], |xml| {
        if let Some(output) = output {
            let write = |xml: &mut Writer| documents(model, true).write_members(xml, output, members, "");
            match wrapper {
                Some(wrapper) => xml.try_tagged(wrapper, &[], write)?,
                None => write(xml)?,
            }
        }
        xml.element("ResponseMetadata", |xml| xml.text("RequestId", request_id));
        Ok(())
    })?;
    Ok(xml.finish().into())
}

fn write_ec2(
    model: &Model,
    operation: &Operation,
    output: Option<&Structure>,
    members: &Map<String, Value>,
    request_id: &str,
) -> Result<Bytes, Malformed> {
    let namespace = model.xml_namespace.as_deref().unwrap_or_default();
    let mut xml = Writer::declared();
    xml.try_tagged(&format!("{}Response", operation.name), &[("xmlns", namespace)], |xml| {
        xml.text("requestId", request_id);
        match output {
            Some(output) => of_ec2(model).write_members(xml, output, members, ""),
            None => {
                xml.text("return", "true");
                Ok(())
            }
        }
    })?;
    Ok(xml.finish().into())
}

fn write_rest(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    message: &Message,
) -> Result<Answer, Malformed> {
    let mut answer = Answer {
        status: StatusCode::from_u16(operation.http.status).unwrap_or(StatusCode::OK),
        headers: HeaderMap::with_capacity(16),
        body: Bytes::new(),
    };
    let Some(output) = model.output(operation) else { return Ok(answer) };
    if let Some(unknown) = message.members.keys().find(|name| output.member(name).is_none()) {
        return Err(Malformed::unexplained(unknown));
    }
    if let Some(status) = status_member(output).and_then(|(own, _)| message.members.get(own)?.as_u64())
        && let Some(status) = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok())
    {
        answer.status = status;
    }
    let (content_type, body) = write_body(model, protocol, operation, output, message)?;
    answer.body = body;
    if let Some(content_type) = content_type {
        answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    binding::write_headers(model, output, &message.members, &mut answer.headers, Unfit::LeftOut)?;
    Ok(answer)
}

fn status_member(output: &Structure) -> Option<(&String, &Member)> {
    output.members.iter().find(|(_, member)| member.place == Place::Status)
}

fn decoded_word(text: &str) -> Option<String> {
    let inside = text.strip_prefix("=?UTF-8?B?")?.strip_suffix("?=")?;
    String::from_utf8(STANDARD.decode(inside).ok()?).ok()
}

fn write_body(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    output: &Structure,
    message: &Message,
) -> Result<(Option<&'static str>, Bytes), Malformed> {
    if let Some((own, member)) = payload(output) {
        let shape = model.shape(member.shape);
        let value = message.members.get(own);
        return Ok(match (&shape.kind, value) {
            (Kind::Blob, _) => (None, message.payload.clone()),
            (_, None) => (None, Bytes::new()),
            // S3's one such answer is a bucket policy.
            (Kind::String, Some(value)) => {
                (Some("application/json"), Bytes::from(value.as_str().unwrap_or_default().to_owned()))
            }
            (_, Some(value)) if protocol == Protocol::RestXml => {
                let root = member.wire_name.as_deref().unwrap_or(&shape.name);
                (Some("application/xml"), document(model, member.shape, root, value)?)
            }
            (_, Some(value)) => {
                let document = Json { model, names: Names::Wire, is_strict: true }.write(member.shape, value, own)?;
                (Some("application/json"), Bytes::from(document.to_string()))
            }
        });
    }
    let is_in_body = |member: &Member| member.place == Place::Body;
    if !output.members.values().any(is_in_body) {
        // A JSON client expects a document.
        let body = if protocol == Protocol::RestJson {
            (Some("application/json"), Bytes::from_static(b"{}"))
        } else {
            (None, Bytes::new())
        };
        return Ok(body);
    }
    if protocol == Protocol::RestJson {
        return Ok((
            Some("application/json"),
            json::body(write_json(model, Some(output), &message.members, Names::Wire)?),
        ));
    }
    let Some(of) = &operation.output else { return Ok((None, Bytes::new())) };
    let root = of.root.as_deref().unwrap_or(&model.shape(of.shape).name);
    if let Some((own, member)) = unwrapped(model, output, root) {
        let mut xml = Writer::declared();
        let text = message
            .members
            .get(own)
            .filter(|value| !value.is_null())
            .map(|value| text::write(model.shape(member.shape), value, model::TimestampFormat::Iso8601, own));
        let text = text.transpose()?.unwrap_or_default();
        xml.root(root, namespace(model), |xml| xml.content(&text));
        return Ok((Some("application/xml"), xml.finish().into()));
    }
    let inside = message.members.iter().filter(|(name, _)| output.member(name).is_some_and(is_in_body));
    let inside = inside.map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok((Some("application/xml"), document(model, of.shape, root, &Value::Object(inside))?))
}

/// The member whose text is the whole document: the root has its name.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
fn unwrapped<'o>(model: &Model, output: &'o Structure, root: &str) -> Option<(&'o str, &'o Member)> {
    let (own, member) = output.members.first()?;
    let is_text = matches!(model.shape(member.shape).kind, Kind::String);
    (output.members.len() == 1 && is_text && own == root).then_some((own.as_str(), member))
}

fn document(model: &Model, shape: model::ShapeId, root: &str, value: &Value) -> Result<Bytes, Malformed> {
    crate::request::xml_body(model, shape, root, Some(namespace(model)), value)
}

fn namespace(model: &Model) -> &str {
    match model.name.as_str() {
        "s3" => S3_NAMESPACE,
        "s3control" => S3_CONTROL_NAMESPACE,
        _ => model.xml_namespace.as_deref().unwrap_or_default(),
    }
}

fn read_rest(
    model: &Model,
    protocol: Protocol,
    operation: &Operation,
    output: &Structure,
    answer: &Answer,
) -> Result<Message, Malformed> {
    let mut message = Message::default();
    binding::read_headers(model, output, &answer.headers, &mut message.members)?;
    for value in message.members.values_mut() {
        decode_words(value);
    }
    if let Some((own, _)) = status_member(output) {
        message.members.insert(own.clone(), answer.status.as_u16().into());
    }
    if let Some((own, member)) = payload(output) {
        let body = &answer.body;
        let shape = model.shape(member.shape);
        match &shape.kind {
            Kind::Blob => message.payload = body.clone(),
            _ if body.trim_ascii().is_empty() => {}
            Kind::String => {
                let text = std::str::from_utf8(body);
                let text = text.map_err(|_| Malformed::new(Reason::Syntax, own, "the body is not UTF-8"))?;
                message.members.insert(own.to_owned(), Value::String(text.to_owned()));
            }
            _ if protocol == Protocol::RestXml => {
                let root = root_of(body, member.wire_name.as_deref().unwrap_or(&shape.name))?;
                let value = documents(model, false).read(member.shape, &root, own)?;
                message.members.insert(own.to_owned(), value);
            }
            _ => {
                let json = Json { model, names: Names::Wire, is_strict: false };
                message
                    .members
                    .insert(own.to_owned(), json.read(member.shape, Value::Object(json::object(body)?), own)?);
            }
        }
        return Ok(message);
    }
    if answer.body.trim_ascii().is_empty() || !output.members.values().any(|member| member.place == Place::Body) {
        return Ok(message);
    }
    let members = match protocol {
        Protocol::RestXml => {
            let of = operation.output.as_ref();
            let shape = of.map_or("", |output| model.shape(output.shape).name.as_str());
            let name = of.and_then(|output| output.root.as_deref()).unwrap_or(shape);
            let root = root_of(&answer.body, name)?;
            match unwrapped(model, output, name) {
                Some(_) if root.text.is_empty() => Map::new(),
                Some((own, _)) => Map::from_iter([(own.to_owned(), Value::String(root.text))]),
                None => documents(model, false).read_members(output, &root, "")?,
            }
        }
        _ => Json { model, names: Names::Wire, is_strict: false }.read_members(
            output,
            json::object(&answer.body)?,
            "",
        )?,
    };
    message.members.extend(members);
    Ok(message)
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
