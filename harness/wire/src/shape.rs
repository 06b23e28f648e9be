//! What goes back: results and errors in the shape of each protocol.

use account::{Fault, Sender};
use bytes::Bytes;
use http::header::SERVER;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Either;
use protocol::xml::Writer;
use protocol::{Malformed, Message, S3_CONTROL_NAMESPACE, http_date};
use serde_json::{Value, json};

use crate::answer::Protocol;
use crate::chance::RequestId;
use crate::route::Route;
use crate::upstream::Relayed;
use crate::whole::Whole;

#[cfg(test)]
mod tests;

/// The content type of S3's documents.
pub(crate) const XML: &str = "application/xml";
pub(crate) const AMZ_JSON: &str = "application/x-amz-json-1.1";

/// An answer without the ids that go with every answer.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Shaped {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Shaped {
        let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Shaped { status, headers, body: body.into() }
    }

    /// The answer as it goes out, with its ids.
    pub(crate) fn finish(self, protocol: Protocol, id: &RequestId) -> Response<Sent> {
        Answered::Shaped(self).finish(protocol, id)
    }
}

/// The body of an answer: made here, or on its way through.
pub(crate) type Sent = Either<Whole, Relayed>;

/// What is answered, without the ids that go with every answer.
pub(crate) enum Answered {
    Shaped(Shaped),
    Relayed(Response<Relayed>),
}

impl Answered {
    /// The answer as it goes out, with its ids.
    pub(crate) fn finish(self, protocol: Protocol, id: &RequestId) -> Response<Sent> {
        let mut response = match self {
            Answered::Shaped(Shaped { status, headers, body }) => {
                let mut response = Response::new(Either::Left(Whole::new(body)));
                (*response.status_mut(), *response.headers_mut()) = (status, headers);
                response
            }
            Answered::Relayed(response) => response.map(Either::Right),
        };
        let ids: &[(&'static str, &str)] = match protocol {
            Protocol::S3 => &[("x-amz-request-id", &id.id), ("x-amz-id-2", &id.host_id)],
            Protocol::Query | Protocol::Json => &[("x-amzn-requestid", &id.id)],
        };
        for (name, text) in ids {
            if let Ok(value) = HeaderValue::from_str(text) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        if protocol == Protocol::S3 {
            response.headers_mut().entry(SERVER).or_insert(HeaderValue::from_static("AmazonS3"));
        }
        response
    }
}

/// The result of an operation of a service that has one URL for all of them.
pub(crate) fn result(service: &str, operation: &str, id: &RequestId, output: Value) -> Result<Shaped, Fault> {
    let found = model::of(service).and_then(|model| Some((model, model.operation(operation)?)));
    let Some((model, operation)) = found else { return Err(Fault::new(400, "InvalidAction", operation)) };
    let message = match output {
        Value::Object(members) => Message::from(members),
        _ => Message::default(),
    };
    let answer = protocol::encode_answer(model, model.protocol, operation, &message, &id.id);
    let protocol::Answer { status, headers, body } = answer.map_err(|malformed| internal(&malformed))?;
    Ok(Shaped { status, headers, body })
}

/// A JSON document as an answer.
pub(crate) fn json_result(output: &Value) -> Shaped {
    Shaped::new(StatusCode::OK, AMZ_JSON, output.to_string())
}

/// An answer of ours that its operation does not have: a fault of the project's own.
pub(crate) fn internal(malformed: &Malformed) -> Fault {
    let message = format!("The answer does not fit the operation: {malformed}");
    Fault { sender: Sender::Service, ..Fault::new(500, "InternalFailure", message) }
}

/// An error. One without a body (304, and every answer to HEAD) keeps its status and headers.
pub(crate) fn fault(route: &Route, fault: &Fault, id: &RequestId, is_head: bool) -> Shaped {
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut shaped = match route.protocol {
        Protocol::S3 if route.service == "s3control" => Shaped::new(status, "text/xml", control_error(fault, id)),
        Protocol::S3 => Shaped::new(status, XML, s3_error(fault, id)),
        Protocol::Query => Shaped::new(status, "text/xml", query_error(&route.service, fault, id)),
        Protocol::Json => {
            let body = json!({ "__type": fault.code, "message": fault.message });
            Shaped::new(status, AMZ_JSON, body.to_string())
        }
    };
    if is_head || status == StatusCode::NOT_MODIFIED {
        shaped.body = Bytes::new();
    }
    if status == StatusCode::NOT_MODIFIED {
        shaped.headers.clear();
    }
    for (name, text) in &fault.beside {
        let text = match (*name, text.parse()) {
            ("LastModified", Ok(at)) => http_date(at),
            _ => text.clone(),
        };
        if let (Some(name), Ok(value)) = (error_header(name), HeaderValue::from_str(&text)) {
            shaped.headers.insert(HeaderName::from_static(name), value);
        }
    }
    shaped
}

/// The header that carries a member of an error.
fn error_header(member: &str) -> Option<&'static str> {
    Some(match member {
        "Allow" => "allow",
        "DeleteMarker" => "x-amz-delete-marker",
        "ETag" => "etag",
        "LastModified" => "last-modified",
        "VersionId" => "x-amz-version-id",
        _ => return None,
    })
}

/// smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization
fn query_error(service: &str, fault: &Fault, id: &RequestId) -> String {
    let at_fault = match fault.sender {
        Sender::Client => "Sender",
        Sender::Service => "Receiver",
    };
    // A request that names no service gets IAM's.
    let namespace = model::of(service).and_then(|model| model.xml_namespace.as_deref());
    let namespace = namespace.or(model::IAM.xml_namespace.as_deref()).unwrap_or_default();
    let mut xml = Writer::new();
    xml.root("ErrorResponse", namespace, |xml| {
        xml.element("Error", |xml| {
            xml.text("Type", at_fault);
            xml.text("Code", &fault.code);
            xml.text("Message", &fault.message);
        });
        xml.text("RequestId", &id.id);
    });
    xml.finish()
}

/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
fn s3_error(fault: &Fault, id: &RequestId) -> String {
    let mut xml = Writer::declared();
    xml.element("Error", |xml| {
        error_members(xml, fault);
        xml.text("RequestId", &id.id);
        xml.text("HostId", &id.host_id);
    });
    xml.finish()
}

/// Like S3's, in the wrapping that REST-XML has everywhere else.
/// smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#operation-error-serialization
fn control_error(fault: &Fault, id: &RequestId) -> String {
    let mut xml = Writer::declared();
    xml.root("ErrorResponse", S3_CONTROL_NAMESPACE, |xml| {
        xml.element("Error", |xml| error_members(xml, fault));
        xml.text("RequestId", &id.id);
        xml.text("HostId", &id.host_id);
    });
    xml.finish()
}

fn error_members(xml: &mut Writer, fault: &Fault) {
    xml.text("Code", &fault.code);
    xml.text("Message", &fault.message);
    for (name, text) in &fault.fields {
        xml.text(name, text);
    }
}
