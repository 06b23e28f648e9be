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
}

/// Method and place of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// `GET`
    pub method: String,
    /// The path with its labels, and what the query string must have: `/{Bucket}/{Key+}?tagging`.
    pub uri: String,
    /// The path, between slashes.
    pub path: Vec<Segment>,
    /// The parameters that the query string must have, some with one value only.
    pub query: Vec<(String, Option<String>)>,
    /// The status of its answer.
    pub status: u16,
}

/// What stands between two slashes of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// This text.
    Literal(String),
    /// The value of a member, by the label's name.
    Label(String),
    /// The value of a member that may have slashes.
    Greedy(String),
}

impl Http {
    pub(crate) fn read(method: &str, uri: &str, status: u16) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let segment = |text: &str| match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(label) => match label.strip_suffix('+') {
                Some(label) => Segment::Greedy(label.to_owned()),
                None => Segment::Label(label.to_owned()),
            },
            None => Segment::Literal(text.to_owned()),
        };
        let parameter = |text: &str| match text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (text.to_owned(), None),
        };
        Self {
            method: method.to_owned(),
            uri: uri.to_owned(),
            path: path.split('/').filter(|text| !text.is_empty()).map(segment).collect(),
            query: query.split('&').filter(|text| !text.is_empty()).map(parameter).collect(),
            status,
        }
    }
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
    /// The root element of its document, in the XML protocols of REST.
    pub root: Option<String>,
}
