//! Running tasks. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html

use testkit::allow;

use super::*;

#[test]
fn a_task_lives_and_ends() {
    let mut kit = kit();
    let task = started(&mut kit, json!({ "startedBy": "me" }));
    let id = task["taskArn"].as_str().and_then(|arn| arn.rsplit('/').next()).expect("an id").to_owned();
    assert_eq!(task["taskArn"], arn(&format!("task/default/{id}")));
    assert_eq!((id.len(), &task["lastStatus"]), (32, &json!("PENDING")));
    assert_eq!(task["group"], "family:web");
    assert_eq!(task["taskDefinitionArn"], arn("task-definition/web:1"));
    assert_eq!(task["containers"][0]["name"], "Test");
    let seen = kit.setup("ecs:DescribeTasks", json!({ "tasks": [id, "0".repeat(32)] }));
    assert_eq!(seen["tasks"][0]["lastStatus"], "RUNNING");
    assert_eq!(seen["tasks"][0]["containers"][0]["lastStatus"], "RUNNING");
    assert_eq!(seen["failures"][0]["reason"], "MISSING");
    let listed = |kit: &mut Kit, more: Value| kit.setup("ecs:ListTasks", more)["taskArns"].clone();
    assert_eq!(listed(&mut kit, json!({ "family": "web", "startedBy": "me" })), json!([task["taskArn"]]));
    assert_eq!(listed(&mut kit, json!({ "family": "other" })), json!([]));
    let stopped = kit.setup("ecs:StopTask", json!({ "task": id, "reason": "enough" }));
    assert_eq!(
        (&stopped["task"]["lastStatus"], &stopped["task"]["stoppedReason"]),
        (&json!("STOPPED"), &json!("enough"))
    );
    assert_eq!(listed(&mut kit, json!({})), json!([]));
    assert_eq!(listed(&mut kit, json!({ "desiredStatus": "STOPPED" })), json!([task["taskArn"]]));
    kit.wait(3601);
    assert_eq!(kit.setup("ecs:DescribeTasks", json!({ "tasks": [id] }))["failures"][0]["reason"], "MISSING");
    let unknown = kit.as_root("ecs:StopTask", json!({ "task": "1".repeat(32) }));
    check_fault(unknown, "InvalidParameterException", "The referenced task was not found.");
    check_fault(
        kit.as_root("ecs:DescribeTasks", json!({ "tasks": [] })),
        "InvalidParameterException",
        "Tasks cannot be empty.",
    );
}

#[test]
fn what_is_wrong_is_said_in_awss_words() {
    let mut kit = kit();
    register(&mut kit, "net", json!({ "networkMode": "awsvpc" }));
    register(&mut kit, "old", json!({}));
    kit.setup("ecs:DeregisterTaskDefinition", json!({ "taskDefinition": "old:1" }));
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-1"] } });
    let cases = [
        (json!({ "cluster": "nope" }), "ClusterNotFoundException", "Cluster not found."),
        (json!({ "taskDefinition": "nope" }), "ClientException", "TaskDefinition not found."),
        (json!({ "taskDefinition": "old" }), "ClientException", "TaskDefinition not found."),
        (json!({ "taskDefinition": "old:1" }), "InvalidParameterException", "TaskDefinition is inactive"),
        (
            json!({ "taskDefinition": "net" }),
            "InvalidParameterException",
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            json!({ "networkConfiguration": network }),
            "InvalidParameterException",
            "Network Configuration is not valid for the given networkMode of this task definition.",
        ),
        (
            json!({ "launchType": "FARGATE" }),
            "InvalidParameterException",
            "Task definition does not support launch_type FARGATE.",
        ),
    ];
    for (more, code, words) in cases {
        check_fault(run(&mut kit, &testkit::root(ACCOUNT), more), code, words);
    }
    for more in [
        json!({ "count": 0 }),
        json!({ "count": 11 }),
        json!({ "propagateTags": "SERVICE" }),
        json!({ "propagateTags": "ALL" }),
        json!({ "launchType": "MOON" }),
        json!({ "overrides": { "containerOverrides": [{ "name": "Other" }] } }),
    ] {
        let fault = run(&mut kit, &testkit::root(ACCOUNT), more.clone()).expect_err("an error");
        assert_eq!(fault.code, "InvalidParameterException", "{more}");
    }
    assert_eq!(kit.setup("ecs:ListTasks", json!({}))["taskArns"], json!([]), "none of them started anything");
    let started = kit.setup("ecs:RunTask", json!({ "taskDefinition": "net", "networkConfiguration": network }));
    assert_eq!(started["tasks"][0]["lastStatus"], "PROVISIONING");
}

/// Without the cluster `default` there is none to run in.
#[test]
fn the_default_cluster_has_to_be_there() {
    let mut kit = Kit::new(crate::SERVICES);
    register(&mut kit, "web", json!({}));
    check_fault(run(&mut kit, &testkit::root(ACCOUNT), json!({})), "ClusterNotFoundException", "Cluster not found.");
}

#[test]
fn many_at_once_and_none_twice() {
    let mut kit = kit();
    let ten = json!({ "taskDefinition": "web", "count": 10, "clientToken": "once" });
    let first = kit.setup("ecs:RunTask", ten.clone());
    assert_eq!(first["tasks"].as_array().map(Vec::len), Some(10));
    let again = kit.setup("ecs:RunTask", ten);
    let arns = |answer: &Value| {
        answer["tasks"].as_array().map(|tasks| tasks.iter().map(|task| task["taskArn"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(arns(&first), arns(&again), "the same clientToken gives the same tasks");
    assert_eq!(kit.setup("ecs:ListTasks", json!({}))["taskArns"].as_array().map(Vec::len), Some(10));
}

/// "The provided `clientToken` is already in use with a different `RunTask` request."
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
#[test]
fn a_client_token_is_good_for_the_same_request_of_the_same_caller_in_one_cluster() {
    let mut kit = kit();
    kit.setup("ecs:CreateCluster", json!({ "clusterName": "other" }));
    let may_run = || json!([allow(&["ecs:*", "iam:PassRole"])]);
    let (ann, bob) = (kit.user("ann", may_run()), kit.user("bob", may_run()));
    let once = json!({ "clientToken": "once" });
    let first = run(&mut kit, &ann, once.clone()).expect("a task");
    for same in [json!({}), json!({ "cluster": "default" }), json!({ "cluster": arn("cluster/default") })] {
        let again = run(&mut kit, &ann, merged(once.clone(), same)).expect("the same task");
        assert_eq!(again["tasks"][0]["taskArn"], first["tasks"][0]["taskArn"]);
    }
    let words = "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use \
                 with a different RunTask request.";
    check_fault(run(&mut kit, &bob, once.clone()), "ConflictException", words);
    for more in [json!({ "count": 2 }), json!({ "startedBy": "me" }), json!({ "tags": tags(&[("a", "1")]) })] {
        check_fault(run(&mut kit, &ann, merged(once.clone(), more)), "ConflictException", words);
    }
    let nobody = kit.user("nobody", json!([]));
    let denied = run(&mut kit, &nobody, once.clone());
    check_denied(denied, "nobody", "ecs:RunTask", &arn("task-definition/web:1"));
    let elsewhere = run(&mut kit, &bob, merged(once.clone(), json!({ "cluster": "other" }))).expect("a task");
    assert_eq!(elsewhere["tasks"][0]["clusterArn"], arn("cluster/other"));
    register(&mut kit, "web", json!({}));
    check_fault(run(&mut kit, &ann, once), "ConflictException", words);
}

/// "If no value is specified, the tags aren't propagated."
#[test]
fn where_a_tasks_tags_come_from() {
    let mut kit = kit();
    register(&mut kit, "web", json!({ "tags": tags(&[("Status", "OK"), ("Team", "blue")]) }));
    let passed = tags(&[("Status", "NG")]);
    let cases = [
        ("nothing", json!({}), json!([])),
        ("NONE", json!({ "propagateTags": "NONE" }), json!([])),
        ("passed", json!({ "tags": passed }), passed.clone()),
        ("propagated", json!({ "propagateTags": "TASK_DEFINITION" }), tags(&[("Status", "OK"), ("Team", "blue")])),
        (
            "both: the passed one wins",
            json!({ "propagateTags": "TASK_DEFINITION", "tags": passed }),
            tags(&[("Status", "NG"), ("Team", "blue")]),
        ),
        ("managed", json!({ "enableECSManagedTags": true }), tags(&[("aws:ecs:clusterName", "default")])),
    ];
    for (name, more, expected) in cases {
        let task = started(&mut kit, more);
        assert_eq!(described_tags(&mut kit, &task), expected, "{name}");
        let plain = kit.setup("ecs:DescribeTasks", json!({ "tasks": [task["taskArn"]] }));
        assert_eq!(plain["tasks"][0]["tags"], json!([]), "{name}: only with include TAGS");
    }
}

#[test]
fn start_task_goes_where_it_is_told() {
    let mut kit = kit();
    let input = json!({ "taskDefinition": "web", "containerInstances": ["i1", "i2"] });
    let answer = kit.setup("ecs:StartTask", input);
    let instances: Vec<_> = (0..2).map(|at| answer["tasks"][at]["containerInstanceArn"].clone()).collect();
    assert_eq!(
        instances,
        [arn("container-instance/default/i1"), arn("container-instance/default/i2")].map(Value::from)
    );
    let nowhere = kit.as_root("ecs:StartTask", json!({ "taskDefinition": "web", "containerInstances": [] }));
    check_fault(nowhere, "InvalidParameterException", "Container instances cannot be empty.");
}

#[test]
fn tags_are_put_on_and_taken_off() {
    let mut kit = kit();
    let task = started(&mut kit, json!({ "enableECSManagedTags": true }));
    let on = |kit: &mut Kit, resource: &Value, given: Value| {
        kit.setup("ecs:TagResource", json!({ "resourceArn": resource, "tags": given }));
        kit.setup("ecs:ListTagsForResource", json!({ "resourceArn": resource }))["tags"].clone()
    };
    for resource in [json!(arn("cluster/default")), json!(arn("task-definition/web:1"))] {
        assert_eq!(on(&mut kit, &resource, tags(&[("a", "1"), ("A", "2")])), tags(&[("a", "1"), ("A", "2")]));
        assert_eq!(on(&mut kit, &resource, tags(&[("a", "3")])), tags(&[("a", "3"), ("A", "2")]));
        kit.setup("ecs:UntagResource", json!({ "resourceArn": resource, "tagKeys": ["A", "none"] }));
        let left = kit.setup("ecs:ListTagsForResource", json!({ "resourceArn": resource }));
        assert_eq!(left["tags"], tags(&[("a", "3")]));
    }
    let both = tags(&[("aws:ecs:clusterName", "default"), ("Status", "OK")]);
    assert_eq!(on(&mut kit, &task["taskArn"], tags(&[("Status", "OK")])), both);
    let managed = json!({ "resourceArn": task["taskArn"], "tagKeys": ["aws:ecs:clusterName"] });
    assert!(kit.as_root("ecs:UntagResource", managed).is_err());
    for missing in [arn("task-definition/web:9"), arn(&format!("task/default/{}", "0".repeat(32)))] {
        let fault =
            kit.as_root("ecs:TagResource", json!({ "resourceArn": missing, "tags": [] })).expect_err("an error");
        assert_eq!(fault.code, "ResourceNotFoundException");
    }
}
