//! Each failure under AWS's code, words and status, per protocol. The expectations are written from AWS's pages and
//! from answers that AWS gave.

use http::request::Parts;

use super::{Check, SignatureError, check, parts, vector, verified};
use crate::answer::{Answer, Protocol};

const ALL: [Protocol; 3] = [Protocol::S3, Protocol::Query, Protocol::Json];

fn refused(parts: &Parts, check: &Check<'_>) -> Answer {
    verified(parts, check).unwrap_err().answer(check.protocol)
}

/// The three services' own vector of a header signature, changed by `change`: status, code and the message's start.
#[track_caller]
fn expect(change: impl Fn(&mut Parts, &mut Check<'static>), expected: [(u16, &str, &str); 3]) {
    for (name, expected) in ["s3 get", "iam", "ecs"].into_iter().zip(expected) {
        let (mut parts, mut check) = vector(name);
        change(&mut parts, &mut check);
        let answer = refused(&parts, &check);
        let given = (answer.status.as_u16(), answer.code, answer.message.get(..expected.2.len()).unwrap_or_default());
        assert_eq!(given, expected, "{name}: {}", answer.message);
    }
}

fn authorization(parts: &mut Parts, change: impl Fn(&str) -> String) {
    let text = change(parts.headers["authorization"].to_str().unwrap());
    parts.headers.insert("authorization", text.parse().unwrap());
}

#[test]
fn signatures_that_do_not_match() {
    let others = "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                  Access Key and signing method. Consult the service documentation for details.";
    expect(
        |parts, _| parts.method = "PATCH".parse().unwrap(),
        [
            (
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            (403, "SignatureDoesNotMatch", others),
            (400, "InvalidSignatureException", others),
        ],
    );
    let (mut parts, check) = vector("s3 get");
    parts.method = "PATCH".parse().unwrap();
    let details: Vec<_> = refused(&parts, &check).details.into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        details,
        [
            "AWSAccessKeyId",
            "StringToSign",
            "SignatureProvided",
            "StringToSignBytes",
            "CanonicalRequest",
            "CanonicalRequestBytes"
        ]
    );
}

#[test]
fn keys_and_tokens() {
    let invalid = "The security token included in the request is invalid.";
    expect(
        |_, check| check.key = None,
        [
            (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
            (403, "InvalidClientTokenId", invalid),
            (400, "UnrecognizedClientException", invalid),
        ],
    );
    let check = |error: SignatureError, expected: [(u16, &str); 3]| {
        for (protocol, expected) in ALL.into_iter().zip(expected) {
            let answer = error.answer(protocol);
            assert_eq!((answer.status.as_u16(), answer.code), expected, "{error:?}");
        }
    };
    check(
        SignatureError::InvalidToken { token: "t".to_owned() },
        [(400, "InvalidToken"), (403, "InvalidClientTokenId"), (400, "UnrecognizedClientException")],
    );
    check(
        SignatureError::ExpiredToken { token: "t".to_owned() },
        [(400, "ExpiredToken"), (403, "ExpiredToken"), (400, "ExpiredTokenException")],
    );
    check(
        SignatureError::Missing,
        [(403, "AccessDenied"), (403, "MissingAuthenticationToken"), (400, "MissingAuthenticationTokenException")],
    );
}

#[test]
fn clocks() {
    let s3 = "The difference between the request time and the current time is too large.";
    let early = "Signature not yet current: 20261123T103000Z is still later than 20261123T102959Z (20261123T101459Z + \
                 15 min.)";
    expect(
        |_, check| check.now = super::at("2026-11-23T10:14:59Z"),
        [
            (403, "RequestTimeTooSkewed", s3),
            (403, "SignatureDoesNotMatch", early),
            (400, "InvalidSignatureException", early),
        ],
    );
    let late = "Signature expired: 20261123T103000Z is now earlier than 20261123T103001Z (20261123T104501Z - 15 min.)";
    expect(
        |_, check| check.now = super::at("2026-11-23T10:45:01Z"),
        [
            (403, "RequestTimeTooSkewed", s3),
            (403, "SignatureDoesNotMatch", late),
            (400, "InvalidSignatureException", late),
        ],
    );
    for (name, now) in [("s3 get", "2026-11-23T10:45:00Z"), ("iam", "2026-11-23T10:15:00Z")] {
        let (parts, mut check) = vector(name);
        check.now = super::at(now);
        assert!(verified(&parts, &check).is_ok(), "{name} at {now}");
    }
}

#[test]
fn scopes() {
    expect(
        |_, check| check.region = Some("ap-south-1"),
        [
            (
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'ap-south-1'",
            ),
            (403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. "),
            (400, "InvalidSignatureException", "Credential should be scoped to a valid region. "),
        ],
    );
    expect(
        |_, check| check.service = "other",
        [
            (
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; incorrect service \"s3\". This endpoint belongs to \"other\".",
            ),
            (403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'other'. "),
            (400, "InvalidSignatureException", "Credential should be scoped to correct service: 'other'. "),
        ],
    );
    let terminator = "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3'. ";
    expect(
        |parts, _| authorization(parts, |text| text.replace("aws4_request", "aws3")),
        [
            (
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; incorrect terminal \"aws3\".",
            ),
            (403, "SignatureDoesNotMatch", terminator),
            (400, "InvalidSignatureException", terminator),
        ],
    );
    let date = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261122' \
                != '20261123', from '20261123T103000Z'. ";
    expect(
        |parts, _| authorization(parts, |text| text.replace("/20261123/", "/20261122/")),
        [
            (
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; Invalid credential date \"20261122\".",
            ),
            (403, "SignatureDoesNotMatch", date),
            (400, "InvalidSignatureException", date),
        ],
    );
}

#[test]
fn broken_headers() {
    let malformed = "AuthorizationHeaderMalformed";
    let (query, json) = ("IncompleteSignature", "IncompleteSignatureException");
    let missing = "Authorization header requires 'Signature' parameter. (Hashed with SHA-256 and encoded with Base64) \
                   Authorization=";
    expect(
        |parts, _| authorization(parts, |text| text.replace(", Signature=", ", Other=")),
        [
            (400, malformed, "The authorization header is malformed; missing Signature."),
            (400, query, missing),
            (400, json, missing),
        ],
    );
    let pair = "Invalid key=value pair (missing equal-sign) in Authorization header";
    expect(
        |parts, _| authorization(parts, |text| text.replace("Signature=", "Signature")),
        [
            (400, malformed, "The authorization header is malformed; the authorization component \"Signature"),
            (400, query, pair),
            (400, json, pair),
        ],
    );
    let five =
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'";
    expect(
        |parts, _| authorization(parts, |_| "AWS4-HMAC-SHA256 Credential=a/b,SignedHeaders=h,Signature=s".to_owned()),
        [
            (400, malformed, "The authorization header is malformed; the Credential is mal-formed; expecting"),
            (400, query, five),
            (400, json, five),
        ],
    );
    let token = "Request is missing Authentication Token";
    expect(
        |parts, _| authorization(parts, |_| "Bearer abc".to_owned()),
        [
            (400, "InvalidArgument", "Unsupported Authorization Type"),
            (403, "MissingAuthenticationToken", token),
            (400, "MissingAuthenticationTokenException", token),
        ],
    );
    expect(
        |parts, _| authorization(parts, |_| "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=".to_owned()),
        [
            (
                400,
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            ),
            (400, query, ""),
            (400, json, ""),
        ],
    );
}

#[test]
fn dates_that_cannot_be_read() {
    let denied = "AWS authentication requires a valid Date or x-amz-date header";
    let got = "Date must be in ISO-8601 'basic format'. Got '2026-11-23T10:30:00Z'.";
    let set = |parts: &mut Parts, text: &str| parts.headers.insert("x-amz-date", text.parse().unwrap());
    expect(
        |parts, _| drop(set(parts, "2026-11-23T10:30:00Z")),
        [(403, "AccessDenied", denied), (400, "IncompleteSignature", got), (400, "IncompleteSignatureException", got)],
    );
    let none = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
    expect(
        |parts, _| drop(parts.headers.remove("x-amz-date")),
        [
            (403, "AccessDenied", denied),
            (400, "IncompleteSignature", none),
            (400, "IncompleteSignatureException", none),
        ],
    );
    for text in ["20261323T103000Z", "20261123T103060Z", "20260230T000000Z", "20261123t103000z", "2026112ZT103000Z"] {
        let (mut parts, check) = vector("s3 get");
        set(&mut parts, text);
        assert_eq!(refused(&parts, &check).code, "AccessDenied", "{text}");
    }
}

#[test]
fn headers_that_are_not_signed() {
    let s3 = "There were headers present in the request which were not signed";
    let words = "'x-amz-acl' must be a 'SignedHeader' in the AWS Authorization.";
    expect(
        |parts, _| drop(parts.headers.insert("x-amz-acl", "public-read".parse().unwrap())),
        [(403, "AccessDenied", s3), (403, "SignatureDoesNotMatch", words), (400, "InvalidSignatureException", words)],
    );
    let host = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    expect(
        |parts, _| authorization(parts, |text| text.replace("host;", "")),
        [(403, "AccessDenied", s3), (403, "SignatureDoesNotMatch", host), (400, "InvalidSignatureException", host)],
    );
    let (mut parts, check) = vector("s3 presigned");
    parts.headers.insert("x-amz-tagging", "a=b".parse().unwrap());
    parts.headers.insert("x-amzn-trace-id", "Root=1".parse().unwrap());
    let answer = refused(&parts, &check);
    assert_eq!(answer.details, [("HeadersNotSigned", "x-amz-tagging".to_owned())]);
}

/// The payload line signs `x-amz-content-sha256` too, so in a header signature it may stay out of the signed ones.
#[test]
fn the_payload_header_counts_as_signed() {
    let headers = [
        ("host", "b"),
        ("x-amz-date", "20261123T103000Z"),
        ("x-amz-content-sha256", crate::hash::EMPTY_SHA256),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/s3/aws4_request, SignedHeaders=host;\
             x-amz-date, Signature=2609d1ab4c8a5dfec3aa678701aefd5d9590d1472fa05428e05cf6ec91957087",
        ),
    ];
    let mut request = parts("GET", "/k", &headers);
    assert!(verified(&request, &check("s3", super::NOW)).is_ok());
    request.headers.insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD".parse().unwrap());
    assert_eq!(refused(&request, &check("s3", super::NOW)).code, "SignatureDoesNotMatch");

    let (mut presigned, check) = vector("s3 presigned");
    presigned.headers.insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD".parse().unwrap());
    let answer = refused(&presigned, &check);
    assert_eq!(answer.details, [("HeadersNotSigned", "x-amz-content-sha256".to_owned())]);
}

#[test]
fn payload_claims() {
    let (mut parts, check) = vector("s3 get");
    parts.headers.remove("x-amz-content-sha256");
    let answer = refused(&parts, &check);
    assert_eq!(answer.code, "InvalidRequest");
    assert_eq!(answer.message, "Missing required header for this request: x-amz-content-sha256");
    parts.headers.insert("x-amz-content-sha256", "abc".parse().unwrap());
    let answer = refused(&parts, &check);
    assert_eq!((answer.status.as_u16(), answer.code), (400, "InvalidArgument"));
    let details = [("ArgumentName", "x-amz-content-sha256".to_owned()), ("ArgumentValue", "abc".to_owned())];
    assert_eq!(answer.details, details);
}

/// A presigned URL after its time, before it, and with each parameter broken.
#[test]
fn presigned_urls() {
    let (original, base) = vector("s3 presigned");
    let run = |now: &str, from: &str, to: &str| {
        let mut parts = original.clone();
        parts.uri = original.uri.to_string().replacen(from, to, 1).parse().unwrap();
        let answer = refused(&parts, &Check { now: super::at(now), ..base });
        (answer.status.as_u16(), answer.code, answer.message)
    };
    let now = super::NOW;
    let error = |message: &str| (400, "AuthorizationQueryParametersError", message.to_owned());
    assert_eq!(run("2026-11-23T11:30:01Z", "", ""), (403, "AccessDenied", "Request has expired".to_owned()));
    assert_eq!(run("2026-11-23T10:14:59Z", "", ""), (403, "AccessDenied", "Request is not yet valid".to_owned()));
    let expires = |text: &str| run(now, "X-Amz-Expires=3600", &format!("X-Amz-Expires={text}"));
    assert_eq!(expires("-1"), error("X-Amz-Expires must be non-negative"));
    assert_eq!(expires("soon"), error("X-Amz-Expires should be a number"));
    assert!(expires("604801").2.starts_with("X-Amz-Expires must be less than a week (in seconds)"));
    let requires = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                    X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    for name in ["Algorithm", "Credential", "Signature", "Date", "SignedHeaders", "Expires"] {
        assert_eq!(run(now, &format!("X-Amz-{name}="), "other="), error(requires), "{name}");
    }
    assert!(run(now, "HMAC-SHA256", "HMAC-SHA1").2.starts_with("X-Amz-Algorithm only supports"));
    assert!(run(now, "20261123T103000Z", "now").2.starts_with("X-Amz-Date must be in the ISO8601 Long Format"));
    let answer = refused(&original, &Check { region: Some("us-east-1"), ..base });
    assert_eq!(answer.code, "AuthorizationQueryParametersError");
    assert!(
        answer.message.starts_with("Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong")
    );
}

#[test]
fn a_presigned_sts_call_lives_fifteen_minutes() {
    let (parts, mut check) = vector("sts presigned");
    check.now = super::at("2026-11-23T10:45:00Z");
    assert!(verified(&parts, &check).is_ok());
    check.now = super::at("2026-11-23T10:45:01Z");
    assert_eq!(refused(&parts, &check).code, "SignatureDoesNotMatch");
}

#[test]
fn one_mechanism_only() {
    let (mut parts, check) = vector("s3 presigned");
    parts.headers.insert("authorization", "AWS4-HMAC-SHA256 x".parse().unwrap());
    let answer = refused(&parts, &check);
    assert_eq!(answer.code, "InvalidArgument");
    assert!(answer.message.starts_with("Only one auth mechanism allowed"), "{}", answer.message);
}

#[test]
fn version_2_in_the_query_string() {
    let elsewhere = parts("GET", "/?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1&Signature=abc", &[]);
    assert_eq!(refused(&elsewhere, &check("sts", super::NOW)).code, "IncompleteSignature");
    let incomplete = parts("GET", "/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=abc", &[]);
    let answer = refused(&incomplete, &check("s3", super::NOW));
    let words = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters";
    assert_eq!((answer.status.as_u16(), answer.code, answer.message.as_str()), (403, "AccessDenied", words));
}
