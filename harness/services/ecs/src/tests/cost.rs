//! What a call costs does not grow with what is there, and what is over goes.

use account::{AccountRegion, Tracing};
use allocation_counter::AllocationInfo;

use super::*;
use crate::ProxiedTasks;
use crate::region::{EcsState, InEcs};

fn here() -> AccountRegion {
    AccountRegion { account: ACCOUNT.to_owned(), region: REGION.to_owned() }
}

/// A world with as many sessions, a task for every tenth of them, and a cluster and a family for every hundredth.
fn crowded(sessions: usize) -> Kit {
    let mut kit = kit();
    let started = started(&mut kit, json!({ "clientToken": "first" }));
    let known = kit.world.credentials().iter().find(|one| one.expires.is_some()).expect("the task's").clone();
    for number in 0..sessions {
        kit.world.credentials_mut().add(format!("ASIA{number:016}"), known.clone());
    }
    let tasks = &mut here().cluster_mut(&mut kit.world, "default").expect("a cluster").tasks;
    let id = started["taskArn"].as_str().and_then(|arn| arn.rsplit('/').next()).expect("an id");
    let known = tasks.get(id).expect("the task").clone();
    for number in 0..sessions / 10 {
        let id = format!("{number:032}");
        tasks.insert(crate::task::Task {
            arn: arn(&format!("task/default/{id}")),
            id,
            client_token: None,
            ..known.clone()
        });
    }
    let region = here().region_mut(&mut kit.world).expect("the region");
    let cluster = region.clusters.get("default").expect("a cluster").clone();
    let definition = region.definition("web", None).expect("a task definition").clone();
    for number in 0..sessions / 100 {
        let name = format!("a{number}");
        let tasks = crate::task_list::TaskList::default();
        region.clusters.insert_mut(name.clone(), crate::region::Cluster { name, tasks, ..cluster.clone() });
        region.put(crate::region::TaskDefinition { family: format!("a{number}"), ..definition.clone() });
    }
    kit
}

/// How often and how much memory it takes to decide on a request as in front of an emulator, and to carry it out here.
fn memory(kit: &mut Kit, operation: &str, input: &Value) -> AllocationInfo {
    let mut once = || {
        kit.made(&testkit::root(ACCOUNT), |world, call| world.ecs_rehearse(call, operation, input.clone()))
            .unwrap_or_else(|fault| panic!("{operation}: {fault}"));
        kit.setup(&format!("ecs:{operation}"), input.clone());
    };
    // The first makes what is made once.
    once();
    allocation_counter::measure(once)
}

/// Whoever copies or collects what is there takes memory for it. How long a call takes, `benches/crowd.rs` measures.
#[test]
fn a_call_takes_the_same_with_a_hundred_thousand_sessions_as_with_ten() {
    let (mut few, mut many) = (crowded(10), crowded(100_000));
    let task = arn(&format!("task/default/{}", "0".repeat(32)));
    for (operation, input) in [
        ("RunTask", json!({ "taskDefinition": "web" })),
        ("RunTask", json!({ "taskDefinition": "web", "clientToken": "first" })),
        ("DescribeTasks", json!({ "tasks": [task] })),
        ("ListTasks", json!({ "maxResults": 1 })),
        ("TagResource", json!({ "resourceArn": task, "tags": tags(&[("a", "1")]) })),
        ("ListTagsForResource", json!({ "resourceArn": task })),
        ("DescribeClusters", json!({})),
        ("ListClusters", json!({ "maxResults": 1 })),
        ("CreateCluster", json!({ "clusterName": "other" })),
        ("RegisterTaskDefinition", definition("other", json!({}))),
        ("StopTask", json!({ "task": task })),
    ] {
        let (of_few, of_many) = (memory(&mut few, operation, &input), memory(&mut many, operation, &input));
        // What is kept in trees has longer ways in larger ones.
        let is_the_same =
            of_many.count_total <= 2 * of_few.count_total && of_many.bytes_total <= 2 * of_few.bytes_total;
        assert!(is_the_same, "{operation}: with many {of_many:?}, with few {of_few:?}");
    }
}

/// "Stopped tasks only appear in the returned results for at least one hour."
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
#[test]
fn tasks_are_kept_for_an_hour_after_they_stopped_in_whichever_cluster() {
    let mut kit = kit();
    kit.setup("ecs:CreateCluster", json!({ "clusterName": "other" }));
    let once = json!({ "cluster": "other", "clientToken": "once" });
    let task = started(&mut kit, once.clone());
    let stop = json!({ "cluster": "other", "task": task["taskArn"] });
    let kept = |kit: &Kit| here().cluster(&kit.world, "other").expect("a cluster").tasks.iter().count();
    for seconds in [0, 1800, 1800] {
        kit.wait(seconds);
        kit.setup("ecs:StopTask", stop.clone());
        assert_eq!(kept(&kit), 1);
    }
    assert_eq!(kit.world.state::<EcsState>().expect("ECS").stopped.len(), 1, "it has stopped once");
    kit.wait(1);
    kit.setup("ecs:ListClusters", json!({}));
    assert_eq!(kept(&kit), 0);
    assert_ne!(started(&mut kit, once)["taskArn"], task["taskArn"], "its token is good for another");
}

/// What a task's list counts and knows by token stays so through its life.
#[test]
fn a_cluster_counts_its_tasks_by_status() {
    let mut kit = kit();
    let counts = |kit: &mut Kit| {
        let cluster = kit.setup("ecs:DescribeClusters", json!({}))["clusters"][0].clone();
        (cluster["pendingTasksCount"].as_u64(), cluster["runningTasksCount"].as_u64())
    };
    crate::expect_attendants(&mut kit.world);
    let task = started(&mut kit, json!({}));
    let id = task["taskArn"].as_str().expect("an ARN").to_owned();
    assert_eq!(counts(&mut kit), (Some(1), Some(0)));
    assert_eq!(crate::new_tasks(&mut kit.world), [id.as_str()]);
    assert_eq!(crate::new_tasks(&mut kit.world), [""; 0], "each is given once");
    let now = kit.now;
    let attends = kit.made(&testkit::root(ACCOUNT), |world, call| {
        let mut work =
            crate::Work { now, ids: &mut *call.ids, tracing: Tracing::Denials, decisions: &mut *call.decisions };
        crate::attend_task(world, &id, &mut work)
    });
    assert!(attends);
    crate::task_event(&mut kit.world, &id, &crate::Event::Started { container: "Test".to_owned() }, now);
    assert_eq!(counts(&mut kit), (Some(0), Some(1)));
    let exited = crate::Event::Exited { container: "Test".to_owned(), code: 0, reason: None };
    crate::task_event(&mut kit.world, &id, &exited, now);
    assert_eq!(counts(&mut kit), (Some(0), Some(0)));
    kit.setup("ecs:DeleteCluster", json!({ "cluster": "default" }));
}
