//! One role per status, and a launcher that can only start tagged tasks with it.

use super::*;

/// A launcher with the four statements: run the family with the tag, tag at launch, pass the one role, and a Deny of
/// every launch without the tag.
fn launcher(kit: &mut Kit) -> Arc<Identity> {
    let tagged = json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } });
    let untagged = json!({ "StringNotEquals": { "aws:RequestTag/Status": "OK" } });
    let statements = json!([
        { "Effect": "Allow", "Action": "ecs:RunTask", "Resource": arn("task-definition/web:*"), "Condition": tagged },
        {
            "Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*",
            "Condition": { "StringEquals": { "ecs:CreateAction": "RunTask" } },
        },
        {
            "Effect": "Allow", "Action": "iam:PassRole", "Resource": role_arn("task"),
            "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
        },
        { "Effect": "Deny", "Action": ["ecs:RunTask", "ecs:StartTask"], "Resource": "*", "Condition": untagged },
    ]);
    kit.user("launcher", statements)
}

#[test]
fn the_launcher_starts_tagged_tasks_only() {
    let mut kit = kit();
    let who = launcher(&mut kit);
    let ok = json!({ "tags": tags(&[("Status", "OK")]) });
    let task = run(&mut kit, &who, ok).expect("a task")["tasks"][0].clone();
    assert_eq!(described_tags(&mut kit, &task), tags(&[("Status", "OK")]));
    let cases = [
        ("untagged", json!({})),
        ("otherwise tagged", json!({ "tags": tags(&[("Status", "NG")]) })),
        ("the value's letter case", json!({ "tags": tags(&[("Status", "ok")]) })),
        ("propagated only", json!({ "propagateTags": "TASK_DEFINITION" })),
        ("untagged with the role as override", json!({ "overrides": { "taskRoleArn": role_arn("task") } })),
    ];
    for (name, more) in cases {
        let fault = run(&mut kit, &who, more).expect_err(name);
        assert_eq!(fault.code, "AccessDeniedException", "{name}");
        assert!(fault.message.contains("ecs:RunTask") && fault.message.contains("explicit deny"), "{}", fault.message);
    }
}

#[test]
fn the_side_doors_are_shut() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let who = launcher(&mut kit);
    let ok = json!({ "tags": tags(&[("Status", "OK")]), "overrides": { "taskRoleArn": role_arn("plain") } });
    check_denied(run(&mut kit, &who, ok), "launcher", "iam:PassRole", &role_arn("plain"));
    let elsewhere = json!({ "taskDefinition": "web", "containerInstances": ["i1"] });
    assert!(kit.call(&who, "ecs:StartTask", elsewhere).is_err());
    let retag = json!({ "resourceArn": task["taskArn"], "tags": tags(&[("Status", "OK")]) });
    assert!(kit.call(&who, "ecs:TagResource", retag).is_err());
    let untag = json!({ "resourceArn": task["taskArn"], "tagKeys": ["Status"] });
    assert!(kit.call(&who, "ecs:UntagResource", untag).is_err());
    let new = definition("web", json!({ "taskRoleArn": role_arn("task") }));
    assert!(kit.call(&who, "ecs:RegisterTaskDefinition", new).is_err());
}

/// The composition's limit: who may launch without the tag and pass the role gets the role without the tag.
#[test]
fn whoever_may_launch_both_kinds_and_pass_both_roles_couples_nothing() {
    let mut kit = kit();
    let who = kit.user("both", json!([testkit::allow(&["ecs:RunTask", "iam:PassRole"])]));
    assert!(run(&mut kit, &who, json!({ "overrides": { "taskRoleArn": role_arn("task") } })).is_ok());
}
