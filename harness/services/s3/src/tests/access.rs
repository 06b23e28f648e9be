//! Who may know what: 403 or 404, object tags, bucket tags.

use serde_json::json;
use testkit::allow;

use super::{S3Calls, fails, field, kit, ok, outcome, put, put_with, told, with_tagging};

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: a missing key is a 404 only for callers with
/// s3:ListBucket on the bucket.
#[test]
fn a_missing_key_shows_itself_only_to_who_may_list() {
    let mut kit = kit();
    put(&mut kit, "there", "x");
    let get = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*" });
    let list = json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b-1" });
    let list_on_objects = json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b-1/*" });
    let cases = [
        ("nothing", json!([]), "403 AccessDenied", "403 AccessDenied"),
        ("list", json!([list]), "403 AccessDenied", "403 AccessDenied"),
        ("get", json!([get]), "ok", "403 AccessDenied"),
        ("get-and-list", json!([get, list]), "ok", "404 NoSuchKey"),
        ("list-on-objects", json!([get, list_on_objects]), "ok", "403 AccessDenied"),
    ];
    for (name, statements, there, missing) in cases {
        let user = kit.user(name, statements);
        for operation in ["GetObject", "HeadObject"] {
            let found = outcome(&mut kit, &user, operation, json!({ "Bucket": "b-1", "Key": "there" }));
            assert_eq!(found, there, "{name}: {operation} of an object");
            let found = outcome(&mut kit, &user, operation, json!({ "Bucket": "b-1", "Key": "missing" }));
            assert_eq!(found, missing, "{name}: {operation} of a missing key");
        }
    }
}

#[test]
fn a_denied_read_of_a_missing_key_speaks_of_list_bucket() {
    let mut kit = kit();
    let user = kit.user("u", json!([allow(&["s3:GetObject"])]));
    let fault = kit.s3(&user, "GetObject", json!({ "Bucket": "b-1", "Key": "missing" }), "").unwrap_err();
    let expected = "User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:ListBucket on resource: \
                    \"arn:aws:s3:::b-1\" because no identity-based policy allows the s3:ListBucket action";
    assert_eq!(fault.message, expected);
    let actions: Vec<_> = kit.decisions.iter().map(|recorded| recorded.request.action.as_str()).collect();
    assert_eq!(actions, ["s3:GetObject", "s3:ListBucket"]);
}

#[test]
fn a_denied_read_names_the_object() {
    let mut kit = kit();
    put(&mut kit, "a/b", "x");
    let user = kit.user("u", json!([]));
    for operation in ["GetObject", "HeadObject"] {
        let fault = kit.s3(&user, operation, json!({ "Bucket": "b-1", "Key": "a/b" }), "").unwrap_err();
        let expected = "User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:GetObject on resource: \
                        \"arn:aws:s3:::b-1/a/b\" because no identity-based policy allows the s3:GetObject action";
        assert_eq!(fault.message, expected);
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: a variable without a value matches
/// nothing, an untagged object neither.
#[test]
fn an_objects_tag_can_be_held_against_the_callers() {
    let mut kit = kit();
    put_with(&mut kit, "ok", "x", json!({ "Tagging": "Status=OK" }));
    put_with(&mut kit, "ng", "x", json!({ "Tagging": "Status=NG" }));
    put(&mut kit, "untagged", "x");
    let statement = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/Status": "${aws:PrincipalTag/Status}" } } });
    let tagged = kit.user("tagged", json!([statement]));
    kit.setup("iam:TagUser", json!({ "UserName": "tagged", "Tags": [{ "Key": "Status", "Value": "OK" }] }));
    let untagged = kit.user("untagged", json!([statement]));
    for (who, key, expected) in [
        (&tagged, "ok", "ok"),
        (&tagged, "ng", "403 AccessDenied"),
        (&tagged, "untagged", "403 AccessDenied"),
        (&untagged, "ok", "403 AccessDenied"),
        (&untagged, "untagged", "403 AccessDenied"),
    ] {
        let found = outcome(&mut kit, who, "GetObject", json!({ "Bucket": "b-1", "Key": key }));
        assert_eq!(found, expected, "{key} by {who:?}");
    }
}

/// Known from any client that is asked for a bucket that nobody has: the bucket is looked up first.
#[test]
fn a_missing_bucket_is_a_404_for_everybody() {
    let mut kit = kit();
    let user = kit.user("u", json!([]));
    for (operation, more) in
        [("GetObject", json!({ "Key": "k" })), ("ListObjectsV2", json!({})), ("HeadBucket", json!({}))]
    {
        let input = super::merged(json!({ "Bucket": "nowhere" }), more);
        assert_eq!(outcome(&mut kit, &user, operation, input), "404 NoSuchBucket", "{operation}");
    }
    let fault = fails(&mut kit, "GetBucketLocation", json!({ "Bucket": "nowhere" }));
    assert_eq!(fault.message, "The specified bucket does not exist");
    assert_eq!(field(&fault, "BucketName"), Some("nowhere"));
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html: the tags in question are the bucket's, and they
/// count once the bucket has attribute-based access control on.
#[test]
fn resource_tags_are_the_buckets_and_need_abac() {
    for key in ["aws:ResourceTag/Status", "s3:BucketTag/Status"] {
        let object = json!({ "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": "arn:aws:s3:::b-1/*", "Condition": { "StringEquals": { key: "OK" } } });
        let bucket = json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b-1",
            "Condition": { "StringEquals": { key: "OK" } } });
        let cases = [
            // bucket tag, attribute-based access control, object tag, outcome
            (None, "Disabled", None, "403 AccessDenied"),
            (None, "Enabled", None, "403 AccessDenied"),
            (None, "Enabled", Some("OK"), "403 AccessDenied"),
            (Some("OK"), "Disabled", None, "403 AccessDenied"),
            (Some("OK"), "Disabled", Some("OK"), "403 AccessDenied"),
            (Some("NG"), "Enabled", Some("OK"), "403 AccessDenied"),
            (Some("ok"), "Enabled", None, "403 AccessDenied"),
            (Some("OK"), "Enabled", None, "ok"),
            (Some("OK"), "Enabled", Some("NG"), "ok"),
        ];
        for (bucket_tag, abac, object_tag, expected) in cases {
            let mut kit = kit();
            let user = kit.user("u", json!([object, bucket]));
            let tagging = object_tag.map_or(json!({}), |tag| json!({ "Tagging": format!("Status={tag}") }));
            put_with(&mut kit, "k", "x", tagging);
            if let Some(value) = bucket_tag {
                let tags = json!({ "TagSet": [{ "Key": "Status", "Value": value }] });
                ok(&mut kit, "PutBucketTagging", json!({ "Bucket": "b-1", "Tagging": tags }));
            }
            ok(&mut kit, "PutBucketAbac", json!({ "Bucket": "b-1", "AbacStatus": { "Status": abac } }));
            let case = format!("{key}, bucket {bucket_tag:?}, {abac}, object {object_tag:?}");
            for operation in ["GetObject", "HeadObject", "PutObject", "DeleteObject"] {
                let found = outcome(&mut kit, &user, operation, json!({ "Bucket": "b-1", "Key": "k" }));
                assert_eq!(found, expected, "{operation}: {case}");
            }
            let found = outcome(&mut kit, &user, "ListObjectsV2", json!({ "Bucket": "b-1" }));
            assert_eq!(found, expected, "ListObjectsV2: {case}");
        }
    }
}

/// The other side of it: a Deny on a bucket tag does nothing before.
#[test]
fn a_deny_on_a_bucket_tag_needs_abac_too() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let deny = json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:ResourceTag/env": "prod" } } });
    let user = kit.user("u", json!([allow(&["s3:*"]), deny]));
    let tags = json!({ "TagSet": [{ "Key": "env", "Value": "prod" }] });
    ok(&mut kit, "PutBucketTagging", json!({ "Bucket": "b-1", "Tagging": tags }));
    let read = json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &user, "GetObject", read.clone()), "ok");
    ok(&mut kit, "PutBucketAbac", json!({ "Bucket": "b-1", "AbacStatus": { "Status": "Enabled" } }));
    assert_eq!(outcome(&mut kit, &user, "GetObject", read), "403 AccessDenied");
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
#[test]
fn existing_object_tags_guard_reads_and_tagging_alone() {
    let statement = json!({ "Effect": "Allow", "Action": "s3:*Object*", "Resource": "arn:aws:s3:::b-1/*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/Status": "OK" } } });
    let list = json!({ "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b-1" });
    let cases = [
        // operation, tagged OK, tagged NG, untagged, missing
        ("GetObject", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("HeadObject", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("GetObjectTagging", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("GetObjectAcl", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("PutObjectTagging", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("DeleteObjectTagging", "ok", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("PutObject", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
        ("DeleteObject", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied", "403 AccessDenied"),
    ];
    for (operation, tagged, wrong, untagged, missing) in cases {
        let mut kit = kit();
        let user = kit.user("u", json!([statement, list]));
        put_with(&mut kit, "tagged", "x", json!({ "Tagging": "Status=OK" }));
        put_with(&mut kit, "wrong", "x", json!({ "Tagging": "Status=NG" }));
        put(&mut kit, "untagged", "x");
        for (key, expected) in [("tagged", tagged), ("wrong", wrong), ("untagged", untagged), ("missing", missing)] {
            let input = with_tagging(operation, json!({ "Bucket": "b-1", "Key": key }));
            assert_eq!(outcome(&mut kit, &user, operation, input), expected, "{operation} of `{key}`");
        }
    }
}

/// Values keep their letter case; the key after the slash does not.
#[test]
fn letter_case_of_existing_object_tags() {
    let mut kit = kit();
    put_with(&mut kit, "lower-value", "x", json!({ "Tagging": "Status=ok" }));
    put_with(&mut kit, "lower-key", "x", json!({ "Tagging": "status=OK" }));
    let statement = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/Status": "OK" } } });
    let user = kit.user("u", json!([statement]));
    let get = |key: &str| json!({ "Bucket": "b-1", "Key": key });
    assert_eq!(outcome(&mut kit, &user, "GetObject", get("lower-value")), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &user, "GetObject", get("lower-key")), "ok");
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: a version id takes another action, `null` as well.
#[test]
fn a_version_id_takes_an_action_of_its_own() {
    let mut kit = kit();
    ok(&mut kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }));
    let version = put(&mut kit, "k", "x")["VersionId"].clone();
    let cases = [
        ("s3:GetObject", "GetObject", "ok", "403 AccessDenied"),
        ("s3:GetObjectVersion", "GetObject", "403 AccessDenied", "ok"),
        ("s3:GetObjectVersion", "HeadObject", "403 AccessDenied", "ok"),
        ("s3:GetObjectTagging", "GetObjectTagging", "ok", "403 AccessDenied"),
        ("s3:GetObjectVersionTagging", "GetObjectTagging", "403 AccessDenied", "ok"),
        ("s3:PutObjectVersionTagging", "PutObjectTagging", "403 AccessDenied", "ok"),
        ("s3:DeleteObjectVersionTagging", "DeleteObjectTagging", "403 AccessDenied", "ok"),
        ("s3:GetObjectVersionAcl", "GetObjectAcl", "403 AccessDenied", "ok"),
        ("s3:DeleteObjectVersion", "DeleteObject", "403 AccessDenied", "ok"),
        ("s3:DeleteObject", "DeleteObject", "ok", "403 AccessDenied"),
    ];
    for (at, (action, operation, latest, by_id)) in cases.into_iter().enumerate() {
        let user = kit.user(&format!("u{at}"), json!([allow(&[action])]));
        let mut input = with_tagging(operation, json!({ "Bucket": "b-1", "Key": "k" }));
        assert_eq!(outcome(&mut kit, &user, operation, input.clone()), latest, "{operation} with {action}");
        input["VersionId"] = version.clone();
        assert_eq!(outcome(&mut kit, &user, operation, input), by_id, "{operation} of a version with {action}");
    }
}

/// "If the s3:DeleteObject or s3:DeleteObjectVersion permissions are explicitly denied in your bucket policy, attempts to
/// delete any unversioned objects result in a 403 Access Denied error."
/// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
#[test]
fn a_bucket_policy_that_denies_deleting_versions_denies_deleting_what_has_none() {
    let mut kit = kit();
    let user = kit.user("u", json!([allow(&["s3:DeleteObject"])]));
    let other = kit.user(
        "other",
        json!([allow(&["s3:DeleteObject"]),
        { "Effect": "Deny", "Action": "s3:DeleteObjectVersion", "Resource": "*" }]),
    );
    let delete = || json!({ "Bucket": "b-1", "Key": "k" });
    let statement = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObjectVersion",
        "Resource": "arn:aws:s3:::b-1/k" });
    let policy = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    put(&mut kit, "k", "x");
    assert_eq!(outcome(&mut kit, &other, "DeleteObject", delete()), "ok", "it is no bucket policy that denies it");
    put(&mut kit, "k", "x");
    ok(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": policy }));
    let fault = kit.s3(&user, "DeleteObject", delete(), "").unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (403, "AccessDenied"));
    assert!(fault.message.contains("s3:DeleteObjectVersion"), "{}", fault.message);
    assert!(fault.message.ends_with("with an explicit deny in a resource-based policy"), "{}", fault.message);
    let many = json!({ "Bucket": "b-1", "Delete": { "Objects": [{ "Key": "k" }, { "Key": "other" }] } });
    let answer = told(kit.s3(&user, "DeleteObjects", many, "").unwrap());
    assert_eq!((&answer["Errors"][0]["Key"], answer["Deleted"].as_array().map(Vec::len)), (&json!("k"), Some(1)));
    // With versioning on, this only adds a delete marker.
    ok(&mut kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }));
    assert_eq!(outcome(&mut kit, &user, "DeleteObject", delete()), "ok");
}

#[test]
fn a_request_may_expect_an_owner() {
    let mut kit = kit();
    let head = |owner: &str| json!({ "Bucket": "b-1", "ExpectedBucketOwner": owner });
    ok(&mut kit, "HeadBucket", head("123456789012"));
    assert_eq!(fails(&mut kit, "HeadBucket", head("210987654321")).code, "AccessDenied");
    let fault = fails(&mut kit, "HeadBucket", head("abcd"));
    assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidBucketOwnerAWSAccountID"));
    let expected = "The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]";
    assert_eq!(fault.message, expected);
}
