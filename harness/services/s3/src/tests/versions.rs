//! Versions and delete markers.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, root};

use super::{S3Calls, beside, body, fails, field, kit, merged, ok, outcome, put, with_tagging};

fn versioning(kit: &mut Kit, status: &str) {
    ok(kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": status } }));
}

fn k(more: Value) -> Value {
    merged(json!({ "Bucket": "b-1", "Key": "k" }), more)
}

#[test]
fn a_delete_hides_and_a_version_id_finds() {
    let mut kit = kit();
    versioning(&mut kit, "Enabled");
    let first = put(&mut kit, "k", "one")["VersionId"].clone();
    let second = put(&mut kit, "k", "two")["VersionId"].clone();
    assert_ne!(first, second);
    let marker = ok(&mut kit, "DeleteObject", k(json!({})));
    assert_eq!(marker["DeleteMarker"], true);

    let fault = fails(&mut kit, "GetObject", k(json!({})));
    assert_eq!((fault.status, fault.code.as_ref(), field(&fault, "Key")), (404, "NoSuchKey", Some("k")));
    assert_eq!(beside(&fault, "DeleteMarker"), Some("true"));
    assert_eq!(beside(&fault, "VersionId"), marker["VersionId"].as_str());

    let fault = fails(&mut kit, "GetObject", k(json!({ "VersionId": marker["VersionId"] })));
    assert_eq!((fault.status, fault.code.as_ref()), (405, "MethodNotAllowed"));
    assert_eq!((field(&fault, "Method"), field(&fault, "ResourceType")), (Some("GET"), Some("DeleteMarker")));

    for (version, content) in [(&first, "one"), (&second, "two")] {
        let reply = kit.s3(&root(ACCOUNT), "GetObject", k(json!({ "VersionId": version })), "").unwrap();
        assert_eq!(body(reply), content);
    }

    let removed = ok(&mut kit, "DeleteObject", k(json!({ "VersionId": marker["VersionId"] })));
    assert_eq!(removed, json!({ "DeleteMarker": true, "VersionId": marker["VersionId"] }));
    assert_eq!(ok(&mut kit, "HeadObject", k(json!({})))["VersionId"], second);

    let removed = ok(&mut kit, "DeleteObject", k(json!({ "VersionId": second })));
    assert_eq!(removed, json!({ "VersionId": second }));
    let fault = fails(&mut kit, "GetObject", k(json!({ "VersionId": second })));
    assert_eq!((fault.status, fault.code.as_ref()), (404, "NoSuchVersion"));
    assert_eq!(field(&fault, "VersionId"), second.as_str());
    assert_eq!(ok(&mut kit, "HeadObject", k(json!({})))["VersionId"], first);
}

#[test]
fn a_delete_marker_has_no_tags_and_shows_itself_to_who_may_list() {
    let mut kit = kit();
    versioning(&mut kit, "Enabled");
    put(&mut kit, "k", "one");
    ok(&mut kit, "DeleteObject", k(json!({})));
    let reader = kit.user("reader", json!([allow(&["s3:GetObject"])]));
    assert_eq!(outcome(&mut kit, &reader, "GetObject", k(json!({}))), "403 AccessDenied");
    let lister = kit.user("lister", json!([allow(&["s3:GetObject", "s3:ListBucket"])]));
    assert_eq!(outcome(&mut kit, &lister, "GetObject", k(json!({}))), "404 NoSuchKey");
    for operation in ["GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "PutObjectAcl"] {
        assert_eq!(fails(&mut kit, operation, with_tagging(operation, k(json!({})))).status, 405, "{operation}");
    }
    assert_eq!(fails(&mut kit, "GetObjectAcl", k(json!({}))).status, 404);
}

#[test]
fn a_bad_version_id_is_a_bad_request() {
    let mut kit = kit();
    put(&mut kit, "k", "one");
    for operation in ["GetObject", "DeleteObject"] {
        let fault = fails(&mut kit, operation, k(json!({ "VersionId": "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD" })));
        assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidArgument"), "{operation}");
        assert_eq!(fault.message, "Invalid version id specified");
    }
    assert_eq!(ok(&mut kit, "HeadObject", k(json!({ "VersionId": "null" }))).get("VersionId"), None);
    let missing = "0123456789abcdef0123456789abcdef";
    assert_eq!(fails(&mut kit, "GetObject", k(json!({ "VersionId": missing }))).code, "NoSuchVersion");
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/VersionSuspendedBehavior.html
#[test]
fn suspended_versioning_replaces_the_null_version() {
    let mut kit = kit();
    put(&mut kit, "k", "before");
    versioning(&mut kit, "Enabled");
    let kept = put(&mut kit, "k", "kept")["VersionId"].clone();
    versioning(&mut kit, "Suspended");
    assert_eq!(put(&mut kit, "k", "null now").get("VersionId"), None);
    let ids = |kit: &mut Kit| -> Vec<(String, bool)> {
        let list = ok(kit, "ListObjectVersions", json!({ "Bucket": "b-1" }));
        let both = [&list["Versions"], &list["DeleteMarkers"]];
        let entries = both.into_iter().flat_map(|entries| entries.as_array().unwrap());
        entries.map(|entry| (entry["VersionId"].as_str().unwrap().to_owned(), entry["IsLatest"] == true)).collect()
    };
    let kept = kept.as_str().unwrap().to_owned();
    assert_eq!(ids(&mut kit), [("null".to_owned(), true), (kept.clone(), false)]);
    let marker = ok(&mut kit, "DeleteObject", k(json!({})));
    assert_eq!(marker, json!({ "DeleteMarker": true, "VersionId": "null" }));
    assert_eq!(ids(&mut kit), [(kept, false), ("null".to_owned(), true)]);
}

#[test]
fn a_batch_delete_of_versions() {
    let mut kit = kit();
    versioning(&mut kit, "Enabled");
    let version = put(&mut kit, "k", "one")["VersionId"].clone();
    let delete = |objects: Value| json!({ "Bucket": "b-1", "Delete": { "Objects": objects } });
    let answer = ok(&mut kit, "DeleteObjects", delete(json!([{ "Key": "k" }])));
    let marker = answer["Deleted"][0]["DeleteMarkerVersionId"].clone();
    assert_eq!(answer["Deleted"], json!([{ "Key": "k", "DeleteMarker": true, "DeleteMarkerVersionId": marker }]));
    let answer = ok(&mut kit, "DeleteObjects", delete(json!([{ "Key": "k", "VersionId": marker }])));
    let expected = json!([{ "Key": "k", "VersionId": marker, "DeleteMarker": true, "DeleteMarkerVersionId": marker }]);
    assert_eq!(answer["Deleted"], expected);
    let answer = ok(&mut kit, "DeleteObjects", delete(json!([{ "Key": "k", "VersionId": marker }])));
    assert_eq!(answer["Errors"][0]["Code"], "NoSuchVersion");
    let answer = ok(&mut kit, "DeleteObjects", delete(json!([{ "Key": "k", "VersionId": version }])));
    assert_eq!(answer["Deleted"], json!([{ "Key": "k", "VersionId": version }]));
}

#[test]
fn versioning_is_on_or_suspended() {
    let mut kit = kit();
    assert_eq!(ok(&mut kit, "GetBucketVersioning", json!({ "Bucket": "b-1" })), json!({}));
    for status in ["Enabled", "Suspended"] {
        versioning(&mut kit, status);
        assert_eq!(ok(&mut kit, "GetBucketVersioning", json!({ "Bucket": "b-1" })), json!({ "Status": status }));
    }
    let put = |configuration: Value| json!({ "Bucket": "b-1", "VersioningConfiguration": configuration });
    assert_eq!(fails(&mut kit, "PutBucketVersioning", put(json!({ "Status": "enabled" }))).code, "MalformedXML");
    let fault = fails(&mut kit, "PutBucketVersioning", put(json!({})));
    assert_eq!(fault.code, "IllegalVersioningConfigurationException");
}
