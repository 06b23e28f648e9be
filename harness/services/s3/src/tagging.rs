//! The tags of objects and of buckets.

use account::{Call, Fault, Tags, World};
use serde_json::json;

use super::access::{self, LatestMarker};
use super::bucket;
use super::fault;
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::tags;

pub(super) fn get_object(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let allowed = access::allow_object(world, call, request, |check| check)?;
    let (bucket, version, object) = allowed.reach(world, call, LatestMarker::NotAllowed)?;
    Ok(json!({ "VersionId": bucket.shown(version), "TagSet": tags::list(&object.tags) }).into())
}

pub(super) fn decide_put_object(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let passed = tags::passed(&request.tagging()?);
    access::allow_object(world, call, request, |check| tags::requested(check, &passed)).map(|_| Remaining::All(None))
}

pub(super) fn put_object(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let tagging = request.tagging()?;
    let passed = tags::passed(&tagging);
    let allowed = access::allow_object(world, call, request, |check| tags::requested(check, &passed))?;
    let (bucket, version, _) = allowed.reach(world, call, LatestMarker::NotAllowed)?;
    let shown = bucket.shown(version);
    set_object(world, request, tags::read(&tagging, &tags::OF_OBJECT)?, shown)
}

pub(super) fn delete_object(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let allowed = access::allow_object(world, call, request, |check| check)?;
    let (bucket, version, _) = allowed.reach(world, call, LatestMarker::NotAllowed)?;
    let shown = bucket.shown(version);
    set_object(world, request, Tags::default(), shown)
}

fn set_object(world: &mut World, request: &Request, tags: Tags, shown: Option<String>) -> Result<Reply, Fault> {
    let object = bucket::named_mut(world, request.bucket())?.object_mut(request.key(), request.version());
    object.ok_or_else(|| fault::no_such_key(request.key()))?.tags = tags;
    Ok(json!({ "VersionId": shown }).into())
}

pub(super) fn get_bucket(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    if bucket.tags.is_empty() {
        return Err(Fault::new(404, "NoSuchTagSet", "The TagSet does not exist").with("BucketName", &bucket.name));
    }
    Ok(json!({ "TagSet": tags::list(&bucket.tags) }).into())
}

pub(super) fn put_bucket(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let tagging = request.tagging()?;
    authorize_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.tags = tags::read(&tagging, &tags::OF_BUCKET)?;
    Ok(Reply::default())
}

/// Deleting is authorised as putting.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
pub(super) fn delete_bucket(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    authorize_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.tags = Tags::default();
    Ok(Reply::default())
}

/// With attribute-based access control on, the bucket's tags are changed with TagResource and UntagResource alone. The
/// page says that these two operations can no longer be used; with which error is not documented.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
fn authorize_bucket(world: &World, call: &mut Call<'_>, request: &Request) -> Result<(), Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    if bucket.abac { Err(fault::method_not_allowed(request.method(), "Bucket")) } else { Ok(()) }
}
