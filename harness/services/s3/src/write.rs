//! PutObject, and what every way of making an object has in common.

use account::{Call, Check, Fault, Tags, World};
use bytes::Bytes;
use policy::undocumented::Case;

use super::access;
use super::acl;
use super::bucket::{self, Bucket};
use super::digest;
use super::object::{Encryption, Object};
use super::reply::{self, Reply};
use super::request::{self, Checksums, Storing};
use super::tags;
use super::{condition, fault};

/// What an object is about to become, before its content is there.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) tags: Tags,
    pub(super) meta: request::Meta,
    pub(super) storage_class: Option<String>,
    pub(super) encryption: Encryption,
}

/// What a request to make an object is authorised for.
#[derive(Default)]
pub(super) struct Creation<'a> {
    pub(super) acl: Option<&'a str>,
    pub(super) storage_class: Option<&'a str>,
    pub(super) server_side_encryption: Option<&'a str>,
    pub(super) kms_key: Option<&'a str>,
    pub(super) website_redirect_location: Option<&'a str>,
    pub(super) if_match: Option<&'a str>,
    pub(super) if_none_match: Option<&'a str>,
    pub(super) copy_source: Option<&'a str>,
    pub(super) metadata_directive: Option<&'a str>,
    /// Whether an object comes of it, as one does not of a single part of an upload.
    pub(super) makes_object: bool,
    /// The tags that the request passes.
    pub(super) tags: Tags,
    /// The request gives the object tags without passing them: it copies them.
    pub(super) copies_tags: bool,
}

pub(super) fn allow<'w, 'r>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &'r request::PutObject,
) -> Result<(&'w Bucket, Creation<'r>), Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let creation = Creation {
        if_match: request.if_match.as_deref(),
        if_none_match: request.if_none_match.as_deref(),
        makes_object: true,
        tags: tags::read_query(request.storing.tagging.as_deref())?,
        ..Creation::of(&request.storing)
    };
    authorize(world, call, bucket, &request.key, &creation)?;
    Ok((bucket, creation))
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: request::PutObject) -> Result<Reply, Fault> {
    let (bucket, creation) = allow(world, call, &request)?;
    let storing = &request.storing;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    acl::accept(bucket, creation.acl)?;
    let draft = Draft::new(&request.key, storing, creation.tags)?;
    let md5 = digest::md5(&request.body);
    digest::check(request.content_md5.as_deref(), &md5)?;
    condition::write(bucket, &request.key, creation.if_match, creation.if_none_match)?;
    let etag = format!("\"{}\"", digest::hex_of(&md5));
    let object = draft.finish(request.body, etag, complete(request.checksums), Vec::new());
    let checksums = object.checksums.clone();
    let (etag, encryption) = (object.etag.clone(), object.encryption.clone());
    let version_id = store(bucket::named_mut(world, &request.bucket)?, call, request.key, object);
    Ok(Reply::PutObject(reply::PutObject {
        etag,
        version_id,
        server_side_encryption: Some(encryption.algorithm),
        sse_kms_key_id: encryption.kms_key,
        checksums,
    }))
}

/// Authorises making an object.
///
/// The tags of an object that is replaced are never looked at, so that no policy can guard it by them.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
pub(super) fn authorize(
    world: &World,
    call: &mut Call<'_>,
    bucket: &Bucket,
    key: &str,
    creation: &Creation<'_>,
) -> Result<(), Fault> {
    let check = creation.describe(access::on_object(world, call, bucket, "s3:PutObject", key));
    world.authorize(call, check)?;
    if !creation.tags.is_empty() || creation.copies_tags {
        let check = access::on_object(world, call, bucket, "s3:PutObjectTagging", key);
        world.authorize(call, tags::requested(check, &creation.tags))?;
    }
    if let Some(acl) = creation.acl {
        let check = access::on_object(world, call, bucket, "s3:PutObjectAcl", key).key("s3:x-amz-acl", acl);
        world.authorize(call, check)?;
    }
    // Comparing entity tags reads the object.
    // docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    if creation.if_match.is_some() {
        world.authorize(call, for_if_match(world, call, bucket, key))?;
    }
    Ok(())
}

/// What a write or a delete with `If-Match` also asks. Whether the object's tags are in it: [`Case::TagsOfIfMatch`].
pub(super) fn for_if_match(world: &World, call: &Call<'_>, bucket: &Bucket, key: &str) -> Check {
    access::on_object(world, call, bucket, "s3:GetObject", key)
        .leaving_open("s3:ExistingObjectTag/", Case::TagsOfIfMatch)
}

/// Puts an object into its bucket; gives the id of the new version, as answers show it.
pub(super) fn store(bucket: &mut Bucket, call: &mut Call<'_>, key: String, object: Object) -> Option<String> {
    let versioning = bucket.versioning;
    bucket.objects.entry(key).or_default().push(Some(object), versioning, call.now, call.ids).id.clone()
}

/// Checksums that came with a whole content are of the whole object.
fn complete(checksums: Checksums) -> Checksums {
    let kind = if checksums.algorithms().is_empty() { None } else { Some("FULL_OBJECT".to_owned()) };
    Checksums { kind: checksums.kind.or(kind), ..checksums }
}

impl<'a> Creation<'a> {
    pub(super) fn of(storing: &'a Storing) -> Self {
        Self {
            acl: storing.acl.as_deref(),
            storage_class: storing.storage_class.as_deref(),
            server_side_encryption: storing.server_side_encryption.as_deref(),
            kms_key: storing.sse_kms_key_id.as_deref(),
            website_redirect_location: storing.meta.website_redirect_location.as_deref(),
            ..Self::default()
        }
    }

    /// The check with what the request tells of itself; a key is there only if the request says so.
    /// docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
    fn describe(&self, check: Check) -> Check {
        let keys = [
            ("s3:x-amz-acl", self.acl),
            ("s3:x-amz-storage-class", self.storage_class),
            ("s3:x-amz-server-side-encryption", self.server_side_encryption),
            ("s3:x-amz-server-side-encryption-aws-kms-key-id", self.kms_key),
            ("s3:x-amz-website-redirect-location", self.website_redirect_location),
            ("s3:if-match", self.if_match),
            ("s3:if-none-match", self.if_none_match),
            ("s3:x-amz-copy-source", self.copy_source),
            ("s3:x-amz-metadata-directive", self.metadata_directive),
        ];
        let given = keys.into_iter().filter_map(|(key, value)| Some((key, value?)));
        let check = given.fold(check, |check, (key, value)| check.key(key, value));
        let check = check.key("s3:ObjectCreationOperation", self.makes_object.to_string());
        tags::requested(check, &self.tags)
    }
}

const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];

impl Draft {
    /// Reads what is to be kept beside the content.
    pub(super) fn new(key: &str, storing: &Storing, tags: Tags) -> Result<Self, Fault> {
        key_fits(key)?;
        tags::OF_OBJECT.read(tags.iter())?;
        let class = storing.storage_class.as_deref().unwrap_or("STANDARD");
        if !STORAGE_CLASSES.contains(&class) {
            let message = "The storage class you specified is not valid";
            return Err(Fault::new(400, "InvalidStorageClass", message).with("StorageClassRequested", class));
        }
        let metadata = &storing.meta.metadata;
        let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > 2048 {
            let message = "Your metadata headers exceed the maximum allowed metadata size";
            return Err(Fault::new(400, "MetadataTooLarge", message)
                .with("Size", size.to_string())
                .with("MaxSizeAllowed", "2048"));
        }
        let mut meta = storing.meta.clone();
        // S3's own default.
        meta.content_type.get_or_insert_with(|| "binary/octet-stream".to_owned());
        Ok(Self {
            tags,
            meta,
            storage_class: (class != "STANDARD").then(|| class.to_owned()),
            encryption: encryption(storing)?,
        })
    }

    pub(super) fn finish(self, body: Bytes, etag: String, checksums: Checksums, parts: Vec<usize>) -> Object {
        let Self { tags, meta, storage_class, encryption } = self;
        Object { body, etag, tags, meta, checksums, storage_class, encryption, parts }
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
pub(super) fn key_fits(key: &str) -> Result<(), Fault> {
    if key.len() <= 1024 {
        return Ok(());
    }
    Err(Fault::new(400, "KeyTooLongError", "Your key is too long")
        .with("Size", key.len().to_string())
        .with("MaxSizeAllowed", "1024"))
}

/// Every object is encrypted with S3's own keys unless another way is asked for.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
fn encryption(storing: &Storing) -> Result<Encryption, Fault> {
    let algorithm = storing.server_side_encryption.as_deref().unwrap_or("AES256");
    if !["AES256", "aws:kms", "aws:kms:dsse"].contains(&algorithm) {
        let message = "The encryption method specified is not supported";
        return Err(fault::invalid_argument("x-amz-server-side-encryption", algorithm, message));
    }
    Ok(Encryption { algorithm: algorithm.to_owned(), kms_key: storing.sse_kms_key_id.clone() })
}

impl Checksums {
    /// The algorithms that have one, as lists name them.
    pub(super) fn algorithms(&self) -> Vec<&'static str> {
        let all = [
            ("CRC32", &self.crc32),
            ("CRC32C", &self.crc32c),
            ("CRC64NVME", &self.crc64nvme),
            ("SHA1", &self.sha1),
            ("SHA256", &self.sha256),
        ];
        all.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name).collect()
    }
}
