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
mod copy;
mod delete;
mod digest;
mod dispatch;
mod elsewhere;
mod fault;
mod list;
mod multipart;
mod names;
mod object;
mod operations;
mod owners;
mod page;
mod policy;
mod public_access;
mod read;
mod service;
mod shapes;
mod statement;
mod tagging;
mod tags;
mod under_way;
mod unsupported;
mod versioning;
mod write;

#[cfg(test)]
mod tests;

pub mod control;
pub mod reply;
pub mod request;

pub use bucket::Bucket;
pub use change::Change;
pub use elsewhere::{Elsewhere, Known, Left, ObjectName, Unknown};
pub use names::bucket as check_bucket_name;
pub use reply::Reply;
pub use request::Request;
pub use service::{S3, S3Control};
pub use unsupported::{UNSUPPORTED, unsupported};

use account::{Call, Fault, World};

/// Makes one call to S3, authorised like on AWS.
///
/// # Errors
/// What AWS answers instead, `AccessDenied` among it. A 304 is an error here too: `NotModified`, without a body.
pub fn call(world: &mut World, call: &mut Call<'_>, request: Request) -> Result<Reply, Fault> {
    dispatch::dispatch(world, call, request)
}

/// What the tests' worlds have.
#[cfg(test)]
const SERVICES: account::Services = &[&::iam::Iam, &::sts::Sts, &S3, &S3Control];
