//! A child process that lives no longer than this one, however this one ends: it ends itself, with all of its process
//! group, once its standard input is closed (`python/leash.py`). A parent-death signal would not do: the kernel sends it
//! when the *thread* that started the child ends, and those of a runtime come and go.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use crate::folder::RunFolder;
use crate::tail::Tail;

/// How long a child may take to end once it is told to.
const LAST_ORDERS: Duration = Duration::from_secs(5);

/// A child process with a folder of its own, `TMPDIR`.
pub(crate) struct Leashed {
    child: Mutex<Child>,
    leash: Option<ChildStdin>,
    log: Tail,
    folder: RunFolder,
}

impl Leashed {
    /// Runs a script, which begins with `leash.py`. `command` holds the program and its environment.
    pub(crate) fn run(mut command: Command, script: &str, arguments: &[&Path], folder: RunFolder) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        command.args(["-I", "-u", "-c", script]).args(arguments).env("TMPDIR", folder.path());
        command.stdin(Stdio::piped()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
        let mut child = command.spawn()?;
        // It holds the ends that are written to: with them the log would never end.
        drop(command);
        let leash = child.stdin.take();
        let log = Tail::default();
        tokio::spawn(log.clone().follow(pipe::Receiver::from_owned_fd(reader.into())?));
        Ok(Self { child: Mutex::new(child), leash, log, folder })
    }

    pub(crate) fn log(&self) -> &Tail {
        &self.log
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.child().try_wait().ok().flatten()
    }

    /// Waits for its end, and for the end of what it printed.
    pub(crate) async fn end(&mut self) -> io::Result<ExitStatus> {
        // tokio would close standard input before it waits; here `leash` is it.
        let status = self.child.get_mut().unwrap_or_else(PoisonError::into_inner).wait().await;
        self.log.whole().await;
        status
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) {
        drop(self.leash.take());
        if timeout(LAST_ORDERS, self.end()).await.is_err() {
            let _killed = self.child.get_mut().unwrap_or_else(PoisonError::into_inner).kill().await;
        }
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Leashed {
    /// It takes milliseconds to end, and its folder can only be removed after it.
    fn drop(&mut self) {
        drop(self.leash.take());
        let patience = Instant::now() + LAST_ORDERS;
        while self.ended().is_none() {
            if Instant::now() > patience {
                let _killed = self.child().start_kill();
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
