//! Bucket policies: what is taken, and what it does.

use std::sync::Arc;

use account::Identity;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, OTHER, allow, document, root};

use super::{S3Calls, fails, field, kit, ok, outcome, put, told};

fn policy(statements: Value) -> Value {
    json!({ "Bucket": "b-1", "Policy": document(statements) })
}

fn open_up(kit: &mut Kit) {
    ok(kit, "DeletePublicAccessBlock", json!({ "Bucket": "b-1" }));
}

fn read_by(principal: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-1/*" })
}

/// A user of the other account who may do everything there.
fn stranger(kit: &mut Kit) -> Arc<Identity> {
    let made = kit.setup_in(OTHER, "iam:CreateUser", json!({ "UserName": "bob" }));
    let grant = json!({ "UserName": "bob", "PolicyName": "p", "PolicyDocument": document(json!([allow(&["s3:*"])])) });
    kit.setup_in(OTHER, "iam:PutUserPolicy", grant);
    testkit::user(OTHER, &made)
}

#[test]
fn a_policy_comes_back_as_it_was_put() {
    let mut kit = kit();
    let fault = fails(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" }));
    assert_eq!(
        (fault.status, fault.code.as_ref(), field(&fault, "BucketName")),
        (404, "NoSuchBucketPolicy", Some("b-1"))
    );
    assert_eq!(fails(&mut kit, "GetBucketPolicyStatus", json!({ "Bucket": "b-1" })).code, "NoSuchBucketPolicy");
    let text = "{\"Version\": \"2012-10-17\",\n \"Statement\": {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"210987654321\"}, \
                \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b-1/*\"}}";
    ok(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": text }));
    assert_eq!(ok(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" })), json!({ "Policy": text }));
    let status = ok(&mut kit, "GetBucketPolicyStatus", json!({ "Bucket": "b-1" }));
    assert_eq!(status, json!({ "PolicyStatus": { "IsPublic": false } }));
    ok(&mut kit, "DeleteBucketPolicy", json!({ "Bucket": "b-1" }));
    ok(&mut kit, "DeleteBucketPolicy", json!({ "Bucket": "b-1" }));
}

/// S3's own texts.
#[test]
fn what_is_no_bucket_policy() {
    let good = json!({ "Effect": "Allow", "Principal": { "AWS": "210987654321" }, "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b-1/*" });
    let with = |more: Value| document(json!([super::merged(good.clone(), more)]));
    let without = |name: &str| {
        let mut statement = good.clone();
        statement.as_object_mut().unwrap().remove(name);
        document(json!([statement]))
    };
    let cases = [
        (String::new(), "Policies must be valid JSON and the first byte must be '{'"),
        ("random".to_owned(), "Policies must be valid JSON and the first byte must be '{'"),
        ("{".to_owned(), "This policy contains invalid Json"),
        ("{}".to_owned(), "Missing required field Statement"),
        (document(json!([])), "Could not parse the policy: Statement is empty!"),
        (without("Effect"), "Missing required field Effect"),
        (without("Principal"), "Missing required field Principal"),
        (without("Action"), "Missing required field Action"),
        (without("Resource"), "Missing required field Resource"),
        (with(json!({ "Effect": "allow" })), "Invalid effect: allow"),
        (with(json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:user/gone" } })), "Invalid principal in policy"),
        (with(json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:role/gone" } })), "Invalid principal in policy"),
        (with(json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:group/g" } })), "Invalid principal in policy"),
        (with(json!({ "Principal": { "AWS": "ann" } })), "Invalid principal in policy"),
        (with(json!({ "Principal": { "AWS": "arn:aws:iam::210987654321:role/*" } })), "Invalid principal in policy"),
        (with(json!({ "Resource": "arn:aws:s3:::other/*" })), "Policy has invalid resource"),
        (with(json!({ "Resource": ["arn:aws:s3:::b-1/*", "arn:aws:s3:::b-1x/*"] })), "Policy has invalid resource"),
        (with(json!({ "Resource": "arn:aws:sqs:us-east-1:123456789012:q" })), "Policy has invalid resource"),
        (with(json!({ "Action": "s3:GetObjekt" })), "Policy has invalid action"),
        (with(json!({ "Action": "sqs:SendMessage" })), "Policy has invalid action"),
        (with(json!({ "Action": "s3:ListBucket" })), "Action does not apply to any resource(s) in statement"),
        (
            with(json!({ "Action": ["s3:GetObject", "s3:ListBucket"] })),
            "Action does not apply to any resource(s) in statement",
        ),
        (with(json!({ "Resource": "arn:aws:s3:::b-1" })), "Action does not apply to any resource(s) in statement"),
        (
            with(json!({ "Condition": { "StringEquals": { "s3:ResourceTag/a": "b" } } })),
            "Policy has an invalid condition key",
        ),
        (
            with(json!({ "Condition": { "StringEquals": { "aws:NoSuchKey": "b" } } })),
            "Policy has an invalid condition key",
        ),
        (
            with(json!({ "Condition": { "StringEquals": { "s3:prefix": "b" } } })),
            "Conditions do not apply to combination of actions and resources in statement",
        ),
        (document(json!([good])) + &" ".repeat(20 * 1024), "Policy exceeds the maximum allowed document size."),
        (
            json!({ "Version": "2020-01-01", "Statement": [good] }).to_string(),
            "The policy must contain a valid version string",
        ),
    ];
    let mut kit = kit();
    for (text, message) in cases {
        let fault = fails(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": text }));
        assert_eq!(
            (fault.status, fault.code.as_ref(), fault.message.as_str()),
            (400, "MalformedPolicy", message),
            "{text}"
        );
    }
    let deep = format!("{{\"Statement\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let fault = fails(&mut kit, "PutBucketPolicy", json!({ "Bucket": "b-1", "Policy": deep }));
    assert_eq!(fault.code, "MalformedPolicy");
    let fault = fails(
        &mut kit,
        "PutBucketPolicy",
        policy(json!([super::merged(
            good.clone(),
            json!({ "Condition": { "StringEqualz": { "aws:SourceVpc": "b" } } })
        )])),
    );
    assert_eq!((fault.code.as_ref(), fault.message.contains("StringEqualz")), ("MalformedPolicy", true));
    assert_eq!(fails(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" })).code, "NoSuchBucketPolicy");
}

#[test]
fn what_is_a_bucket_policy() {
    let mut kit = kit();
    kit.user("ann", json!([]));
    kit.role("reader", json!([{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }]), json!([]));
    let statements = json!([
        { "Effect": "Allow", "Principal": { "AWS": ["arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:role/reader"] },
          "Action": "s3:*", "Resource": ["arn:aws:s3:::b-1", "arn:aws:s3:::b-1/*"] },
        { "Effect": "Allow", "Principal": { "AWS": "arn:aws:sts::123456789012:assumed-role/reader/session" },
          "Action": "s3:Get*", "Resource": "arn:aws:s3:::b-?/*" },
        { "Effect": "Deny", "Principal": "*", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b*",
          "Condition": { "StringEquals": { "aws:SourceVpc": "vpc-1" } } },
        { "Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": "*",
          "Condition": { "StringNotEquals": { "s3:prefix": "a" } } },
    ]);
    ok(&mut kit, "PutBucketPolicy", policy(statements));
}

#[test]
fn a_public_policy_is_refused_while_blocked() {
    let mut kit = kit();
    let public = policy(json!([read_by(json!("*"))]));
    let fault = fails(&mut kit, "PutBucketPolicy", public.clone());
    assert_eq!((fault.status, fault.code.as_ref()), (403, "AccessDenied"));
    let expected = "User: arn:aws:iam::123456789012:root is not authorized to perform: s3:PutBucketPolicy on resource: \
                    \"arn:aws:s3:::b-1\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block \
                    Public Access.";
    assert_eq!(fault.message, expected);
    open_up(&mut kit);
    ok(&mut kit, "PutBucketPolicy", public);
    let status = ok(&mut kit, "GetBucketPolicyStatus", json!({ "Bucket": "b-1" }));
    assert_eq!(status, json!({ "PolicyStatus": { "IsPublic": true } }));
}

#[test]
fn anybody_may_what_the_policy_lets_anybody() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let nobody = Arc::new(Identity::Anonymous);
    let get = json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &nobody, "GetObject", get.clone()), "403 AccessDenied");
    open_up(&mut kit);
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(json!("*"))])));
    assert_eq!(outcome(&mut kit, &nobody, "GetObject", get.clone()), "ok");
    assert_eq!(outcome(&mut kit, &nobody, "PutObject", get.clone()), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &nobody, "GetObject", json!({ "Bucket": "b-1", "Key": "no" })), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &nobody, "ListBuckets", json!({})), "403 AccessDenied");
    assert_eq!(outcome(&mut kit, &nobody, "CreateBucket", json!({ "Bucket": "new-one" })), "403 AccessDenied");
    let fault = kit.s3(&nobody, "PutObject", get.clone(), "").unwrap_err();
    assert_eq!(fault.message, "Access Denied");
    let styled = super::merged(get, json!({ "ResponseContentType": "text/css" }));
    assert_eq!(outcome(&mut kit, &nobody, "GetObject", styled), "400 InvalidRequest");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
#[test]
fn across_accounts_both_sides_allow() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let bob = stranger(&mut kit);
    let get = json!({ "Bucket": "b-1", "Key": "k" });
    let fault = kit.s3(&bob, "GetObject", get.clone(), "").unwrap_err();
    assert_eq!((fault.status, fault.message.as_str()), (403, "Access Denied"));
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(json!({ "AWS": OTHER }))])));
    assert_eq!(outcome(&mut kit, &bob, "GetObject", get.clone()), "ok");
    kit.setup_in(OTHER, "iam:DeleteUserPolicy", json!({ "UserName": "bob", "PolicyName": "p" }));
    assert_eq!(outcome(&mut kit, &bob, "GetObject", get), "403 AccessDenied");
}

#[test]
fn the_same_account_needs_one_side() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let ann = kit.user("ann", json!([]));
    let get = json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get.clone()), "403 AccessDenied");
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(json!({ "AWS": "arn:aws:iam::123456789012:user/ann" }))])));
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get), "ok");
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html: the example with a service,
/// Account-2 and the public.
#[test]
fn a_public_policy_is_restricted_to_the_owners_account() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let bob = stranger(&mut kit);
    let ann = kit.user("ann", json!([]));
    let service = Arc::new(Identity::Service {
        name: "cloudtrail.amazonaws.com".to_owned(),
        source_arn: None,
        source_account: None,
    });
    let get = json!({ "Bucket": "b-1", "Key": "k" });
    let fixed = json!([read_by(json!({ "Service": "cloudtrail.amazonaws.com" })), read_by(json!({ "AWS": OTHER }))]);
    let public = json!([fixed[0], fixed[1], read_by(json!("*"))]);
    let restrict =
        |on: bool| json!({ "Bucket": "b-1", "PublicAccessBlockConfiguration": { "RestrictPublicBuckets": on } });
    let nobody = Arc::new(Identity::Anonymous);
    let cases = [
        // policy, restricted, bob, ann, the service, nobody
        (&fixed, true, "ok", "403 AccessDenied", "ok", "403 AccessDenied"),
        (&public, false, "ok", "ok", "ok", "ok"),
        (&public, true, "403 AccessDenied", "ok", "ok", "403 AccessDenied"),
    ];
    for (statements, restricted, for_bob, for_ann, for_service, for_nobody) in cases {
        ok(&mut kit, "PutPublicAccessBlock", restrict(restricted));
        ok(&mut kit, "PutBucketPolicy", policy(statements.clone()));
        for (name, who, expected) in [
            ("bob", &bob, for_bob),
            ("ann", &ann, for_ann),
            ("service", &service, for_service),
            ("nobody", &nobody, for_nobody),
        ] {
            assert_eq!(outcome(&mut kit, who, "GetObject", get.clone()), expected, "{name}, restricted: {restricted}");
        }
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
#[test]
fn the_owner_is_never_locked_out_and_strangers_always_are() {
    let mut kit = kit();
    let lock = json!([{ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b-1", "arn:aws:s3:::b-1/*"] }]);
    ok(&mut kit, "PutBucketPolicy", policy(lock.clone()));
    let admin = kit.user("admin", json!([allow(&["s3:*"])]));
    assert_eq!(outcome(&mut kit, &admin, "DeleteBucketPolicy", json!({ "Bucket": "b-1" })), "403 AccessDenied");
    assert_eq!(
        outcome(&mut kit, &root(ACCOUNT), "GetObject", json!({ "Bucket": "b-1", "Key": "k" })),
        "403 AccessDenied"
    );
    ok(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" }));
    ok(&mut kit, "PutBucketPolicy", policy(lock));
    ok(&mut kit, "DeleteBucketPolicy", json!({ "Bucket": "b-1" }));
    let bob = stranger(&mut kit);
    let generous = json!([{ "Effect": "Allow", "Principal": { "AWS": OTHER }, "Action": "s3:*", "Resource": ["arn:aws:s3:::b-1", "arn:aws:s3:::b-1/*"] }]);
    ok(&mut kit, "PutBucketPolicy", policy(generous.clone()));
    for operation in ["GetBucketPolicy", "DeleteBucketPolicy"] {
        assert_eq!(outcome(&mut kit, &bob, operation, json!({ "Bucket": "b-1" })), "405 MethodNotAllowed");
    }
    assert_eq!(outcome(&mut kit, &bob, "PutBucketPolicy", policy(generous)), "405 MethodNotAllowed");
    assert_eq!(outcome(&mut kit, &bob, "HeadBucket", json!({ "Bucket": "b-1" })), "ok");
}

#[test]
fn what_somebody_from_elsewhere_puts_is_the_owners() {
    let mut kit = kit();
    let bob = stranger(&mut kit);
    let write = json!([{ "Effect": "Allow", "Principal": { "AWS": OTHER }, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b-1/*" }]);
    ok(&mut kit, "PutBucketPolicy", policy(write));
    kit.s3(&bob, "PutObject", json!({ "Bucket": "b-1", "Key": "k" }), "x").unwrap();
    let list =
        told(kit.s3(&root(ACCOUNT), "ListObjectsV2", json!({ "Bucket": "b-1", "FetchOwner": true }), "").unwrap());
    let acl = ok(&mut kit, "GetBucketAcl", json!({ "Bucket": "b-1" }));
    assert_eq!(list["Contents"][0]["Owner"], acl["Owner"]);
    assert_eq!(outcome(&mut kit, &bob, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })), "403 AccessDenied");
}

/// "The unique principal ID in a resource-based policy indicates that the IAM user or role was deleted."
/// repost.aws/knowledge-center/iam-resource-policy-format; a user made anew under the name is another one:
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#[test]
fn a_unique_id_names_the_user_or_role_that_has_it() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let ann = kit.user("ann", json!([]));
    let id = kit.setup("iam:GetUser", json!({ "UserName": "ann" }))["User"]["UserId"].clone();
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(json!({ "AWS": [id, "AIDACKCEVSQ6C2EXAMPLE"] }))])));
    assert_eq!(outcome(&mut kit, &ann, "GetObject", json!({ "Bucket": "b-1", "Key": "k" })), "ok");
    let text = ok(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" }))["Policy"].as_str().unwrap().to_owned();
    assert!(text.contains(r#"["arn:aws:iam::123456789012:user/ann","AIDACKCEVSQ6C2EXAMPLE"]"#), "{text}");
}

/// Whom a statement leaves out is kept by id as well: one made anew under the name is not left out.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
#[test]
fn of_a_deleted_user_whom_not_principal_names_the_id_remains() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let all = || json!([allow(&["s3:*"])]);
    let ann = kit.user("ann", all());
    let names = ["arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:root"];
    let denied = json!({ "Effect": "Deny", "NotPrincipal": { "AWS": names }, "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b-1/*" });
    ok(&mut kit, "PutBucketPolicy", policy(json!([denied])));
    let get = || json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get()), "ok");
    kit.setup("iam:DeleteUserPolicy", json!({ "UserName": "ann", "PolicyName": "p" }));
    kit.setup("iam:DeleteUser", json!({ "UserName": "ann" }));
    let ann = kit.user("ann", all());
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get()), "403 AccessDenied", "made anew");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#[test]
fn of_a_deleted_user_the_id_remains_and_a_renamed_one_stays() {
    let mut kit = kit();
    put(&mut kit, "k", "x");
    let ann = kit.user("ann", json!([]));
    let named = json!({ "AWS": ["arn:aws:iam::123456789012:user/ann", "210987654321"] });
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(named)])));
    let get = || json!({ "Bucket": "b-1", "Key": "k" });
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get()), "ok");
    kit.setup("iam:UpdateUser", json!({ "UserName": "ann", "NewUserName": "eve" }));
    assert_eq!(outcome(&mut kit, &ann, "GetObject", get()), "ok", "renamed");
    let id = kit.setup("iam:GetUser", json!({ "UserName": "eve" }))["User"]["UserId"].as_str().unwrap().to_owned();
    kit.setup("iam:DeleteUser", json!({ "UserName": "eve" }));
    let eve = kit.user("eve", json!([]));
    assert_eq!(outcome(&mut kit, &eve, "GetObject", get()), "403 AccessDenied", "made anew");
    let text = ok(&mut kit, "GetBucketPolicy", json!({ "Bucket": "b-1" }))["Policy"].as_str().unwrap().to_owned();
    assert!(text.contains(&format!("[\"{id}\",\"210987654321\"]")), "{text}");
}

/// "Amazon S3 also supports a canonical user ID, which is an obfuscated form of the AWS account ID."
/// docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
#[test]
fn a_canonical_user_is_its_account() {
    let mut kit = kit();
    let bob = stranger(&mut kit);
    put(&mut kit, "k", "x");
    let id = super::super::bucket::canonical(OTHER);
    let get = || json!({ "Bucket": "b-1", "Key": "k" });
    let unknown = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
    for (principal, expected) in [
        (json!({ "CanonicalUser": id }), "ok"),
        (json!({ "CanonicalUser": [unknown, id], "AWS": ACCOUNT }), "ok"),
        (json!({ "CanonicalUser": unknown }), "403 AccessDenied"),
    ] {
        ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(principal.clone())])));
        assert_eq!(outcome(&mut kit, &bob, "GetObject", get()), expected, "{principal}");
    }
    let deny = json!({ "Effect": "Deny", "Principal": { "CanonicalUser": id }, "Action": "s3:*",
        "Resource": "arn:aws:s3:::b-1/*" });
    ok(&mut kit, "PutBucketPolicy", policy(json!([read_by(json!({ "AWS": OTHER })), deny])));
    assert_eq!(outcome(&mut kit, &bob, "GetObject", get()), "403 AccessDenied", "a Deny of its account");
}
