//! One request, as far as it is not the operation itself.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;

use crate::decision::RecordedDecision;
use crate::identity::Identity;
use crate::ids::Ids;

/// One request against a world: who, when, from where, and where decisions are recorded.
pub struct Call<'a> {
    /// Who signed it.
    pub identity: Arc<Identity>,
    /// The time it counts as made at.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a mut dyn Ids,
    /// What the network tells of it.
    pub surroundings: &'a Surroundings,
    /// Whether decisions carry a trace.
    pub tracing: Tracing,
    /// Each decision that was made on the way, in order.
    pub decisions: &'a mut Vec<RecordedDecision>,
}

/// What a service does on its own, not in answer to a call: when, and where its decisions are recorded.
pub struct Work<'a> {
    /// The time it counts as done at.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: &'a mut dyn Ids,
    /// Whether decisions carry a trace.
    pub tracing: Tracing,
    /// Each decision that was made on the way, in order.
    pub decisions: &'a mut Vec<RecordedDecision>,
}

/// What the network and the signature tell of a request.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `aws:SourceIp`.
    pub source_ip: Option<IpAddr>,
    /// `aws:UserAgent`.
    pub user_agent: Option<String>,
    /// `aws:Referer`.
    pub referer: Option<String>,
    /// `aws:SecureTransport`.
    pub secure: bool,
    /// `aws:RequestedRegion`, from the signature's scope.
    pub region: String,
    /// What S3's own keys tell of the signature.
    pub signing: Option<Signing>,
}

impl Surroundings {
    /// Of a request that came over no network that keys tell of: over TLS, and nothing else is known.
    #[must_use]
    pub fn unknown(region: &str) -> Self {
        Self {
            source_ip: None,
            user_agent: None,
            referer: None,
            secure: true,
            region: region.to_owned(),
            signing: None,
        }
    }
}

/// How an S3 request was signed.
/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
#[derive(Clone, Debug)]
pub struct Signing {
    /// `s3:authType`: `REST-HEADER`, `REST-QUERY-STRING` or `POST`.
    pub auth_type: &'static str,
    /// `s3:signatureversion`: `AWS4-HMAC-SHA256`, or `AWS` for Signature Version 2.
    pub version: &'static str,
    /// `s3:signatureAge` in milliseconds; only for presigned requests.
    pub age_ms: Option<i64>,
    /// `s3:x-amz-content-sha256`, as sent.
    pub content_sha256: Option<String>,
}

/// Whether a decision keeps every step that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracing {
    /// Only for what was denied.
    Denials,
    /// For every decision.
    All,
}
