//! Attribute-based access control: whether a bucket's tags count in policies.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html

use account::{Call, Fault, World};

use super::access;
use super::bucket;
use super::reply::{self, AbacStatus, Reply};
use super::{fault, request};

pub(super) fn get(world: &World, call: &mut Call<'_>, request: &request::GetBucketAbac) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:GetBucketAbac"))?;
    let status = if bucket.abac { "Enabled" } else { "Disabled" };
    Ok(Reply::GetBucketAbac(reply::GetBucketAbac { abac_status: AbacStatus { status } }))
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &request::PutBucketAbac) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:PutBucketAbac"))?;
    let abac = match request.abac_status.status.as_deref() {
        Some("Enabled") => true,
        Some("Disabled") => false,
        _ => return Err(fault::malformed_xml()),
    };
    bucket::named_mut(world, &request.bucket)?.abac = abac;
    Ok(Reply::Empty {})
}
