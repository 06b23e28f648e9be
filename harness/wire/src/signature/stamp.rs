//! The time of signing, as text and as a point in time: the text is signed, so it is kept as it came.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// `YYYYMMDDTHHMMSSZ`
    pub(crate) text: String,
    pub(crate) at: Timestamp,
}

impl Stamp {
    /// The basic ISO 8601 form that `x-amz-date` has.
    pub(crate) fn iso(text: &str) -> Option<Stamp> {
        let bytes = text.as_bytes();
        if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
            return None;
        }
        let year = number(bytes.get(0..4)?)?;
        let [month, day, hour, minute, second] =
            [4..6, 6..8, 9..11, 11..13, 13..15].map(|range| bytes.get(range).and_then(number));
        let small = |part: Option<i16>| i8::try_from(part?).ok();
        let time =
            DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        Some(Stamp { text: text.to_owned(), at: Offset::UTC.to_timestamp(time).ok()? })
    }

    /// The `Date` header: either form is allowed there.
    pub(crate) fn date_header(text: &str) -> Option<Stamp> {
        Stamp::iso(text).or_else(|| {
            let at = DateTimeParser::new().parse_timestamp(text).ok()?;
            Some(Stamp { text: basic(at), at })
        })
    }

    /// `YYYYMMDD`
    pub(crate) fn date(&self) -> &str {
        self.text.get(..8).unwrap_or_default()
    }
}

/// `YYYYMMDDTHHMMSSZ`
pub(crate) fn basic(at: Timestamp) -> String {
    let time = Offset::UTC.to_datetime(at);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// `YYYY-MM-DDTHH:MM:SSZ`, as S3's error elements have it.
pub(crate) fn extended(at: Timestamp) -> String {
    let time = Offset::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        time.year(),
        time.month(),
        time.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0i16, |sum, digit| {
        digit.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(i16::from(digit - b'0'))).flatten()
    })
}
