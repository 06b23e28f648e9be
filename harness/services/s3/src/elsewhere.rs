//! Buckets whose objects are kept elsewhere. The world knows each bucket and all that is configured on it; what it does
//! not know and a decision depends on is found out first, then the request is decided on as if the objects were here,
//! and what is left to be done is done where they are.
//!
//! Nothing that is answered there makes the world forget a bucket, for it does not say which bucket it is about, nor what
//! may be made in its place. What is configured on a bucket here holds until it is deleted through here, or made anew
//! through here after whoever keeps it has said that this very bucket is gone. If somebody makes it again past this world
//! it is as it was here: nobody is let in who was not.

use account::{Call, Check, Fault, Tags, World};
use bytes::Bytes;
use jiff::Timestamp;

use super::access;
use super::bucket::{self, Bucket, Buckets};
use super::change::Change;
use super::copy::{self, Source};
use super::object::{Encryption, Object, Version};
use super::owners::Owners;
use super::reply::{DeleteError, Reply};
use super::request::{Checksums, CopySourcePreconditions, CreateBucket, Meta, ObjectIdentifier, Request};
use super::{
    acl, buckets, delete, dispatch, fault, list, multipart, names, policy, read, tagging, under_way, versioning, write,
};

/// What a decision depends on and the world does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Whether there is such a bucket, and what is configured on it: see [`Elsewhere::s3_adopt`].
    Bucket(String),
    /// Whether a bucket that is known is still there: see [`Elsewhere::s3_found`].
    Still(String),
    /// A bucket's tags, as they are now: see [`Elsewhere::s3_set_bucket_tags`].
    BucketTags(String),
    /// The tags of an object, and whether there is one: see [`Known`].
    Object(ObjectName),
    /// Whether an upload is under way that was not begun through here: see [`Elsewhere::s3_upload_found`].
    Upload {
        /// The bucket.
        bucket: String,
        /// The key that it is for.
        key: String,
        /// Its id.
        id: String,
    },
}

/// An object, or one version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// The version; `None` for the latest.
    pub version: Option<String>,
}

/// What was found out about an object.
#[derive(Clone, Debug)]
pub struct Known {
    /// Which one.
    pub name: ObjectName,
    /// Its tags; `None`: it is not there.
    pub tags: Option<Tags>,
}

/// What is left to do of a request that is authorised.
#[derive(Debug)]
pub enum Left {
    /// Nothing: this is the answer.
    Nothing(Box<Reply>),
    /// All of it. Once it is done there, this becomes so here: see [`Elsewhere::s3_change`].
    All(Option<Change>),
    /// To delete these, and to tell of the others in the same answer.
    Deletes {
        /// What may be deleted.
        allowed: Vec<ObjectIdentifier>,
        /// What may not, and why.
        refused: Vec<DeleteError>,
    },
}

/// What a world does about requests whose objects are elsewhere.
pub trait Elsewhere {
    /// What has to be found out before a request can be decided on. Tags are asked for only if a policy with a say in
    /// the request looks at some. A bucket comes before all that depends on its policy, so ask again once it is known.
    ///
    /// # Errors
    /// The request names what there cannot be: a bucket, a key, a version.
    fn s3_unknowns(&self, call: &Call<'_>, request: &Request) -> Result<Vec<Unknown>, Fault>;

    /// Takes in a bucket that is elsewhere, with what is configured on it there, as the requests that would configure it
    /// so. What is not configured is as AWS has it for new buckets. It belongs to the first account.
    ///
    /// # Errors
    /// Something that is configured cannot be read.
    fn s3_adopt(&mut self, name: &str, region: &str, now: Timestamp, configured: Vec<Request>) -> Result<(), Fault>;

    /// Says which tags a bucket has where it is kept.
    fn s3_set_bucket_tags(&mut self, name: &str, tags: Tags);

    /// The tags that a bucket has, as far as the world knows.
    #[must_use]
    fn s3_bucket_tags(&self, name: &str) -> Option<&Tags>;

    /// Decides on a request about objects that are elsewhere, and does what is the world's part of it. `known`: what was
    /// asked for with [`Elsewhere::s3_unknowns`].
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it.
    fn s3_elsewhere(&mut self, call: &mut Call<'_>, request: &Request, known: &[Known]) -> Result<Left, Fault>;

    /// Lets a caller know that an object is missing, if they may list its bucket.
    ///
    /// # Errors
    /// They may not: the denial.
    fn s3_reveal(&self, call: &mut Call<'_>, bucket: &str) -> Result<(), Fault>;

    /// Makes a bucket what it is to be. Uploads that were begun meanwhile stay known, and of one that is made and was taken
    /// in meanwhile all that is configured on it where it is kept.
    fn s3_change(&mut self, change: Change);

    /// Says whether a bucket was there when it was asked for by its own name.
    fn s3_found(&mut self, name: &str, is_there: bool);

    /// A bucket as it is.
    #[must_use]
    fn as_is(&self, name: &str) -> Change;

    /// Keeps in mind which key an upload is for, and who has begun it: they may stop it, and list its parts.
    fn s3_upload_began(&mut self, call: &Call<'_>, bucket: &str, key: &str, upload_id: &str);

    /// Takes in an upload that was begun for a key past this world.
    fn s3_upload_found(&mut self, bucket: &str, key: &str, upload_id: &str);

    /// Forgets an upload that has been completed or stopped.
    fn s3_upload_ended(&mut self, bucket: &str, upload_id: &str);
}

impl Elsewhere for World {
    fn s3_unknowns(&self, call: &Call<'_>, request: &Request) -> Result<Vec<Unknown>, Fault> {
        names::check(request)?;
        let source = request.source();
        let names = [request.bucket(), source.as_ref().map(|source| source.bucket.as_str())];
        let names = names.into_iter().flatten();
        let missing: Vec<_> = names.clone().filter(|name| bucket::known(self, name).is_none()).collect();
        if let Request::CreateBucket(CreateBucket { bucket, .. }) = request {
            // Of a name that no bucket can have the request itself tells, once it is authorised.
            let about = if missing.is_empty() { Unknown::Still } else { Unknown::Bucket };
            return Ok(names::bucket(bucket).map(|()| about(bucket.clone())).into_iter().collect());
        }
        if !missing.is_empty() {
            return Ok(missing.into_iter().map(|name| Unknown::Bucket(name.to_owned())).collect());
        }
        let tags = names.filter(|name| depends_on_bucket_tags(self, call, name));
        let mut unknown: Vec<_> = tags.map(|name| Unknown::BucketTags(name.to_owned())).collect();
        let objects = objects(request, source).into_iter();
        let needed = objects.filter(|(name, always)| *always || depends_on_object_tags(self, call, &name.bucket));
        unknown.extend(needed.map(|(name, _)| Unknown::Object(name)));
        unknown.extend(under_way::unknown(self, request));
        Ok(unknown)
    }

    fn s3_adopt(&mut self, name: &str, region: &str, now: Timestamp, configured: Vec<Request>) -> Result<(), Fault> {
        let owner = self.accounts().next().map(|account| account.id.clone()).unwrap_or_default();
        let owners = Owners::of(self);
        let mut bucket = Bucket::new(name, &owner, region, now);
        for request in configured {
            match request {
                Request::PutBucketPolicy(request) => {
                    bucket.policy = Some(policy::adopt(&owners, &bucket, request.policy)?)
                }
                Request::PutBucketVersioning(request) => bucket.versioning = versioning::read(&request)?,
                Request::PutBucketOwnershipControls(request) => bucket.ownership = Some(acl::read_ownership(&request)?),
                Request::PutPublicAccessBlock(request) => {
                    bucket.public_access = Some(request.public_access_block_configuration.settings()?);
                }
                _ => {}
            }
        }
        // Another request may have made it meanwhile.
        self.state_mut::<Buckets>()?.by_name.entry(name.to_owned()).or_insert(bucket);
        Ok(())
    }

    fn s3_set_bucket_tags(&mut self, name: &str, tags: Tags) {
        if let Ok(bucket) = bucket::named_mut(self, name) {
            bucket.tags = tags;
        }
    }

    fn s3_bucket_tags(&self, name: &str) -> Option<&Tags> {
        bucket::known(self, name).map(|bucket| &bucket.tags)
    }

    fn s3_elsewhere(&mut self, call: &mut Call<'_>, request: &Request, known: &[Known]) -> Result<Left, Fault> {
        if is_ours(request) {
            return dispatch::dispatch(self, call, request.clone()).map(|reply| Left::Nothing(Box::new(reply)));
        }
        if is_configuration(request) {
            let name = request.bucket().unwrap_or_default();
            let before = self.as_is(name);
            dispatch::dispatch(self, call, request.clone())?;
            let after = Change::since(self, &before);
            self.s3_change(before);
            return Ok(Left::All(Some(after)));
        }
        dispatch::check_expectation(self, request)?;
        place_stand_ins(self, known, call.now);
        let decided = decide(self, call, request);
        clear(self, known);
        decided
    }

    fn s3_reveal(&self, call: &mut Call<'_>, bucket: &str) -> Result<(), Fault> {
        access::reveal(self, call, bucket::named(self, bucket)?)
    }

    fn s3_change(&mut self, change: Change) {
        change.make(self);
    }

    fn s3_found(&mut self, name: &str, is_there: bool) {
        if let Ok(bucket) = bucket::named_mut(self, name) {
            bucket.gone = !is_there;
        }
    }

    fn as_is(&self, name: &str) -> Change {
        Change::to_what_is(self, name)
    }

    fn s3_upload_began(&mut self, call: &Call<'_>, bucket: &str, key: &str, upload_id: &str) {
        multipart::began(self, call, bucket, key, upload_id);
    }

    fn s3_upload_found(&mut self, bucket: &str, key: &str, upload_id: &str) {
        under_way::found(self, bucket, key, upload_id);
    }

    fn s3_upload_ended(&mut self, bucket: &str, upload_id: &str) {
        multipart::ended(self, bucket, upload_id);
    }
}

/// Which action is asked for does not matter: a policy that looks at such a key for another one costs a question too
/// many.
fn depends_on_object_tags(world: &World, call: &Call<'_>, bucket: &str) -> bool {
    bucket::known(world, bucket).is_some_and(|bucket| {
        world.depends_on(call, &access::on_bucket(world, call, bucket, "s3:GetObject"), "s3:ExistingObjectTag/")
    })
}

fn depends_on_bucket_tags(world: &World, call: &Call<'_>, bucket: &str) -> bool {
    let Some(bucket) = bucket::known(world, bucket).filter(|bucket| bucket.abac) else { return false };
    let check: Check = access::on_bucket(world, call, bucket, "s3:GetObject");
    ["aws:ResourceTag/", "s3:BucketTag/"].into_iter().any(|key| world.depends_on(call, &check, key))
}

/// Puts objects without content where the real ones would be. A version comes before the latest.
fn place_stand_ins(world: &mut World, known: &[Known], now: Timestamp) {
    let (latest, versions): (Vec<_>, Vec<_>) = known.iter().partition(|known| known.name.version.is_none());
    for Known { name, tags } in versions.into_iter().chain(latest) {
        let Ok(bucket) = bucket::named_mut(world, &name.bucket) else { continue };
        let has_version = bucket.objects.contains_key(&name.key);
        if tags.is_none() && (name.version.is_some() || !has_version) {
            continue;
        }
        let id = name.version.clone().filter(|version| version != "null");
        let version = Version { id, modified: now, object: tags.clone().map(stand_in) };
        bucket.objects.entry(name.key.clone()).or_default().add(version);
    }
}

fn clear(world: &mut World, known: &[Known]) {
    for Known { name, .. } in known {
        if let Ok(bucket) = bucket::named_mut(world, &name.bucket) {
            bucket.objects.remove(&name.key);
        }
    }
}

/// An object of which nothing is known but its tags.
fn stand_in(tags: Tags) -> Object {
    Object {
        body: Bytes::new(),
        etag: String::new(),
        tags,
        meta: Meta::default(),
        checksums: Checksums::default(),
        storage_class: None,
        encryption: Encryption { algorithm: String::new(), kms_key: None },
        parts: Vec::new(),
    }
}

/// What the world alone answers: what decides on requests is what it has, and no emulator knows attribute-based access
/// control.
fn is_ours(request: &Request) -> bool {
    matches!(
        request,
        Request::GetBucketPolicy(_)
            | Request::GetBucketPolicyStatus(_)
            | Request::GetPublicAccessBlock(_)
            | Request::GetBucketOwnershipControls(_)
            | Request::GetBucketAbac(_)
            | Request::PutBucketAbac(_)
    )
}

impl Request {
    /// Whether it changes what the world has of a bucket. Such requests are decided on and done one after another, or one
    /// would take back what another does.
    #[must_use]
    pub fn configures(&self) -> bool {
        is_configuration(self) || matches!(self, Request::PutBucketAbac(_))
    }
}

/// What changes the world and has to be done elsewhere as well.
fn is_configuration(request: &Request) -> bool {
    matches!(
        request,
        Request::CreateBucket(_)
            | Request::DeleteBucket(_)
            | Request::PutBucketTagging(_)
            | Request::DeleteBucketTagging(_)
            | Request::PutBucketPolicy(_)
            | Request::DeleteBucketPolicy(_)
            | Request::PutBucketVersioning(_)
            | Request::PutPublicAccessBlock(_)
            | Request::DeletePublicAccessBlock(_)
            | Request::PutBucketOwnershipControls(_)
            | Request::DeleteBucketOwnershipControls(_)
            | Request::PutBucketAcl(_)
    )
}

fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Left, Fault> {
    match request {
        Request::ListBuckets(_) => buckets::allow_list(world, call)?,
        Request::HeadBucket(request) => buckets::allow_head(world, call, request).map(drop)?,
        Request::GetBucketLocation(request) => buckets::allow_location(world, call, request).map(drop)?,
        Request::ListObjects(request) => list::allow_objects(world, call, request).map(drop)?,
        Request::ListObjectsV2(request) => list::allow_objects_v2(world, call, request).map(drop)?,
        Request::ListObjectVersions(request) => list::allow_versions(world, call, request).map(drop)?,
        Request::ListMultipartUploads(request) => list::allow_uploads(world, call, request).map(drop)?,
        Request::GetObject(request) => read::allow_get(world, call, request).map(drop)?,
        Request::HeadObject(request) => read::allow_head(world, call, request).map(drop)?,
        Request::GetObjectAttributes(request) => read::allow_attributes(world, call, request).map(drop)?,
        Request::PutObject(request) => {
            let (bucket, creation) = write::allow(world, call, request)?;
            acl::accept(bucket, creation.acl)?;
        }
        Request::CopyObject(request) => {
            // Whether they hold is found out where the object is.
            let mut request = request.clone();
            request.source_preconditions = CopySourcePreconditions::default();
            let source = Source::read(&request.copy_source)?;
            let from = source.name();
            let copying = copy::allow(world, call, &request, &source, &from)?;
            acl::accept(copying.bucket, copying.creation.acl)?;
        }
        Request::UploadPartCopy(part) => {
            let mut request = part.clone();
            request.source_preconditions = CopySourcePreconditions::default();
            let source = Source::read(&request.copy_source)?;
            multipart::allow_part_copy(world, call, &request, &source).map(drop)?;
        }
        Request::DeleteObject(request) => {
            delete::allow(world, call, bucket::named(world, &request.bucket)?, &delete::identifier(request))?;
        }
        Request::DeleteObjects(request) => return decide_deletes(world, call, request),
        Request::CreateMultipartUpload(request) => {
            let (bucket, creation) = multipart::allow_create(world, call, request)?;
            acl::accept(bucket, creation.acl)?;
        }
        Request::UploadPart(request) => multipart::allow_part(world, call, request)?,
        Request::CompleteMultipartUpload(request) => multipart::allow_complete(world, call, request).map(drop)?,
        Request::AbortMultipartUpload(request) => multipart::allow_abort(world, call, request)?,
        Request::ListParts(request) => multipart::allow_list_parts(world, call, request).map(drop)?,
        Request::GetObjectTagging(request) => tagging::allow_get_object(world, call, request).map(drop)?,
        Request::PutObjectTagging(request) => tagging::allow_put_object(world, call, request).map(drop)?,
        Request::DeleteObjectTagging(request) => tagging::allow_delete_object(world, call, request).map(drop)?,
        Request::GetBucketTagging(request) => tagging::allow_get_bucket(world, call, request).map(drop)?,
        Request::GetBucketVersioning(request) => versioning::allow_get(world, call, request).map(drop)?,
        Request::GetBucketAcl(request) => acl::allow_get_bucket(world, call, request).map(drop)?,
        Request::GetObjectAcl(request) => acl::allow_get_object(world, call, request).map(drop)?,
        Request::PutObjectAcl(request) => {
            acl::allow_put_object(world, call, request)?;
            acl::replace(bucket::named(world, &request.bucket)?, request.acl.as_deref()).map(drop)?;
        }
        // Nothing that is decided on is done unseen.
        other => return Err(fault::unknown_operation(other.operation())),
    }
    under_way::check(world, request)?;
    Ok(Left::All(None))
}

fn decide_deletes(world: &World, call: &mut Call<'_>, request: &super::request::DeleteObjects) -> Result<Left, Fault> {
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    for identifier in delete::listed(world, request)? {
        match delete::allow(world, call, bucket::named(world, &request.bucket)?, identifier) {
            Ok(()) => allowed.push(identifier.clone()),
            Err(fault) => refused.push(delete::error(identifier, fault)),
        }
    }
    if refused.is_empty() { Ok(Left::All(None)) } else { Ok(Left::Deletes { allowed, refused }) }
}

/// The objects whose tags may count, and whether they do in any case.
fn objects(request: &Request, source: Option<Source>) -> Vec<(ObjectName, bool)> {
    let name = |bucket: &str, key: &str, version: Option<&str>| {
        vec![(
            ObjectName { bucket: bucket.to_owned(), key: key.to_owned(), version: version.map(str::to_owned) },
            false,
        )]
    };
    // A condition on the entity tag reads the object that is there.
    let matched = |bucket: &str, key: &str, etag: &Option<String>| match etag.as_deref() {
        Some(etag) if etag != "*" => name(bucket, key, None),
        _ => Vec::new(),
    };
    let mut objects = match request {
        Request::GetObject(_)
        | Request::HeadObject(_)
        | Request::GetObjectAttributes(_)
        | Request::GetObjectTagging(_)
        | Request::PutObjectTagging(_)
        | Request::DeleteObjectTagging(_)
        | Request::GetObjectAcl(_)
        | Request::PutObjectAcl(_) => {
            let bucket = request.bucket().unwrap_or_default();
            names::objects(request).into_iter().flat_map(|(key, version)| name(bucket, key, version)).collect()
        }
        Request::PutObject(r) => matched(&r.bucket, &r.key, &r.if_match),
        Request::CopyObject(r) => matched(&r.bucket, &r.key, &r.if_match),
        Request::CompleteMultipartUpload(r) => matched(&r.bucket, &r.key, &r.if_match),
        Request::DeleteObject(r) => matched(&r.bucket, &r.key, &r.if_match),
        Request::DeleteObjects(r) => {
            r.delete.objects.iter().flat_map(|object| matched(&r.bucket, &object.key, &object.etag)).collect()
        }
        _ => Vec::new(),
    };
    // Whether there is a source, and whether it has tags to copy, decides what the copy takes.
    if let Some(Source { bucket, key, version }) = source {
        objects.push((ObjectName { bucket, key, version }, true));
    }
    objects
}
