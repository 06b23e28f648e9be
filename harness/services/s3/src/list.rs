//! ListObjects in both versions, ListObjectVersions and ListMultipartUploads.
//!
//! All four list keys in the order of their UTF-8 bytes, keep those with a prefix, roll up what has a delimiter behind
//! the prefix, and stop after so many.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html

use std::ops::Bound;

use account::{Call, Fault, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::access;
use super::bucket::{self, Bucket};
use super::fault;
use super::object::{Object, Version};
use super::page::{Last, Page, Query, page, read_token, token_after};
use super::remaining::Remaining;
use super::reply::Reply;
use super::request::Request;

/// The markers that the four have, each some of them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Markers {
    marker: String,
    key_marker: String,
    version_id_marker: String,
    upload_id_marker: Option<String>,
    continuation_token: Option<String>,
    start_after: Option<String>,
    fetch_owner: Option<bool>,
}

pub(super) fn objects(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (query, Markers { marker, .. }) = (request.read::<Query>()?, request.read()?);
    let bucket = allow(world, call, request, &query)?;
    let page = page(live(bucket, query.beginning(&marker)), &query, &marker, query.most("max-keys")?);
    let text = query.encoder();
    // A marker to go on from is given only where there is a delimiter; else it is the last key.
    let next = page.last.filter(|_| page.truncated && query.delimiter().is_some());
    let mut answer = told(&page, &query, &text, bucket);
    answer["Marker"] = json!(text(&marker));
    answer["NextMarker"] = json!(next.map(|last| text(last.text())));
    answer["Contents"] = page.entries.iter().map(|&(key, live)| entry(text(key), live, Some(bucket))).collect();
    Ok(answer.into())
}

pub(super) fn objects_v2(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (query, markers) = (request.read::<Query>()?, request.read::<Markers>()?);
    let bucket = allow(world, call, request, &query)?;
    let token = markers.continuation_token.as_deref().map(read_token).transpose()?;
    // Once there is a token, StartAfter no longer counts.
    let start_after = markers.start_after.as_deref().filter(|_| token.is_none());
    let after = token.as_deref().or(start_after).unwrap_or_default();
    let page = page(live(bucket, query.beginning(after)), &query, after, query.most("max-keys")?);
    let text = query.encoder();
    let owner = (markers.fetch_owner == Some(true)).then_some(bucket);
    let next = page.last.filter(|_| page.truncated);
    let mut answer = told(&page, &query, &text, bucket);
    answer["KeyCount"] = json!(page.entries.len() + page.prefixes.len());
    answer["Contents"] = page.entries.iter().map(|&(key, live)| entry(text(key), live, owner)).collect();
    answer["ContinuationToken"] = json!(markers.continuation_token);
    answer["NextContinuationToken"] = json!(next.map(|last| token_after(last.text())));
    answer["StartAfter"] = json!(start_after.map(&text));
    Ok(answer.into())
}

pub(super) fn versions(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (query, markers) = (request.read::<Query>()?, request.read::<Markers>()?);
    let bucket = allow(world, call, request, &query)?;
    let Markers { key_marker: marker, version_id_marker: version_marker, .. } = &markers;
    if marker.is_empty() && !version_marker.is_empty() {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(fault::invalid_argument("version-id-marker", version_marker, message));
    }
    let sorted = every_version(bucket, query.prefix(), marker, version_marker);
    let page = page(sorted, &query, marker, query.most("max-keys")?);
    let text = query.encoder();
    let last = page.last.filter(|_| page.truncated);
    let last_version = page.entries.last().map(|&(_, (version, _))| version.name());
    let mut answer = told(&page, &query, &text, bucket);
    answer["KeyMarker"] = json!(text(marker));
    answer["VersionIdMarker"] = json!(version_marker);
    answer["NextKeyMarker"] = json!(last.map(|last| text(last.text())));
    answer["NextVersionIdMarker"] = json!(last_version.filter(|_| matches!(last, Some(Last::Entry(_)))));
    let (mut versions, mut delete_markers) = (Vec::new(), Vec::new());
    for (key, (version, is_latest)) in page.entries {
        let (list, mut one) = match &version.object {
            Some(object) => (&mut versions, entry(text(key), (version, object), Some(bucket))),
            None => {
                let modified = fault::iso(version.modified);
                let owner = json!({ "ID": bucket.canonical_owner() });
                (&mut delete_markers, json!({ "Key": text(key), "LastModified": modified, "Owner": owner }))
            }
        };
        (one["VersionId"], one["IsLatest"]) = (json!(version.name()), json!(is_latest));
        list.push(one);
    }
    (answer["Versions"], answer["DeleteMarkers"]) = (versions.into(), delete_markers.into());
    Ok(answer.into())
}

pub(super) fn uploads(world: &mut World, call: &mut Call<'_>, request: &Request) -> Result<Reply, Fault> {
    let (query, markers) = (request.read::<Query>()?, request.read::<Markers>()?);
    let bucket = allow(world, call, request, &query)?;
    let marker = markers.key_marker.as_str();
    // Without a key marker it is ignored.
    let id_marker = markers.upload_id_marker.as_deref().filter(|id| !marker.is_empty() && !id.is_empty());
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
    let text = query.encoder();
    let last_id = page.entries.last().map(|&(_, (id, _))| id.as_str());
    let uploads = page.entries.iter().map(|&(key, (id, upload))| {
        json!({
            "UploadId": id,
            "Key": text(key),
            "Initiated": fault::iso(upload.initiated),
            "StorageClass": upload.storage_class(),
            "Owner": { "ID": bucket.canonical_owner() },
            "Initiator": upload.initiator,
        })
    });
    Ok(json!({
        "Bucket": bucket.name,
        "KeyMarker": text(marker),
        "UploadIdMarker": id_marker.unwrap_or_default(),
        // Of the last upload that is listed, whether or not there are more.
        "NextKeyMarker": page.last.map(|last| text(last.text())).unwrap_or_default(),
        "NextUploadIdMarker": last_id.filter(|_| matches!(page.last, Some(Last::Entry(_)))).unwrap_or_default(),
        "Prefix": text(query.prefix().unwrap_or_default()),
        "Delimiter": query.delimiter().map(&text),
        "MaxUploads": max_uploads,
        "IsTruncated": page.truncated,
        "Uploads": uploads.collect::<Value>(),
        "CommonPrefixes": common(&page.prefixes, &text),
        "EncodingType": query.encoding(),
    })
    .into())
}

/// Decides on a list.
pub(super) fn decide(world: &World, call: &mut Call<'_>, request: &Request) -> Result<Remaining, Fault> {
    allow(world, call, request, &request.read()?).map(|_| Remaining::All(None))
}

/// A list's condition keys are there only if the request has the parameter, be it empty.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
fn allow<'w>(world: &'w World, call: &mut Call<'_>, request: &Request, query: &Query) -> Result<&'w Bucket, Fault> {
    let bucket = bucket::named(world, request.bucket())?;
    let given = query.condition_keys().into_iter().filter_map(|(key, value)| Some((key, value?)));
    let check = access::on_bucket(world, call, bucket, request.action());
    world.authorize(call, given.fold(check, |check, (key, value)| check.key(key, value)))?;
    Ok(bucket)
}

/// What three of the answers have in common.
fn told<T>(page: &Page<'_, T>, query: &Query, text: impl Fn(&str) -> String, bucket: &Bucket) -> Value {
    json!({
        "IsTruncated": page.truncated,
        "Name": bucket.name,
        "Prefix": text(query.prefix().unwrap_or_default()),
        "Delimiter": query.delimiter().map(&text),
        "MaxKeys": query.most("max-keys").ok(),
        "CommonPrefixes": common(&page.prefixes, &text),
        "EncodingType": query.encoding(),
    })
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

fn common(prefixes: &[&str], text: impl Fn(&str) -> String) -> Value {
    prefixes.iter().map(|prefix| json!({ "Prefix": text(prefix) })).collect()
}

fn entry(key: String, (version, object): (&Version, &Object), owner: Option<&Bucket>) -> Value {
    let algorithms = object.checksums.algorithms();
    json!({
        "Key": key,
        "LastModified": fault::iso(version.modified),
        "ETag": object.etag,
        "ChecksumAlgorithm": (!algorithms.is_empty()).then_some(algorithms),
        "ChecksumType": object.checksums.kind(),
        "Size": object.body.len(),
        "StorageClass": object.storage_class(),
        "Owner": owner.map(|bucket| json!({ "ID": bucket.canonical_owner() })),
    })
}
