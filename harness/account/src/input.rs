//! Reading an operation's input.

mod breaches;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

use crate::fault::Fault;

pub use breaches::Breaches;

/// The typed input of an operation. `code` is the code of the 400 that the service answers to one it cannot read.
pub fn read<T: DeserializeOwned>(input: Value, code: &'static str) -> Result<T, Fault> {
    serde_json::from_value(input).map_err(|error| Fault::new(400, code, error.to_string()))
}

/// A number that the query protocol sends as text and the JSON protocol as a number. For `deserialize_with`, together
/// with `default`.
pub fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(Some).ok_or_else(|| D::Error::custom("not a whole number")),
        Value::String(text) => {
            text.parse().map(Some).map_err(|_| D::Error::custom(format!("`{text}` is not a number")))
        }
        other => Err(D::Error::custom(format!("`{other}` is not a number"))),
    }
}

/// A Boolean that the query protocol sends as text. For `deserialize_with`, together with `default`.
pub fn boolean<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        other => Err(D::Error::custom(format!("`{other}` is not a Boolean"))),
    }
}
