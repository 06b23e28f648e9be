//! JSON documents, by shape.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use model::{Kind, Model, Place, ShapeId, Structure};
use serde_json::{Map, Value};

use crate::fault::Malformed;
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
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Malformed::syntax("The body is not a JSON object.")),
        Err(error) => Err(Malformed::syntax(format!("The body is not JSON: {error}"))),
    }
}

impl Json<'_> {
    /// The members of a structure that stand in a document.
    pub(crate) fn read_members(
        &self,
        structure: &Structure,
        document: Map<String, Value>,
        place: &str,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        for (name, value) in document {
            if value.is_null() {
                continue;
            }
            let inner = within(place, &name);
            // The type's name, which some clients send along.
            if name == "__type" && structure.member(&name).is_none() {
                continue;
            }
            let found = structure.members.iter().find(|(own, member)| {
                member.place == Place::Body && name == *wire_name(own, member.wire_name.as_deref(), self.names)
            });
            let (own, member) = match found {
                Some(found) => found,
                None if self.is_strict => return Err(Malformed::unexplained(&inner)),
                None => continue,
            };
            members.insert(own.clone(), self.read(member.shape, value, &inner)?);
        }
        Ok(members)
    }

    pub(crate) fn read(&self, shape: ShapeId, value: Value, place: &str) -> Result<Value, Malformed> {
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (Kind::Structure(structure), value) if structure.is_document => Ok(value),
            (Kind::Structure(structure), Value::Object(document)) => {
                self.read_members(structure, document, place).map(Value::Object)
            }
            (Kind::Structure(_) | Kind::Map(_), value) if !value.is_object() => {
                Err(Malformed::not_a("an object", place))
            }
            (Kind::List(list), Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                items.map(|(at, item)| self.read(list.item.shape, item, &item_of(place, at))).collect()
            }
            (Kind::List(_), _) => Err(Malformed::not_a("a list", place)),
            (Kind::Map(map), Value::Object(entries)) => {
                let entries = entries.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| {
                    let inner = within(place, &key);
                    Ok((key, self.read(map.value.shape, value, &inner)?))
                });
                entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            (_, value) => scalar(&shape.kind, value, place),
        }
    }

    /// A document of members.
    pub(crate) fn write_members(
        &self,
        structure: &Structure,
        members: &Map<String, Value>,
        place: &str,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut document = Map::new();
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let inner = within(place, name);
            let member = structure.member(name).ok_or_else(|| Malformed::unexplained(&inner))?;
            if member.place == Place::Body {
                let value = self.write(member.shape, value, &inner)?;
                document.insert(wire_name(name, member.wire_name.as_deref(), self.names).to_owned(), value);
            }
        }
        Ok(document)
    }

    pub(crate) fn write(&self, shape: ShapeId, value: &Value, place: &str) -> Result<Value, Malformed> {
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (Kind::Structure(structure), value) if structure.is_document => Ok(value.clone()),
            (Kind::Structure(structure), Value::Object(members)) => {
                self.write_members(structure, members, place).map(Value::Object)
            }
            (Kind::List(list), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.write(list.item.shape, item, &item_of(place, at))).collect()
            }
            (Kind::Map(map), Value::Object(entries)) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.write(map.value.shape, value, &within(place, key))?)));
                entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            (Kind::Timestamp(format), value) => {
                let at = timestamp::of_value(value).ok_or_else(|| Malformed::not_a("a date and time", place))?;
                Ok(match format {
                    None | Some(model::TimestampFormat::Epoch) => Value::Number(timestamp::to_number(at)),
                    Some(format) => Value::String(timestamp::to_text(at, *format)),
                })
            }
            (Kind::Float, Value::Number(_)) => Ok(value.clone()),
            (Kind::Float, Value::String(text)) => text::float(text).ok_or_else(|| Malformed::not_a("a number", place)),
            (kind, value) => scalar(kind, value.clone(), place),
        }
    }
}

fn scalar(kind: &Kind, value: Value, place: &str) -> Result<Value, Malformed> {
    match (kind, value) {
        (Kind::String, value @ Value::String(_)) | (Kind::Boolean, value @ Value::Bool(_)) => Ok(value),
        (Kind::String, _) => Err(Malformed::not_a("text", place)),
        (Kind::Boolean, _) => Err(Malformed::not_a("`true` or `false`", place)),
        (Kind::Integer, Value::Number(number)) => {
            whole(&number).ok_or_else(|| Malformed::not_a("a whole number", place))
        }
        (Kind::Integer, _) => Err(Malformed::not_a("a whole number", place)),
        (Kind::Float, value @ Value::Number(_)) => Ok(value),
        (Kind::Float, Value::String(text)) if ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()) => {
            Ok(Value::String(text))
        }
        (Kind::Float, _) => Err(Malformed::not_a("a number", place)),
        (Kind::Blob, Value::String(text)) if STANDARD.decode(&text).is_ok() => Ok(Value::String(text)),
        (Kind::Blob, _) => Err(Malformed::not_a("Base64", place)),
        (Kind::Timestamp(_), Value::String(text)) => {
            timestamp::of_text(&text).map(timestamp::to_value).ok_or_else(|| Malformed::not_a("a date and time", place))
        }
        (_, value) => timestamp::of_value(&value)
            .map(timestamp::to_value)
            .ok_or_else(|| Malformed::not_a("a date and time", place)),
    }
}

/// `3.0` is a whole number too.
fn whole(number: &serde_json::Number) -> Option<Value> {
    if number.is_i64() || number.is_u64() {
        return Some(Value::Number(number.clone()));
    }
    let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15)?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the bounds above")]
    let whole = float as i64;
    Some(whole.into())
}

/// The body that a document is.
pub(crate) fn body(document: Map<String, Value>) -> Bytes {
    Bytes::from(Value::Object(document).to_string())
}

pub(crate) fn wire_name<'n>(own: &'n str, on_the_wire: Option<&'n str>, names: Names) -> &'n str {
    match names {
        Names::Members => own,
        Names::Wire => on_the_wire.unwrap_or(own),
    }
}

pub(crate) fn within(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

pub(crate) fn item_of(place: &str, at: usize) -> String {
    format!("{place}[{at}]")
}
