//! What is put comes back.

use account::Fault;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, root};

use super::{S3Calls, body, fails, field, kit, merged, ok, put, put_with, told};

fn get(kit: &mut Kit, more: Value) -> Result<super::Reply, Fault> {
    kit.s3(&root(ACCOUNT), "GetObject", merged(json!({ "Bucket": "b-1", "Key": "k" }), more), "")
}

#[test]
fn an_object_comes_back_with_what_was_kept_beside_it() {
    let mut kit = kit();
    let answer = put_with(
        &mut kit,
        "k",
        "hello",
        json!({ "ContentType": "text/plain", "CacheControl": "no-store", "Metadata": { "who": "ann" },
                "Tagging": "a=1&b=2", "ChecksumCRC32": "NhCmhg==", "StorageClass": "STANDARD_IA" }),
    );
    // The MD5 of `hello`.
    assert_eq!(answer["ETag"], "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(answer["ServerSideEncryption"], "AES256");
    assert_eq!(answer.get("VersionId"), None);
    let reply = get(&mut kit, json!({ "ChecksumMode": "ENABLED" })).unwrap();
    assert_eq!(body(reply.clone()), "hello");
    let expected = json!({ "AcceptRanges": "bytes", "LastModified": "2026-11-24T08:00:00.000Z", "ContentLength": 5,
        "ETag": "\"5d41402abc4b2a76b9719d911017c592\"", "ServerSideEncryption": "AES256", "StorageClass": "STANDARD_IA",
        "TagCount": 2, "CacheControl": "no-store", "ContentType": "text/plain", "Metadata": { "who": "ann" },
        "ChecksumCRC32": "NhCmhg==", "ChecksumType": "FULL_OBJECT" });
    assert_eq!(told(reply), expected);
    let head = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k", "ChecksumMode": "ENABLED" }));
    assert_eq!(head, expected);
    let plain = ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k" }));
    assert_eq!(plain.get("ChecksumCRC32"), None, "checksums come only where they are asked for");
}

#[test]
fn an_answer_can_be_given_other_members() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let reply = get(&mut kit, json!({ "ResponseContentType": "text/css", "ResponseExpires": "never" })).unwrap();
    let answer = told(reply);
    assert_eq!((&answer["ContentType"], &answer["Expires"]), (&json!("text/css"), &json!("never")));
    assert_eq!(told(get(&mut kit, json!({})).unwrap())["ContentType"], "binary/octet-stream");
}

#[test]
fn a_range_of_an_object() {
    let mut kit = kit();
    put_with(&mut kit, "k", "0123456789", json!({ "ChecksumCRC32": "x" }));
    let reply = get(&mut kit, json!({ "Range": "bytes=2-4", "ChecksumMode": "ENABLED" })).unwrap();
    assert_eq!(body(reply.clone()), "234");
    let answer = told(reply);
    assert_eq!((&answer["ContentRange"], &answer["ContentLength"]), (&json!("bytes 2-4/10"), &json!(3)));
    assert_eq!(answer.get("ChecksumCRC32"), None);
    let fault = get(&mut kit, json!({ "Range": "bytes=100-200" })).unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (416, "InvalidRange"));
    assert_eq!(field(&fault, "ActualObjectSize"), Some("10"));
    assert_eq!(field(&fault, "RangeRequested"), Some("bytes=100-200"));
    let fault = get(&mut kit, json!({ "Range": "bytes=0-1", "PartNumber": 1 })).unwrap_err();
    assert_eq!(fault.message, "Cannot specify both Range header and partNumber query parameter");
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html and RFC 9110, section 13.2.2.
#[test]
fn conditional_reads() {
    let mut kit = kit();
    // Made at 08:00:00, read at 09:00:00.
    let etag = put(&mut kit, "k", "data")["ETag"].as_str().unwrap().to_owned();
    kit.wait(3600);
    let bare = etag.trim_matches('"').to_owned();
    let (earlier, made, later, future) =
        ("2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z", "2026-11-24T08:30:00Z", "2026-11-25T08:00:00Z");
    let cases = [
        (json!({ "IfMatch": etag }), None),
        (json!({ "IfMatch": bare }), None),
        (json!({ "IfMatch": "*" }), None),
        (json!({ "IfMatch": format!("\"other\", {etag}") }), None),
        (json!({ "IfMatch": "\"other\"" }), Some((412, "If-Match"))),
        (json!({ "IfNoneMatch": etag }), Some((304, ""))),
        (json!({ "IfNoneMatch": bare }), Some((304, ""))),
        (json!({ "IfNoneMatch": "*" }), Some((304, ""))),
        (json!({ "IfNoneMatch": "\"other\"" }), None),
        (json!({ "IfModifiedSince": earlier }), None),
        (json!({ "IfModifiedSince": made }), Some((304, ""))),
        (json!({ "IfModifiedSince": later }), Some((304, ""))),
        (json!({ "IfModifiedSince": future }), None),
        (json!({ "IfUnmodifiedSince": earlier }), Some((412, "If-Unmodified-Since"))),
        (json!({ "IfUnmodifiedSince": made }), None),
        (json!({ "IfUnmodifiedSince": later }), None),
        // An entity tag that holds outweighs the time beside it.
        (json!({ "IfMatch": etag, "IfUnmodifiedSince": earlier }), None),
        (json!({ "IfNoneMatch": "\"other\"", "IfModifiedSince": later }), None),
        (json!({ "IfNoneMatch": etag, "IfModifiedSince": earlier }), Some((304, ""))),
        (json!({ "IfMatch": "\"other\"", "IfNoneMatch": etag, "IfUnmodifiedSince": earlier }), Some((412, "If-Match"))),
        (json!({ "IfNoneMatch": etag, "IfUnmodifiedSince": earlier }), Some((412, "If-Unmodified-Since"))),
    ];
    for (conditions, expected) in cases {
        let found = get(&mut kit, conditions.clone()).err();
        let found = found.as_ref().map(|fault| (fault.status, field(fault, "Condition").unwrap_or_default()));
        assert_eq!(found, expected, "{conditions}");
    }
}

/// As recorded from AWS.
#[test]
fn conditional_writes() {
    let mut kit = kit();
    let write = |more: Value| merged(json!({ "Bucket": "b-1", "Key": "k" }), more);
    let fault = fails(&mut kit, "PutObject", write(json!({ "IfMatch": "\"x\"" })));
    assert_eq!((fault.status, fault.code.as_ref()), (404, "NoSuchKey"));
    let etag = ok(&mut kit, "PutObject", write(json!({ "IfNoneMatch": "*" })))["ETag"].clone();
    let fault = fails(&mut kit, "PutObject", write(json!({ "IfNoneMatch": "*" })));
    assert_eq!((fault.status, field(&fault, "Condition")), (412, Some("If-None-Match")));
    let fault = fails(&mut kit, "PutObject", write(json!({ "IfMatch": "\"x\"" })));
    assert_eq!((fault.status, field(&fault, "Condition")), (412, Some("If-Match")));
    ok(&mut kit, "PutObject", write(json!({ "IfMatch": etag })));
    for (more, header) in [
        (json!({ "IfMatch": "*" }), "If-Match"),
        (json!({ "IfNoneMatch": "\"x\"" }), "If-None-Match"),
        (json!({ "IfMatch": "\"x\"", "IfNoneMatch": "*" }), "If-Match,If-None-Match"),
    ] {
        let fault = fails(&mut kit, "PutObject", write(more));
        assert_eq!((fault.status, field(&fault, "Header")), (501, Some(header)));
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
#[test]
fn conditional_deletes() {
    let mut kit = kit();
    let delete = |tag: &str| json!({ "Bucket": "b-1", "Key": "k", "IfMatch": tag });
    assert_eq!(fails(&mut kit, "DeleteObject", delete("*")).status, 412);
    let etag = put(&mut kit, "k", "x")["ETag"].as_str().unwrap().to_owned();
    assert_eq!(fails(&mut kit, "DeleteObject", delete("\"other\"")).status, 412);
    ok(&mut kit, "DeleteObject", delete(&etag));
    put(&mut kit, "k", "x");
    ok(&mut kit, "DeleteObject", delete("*"));
    assert_eq!(fails(&mut kit, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })).code, "NoSuchKey");
}

#[test]
fn what_cannot_be_put() {
    let mut kit = kit();
    let long = "k".repeat(1025);
    let cases = [
        (json!({ "Key": long }), "KeyTooLongError"),
        (json!({ "StorageClass": "OUTPOSTS" }), "InvalidStorageClass"),
        (json!({ "ServerSideEncryption": "rot13" }), "InvalidArgument"),
        (json!({ "ContentMD5": "__invalid__" }), "InvalidDigest"),
        (json!({ "ContentMD5": "XUFAKrxLKna5cZ2REBfFkg==" }), "BadDigest"),
        (json!({ "Metadata": { "a": "x".repeat(2048) } }), "MetadataTooLarge"),
        (json!({ "ACL": "public-read" }), "AccessControlListNotSupported"),
        (json!({ "ACL": "private" }), "AccessControlListNotSupported"),
        (json!({ "Tagging": "a=b&a=c" }), "InvalidArgument"),
    ];
    for (more, code) in cases {
        let fault = fails(&mut kit, "PutObject", merged(json!({ "Bucket": "b-1", "Key": "k" }), more));
        assert_eq!((fault.status, fault.code.as_ref()), (400, code));
    }
    assert_eq!(ok(&mut kit, "ListObjectsV2", json!({ "Bucket": "b-1" }))["KeyCount"], 0, "nothing was put");
    put_with(&mut kit, &"k".repeat(1024), "hello", json!({ "ContentMD5": "XUFAKrxLKna5cZ2REBfFkg==" }));
}

#[test]
fn a_deep_archive_does_not_open_itself() {
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "StorageClass": "DEEP_ARCHIVE" }));
    let fault = get(&mut kit, json!({})).unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (403, "InvalidObjectState"));
    assert_eq!(ok(&mut kit, "HeadObject", json!({ "Bucket": "b-1", "Key": "k" }))["StorageClass"], "DEEP_ARCHIVE");
}

#[test]
fn attributes_are_those_asked_for() {
    let mut kit = kit();
    put_with(&mut kit, "k", "hello", json!({ "ChecksumSHA1": "s" }));
    let ask =
        json!({ "Bucket": "b-1", "Key": "k", "ObjectAttributes": ["ETag", "ObjectSize", "Checksum", "ObjectParts"] });
    let expected = json!({ "LastModified": "2026-11-24T08:00:00.000Z", "ETag": "5d41402abc4b2a76b9719d911017c592",
        "ObjectSize": 5, "Checksum": { "ChecksumSHA1": "s", "ChecksumType": "FULL_OBJECT" } });
    assert_eq!(ok(&mut kit, "GetObjectAttributes", ask), expected);
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
#[test]
fn a_batch_delete_answers_for_each_object() {
    let mut kit = kit();
    put(&mut kit, "mine/1", "x");
    put(&mut kit, "theirs/1", "x");
    let mine = json!({ "Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::b-1/mine/*" });
    let user = kit.user("u", json!([mine]));
    let objects = json!([{ "Key": "mine/1" }, { "Key": "theirs/1" }, { "Key": "mine/never" }]);
    let request = |quiet: bool| json!({ "Bucket": "b-1", "Delete": { "Objects": objects, "Quiet": quiet } });
    let answer = told(kit.s3(&user, "DeleteObjects", request(false), "").unwrap());
    assert_eq!(answer["Deleted"], json!([{ "Key": "mine/1" }, { "Key": "mine/never" }]));
    assert_eq!(answer["Errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["Errors"][0]["Key"], "theirs/1");
    assert_eq!(answer["Errors"][0]["Code"], "AccessDenied");
    let answer = told(kit.s3(&user, "DeleteObjects", request(true), "").unwrap());
    assert_eq!(answer["Deleted"], json!([]));
    let many: Vec<Value> = (0..1001).map(|at| json!({ "Key": at.to_string() })).collect();
    for objects in [json!([]), json!(many)] {
        let fault = fails(&mut kit, "DeleteObjects", json!({ "Bucket": "b-1", "Delete": { "Objects": objects } }));
        assert_eq!((fault.status, fault.code.as_ref()), (400, "MalformedXML"));
    }
    let left = ok(&mut kit, "ListObjectsV2", json!({ "Bucket": "b-1" }));
    assert_eq!(left["Contents"][0]["Key"], "theirs/1");
}
