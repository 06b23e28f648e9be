use ::s3::Request;
use account::Fault;
use bytes::Bytes;
use serde_json::{Value, json};

use super::routing::parts;
use crate::body::Complete;
use crate::s3::{Control, RoutedRequest};

fn read(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Result<Request, Fault> {
    let parts = parts(method, uri, headers);
    let complete = Complete { length: body.len() as u64, checksum: None };
    RoutedRequest::read(&parts)?
        .decode(Bytes::copy_from_slice(body.as_bytes()), &complete)
        .map(|decoded| decoded.request)
}

/// Which operation a request is, and what it says.
#[track_caller]
fn check(method: &str, uri: &str, headers: &[(&str, &str)], body: &str, operation: &str, expected: Value) {
    let mut request = read(method, uri, headers, body).unwrap();
    assert_eq!(request.operation(), operation);
    assert_eq!(Value::Object(request.take_message().0), expected, "{method} {uri}");
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
    let expected = json!({
        "Bucket": "b", "Key": "a k", "ExpectedBucketOwner": "123456789012", "ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg==",
        "IfNoneMatch": "*", "Tagging": "Status=OK&empty=", "StorageClass": "STANDARD_IA", "SSEKMSKeyId": "key",
        "ACL": "private", "ContentType": "text/plain", "ContentEncoding": "gzip",
        "Metadata": { "who": "me,you", "name": "ü" },
    });
    check("PUT", "/b/a%20k", &headers, "body", "PutObject", expected);
    assert_eq!(read("PUT", "/b/a%20k", &headers, "body").unwrap().take_message().1, "body");
}

#[test]
fn a_checksum_from_a_trailer_is_the_objects() {
    let parts = parts("PUT", "/b/k", &[("content-encoding", "aws-chunked")]);
    let complete = Complete { length: 0, checksum: Some(("x-amz-checksum-crc32", "AAAAAA==".to_owned())) };
    let request = RoutedRequest::read(&parts).unwrap().decode(Bytes::new(), &complete).unwrap().request;
    assert_eq!(
        (request.member("ChecksumCRC32"), request.member("ContentEncoding")),
        (&json!("AAAAAA=="), &Value::Null)
    );
}

/// The AWS SDK for JavaScript puts the sum of an empty body into a presigned URL; nobody has checked it.
#[test]
fn a_checksum_in_a_url_is_none_of_the_objects() {
    let uri =
        "/b/k?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-amz-tagging=a%3D1&x-id=PutObject";
    check("PUT", uri, &[], "body", "PutObject", json!({ "Bucket": "b", "Key": "k", "Tagging": "a=1" }));
}

#[test]
fn members_of_a_get() {
    let headers =
        [("range", "bytes=0-1"), ("if-modified-since", "Tue, 24 Nov 2026 08:00:00 GMT"), ("if-match", "\"e\"")];
    let uri = "/b/k?versionId=v&response-content-type=a%2Fb+c&partNumber=3";
    let expected = json!({
        "Bucket": "b", "Key": "k", "VersionId": "v", "Range": "bytes=0-1", "PartNumber": 3, "IfMatch": "\"e\"",
        "IfModifiedSince": "2026-11-24T08:00:00Z", "ResponseContentType": "a/b c",
    });
    check("GET", uri, &headers, "", "GetObject", expected);
    let headers = [("if-modified-since", "yesterday")];
    check("GET", "/b/k", &headers, "", "GetObject", json!({ "Bucket": "b", "Key": "k" }));
}

#[test]
fn members_of_lists_and_attributes() {
    let uri = "/b?list-type=2&prefix=a%2Fb+c&max-keys=7&fetch-owner=true&start-after=&encoding-type=url";
    let expected = json!({
        "Bucket": "b", "Prefix": "a/b c", "MaxKeys": 7, "FetchOwner": true, "StartAfter": "", "EncodingType": "url",
    });
    check("GET", uri, &[], "", "ListObjectsV2", expected);

    let headers = [("x-amz-object-attributes", "ETag, ObjectSize"), ("x-amz-object-attributes", "Checksum")];
    let expected = json!({ "Bucket": "b", "Key": "k", "ObjectAttributes": ["ETag", "ObjectSize", "Checksum"] });
    check("GET", "/b/k?attributes", &headers, "", "GetObjectAttributes", expected);
}

#[test]
fn documents() {
    let xmlns = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
    let body = format!(
        "<?xml version=\"1.0\"?><CreateBucketConfiguration {xmlns}><LocationConstraint>eu-west-1</LocationConstraint>\
         <Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags></CreateBucketConfiguration>"
    );
    let configuration = json!({ "LocationConstraint": "eu-west-1", "Tags": [{ "Key": "a", "Value": "b" }] });
    let expected = json!({ "Bucket": "b", "CreateBucketConfiguration": configuration });
    check("PUT", "/b", &[], &body, "CreateBucket", expected);
    check("PUT", "/b", &[], "", "CreateBucket", json!({ "Bucket": "b" }));

    let body = "<Delete><Object><Key>a&amp;b</Key><VersionId>v</VersionId></Object><Object><Key>c</Key></Object>\
                <Quiet>true</Quiet></Delete>";
    let delete = json!({ "Objects": [{ "Key": "a&b", "VersionId": "v" }, { "Key": "c" }], "Quiet": true });
    check("POST", "/b?delete", &[], body, "DeleteObjects", json!({ "Bucket": "b", "Delete": delete }));

    let body =
        "<CompleteMultipartUpload><Part><ETag>\"e\"</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
    let expected = json!({
        "Bucket": "b", "Key": "k", "UploadId": "u",
        "MultipartUpload": { "Parts": [{ "ETag": "\"e\"", "PartNumber": 1 }] },
    });
    check("POST", "/b/k?uploadId=u", &[], body, "CompleteMultipartUpload", expected);

    let body = "<Tagging><TagSet><Tag><Key>Status</Key><Value>OK</Value></Tag></TagSet></Tagging>";
    let tagging = json!({ "TagSet": [{ "Key": "Status", "Value": "OK" }] });
    let expected = json!({ "Bucket": "b", "Key": "k", "Tagging": tagging });
    check("PUT", "/b/k?tagging", &[], body, "PutObjectTagging", expected);

    let body = "<AbacStatus><Status>Enabled</Status></AbacStatus>";
    let expected = json!({ "Bucket": "b", "AbacStatus": { "Status": "Enabled" } });
    check("PUT", "/b?abac", &[], body, "PutBucketAbac", expected);

    let expected = json!({ "Bucket": "b", "Policy": "{\"Statement\":[]}" });
    check("PUT", "/b?policy", &[], "{\"Statement\":[]}", "PutBucketPolicy", expected);
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
}
