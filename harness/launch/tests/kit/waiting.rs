//! Waiting for what other processes do, and not for a time in which they should have done it.

use std::time::{Duration, Instant};

use launch::{Launcher, Ran};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

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

/// The container with a log that [`says`] reads.
pub(crate) fn logged(mut container: Value) -> Value {
    container["logConfiguration"] = json!({"logDriver": "awslogs", "options": {
        "awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p",
    }});
    container
}

/// Waits until a container of a task has printed a line; gives the first.
pub(crate) async fn says(kit: &Kit, task: &str, container: &str) -> String {
    let stream = format!("p/{container}/{}", task.rsplit('/').next().unwrap());
    let mut line = None;
    until(&format!("{container} prints"), || {
        // The stream is made when the task begins.
        let made = kit.call("logs", "DescribeLogStreams", json!({"logGroupName": "g"}));
        if made["logStreams"].as_array().unwrap().iter().any(|made| made["logStreamName"] == stream) {
            let events = kit.call("logs", "GetLogEvents", json!({"logGroupName": "g", "logStreamName": stream}));
            line = events["events"][0]["message"].as_str().map(str::to_owned);
        }
        line.is_some()
    })
    .await;
    line.unwrap()
}

/// Begins to run a task of these containers; gives its ARN, and its end to come.
pub(crate) fn begun(kit: &Kit, launcher: Launcher, containers: &[Value]) -> (String, JoinHandle<Option<Ran>>) {
    let task = kit.tasks(&json!(containers), 1).remove(0);
    let (hosted, named) = (kit.hosted.clone(), task.clone());
    (task, tokio::spawn(async move { launcher.run(&hosted, &named).await }))
}
