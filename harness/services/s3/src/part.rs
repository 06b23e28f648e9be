//! UploadPart and UploadPartCopy.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html

use account::{Call, Fault, World};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::bucket::{self, Bucket, Buckets};
use super::condition::CopySourcePreconditions;
use super::copy::result;
use super::object::{Checksums, Object, Version, whole_second};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::target::Source;
use super::upload::{Upload, UploadedPart};
use super::write::{self, Creation, Md5};
use super::{digest, fault};

/// The MiB that copied parts may have all together, in objects and in uploads under way. Tests have not so much time.
pub(super) const COPIED: usize = if cfg!(test) { 32 } else { 512 };

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PartOfUpload {
    part_number: Option<i64>,
    copy_source_range: Option<String>,
}

pub(super) fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    write::authorize(world, call, bucket, request.key(), &Creation::default()).map(|()| Remaining::All(None))
}

pub(super) fn put(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (part, Md5 { content_md5 }) = (request.read::<PartOfUpload>()?, request.read()?);
    let checksums = Checksums::of(request)?;
    decide(world, call, request)?;
    let number = part.number()?;
    let upload = upload_mut(world, request)?;
    let md5 = digest::md5(&request.body);
    digest::check(content_md5.as_deref(), &md5)?;
    let part =
        UploadedPart { body: request.body.clone(), is_copy: false, md5, modified: whole_second(call.now), checksums };
    let mut answer = part.told();
    answer["ServerSideEncryption"] = json!(upload.draft.encryption.algorithm);
    upload.parts.insert(number, part);
    Ok(answer.into())
}

/// Authorises copying into a part, which takes finding the source.
fn allow_copy<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &Request,
    source: &'a Source,
    preconditions: &CopySourcePreconditions,
) -> Result<(&'a Version, &'a Object), Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let found = source.open(world, call, request.expected_source_owner(), preconditions)?;
    let from = source.name();
    let creation = Creation { copy_source: Some(&from), ..Creation::default() };
    write::authorize(world, call, bucket, request.key(), &creation)?;
    Ok(found)
}

/// Whether the conditions on the source hold is found out where it is.
pub(super) fn decide_copy(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let source = Source::of(request)?;
    allow_copy(world, call, request, &source, &CopySourcePreconditions::default()).map(|_| Remaining::All(None))
}

pub(super) fn copy(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (part, preconditions) = (request.read::<PartOfUpload>()?, request.read()?);
    let source = Source::of(request)?;
    let (version, object) = allow_copy(world, call, request, &source, &preconditions)?;
    let number = part.number()?;
    let body = copied_range(&object.body, part.copy_source_range.as_deref())?;
    check_room(world, body.len())?;
    let copy_source_version_id = bucket::named(world, &source.bucket)?.shown(version);
    let upload = upload_mut(world, request)?;
    let (md5, modified) = (digest::md5(&body), whole_second(call.now));
    let part = UploadedPart { body, is_copy: true, md5, modified, checksums: Checksums::default() };
    let answer = json!({
        "CopyPartResult": result(&part.etag(), call, &part.checksums),
        "CopySourceVersionId": copy_source_version_id,
        "ServerSideEncryption": upload.draft.encryption.algorithm,
    });
    upload.parts.insert(number, part);
    Ok(answer.into())
}

fn upload_mut<'a>(world: &'a mut World, request: &Request) -> Result<&'a mut Upload, Fault> {
    let id = request.upload_id().unwrap_or_default();
    let upload = bucket::named_mut(world, request.bucket())?.uploads.get_mut(id);
    upload.filter(|upload| upload.key == request.key()).ok_or_else(|| fault::no_such_upload(id))
}

impl PartOfUpload {
    fn number(&self) -> Result<u32, Fault> {
        let given = self.part_number.unwrap_or_default();
        u32::try_from(given).ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
            let message = "Part number must be an integer between 1 and 10000, inclusive";
            fault::invalid_argument("partNumber", given.to_string(), message)
        })
    }
}

/// A copied part shares its bytes, but the object that it becomes a part of has its own. What is made of little that was
/// sent must have an end.
fn check_room(world: &World, length: usize) -> Result<(), Fault> {
    let copied: usize = world.state::<Buckets>()?.by_name.values().map(Bucket::copied).sum();
    if copied + length <= COPIED * 1024 * 1024 {
        return Ok(());
    }
    Err(Fault::new(501, "NotImplemented", format!("More than {COPIED} MiB of copied parts is not emulated here")))
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
