//! The signing side: requests that go on to a backend are signed as its own root user's.

use account::AccessKey;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use jiff::Timestamp;

use super::canonical;
use super::stamp::basic;
use super::verify::signing_key;
use crate::answer::Protocol;
use crate::hash::{hex, hmac, sha256};

/// With what and for what a request is signed.
pub(crate) struct Signing<'a> {
    pub(crate) key: &'a AccessKey,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) protocol: Protocol,
    /// What the signature says of the body: its hash, or one of S3's words.
    pub(crate) payload: &'a str,
    pub(crate) now: Timestamp,
}

/// Signs a request. `host` must be among its headers; date and signature are added, and for S3 what is said of the body.
pub(crate) fn sign(parts: &mut Parts, signing: &Signing<'_>) -> Result<(), InvalidHeaderValue> {
    let Signing { key, region, service, protocol, payload, now } = signing;
    let stamp = basic(*now);
    let date = stamp.get(..8).unwrap_or_default();
    parts.headers.insert(HeaderName::from_static("x-amz-date"), HeaderValue::from_str(&stamp)?);
    if *protocol == Protocol::S3 {
        parts.headers.insert(HeaderName::from_static("x-amz-content-sha256"), HeaderValue::from_str(payload)?);
    }
    let mut names: Vec<&str> = parts.headers.keys().map(HeaderName::as_str).filter(|name| is_signed(name)).collect();
    names.sort_unstable();
    let signed = names.join(";");
    let request = canonical::request(parts, *protocol, &signed, payload);
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(&sha256(&request)));
    let signature = hex(&hmac(&signing_key(&key.secret, date, region, service), &[text.as_bytes()]));
    let id = &key.id;
    let value = format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={signed}, Signature={signature}");
    parts.headers.insert(AUTHORIZATION, HeaderValue::from_str(&value)?);
    Ok(())
}

fn is_signed(name: &str) -> bool {
    name.starts_with("x-amz-") || matches!(name, "host" | "content-type" | "content-md5")
}
