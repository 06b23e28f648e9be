//! What an operation on a bucket or an object must be authorised for, and what an answer may reveal.

use account::{Call, Check, Fault, Identity, World};
use policy::arn::Arn;
use policy::undocumented::Case;

use super::bucket::{self, Bucket, Found};
use super::object::{Object, Version, is_version_id};
use super::{fault, public_access};

/// An object, or one version of it, that a request is about.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) version: Option<&'a str>,
}

/// An operation on an existing object: what it is authorised as, and how it takes a delete marker.
pub(super) struct Operation {
    pub(super) actions: &'static [Actions],
    /// As the error about a delete marker names it.
    pub(super) method: &'static str,
    pub(super) latest_marker: LatestMarker,
}

/// An operation that the caller may make on an object; whether the object is there they may not know yet.
pub(super) struct Allowed<'a> {
    target: Target<'a>,
    operation: &'static Operation,
    bucket: &'a Bucket,
    found: Found<'a>,
}

/// What an operation makes of a delete marker that is the latest version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LatestMarker {
    /// There is no object.
    Missing,
    /// The method is not allowed on it.
    NotAllowed,
}

/// The action on the latest version, and the one on a version named by its id.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub(super) latest: &'static str,
    pub(super) version: &'static str,
}

impl Actions {
    pub(super) const fn new(latest: &'static str, version: &'static str) -> Self {
        Self { latest, version }
    }

    pub(super) const fn on(self, version: Option<&str>) -> &'static str {
        if version.is_some() { self.version } else { self.latest }
    }
}

/// Authorises an action on a bucket that needs no more said.
pub(super) fn allow_on_bucket<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    bucket: &str,
    action: &'static str,
) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, bucket)?;
    world.authorize(call, on_bucket(world, call, bucket, action))?;
    Ok(bucket)
}

/// A check on a bucket.
pub(super) fn on_bucket(world: &World, call: &Call<'_>, bucket: &Bucket, action: &'static str) -> Check {
    guarded(world, call, bucket, Check::new(action, bucket.arn()))
}

/// A check on an object of a bucket, there or not.
pub(super) fn on_object(world: &World, call: &Call<'_>, bucket: &Bucket, action: &'static str, key: &str) -> Check {
    guarded(world, call, bucket, Check::new(action, format!("arn:aws:s3:::{}/{key}", bucket.name)))
}

/// The check with all that the bucket brings to it.
///
/// `aws:ResourceTag/…` and `s3:BucketTag/…` are the bucket's tags, for its objects as well, and only once the
/// bucket has attribute-based access control on.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
fn guarded(world: &World, call: &Call<'_>, bucket: &Bucket, check: Check) -> Check {
    let policy = bucket.policy.as_ref().filter(|policy| !public_access::withheld(world, call, bucket, policy));
    let mut check = check.owned_by(bucket.owner.as_str()).guarded_by(policy.map(|policy| policy.compiled.clone()));
    if !names_region(call) {
        check = check.key("aws:RequestedRegion", bucket.region.as_str());
    }
    if bucket.abac { check.tagged(&bucket.tags) } else { check }
}

/// Authorises an operation that reads an object or its tags, whether or not there is one.
pub(super) fn allow<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    target: Target<'w>,
    operation: &'static Operation,
    shape: impl Fn(Check) -> Check,
) -> Result<Allowed<'w>, Fault> {
    let bucket = bucket::named(world, target.bucket)?;
    let found = bucket.find(target.key, target.version);
    for actions in operation.actions {
        let check = on_object(world, call, bucket, actions.on(target.version), target.key);
        world.authorize(call, shape(seen(check, target, found)))?;
    }
    Ok(Allowed { target, operation, bucket, found })
}

/// Lets a caller know that something is missing, if they may list the bucket.
///
/// The check has no `s3:prefix`: [`Case::PrefixOfMissingObject`].
pub(super) fn reveal(world: &World, call: &mut Call<'_>, bucket: &Bucket) -> Result<(), Fault> {
    let check = on_bucket(world, call, bucket, "s3:ListBucket");
    let check = check.leaving_open("s3:prefix", Case::PrefixOfMissingObject);
    if world.permits(call, check.clone()) { Ok(()) } else { world.authorize(call, check) }
}

impl<'a> Allowed<'a> {
    /// Whether the object has tags, and the caller may read them by this action.
    pub(super) fn shows_tags(&self, world: &World, call: &Call<'_>, actions: Actions) -> bool {
        let check = || on_object(world, call, self.bucket, actions.on(self.target.version), self.target.key);
        let has_tags = matches!(self.found, Found::Object(_, object) if !object.tags.is_empty());
        has_tags && world.permits(call, seen(check(), self.target, self.found))
    }

    /// The object of an operation that is allowed.
    ///
    /// Whether there is an object may be told only to callers who may list the bucket; others get the same 403 for a
    /// missing key as for a forbidden one, with the text about `s3:ListBucket`.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    pub(super) fn reach(
        self,
        world: &World,
        call: &mut Call<'_>,
    ) -> Result<(&'a Bucket, &'a Version, &'a Object), Fault> {
        let Self { target, operation, bucket, found } = self;
        match found {
            Found::Object(version, object) => Ok((bucket, version, object)),
            _ if target.version.is_some_and(|version| !is_version_id(version)) => {
                Err(fault::invalid_version(target.version.unwrap_or_default()))
            }
            Found::Marker(marker) if target.version.is_some() => Err(not_on_marker(operation, marker)),
            Found::Marker(_) | Found::Nothing => {
                reveal(world, call, bucket)?;
                Err(absent(target, operation, found))
            }
        }
    }
}

/// The check with what a bucket and an object bring to it, if they are here.
pub(crate) fn held(world: &World, call: &Call<'_>, check: Check) -> Check {
    let resource = check.resource.clone();
    let resource = Arn::parse(&resource).map_or("", |arn| arn.resource);
    let (name, key) = resource.split_once('/').map_or((resource, None), |(name, key)| (name, Some(key)));
    let Some(bucket) = bucket::known(world, name) else { return check };
    let check = guarded(world, call, bucket, check);
    match key {
        Some(key) => {
            let target = Target { bucket: name, key, version: None };
            seen(check, target, bucket.find(key, None))
        }
        None => check,
    }
}

/// Whether a request names the region that it is for. What nobody signed does not, nor does Signature Version 2: theirs is
/// the one where the bucket answers.
fn names_region(call: &Call<'_>) -> bool {
    let signing = call.surroundings.signing.as_ref();
    !matches!(*call.identity, Identity::Anonymous) && signing.is_none_or(|signing| signing.version != "AWS")
}

/// What the request and the object add to a check on an existing object.
fn seen(check: Check, target: Target<'_>, found: Found<'_>) -> Check {
    let check = match target.version {
        Some(version) => check.key("s3:versionid", version),
        None => check,
    };
    match found {
        // A missing key and a delete marker have no tags.
        Found::Marker(_) | Found::Nothing => check,
        Found::Object(_, object) => object
            .tags
            .iter()
            .fold(check, |check, (key, value)| check.key(format!("s3:ExistingObjectTag/{key}"), value)),
    }
}

fn absent(target: Target<'_>, operation: &Operation, found: Found<'_>) -> Fault {
    match (found, target.version) {
        (Found::Marker(marker), _) if operation.latest_marker == LatestMarker::NotAllowed => {
            not_on_marker(operation, marker)
        }
        (Found::Marker(marker), _) => fault::no_such_key(target.key)
            .with_beside("DeleteMarker", "true")
            .with_beside("VersionId", marker.name())
            .with_beside("LastModified", fault::iso(marker.modified)),
        (_, Some(version)) => fault::no_such_version(target.key, version),
        (_, None) => fault::no_such_key(target.key),
    }
}

fn not_on_marker(operation: &Operation, marker: &Version) -> Fault {
    fault::method_not_allowed(operation.method, "DeleteMarker")
        .with_beside("DeleteMarker", "true")
        .with_beside("LastModified", fault::iso(marker.modified))
        .with_beside("Allow", "DELETE")
}
