//! What each operation is authorised for.
//! docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html

use testkit::allow;

use super::*;

fn allow_if(actions: &[&str], condition: Value) -> Value {
    let mut statement = allow(actions);
    statement["Condition"] = condition;
    statement
}

/// May a user with these statements run the task so?
fn may_run(statements: Value, more: Value) -> bool {
    let mut kit = kit();
    kit.setup(
        "ecs:TagResource",
        json!({ "resourceArn": arn("task-definition/web:1"), "tags": tags(&[("Status", "OK")]) }),
    );
    let who = kit.user("ann", statements);
    run(&mut kit, &who, more).is_ok()
}

#[test]
fn running_needs_three_rights_in_turn() {
    let mut kit = kit();
    register(&mut kit, "web", json!({ "taskRoleArn": role_arn("task"), "executionRoleArn": role_arn("plain") }));
    let tagged = json!({ "tags": tags(&[("Status", "OK")]) });
    let mut refused = |name: &str, actions: Value, action: &str, resource: &str| {
        let who = kit.user(name, actions);
        check_denied(run(&mut kit, &who, tagged.clone()), name, action, resource);
    };
    // A missing revision is the latest one before anything is authorised.
    refused("u1", json!([]), "ecs:RunTask", &arn("task-definition/web:2"));
    refused("u2", json!([allow(&["ecs:RunTask"])]), "iam:PassRole", &role_arn("task"));
    let one = json!({ "Effect": "Allow", "Action": "iam:PassRole", "Resource": role_arn("task") });
    refused("u3", json!([allow(&["ecs:RunTask"]), one]), "iam:PassRole", &role_arn("plain"));
    refused("u4", json!([allow(&["ecs:RunTask", "iam:PassRole"])]), "ecs:TagResource", &arn("task/default/*"));
    let who = kit.user("u5", json!([allow(&["ecs:RunTask", "iam:PassRole", "ecs:TagResource"])]));
    assert!(run(&mut kit, &who, tagged).is_ok());
}

/// RunTask's complete list of keys, and no task-role key among them.
#[test]
fn what_run_task_carries() {
    let mut kit = kit();
    kit.setup("ecs:TagResource", json!({ "resourceArn": arn("task-definition/web:1"), "tags": tags(&[("D", "d")]) }));
    let who = kit.user("ann", json!([allow(&["*"])]));
    let more = json!({
        "tags": tags(&[("R", "r")]), "enableECSManagedTags": true, "propagateTags": "TASK_DEFINITION",
        "overrides": { "taskRoleArn": role_arn("plain") },
    });
    run(&mut kit, &who, more).expect("a task");
    let own = |keys: Vec<String>| {
        let own = |key: &String| key.starts_with("ecs:") || key.contains("Tag");
        keys.into_iter().filter(own).collect::<Vec<_>>()
    };
    assert_eq!(
        own(context(&kit, "ecs:RunTask")),
        [
            "aws:RequestTag/R",
            "aws:ResourceTag/D",
            "aws:TagKeys",
            "ecs:cluster",
            "ecs:enable-ebs-volumes",
            "ecs:enable-execute-command",
            "ecs:ResourceTag/D",
        ]
    );
    let passed = context(&kit, "iam:PassRole");
    assert!(passed.contains(&"iam:PassedToService".to_owned()), "{passed:?}");
    assert!(!passed.iter().any(|key| key.contains("Tag")), "{passed:?}");
    assert!(context(&kit, "ecs:TagResource").contains(&"ecs:CreateAction".to_owned()));
    // The service's own request carries the task and the account, and nothing of the launcher's network.
    let trusted = context(&kit, "sts:AssumeRole");
    assert!(trusted.contains(&"aws:SourceArn".to_owned()) && trusted.contains(&"aws:SourceAccount".to_owned()));
    assert!(!trusted.contains(&"aws:SourceIp".to_owned()) && !trusted.iter().any(|key| key.contains("RequestTag")));
}

/// What AWS leaves open about a request is named by the decisions that ask for it, and by no others.
#[test]
fn what_is_left_open_is_named_where_a_policy_asks_for_it() {
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let with_role = || json!({ "overrides": { "taskRoleArn": role_arn("task") } });
    let propagated = || json!({ "propagateTags": "TASK_DEFINITION" });
    let cases = [
        ("iam:PassRole", equals("iam:ResourceTag/Team", "a"), with_role(), &["role-tags-in-pass-role"][..]),
        ("iam:PassRole", equals("aws:ResourceTag/Team", "a"), with_role(), &["role-tags-in-pass-role"]),
        (
            "iam:PassRole",
            json!({ "Null": { "iam:AssociatedResourceArn": "true" } }),
            with_role(),
            &["associated-resource-of-ecs"],
        ),
        ("iam:PassRole", equals("aws:RequestedRegion", "us-east-1"), with_role(), &["region-of-what-a-service-asks"]),
        ("iam:PassRole", equals("iam:PassedToService", "ecs-tasks.amazonaws.com"), with_role(), &[]),
        ("ecs:RunTask", equals("aws:RequestedRegion", "us-east-1"), with_role(), &[]),
        ("ecs:RunTask", equals("ecs:enable-ebs-volumes", "false"), json!({}), &["volumes-that-are-not-asked-for"]),
        (
            "ecs:RunTask",
            json!({ "Null": { "aws:RequestTag/Status": "true" } }),
            propagated(),
            &["inherited-tags-in-the-request"],
        ),
        ("ecs:RunTask", json!({ "Null": { "aws:RequestTag/Status": "true" } }), json!({}), &[]),
    ];
    for (action, condition, more, expected) in cases {
        let mut kit = kit();
        let definition = arn("task-definition/web:1");
        kit.setup("ecs:TagResource", json!({ "resourceArn": definition, "tags": tags(&[("Status", "OK")]) }));
        kit.tag_role("task", &[("Team", "a")]);
        let others = ["ecs:RunTask", "iam:PassRole", "ecs:TagResource"]
            .into_iter()
            .filter(|other| *other != action)
            .collect::<Vec<_>>();
        let who = kit.user("ann", json!([allow_if(&[action], condition.clone()), allow(&others)]));
        run(&mut kit, &who, more).unwrap_or_else(|fault| panic!("{action} {condition}: {fault:?}"));
        let decision = kit.decisions.iter().find(|recorded| recorded.request.action == action).expect("a decision");
        let rows: Vec<_> = decision.decision.notes.iter().map(|row| row.id).collect();
        assert_eq!(rows, expected, "{action} {condition}");
    }
}

#[test]
fn whether_managed_tags_bring_those_of_the_definition_is_noted() {
    let row = "managed-tags-and-tags-of-the-definition";
    for (more, is_allowed, expected) in [
        (json!({ "enableECSManagedTags": true }), false, &[row][..]),
        (json!({ "enableECSManagedTags": true, "propagateTags": "TASK_DEFINITION" }), true, &[]),
        (json!({ "enableECSManagedTags": true, "tags": tags(&[("Status", "OK")]) }), true, &[]),
        (json!({}), false, &[]),
    ] {
        let mut kit = kit();
        let definition = arn("task-definition/web:1");
        kit.setup("ecs:TagResource", json!({ "resourceArn": definition, "tags": tags(&[("Status", "OK")]) }));
        let condition = json!({ "StringEquals": { "aws:ResourceTag/Status": "OK" } });
        let start = ["ecs:RunTask", "iam:PassRole", "ecs:TagResource"];
        let who = kit.user("ann", json!([allow(&start), allow_if(&["ecs:StopTask"], condition)]));
        let task = run(&mut kit, &who, more.clone()).unwrap();
        let stopped = kit.call(&who, "ecs:StopTask", json!({ "task": task["tasks"][0]["taskArn"] }));
        assert_eq!(stopped.is_ok(), is_allowed, "{more}: {stopped:?}");
        let recorded =
            kit.decisions.iter().find(|recorded| recorded.request.action == "ecs:StopTask").expect("a decision");
        let rows: Vec<_> = recorded.decision.notes.iter().map(|row| row.id).collect();
        assert_eq!(rows, expected, "{more}");
    }
}

/// The reference has `ecs:container-instances` as an ARN, whichever way the request names the instance.
#[test]
fn where_start_task_starts_is_an_arn() {
    let instance = arn("container-instance/default/i1");
    let condition = json!({ "ArnEquals": { "ecs:container-instances": instance } });
    let mut kit = kit();
    let who = kit.user("ann", json!([allow_if(&["ecs:StartTask"], condition), allow(&["iam:PassRole"])]));
    for (named, allowed) in [("i1", true), (&*instance, true), ("i2", false)] {
        let input = json!({ "taskDefinition": "web", "containerInstances": [named] });
        let refused = kit.call(&who, "ecs:StartTask", input).err().map(|fault| fault.code);
        assert_eq!(refused.as_deref() != Some("AccessDeniedException"), allowed, "{named}: {refused:?}");
    }
}

#[test]
fn conditions_on_running() {
    let others = allow(&["iam:PassRole", "ecs:TagResource"]);
    let ok = json!({ "tags": tags(&[("Status", "OK")]) });
    let ng = json!({ "tags": tags(&[("Status", "NG")]) });
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let request_tag = equals("aws:RequestTag/Status", "OK");
    // The task *definition* is tagged Status=OK, not Kind.
    let cases = [
        ("RequestTag, tagged", request_tag.clone(), ok.clone(), true),
        ("RequestTag, otherwise tagged", request_tag.clone(), ng.clone(), false),
        ("RequestTag, untagged", request_tag.clone(), json!({}), false),
        ("RequestTag, propagated", request_tag, json!({ "propagateTags": "TASK_DEFINITION" }), false),
        (
            "ResourceTag is the definition's tag, not the task's",
            equals("aws:ResourceTag/Status", "OK"),
            ng.clone(),
            true,
        ),
        (
            "ResourceTag of the task",
            equals("aws:ResourceTag/Kind", "x"),
            json!({ "tags": tags(&[("Kind", "x")]) }),
            false,
        ),
        ("its older twin", equals("ecs:ResourceTag/Status", "OK"), json!({}), true),
        ("any value will do", json!({ "Null": { "aws:RequestTag/Status": "false" } }), ng, true),
        ("but there must be one", json!({ "Null": { "aws:RequestTag/Status": "false" } }), json!({}), false),
        ("keys ignore letter case", equals("aws:RequestTag/status", "OK"), ok.clone(), true),
        ("values do not", equals("aws:RequestTag/Status", "ok"), ok.clone(), false),
        ("the cluster", equals("ecs:cluster", &arn("cluster/default")), json!({}), true),
        ("another cluster", equals("ecs:cluster", &arn("cluster/prod")), json!({}), false),
        ("no key for propagation", equals("ecs:propagate-tags", "NONE"), json!({ "propagateTags": "NONE" }), false),
        ("no execute command", equals("ecs:enable-execute-command", "false"), json!({}), true),
        (
            "only these tag keys, untagged",
            json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["Status"] } }),
            json!({}),
            true,
        ),
        (
            "one of these tag keys, untagged",
            json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": ["Status"] } }),
            json!({}),
            false,
        ),
        ("one of these tag keys", json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": ["Status"] } }), ok, true),
    ];
    for (name, condition, more, allowed) in cases {
        let statements = json!([allow_if(&["ecs:RunTask"], condition), others]);
        assert_eq!(may_run(statements, more), allowed, "{name}");
    }
}

/// A condition on `ecs:TagResource` alone forces no tagging: without tags it is not evaluated.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
#[test]
fn a_condition_on_tag_resource_does_not_force_tags() {
    let condition = json!({ "StringEquals": { "aws:RequestTag/Status": "OK", "ecs:CreateAction": "RunTask" } });
    let statements = json!([allow(&["ecs:RunTask", "iam:PassRole"]), allow_if(&["ecs:TagResource"], condition)]);
    let run = |more: Value| may_run(statements.clone(), more);
    assert!(run(json!({ "tags": tags(&[("Status", "OK")]) })));
    assert!(!run(json!({ "tags": tags(&[("Status", "NG")]) })));
    assert!(run(json!({})), "an untagged task escapes it");
    assert!(run(json!({ "propagateTags": "TASK_DEFINITION" })), "propagated tags are tags that are put on");
    assert!(!run(json!({ "enableECSManagedTags": true })), "as are ECS's own, whose keys it does not show");
}

/// With `ecs:CreateAction` in the condition nobody retags later; without it anybody may.
#[test]
fn create_action_is_there_in_a_creation_only() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let retag = json!({ "resourceArn": task["taskArn"], "tags": tags(&[("Status", "OK")]) });
    let at_launch = json!({ "StringEquals": { "ecs:CreateAction": "RunTask" } });
    let ann = kit.user("ann", json!([allow_if(&["ecs:TagResource"], at_launch)]));
    let arn = task["taskArn"].as_str().expect("an ARN").to_owned();
    check_denied(kit.call(&ann, "ecs:TagResource", retag.clone()), "ann", "ecs:TagResource", &arn);
    let bob = kit.user("bob", json!([allow(&["ecs:TagResource"])]));
    assert!(kit.call(&bob, "ecs:TagResource", retag).is_ok());
}

/// The key of a tag on the request is never there for `iam:PassRole`. Of the role's tags see the row of that name.
#[test]
fn pass_role_knows_the_service_and_the_role_not_the_request_tags() {
    let mut kit = kit();
    kit.tag_role("task", &[("Status", "OK")]);
    let cases = [
        ("p1", json!({ "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }), true),
        ("p2", json!({ "StringEquals": { "iam:PassedToService": "ecs.amazonaws.com" } }), false),
        ("p3", json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }), false),
        ("p4", json!({ "StringEquals": { "aws:ResourceTag/Status": "OK" } }), true),
        ("p5", json!({ "StringEquals": { "iam:ResourceTag/Status": "NG" } }), false),
    ];
    for (name, condition, allowed) in cases {
        let rest = allow(&["ecs:RunTask", "ecs:TagResource"]);
        let who = kit.user(name, json!([rest, allow_if(&["iam:PassRole"], condition)]));
        let answer = run(&mut kit, &who, json!({ "tags": tags(&[("Status", "OK")]) }));
        if allowed {
            answer.expect("a task");
        } else {
            check_denied(answer, name, "iam:PassRole", &role_arn("task"));
        }
    }
}

#[test]
fn registering_needs_to_pass_the_roles_too() {
    let mut kit = kit();
    let ann = kit.user("ann", json!([allow(&["ecs:RegisterTaskDefinition"])]));
    let with_role = definition("new", json!({ "taskRoleArn": role_arn("task") }));
    let answer = kit.call(&ann, "ecs:RegisterTaskDefinition", with_role);
    check_denied(answer, "ann", "iam:PassRole", &role_arn("task"));
    let tagged = definition("new", json!({ "tags": tags(&[("a", "1")]) }));
    let answer = kit.call(&ann, "ecs:RegisterTaskDefinition", tagged);
    check_denied(answer, "ann", "ecs:TagResource", &arn("task-definition/new:*"));
    assert!(kit.call(&ann, "ecs:RegisterTaskDefinition", definition("new", json!({}))).is_ok());
}

/// Which operations see which tags.
#[test]
fn tasks_and_clusters_show_their_tags() {
    let mut kit = kit();
    let ok = started(&mut kit, json!({ "tags": tags(&[("Status", "OK")]) }));
    let ng = started(&mut kit, json!({ "tags": tags(&[("Status", "NG")]) }));
    let condition = json!({ "StringEquals": { "aws:ResourceTag/Status": "OK" } });
    let actions = ["ecs:DescribeTasks", "ecs:StopTask", "ecs:ListTagsForResource", "ecs:UntagResource"];
    let who = kit.user("ann", json!([allow_if(&actions, condition)]));
    let mut allowed = |operation: &str, input: Value| kit.call(&who, operation, input).is_ok();
    for (task, expected) in [(&ok, true), (&ng, false)] {
        let arn = &task["taskArn"];
        assert_eq!(allowed("ecs:DescribeTasks", json!({ "tasks": [arn] })), expected);
        assert_eq!(allowed("ecs:ListTagsForResource", json!({ "resourceArn": arn })), expected);
        assert_eq!(allowed("ecs:StopTask", json!({ "task": arn })), expected);
        assert_eq!(allowed("ecs:UntagResource", json!({ "resourceArn": arn, "tagKeys": ["x"] })), expected);
    }
    assert!(!allowed("ecs:DescribeTasks", json!({ "tasks": [ok["taskArn"], ng["taskArn"]] })), "all or none");
}

#[test]
fn tasks_show_their_cluster() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let in_cluster = |name: &str| json!({ "ArnEquals": { "ecs:cluster": arn(&format!("cluster/{name}")) } });
    for (user, name, allowed) in [("here", "default", true), ("there", "prod", false)] {
        let who = kit.user(user, json!([allow_if(&["ecs:DescribeTasks", "ecs:StopTask"], in_cluster(name))]));
        for (operation, input) in [
            ("ecs:DescribeTasks", json!({ "tasks": [task["taskArn"]] })),
            ("ecs:StopTask", json!({ "task": task["taskArn"] })),
        ] {
            assert_eq!(kit.call(&who, operation, input).is_ok(), allowed, "{operation} {name}");
        }
    }
}

/// As in AWS's own denials: `ecs:ListTasks on resource: *`.
#[test]
fn lists_are_on_everything() {
    let mut kit = kit();
    let nobody = kit.user("nobody", json!([]));
    for operation in ["ListTasks", "ListClusters", "ListTaskDefinitions", "ListTaskDefinitionFamilies"] {
        let action = format!("ecs:{operation}");
        check_denied(kit.call(&nobody, &action, json!({})), "nobody", &action, "*");
    }
    let condition = json!({ "ArnEquals": { "ecs:cluster": arn("cluster/default") } });
    let ann = kit.user("ann", json!([allow_if(&["ecs:ListTasks"], condition)]));
    assert!(kit.call(&ann, "ecs:ListTasks", json!({})).is_ok());
    check_denied(kit.call(&ann, "ecs:ListTasks", json!({ "cluster": "prod" })), "ann", "ecs:ListTasks", "*");
}
