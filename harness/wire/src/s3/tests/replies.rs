use ::s3::Reply;
use ::s3::reply::{
    AbacStatus, Acl, BucketEntry, CommonPrefix, CopyObject, CopyResult, DeleteError, DeleteObject, DeleteObjects,
    DeletedObject, GetBucketAbac, GetBucketLocation, GetBucketPolicy, GetBucketVersioning, GetObject, GetObjectTagging,
    Grant, Grantee, HeadObject, ListBuckets, ListObjectsV2, ObjectEntry, Owner,
};
use ::s3::request::{Meta, Tag};
use bytes::Bytes;
use jiff::Timestamp;
use model::S3;

use crate::shape::Shaped;

fn answer(operation: &str, reply: Reply) -> Shaped {
    crate::s3::answer(S3.operation(operation).unwrap(), reply).unwrap()
}

fn at() -> Timestamp {
    "2026-11-24T08:00:00Z".parse().unwrap()
}

fn owner() -> Owner {
    Owner { id: "0f".to_owned() }
}

/// The declaration and the namespace, which every document has, are added here.
#[track_caller]
fn check(operation: &str, reply: Reply, expected: &str) -> Shaped {
    let shaped = answer(operation, reply);
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
    let buckets = vec![BucketEntry {
        name: "b".to_owned(),
        creation_date: at(),
        bucket_region: "eu-west-1".to_owned(),
        bucket_arn: "arn:aws:s3:::b".to_owned(),
    }];
    check(
        "ListBuckets",
        Reply::ListBuckets(ListBuckets { buckets, owner: owner(), ..ListBuckets::default() }),
        "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name><CreationDate>2026-11-24T08:00:00.000Z</CreationDate>\
         <BucketRegion>eu-west-1</BucketRegion><BucketArn>arn:aws:s3:::b</BucketArn></Bucket></Buckets><Owner>\
         <ID>0f</ID></Owner></ListAllMyBucketsResult>",
    );
    let contents = vec![ObjectEntry {
        key: "a&b".to_owned(),
        last_modified: at(),
        etag: "\"e\"".to_owned(),
        size: 3,
        storage_class: "STANDARD".to_owned(),
        ..ObjectEntry::default()
    }];
    let common_prefixes = vec![CommonPrefix { prefix: "c/".to_owned() }, CommonPrefix { prefix: "d/".to_owned() }];
    check(
        "ListObjectsV2",
        Reply::ListObjectsV2(ListObjectsV2 {
            contents,
            common_prefixes,
            name: "b".to_owned(),
            max_keys: 1000,
            key_count: 3,
            ..ListObjectsV2::default()
        }),
        "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key>\
         <LastModified>2026-11-24T08:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size>\
         <StorageClass>STANDARD</StorageClass></Contents><Name>b</Name><Prefix/><MaxKeys>1000</MaxKeys>\
         <CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>\
         <KeyCount>3</KeyCount></ListBucketResult>",
    );
    let deleted = vec![DeletedObject { key: "k".to_owned(), ..DeletedObject::default() }];
    let errors = vec![DeleteError {
        key: "l".to_owned(),
        code: "AccessDenied".to_owned(),
        message: "no".to_owned(),
        ..DeleteError::default()
    }];
    check(
        "DeleteObjects",
        Reply::DeleteObjects(DeleteObjects { deleted, errors }),
        "<DeleteResult><Deleted><Key>k</Key></Deleted><Error><Key>l</Key><Code>AccessDenied</Code>\
         <Message>no</Message></Error></DeleteResult>",
    );
    check(
        "GetBucketLocation",
        Reply::GetBucketLocation(GetBucketLocation { location_constraint: Some("eu-west-1".to_owned()) }),
        "<LocationConstraint>eu-west-1</LocationConstraint>",
    );
    check("GetBucketLocation", Reply::GetBucketLocation(GetBucketLocation::default()), "<LocationConstraint/>");
    check(
        "GetBucketVersioning",
        Reply::GetBucketVersioning(GetBucketVersioning::default()),
        "<VersioningConfiguration/>",
    );
    check(
        "GetBucketAbac",
        Reply::GetBucketAbac(GetBucketAbac { abac_status: AbacStatus { status: "Enabled" } }),
        "<AbacStatus><Status>Enabled</Status></AbacStatus>",
    );
    check(
        "GetBucketAcl",
        Reply::Acl(Acl {
            owner: owner(),
            grants: vec![Grant {
                grantee: Grantee { r#type: "CanonicalUser", id: "0f".to_owned() },
                permission: "FULL_CONTROL",
            }],
        }),
        "<AccessControlPolicy><Owner><ID>0f</ID></Owner><AccessControlList><Grant><Grantee \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>0f</ID></Grantee>\
         <Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>",
    );
}

#[test]
fn documents_with_members_beside_them() {
    let tag_set = vec![Tag { key: "Status".to_owned(), value: "OK".to_owned() }];
    let tags = check(
        "GetObjectTagging",
        Reply::GetObjectTagging(GetObjectTagging { version_id: Some("v".to_owned()), tag_set }),
        "<Tagging><TagSet><Tag><Key>Status</Key><Value>OK</Value></Tag></TagSet></Tagging>",
    );
    assert_eq!(tags.headers["x-amz-version-id"], "v");
    let result = CopyResult { etag: "\"e\"".to_owned(), last_modified: at(), ..CopyResult::default() };
    let copy = check(
        "CopyObject",
        Reply::CopyObject(CopyObject {
            copy_object_result: result,
            copy_source_version_id: Some("s".to_owned()),
            ..CopyObject::default()
        }),
        "<CopyObjectResult><ETag>&quot;e&quot;</ETag><LastModified>2026-11-24T08:00:00.000Z</LastModified>\
         </CopyObjectResult>",
    );
    assert_eq!(copy.headers["x-amz-copy-source-version-id"], "s");
}

fn head() -> HeadObject {
    let metadata =
        [("who", "me"), ("name", "ü"), ("evil", "a\r\nb: c")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    HeadObject {
        accept_ranges: "bytes",
        last_modified: at(),
        content_length: 5,
        etag: "\"e\"".to_owned(),
        tag_count: Some(2),
        meta: Meta {
            content_type: Some("text/plain".to_owned()),
            metadata: metadata.into_iter().collect(),
            ..Meta::default()
        },
        ..HeadObject::default()
    }
}

#[test]
fn objects() {
    let get = answer("GetObject", Reply::GetObject(GetObject { head: head(), body: Bytes::from_static(b"hello") }));
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
    let head_answer = answer("HeadObject", Reply::HeadObject(head()));
    assert_eq!((head_answer.status.as_u16(), head_answer.body.len()), (200, 0));
    assert_eq!(head_answer.headers["content-length"], "5");

    let ranged = HeadObject { content_range: Some("bytes 0-4/9".to_owned()), ..head() };
    let get = answer("GetObject", Reply::GetObject(GetObject { head: ranged, body: Bytes::from_static(b"hello") }));
    assert_eq!((get.status.as_u16(), &get.headers["content-range"]), (206, &"bytes 0-4/9".parse().unwrap()));
}

#[test]
fn answers_without_documents() {
    let deleted = DeleteObject { delete_marker: Some(true), version_id: Some("v".to_owned()) };
    let shaped = answer("DeleteObject", Reply::DeleteObject(deleted));
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
        let shaped = answer(operation, Reply::Empty {});
        assert_eq!((shaped.status.as_u16(), shaped.body.len()), (status, 0), "{operation}");
    }
    let policy = answer("GetBucketPolicy", Reply::GetBucketPolicy(GetBucketPolicy { policy: "{ }".to_owned() }));
    assert_eq!(
        (policy.body.as_ref(), &policy.headers["content-type"]),
        (&b"{ }"[..], &"application/json".parse().unwrap())
    );
}
