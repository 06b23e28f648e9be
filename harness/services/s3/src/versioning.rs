//! Whether a bucket keeps versions.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

use account::{Call, Fault, World};

use super::access;
use super::bucket::{self, Bucket, Versioning};
use super::reply::{self, Reply};
use super::{fault, request};

pub(super) fn allow_get<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::GetBucketVersioning,
) -> Result<&'w Bucket, Fault> {
    access::allow_on_bucket(world, call, &request.bucket, "s3:GetBucketVersioning")
}

pub(super) fn get(world: &World, call: &mut Call<'_>, request: &request::GetBucketVersioning) -> Result<Reply, Fault> {
    let status = match allow_get(world, call, request)?.versioning {
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
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:PutBucketVersioning"))?;
    let versioning = read(request)?;
    bucket::named_mut(world, &request.bucket)?.versioning = versioning;
    Ok(Reply::Empty {})
}

pub(super) fn read(request: &request::PutBucketVersioning) -> Result<Versioning, Fault> {
    match request.versioning_configuration.status.as_deref() {
        Some("Enabled") => Ok(Versioning::Enabled),
        Some("Suspended") => Ok(Versioning::Suspended),
        Some(_) => Err(fault::malformed_xml()),
        None => {
            let message = "The Versioning element must be specified";
            Err(Fault::new(400, "IllegalVersioningConfigurationException", message))
        }
    }
}
