//! A process group that is watched from before its first step.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use super::many::Bound;
use super::warden::Warden;
use super::{fence, leftovers};

/// No core files, 1 GiB for a file, 1,024 open files, and 8 GiB of addresses, since runtimes reserve far more than they
/// use.
const LIMITS: &str = "ulimit -c 0; ulimit -f 2097152; ulimit -n 1024; ulimit -v 8388608 2>/dev/null";

/// Five minutes of processor time, for what may not run longer anyway.
const TIME: &str = "ulimit -t 300";

/// Waits until it is told to go on, so that it never runs unwatched. What is read goes into a variable that no container
/// has. Both outputs are one, as the log of a container is.
const GO: &str = "read -r TAGPROOF_GO || exit 125
unset TAGPROOF_GO
exec \"$@\" </dev/null 2>&1";

/// A process group, which ends when this is dropped, with what has left it.
#[derive(Debug)]
pub(super) struct Group {
    id: Pid,
    warden: Arc<Warden>,
    /// How many processes may be in it.
    _bound: Bound,
    /// Its working directory, removed with it.
    folder: TempDir,
}

impl Group {
    pub(super) fn id(&self) -> Pid {
        self.id
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn terminate(&self) {
        // A group that has ended cannot be sent anything.
        let _gone = kill_process_group(self.id, Signal::TERM);
    }

    pub(super) fn kill(&self) {
        let _gone = kill_process_group(self.id, Signal::KILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        leftovers::kill(self.folder.path());
        self.warden.remove(self.id);
    }
}

/// Starts a program, in a folder of its own below `all`.
pub(super) async fn start(
    program: &Path,
    arguments: &[String],
    environment: &[(String, String)],
    warden: &Arc<Warden>,
    all: &Path,
    is_timed: bool,
) -> io::Result<(Child, Group)> {
    let folder = TempDir::new_in(all)?;
    let script = [LIMITS, if is_timed { TIME } else { "" }, GO].join("\n");
    let (known, odd): (Vec<_>, Vec<_>) = environment.iter().partition(|(name, _)| is_a_shells(name));
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &script, "sh"])
        .args(env(&odd))
        .arg(program)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder.path())
        .env("TMPDIR", folder.path())
        .envs(known.iter().map(|(name, value)| (name, value)))
        .env(leftovers::MARK, folder.path())
        .current_dir(folder.path())
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = fence::start(&mut command, folder.path(), all)?;
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let id = id.ok_or_else(|| io::Error::other("it has ended before it began"))?;
    let bound = Bound::set(id, folder.path(), all)?;
    warden.add(id)?;
    let group = Group { id, warden: warden.clone(), _bound: bound, folder };
    if let Some(mut go) = child.stdin.take() {
        go.write_all(b"go\n").await?;
    }
    Ok((child, group))
}

/// Whether a shell hands a variable on: some, dash for one, drop `spring.datasource.url` and `my-variable`.
fn is_a_shells(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(is_plain) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// What sets the variables that a shell drops, and no others: arguments can be read by everybody on this machine, and a
/// task's token is in its environment.
fn env(odd: &[&(String, String)]) -> Vec<String> {
    if odd.is_empty() {
        return Vec::new();
    }
    let set = odd.iter().map(|(name, value)| format!("{name}={value}"));
    ["/usr/bin/env", "--"].map(str::to_owned).into_iter().chain(set).collect()
}
