//! Documents of Smithy RPC v2 in CBOR. smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use ciborium::Value as Cbor;
use model::{Kind, Model, Place, ShapeId, Structure};
use serde_json::{Map, Number, Value};

use crate::fault::Malformed;
use crate::json::{item_of, within};
use crate::timestamp;

/// The tag of a moment in seconds since 1970.
const EPOCH: u64 = 1;

/// The members of a document. `is_strict`: whether one that the model does not have is an error.
pub(crate) fn read(
    model: &Model,
    structure: Option<&Structure>,
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
    let nothing = Structure::default();
    Reader { model, is_strict }.members(structure.unwrap_or(&nothing), entries, "")
}

/// A document of members.
pub(crate) fn write(
    model: &Model,
    structure: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<Bytes, Malformed> {
    let nothing = Structure::default();
    let document = write_members(model, structure.unwrap_or(&nothing), members, "")?;
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
        place: &str,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        for (name, value) in entries {
            let Cbor::Text(name) = name else { return Err(Malformed::not_a("a structure", place)) };
            let inner = within(place, &name);
            match structure.member(&name) {
                _ if value.is_null() => {}
                Some(member) => {
                    let value = self.value(member.shape, value, &inner)?;
                    if members.insert(name, value).is_some() {
                        return Err(Malformed::duplicate(&inner));
                    }
                }
                None if self.is_strict => return Err(Malformed::unexplained(&inner)),
                None => {}
            }
        }
        Ok(members)
    }

    fn value(&self, shape: ShapeId, value: Cbor, place: &str) -> Result<Value, Malformed> {
        let wrong = |what: &str| Err(Malformed::not_a(what, place));
        match (&self.model.shape(shape).kind, value) {
            (Kind::Structure(structure), Cbor::Map(entries)) => {
                self.members(structure, entries, place).map(Value::Object)
            }
            (Kind::List(list), Cbor::Array(items)) => {
                let items = items.into_iter().enumerate();
                items.map(|(at, item)| self.value(list.item.shape, item, &item_of(place, at))).collect()
            }
            (Kind::Map(map), Cbor::Map(entries)) => {
                let mut read = Map::new();
                for (key, value) in entries {
                    let Cbor::Text(key) = key else { return wrong("a map") };
                    let inner = within(place, &key);
                    let value = self.value(map.value.shape, value, &inner)?;
                    if read.insert(key, value).is_some() {
                        return Err(Malformed::duplicate(&inner));
                    }
                }
                Ok(Value::Object(read))
            }
            (Kind::String, Cbor::Text(text)) => Ok(Value::String(text)),
            (Kind::Blob, Cbor::Bytes(bytes)) => Ok(Value::String(STANDARD.encode(bytes))),
            (Kind::Boolean, Cbor::Bool(truth)) => Ok(Value::Bool(truth)),
            (Kind::Integer, Cbor::Integer(number)) => match i64::try_from(number) {
                Ok(number) => Ok(number.into()),
                Err(_) => wrong("a whole number"),
            },
            (Kind::Float, Cbor::Float(number)) => Ok(float(number)),
            (Kind::Float, Cbor::Integer(number)) => match i64::try_from(number) {
                Ok(number) => Ok(number.into()),
                Err(_) => wrong("a number"),
            },
            (Kind::Timestamp(_), Cbor::Tag(EPOCH, seconds)) => {
                let seconds = match *seconds {
                    Cbor::Float(seconds) => Some(seconds),
                    #[expect(clippy::cast_precision_loss, reason = "seconds of any year that AWS means are exact")]
                    Cbor::Integer(seconds) => i64::try_from(seconds).ok().map(|seconds| seconds as f64),
                    _ => None,
                };
                let at = seconds.and_then(timestamp::of_seconds);
                at.map(timestamp::to_value).ok_or_else(|| Malformed::not_a("a date and time", place))
            }
            _ => wrong("of the type that the model says"),
        }
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
    place: &str,
) -> Result<Cbor, Malformed> {
    let mut entries = Vec::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        let inner = within(place, name);
        let member = structure.member(name).ok_or_else(|| Malformed::unexplained(&inner))?;
        if member.place == Place::Body {
            entries.push((Cbor::Text(name.clone()), write_value(model, member.shape, value, &inner)?));
        }
    }
    Ok(Cbor::Map(entries))
}

fn write_value(model: &Model, shape: ShapeId, value: &Value, place: &str) -> Result<Cbor, Malformed> {
    let wrong = |what: &str| Malformed::not_a(what, place);
    match (&model.shape(shape).kind, value) {
        (Kind::Structure(structure), Value::Object(members)) => write_members(model, structure, members, place),
        (Kind::List(list), Value::Array(items)) => {
            let items = items.iter().enumerate();
            let items = items.map(|(at, item)| write_value(model, list.item.shape, item, &item_of(place, at)));
            items.collect::<Result<_, _>>().map(Cbor::Array)
        }
        (Kind::Map(map), Value::Object(entries)) => {
            let entries = entries.iter().map(|(key, value)| {
                Ok((Cbor::Text(key.clone()), write_value(model, map.value.shape, value, &within(place, key))?))
            });
            entries.collect::<Result<_, _>>().map(Cbor::Map)
        }
        (Kind::String, Value::String(text)) => Ok(Cbor::Text(text.clone())),
        (Kind::Blob, Value::String(text)) => STANDARD.decode(text).map(Cbor::Bytes).map_err(|_| wrong("Base64")),
        (Kind::Boolean, Value::Bool(truth)) => Ok(Cbor::Bool(*truth)),
        (Kind::Integer, Value::Number(number)) => {
            number.as_i64().map(|number| Cbor::Integer(number.into())).ok_or_else(|| wrong("a whole number"))
        }
        (Kind::Float, Value::Number(number)) => number.as_f64().map(Cbor::Float).ok_or_else(|| wrong("a number")),
        (Kind::Float, Value::String(text)) => text
            .parse()
            .ok()
            .filter(|_| ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()))
            .map(Cbor::Float)
            .ok_or_else(|| wrong("a number")),
        (Kind::Timestamp(_), value) => {
            let at = timestamp::of_value(value).ok_or_else(|| wrong("a date and time"))?;
            let seconds = timestamp::to_number(at).as_f64().unwrap_or_default();
            Ok(Cbor::Tag(EPOCH, Box::new(Cbor::Float(seconds))))
        }
        _ => Err(wrong("of the type that the model says")),
    }
}
