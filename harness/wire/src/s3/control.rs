//! S3 Control: the tags of buckets, and an account's Block Public Access settings.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html

use account::Fault;
use bytes::Bytes;
use http::HeaderValue;
use http::request::Parts;
use model::{Operation, S3_CONTROL};
use protocol::Reason;
use serde_json::Value;

use super::{not_implemented, output, refusal};
use crate::host;
use crate::shape::Shaped;

/// A request whose operation is known; its body is still to come.
pub(crate) struct Control {
    routed: protocol::Routed<'static>,
    request: protocol::Request,
}

impl Control {
    /// Which operation it is.
    pub(crate) fn read(parts: &Parts) -> Result<Control, Fault> {
        let mut headers = parts.headers.clone();
        if let Some(account) = host::account(&host::of(parts)).and_then(|account| HeaderValue::from_str(account).ok())
            && *headers.entry("x-amz-account-id").or_insert(account.clone()) != account
        {
            let message = "The host and the header x-amz-account-id name two accounts.";
            return Err(Fault::new(400, "InvalidRequest", message));
        }
        let request = protocol::Request {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body: Bytes::new(),
        };
        match protocol::route(&S3_CONTROL, &request, |_| true) {
            Some(routed) => Ok(Control { routed, request }),
            None => Err(not_implemented(format!("{} {}", parts.method, parts.uri.path()))),
        }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.routed.operation
    }

    /// All members of the operation.
    pub(crate) fn input(self, body: Bytes) -> Result<Value, Fault> {
        let Control { routed, mut request } = self;
        request.body = body;
        let message = routed.decode(&request).map_err(|malformed| match malformed.reason {
            Reason::Unexplained if malformed.place.starts_with('?') => not_implemented(malformed.place),
            _ => refusal::malformed(routed.operation, &request, &malformed),
        })?;
        Ok(Value::Object(message.members))
    }
}

/// The answer to an operation.
pub(crate) fn answer(operation: &Operation, output: Value) -> Result<Shaped, Fault> {
    let members = if let Value::Object(members) = output { members } else { serde_json::Map::new() };
    output::encoded(&S3_CONTROL, operation, &members.into())
}
