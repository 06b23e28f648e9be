//! Signatures against AWS's published examples, botocore's signer and the SDK's; and against tampering.

mod answers;
mod published;
mod sdk;
mod tampering;
mod vectors;
mod version_2;

use http::request::Parts;
use jiff::Timestamp;

use super::{Check, Claim, Key, SignatureError, Verified};
use crate::answer::Protocol;
use vectors::{VECTORS, Vector};

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// When the vectors were signed.
const NOW: &str = "2026-11-23T10:30:00Z";

pub(crate) fn parts(method: &str, target: &str, headers: &[(&str, &str)]) -> Parts {
    let mut builder = http::Request::builder().method(method).uri(target);
    for (name, value) in headers {
        builder = builder.header(*name, value.as_bytes());
    }
    builder.body(()).unwrap().into_parts().0
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn check<'a>(service: &'a str, now: &str) -> Check<'a> {
    let protocol = match service {
        "s3" => Protocol::S3,
        "iam" | "sts" => Protocol::Query,
        _ => Protocol::Json,
    };
    let key = Some(Key { secret: SECRET, token: None, expires: None });
    Check { protocol, service, region: None, key, now: at(now), body: b"" }
}

pub(crate) fn verified(parts: &Parts, check: &Check<'_>) -> Result<Verified, SignatureError> {
    Claim::from_request(parts)?.ok_or(SignatureError::Missing)?.verify(check)
}

/// A vector's request and what it is checked against.
fn request_of(vector: &'static Vector) -> (Parts, Check<'static>) {
    let mut check = check(vector.service, NOW);
    check.key = Some(Key { secret: SECRET, token: vector.token, expires: None });
    check.body = vector.body.as_bytes();
    (parts(vector.method, vector.target, vector.headers), check)
}

fn vector(name: &str) -> (Parts, Check<'static>) {
    request_of(VECTORS.iter().find(|vector| vector.name == name).unwrap())
}

#[test]
fn what_botocore_signs_holds() {
    for vector in VECTORS {
        let (parts, check) = request_of(vector);
        let verified = verified(&parts, &check);
        assert!(verified.is_ok(), "{}: {verified:#?}", vector.name);
        assert_eq!(verified.unwrap().access_key_id, "AKIAIOSFODNN7EXAMPLE");
    }
}

#[test]
fn a_request_without_a_signature_is_anonymous() {
    assert!(matches!(Claim::from_request(&parts("GET", "/b/k?versionId=1", &[])), Ok(None)));
}
