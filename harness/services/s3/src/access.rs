//! What an operation on a bucket or an object must be authorised for, and what an answer may reveal.

use account::{Call, Check, Fault, Identity, World};
use policy::arn::Arn;
use policy::undocumented::Case;

use super::bucket::{self, Bucket, BucketPolicy, Buckets, Found, PublicAccessBlock};
use super::fault;
use super::object::{Object, Version, is_version_id};
use super::remaining::Remaining;
use super::request::Request;
use super::target::Target;

/// An operation that the caller may make on an object; whether the object is there they may not know yet.
pub(super) struct Allowed<'a> {
    target: Target<'a>,
    /// As the error about a delete marker names it.
    method: &'static str,
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

/// Reading an object.
pub(super) const READ: Actions = Actions::new("s3:GetObject", "s3:GetObjectVersion");
/// Reading an object's tags.
pub(super) const READ_TAGS: Actions = Actions::new("s3:GetObjectTagging", "s3:GetObjectVersionTagging");

/// Authorises a request on its bucket, as its row says.
pub(super) fn allow_bucket<'w>(world: &'w World, call: &mut Call<'_>, request: &Request) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    world.authorize(call, on_bucket(world, call, bucket, request.action()))?;
    Ok(bucket)
}

/// Authorises a request on an object, there or not, as its row says. `shape` adds what the request tells of itself.
pub(super) fn allow_object<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &'w Request,
    shape: impl Fn(Check) -> Check,
) -> Result<Allowed<'w>, Fault> {
    let allowed = allow(world, call, request.target(), request.actions(), shape)?;
    Ok(Allowed { method: request.method(), ..allowed })
}

/// Decides on a request on a bucket.
pub(super) fn decide_bucket(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    allow_bucket(world, call, request).map(|_| Remaining::All(None))
}

/// Decides on a request on an object.
pub(super) fn decide_object(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    allow_object(world, call, request, |check| check).map(|_| Remaining::All(None))
}

/// A check on a bucket.
pub(super) fn on_bucket(world: &World, call: &Call<'_>, bucket: &Bucket, action: &'static str) -> Check {
    guarded(world, call, bucket, Check::new(action, bucket.arn()))
}

/// A check on an object of a bucket, there or not.
pub(super) fn on_object(world: &World, call: &Call<'_>, bucket: &Bucket, action: &'static str, key: &str) -> Check {
    guarded(world, call, bucket, Check::new(action, format!("{}/{key}", bucket.arn())))
}

/// The check with all that the bucket brings to it.
///
/// `aws:ResourceTag/…` and `s3:BucketTag/…` are the bucket's tags, for its objects as well, and only once the
/// bucket has attribute-based access control on.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
fn guarded(world: &World, call: &Call<'_>, bucket: &Bucket, check: Check) -> Check {
    let policy = bucket.policy.as_ref().filter(|policy| !withheld(world, call, bucket, policy));
    let mut check = check.owned_by(bucket.owner.as_str()).guarded_by(policy.map(|policy| policy.compiled.clone()));
    if !names_region(call) {
        check = check.key("aws:RequestedRegion", bucket.region.as_str());
    }
    if bucket.abac { check.tagged(&bucket.tags) } else { check }
}

/// The settings that count for a bucket: the most restrictive of its own and its owner's account.
pub(super) fn effective(world: &World, bucket: &Bucket) -> PublicAccessBlock {
    let own = bucket.public_access.unwrap_or_default();
    let account = world.state::<Buckets>().ok().and_then(|buckets| buckets.public_access.get(&bucket.owner));
    let account = account.copied().unwrap_or_default();
    let stricter = |setting: fn(PublicAccessBlock) -> Option<bool>| setting(own).max(setting(account));
    PublicAccessBlock {
        block_public_acls: stricter(|settings| settings.block_public_acls),
        ignore_public_acls: stricter(|settings| settings.ignore_public_acls),
        block_public_policy: stricter(|settings| settings.block_public_policy),
        restrict_public_buckets: stricter(|settings| settings.restrict_public_buckets),
    }
}

/// Whether the bucket policy gives this caller nothing: RestrictPublicBuckets leaves a public policy to the owner's
/// account and to AWS services. Without the policy, a caller from outside is allowed by nothing.
pub(super) fn withheld(world: &World, call: &Call<'_>, bucket: &Bucket, policy: &BucketPolicy) -> bool {
    let insider = match &*call.identity {
        Identity::Service { .. } => true,
        identity => identity.account() == Some(&bucket.owner),
    };
    policy.public && !insider && effective(world, bucket).restrict_public_buckets == Some(true)
}

/// Authorises reading or changing an object or its tags, whether or not there is one.
pub(super) fn allow<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    target: Target<'w>,
    actions: impl IntoIterator<Item = &'static str>,
    shape: impl Fn(Check) -> Check,
) -> Result<Allowed<'w>, Fault> {
    let bucket = bucket::named(world, target.bucket)?;
    let found = bucket.find(target.key, target.version);
    for action in actions {
        let check = on_object(world, call, bucket, action, target.key);
        world.authorize(call, shape(seen(check, target, found)))?;
    }
    Ok(Allowed { target, method: "GET", bucket, found })
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
        marker: LatestMarker,
    ) -> Result<(&'a Bucket, &'a Version, &'a Object), Fault> {
        let Self { target, method, bucket, found } = self;
        match found {
            Found::Object(version, object) => Ok((bucket, version, object)),
            _ if target.version.is_some_and(|version| !is_version_id(version)) => {
                Err(fault::invalid_version(target.version.unwrap_or_default()))
            }
            Found::Marker(version) if target.version.is_some() => Err(not_on_marker(method, version)),
            Found::Marker(version) if marker == LatestMarker::NotAllowed => {
                reveal(world, call, bucket)?;
                Err(not_on_marker(method, version))
            }
            Found::Marker(_) | Found::Nothing => {
                reveal(world, call, bucket)?;
                Err(absent(target, found))
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

fn absent(target: Target<'_>, found: Found<'_>) -> Fault {
    match (found, target.version) {
        (Found::Marker(marker), _) => fault::no_such_key(target.key)
            .with_beside("DeleteMarker", "true")
            .with_beside("VersionId", marker.name())
            .with_beside("LastModified", fault::iso(marker.modified)),
        (_, Some(version)) => fault::no_such_version(target.key, version),
        (_, None) => fault::no_such_key(target.key),
    }
}

fn not_on_marker(method: &str, marker: &Version) -> Fault {
    fault::method_not_allowed(method, "DeleteMarker")
        .with_beside("DeleteMarker", "true")
        .with_beside("LastModified", fault::iso(marker.modified))
        .with_beside("Allow", "DELETE")
}
