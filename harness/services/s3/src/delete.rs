//! DeleteObject and DeleteObjects.

use account::{Call, Fault, World};
use serde_json::{Value, json};

use super::access::{self, Actions};
use super::bucket::{self, Bucket};
use super::object::{Versioning, is_version_id};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::{ObjectIdentifier, Request};
use super::{condition, fault, write};

const DELETE: Actions = Actions::new("s3:DeleteObject", "s3:DeleteObjectVersion");

/// What a delete did.
struct Deleted {
    /// The version that went away, or the delete marker that came.
    version_id: Option<String>,
    /// Whether that is a delete marker.
    marker: bool,
}

pub(super) fn decide_one(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    request.objects().iter().try_for_each(|object| allow(world, call, bucket, object)).map(|()| Remaining::All(None))
}

pub(super) fn one(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let object = request.objects().pop().unwrap_or_default();
    let deleted = delete(world, call, request.bucket(), &object)?;
    Ok(json!({ "DeleteMarker": deleted.marker.then_some(true), "VersionId": deleted.version_id }).into())
}

/// Each object is authorised by itself; what is denied stands among the errors of an answer that is a success.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
pub(super) fn many(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for object in listed(world, request)? {
        match delete_one_of_many(world, call, request.bucket(), &object) {
            Ok(_) if request.is_quiet() => {}
            Ok(gone) => deleted.push(entry(&object, gone)),
            Err(fault) => errors.push(error(&object, &fault)),
        }
    }
    Ok(json!({ "Deleted": deleted, "Errors": errors }).into())
}

pub(super) fn decide_many(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    let given = request.member("Delete")["Objects"].as_array().into_iter().flatten();
    for (object, given) in listed(world, request)?.iter().zip(given) {
        match allow(world, call, bucket::named(world, request.bucket())?, object) {
            Ok(()) => allowed.push(given.clone()),
            Err(fault) => refused.push(error(object, &fault)),
        }
    }
    Ok(if refused.is_empty() { Remaining::All(None) } else { Remaining::Deletes { allowed, refused } })
}

/// What a batch deletes, if it is neither empty nor too much.
fn listed(world: &World, request: &Request) -> Result<Vec<ObjectIdentifier>, Fault> {
    bucket::named(world, request.bucket())?;
    let objects = request.objects();
    if objects.is_empty() || objects.len() > 1000 { Err(fault::malformed_xml()) } else { Ok(objects) }
}

/// Why a batch delete left one object.
fn error(object: &ObjectIdentifier, fault: &Fault) -> Value {
    json!({ "Key": object.key, "VersionId": object.version_id, "Code": fault.code, "Message": fault.message })
}

/// Here, unlike in DeleteObject, a version that is not there is an error.
fn delete_one_of_many(
    world: &mut World,
    call: &mut Call<'_>,
    bucket: &str,
    identifier: &ObjectIdentifier,
) -> Result<Deleted, Fault> {
    let there = match &identifier.version_id {
        None => true,
        Some(id) => bucket::named(world, bucket)?
            .objects
            .get(&identifier.key)
            .is_some_and(|versions| versions.get(id).is_some()),
    };
    let deleted = delete(world, call, bucket, identifier);
    match (&identifier.version_id, deleted) {
        (Some(id), Ok(_)) if !there && id != "null" => Err(fault::no_such_version(&identifier.key, id)),
        (Some(id), Err(fault)) if fault.code == "InvalidArgument" => Err(fault::no_such_version(&identifier.key, id)),
        (_, deleted) => deleted,
    }
}

/// What a batch delete did to one object.
fn entry(object: &ObjectIdentifier, deleted: Deleted) -> Value {
    json!({
        "Key": object.key,
        "VersionId": object.version_id,
        "DeleteMarker": deleted.marker.then_some(true),
        "DeleteMarkerVersionId": deleted.version_id.filter(|_| deleted.marker),
    })
}

fn delete(
    world: &mut World,
    call: &mut Call<'_>,
    bucket: &str,
    identifier: &ObjectIdentifier,
) -> Result<Deleted, Fault> {
    let ObjectIdentifier { key, version_id, etag } = identifier;
    let version = version_id.as_deref();
    allow(world, call, bucket::named(world, bucket)?, identifier)?;
    if let Some(version) = version.filter(|version| !is_version_id(version)) {
        return Err(fault::invalid_version(version));
    }
    condition::delete(bucket::named(world, bucket)?, key, etag.as_deref())?;
    let bucket = bucket::named_mut(world, bucket)?;
    Ok(match version {
        Some(version) => remove_version(bucket, key, version),
        None => remove_latest(bucket, call, key),
    })
}

/// No condition key tells of the tags of the object that is deleted.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
fn allow(world: &World, call: &mut Call<'_>, bucket: &Bucket, identifier: &ObjectIdentifier) -> Result<(), Fault> {
    let version = identifier.version_id.as_deref();
    let etag = identifier.etag.as_deref();
    let check = |world: &World, call: &Call<'_>, action| {
        let check = access::on_object(world, call, bucket, action, &identifier.key);
        let keys = [("s3:versionid", version), ("s3:if-match", etag)];
        keys.into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .fold(check, |check, (key, value)| check.key(key, value))
    };
    world.authorize(call, check(world, call, DELETE.on(version)))?;
    // "If the s3:DeleteObject or s3:DeleteObjectVersion permissions are explicitly denied in your bucket policy, attempts to
    // delete any unversioned objects result in a 403 Access Denied error."
    // docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
    if version.is_none() && bucket.versioning == Versioning::Never {
        world.unless_resource_denies(call, check(world, call, DELETE.on(Some("null"))))?;
    }
    // A delete on condition of an entity tag needs s3:GetObject as well; on `*` it does not.
    // docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
    if etag.is_some_and(|etag| etag != "*") {
        world.authorize(call, write::for_if_match(world, call, bucket, &identifier.key))?;
    }
    Ok(())
}

fn remove_version(bucket: &mut Bucket, key: &str, version: &str) -> Deleted {
    let removed = bucket.objects.get_mut(key).and_then(|versions| versions.remove(version));
    drop_if_empty(bucket, key);
    Deleted { version_id: Some(version.to_owned()), marker: removed.is_some_and(|removed| removed.object.is_none()) }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
fn remove_latest(bucket: &mut Bucket, call: &mut Call<'_>, key: &str) -> Deleted {
    let versioning = bucket.versioning;
    if versioning == Versioning::Never {
        bucket.objects.remove(key);
        return Deleted { version_id: None, marker: false };
    }
    let versions = bucket.objects.entry(key.to_owned()).or_default();
    let marker = versions.push(None, versioning, call.now, call.ids);
    Deleted { version_id: Some(marker.name().to_owned()), marker: true }
}

fn drop_if_empty(bucket: &mut Bucket, key: &str) {
    if bucket.objects.get(key).is_some_and(super::object::Versions::is_empty) {
        bucket.objects.remove(key);
    }
}
