//! Access control lists, as far as they still are: every object belongs to the bucket's owner, who alone has every
//! permission.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html

use account::{Call, Fault, World};

use super::access::{self, Actions, Allowed, LatestMarker, Operation, Target};
use super::bucket::{self, Bucket, Ownership};
use super::fault;
use super::reply::{Acl, Grant, Grantee, OwnershipControls, OwnershipRule, Reply};
use super::{reply, request};

const GET: Operation = Operation {
    actions: &[Actions::new("s3:GetObjectAcl", "s3:GetObjectVersionAcl")],
    method: "GET",
    latest_marker: LatestMarker::Missing,
};
const PUT: Operation = Operation {
    actions: &[Actions::new("s3:PutObjectAcl", "s3:PutObjectVersionAcl")],
    method: "PUT",
    latest_marker: LatestMarker::NotAllowed,
};

pub(super) fn allow_get_bucket<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::GetBucketAcl,
) -> Result<&'w Bucket, Fault> {
    access::allow_on_bucket(world, call, &request.bucket, "s3:GetBucketAcl")
}

pub(super) fn get_bucket(world: &World, call: &mut Call<'_>, request: &request::GetBucketAcl) -> Result<Reply, Fault> {
    allow_get_bucket(world, call, request).map(of_owner)
}

pub(super) fn allow_get_object<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::GetObjectAcl,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    access::allow(world, call, target, &GET, |check| check)
}

pub(super) fn allow_put_object<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::PutObjectAcl,
) -> Result<Allowed<'a>, Fault> {
    let target = Target { bucket: &request.bucket, key: &request.key, version: request.version_id.as_deref() };
    access::allow(world, call, target, &PUT, |check| match &request.acl {
        Some(acl) => check.key("s3:x-amz-acl", acl),
        None => check,
    })
}

pub(super) fn get_object(world: &World, call: &mut Call<'_>, request: &request::GetObjectAcl) -> Result<Reply, Fault> {
    let (bucket, ..) = allow_get_object(world, call, request)?.reach(world, call)?;
    Ok(of_owner(bucket))
}

pub(super) fn put_bucket(world: &World, call: &mut Call<'_>, request: &request::PutBucketAcl) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let mut check = access::on_bucket(world, call, bucket, "s3:PutBucketAcl");
    if let Some(acl) = &request.acl {
        check = check.key("s3:x-amz-acl", acl);
    }
    world.authorize(call, check)?;
    replace(bucket, request.acl.as_deref())
}

pub(super) fn put_object(world: &World, call: &mut Call<'_>, request: &request::PutObjectAcl) -> Result<Reply, Fault> {
    let (bucket, ..) = allow_put_object(world, call, request)?.reach(world, call)?;
    replace(bucket, request.acl.as_deref())
}

/// Takes a canned list that changes nothing; refuses the others.
pub(super) fn accept(bucket: &Bucket, acl: Option<&str>) -> Result<(), Fault> {
    match (acl, bucket.ownership) {
        (None | Some("bucket-owner-full-control"), _) => Ok(()),
        (Some(_), Some(Ownership::BucketOwnerEnforced)) => Err(not_supported()),
        (Some("private" | "bucket-owner-read"), _) => Ok(()),
        (Some(_), _) => Err(not_emulated()),
    }
}

pub(super) fn get_ownership(
    world: &World,
    call: &mut Call<'_>,
    request: &request::GetBucketOwnershipControls,
) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:GetBucketOwnershipControls"))?;
    let ownership = bucket.ownership.ok_or_else(|| {
        Fault::new(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
            .with("BucketName", &bucket.name)
    })?;
    let rules = vec![OwnershipRule { object_ownership: ownership.name().to_owned() }];
    let ownership_controls = OwnershipControls { rules };
    Ok(Reply::GetBucketOwnershipControls(reply::GetBucketOwnershipControls { ownership_controls }))
}

pub(super) fn put_ownership(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::PutBucketOwnershipControls,
) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:PutBucketOwnershipControls"))?;
    let ownership = read_ownership(request)?;
    bucket::named_mut(world, &request.bucket)?.ownership = Some(ownership);
    Ok(Reply::Empty {})
}

pub(super) fn read_ownership(request: &request::PutBucketOwnershipControls) -> Result<Ownership, Fault> {
    let [rule] = &request.ownership_controls.rules[..] else { return Err(fault::malformed_xml()) };
    Ownership::named(&rule.object_ownership).ok_or_else(fault::malformed_xml)
}

/// Deleting the controls is authorised as putting them.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
pub(super) fn delete_ownership(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::DeleteBucketOwnershipControls,
) -> Result<Reply, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    world.authorize(call, access::on_bucket(world, call, bucket, "s3:PutBucketOwnershipControls"))?;
    bucket::named_mut(world, &request.bucket)?.ownership = None;
    Ok(Reply::Empty {})
}

pub(super) fn replace(bucket: &Bucket, acl: Option<&str>) -> Result<Reply, Fault> {
    match (bucket.ownership, acl) {
        (Some(Ownership::BucketOwnerEnforced), _) => Err(not_supported()),
        (_, Some("private" | "bucket-owner-full-control" | "bucket-owner-read")) => Ok(Reply::Empty {}),
        _ => Err(not_emulated()),
    }
}

fn of_owner(bucket: &Bucket) -> Reply {
    let owner = bucket.canonical_owner();
    let grantee = Grantee { r#type: "CanonicalUser", id: owner.id.clone() };
    let grants = vec![Grant { grantee, permission: "FULL_CONTROL" }];
    Reply::Acl(Acl { owner, grants })
}

fn not_supported() -> Fault {
    Fault::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

fn not_emulated() -> Fault {
    Fault::new(
        501,
        "NotImplemented",
        "Access control lists that grant more than the owner's control are not emulated here",
    )
}

impl Ownership {
    const ALL: [Self; 3] = [Self::BucketOwnerEnforced, Self::BucketOwnerPreferred, Self::ObjectWriter];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ownership| ownership.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }
}
