//! Lists over the wire names, as recorded from AWS.

use serde_json::{Value, json};
use testkit::Kit;

use super::{fails, field, kit, merged, ok, put};

fn filled(keys: &[&'static str]) -> Kit {
    let mut kit = kit();
    for key in keys {
        put(&mut kit, key, "x");
    }
    kit
}

fn names(list: &Value, member: &str, name: &str) -> Vec<String> {
    let entries = list[member].as_array().unwrap();
    entries.iter().map(|entry| entry[name].as_str().unwrap().to_owned()).collect()
}

fn list(kit: &mut Kit, operation: &str, more: Value) -> Value {
    ok(kit, operation, merged(json!({ "Bucket": "b-1" }), more))
}

const FOLDER: [&str; 4] = ["folder/aSubfolder/subFile1", "folder/aSubfolder/subFile2", "folder/file1", "folder/file2"];

#[test]
fn keys_come_in_the_order_of_their_bytes() {
    let mut kit = filled(&["b", "a", "B", "é", "a/b", "a!", "😀"]);
    let answer = list(&mut kit, "ListObjectsV2", json!({}));
    assert_eq!(names(&answer, "Contents", "Key"), ["B", "a", "a!", "a/b", "b", "é", "😀"]);
    assert_eq!(
        (&answer["KeyCount"], &answer["MaxKeys"], &answer["IsTruncated"]),
        (&json!(7), &json!(1000), &json!(false))
    );
    let entry = json!({ "Key": "B", "LastModified": "2026-11-24T08:00:00.000Z", "ETag": "\"9dd4e461268c8034f5c8564e155c67a6\"",
        "Size": 1, "StorageClass": "STANDARD" });
    assert_eq!(answer["Contents"][0], entry);
    let owned = list(&mut kit, "ListObjectsV2", json!({ "FetchOwner": true }));
    assert_eq!(owned["Contents"][0]["Owner"]["ID"].as_str().map(str::len), Some(64));
}

#[test]
fn a_delimiter_rolls_up_and_pages_go_on_behind_it() {
    let mut kit = filled(&FOLDER);
    let ask = json!({ "Prefix": "folder/", "Delimiter": "/", "MaxKeys": 1 });
    let first = list(&mut kit, "ListObjectsV2", ask.clone());
    assert_eq!(names(&first, "CommonPrefixes", "Prefix"), ["folder/aSubfolder/"]);
    assert_eq!((&first["KeyCount"], &first["IsTruncated"], &first["Contents"]), (&json!(1), &json!(true), &json!([])));
    let second = list(
        &mut kit,
        "ListObjectsV2",
        merged(ask.clone(), json!({ "ContinuationToken": first["NextContinuationToken"] })),
    );
    assert_eq!(names(&second, "Contents", "Key"), ["folder/file1"]);
    assert_eq!(second["ContinuationToken"], first["NextContinuationToken"]);
    let last =
        list(&mut kit, "ListObjectsV2", merged(ask, json!({ "ContinuationToken": second["NextContinuationToken"] })));
    assert_eq!(names(&last, "Contents", "Key"), ["folder/file2"]);
    assert_eq!((&last["IsTruncated"], last.get("NextContinuationToken")), (&json!(false), None));
}

#[test]
fn the_first_version_goes_on_by_marker() {
    let mut kit = filled(&FOLDER);
    let ask = json!({ "Prefix": "folder/", "Delimiter": "/", "MaxKeys": 1 });
    let first = list(&mut kit, "ListObjects", ask.clone());
    assert_eq!((&first["Marker"], &first["NextMarker"]), (&json!(""), &json!("folder/aSubfolder/")));
    // A marker within what is rolled up is behind it.
    for marker in ["folder/aSubfolder/", "folder/aSubfolder/subFile1"] {
        let second = list(&mut kit, "ListObjects", merged(ask.clone(), json!({ "Marker": marker })));
        assert_eq!(names(&second, "Contents", "Key"), ["folder/file1"], "{marker}");
        assert_eq!(second["NextMarker"], "folder/file1");
    }
    let plain = list(&mut kit, "ListObjects", json!({ "MaxKeys": 1 }));
    assert_eq!((&plain["IsTruncated"], plain.get("NextMarker")), (&json!(true), None), "no delimiter, no next marker");
}

#[test]
fn start_after_counts_until_there_is_a_token() {
    let mut kit = filled(&["a", "b", "c", "d"]);
    let first = list(&mut kit, "ListObjectsV2", json!({ "StartAfter": "a", "MaxKeys": 2 }));
    assert_eq!(
        (names(&first, "Contents", "Key"), &first["StartAfter"]),
        (vec!["b".to_owned(), "c".to_owned()], &json!("a"))
    );
    let next = json!({ "StartAfter": "a", "ContinuationToken": first["NextContinuationToken"] });
    let second = list(&mut kit, "ListObjectsV2", next);
    assert_eq!((names(&second, "Contents", "Key"), second.get("StartAfter")), (vec!["d".to_owned()], None));
    for token in ["", "abc", "YWJj"] {
        let fault = fails(&mut kit, "ListObjectsV2", json!({ "Bucket": "b-1", "ContinuationToken": token }));
        assert_eq!((fault.status, fault.message.as_str()), (400, "The continuation token provided is incorrect"));
    }
}

#[test]
fn how_many_and_how_written() {
    let mut kit = filled(&["date=2026/ü a+b", "z"]);
    let none = list(&mut kit, "ListObjectsV2", json!({ "MaxKeys": 0 }));
    assert_eq!((&none["KeyCount"], &none["IsTruncated"], &none["MaxKeys"]), (&json!(0), &json!(false), &json!(0)));
    assert_eq!(list(&mut kit, "ListObjectsV2", json!({ "MaxKeys": 5000 }))["MaxKeys"], 1000);
    for max in [-1_i64, 2_147_483_648] {
        let fault = fails(&mut kit, "ListObjectsV2", json!({ "Bucket": "b-1", "MaxKeys": max }));
        assert_eq!((fault.code.as_ref(), field(&fault, "ArgumentName")), ("InvalidArgument", Some("max-keys")));
    }
    let encoded = list(&mut kit, "ListObjectsV2", json!({ "EncodingType": "url", "Prefix": "date=" }));
    assert_eq!(names(&encoded, "Contents", "Key"), ["date%3D2026/%C3%BC+a%2Bb"]);
    assert_eq!((&encoded["Prefix"], &encoded["EncodingType"]), (&json!("date%3D"), &json!("url")));
    let fault = fails(&mut kit, "ListObjects", json!({ "Bucket": "b-1", "EncodingType": "value" }));
    assert_eq!(fault.message, "Invalid Encoding Method specified in Request");
}

#[test]
fn versions_page_within_a_key() {
    let mut kit = kit();
    ok(&mut kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }));
    let mut made = Vec::new();
    for key in ["a", "a", "b"] {
        made.push(put(&mut kit, key, "x")["VersionId"].as_str().unwrap().to_owned());
    }
    made.push(
        ok(&mut kit, "DeleteObject", json!({ "Bucket": "b-1", "Key": "a" }))["VersionId"].as_str().unwrap().to_owned(),
    );
    let [a1, a2, b1, marker] = &made[..] else { panic!("{made:?}") };
    let mut seen = Vec::new();
    let mut ask = json!({ "MaxKeys": 1 });
    loop {
        let page = list(&mut kit, "ListObjectVersions", ask.clone());
        seen.extend(names(&page, "Versions", "VersionId"));
        seen.extend(names(&page, "DeleteMarkers", "VersionId"));
        if page["IsTruncated"] == false {
            break;
        }
        ask =
            json!({ "MaxKeys": 1, "KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"] });
    }
    assert_eq!(seen, [marker, a2, a1, b1].map(String::clone));
    let by_key = list(&mut kit, "ListObjectVersions", json!({ "KeyMarker": "a" }));
    assert_eq!(names(&by_key, "Versions", "VersionId"), std::slice::from_ref(b1));
    assert_eq!(by_key["Versions"][0]["IsLatest"], true);
    let fault = fails(&mut kit, "ListObjectVersions", json!({ "Bucket": "b-1", "VersionIdMarker": a1 }));
    assert_eq!(fault.message, "A version-id marker cannot be specified without a key marker.");
    assert_eq!(list(&mut kit, "ListObjectsV2", json!({}))["KeyCount"], 1, "a delete marker is no object");
}

#[test]
fn versions_roll_up_too() {
    let mut kit = filled(&FOLDER);
    let ask = json!({ "Prefix": "folder/", "Delimiter": "/", "MaxKeys": 1 });
    let first = list(&mut kit, "ListObjectVersions", ask.clone());
    assert_eq!((&first["NextKeyMarker"], first.get("NextVersionIdMarker")), (&json!("folder/aSubfolder/"), None));
    let second = list(&mut kit, "ListObjectVersions", merged(ask, json!({ "KeyMarker": "folder/aSubfolder/" })));
    assert_eq!(names(&second, "Versions", "Key"), ["folder/file1"]);
    assert_eq!(second["NextVersionIdMarker"], "null");
}

#[test]
fn uploads_are_listed_by_key_and_then_by_age() {
    let mut kit = kit();
    let mut begin = |key: &str| {
        let answer = ok(&mut kit, "CreateMultipartUpload", json!({ "Bucket": "b-1", "Key": key }));
        answer["UploadId"].as_str().unwrap().to_owned()
    };
    let (b1, a1, a2) = (begin("b"), begin("a"), begin("a"));
    let all = list(&mut kit, "ListMultipartUploads", json!({}));
    assert_eq!(names(&all, "Uploads", "UploadId"), [a1.clone(), a2.clone(), b1.clone()]);
    assert_eq!(
        (&all["NextKeyMarker"], &all["NextUploadIdMarker"], &all["IsTruncated"]),
        (&json!("b"), &json!(b1), &json!(false))
    );
    let first = list(&mut kit, "ListMultipartUploads", json!({ "MaxUploads": 1 }));
    assert_eq!(
        (&first["NextKeyMarker"], &first["NextUploadIdMarker"], &first["IsTruncated"]),
        (&json!("a"), &json!(a1), &json!(true))
    );
    let second = list(&mut kit, "ListMultipartUploads", json!({ "KeyMarker": "a", "UploadIdMarker": a1 }));
    assert_eq!(names(&second, "Uploads", "UploadId"), [a2.clone(), b1.clone()]);
    let by_key = list(&mut kit, "ListMultipartUploads", json!({ "KeyMarker": "a" }));
    assert_eq!(names(&by_key, "Uploads", "UploadId"), std::slice::from_ref(&b1));
    let fault =
        fails(&mut kit, "ListMultipartUploads", json!({ "Bucket": "b-1", "KeyMarker": "a", "UploadIdMarker": b1 }));
    assert_eq!(fault.message, "Invalid uploadId marker");
    let nothing = list(&mut kit, "ListMultipartUploads", json!({ "KeyMarker": "b" }));
    assert_eq!((&nothing["NextKeyMarker"], &nothing["NextUploadIdMarker"]), (&json!(""), &json!("")));
}
