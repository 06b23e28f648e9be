//! JSON documents, by shape.

mod unique;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use model::{Member, MemberLocation, Model, ShapeId, ShapeKind, Structure, TimestampFormat};
use serde_json::{Map, Number, Value};

use crate::fault::Malformed;
use crate::location::Location;
use crate::{text, timestamp};

/// Whose names stand in a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// The members' own.
    Members,
    /// Those on the wire, where the model has others.
    Wire,
}

/// How documents are read and written.
pub(crate) struct Json<'m> {
    pub(crate) model: &'m Model,
    pub(crate) names: Names,
    /// Whether a member that the model does not have is an error. An answer may have some.
    pub(crate) is_strict: bool,
}

/// The object that a body is. An empty body is an empty object.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, Malformed> {
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match unique::read(body)? {
        Value::Object(members) => Ok(members),
        _ => Err(Malformed::syntax("The body is not a JSON object.")),
    }
}

/// The body that a document is.
pub(crate) fn body(document: Map<String, Value>) -> Bytes {
    // A map with texts for keys has no error.
    serde_json::to_vec(&document).unwrap_or_default().into()
}

impl Json<'_> {
    /// The members of a structure that stand in a document.
    pub(crate) fn read_members(
        &self,
        structure: &Structure,
        document: Map<String, Value>,
        place: &Location<'_>,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        for (name, value) in document.into_iter().filter(|(_, value)| !value.is_null()) {
            // The type's name, which some clients send along.
            if name == "__type" && structure.member(&name).is_none() {
                continue;
            }
            let inner = Location::Member(place, &name);
            let found = structure
                .members
                .iter()
                .find(|(own, member)| member.place == MemberLocation::Body && name == self.wire_name(own, member));
            match found {
                Some((own, member)) => {
                    members.insert(own.clone(), self.read(member.shape, value, &inner)?);
                }
                None if self.is_strict => return Err(Malformed::unexplained(inner)),
                None => {}
            }
        }
        Ok(members)
    }

    pub(crate) fn read(&self, shape: ShapeId, value: Value, place: &Location<'_>) -> Result<Value, Malformed> {
        match (&self.model.shape(shape).kind, value) {
            (ShapeKind::Structure(structure), value) if structure.is_document => Ok(value),
            (ShapeKind::Structure(structure), Value::Object(document)) => {
                self.read_members(structure, document, place).map(Value::Object)
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                items.map(|(at, item)| self.read(list.item.shape, item, &Location::Item(place, at))).collect()
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                let entries = entries.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| {
                    let value = self.read(map.value.shape, value, &Location::Key(place, &key))?;
                    Ok((key, value))
                });
                entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            (kind, value) => scalar(kind, value, place),
        }
    }

    /// A document of members.
    pub(crate) fn write_members(
        &self,
        structure: &Structure,
        members: &Map<String, Value>,
        place: &Location<'_>,
    ) -> Result<Map<String, Value>, Malformed> {
        let given = members.iter().filter(|(_, value)| !value.is_null()).map(|(own, value)| {
            let inner = Location::Member(place, own);
            let member = structure.member(own).filter(|member| member.place == MemberLocation::Body);
            let member = member.ok_or_else(|| Malformed::unexplained(inner))?;
            Ok((self.wire_name(own, member).to_owned(), self.write(member.shape, value, &inner)?))
        });
        given.collect()
    }

    pub(crate) fn write(&self, shape: ShapeId, value: &Value, place: &Location<'_>) -> Result<Value, Malformed> {
        match (&self.model.shape(shape).kind, value) {
            (ShapeKind::Structure(structure), value) if structure.is_document => Ok(value.clone()),
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                self.write_members(structure, members, place).map(Value::Object)
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.write(list.item.shape, item, &Location::Item(place, at))).collect()
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                let entries = entries.iter().map(|(key, value)| {
                    Ok((key.clone(), self.write(map.value.shape, value, &Location::Key(place, key))?))
                });
                entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            (ShapeKind::Timestamp(format), value) => {
                let at = timestamp::of_value(value).ok_or_else(|| Malformed::not_a("a date and time", place))?;
                Ok(match format {
                    None | Some(TimestampFormat::Epoch) => Value::Number(timestamp::to_number(at)),
                    Some(format) => Value::String(timestamp::to_text(at, *format)),
                })
            }
            (kind, value) => scalar(kind, value.clone(), place),
        }
    }

    fn wire_name<'n>(&self, own: &'n str, member: &'n Member) -> &'n str {
        match self.names {
            Names::Members => own,
            Names::Wire => member.wire_name.as_deref().unwrap_or(own),
        }
    }
}

fn scalar(kind: &ShapeKind, value: Value, place: &Location<'_>) -> Result<Value, Malformed> {
    let wrong = |what| Err(Malformed::not_a(what, place));
    match (kind, value) {
        (ShapeKind::String, value @ Value::String(_)) | (ShapeKind::Boolean, value @ Value::Bool(_)) => Ok(value),
        (ShapeKind::Integer, Value::Number(number)) => whole(&number).map_or_else(|| wrong("a whole number"), Ok),
        (ShapeKind::Float, value @ Value::Number(_)) => Ok(value),
        (ShapeKind::Float, Value::String(text)) if text::NO_NUMBERS.contains(&text.as_str()) => Ok(Value::String(text)),
        (ShapeKind::Blob, Value::String(text)) if STANDARD.decode(&text).is_ok() => Ok(Value::String(text)),
        (ShapeKind::Timestamp(format), value) => {
            let at = match &value {
                Value::String(text) => timestamp::of_text(text, format.unwrap_or(TimestampFormat::Epoch)),
                value => timestamp::of_value(value),
            };
            at.map(timestamp::to_value).map_or_else(|| wrong("a date and time"), Ok)
        }
        (kind, _) => wrong(text::what_is(kind)),
    }
}

/// `3.0` is a whole number too.
fn whole(number: &Number) -> Option<Value> {
    if number.is_i64() || number.is_u64() {
        return Some(Value::Number(number.clone()));
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15)?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the bounds above")]
    let whole = float as i64;
    Some(whole.into())
}
