use serde_json::json;
use testkit::{Kit, allow, document};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/IAMReadOnlyAccess";

#[test]
fn a_policy_of_aws_grants_once_attached() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(&["s3:GetObject"])]));
    assert!(kit.call(&ann, "iam:ListUsers", json!({})).is_err());
    for _ in 0..2 {
        kit.setup("iam:AttachUserPolicy", json!({ "UserName": "ann", "PolicyArn": READ_ONLY }));
    }
    kit.call(&ann, "iam:ListUsers", json!({})).unwrap();
    assert!(kit.call(&ann, "iam:CreateUser", json!({ "UserName": "x" })).is_err());
    let list = kit.setup("iam:ListAttachedUserPolicies", json!({ "UserName": "ann" }));
    assert_eq!(
        list,
        json!({
            "AttachedPolicies": [{ "PolicyName": "IAMReadOnlyAccess", "PolicyArn": READ_ONLY }], "IsTruncated": false,
        })
    );
    kit.setup("iam:DetachUserPolicy", json!({ "UserName": "ann", "PolicyArn": READ_ONLY }));
    assert!(kit.call(&ann, "iam:ListUsers", json!({})).is_err());
    let again = kit.as_root("iam:DetachUserPolicy", json!({ "UserName": "ann", "PolicyArn": READ_ONLY })).unwrap_err();
    assert_eq!(again.message, format!("Policy {READ_ONLY} was not found."));
}

#[test]
fn what_cannot_be_attached() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    let cases = [
        (
            "arn:aws:iam::123456789012:policy/none",
            "NoSuchEntity",
            "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable.",
        ),
        (
            "arn:aws:iam::aws:policy/NoSuchPolicy",
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.",
        ),
        ("longpolicynamebutnoarn", "ValidationError", "ARN longpolicynamebutnoarn is not valid."),
    ];
    for (arn, code, text) in cases {
        let fault = kit.as_root("iam:AttachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": arn })).unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), (code, text));
    }
}

#[test]
fn ten_at_most() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    let text = document(json!([allow(&["s3:GetObject"])]));
    let mut last = Ok(json!({}));
    for at in 0..11 {
        let name = format!("p{at}");
        let made = kit.setup("iam:CreatePolicy", json!({ "PolicyName": name, "PolicyDocument": text }));
        assert!(last.is_ok(), "{at}");
        last = kit.as_root("iam:AttachUserPolicy", json!({ "UserName": "u", "PolicyArn": made["Policy"]["Arn"] }));
    }
    assert_eq!(last.unwrap_err().message, "Cannot exceed quota for PoliciesPerUser: 10");
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PolicyARN
#[test]
fn a_user_may_be_let_attach_certain_policies_only() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }));
    let ann = kit.user(
        "ann",
        json!([{ "Effect": "Allow", "Action": ["iam:AttachGroupPolicy", "iam:DetachGroupPolicy"],
        "Resource": "*", "Condition": { "ArnEquals": { "iam:PolicyARN": READ_ONLY } } }]),
    );
    kit.call(&ann, "iam:AttachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": READ_ONLY })).unwrap();
    kit.call(&ann, "iam:DetachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": READ_ONLY })).unwrap();
    let other = json!({ "GroupName": "g", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess" });
    assert_eq!(&*kit.call(&ann, "iam:AttachGroupPolicy", other).unwrap_err().code, "AccessDenied");
}

#[test]
fn whom_a_policy_is_attached_to() {
    let mut kit = Kit::new(crate::SERVICES);
    let user = kit.setup("iam:CreateUser", json!({ "UserName": "u" }))["User"]["UserId"].clone();
    let group = kit.setup("iam:CreateGroup", json!({ "GroupName": "g" }))["Group"]["GroupId"].clone();
    let bound = json!({ "UserName": "bound", "PermissionsBoundary": READ_ONLY });
    let bound = kit.setup("iam:CreateUser", bound)["User"]["UserId"].clone();
    kit.setup("iam:AttachUserPolicy", json!({ "UserName": "u", "PolicyArn": READ_ONLY }));
    kit.setup("iam:AttachGroupPolicy", json!({ "GroupName": "g", "PolicyArn": READ_ONLY }));
    let all = kit.setup("iam:ListEntitiesForPolicy", json!({ "PolicyArn": READ_ONLY }));
    assert_eq!(
        all,
        json!({
            "PolicyGroups": [{ "GroupName": "g", "GroupId": group }],
            "PolicyUsers": [{ "UserName": "bound", "UserId": bound }, { "UserName": "u", "UserId": user }],
            "PolicyRoles": [], "IsTruncated": false,
        })
    );
    let usage = json!({ "PolicyArn": READ_ONLY, "PolicyUsageFilter": "PermissionsBoundary" });
    let usage = kit.setup("iam:ListEntitiesForPolicy", usage);
    assert_eq!((&usage["PolicyUsers"][0]["UserName"], &usage["PolicyGroups"]), (&json!("bound"), &json!([])));
    let groups = kit.setup("iam:ListEntitiesForPolicy", json!({ "PolicyArn": READ_ONLY, "EntityFilter": "Group" }));
    assert_eq!((groups["PolicyGroups"].as_array().unwrap().len(), &groups["PolicyUsers"]), (1, &json!([])));
    let none = json!({ "PolicyArn": "arn:aws:iam::123456789012:policy/NonExistentPolicy" });
    let none = kit.as_root("iam:ListEntitiesForPolicy", none).unwrap_err();
    assert_eq!(
        none.message,
        "Policy arn:aws:iam::123456789012:policy/NonExistentPolicy does not exist or is not attachable."
    );
}
