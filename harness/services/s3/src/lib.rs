//! Buckets and objects.
//!
//! A [`Request`] comes in with its members in AWS's names, a [`Reply`] or a [`Fault`] goes out. A bucket is found first
//! (a missing one is a 404 for everybody, as on AWS), then the request is authorised, and only then is anything told
//! about the objects in it.

mod abac;
mod access;
mod acl;
mod bucket;
mod buckets;
mod change;
mod condition;
mod constraint;
mod copy;
mod delete;
mod digest;
mod fault;
mod kept;
mod list;
mod multipart;
mod names;
mod object;
mod operations;
mod owners;
mod page;
mod part;
mod policy;
mod proxied;
mod public_access;
mod read;
mod remaining;
mod reply;
mod request;
mod service;
mod statement;
mod tagging;
mod tags;
mod target;
mod unknown;
mod unsupported;
mod upload;
mod versioning;
mod write;

#[cfg(test)]
mod tests;

mod control;

pub use bucket::Bucket;
pub use change::Change;
pub use names::bucket as check_bucket_name;
pub use proxied::ProxiedObjects;
pub use remaining::Remaining;
pub use reply::Reply;
pub use request::Request;
pub use service::{S3, S3Control};
pub use unknown::{ObjectName, ProxiedObject, Unknown};
pub use unsupported::unsupported;

use account::{Call, Fault, World};

/// Makes one call to S3, authorised like on AWS.
///
/// # Errors
/// What AWS answers instead, `AccessDenied` among it. A 304 is an error here too: `NotModified`, without a body.
pub fn call(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    check_expectation(world, request)?;
    let Err(invalid) = request.check_values() else { return (request.row.run.here)(world, call, request) };
    proxied::only_decide(world, call, request).and(Err(invalid))
}

/// A request may say whose bucket it expects.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
fn check_expectation(world: &World, request: &Request) -> Result<(), Fault> {
    let bucket = bucket::known(world, request.bucket());
    bucket.map_or(Ok(()), |bucket| bucket.check_owner(request.expected_owner()))
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &::sts::Sts, &S3, &S3Control];
