//! Operations.

use crate::shape::{Namespace, ShapeId};

/// One operation of a service.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `GetObjectTagging`
    pub name: String,
    /// Where and how a request for it is sent.
    pub http: Http,
    /// What it takes. `None`: nothing.
    pub input: Option<Input>,
    /// What it gives. `None`: nothing.
    pub output: Option<Output>,
    /// The errors that its model lists.
    pub errors: Vec<ShapeId>,
    /// Whether it is called without a signature: STS's AssumeRoleWithWebIdentity and its kind.
    pub is_unsigned: bool,
    /// Whether AWS has replaced it by another operation.
    pub is_deprecated: bool,
    /// Whether a request must carry a checksum of its body.
    pub needs_checksum: bool,
}

/// Method and place of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// `GET`
    pub method: String,
    /// The path with its labels, and what the query string must have: `/{Bucket}/{Key+}?tagging`.
    pub uri: String,
    /// The status of its answer.
    pub status: u16,
}

/// What an operation takes.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its structure.
    pub shape: ShapeId,
    /// The root element of its document, in the XML protocols.
    pub root: Option<String>,
    /// The namespace of that document.
    pub namespace: Option<Namespace>,
}

/// What an operation gives.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its structure.
    pub shape: ShapeId,
    /// The element around the members, in the query protocol.
    pub wrapper: Option<String>,
}
