use ::s3::Reply;
use bytes::Bytes;
use model::S3;
use serde_json::{Value, json};

use crate::shape::Shaped;

fn answer(operation: &str, members: Value, body: &'static str) -> Shaped {
    let reply = Reply { body: Bytes::from_static(body.as_bytes()), ..Reply::from(members) };
    crate::s3::answer(S3.operation(operation).unwrap(), reply).unwrap()
}

/// The declaration and the namespace, which every document has, are added here.
#[track_caller]
fn check(operation: &str, members: Value, expected: &str) -> Shaped {
    let shaped = answer(operation, members, "");
    let (root, rest) = expected.split_at(expected.find(['>', '/']).unwrap());
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"{rest}"
    );
    assert_eq!(std::str::from_utf8(&shaped.body).unwrap(), expected, "{operation}");
    assert_eq!(shaped.headers["content-type"], "application/xml");
    assert_eq!(shaped.status.as_u16(), 200);
    shaped
}

#[test]
fn documents() {
    let bucket = json!({ "Name": "b", "CreationDate": "2026-11-24T08:00:00.000Z", "BucketRegion": "eu-west-1",
        "BucketArn": "arn:aws:s3:::b" });
    check(
        "ListBuckets",
        json!({ "Buckets": [bucket], "Owner": { "ID": "0f" } }),
        "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name><CreationDate>2026-11-24T08:00:00.000Z</CreationDate>\
         <BucketRegion>eu-west-1</BucketRegion><BucketArn>arn:aws:s3:::b</BucketArn></Bucket></Buckets><Owner>\
         <ID>0f</ID></Owner></ListAllMyBucketsResult>",
    );
    let object = json!({ "Key": "a&b", "LastModified": "2026-11-24T08:00:00.000Z", "ETag": "\"e\"", "Size": 3,
        "StorageClass": "STANDARD" });
    check(
        "ListObjectsV2",
        json!({ "IsTruncated": false, "Contents": [object], "Name": "b", "Prefix": "", "MaxKeys": 1000,
            "CommonPrefixes": [{ "Prefix": "c/" }, { "Prefix": "d/" }], "KeyCount": 3 }),
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key>\
         <LastModified>2026-11-24T08:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size>\
         <StorageClass>STANDARD</StorageClass></Contents><Name>b</Name><Prefix/><MaxKeys>1000</MaxKeys>\
         <CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>\
         <KeyCount>3</KeyCount></ListBucketResult>",
    );
    check(
        "DeleteObjects",
        json!({ "Deleted": [{ "Key": "k" }],
            "Errors": [{ "Key": "l", "VersionId": null, "Code": "AccessDenied", "Message": "no" }] }),
        "<DeleteResult><Deleted><Key>k</Key></Deleted><Error><Key>l</Key><Code>AccessDenied</Code>\
         <Message>no</Message></Error></DeleteResult>",
    );
    check(
        "GetBucketLocation",
        json!({ "LocationConstraint": "eu-west-1" }),
        "<LocationConstraint>eu-west-1</LocationConstraint>",
    );
    check("GetBucketLocation", json!({ "LocationConstraint": null }), "<LocationConstraint/>");
    check("GetBucketVersioning", json!({}), "<VersioningConfiguration/>");
    check(
        "GetBucketAbac",
        json!({ "AbacStatus": { "Status": "Enabled" } }),
        "<AbacStatus><Status>Enabled</Status></AbacStatus>",
    );
    let grantee = json!({ "Type": "CanonicalUser", "ID": "0f" });
    check(
        "GetBucketAcl",
        json!({ "Owner": { "ID": "0f" }, "Grants": [{ "Grantee": grantee, "Permission": "FULL_CONTROL" }] }),
        "<AccessControlPolicy><Owner><ID>0f</ID></Owner><AccessControlList><Grant><Grantee \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>0f</ID></Grantee>\
         <Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>",
    );
}

#[test]
fn documents_with_members_beside_them() {
    let tags = check(
        "GetObjectTagging",
        json!({ "VersionId": "v", "TagSet": [{ "Key": "Status", "Value": "OK" }] }),
        "<Tagging><TagSet><Tag><Key>Status</Key><Value>OK</Value></Tag></TagSet></Tagging>",
    );
    assert_eq!(tags.headers["x-amz-version-id"], "v");
    let copy = check(
        "CopyObject",
        json!({ "CopyObjectResult": { "ETag": "\"e\"", "LastModified": "2026-11-24T08:00:00.000Z" },
            "CopySourceVersionId": "s" }),
        "<CopyObjectResult><ETag>&quot;e&quot;</ETag><LastModified>2026-11-24T08:00:00.000Z</LastModified>\
         </CopyObjectResult>",
    );
    assert_eq!(copy.headers["x-amz-copy-source-version-id"], "s");
}

fn head() -> Value {
    json!({ "AcceptRanges": "bytes", "LastModified": "2026-11-24T08:00:00.000Z", "ContentLength": 5, "ETag": "\"e\"",
        "TagCount": 2, "ContentType": "text/plain",
        "Metadata": { "who": "me", "name": "ü", "evil": "a\r\nb: c" } })
}

#[test]
fn objects() {
    let get = answer("GetObject", head(), "hello");
    assert_eq!((get.status.as_u16(), get.body.as_ref()), (200, &b"hello"[..]));
    for (name, expected) in [
        ("accept-ranges", "bytes"),
        ("last-modified", "Tue, 24 Nov 2026 08:00:00 GMT"),
        ("etag", "\"e\""),
        ("content-type", "text/plain"),
        ("x-amz-tagging-count", "2"),
        ("x-amz-meta-who", "me"),
        ("x-amz-meta-name", "=?UTF-8?B?w7w=?="),
    ] {
        assert_eq!(get.headers[name], expected, "{name}");
    }
    // No header can hold a line end as it is.
    assert!(get.headers["x-amz-meta-evil"].as_bytes().starts_with(b"=?UTF-8?B?"));
    let head_answer = answer("HeadObject", head(), "");
    assert_eq!((head_answer.status.as_u16(), head_answer.body.len()), (200, 0));
    assert_eq!(head_answer.headers["content-length"], "5");

    let mut ranged = head();
    ranged["ContentRange"] = json!("bytes 0-4/9");
    let get = answer("GetObject", ranged, "hello");
    assert_eq!((get.status.as_u16(), &get.headers["content-range"]), (206, &"bytes 0-4/9".parse().unwrap()));
}

#[test]
fn answers_without_documents() {
    let shaped = answer("DeleteObject", json!({ "DeleteMarker": true, "VersionId": "v" }), "");
    assert_eq!((shaped.status.as_u16(), shaped.body.len()), (204, 0));
    assert_eq!(shaped.headers["x-amz-delete-marker"], "true");

    for (operation, status) in [
        ("DeleteBucket", 204),
        ("DeleteBucketPolicy", 204),
        ("PutBucketPolicy", 204),
        ("AbortMultipartUpload", 204),
        ("PutBucketTagging", 200),
        ("PutBucketVersioning", 200),
    ] {
        let shaped = answer(operation, json!({}), "");
        assert_eq!((shaped.status.as_u16(), shaped.body.len()), (status, 0), "{operation}");
    }
    let policy = answer("GetBucketPolicy", json!({ "Policy": "{ }" }), "");
    assert_eq!(
        (policy.body.as_ref(), &policy.headers["content-type"]),
        (&b"{ }"[..], &"application/json".parse().unwrap())
    );
}
