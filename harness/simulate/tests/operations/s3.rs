//! Calls of Amazon S3.

use serde_json::json;

use super::{ANN, answer, asked, call, error, told};

/// docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
#[test]
fn s3_copies_and_tags() {
    let allow = |actions: &[&str]| json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}]);
    let from = json!({"action": "s3:GetObject", "resource": "arn:aws:s3:::src/k"});
    let to = json!({"action": "s3:PutObject", "resource": "arn:aws:s3:::dst/k"});
    let object_tag = json!({"s3:RequestObjectTag/a": "b"});
    let (put, copy) = ("s3:PutObject", "s3:CopyObject");
    let object = &[json!({"resource": "arn:aws:s3:::dst/k"})];
    for (operation, actions, resources, context, expected) in [
        (put, &["s3:PutObject"][..], &object[..], &json!({}), "Allowed"),
        (put, &["s3:PutObject"], object, &object_tag, "ImplicitlyDenied: s3:PutObjectTagging on dst/k"),
        (put, &["s3:PutObject", "s3:PutObjectTagging"], object, &object_tag, "Allowed"),
        (
            put,
            &["s3:PutObject"],
            object,
            &json!({"s3:x-amz-acl": "public-read"}),
            "ImplicitlyDenied: s3:PutObjectAcl on dst/k",
        ),
        (copy, &["s3:PutObject", "s3:GetObject"], &[from.clone(), to.clone()], &json!({}), "Allowed"),
        (copy, &["s3:PutObject"], &[from.clone(), to.clone()], &json!({}), "ImplicitlyDenied: s3:GetObject on src/k"),
        (
            copy,
            &["s3:PutObject", "s3:GetObject"],
            &[from.clone(), to.clone()],
            &object_tag,
            "ImplicitlyDenied: s3:PutObjectTagging on dst/k",
        ),
    ] {
        let answer = answer(&call(operation, &allow(actions), resources, context), false);
        assert_eq!(told(&answer), expected, "{operation} {actions:?}");
    }
    let unsaid = [json!({"resource": "arn:aws:s3:::src/k"}), to];
    let answer = answer(&call(copy, &allow(&["*"]), &unsaid, &json!({})), false);
    assert!(error(&answer).contains("s3:PutObject or s3:GetObject"), "{answer}");
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html: "s3:GetObjectVersion – Required if you
/// want to get a specific version of an object by specifying versionId in the request."
#[test]
fn a_version_of_an_object_is_asked_by_its_own_action() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let version = json!({"s3:VersionId": "v1"});
    let object = |name: &str| json!({"resource": format!("arn:aws:s3:::b/{name}")});
    let of_version = |name: &str| json!({"resource": format!("arn:aws:s3:::b/{name}"), "context": version});
    for (operation, resources, context, expected) in [
        ("s3:GetObject", vec![object("k")], &json!({}), &["s3:GetObject on b/k"][..]),
        ("s3:GetObject", vec![object("k")], &version, &["s3:GetObjectVersion on b/k"]),
        ("s3:GetObject", vec![of_version("k")], &json!({}), &["s3:GetObjectVersion on b/k"]),
        (
            "s3:DeleteObjects",
            vec![of_version("k"), of_version("l")],
            &json!({}),
            &["s3:DeleteObjectVersion on b/k", "s3:DeleteObjectVersion on b/l"],
        ),
        (
            "s3:GetObjectAttributes",
            vec![object("k")],
            &version,
            &["s3:GetObjectVersionAttributes on b/k", "s3:GetObjectVersion on b/k"],
        ),
        (
            "s3:CopyObject",
            vec![
                json!({"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "context": version}),
                json!({"action": "s3:PutObject", "resource": "arn:aws:s3:::b/l"}),
            ],
            &json!({}),
            &["s3:PutObject on b/l", "s3:GetObjectVersion on b/k"],
        ),
    ] {
        let ends: Vec<_> = asked(&call(operation, &anything, &resources, context));
        assert_eq!(ends, expected, "{operation} {context}");
    }
    let read = json!([{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": {"StringEquals": {"s3:VersionId": "v1"}}}]);
    let refused = answer(&call("s3:GetObject", &read, &[object("k")], &version), false);
    assert_eq!(told(&refused), "ImplicitlyDenied: s3:GetObjectVersion on b/k");
    let mixed = answer(&call("s3:DeleteObjects", &anything, &[of_version("k"), object("l")], &json!({})), false);
    assert!(error(&mixed).starts_with("some resources of the call have s3:VersionId"), "{mixed}");
}

/// "To perform conditional writes with an HTTP `If-Match` header you must have the `s3:PutObject` and `s3:GetObject`
/// permissions"; "with `If-Match:*`, you must have `s3:DeleteObject` permissions".
/// docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html and conditional-deletes.html
#[test]
fn if_match_asks_for_the_object_as_well() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let object = || vec![json!({"resource": "arn:aws:s3:::b/k"})];
    let copy = vec![
        json!({"action": "s3:GetObject", "resource": "arn:aws:s3:::src/k", "context": {"s3:VersionId": "v1"}}),
        json!({"action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}),
    ];
    let (etag, any) = (json!({"s3:if-match": "6805f2"}), json!({"s3:if-match": "*"}));
    for (operation, resources, context, expected) in [
        ("s3:PutObject", object(), &etag, &["s3:PutObject on b/k", "s3:GetObject on b/k"][..]),
        ("s3:PutObject", object(), &json!({"s3:if-none-match": "*"}), &["s3:PutObject on b/k"]),
        ("s3:CompleteMultipartUpload", object(), &etag, &["s3:PutObject on b/k", "s3:GetObject on b/k"]),
        ("s3:CopyObject", copy, &etag, &["s3:PutObject on b/k", "s3:GetObjectVersion on src/k", "s3:GetObject on b/k"]),
        ("s3:DeleteObject", object(), &etag, &["s3:DeleteObject on b/k", "s3:GetObject on b/k"]),
        ("s3:DeleteObject", object(), &any, &["s3:DeleteObject on b/k"]),
        ("s3:DeleteObjects", object(), &etag, &["s3:DeleteObject on b/k", "s3:GetObject on b/k"]),
    ] {
        assert_eq!(asked(&call(operation, &anything, &resources, context)), expected, "{operation} {context}");
    }
    // Whether the object's tags are in the second question, no page says: the row has the choice.
    let by_tag = json!([
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {"StringEquals": {"s3:ExistingObjectTag/team": "a"}}},
    ]);
    let context = json!({"s3:if-match": "6805f2", "s3:ExistingObjectTag/team": "a"});
    let answer = answer(&call("s3:PutObject", &by_tag, &object(), &context), false);
    assert_eq!(told(&answer), "ImplicitlyDenied: s3:GetObject on b/k");
    assert!(super::notes(&answer).contains(&"object-tags-in-if-match"), "{answer}");
}

#[test]
fn each_resource_has_its_own_policy() {
    let bucket = |actions: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": ANN}, "Action": actions, "Resource": "*"}]})
    };
    let resources = [
        json!({"action": "s3:PutObject", "resource": "arn:aws:s3:::dst/k", "policies": {"resource": bucket("s3:PutObject")}}),
        json!({"action": "s3:GetObject", "resource": "arn:aws:s3:::src/k", "policies": {"resource": bucket("s3:PutObject")}}),
    ];
    let answer = answer(&call("s3:CopyObject", &json!([]), &resources, &json!({})), false);
    // An empty Statement is an error of its own.
    assert!(answer["error"].is_object(), "{answer}");
    let none = json!([{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]);
    let answer = self::answer(&call("s3:CopyObject", &none, &resources, &json!({})), false);
    assert_eq!(told(&answer), "ImplicitlyDenied: s3:GetObject on src/k");
}
