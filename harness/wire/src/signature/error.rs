//! Everything that can be wrong with a signature, with its parts. AWS's codes and words for them: `refusal.rs`.

use jiff::Timestamp;

use super::parse::SignatureLocation;

/// Why a request is not taken for its sender's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureError {
    /// No signature at all.
    Missing,
    /// Signed both in the header and in the query string.
    Both {
        /// The `Authorization` header.
        authorization: String,
    },
    /// An `Authorization` header of another kind: Basic, Bearer, …
    UnsupportedType {
        /// The `Authorization` header.
        authorization: String,
    },
    /// Signature Version 2, or Version 4 with an asymmetric key.
    UnsupportedVersion,
    /// An algorithm other than `AWS4-HMAC-SHA256`.
    UnsupportedAlgorithm {
        /// Where it stands.
        place: SignatureLocation,
        /// Its name.
        algorithm: String,
    },
    /// Parts of the signature are missing.
    Incomplete {
        /// Where they should stand.
        place: SignatureLocation,
        /// Their names.
        missing: Vec<&'static str>,
        /// The `Authorization` header; empty for the query string.
        authorization: String,
    },
    /// A part of the `Authorization` header that is not `name=value`.
    NotAPair {
        /// The part.
        part: String,
        /// The whole header.
        authorization: String,
    },
    /// A credential that is not `key/date/region/service/aws4_request`.
    Credential {
        /// Where it stands.
        place: SignatureLocation,
        /// The credential.
        given: String,
    },
    /// Neither `x-amz-date` nor `Date`.
    DateMissing {
        /// The `Authorization` header.
        authorization: String,
    },
    /// A time of signing that cannot be read.
    DateInvalid {
        /// Where it stands.
        place: SignatureLocation,
        /// The text.
        given: String,
    },
    /// Signed for another place, service or day.
    Scope {
        /// Where the credential stands.
        place: SignatureLocation,
        /// All that is wrong with it.
        flaws: Vec<ScopeFlaw>,
    },
    /// Signed more than 15 minutes before or after now.
    Skewed {
        /// The time of signing.
        signed_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// `X-Amz-Expires` of a presigned S3 URL is unusable.
    Expires(ExpiresFlaw),
    /// A presigned S3 URL after its time.
    Expired {
        /// `X-Amz-Expires`, in seconds; `None` in Signature Version 2, which has no such parameter.
        seconds: Option<u32>,
        /// When it expired.
        at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// A presigned URL of Signature Version 2 without one of its three parameters.
    IncompleteVersion2,
    /// `Expires` of a presigned URL of Signature Version 2 is no time.
    ExpiryInvalid {
        /// The parameter.
        given: String,
    },
    /// A presigned S3 URL before its time.
    NotYetValid {
        /// When it starts to be valid.
        signed_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// Headers that must be signed and are not.
    HeadersNotSigned {
        /// Their names, in lower case.
        names: Vec<String>,
    },
    /// Nobody has this access key; a temporary key without its token counts as unknown.
    UnknownKey {
        /// The access key id.
        id: String,
    },
    /// A session token that does not belong to the key.
    InvalidToken {
        /// The token.
        token: String,
    },
    /// A session that is over.
    ExpiredToken {
        /// The token.
        token: String,
    },
    /// S3 without `x-amz-content-sha256`.
    PayloadMissing,
    /// `x-amz-content-sha256` is neither a hash nor one of the known words.
    PayloadInvalid {
        /// The header's text.
        given: String,
    },
    /// The signature is not the one that the secret gives.
    Mismatch(Box<Mismatch>),
}

/// What is wrong with a credential's scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeFlaw {
    /// The day is not that of the time of signing.
    Date {
        /// In the credential.
        given: String,
        /// The time of signing.
        stamp: String,
    },
    /// Another region.
    Region {
        /// In the credential.
        given: String,
        /// The endpoint's.
        expected: String,
    },
    /// Another service.
    Service {
        /// In the credential.
        given: String,
        /// The endpoint's.
        expected: String,
    },
    /// Does not end in `aws4_request`.
    Terminator {
        /// In the credential.
        given: String,
    },
}

/// What is wrong with `X-Amz-Expires`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiresFlaw {
    /// Not a number.
    NotANumber,
    /// Below zero.
    Negative,
    /// More than a week.
    TooLong,
}

/// The two sides of a signature that does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Whose key.
    pub access_key_id: String,
    /// What the request carries.
    pub provided: String,
    /// The request as the server reads it; `None` in Signature Version 2, which has no such text.
    pub canonical_request: Option<String>,
    /// What the server signed.
    pub string_to_sign: String,
}
