//! What has left its process group: daemons, which make a session of their own. A container's environment names it, and
//! whatever it starts inherits that.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

/// The variable that names a container: its folder.
pub(crate) const MARK: &str = "TAGPROOF_CONTAINER";

/// How often what is left is looked for: it may start others meanwhile.
const ROUNDS: usize = 20;
/// A process that is just becoming another program has no environment for a moment.
const MOMENT: Duration = Duration::from_millis(5);

/// Ends every process of a container: until twice, a moment apart, none is found.
pub(crate) fn kill(folder: &Path) {
    let mark = [MARK.as_bytes(), b"=", folder.as_os_str().as_encoded_bytes()].concat();
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
