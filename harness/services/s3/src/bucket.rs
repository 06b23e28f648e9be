//! What a bucket holds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use account::{Fault, Tags, World};
use indexmap::IndexMap;
use jiff::Timestamp;
use policy::arn::Arn;
use policy::{Policy, partition};
use serde::{Deserialize, Serialize};

use super::object::{Object, Version, Versioning, Versions};
use super::upload::{Upload, UploadedPart};
use super::{digest, fault};

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(super) name: String,
    /// The account that made it.
    pub(super) owner: String,
    pub(super) region: String,
    pub(super) created: Timestamp,
    pub(super) tags: Tags,
    /// Whether its tags count in policies.
    pub(super) abac: bool,
    pub(super) versioning: Versioning,
    pub(super) policy: Option<BucketPolicy>,
    pub(super) public_access: Option<PublicAccessBlock>,
    /// `None`: access control lists count, as they did before there were ownership controls.
    pub(super) ownership: Option<Ownership>,
    pub(super) objects: BTreeMap<String, Versions>,
    /// Uploads under way by id, oldest first.
    pub(super) uploads: IndexMap<String, Upload>,
    /// The uploads under way, here or where the objects are kept, as far as they are known, by their ids.
    pub(super) initiators: HashMap<String, Initiated>,
    /// When uploads that nobody adds to were last dropped.
    pub(super) abandoned_dropped: Timestamp,
    /// It was not there any more when it was last asked for where the objects are kept. What is configured on it holds
    /// until it is made anew through here.
    pub(super) gone: bool,
}

/// A bucket policy as it was put, and ready for deciding.
#[derive(Clone, Debug)]
pub(super) struct BucketPolicy {
    pub(super) text: String,
    pub(super) compiled: Arc<Policy>,
    pub(super) public: bool,
}

/// Who owns what is put into a bucket.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ownership {
    /// Access control lists are off; the default since April 2023.
    BucketOwnerEnforced,
    BucketOwnerPreferred,
    ObjectWriter,
}

/// The four settings of Block Public Access. One that is left out is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PublicAccessBlock {
    pub(super) block_public_acls: Option<bool>,
    pub(super) ignore_public_acls: Option<bool>,
    pub(super) block_public_policy: Option<bool>,
    pub(super) restrict_public_buckets: Option<bool>,
}

impl PublicAccessBlock {
    /// As new buckets have it.
    pub(super) const ON: Self = Self {
        block_public_acls: Some(true),
        ignore_public_acls: Some(true),
        block_public_policy: Some(true),
        restrict_public_buckets: Some(true),
    };
}

/// What an upload is for, and who began it.
#[derive(Clone, Debug)]
pub(super) struct Initiated {
    /// Nothing else is made of it.
    pub(super) key: String,
    /// `None`: somebody, past this world.
    pub(super) by: Option<Initiator>,
    /// When it was begun; `None`: nobody knows, and it can be asked for again.
    pub(super) at: Option<Timestamp>,
}

/// Who began an upload.
#[derive(Clone, Debug)]
pub(super) struct Initiator {
    pub(super) account: String,
    /// `aws:userid`
    pub(super) user_id: String,
}

/// What a key, perhaps with a version id, stands for.
#[derive(Clone, Copy)]
pub(super) enum Found<'a> {
    Object(&'a Version, &'a Object),
    Marker(&'a Version),
    Nothing,
}

impl Bucket {
    pub(super) fn new(name: &str, owner: &str, region: &str, now: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            owner: owner.to_owned(),
            region: region.to_owned(),
            created: super::object::whole_second(now),
            tags: Tags::default(),
            abac: false,
            versioning: Versioning::Never,
            policy: None,
            // All four on and lists off for every new bucket since April 2023.
            // docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
            public_access: Some(PublicAccessBlock::ON),
            ownership: Some(Ownership::BucketOwnerEnforced),
            objects: BTreeMap::new(),
            abandoned_dropped: now,
            uploads: IndexMap::new(),
            initiators: HashMap::new(),
            gone: false,
        }
    }

    pub(super) fn arn(&self) -> String {
        bucket_arn(&self.region, &self.name)
    }

    pub(super) fn find(&self, key: &str, version: Option<&str>) -> Found<'_> {
        let versions = self.objects.get(key);
        let found = versions.and_then(|versions| match version {
            None => versions.current(),
            Some(id) => versions.get(id),
        });
        match found {
            None => Found::Nothing,
            Some(version) => match &version.object {
                Some(object) => Found::Object(version, object),
                None => Found::Marker(version),
            },
        }
    }

    /// How many bytes of its objects, and of parts to come, nobody has sent.
    pub(super) fn copied(&self) -> usize {
        let objects =
            self.objects.values().flat_map(Versions::newest_first).filter_map(|version| version.object.as_ref());
        let parts = self.uploads.values().flat_map(|upload| upload.parts.values());
        objects.map(|object| object.copied).sum::<usize>() + parts.map(UploadedPart::copied).sum::<usize>()
    }

    /// The object that a key stands for now.
    pub(super) fn current(&self, key: &str) -> Option<&Object> {
        match self.find(key, None) {
            Found::Object(_, object) => Some(object),
            _ => None,
        }
    }

    pub(super) fn object_mut(&mut self, key: &str, version: Option<&str>) -> Option<&mut Object> {
        self.objects.get_mut(key)?.get_mut(version)?.object.as_mut()
    }

    /// The version id that an answer shows: none while versioning has never been on.
    pub(super) fn shown(&self, version: &Version) -> Option<String> {
        (self.versioning != Versioning::Never).then(|| version.name().to_owned())
    }

    /// Refuses a request that expects another owner.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    pub(super) fn check_owner(&self, expected: Option<&str>) -> Result<(), Fault> {
        let Some(expected) = expected else { return Ok(()) };
        if expected.len() != 12 || !expected.bytes().all(|byte| byte.is_ascii_digit()) {
            let message =
                format!("The value of the expected bucket owner parameter must be an AWS Account ID... [{expected}]");
            return Err(Fault::new(400, "InvalidBucketOwnerAWSAccountID", message));
        }
        if expected == self.owner { Ok(()) } else { Err(fault::access_denied()) }
    }

    pub(super) fn canonical_owner(&self) -> String {
        canonical(&self.owner)
    }
}

/// The canonical user id of an account. AWS derives it in a way of its own; here it follows from the account's id.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
pub(super) fn canonical(account: &str) -> String {
    let half = digest::hex(account.as_bytes());
    format!("{}{half}", digest::hex(half.as_bytes()))
}

pub(super) fn bucket_arn(region: &str, bucket: &str) -> String {
    format!("arn:{}:s3:::{bucket}", partition::of_region(region).name)
}

/// What an ARN of S3 is about: a bucket, or `bucket/key`.
pub(super) fn path_of(arn: &str) -> Option<&str> {
    Arn::parse(arn)
        .filter(|arn| arn.service == "s3" && arn.region.is_empty() && arn.account.is_empty())
        .map(|arn| arn.resource)
}

/// What S3 keeps in a world.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    /// Bucket names are unique across all accounts.
    pub(super) by_name: BTreeMap<String, Bucket>,
    /// Block Public Access settings by account.
    pub(super) public_access: HashMap<String, PublicAccessBlock>,
}

/// A bucket, if there is such a one.
pub(super) fn known<'w>(world: &'w World, name: &str) -> Option<&'w Bucket> {
    world.state::<Buckets>().ok()?.by_name.get(name)
}

/// A bucket that must be there.
pub(super) fn named<'w>(world: &'w World, name: &str) -> Result<&'w Bucket, Fault> {
    world.state::<Buckets>()?.by_name.get(name).ok_or_else(|| fault::no_such_bucket(name))
}

/// A bucket that must be there, to change.
pub(super) fn named_mut<'w>(world: &'w mut World, name: &str) -> Result<&'w mut Bucket, Fault> {
    world.state_mut::<Buckets>()?.by_name.get_mut(name).ok_or_else(|| fault::no_such_bucket(name))
}
