//! Signature Version 4, the checking side: read what a request claims, sign it again, compare.
//!
//! Sources: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
//! docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html. S3 differs from all other services:
//! it encodes the path once and does not normalise it, and it signs what `x-amz-content-sha256` claims of the body
//! where the others sign the body itself.
//!
//! [`Parsed::from_request`] reads the claim, the caller looks up the access key, [`Parsed::verify`] checks it.

mod canonical;
mod error;
mod parse;
mod refusal;
mod stamp;
mod verify;

#[cfg(test)]
pub(crate) mod tests;

pub use error::{ExpiresFlaw, Mismatch, ScopeFlaw, SignatureError};
pub use parse::{Parsed, Place};
pub use verify::{Chain, Check, Key, Payload, Verified};
