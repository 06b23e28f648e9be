//! What is decoded and encoded.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use model::Structure;
use serde_json::{Map, Value};

use crate::fault::Malformed;

/// A request as HTTP carries it, without what is of the connection and of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, percent-encoded. A bucket that the host names stands in it.
    pub path: String,
    /// The query string, percent-encoded, without `?`.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, without any framing.
    pub body: Bytes,
}

/// An answer as HTTP carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// What an operation takes or gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// Its members, under AWS's member names.
    pub members: Map<String, Value>,
    /// The bytes that are the body all by themselves, if the operation has such a member.
    pub payload: Bytes,
}

impl Message {
    /// A payload is there only for a member that is the body all by itself.
    pub(crate) fn check_payload(&self, structure: Option<&Structure>) -> Result<(), Malformed> {
        let has_payload = structure.is_some_and(|structure| structure.payload.is_some());
        if self.payload.is_empty() || has_payload { Ok(()) } else { Err(Malformed::unexplained("payload")) }
    }
}

impl From<Map<String, Value>> for Message {
    fn from(members: Map<String, Value>) -> Self {
        Self { members, payload: Bytes::new() }
    }
}
