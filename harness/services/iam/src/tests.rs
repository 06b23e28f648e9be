//! What holds for every operation.

use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, allow, document};

use super::OPERATIONS;

/// An input that every operation can read: all members that any of them needs.
fn anything() -> Value {
    json!({
        "UserName": "u", "GroupName": "g", "RoleName": "r", "InstanceProfileName": "i", "PolicyName": "p",
        "PolicyArn": format!("arn:aws:iam::{ACCOUNT}:policy/p"),
        "PermissionsBoundary": format!("arn:aws:iam::{ACCOUNT}:policy/p"),
        "PolicySourceArn": format!("arn:aws:iam::{ACCOUNT}:role/r"),
        "VersionId": "v1", "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "Inactive", "Description": "d",
        "PolicyDocument": document(json!([allow(&["s3:GetObject"])])),
        "AssumeRolePolicyDocument": document(json!([
            { "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" },
        ])),
        "AWSServiceName": "ecs.amazonaws.com", "DeletionTaskId": "task/aws-service-role/ecs.amazonaws.com/r",
        "TagKeys": ["k"], "Tags": [{ "Key": "k", "Value": "v" }],
        "ActionNames": ["s3:GetObject"], "PolicyInputList": [document(json!([allow(&["s3:GetObject"])]))],
    })
}

/// The action of every operation.
fn actions() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|row| row.operation.action())
}

#[test]
fn every_operation_is_an_action_of_the_reference() {
    for action in actions() {
        assert_eq!(catalog::action(action).map(catalog::Action::name), Some(action));
    }
}

#[test]
fn every_operation_is_authorised_under_its_own_name() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    let key = kit.setup("iam:CreateAccessKey", json!({ "UserName": "u" }))["AccessKey"]["AccessKeyId"].clone();
    let nobody = kit.user("nobody", json!([allow(&["s3:GetObject"])]));
    let mut input = anything();
    input["AccessKeyId"] = key;
    for action in actions() {
        let fault = kit.call(&nobody, action, input.clone()).unwrap_err();
        assert_eq!((&*fault.code, fault.status), ("AccessDenied", 403), "{action}: {fault}");
        let start =
            format!("User: arn:aws:iam::{ACCOUNT}:user/nobody is not authorized to perform: {action} on resource: ");
        assert!(fault.message.starts_with(&start), "{action}: {fault}");
        assert_eq!(kit.decisions.len(), 1, "{action}");
    }
}

/// The resource of the check has one of the types that the reference lists for the action.
#[test]
fn every_operation_asks_about_a_resource_of_its_action() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    let key = kit.setup("iam:CreateAccessKey", json!({ "UserName": "u" }))["AccessKey"]["AccessKeyId"].clone();
    let nobody = kit.user("nobody", json!([allow(&["s3:GetObject"])]));
    let mut input = anything();
    input["AccessKeyId"] = key;
    for action in actions() {
        kit.call(&nobody, action, input.clone()).unwrap_err();
        let resource = kit.decisions[0].request.resource.clone();
        let action = catalog::action(action).unwrap();
        let has_types = action.rows().any(|row| row.resource_type().is_some());
        assert!(!action.rows_on(&resource).is_empty(), "{}: {resource}", action.name());
        assert_eq!(resource == "*", !has_types, "{}: {resource}", action.name());
    }
}

#[test]
fn a_refused_call_changes_nothing() {
    let mut kit = Kit::new(crate::SERVICES);
    kit.setup("iam:CreateUser", json!({ "UserName": "u" }));
    let nobody = kit.user("nobody", json!([allow(&["s3:GetObject"])]));
    let before = format!("{:?}", kit.world.account(ACCOUNT));
    for action in actions() {
        kit.call(&nobody, action, anything()).unwrap_err();
    }
    assert_eq!(format!("{:?}", kit.world.account(ACCOUNT)), before);
}

#[test]
fn no_input_is_the_end_of_it() {
    let odd = [json!({}), Value::Null, json!([]), json!("x"), json!(7)];
    let values = [json!(null), json!([{}, 7, null]), json!({}), json!("é".repeat(200))];
    for action in actions() {
        let mut kit = Kit::new(crate::SERVICES);
        for input in &odd {
            let _ = kit.as_root(action, input.clone());
        }
        for member in anything().as_object().unwrap().keys() {
            for value in &values {
                let mut input = anything();
                input[member] = value.clone();
                let _ = kit.as_root(action, input);
            }
        }
    }
}

#[test]
fn an_operation_that_is_not_there() {
    let fault = Kit::new(crate::SERVICES).as_root("iam:CreateQuux", json!({})).unwrap_err();
    assert_eq!(&*fault.code, "InvalidAction");
}
