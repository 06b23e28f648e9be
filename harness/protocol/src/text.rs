//! Values as text: in paths, query strings, headers, forms and XML.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Kind, Shape, TimestampFormat};
use serde_json::{Number, Value};

use crate::fault::Malformed;
use crate::timestamp;

/// The value that a text stands for.
pub(crate) fn read(shape: &Shape, text: &str, place: &str) -> Result<Value, Malformed> {
    match &shape.kind {
        Kind::String => Ok(Value::String(text.to_owned())),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
        Kind::Boolean => Err(Malformed::not_a("`true` or `false`", place)),
        Kind::Integer => {
            text.trim().parse().map(|number: i64| number.into()).map_err(|_| Malformed::not_a("a whole number", place))
        }
        Kind::Float => float(text.trim()).ok_or_else(|| Malformed::not_a("a number", place)),
        Kind::Blob => blob(text.trim()).ok_or_else(|| Malformed::not_a("Base64", place)),
        Kind::Timestamp(_) => match timestamp::of_text(text) {
            Some(at) => Ok(timestamp::to_value(at)),
            None => Err(Malformed::not_a("a date and time", place)),
        },
        Kind::Structure(_) | Kind::List(_) | Kind::Map(_) => Err(Malformed::not_a("text", place)),
    }
}

/// The text that stands for a value.
pub(crate) fn write(shape: &Shape, value: &Value, format: TimestampFormat, place: &str) -> Result<String, Malformed> {
    if let Kind::Timestamp(of_shape) = &shape.kind {
        let at = timestamp::of_value(value).ok_or_else(|| Malformed::not_a("a date and time", place))?;
        return Ok(match (of_shape.unwrap_or(format), value) {
            // As it is: services differ in how exact they are.
            (TimestampFormat::Iso8601, Value::String(text)) => text.clone(),
            (format, _) => timestamp::to_text(at, format),
        });
    }
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Malformed::not_a("text", place)),
    }
}

/// A number, or one of the three that JSON cannot hold.
pub(crate) fn float(text: &str) -> Option<Value> {
    match text {
        "NaN" | "Infinity" | "-Infinity" => Some(Value::String(text.to_owned())),
        text => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
    }
}

/// Base64 in its one canonical form.
fn blob(text: &str) -> Option<Value> {
    STANDARD.decode(text).ok().map(|bytes| Value::String(STANDARD.encode(bytes)))
}
