//! Buckets and their settings.

use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, OTHER, allow, root};

use super::{S3Calls, fails, field, kit, merged, ok, outcome, put, told};

#[test]
fn a_bucket_is_made_found_listed_and_deleted() {
    let mut kit = Kit::with_other(crate::SERVICES);
    let made = ok(&mut kit, "CreateBucket", json!({ "Bucket": "b-1" }));
    assert_eq!(made, json!({ "Location": "/b-1", "BucketArn": "arn:aws:s3:::b-1" }));
    let head = ok(&mut kit, "HeadBucket", json!({ "Bucket": "b-1" }));
    assert_eq!(head, json!({ "BucketArn": "arn:aws:s3:::b-1", "BucketRegion": "us-east-1" }));
    assert_eq!(ok(&mut kit, "GetBucketLocation", json!({ "Bucket": "b-1" })), json!({}));
    ok(
        &mut kit,
        "CreateBucket",
        json!({ "Bucket": "a-1", "CreateBucketConfiguration": { "LocationConstraint": "eu-west-1" } }),
    );
    assert_eq!(
        ok(&mut kit, "GetBucketLocation", json!({ "Bucket": "a-1" })),
        json!({ "LocationConstraint": "eu-west-1" })
    );
    kit.s3(&root(OTHER), "CreateBucket", json!({ "Bucket": "c-1" }), "").unwrap();
    let names = |kit: &mut Kit, more: Value| -> Vec<String> {
        let list = ok(kit, "ListBuckets", more);
        list["Buckets"].as_array().unwrap().iter().map(|bucket| bucket["Name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&mut kit, json!({})), ["a-1", "b-1"]);
    assert_eq!(names(&mut kit, json!({ "Prefix": "b" })), ["b-1"]);
    assert_eq!(names(&mut kit, json!({ "BucketRegion": "eu-west-1" })), ["a-1"]);
    let first = ok(&mut kit, "ListBuckets", json!({ "MaxBuckets": 1 }));
    assert_eq!(names(&mut kit, json!({ "ContinuationToken": first["ContinuationToken"] })), ["b-1"]);
    ok(&mut kit, "DeleteBucket", json!({ "Bucket": "b-1" }));
    assert_eq!(names(&mut kit, json!({})), ["a-1"]);
}

#[test]
fn a_name_is_taken_once() {
    let mut kit = kit();
    let fault = kit.s3(&root(OTHER), "CreateBucket", json!({ "Bucket": "b-1" }), "").unwrap_err();
    assert_eq!(
        (fault.status, fault.code.as_ref(), field(&fault, "BucketName")),
        (409, "BucketAlreadyExists", Some("b-1"))
    );
    // As recorded from AWS: in us-east-1 it may be made again, as long as no tags are passed.
    ok(&mut kit, "CreateBucket", json!({ "Bucket": "b-1" }));
    let tagged = json!({ "Bucket": "b-1", "CreateBucketConfiguration": { "Tags": [{ "Key": "a", "Value": "b" }] } });
    let fault = fails(&mut kit, "CreateBucket", tagged);
    assert_eq!((fault.status, fault.code.as_ref()), (409, "BucketAlreadyOwnedByYou"));
    let abroad = json!({ "Bucket": "e-1", "CreateBucketConfiguration": { "LocationConstraint": "eu-west-1" } });
    ok(&mut kit, "CreateBucket", abroad.clone());
    assert_eq!(fails(&mut kit, "CreateBucket", abroad).code, "BucketAlreadyOwnedByYou");
    let fault = fails(&mut kit, "CreateBucket", json!({ "Bucket": "Not_A_Bucket" }));
    assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidBucketName"));
}

#[test]
fn a_bucket_with_something_in_it_stays() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let fault = fails(&mut kit, "DeleteBucket", json!({ "Bucket": "b-1" }));
    assert_eq!((fault.status, fault.code.as_ref()), (409, "BucketNotEmpty"));
    assert_eq!(fault.message, "The bucket you tried to delete is not empty");
    ok(&mut kit, "PutBucketVersioning", json!({ "Bucket": "b-1", "VersioningConfiguration": { "Status": "Enabled" } }));
    ok(&mut kit, "DeleteObject", json!({ "Bucket": "b-1", "Key": "k" }));
    let fault = fails(&mut kit, "DeleteBucket", json!({ "Bucket": "b-1" }));
    assert_eq!(
        fault.message,
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
    );
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
#[test]
fn a_new_bucket_is_closed() {
    let mut kit = kit();
    let settings = ok(&mut kit, "GetPublicAccessBlock", json!({ "Bucket": "b-1" }));
    let all = json!({ "BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true, "RestrictPublicBuckets": true });
    assert_eq!(settings["PublicAccessBlockConfiguration"], all);
    let ownership = ok(&mut kit, "GetBucketOwnershipControls", json!({ "Bucket": "b-1" }));
    assert_eq!(ownership["OwnershipControls"]["Rules"], json!([{ "ObjectOwnership": "BucketOwnerEnforced" }]));
    let acl = ok(&mut kit, "GetBucketAcl", json!({ "Bucket": "b-1" }));
    assert_eq!(
        (acl["Grants"].as_array().map(Vec::len), &acl["Grants"][0]["Permission"]),
        (Some(1), &json!("FULL_CONTROL"))
    );
    assert_eq!(acl["Grants"][0]["Grantee"], json!({ "Type": "CanonicalUser", "ID": acl["Owner"]["ID"] }));
    assert_eq!(
        ok(&mut kit, "GetBucketAbac", json!({ "Bucket": "b-1" })),
        json!({ "AbacStatus": { "Status": "Disabled" } })
    );
    put(&mut kit, "k", "x");
    for (operation, more) in [("PutBucketAcl", json!({})), ("PutObjectAcl", json!({ "Key": "k" }))] {
        let fault = fails(&mut kit, operation, merged(json!({ "Bucket": "b-1", "ACL": "public-read" }), more));
        assert_eq!((fault.status, fault.code.as_ref()), (400, "AccessControlListNotSupported"));
        assert_eq!(fault.message, "The bucket does not allow ACLs");
    }
    let fault = fails(&mut kit, "CreateBucket", json!({ "Bucket": "open", "ACL": "public-read" }));
    assert_eq!(fault.code, "InvalidBucketAclWithObjectOwnership");
}

#[test]
fn ownership_controls() {
    let mut kit = kit();
    let rules = |rules: Value| json!({ "Bucket": "b-1", "OwnershipControls": { "Rules": rules } });
    for bad in [json!([]), json!([{ "ObjectOwnership": "Nobody" }]), json!([{}, {}])] {
        assert_eq!(fails(&mut kit, "PutBucketOwnershipControls", rules(bad)).code, "MalformedXML");
    }
    ok(&mut kit, "PutBucketOwnershipControls", rules(json!([{ "ObjectOwnership": "ObjectWriter" }])));
    ok(&mut kit, "PutBucketAcl", json!({ "Bucket": "b-1", "ACL": "private" }));
    let fault = fails(&mut kit, "PutBucketAcl", json!({ "Bucket": "b-1", "ACL": "public-read" }));
    assert_eq!(fault.code, "NotImplemented", "said, not silently dropped");
    ok(&mut kit, "DeleteBucketOwnershipControls", json!({ "Bucket": "b-1" }));
    let fault = fails(&mut kit, "GetBucketOwnershipControls", json!({ "Bucket": "b-1" }));
    assert_eq!((fault.status, fault.code.as_ref()), (404, "OwnershipControlsNotFoundError"));
    let fault = fails(&mut kit, "CreateBucket", json!({ "Bucket": "n-1", "ObjectOwnership": "RandomValue" }));
    assert_eq!(fault.message, "Invalid x-amz-object-ownership header: RandomValue");
}

#[test]
fn block_public_access_of_a_bucket() {
    let mut kit = kit();
    ok(
        &mut kit,
        "PutPublicAccessBlock",
        json!({ "Bucket": "b-1", "PublicAccessBlockConfiguration": { "BlockPublicAcls": true } }),
    );
    let settings = ok(&mut kit, "GetPublicAccessBlock", json!({ "Bucket": "b-1" }));
    assert_eq!(
        settings["PublicAccessBlockConfiguration"],
        json!({ "BlockPublicAcls": true, "IgnorePublicAcls": false,
        "BlockPublicPolicy": false, "RestrictPublicBuckets": false })
    );
    let fault =
        fails(&mut kit, "PutPublicAccessBlock", json!({ "Bucket": "b-1", "PublicAccessBlockConfiguration": {} }));
    assert_eq!((fault.status, fault.message.as_str()), (400, "Must specify at least one configuration."));
    ok(&mut kit, "DeletePublicAccessBlock", json!({ "Bucket": "b-1" }));
    ok(&mut kit, "DeletePublicAccessBlock", json!({ "Bucket": "b-1" }));
    let fault = fails(&mut kit, "GetPublicAccessBlock", json!({ "Bucket": "b-1" }));
    assert_eq!((fault.status, fault.code.as_ref()), (404, "NoSuchPublicAccessBlockConfiguration"));
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
#[test]
fn the_owner_of_a_bucket_pays() {
    let mut kit = kit();
    let input = json!({ "Bucket": "b-1" });
    assert_eq!(ok(&mut kit, "GetBucketRequestPayment", input.clone()), json!({ "Payer": "BucketOwner" }));
    for (action, expected) in [("s3:GetBucketRequestPayment", "ok"), ("s3:GetBucketLocation", "403 AccessDenied")] {
        let user = kit.user(&action[3..], json!([allow(&[action])]));
        assert_eq!(outcome(&mut kit, &user, "GetBucketRequestPayment", input.clone()), expected, "{action}");
    }
}

#[test]
fn what_is_not_emulated_says_so() {
    let mut kit = kit();
    let fault = kit.s3(&root(ACCOUNT), "PutBucketLifecycleConfiguration", json!({ "Bucket": "b-1" }), "").unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (501, "NotImplemented"));
    let fault = kit.s3(&root(ACCOUNT), "GetObject", json!({ "Bucket": 7 }), "").unwrap_err();
    assert_eq!((fault.status, fault.code.as_ref()), (400, "InvalidBucketName"));
    let reply = kit.s3(&root(ACCOUNT), "ListBuckets", Value::Null, "").unwrap();
    assert_eq!(told(reply)["Buckets"][0]["Name"], "b-1");
    assert_eq!(outcome(&mut kit, &root(OTHER), "DeleteBucket", json!({ "Bucket": "b-1" })), "403 AccessDenied");
}
