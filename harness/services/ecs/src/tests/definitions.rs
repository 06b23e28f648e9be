//! Task definitions.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html

use super::*;

#[test]
fn families_count_their_revisions() {
    let mut kit = kit();
    register(&mut kit, "web", json!({ "tags": tags(&[("Status", "OK")]) }));
    let latest = kit.setup("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "web", "include": ["TAGS"] }));
    assert_eq!(latest["taskDefinition"]["taskDefinitionArn"], arn("task-definition/web:2"));
    assert_eq!(latest["taskDefinition"]["networkMode"], "bridge");
    assert_eq!(latest["tags"], tags(&[("Status", "OK")]));
    let first = kit.setup("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "web:1" }));
    assert_eq!(first["taskDefinition"]["taskRoleArn"], role_arn("task"));
    assert_eq!(first["taskDefinition"]["registeredBy"], format!("arn:aws:iam::{ACCOUNT}:root"));
    assert_eq!(first["tags"], Value::Null);
    kit.setup("ecs:DeregisterTaskDefinition", json!({ "taskDefinition": "web:2" }));
    let listed = kit.setup("ecs:ListTaskDefinitions", json!({ "familyPrefix": "web" }));
    assert_eq!(listed["taskDefinitionArns"], json!([arn("task-definition/web:1")]));
    let inactive = kit.setup("ecs:ListTaskDefinitions", json!({ "status": "INACTIVE" }));
    assert_eq!(inactive["taskDefinitionArns"], json!([arn("task-definition/web:2")]));
    let latest = kit.setup("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "web" }));
    assert_eq!(latest["taskDefinition"]["revision"], 1, "the latest active one");
    register(&mut kit, "web", json!({}));
    let latest = kit.setup("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "web" }));
    assert_eq!(latest["taskDefinition"]["revision"], 3, "numbers are not used again");
    assert_eq!(kit.setup("ecs:ListTaskDefinitionFamilies", json!({})), json!({ "families": ["web"] }));
    let missing = kit.as_root("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "web:9" }));
    check_fault(missing, "ClientException", "Unable to describe task definition.");
}

#[test]
fn container_definitions_are_kept_as_they_are() {
    let mut kit = kit();
    let container = json!({
        "name": "Test", "image": "busybox", "memory": 128, "command": ["sh", "-c", "true"],
        "environment": [{ "name": "A", "value": "b" }],
    });
    register(&mut kit, "kept", json!({ "containerDefinitions": [container] }));
    let kept = kit.setup("ecs:DescribeTaskDefinition", json!({ "taskDefinition": "kept" }));
    assert_eq!(kept["taskDefinition"]["containerDefinitions"], json!([container]));
}

/// docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
#[test]
fn fargate_sizes() {
    let cases = [
        ("256", "512", true),
        ("256", "1024", true),
        ("256", "2048", true),
        ("256", "3072", false),
        ("256", "768", false),
        ("512", "512", false),
        ("512", "4096", true),
        ("512", "5120", false),
        ("1024", "1024", false),
        ("1024", "8192", true),
        ("2048", "16384", true),
        ("2048", "17408", false),
        ("4096", "30720", true),
        ("8192", "16384", true),
        ("8192", "17408", false),
        ("8192", "61440", true),
        ("16384", "32768", true),
        ("16384", "122880", true),
        ("16384", "123904", false),
        ("300", "1024", false),
        (".25 vCPU", "0.5 GB", true),
        ("1 vcpu", "2GB", true),
        ("-1", "512", false),
        ("NaN vCPU", "512", false),
        ("1e30 vCPU", "512", false),
        ("", "512", false),
    ];
    let mut kit = kit();
    for (cpu, memory, fits) in cases {
        let more = json!({
            "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": cpu, "memory": memory,
        });
        let answer = kit.as_root("ecs:RegisterTaskDefinition", definition("sized", more));
        assert_eq!(answer.is_ok(), fits, "{cpu} {memory}");
    }
}

#[test]
fn what_is_wrong_is_said_in_awss_words() {
    let fargate =
        |more: Value| merged(json!({ "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc" }), more);
    let waiting = |name: &str, on: &str| {
        json!({
            "name": name, "image": "i", "memory": 8, "dependsOn": [{ "containerName": on, "condition": "START" }],
        })
    };
    let sized = json!({ "cpu": "512", "memory": "512" });
    let logging = json!({
        "cpu": "256", "memory": "512",
        "containerDefinitions": [{ "name": "a", "image": "b", "logConfiguration": { "logDriver": "awslogs" } }],
    });
    let cases = [
        (json!({ "requiresCompatibilities": ["FARGATE"] }), "Fargate only supports network mode ‘awsvpc’."),
        (fargate(json!({ "cpu": "256" })), "Fargate requires that 'memory' be defined at the task level."),
        (fargate(json!({ "memory": "512" })), "Fargate requires that 'cpu' be defined at the task level."),
        (
            fargate(sized),
            "No Fargate configuration exists for given values: 512 CPU, 512 memory. See the Amazon ECS documentation for \
             the valid values.",
        ),
        (
            fargate(logging),
            "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
        ),
        (json!({ "containerDefinitions": [] }), "Container list cannot be empty."),
        (
            json!({ "containerDefinitions": [{ "name": "aaaaaaa", "image": "b" }] }),
            "Invalid setting for container 'aaaaaaa'. At least one of 'memory' or 'memoryReservation' must be specified.",
        ),
        (json!({ "containerDefinitions": [waiting("a", "a")] }), "Container dependencies should not have a cycle"),
        (
            json!({ "containerDefinitions": [waiting("a", "b"), waiting("b", "c"), waiting("c", "b")] }),
            "Container dependencies should not have a cycle",
        ),
        (json!({ "taskRoleArn": role_arn("nobody") }), "Role is not valid"),
        (json!({ "executionRoleArn": "nobody" }), "Role is not valid"),
        (json!({ "cpu": "lots" }), "Invalid 'cpu' setting for task."),
    ];
    let mut kit = kit();
    for (more, words) in cases {
        check_fault(kit.as_root("ecs:RegisterTaskDefinition", definition("bad", more)), "ClientException", words);
    }
    let families = kit.setup("ecs:ListTaskDefinitionFamilies", json!({}));
    assert_eq!(families, json!({ "families": ["web"] }), "nothing of them was kept");
}

#[test]
fn tags_of_the_reserved_kind_are_refused() {
    let mut kit = kit();
    let many: Vec<_> = (0..51).map(|at| json!({ "key": format!("k{at}"), "value": "" })).collect();
    for bad in [
        tags(&[("aws:x", "1")]),
        tags(&[("AWS:x", "1")]),
        tags(&[("x", "aws:1")]),
        tags(&[("a", "1"), ("a", "2")]),
        tags(&[("", "1")]),
        tags(&[("a*", "1")]),
        json!(many),
    ] {
        for operation in ["ecs:RunTask", "ecs:RegisterTaskDefinition", "ecs:CreateCluster", "ecs:TagResource"] {
            let input = json!({
                "taskDefinition": "web", "family": "x", "containerDefinitions": [{}],
                "resourceArn": arn("cluster/default"), "tags": bad,
            });
            let fault = kit.as_root(operation, input).expect_err("an error");
            assert_eq!(fault.code, "InvalidParameterException", "{operation} {bad}");
        }
    }
    // Keys of tasks keep their letter case: these are two.
    let task = started(&mut kit, json!({ "tags": tags(&[("Status", "OK"), ("status", "NG")]) }));
    assert_eq!(described_tags(&mut kit, &task), tags(&[("Status", "OK"), ("status", "NG")]));
}
