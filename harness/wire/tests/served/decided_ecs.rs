//! What an emulator's ECS receives is what was decided on: for every operation that the account has, whatever a request
//! names and however it is written. It is refused and nothing but questions are sent, or what is sent last is what the
//! decision was about.

use std::collections::BTreeSet;

use account::RecordedDecision;
use model::{ECS, Operation};
use policy::{ContextValue, Verdict};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use wire::Upstream;

use crate::client::{Answer, World, ask, root, world_before};
use crate::double::{Double, Received, outcome, upstream};
use crate::exact::{BLUE, RED, arn, sloppy};

/// What may be asked of an emulator to decide on something else.
const QUESTIONS: [&str; 4] = ["DescribeClusters", "DescribeTaskDefinition", "DescribeTasks", "ListTagsForResource"];

/// Members that name something.
const NAMING: [&str; 9] =
    ["cluster", "clusterName", "clusters", "family", "familyPrefix", "resourceArn", "task", "taskDefinition", "tasks"];

const TARGET: &str = "AmazonEC2ContainerServiceV20141113";

/// A request as it is written.
#[derive(Clone, Debug)]
struct Written {
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_every_operation_and_name_what_was_decided_on_is_sent() {
    let tried: JoinSet<_> = ECS.operations().map(every_way).collect();
    let sent: BTreeSet<_> = tried.join_all().await.into_iter().flatten().collect();
    let sent_on = services::operations().filter(|known| known.service() == "ecs" && !known.is_answered_here);
    assert_eq!(sent, sent_on.map(|known| known.operation()).collect());
}

/// The operation, if it is sent on in some way.
async fn every_way(operation: &'static Operation) -> Option<&'static str> {
    let double = Double::start(sloppy).await;
    let mut is_sent = false;
    for written in ways(operation) {
        let front = world_before(Some(Upstream { has_ecs: true, ..upstream(&double.url) })).await;
        let answer = send(&front, &written).await;
        if outcome(&answer) == "400 UnknownOperationException" && !is_sent {
            assert_eq!(double.heard(), [""; 0], "{written:?}");
            return None;
        }
        let decisions = front.hosted.decisions(answer.header("x-amzn-requestid"));
        is_sent |= check(operation, &written, &answer, &double.take(), &decisions);
    }
    is_sent.then_some(operation.name.as_str())
}

/// Whether the operation is sent on.
fn check(
    operation: &Operation,
    written: &Written,
    answer: &Answer,
    received: &[Received],
    decisions: &[RecordedDecision],
) -> bool {
    let what = format!("{written:?}: {} after {received:?}", outcome(answer));
    let inputs: Vec<_> = received.iter().map(|received| exact(received, &what)).collect();
    let action = format!("ecs:{}", operation.name);
    let allowed: Vec<_> = decisions
        .iter()
        .filter(|one| one.decision.verdict == Verdict::Allowed && one.request.action == action)
        .map(|one| &one.request)
        .collect();
    // What nobody has decided on can be a question.
    let is_act = |last: &&Received| {
        last.what == operation.name && !(allowed.is_empty() && QUESTIONS.contains(&operation.name.as_str()))
    };
    let act = received.last().filter(is_act);
    let questions = &received[..received.len() - usize::from(act.is_some())];
    assert!(questions.iter().all(|one| QUESTIONS.contains(&one.what.as_str())), "{what}");
    let (Some(_), Some(input)) = (act, inputs.last()) else { return false };
    assert!(!allowed.is_empty(), "{what}");
    let resources: Vec<_> = allowed.iter().map(|request| request.resource.as_str()).collect();
    for about in about(operation, input) {
        assert!(resources.contains(&about.as_str()), "{what}: decided was {resources:?}, and it is about {about}");
    }
    // A cluster that is no resource of the action is a key of its requests.
    for request in allowed {
        if let Some(cluster) = request.context.get("ecs:cluster") {
            let named = arn(&format!("cluster/{}", input["cluster"].as_str().unwrap_or("default")));
            assert_eq!(*cluster, ContextValue::One(named), "{what}");
        }
    }
    true
}

/// The input of what an emulator was sent, which is written as the models say.
fn exact(received: &Received, what: &str) -> Value {
    let operation = ECS.operation(&received.what).unwrap_or_else(|| panic!("{what}"));
    let mut lines = received.head.lines();
    assert_eq!(lines.next(), Some("POST / HTTP/1.1"), "{what}");
    let targets: Vec<_> = lines.filter_map(|line| line.strip_prefix("x-amz-target: ")).collect();
    assert_eq!(targets, [format!("{TARGET}.{}", operation.name)], "{what}");
    let request = protocol::Request {
        method: http::Method::POST,
        path: "/".to_owned(),
        query: String::new(),
        headers: http::HeaderMap::new(),
        body: received.body.clone().into(),
    };
    let message = protocol::decode_request(&ECS, ECS.protocol, operation, &request).expect(what);
    let again = protocol::encode_request(&ECS, ECS.protocol, operation, &message).expect(what);
    assert_eq!(request.body, again.body, "{what}");
    Value::Object(message.members)
}

/// The resources that a request is about, where the action has resources.
fn about(operation: &Operation, input: &Value) -> Vec<String> {
    let cluster = input["cluster"].as_str().unwrap_or("default");
    let texts = |member: &str| {
        input[member].as_array().into_iter().flatten().chain(input[member].is_string().then_some(&input[member]))
    };
    let named = |member: &str, kind: &str| -> Vec<String> {
        let names = texts(member).filter_map(Value::as_str);
        names
            .map(|name| if name.starts_with("arn:") { name.to_owned() } else { arn(&format!("{kind}{name}")) })
            .collect()
    };
    match operation.name.as_str() {
        "CreateCluster" => named("clusterName", "cluster/"),
        "DeleteCluster" => named("cluster", "cluster/"),
        "DescribeClusters" => named("clusters", "cluster/"),
        "DescribeTasks" => named("tasks", &format!("task/{cluster}/")),
        "StopTask" => named("task", &format!("task/{cluster}/")),
        "RunTask" => named("taskDefinition", "task-definition/"),
        "TagResource" | "UntagResource" | "ListTagsForResource" => named("resourceArn", ""),
        "ListTasks" if !input["containerInstance"].is_null() => named("containerInstance", ""),
        _ => Vec::new(),
    }
}

async fn send(front: &World, written: &Written) -> Answer {
    let mut ask = ask("POST", &written.target).body(written.body.as_bytes());
    for (name, value) in &written.headers {
        ask = ask.header(name, value);
    }
    front.signed("ecs", &root(), ask).await
}

fn ways(operation: &Operation) -> Vec<Written> {
    let usual = sample(operation);
    let body = Value::Object(usual.clone()).to_string();
    let headers = |content_type: &str, targets: &[&str]| -> Vec<(String, String)> {
        let targets = targets.iter().map(|target| ("x-amz-target".to_owned(), (*target).to_owned()));
        targets.chain([("content-type".to_owned(), content_type.to_owned())]).collect()
    };
    let (json, own) = ("application/x-amz-json-1.1", format!("{TARGET}.{}", operation.name));
    let written = |body: String| Written { target: "/".to_owned(), headers: headers(json, &[&own]), body };
    let mut ways = vec![written(body.clone())];
    for member in NAMING.into_iter().filter(|member| usual.contains_key(*member)) {
        for name in names() {
            let value = if usual[member].is_array() { json!([name]) } else { json!(name) };
            let mut input = usual.clone();
            input.insert(member.to_owned(), value.clone());
            ways.push(written(Value::Object(input).to_string()));
        }
        // The same member once more, spelled otherwise, in another case, and one of another name.
        let rest = body.strip_prefix('{').unwrap_or_default();
        for other in [
            member.to_owned(),
            format!("\\u{:04x}{}", member.as_bytes()[0], &member[1..]),
            member.to_uppercase(),
            format!("{member} "),
        ] {
            ways.push(written(format!("{{\"{other}\": \"app-prod\", {rest}")));
        }
    }
    for odd in [format!("{body}{{}}"), format!("\u{feff}{body}"), format!("[{body}]"), "null".to_owned(), String::new()]
    {
        ways.push(written(odd));
    }
    let form = format!("Action={}&cluster=app-prod&Version=2014-11-13", operation.name);
    ways.push(Written { headers: headers("application/x-www-form-urlencoded", &[&own]), ..written(form.clone()) });
    ways.push(Written { headers: headers("application/x-www-form-urlencoded", &[]), ..written(form) });
    let other = format!("{TARGET}.DeleteCluster");
    for targets in [
        &[own.as_str(), &other][..],
        &[&own.to_lowercase()],
        &[&operation.name],
        &[&format!("{own}.x")],
        &[&format!("X.{own}")],
    ] {
        ways.push(Written { headers: headers(json, targets), ..written(body.clone()) });
    }
    for target in
        ["/moto-api/reset", "//", "/?Action=DeleteCluster&cluster=app", "/_localstack/health", "/./", "/box/key"]
    {
        ways.push(Written { target: target.to_owned(), ..written(body.clone()) });
    }
    ways
}

/// What the operation has of these members.
fn sample(operation: &Operation) -> Map<String, Value> {
    let samples = json!({
        "cluster": "app", "clusters": ["app"], "clusterName": "app", "tasks": [RED], "task": RED,
        "taskDefinition": "web", "resourceArn": arn("cluster/app"), "family": "web", "familyPrefix": "web",
        "tags": [{ "key": "a", "value": "1" }], "tagKeys": ["a"], "containerInstance": "i1", "containerInstances": ["i1"],
        "containerDefinitions": [{ "name": "c", "image": "i", "memory": 16 }],
    });
    let members = ECS.input(operation).into_iter().flat_map(|input| input.members.keys());
    members.filter_map(|name| Some((name.clone(), samples.get(name)?.clone()))).collect()
}

/// Names that there are and names that there cannot be, whatever they are given for.
fn names() -> Vec<String> {
    let own = [
        "cluster/app",
        "cluster/app-prod",
        "cluster/a/app",
        "cluster/",
        "task-definition/web",
        "task-definition/web:1",
        "task-definition/web:01",
        "container-instance/app/i1",
    ];
    let tasks = [
        format!("task/app/{RED}"),
        format!("task/app-prod/{BLUE}"),
        format!("task/{RED}"),
        format!("task/a/app/{RED}"),
    ];
    let arns: Vec<_> = own.map(str::to_owned).into_iter().chain(tasks).map(|resource| arn(&resource)).collect();
    let abroad = arns.iter().map(|arn| arn.replace("us-east-1", "eu-west-1"));
    let others = arns.iter().map(|arn| arn.replace("123456789012", "210987654321"));
    let china = arns.iter().map(|arn| arn.replace("arn:aws:", "arn:aws-cn:"));
    let plain = [
        "",
        "app",
        "app-prod",
        "ap",
        "APP",
        "app ",
        "a/b",
        "../app",
        "app/../app-prod",
        "%61pp",
        "app?x",
        "app\u{0}",
        "*",
        "é",
        "default",
        "web",
        "web:1",
        "web:2",
        "web:01",
        "web:+1",
        "web:0",
        "web:1:2",
        "x/web",
        RED,
        BLUE,
        "arn:",
        "arn:aws:ecs",
    ];
    let plain =
        plain.map(str::to_owned).into_iter().chain([format!("{RED},{BLUE}"), format!("x/{RED}"), "a".repeat(256)]);
    plain.chain(arns.clone()).chain(abroad).chain(others).chain(china).collect()
}
