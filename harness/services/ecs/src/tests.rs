//! What ECS does, written from AWS's documentation.

mod attended;
mod authorization;
mod clusters;
mod cost;
mod credentials;
mod definitions;
mod execute_command;
mod fence;
mod life;
mod metadata;
mod proxied;
mod run;

use std::sync::Arc;

use account::Identity;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Answer, Kit, REGION};

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:{resource}")
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// Who may be assumed by ECS's tasks.
fn trusts_tasks() -> Value {
    json!([{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }])
}

fn tags(tags: &[(&str, &str)]) -> Value {
    tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// A world with the default cluster, the roles `task` and `plain`, and the definition `web:1` with the first of them.
fn kit() -> Kit {
    let mut kit = Kit::new(crate::SERVICES);
    kit.role("task", trusts_tasks(), json!([]));
    kit.role("plain", trusts_tasks(), json!([]));
    kit.setup("ecs:CreateCluster", json!({}));
    register(&mut kit, "web", json!({ "taskRoleArn": role_arn("task") }));
    kit
}

fn register(kit: &mut Kit, family: &str, more: Value) {
    kit.setup("ecs:RegisterTaskDefinition", definition(family, more));
}

/// A small task definition with more members.
fn definition(family: &str, more: Value) -> Value {
    let container = json!({ "name": "Test", "image": "busybox", "memory": 128 });
    merged(json!({ "family": family, "containerDefinitions": [container] }), more)
}

fn merged(mut input: Value, more: Value) -> Value {
    for (member, value) in more.as_object().expect("an object") {
        input[member] = value.clone();
    }
    input
}

fn run(kit: &mut Kit, who: &Arc<Identity>, more: Value) -> Answer {
    kit.call(who, "ecs:RunTask", merged(json!({ "taskDefinition": "web" }), more))
}

/// The one task that root starts so.
fn started(kit: &mut Kit, more: Value) -> Value {
    kit.setup("ecs:RunTask", merged(json!({ "taskDefinition": "web" }), more))["tasks"][0].clone()
}

/// The tags of a task, as DescribeTasks gives them.
fn described_tags(kit: &mut Kit, task: &Value) -> Value {
    let input = json!({ "tasks": [task["taskArn"]], "include": ["TAGS"] });
    kit.setup("ecs:DescribeTasks", input)["tasks"][0]["tags"].clone()
}

#[track_caller]
fn check_fault(answer: Answer, code: &str, message: &str) {
    let fault = answer.expect_err("an error");
    assert_eq!((fault.status, &*fault.code, fault.message.as_str()), (400, code, message));
}

/// Every denial is ECS's own, whatever the service of the action.
#[track_caller]
fn check_denied(answer: Answer, name: &str, action: &str, resource: &str) {
    let fault = answer.expect_err("a denial");
    assert_eq!((fault.status, &*fault.code), (400, "AccessDeniedException"), "{}", fault.message);
    let user = format!("arn:aws:iam::{ACCOUNT}:user/{name}");
    let begins = format!("User: {user} is not authorized to perform: {action} on resource: {resource}");
    assert!(fault.message.starts_with(&begins), "{}", fault.message);
}

/// The condition keys of the last call's check of an action.
fn context(kit: &Kit, action: &str) -> Vec<String> {
    let recorded = kit.decisions.iter().find(|recorded| recorded.request.action == action);
    let request = &recorded.unwrap_or_else(|| panic!("{action} was not decided on")).request;
    request.context.iter().map(|(key, _)| key.to_owned()).collect()
}
