//! Access control lists, as far as they still are: every object belongs to the bucket's owner, who alone has every
//! permission.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html

use account::{Call, Check, Fault, World};
use serde::Deserialize;
use serde_json::json;

use super::access::{self, LatestMarker};
use super::bucket::{self, Bucket, Ownership};
use super::fault;
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Canned {
    #[serde(rename = "ACL")]
    acl: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PutOwnership {
    ownership_controls: OwnershipControls,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct OwnershipControls {
    rules: Vec<OwnershipRule>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct OwnershipRule {
    object_ownership: String,
}

pub(super) fn get_bucket(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    access::allow_bucket(world, call, request).map(of_owner)
}

pub(super) fn get_object(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let allowed = access::allow_object(world, call, request, |check| check)?;
    allowed.reach(world, call, LatestMarker::Missing).map(|(bucket, ..)| of_owner(bucket))
}

pub(super) fn put_bucket(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let canned: Canned = request.read()?;
    let bucket = bucket::named(world, request.bucket())?;
    world.authorize(call, canned.on(access::on_bucket(world, call, bucket, request.action())))?;
    canned.replace(bucket)
}

pub(super) fn put_object(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let canned: Canned = request.read()?;
    let allowed = access::allow_object(world, call, request, |check| canned.on(check))?;
    let (bucket, ..) = allowed.reach(world, call, LatestMarker::NotAllowed)?;
    canned.replace(bucket)
}

pub(super) fn decide_put_object(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let canned: Canned = request.read()?;
    access::allow_object(world, call, request, |check| canned.on(check))?;
    canned.replace(bucket::named(world, request.bucket())?).map(|_| Remaining::All(None))
}

impl Canned {
    fn on(&self, check: Check) -> Check {
        match &self.acl {
            Some(acl) => check.key("s3:x-amz-acl", acl),
            None => check,
        }
    }

    fn replace(&self, bucket: &Bucket) -> Result<Reply, Fault> {
        match (bucket.ownership, self.acl.as_deref()) {
            (Some(Ownership::BucketOwnerEnforced), _) => Err(not_supported()),
            (_, Some("private" | "bucket-owner-full-control" | "bucket-owner-read")) => Ok(Reply::default()),
            _ => Err(not_emulated()),
        }
    }
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

pub(super) fn get_ownership(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let bucket = access::allow_bucket(world, call, request)?;
    let ownership = bucket.ownership.ok_or_else(|| {
        Fault::new(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
            .with("BucketName", &bucket.name)
    })?;
    Ok(json!({ "OwnershipControls": { "Rules": [{ "ObjectOwnership": ownership.name() }] } }).into())
}

pub(super) fn put_ownership(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given = request.read::<PutOwnership>()?;
    access::allow_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.ownership = Some(given.ownership()?);
    Ok(Reply::default())
}

/// The controls that a request puts.
pub(super) fn read_ownership(request: &Request) -> Result<Ownership, Fault> {
    request.read::<PutOwnership>()?.ownership()
}

impl PutOwnership {
    fn ownership(&self) -> Result<Ownership, Fault> {
        let [rule] = &self.ownership_controls.rules[..] else { return Err(fault::malformed_xml()) };
        Ownership::named(&rule.object_ownership).ok_or_else(fault::malformed_xml)
    }
}

/// Deleting the controls is authorised as putting them.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
pub(super) fn delete_ownership(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    access::allow_bucket(world, call, request)?;
    bucket::named_mut(world, request.bucket())?.ownership = None;
    Ok(Reply::default())
}

fn of_owner(bucket: &Bucket) -> Reply {
    let id = bucket.canonical_owner();
    let grantee = json!({ "Type": "CanonicalUser", "ID": id });
    let grant = json!({ "Grantee": grantee, "Permission": "FULL_CONTROL" });
    json!({ "Owner": { "ID": id }, "Grants": [grant] }).into()
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
