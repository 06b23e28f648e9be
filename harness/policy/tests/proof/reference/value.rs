//! Values that are more than text. Nothing comes of a text that is not of the type.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Eighteen digits after the point are more than any case has.
const SCALE: i128 = 1_000_000_000_000_000_000;

/// An integer or a decimal, times [`SCALE`].
pub fn number(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() || !are_digits(whole) || !are_digits(part) || whole.len() > 19 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    Some(sign * (whole * SCALE + fraction(part)?))
}

fn fraction(digits: &str) -> Option<i128> {
    format!("{digits:0<18}").parse().ok()
}

fn are_digits(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_digit())
}

/// Seconds since 1970, times [`SCALE`]: given as such, or in a form of w3.org/TR/NOTE-datetime.
pub fn date(text: &str) -> Option<i128> {
    epoch(text).or_else(|| iso_date(text))
}

/// Whole seconds, or seconds with a fraction.
fn epoch(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_written_out = digits.split('.').all(|digits| !digits.is_empty() && are_digits(digits));
    // More than fifteen digits of seconds are no point in time.
    if is_written_out && digits.split('.').all(|digits| digits.len() <= 15) { number(text) } else { None }
}

fn iso_date(text: &str) -> Option<i128> {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let fields: Vec<&str> = day.split('-').collect();
    let year = field(fields[0], 4)?;
    let month = fields.get(1).map_or(Some(1), |text| field(text, 2))?;
    let day = fields.get(2).map_or(Some(1), |text| field(text, 2))?;
    if fields.len() > 3 || (time.is_some() && fields.len() < 3) {
        return None;
    }
    let february = if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days_of_month = *months.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if day < 1 || day > days_of_month {
        return None;
    }
    let leap_days = |before: i128| (before - 1) / 4 - (before - 1) / 100 + (before - 1) / 400;
    let mut days = (year - 1970) * 365 + leap_days(year) - leap_days(1970) + day - 1;
    for passed in &months[..usize::try_from(month).ok()? - 1] {
        days += passed;
    }
    Some(days * 86_400 * SCALE + time.map_or(Some(0), clock)?)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.s`, with `Z` or the distance from it; seconds go "00 through 59".
/// www.w3.org/TR/NOTE-datetime
fn clock(text: &str) -> Option<i128> {
    let at = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(at);
    let (clock, part) = clock.split_once('.').map_or((clock, None), |(clock, part)| (clock, Some(part)));
    let fields: Vec<&str> = clock.split(':').collect();
    let (hours, minutes) = (field(fields[0], 2)?, field(fields.get(1)?, 2)?);
    let seconds = fields.get(2).map_or(Some(0), |text| field(text, 2))?;
    let odd_part = part.is_some_and(|part| fields.len() < 3 || part.is_empty() || !are_digits(part));
    if fields.len() > 3 || odd_part || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let mut time = hours * 3600 + minutes * 60 + seconds;
    if zone != "Z" {
        let (hours, minutes) = zone[1..].split_once(':')?;
        let (hours, minutes) = (field(hours, 2)?, field(minutes, 2)?);
        if hours > 23 || minutes > 59 {
            return None;
        }
        let distance = hours * 3600 + minutes * 60;
        time += if zone.starts_with('-') { distance } else { -distance };
    }
    Some(time * SCALE + fraction(part.unwrap_or(""))?)
}

fn field(text: &str, length: usize) -> Option<i128> {
    (text.len() == length && are_digits(text)).then(|| text.parse().ok())?
}

pub fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

pub fn binary(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Whether a range, or a bare address, holds an address.
pub fn holds_address(range: &str, address: &str) -> Option<bool> {
    let address: std::net::IpAddr = address.parse().ok()?;
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, Some(length)),
        None => (range, None),
    };
    let network: std::net::IpAddr = network.parse().ok()?;
    let (network, of_network) = bits(network);
    let (address, of_address) = bits(address);
    let length: u32 = match length {
        Some(length) if !length.is_empty() && are_digits(length) => length.parse().ok()?,
        Some(_) => return None,
        None => of_network,
    };
    if length > of_network {
        return None;
    }
    let ignored = of_network - length;
    let same_prefix = ignored == 128 || network >> ignored == address >> ignored;
    Some(of_network == of_address && same_prefix)
}

fn bits(address: std::net::IpAddr) -> (u128, u32) {
    match address {
        std::net::IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        std::net::IpAddr::V6(address) => (u128::from(address), 128),
    }
}
