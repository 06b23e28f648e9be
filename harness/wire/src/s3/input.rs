//! From a request to the operation with its members.

use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderName, HeaderValue};
use model::{MemberLocation, Operation, S3};
use protocol::Message;
use serde_json::Value;

use super::{Decoded, RoutedRequest, not_implemented, refusal};
use crate::body::Complete;

impl RoutedRequest {
    /// The operation with all its members. `body` is the payload, whose signature and checksums have been checked; of an
    /// upload that is still coming it is empty.
    pub(crate) fn decode(mut self, body: Bytes, complete: &Complete) -> Result<Decoded, Fault> {
        self.unframe();
        if let Some((header, sum)) = &complete.checksum
            && let Ok(sum) = HeaderValue::from_str(sum)
        {
            self.request.headers.insert(HeaderName::from_static(header), sum);
        }
        self.request.body = body;
        let RoutedRequest { routed, request } = self;
        let operation = routed.operation;
        let message =
            routed.decode(&request).map_err(|malformed| refusal::malformed(operation, &request, &malformed))?;
        check_features(operation, &message)?;
        let Message { members, payload } = message;
        let request = Request::from_input(&operation.name, Value::Object(members), payload)?;
        Ok(Decoded { operation, request })
    }

    /// How the body travelled is not how the object is encoded.
    fn unframe(&mut self) {
        let headers = &mut self.request.headers;
        let texts: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
        let kept = unframed(&texts.join(",")).and_then(|text| HeaderValue::from_str(&text).ok());
        headers.remove(CONTENT_ENCODING);
        if let Some(kept) = kept {
            headers.insert(CONTENT_ENCODING, kept);
        }
    }
}

/// Ignoring a member for a feature that is not here would store an object otherwise than it was asked for, or have an emulator
/// do what nobody has decided on.
fn check_features(operation: &Operation, message: &Message) -> Result<(), Fault> {
    let Some(member) = ::s3::unsupported(&message.members) else { return Ok(()) };
    let known = S3.input(operation).and_then(|input| input.member(member));
    match known.filter(|known| known.place == MemberLocation::Header).and_then(|known| known.wire_name.as_deref()) {
        Some(header) => {
            let message = "A header you provided implies functionality that is not implemented";
            Err(Fault::new(501, "NotImplemented", message).with("Header", header.to_ascii_lowercase()))
        }
        None => Err(not_implemented(format!("{member} of {}", operation.name))),
    }
}

/// `aws-chunked` is how the body travelled, not how the object is encoded.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
fn unframed(text: &str) -> Option<String> {
    let kept: Vec<&str> = text.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
    let kept = kept.join(",");
    (!kept.is_empty()).then_some(kept)
}
