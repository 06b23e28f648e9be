//! Signature Version 4, the checking side: read what a request claims, sign it again, compare.
//!
//! Sources: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
//! docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html. S3 differs from all other services:
//! it encodes the path once and does not normalise it, and it signs what `x-amz-content-sha256` claims of the body
//! where the others sign the body itself.
//!
//! Presigned S3 URLs of Version 2 are taken too.
//!
//! [`Claim::from_request`] reads the claim, the caller looks up the access key, [`Claim::verify`] checks it.

mod canonical;
mod claim;
mod error;
mod parse;
mod refusal;
mod sign;
mod stamp;
mod verify;
mod version_2;

#[cfg(test)]
pub(crate) mod tests;

pub use claim::Claim;
pub use error::{ExpiresFlaw, Mismatch, ScopeFlaw, SignatureError};
pub use parse::SignatureLocation;
pub(crate) use sign::{Signing, sign};
pub use verify::{Chain, Check, Key, Payload, Verified, Version};
