//! What requests are refused for, and in which words; constraints in AWS's words. The good cases are in `tests`.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::Model;
use serde_json::{Value, json};

use crate::{Message, Reason, Request, breaches, decode_request, encode_request, route};

fn model(name: &str) -> &'static Model {
    model::of(name).unwrap()
}

/// `GET /b/k?acl`, with headers as `name: value`.
fn request(line: &str, headers: &[&str], body: &str) -> Request {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut map = HeaderMap::new();
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Request {
        method: Method::from_bytes(method.as_bytes()).unwrap(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: map,
        body: Bytes::from(body.to_owned()),
    }
}

/// The operation and its members, or why the request is refused and where.
fn s3(line: &str, headers: &[&str], body: &str) -> Result<(String, Value), (Reason, String)> {
    let request = request(line, headers, body);
    let is_here = |operation: &model::Operation| !operation.is_deprecated && operation.name != "ListDirectoryBuckets";
    let operation = route(model("s3"), &request, is_here).ok_or((Reason::Path, "no operation".to_owned()))?;
    let message = decode_request(model("s3"), model("s3").protocol, operation, &request)
        .map_err(|malformed| (malformed.reason, malformed.place))?;
    Ok((operation.name.clone(), Value::Object(message.members)))
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
#[test]
fn a_request_to_s3_is_one_operation_with_the_members_that_it_says() {
    let check = |line: &str, headers: &[&str], body: &str, operation: &str, members: Value| {
        assert_eq!(s3(line, headers, body), Ok((operation.to_owned(), members)), "{line}");
    };
    check("GET /", &[], "", "ListBuckets", json!({}));
    check("GET /b", &[], "", "ListObjects", json!({"Bucket": "b"}));
    check("GET /b/", &[], "", "ListObjects", json!({"Bucket": "b"}));
    check("GET /b?list-type=2&prefix=a+b%2Bc", &[], "", "ListObjectsV2", json!({"Prefix": "a b+c", "Bucket": "b"}));
    check("GET /b?location", &[], "", "GetBucketLocation", json!({"Bucket": "b"}));
    check("GET /b?analytics&id=1", &[], "", "GetBucketAnalyticsConfiguration", json!({"Id": "1", "Bucket": "b"}));
    check("GET /b?analytics", &[], "", "ListBucketAnalyticsConfigurations", json!({"Bucket": "b"}));
    // A key is what the path says, byte for byte.
    check("GET /b//a/../k+%2F%20", &[], "", "GetObject", json!({"Bucket": "b", "Key": "/a/../k+/ "}));
    check("GET /b/a/", &[], "", "GetObject", json!({"Bucket": "b", "Key": "a/"}));
    let parts = json!({"PartNumber": 2, "UploadId": "u", "Bucket": "b", "Key": "k"});
    check("PUT /b/k?partNumber=2&uploadId=u", &[], "", "UploadPart", parts);
    let copied = json!({"Bucket": "b", "Key": "k", "CopySource": "c/d"});
    check("PUT /b/k", &["x-amz-copy-source: c/d"], "", "CopyObject", copied);
    // What a signature, a client and AWS's logs bring along.
    let signed = ["x-amz-date: d", "x-amz-security-token: t", "x-amz-checksum-crc32: c"];
    check("GET /b/k?x-id=GetObject&X-Amz-Signature=s", &signed, "", "GetObject", json!({"Bucket": "b", "Key": "k"}));
    let tagging = "<Tagging xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><TagSet><Tag><Key>a</Key><Value>1</Value></Tag>\
                   </TagSet></Tagging>";
    let members = json!({"Bucket": "b", "Key": "k", "Tagging": {"TagSet": [{"Key": "a", "Value": "1"}]}});
    check("PUT /b/k?tagging", &[], tagging, "PutObjectTagging", members);
    let dated = json!({"Bucket": "b", "Key": "k", "IfModifiedSince": "2026-11-30T12:00:00Z"});
    check("GET /b/k", &["if-modified-since: Mon, 30 Nov 2026 12:00:00 GMT"], "", "GetObject", dated);
    check("GET /b/k", &["if-modified-since: yesterday"], "", "GetObject", json!({"Bucket": "b", "Key": "k"}));
}

#[test]
fn what_no_operation_of_s3_explains_is_refused_by_name() {
    use Reason::{Duplicate, Path, Syntax, Type, Unexplained};
    let check = |line: &str, headers: &[&str], body: &str, reason: Reason, place: &str| {
        assert_eq!(s3(line, headers, body), Err((reason, place.to_owned())), "{line} {headers:?} {body}");
    };
    check("GET /b/k?acl&tagging", &[], "", Unexplained, "?tagging");
    // Which of the two counts is nowhere said, so neither does.
    check("GET /b?versions&list-type=2", &[], "", Unexplained, "?list-type");
    check("POST /b/k?uploads&uploadId=u", &[], "", Unexplained, "?uploadId");
    check("DELETE /b/k?acl", &[], "", Unexplained, "?acl");
    check("GET /b/k?lifecycle", &[], "", Unexplained, "?lifecycle");
    check("GET /b/k?unknown=1", &[], "", Unexplained, "?unknown");
    check("GET /b/k?versionId=1&versionId=2", &[], "", Duplicate, "?versionId");
    check("GET /b?acl&acl", &[], "", Duplicate, "?acl");
    check("GET /b/k?versionId=%ff", &[], "", Path, "no operation");
    check("GET /b/%ff", &[], "", Path, "%ff");
    check("PATCH /b/k", &[], "", Path, "no operation");
    check("GET /b/k?partNumber=one", &[], "", Type, "?partNumber");
    check("GET /b/k", &["x-amz-acl: private"], "", Unexplained, "x-amz-acl");
    check("PUT /b/k", &["x-amz-acl: private", "x-amz-acl: public-read"], "", Duplicate, "x-amz-acl");
    check("GET /b/k", &["x-amz-of-tomorrow: 1"], "", Unexplained, "x-amz-of-tomorrow");
    check("DELETE /b/k", &[], "<Delete/>", Unexplained, "body");
    check("PUT /b/k?tagging", &[], "<Tagging>", Syntax, "");
    check("PUT /b/k?tagging", &[], "<Other/>", Unexplained, "Other");
    check("PUT /b/k?tagging", &[], "<Tagging><Tags/></Tagging>", Unexplained, "Tagging.Tags");
    let twice = "<Tagging><TagSet/><TagSet/></Tagging>";
    check("PUT /b/k?tagging", &[], twice, Duplicate, "Tagging.TagSet");
    let other = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag><Other/></TagSet></Tagging>";
    check("PUT /b/k?tagging", &[], other, Unexplained, "Tagging.TagSet.Other");
}

#[test]
fn what_no_operation_of_the_other_services_explains_is_refused_by_name() {
    let check = |service: &str, operation: &str, body: &str, reason: Reason, place: &str| {
        let model = model(service);
        let operation = model.operation(operation).unwrap();
        let request = request("POST /", &[], body);
        let malformed = decode_request(model, model.protocol, operation, &request).unwrap_err();
        assert_eq!((malformed.reason, malformed.place.as_str()), (reason, place), "{body}");
    };
    check("ecs", "RunTask", r#"{"task": "t"}"#, Reason::Unexplained, "task");
    check("ecs", "RunTask", r#"{"tags": [{"Key": "k"}]}"#, Reason::Unexplained, "tags[0].Key");
    check("ecs", "RunTask", r#"{"count": "1"}"#, Reason::Type, "count");
    check("ecs", "RunTask", r#"{"tags": {}}"#, Reason::Type, "tags");
    check("ecs", "RunTask", "[]", Reason::Syntax, "");
    check("ecs", "RunTask", "{", Reason::Syntax, "");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&Tags.member.1.Name=k", Reason::Unexplained, "Tags[0].Name");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&UserName=u", Reason::Unexplained, "UserName");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&RoleName=s", Reason::Duplicate, "RoleName");
    check("iam", "TagRole", "Action=TagRole&Action=GetRole", Reason::Duplicate, "Action");
    check("iam", "TagRole", "Action=TagRole&RoleName.a=r", Reason::Type, "RoleName");
    check("iam", "TagRole", "Action=TagRole&Tags.1.Key=k", Reason::Unexplained, "Tags.1");
    check("iam", "GetRole", "Action=GetRole&RoleName=%ff", Reason::Syntax, "%ff");
}

#[test]
fn a_path_is_written_in_one_way_only() {
    let s3 = model("s3");
    let write = |members: Value| {
        let Value::Object(members) = members else { panic!("members") };
        let operation = s3.operation("GetObjectTagging").unwrap();
        encode_request(s3, s3.protocol, operation, &Message::from(members)).map_err(|malformed| malformed.place)
    };
    let written = write(json!({"Bucket": "b", "Key": "/a/../ü?k", "VersionId": "v/1"})).unwrap();
    assert_eq!((written.path.as_str(), written.query.as_str()), ("/b//a/../%C3%BC%3Fk", "tagging&versionId=v%2F1"));
    assert_eq!(write(json!({"Bucket": "b"})), Err("Key".to_owned()));
    assert_eq!(write(json!({"Bucket": "", "Key": "k"})), Err("Bucket".to_owned()));
    assert_eq!(write(json!({"Bucket": "b", "Key": "k", "Other": 1})), Err("Other".to_owned()));
    assert_eq!(
        write(json!({"Bucket": "b", "Key": "k", "ExpectedBucketOwner": "1\n2"})),
        Err("x-amz-expected-bucket-owner".to_owned())
    );
}

/// The words are IAM's: docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
#[test]
fn constraints_are_told_in_aws_s_words_and_all_at_once() {
    let check = |operation: &str, members: Value, expected: &[&str]| {
        let iam = model("iam");
        let input = iam.input(iam.operation(operation).unwrap()).unwrap();
        let Value::Object(members) = members else { panic!("members") };
        let told: Vec<String> = breaches(iam, input, &members).iter().map(ToString::to_string).collect();
        assert_eq!(told, expected);
    };
    check("GetRole", json!({"RoleName": "reader"}), &[]);
    check("GetRole", json!({}), &["Value at 'roleName' failed to satisfy constraint: Member must not be null"]);
    let long = "Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64";
    check("GetRole", json!({"RoleName": "r".repeat(65)}), &[long]);
    let pattern = r"Value at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+";
    check("GetRole", json!({"RoleName": "a b"}), &[pattern]);
    let short = "Value at 'roleName' failed to satisfy constraint: Member must have length greater than or equal to 1";
    check("GetRole", json!({"RoleName": ""}), &[short]);
    check(
        "TagRole",
        json!({"RoleName": "r", "Tags": [{"Key": "", "Value": "v"}, {"Value": "v"}]}),
        &[
            "Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
            "Value at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
        ],
    );
    let most = "Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000";
    check("ListRoles", json!({"MaxItems": 1001}), &[most]);
    let values = "Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]";
    check("UpdateAccessKey", json!({"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "On"}), &[values]);
}
