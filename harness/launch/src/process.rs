//! A container as a process of this machine.

mod disk;
pub(crate) mod fence;
mod group;
pub(crate) mod leftovers;
mod many;
pub(crate) mod warden;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::printed::{Printed, Source};
use group::Group;
use warden::Warden;

/// How long what has outlived its container may keep the output open.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A process with everything that it has started.
pub(crate) struct Process {
    child: Child,
    group: Group,
}

struct Pipe(Option<ChildStdout>);

impl Process {
    /// Starts a program with nothing but this environment, below a folder that the warden watches. `is_timed`: its task
    /// may run for a limited time only.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(crate) async fn start(
        program: &Path,
        arguments: &[String],
        environment: &[(String, String)],
        warden: &Arc<Warden>,
        folder: &Path,
        is_timed: bool,
    ) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", program.display());
        let started = group::start(program, arguments, environment, warden, folder, is_timed).await;
        started.map(|(child, group)| Self { child, group }).map_err(failed)
    }

    /// Waits for its end; gives its exit code, and why it was ended if it took too much.
    pub(crate) async fn watch(
        mut self,
        mut stop: oneshot::Receiver<Duration>,
        printed: &mut Printed,
    ) -> (i32, Option<String>) {
        let mut pipe = Pipe(self.child.stdout.take());
        let mut reading = std::pin::pin!(printed.follow(&mut pipe));
        let mut read = false;
        let (status, reason) = {
            let mut ending = std::pin::pin!(end(&mut self.child, &self.group, &mut stop));
            loop {
                tokio::select! {
                    status = &mut ending => break status,
                    () = &mut reading, if !read => read = true,
                }
            }
        };
        // What it has started ends with it, as everything in a container does.
        drop(self.group);
        if !read {
            // What could not be ended may hold the output for as long as it likes.
            let _held = timeout(LAST_WORDS, reading).await;
        }
        (code(status), reason)
    }
}

impl Source for Pipe {
    async fn next(&mut self, buffer: &mut Vec<u8>) -> Option<()> {
        buffer.resize(64 * 1024, 0);
        let size = self.0.as_mut()?.read(buffer).await.ok().filter(|size| *size > 0)?;
        buffer.truncate(size);
        Some(())
    }
}

async fn end(
    child: &mut Child,
    group: &Group,
    stop: &mut oneshot::Receiver<Duration>,
) -> (Option<ExitStatus>, Option<String>) {
    let mut reason = None;
    tokio::select! {
        status = child.wait() => return (status.ok(), None),
        too_much = disk::taken(group.folder().to_owned(), group.id()) => reason = Some(too_much),
        Ok(patience) = stop => {
            group.terminate();
            if let Ok(status) = timeout(patience, child.wait()).await {
                return (status.ok(), None);
            }
        }
    }
    group.kill();
    (child.wait().await.ok(), reason)
}

fn code(status: Option<ExitStatus>) -> i32 {
    let status = status.map(|status| status.code().or_else(|| status.signal().map(|signal| 128 + signal)));
    status.flatten().unwrap_or(-1)
}
