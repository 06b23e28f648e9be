//! ListObjects in both versions, ListObjectVersions and ListMultipartUploads.
//!
//! All four list keys in the order of their UTF-8 bytes, keep those with a prefix, roll up what has a delimiter behind
//! the prefix, and stop after so many.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html

use std::ops::Bound;

use account::{Call, Fault, World};

use super::access;
use super::bucket::{self, Bucket};
use super::fault;
use super::object::{Object, Version};
use super::page::{Last, Query, page, read_token, token_after};
use super::reply::{self, CommonPrefix, DeleteMarkerEntry, MultipartUpload, ObjectEntry, ObjectVersion, Reply};
use super::request;

pub(super) fn allow_objects<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::ListObjects,
) -> Result<&'w Bucket, Fault> {
    authorize(world, call, &request.bucket, "s3:ListBucket", &Query::from(request))
}

pub(super) fn objects(world: &World, call: &mut Call<'_>, request: &request::ListObjects) -> Result<Reply, Fault> {
    let query = Query::from(request);
    let bucket = allow_objects(world, call, request)?;
    let marker = request.marker.as_deref().unwrap_or_default();
    let max_keys = query.most("max-keys")?;
    let page = page(live(bucket, query.beginning(marker)), &query, marker, max_keys);
    let text = query.encoder()?;
    // A marker to go on from is given only where there is a delimiter; else it is the last key.
    let next = page.last.filter(|_| page.truncated && query.delimiter().is_some());
    Ok(Reply::ListObjects(reply::ListObjects {
        is_truncated: page.truncated,
        marker: text(marker),
        next_marker: next.map(|last| text(last.text())),
        contents: page.entries.iter().map(|&(key, live)| entry(text(key), live, Some(bucket))).collect(),
        name: bucket.name.clone(),
        prefix: text(query.prefix.unwrap_or_default()),
        delimiter: query.delimiter().map(&text),
        max_keys,
        common_prefixes: common(&page.prefixes, &text),
        encoding_type: request.encoding_type.clone(),
    }))
}

pub(super) fn allow_objects_v2<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::ListObjectsV2,
) -> Result<&'w Bucket, Fault> {
    authorize(world, call, &request.bucket, "s3:ListBucket", &Query::from(request))
}

pub(super) fn objects_v2(world: &World, call: &mut Call<'_>, request: &request::ListObjectsV2) -> Result<Reply, Fault> {
    let query = Query::from(request);
    let bucket = allow_objects_v2(world, call, request)?;
    let token = request.continuation_token.as_deref().map(read_token).transpose()?;
    // Once there is a token, StartAfter no longer counts.
    let start_after = request.start_after.as_deref().filter(|_| token.is_none());
    let after = token.as_deref().or(start_after).unwrap_or_default();
    let max_keys = query.most("max-keys")?;
    let page = page(live(bucket, query.beginning(after)), &query, after, max_keys);
    let text = query.encoder()?;
    let owner = (request.fetch_owner == Some(true)).then_some(bucket);
    Ok(Reply::ListObjectsV2(reply::ListObjectsV2 {
        is_truncated: page.truncated,
        key_count: page.entries.len() + page.prefixes.len(),
        contents: page.entries.iter().map(|&(key, live)| entry(text(key), live, owner)).collect(),
        name: bucket.name.clone(),
        prefix: text(query.prefix.unwrap_or_default()),
        delimiter: query.delimiter().map(&text),
        max_keys,
        common_prefixes: common(&page.prefixes, &text),
        encoding_type: request.encoding_type.clone(),
        continuation_token: request.continuation_token.clone(),
        next_continuation_token: page.last.filter(|_| page.truncated).map(|last| token_after(last.text())),
        start_after: start_after.map(&text),
    }))
}

pub(super) fn allow_versions<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::ListObjectVersions,
) -> Result<&'w Bucket, Fault> {
    authorize(world, call, &request.bucket, "s3:ListBucketVersions", &Query::from(request))
}

pub(super) fn versions(
    world: &World,
    call: &mut Call<'_>,
    request: &request::ListObjectVersions,
) -> Result<Reply, Fault> {
    let query = Query::from(request);
    let bucket = allow_versions(world, call, request)?;
    let marker = request.key_marker.as_deref().unwrap_or_default();
    let version_marker = request.version_id_marker.as_deref().unwrap_or_default();
    if marker.is_empty() && !version_marker.is_empty() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(fault::invalid_argument("version-id-marker", version_marker, message));
    }
    let max_keys = query.most("max-keys")?;
    let page = page(every_version(bucket, query.prefix, marker, version_marker), &query, marker, max_keys);
    let text = query.encoder()?;
    let last = page.last.filter(|_| page.truncated);
    let last_version = page.entries.last().map(|&(_, (version, _))| version.name().to_owned());
    let mut answer = reply::ListObjectVersions {
        is_truncated: page.truncated,
        key_marker: text(marker),
        version_id_marker: version_marker.to_owned(),
        next_key_marker: last.map(|last| text(last.text())),
        next_version_id_marker: last_version.filter(|_| matches!(last, Some(Last::Entry(_)))),
        name: bucket.name.clone(),
        prefix: text(query.prefix.unwrap_or_default()),
        delimiter: query.delimiter().map(&text),
        max_keys,
        common_prefixes: common(&page.prefixes, &text),
        encoding_type: request.encoding_type.clone(),
        ..reply::ListObjectVersions::default()
    };
    for (key, (version, is_latest)) in page.entries {
        match &version.object {
            Some(object) => answer.versions.push(version_entry(text(key), version, object, is_latest, bucket)),
            None => answer.delete_markers.push(DeleteMarkerEntry {
                owner: bucket.canonical_owner(),
                key: text(key),
                version_id: version.name().to_owned(),
                is_latest,
                last_modified: version.modified,
            }),
        }
    }
    Ok(Reply::ListObjectVersions(answer))
}

pub(super) fn allow_uploads<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    request: &request::ListMultipartUploads,
) -> Result<&'w Bucket, Fault> {
    authorize(world, call, &request.bucket, "s3:ListBucketMultipartUploads", &Query::from(request))
}

pub(super) fn uploads(
    world: &World,
    call: &mut Call<'_>,
    request: &request::ListMultipartUploads,
) -> Result<Reply, Fault> {
    let query = Query::from(request);
    let bucket = allow_uploads(world, call, request)?;
    let marker = request.key_marker.as_deref().unwrap_or_default();
    // Without a key marker it is ignored.
    let id_marker = request.upload_id_marker.as_deref().filter(|id| !marker.is_empty() && !id.is_empty());
    let known = |id: &str| bucket.uploads.get(id).is_some_and(|upload| upload.key == marker);
    if let Some(id) = id_marker.filter(|id| !known(id)) {
        return Err(fault::invalid_argument("upload-id-marker", id, "Invalid uploadId marker"));
    }
    let mut sorted: Vec<_> = bucket.uploads.iter().map(|(id, upload)| (upload.key.as_str(), (id, upload))).collect();
    sorted.sort_by_key(|&(key, _)| key);
    let mut past = false;
    let after = sorted.into_iter().filter(|&(key, (id, _))| {
        let take = key > marker || past && key == marker;
        past = past || Some(id.as_str()) == id_marker;
        take
    });
    let max_uploads = query.most("max-uploads")?;
    let page = page(after, &query, marker, max_uploads);
    let text = query.encoder()?;
    let last_id = page.entries.last().map(|&(_, (id, _))| id.clone());
    let uploads = page.entries.iter().map(|&(key, (id, upload))| MultipartUpload {
        upload_id: id.clone(),
        key: text(key),
        initiated: upload.initiated,
        storage_class: upload.storage_class().to_owned(),
        owner: bucket.canonical_owner(),
        initiator: upload.initiator.clone(),
    });
    Ok(Reply::ListMultipartUploads(reply::ListMultipartUploads {
        bucket: bucket.name.clone(),
        key_marker: text(marker),
        upload_id_marker: id_marker.unwrap_or_default().to_owned(),
        next_key_marker: page.last.map(|last| text(last.text())).unwrap_or_default(),
        next_upload_id_marker: last_id.filter(|_| matches!(page.last, Some(Last::Entry(_)))).unwrap_or_default(),
        prefix: text(query.prefix.unwrap_or_default()),
        delimiter: query.delimiter().map(&text),
        max_uploads,
        is_truncated: page.truncated,
        uploads: uploads.collect(),
        common_prefixes: common(&page.prefixes, &text),
        encoding_type: request.encoding_type.clone(),
    }))
}

/// A list's condition keys are there only if the request has the parameter, be it empty.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
fn authorize<'w>(
    world: &'w World,
    call: &mut Call<'_>,
    bucket: &str,
    action: &'static str,
    query: &Query<'_>,
) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, bucket)?;
    let mut check = access::on_bucket(world, call, bucket, action);
    let max = query.max.map(|max| max.to_string());
    for (key, value) in
        [("s3:prefix", query.prefix), ("s3:delimiter", query.delimiter), ("s3:max-keys", max.as_deref())]
    {
        if let Some(value) = value {
            check = check.key(key, value);
        }
    }
    world.authorize(call, check)?;
    Ok(bucket)
}

/// The objects that are there, in order; delete markers are not.
fn live<'a>(bucket: &'a Bucket, from: Bound<&str>) -> impl Iterator<Item = (&'a str, (&'a Version, &'a Object))> {
    bucket.objects.range::<str, _>((from, Bound::Unbounded)).filter_map(|(key, versions)| {
        let version = versions.current()?;
        Some((key.as_str(), (version, version.object.as_ref()?)))
    })
}

/// Every version behind the markers, newest first within its key, and whether it is the latest.
fn every_version<'a>(
    bucket: &'a Bucket,
    prefix: Option<&str>,
    marker: &str,
    version_marker: &str,
) -> impl Iterator<Item = (&'a str, (&'a Version, bool))> {
    let from = marker.max(prefix.unwrap_or_default());
    bucket.objects.range::<str, _>((Bound::Included(from), Bound::Unbounded)).flat_map(move |(key, versions)| {
        let seen = match (key == marker, version_marker.is_empty()) {
            (false, _) => 0,
            (true, true) => usize::MAX,
            (true, false) => versions
                .newest_first()
                .position(|version| version.name() == version_marker)
                .map_or(usize::MAX, |at| at + 1),
        };
        versions.newest_first().enumerate().skip(seen).map(|(at, version)| (key.as_str(), (version, at == 0)))
    })
}

/// The parameters that all four have.
macro_rules! queries {
    ($($request:ident: $max:ident,)*) => {
        $(impl<'a> From<&'a request::$request> for Query<'a> {
            fn from(request: &'a request::$request) -> Self {
                Self {
                    prefix: request.prefix.as_deref(),
                    delimiter: request.delimiter.as_deref(),
                    max: request.$max,
                    encoding: request.encoding_type.as_deref(),
                }
            }
        })*
    };
}

queries! {
    ListObjects: max_keys,
    ListObjectsV2: max_keys,
    ListObjectVersions: max_keys,
    ListMultipartUploads: max_uploads,
}

fn common(prefixes: &[&str], text: impl Fn(&str) -> String) -> Vec<CommonPrefix> {
    prefixes.iter().map(|prefix| CommonPrefix { prefix: text(prefix) }).collect()
}

fn entry(key: String, (version, object): (&Version, &Object), owner: Option<&Bucket>) -> ObjectEntry {
    ObjectEntry {
        key,
        last_modified: version.modified,
        etag: object.etag.clone(),
        checksum_algorithm: object.checksums.algorithms(),
        checksum_type: object.checksums.kind.clone(),
        size: object.body.len() as u64,
        storage_class: object.storage_class().to_owned(),
        owner: owner.map(Bucket::canonical_owner),
    }
}

fn version_entry(key: String, version: &Version, object: &Object, is_latest: bool, bucket: &Bucket) -> ObjectVersion {
    ObjectVersion {
        etag: object.etag.clone(),
        checksum_algorithm: object.checksums.algorithms(),
        checksum_type: object.checksums.kind.clone(),
        size: object.body.len() as u64,
        storage_class: object.storage_class().to_owned(),
        key,
        version_id: version.name().to_owned(),
        is_latest,
        last_modified: version.modified,
        owner: bucket.canonical_owner(),
    }
}
