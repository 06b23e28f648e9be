//! What has left its process group: daemons, which make a session of their own. A container's environment names it, and
//! whatever it starts inherits that.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// The variable that names a container: its folder.
pub(crate) const MARK: &str = "TAGPROOF_CONTAINER";

/// How often what is left is looked for: it may start others meanwhile.
const ROUNDS: usize = 20;

/// Ends every process of a container.
pub(crate) fn kill(folder: &Path) {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_encoded_bytes()].concat();
    for _ in 0..ROUNDS {
        let left: Vec<Pid> = processes().filter(|pid| is_marked(*pid, &mark)).collect();
        if left.is_empty() {
            return;
        }
        for pid in left {
            // One that has ended meanwhile cannot be sent anything.
            let _gone = kill_process(pid, Signal::KILL);
        }
    }
}

/// All that can be looked at: where there is no `/proc`, none.
fn processes() -> impl Iterator<Item = Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?))
}

/// One that has ended and that nobody has waited for has no environment any more.
fn is_marked(pid: Pid, mark: &[u8]) -> bool {
    let environment = fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == mark)
}
