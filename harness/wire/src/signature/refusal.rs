//! AWS's codes, words and statuses for a failed signature.
//!
//! S3: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. The others:
//! docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html. The JSON services give the query
//! protocol's errors under names that end in `Exception`, all with status 400.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use jiff::Timestamp;

use super::error::{ExpiresFlaw, Mismatch, ScopeFlaw, SignatureError};
use super::parse::SignatureLocation;
use super::stamp::{basic, extended};
use super::verify::SKEW;
use crate::answer::{Answer, Protocol};
use crate::hash::sha256;

impl SignatureError {
    /// The error as the protocol's services give it.
    pub fn answer(&self, protocol: Protocol) -> Answer {
        if protocol == Protocol::S3 {
            return self.s3();
        }
        let (class, message) = self.elsewhere();
        match protocol {
            Protocol::Json => Answer::new(StatusCode::BAD_REQUEST, class.json, message),
            _ => Answer::new(class.status, class.query, message),
        }
    }

    fn s3(&self) -> Answer {
        match self {
            SignatureError::Missing => denied("Access Denied"),
            SignatureError::Both { authorization } => argument(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                 parameter or the Authorization header should be specified",
                "Authorization",
                authorization,
            ),
            SignatureError::UnsupportedType { authorization } => {
                argument("Unsupported Authorization Type", "Authorization", authorization)
            }
            SignatureError::UnsupportedVersion => bad(
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            ),
            SignatureError::UnsupportedAlgorithm { place: SignatureLocation::Header, algorithm } => {
                argument("Unsupported Authorization Type", "Authorization", algorithm)
            }
            SignatureError::UnsupportedAlgorithm { place: SignatureLocation::Query, .. } => {
                query_error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"")
            }
            SignatureError::Incomplete { place: SignatureLocation::Query, .. } => query_error(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                 X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
            ),
            SignatureError::Incomplete { place: SignatureLocation::Header, missing, .. } => match missing.as_slice() {
                [one] => header_error(&format!("missing {one}.")),
                _ => header_error(
                    "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
                ),
            },
            SignatureError::NotAPair { part, .. } => {
                header_error(&format!("the authorization component \"{part}\" is malformed."))
            }
            SignatureError::Credential { place, .. } => credential_error(
                *place,
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
            ),
            SignatureError::DateMissing { .. }
            | SignatureError::DateInvalid { place: SignatureLocation::Header, .. } => {
                denied("AWS authentication requires a valid Date or x-amz-date header")
            }
            SignatureError::DateInvalid { place: SignatureLocation::Query, .. } => {
                query_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
            }
            SignatureError::Scope { place, flaws } => s3_scope(*place, flaws),
            SignatureError::Skewed { signed_at, now } => s3_skewed(*signed_at, *now),
            SignatureError::Expires(flaw) => query_error(match flaw {
                ExpiresFlaw::NotANumber => "X-Amz-Expires should be a number",
                ExpiresFlaw::Negative => "X-Amz-Expires must be non-negative",
                ExpiresFlaw::TooLong => {
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                     less than 604800 seconds"
                }
            }),
            SignatureError::Expired { seconds, at, now } => {
                let lifetime = seconds.map(|seconds| ("X-Amz-Expires", seconds.to_string()));
                let expired =
                    lifetime.into_iter().fold(denied("Request has expired"), |to, (name, text)| to.with(name, text));
                expired.with("Expires", extended(*at)).with("ServerTime", extended(*now))
            }
            SignatureError::IncompleteVersion2 => {
                denied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
            }
            SignatureError::ExpiryInvalid { given } => {
                denied(&format!("Invalid date (should be seconds since epoch): {given}"))
            }
            SignatureError::NotYetValid { now, .. } => {
                denied("Request is not yet valid").with("ServerTime", extended(*now))
            }
            SignatureError::HeadersNotSigned { names } => {
                denied("There were headers present in the request which were not signed")
                    .with("HeadersNotSigned", names.join(", "))
            }
            SignatureError::UnknownKey { id } => Answer::new(
                StatusCode::FORBIDDEN,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            )
            .with("AWSAccessKeyId", id),
            SignatureError::InvalidToken { token } => {
                bad("InvalidToken", "The provided token is malformed or otherwise invalid.").with("Token-0", token)
            }
            SignatureError::ExpiredToken { token } => {
                bad("ExpiredToken", "The provided token has expired.").with("Token-0", token)
            }
            SignatureError::PayloadMissing => {
                bad("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
            }
            SignatureError::PayloadInvalid { given } => argument(
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a \
                 valid sha256 value.",
                "x-amz-content-sha256",
                given,
            ),
            SignatureError::Mismatch(mismatch) => s3_mismatch(mismatch),
        }
    }

    /// The class of the error and the words for it, outside S3.
    fn elsewhere(&self) -> (&'static Class, String) {
        match self {
            SignatureError::Missing | SignatureError::UnsupportedType { .. } => {
                (&MISSING, "Request is missing Authentication Token".to_owned())
            }
            SignatureError::Both { .. } => (
                &MISMATCH,
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.".to_owned(),
            ),
            SignatureError::UnsupportedVersion | SignatureError::IncompleteVersion2 => {
                (&INCOMPLETE, "Only AWS Signature Version 4 with AWS4-HMAC-SHA256 is supported.".to_owned())
            }
            SignatureError::UnsupportedAlgorithm { algorithm, .. } => {
                (&INCOMPLETE, format!("Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now)."))
            }
            SignatureError::Incomplete { place: SignatureLocation::Header, missing, authorization } => {
                (&INCOMPLETE, requires(missing.iter().map(|name| format!("'{name}' parameter")), authorization))
            }
            SignatureError::Incomplete { place: SignatureLocation::Query, missing, .. } => {
                let mut text: String =
                    missing.iter().map(|name| format!("AWS query-string parameters must include '{name}'. ")).collect();
                text.push_str("Re-examine the query-string parameters.");
                (&INCOMPLETE, text)
            }
            SignatureError::NotAPair { authorization, .. } => (
                &INCOMPLETE,
                format!(
                    "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and \
                     encoded with Base64): '{}'.",
                    hashed(authorization)
                ),
            ),
            SignatureError::Credential { given, .. } => (
                &INCOMPLETE,
                format!(
                    "Credential must have exactly 5 slash-delimited elements, e.g. \
                     keyid/date/region/service/term, got '{given}'"
                ),
            ),
            SignatureError::DateMissing { authorization } => {
                let what = "existence of either a 'X-Amz-Date' or a 'Date' header".to_owned();
                (&INCOMPLETE, requires([what].into_iter(), authorization))
            }
            SignatureError::DateInvalid { given, .. } => (
                &INCOMPLETE,
                format!(
                    "Date must be in ISO-8601 'basic format'. Got '{given}'. See http://en.wikipedia.org/wiki/ISO_8601"
                ),
            ),
            SignatureError::Scope { flaws, .. } => (&MISMATCH, flaws.iter().map(scope_words).collect()),
            SignatureError::Skewed { signed_at, now }
            | SignatureError::Expired { at: signed_at, now, .. }
            | SignatureError::NotYetValid { signed_at, now } => (&MISMATCH, skew_words(*signed_at, *now)),
            SignatureError::Expires(_) | SignatureError::ExpiryInvalid { .. } => {
                (&INCOMPLETE, "X-Amz-Expires is not valid.".to_owned())
            }
            SignatureError::HeadersNotSigned { names } => (
                &MISMATCH,
                names
                    .iter()
                    .map(|name| match name.as_str() {
                        "host" => {
                            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned()
                        }
                        name => format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."),
                    })
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            SignatureError::UnknownKey { .. } | SignatureError::InvalidToken { .. } => {
                (&UNKNOWN, "The security token included in the request is invalid.".to_owned())
            }
            SignatureError::ExpiredToken { .. } => {
                (&EXPIRED, "The security token included in the request is expired".to_owned())
            }
            SignatureError::PayloadMissing | SignatureError::PayloadInvalid { .. } | SignatureError::Mismatch(_) => (
                &MISMATCH,
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details."
                    .to_owned(),
            ),
        }
    }
}

/// One kind of failure outside S3 under its two names.
struct Class {
    query: &'static str,
    status: StatusCode,
    json: &'static str,
}

const MISSING: Class = Class {
    query: "MissingAuthenticationToken",
    status: StatusCode::FORBIDDEN,
    json: "MissingAuthenticationTokenException",
};
const INCOMPLETE: Class =
    Class { query: "IncompleteSignature", status: StatusCode::BAD_REQUEST, json: "IncompleteSignatureException" };
const MISMATCH: Class =
    Class { query: "SignatureDoesNotMatch", status: StatusCode::FORBIDDEN, json: "InvalidSignatureException" };
const UNKNOWN: Class =
    Class { query: "InvalidClientTokenId", status: StatusCode::FORBIDDEN, json: "UnrecognizedClientException" };
const EXPIRED: Class = Class { query: "ExpiredToken", status: StatusCode::FORBIDDEN, json: "ExpiredTokenException" };

fn bad(code: &'static str, message: impl Into<String>) -> Answer {
    Answer::new(StatusCode::BAD_REQUEST, code, message)
}

fn denied(message: &str) -> Answer {
    Answer::new(StatusCode::FORBIDDEN, "AccessDenied", message)
}

fn argument(message: &str, name: &str, value: &str) -> Answer {
    bad("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

fn header_error(what: &str) -> Answer {
    bad("AuthorizationHeaderMalformed", format!("The authorization header is malformed; {what}"))
}

fn query_error(message: impl Into<String>) -> Answer {
    bad("AuthorizationQueryParametersError", message)
}

fn credential_error(place: SignatureLocation, what: &str) -> Answer {
    match place {
        SignatureLocation::Header => header_error(what),
        SignatureLocation::Query => query_error(format!("Error parsing the X-Amz-Credential parameter; {what}")),
    }
}

/// S3 names one flaw only; the region's goes with an element that SDKs read to find the right one.
fn s3_scope(place: SignatureLocation, flaws: &[ScopeFlaw]) -> Answer {
    match flaws.first() {
        Some(ScopeFlaw::Region { given, expected }) => {
            credential_error(place, &format!("the region '{given}' is wrong; expecting '{expected}'"))
                .with("Region", expected)
        }
        Some(ScopeFlaw::Service { given, expected }) => {
            credential_error(place, &format!("incorrect service \"{given}\". This endpoint belongs to \"{expected}\"."))
        }
        Some(ScopeFlaw::Terminator { given }) => {
            credential_error(place, &format!("incorrect terminal \"{given}\". This endpoint uses \"aws4_request\"."))
        }
        Some(ScopeFlaw::Date { given, .. }) if given.len() != 8 || given.parse::<u32>().is_err() => credential_error(
            place,
            &format!(
                "incorrect date format \"{given}\". This date in the credential must be in the format \"yyyyMMdd\"."
            ),
        ),
        Some(ScopeFlaw::Date { given, stamp }) => {
            let day = stamp.get(..8).unwrap_or_default();
            let what =
                format!("Invalid credential date \"{given}\". This date is not the same as X-Amz-Date: \"{day}\".");
            match place {
                SignatureLocation::Header => header_error(&what),
                SignatureLocation::Query => query_error(what),
            }
        }
        None => denied("Access Denied"),
    }
}

fn s3_skewed(signed_at: Timestamp, now: Timestamp) -> Answer {
    Answer::new(
        StatusCode::FORBIDDEN,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    )
    .with("RequestTime", basic(signed_at))
    .with("ServerTime", extended(now))
    .with("MaxAllowedSkewMilliseconds", SKEW.as_millis().to_string())
}

fn s3_mismatch(mismatch: &Mismatch) -> Answer {
    let answer = Answer::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing \
         method.",
    )
    .with("AWSAccessKeyId", &mismatch.access_key_id)
    .with("StringToSign", &mismatch.string_to_sign)
    .with("SignatureProvided", &mismatch.provided)
    .with("StringToSignBytes", spaced_hex(&mismatch.string_to_sign));
    match &mismatch.canonical_request {
        Some(request) => answer.with("CanonicalRequest", request).with("CanonicalRequestBytes", spaced_hex(request)),
        None => answer,
    }
}

fn spaced_hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn scope_words(flaw: &ScopeFlaw) -> String {
    match flaw {
        ScopeFlaw::Region { .. } => "Credential should be scoped to a valid region. ".to_owned(),
        ScopeFlaw::Service { expected, .. } => {
            format!("Credential should be scoped to correct service: '{expected}'. ")
        }
        ScopeFlaw::Terminator { given } => {
            format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{given}'. ")
        }
        ScopeFlaw::Date { given, stamp } => format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{given}' != \
             '{}', from '{stamp}'. ",
            stamp.get(..8).unwrap_or_default()
        ),
    }
}

fn skew_words(signed_at: Timestamp, now: Timestamp) -> String {
    let (signed, server) = (basic(signed_at), basic(now));
    if signed_at > now {
        let limit = basic(now.checked_add(SKEW).unwrap_or(Timestamp::MAX));
        format!("Signature not yet current: {signed} is still later than {limit} ({server} + 15 min.)")
    } else {
        let limit = basic(now.checked_sub(SKEW).unwrap_or(Timestamp::MIN));
        format!("Signature expired: {signed} is now earlier than {limit} ({server} - 15 min.)")
    }
}

/// AWS stopped echoing the header: it shows a hash of it.
fn requires(what: impl Iterator<Item = String>, authorization: &str) -> String {
    let mut text: String = what.map(|what| format!("Authorization header requires {what}. ")).collect();
    text.push_str("(Hashed with SHA-256 and encoded with Base64) Authorization=");
    text.push_str(&hashed(authorization));
    text
}

fn hashed(authorization: &str) -> String {
    STANDARD.encode(sha256(authorization.as_bytes()))
}
