//! What an emulator says of tasks, taken in.

use testkit::root;

use super::*;
use crate::{ProxiedTasks, Unknown};

/// Whether a task is there once the emulator has been asked for it in the default cluster, and gave that.
fn adopted(found: Value) -> bool {
    let mut kit = kit();
    kit.setup("ecs:CreateCluster", json!({ "clusterName": "other" }));
    let unknown = Unknown::Task { cluster: "default".to_owned(), id: ID.to_owned() };
    kit.made(&root(ACCOUNT), |world, call| world.ecs_adopt(call, &unknown, &json!({ "tasks": [found] })));
    let described = kit.setup("ecs:DescribeTasks", json!({ "tasks": [ID] }));
    !described["tasks"].as_array().expect("a list").is_empty()
}

const ID: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn a_task_is_taken_in_for_the_cluster_that_it_is_in() {
    let task = |cluster: &str| json!({ "taskArn": arn(&format!("task/{cluster}/{ID}")), "lastStatus": "RUNNING" });
    let of = |cluster: &str| merged(task(cluster), json!({ "clusterArn": arn(&format!("cluster/{cluster}")) }));
    assert!(adopted(of("default")));
    assert!(!adopted(of("other")), "the emulator gives a task of another cluster");
    assert!(adopted(task("default")), "not every emulator names the cluster");
}

/// "If you do not specify a cluster, the default cluster is assumed": its tags count, so it is asked for.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
#[test]
fn a_request_without_names_is_about_the_default_cluster() {
    let mut kit = kit();
    let mut unknowns = |input: Value| {
        kit.made(&root(ACCOUNT), |world, call| world.ecs_unknowns(call, "DescribeClusters", &input, &[]))
    };
    let unknown = unknowns(json!({}));
    let asked = unknown.expect("a question");
    assert!(asked.iter().all(|one| *one == Unknown::Cluster("default".to_owned())), "{asked:?}");
    let known = unknowns(json!({ "clusters": ["other"] }));
    assert_eq!(known.expect("a question"), [Unknown::Cluster("other".to_owned())]);
}
