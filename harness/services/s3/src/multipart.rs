//! Uploads in parts.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

use std::collections::BTreeMap;

use account::{Call, Fault, Identity, World, ids};
use bytes::{Bytes, BytesMut};
use jiff::Timestamp;

use super::access;
use super::bucket::{self, Bucket, Initiated};
use super::copy::Source;
use super::object::{Object, Version, whole_second};
use super::reply::{self, CopyResult, Initiator, Reply};
use super::request::{self, Checksums, CompletedPart};
use super::write::{self, Creation, Draft};
use super::{acl, condition, digest, fault, tags};

/// An upload that is under way.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) initiated: Timestamp,
    pub(super) initiator: Initiator,
    pub(super) draft: Draft,
    pub(super) parts: BTreeMap<u32, UploadedPart>,
}

/// A part that is there.
#[derive(Clone, Debug)]
pub(super) struct UploadedPart {
    pub(super) body: Bytes,
    pub(super) md5: [u8; 16],
    pub(super) modified: Timestamp,
    pub(super) checksums: Checksums,
}

/// Every part but the last has at least this many bytes.
const SMALLEST: usize = 5 * 1024 * 1024;

pub(super) fn allow_create<'w, 'r>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &'r request::CreateMultipartUpload,
) -> Result<(&'w Bucket, Creation<'r>), Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let creation =
        Creation { tags: tags::read_query(request.storing.tagging.as_deref())?, ..Creation::of(&request.storing) };
    write::authorize(world, call, bucket, &request.key, &creation)?;
    Ok((bucket, creation))
}

pub(super) fn allow_part(world: &World, call: &mut Call<'_>, request: &request::UploadPart) -> Result<(), Fault> {
    write::authorize(world, call, bucket::named(world, &request.bucket)?, &request.key, &Creation::default())
}

/// Authorises copying into a part, which takes finding the source.
pub(super) fn allow_part_copy<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::UploadPartCopy,
    source: &'a Source,
) -> Result<(&'a Version, &'a Object), Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let expected = request.expected_source_bucket_owner.as_deref();
    let found = source.open(world, call, expected, &request.source_preconditions)?;
    let from = source.name();
    let creation = Creation { copy_source: Some(&from), ..Creation::default() };
    write::authorize(world, call, bucket, &request.key, &creation)?;
    Ok(found)
}

pub(super) fn allow_complete<'w, 'r>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &'r request::CompleteMultipartUpload,
) -> Result<(&'w Bucket, Creation<'r>), Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let creation = Creation {
        if_match: request.if_match.as_deref(),
        if_none_match: request.if_none_match.as_deref(),
        makes_object: true,
        ..Creation::default()
    };
    write::authorize(world, call, bucket, &request.key, &creation)?;
    Ok((bucket, creation))
}

pub(super) fn allow_abort(
    world: &World,
    call: &mut Call<'_>,
    request: &request::AbortMultipartUpload,
) -> Result<(), Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let mut check = access::on_object(world, call, bucket, "s3:AbortMultipartUpload", &request.key);
    let began = by(bucket, &request.key, &request.upload_id);
    if began.is_some_and(|began| began.is(world, &call.identity) || began.is_user_of(&call.identity)) {
        check = check.by_default(&policy::facts::INITIATOR_STOPS_UPLOAD);
    }
    world.authorize(call, check)
}

pub(super) fn allow_list_parts<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::ListParts,
) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, &request.bucket)?;
    let mut check = access::on_object(world, call, bucket, "s3:ListMultipartUploadParts", &request.key);
    if by(bucket, &request.key, &request.upload_id).is_some_and(|began| began.is(world, &call.identity)) {
        check = check.by_default(&policy::facts::INITIATOR_LISTS_PARTS);
    }
    world.authorize(call, check)?;
    Ok(bucket)
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
pub(super) fn create(
    world: &mut World,
    call: &mut Call<'_>,
    request: request::CreateMultipartUpload,
) -> Result<Reply, Fault> {
    let (bucket, creation) = allow_create(world, call, &request)?;
    acl::accept(bucket, creation.acl)?;
    let draft = Draft::new(&request.key, &request.storing, creation.tags)?;
    let server_side_encryption = Some(draft.encryption.algorithm.clone());
    let upload = Upload {
        key: request.key.clone(),
        initiated: whole_second(call.now),
        initiator: initiator(call),
        draft,
        parts: BTreeMap::new(),
    };
    let upload_id = ids::hex32(call.ids);
    bucket::named_mut(world, &request.bucket)?.uploads.insert(upload_id.clone(), upload);
    began(world, call, &request.bucket, &request.key, &upload_id);
    Ok(Reply::CreateMultipartUpload(reply::CreateMultipartUpload {
        bucket: request.bucket,
        key: request.key,
        upload_id,
        server_side_encryption,
        checksum_algorithm: request.checksum_algorithm,
        checksum_type: request.checksum_type,
    }))
}

pub(super) fn upload_part(
    world: &mut World,
    call: &mut Call<'_>,
    request: request::UploadPart,
) -> Result<Reply, Fault> {
    allow_part(world, call, &request)?;
    let number = part_number(request.part_number)?;
    let upload = upload_mut(bucket::named_mut(world, &request.bucket)?, &request.key, &request.upload_id)?;
    let md5 = digest::md5(&request.body);
    digest::check(request.content_md5.as_deref(), &md5)?;
    let part = UploadedPart {
        body: request.body,
        md5,
        modified: whole_second(call.now),
        checksums: request.checksums.clone(),
    };
    let etag = part.etag();
    upload.parts.insert(number, part);
    Ok(Reply::UploadPart(reply::UploadPart {
        etag,
        server_side_encryption: Some(upload.draft.encryption.algorithm.clone()),
        checksums: request.checksums,
    }))
}

pub(super) fn upload_part_copy(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::UploadPartCopy,
) -> Result<Reply, Fault> {
    let source = Source::read(&request.copy_source)?;
    let (version, object) = allow_part_copy(world, call, request, &source)?;
    let number = part_number(request.part_number)?;
    let body = copied_range(&object.body, request.copy_source_range.as_deref())?;
    let copy_source_version_id = bucket::named(world, &source.bucket)?.shown(version);
    let upload = upload_mut(bucket::named_mut(world, &request.bucket)?, &request.key, &request.upload_id)?;
    let modified = whole_second(call.now);
    let part = UploadedPart { md5: digest::md5(&body), body, modified, checksums: Checksums::default() };
    let etag = part.etag();
    upload.parts.insert(number, part);
    Ok(Reply::UploadPartCopy(reply::UploadPartCopy {
        copy_part_result: CopyResult { etag, last_modified: modified, checksums: Checksums::default() },
        copy_source_version_id,
        server_side_encryption: Some(upload.draft.encryption.algorithm.clone()),
    }))
}

pub(super) fn complete(
    world: &mut World,
    call: &mut Call<'_>,
    request: request::CompleteMultipartUpload,
) -> Result<Reply, Fault> {
    let (bucket, creation) = allow_complete(world, call, &request)?;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    let upload = upload(bucket, &request.key, &request.upload_id)?;
    let parts = chosen(upload, &request.upload_id, &request.multipart_upload.parts)?;
    condition::write(bucket, &request.key, creation.if_match, creation.if_none_match)?;
    let sizes = parts.iter().map(|part| part.body.len()).collect();
    let object = upload.draft.clone().finish(joined(&parts), etag(&parts), request.checksums, sizes);
    let (etag, checksums) = (object.etag.clone(), object.checksums.clone());
    let server_side_encryption = Some(object.encryption.algorithm.clone());
    let location =
        format!("https://{}.s3.{}.amazonaws.com/{}", bucket.name, bucket.region, super::page::url(&request.key));
    let bucket = bucket::named_mut(world, &request.bucket)?;
    bucket.uploads.shift_remove(&request.upload_id);
    bucket.initiators.remove(&request.upload_id);
    let version_id = write::store(bucket, call, request.key.clone(), object);
    Ok(Reply::CompleteMultipartUpload(reply::CompleteMultipartUpload {
        location,
        bucket: request.bucket,
        key: request.key,
        etag,
        version_id,
        server_side_encryption,
        checksums,
    }))
}

pub(super) fn abort(
    world: &mut World,
    call: &mut Call<'_>,
    request: &request::AbortMultipartUpload,
) -> Result<Reply, Fault> {
    allow_abort(world, call, request)?;
    upload(bucket::named(world, &request.bucket)?, &request.key, &request.upload_id)?;
    bucket::named_mut(world, &request.bucket)?.uploads.shift_remove(&request.upload_id);
    ended(world, &request.bucket, &request.upload_id);
    Ok(Reply::Empty {})
}

pub(super) fn list_parts(world: &World, call: &mut Call<'_>, request: &request::ListParts) -> Result<Reply, Fault> {
    let bucket = allow_list_parts(world, call, request)?;
    let upload = upload(bucket, &request.key, &request.upload_id)?;
    let max_parts = super::page::most(request.max_parts, "max-parts")?;
    let marker = u32::try_from(request.part_number_marker.unwrap_or(0)).unwrap_or(u32::MAX);
    let after = || upload.parts.iter().filter(|&(&number, _)| number > marker);
    let parts: Vec<_> = after().take(max_parts).map(|(&number, part)| part.listed(number)).collect();
    Ok(Reply::ListParts(reply::ListParts {
        bucket: request.bucket.clone(),
        key: request.key.clone(),
        upload_id: request.upload_id.clone(),
        part_number_marker: marker,
        next_part_number_marker: parts.last().map_or(0, |part| part.part_number),
        max_parts,
        is_truncated: after().count() > parts.len(),
        parts,
        initiator: upload.initiator.clone(),
        owner: bucket.canonical_owner(),
        storage_class: upload.storage_class().to_owned(),
    }))
}

fn upload<'a>(bucket: &'a Bucket, key: &str, id: &str) -> Result<&'a Upload, Fault> {
    bucket.uploads.get(id).filter(|upload| upload.key == key).ok_or_else(|| fault::no_such_upload(id))
}

fn upload_mut<'a>(bucket: &'a mut Bucket, key: &str, id: &str) -> Result<&'a mut Upload, Fault> {
    bucket.uploads.get_mut(id).filter(|upload| upload.key == key).ok_or_else(|| fault::no_such_upload(id))
}

fn part_number(number: Option<i64>) -> Result<u32, Fault> {
    let given = number.unwrap_or_default();
    u32::try_from(given).ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        fault::invalid_argument("partNumber", given.to_string(), message)
    })
}

/// The bytes that `bytes=first-last` names: unlike in a read, both are needed and lie within the object.
fn copied_range(body: &Bytes, range: Option<&str>) -> Result<Bytes, Fault> {
    let Some(range) = range else { return Ok(body.clone()) };
    let refuse = |message: String| Err(fault::invalid_argument("x-amz-copy-source-range", range, message));
    let ends = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let ends = ends.and_then(|(first, last)| Some((first.parse::<usize>().ok()?, last.parse::<usize>().ok()?)));
    match ends {
        Some((first, last)) if first <= last && last < body.len() => Ok(body.slice(first..=last)),
        Some((first, last)) if first <= last => {
            refuse(format!("Range specified is not valid for source object of size: {}", body.len()))
        }
        _ => refuse(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the \
             zero-based offsets of the first and last bytes to copy"
                .to_owned(),
        ),
    }
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

fn initiator(call: &Call<'_>) -> Initiator {
    let account = call.identity.account().unwrap_or_default();
    let id = match call.identity.session() {
        Some(session) => session.arn.clone(),
        None => super::bucket::canonical(account).id,
    };
    Initiator { display_name: account.to_owned(), id }
}

/// Who began an upload for a key, if that is known.
fn by<'a>(bucket: &'a Bucket, key: &str, id: &str) -> Option<&'a bucket::Initiator> {
    bucket.initiators.get(id).filter(|began| began.key == key)?.by.as_ref()
}

/// Keeps in mind which key an upload is for, and who has begun it: they may stop it, and list its parts.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
pub(super) fn began(world: &mut World, call: &Call<'_>, bucket: &str, key: &str, upload_id: &str) {
    let account = call.identity.account().unwrap_or_default().to_owned();
    let caller = world.caller_identity(&call.identity).ok();
    let by = caller.map(|caller| bucket::Initiator { account, user_id: caller.user_id });
    if let Ok(bucket) = bucket::named_mut(world, bucket) {
        bucket.initiators.insert(upload_id.to_owned(), Initiated { key: key.to_owned(), by });
    }
}

/// Forgets an upload that has been completed or stopped.
pub(super) fn ended(world: &mut World, bucket: &str, upload_id: &str) {
    if let Ok(bucket) = bucket::named_mut(world, bucket) {
        bucket.initiators.remove(upload_id);
    }
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

impl Upload {
    pub(super) fn storage_class(&self) -> &str {
        self.draft.storage_class.as_deref().unwrap_or("STANDARD")
    }
}

impl UploadedPart {
    fn etag(&self) -> String {
        format!("\"{}\"", digest::hex_of(&self.md5))
    }

    fn listed(&self, part_number: u32) -> reply::Part {
        reply::Part {
            part_number,
            last_modified: self.modified,
            etag: self.etag(),
            size: self.body.len() as u64,
            checksums: self.checksums.clone(),
        }
    }
}
