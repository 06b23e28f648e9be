//! The task metadata endpoint. docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html

use super::*;
use crate::Metadata;

fn asked(kit: &Kit, task: &Value, container: &str, page: Metadata) -> Option<Value> {
    let arn = task["taskArn"].as_str().expect("an ARN");
    crate::task_metadata(&kit.world, arn, crate::task_metadata_key(&kit.world, arn)?, container, page)
}

#[test]
fn a_container_learns_about_itself_and_its_task() {
    let mut kit = kit();
    let container = json!({
        "name": "Test", "image": "busybox", "memory": 128, "cpu": 10,
        "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/g", "awslogs-stream-prefix": "ecs" } },
    });
    register(&mut kit, "web", json!({ "containerDefinitions": [container] }));
    let task = started(&mut kit, json!({ "tags": tags(&[("Status", "OK")]) }));
    let id = task["taskArn"].as_str().and_then(|arn| arn.rsplit('/').next()).expect("an id").to_owned();
    let own = asked(&kit, &task, "Test", Metadata::Container).expect("a page");
    assert_eq!(
        (&own["Name"], &own["Image"], &own["KnownStatus"]),
        (&json!("Test"), &json!("busybox"), &json!("RUNNING"))
    );
    assert_eq!(own["Limits"], json!({ "CPU": 10, "Memory": 128 }));
    assert_eq!(own["LogOptions"]["awslogs-stream"], format!("ecs/Test/{id}"));
    assert_eq!(own["ContainerARN"], task["containers"][0]["containerArn"]);
    let page = asked(&kit, &task, "Test", Metadata::Task).expect("a page");
    assert_eq!((&page["TaskARN"], &page["Revision"]), (&task["taskArn"], &json!("2")));
    assert_eq!(page["Containers"], json!([own]));
    assert!(page.get("TaskTags").is_none(), "tags are on a page of their own");
    let page = asked(&kit, &task, "Test", Metadata::TaskWithTags).expect("a page");
    assert_eq!(page["TaskTags"], json!({ "Status": "OK" }));
    assert!(asked(&kit, &task, "Test", Metadata::Stats).is_some_and(|page| page["id"] == own["DockerId"]));
}

#[test]
fn on_fargate_no_page_has_the_tags() {
    let mut kit = kit();
    let fargate =
        json!({ "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512" });
    register(&mut kit, "web", fargate);
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-1"] } });
    let task = started(&mut kit, json!({ "launchType": "FARGATE", "networkConfiguration": network }));
    assert!(asked(&kit, &task, "Test", Metadata::TaskWithTags).is_none());
    let page = asked(&kit, &task, "Test", Metadata::Task).expect("a page");
    assert_eq!(page["Limits"], json!({ "CPU": 0.25, "Memory": 512.0 }));
}

#[test]
fn it_is_open_to_the_tasks_own_containers_while_it_lives() {
    let mut kit = kit();
    let (one, two) = (started(&mut kit, json!({})), started(&mut kit, json!({})));
    let arn = |task: &Value| task["taskArn"].as_str().expect("an ARN").to_owned();
    let key = crate::task_metadata_key(&kit.world, &arn(&one)).expect("a key").to_owned();
    let other = crate::task_metadata_key(&kit.world, &arn(&two)).expect("a key").to_owned();
    for (key, container) in [("", "Test"), (&other, "Test"), (&key, "Other"), (&key[1..], "Test")] {
        assert_eq!(crate::task_metadata(&kit.world, &arn(&one), key, container, Metadata::Task), None);
    }
    kit.setup("ecs:StopTask", json!({ "task": arn(&one) }));
    assert_eq!(crate::task_metadata(&kit.world, &arn(&one), &key, "Test", Metadata::Task), None);
}
