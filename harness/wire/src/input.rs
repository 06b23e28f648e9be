//! The input of a call to a service that has one URL for all its operations.

use account::{Fault, Sender};
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use protocol::{Form, Malformed, Reason, Request};
use serde_json::Value;

/// A call: its operation, and its input under AWS's member names.
pub(crate) struct Input {
    pub(crate) operation: String,
    pub(crate) input: Value,
}

/// A request to a service that has one URL for all its operations, as far as the codec looks at it.
pub(crate) fn request(parts: &Parts, body: Bytes) -> Request {
    let query = parts.uri.query().unwrap_or_default().to_owned();
    Request { method: parts.method.clone(), path: "/".to_owned(), query, headers: HeaderMap::new(), body }
}

/// Reads a form of the query protocol.
/// docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
pub(crate) fn form(request: &Request) -> Result<Form, Fault> {
    let form = Form::of(request).map_err(|malformed| malformed_query(&malformed))?;
    if form.action.is_empty() {
        let message = "The request is missing an action or a required parameter.";
        return Err(Fault::new(400, "MissingAction", message));
    }
    Ok(form)
}

/// The input of an operation, by the form of a request that has one. An operation that the service's model does not have gets
/// none: it is refused by its name.
pub(crate) fn of(service: &str, operation: String, form: Option<Form>, request: &Request) -> Result<Input, Fault> {
    let found = model::of(service).and_then(|model| Some((model, model.operation(&operation)?)));
    let Some((model, modelled)) = found else { return Ok(Input { operation, input: Value::Null }) };
    let read = match form {
        Some(form) => protocol::decode_form(model, model.protocol, modelled, form, request),
        None => protocol::decode_request(model, model.protocol, modelled, request),
    };
    let message = read.map_err(|malformed| match (model.protocol, malformed.reason) {
        (model::Protocol::Json, _) => Fault::new(400, "SerializationException", malformed.to_string()),
        (_, Reason::Unexplained | Reason::Type) => {
            Fault::new(400, "ValidationError", format!("{}: {malformed}", modelled.name))
        }
        _ => malformed_query(&malformed),
    })?;
    Ok(Input { operation, input: Value::Object(message.members) })
}

fn malformed_query(malformed: &Malformed) -> Fault {
    let message = match malformed.place.as_str() {
        "" => malformed.to_string(),
        place => format!("The query string contains a syntax error at `{place}`."),
    };
    Fault { sender: Sender::Client, ..Fault::new(404, "MalformedQueryString", message) }
}
