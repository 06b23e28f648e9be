//! A signature of either version.

use http::request::Parts;

use super::error::SignatureError;
use super::parse::Parsed;
use super::verify::{Check, Verified};
use super::version_2::Presigned;
use crate::answer::Protocol;

/// What a request says of who signed it, not yet checked.
#[derive(Debug, Clone)]
pub enum Claim<'r> {
    /// Signature Version 4.
    Four(Parsed<'r>),
    /// A presigned URL of Signature Version 2.
    Two(Presigned<'r>),
}

impl<'r> Claim<'r> {
    /// Reads the signature. `None`: the request carries none (S3 takes it as anonymous, the others refuse it).
    pub fn from_request(parts: &'r Parts) -> Result<Option<Claim<'r>>, SignatureError> {
        match Presigned::from_request(parts) {
            Some(presigned) => match presigned.flaw() {
                Some(flaw) => Err(flaw),
                None => Ok(Some(Claim::Two(presigned))),
            },
            None => Ok(Parsed::from_request(parts)?.map(Claim::Four)),
        }
    }

    /// Whose key signed.
    pub fn access_key_id(&self) -> &str {
        match self {
            Claim::Four(parsed) => parsed.access_key_id(),
            Claim::Two(presigned) => presigned.access_key_id(),
        }
    }

    /// The service that the request was signed for.
    pub fn service(&self) -> &str {
        match self {
            Claim::Four(parsed) => parsed.service(),
            Claim::Two(_) => "s3",
        }
    }

    /// Signs the request again with the key's secret and compares.
    pub fn verify(&self, check: &Check<'_>) -> Result<Verified, SignatureError> {
        match self {
            Claim::Four(parsed) => parsed.verify(check),
            Claim::Two(presigned) if check.protocol == Protocol::S3 => presigned.verify(check),
            Claim::Two(_) => Err(SignatureError::UnsupportedVersion),
        }
    }
}
