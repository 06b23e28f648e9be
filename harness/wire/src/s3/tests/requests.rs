use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use serde_json::json;

use super::routing::parts;
use crate::body::Complete;
use crate::s3::{Asked, Control};

fn read(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Result<Request, Fault> {
    let parts = parts(method, uri, headers);
    let complete = Complete { length: body.len() as u64, checksum: None };
    Asked::read(&parts)?.decode(Bytes::copy_from_slice(body.as_bytes()), &complete).map(|decoded| decoded.request)
}

#[test]
fn members_of_a_put() {
    let headers = [
        ("content-type", "text/plain"),
        ("content-encoding", "aws-chunked, gzip"),
        ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
        ("x-amz-meta-who", "me"),
        ("x-amz-meta-who", "you"),
        ("x-amz-meta-name", "ü"),
        ("x-amz-tagging", "Status=OK&empty="),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-server-side-encryption-aws-kms-key-id", "key"),
        ("x-amz-expected-bucket-owner", "123456789012"),
        ("x-amz-acl", "private"),
        ("if-none-match", "*"),
        ("x-amz-date", "20261124T080000Z"),
    ];
    let Request::PutObject(put) = read("PUT", "/b/a%20k", &headers, "body").unwrap() else { panic!() };
    assert_eq!((put.bucket.as_str(), put.key.as_str(), put.body.as_ref()), ("b", "a k", &b"body"[..]));
    assert_eq!(put.expected_bucket_owner.as_deref(), Some("123456789012"));
    assert_eq!(put.content_md5.as_deref(), Some("1B2M2Y8AsgTpgAmY7PhCfg=="));
    assert_eq!(put.if_none_match.as_deref(), Some("*"));
    let storing = &put.storing;
    assert_eq!(storing.tagging.as_deref(), Some("Status=OK&empty="));
    assert_eq!(storing.storage_class.as_deref(), Some("STANDARD_IA"));
    assert_eq!(storing.sse_kms_key_id.as_deref(), Some("key"));
    assert_eq!(storing.acl.as_deref(), Some("private"));
    assert_eq!(storing.meta.content_type.as_deref(), Some("text/plain"));
    assert_eq!(storing.meta.content_encoding.as_deref(), Some("gzip"));
    assert_eq!(storing.meta.metadata["who"], "me,you");
    assert_eq!(storing.meta.metadata["name"], "ü");
}

#[test]
fn a_checksum_from_a_trailer_is_the_objects() {
    let parts = parts("PUT", "/b/k", &[("content-encoding", "aws-chunked")]);
    let complete = Complete { length: 0, checksum: Some(("x-amz-checksum-crc32", "AAAAAA==".to_owned())) };
    let request = Asked::read(&parts).unwrap().decode(Bytes::new(), &complete).unwrap().request;
    let Request::PutObject(put) = request else { panic!() };
    assert_eq!(put.checksums.crc32.as_deref(), Some("AAAAAA=="));
    assert_eq!(put.storing.meta.content_encoding, None);
}

/// The AWS SDK for JavaScript puts the sum of an empty body into a presigned URL; nobody has checked it.
#[test]
fn a_checksum_in_a_url_is_none_of_the_objects() {
    let uri =
        "/b/k?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-amz-tagging=a%3D1&x-id=PutObject";
    let Request::PutObject(put) = read("PUT", uri, &[], "body").unwrap() else { panic!() };
    assert_eq!((put.checksums.crc32.as_deref(), put.storing.tagging.as_deref()), (None, Some("a=1")));
}

#[test]
fn members_of_a_get() {
    let headers =
        [("range", "bytes=0-1"), ("if-modified-since", "Tue, 24 Nov 2026 08:00:00 GMT"), ("if-match", "\"e\"")];
    let uri = "/b/k?versionId=v&response-content-type=a%2Fb+c&partNumber=3";
    let Request::GetObject(get) = read("GET", uri, &headers, "").unwrap() else { panic!() };
    assert_eq!(
        (get.version_id.as_deref(), get.range.as_deref(), get.part_number),
        (Some("v"), Some("bytes=0-1"), Some(3))
    );
    assert_eq!(get.preconditions.if_match.as_deref(), Some("\"e\""));
    assert_eq!(get.preconditions.if_modified_since, Some("2026-11-24T08:00:00Z".parse().unwrap()));
    assert_eq!(get.overrides.response_content_type.as_deref(), Some("a/b c"));

    let headers = [("if-modified-since", "yesterday")];
    let Request::GetObject(get) = read("GET", "/b/k", &headers, "").unwrap() else { panic!() };
    assert_eq!(get.preconditions.if_modified_since, None);
}

#[test]
fn members_of_lists_and_attributes() {
    let uri = "/b?list-type=2&prefix=a%2Fb+c&max-keys=7&fetch-owner=true&start-after=&encoding-type=url";
    let Request::ListObjectsV2(list) = read("GET", uri, &[], "").unwrap() else { panic!() };
    assert_eq!((list.prefix.as_deref(), list.max_keys, list.fetch_owner), (Some("a/b c"), Some(7), Some(true)));
    assert_eq!((list.start_after.as_deref(), list.encoding_type.as_deref()), (Some(""), Some("url")));

    let headers = [("x-amz-object-attributes", "ETag, ObjectSize"), ("x-amz-object-attributes", "Checksum")];
    let Request::GetObjectAttributes(get) = read("GET", "/b/k?attributes", &headers, "").unwrap() else { panic!() };
    assert_eq!(get.object_attributes, ["ETag", "ObjectSize", "Checksum"]);
}

#[test]
fn documents() {
    let xmlns = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    let body = format!(
        "<?xml version=\"1.0\"?><CreateBucketConfiguration {xmlns}><LocationConstraint>eu-west-1</LocationConstraint>\
         <Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags></CreateBucketConfiguration>"
    );
    let Request::CreateBucket(create) = read("PUT", "/b", &[], &body).unwrap() else { panic!() };
    assert_eq!(create.create_bucket_configuration.location_constraint.as_deref(), Some("eu-west-1"));
    assert_eq!(create.create_bucket_configuration.tags[0].value, "b");
    let Request::CreateBucket(create) = read("PUT", "/b", &[], "").unwrap() else { panic!() };
    assert_eq!(create.create_bucket_configuration.location_constraint, None);

    let body = "<Delete><Object><Key>a&amp;b</Key><VersionId>v</VersionId></Object><Object><Key>c</Key></Object>\
                <Quiet>true</Quiet></Delete>";
    let Request::DeleteObjects(delete) = read("POST", "/b?delete", &[], body).unwrap() else { panic!() };
    let keys: Vec<&str> = delete.delete.objects.iter().map(|object| object.key.as_str()).collect();
    assert_eq!((keys, delete.delete.quiet), (vec!["a&b", "c"], Some(true)));
    assert_eq!(delete.delete.objects[0].version_id.as_deref(), Some("v"));

    let body =
        "<CompleteMultipartUpload><Part><ETag>\"e\"</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
    let Request::CompleteMultipartUpload(complete) = read("POST", "/b/k?uploadId=u", &[], body).unwrap() else {
        panic!()
    };
    assert_eq!((complete.upload_id.as_str(), complete.multipart_upload.parts[0].part_number), ("u", Some(1)));

    let body = "<Tagging><TagSet><Tag><Key>Status</Key><Value>OK</Value></Tag></TagSet></Tagging>";
    let Request::PutObjectTagging(put) = read("PUT", "/b/k?tagging", &[], body).unwrap() else { panic!() };
    assert_eq!((put.tagging.tag_set[0].key.as_str(), put.tagging.tag_set[0].value.as_str()), ("Status", "OK"));

    let body = "<AbacStatus><Status>Enabled</Status></AbacStatus>";
    let Request::PutBucketAbac(put) = read("PUT", "/b?abac", &[], body).unwrap() else { panic!() };
    assert_eq!(put.abac_status.status.as_deref(), Some("Enabled"));

    let Request::PutBucketPolicy(put) = read("PUT", "/b?policy", &[], "{\"Statement\":[]}").unwrap() else { panic!() };
    assert_eq!(put.policy, "{\"Statement\":[]}");
}

#[test]
fn what_is_refused() {
    for (method, uri, headers, body, expected) in [
        ("GET", "/b?max-keys=many", &[][..], "", "InvalidArgument"),
        ("GET", "/b/k?partNumber=x", &[], "", "InvalidArgument"),
        ("PUT", "/b/k?tagging", &[], "", "MissingRequestBodyError"),
        ("PUT", "/b/k?tagging", &[], "<Tagging>", "MalformedXML"),
        ("PUT", "/b/k?tagging", &[], "<Other/>", "MalformedXML"),
        ("PUT", "/b", &[], "no xml", "MalformedXML"),
        ("PUT", "/b/k", &[("x-amz-grant-read", "id=1")], "", "NotImplemented"),
        ("PUT", "/b/k", &[("x-amz-server-side-encryption-customer-key", "x")], "", "NotImplemented"),
        ("PUT", "/b/k", &[("x-amz-object-lock-mode", "GOVERNANCE")], "", "NotImplemented"),
        ("GET", "/b?cors", &[], "", "NotImplemented"),
        ("DELETE", "/b/k", &[("x-amz-bypass-governance-retention", "true")], "", "NotImplemented"),
        ("PUT", "/b?acl", &[("x-amz-acl", "private")], "<AccessControlPolicy/>", "NotImplemented"),
        ("POST", "/b?delete", &[], "<Delete><Object><Key>k</Key><Size>1</Size></Object></Delete>", "NotImplemented"),
        // What no operation explains, or says twice.
        ("GET", "/b/k?acl&tagging", &[], "", "InvalidArgument"),
        ("GET", "/b?prefix=a&prefix=b", &[], "", "InvalidArgument"),
        ("GET", "/b/k?unknown=1", &[], "", "NotImplemented"),
        ("GET", "/b/k", &[("x-amz-acl", "private")], "", "NotImplemented"),
        ("PUT", "/b/k", &[("x-amz-tagging", "a=1"), ("x-amz-tagging", "a=2")], "", "InvalidArgument"),
        ("DELETE", "/b/k", &[], "<Delete/>", "InvalidRequest"),
        ("PUT", "/b/k?tagging", &[], "<Tagging><Tags/></Tagging>", "MalformedXML"),
    ] {
        let fault = read(method, uri, headers, body).unwrap_err();
        assert_eq!(fault.code, expected, "{method} {uri} {headers:?} {body}");
    }
}

#[test]
fn s3_control() {
    let uri = "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab";
    let body =
        b"<TagResourceRequest xmlns=\"http://awss3control.amazonaws.com/doc/2018-08-20/\"><Tags><Tag><Key>a</Key>\
                 <Value>b</Value></Tag></Tags></TagResourceRequest>";
    let input = |method, uri, body: &[u8]| {
        Control::read(&parts(method, uri, &[("host", "123456789012.localhost")]))
            .unwrap()
            .input(Bytes::copy_from_slice(body))
    };
    assert_eq!(
        input("POST", uri, body).unwrap(),
        json!({"AccountId": "123456789012", "ResourceArn": "arn:aws:s3:::b",
               "Tags": [{"Key": "a", "Value": "b"}]})
    );
    assert_eq!(
        input("DELETE", "/v20180820/tags/arn:aws:s3:::b?tagKeys=a&tagKeys=b%26+c", b"").unwrap(),
        json!({"AccountId": "123456789012", "ResourceArn": "arn:aws:s3:::b", "TagKeys": ["a", "b& c"]})
    );
    assert_eq!(input("POST", uri, b"").unwrap_err().code, "MissingRequestBodyError");
}
