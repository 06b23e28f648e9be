//! What has left its process group: daemons, which make a session of their own. A container's environment names it, and
//! whatever it starts inherits that.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// The variable that names a container: its folder.
pub(crate) const MARK: &str = "TAGPROOF_CONTAINER";

/// How the names of launchers' folders begin: each container's is in that of its launcher.
pub(crate) const FOLDERS: &str = "tagproof-tasks-";

/// How often what is left is looked for: it may start others meanwhile.
const ROUNDS: usize = 20;
/// A process that is just becoming another program has no environment for a moment.
const MOMENT: Duration = Duration::from_millis(5);

/// Ends every process of a container: until twice, a moment apart, none is found.
pub(crate) fn kill(folder: &Path) {
    let mark = mark(folder);
    let mut found_none = false;
    for _ in 0..ROUNDS {
        let left: Vec<Pid> = processes().filter(|pid| is_marked(*pid, &mark)).collect();
        for pid in &left {
            // One that has ended meanwhile cannot be sent anything.
            let _gone = kill_process(*pid, Signal::KILL);
        }
        if left.is_empty() {
            if found_none {
                return;
            }
            std::thread::sleep(MOMENT);
        }
        found_none = left.is_empty();
    }
}

/// The variable as it stands in an environment.
fn mark(folder: &Path) -> Vec<u8> {
    [MARK.as_bytes(), b"=", folder.as_os_str().as_encoded_bytes()].concat()
}

/// Whether a process is in a group, or has left it and is still a container's.
pub(super) fn belongs(pid: Pid, group: Pid, folder: &Path) -> bool {
    // After the name, which may hold anything: status, parent, group.
    let status = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    let its = status.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(2)?.parse().ok()).and_then(Pid::from_raw);
    its == Some(group) || is_marked(pid, &mark(folder))
}

/// All that can be looked at: where there is no `/proc`, none.
pub(super) fn processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?))
}

/// One that has ended and that nobody has waited for has no environment any more.
fn is_marked(pid: Pid, mark: &[u8]) -> bool {
    let environment = fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == mark)
}
