//! CopyObject, and the source of UploadPartCopy.

use account::{Call, Fault, Tags, World};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::access::{self, Actions, LatestMarker, Operation, Target};
use super::bucket::{self, Bucket};
use super::object::{Object, Version};
use super::reply::{self, CopyResult, Reply};
use super::request::{self, CopySourcePreconditions, Storing};
use super::write::{self, Creation, Draft};
use super::{acl, condition, digest, dispatch, fault, tags};

/// Reading the source of a copy is authorised as GetObject.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
const SOURCE: Operation = Operation {
    actions: &[Actions::new("s3:GetObject", "s3:GetObjectVersion")],
    method: "GET",
    latest_marker: LatestMarker::Missing,
};

/// Copying the source's tags reads them.
const SOURCE_TAGS: Operation =
    Operation { actions: &[Actions::new("s3:GetObjectTagging", "s3:GetObjectVersionTagging")], ..SOURCE };

/// All but slashes and what RFC 3986 calls unreserved.
const RESERVED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The source of a copy, taken apart.
pub(super) struct Source {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) version: Option<String>,
}

pub(super) fn copy(world: &mut World, call: &mut Call<'_>, request: request::CopyObject) -> Result<Reply, Fault> {
    let source = Source::read(&request.copy_source)?;
    let replaces_meta = directive(request.metadata_directive.as_deref(), "x-amz-metadata-directive")?;
    let from = source.name();
    let Copying { bucket, version, object, creation, replaces_tags } = allow(world, call, &request, &source, &from)?;
    condition::write_is_possible(creation.if_match, creation.if_none_match)?;
    acl::accept(bucket, creation.acl)?;
    if source.is(&request.bucket, &request.key) && !replaces_meta && changes_nothing(&request.storing) {
        return Err(fault::invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the \
             object's metadata, storage class, website redirect location or encryption attributes.",
        ));
    }
    condition::write(bucket, &request.key, creation.if_match, creation.if_none_match)?;
    let tags = if replaces_tags { creation.tags } else { object.tags.clone() };
    let copied = copied(&request.key, object, &request.storing, replaces_meta, tags)?;
    let copy_source_version_id = bucket::named(world, &source.bucket)?.shown(version);
    let (etag, checksums) = (copied.etag.clone(), copied.checksums.clone());
    let server_side_encryption = Some(copied.encryption.algorithm.clone());
    let version_id = write::store(bucket::named_mut(world, &request.bucket)?, call, request.key, copied);
    Ok(Reply::CopyObject(reply::CopyObject {
        copy_object_result: CopyResult { etag, last_modified: super::object::whole_second(call.now), checksums },
        copy_source_version_id,
        version_id,
        server_side_encryption,
    }))
}

/// A copy that the caller may make.
pub(super) struct Copying<'a> {
    pub(super) bucket: &'a Bucket,
    version: &'a Version,
    object: &'a Object,
    pub(super) creation: Creation<'a>,
    replaces_tags: bool,
}

/// Authorises a copy, which takes finding its source. `from`: the source's name.
pub(super) fn allow<'a>(
    world: &'a World,
    call: &mut Call<'_>,
    request: &'a request::CopyObject,
    source: &'a Source,
    from: &'a str,
) -> Result<Copying<'a>, Fault> {
    let replaces_tags = directive(request.tagging_directive.as_deref(), "x-amz-tagging-directive")?;
    // The tags that the request passes count only where they replace the source's.
    let passed = if replaces_tags { request.storing.tagging.as_deref() } else { None };
    let passed = tags::read_query(passed)?;
    let bucket = bucket::named(world, &request.bucket)?;
    let expected = request.expected_source_bucket_owner.as_deref();
    let (version, object) = source.open(world, call, expected, &request.source_preconditions)?;
    let copies_tags = !replaces_tags && !object.tags.is_empty();
    if copies_tags {
        access::allow(world, call, source.target(), &SOURCE_TAGS, |check| check)?;
    }
    let creation = Creation {
        if_match: request.if_match.as_deref(),
        if_none_match: request.if_none_match.as_deref(),
        copy_source: Some(from),
        metadata_directive: request.metadata_directive.as_deref(),
        makes_object: true,
        tags: passed,
        copies_tags,
        ..Creation::of(&request.storing)
    };
    write::authorize(world, call, bucket, &request.key, &creation)?;
    Ok(Copying { bucket, version, object, creation, replaces_tags })
}

/// The copy: one piece, whatever the source was uploaded in; tags and metadata as the directives say; storage class and
/// encryption as for a new object.
fn copied(key: &str, source: &Object, storing: &Storing, replaces_meta: bool, tags: Tags) -> Result<Object, Fault> {
    let mut draft = Draft::new(key, storing, tags)?;
    if !replaces_meta {
        // The website redirect is not copied along.
        draft.meta = request::Meta {
            website_redirect_location: storing.meta.website_redirect_location.clone(),
            ..source.meta.clone()
        };
    }
    let etag = if source.parts.is_empty() { source.etag.clone() } else { format!("\"{}\"", digest::hex(&source.body)) };
    // A checksum of checksums does not hold for a single piece.
    let whole = source.checksums.kind.as_deref() == Some("FULL_OBJECT");
    let checksums = if whole { source.checksums.clone() } else { request::Checksums::default() };
    Ok(draft.finish(source.body.clone(), etag, checksums, Vec::new()))
}

fn changes_nothing(storing: &Storing) -> bool {
    storing.storage_class.is_none()
        && storing.server_side_encryption.is_none()
        && storing.sse_kms_key_id.is_none()
        && storing.meta.website_redirect_location.is_none()
}

/// Whether a directive says REPLACE; COPY is what it says when it is not there.
fn directive(value: Option<&str>, name: &str) -> Result<bool, Fault> {
    match value {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(other) => Err(fault::invalid_argument(name, other, format!("Unknown {} directive.", noun(name)))),
    }
}

fn noun(name: &str) -> &'static str {
    if name.contains("tagging") { "tagging" } else { "metadata" }
}

impl Source {
    /// Reads `bucket/key`, with or without a slash before it and `?versionId=…` behind it, percent-encoded.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let wrong = || {
            let message = "Invalid copy source object key";
            fault::invalid_argument("x-amz-copy-source", "x-amz-copy-source", message)
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let (path, version) = match text.rsplit_once("?versionId=") {
            Some((path, version)) => (path, Some(version.to_owned())),
            None => (text, None),
        };
        let path = decode(path).ok_or_else(wrong)?;
        let (bucket, key) = path.strip_prefix('/').unwrap_or(&path).split_once('/').ok_or_else(wrong)?;
        if bucket.is_empty() || key.is_empty() {
            return Err(wrong());
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned(), version })
    }

    /// As the header has it: "The value must be URL-encoded."
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    pub(super) fn encoded(&self) -> String {
        let path = format!("{}/{}", self.bucket, utf8_percent_encode(&self.key, RESERVED_IN_PATH));
        match &self.version {
            Some(version) => format!("{path}?versionId={version}"),
            None => path,
        }
    }

    /// `bucket/key`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target { bucket: &self.bucket, key: &self.key, version: self.version.as_deref() }
    }

    /// Finds the object to copy, for a caller who may read it and under the request's conditions.
    pub(super) fn open<'w>(
        &'w self,
        world: &'w World,
        call: &mut Call<'_>,
        expected_owner: Option<&str>,
        preconditions: &CopySourcePreconditions,
    ) -> Result<(&'w Version, &'w Object), Fault> {
        dispatch::check_owner(bucket::named(world, &self.bucket)?, expected_owner)?;
        let allowed = access::allow(world, call, self.target(), &SOURCE, |check| check);
        let reached = allowed.and_then(|allowed| allowed.reach(world, call));
        let (_, version, object) = reached.map_err(|fault| match fault.code.as_ref() {
            "MethodNotAllowed" => fault::invalid_request(
                "The source of a copy request may not specifically refer to a delete marker by version id.",
            ),
            _ => fault,
        })?;
        condition::source(preconditions, version, object, call.now)?;
        Ok((version, object))
    }

    /// Whether it is the latest version of this very object.
    fn is(&self, bucket: &str, key: &str) -> bool {
        self.bucket == bucket && self.key == key && self.version.is_none()
    }
}
