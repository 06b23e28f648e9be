//! Values to try where numbers, dates or addresses are compared: for each way in which a value can compare with all that
//! are written, one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use policy::view::ConditionView;

use crate::space::Family;

/// What no operator can read, and what is no value at all for the set operators.
const UNREADABLE: [&str; 2] = ["x", ""];

/// Values around those of one condition. Between two neighbours of all written values there is one of these, whichever
/// conditions wrote them.
pub(crate) fn around(condition: ConditionView<'_>, family: Family) -> Vec<String> {
    let mut points: Vec<String> = match family {
        Family::Number => condition.texts().flat_map(numbers).collect(),
        Family::Date => condition.instants().flat_map(dates).collect(),
        Family::Address => condition.ranges().flat_map(addresses).chain(first_and_last()).collect(),
    };
    points.extend(UNREADABLE.map(str::to_owned));
    points
}

/// A fraction longer than any that a policy writes: what is written has less than so many digits.
const FINE: usize = 40;

/// Whether a number has no finer fraction than the points have.
pub(crate) fn is_coarse(text: &str) -> bool {
    text.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= FINE)
}

/// The number, what is next to it on both sides in whole numbers, and what is closer than any other written number; with what
/// is around zero, and beyond all.
fn numbers(text: &str) -> Vec<String> {
    let whole = |number: i64| number.to_string();
    let mut points = vec![text.to_owned()];
    if let Ok(number) = text.parse::<i64>() {
        points.extend([number.saturating_add(1), number.saturating_sub(1)].map(whole));
    }
    let digits = text.trim_start_matches(['+', '-']);
    let (before, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fine = "0".repeat(FINE.saturating_sub(fraction.len()));
    let sign = if text.starts_with('-') { "-" } else { "" };
    points.push(format!("{sign}{before}.{fraction}{fine}1"));
    for sign in ["", "-"] {
        points.push(format!("{sign}0.{}1", "0".repeat(FINE)));
        points.push(format!("{sign}{}", "9".repeat(before.len() + 1)));
    }
    points.push("0".to_owned());
    points
}

/// The instant, and the second and the nanosecond before and after it.
fn dates(instant: i128) -> Vec<String> {
    const SECOND: i128 = 1_000_000_000;
    [0, SECOND, -SECOND, 1, -1].into_iter().flat_map(|step| written(instant.saturating_add(step))).collect()
}

/// As a date, and as seconds since 1970.
fn written(instant: i128) -> impl Iterator<Item = String> {
    let date = jiff::Timestamp::from_nanosecond(instant).ok().map(|time| time.to_string());
    let (sign, size) = if instant < 0 { ("-", instant.unsigned_abs()) } else { ("", instant.unsigned_abs()) };
    let (seconds, rest) = (size / 1_000_000_000, size % 1_000_000_000);
    date.into_iter().chain([format!("{sign}{seconds}.{rest:09}")])
}

/// Both ends of a range, and what is next to them outside.
fn addresses([first, last]: [IpAddr; 2]) -> Vec<String> {
    let texts = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            let (first, last) = (u32::from(first), u32::from(last));
            [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)]
                .map(|address| address.map(|bits| Ipv4Addr::from(bits).to_string()))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => {
            let (first, last) = (u128::from(first), u128::from(last));
            [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)]
                .map(|address| address.map(|bits| Ipv6Addr::from(bits).to_string()))
        }
        // A range has addresses of one family.
        _ => [const { None }; 4],
    };
    texts.into_iter().flatten().collect()
}

fn first_and_last() -> impl Iterator<Item = String> {
    ["203.0.113.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]
        .into_iter()
        .map(str::to_owned)
}
