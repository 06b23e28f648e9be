//! The few forms of SHA-256 that signatures are made of.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A SHA-256 digest or an HMAC of it.
pub(crate) type Sum = [u8; 32];

/// SHA-256 of nothing: what a signed chunk names as the hash of its (absent) headers.
pub(crate) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub(crate) fn sha256(bytes: &[u8]) -> Sum {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA256. A key of any length is fine, so the one error the type allows cannot happen; it gives a zero sum.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Sum {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal, as AWS writes it.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Reads 64 hexadecimal digits.
pub(crate) fn sum_from_hex(text: &str) -> Option<Sum> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut sum = [0; 32];
    for (byte, pair) in sum.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::try_from(char::from(pair[0]).to_digit(16)? * 16 + char::from(pair[1]).to_digit(16)?).ok()?;
    }
    Some(sum)
}
