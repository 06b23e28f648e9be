//! Buckets and objects.
//!
//! A [`Request`] comes in with its members in AWS's names, a [`Reply`] or a [`Fault`] goes out. A bucket is found first
//! (a missing one is a 404 for everybody, as on AWS), then the request is authorised, and only then is anything told
//! about the objects in it. In a fault, a field whose name begins with `@` is a member that S3 sends beside the body.

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
mod owners;
mod page;
mod policy;
mod public_access;
mod read;
mod shapes;
mod statement;
mod tagging;
mod tags;
mod under_way;
mod versioning;
mod write;

#[cfg(test)]
mod tests;

pub mod control;
pub mod reply;
pub mod request;

pub(crate) use access::held;
pub(crate) use policy::rename_principal;

pub use bucket::Bucket;
pub use change::Change;
pub use elsewhere::{Known, Left, ObjectName, Unknown};
pub use names::bucket as check_bucket_name;
pub use reply::Reply;
pub use request::Request;

use crate::{Call, Fault, World};

impl World {
    /// Makes one call to S3, authorised like on AWS.
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it. A 304 is an error here too: `NotModified`, without a body.
    pub fn s3(&mut self, call: &mut Call<'_>, request: Request) -> Result<Reply, Fault> {
        dispatch::dispatch(self, call, request)
    }
}
