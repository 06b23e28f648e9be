//! How long calls to ECS take with 10 sessions and with 100,000: the same. `src/tests/cost.rs` holds that they take the same
//! memory.

#![expect(clippy::expect_used, clippy::panic, reason = "a bench that cannot start says why")]

use criterion::{Criterion, criterion_group, criterion_main};
use ecs::ProxiedTasks;
use serde_json::{Value, json};
use testkit::{ACCOUNT, Kit, root};

const SERVICES: account::Services = &[&iam::Iam, &sts::Sts, &logs::Logs, &ecs::Ecs];

/// As many sessions, and a task for every tenth of them.
fn crowded(sessions: usize) -> Kit {
    let mut kit = Kit::new(SERVICES);
    let trust = json!([{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    let role = kit.role("task", trust, json!([]));
    kit.setup("ecs:CreateCluster", json!({}));
    let container = json!({ "name": "c", "image": "busybox", "memory": 128 });
    let definition = json!({ "family": "web", "taskRoleArn": role, "containerDefinitions": [container] });
    kit.setup("ecs:RegisterTaskDefinition", definition);
    for _ in 0..sessions / 100 + 1 {
        kit.setup("ecs:RunTask", json!({ "taskDefinition": "web", "count": 10 }));
    }
    let known = kit.world.credentials().iter().find(|one| one.expires.is_some()).expect("the task's").clone();
    for number in 0..sessions {
        kit.world.credentials_mut().add(format!("ASIA{number:016}"), known.clone());
    }
    kit
}

/// Decides as in front of an emulator: nothing is changed.
fn rehearsed(kit: &mut Kit, operation: &str, input: &Value) {
    kit.made(&root(ACCOUNT), |world, call| world.ecs_rehearse(call, operation, input.clone()))
        .unwrap_or_else(|fault| panic!("{operation}: {fault}"));
}

fn crowd(criterion: &mut Criterion) {
    for sessions in [10, 100_000] {
        let mut kit = crowded(sessions);
        let listed = kit.setup("ecs:ListTasks", json!({ "maxResults": 1 }));
        let task = listed["taskArns"][0].clone();
        for (operation, input) in [
            ("RunTask", json!({ "taskDefinition": "web" })),
            ("DescribeTasks", json!({ "tasks": [task] })),
            ("ListTasks", json!({ "maxResults": 1 })),
            ("DescribeClusters", json!({})),
            ("StopTask", json!({ "task": task })),
        ] {
            let name = format!("{operation} with {sessions} sessions");
            criterion.bench_function(&name, |bencher| bencher.iter(|| rehearsed(&mut kit, operation, &input)));
        }
    }
}

criterion_group!(benches, crowd);
criterion_main!(benches);
