//! Chance and the clock: the one place where they enter.

use account::Ids;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Random bytes of the operating system, for the ids of one world.
pub(crate) struct Chance {
    pub(crate) realm: u16,
}

impl Ids for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        fill(bytes);
    }

    fn realm(&self) -> u16 {
        self.realm
    }
}

/// Fills `bytes` with random ones. A listener has asked for some when it began, so a failure now is a passing one;
/// going on without would make secrets that can be guessed.
fn fill(bytes: &mut [u8]) {
    while getrandom::fill(bytes).is_err() {
        std::thread::yield_now();
    }
}

/// Whether the operating system gives random bytes at all.
pub(crate) fn check() -> std::io::Result<()> {
    getrandom::fill(&mut [0; 16]).map_err(std::io::Error::other)
}

/// The ids of an answer: `x-amz-request-id` and `x-amz-id-2` of S3, `x-amzn-RequestId` of all others.
#[derive(Clone, Debug)]
pub(crate) struct RequestId {
    pub(crate) id: String,
    /// S3's second id; empty elsewhere.
    pub(crate) host_id: String,
}

impl RequestId {
    /// As S3 makes them: 16 capitals and digits, and 76 characters of Base64.
    pub(crate) fn s3() -> RequestId {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bytes = [0; 16 + 57];
        fill(&mut bytes);
        let id = bytes[..16].iter().map(|&byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
        RequestId { id, host_id: STANDARD.encode(&bytes[16..]) }
    }

    /// As the other services make them: a random UUID.
    pub(crate) fn uuid() -> RequestId {
        let mut bytes = [0; 16];
        fill(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = crate::hash::hex(&bytes);
        let id = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
        RequestId { id, host_id: String::new() }
    }
}
