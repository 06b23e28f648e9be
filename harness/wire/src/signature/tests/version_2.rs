//! Presigned URLs of Signature Version 2: AWS's published example, botocore's, and tampering.

use super::{SECRET, check, parts, verified};
use crate::answer::Protocol;
use crate::signature::{Key, Version};

/// Before 2026-11-23T10:40:00Z, when the vectors expire.
const NOW: &str = "2026-11-23T10:30:00Z";
const TOKEN: &str = "TOKEN+/=";

/// Method, target, session token: by botocore 1.43.11, `generate_presigned_url`.
const VECTORS: [(&str, &str, Option<&str>); 6] = [
    (
        "GET",
        "/box/a%20key/%C3%BC%2Bx?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=79Hglq0bHjPa3PO3R5bG1GfEzto%3D&Expires=1795430400",
        None,
    ),
    (
        "GET",
        "/box/k?versionId=v1&response-content-type=text%2Fplain%3B%20x%3Dy&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=c6s95A2ekwi7BWlg1ID6%2FGhgpgM%3D&Expires=1795430400",
        None,
    ),
    (
        "PUT",
        "/box/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=t0zjzCP6KapU%2F8okwx%2FZ%2FSUix8k%3D&content-type=text%2Fplain&x-amz-meta-who=me&Expires=1795430400",
        None,
    ),
    (
        "GET",
        "/box?list-type=2&prefix=p&encoding-type=url&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=UzmGc2JjkjKmjSOL20lNqCHJhls%3D&Expires=1795430400",
        None,
    ),
    (
        "GET",
        "/box/a%20key/%C3%BC%2Bx?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=UPGrAJ2c2rkOB29p3HJPym71FwE%3D&x-amz-security-token=TOKEN%2B%2F%3D&Expires=1795430400",
        Some(TOKEN),
    ),
    (
        "PUT",
        "/box/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=skJWWjeHgyC3tgHGZmNxqmVaqI0%3D&content-type=text%2Fplain&x-amz-meta-who=me&x-amz-security-token=TOKEN%2B%2F%3D&Expires=1795430400",
        Some(TOKEN),
    ),
];

/// The code and message of the refusal, or `None` where the signature holds.
fn refusal(method: &str, target: &str, token: Option<&str>, now: &str) -> Option<(String, String)> {
    let mut check = check("s3", now);
    check.key = Some(Key { secret: SECRET, token, expires: None });
    let error = verified(&parts(method, target, &[("host", "127.0.0.1:4566")]), &check).err()?;
    let answer = error.answer(Protocol::S3);
    Some((answer.code.to_string(), answer.message))
}

fn code(method: &str, target: &str, token: Option<&str>) -> Option<String> {
    refusal(method, target, token, NOW).map(|(code, _)| code)
}

#[test]
fn what_botocore_presigns_holds() {
    for (method, target, token) in VECTORS {
        assert_eq!(refusal(method, target, token, NOW), None, "{target}");
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/dev/RESTAuthentication.html, "Query string request authentication alternative".
#[test]
fn the_published_example_holds() {
    let target = "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\
                  &Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
    let parts = parts("GET", target, &[("host", "johnsmith.s3.amazonaws.com")]);
    let seen = verified(&parts, &check("s3", "2007-03-28T00:00:00Z"));
    assert_eq!(seen.map(|verified| verified.version), Ok(Version::Two));
}

#[test]
fn nothing_signed_can_be_changed() {
    for (method, target, token) in VECTORS {
        let other = if method == "GET" { "PUT" } else { "GET" };
        let mismatch = Some("SignatureDoesNotMatch".to_owned());
        assert_eq!(code(other, target, token), mismatch, "method of {target}");
        assert_eq!(code(method, &target.replace("/box", "/fox"), token), mismatch, "bucket of {target}");
        assert_eq!(code(method, &target.replace("=1795430400", "=1795430401"), token), mismatch, "expiry of {target}");
        for (name, changed) in [("versionId=v1", "versionId=v2"), ("text%2Fplain", "text%2Fhtml"), ("who=me", "who=us")]
        {
            if target.contains(name) {
                assert_eq!(code(method, &target.replace(name, changed), token), mismatch, "{name} of {target}");
            }
        }
    }
}

#[test]
fn a_url_ends_when_it_says_so() {
    let (method, target, _) = VECTORS[0];
    let expired = Some(("AccessDenied".to_owned(), "Request has expired".to_owned()));
    assert_eq!(refusal(method, target, None, "2026-11-23T10:39:59Z"), None);
    assert_eq!(refusal(method, target, None, "2026-11-23T10:40:00Z"), expired);
    let never = target.replace("=1795430400", "=never");
    let words = "Invalid date (should be seconds since epoch): never".to_owned();
    assert_eq!(refusal(method, &never, None, NOW), Some(("AccessDenied".to_owned(), words)));
}

#[test]
fn a_session_needs_its_token() {
    let (method, plain, _) = VECTORS[0];
    let (_, with_token, _) = VECTORS[4];
    assert_eq!(code(method, plain, Some(TOKEN)), Some("InvalidAccessKeyId".to_owned()));
    assert_eq!(code(method, with_token, Some("OTHER")), Some("InvalidToken".to_owned()));
    assert_eq!(code(method, with_token, None), Some("InvalidToken".to_owned()));
}
