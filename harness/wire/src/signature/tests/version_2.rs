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

/// Neither AWS's page nor botocore has these in what is signed, so that the one who was given a URL could add them to it.
#[test]
fn a_url_becomes_no_other_operation() {
    let mismatch = Some("SignatureDoesNotMatch");
    for (added, expected) in [
        ("retention", Some("InvalidRequest")),
        ("legal-hold", Some("InvalidRequest")),
        ("attributes", Some("InvalidRequest")),
        ("encryption", Some("InvalidRequest")),
        ("annotation", Some("InvalidRequest")),
        ("abac=", Some("InvalidRequest")),
        ("publicAccessBlock", Some("InvalidRequest")),
        ("owner%73hipControls", Some("InvalidRequest")),
        ("policyStatus", Some("InvalidRequest")),
        ("metadataTable", Some("InvalidRequest")),
        ("intelligent-tiering&id=a", Some("InvalidRequest")),
        ("acl", mismatch),
        ("%61cl", mismatch),
        ("tagging", mismatch),
        ("uploadId=u&partNumber=1", mismatch),
        ("x-amz-acl=public-read", mismatch),
    ] {
        for (method, target, _) in VECTORS.into_iter().filter(|(.., token)| token.is_none()) {
            expect(method, &format!("{target}&{added}"), &[HOST], None, expected);
            expect(method, &target.replacen('?', &format!("?{added}&"), 1), &[HOST], None, expected);
        }
    }
}

#[test]
fn a_url_ends_when_it_says_so() {
    let (method, target, _) = VECTORS[0];
    let expired = Some(("AccessDenied".to_owned(), "Request has expired".to_owned()));
    assert_eq!(refusal(method, target, None, "2026-11-23T10:40:00Z"), None);
    assert_eq!(refusal(method, target, None, "2026-11-23T10:40:01Z"), expired);
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

const ID: &str = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE";
const HOST: (&str, &str) = ("host", "127.0.0.1:4566");
/// By botocore: `Tagging="Status=OK"` and `ContentType="text/plain"`.
const TAGGED: &str = "/box/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=4BBKxoLnBJTcNWUlZlD1t9VmPi8%3D&content-type=text%2Fplain&x-amz-tagging=Status%3DOK&Expires=1795430400";

#[track_caller]
fn expect(method: &str, target: &str, headers: &[(&str, &str)], token: Option<&str>, expected: Option<&str>) {
    let mut check = check("s3", NOW);
    check.key = Some(Key { secret: SECRET, token, expires: None });
    let error = verified(&parts(method, target, headers), &check).err();
    assert_eq!(error.map(|error| error.answer(Protocol::S3).code), expected, "{method} {target}");
}

/// A header that is sent is what the request is carried out with, so no other one than the signed may be.
#[test]
fn a_sent_header_is_the_signed_one() {
    let (kind, tag) = (("content-type", "text/plain"), ("x-amz-tagging", "Status=OK"));
    let no = Some("SignatureDoesNotMatch");
    expect("PUT", TAGGED, &[HOST, kind, tag], None, None);
    expect("PUT", TAGGED, &[HOST], None, None);
    expect("PUT", TAGGED, &[HOST, kind, ("x-amz-tagging", "Status=NG")], None, no);
    expect("PUT", TAGGED, &[HOST, kind, tag, ("x-amz-tagging", "Status=NG")], None, no);
    expect("PUT", TAGGED, &[HOST, ("content-type", "text/html"), tag], None, no);
    expect("PUT", TAGGED, &[HOST, kind, tag, ("x-amz-acl", "public-read")], None, no);
    expect("PUT", &TAGGED.replace("x-amz-tagging=Status%3DOK&", ""), &[HOST, kind], None, no);
}

#[test]
fn every_spelling_of_a_resource() {
    let signed =
        |path: &str, more: &str, signature: &str| format!("{path}?{more}{ID}&Expires=1795430400&Signature={signature}");
    let dotted = ("host", "my.box.localhost:4566");
    // By botocore.
    let key = signed("/a%20b/%C3%BC%2Bx~", "versionId=x%2Fy%3D&", "RgkD%2BC8xfW3EanJNYx3yJeYk%2F5Q%3D");
    expect("GET", &key, &[dotted], None, None);
    expect("GET", &key, &[("host", "other.localhost:4566")], None, Some("SignatureDoesNotMatch"));
    for (method, path, more, signature) in [
        ("GET", "/", "", "zxBosjSdIJx9heW%2FOIgjPUX6l5s%3D"),
        ("GET", "/box", "acl&", "Mfayckj8qfA4L2ar597ClapGjqU%3D"),
        ("POST", "/box", "delete&", "5LM4r9ocP%2F4fhr4WevW6Zt42Ero%3D"),
        ("GET", "/box", "object-lock&", "d6A5qvOGjfzYQiIg3uhJtDpoUd0%3D"),
        ("GET", "/box/k", "tagging&", "gTJ67s9sy9YmLJ%2BoYNbWE2zZGAY%3D"),
        // By the page's own rules: a bucket without a slash, `+` for a space, a name with an empty value.
        ("GET", "/box", "", "p%2FA%2FEa3LaXiJgyir5UM8Um7ya2w%3D"),
        ("GET", "/box/k", "response-content-type=a+b&", "qx%2BWUm1rGLkwpZczbunadToCu4c%3D"),
        ("GET", "/box/k", "acl=&", "s1fjUejqeRW3bghMpcx7Xzzm19Y%3D"),
    ] {
        expect(method, &signed(path, more, signature), &[HOST], None, None);
        expect("PUT", &signed(path, more, signature), &[HOST], None, Some("SignatureDoesNotMatch"));
    }
    let token = signed("/box/k", "", "6l0zdXkPWjbWTOU4QQ3xu395DWA%3D");
    expect("GET", &token, &[HOST, ("x-amz-security-token", "TOK")], Some("TOK"), None);
    expect("GET", &token, &[HOST, ("x-amz-security-token", "KOT")], Some("TOK"), Some("InvalidToken"));
}

#[test]
fn urls_that_are_not_whole() {
    let whole = format!("/box/k?{ID}&Expires=1795430400&Signature=x");
    for missing in ["AWSAccessKeyId", "Expires", "Signature"] {
        expect("GET", &whole.replace(missing, "other"), &[HOST], None, Some("AccessDenied"));
    }
    expect("GET", &whole, &[HOST, ("authorization", "AWS4-HMAC-SHA256 x")], None, Some("InvalidArgument"));
    // Signed right, but after 2038.
    let late = format!("/box/k?{ID}&Expires=2147483648&Signature=gRiqc6dkmY5GuMOEVJD7BLS4FSk%3D");
    expect("GET", &late, &[HOST], None, Some("AccessDenied"));
}

/// The signature names no service; what does not look like S3, and S3 Control, refuse this version.
#[test]
fn for_no_service_but_s3() {
    let control = format!("/v20180820/bucket/box?{ID}&Expires=1795430400&Signature=o5qHC%2Bko7HtlJi3C5JMPeXsnWr0%3D");
    expect("GET", &control, &[("host", "123456789012.s3-control.localhost")], None, Some("InvalidRequest"));
    let iam = parts("GET", &format!("/?Action=ListUsers&{ID}&Expires=1795430400&Signature=x"), &[HOST]);
    assert_eq!(verified(&iam, &check("iam", NOW)).unwrap_err().answer(Protocol::Query).code, "IncompleteSignature");
}
