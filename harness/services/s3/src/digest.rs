//! MD5, which S3 uses for entity tags.

use account::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

/// The MD5 of some bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    hex_of(&md5(bytes))
}

pub(super) fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

pub(super) fn hex_of(digest: &[u8; 16]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Checks the MD5 that came with a content, in base64.
pub(super) fn check(content_md5: Option<&str>, actual: &[u8; 16]) -> Result<(), Fault> {
    let Some(given) = content_md5 else { return Ok(()) };
    match STANDARD.decode(given) {
        Ok(bytes) if bytes == actual => Ok(()),
        Ok(bytes) if bytes.len() == 16 => {
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Err(Fault::new(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
                .with("ExpectedDigest", expected)
                .with("CalculatedDigest", STANDARD.encode(actual)))
        }
        _ => {
            Err(Fault::new(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
                .with("Content-MD5", given))
        }
    }
}
