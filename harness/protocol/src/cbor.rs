//! Documents of Smithy RPC v2 in CBOR. smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use ciborium::Value as Cbor;
use model::{MemberLocation, Model, ShapeId, ShapeKind, Structure};
use serde_json::{Map, Number, Value};

use crate::fault::Malformed;
use crate::location::Location;
use crate::{text, timestamp};

/// The tag of a moment in seconds since 1970.
const EPOCH: u64 = 1;

/// The members of a document. `is_strict`: whether one that the model does not have is an error.
pub(crate) fn read(
    model: &Model,
    structure: &Structure,
    body: &[u8],
    is_strict: bool,
) -> Result<Map<String, Value>, Malformed> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let mut rest = body;
    let document: Cbor = ciborium::from_reader(&mut rest)
        .map_err(|error| Malformed::syntax(format!("The body is not CBOR: {error}")))?;
    if !rest.is_empty() {
        return Err(Malformed::syntax("The body is more than one CBOR value."));
    }
    let Cbor::Map(entries) = document else { return Err(Malformed::syntax("The body is not a CBOR map.")) };
    Reader { model, is_strict }.members(structure, entries, &Location::Message)
}

/// A document of members.
pub(crate) fn write(model: &Model, structure: &Structure, members: &Map<String, Value>) -> Result<Bytes, Malformed> {
    let document = write_members(model, structure, members, &Location::Message)?;
    let mut body = Vec::new();
    ciborium::into_writer(&document, &mut body).map_err(|error| Malformed::syntax(error.to_string()))?;
    Ok(body.into())
}

struct Reader<'m> {
    model: &'m Model,
    is_strict: bool,
}

impl Reader<'_> {
    fn members(
        &self,
        structure: &Structure,
        entries: Vec<(Cbor, Cbor)>,
        place: &Location<'_>,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        for (name, value) in entries {
            let Cbor::Text(name) = name else { return Err(Malformed::not_a("a structure", place)) };
            let inner = Location::Member(place, &name);
            match structure.member(&name) {
                _ if value.is_null() => {}
                Some(_) if members.contains_key(&name) => return Err(Malformed::duplicate(inner)),
                Some(member) => {
                    let value = self.value(member.shape, value, &inner)?;
                    members.insert(name, value);
                }
                None if self.is_strict => return Err(Malformed::unexplained(inner)),
                None => {}
            }
        }
        Ok(members)
    }

    fn value(&self, shape: ShapeId, value: Cbor, place: &Location<'_>) -> Result<Value, Malformed> {
        let kind = &self.model.shape(shape).kind;
        match (kind, value) {
            (ShapeKind::Structure(structure), Cbor::Map(entries)) => {
                self.members(structure, entries, place).map(Value::Object)
            }
            (ShapeKind::List(list), Cbor::Array(items)) => {
                let items = items.into_iter().enumerate();
                items.map(|(at, item)| self.value(list.item.shape, item, &Location::Item(place, at))).collect()
            }
            (ShapeKind::Map(map), Cbor::Map(entries)) => self.entries(map.value.shape, entries, place),
            (kind, value) => scalar(kind, value).ok_or_else(|| Malformed::not_a(text::what_is(kind), place)),
        }
    }

    fn entries(&self, shape: ShapeId, entries: Vec<(Cbor, Cbor)>, place: &Location<'_>) -> Result<Value, Malformed> {
        let mut read = Map::new();
        for (key, value) in entries.into_iter().filter(|(_, value)| !value.is_null()) {
            let Cbor::Text(key) = key else { return Err(Malformed::not_a("a map", place)) };
            let inner = Location::Key(place, &key);
            if read.contains_key(&key) {
                return Err(Malformed::duplicate(inner));
            }
            let value = self.value(shape, value, &inner)?;
            read.insert(key, value);
        }
        Ok(Value::Object(read))
    }
}

fn scalar(kind: &ShapeKind, value: Cbor) -> Option<Value> {
    match (kind, value) {
        (ShapeKind::String, Cbor::Text(text)) => Some(Value::String(text)),
        (ShapeKind::Blob, Cbor::Bytes(bytes)) => Some(Value::String(STANDARD.encode(bytes))),
        (ShapeKind::Boolean, Cbor::Bool(truth)) => Some(Value::Bool(truth)),
        (ShapeKind::Integer, Cbor::Integer(number)) => i64::try_from(number).ok().map(Value::from),
        (ShapeKind::Float, value) => number(&value).map(float),
        (ShapeKind::Timestamp(_), Cbor::Tag(EPOCH, seconds)) => {
            number(&seconds).and_then(timestamp::of_seconds).map(timestamp::to_value)
        }
        _ => None,
    }
}

/// CBOR may write a number as a whole one.
fn number(value: &Cbor) -> Option<f64> {
    match value {
        Cbor::Float(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "what a client writes as a whole number and means as a float")]
        Cbor::Integer(number) => i64::try_from(*number).ok().map(|number| number as f64),
        _ => None,
    }
}

/// JSON has no text for three numbers.
fn float(number: f64) -> Value {
    let named = || {
        if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
    };
    Number::from_f64(number).map_or_else(|| Value::String(named().to_owned()), Value::Number)
}

fn write_members(
    model: &Model,
    structure: &Structure,
    members: &Map<String, Value>,
    place: &Location<'_>,
) -> Result<Cbor, Malformed> {
    let given = members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let inner = Location::Member(place, name);
        let member = structure.member(name).filter(|member| member.place == MemberLocation::Body);
        let member = member.ok_or_else(|| Malformed::unexplained(inner))?;
        Ok((Cbor::Text(name.clone()), write_value(model, member.shape, value, &inner)?))
    });
    given.collect::<Result<_, _>>().map(Cbor::Map)
}

fn write_value(model: &Model, shape: ShapeId, value: &Value, place: &Location<'_>) -> Result<Cbor, Malformed> {
    match (&model.shape(shape).kind, value) {
        (ShapeKind::Structure(structure), Value::Object(members)) => write_members(model, structure, members, place),
        (ShapeKind::List(list), Value::Array(items)) => {
            let items = items.iter().enumerate();
            let items = items.map(|(at, item)| write_value(model, list.item.shape, item, &Location::Item(place, at)));
            items.collect::<Result<_, _>>().map(Cbor::Array)
        }
        (ShapeKind::Map(map), Value::Object(entries)) => {
            let entries = entries.iter().map(|(key, value)| {
                Ok((Cbor::Text(key.clone()), write_value(model, map.value.shape, value, &Location::Key(place, key))?))
            });
            entries.collect::<Result<_, _>>().map(Cbor::Map)
        }
        (kind, value) => write_scalar(kind, value).ok_or_else(|| Malformed::not_a(text::what_is(kind), place)),
    }
}

fn write_scalar(kind: &ShapeKind, value: &Value) -> Option<Cbor> {
    match (kind, value) {
        (ShapeKind::String, Value::String(text)) => Some(Cbor::Text(text.clone())),
        (ShapeKind::Blob, Value::String(text)) => STANDARD.decode(text).ok().map(Cbor::Bytes),
        (ShapeKind::Boolean, Value::Bool(truth)) => Some(Cbor::Bool(*truth)),
        (ShapeKind::Integer, Value::Number(number)) => number.as_i64().map(|number| Cbor::Integer(number.into())),
        (ShapeKind::Float, Value::Number(number)) => number.as_f64().map(Cbor::Float),
        (ShapeKind::Float, Value::String(text)) if text::NO_NUMBERS.contains(&text.as_str()) => {
            text.parse().ok().map(Cbor::Float)
        }
        (ShapeKind::Timestamp(_), value) => {
            let seconds = timestamp::to_number(timestamp::of_value(value)?).as_f64()?;
            Some(Cbor::Tag(EPOCH, Box::new(Cbor::Float(seconds))))
        }
        _ => None,
    }
}
