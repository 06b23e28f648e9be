//! ECS Exec. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommand.html

use super::*;

/// A cluster and a task in it that commands can run in; its ARN.
fn running(kit: &mut Kit) -> String {
    let tags = |env: &str| json!([{ "key": "Env", "value": env }]);
    kit.setup("ecs:CreateCluster", json!({ "clusterName": "jobs", "tags": tags("shared") }));
    let task = started(kit, json!({ "cluster": "jobs", "enableExecuteCommand": true, "tags": tags("dev") }));
    task["taskArn"].as_str().expect("an ARN").to_owned()
}

fn asked(task: &str) -> Value {
    json!({ "cluster": "jobs", "task": task, "command": "sh", "interactive": true })
}

#[test]
fn a_session_is_of_the_task_and_its_container() {
    let mut kit = kit();
    let task = running(&mut kit);
    let answer = kit.setup("ecs:ExecuteCommand", asked(&task));
    assert_eq!((&answer["taskArn"], &answer["clusterArn"]), (&json!(task), &json!(arn("cluster/jobs"))));
    assert_eq!((&answer["containerName"], &answer["interactive"]), (&json!("Test"), &json!(true)));
    assert!(answer["session"]["sessionId"].as_str().is_some_and(|id| id.starts_with("ecs-execute-command-")));
}

/// "Cluster and task" are both required: docs.aws.amazon.com/service-authorization/latest/reference/list_ecs.html
#[test]
fn the_cluster_and_the_task_are_asked_for_each_with_its_own_tags() {
    for (resource, condition, allowed) in [
        ("*", json!({}), true),
        ("arn:aws:ecs:*:*:task/*", json!({}), false),
        ("arn:aws:ecs:*:*:cluster/*", json!({}), false),
        ("*", json!({ "StringEquals": { "aws:ResourceTag/Env": "dev" } }), false),
        ("*", json!({ "StringEquals": { "aws:ResourceTag/Env": ["dev", "shared"] } }), true),
        ("*", json!({ "ArnLike": { "ecs:cluster": "arn:aws:ecs:*:*:cluster/jobs" } }), true),
        ("*", json!({ "Null": { "ecs:container-name": "false" } }), false),
    ] {
        let mut kit = kit();
        let task = running(&mut kit);
        let statement = json!([{ "Effect": "Allow", "Action": "ecs:ExecuteCommand", "Resource": resource, "Condition": condition }]);
        let ann = kit.user("ann", statement);
        let answer = kit.call(&ann, "ecs:ExecuteCommand", asked(&task));
        assert_eq!(answer.is_ok(), allowed, "{resource} {condition}: {answer:?}");
    }
}

#[test]
fn what_cannot_run_is_said_once_it_is_allowed() {
    let mut kit = kit();
    let task = running(&mut kit);
    let with = |member: &str, value: Value| {
        let mut input = asked(&task);
        input[member] = value;
        input
    };
    let off = started(&mut kit, json!({ "cluster": "jobs" }))["taskArn"].clone();
    for (input, words) in [
        (with("task", off), "was not enabled when the task was run"),
        (with("task", json!("0".repeat(32))), "The referenced task was not found."),
        (with("container", json!("other")), "must be one of them"),
        (with("interactive", json!(false)), "Interactive is the only mode"),
    ] {
        let fault = kit.as_root("ecs:ExecuteCommand", input).expect_err("an error");
        assert_eq!(fault.code, "InvalidParameterException");
        assert!(fault.message.contains(words), "{}", fault.message);
    }
}
