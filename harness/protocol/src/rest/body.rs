//! The members that stand in a body: a document, or one member that is the body all by itself.

use std::borrow::Cow;

use bytes::Bytes;
use model::{Member, MemberLocation, Model, Operation, Protocol, ShapeKind, Structure, TimestampFormat};
use serde_json::{Map, Value};

use crate::document::Documents;
use crate::fault::{Malformed, Reason};
use crate::json::{self, Json, Names};
use crate::location::Location;
use crate::message::Message;
use crate::text;
use crate::xml::{self, Element, Writer};

/// The namespaces of documents whose models give none.
const S3_NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// Of the documents of S3 Control.
pub const S3_CONTROL_NAMESPACE: &str = "http://awss3control.amazonaws.com/doc/2018-08-20/";

/// The body of one side of an operation.
pub(super) struct Body<'m> {
    model: &'m Model,
    is_xml: bool,
    is_request: bool,
    operation: &'m str,
    structure: &'m Structure,
    /// The root element of its document.
    root: &'m str,
    namespace: Option<&'m str>,
}

impl<'m> Body<'m> {
    /// The body of a request. `None`: the operation takes nothing.
    pub(super) fn of_request(model: &'m Model, protocol: Protocol, operation: &'m Operation) -> Option<Self> {
        let of = operation.input.as_ref()?;
        Some(Self {
            model,
            is_xml: protocol == Protocol::RestXml,
            is_request: true,
            operation: &operation.name,
            structure: model.structure(of.shape)?,
            root: of.root.as_deref().unwrap_or(&model.shape(of.shape).name),
            namespace: of.namespace.as_ref().map(|namespace| namespace.uri.as_str()),
        })
    }

    /// The body of an answer. `None`: the operation gives nothing.
    pub(super) fn of_answer(model: &'m Model, protocol: Protocol, operation: &'m Operation) -> Option<Self> {
        let of = operation.output.as_ref()?;
        let namespace = match model.name.as_str() {
            "s3" => Some(S3_NAMESPACE),
            "s3control" => Some(S3_CONTROL_NAMESPACE),
            _ => model.xml_namespace.as_deref(),
        };
        Some(Self {
            model,
            is_xml: protocol == Protocol::RestXml,
            is_request: false,
            operation: &operation.name,
            structure: model.structure(of.shape)?,
            root: of.root.as_deref().unwrap_or(&model.shape(of.shape).name),
            namespace,
        })
    }

    /// Reads what stands in a body.
    pub(super) fn read(&self, body: &Bytes, message: &mut Message) -> Result<(), Malformed> {
        if let Some((own, member)) = self.payload() {
            return match &self.model.shape(member.shape).kind {
                ShapeKind::Blob => {
                    message.payload = body.clone();
                    Ok(())
                }
                _ if body.trim_ascii().is_empty() => Ok(()),
                _ => self
                    .read_payload(own, member, body)
                    .map(|value| drop(message.members.insert(own.to_owned(), value))),
            };
        }
        if body.trim_ascii().is_empty() {
            return Ok(());
        }
        if !self.has_document() {
            return if self.is_request { is_nothing(body) } else { Ok(()) };
        }
        message.members.extend(self.read_document(body)?);
        Ok(())
    }

    fn read_payload(&self, own: &str, member: &Member, body: &[u8]) -> Result<Value, Malformed> {
        let shape = self.model.shape(member.shape);
        let place = Location::Member(&Location::Message, own);
        if matches!(shape.kind, ShapeKind::String) {
            let text = std::str::from_utf8(body);
            let text = text.map_err(|_| Malformed::new(Reason::Syntax, own, "the body is not UTF-8"))?;
            return Ok(Value::String(text.to_owned()));
        }
        if self.is_xml {
            let root = self.root_of(body, member.wire_name.as_deref().unwrap_or(&shape.name))?;
            return self.xml().read(member.shape, &root, &place);
        }
        self.json().read(member.shape, Value::Object(json::object(body)?), &place)
    }

    fn read_document(&self, body: &[u8]) -> Result<Map<String, Value>, Malformed> {
        if !self.is_xml {
            return self.json().read_members(self.structure, json::object(body)?, &Location::Message);
        }
        let root = self.root_of(body, self.root)?;
        match self.unwrapped() {
            Some(_) if root.text.is_empty() => Ok(Map::new()),
            Some((own, _)) => Ok(Map::from_iter([(own.to_owned(), Value::String(root.text))])),
            None => self.xml().read_members(self.structure, &root, &Location::Message),
        }
    }

    /// The root element, which has the name that the model gives it.
    fn root_of(&self, body: &[u8], name: &str) -> Result<Element, Malformed> {
        let what = if self.is_request { "body" } else { "answer" };
        let root = xml::read(body).map_err(|_| Malformed::syntax(format!("The {what} is not well-formed XML.")))?;
        let is_known = root.name == name || self.is_named_after_operation(&root);
        if is_known { Ok(root) } else { Err(Malformed::unexplained(&root.name)) }
    }

    /// Whether moto calls an answer so: `GetBucketVersioningResponse`, where S3 says `VersioningConfiguration`. An answer that
    /// is one member all by itself would be read as empty, if that member stood inside such an element.
    fn is_named_after_operation(&self, root: &Element) -> bool {
        let holds_members = !self.is_request && self.payload().is_none() && self.unwrapped().is_none();
        holds_members && root.name.strip_suffix("Response") == Some(self.operation)
    }

    /// Writes a body, with what it is.
    pub(super) fn write(&self, message: &Message) -> Result<(Option<&'static str>, Bytes), Malformed> {
        if let Some((own, member)) = self.payload() {
            let value = message.members.get(own).filter(|value| !value.is_null());
            return match (&self.model.shape(member.shape).kind, value) {
                (ShapeKind::Blob, None) => Ok((None, message.payload.clone())),
                // Its bytes are the message's payload, and nothing else.
                (ShapeKind::Blob, Some(_)) => Err(Malformed::unexplained(own)),
                (_, None) => Ok((None, Bytes::new())),
                (_, Some(value)) => self.write_payload(own, member, value),
            };
        }
        if !self.has_document() {
            // A JSON client expects a document.
            let is_empty_object = !self.is_xml && !self.is_request;
            return Ok(if is_empty_object {
                (Some("application/json"), Bytes::from_static(b"{}"))
            } else {
                (None, Bytes::new())
            });
        }
        self.write_document(&self.inside(&message.members))
    }

    fn write_payload(
        &self,
        own: &str,
        member: &Member,
        value: &Value,
    ) -> Result<(Option<&'static str>, Bytes), Malformed> {
        let shape = self.model.shape(member.shape);
        let place = Location::Member(&Location::Message, own);
        if matches!(shape.kind, ShapeKind::String) {
            // S3's one such answer is a bucket policy.
            let kind = (!self.is_request).then_some("application/json");
            return Ok((kind, text::write(shape, value, TimestampFormat::Iso8601, own)?.into()));
        }
        if !self.is_xml {
            let document = self.json().write(member.shape, value, &place)?;
            return Ok((Some("application/json"), Bytes::from(document.to_string())));
        }
        let (ShapeKind::Structure(structure), Value::Object(members)) = (&shape.kind, value) else {
            return Err(Malformed::not_a(text::what_is(&shape.kind), own));
        };
        let of_member = member.namespace.as_ref().map(|namespace| namespace.uri.as_str());
        let namespace = if self.is_request { of_member } else { self.namespace };
        let root = member.wire_name.as_deref().unwrap_or(&shape.name);
        self.write_xml(root, namespace, |xml| self.xml().write_members(xml, structure, members, &place))
    }

    fn write_document(&self, members: &Map<String, Value>) -> Result<(Option<&'static str>, Bytes), Malformed> {
        if !self.is_xml {
            let document = self.json().write_members(self.structure, members, &Location::Message)?;
            return Ok((Some("application/json"), json::body(document)));
        }
        if self.is_request && members.is_empty() {
            return Ok((None, Bytes::new()));
        }
        self.write_xml(self.root, self.namespace, |xml| match self.unwrapped() {
            Some((own, member)) => {
                let shape = self.model.shape(member.shape);
                let text = members.get(own).map(|value| text::write(shape, value, TimestampFormat::Iso8601, own));
                text.transpose().map(|text| xml.content(&text.unwrap_or_default()))
            }
            None => self.xml().write_members(xml, self.structure, members, &Location::Message),
        })
    }

    fn write_xml(
        &self,
        root: &str,
        namespace: Option<&str>,
        content: impl FnOnce(&mut Writer) -> Result<(), Malformed>,
    ) -> Result<(Option<&'static str>, Bytes), Malformed> {
        let mut xml = Writer::declared();
        let namespace: Vec<_> = namespace.map(|uri| ("xmlns", uri)).into_iter().collect();
        xml.try_tagged(root, &namespace, content)?;
        Ok((Some("application/xml"), xml.finish().into()))
    }

    /// The member that is the body all by itself.
    fn payload(&self) -> Option<(&'m str, &'m Member)> {
        let name = self.structure.payload.as_deref()?;
        self.structure.member(name).map(|member| (name, member))
    }

    fn has_document(&self) -> bool {
        self.structure.members.values().any(|member| member.place == MemberLocation::Body)
    }

    /// The members that stand in the document.
    fn inside<'v>(&self, members: &'v Map<String, Value>) -> Cow<'v, Map<String, Value>> {
        let is_inside = |name: &String, value: &Value| {
            !value.is_null() && self.structure.member(name).is_some_and(|member| member.place == MemberLocation::Body)
        };
        if members.iter().all(|(name, value)| is_inside(name, value)) {
            return Cow::Borrowed(members);
        }
        let inside = members.iter().filter(|(name, value)| is_inside(name, value));
        Cow::Owned(inside.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// The member whose text is the whole answer: the root has its name.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    fn unwrapped(&self) -> Option<(&'m str, &'m Member)> {
        let (own, member) = self.structure.members.first()?;
        let is_text = matches!(self.model.shape(member.shape).kind, ShapeKind::String);
        let is_alone = self.structure.members.len() == 1 && own == self.root;
        (!self.is_request && is_alone && is_text).then_some((own.as_str(), member))
    }

    fn json(&self) -> Json<'m> {
        Json { model: self.model, names: Names::Wire, is_strict: self.is_request }
    }

    fn xml(&self) -> Documents<'m> {
        Documents { model: self.model, is_request: self.is_request, item: "member" }
    }
}

/// A body in which there is nothing.
pub(super) fn is_nothing(body: &[u8]) -> Result<(), Malformed> {
    match body.trim_ascii() {
        [] => Ok(()),
        _ => Err(Malformed::new(Reason::Unexplained, "body", "the operation has no body")),
    }
}
