//! A small process that outlives this one for a moment.
//!
//! Nobody can clean up after having been killed. So a shell holds the end of a pipe and is told of each process group;
//! when the other end closes, for whatever reason, it ends those that are left and removes their folders.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use rustix::process::Pid;

use super::many;

/// The warden's end of the pipe, and the warden.
#[derive(Debug)]
pub(crate) struct Warden {
    pipe: Mutex<Option<ChildStdin>>,
    shell: Child,
}

impl Warden {
    /// A warden over process groups whose files are all in one folder.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh")
            .args(["-c", include_str!("warden.sh"), "warden"])
            .arg(folder)
            .args(many::named(folder))
            // It is nobody's business what this process has in its environment.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // Ctrl-C in a terminal is for everybody in its foreground group. The warden has to stay a little longer.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let pipe = Mutex::new(shell.stdin.take());
        Ok(Self { pipe, shell })
    }

    /// From now on the group is watched.
    pub(super) fn add(&self, group: Pid) -> io::Result<()> {
        self.tell("add", group)
    }

    /// The group has ended.
    pub(super) fn remove(&self, group: Pid) {
        // A warden that is gone has nothing to forget.
        let _gone = self.tell("remove", group);
    }

    fn tell(&self, what: &str, group: Pid) -> io::Result<()> {
        match &mut *self.pipe.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(pipe) => writeln!(pipe, "{what} {}", group.as_raw_nonzero()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Drop for Warden {
    fn drop(&mut self) {
        self.pipe.lock().unwrap_or_else(PoisonError::into_inner).take();
        let _ended = self.shell.wait();
    }
}
