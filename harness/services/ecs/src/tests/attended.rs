//! Tasks whose containers somebody runs: what those are told, the execution role, and the log.

use testkit::{allow, document};

use super::life::attend;
use super::*;
use crate::{Event, Work};

fn stopped(kit: &Kit, task: &Value) -> (&'static str, String) {
    let end = crate::task_end(&kit.world, task["taskArn"].as_str().expect("an ARN")).expect("an end");
    (end.stop_code, end.reason)
}

/// A definition that logs to `/ecs/test`, with an execution role that may do this.
fn logging(kit: &mut Kit, statements: Value, options: Value) -> Value {
    kit.role("execution", trusts_tasks(), statements);
    let options = merged(
        json!({ "awslogs-group": "/ecs/test", "awslogs-region": REGION, "awslogs-stream-prefix": "ecs" }),
        options,
    );
    let log = json!({ "logDriver": "awslogs", "options": options });
    let container = json!({ "name": "Test", "image": "i", "memory": 8, "logConfiguration": log });
    register(kit, "web", json!({ "containerDefinitions": [container], "executionRoleArn": role_arn("execution") }));
    started(kit, json!({}))
}

fn begin(kit: &mut Kit, task: &Value) -> String {
    let arn = task["taskArn"].as_str().expect("an ARN").to_owned();
    kit.decisions.clear();
    assert!(attend(kit, &arn));
    arn
}

fn write(kit: &mut Kit, task: &str, lines: &[(i64, String)]) -> Result<(), account::Fault> {
    let mut work =
        Work { now: kit.now, ids: &mut kit.ids, tracing: account::Tracing::Denials, decisions: &mut kit.decisions };
    crate::write_task_log(&mut kit.world, task, "Test", lines, &mut work)
}

const LOGS: [&str; 3] = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:CreateLogGroup"];

#[test]
fn a_log_is_written_as_the_execution_role() {
    let mut kit = kit();
    let task = logging(&mut kit, json!([allow(&LOGS)]), json!({ "awslogs-create-group": "true" }));
    let arn = begin(&mut kit, &task);
    let id = arn.rsplit('/').next().expect("an id").to_owned();
    let sessions: Vec<_> = kit.decisions.iter().filter_map(|recorded| recorded.request.principal.arn()).collect();
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/execution/{id}");
    assert!(sessions.iter().any(|arn| *arn == session), "{sessions:?}");
    let at = kit.now.as_millisecond();
    write(&mut kit, &arn, &[(at, "one".to_owned()), (at + 1, "two".to_owned())]).expect("written");
    let stream = json!({ "logGroupName": "/ecs/test", "logStreamName": format!("ecs/Test/{id}") });
    let events = kit.setup("logs:GetLogEvents", stream)["events"].clone();
    assert_eq!((&events[0]["message"], &events[1]["message"]), (&json!("one"), &json!("two")));
    crate::task_event(
        &mut kit.world,
        &arn,
        &Event::Exited { container: "Test".to_owned(), code: 0, reason: None },
        kit.now,
    );
    let left =
        kit.world.credentials().iter().filter(|known| format!("{:?}", known.identity).contains("role/execution"));
    assert_eq!(left.count(), 0, "the execution role's session ends with the task");
}

/// "ResourceInitializationError", and nothing of the task ever starts.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
#[test]
fn what_cannot_be_had_stops_the_task_before_it_starts() {
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/test";
    let cases = [
        (json!([]), json!({}), "AccessDeniedException: User: ", "logs:CreateLogStream on resource: "),
        (
            json!([allow(&LOGS[..1])]),
            json!({}),
            "ResourceNotFoundException: The specified log group does not exist.",
            "",
        ),
        (
            json!([allow(&LOGS[..2])]),
            json!({ "awslogs-create-group": "true" }),
            "AccessDeniedException",
            "logs:CreateLogGroup",
        ),
        (json!([allow(&LOGS[..2])]), json!({ "awslogs-create-group": "false" }), "ResourceNotFoundException", ""),
    ];
    for (statements, options, error, more) in cases {
        let mut kit = kit();
        let task = logging(&mut kit, statements, options.clone());
        let arn = begin(&mut kit, &task);
        let (code, reason) = stopped(&kit, &task);
        assert_eq!(code, "TaskFailedToStart");
        assert!(reason.starts_with("ResourceInitializationError: failed to validate logger args"), "{reason}");
        assert!(reason.contains(error) && reason.contains(more), "{options}: {reason}");
        assert!(more.is_empty() || reason.contains(group), "{reason}");
        assert_eq!(crate::task_orders(&mut kit.world, &arn), []);
        assert_eq!(crate::task_endpoint(&kit.world, &arn), None);
    }
}

#[test]
fn an_execution_role_that_no_longer_trusts_stops_the_task() {
    let mut kit = kit();
    let task = logging(&mut kit, json!([allow(&LOGS)]), json!({ "awslogs-create-group": "true" }));
    let closed = document(json!([{ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole" }]));
    kit.setup("iam:UpdateAssumeRolePolicy", json!({ "RoleName": "execution", "PolicyDocument": closed }));
    begin(&mut kit, &task);
    let (code, reason) = stopped(&kit, &task);
    assert_eq!(code, "TaskFailedToStart");
    assert!(reason.starts_with("ECS was unable to assume the role"), "{reason}");
}

#[test]
fn a_log_that_may_not_be_written_is_lost() {
    let mut kit = kit();
    kit.setup("logs:CreateLogGroup", json!({ "logGroupName": "/ecs/test" }));
    let task = logging(&mut kit, json!([allow(&LOGS[..1])]), json!({}));
    let arn = begin(&mut kit, &task);
    let at = kit.now.as_millisecond();
    let fault = write(&mut kit, &arn, &[(at, "lost".to_owned())]).expect_err("a denial");
    assert!(fault.message.contains("logs:PutLogEvents"), "{fault}");
    assert_eq!(crate::task_end(&kit.world, &arn), None, "the task goes on");
}

#[test]
fn what_is_not_emulated_is_said_in_the_stopped_reason() {
    let secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s";
    let waits = json!([{ "containerName": "other", "condition": "HEALTHY" }]);
    let cases = [
        (
            json!({ "secrets": [{ "name": "PASSWORD", "valueFrom": secret }] }),
            "unable to pull secrets or registry auth",
        ),
        (
            json!({ "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::b/k" }] }),
            "environment files are not emulated",
        ),
        (json!({ "dependsOn": waits }), "health checks are not emulated"),
    ];
    for (more, words) in cases {
        let mut kit = kit();
        let container = merged(json!({ "name": "Test", "image": "i", "memory": 8 }), more);
        register(&mut kit, "web", json!({ "containerDefinitions": [container] }));
        let task = started(&mut kit, json!({}));
        begin(&mut kit, &task);
        let (code, reason) = stopped(&kit, &task);
        assert_eq!(code, "TaskFailedToStart");
        assert!(reason.contains(words), "{reason}");
    }
}

#[test]
fn whoever_runs_the_containers_is_told_what_they_are() {
    let mut kit = kit();
    let environment = json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }]);
    let container = json!({
        "name": "Test", "image": "i", "memory": 64, "command": ["own"], "entryPoint": ["sh", "-c"],
        "environment": environment, "workingDirectory": "/w",
    });
    register(&mut kit, "web", json!({ "containerDefinitions": [container], "memory": "512" }));
    let brief = |kit: &mut Kit, more: Value| {
        let task =
            started(kit, json!({ "overrides": { "containerOverrides": [merged(json!({ "name": "Test" }), more)] } }));
        crate::task_brief(&kit.world, task["taskArn"].as_str().expect("an ARN")).expect("a brief").containers.remove(0)
    };
    let plain = brief(&mut kit, json!({}));
    assert_eq!((plain.command, plain.memory), (vec!["own".to_owned()], Some(64)));
    assert_eq!(plain.entry_point, Some(vec!["sh".to_owned(), "-c".to_owned()]));
    let over = json!({ "command": ["other"], "environment": [{ "name": "A", "value": "3" }], "memory": 32 });
    let over = brief(&mut kit, over);
    assert_eq!((over.command, over.memory), (vec!["other".to_owned()], Some(32)));
    let mut variables = over.environment;
    variables.sort();
    assert_eq!(variables, [("A".to_owned(), "3".to_owned()), ("B".to_owned(), "2".to_owned())]);
    assert_eq!(crate::task_brief(&kit.world, "0".repeat(32).as_str()), None);
}
