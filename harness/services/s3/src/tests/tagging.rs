//! Tags of objects and buckets, in both APIs.

use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, OTHER, allow, root};

use super::{S3Calls, fails, field, kit, merged, ok, outcome, put, put_with, with_tagging};

fn set(pairs: &[(&str, &str)]) -> Value {
    let tags: Vec<Value> = pairs.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    json!({ "TagSet": tags })
}

fn abac(kit: &mut Kit, status: &str) {
    ok(kit, "PutBucketAbac", json!({ "Bucket": "b-1", "AbacStatus": { "Status": status } }));
}

#[test]
fn object_tags_of_a_new_object_come_as_a_query() {
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "Tagging": "Status=OK&status=a%2Bb+c&empty" }));
    let ask = json!({ "Bucket": "b-1", "Key": "k" });
    // Keys that differ in letter case are two tags.
    assert_eq!(ok(&mut kit, "GetObjectTagging", ask), set(&[("Status", "OK"), ("status", "a+b c"), ("empty", "")]));
}

#[test]
fn object_tags_are_replaced_whole() {
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "Tagging": "a=1&b=2" }));
    let ask = json!({ "Bucket": "b-1", "Key": "k" });
    ok(&mut kit, "PutObjectTagging", merged(ask.clone(), json!({ "Tagging": set(&[("c", "")]) })));
    assert_eq!(ok(&mut kit, "GetObjectTagging", ask.clone()), set(&[("c", "")]));
    assert_eq!(ok(&mut kit, "HeadObject", ask.clone())["TagCount"], 1);
    ok(&mut kit, "DeleteObjectTagging", ask.clone());
    assert_eq!(ok(&mut kit, "GetObjectTagging", ask.clone()), set(&[]));
    assert_eq!(ok(&mut kit, "HeadObject", ask).get("TagCount"), None);
    for operation in ["GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"] {
        let fault = fails(&mut kit, operation, with_tagging(operation, json!({ "Bucket": "b-1", "Key": "fake-key" })));
        assert_eq!((fault.status, fault.code.as_ref(), field(&fault, "Key")), (404, "NoSuchKey", Some("fake-key")));
    }
}

/// "The number of tags, if any, on the object, when you have the relevant permission to read object tags."
/// docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
#[test]
fn only_who_may_read_tags_is_told_how_many_there_are() {
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "Tagging": "a=1&b=2" }));
    let mut count = |name: &str, actions: &[&str]| {
        let who = kit.user(name, json!([allow(actions)]));
        let head = kit.s3(&who, "HeadObject", json!({ "Bucket": "b-1", "Key": "k" }), "").unwrap();
        super::told(head).get("TagCount").cloned()
    };
    assert_eq!(count("reader", &["s3:GetObject"]), None);
    assert_eq!(count("tag-reader", &["s3:GetObject", "s3:GetObjectTagging"]), Some(json!(2)));
}

/// As recorded from AWS.
#[test]
fn what_tags_may_be() {
    let long_key = "k".repeat(129);
    let long_value = "v".repeat(257);
    let eleven: Vec<_> = (0..11).map(|at| (format!("k{at}"), String::new())).collect();
    let eleven: Vec<_> = eleven.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let cases = [
        (vec![("Key1", "a"), ("Key1", "b")], "InvalidTag", "Cannot provide multiple Tags with the same key"),
        (vec![("Key1,Key2", "a")], "InvalidTag", "The TagKey you have provided is invalid"),
        (vec![("", "a")], "InvalidTag", "The TagKey you have provided is invalid"),
        (vec![(long_key.as_str(), "a")], "InvalidTag", "The TagKey you have provided is invalid"),
        (vec![("Key1", "Val1,Val2")], "InvalidTag", "The TagValue you have provided is invalid"),
        (vec![("Key1", long_value.as_str())], "InvalidTag", "The TagValue you have provided is invalid"),
        (vec![("aws:prefixed", "a")], "InvalidTag", "Your TagKey cannot be prefixed with aws:"),
        (eleven, "BadRequest", "Object tags cannot be greater than 10"),
    ];
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "Tagging": "kept=1" }));
    let ask = json!({ "Bucket": "b-1", "Key": "k" });
    for (tags, code, message) in cases {
        let fault = fails(&mut kit, "PutObjectTagging", merged(ask.clone(), json!({ "Tagging": set(&tags) })));
        assert_eq!((fault.status, fault.code.as_ref(), fault.message.as_str()), (400, code, message));
    }
    assert_eq!(ok(&mut kit, "GetObjectTagging", ask), set(&[("kept", "1")]));
    let fault = fails(&mut kit, "PutBucketTagging", json!({ "Bucket": "b-1", "Tagging": set(&[("aws:a", "b")]) }));
    assert_eq!(fault.message, "System tags cannot be added/updated by requester");
    let fault = fails(&mut kit, "PutObject", json!({ "Bucket": "b-1", "Key": "k", "Tagging": "aws:a=b" }));
    assert_eq!(fault.message, "Your TagKey cannot be prefixed with aws:");
    for query in ["key1=val1&key1=val2", "key1=val1,key2=val2", "=a", "a=%FF"] {
        let fault = fails(&mut kit, "PutObject", json!({ "Bucket": "b-1", "Key": "k", "Tagging": query }));
        assert_eq!((fault.code.as_ref(), field(&fault, "ArgumentValue")), ("InvalidArgument", Some(query)));
    }
}

#[test]
fn bucket_tags() {
    let mut kit = kit();
    let ask = json!({ "Bucket": "b-1" });
    let fault = fails(&mut kit, "GetBucketTagging", ask.clone());
    assert_eq!((fault.status, fault.code.as_ref(), field(&fault, "BucketName")), (404, "NoSuchTagSet", Some("b-1")));
    ok(&mut kit, "PutBucketTagging", json!({ "Bucket": "b-1", "Tagging": set(&[("a", "1"), ("b", "")]) }));
    assert_eq!(ok(&mut kit, "GetBucketTagging", ask.clone()), set(&[("a", "1"), ("b", "")]));
    ok(&mut kit, "DeleteBucketTagging", ask.clone());
    assert_eq!(fails(&mut kit, "GetBucketTagging", ask).code, "NoSuchTagSet");
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
#[test]
fn with_abac_on_only_s3_control_changes_bucket_tags() {
    let mut kit = kit();
    let tagging = json!({ "Bucket": "b-1", "Tagging": set(&[("a", "1")]) });
    let control = |more: Value| merged(json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::b-1" }), more);
    ok(&mut kit, "PutBucketTagging", tagging.clone());
    abac(&mut kit, "Enabled");
    assert_eq!(
        ok(&mut kit, "GetBucketAbac", json!({ "Bucket": "b-1" })),
        json!({ "AbacStatus": { "Status": "Enabled" } })
    );
    for operation in ["PutBucketTagging", "DeleteBucketTagging"] {
        assert_eq!(fails(&mut kit, operation, tagging.clone()).status, 405, "{operation}");
    }
    kit.setup(
        "s3control:TagResource",
        control(json!({ "Tags": [{ "Key": "b", "Value": "2" }, { "Key": "a", "Value": "3" }] })),
    );
    kit.setup("s3control:UntagResource", control(json!({ "TagKeys": ["b", "never"] })));
    assert_eq!(ok(&mut kit, "GetBucketTagging", json!({ "Bucket": "b-1" })), set(&[("a", "3")]));
    let tags = kit.setup("s3control:ListTagsForResource", control(json!({})));
    assert_eq!(tags, json!({ "Tags": [{ "Key": "a", "Value": "3" }] }));
    abac(&mut kit, "Disabled");
    ok(&mut kit, "DeleteBucketTagging", json!({ "Bucket": "b-1" }));
    let fault = fails(&mut kit, "PutBucketAbac", json!({ "Bucket": "b-1", "AbacStatus": { "Status": "On" } }));
    assert_eq!(fault.code, "MalformedXML");
}

#[test]
fn s3_control_authorises_by_request_tags_and_bucket_tags() {
    let cases = [
        (json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }), "Disabled", "ok"),
        (json!({ "StringEquals": { "aws:RequestTag/Status": "NG" } }), "Disabled", "AccessDenied"),
        (json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["Status"] } }), "Disabled", "ok"),
        (json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["Other"] } }), "Disabled", "AccessDenied"),
        (json!({ "StringEquals": { "aws:ResourceTag/team": "red" } }), "Disabled", "AccessDenied"),
        (json!({ "StringEquals": { "aws:ResourceTag/team": "red" } }), "Enabled", "ok"),
    ];
    for (condition, status, expected) in cases {
        let mut kit = kit();
        ok(&mut kit, "PutBucketTagging", json!({ "Bucket": "b-1", "Tagging": set(&[("team", "red")]) }));
        abac(&mut kit, status);
        let statement =
            json!({ "Effect": "Allow", "Action": "s3:TagResource", "Resource": "*", "Condition": condition });
        let user = kit.user("u", json!([statement]));
        let input = json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::b-1", "Tags": [{ "Key": "Status", "Value": "OK" }] });
        let found = kit.call(&user, "s3control:TagResource", input);
        assert_eq!(found.map_or_else(|fault| fault.code.into_owned(), |_| "ok".to_owned()), expected, "{condition}");
    }
}

#[test]
fn s3_control_of_what_is_not_there() {
    let mut kit = kit();
    let cases = [
        (json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::nowhere" }), 404, "NoSuchResource"),
        (json!({ "AccountId": OTHER, "ResourceArn": "arn:aws:s3:::b-1" }), 403, "AccessDenied"),
        (json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::b-1/key" }), 400, "InvalidRequest"),
    ];
    for (input, status, code) in cases {
        for operation in ["s3control:TagResource", "s3control:UntagResource", "s3control:ListTagsForResource"] {
            let fault =
                kit.as_root(operation, merged(input.clone(), json!({ "Tags": [], "TagKeys": [] }))).unwrap_err();
            assert_eq!((fault.status, fault.code.as_ref()), (status, code), "{operation} {input}");
        }
    }
    assert_eq!(kit.as_root("s3control:CreateJob", json!({})).unwrap_err().code, "NotImplemented");
    let tag = |tags: Value| json!({ "AccountId": ACCOUNT, "ResourceArn": "arn:aws:s3:::b-1", "Tags": tags });
    for tags in [
        json!([{ "Key": "aws:a", "Value": "" }]),
        json!([{ "Key": "a,b", "Value": "" }]),
        json!([{ "Key": "a", "Value": "" }, { "Key": "a", "Value": "" }]),
    ] {
        assert_eq!(kit.as_root("s3control:TagResource", tag(tags)).unwrap_err().code, "InvalidTag");
    }
}

/// Block Public Access of an account, as recorded from AWS.
#[test]
fn account_public_access() {
    let mut kit = kit();
    let input = |more: Value| merged(json!({ "AccountId": ACCOUNT }), more);
    let fault = kit.as_root("s3control:GetPublicAccessBlock", input(json!({}))).unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (404, "NoSuchPublicAccessBlockConfiguration"));
    let on = json!({ "PublicAccessBlockConfiguration": { "BlockPublicPolicy": true } });
    kit.setup("s3control:PutPublicAccessBlock", input(on.clone()));
    let expected = json!({ "PublicAccessBlockConfiguration": { "BlockPublicAcls": false, "IgnorePublicAcls": false,
        "BlockPublicPolicy": true, "RestrictPublicBuckets": false } });
    assert_eq!(kit.setup("s3control:GetPublicAccessBlock", input(json!({}))), expected);
    ok(&mut kit, "DeletePublicAccessBlock", json!({ "Bucket": "b-1" }));
    let policy = json!({ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b-1/*" }] });
    let put = json!({ "Bucket": "b-1", "Policy": policy.to_string() });
    assert_eq!(fails(&mut kit, "PutBucketPolicy", put.clone()).code, "AccessDenied");
    let user = kit.user("u", json!([allow(&["s3:*"])]));
    let fault =
        kit.call(&user, "s3control:PutPublicAccessBlock", merged(on, json!({ "AccountId": OTHER }))).unwrap_err();
    assert_eq!(fault.code, "AccessDenied");
    kit.setup("s3control:DeletePublicAccessBlock", input(json!({})));
    ok(&mut kit, "PutBucketPolicy", put);
    assert_eq!(outcome(&mut kit, &root(OTHER), "HeadBucket", json!({ "Bucket": "b-1" })), "403 AccessDenied");
}

#[test]
fn tagging_needs_an_object_to_be_there_for_the_caller() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let user = kit.user("u", json!([allow(&["s3:GetObjectTagging"])]));
    assert_eq!(outcome(&mut kit, &user, "GetObjectTagging", json!({ "Bucket": "b-1", "Key": "k" })), "ok");
    assert_eq!(
        outcome(&mut kit, &user, "GetObjectTagging", json!({ "Bucket": "b-1", "Key": "no" })),
        "403 AccessDenied"
    );
}
