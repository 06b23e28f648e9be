use serde_json::json;
use testkit::{Kit, allow, document};

use super::whole_seconds;

const ARN: &str = "arn:aws:iam::123456789012:policy/x/p";

#[test]
fn a_policy_comes_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
    let text = document(json!([allow(&["s3:GetObject"])]));
    let made = kit.setup(
        "iam:CreatePolicy",
        json!({
            "PolicyName": "p", "Path": "/x/", "PolicyDocument": text, "Description": "d",
        }),
    );
    let policy = &made["Policy"];
    let id = policy["PolicyId"].as_str().unwrap();
    assert!(id.starts_with("ANPA") && id.len() == 21, "{id}");
    assert_eq!(
        made,
        json!({ "Policy": {
        "PolicyName": "p", "PolicyId": id, "Arn": ARN, "Path": "/x/", "DefaultVersionId": "v1", "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0, "IsAttachable": true, "CreateDate": "2026-11-24T08:00:00Z",
        "UpdateDate": "2026-11-24T08:00:00Z",
    } })
    );
    let got = kit.setup("iam:GetPolicy", json!({ "PolicyArn": ARN }));
    assert_eq!((&got["Policy"]["Description"], &got["Policy"]["Tags"]), (&json!("d"), &json!([])));
    let again = kit.as_root("iam:CreatePolicy", json!({ "PolicyName": "P", "PolicyDocument": text })).unwrap_err();
    assert_eq!(
        (&*again.code, &*again.message),
        ("EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed.",)
    );

    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    kit.setup("iam:AttachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": ARN }));
    assert_eq!(kit.setup("iam:GetPolicy", json!({ "PolicyArn": ARN }))["Policy"]["AttachmentCount"], 1);
    let conflict = kit.as_root("iam:DeletePolicy", json!({ "PolicyArn": ARN })).unwrap_err();
    assert_eq!(
        (&*conflict.code, &*conflict.message),
        ("DeleteConflict", "Cannot delete a policy attached to entities.")
    );
    kit.setup("iam:DetachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": ARN }));
    kit.setup("iam:DeletePolicy", json!({ "PolicyArn": ARN }));
    let gone = kit.as_root("iam:GetPolicy", json!({ "PolicyArn": ARN })).unwrap_err();
    assert_eq!((&*gone.code, gone.message), ("NoSuchEntity", format!("Policy {ARN} was not found.")));
}

#[test]
fn a_policy_has_a_size() {
    let frame = document(json!([allow(&["s3:"])])).len();
    let sized = |size: usize| document(json!([allow(&[&format!("s3:{}", "a".repeat(size - frame))])]));
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "fits", "PolicyDocument": sized(6_144) }));
    let fault =
        kit.as_root("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": sized(6_145) })).unwrap_err();
    assert_eq!((&*fault.code, &*fault.message), ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"));
}

#[test]
fn lists_by_scope_use_and_path() {
    let mut kit = Kit::new(crate::SERVICES);
    let text = document(json!([allow(&["s3:GetObject"])]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "p", "Path": "/x/", "PolicyDocument": text }));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "q", "PolicyDocument": text }));
    kit.setup("iam:CreateUser", json!({ "UserName": "u", "PermissionsBoundary": ARN }));
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    kit.setup("iam:AttachUserPolicy", json!({ "UserName": "u", "PolicyArn": read_only }));
    let mut names = |input: serde_json::Value| -> Vec<String> {
        let list = kit.setup("iam:ListPolicies", input);
        let name = |policy: &serde_json::Value| policy["PolicyName"].as_str().unwrap().to_owned();
        list["Policies"].as_array().unwrap().iter().map(name).collect()
    };
    assert_eq!(names(json!({ "Scope": "Local" })), ["q", "p"]);
    assert_eq!(names(json!({ "Scope": "Local", "PathPrefix": "/x/" })), ["p"]);
    assert_eq!(names(json!({ "Scope": "Local", "OnlyAttached": true })), Vec::<String>::new());
    assert_eq!(names(json!({ "Scope": "AWS", "OnlyAttached": true })), ["ReadOnlyAccess"]);
    assert_eq!(names(json!({ "PolicyUsageFilter": "PermissionsBoundary" })), ["p"]);
    assert_eq!(names(json!({ "Scope": "AWS", "MaxItems": 7 })).len(), 7);
}

#[test]
fn policies_of_aws_can_be_read_and_not_changed() {
    let mut kit = Kit::new(crate::SERVICES);
    let arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    let policy = kit.setup("iam:GetPolicy", json!({ "PolicyArn": arn }))["Policy"].clone();
    assert_eq!(
        (&policy["PolicyName"], &policy["Path"]),
        (&json!("AmazonECSTaskExecutionRolePolicy"), &json!("/service-role/"))
    );
    let version =
        kit.setup("iam:GetPolicyVersion", json!({ "PolicyArn": arn, "VersionId": policy["DefaultVersionId"] }));
    assert_eq!(version["PolicyVersion"]["IsDefaultVersion"], true);
    assert!(version["PolicyVersion"]["Document"].as_str().unwrap().contains("ecr%3AGetAuthorizationToken"));
    let text = document(json!([allow(&["s3:*"])]));
    for (action, input) in [
        ("iam:DeletePolicy", json!({ "PolicyArn": arn })),
        ("iam:CreatePolicyVersion", json!({ "PolicyArn": arn, "PolicyDocument": text })),
        ("iam:DeletePolicyVersion", json!({ "PolicyArn": arn, "VersionId": "v1" })),
    ] {
        assert_eq!(&*kit.as_root(action, input).unwrap_err().code, "AccessDenied", "{action}");
    }
    let missing = kit.as_root("iam:GetPolicy", json!({ "PolicyArn": "arn:aws:iam::aws:policy/NoSuchPolicy" }));
    assert_eq!(&*missing.unwrap_err().code, "NoSuchEntity");
}

#[test]
fn times_of_aws_policies() {
    assert_eq!(whole_seconds("2017-11-16T18:48:22+00:00"), "2017-11-16T18:48:22Z");
}
