//! S3's own errors for inputs that break constraints of its API model.
//! docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

use serde_json::{Value, json};
use testkit::{ACCOUNT, allow};

use super::{fails, field, kit, merged, outcome, put};

#[test]
fn each_constraint_has_an_error_of_its_own() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let cases = [
        ("HeadBucket", json!({ "Bucket": null }), "InvalidBucketName", ""),
        ("GetObject", json!({ "ChecksumMode": "ON" }), "InvalidArgument", "x-amz-checksum-mode"),
        ("GetObject", json!({ "RequestPayer": "me" }), "InvalidArgument", "x-amz-request-payer"),
        ("GetObject", json!({ "PartNumber": "x" }), "InvalidArgument", "partNumber"),
        ("GetObjectAttributes", json!({}), "InvalidArgument", "x-amz-object-attributes"),
        ("ListObjectsV2", json!({ "EncodingType": "hex" }), "InvalidArgument", "encoding-type"),
        ("ListBuckets", json!({ "MaxBuckets": 0 }), "InvalidArgument", "max-buckets"),
        ("PutObject", json!({ "StorageClass": "FAST" }), "InvalidStorageClass", ""),
        ("PutObject", json!({ "ChecksumAlgorithm": "sum" }), "InvalidArgument", "x-amz-sdk-checksum-algorithm"),
        ("PutObjectTagging", json!({}), "MissingRequestBodyError", ""),
        ("PutObjectTagging", tagging(json!({ "Key": "a" })), "MalformedXML", ""),
        ("PutObjectTagging", tagging(json!({ "Key": "", "Value": "" })), "InvalidTag", ""),
        ("DeleteObjects", json!({ "Delete": {} }), "MalformedXML", ""),
        ("PutBucketAbac", json!({ "AbacStatus": { "Status": "On" } }), "MalformedXML", ""),
        ("PutBucketVersioning", json!({ "VersioningConfiguration": { "Status": "On" } }), "MalformedXML", ""),
        (
            "CreateBucket",
            json!({ "CreateBucketConfiguration": { "LocationConstraint": "moon" } }),
            "InvalidLocationConstraint",
            "",
        ),
    ];
    for (operation, input, code, argument) in cases {
        let what = format!("{operation} {input}");
        let fault = fails(&mut kit, operation, merged(json!({ "Bucket": "b-1", "Key": "k" }), input));
        let named = field(&fault, "ArgumentName").unwrap_or_default();
        assert_eq!((fault.status, &*fault.code, named), (400, code, argument), "{what}");
    }
}

#[test]
fn s3_control_has_its_own_errors_too() {
    let mut kit = kit();
    let long = "a".repeat(129);
    for (operation, input, code) in [
        ("TagResource", json!({}), "MissingRequestBodyError"),
        ("TagResource", json!({ "Tags": [{ "Key": "a" }] }), "MalformedXML"),
        ("TagResource", json!({ "Tags": [{ "Key": long, "Value": "" }] }), "InvalidTag"),
        ("UntagResource", json!({ "TagKeys": [long] }), "InvalidTag"),
        ("UntagResource", json!({}), "InvalidRequest"),
        ("ListTagsForResource", json!({ "AccountId": "me" }), "InvalidRequest"),
        ("PutPublicAccessBlock", json!({}), "MissingRequestBodyError"),
    ] {
        let what = format!("{operation} {input}");
        let input = merged(json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::b-1" }), input);
        let fault = kit.as_root(&format!("s3control:{operation}"), input).expect_err(&what);
        assert_eq!((fault.status, &*fault.code), (400, code), "{what}");
    }
}

/// What is not there cannot be read; whether a value can be is nobody's business who may not do it.
#[test]
fn a_value_is_told_of_once_the_request_is_allowed() {
    let mut kit = kit();
    let bad = json!({ "Bucket": "b-1", "Key": "k", "StorageClass": "FAST" });
    let none = kit.user("none", json!([]));
    let writer = kit.user("writer", json!([allow(&["s3:PutObject"])]));
    assert_eq!(outcome(&mut kit, &none, "PutObject", bad.clone()), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &writer, "PutObject", bad), "400 InvalidStorageClass");
    let lacking = json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &none, "PutObjectTagging", lacking), "400 MissingRequestBodyError");
}

fn tagging(tag: Value) -> Value {
    json!({ "Tagging": { "TagSet": [tag] } })
}
