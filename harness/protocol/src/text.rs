//! Values as text: in paths, query strings, headers, forms and XML.

use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Kind, Shape, TimestampFormat};
use serde_json::{Number, Value};

use crate::fault::Malformed;
use crate::timestamp;

/// The numbers that JSON cannot hold.
pub(crate) const NO_NUMBERS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// The value that a text stands for. `format`: how a moment is written here if its shape does not say so.
pub(crate) fn read(
    shape: &Shape,
    text: &str,
    format: TimestampFormat,
    place: impl Display,
) -> Result<Value, Malformed> {
    let value = match &shape.kind {
        Kind::String => Some(Value::String(text.to_owned())),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        Kind::Integer => text.trim().parse().ok().map(|number: i64| number.into()),
        Kind::Float => float(text.trim()),
        Kind::Blob => blob(text.trim()),
        Kind::Timestamp(of_shape) => timestamp::of_text(text, of_shape.unwrap_or(format)).map(timestamp::to_value),
        Kind::Boolean | Kind::Structure(_) | Kind::List(_) | Kind::Map(_) => None,
    };
    value.ok_or_else(|| Malformed::not_a(what_is(&shape.kind), place))
}

/// The text that stands for a value.
pub(crate) fn write(
    shape: &Shape,
    value: &Value,
    format: TimestampFormat,
    place: impl Display,
) -> Result<String, Malformed> {
    let text = match (&shape.kind, value) {
        (Kind::Timestamp(of_shape), value) => {
            timestamp::of_value(value).map(|at| match (of_shape.unwrap_or(format), value) {
                // As it is: services differ in how exact they are.
                (TimestampFormat::Iso8601, Value::String(text)) => text.clone(),
                (format, _) => timestamp::to_text(at, format),
            })
        }
        (Kind::String, Value::String(text)) => Some(text.clone()),
        (Kind::Boolean, Value::Bool(truth)) => Some(truth.to_string()),
        (Kind::Integer, Value::Number(number)) if !number.is_f64() => Some(number.to_string()),
        (Kind::Float, Value::Number(number)) => Some(number.to_string()),
        (Kind::Float, Value::String(text)) if NO_NUMBERS.contains(&text.as_str()) => Some(text.clone()),
        (Kind::Blob, Value::String(text)) if STANDARD.decode(text).is_ok() => Some(text.clone()),
        _ => None,
    };
    text.ok_or_else(|| Malformed::not_a(what_is(&shape.kind), place))
}

/// What a value is that is of the right type.
pub(crate) fn what_is(kind: &Kind) -> &'static str {
    match kind {
        Kind::Structure(_) | Kind::Map(_) => "an object",
        Kind::List(_) => "a list",
        Kind::String => "text",
        Kind::Blob => "Base64",
        Kind::Boolean => "`true` or `false`",
        Kind::Integer => "a whole number",
        Kind::Float => "a number",
        Kind::Timestamp(_) => "a date and time",
    }
}

fn float(text: &str) -> Option<Value> {
    if NO_NUMBERS.contains(&text) {
        return Some(Value::String(text.to_owned()));
    }
    text.parse().ok().and_then(Number::from_f64).map(Value::Number)
}

/// Base64 in its one canonical form.
fn blob(text: &str) -> Option<Value> {
    STANDARD.decode(text).ok().map(|bytes| Value::String(STANDARD.encode(bytes)))
}
