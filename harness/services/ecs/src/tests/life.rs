//! What follows from what happens to containers.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html

use testkit::Kit;

use super::*;
use crate::{Event, Order, Work};

/// What is told of a task, step by step, and what it has to lead to.
enum Step {
    /// It has been attended: these start.
    Attended(&'static [&'static str]),
    Started(&'static str, &'static [&'static str]),
    CouldNotStart(&'static str),
    Exited(&'static str, i32),
    /// StopTask.
    Stop,
    /// `lastStatus` and `desiredStatus`.
    Is(&'static str, &'static str),
    /// These are told to stop.
    Stops(&'static [&'static str]),
    /// Stop code, reason, and each container's exit code.
    Ended(&'static str, &'static str, &'static [Option<i32>]),
}
use Step::*;

fn starts(names: &[&str]) -> Vec<Order> {
    names.iter().map(|name| Order::Start { container: (*name).to_owned() }).collect()
}

fn stops(names: &[&str]) -> Vec<Order> {
    names.iter().map(|name| Order::Stop { container: (*name).to_owned(), patience_seconds: 30 }).collect()
}

/// A container that is essential or not, and waits for others.
fn container(name: &str, essential: bool, waits: &[(&str, &str)]) -> Value {
    let waits = waits.iter().map(|(on, condition)| json!({ "containerName": on, "condition": condition }));
    let waits: Vec<Value> = waits.collect();
    json!({ "name": name, "image": "i", "memory": 8, "essential": essential, "dependsOn": waits })
}

#[track_caller]
fn check(name: &str, containers: Value, steps: &[Step]) {
    let mut kit = kit();
    register(&mut kit, "web", json!({ "containerDefinitions": containers }));
    let task = started(&mut kit, json!({}))["taskArn"].as_str().expect("an ARN").to_owned();
    let mut orders = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let place = format!("{name}, step {at}");
        kit.wait(1);
        let owned = |name: &&str| (*name).to_owned();
        let hear = |kit: &mut Kit, event| {
            crate::task_event(&mut kit.world, &task, &event, kit.now);
            crate::task_orders(&mut kit.world, &task)
        };
        match step {
            Attended(start) => {
                attend(&mut kit, &task);
                assert_eq!(crate::task_orders(&mut kit.world, &task), starts(start), "{place}");
            }
            Started(container, more) => {
                assert_eq!(hear(&mut kit, Event::Started { container: owned(container) }), starts(more), "{place}");
            }
            CouldNotStart(container) => {
                let reason = "CannotStartContainerError: no such program".to_owned();
                orders = hear(&mut kit, Event::CouldNotStart { container: owned(container), reason });
            }
            Exited(container, code) => {
                orders = hear(&mut kit, Event::Exited { container: owned(container), code: *code, reason: None });
            }
            Stop => {
                kit.setup("ecs:StopTask", json!({ "task": task, "reason": "enough" }));
                orders = crate::task_orders(&mut kit.world, &task);
            }
            Stops(names) => assert_eq!(orders, stops(names), "{place}"),
            Is(last, desired) => {
                let described = |kit: &mut Kit| kit.setup("ecs:DescribeTasks", json!({ "tasks": [task] }));
                let seen = described(&mut kit);
                assert_eq!(
                    (&seen["tasks"][0]["lastStatus"], &seen["tasks"][0]["desiredStatus"]),
                    (&json!(last), &json!(desired)),
                    "{place}"
                );
                assert_eq!(described(&mut kit), seen, "{place}: looking changes nothing");
            }
            Ended(code, reason, codes) => {
                let end = crate::task_end(&kit.world, &task).unwrap_or_else(|| panic!("{place}: not ended"));
                assert_eq!((end.stop_code, end.reason.as_str()), (*code, *reason), "{place}");
                let exits: Vec<_> = end.containers.iter().map(|container| container.exit_code).collect();
                assert_eq!(exits, *codes, "{place}");
            }
        }
    }
}

pub(super) fn attend(kit: &mut Kit, task: &str) -> bool {
    let mut work =
        Work { now: kit.now, ids: &mut kit.ids, tracing: account::Tracing::Denials, decisions: &mut kit.decisions };
    crate::attend_task(&mut kit.world, task, &mut work)
}

const ESSENTIAL: &str = "Essential container in task exited";

#[test]
fn one_container() {
    let one = || json!([container("a", true, &[])]);
    check(
        "it ends by itself",
        one(),
        &[
            Is("RUNNING", "RUNNING"),
            Attended(&["a"]),
            Is("ACTIVATING", "RUNNING"),
            Started("a", &[]),
            Is("RUNNING", "RUNNING"),
            Exited("a", 1),
            Stops(&[]),
            Is("STOPPED", "STOPPED"),
            Ended("EssentialContainerExited", ESSENTIAL, &[Some(1)]),
        ],
    );
    check(
        "at once",
        one(),
        &[Attended(&["a"]), Exited("a", 0), Ended("EssentialContainerExited", ESSENTIAL, &[Some(0)])],
    );
    check(
        "it is stopped",
        one(),
        &[
            Attended(&["a"]),
            Started("a", &[]),
            Stop,
            Stops(&["a"]),
            Is("STOPPING", "STOPPED"),
            Stop,
            Stops(&[]),
            Exited("a", 143),
            Is("STOPPED", "STOPPED"),
            Ended("UserInitiated", "enough", &[Some(143)]),
            Exited("a", 0),
            Ended("UserInitiated", "enough", &[Some(143)]),
        ],
    );
    check(
        "it is stopped while it starts",
        one(),
        &[
            Attended(&["a"]),
            Stop,
            Stops(&["a"]),
            Started("a", &[]),
            Exited("a", 137),
            Ended("UserInitiated", "enough", &[Some(137)]),
        ],
    );
    check(
        "it cannot be started",
        one(),
        &[
            Attended(&["a"]),
            CouldNotStart("a"),
            Is("STOPPED", "STOPPED"),
            Ended("TaskFailedToStart", "Task failed to start", &[None]),
        ],
    );
    check(
        "nobody attends it",
        one(),
        &[Is("RUNNING", "RUNNING"), Stop, Is("STOPPED", "STOPPED"), Ended("UserInitiated", "enough", &[None])],
    );
    check("attended after its end", one(), &[Stop, Attended(&[]), Is("STOPPED", "STOPPED")]);
    check("attended twice", one(), &[Attended(&["a"]), Started("a", &[]), Attended(&[]), Is("RUNNING", "RUNNING")]);
}

#[test]
fn essential_ones_take_the_others_with_them() {
    let two = || json!([container("main", true, &[]), container("side", false, &[])]);
    check(
        "the essential one ends",
        two(),
        &[
            Attended(&["main", "side"]),
            Started("main", &[]),
            Is("ACTIVATING", "RUNNING"),
            Started("side", &[]),
            Is("RUNNING", "RUNNING"),
            Exited("main", 0),
            Stops(&["side"]),
            Is("STOPPING", "STOPPED"),
            Exited("side", 137),
            Ended("EssentialContainerExited", ESSENTIAL, &[Some(0), Some(137)]),
        ],
    );
    check(
        "the other one ends",
        two(),
        &[
            Attended(&["main", "side"]),
            Started("main", &[]),
            Started("side", &[]),
            Exited("side", 1),
            Stops(&[]),
            Is("RUNNING", "RUNNING"),
            Exited("main", 0),
            Ended("EssentialContainerExited", ESSENTIAL, &[Some(0), Some(1)]),
        ],
    );
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
#[test]
fn containers_wait_for_others() {
    let waits =
        |condition: &str| json!([container("main", true, &[("init", condition)]), container("init", false, &[])]);
    check(
        "START",
        waits("START"),
        &[Attended(&["init"]), Started("init", &["main"]), Started("main", &[]), Is("RUNNING", "RUNNING")],
    );
    check(
        "COMPLETE",
        waits("COMPLETE"),
        &[Attended(&["init"]), Started("init", &[]), Is("ACTIVATING", "RUNNING"), Exited("init", 3)],
    );
    check(
        "COMPLETE never met",
        waits("COMPLETE"),
        &[
            Attended(&["init"]),
            Stop,
            Stops(&["init"]),
            Exited("init", 0),
            Ended("UserInitiated", "enough", &[None, Some(0)]),
        ],
    );
    check(
        "SUCCESS not met",
        waits("SUCCESS"),
        &[
            Attended(&["init"]),
            Started("init", &[]),
            Exited("init", 3),
            Ended("TaskFailedToStart", "Task failed to start", &[None, Some(3)]),
        ],
    );
    check(
        "what cannot start is never met",
        waits("START"),
        &[
            Attended(&["init"]),
            CouldNotStart("init"),
            Ended("TaskFailedToStart", "Task failed to start", &[None, None]),
        ],
    );
    check(
        "the end goes the other way round",
        json!([container("main", true, &[]), container("side", false, &[("main", "START")])]),
        &[
            Attended(&["main"]),
            Started("main", &["side"]),
            Started("side", &[]),
            Stop,
            Stops(&["side"]),
            Exited("side", 143),
            Stops(&["main"]),
            Exited("main", 143),
            Ended("UserInitiated", "enough", &[Some(143), Some(143)]),
        ],
    );
}

#[test]
fn when_each_status_was_reached() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}))["taskArn"].as_str().expect("an ARN").to_owned();
    kit.wait(1);
    attend(&mut kit, &task);
    for event in [
        Event::Started { container: "Test".to_owned() },
        Event::Exited { container: "Test".to_owned(), code: 0, reason: None },
    ] {
        kit.wait(1);
        crate::task_event(&mut kit.world, &task, &event, kit.now);
    }
    let seen = kit.setup("ecs:DescribeTasks", json!({ "tasks": [task] }))["tasks"][0].clone();
    let created = seen["createdAt"].as_f64().expect("a time");
    for (member, after) in [
        ("connectivityAt", 0.0),
        ("pullStartedAt", 1.0),
        ("startedAt", 2.0),
        ("stoppingAt", 3.0),
        ("executionStoppedAt", 3.0),
        ("stoppedAt", 3.0),
    ] {
        assert_eq!(seen[member].as_f64(), Some(created + after), "{member}");
    }
    assert_eq!(seen["containers"][0]["exitCode"], 0);
}

#[test]
fn a_task_that_never_ran_has_no_start() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}))["taskArn"].as_str().expect("an ARN").to_owned();
    attend(&mut kit, &task);
    let event =
        Event::CouldNotStart { container: "Test".to_owned(), reason: "CannotStartContainerError: no".to_owned() };
    crate::task_event(&mut kit.world, &task, &event, kit.now);
    let seen = kit.setup("ecs:DescribeTasks", json!({ "tasks": [task] }))["tasks"][0].clone();
    assert!(seen.get("startedAt").is_none() && seen.get("stoppedAt").is_some());
    assert_eq!(seen["containers"][0]["reason"], "CannotStartContainerError: no");
}
