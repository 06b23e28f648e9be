//! What requests are refused for, and in which words. The good cases are in `tests`.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use model::{Model, Protocol};
use serde_json::{Value, json};

use crate::{Message, Reason, Request, decode_answer, decode_request, encode_answer, encode_request, route};

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
    let routed = route(model("s3"), &request, is_here).ok_or((Reason::Path, "no operation".to_owned()))?;
    let message = routed.decode(&request).map_err(|malformed| (malformed.reason, malformed.place))?;
    Ok((routed.operation.name.clone(), Value::Object(message.members)))
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
    // What is no date of HTTP's is as if it were not there.
    check("GET /b/k", &["if-modified-since: yesterday"], "", "GetObject", json!({"Bucket": "b", "Key": "k"}));
    check("GET /b/k", &["if-modified-since: 1796040000"], "", "GetObject", json!({"Bucket": "b", "Key": "k"}));
    // The white space around a header is no part of it.
    check("GET /b/k", &["if-match:  e "], "", "GetObject", json!({"Bucket": "b", "Key": "k", "IfMatch": "e"}));
    // A list may come in several headers, and an item in quotes.
    let listed = ["x-amz-object-attributes: ETag , \"a,\\\"b\\\"\"", "x-amz-object-attributes: Checksum"];
    let attributes = json!({"Bucket": "b", "Key": "k", "ObjectAttributes": ["ETag", "a,\"b\"", "Checksum"]});
    check("GET /b/k?attributes", &listed, "", "GetObjectAttributes", attributes);
    // A document may be written in more than one way.
    let tagging = "<a:Tagging xmlns:a='urn:x'> <!-- c --> <TagSet a:b='c'><Tag><Key><![CDATA[<]]>&gt;</Key><Value/></Tag></TagSet>\
                   </a:Tagging>";
    let members = json!({"Bucket": "b", "Key": "k", "Tagging": {"TagSet": [{"Key": "<>", "Value": ""}]}});
    check("PUT /b/k?tagging", &[], tagging, "PutObjectTagging", members);
    // Moments are those of the header's own form, to the second.
    let expires = json!({"Bucket": "b", "Key": "k", "IfMatchLastModifiedTime": "2026-11-30T12:00:00Z"});
    check(
        "DELETE /b/k",
        &["x-amz-if-match-last-modified-time: 2026-11-30T13:00:00.9+01:00"],
        "",
        "DeleteObject",
        expires,
    );
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
    check("PUT /b/k?tagging", &[], "<Tagging>all</Tagging>", Unexplained, "Tagging.text");
    check("PUT /b/k?tagging", &[], "<Tagging><TagSet>all</TagSet></Tagging>", Unexplained, "Tagging.TagSet.text");
    // A condition that cannot be read is not dropped, unless HTTP says so.
    let time = "x-amz-if-match-last-modified-time";
    check("DELETE /b/k", &[&format!("{time}: yesterday")], "", Type, time);
    check("DELETE /b/k", &[&format!("{time}: +010000-01-01T00:00:00Z")], "", Type, time);
    check("PUT /b/k", &["x-amz-copy-source: c/d", "x-amz-copy-source: e/f"], "", Duplicate, "x-amz-copy-source");
    check(&format!("GET /b/k?{}", "a&".repeat(1_001)), &[], "", Path, "no operation");
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
    check("ecs", "RunTask", "{} {}", Reason::Syntax, "");
    check("ecs", "RunTask", r#"{"count": 1, "cluster": "c", "count": 2}"#, Reason::Duplicate, "count");
    check("ecs", "RunTask", r#"{"tags": [{"key": "a", "k\u0065y": "b"}]}"#, Reason::Duplicate, "key");
    check("ecs", "RunTask", r#"{"count": 1.5}"#, Reason::Type, "count");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&Tags.member.1.Name=k", Reason::Unexplained, "Tags[0].Name");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&UserName=u", Reason::Unexplained, "UserName");
    check("iam", "TagRole", "Action=TagRole&RoleName=r&RoleName=s", Reason::Duplicate, "RoleName");
    check("iam", "TagRole", "Action=TagRole&Action=GetRole", Reason::Duplicate, "Action");
    check("iam", "TagRole", "Action=TagRole&RoleName.a=r", Reason::Type, "RoleName");
    check("iam", "TagRole", "Action=TagRole&Tags.1.Key=k", Reason::Unexplained, "Tags.1");
    check("iam", "GetRole", "Action=GetRole&RoleName=%ff", Reason::Syntax, "%ff");
}

/// A request that has its members in the body has none in the query string, whichever of the two a server looks at.
#[test]
fn nothing_stands_beside_a_form_or_a_document_but_a_signature() {
    let check = |service: &str, operation: &str, line: &str, body: &str, place: Option<&str>| {
        let model = model(service);
        let read =
            decode_request(model, model.protocol, model.operation(operation).unwrap(), &request(line, &[], body));
        assert_eq!(read.err().map(|malformed| malformed.place), place.map(str::to_owned), "{line} {body}");
    };
    let form = "Action=GetRole&RoleName=r";
    check("iam", "GetRole", &format!("GET /?{form}&X-Amz-Signature=s"), "", None);
    check("iam", "GetRole", "POST /?X-Amz-Signature=s", form, None);
    check("iam", "GetRole", "POST /?RoleName=s", form, Some("?RoleName"));
    check("iam", "GetRole", "POST /?Action=DeleteRole", form, Some("?Action"));
    check("ecs", "StopTask", "POST /", r#"{"task": "t"}"#, None);
    check("ecs", "StopTask", "POST /?Action=RunTask", r#"{"task": "t"}"#, Some("?Action"));
}

/// What is written of these members of an operation: the line, headers other than the type of the body, the body. Or where
/// they cannot be written.
fn written(model: &Model, operation: &str, members: Value) -> Result<(String, String, String), (Reason, String)> {
    let Value::Object(members) = members else { panic!("members") };
    let operation = model.operation(operation).unwrap();
    let request = encode_request(model, model.protocol, operation, &Message::from(members));
    let request = request.map_err(|malformed| (malformed.reason, malformed.place))?;
    let headers = request.headers.iter().filter(|(name, _)| *name != http::header::CONTENT_TYPE);
    let headers = headers.map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
    let line = format!("{}?{}", request.path, request.query);
    Ok((line, headers.collect::<Vec<_>>().join(", "), String::from_utf8_lossy(&request.body).into_owned()))
}

/// Emulators read a request after it was written anew, and not all as we do.
#[test]
fn what_some_server_would_read_otherwise_is_not_written() {
    let check = |operation: &str, members: Value, place: &str| {
        assert_eq!(written(model("s3"), operation, members), Err((Reason::Ambiguous, place.to_owned())), "{operation}");
    };
    // To a server that unescapes first these are the object `b` in the bucket `a`.
    check("ListObjectsV2", json!({"Bucket": "a/b"}), "/a%2Fb");
    check("DeleteBucketPolicy", json!({"Bucket": "a/b"}), "/a%2Fb");
    check("GetObject", json!({"Bucket": "a/b", "Key": "k"}), "/a%2Fb/k");
    check("ListObjectsV2", json!({"Bucket": ".."}), "Bucket");
    check("GetObject", json!({"Bucket": ".", "Key": "k"}), "Bucket");
    let s3control = model("s3control");
    for arn in ["x/", "/x", "a//b", "a/../b", "."] {
        let tagged = written(s3control, "ListTagsForResource", json!({"ResourceArn": arn, "AccountId": "a"}));
        assert_eq!(tagged, Err((Reason::Ambiguous, "resourceArn".to_owned())), "{arn}");
    }
    assert!(written(model("s3"), "GetObject", json!({"Bucket": "b", "Key": "/a/../b//"})).is_ok());
    // Some read UTF-8, some ISO 8859-1.
    check("PutObject", json!({"Bucket": "b", "Key": "k", "Tagging": "a=é"}), "x-amz-tagging");
    check("PutObject", json!({"Bucket": "b", "Key": "k", "Tagging": " a=b"}), "x-amz-tagging");
    // moto takes white space away, and would set the tag `Team`.
    let tagging = json!({"TagSet": [{"Key": "Team ", "Value": "a"}]});
    check("PutObjectTagging", json!({"Bucket": "b", "Key": "k", "Tagging": tagging}), "Tagging.TagSet[0].Key");
    let lambda = Model::read("lambda", include_str!("../../model/data/lambda.json")).unwrap();
    let deleted = written(&lambda, "DeleteFunction", json!({"FunctionName": "f/aliases/a"}));
    assert_eq!(deleted, Err((Reason::Ambiguous, "/2015-03-31/functions/f%2Faliases%2Fa".to_owned())));
    let invoked = written(&lambda, "Invoke", json!({"FunctionName": "f", "InvocationType": "é"}));
    assert_eq!(invoked, Err((Reason::Ambiguous, "X-Amz-Invocation-Type".to_owned())));
    let tagged = written(&lambda, "ListTags", json!({"Resource": "arn:aws:lambda:a/b"})).unwrap();
    assert_eq!(tagged.0, "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aa%2Fb?");
    // A key of a map stands in the query string as if it were a member's name.
    let gateway = Model::read("apigateway", include_str!("../../model/data/apigateway.json")).unwrap();
    let import =
        |key: &str| written(&gateway, "ImportRestApi", json!({"parameters": {key: "1"}})).map(|(line, ..)| line);
    assert_eq!(import("basepath"), Ok("/restapis?mode=import&basepath=1".to_owned()));
    assert_eq!(import("mode"), Err((Reason::Unexplained, "parameters.mode".to_owned())));
    assert_eq!(import("failonwarnings"), Err((Reason::Unexplained, "parameters.failonwarnings".to_owned())));
    assert_eq!(import("X-Amz-Date"), Err((Reason::Unexplained, "parameters.X-Amz-Date".to_owned())));
}

#[test]
fn values_of_another_type_are_not_written() {
    let check = |service: &str, operation: &str, members: Value, place: &str| {
        let expected = Err((Reason::Type, place.to_owned()));
        assert_eq!(written(model(service), operation, members), expected, "{operation}");
    };
    check("iam", "ListRoles", json!({"MaxItems": "10"}), "MaxItems");
    check("iam", "GetRole", json!({"RoleName": 7}), "RoleName");
    check("iam", "TagRole", json!({"Tags": {"Key": "k"}}), "Tags");
    check("iam", "TagRole", json!({"Tags": [null]}), "Tags.member.1");
    check("s3", "GetObject", json!({"Bucket": "b", "Key": "k", "PartNumber": 1.5}), "partNumber");
    check("s3", "PutBucketPolicy", json!({"Bucket": "b", "Policy": {}}), "Policy");
    check("s3", "PutBucketTagging", json!({"Bucket": "b", "Tagging": []}), "Tagging");
    check("s3", "PutObject", json!({"Bucket": "b", "Key": "k", "Metadata": {"a": ["1"]}}), "Metadata");
    let quiet = json!({"Bucket": "b", "Delete": {"Objects": [], "Quiet": "true"}});
    check("s3", "DeleteObjects", quiet, "Delete.Quiet");
    let twice = json!({"Bucket": "b", "Key": "k", "Metadata": {"a": "1", "A": "2"}});
    let duplicate = Err((Reason::Duplicate, "x-amz-meta-A".to_owned()));
    assert_eq!(written(model("s3"), "PutObject", twice), duplicate);
    let in_members = json!({"Bucket": "b", "Key": "k", "Body": "b"});
    assert_eq!(written(model("s3"), "PutObject", in_members), Err((Reason::Unexplained, "Body".to_owned())));
    let message = Message { payload: Bytes::from_static(b"p"), ..Message::default() };
    let refused = encode_request(model("iam"), Protocol::Query, model("iam").operation("ListRoles").unwrap(), &message);
    assert_eq!(refused.unwrap_err().place, "payload");
}

/// smithy.io/2.0/aws/protocols/aws-query-protocol.html
#[test]
fn a_form_says_what_is_given_and_empty() {
    let check = |members: Value, expected: &str| {
        let (iam, operation) = (model("iam"), model("iam").operation("TagRole").unwrap());
        let form = written(iam, "TagRole", members.clone()).unwrap().2;
        assert_eq!(form, format!("Action=TagRole&Version=2010-05-08&{expected}"));
        let read = decode_request(iam, Protocol::Query, operation, &request("POST /", &[], &form)).unwrap();
        assert_eq!(Value::Object(read.members), members);
    };
    check(json!({"Tags": []}), "Tags=");
    check(json!({"Tags": [{}]}), "Tags.member.1=");
    check(json!({"Tags": [{"Key": "", "Value": "+&"}]}), "Tags.member.1.Key=&Tags.member.1.Value=%2B%26");
}

#[test]
fn headers_of_answers_hold_any_text() {
    let s3 = model("s3");
    let operation = s3.operation("HeadObject").unwrap();
    for (text, expected) in [("a b", "a b"), ("é", "=?UTF-8?B?w6k=?="), (" a", "=?UTF-8?B?IGE=?=")] {
        let Value::Object(members) = json!({"Metadata": {"k": text}}) else { panic!("members") };
        let sent = Message::from(members);
        let answer = encode_answer(s3, s3.protocol, operation, &sent, "id").unwrap();
        assert_eq!(answer.headers["x-amz-meta-k"], expected);
        assert_eq!(decode_answer(s3, s3.protocol, operation, &answer), Ok(sent));
    }
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

/// What emulators route by, where a model is easily read past it. The model of one that is not built in stands here.
#[test]
fn a_request_has_the_slash_and_the_header_that_its_model_asks_for() {
    let read = |name: &str, protocol: &str, uri: &str| {
        let text = format!(
            r#"{{"metadata":{{"apiVersion":"1","endpointPrefix":"x","protocol":"{protocol}","protocols":["{protocol}"],
                "targetPrefix":"T","awsQueryCompatible":{{}}}},
                "operations":{{"List":{{"http":{{"method":"GET","requestUri":"{uri}"}}}}}},"shapes":{{}}}}"#
        );
        let model = Model::read(name, &text).unwrap();
        encode_request(&model, model.protocol, model.operation("List").unwrap(), &Message::default()).unwrap()
    };
    assert_eq!(read("backup", "rest-json", "/backup/plans/").path, "/backup/plans/");
    assert_eq!(read("backup", "rest-json", "/backup/plans").path, "/backup/plans");
    // smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
    assert_eq!(read("cloudwatch", "smithy-rpc-v2-cbor", "/").headers["x-amzn-query-mode"], "true");
    assert_eq!(read("cloudwatch", "json", "/").headers["x-amzn-query-mode"], "true");
}
