use serde_json::json;
use testkit::{Kit, document};

fn kit() -> Kit {
    let mut kit = Kit::new(crate::SERVICES);
    let trust = document(json!([
        { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" },
    ]));
    for name in ["r", "s"] {
        kit.setup("iam:CreateRole", json!({ "RoleName": name, "AssumeRolePolicyDocument": trust }));
    }
    kit
}

#[test]
fn a_profile_holds_one_role() {
    let mut kit = kit();
    let made = kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": "p", "Path": "/x/" }));
    assert_eq!(made["InstanceProfile"]["Arn"], "arn:aws:iam::123456789012:instance-profile/x/p");
    assert_eq!(made["InstanceProfile"]["Roles"], json!([]));
    let again = kit.as_root("iam:CreateInstanceProfile", json!({ "InstanceProfileName": "p" })).unwrap_err();
    assert_eq!(again.message, "Instance Profile p already exists.");
    let pair = |role: &str| json!({ "InstanceProfileName": "p", "RoleName": role });
    kit.setup("iam:AddRoleToInstanceProfile", pair("r"));
    let second = kit.as_root("iam:AddRoleToInstanceProfile", pair("s")).unwrap_err();
    assert_eq!(
        (&*second.code, &*second.message),
        ("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",)
    );
    let got = kit.setup("iam:GetInstanceProfile", json!({ "InstanceProfileName": "p" }));
    assert_eq!(
        (&got["InstanceProfile"]["Roles"][0]["RoleName"], &got["InstanceProfile"]["Tags"]),
        (&json!("r"), &json!([]))
    );
    let of_role = kit.setup("iam:ListInstanceProfilesForRole", json!({ "RoleName": "r" }));
    assert_eq!(of_role["InstanceProfiles"][0]["InstanceProfileName"], "p");
    assert_eq!(kit.setup("iam:ListInstanceProfilesForRole", json!({ "RoleName": "s" }))["InstanceProfiles"], json!([]));

    let text = "Cannot delete entity, must remove roles from instance profile first.";
    for (action, input) in [
        ("iam:DeleteRole", json!({ "RoleName": "r" })),
        ("iam:DeleteInstanceProfile", json!({ "InstanceProfileName": "p" })),
    ] {
        assert_eq!(kit.as_root(action, input).unwrap_err().message, text, "{action}");
    }
    assert_eq!(&*kit.as_root("iam:RemoveRoleFromInstanceProfile", pair("s")).unwrap_err().code, "NoSuchEntity");
    kit.setup("iam:RemoveRoleFromInstanceProfile", pair("r"));
    kit.setup("iam:DeleteInstanceProfile", json!({ "InstanceProfileName": "p" }));
    let gone = kit.as_root("iam:GetInstanceProfile", json!({ "InstanceProfileName": "p" })).unwrap_err();
    assert_eq!(gone.message, "Instance Profile p cannot be found.");
}

#[test]
fn putting_a_role_in_takes_the_permission_to_pass_it() {
    let mut kit = kit();
    kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": "p" }));
    let add = json!({ "Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*" });
    let pass = json!({ "Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::*:role/r",
        "Condition": { "StringEquals": { "iam:PassedToService": "ec2.amazonaws.com" } } });
    let without = kit.user("without", json!([add]));
    let with = kit.user("with", json!([add, pass]));
    let pair = |role: &str| json!({ "InstanceProfileName": "p", "RoleName": role });
    for (who, role) in [(&without, "r"), (&with, "s")] {
        let fault = kit.call(who, "iam:AddRoleToInstanceProfile", pair(role)).unwrap_err();
        assert!(
            fault.message.contains("perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/"),
            "{fault}"
        );
    }
    kit.call(&with, "iam:AddRoleToInstanceProfile", pair("r")).unwrap();
}

/// "The ARN value must be `arn:aws:ec2:*:CallerAccountId:instance/*`."
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#available-keys-for-iam
#[test]
fn a_role_is_passed_for_instances_that_are_not_known_yet() {
    let mut kit = kit();
    let add = json!({ "Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*" });
    let cases = [
        ("any", "ArnLike", "arn:aws:ec2:*:123456789012:instance/*", true),
        ("region", "ArnLike", "arn:aws:ec2:us-east-1:123456789012:instance/*", false),
        ("one", "ArnLike", "arn:aws:ec2:*:123456789012:instance/i-1", false),
        ("stranger", "ArnLike", "arn:aws:ec2:*:210987654321:instance/*", false),
        ("absent", "Null", "true", false),
    ];
    for (name, operator, value, allowed) in cases {
        kit.setup("iam:CreateInstanceProfile", json!({ "InstanceProfileName": name }));
        let pass = json!({ "Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
            "Condition": { operator: { "iam:AssociatedResourceArn": value } } });
        let who = kit.user(name, json!([add, pass]));
        let pair = json!({ "InstanceProfileName": name, "RoleName": "r" });
        assert_eq!(kit.call(&who, "iam:AddRoleToInstanceProfile", pair).is_ok(), allowed, "{name}");
    }
}
