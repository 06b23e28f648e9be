//! CopyObject, and the source of UploadPartCopy.

use account::{Call, Fault, World};
use serde_json::{Map, Value, json};

use super::access::{self, LatestMarker, READ, READ_TAGS};
use super::bucket::{self, Bucket};
use super::condition::CopySourcePreconditions;
use super::kept;
use super::object::{Checksums, Draft, Object, Version, whole_second};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;
use super::target::Source;
use super::write::{self, Creation, Storing};
use super::{acl, condition, digest, fault, tags};

/// What a directive says to have the request's own in the place of the source's; COPY is what it says if it is not there.
const REPLACE: &str = "REPLACE";

pub(super) fn copy(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (storing, meta, preconditions) = (request.read::<Storing>()?, kept::meta(request)?, request.read()?);
    let source = Source::of(request)?;
    let replaces_meta = storing.metadata_directive.as_deref() == Some(REPLACE);
    let from = source.name();
    let copying = allow(world, call, request, &storing, (&source, &from), &preconditions)?;
    let Copying { bucket, version, object, creation, replaces_tags } = copying;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    acl::accept(bucket, creation.acl)?;
    if source.is(request.bucket(), request.key()) && !replaces_meta && changes_nothing(&storing) {
        return Err(fault::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the \
             object's metadata, storage class, website redirect location or encryption attributes.",
        ));
    }
    condition::write(bucket, request.key(), creation.if_match, creation.if_none_match)?;
    let tags = if replaces_tags { creation.tags } else { object.tags.clone() };
    let meta = if replaces_meta { meta } else { copied_meta(object, &storing) };
    let draft = Draft::new(request.key(), &storing, meta, tags)?;
    let copied = copied(draft, object);
    let mut answer = json!({
        "CopyObjectResult": result(&copied.etag, call, &copied.checksums),
        "CopySourceVersionId": bucket::named(world, &source.bucket)?.shown(version),
        "ServerSideEncryption": copied.encryption.algorithm,
    });
    let version_id = write::store(bucket::named_mut(world, request.bucket())?, call, request.key(), copied);
    answer["VersionId"] = json!(version_id);
    Ok(answer.into())
}

/// Whether the conditions on the source hold is found out where it is.
pub(super) fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    let (storing, source) = (request.read()?, Source::of(request)?);
    let from = source.name();
    let copying = allow(world, call, request, &storing, (&source, &from), &CopySourcePreconditions::default())?;
    acl::accept(copying.bucket, copying.creation.acl).map(|()| Remaining::All(None))
}

/// `CopyObjectResult` and `CopyPartResult`.
pub(super) fn result(etag: &str, call: &Call<'_>, checksums: &Checksums) -> Value {
    let mut result = checksums.0.clone();
    result.insert("ETag".to_owned(), etag.into());
    result.insert("LastModified".to_owned(), fault::iso(whole_second(call.now)).into());
    Value::Object(result)
}

/// A copy that the caller may make.
struct Copying<'a> {
    bucket: &'a Bucket,
    version: &'a Version,
    object: &'a Object,
    creation: Creation<'a>,
    replaces_tags: bool,
}

/// Authorises a copy, which takes finding its source. `from`: the source, and its name.
fn allow<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a Request,
    storing: &'a Storing,
    (source, from): (&'a Source, &'a str),
    preconditions: &CopySourcePreconditions,
) -> Result<Copying<'a>, Fault> {
    let replaces_tags = storing.tagging_directive.as_deref() == Some(REPLACE);
    // The tags that the request passes count only where they replace the source's.
    let passed = if replaces_tags { storing.tagging.as_deref() } else { None };
    let passed = tags::read_query(passed)?;
    let bucket = bucket::named(world, request.bucket())?;
    let (version, object) = source.open(world, call, request.expected_source_owner(), preconditions)?;
    let copies_tags = !replaces_tags && !object.tags.is_empty();
    if copies_tags {
        let action = READ_TAGS.on(source.version.as_deref());
        access::allow(world, call, source.target(), [action], |check| check)?;
    }
    let creation =
        Creation { copy_source: Some(from), makes_object: true, tags: passed, copies_tags, ..Creation::of(storing) };
    write::authorize(world, call, bucket, request.key(), &creation)?;
    Ok(Copying { bucket, version, object, creation, replaces_tags })
}

/// The source's metadata, but for the website redirect, which is not copied along.
fn copied_meta(source: &Object, storing: &Storing) -> Map<String, Value> {
    let mut meta = source.meta.clone();
    meta.remove("WebsiteRedirectLocation");
    if let Some(location) = &storing.website_redirect_location {
        meta.insert("WebsiteRedirectLocation".to_owned(), location.as_str().into());
    }
    meta
}

/// The copy: one piece, whatever the source was uploaded in.
fn copied(draft: Draft, source: &Object) -> Object {
    let etag = if source.parts.is_empty() { source.etag.clone() } else { format!("\"{}\"", digest::hex(&source.body)) };
    // A checksum of checksums does not hold for a single piece.
    let is_of_whole = source.checksums.kind() == Some("FULL_OBJECT");
    let checksums = if is_of_whole { source.checksums.clone() } else { Checksums::default() };
    let object = draft.finish(source.body.clone(), etag, checksums, Vec::new());
    Object { copied: source.copied, ..object }
}

fn changes_nothing(storing: &Storing) -> bool {
    storing.storage_class.is_none()
        && storing.server_side_encryption.is_none()
        && storing.sse_kms_key_id.is_none()
        && storing.website_redirect_location.is_none()
}

impl Source {
    /// The source that a request must name.
    pub(super) fn of(request: &Request) -> Result<Self, Fault> {
        request.source()?.map_or_else(|| Self::read(""), Ok)
    }

    /// Finds the object to copy, for a caller who may read it and under the request's conditions.
    pub(super) fn open<'w>(
        &'w self,
        world: &'w World,
        call: &mut Call<'_>,
        expected_owner: Option<&str>,
        preconditions: &CopySourcePreconditions,
    ) -> Result<(&'w Version, &'w Object), Fault> {
        bucket::named(world, &self.bucket)?.check_owner(expected_owner)?;
        let action = READ.on(self.version.as_deref());
        let allowed = access::allow(world, call, self.target(), [action], |check| check);
        let reached = allowed.and_then(|allowed| allowed.reach(world, call, LatestMarker::Missing));
        let (_, version, object) = reached.map_err(|fault| match fault.code.as_ref() {
            "MethodNotAllowed" => fault::invalid_request(
                "The source of a copy request may not specifically refer to a delete marker by version id.",
            ),
            _ => fault,
        })?;
        condition::source(preconditions, version, object, call.now)?;
        Ok((version, object))
    }
}
