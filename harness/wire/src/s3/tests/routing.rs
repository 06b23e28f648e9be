use bytes::Bytes;
use http::request::Parts;

use crate::body::Complete;
use crate::s3::{Control, RoutedRequest};

/// A request as it is read: headers stand where they belong.
pub(super) fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut builder = http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        builder = builder.header(*name, value.as_bytes());
    }
    let parts = builder.body(()).unwrap().into_parts().0;
    crate::s3::lifted(&parts).unwrap_or(parts)
}

#[track_caller]
fn check(request: &str, expected: &str) {
    let (method, uri) = request.split_once(' ').unwrap();
    let (uri, copy) = uri.split_once(" copy").map_or((uri, false), |(uri, _)| (uri, true));
    let headers: &[(&str, &str)] = if copy { &[("x-amz-copy-source", "b/k")] } else { &[] };
    let parts = parts(method, uri, headers);
    let given = match RoutedRequest::read(&parts) {
        Ok(asked) => asked.operation().name.clone(),
        Err(fault) => fault.code.into_owned(),
    };
    assert_eq!(given, expected, "{request}");
}

#[test]
fn operations() {
    for (request, expected) in [
        ("GET /", "ListBuckets"),
        ("GET /?x-id=ListBuckets&max-buckets=3", "ListBuckets"),
        ("PUT /b", "CreateBucket"),
        ("PUT /b/", "CreateBucket"),
        ("HEAD /b", "HeadBucket"),
        ("DELETE /b", "DeleteBucket"),
        ("GET /b", "ListObjects"),
        ("GET /b?prefix=&delimiter=/&encoding-type=url", "ListObjects"),
        ("GET /b?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET /b?versions", "ListObjectVersions"),
        ("GET /b?versions=&prefix=", "ListObjectVersions"),
        ("GET /b?uploads", "ListMultipartUploads"),
        ("GET /b?location", "GetBucketLocation"),
        ("GET /b?policy", "GetBucketPolicy"),
        ("PUT /b?policy", "PutBucketPolicy"),
        ("DELETE /b?policy", "DeleteBucketPolicy"),
        ("GET /b?policyStatus", "GetBucketPolicyStatus"),
        ("GET /b?tagging", "GetBucketTagging"),
        ("PUT /b?tagging", "PutBucketTagging"),
        ("DELETE /b?tagging", "DeleteBucketTagging"),
        ("GET /b?versioning", "GetBucketVersioning"),
        ("PUT /b?versioning", "PutBucketVersioning"),
        ("GET /b?publicAccessBlock", "GetPublicAccessBlock"),
        ("PUT /b?publicAccessBlock", "PutPublicAccessBlock"),
        ("DELETE /b?publicAccessBlock", "DeletePublicAccessBlock"),
        ("GET /b?ownershipControls", "GetBucketOwnershipControls"),
        ("PUT /b?ownershipControls", "PutBucketOwnershipControls"),
        ("DELETE /b?ownershipControls", "DeleteBucketOwnershipControls"),
        ("GET /b?abac", "GetBucketAbac"),
        ("PUT /b?abac", "PutBucketAbac"),
        ("GET /b?acl", "GetBucketAcl"),
        ("PUT /b?acl", "PutBucketAcl"),
        ("POST /b?delete", "DeleteObjects"),
        ("GET /b/k", "GetObject"),
        ("GET /b/k?versionId=1&partNumber=2&x-id=GetObject", "GetObject"),
        ("HEAD /b/k?partNumber=1", "HeadObject"),
        ("PUT /b/k", "PutObject"),
        ("PUT /b/k copy", "CopyObject"),
        ("PUT /b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("PUT /b/k?partNumber=1&uploadId=u copy", "UploadPartCopy"),
        ("POST /b/k?uploads", "CreateMultipartUpload"),
        ("POST /b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE /b/k?uploadId=u", "AbortMultipartUpload"),
        ("GET /b/k?uploadId=u", "ListParts"),
        ("DELETE /b/k?versionId=1", "DeleteObject"),
        ("GET /b/k?attributes", "GetObjectAttributes"),
        ("GET /b/k?tagging", "GetObjectTagging"),
        ("PUT /b/k?tagging", "PutObjectTagging"),
        ("DELETE /b/k?tagging", "DeleteObjectTagging"),
        ("GET /b/k?acl", "GetObjectAcl"),
        ("PUT /b/k?acl", "PutObjectAcl"),
        // Presigned.
        ("GET /b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Security-Token=", "GetObject"),
        // Not emulated, and not taken for something else.
        ("GET /b?lifecycle", "GetBucketLifecycleConfiguration"),
        ("PUT /b?cors", "PutBucketCors"),
        ("GET /b?analytics", "ListBucketAnalyticsConfigurations"),
        ("GET /b?analytics&id=1", "GetBucketAnalyticsConfiguration"),
        ("POST /b/k?restore", "RestoreObject"),
        ("POST /b/k?select&select-type=2", "SelectObjectContent"),
        ("PUT /b/k?annotation&annotationName=a", "PutObjectAnnotation"),
        ("POST /b", "NotImplemented"),
        ("PUT /b/k?of-tomorrow", "NotImplemented"),
        ("GET /b?of-tomorrow=", "NotImplemented"),
        // No such method there.
        ("DELETE /b/k?acl", "MethodNotAllowed"),
        ("DELETE /b?versioning", "MethodNotAllowed"),
        ("PUT /b?versions", "MethodNotAllowed"),
        ("PUT /b/k?uploadId=u", "MethodNotAllowed"),
        ("POST /b/k", "MethodNotAllowed"),
        ("PUT /", "MethodNotAllowed"),
        ("PATCH /b/k", "MethodNotAllowed"),
        ("GET /%ff/k", "InvalidURI"),
        ("GET /b?prefix=%ff", "InvalidURI"),
        // Two operations at once, or what no operation has.
        ("GET /b?acl&tagging", "InvalidArgument"),
        ("GET /b?versions&list-type=2", "InvalidArgument"),
        ("POST /b/k?uploads&uploadId=u", "InvalidArgument"),
        ("GET /b?list-type=1", "MethodNotAllowed"),
        ("GET /b/k?prefix=a", "NotImplemented"),
        ("PUT /b/k?partNumber=1", "NotImplemented"),
        ("DELETE /b?analytics&id=1", "DeleteBucketAnalyticsConfiguration"),
        ("GET /b/k?AWSAccessKeyId=A&Expires=1&Signature=s&content-type=a", "GetObject"),
    ] {
        check(request, expected);
    }
}

#[track_caller]
fn place(host: &str, path: &str, expected: (&str, &str)) {
    let parts = parts("GET", path, &[("host", host)]);
    let asked = RoutedRequest::read(&parts).unwrap();
    let decoded = asked.decode(Bytes::new(), &Complete::default()).unwrap();
    let member = |name: &str| decoded.request.member(name).as_str().unwrap_or_default().to_owned();
    assert_eq!((member("Bucket").as_str(), member("Key").as_str()), expected, "{host}{path}");
}

/// A key is what was sent: nothing is normalised, and `+` is not a space.
#[test]
fn buckets_and_keys() {
    place("127.0.0.1:4566", "/b/k", ("b", "k"));
    place("127.0.0.1:4566", "/b/k/", ("b", "k/"));
    place("127.0.0.1:4566", "/b//k", ("b", "/k"));
    place("127.0.0.1:4566", "/b/../c/./k", ("b", "../c/./k"));
    place("127.0.0.1:4566", "/b/a+b%20c%2Fd%2B", ("b", "a+b c/d+"));
    place("127.0.0.1:4566", "/b/%C3%BC%F0%9F%99%82", ("b", "ü🙂"));
    place("127.0.0.1:4566", "/b/%E2%80%A8%00%7F", ("b", "\u{2028}\0\u{7f}"));
    place("127.0.0.1:4566", "/b/%2e%2e/k", ("b", "../k"));
    place("b.localhost:4566", "/k/l", ("b", "k/l"));
    place("b.localhost:4566", "/", ("b", ""));
    place("b.s3.eu-west-1.amazonaws.com", "//k", ("b", "/k"));
    place("b.localhost", "/_tagproof/health", ("b", "_tagproof/health"));
}

#[test]
fn s3_control() {
    let tags = "/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Ab";
    let block = "/v20180820/configuration/publicAccessBlock";
    for (method, path, expected) in [
        ("POST", tags, "TagResource"),
        ("GET", tags, "ListTagsForResource"),
        ("DELETE", "/v20180820/tags/arn:aws:s3:::b?tagKeys=a&tagKeys=b+c", "UntagResource"),
        ("GET", block, "GetPublicAccessBlock"),
        ("PUT", block, "PutPublicAccessBlock"),
        ("DELETE", block, "DeletePublicAccessBlock"),
        // Not emulated, and not taken for something else.
        ("GET", "/v20180820/accesspoint", "ListAccessPoints"),
        ("PATCH", tags, "NotImplemented"),
        ("GET", "/v20180820/", "NotImplemented"),
    ] {
        let given = match Control::read(&parts(method, path, &[("x-amz-account-id", "123456789012")])) {
            Ok(control) => control.operation().name.clone(),
            Err(fault) => fault.code.into_owned(),
        };
        assert_eq!(given, expected, "{method} {path}");
    }
}
