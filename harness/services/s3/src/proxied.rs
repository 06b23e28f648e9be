//! Buckets whose objects are kept elsewhere. The world knows each bucket and all that is configured on it; what it does
//! not know and a decision depends on is found out first, then the request is decided on as if the objects were here,
//! and what is left to be done is done where they are.
//!
//! Nothing that is answered there makes the world forget a bucket, for it does not say which bucket it is about, nor what
//! may be made in its place. What is configured on a bucket here holds until it is deleted through here, or made anew
//! through here after the one who keeps it has said that this very bucket is gone. If somebody makes it again past this world
//! it is as it was here: nobody is let in who was not.

use account::{Call, Check, Fault, Tags, World};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Map;

use super::bucket::{self, Bucket, Buckets, Initiated};
use super::change::Change;
use super::object::{Checksums, Encryption, Object, Version};
use super::owners::Owners;
use super::remaining::Remaining;
use super::request::{Functions, ObjectIdentifier, Request};
use super::unknown::{ObjectName, ProxiedObject, Unknown};
use super::{access, acl, fault, multipart, names, policy, public_access, versioning};

/// What a world does about requests whose objects are elsewhere.
pub trait ProxiedObjects {
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
    /// asked for with [`ProxiedObjects::s3_unknowns`].
    ///
    /// # Errors
    /// What AWS answers instead, `AccessDenied` among it.
    fn s3_elsewhere(
        &mut self,
        call: &mut Call<'_>,
        request: &Request,
        known: &[ProxiedObject],
    ) -> Result<Remaining, Fault>;

    /// Lets a caller know that an object is missing, if they may list its bucket.
    ///
    /// # Errors
    /// They may not: the denial.
    fn s3_reveal(&self, call: &mut Call<'_>, bucket: &str) -> Result<(), Fault>;

    /// Makes a bucket what it is to be, or an upload end. Uploads that were begun meanwhile stay known, and of a bucket that is
    /// made and was taken in meanwhile all that is configured on it where it is kept.
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
}

impl ProxiedObjects for World {
    fn s3_unknowns(&self, call: &Call<'_>, request: &Request) -> Result<Vec<Unknown>, Fault> {
        names::check(request)?;
        let names: Vec<String> = request.buckets().collect();
        let missing: Vec<_> = names.iter().filter(|name| bucket::known(self, name).is_none()).cloned().collect();
        if request.makes_bucket() {
            // Of a name that no bucket can have the request itself tells, once it is authorised.
            let about = if missing.is_empty() { Unknown::Still } else { Unknown::Bucket };
            return Ok(names.into_iter().filter(|name| names::bucket(name).is_ok()).map(about).collect());
        }
        if !missing.is_empty() {
            return Ok(missing.into_iter().map(Unknown::Bucket).collect());
        }
        let objects = depending_on(request).filter(|name| depends_on_object_tags(self, call, &name.bucket));
        // Whether there is a source, and whether it has tags to copy, decides what the copy takes.
        let source =
            request.source()?.map(|from| ObjectName { bucket: from.bucket, key: from.key, version: from.version });
        let objects: Vec<_> = objects.chain(source).map(Unknown::Object).collect();
        let tagged = names.into_iter().filter(|name| depends_on_bucket_tags(self, call, name));
        Ok(tagged.map(Unknown::BucketTags).chain(objects).chain(unknown_upload(self, request)).collect())
    }

    fn s3_adopt(&mut self, name: &str, region: &str, now: Timestamp, configured: Vec<Request>) -> Result<(), Fault> {
        let owner = self.accounts().next().map(|account| account.id.clone()).unwrap_or_default();
        let owners = Owners::of(self);
        let mut bucket = Bucket::new(name, &owner, region, now);
        for request in configured {
            request.check_values()?;
            match request.operation() {
                "PutBucketPolicy" => bucket.policy = Some(policy::adopt(&owners, &bucket, policy::text(&request)?)?),
                "PutBucketVersioning" => bucket.versioning = versioning::read(&request)?,
                "PutBucketOwnershipControls" => bucket.ownership = Some(acl::read_ownership(&request)?),
                "PutPublicAccessBlock" => bucket.public_access = Some(public_access::read(&request)?),
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

    fn s3_elsewhere(
        &mut self,
        call: &mut Call<'_>,
        request: &Request,
        known: &[ProxiedObject],
    ) -> Result<Remaining, Fault> {
        let Some(decide) = request.row.run.elsewhere else {
            return configure(self, call, request);
        };
        crate::check_expectation(self, request)?;
        place_stand_ins(self, known, call.now);
        let decided = decide(self, call, request);
        clear(self, known);
        let left = decided?;
        check_upload(self, request)?;
        request.check_values().map(|()| left)
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
        if let Ok(bucket) = bucket::named_mut(self, bucket) {
            bucket.initiators.insert(upload_id.to_owned(), Initiated { key: key.to_owned(), by: None, at: None });
        }
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
fn place_stand_ins(world: &mut World, known: &[ProxiedObject], now: Timestamp) {
    let (latest, versions): (Vec<_>, Vec<_>) = known.iter().partition(|known| known.name.version.is_none());
    for ProxiedObject { name, tags } in versions.into_iter().chain(latest) {
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

fn clear(world: &mut World, known: &[ProxiedObject]) {
    for ProxiedObject { name, .. } in known {
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
        meta: Map::new(),
        checksums: Checksums::default(),
        storage_class: None,
        encryption: Encryption { algorithm: String::new(), kms_key: None },
        copied: 0,
        parts: Vec::new(),
    }
}

/// Does what is about a bucket and not about its objects: the world has all of it. What has to be done elsewhere as well is
/// taken back until it is.
fn configure(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    if request.row.operation.is_answered_here {
        return crate::call(world, call, request).map(Remaining::Nothing);
    }
    let before = world.as_is(request.bucket());
    let was_there = bucket::known(world, request.bucket()).is_some_and(|bucket| !bucket.gone);
    crate::call(world, call, request)?;
    let after = Change::since(world, request.bucket(), was_there);
    before.make(world);
    Ok(Remaining::All(Some(after)))
}

/// Decides on a request that cannot be done. What it would do to its bucket is taken back.
pub(super) fn only_decide(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<(), Fault> {
    let Functions { here, elsewhere } = request.row.run;
    if let Some(decide) = elsewhere {
        return decide(world, call, request).map(drop);
    }
    let before = world.as_is(request.bucket());
    let made = here(world, call, request);
    before.make(world);
    made.map(drop)
}

/// The objects whose tags may count.
fn depending_on(request: &Request) -> impl Iterator<Item = ObjectName> {
    let needs_object = request.needs_object();
    // A condition on the entity tag reads the latest version that is there.
    let matched = |object: &ObjectIdentifier| object.etag.as_deref().is_some_and(|etag| etag != "*");
    let objects = request.objects().into_iter().filter(move |object| needs_object || matched(object));
    objects.map(move |ObjectIdentifier { key, version_id, .. }| ObjectName {
        bucket: request.bucket().to_owned(),
        key,
        version: version_id.filter(|_| needs_object),
    })
}

/// Refuses a request about an upload that is not under way for its key, as far as is known. An emulator
/// may know an upload by its id alone, and write the key that it was begun for.
fn check_upload(world: &World, request: &Request) -> Result<(), Fault> {
    let Some(id) = request.upload_id() else { return Ok(()) };
    let began = bucket::named(world, request.bucket())?.initiators.get(id);
    if began.is_some_and(|began| began.key == request.key()) { Ok(()) } else { Err(fault::no_such_upload(id)) }
}

/// An upload that was begun through here is known, and what it is for.
fn unknown_upload(world: &World, request: &Request) -> Option<Unknown> {
    let (bucket, key) = (request.bucket().to_owned(), request.key().to_owned());
    let id = request.upload_id().filter(|id| !id.is_empty())?.to_owned();
    let is_known = bucket::known(world, &bucket)?.initiators.contains_key(&id);
    (!is_known).then_some(Unknown::Upload { bucket, key, id })
}
