//! Points in time: "one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX) time".
//!
//! www.w3.org/TR/NOTE-datetime: `2020`, `2020-04`, `2020-04-01`, `2020-04-01T10:20Z`, `2020-04-01T10:20:30Z`,
//! `2020-04-01T10:20:30.45+01:00`.

/// Nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i128);

const SECOND: i128 = 1_000_000_000;

impl Instant {
    /// Reads either form. Digits alone are seconds.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        epoch(text).or_else(|| iso(text)).map(Self)
    }

    /// What was read as seconds, as a year.
    pub(crate) const fn of_year(self) -> Self {
        Self(days(self.0 / SECOND, 1, 1) * 86_400 * SECOND)
    }

    pub(crate) const fn nanoseconds(self) -> i128 {
        self.0
    }
}

/// Whether a text could be a year as well as seconds.
pub(crate) fn is_bare_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn epoch(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (seconds, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    Some(sign * (number(seconds, 1..=15)? * SECOND + nanoseconds(fraction)?))
}

fn iso(text: &str) -> Option<i128> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let year = number(parts.next()?, 4..=4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2..=2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2..=2))?;
    let is_whole = date.len() == "2020-04-01".len();
    let fits = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if parts.next().is_some() || !fits || (time.is_some() && !is_whole) {
        return None;
    }
    Some(days(year, month, day) * 86_400 * SECOND + time.map_or(Some(0), of_day)?)
}

/// Nanoseconds since midnight UTC of `10:20:30.45+01:00`. "Two digits of second (00 through 59)": no leap seconds.
fn of_day(text: &str) -> Option<i128> {
    let at = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(at);
    let mut parts = clock.splitn(3, ':');
    let hour = number(parts.next()?, 2..=2)?;
    let minute = number(parts.next()?, 2..=2)?;
    let (second, fraction) = parts.next().map_or(("00", "0"), |part| part.split_once('.').unwrap_or((part, "0")));
    let second = number(second, 2..=2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((hour * 3_600 + minute * 60 + second - offset(zone)?) * SECOND + nanoseconds(fraction)?)
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i128> {
    let (sign, clock) = match zone {
        "Z" => return Some(0),
        _ => (if zone.starts_with('-') { -1 } else { 1 }, zone.get(1..)?),
    };
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (number(hours, 2..=2)?, number(minutes, 2..=2)?);
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// "One or more digits representing a decimal fraction of a second"; those after the ninth make no difference.
fn nanoseconds(fraction: &str) -> Option<i128> {
    let (counting, rest) = fraction.split_at_checked(9).unwrap_or((fraction, ""));
    let value = number(counting, 1..=9)?;
    rest.bytes().all(|byte| byte.is_ascii_digit()).then_some(value * 10_i128.pow(9 - counting.len() as u32))
}

fn number(digits: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<i128> {
    let fits = lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

const fn days_in(year: i128, month: i128) -> i128 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01; years are counted from March, so that the leap day is the last.
const fn days(year: i128, month: i128, day: i128) -> i128 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before_year = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before_year + (153 * month + 2) / 5 + day - 1 - 719_468
}
