//! Moments, in the three ways in which AWS writes them.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use model::TimestampFormat;
use serde_json::{Number, Value};

/// The seconds of the years 1 to 9999, which each of the three ways can write.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// `Mon, 30 Nov 2026 12:00:00 GMT`
#[must_use]
pub fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// From the text of HTTP's own headers.
pub(crate) fn of_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().and_then(|at| within_bounds(at.timestamp()))
}

/// A moment as a member has it: RFC 3339 text, or seconds since 1970.
pub(crate) fn of_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok().and_then(within_bounds),
        Value::Number(number) => of_seconds(number.as_f64()?),
        _ => None,
    }
}

/// Seconds since 1970, to the millisecond.
pub(crate) fn of_seconds(seconds: f64) -> Option<Timestamp> {
    let milliseconds = (seconds * 1_000.0).round();
    if !(-1e15..=1e15).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked above")]
    let whole = milliseconds as i64;
    Timestamp::from_millisecond(whole).ok().and_then(within_bounds)
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

/// From text. Readers of AWS's take any of the three ways, whichever the model says; what `format` cannot write is cut off.
pub(crate) fn of_text(text: &str, format: TimestampFormat) -> Option<Timestamp> {
    let text = text.trim();
    let parsed = text.parse().ok().or_else(|| of_http_date(text)).or_else(|| of_seconds(text.parse().ok()?));
    let at = parsed.and_then(within_bounds)?;
    match format {
        TimestampFormat::Rfc822 => Timestamp::from_second(at.as_millisecond().div_euclid(1_000)).ok(),
        TimestampFormat::Epoch | TimestampFormat::Iso8601 => Some(at),
    }
}

/// To the millisecond: what is finer, AWS does not keep.
fn within_bounds(at: Timestamp) -> Option<Timestamp> {
    let milliseconds = at.as_nanosecond().div_euclid(1_000_000);
    let milliseconds = i64::try_from(milliseconds).ok()?;
    SECONDS.contains(&milliseconds.div_euclid(1_000)).then_some(())?;
    Timestamp::from_millisecond(milliseconds).ok()
}
