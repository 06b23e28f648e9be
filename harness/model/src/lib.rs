//! AWS's API models: what AWS says of each operation of a service, as data.
//!
//! [`of`] gives the model of a service that is built in. It is read when it is first asked for. [`Model::read`] reads
//! any other model that has the form of those in `data`.
//!
//! ```
//! let s3 = model::of("s3").expect("built in");
//! let operation = s3.operation("GetObjectTagging").expect("an operation of S3");
//! assert_eq!(operation.http.uri, "/{Bucket}/{Key+}?tagging");
//! let input = s3.input(operation).expect("it has an input");
//! assert!(input.member("Key").expect("a member").is_required);
//! ```

mod embedded;
mod operation;
mod read;
mod shape;

#[cfg(test)]
mod tests;

use indexmap::IndexMap;

pub use embedded::{ECS, IAM, LOGS, NAMES, S3, S3_CONTROL, STS, of};
pub use operation::{Http, Input, Operation, Output, Segment};
pub use read::ModelError;
pub use shape::{
    ErrorInfo, Limits, List, Map, Member, MemberLocation, Namespace, Reference, Shape, ShapeId, ShapeKind, Structure,
    TimestampFormat,
};

/// The API model of one service.
#[derive(Clone, Debug)]
pub struct Model {
    /// The service's name in the AWS CLI: `s3`, `s3control`, `logs`.
    pub name: String,
    /// The protocol that AWS's newest clients speak with it.
    pub protocol: Protocol,
    /// Every protocol that it answers in, that one first.
    pub protocols: Vec<Protocol>,
    /// `2006-03-01`; the query protocols send it as `Version`.
    pub api_version: String,
    /// The service in a signature's scope: `s3` for S3 Control.
    pub signing_name: String,
    /// What stands before the operation's name in `X-Amz-Target`.
    pub target_prefix: Option<String>,
    /// The version of the JSON protocols: `1.0` or `1.1`.
    pub json_version: String,
    /// The namespace of its XML documents.
    pub xml_namespace: Option<String>,
    /// Whether its errors keep the codes that they had in the query protocol.
    pub is_query_compatible: bool,
    pub(crate) operations: IndexMap<String, Operation>,
    pub(crate) shapes: Vec<Shape>,
}

/// How requests and answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `awsJson1_0` and `awsJson1_1`: a JSON document, and the operation in `X-Amz-Target`.
    Json,
    /// A form, and XML in return.
    Query,
    /// EC2's form of the query protocol.
    Ec2,
    /// Path, query string, headers, and XML.
    RestXml,
    /// Path, query string, headers, and JSON.
    RestJson,
    /// Smithy RPC v2 with CBOR.
    RpcV2Cbor,
}

impl Protocol {
    /// The name that the models use.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "query" => Self::Query,
            "ec2" => Self::Ec2,
            "rest-xml" => Self::RestXml,
            "rest-json" => Self::RestJson,
            "smithy-rpc-v2-cbor" => Self::RpcV2Cbor,
            _ => return None,
        })
    }

    /// Whether path, query string and headers carry members too.
    #[must_use]
    pub fn is_rest(self) -> bool {
        matches!(self, Self::RestXml | Self::RestJson)
    }
}

impl Model {
    /// A model without operations.
    fn empty(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            protocol: Protocol::Json,
            protocols: vec![Protocol::Json],
            api_version: String::new(),
            signing_name: name.to_owned(),
            target_prefix: None,
            json_version: "1.1".to_owned(),
            xml_namespace: None,
            is_query_compatible: false,
            operations: IndexMap::new(),
            shapes: Vec::new(),
        }
    }

    /// The operation of that name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.get(name)
    }

    /// Every operation, by name.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// Every shape, by name.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter()
    }

    /// The shape behind an id that this model gave.
    #[must_use]
    pub fn shape(&self, id: ShapeId) -> &Shape {
        self.shapes.get(id.0).unwrap_or(&shape::NOTHING)
    }

    /// The structure of an operation's input. `None`: it has no input.
    #[must_use]
    pub fn input(&self, operation: &Operation) -> Option<&Structure> {
        operation.input.as_ref().and_then(|input| self.structure(input.shape))
    }

    /// The structure of an operation's output. `None`: it has no output.
    #[must_use]
    pub fn output(&self, operation: &Operation) -> Option<&Structure> {
        operation.output.as_ref().and_then(|output| self.structure(output.shape))
    }

    /// The structure behind an id, if the shape is one.
    #[must_use]
    pub fn structure(&self, id: ShapeId) -> Option<&Structure> {
        match &self.shape(id).kind {
            ShapeKind::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// The errors that an operation's model lists.
    pub fn errors<'m>(&'m self, operation: &'m Operation) -> impl Iterator<Item = &'m Shape> {
        operation.errors.iter().map(|id| self.shape(*id))
    }
}
