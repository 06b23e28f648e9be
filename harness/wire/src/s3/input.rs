//! From a request to the operation with its members.

use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{HeaderName, HeaderValue};
use model::{Kind, Operation, S3};
use protocol::Message;
use serde_json::Value;

use super::{Asked, Decoded, refusal};
use crate::body::Complete;

/// Headers for features that are not here. Ignoring one would store an object otherwise than it was asked for.
#[rustfmt::skip]
const UNSUPPORTED: [&str; 10] = [
    "x-amz-bucket-namespace",
    "x-amz-bucket-object-lock-enabled",
    "x-amz-copy-source-server-side-encryption-customer-",
    "x-amz-grant-",
    "x-amz-if-match-",
    "x-amz-object-lock-",
    "x-amz-rename-source",
    "x-amz-server-side-encryption-context",
    "x-amz-server-side-encryption-customer-",
    "x-amz-write-offset-bytes",
];

impl Asked {
    /// The operation with all its members. `body`: what the signature and the checksums hold for.
    pub(crate) fn decode(mut self, body: Bytes, complete: &Complete) -> Result<Decoded, Fault> {
        self.check_features()?;
        self.unframe();
        if let Some((header, sum)) = &complete.checksum
            && let Ok(sum) = HeaderValue::from_str(sum)
        {
            self.request.headers.insert(HeaderName::from_static(header), sum);
        }
        self.request.body = body;
        let Asked { operation, request } = self;
        let message = protocol::decode_request(&S3, S3.protocol, operation, &request)
            .map_err(|malformed| refusal::malformed(operation, &request, &malformed))?;
        check_document(operation, &message)?;
        let members = Value::Object(message.members.clone());
        let request = Request::from_input(&operation.name, members, message.payload.clone())?;
        Ok(Decoded { operation, request, message })
    }

    fn check_features(&self) -> Result<(), Fault> {
        let is_unsupported = |name: &&HeaderName| UNSUPPORTED.iter().any(|known| name.as_str().starts_with(known));
        match self.request.headers.keys().find(is_unsupported) {
            None => Ok(()),
            Some(name) => {
                let message = "A header you provided implies functionality that is not implemented";
                Err(Fault::new(501, "NotImplemented", message).with("Header", name.as_str()))
            }
        }
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

/// A document that must be there is there.
fn check_document(operation: &Operation, message: &Message) -> Result<(), Fault> {
    let Some(input) = S3.input(operation) else { return Ok(()) };
    let Some((name, member)) = input.payload.as_ref().and_then(|name| Some((name, input.member(name)?))) else {
        return Ok(());
    };
    let is_document = matches!(S3.shape(member.shape).kind, Kind::Structure(_));
    if is_document && member.is_required && !message.members.contains_key(name) {
        return Err(Fault::new(400, "MissingRequestBodyError", "Request Body is empty"));
    }
    Ok(())
}

/// `aws-chunked` is how the body travelled, not how the object is encoded.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
fn unframed(text: &str) -> Option<String> {
    let kept: Vec<&str> = text.split(',').map(str::trim).filter(|coding| *coding != "aws-chunked").collect();
    let kept = kept.join(",");
    (!kept.is_empty()).then_some(kept)
}
