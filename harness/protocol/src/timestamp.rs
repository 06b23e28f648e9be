//! Moments, in the three ways in which AWS writes them.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use model::TimestampFormat;
use serde_json::{Number, Value};

/// `Mon, 30 Nov 2026 12:00:00 GMT`
#[must_use]
pub fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A moment as a member has it: RFC 3339 text, or seconds since 1970.
pub(crate) fn of_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => of_seconds(number.as_f64()?),
        _ => None,
    }
}

/// Seconds since 1970, to the millisecond.
pub(crate) fn of_seconds(seconds: f64) -> Option<Timestamp> {
    let milliseconds = (seconds * 1_000.0).round();
    // Beyond the year 9999 there is nothing that AWS means.
    if !(-1e15..=1e15).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked above")]
    let whole = milliseconds as i64;
    Timestamp::from_millisecond(whole).ok()
}

/// As a member has it.
pub(crate) fn to_value(at: Timestamp) -> Value {
    Value::String(at.to_string())
}

/// As JSON and CBOR have it: a whole number if it is one.
pub(crate) fn to_number(at: Timestamp) -> Number {
    let milliseconds = at.as_millisecond();
    if milliseconds % 1_000 == 0 {
        return Number::from(milliseconds / 1_000);
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this age are exact")]
    let seconds = milliseconds as f64 / 1_000.0;
    Number::from_f64(seconds).unwrap_or_else(|| Number::from(milliseconds / 1_000))
}

/// As text.
pub(crate) fn to_text(at: Timestamp, format: TimestampFormat) -> String {
    match format {
        TimestampFormat::Epoch => to_number(at).to_string(),
        TimestampFormat::Iso8601 => at.to_string(),
        TimestampFormat::Rfc822 => http_date(at),
    }
}

/// From text. Readers of AWS's take any of the three, whichever the model says.
pub(crate) fn of_text(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| rfc2822::parse(text).ok().map(|at| at.timestamp()))
        .or_else(|| of_seconds(text.parse().ok()?))
}
