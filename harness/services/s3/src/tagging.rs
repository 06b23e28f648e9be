//! The tags of objects and of buckets.

use account::{Call, Fault, Tags, World};

use super::access::{self, Actions, Allowed, LatestMarker, Operation, Target};
use super::bucket::{self, Bucket};
use super::fault;
use super::reply::{self, ObjectTagged, Reply};
use super::request;
use super::tags;

const GET: Operation = Operation {
    actions: &[Actions::new("s3:GetObjectTagging", "s3:GetObjectVersionTagging")],
    method: "GET",
    latest_marker: LatestMarker::NotAllowed,
};
const PUT: Operation = Operation {
    actions: &[Actions::new("s3:PutObjectTagging", "s3:PutObjectVersionTagging")],
    method: "PUT",
    latest_marker: LatestMarker::NotAllowed,
};
const DELETE: Operation = Operation {
    actions: &[Actions::new("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")],
    method: "DELETE",
    latest_marker: LatestMarker::NotAllowed,
};

pub(super) fn allow_get_object<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::GetObjectTagging,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    access::allow(world, call, target, &GET, |check| check)
}

pub(super) fn allow_put_object<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::PutObjectTagging,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    let passed: Tags = request.tagging.tag_set.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
    access::allow(world, call, target, &PUT, |check| tags::requested(check, &passed))
}

pub(super) fn allow_delete_object<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::DeleteObjectTagging,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    access::allow(world, call, target, &DELETE, |check| check)
}

pub(super) fn allow_get_bucket<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::GetBucketTagging,
) -> Result<&'w Bucket, Fault> {
    access::allow_on_bucket(world, call, &request.bucket, "s3:GetBucketTagging")
}

pub(super) fn get_object(
    world: &World,
    call: &mut Call<'_>,
    request: &request::GetObjectTagging,
) -> Result<Reply, Fault> {
    let (bucket, version, object) = allow_get_object(world, call, request)?.reach(world, call)?;
    Ok(Reply::GetObjectTagging(reply::GetObjectTagging {
        version_id: bucket.shown(version),
        tag_set: tags::list(&object.tags),
    }))
}

pub(super) fn put_object(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::PutObjectTagging,
) -> Result<Reply, Fault> {
    let (bucket, version, _) = allow_put_object(world, call, request)?.reach(world, call)?;
    let shown = bucket.shown(version);
    let tags = tags::read(&request.tagging.tag_set, &tags::OF_OBJECT)?;
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    set_object(world, target, tags, shown)
}

pub(super) fn delete_object(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::DeleteObjectTagging,
) -> Result<Reply, Fault> {
    let (bucket, version, _) = allow_delete_object(world, call, request)?.reach(world, call)?;
    let shown = bucket.shown(version);
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    set_object(world, target, Tags::default(), shown)
}

fn set_object(world: &mut World, target: Target<'_>, tags: Tags, shown: Option<String>) -> Result<Reply, Fault> {
    let object = bucket::named_mut(world, target.bucket)?.object_mut(target.key, target.version);
    object.ok_or_else(|| fault::no_such_key(target.key))?.tags = tags;
    Ok(Reply::ObjectTagged(ObjectTagged { version_id: shown }))
}

pub(super) fn get_bucket(
    world: &World,
    call: &mut Call<'_>,
    request: &request::GetBucketTagging,
) -> Result<Reply, Fault> {
    let bucket = allow_get_bucket(world, call, request)?;
    if bucket.tags.is_empty() {
        return Err(Fault::new(404, "NoSuchTagSet", "The TagSet does not exist").with("BucketName", &bucket.name));
    }
    Ok(Reply::GetBucketTagging(reply::GetBucketTagging { tag_set: tags::list(&bucket.tags) }))
}

pub(super) fn put_bucket(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::PutBucketTagging,
) -> Result<Reply, Fault> {
    authorize_bucket(world, call, &request.bucket, "PUT")?;
    let tags = tags::read(&request.tagging.tag_set, &tags::OF_BUCKET)?;
    bucket::named_mut(world, &request.bucket)?.tags = tags;
    Ok(Reply::Empty {})
}

/// Deleting is authorised as putting.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
pub(super) fn delete_bucket(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::DeleteBucketTagging,
) -> Result<Reply, Fault> {
    authorize_bucket(world, call, &request.bucket, "DELETE")?;
    bucket::named_mut(world, &request.bucket)?.tags = Tags::default();
    Ok(Reply::Empty {})
}

/// With attribute-based access control on, the bucket's tags are changed with TagResource and UntagResource alone. The
/// page says that these two operations can no longer be used; with which error is not documented.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
fn authorize_bucket(world: &World, call: &mut Call<'_>, bucket: &str, method: &str) -> Result<(), Fault> {
    let bucket = bucket::named(world, bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:PutBucketTagging"))?;
    if bucket.abac { Err(fault::method_not_allowed(method, "Bucket")) } else { Ok(()) }
}
