//! The canonical request: one spelling of a request that signer and checker agree on.
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request

use http::HeaderMap;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::answer::Protocol;

/// All but `A–Z a–z 0–9 - . _ ~` is encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// The canonical request, as bytes: header values need not be UTF-8.
pub(super) fn request(parts: &Parts, protocol: Protocol, signed_headers: &str, payload: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(1024);
    line(&mut text, parts.method.as_str().as_bytes());
    line(&mut text, path(parts.uri.path(), protocol).as_bytes());
    line(&mut text, query(parts.uri.query().unwrap_or_default()).as_bytes());
    for name in signed_headers.split(';') {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        header(&mut text, parts, name);
        text.push(b'\n');
    }
    text.push(b'\n');
    line(&mut text, signed_headers.as_bytes());
    text.extend_from_slice(payload.as_bytes());
    text
}

fn line(text: &mut Vec<u8>, part: &[u8]) {
    text.extend_from_slice(part);
    text.push(b'\n');
}

/// S3 encodes the key's bytes once, whatever the client's HTTP library made of them on the way. The other services
/// take away dot segments and double slashes, and encode what was sent once more.
fn path(raw: &str, protocol: Protocol) -> String {
    match protocol {
        Protocol::S3 => {
            let bytes: Vec<u8> = percent_decode_str(raw).collect();
            non_empty(percent_encode(&bytes, PATH).to_string())
        }
        Protocol::Query | Protocol::Json => percent_encode(normalised(raw).as_bytes(), PATH).to_string(),
    }
}

fn non_empty(path: String) -> String {
    if path.is_empty() { "/".to_owned() } else { path }
}

fn normalised(raw: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in raw.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut path = format!("/{}", kept.join("/"));
    let folder = ["/", "/.", "/.."].iter().any(|end| raw.ends_with(end));
    if folder && path.len() > 1 {
        path.push('/');
    }
    path
}

/// Names and values encoded, sorted by name, then by value; the signature itself left out.
fn query(raw: &str) -> String {
    if raw.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<(String, String)> = raw
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| (encoded_again(name), encoded_again(value)))
        .collect();
    pairs.sort();
    let mut text = String::with_capacity(raw.len() + 16);
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&name);
        text.push('=');
        text.push_str(&value);
    }
    text
}

/// One spelling of what a client may have encoded more or less eagerly; `+` is a space in a query string.
fn encoded_again(raw: &str) -> String {
    let spaced = raw.replace('+', " ");
    let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
    percent_encode(&bytes, UNRESERVED).to_string()
}

/// All values of a header, with commas between. A signed header that is not there counts as empty.
fn header(text: &mut Vec<u8>, parts: &Parts, name: &str) {
    if name == "host" && !parts.headers.contains_key(http::header::HOST) {
        // An absolute-form request line carries the host in the URI.
        text.extend_from_slice(parts.uri.authority().map(|host| host.as_str()).unwrap_or_default().as_bytes());
        return;
    }
    for (index, value) in parts.headers.get_all(name).iter().enumerate() {
        if index > 0 {
            text.push(b',');
        }
        trimmed(text, value.as_bytes());
    }
}

/// Without spaces at both ends, and with single spaces inside.
fn trimmed(text: &mut Vec<u8>, value: &[u8]) {
    let mut pending = false;
    let start = text.len();
    for byte in value {
        if *byte == b' ' {
            pending = text.len() > start;
            continue;
        }
        if pending {
            text.push(b' ');
            pending = false;
        }
        text.push(*byte);
    }
}

/// The headers that must be signed and are not: `host` and every `x-amz-*`, but for the two exceptions below.
pub(super) fn unsigned(headers: &HeaderMap, protocol: Protocol, signed: &str, presigned: bool) -> Vec<String> {
    let is_signed = |name: &str| signed.split(';').any(|known| known == name);
    let excused = |name: &str| match protocol {
        // The payload line of the canonical request carries its value already; S3 tolerates it there.
        Protocol::S3 => !presigned && name == "x-amz-content-sha256",
        // "For other services, you add this parameter at the end, after you calculate the signature":
        // docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
        Protocol::Query | Protocol::Json => name == "x-amz-security-token",
    };
    let mut names: Vec<String> = headers
        .keys()
        .map(|name| name.as_str())
        .filter(|name| name.starts_with("x-amz-") && !is_signed(name) && !excused(name))
        .map(str::to_owned)
        .collect();
    if !is_signed("host") {
        names.insert(0, "host".to_owned());
    }
    names
}
