//! Condition keys of requests that write or list.

use policy::ContextValue;
use policy::undocumented::Case;
use serde_json::{Value, json};
use testkit::{Kit, allow};

use super::{kit, ok, outcome, put, put_with};

fn conditional(actions: &[&str], condition: Value) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*", "Condition": condition })
}

/// The service authorization reference gives s3:GetObject neither key.
#[test]
fn a_read_never_carries_request_tags() {
    let mut kit = kit();
    put_with(&mut kit, "k", "x", json!({ "Tagging": "Status=OK" }));
    let user = kit.user("u", json!([allow(&["s3:GetObject"])]));
    assert_eq!(outcome(&mut kit, &user, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })), "ok");
    let context = &kit.decisions[0].request.context;
    for key in ["aws:RequestTag/Status", "aws:TagKeys", "aws:ResourceTag/Status", "s3:RequestObjectTag/Status"] {
        assert_eq!(context.get(key), None, "{key}");
    }
    for (key, value) in [("s3:ExistingObjectTag/Status", "OK"), ("s3:ResourceAccount", "123456789012")] {
        assert_eq!(context.get(key), Some(&ContextValue::One(value.to_owned())), "{key}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
#[test]
fn a_decision_tells_that_an_objects_tag_keys_differ_in_letter_case_alone() {
    for (tagging, expected) in [("Status=OK&status=NG", true), ("Status=OK&state=NG", false)] {
        let mut kit = kit();
        put_with(&mut kit, "k", "x", json!({ "Tagging": tagging }));
        let condition = json!({ "StringLike": { "s3:ExistingObjectTag/Status": "*" } });
        let user = kit.user("u", json!([conditional(&["s3:GetObject"], condition)]));
        assert_eq!(outcome(&mut kit, &user, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })), "ok");
        assert_eq!(kit.decisions[0].decision.notes.contains(Case::KeyLetters), expected, "{tagging}");
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
#[test]
fn tags_of_a_new_object_are_request_object_tags() {
    let cases = [
        (json!({ "StringEquals": { "s3:RequestObjectTag/Status": "OK" } }), "Status=OK", "ok"),
        (json!({ "StringEquals": { "s3:RequestObjectTag/Status": "OK" } }), "Status=NG", "403 AccessDenied"),
        (json!({ "StringEquals": { "s3:RequestObjectTag/Status": "OK" } }), "", "403 AccessDenied"),
        (json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }), "Status=OK", "403 AccessDenied"),
        (json!({ "ForAllValues:StringEquals": { "s3:RequestObjectTagKeys": ["Status"] } }), "Status=x", "ok"),
        (json!({ "ForAllValues:StringEquals": { "s3:RequestObjectTagKeys": ["Status"] } }), "", "ok"),
        (
            json!({ "ForAllValues:StringEquals": { "s3:RequestObjectTagKeys": ["Status"] } }),
            "Status=x&b=c",
            "403 AccessDenied",
        ),
        (json!({ "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": ["Status"] } }), "", "403 AccessDenied"),
    ];
    for (at, (condition, tagging, expected)) in cases.into_iter().enumerate() {
        let mut kit = kit();
        // The tags of the object that is replaced do not come into it.
        put_with(&mut kit, "k", "old", json!({ "Tagging": "Status=OK" }));
        let user = kit.user("u", json!([conditional(&["s3:PutObject", "s3:PutObjectTagging"], condition.clone())]));
        let input = json!({ "Bucket": "b-1", "Key": "k", "Tagging": tagging });
        assert_eq!(outcome(&mut kit, &user, "PutObject", input), expected, "case {at}: {condition} and `{tagging}`");
    }
}

#[test]
fn what_else_a_write_needs() {
    let etag = |kit: &mut Kit| put(kit, "k", "old")["ETag"].clone();
    // docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and …/userguide/conditional-writes.html
    let cases = [
        (json!({}), vec!["s3:PutObject"]),
        (json!({ "Tagging": "a=b" }), vec!["s3:PutObject", "s3:PutObjectTagging"]),
        (json!({ "ACL": "bucket-owner-full-control" }), vec!["s3:PutObject", "s3:PutObjectAcl"]),
        (json!({ "IfMatch": "ETAG" }), vec!["s3:PutObject", "s3:GetObject"]),
    ];
    for (more, actions) in cases {
        let mut kit = kit();
        let etag = etag(&mut kit);
        let mut input = super::merged(json!({ "Bucket": "b-1", "Key": "k" }), more);
        if input["IfMatch"] == "ETAG" {
            input["IfMatch"] = etag;
        }
        let user = kit.user("all", json!([allow(&actions)]));
        assert_eq!(outcome(&mut kit, &user, "PutObject", input.clone()), "ok", "{actions:?}");
        let asked: Vec<_> = kit.decisions.iter().map(|recorded| recorded.request.action.clone()).collect();
        assert_eq!(asked, actions);
        for missing in &actions {
            let others: Vec<_> =
                actions.iter().copied().chain(["s3:ListBucket"]).filter(|action| action != missing).collect();
            let user = kit.user(&missing.replace(':', "-"), json!([allow(&others)]));
            assert_eq!(outcome(&mut kit, &user, "PutObject", input.clone()), "403 AccessDenied", "without {missing}");
        }
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html: a key is there if the request says it.
#[test]
fn a_write_carries_what_it_says() {
    let cases = [
        ("s3:x-amz-storage-class", "STANDARD_IA", json!({ "StorageClass": "STANDARD_IA" })),
        ("s3:x-amz-server-side-encryption", "aws:kms", json!({ "ServerSideEncryption": "aws:kms" })),
        ("s3:x-amz-acl", "bucket-owner-full-control", json!({ "ACL": "bucket-owner-full-control" })),
        ("s3:if-none-match", "*", json!({ "IfNoneMatch": "*" })),
    ];
    for (key, value, more) in cases {
        let mut kit = kit();
        let allowed = conditional(&["s3:PutObject"], json!({ "StringEquals": { key: value } }));
        let user = kit.user("u", json!([allowed, allow(&["s3:PutObjectAcl"])]));
        let bare = json!({ "Bucket": "b-1", "Key": "k" });
        assert_eq!(outcome(&mut kit, &user, "PutObject", bare.clone()), "403 AccessDenied", "{key} not said");
        assert_eq!(outcome(&mut kit, &user, "PutObject", super::merged(bare, more)), "ok", "{key}");
    }
}

#[test]
fn a_list_carries_its_parameters() {
    let cases = [
        (json!({ "StringEquals": { "s3:prefix": "home/ann/" } }), json!({ "Prefix": "home/ann/" }), "ok"),
        (json!({ "StringEquals": { "s3:prefix": "home/ann/" } }), json!({ "Prefix": "home/" }), "403 AccessDenied"),
        (json!({ "StringEquals": { "s3:prefix": "home/ann/" } }), json!({}), "403 AccessDenied"),
        (json!({ "StringEquals": { "s3:prefix": "" } }), json!({ "Prefix": "" }), "ok"),
        (json!({ "StringEquals": { "s3:delimiter": "/" } }), json!({ "Delimiter": "/" }), "ok"),
        (json!({ "NumericLessThanEquals": { "s3:max-keys": "10" } }), json!({ "MaxKeys": 10 }), "ok"),
        (json!({ "NumericLessThanEquals": { "s3:max-keys": "10" } }), json!({ "MaxKeys": 11 }), "403 AccessDenied"),
        (json!({ "NumericLessThanEquals": { "s3:max-keys": "10" } }), json!({}), "403 AccessDenied"),
    ];
    for (condition, more, expected) in cases {
        for (operation, action) in [
            ("ListObjects", "s3:ListBucket"),
            ("ListObjectsV2", "s3:ListBucket"),
            ("ListObjectVersions", "s3:ListBucketVersions"),
        ] {
            let mut kit = kit();
            let user = kit.user("u", json!([conditional(&[action], condition.clone())]));
            let input = super::merged(json!({ "Bucket": "b-1" }), more.clone());
            assert_eq!(outcome(&mut kit, &user, operation, input), expected, "{operation} {more} under {condition}");
        }
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: tags on creation need s3:TagResource, and are
/// request tags of both.
#[test]
fn a_bucket_made_with_tags_needs_tag_resource() {
    let tagged = |value: &str| {
        json!({ "Bucket": "b-2",
        "CreateBucketConfiguration": { "Tags": [{ "Key": "Status", "Value": value }] } })
    };
    let request_tag = json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } });
    let cases = [
        (json!([allow(&["s3:CreateBucket"])]), json!({ "Bucket": "b-2" }), "ok"),
        (json!([allow(&["s3:CreateBucket"])]), tagged("OK"), "403 AccessDenied"),
        (json!([allow(&["s3:CreateBucket", "s3:TagResource"])]), tagged("OK"), "ok"),
        (json!([conditional(&["s3:CreateBucket", "s3:TagResource"], request_tag.clone())]), tagged("OK"), "ok"),
        (
            json!([conditional(&["s3:CreateBucket", "s3:TagResource"], request_tag.clone())]),
            tagged("NG"),
            "403 AccessDenied",
        ),
        (
            json!([conditional(&["s3:CreateBucket", "s3:TagResource"], request_tag)]),
            json!({ "Bucket": "b-2" }),
            "403 AccessDenied",
        ),
    ];
    for (statements, input, expected) in cases {
        let mut kit = kit();
        let user = kit.user("u", statements.clone());
        assert_eq!(outcome(&mut kit, &user, "CreateBucket", input.clone()), expected, "{input} under {statements}");
    }
}

/// The same page: "If you set the ACL to private, or if you don't specify any ACLs, only the s3:CreateBucket permission is
/// required." That a list other than `private` is then refused, as on a new bucket, is another matter.
#[test]
fn headers_of_a_new_bucket_need_rights_of_their_own() {
    let (acl, ownership) = ("s3:PutBucketAcl", "s3:PutBucketOwnershipControls");
    let refused = "400 InvalidBucketAclWithObjectOwnership";
    let cases = [
        (json!({}), vec![], "ok"),
        (json!({ "ACL": "private" }), vec![], "ok"),
        (json!({ "ACL": "public-read" }), vec![acl], refused),
        (json!({ "ObjectOwnership": "BucketOwnerEnforced" }), vec![ownership], "ok"),
        (json!({ "ACL": "public-read", "ObjectOwnership": "ObjectWriter" }), vec![acl, ownership], refused),
    ];
    for (more, needed, expected) in cases {
        let input = super::merged(json!({ "Bucket": "b-2" }), more);
        let all: Vec<_> = ["s3:CreateBucket"].into_iter().chain(needed).collect();
        let mut kit = kit();
        let user = kit.user("all", json!([allow(&all)]));
        assert_eq!(outcome(&mut kit, &user, "CreateBucket", input.clone()), expected, "{input} with {all:?}");
        for missing in &all {
            let others: Vec<_> = all.iter().copied().chain(["s3:ListBucket"]).filter(|one| one != missing).collect();
            let user = kit.user(&missing.replace(':', "-"), json!([allow(&others)]));
            let found = outcome(&mut kit, &user, "CreateBucket", input.clone());
            assert_eq!(found, "403 AccessDenied", "{input} without {missing}");
        }
    }
}

/// `aws:RequestedRegion` of what nobody signed, or signed with Version 2: the bucket's, since it answers in its own
/// region only.
#[test]
fn a_request_that_names_no_region_asks_the_bucket_where_it_is() {
    let mut kit = testkit::Kit::new(crate::SERVICES);
    kit.surroundings.region = "eu-west-1".to_owned();
    let place = json!({ "Bucket": "b-1", "CreateBucketConfiguration": { "LocationConstraint": "eu-west-1" } });
    ok(&mut kit, "CreateBucket", place);
    ok(&mut kit, "DeletePublicAccessBlock", json!({ "Bucket": "b-1" }));
    let everyone = json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::b-1", "Condition": { "StringEquals": { "aws:RequestedRegion": "eu-west-1" } } }]);
    ok(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": testkit::document(everyone) }));
    // As the listener has it for a request without a signature.
    kit.surroundings.region = "us-east-1".to_owned();
    let nobody = std::sync::Arc::new(account::Identity::Anonymous);
    assert_eq!(outcome(&mut kit, &nobody, "ListObjectsV2", json!({ "Bucket": "b-1" })), "ok");
    let user = kit.user("ann", json!([]));
    for (version, expected) in [("AWS", "ok"), ("AWS4-HMAC-SHA256", "403 AccessDenied")] {
        let auth_type = "REST-QUERY-STRING";
        kit.surroundings.signing = Some(account::Signing { auth_type, version, age_ms: Some(0), content_sha256: None });
        assert_eq!(outcome(&mut kit, &user, "ListObjectsV2", json!({ "Bucket": "b-1" })), expected, "{version}");
    }
}

#[test]
fn what_each_bucket_operation_is_called_in_policies() {
    let cases = [
        ("HeadBucket", "s3:ListBucket", json!({})),
        ("GetBucketLocation", "s3:GetBucketLocation", json!({})),
        ("ListMultipartUploads", "s3:ListBucketMultipartUploads", json!({})),
        ("PutBucketTagging", "s3:PutBucketTagging", json!({ "Tagging": { "TagSet": [{ "Key": "a", "Value": "b" }] } })),
        ("GetBucketTagging", "s3:GetBucketTagging", json!({})),
        ("DeleteBucketTagging", "s3:PutBucketTagging", json!({})),
        (
            "PutBucketVersioning",
            "s3:PutBucketVersioning",
            json!({ "VersioningConfiguration": { "Status": "Enabled" } }),
        ),
        ("GetBucketVersioning", "s3:GetBucketVersioning", json!({})),
        ("GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", json!({})),
        ("DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock", json!({})),
        ("GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", json!({})),
        ("DeleteBucketOwnershipControls", "s3:PutBucketOwnershipControls", json!({})),
        ("GetBucketAbac", "s3:GetBucketAbac", json!({})),
        ("PutBucketAbac", "s3:PutBucketAbac", json!({ "AbacStatus": { "Status": "Disabled" } })),
        ("GetBucketAcl", "s3:GetBucketAcl", json!({})),
        ("DeleteBucketPolicy", "s3:DeleteBucketPolicy", json!({})),
        ("DeleteBucket", "s3:DeleteBucket", json!({})),
    ];
    let mut kit = kit();
    let nobody = kit.user("nobody", json!([]));
    for (at, (operation, action, more)) in cases.into_iter().enumerate() {
        let user = kit.user(&format!("u{at}"), json!([allow(&[action])]));
        let input = super::merged(json!({ "Bucket": "b-1" }), more);
        assert_eq!(outcome(&mut kit, &nobody, operation, input.clone()), "403 AccessDenied", "{operation}");
        assert_eq!(outcome(&mut kit, &user, operation, input), "ok", "{operation} with {action}");
    }
    ok(&mut kit, "CreateBucket", json!({ "Bucket": "b-1" }));
    let user = kit.user("lister", json!([allow(&["s3:ListAllMyBuckets"])]));
    assert_eq!(outcome(&mut kit, &user, "ListBuckets", json!({})), "ok");
    assert_eq!(outcome(&mut kit, &nobody, "ListBuckets", json!({})), "403 AccessDenied");
}
