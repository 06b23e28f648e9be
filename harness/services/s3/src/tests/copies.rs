//! CopyObject and UploadPartCopy's source.
//! docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html

use serde_json::{Value, json};
use testkit::{ACCOUNT, allow, root};

use super::{S3Calls, body, fails, field, kit, merged, ok, outcome, put, put_with};

fn copy(source: &str, key: &str, more: Value) -> Value {
    merged(json!({ "Bucket": "b-1", "Key": key, "CopySource": source }), more)
}

#[test]
fn a_copy_takes_content_metadata_and_tags_along() {
    let mut kit = kit();
    let made = put_with(
        &mut kit,
        "a b+c",
        "data",
        json!({ "ContentType": "text/css", "Metadata": { "m": "1" }, "Tagging": "t=1", "StorageClass": "STANDARD_IA" }),
    );
    for source in ["b-1/a b%2Bc", "/b-1/a%20b%2Bc", "b-1/a%20b+c"] {
        let answer = ok(&mut kit, "CopyObject", copy(source, "to", json!({})));
        assert_eq!(answer["CopyObjectResult"]["ETag"], made["ETag"], "{source}");
        let head = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "to" }));
        assert_eq!((&head["ContentType"], &head["Metadata"]), (&json!("text/css"), &json!({ "m": "1" })));
        assert_eq!(head.get("StorageClass"), None, "the storage class is not copied");
        let tags = ok(&mut kit, "GetObjectTagging", json!({ "Bucket": "b-1", "Key": "to" }));
        assert_eq!(tags["TagSet"], json!([{ "Key": "t", "Value": "1" }]));
    }
    let reply = kit.s3(&root(ACCOUNT), "GetObject", json!({ "Bucket": "b-1", "Key": "to" }), "").unwrap();
    assert_eq!(body(reply), "data");
}

#[test]
fn directives_replace() {
    let mut kit = kit();
    put_with(&mut kit, "a", "x", json!({ "ContentType": "text/css", "Metadata": { "m": "1" }, "Tagging": "t=1" }));
    let more = json!({ "MetadataDirective": "REPLACE", "Metadata": { "n": "2" }, "TaggingDirective": "REPLACE", "Tagging": "u=2" });
    ok(&mut kit, "CopyObject", copy("b-1/a", "b", more));
    let head = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "b" }));
    assert_eq!((&head["ContentType"], &head["Metadata"]), (&json!("binary/octet-stream"), &json!({ "n": "2" })));
    let tags = ok(&mut kit, "GetObjectTagging", json!({ "Bucket": "b-1", "Key": "b" }));
    assert_eq!(tags["TagSet"], json!([{ "Key": "u", "Value": "2" }]));
    // Without the directive the tags that are passed count for nothing.
    ok(&mut kit, "CopyObject", copy("b-1/a", "c", json!({ "Tagging": "u=2" })));
    let tags = ok(&mut kit, "GetObjectTagging", json!({ "Bucket": "b-1", "Key": "c" }));
    assert_eq!(tags["TagSet"], json!([{ "Key": "t", "Value": "1" }]));
    let fault = fails(&mut kit, "CopyObject", copy("b-1/a", "d", json!({ "TaggingDirective": "MERGE" })));
    assert_eq!((fault.code.as_ref(), field(&fault, "ArgumentValue")), ("InvalidArgument", Some("MERGE")));
}

#[test]
fn a_copy_onto_itself_has_to_change_something() {
    let mut kit = kit();
    put(&mut kit, "a", "x");
    let fault = fails(&mut kit, "CopyObject", copy("b-1/a", "a", json!({})));
    assert!(fault.message.starts_with("This copy request is illegal because"), "{}", fault.message);
    for more in [
        json!({ "StorageClass": "STANDARD" }),
        json!({ "MetadataDirective": "REPLACE" }),
        json!({ "ServerSideEncryption": "AES256" }),
        json!({ "WebsiteRedirectLocation": "/x" }),
    ] {
        ok(&mut kit, "CopyObject", copy("b-1/a", "a", more));
    }
}

#[test]
fn what_cannot_be_copied() {
    let mut kit = kit();
    put(&mut kit, "old", "x");
    ok(&mut kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }));
    let version = put(&mut kit, "a", "x")["VersionId"].as_str().unwrap().to_owned();
    let marker =
        ok(&mut kit, "DeleteObject", json!({ "Bucket": "b-1", "Key": "a" }))["VersionId"].as_str().unwrap().to_owned();
    let cases = [
        ("nowhere/a".to_owned(), 404, "NoSuchBucket"),
        ("b-1/missing".to_owned(), 404, "NoSuchKey"),
        ("b-1/a".to_owned(), 404, "NoSuchKey"),
        (format!("b-1/a?versionId={marker}"), 400, "InvalidRequest"),
        ("b-1/a?versionId=xyz".to_owned(), 400, "InvalidArgument"),
        ("wrongsource".to_owned(), 400, "InvalidArgument"),
        ("b-1/".to_owned(), 400, "InvalidArgument"),
        ("%FF/a".to_owned(), 400, "InvalidArgument"),
    ];
    for (source, status, code) in cases {
        let fault = fails(&mut kit, "CopyObject", copy(&source, "to", json!({})));
        assert_eq!((fault.status, fault.code.as_ref()), (status, code), "{source}");
    }
    let answer = ok(&mut kit, "CopyObject", copy(&format!("b-1/a?versionId={version}"), "to", json!({})));
    assert_eq!(answer["CopySourceVersionId"], json!(version));
    ok(&mut kit, "CopyObject", copy("b-1/old?versionId=null", "to", json!({})));
}

#[test]
fn conditions_on_the_source() {
    let mut kit = kit();
    let etag = put(&mut kit, "a", "data")["ETag"].clone();
    kit.wait(3600);
    let cases = [
        (json!({ "CopySourceIfMatch": "\"x\"" }), Some("x-amz-copy-source-If-Match")),
        (json!({ "CopySourceIfNoneMatch": etag }), Some("x-amz-copy-source-If-None-Match")),
        (json!({ "CopySourceIfModifiedSince": "2026-11-24T08:30:00Z" }), Some("x-amz-copy-source-If-Modified-Since")),
        (
            json!({ "CopySourceIfUnmodifiedSince": "2026-11-24T07:00:00Z" }),
            Some("x-amz-copy-source-If-Unmodified-Since"),
        ),
        (json!({ "CopySourceIfMatch": etag, "CopySourceIfUnmodifiedSince": "2026-11-24T07:00:00Z" }), None),
        (json!({ "CopySourceIfModifiedSince": "2026-12-24T00:00:00Z" }), None),
    ];
    for (conditions, expected) in cases {
        let found = kit.s3(&root(ACCOUNT), "CopyObject", copy("b-1/a", "to", conditions.clone()), "").err();
        let found = found.as_ref().map(|fault| (fault.status, field(fault, "Condition").unwrap_or_default()));
        assert_eq!(found, expected.map(|condition| (412, condition)), "{conditions}");
    }
}

/// Reading the source and writing the target; their tags as well, where tags are copied.
#[test]
fn what_a_copy_needs() {
    let plain = ["s3:GetObject", "s3:PutObject"];
    let tagged = ["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject", "s3:PutObjectTagging"];
    let replaced = ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"];
    let cases = [
        ("untagged", json!({}), &plain[..]),
        ("tagged", json!({}), &tagged[..]),
        ("tagged", json!({ "TaggingDirective": "REPLACE", "Tagging": "u=2" }), &replaced[..]),
        ("tagged", json!({ "TaggingDirective": "REPLACE" }), &plain[..]),
    ];
    for (source, more, needed) in cases {
        let mut kit = kit();
        put(&mut kit, "untagged", "x");
        put_with(&mut kit, "tagged", "x", json!({ "Tagging": "t=1" }));
        let request = copy(&format!("b-1/{source}"), "to", more);
        let user = kit.user("all", json!([allow(needed)]));
        assert_eq!(outcome(&mut kit, &user, "CopyObject", request.clone()), "ok", "{request}");
        for missing in needed {
            let others: Vec<_> =
                needed.iter().copied().filter(|action| action != missing).chain(["s3:ListBucket"]).collect();
            let user = kit.user(&missing.replace(':', "-"), json!([allow(&others)]));
            assert_eq!(
                outcome(&mut kit, &user, "CopyObject", request.clone()),
                "403 AccessDenied",
                "without {missing}: {request}"
            );
        }
    }
}

#[test]
fn a_copy_sees_the_sources_tags_and_names_its_source() {
    let mut kit = kit();
    put_with(&mut kit, "a", "x", json!({ "Tagging": "Status=OK" }));
    put_with(&mut kit, "b", "x", json!({ "Tagging": "Status=NG" }));
    let read = json!({ "Effect": "Allow", "Action": "s3:GetObject*", "Resource": "*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/Status": "OK" } } });
    let write = json!({ "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*",
        "Condition": { "StringLike": { "s3:x-amz-copy-source": "b-1/a*" } } });
    let user = kit.user("u", json!([read, write, allow(&["s3:PutObjectTagging"])]));
    assert_eq!(outcome(&mut kit, &user, "CopyObject", copy("/b-1/a", "to", json!({}))), "ok");
    assert_eq!(outcome(&mut kit, &user, "CopyObject", copy("b-1/b", "to", json!({}))), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &user, "PutObject", json!({ "Bucket": "b-1", "Key": "to" })), "403 AccessDenied");
}
