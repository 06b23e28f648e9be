//! The check itself, and what it leaves behind for the body's own checks.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::canonical;
use super::error::{ExpiresFlaw, Mismatch, ScopeFlaw, SignatureError};
use super::parse::{Parsed, SignatureLocation};
use crate::answer::Protocol;
use crate::hash::{EMPTY_SHA256, Sum, hex, hmac, sha256, sum_from_hex};

/// S3, STS and most others take a signature for 15 minutes: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
/// (`MaxAllowedSkewMilliseconds` 900000) and docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
/// (`RequestExpired`).
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(15);
const WEEK: i64 = 604_800;

/// An access key as the account stores it. No `Debug`, so that no log shows it.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// The secret access key.
    pub secret: &'a str,
    /// The session token of temporary credentials.
    pub token: Option<&'a str>,
    /// When temporary credentials end.
    pub expires: Option<Timestamp>,
}

/// What a signature is checked against.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// The protocol of the service asked.
    pub protocol: Protocol,
    /// The service asked, as credentials name it: `s3`, `iam`, `sts`, `ecs`, `logs`.
    pub service: &'a str,
    /// The endpoint's region; `None` takes any.
    pub region: Option<&'a str>,
    /// The key under the request's access key id; `None`: nobody has it.
    pub key: Option<Key<'a>>,
    /// The server's time.
    pub now: Timestamp,
    /// The whole body. Not looked at for S3, which signs what `x-amz-content-sha256` claims of it: there,
    /// [`crate::body::Reader`] checks the body as it comes.
    pub body: &'a [u8],
}

/// What an S3 signature says of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// Its SHA-256.
    Hashed([u8; 32]),
    /// Nothing.
    Unsigned,
    /// `aws-chunked`, each chunk signed.
    SignedChunks,
    /// `aws-chunked`, each chunk signed, and the trailers too.
    SignedChunksAndTrailer,
    /// `aws-chunked` with trailers, not signed.
    UnsignedChunksAndTrailer,
}

/// A signature that held.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Whose key signed.
    pub access_key_id: String,
    /// The region that the request was signed for.
    pub region: String,
    /// Which kind of signature it was.
    pub version: Version,
    /// Where the signature stood.
    pub place: SignatureLocation,
    /// When the request was signed.
    pub signed_at: Timestamp,
    /// What it says of the body.
    pub payload: Payload,
    /// For the signatures of chunks; only Version 4 has them.
    pub chain: Option<Chain>,
}

/// A kind of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Signature Version 2.
    Two,
    /// Signature Version 4.
    Four,
}

/// A chain of signatures: each chunk of a body signs the chunk before it.
#[derive(Clone)]
pub struct Chain {
    key: Sum,
    /// Time and scope, each with its line end.
    head: String,
    previous: String,
}

impl fmt::Debug for Chain {
    /// Without the key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Chain").field("previous", &self.previous).finish_non_exhaustive()
    }
}

impl Payload {
    /// Reads `x-amz-content-sha256`.
    pub(crate) fn read(text: &str) -> Option<Payload> {
        match text {
            "UNSIGNED-PAYLOAD" => Some(Payload::Unsigned),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Some(Payload::SignedChunks),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Some(Payload::SignedChunksAndTrailer),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Some(Payload::UnsignedChunksAndTrailer),
            hash => sum_from_hex(hash).map(Payload::Hashed),
        }
    }
}

impl Parsed<'_> {
    /// Signs the request again with the key's secret and compares. The order of the checks is AWS's.
    pub fn verify(&self, check: &Check<'_>) -> Result<Verified, SignatureError> {
        self.check_time(check)?;
        self.check_scope(check)?;
        let names = canonical::unsigned(
            &self.parts.headers,
            check.protocol,
            &self.signed_headers,
            self.place == SignatureLocation::Query,
        );
        if !names.is_empty() {
            return Err(SignatureError::HeadersNotSigned { names });
        }
        let key = known_key(check, self.access_key_id(), self.token.as_deref())?;
        let (payload, payload_line) = self.payload(check)?;
        let request = canonical::request(self.parts, check.protocol, &self.signed_headers, &payload_line);
        let signer = signing_key(key.secret, self.stamp.date(), self.region(), self.service());
        let head = format!("{}\n{}\n", self.stamp.text, self.scope.text());
        let string_to_sign = format!("AWS4-HMAC-SHA256\n{head}{}", hex(&sha256(&request)));
        let signature = hex(&hmac(&signer, &[string_to_sign.as_bytes()]));
        if !same(&signature, &self.signature) {
            return Err(SignatureError::Mismatch(Box::new(Mismatch {
                access_key_id: self.access_key_id().to_owned(),
                provided: self.signature.to_string(),
                canonical_request: Some(String::from_utf8_lossy(&request).into_owned()),
                string_to_sign,
            })));
        }
        Ok(Verified {
            access_key_id: self.access_key_id().to_owned(),
            region: self.region().to_owned(),
            version: Version::Four,
            place: self.place,
            signed_at: self.stamp.at,
            payload,
            chain: Some(Chain { key: signer, head, previous: signature }),
        })
    }

    fn check_time(&self, check: &Check<'_>) -> Result<(), SignatureError> {
        let age = check.now.duration_since(self.stamp.at);
        if self.place == SignatureLocation::Query && check.protocol == Protocol::S3 {
            let seconds = self.lifetime()?;
            if age < -SKEW {
                return Err(SignatureError::NotYetValid { signed_at: self.stamp.at, now: check.now });
            }
            let lifetime = SignedDuration::from_secs(i64::from(seconds));
            if age > lifetime {
                let at = self.stamp.at.checked_add(lifetime).unwrap_or(Timestamp::MAX);
                return Err(SignatureError::Expired { seconds: Some(seconds), at, now: check.now });
            }
            return Ok(());
        }
        // Outside S3 a presigned request lives 15 minutes too, whatever its X-Amz-Expires says (a presigned
        // sts:GetCallerIdentity with X-Amz-Expires=60 is taken for 15 minutes; Kubernetes logs in with them).
        if age.abs() > SKEW {
            return Err(SignatureError::Skewed { signed_at: self.stamp.at, now: check.now });
        }
        Ok(())
    }

    /// `X-Amz-Expires`, at most a week.
    fn lifetime(&self) -> Result<u32, SignatureError> {
        let Some(text) = self.expires.as_deref() else {
            return Err(SignatureError::Incomplete {
                place: SignatureLocation::Query,
                missing: vec!["X-Amz-Expires"],
                authorization: String::new(),
            });
        };
        match text.parse::<i64>() {
            Err(_) => Err(SignatureError::Expires(ExpiresFlaw::NotANumber)),
            Ok(seconds) if seconds < 0 => Err(SignatureError::Expires(ExpiresFlaw::Negative)),
            Ok(seconds) if seconds > WEEK => Err(SignatureError::Expires(ExpiresFlaw::TooLong)),
            Ok(seconds) => u32::try_from(seconds).map_err(|_| SignatureError::Expires(ExpiresFlaw::TooLong)),
        }
    }

    fn check_scope(&self, check: &Check<'_>) -> Result<(), SignatureError> {
        let mut flaws = Vec::new();
        if let Some(expected) = check.region.filter(|region| *region != self.region()) {
            flaws.push(ScopeFlaw::Region { given: self.region().to_owned(), expected: expected.to_owned() });
        }
        if self.service() != check.service {
            flaws.push(ScopeFlaw::Service { given: self.service().to_owned(), expected: check.service.to_owned() });
        }
        if self.scope.part(4) != "aws4_request" {
            flaws.push(ScopeFlaw::Terminator { given: self.scope.part(4).to_owned() });
        }
        if self.scope.part(1) != self.stamp.date() {
            flaws.push(ScopeFlaw::Date { given: self.scope.part(1).to_owned(), stamp: self.stamp.text.clone() });
        }
        if flaws.is_empty() { Ok(()) } else { Err(SignatureError::Scope { place: self.place, flaws }) }
    }

    /// What the signature says of the body, and the line of the canonical request for it.
    fn payload(&self, check: &Check<'_>) -> Result<(Payload, String), SignatureError> {
        if check.protocol != Protocol::S3 {
            let sum = sha256(check.body);
            return Ok((Payload::Hashed(sum), hex(&sum)));
        }
        let text = match (self.content_sha256.as_deref(), self.place) {
            (Some(text), _) => text,
            (None, SignatureLocation::Query) => "UNSIGNED-PAYLOAD",
            (None, SignatureLocation::Header) => return Err(SignatureError::PayloadMissing),
        };
        match Payload::read(text) {
            Some(payload) => Ok((payload, text.to_owned())),
            None => Err(SignatureError::PayloadInvalid { given: text.to_owned() }),
        }
    }
}

impl Chain {
    /// Whether this is the signature of the next chunk.
    /// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
    pub(crate) fn chunk(&mut self, sum: &Sum, signature: &str) -> bool {
        self.next("AWS4-HMAC-SHA256-PAYLOAD", &format!("{EMPTY_SHA256}\n{}", hex(sum)), signature)
    }

    /// Whether this is the signature of the trailers.
    /// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
    pub(crate) fn trailer(&mut self, sum: &Sum, signature: &str) -> bool {
        self.next("AWS4-HMAC-SHA256-TRAILER", &hex(sum), signature)
    }

    fn next(&mut self, kind: &str, content: &str, signature: &str) -> bool {
        let string_to_sign = format!("{kind}\n{}{}\n{content}", self.head, self.previous);
        self.previous = hex(&hmac(&self.key, &[string_to_sign.as_bytes()]));
        same(&self.previous, signature)
    }
}

/// The key, if its session token fits. AWS finds a temporary key by its token, so this comes before the signature.
pub(super) fn known_key<'a>(check: &Check<'a>, id: &str, token: Option<&str>) -> Result<Key<'a>, SignatureError> {
    let unknown = || SignatureError::UnknownKey { id: id.to_owned() };
    let key = check.key.ok_or_else(unknown)?;
    match (key.token, token) {
        (None, None) => {}
        (Some(_), None) => return Err(unknown()),
        (Some(stored), Some(given)) if same(stored, given) => {}
        (_, Some(given)) => return Err(SignatureError::InvalidToken { token: given.to_owned() }),
    }
    if key.expires.is_some_and(|end| end <= check.now) {
        return Err(SignatureError::ExpiredToken { token: token.unwrap_or_default().to_owned() });
    }
    Ok(key)
}

/// Four HMACs, about a microsecond: cheap enough to derive each time, so nothing has to be kept or forgotten.
pub(super) fn signing_key(secret: &str, date: &str, region: &str, service: &str) -> Sum {
    let date_key = hmac(format!("AWS4{secret}").as_bytes(), &[date.as_bytes()]);
    let region_key = hmac(&date_key, &[region.as_bytes()]);
    let service_key = hmac(&region_key, &[service.as_bytes()]);
    hmac(&service_key, &[b"aws4_request"])
}

/// Compares without telling by its time how far two secrets agree.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
