use serde_json::json;
use testkit::Kit;

use super::SERVICES;

#[test]
fn every_service_has_its_role_and_policy() {
    let mut kit = Kit::new(crate::SERVICES);
    for (service, name, policy) in SERVICES {
        let made = kit.setup("iam:CreateServiceLinkedRole", json!({ "AWSServiceName": service }));
        let arn = format!("arn:aws:iam::123456789012:role/aws-service-role/{service}/{name}");
        assert_eq!(made["Role"]["Arn"], arn);
        let list = kit.setup("iam:ListAttachedRolePolicies", json!({ "RoleName": name }));
        assert_eq!(list["AttachedPolicies"][0]["PolicyName"], *policy);
        let again = kit.as_root("iam:CreateServiceLinkedRole", json!({ "AWSServiceName": service })).unwrap_err();
        assert_eq!(
            again.message,
            format!("Service role name {name} has been taken in this account, please try a different suffix.")
        );
    }
}

#[test]
fn only_its_service_changes_it() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateServiceLinkedRole", json!({ "AWSServiceName": "ecs.amazonaws.com" }));
    let name = "AWSServiceRoleForECS";
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (action, input) in [
        ("iam:AttachRolePolicy", json!({ "RoleName": name, "PolicyArn": admin })),
        ("iam:PutRolePermissionsBoundary", json!({ "RoleName": name, "PermissionsBoundary": admin })),
        ("iam:UpdateRole", json!({ "RoleName": name })),
        ("iam:DeleteRole", json!({ "RoleName": name })),
    ] {
        let fault = kit.as_root(action, input).unwrap_err();
        assert_eq!((&*fault.code, fault.status), ("UnmodifiableEntity", 400), "{action}");
    }
    let task = kit.setup("iam:DeleteServiceLinkedRole", json!({ "RoleName": name }))["DeletionTaskId"].clone();
    let status = kit.setup("iam:GetServiceLinkedRoleDeletionStatus", json!({ "DeletionTaskId": task }));
    assert_eq!(status, json!({ "Status": "SUCCEEDED" }));
    assert!(kit.as_root("iam:GetRole", json!({ "RoleName": name })).is_err());
}

#[test]
fn the_path_is_for_services_alone() {
    let mut kit = Kit::new(crate::SERVICES);
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}"#;
    let input = json!({ "RoleName": "r", "Path": "/aws-service-role/x/", "AssumeRolePolicyDocument": trust });
    assert_eq!(&*kit.as_root("iam:CreateRole", input).unwrap_err().code, "InvalidInput");
}

#[test]
fn the_service_is_a_condition_key() {
    let mut kit = Kit::new(crate::SERVICES);
    let ecs = json!({ "StringLike": { "iam:AWSServiceName": "ecs.amazonaws.com" } });
    let ann = kit.user(
        "ann",
        json!([
            { "Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*", "Condition": ecs },
        ]),
    );
    assert!(kit.call(&ann, "iam:CreateServiceLinkedRole", json!({ "AWSServiceName": "rds.amazonaws.com" })).is_err());
    kit.call(&ann, "iam:CreateServiceLinkedRole", json!({ "AWSServiceName": "ecs.amazonaws.com" })).unwrap();
}
