//! Stopping a task that has begun.

use launch::{Launcher, Ran};
use serde_json::Value;

use crate::kit::Kit;
use crate::waiting::{begun, logged, says};

/// Runs a task of the container `c`, and stops it when it has printed: what its script does before is done then.
pub(crate) async fn stopped(launcher: Launcher, container: Value) -> Ran {
    let kit = Kit::new().await;
    let (task, running) = begun(&kit, launcher, &[logged(container)]);
    assert_eq!(says(&kit, &task, "c").await, "here");
    kit.hosted.stop_task(&task, "seen");
    running.await.unwrap().unwrap()
}
