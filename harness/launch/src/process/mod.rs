//! One container, from its start to its end.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::Child;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::output::Output;
use crate::process::{Group, LAST_WORDS};

/// How a container ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) output: Output,
}

/// Waits for a container's end, which comes by itself or when `stop` says how long it may take after SIGTERM.
pub(crate) async fn watch(mut child: Child, group: Group, mut stop: oneshot::Receiver<Duration>) -> Ended {
    let mut output = Output::default();
    let printed = child.stdout.take();
    let status = {
        let mut reading = std::pin::pin!(output.read(printed));
        let mut read = false;
        let status = {
            let mut ending = std::pin::pin!(end(&mut child, &group, &mut stop));
            loop {
                tokio::select! {
                    status = &mut ending => break status,
                    () = &mut reading, if !read => read = true,
                }
            }
        };
        // What it has started ends with it, as everything in a container does.
        drop(group);
        if !read {
            // What has left its group may hold the output for as long as it likes.
            let _held = timeout(LAST_WORDS, reading).await;
        }
        status
    };
    Ended { code: code(status), output }
}

async fn end(child: &mut Child, group: &Group, stop: &mut oneshot::Receiver<Duration>) -> Option<ExitStatus> {
    tokio::select! {
        status = child.wait() => return status.ok(),
        Ok(patience) = stop => {
            group.terminate();
            if let Ok(status) = timeout(patience, child.wait()).await {
                return status.ok();
            }
        }
    }
    group.kill();
    child.wait().await.ok()
}

/// 128 and the signal's number for what a signal has ended, as Docker has it.
fn code(status: Option<ExitStatus>) -> i32 {
    let status = status.map(|status| status.code().or_else(|| status.signal().map(|signal| 128 + signal)));
    status.flatten().unwrap_or(-1)
}
