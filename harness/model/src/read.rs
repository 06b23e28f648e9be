//! Reads a model from the form in which AWS gives it to botocore.

use std::collections::HashMap;
use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::operation::{Http, Input, Operation, Output};
use crate::shape::{
    ErrorInfo, Limits, List, Map, Member, MemberLocation, Namespace, Reference, Shape, ShapeId, ShapeKind, Structure,
    TimestampFormat,
};
use crate::{Model, Protocol};

/// A model that cannot be read.
#[derive(Debug)]
pub struct ModelError(String);

impl fmt::Display for ModelError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// Reads the model of the service with this name in the AWS CLI.
    ///
    /// # Errors
    /// The text is not JSON of the form that `data` has, or names a shape, type or protocol that is not known.
    pub fn read(name: &str, text: &str) -> Result<Self, ModelError> {
        let raw: RawModel = serde_json::from_str(text).map_err(|error| ModelError(format!("{name}: {error}")))?;
        let ids = raw.shapes.keys().enumerate().map(|(at, name)| (name.as_str(), ShapeId(at))).collect();
        let reader = Reader { model: name, ids, shapes: &raw.shapes };
        let shapes: Result<_, _> = raw.shapes.iter().map(|(name, shape)| reader.shape(name, shape)).collect();
        let operations: Result<_, _> = raw.operations.iter().map(|(name, one)| reader.operation(name, one)).collect();
        let metadata = raw.metadata;
        let protocol = |text: &str| {
            Protocol::named(text).ok_or_else(|| ModelError(format!("{name}: the protocol `{text}` is not known")))
        };
        Ok(Self {
            name: name.to_owned(),
            protocol: protocol(&metadata.protocol)?,
            protocols: metadata.protocols.iter().map(|text| protocol(text)).collect::<Result<_, _>>()?,
            api_version: metadata.api_version,
            signing_name: metadata.signing_name.unwrap_or(metadata.endpoint_prefix),
            target_prefix: metadata.target_prefix,
            json_version: metadata.json_version.unwrap_or_else(|| "1.1".to_owned()),
            xml_namespace: metadata.xml_namespace,
            is_query_compatible: metadata.aws_query_compatible.is_some(),
            operations: operations?,
            shapes: shapes?,
        })
    }
}

#[derive(Deserialize)]
struct RawModel {
    metadata: RawMetadata,
    operations: IndexMap<String, RawOperation>,
    shapes: IndexMap<String, RawShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetadata {
    api_version: String,
    endpoint_prefix: String,
    protocol: String,
    protocols: Vec<String>,
    json_version: Option<String>,
    signing_name: Option<String>,
    target_prefix: Option<String>,
    xml_namespace: Option<String>,
    aws_query_compatible: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOperation {
    http: RawHttp,
    input: Option<RawSide>,
    output: Option<RawSide>,
    #[serde(default)]
    errors: Vec<String>,
    authtype: Option<String>,
    #[serde(default)]
    auth: Vec<String>,
    #[serde(default)]
    deprecated: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHttp {
    method: String,
    request_uri: String,
    response_code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSide {
    shape: String,
    result_wrapper: Option<String>,
    location_name: Option<String>,
    xml_namespace: Option<RawNamespace>,
}

#[derive(Deserialize)]
struct RawNamespace {
    prefix: Option<String>,
    uri: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawShape {
    r#type: String,
    #[serde(default)]
    members: IndexMap<String, RawMember>,
    #[serde(default)]
    required: Vec<String>,
    member: Option<RawMember>,
    key: Option<RawMember>,
    value: Option<RawMember>,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<String>,
    #[serde(default)]
    r#enum: Vec<String>,
    payload: Option<String>,
    #[serde(default)]
    flattened: bool,
    #[serde(default)]
    document: bool,
    #[serde(default)]
    union: bool,
    #[serde(default)]
    eventstream: bool,
    #[serde(default)]
    exception: bool,
    error: Option<RawError>,
    location_name: Option<String>,
    xml_namespace: Option<RawNamespace>,
    timestamp_format: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawError {
    code: Option<String>,
    http_status_code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMember {
    shape: String,
    location: Option<String>,
    location_name: Option<String>,
    query_name: Option<String>,
    #[serde(default)]
    flattened: bool,
    #[serde(default)]
    xml_attribute: bool,
    xml_namespace: Option<RawNamespace>,
}

struct Reader<'a> {
    model: &'a str,
    ids: HashMap<&'a str, ShapeId>,
    shapes: &'a IndexMap<String, RawShape>,
}

impl Reader<'_> {
    fn error(&self, what: impl fmt::Display) -> ModelError {
        ModelError(format!("{}: {what}", self.model))
    }

    fn id(&self, name: &str) -> Result<ShapeId, ModelError> {
        self.ids.get(name).copied().ok_or_else(|| self.error(format_args!("there is no shape `{name}`")))
    }

    fn raw(&self, name: &str) -> Result<&RawShape, ModelError> {
        self.shapes.get(name).ok_or_else(|| self.error(format_args!("there is no shape `{name}`")))
    }

    fn root(&self, side: &RawSide) -> Option<String> {
        let of_shape = || self.shapes.get(&side.shape).and_then(|shape| shape.location_name.clone());
        side.location_name.clone().or_else(of_shape)
    }

    fn operation(&self, name: &str, raw: &RawOperation) -> Result<(String, Operation), ModelError> {
        let input = raw.input.as_ref().map(|side| {
            let namespace = side.xml_namespace.as_ref().map(namespace);
            Ok(Input { shape: self.id(&side.shape)?, root: self.root(side), namespace })
        });
        let output = raw.output.as_ref().map(|side| {
            Ok(Output { shape: self.id(&side.shape)?, wrapper: side.result_wrapper.clone(), root: self.root(side) })
        });
        let is_unsigned =
            raw.authtype.as_deref() == Some("none") || raw.auth.iter().any(|one| one == "smithy.api#noAuth");
        let operation = Operation {
            name: name.to_owned(),
            http: Http::read(&raw.http.method, &raw.http.request_uri, raw.http.response_code.unwrap_or(200)),
            input: input.transpose()?,
            output: output.transpose()?,
            errors: raw.errors.iter().map(|name| self.id(name)).collect::<Result<_, _>>()?,
            is_unsigned,
            is_deprecated: raw.deprecated,
        };
        Ok((name.to_owned(), operation))
    }

    fn shape(&self, name: &str, raw: &RawShape) -> Result<Shape, ModelError> {
        let missing = |part: &str| self.error(format_args!("the shape `{name}` has no {part}"));
        let kind = match raw.r#type.as_str() {
            "structure" => ShapeKind::Structure(self.structure(raw)?),
            "list" => ShapeKind::List(List {
                item: self.reference(raw.member.as_ref().ok_or_else(|| missing("member"))?)?,
                is_flattened: raw.flattened,
            }),
            "map" => ShapeKind::Map(Map {
                key: self.reference(raw.key.as_ref().ok_or_else(|| missing("key"))?)?,
                value: self.reference(raw.value.as_ref().ok_or_else(|| missing("value"))?)?,
                is_flattened: raw.flattened,
            }),
            "string" | "character" => ShapeKind::String,
            "blob" => ShapeKind::Blob,
            "boolean" => ShapeKind::Boolean,
            "integer" | "long" | "short" | "byte" | "bigInteger" => ShapeKind::Integer,
            "float" | "double" | "bigDecimal" => ShapeKind::Float,
            "timestamp" => ShapeKind::Timestamp(self.timestamp(raw.timestamp_format.as_deref())?),
            other => {
                return Err(self.error(format_args!("the shape `{name}` is of the type `{other}`, which is not known")));
            }
        };
        let limits = Limits { min: raw.min, max: raw.max, pattern: raw.pattern.clone(), values: raw.r#enum.clone() };
        Ok(Shape { name: name.to_owned(), kind, limits })
    }

    fn structure(&self, raw: &RawShape) -> Result<Structure, ModelError> {
        let members = raw.members.iter().map(|(name, member)| {
            let is_required = raw.required.contains(name);
            Ok((name.clone(), self.member(member, is_required)?))
        });
        let error =
            raw.error.as_ref().map(|error| ErrorInfo { code: error.code.clone(), status: error.http_status_code });
        Ok(Structure {
            members: members.collect::<Result<_, _>>()?,
            payload: raw.payload.clone(),
            is_document: raw.document,
            is_union: raw.union,
            is_event_stream: raw.eventstream,
            error: error.or_else(|| raw.exception.then_some(ErrorInfo { code: None, status: None })),
        })
    }

    fn member(&self, raw: &RawMember, is_required: bool) -> Result<Member, ModelError> {
        let place = match raw.location.as_deref() {
            None => MemberLocation::Body,
            Some("uri") => MemberLocation::Path,
            Some("querystring") => MemberLocation::Query,
            Some("header") => MemberLocation::Header,
            Some("headers") => MemberLocation::Headers,
            Some("statusCode") => MemberLocation::Status,
            Some(other) => return Err(self.error(format_args!("the location `{other}` is not known"))),
        };
        let shape = self.raw(&raw.shape)?;
        Ok(Member {
            shape: self.id(&raw.shape)?,
            is_required,
            place,
            wire_name: raw.location_name.clone().or_else(|| shape.location_name.clone()),
            query_name: raw.query_name.clone(),
            is_flattened: raw.flattened || shape.flattened,
            is_attribute: raw.xml_attribute,
            namespace: raw.xml_namespace.as_ref().or(shape.xml_namespace.as_ref()).map(namespace),
        })
    }

    fn reference(&self, raw: &RawMember) -> Result<Reference, ModelError> {
        let of_shape = || self.shapes.get(&raw.shape).and_then(|shape| shape.location_name.clone());
        Ok(Reference { shape: self.id(&raw.shape)?, wire_name: raw.location_name.clone().or_else(of_shape) })
    }

    fn timestamp(&self, text: Option<&str>) -> Result<Option<TimestampFormat>, ModelError> {
        Ok(match text {
            None => None,
            Some("unixTimestamp") => Some(TimestampFormat::Epoch),
            Some("iso8601") => Some(TimestampFormat::Iso8601),
            Some("rfc822") => Some(TimestampFormat::Rfc822),
            Some(other) => return Err(self.error(format_args!("the timestamp format `{other}` is not known"))),
        })
    }
}

fn namespace(raw: &RawNamespace) -> Namespace {
    Namespace { prefix: raw.prefix.clone(), uri: raw.uri.clone() }
}
