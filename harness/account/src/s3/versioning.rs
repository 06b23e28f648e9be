//! Whether a bucket keeps versions.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

use super::bucket::Versioning;
use super::reply::{self, Reply};
use super::{fault, request};
use crate::{Call, Fault, World};

pub(super) fn get(world: &World, call: &mut Call<'_>, request: &request::GetBucketVersioning) -> Result<Reply, Fault> {
    let bucket = world.bucket(&request.bucket)?;
    world.authorize(call, world.on_bucket(call, bucket, "s3:GetBucketVersioning"))?;
    let status = match bucket.versioning {
        Versioning::Never => None,
        Versioning::Enabled => Some("Enabled"),
        Versioning::Suspended => Some("Suspended"),
    };
    Ok(Reply::GetBucketVersioning(reply::GetBucketVersioning { status }))
}

pub(super) fn put(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::PutBucketVersioning,
) -> Result<Reply, Fault> {
    let bucket = world.bucket(&request.bucket)?;
    world.authorize(call, world.on_bucket(call, bucket, "s3:PutBucketVersioning"))?;
    let versioning = match request.versioning_configuration.status.as_deref() {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        Some(_) => return Err(fault::malformed_xml()),
        None => {
            let message = "The Versioning element must be specified";
            return Err(Fault::new(400, "IllegalVersioningConfigurationException", message));
        }
    };
    world.bucket_mut(&request.bucket)?.versioning = versioning;
    Ok(Reply::Empty {})
}
