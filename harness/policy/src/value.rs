//! Values that are more than text: numbers, dates, addresses, bytes.

mod date;
mod number;

#[cfg(test)]
mod tests;

pub(crate) use date::{Instant, is_bare_year};
pub(crate) use number::Decimal;

use std::net::IpAddr;

use crate::undocumented::{Case, Notes};

/// An address range in CIDR form; a bare address is a range of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range(ipnet::IpNet);

impl Range {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let net = match text.parse::<IpAddr>() {
            Ok(address) => ipnet::IpNet::from(address),
            Err(_) => text.parse().ok()?,
        };
        Some(Self(net))
    }

    /// Its first and its last address; both addresses of IPv4, or both of IPv6.
    pub(crate) fn ends(&self) -> [IpAddr; 2] {
        [self.0.network(), self.0.broadcast()]
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

/// `true` or `false`, letter case aside; unless that is decided otherwise.
pub(crate) fn truth(text: &str, otherwise: Notes, notes: &mut Notes) -> Option<bool> {
    let found = [true, false].into_iter().find(|&truth| text.eq_ignore_ascii_case(word(truth)))?;
    if text == word(found) {
        return Some(found);
    }
    notes.add(Case::TruthLetters);
    (!otherwise.contains(Case::TruthLetters)).then_some(found)
}

/// As policies write it.
pub(crate) const fn word(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// The base64 text without its padding. Strict base64 writes each sequence of bytes in one way only, so two texts mean
/// the same bytes just if these are the same.
pub(crate) fn bytes(text: &str) -> Option<&str> {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let unused_bits = match padding {
        0 => 0,
        1 => 2,
        2 => 4,
        _ => return None,
    };
    let last = body.bytes().next_back().map_or(0, sextet);
    (text.len().is_multiple_of(4) && body.bytes().all(is_letter) && last.trailing_zeros() >= unused_bits)
        .then_some(body)
}

/// The six bits of a base64 letter.
const fn sextet(letter: u8) -> u8 {
    match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        // `0` is 48, and stands for 52.
        b'0'..=b'9' => letter + 4,
        // `+` and `/`, which are 62 and 63: neither leaves bits unused.
        _ => 63,
    }
}
