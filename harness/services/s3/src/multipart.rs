//! Uploads in parts.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

use std::collections::BTreeMap;

use account::{Call, Fault, Identity, World, ids};
use bytes::{Bytes, BytesMut};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, Bucket, Initiated};
use super::change::Change;
use super::kept;
use super::object::{Checksums, Draft, Object, whole_second};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::upload::{Upload, UploadedPart};
use super::write::{self, Storing};
use super::{acl, condition, digest, fault};

/// Every part but the last has at least this many bytes.
const SMALLEST: usize = 5 * 1024 * 1024;

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Create {
    checksum_algorithm: Option<String>,
    checksum_type: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Complete {
    multipart_upload: CompletedMultipartUpload,
}

/// The parts of an upload, in the order they make the object.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CompletedMultipartUpload {
    parts: Vec<CompletedPart>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CompletedPart {
    #[serde(rename = "ETag")]
    etag: String,
    part_number: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ListParts {
    max_parts: Option<i64>,
    part_number_marker: Option<i64>,
}

pub(super) fn decide_create(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let storing = request.read()?;
    let (bucket, creation) = write::allow(world, call, request, &storing, false)?;
    acl::accept(bucket, creation.acl).map(|()| Remaining::Upload)
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
pub(super) fn create(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (storing, Create { checksum_algorithm, checksum_type }) = (request.read::<Storing>()?, request.read()?);
    let meta = kept::meta(request)?;
    let (bucket, creation) = write::allow(world, call, request, &storing, false)?;
    acl::accept(bucket, creation.acl)?;
    let draft = Draft::new(request.key(), &storing, meta, creation.tags)?;
    let upload_id = ids::hex32(call.ids);
    let answer = json!({
        "Bucket": request.bucket(),
        "Key": request.key(),
        "UploadId": upload_id,
        "ServerSideEncryption": draft.encryption.algorithm,
        "ChecksumAlgorithm": checksum_algorithm,
        "ChecksumType": checksum_type,
    });
    let upload = Upload {
        key: request.key().to_owned(),
        initiated: whole_second(call.now),
        initiator: initiator(call),
        draft,
        parts: BTreeMap::new(),
    };
    bucket::named_mut(world, request.bucket())?.uploads.insert(upload_id.clone(), upload);
    began(world, call, request.bucket(), request.key(), &upload_id);
    Ok(answer.into())
}

pub(super) fn decide_complete(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    write::allow(world, call, request, &request.read()?, true).map(|_| ended_by(request))
}

pub(super) fn complete(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (storing, Complete { multipart_upload }) = (request.read()?, request.read()?);
    let checksums = Checksums::of(request)?;
    let (bucket, creation) = write::allow(world, call, request, &storing, true)?;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    let upload = upload(bucket, request)?;
    let parts = chosen(upload, request.upload_id().unwrap_or_default(), &multipart_upload.parts)?;
    condition::write(bucket, request.key(), creation.if_match, creation.if_none_match)?;
    let sizes = parts.iter().map(|part| part.body.len()).collect();
    let copied = parts.iter().map(|part| part.copied()).sum();
    let object = upload.draft.clone().finish(joined(&parts), etag(&parts), checksums, sizes);
    let object = Object { copied, ..object };
    let mut answer = json!({
        "Location": format!(
            "https://{}.s3.{}.amazonaws.com/{}", bucket.name, bucket.region, super::page::url(request.key())
        ),
        "Bucket": request.bucket(),
        "Key": request.key(),
        "ETag": object.etag,
        "ServerSideEncryption": object.encryption.algorithm,
    });
    object.checksums.0.iter().for_each(|(name, sum)| answer[name] = sum.clone());
    ended(world, request);
    let version_id = write::store(bucket::named_mut(world, request.bucket())?, call, request.key(), object);
    answer["VersionId"] = json!(version_id);
    Ok(answer.into())
}

pub(super) fn decide_abort(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let mut check = access::on_object(world, call, bucket, request.action(), request.key());
    let began = by(bucket, request);
    if began.is_some_and(|began| began.is(world, &call.identity) || began.is_user_of(&call.identity)) {
        check = check.by_default(&policy::facts::INITIATOR_STOPS_UPLOAD);
    }
    world.authorize(call, check).map(|()| ended_by(request))
}

pub(super) fn abort(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    decide_abort(world, call, request)?;
    upload(bucket::named(world, request.bucket())?, request)?;
    ended(world, request);
    Ok(Reply::default())
}

pub(super) fn decide_list_parts(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let mut check = access::on_object(world, call, bucket, request.action(), request.key());
    if by(bucket, request).is_some_and(|began| began.is(world, &call.identity)) {
        check = check.by_default(&policy::facts::INITIATOR_LISTS_PARTS);
    }
    world.authorize(call, check).map(|()| Remaining::All(None))
}

pub(super) fn list_parts(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let given: ListParts = request.read()?;
    decide_list_parts(world, call, request)?;
    let bucket = bucket::named(world, request.bucket())?;
    let upload = upload(bucket, request)?;
    let max_parts = super::page::most(given.max_parts, "max-parts")?;
    let marker = u32::try_from(given.part_number_marker.unwrap_or(0)).unwrap_or(u32::MAX);
    let after = || upload.parts.iter().filter(|&(&number, _)| number > marker);
    let listed = || after().take(max_parts);
    let answer = json!({
        "Bucket": request.bucket(),
        "Key": request.key(),
        "UploadId": request.upload_id(),
        "PartNumberMarker": marker,
        // 0 where nothing is listed.
        "NextPartNumberMarker": listed().last().map_or(0, |(&number, _)| number),
        "MaxParts": max_parts,
        "IsTruncated": after().count() > max_parts,
        "Parts": listed().map(|(&number, part)| part.listed(number)).collect::<Value>(),
        "Initiator": upload.initiator,
        "Owner": { "ID": bucket.canonical_owner() },
        "StorageClass": upload.storage_class(),
    });
    Ok(answer.into())
}

fn upload<'a>(bucket: &'a Bucket, request: &Request) -> Result<&'a Upload, Fault> {
    let id = request.upload_id().unwrap_or_default();
    bucket.uploads.get(id).filter(|upload| upload.key == request.key()).ok_or_else(|| fault::no_such_upload(id))
}

/// The parts that the request lists, if it lists them rightly.
fn chosen<'a>(upload: &'a Upload, id: &str, listed: &[CompletedPart]) -> Result<Vec<&'a UploadedPart>, Fault> {
    if listed.is_empty() {
        return Err(fault::invalid_request("You must specify at least one part"));
    }
    if !listed.is_sorted_by(|one, next| one.part_number < next.part_number) {
        let message = "The list of parts was not in ascending order. Parts must be ordered by part number.";
        return Err(Fault::new(400, "InvalidPartOrder", message).with("UploadId", id));
    }
    let mut parts = Vec::with_capacity(listed.len());
    for (at, part) in listed.iter().enumerate() {
        let number = part.part_number.unwrap_or_default();
        let etag = part.etag.trim_matches('"');
        let found = u32::try_from(number).ok().and_then(|number| upload.parts.get(&number));
        let Some(found) = found.filter(|found| found.etag().trim_matches('"') == etag) else {
            let message = "One or more of the specified parts could not be found.  The part may not have been \
                           uploaded, or the specified entity tag may not match the part's entity tag.";
            return Err(Fault::new(400, "InvalidPart", message)
                .with("UploadId", id)
                .with("PartNumber", number.to_string())
                .with("ETag", etag));
        };
        if found.body.len() < SMALLEST && at + 1 < listed.len() {
            let message = "Your proposed upload is smaller than the minimum allowed size";
            return Err(Fault::new(400, "EntityTooSmall", message)
                .with("ProposedSize", found.body.len().to_string())
                .with("MinSizeAllowed", SMALLEST.to_string())
                .with("PartNumber", number.to_string())
                .with("ETag", etag));
        }
        parts.push(found);
    }
    Ok(parts)
}

/// The entity tag of an object in parts: the MD5 of the parts' MD5s, and how many they are.
fn etag(parts: &[&UploadedPart]) -> String {
    let digests: Vec<u8> = parts.iter().flat_map(|part| part.md5).collect();
    format!("\"{}-{}\"", digest::hex(&digests), parts.len())
}

fn joined(parts: &[&UploadedPart]) -> Bytes {
    if let [part] = parts {
        return part.body.clone();
    }
    let mut body = BytesMut::with_capacity(parts.iter().map(|part| part.body.len()).sum());
    parts.iter().for_each(|part| body.extend_from_slice(&part.body));
    body.freeze()
}

fn initiator(call: &Call<'_>) -> Value {
    let account = call.identity.account().unwrap_or_default();
    let id = match call.identity.session() {
        Some(session) => session.arn.clone(),
        None => bucket::canonical(account),
    };
    json!({ "ID": id, "DisplayName": account })
}

/// Who began an upload for a key, if that is known.
fn by<'a>(bucket: &'a Bucket, request: &Request) -> Option<&'a bucket::Initiator> {
    bucket.initiators.get(request.upload_id()?).filter(|began| began.key == request.key())?.by.as_ref()
}

/// How long an upload waits for its next part.
const ABANDONED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How often abandoned uploads are looked for: looking at all costs too much for every upload that begins.
const LOOKED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// Keeps in mind which key an upload is for, and who has begun it: they may stop it, and list its parts.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
pub(super) fn began(world: &mut World, call: &Call<'_>, bucket: &str, key: &str, upload_id: &str) {
    let account = call.identity.account().unwrap_or_default().to_owned();
    let caller = world.caller_identity(&call.identity).ok();
    let by = caller.map(|caller| bucket::Initiator { account, user_id: caller.user_id });
    if let Ok(bucket) = bucket::named_mut(world, bucket) {
        drop_abandoned(bucket, call.now);
        bucket.initiators.insert(upload_id.to_owned(), Initiated { key: key.to_owned(), by, at: Some(call.now) });
    }
}

/// Drops uploads that nobody has added to for a week. AWS keeps them unless a lifecycle rule says so.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
fn drop_abandoned(bucket: &mut Bucket, now: Timestamp) {
    if now.duration_since(bucket.abandoned_dropped) < LOOKED_FOR {
        return;
    }
    bucket.abandoned_dropped = now;
    let is_recent = |touched: Timestamp| now.duration_since(touched) < ABANDONED;
    bucket.uploads.retain(|_, upload| is_recent(upload.touched()));
    let uploads = &bucket.uploads;
    bucket.initiators.retain(|id, began| uploads.contains_key(id) || began.at.is_some_and(is_recent));
}

/// Forgets an upload that has been completed or stopped.
fn ended(world: &mut World, request: &Request) {
    if let Ok(bucket) = bucket::named_mut(world, request.bucket()) {
        bucket.uploads.shift_remove(request.upload_id().unwrap_or_default());
        bucket.initiators.remove(request.upload_id().unwrap_or_default());
    }
}

/// The upload is over once this is done.
fn ended_by(request: &Request) -> Remaining {
    let id = request.upload_id().unwrap_or_default().to_owned();
    Remaining::All(Some(Change::UploadEnded { bucket: request.bucket().to_owned(), id }))
}

impl bucket::Initiator {
    fn is(&self, world: &World, identity: &Identity) -> bool {
        world.caller_identity(identity).is_ok_and(|caller| caller.user_id == self.user_id)
    }

    /// "If the initiator is an IAM user, that user's AWS account is also allowed to stop that multipart upload."
    fn is_user_of(&self, identity: &Identity) -> bool {
        let is_user = self.user_id.starts_with("AIDA");
        is_user && matches!(identity, Identity::Root { account } if *account == self.account)
    }
}
