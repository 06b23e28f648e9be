//! Presigned URLs of Signature Version 2, which boto3 still makes for S3 at an endpoint of its own.
//! docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
//!
//! S3 takes them for buckets made before 24 June 2020; here every bucket counts as such a one. No other service does.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::request::Parts;
use jiff::Timestamp;
use model::S3;
use percent_encoding::percent_decode_str;
use sha1::Sha1;

use super::error::{Mismatch, SignatureError};
use super::parse::SignatureLocation;
use super::verify::{Check, Payload, Verified, Version, known_key, same};
use crate::{host, route};

/// Parameters that are a part of what is signed.
const SIGNED: [&str; 35] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// A parameter that tells operations apart and is no part of what is signed, neither on AWS's page nor by botocore.
/// Anybody could add it to a URL that was given away. Of `list-type` nothing depends that is decided on.
fn is_unsigned_subresource(name: &str) -> bool {
    let is_it = |(literal, _): &(String, Option<String>)| literal == name;
    name != "list-type" && !SIGNED.contains(&name) && S3.operations().any(|one| one.http.query.iter().any(is_it))
}

/// A presigned URL as the request carries it, not yet checked.
#[derive(Debug, Clone)]
pub struct Presigned<'r> {
    parts: &'r Parts,
    /// Decoded name and value, in the order given.
    query: Vec<(Cow<'r, str>, Option<Cow<'r, str>>)>,
}

impl<'r> Presigned<'r> {
    /// Reads the signature; `None`: the request carries none of this version, or of more than one.
    pub(super) fn from_request(parts: &'r Parts) -> Option<Presigned<'r>> {
        let pair = |pair: &'r str| match pair.split_once('=') {
            Some((name, value)) => (decoded(name), Some(decoded(value))),
            None => (decoded(pair), None),
        };
        let query = parts.uri.query()?.split('&').map(pair).collect();
        let presigned = Presigned { parts, query };
        let has = |name| presigned.value(name).is_some();
        let begun = has("AWSAccessKeyId") || has("Signature");
        // Signatures of two kinds at a time are for others to refuse. So are those for other services, S3 Control
        // among them; this version names none, so the request's looks count.
        let is_foreign = || has("X-Amz-Algorithm") || route::of(parts, None).service != "s3";
        (begun && !is_foreign()).then_some(presigned)
    }

    /// Whether the request is signed in its header too, or not wholly in its query string.
    pub(super) fn flaw(&self) -> Option<SignatureError> {
        let authorization = self.parts.headers.get(http::header::AUTHORIZATION);
        if let Some(header) = authorization.filter(|_| self.value("Signature").is_some()) {
            let authorization = String::from_utf8_lossy(header.as_bytes()).into_owned();
            return Some(SignatureError::Both { authorization });
        }
        let needed = ["Signature", "Expires", "AWSAccessKeyId"];
        if needed.iter().any(|name| self.value(name).is_none()) {
            return Some(SignatureError::IncompleteVersion2);
        }
        let unsigned = self.query.iter().any(|(name, _)| is_unsigned_subresource(name));
        unsigned.then_some(SignatureError::UnsupportedVersion)
    }

    /// Whose key signed.
    pub(super) fn access_key_id(&self) -> &str {
        self.value("AWSAccessKeyId").unwrap_or_default()
    }

    /// Signs the request again with the key's secret and compares.
    pub(super) fn verify(&self, check: &Check<'_>) -> Result<Verified, SignatureError> {
        let given = self.value("Expires").unwrap_or_default();
        let invalid = || SignatureError::ExpiryInvalid { given: given.to_owned() };
        // S3 takes what does not fit in 32 bits for no date.
        let seconds: i32 = given.parse().map_err(|_| invalid())?;
        let at = Timestamp::from_second(seconds.into()).map_err(|_| invalid())?;
        // "A request received after this time (according to the server) will be rejected."
        if check.now > at {
            return Err(SignatureError::Expired { seconds: None, at, now: check.now });
        }
        let token =
            self.value("x-amz-security-token").map(str::to_owned).or_else(|| self.header("x-amz-security-token"));
        let key = known_key(check, self.access_key_id(), token.as_deref())?;
        let signed = |text: &str| STANDARD.encode(hmac_sha1(key.secret.as_bytes(), text.as_bytes()));
        let provided = self.value("Signature").unwrap_or_default();
        let path = self.path();
        let string_to_sign = self.string_to_sign(given, &path);
        // boto3 signs a bucket in the path with a slash after it that its URL does not have.
        let is_bare = host::bucket(&host::of(self.parts)).is_none() && path.len() > 1 && path.matches('/').count() == 1;
        let slashed = is_bare.then(|| self.string_to_sign(given, &format!("{path}/")));
        let holds = |text: &str| same(&signed(text), provided);
        if !holds(&string_to_sign) && !slashed.is_some_and(|text| holds(&text)) {
            return Err(SignatureError::Mismatch(Box::new(Mismatch {
                access_key_id: self.access_key_id().to_owned(),
                provided: provided.to_owned(),
                canonical_request: None,
                string_to_sign,
            })));
        }
        Ok(Verified {
            access_key_id: self.access_key_id().to_owned(),
            // This version names none. us-east-1 is where S3's global endpoint is.
            region: "us-east-1".to_owned(),
            version: Version::Two,
            place: SignatureLocation::Query,
            // Nor does it say when it was made; it is as old as the request.
            signed_at: check.now,
            payload: self.payload()?,
            chain: None,
        })
    }

    /// This version knows of no such header. Who sends it, or puts it into the URL, says what the body is.
    fn payload(&self) -> Result<Payload, SignatureError> {
        match self.header("x-amz-content-sha256").or_else(|| self.value("x-amz-content-sha256").map(str::to_owned)) {
            None => Ok(Payload::Unsigned),
            Some(given) => Payload::read(&given).ok_or(SignatureError::PayloadInvalid { given }),
        }
    }

    /// The parameter's value; the first one counts.
    fn value(&self, name: &str) -> Option<&str> {
        let mut named = self.query.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().and_then(|(_, value)| value.as_deref())
    }

    /// A header that is sent counts before a parameter of its name: it is what the request is carried out with.
    fn string_to_sign(&self, expires: &str, path: &str) -> String {
        let header = |name| self.header(name).or_else(|| self.value(name).map(str::to_owned)).unwrap_or_default();
        format!(
            "{}\n{}\n{}\n{expires}\n{}{}",
            self.parts.method,
            header("content-md5"),
            header("content-type"),
            self.amz_headers(),
            self.resource(path)
        )
    }

    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<_> = self.parts.headers.get_all(name).iter().collect();
        let text = |value: &&http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
        (!values.is_empty()).then(|| values.iter().map(text).collect::<Vec<_>>().join(","))
    }

    /// The `x-amz-…` headers, and the parameters that stand for such headers, sorted.
    fn amz_headers(&self) -> String {
        let mut all = BTreeMap::new();
        for name in self.parts.headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-")) {
            all.insert(name.to_owned(), self.header(name).unwrap_or_default());
        }
        for (name, value) in &self.query {
            let name = name.to_ascii_lowercase();
            if name.starts_with("x-amz-") {
                all.entry(name).or_insert_with(|| value.as_deref().unwrap_or_default().to_owned());
            }
        }
        all.iter().map(|(name, value)| format!("{name}:{value}\n")).collect()
    }

    /// Bucket and key as they stand in the request, with the parameters that count; of one without a value, or with an
    /// empty one, the name.
    fn resource(&self, path: &str) -> String {
        let mut counted: Vec<_> = self.query.iter().filter(|(name, _)| SIGNED.contains(&&**name)).collect();
        counted.sort_by(|(one, _), (other, _)| one.cmp(other));
        let spelt: Vec<String> = (counted.iter())
            .map(|(name, value)| match value.as_deref() {
                None | Some("") => name.to_string(),
                Some(value) => format!("{name}={value}"),
            })
            .collect();
        let mark = if spelt.is_empty() { "" } else { "?" };
        format!("{path}{mark}{}", spelt.join("&"))
    }

    /// `/bucket/key`, the key as it was sent.
    fn path(&self) -> String {
        let host = host::of(self.parts);
        match (host::bucket(&host), self.parts.uri.path()) {
            (Some(bucket), path) => format!("/{bucket}{path}"),
            (None, path) => path.to_owned(),
        }
    }
}

/// In query strings `+` is a space.
fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        return Cow::Owned(percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned());
    }
    percent_decode_str(text).decode_utf8_lossy()
}

/// A key of any length is fine, so the one error the type allows cannot happen; it gives nothing.
fn hmac_sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return Vec::new() };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}
