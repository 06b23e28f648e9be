//! PutObject, and what every way of making an object has in common.

use account::{Call, Check, Fault, Tags, World};
use policy::undocumented::Case;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::bucket::{self, Bucket};
use super::kept;
use super::object::{Checksums, Draft, Encryption, Object};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::{access, acl, condition, digest, fault, tags};

/// How an object is to be stored, and under which conditions.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Storing {
    #[serde(rename = "ACL")]
    acl: Option<String>,
    pub(super) storage_class: Option<String>,
    pub(super) server_side_encryption: Option<String>,
    #[serde(rename = "SSEKMSKeyId")]
    pub(super) sse_kms_key_id: Option<String>,
    /// Tags in the form of a query string: `Status=OK&team=a%2Bb`.
    pub(super) tagging: Option<String>,
    pub(super) website_redirect_location: Option<String>,
    if_match: Option<String>,
    if_none_match: Option<String>,
    pub(super) metadata_directive: Option<String>,
    pub(super) tagging_directive: Option<String>,
}

/// What comes with a content: its MD5, in base64.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Md5 {
    #[serde(rename = "ContentMD5")]
    pub(super) content_md5: Option<String>,
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

/// Authorises a request that makes an object, or begins to.
pub(super) fn allow<'w, 'r>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &Request,
    storing: &'r Storing,
    makes_object: bool,
) -> Result<(&'w Bucket, Creation<'r>), Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let tags = tags::read_query(storing.tagging.as_deref())?;
    let creation = Creation { makes_object, tags, ..Creation::of(storing) };
    authorize(world, call, bucket, request.key(), &creation)?;
    Ok((bucket, creation))
}

pub(super) fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let storing = request.read()?;
    let (bucket, creation) = allow(world, call, request, &storing, true)?;
    acl::accept(bucket, creation.acl).map(|()| Remaining::All(None))
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (storing, Md5 { content_md5 }, checksums) = (request.read()?, request.read()?, Checksums::of(request)?);
    let meta = kept::meta(request)?;
    let (bucket, creation) = allow(world, call, request, &storing, true)?;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    acl::accept(bucket, creation.acl)?;
    let md5 = digest::md5(&request.body);
    let draft = Draft::new(request.key(), &storing, meta, creation.tags)?;
    digest::check(content_md5.as_deref(), &md5)?;
    condition::write(bucket, request.key(), creation.if_match, creation.if_none_match)?;
    let etag = format!("\"{}\"", digest::hex_of(&md5));
    let object = draft.finish(request.body.clone(), etag, checksums.of_whole(), Vec::new());
    let mut answer = made(&object);
    let version_id = store(bucket::named_mut(world, request.bucket())?, call, request.key(), object);
    answer["VersionId"] = json!(version_id);
    Ok(answer.into())
}

/// What is told of a new object.
fn made(object: &Object) -> Value {
    let mut told = json!({
        "ETag": object.etag,
        "ServerSideEncryption": object.encryption.algorithm,
        "SSEKMSKeyId": object.encryption.kms_key,
    });
    object.checksums.0.iter().for_each(|(name, sum)| told[name] = sum.clone());
    told
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
pub(super) fn store(bucket: &mut Bucket, call: &mut Call<'_>, key: &str, object: Object) -> Option<String> {
    let versioning = bucket.versioning;
    bucket.objects.entry(key.to_owned()).or_default().push(Some(object), versioning, call.now, call.ids).id.clone()
}

impl<'a> Creation<'a> {
    pub(super) fn of(storing: &'a Storing) -> Self {
        Self {
            acl: storing.acl.as_deref(),
            storage_class: storing.storage_class.as_deref(),
            server_side_encryption: storing.server_side_encryption.as_deref(),
            kms_key: storing.sse_kms_key_id.as_deref(),
            website_redirect_location: storing.website_redirect_location.as_deref(),
            if_match: storing.if_match.as_deref(),
            if_none_match: storing.if_none_match.as_deref(),
            metadata_directive: storing.metadata_directive.as_deref(),
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
    pub(super) fn new(key: &str, storing: &Storing, mut meta: Map<String, Value>, tags: Tags) -> Result<Self, Fault> {
        key_fits(key)?;
        tags::OF_OBJECT.read(tags.iter())?;
        let class = storing.storage_class.as_deref().unwrap_or("STANDARD");
        if !STORAGE_CLASSES.contains(&class) {
            return Err(fault::invalid_storage_class(class));
        }
        let size = kept::size_of_user_metadata(&meta);
        if size > 2048 {
            let message = "Your metadata headers exceed the maximum allowed metadata size";
            return Err(Fault::new(400, "MetadataTooLarge", message)
                .with("Size", size.to_string())
                .with("MaxSizeAllowed", "2048"));
        }
        // S3's own default.
        meta.entry("ContentType").or_insert_with(|| "binary/octet-stream".into());
        Ok(Self {
            tags,
            meta,
            storage_class: (class != "STANDARD").then(|| class.to_owned()),
            encryption: encryption(storing)?,
        })
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
        return Err(fault::invalid_encryption(algorithm));
    }
    Ok(Encryption { algorithm: algorithm.to_owned(), kms_key: storing.sse_kms_key_id.clone() })
}
