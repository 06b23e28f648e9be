use serde_json::{Value, json};
use testkit::{Kit, allow, document};

const ARN: &str = "arn:aws:iam::123456789012:policy/p";

fn kit() -> Kit {
    let mut kit = Kit::new(crate::SERVICES);
    let text = document(json!([allow(&["iam:ListUsers"])]));
    kit.setup("iam:CreatePolicy", json!({ "PolicyName": "p", "PolicyDocument": text }));
    kit
}

fn next(kit: &mut Kit, action: &str, default: bool) -> Value {
    let text = document(json!([allow(&[action])]));
    kit.setup("iam:CreatePolicyVersion", json!({ "PolicyArn": ARN, "PolicyDocument": text, "SetAsDefault": default }))
}

#[test]
fn the_default_version_counts() {
    let mut kit = kit();
    let ann = kit.user("ann", json!([allow(&["s3:GetObject"])]));
    kit.setup("iam:AttachUserPolicy", json!({ "UserName": "ann", "PolicyArn": ARN }));
    let may = |kit: &mut Kit| {
        (kit.call(&ann, "iam:ListUsers", json!({})).is_ok(), kit.call(&ann, "iam:ListRoles", json!({})).is_ok())
    };
    assert_eq!(may(&mut kit), (true, false));
    let made = next(&mut kit, "iam:ListRoles", false);
    assert_eq!(
        made,
        json!({ "PolicyVersion": {
        "VersionId": "v2", "IsDefaultVersion": false, "CreateDate": "2026-11-24T08:00:00Z",
    } })
    );
    assert_eq!(may(&mut kit), (true, false));
    kit.setup("iam:SetDefaultPolicyVersion", json!({ "PolicyArn": ARN, "VersionId": "v2" }));
    assert_eq!(may(&mut kit), (false, true));
    next(&mut kit, "iam:ListUsers", true);
    assert_eq!(may(&mut kit), (true, false));
    assert_eq!(kit.setup("iam:GetPolicy", json!({ "PolicyArn": ARN }))["Policy"]["DefaultVersionId"], "v3");
}

#[test]
fn at_most_five_and_no_number_twice() {
    let mut kit = kit();
    for _ in 2..=5 {
        next(&mut kit, "s3:GetObject", false);
    }
    let text = document(json!([allow(&["s3:*"])]));
    let sixth =
        kit.as_root("iam:CreatePolicyVersion", json!({ "PolicyArn": ARN, "PolicyDocument": text })).unwrap_err();
    assert_eq!(
        (&*sixth.code, &*sixth.message),
        (
            "LimitExceeded",
            "A managed policy can have up to 5 versions. Before \
        you create a new version, you must delete an existing version."
        )
    );
    kit.setup("iam:DeletePolicyVersion", json!({ "PolicyArn": ARN, "VersionId": "v5" }));
    assert_eq!(next(&mut kit, "s3:GetObject", false)["PolicyVersion"]["VersionId"], "v6");
    let list = kit.setup("iam:ListPolicyVersions", json!({ "PolicyArn": ARN, "MaxItems": 2 }));
    let ids = |list: &Value| -> Vec<Value> {
        list["Versions"].as_array().unwrap().iter().map(|version| version["VersionId"].clone()).collect()
    };
    assert_eq!((ids(&list), &list["IsTruncated"]), (vec![json!("v6"), json!("v4")], &json!(true)));
    let rest = kit.setup("iam:ListPolicyVersions", json!({ "PolicyArn": ARN, "Marker": list["Marker"] }));
    assert_eq!(ids(&rest), ["v3", "v2", "v1"]);
    let policy = kit.as_root("iam:DeletePolicy", json!({ "PolicyArn": ARN })).unwrap_err();
    assert!(policy.message.starts_with("This policy has more than one version."), "{policy}");
}

#[test]
fn versions_that_are_not_there_or_needed() {
    let mut kit = kit();
    let missing = format!("Policy {ARN} version v9 does not exist or is not attachable.");
    for action in ["iam:GetPolicyVersion", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"] {
        let fault = kit.as_root(action, json!({ "PolicyArn": ARN, "VersionId": "v9" })).unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), ("NoSuchEntity", &*missing), "{action}");
    }
    let default = kit.as_root("iam:DeletePolicyVersion", json!({ "PolicyArn": ARN, "VersionId": "v1" })).unwrap_err();
    assert_eq!(
        (&*default.code, &*default.message),
        ("DeleteConflict", "Cannot delete the default version of a policy.")
    );
}
