//! Requests about objects that are kept elsewhere: what is asked before, what is decided, what is left.

use std::sync::Arc;

use account::operation::OperationRow;
use account::{Fault, Identity, Service as _, Tags};
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, root};

use super::{S3Calls as _, kit, ok};
use crate::{ObjectName, ProxiedObject, ProxiedObjects, Remaining, Request, S3, Unknown};

fn request(operation: &str, input: Value) -> Request {
    Request::from_input(operation, input, bytes::Bytes::new()).expect("a request")
}

fn unknowns(kit: &mut Kit, who: &Arc<Identity>, request: &Request) -> Vec<Unknown> {
    kit.made(who, |world, call| world.s3_unknowns(call, request)).expect("names that there can be")
}

fn elsewhere(
    kit: &mut Kit,
    who: &Arc<Identity>,
    request: &Request,
    known: &[ProxiedObject],
) -> Result<Remaining, Fault> {
    kit.made(who, |world, call| world.s3_elsewhere(call, request, known))
}

fn object(key: &str, version: Option<&str>) -> ObjectName {
    ObjectName { bucket: "b-1".to_owned(), key: key.to_owned(), version: version.map(str::to_owned) }
}

fn known(key: &str, tags: Option<&[(&str, &str)]>) -> ProxiedObject {
    ProxiedObject { name: object(key, None), tags: tags.map(|tags| tags.iter().copied().collect::<Tags>()) }
}

fn get(key: &str) -> Request {
    request("GetObject", json!({ "Bucket": "b-1", "Key": key }))
}

fn if_tagged() -> Value {
    json!([{
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringEquals": { "s3:existingobjecttag/Status": "OK" } },
    }])
}

#[test]
fn tags_are_asked_for_only_if_a_policy_looks_at_some() {
    let mut kit = kit();
    let plain = kit.user("plain", json!([allow(&["s3:*"])]));
    let tagged = kit.user("tagged", if_tagged());
    let variable = json!([{
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/${ s3:ExistingObjectTag/Home}",
    }]);
    let variable = kit.user("variable", variable);
    let name = Unknown::Object(object("k", None));
    let cases = [(&plain, vec![]), (&tagged, vec![name.clone()]), (&variable, vec![name.clone()])];
    for (who, expected) in cases {
        assert_eq!(unknowns(&mut kit, who, &get("k")), expected, "{who:?}");
    }
    let policy = json!({ "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*",
        "Condition": { "Null": { "s3:ExistingObjectTag/Status": "true" } },
    } });
    ok(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": policy.to_string() }));
    assert_eq!(unknowns(&mut kit, &plain, &get("k")), [name]);
    assert_eq!(unknowns(&mut kit, &plain, &request("PutObject", json!({ "Bucket": "b-1", "Key": "k" }))), []);
}

#[test]
fn a_bucket_comes_before_all_that_depends_on_it() {
    let mut kit = kit();
    let who = root(ACCOUNT);
    let copy = request("CopyObject", json!({ "Bucket": "b-1", "Key": "to", "CopySource": "b-2/from" }));
    assert_eq!(unknowns(&mut kit, &who, &copy), [Unknown::Bucket("b-2".to_owned())]);
    kit.world.s3_adopt("b-2", "us-east-1", kit.now, Vec::new()).expect("adopted");
    let source = ObjectName { bucket: "b-2".to_owned(), key: "from".to_owned(), version: None };
    assert_eq!(unknowns(&mut kit, &who, &copy), [Unknown::Object(source)]);
    let new = request("CreateBucket", json!({ "Bucket": "b-3" }));
    // It may be there, with a policy of its own; and one that is here may be there no more.
    assert_eq!(unknowns(&mut kit, &who, &new), [Unknown::Bucket("b-3".to_owned())]);
    let again = request("CreateBucket", json!({ "Bucket": "b-1" }));
    assert_eq!(unknowns(&mut kit, &who, &again), [Unknown::Still("b-1".to_owned())]);
    assert_eq!(unknowns(&mut kit, &who, &request("CreateBucket", json!({ "Bucket": "B" }))), []);
}

#[test]
fn bucket_tags_are_asked_for_once_they_count() {
    let mut kit = kit();
    let condition = json!({ "StringEquals": { "aws:ResourceTag/Team": "red" } });
    let who = kit
        .user("ann", json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition }]));
    assert_eq!(unknowns(&mut kit, &who, &get("k")), []);
    ok(&mut kit, "PutBucketAbac", json!({ "Bucket": "b-1", "AbacStatus": { "Status": "Enabled" } }));
    assert_eq!(unknowns(&mut kit, &who, &get("k")), [Unknown::BucketTags("b-1".to_owned())]);
    assert!(elsewhere(&mut kit, &who, &get("k"), &[]).is_err());
    kit.world.s3_set_bucket_tags("b-1", [("Team", "red")].into_iter().collect());
    assert!(matches!(elsewhere(&mut kit, &who, &get("k"), &[]), Ok(Remaining::All(None))));
}

/// The same words and decisions as where the objects are here.
#[test]
fn what_is_known_of_an_object_decides_and_leaves_nothing_behind() {
    let mut kit = kit();
    let who = kit.user("ann", if_tagged());
    for (tags, allowed) in
        [(Some(&[("Status", "OK")][..]), true), (Some(&[("Status", "NG")][..]), false), (None, false)]
    {
        let decided = elsewhere(&mut kit, &who, &get("k"), &[known("k", tags)]);
        assert_eq!(decided.is_ok(), allowed, "{tags:?}");
        assert_eq!(kit.decisions.len(), 1);
        assert_eq!(kit.decisions[0].request.action, "s3:GetObject");
    }
    let list = ok(&mut kit, "ListObjectsV2", json!({ "Bucket": "b-1" }));
    assert_eq!(list["Contents"], json!([]));
}

#[test]
fn a_version_has_the_tags_that_were_found_for_it() {
    let mut kit = kit();
    let statement = json!([{
        "Effect": "Allow", "Action": "s3:GetObjectVersion", "Resource": "*",
        "Condition": { "StringEquals": { "s3:ExistingObjectTag/Status": "OK" } },
    }]);
    let who = kit.user("ann", statement);
    let version = "b1946ac9-2492-d234-7c62-35b4d2611184";
    let get = request("GetObject", json!({ "Bucket": "b-1", "Key": "k", "VersionId": version }));
    assert_eq!(unknowns(&mut kit, &who, &get), [Unknown::Object(object("k", Some(version)))]);
    let tags = Some([("Status", "OK")].into_iter().collect());
    let known = [ProxiedObject { name: object("k", Some(version)), tags }];
    assert!(matches!(elsewhere(&mut kit, &who, &get, &known), Ok(Remaining::All(None))));
}

#[test]
fn a_change_is_made_once_it_is_done_elsewhere() {
    let mut kit = kit();
    let who = root(ACCOUNT);
    for (operation, input, versioning) in [
        (
            "PutBucketVersioning",
            json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }),
            Some(json!({ "Status": "Enabled" })),
        ),
        ("DeleteBucket", json!({ "Bucket": "b-1" }), None),
        ("CreateBucket", json!({ "Bucket": "b-1" }), Some(json!({}))),
    ] {
        let now = |kit: &mut Kit| kit.s3(&root(ACCOUNT), "GetBucketVersioning", json!({ "Bucket": "b-1" }), "").ok();
        let before = now(&mut kit).map(super::told);
        match elsewhere(&mut kit, &who, &request(operation, input), &[]) {
            Ok(Remaining::All(Some(change))) => {
                assert_eq!(now(&mut kit).map(super::told), before, "{operation}");
                kit.world.s3_change(change);
            }
            other => panic!("{operation}: {other:?}"),
        }
        assert_eq!(now(&mut kit).map(super::told), versioning, "{operation}");
    }
}

/// Somebody else may have been quicker, and have asked what is configured on it.
#[test]
fn a_bucket_that_is_taken_in_while_it_is_made_keeps_its_policy() {
    let mut kit = kit();
    let policy = json!({ "Statement": { "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*" } });
    let put = request("PutBucketPolicy", json!({ "Bucket": "b-2", "Policy": policy.to_string() }));
    match elsewhere(&mut kit, &root(ACCOUNT), &request("CreateBucket", json!({ "Bucket": "b-2" })), &[]) {
        Ok(Remaining::All(Some(change))) => {
            kit.world.s3_adopt("b-2", "us-east-1", kit.now, vec![put]).expect("adopted");
            kit.world.s3_change(change);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(ok(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-2" }))["Policy"], policy.to_string());
}

/// Until it is made anew through here it is what it was.
#[test]
fn a_bucket_that_is_gone_is_remembered() {
    let mut kit = kit();
    let abac = json!({ "Bucket": "b-1", "AbacStatus": { "Status": "Enabled" } });
    ok(&mut kit, "PutBucketAbac", abac);
    let status = |kit: &mut Kit| ok(kit, "GetBucketAbac", json!({ "Bucket": "b-1" }))["AbacStatus"]["Status"].clone();
    kit.world.s3_adopt("b-1", "us-east-1", kit.now, Vec::new()).expect("adopted");
    kit.world.s3_found("b-1", false);
    assert_eq!(status(&mut kit), "Enabled");
    match elsewhere(&mut kit, &root(ACCOUNT), &request("CreateBucket", json!({ "Bucket": "b-1" })), &[]) {
        Ok(Remaining::All(Some(change))) => {
            assert_eq!(status(&mut kit), "Enabled");
            kit.world.s3_change(change);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(status(&mut kit), "Disabled");
}

#[test]
fn an_upload_belongs_to_its_key() {
    let mut kit = kit();
    let who = root(ACCOUNT);
    kit.world.s3_upload_found("b-1", "k", "u");
    let part = |key: &str, id: &str| {
        request("UploadPart", json!({ "Bucket": "b-1", "Key": key, "UploadId": id, "PartNumber": 1 }))
    };
    assert!(matches!(elsewhere(&mut kit, &who, &part("k", "u"), &[]), Ok(Remaining::All(None))));
    for (key, id) in [("other", "u"), ("k", "v"), ("k", "")] {
        let fault = elsewhere(&mut kit, &who, &part(key, id), &[]).expect_err(id);
        assert_eq!((fault.status, &*fault.code), (404, "NoSuchUpload"), "{key} {id}");
    }
    let unknown = Unknown::Upload { bucket: "b-1".to_owned(), key: "k".to_owned(), id: "v".to_owned() };
    assert_eq!(unknowns(&mut kit, &who, &part("k", "v")), [unknown]);
    assert_eq!(unknowns(&mut kit, &who, &part("other", "u")), []);
}

#[test]
fn every_operation_is_decided_on() {
    let mut kit = kit();
    let nobody = kit.user("nobody", json!([]));
    let source = [known("from", Some(&[]))];
    let object = json!({ "Bucket": "b-1", "Key": "k", "UploadId": "u", "PartNumber": 1, "CopySource": "b-1/from",
        "Tagging": { "TagSet": [] }, "ObjectAttributes": ["ETag"], "AbacStatus": {}, "VersioningConfiguration": {},
        "OwnershipControls": { "Rules": [] }, "PublicAccessBlockConfiguration": {} });
    for operation in S3.operations().map(OperationRow::operation).filter(|name| *name != "DeleteObjects") {
        let mut input = object.clone();
        if operation.starts_with("PutObject") && operation != "PutObjectTagging" || operation.ends_with("Upload") {
            input["Tagging"] = Value::Null;
        }
        let input = if operation == "CopyObject" {
            json!({ "Bucket": "b-1", "Key": "k", "CopySource": "b-1/from" })
        } else {
            input
        };
        let here = request(operation, input);
        let fault = elsewhere(&mut kit, &nobody, &here, &source).expect_err(operation);
        assert_eq!((fault.status, &*fault.code), (403, "AccessDenied"), "{operation}");
    }
    let deletes = request("DeleteObjects", json!({ "Bucket": "b-1", "Delete": { "Objects": [{ "Key": "k" }] } }));
    match elsewhere(&mut kit, &nobody, &deletes, &[]) {
        Ok(Remaining::Deletes { allowed, refused }) => assert_eq!((allowed.len(), refused.len()), (0, 1)),
        other => panic!("{other:?}"),
    }
}
