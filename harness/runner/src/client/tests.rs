//! The table of operations and the clients that send them belong together.

use matrix::call::{ApiCall, CallError};
use matrix::operations::{MemberKind, OPERATIONS, Presence, ScenarioOperation};
use serde_json::{Map, Value, json};

use super::Endpoint;

/// An input with every parameter that the table has, or only the required ones.
fn input(operation: &ScenarioOperation, optional: bool) -> Value {
    let members = operation.members.iter().filter(|member| optional || member.presence == Presence::Required);
    let value = |member: &matrix::operations::Member| match &member.kind {
        MemberKind::Text | MemberKind::Task | MemberKind::Name(_) => json!("text"),
        MemberKind::Number => json!(1),
        MemberKind::Flag => json!(true),
        MemberKind::Texts | MemberKind::Tasks => json!(["text"]),
        MemberKind::Structure(_) => match member.name {
            "Tagging" => json!({"TagSet": [{"Key": "k", "Value": "v"}]}),
            "Tags" => json!([{"Key": "k", "Value": "v"}]),
            "tags" => json!([{"key": "k", "value": "v"}]),
            "containerDefinitions" => json!([{"name": "app"}]),
            "networkConfiguration" => json!({"awsvpcConfiguration": {"subnets": ["s"]}}),
            _ => json!({}),
        },
    };
    Value::Object(members.map(|member| (member.name.to_owned(), value(member))).collect::<Map<_, _>>())
}

/// Nobody listens on this machine's port 1: a call that is built and signed fails there, and only there.
#[tokio::test]
async fn every_operation_that_a_request_can_name_is_sent() {
    let client = Endpoint::new("http://127.0.0.1:1").with_keys("AKIAIOSFODNN7EXAMPLE", "secret", None);
    for operation in OPERATIONS.iter() {
        for optional in [false, true] {
            let call = ApiCall::new(operation.row.service(), operation.row.operation(), input(operation, optional));
            let error = client.send(&call).await.result.unwrap_err();
            let CallError::NoAnswer(why) = &error else { panic!("{}: {error:?}", operation.row.name) };
            assert!(why.contains("refused"), "{}: {why}", operation.row.name);
        }
    }
}

#[tokio::test]
async fn an_operation_that_nobody_knows_is_not_sent() {
    let client = Endpoint::new("http://127.0.0.1:1").with_keys("AKIAIOSFODNN7EXAMPLE", "secret", None);
    for service in ["iam", "s3", "ecs", "sts", "s3control", "sqs"] {
        let error = client.send(&ApiCall::new(service, "Quux", json!({}))).await.result.unwrap_err();
        assert_eq!(error, CallError::not_sent(format!("{service}:Quux cannot be sent")));
    }
}
