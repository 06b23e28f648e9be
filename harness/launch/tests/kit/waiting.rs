//! Waiting for what other processes do, and not for a time in which they should have done it.

use std::time::{Duration, Instant};

use launch::{Launcher, Ran};
use serde_json::{Value, json};

use crate::kit::Kit;

const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is so, or fails with what did not come.
pub(crate) async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < deadline, "{what}: not within {} s", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs a task of the container `c`, and stops it when its log says `here`: what its script does before is done then.
pub(crate) async fn stopped(launcher: Launcher, mut container: Value) -> Ran {
    let kit = Kit::new().await;
    kit.call("logs", "CreateLogGroup", json!({"logGroupName": "g"}));
    container["logConfiguration"] = json!({"logDriver": "awslogs", "options": {
        "awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p",
    }});
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let stream = format!("p/c/{}", task.rsplit('/').next().unwrap());
    let (hosted, named) = (kit.hosted.clone(), task.clone());
    let running = tokio::spawn(async move { launcher.run(&hosted, &named).await });
    until("its log says `here`", || {
        // The stream is made when the task begins.
        let made = kit.call("logs", "DescribeLogStreams", json!({"logGroupName": "g"}));
        let events = json!({"logGroupName": "g", "logStreamName": stream});
        made["logStreams"].as_array().is_some_and(|streams| !streams.is_empty())
            && kit.call("logs", "GetLogEvents", events)["events"][0]["message"] == "here"
    })
    .await;
    kit.hosted.stop_task(&task, "seen");
    running.await.unwrap().unwrap()
}
