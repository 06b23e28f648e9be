//! ECS before an emulator that takes names as moto does: clusters and tasks by a part of their name, tasks in whichever
//! cluster is asked, and of a family the latest revision.

use serde_json::{Value, json};
use wire::Upstream;

use crate::client::{Signer, World, root, world_before};
use crate::double::{Double, Received, Told, outcome, told, upstream};

const RED: &str = "11111111111111111111111111111111";
const BLUE: &str = "22222222222222222222222222222222";

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:us-east-1:123456789012:{resource}")
}

fn definition(revision: u64) -> Value {
    json!({ "taskDefinitionArn": arn(&format!("task-definition/web:{revision}")), "family": "web", "revision": revision,
        "status": "ACTIVE", "networkMode": "bridge", "compatibilities": ["EC2"],
        "containerDefinitions": [{ "name": "c", "image": "i", "memory": 16 }] })
}

fn task(cluster: &str, id: &str) -> Value {
    json!({ "taskArn": arn(&format!("task/{cluster}/{id}")), "clusterArn": arn(&format!("cluster/{cluster}")),
        "taskDefinitionArn": arn("task-definition/web:2"), "lastStatus": "RUNNING", "desiredStatus": "RUNNING" })
}

fn cluster(name: &str) -> Value {
    json!({ "clusterArn": arn(&format!("cluster/{name}")), "clusterName": name, "status": "ACTIVE" })
}

/// Clusters `app` and `app-prod` with a task each, and the family `web`, whose latest revision is 2.
fn sloppy(received: &Received) -> Option<Told> {
    let input: Value = serde_json::from_str(&received.body).ok()?;
    let answer = match received.what.as_str() {
        "DescribeClusters" => json!({ "clusters": [cluster(input["clusters"][0].as_str()?), cluster("other")] }),
        "DescribeTaskDefinition" | "DeregisterTaskDefinition" => {
            let revision = input["taskDefinition"].as_str()?.rsplit_once(':').and_then(|(_, text)| text.parse().ok());
            json!({ "taskDefinition": definition(revision.unwrap_or(2)), "tags": [] })
        }
        "DescribeTasks" => json!({ "tasks": [task("app", RED), task("app-prod", BLUE)], "failures": [] }),
        "ListTasks" => json!({ "taskArns": [task("app", RED)["taskArn"], task("app-prod", BLUE)["taskArn"]] }),
        "ListTaskDefinitions" => {
            json!({ "taskDefinitionArns": [arn("task-definition/web:1"), arn("task-definition/web-2:1")] })
        }
        "StopTask" => json!({ "task": task("app", RED) }),
        "RunTask" => json!({ "tasks": [task(input["cluster"].as_str()?, "3".repeat(32).as_str())], "failures": [] }),
        _ => json!({}),
    };
    Some(told(200, &answer.to_string()))
}

async fn front(double: &Double) -> World {
    world_before(Some(Upstream { has_ecs: true, ..upstream(&double.url) })).await
}

async fn ecs(front: &World, who: &Signer, operation: &str, input: &Value) -> crate::client::Answer {
    front.json("ecs", who, &format!("AmazonEC2ContainerServiceV20141113.{operation}"), &input.to_string()).await
}

/// What is sent for a request, and what is told of the answer.
async fn check(operation: &str, input: Value, sent: Value, answer: Value) {
    let double = Double::start(sloppy).await;
    let front = front(&double).await;
    let got = ecs(&front, &root(), operation, &input).await;
    assert_eq!(got.status, 200, "{operation} {input}: {}", got.text());
    let last = double.take().pop().expect("something is sent");
    let body: Value = serde_json::from_str(&last.body).unwrap();
    assert_eq!((last.what.as_str(), body), (operation, sent), "{input}");
    assert_eq!(serde_json::from_slice::<Value>(&got.body).unwrap(), answer, "{operation} {input}");
}

#[tokio::test]
async fn tasks_are_those_of_the_cluster_that_was_decided_on() {
    let red = task("app", RED);
    let asked = json!({ "cluster": "app", "tasks": [red["taskArn"]] });
    let told = json!({ "tasks": [red], "failures": [] });
    check("DescribeTasks", json!({ "cluster": "app", "tasks": [RED] }), asked.clone(), told.clone()).await;
    check("DescribeTasks", json!({ "cluster": arn("cluster/app"), "tasks": [red["taskArn"]] }), asked.clone(), told)
        .await;
    // One of them is in another cluster: it is told as missing, and not asked for.
    let failure = json!({ "arn": arn(&format!("task/app/{BLUE}")), "reason": "MISSING" });
    let told = json!({ "tasks": [red], "failures": [failure] });
    check("DescribeTasks", json!({ "cluster": "app", "tasks": [RED, BLUE] }), asked, told).await;
    let listed = json!({ "taskArns": [red["taskArn"]] });
    check("ListTasks", json!({ "cluster": "app" }), json!({ "cluster": "app" }), listed.clone()).await;
    let filtered = json!({ "cluster": "app", "containerInstance": "i1", "family": "web" });
    let instance = arn("container-instance/app/i1");
    let sent = json!({ "cluster": "app", "containerInstance": instance, "family": "web" });
    check("ListTasks", filtered, sent, listed).await;
    let none = json!({ "taskArns": [] });
    check("ListTasks", json!({}), json!({ "cluster": "default" }), none).await;
    let stopped = json!({ "cluster": "app", "task": red["taskArn"] });
    check("StopTask", json!({ "cluster": "app", "task": RED }), stopped, json!({ "task": red })).await;
}

#[tokio::test]
async fn the_revision_that_was_looked_at_is_the_one_that_is_meant() {
    let sent = json!({ "taskDefinition": "web:2", "include": ["TAGS"] });
    let told = json!({ "taskDefinition": definition(2), "tags": [] });
    check("DescribeTaskDefinition", json!({ "taskDefinition": "web", "include": ["TAGS"] }), sent, told).await;
    let sent = json!({ "taskDefinition": "web:1" });
    let told = json!({ "taskDefinition": definition(1), "tags": [] });
    let named = arn("task-definition/web:1");
    check("DescribeTaskDefinition", json!({ "taskDefinition": named }), sent.clone(), told.clone()).await;
    check("DeregisterTaskDefinition", json!({ "taskDefinition": "web:1" }), sent, told).await;
    let sent = json!({ "familyPrefix": "web" });
    let told = json!({ "taskDefinitionArns": [arn("task-definition/web:1")] });
    check("ListTaskDefinitions", sent.clone(), sent, told).await;
    let started = task("app", "3".repeat(32).as_str());
    let sent = json!({ "cluster": "app", "taskDefinition": "web:2" });
    let told = json!({ "tasks": [started], "failures": [] });
    check("RunTask", json!({ "cluster": "app", "taskDefinition": "web" }), sent, told).await;
}

#[tokio::test]
async fn clusters_are_those_that_were_named() {
    let told = json!({ "clusters": [cluster("app")] });
    check("DescribeClusters", json!({ "clusters": [arn("cluster/app")] }), json!({ "clusters": ["app"] }), told).await;
    let told = json!({ "clusters": [cluster("default")] });
    check("DescribeClusters", json!({}), json!({ "clusters": ["default"] }), told).await;
}

/// An answer about something else than was decided on is not passed on.
#[tokio::test]
async fn an_answer_about_something_else_is_refused() {
    let rows = [
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:1" }), "task-definition/web:2"),
        ("StopTask", json!({ "cluster": "app-prod", "task": BLUE }), "task/app/"),
        ("CreateCluster", json!({ "clusterName": "new" }), "cluster"),
        ("DeleteCluster", json!({ "cluster": "app" }), "cluster"),
    ];
    for (operation, input, named) in rows {
        let double = Double::start(sloppy).await;
        let front = front(&double).await;
        let got = ecs(&front, &root(), operation, &input).await;
        assert_eq!(got.status, 503, "{operation}: {}", got.text());
        assert!(got.text().contains(named), "{operation}: {}", got.text());
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused() {
    for (operation, input) in [
        ("DescribeClusters", json!({ "clusters": ["app"] })),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [RED] })),
        ("ListTasks", json!({ "cluster": "app" })),
        ("ListTaskDefinitions", json!({ "familyPrefix": "web" })),
        ("StopTask", json!({ "cluster": "app", "task": RED })),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:1" })),
    ] {
        for body in ["[]", "null", "\"text\"", "<html>", ""] {
            let asked = std::sync::atomic::AtomicUsize::new(0);
            let double = Double::start(move |received| {
                // What is asked to decide on it has an answer.
                let is_act = received.what == operation
                    && (!operation.starts_with("Describe")
                        || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0);
                if is_act { Some(told(200, body)) } else { sloppy(received) }
            })
            .await;
            let front = front(&double).await;
            let got = ecs(&front, &root(), operation, &input).await;
            assert_eq!(outcome(&got), "503 ServiceUnavailable", "{operation} {body}: {}", got.text());
        }
    }
}

/// Nothing is asked of an emulator for such a name.
#[tokio::test]
async fn names_that_ecs_does_not_have() {
    let other = |resource: &str| arn(resource).replace("123456789012", "210987654321");
    let abroad = |resource: &str| arn(resource).replace("us-east-1", "eu-west-1");
    let china = |resource: &str| arn(resource).replace("arn:aws:", "arn:aws-cn:");
    let task_arn = format!("task/app/{RED}");
    let invalid = "400 InvalidParameterException";
    let client = "400 ClientException";
    let rows = [
        ("DescribeTasks", json!({ "cluster": "a/b", "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": arn("cluster/a/app"), "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": arn("cluster/"), "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": other("cluster/app"), "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": abroad("cluster/app"), "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": china("cluster/app"), "tasks": [RED] }), invalid),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [format!("x/{RED}")] }), invalid),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [format!("{RED} {BLUE}")] }), invalid),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [other(&task_arn)] }), invalid),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [arn(&format!("task/app-prod/{BLUE}"))] }), invalid),
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [arn(&format!("task/a/app/{RED}"))] }), invalid),
        ("StopTask", json!({ "cluster": "app", "task": arn(&format!("task/app-prod/{BLUE}")) }), invalid),
        ("StopTask", json!({ "task": arn(&task_arn) }), invalid),
        ("ListTasks", json!({ "cluster": "a/app" }), invalid),
        ("ListTasks", json!({ "cluster": "app", "containerInstance": other("container-instance/app/i1") }), invalid),
        ("ListTasks", json!({ "cluster": "app", "containerInstance": arn("container-instance/b/i1") }), invalid),
        ("ListTasks", json!({ "cluster": "app", "containerInstance": "i/1" }), invalid),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:02" }), client),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:+2" }), client),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:0" }), client),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "web:2:1" }), client),
        ("RunTask", json!({ "cluster": "app", "taskDefinition": "x/web" }), client),
        ("DescribeTaskDefinition", json!({ "taskDefinition": arn("task-definition/x/web:1") }), client),
        ("DescribeTaskDefinition", json!({ "taskDefinition": china("task-definition/web:1") }), invalid),
        ("DeregisterTaskDefinition", json!({ "taskDefinition": "web:01" }), client),
        ("TagResource", json!({ "resourceArn": arn("task-definition/web:01"), "tags": [] }), client),
        ("TagResource", json!({ "resourceArn": china("cluster/app"), "tags": [] }), invalid),
        ("TagResource", json!({ "resourceArn": arn("cluster/a/app"), "tags": [] }), invalid),
        ("TagResource", json!({ "resourceArn": arn(&format!("task/{RED}")), "tags": [] }), invalid),
        ("UntagResource", json!({ "resourceArn": arn("task-definition/web"), "tagKeys": [] }), invalid),
        ("ListTagsForResource", json!({ "resourceArn": arn(&format!("task/a/app/{RED}")) }), invalid),
    ];
    for (operation, input, expected) in rows {
        let double = Double::start(sloppy).await;
        let front = front(&double).await;
        let got = ecs(&front, &root(), operation, &input).await;
        assert_eq!(outcome(&got), expected, "{operation} {input}: {}", got.text());
        assert_eq!(double.heard(), [""; 0], "{operation} {input}");
    }
}

/// What no reader here looks at is not passed on to another.
#[tokio::test]
async fn a_member_that_the_operation_does_not_have() {
    let rows = [
        ("DescribeTasks", json!({ "cluster": "app", "tasks": [RED], "Cluster": "app-prod" }), "Cluster"),
        ("ListTasks", json!({ "cluster": "app", "clusterArn": "app-prod" }), "clusterArn"),
        ("StopTask", json!({ "cluster": "app", "task": RED, "taskArn": BLUE }), "taskArn"),
        ("RunTask", json!({ "taskDefinition": "web", "taskDefinitionArn": "web:1" }), "taskDefinitionArn"),
        ("RunTask", json!({ "taskDefinition": "web", "containerInstances": ["i1"] }), "containerInstances"),
        ("RunTask", json!({ "taskDefinition": "web", "overrides": { "taskRole": "admin" } }), "overrides.taskRole"),
        (
            "RunTask",
            json!({ "taskDefinition": "web", "overrides": { "containerOverrides": [{ "name": "c", "image": "i" }] } }),
            "overrides.containerOverrides[0].image",
        ),
        (
            "TagResource",
            json!({ "resourceArn": arn("cluster/app"), "tags": [{ "key": "a", "Value": "b" }] }),
            "tags[0].Value",
        ),
        ("ListClusters", json!({ "cluster": "app" }), "cluster"),
    ];
    for (operation, input, named) in rows {
        let double = Double::start(sloppy).await;
        let front = front(&double).await;
        let got = ecs(&front, &root(), operation, &input).await;
        assert_eq!(
            (outcome(&got).as_str(), double.heard()),
            ("400 SerializationException", vec![]),
            "{operation} {input}"
        );
        assert!(got.text().contains(&format!("`{named}`")), "{operation} {input}: {}", got.text());
    }
}

/// A definition that was registered past the world has the say once it is the latest.
#[tokio::test]
async fn the_latest_revision_is_the_emulators() {
    let double = Double::start(sloppy).await;
    let front = front(&double).await;
    for (asked, sent) in [("web:1", "web:1"), ("web", "web:2")] {
        let got = ecs(&front, &root(), "RunTask", &json!({ "cluster": "app", "taskDefinition": asked })).await;
        let last: Value = serde_json::from_str(&double.take().pop().unwrap().body).unwrap();
        assert_eq!(last["taskDefinition"], sent, "{asked}: {}", got.text());
    }
}

/// What the emulator does not say is not known: nobody is let in for it.
#[tokio::test]
async fn tags_that_an_emulator_cannot_tell() {
    let rows = [
        (200, r#"{"tags": []}"#, "200"),
        (200, r#"{"tags": [{"key": "Team", "value": "red"}]}"#, "400 AccessDeniedException"),
        (200, "{}", "200"),
        (200, "[]", "503 ServiceUnavailable"),
        (200, r#"{"tags": "none"}"#, "503 ServiceUnavailable"),
        (400, r#"{"__type": "InvalidParameterException"}"#, "503 ServiceUnavailable"),
        (403, r#"{"__type": "AccessDeniedException"}"#, "503 ServiceUnavailable"),
        (501, "{}", "503 ServiceUnavailable"),
    ];
    for (status, body, expected) in rows {
        let double = Double::start(move |received| match received.what.as_str() {
            "ListTagsForResource" => Some(told(status, body)),
            _ => sloppy(received),
        })
        .await;
        let front = front(&double).await;
        let user = front.user("user").await;
        let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ecs:StopTask",
            "Resource": "*", "Condition": {"Null": {"aws:ResourceTag/Team": "true"}}}}"#;
        let escaped = percent_encoding::utf8_percent_encode(policy, percent_encoding::NON_ALPHANUMERIC);
        let form = format!("Action=PutUserPolicy&UserName=user&PolicyName=p&PolicyDocument={escaped}");
        assert_eq!(front.iam(&form).await.status, 200);
        let got = ecs(&front, &user, "StopTask", &json!({ "cluster": "app", "task": RED })).await;
        assert_eq!(outcome(&got), expected, "{status} {body}: {}", got.text());
        assert_eq!(double.heard().contains(&"StopTask".to_owned()), expected == "200", "{status} {body}");
    }
}

/// That something is not there is for ECS's own errors to say.
#[tokio::test]
async fn a_question_that_is_not_answered_is_told() {
    let rows = [
        ("DescribeTaskDefinition", 400, r#"{"__type": "ClientException"}"#, "400 ClientException"),
        ("DescribeTaskDefinition", 400, "{}", "503 ServiceUnavailable"),
        ("DescribeTaskDefinition", 403, r#"{"__type": "AccessDeniedException"}"#, "503 ServiceUnavailable"),
        ("DescribeTaskDefinition", 404, "<html>", "503 ServiceUnavailable"),
        ("DescribeClusters", 200, r#"{"clusters": []}"#, "400 ClusterNotFoundException"),
        ("DescribeClusters", 404, "<html>", "503 ServiceUnavailable"),
    ];
    for (question, status, body, expected) in rows {
        let double = Double::start(
            move |received| if received.what == question { Some(told(status, body)) } else { sloppy(received) },
        )
        .await;
        let front = front(&double).await;
        let got = ecs(&front, &root(), "RunTask", &json!({ "cluster": "app", "taskDefinition": "web" })).await;
        assert_eq!(outcome(&got), expected, "{question} {status} {body}: {}", got.text());
        assert!(!double.heard().contains(&"RunTask".to_owned()), "{question} {status} {body}");
    }
}
