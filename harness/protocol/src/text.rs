//! Values as text: in paths, query strings, headers, forms and XML.

use std::fmt::Display;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::{Shape, ShapeKind, TimestampFormat};
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
        ShapeKind::String => Some(Value::String(text.to_owned())),
        ShapeKind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        ShapeKind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        ShapeKind::Integer => text.trim().parse().ok().map(|number: i64| number.into()),
        ShapeKind::Float => float(text.trim()),
        ShapeKind::Blob => blob(text.trim()),
        ShapeKind::Timestamp(of_shape) => timestamp::of_text(text, of_shape.unwrap_or(format)).map(timestamp::to_value),
        ShapeKind::Boolean | ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_) => None,
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
        (ShapeKind::Timestamp(of_shape), value) => {
            timestamp::of_value(value).map(|at| match (of_shape.unwrap_or(format), value) {
                // As it is: services differ in how exact they are.
                (TimestampFormat::Iso8601, Value::String(text)) => text.clone(),
                (format, _) => timestamp::to_text(at, format),
            })
        }
        (ShapeKind::String, Value::String(text)) => Some(text.clone()),
        (ShapeKind::Boolean, Value::Bool(truth)) => Some(truth.to_string()),
        (ShapeKind::Integer, Value::Number(number)) if !number.is_f64() => Some(number.to_string()),
        (ShapeKind::Float, Value::Number(number)) => Some(number.to_string()),
        (ShapeKind::Float, Value::String(text)) if NO_NUMBERS.contains(&text.as_str()) => Some(text.clone()),
        (ShapeKind::Blob, Value::String(text)) if STANDARD.decode(text).is_ok() => Some(text.clone()),
        _ => None,
    };
    text.ok_or_else(|| Malformed::not_a(what_is(&shape.kind), place))
}

/// What a value is that is of the right type.
pub(crate) fn what_is(kind: &ShapeKind) -> &'static str {
    match kind {
        ShapeKind::Structure(_) | ShapeKind::Map(_) => "an object",
        ShapeKind::List(_) => "a list",
        ShapeKind::String => "text",
        ShapeKind::Blob => "Base64",
        ShapeKind::Boolean => "`true` or `false`",
        ShapeKind::Integer => "a whole number",
        ShapeKind::Float => "a number",
        ShapeKind::Timestamp(_) => "a date and time",
    }
}

fn float(text: &str) -> Option<Value> {
    if NO_NUMBERS.contains(&text) {
        return Some(Value::String(text.to_owned()));
    }
    text.parse().ok().and_then(Number::from_f64).map(Value::Number)
}

/// Whether a text is Base64.
pub(crate) fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

/// How many bytes a text in Base64 stands for.
pub(crate) fn base64_length(text: &str) -> usize {
    text.len() / 4 * 3 - text.bytes().rev().take(2).filter(|byte| *byte == b'=').count()
}

/// Base64 in its one canonical form.
fn blob(text: &str) -> Option<Value> {
    STANDARD.decode(text).ok().map(|bytes| Value::String(STANDARD.encode(bytes)))
}
