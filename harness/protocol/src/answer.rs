//! Answers, both ways.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use model::{Model, Operation, Protocol, Structure};
use serde_json::{Map, Value};

use crate::document::Documents;
use crate::fault::Malformed;
use crate::json::{self, Json, Names};
use crate::location::Location;
use crate::message::{Answer, Message};
use crate::xml::{self, Writer};
use crate::{cbor, rest};

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
    message.check_payload(model.output(operation).filter(|_| protocol.is_rest()))?;
    let output = model.output(operation);
    let members = &message.members;
    let (kind, body) = match protocol {
        Protocol::RestXml | Protocol::RestJson => return rest::encode_answer(model, protocol, operation, message),
        Protocol::Query => ("text/xml", write_query(model, operation, output, members, request_id)?),
        Protocol::Ec2 => ("text/xml;charset=UTF-8", write_ec2(model, operation, output, members, request_id)?),
        Protocol::Json => {
            let json = Json { model, names: Names::Members, is_strict: true };
            let document = json.write_members(output.unwrap_or_default(), members, &Location::Message)?;
            (
                if model.json_version == "1.0" { "application/x-amz-json-1.0" } else { "application/x-amz-json-1.1" },
                json::body(document),
            )
        }
        Protocol::RpcV2Cbor => ("application/cbor", cbor::write(model, output.unwrap_or_default(), members)?),
    };
    let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
    if protocol == Protocol::RpcV2Cbor {
        headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    }
    Ok(Answer { status: StatusCode::from_u16(operation.http.status).unwrap_or(StatusCode::OK), headers, body })
}

/// The members of an operation's output, from its answer. What the model does not have is left out.
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
        Protocol::RestXml | Protocol::RestJson => return rest::decode_answer(model, protocol, operation, answer),
        Protocol::Query => {
            let root = read_xml(&answer.body)?;
            let wrapper = operation.output.as_ref().and_then(|output| output.wrapper.as_deref());
            let inside = wrapper.and_then(|wrapper| root.child(wrapper)).unwrap_or(&root);
            of_query(model).read_members(output, inside, &Location::Message)?
        }
        Protocol::Ec2 => of_ec2(model).read_members(output, &read_xml(&answer.body)?, &Location::Message)?,
        Protocol::Json => {
            let json = Json { model, names: Names::Members, is_strict: false };
            json.read_members(output, json::object(&answer.body)?, &Location::Message)?
        }
        Protocol::RpcV2Cbor => cbor::read(model, output, &answer.body, false)?,
    };
    Ok(members.into())
}

fn read_xml(body: &[u8]) -> Result<xml::Element, Malformed> {
    xml::read(body).map_err(|_| Malformed::syntax("The answer is not well-formed XML."))
}

fn of_query(model: &Model) -> Documents<'_> {
    Documents { model, is_request: false, item: "member" }
}

fn of_ec2(model: &Model) -> Documents<'_> {
    Documents { model, is_request: false, item: "item" }
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
    let output = output.unwrap_or_default();
    let mut xml = Writer::new();
    xml.try_tagged(&format!("{}Response", operation.name), &[("xmlns", namespace)], |xml| {
        let write = |xml: &mut Writer| of_query(model).write_members(xml, output, members, &Location::Message);
        match wrapper {
            Some(wrapper) => xml.try_tagged(wrapper, &[], write)?,
            None => write(xml)?,
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
        if output.is_none() {
            xml.text("return", "true");
        }
        of_ec2(model).write_members(xml, output.unwrap_or_default(), members, &Location::Message)
    })?;
    Ok(xml.finish().into())
}
