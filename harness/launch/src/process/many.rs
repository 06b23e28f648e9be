//! How many processes a container may have: users have limits, root has control groups.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::process::{Pid, getuid};

/// Processes and threads, as many as a container in Docker has.
const MOST: u64 = 1024;
/// For users, whose other programs come and go meanwhile and count too.
const MOST_OF_USER: u64 = 2 * MOST;

/// How long its processes take to end, and how often that is looked at.
const ROUNDS: usize = 40;
const MOMENT: std::time::Duration = std::time::Duration::from_millis(5);

/// A bound that holds until this is dropped, with the control group that it has, if any.
#[derive(Debug)]
pub(super) struct Bound(Option<PathBuf>);

/// Whether there is one here.
pub(super) fn is_bounded() -> bool {
    cfg!(target_os = "linux") && (!getuid().is_root() || groups().is_some())
}

/// Where the control groups of the processes in a folder are, by the beginning of their names.
pub(super) fn named(folder: &Path) -> Option<PathBuf> {
    let name = folder.file_name()?.to_str()?;
    Some(groups()?.join(name))
}

impl Bound {
    /// Bounds a process that has started no others yet, and whose folder is in `all`.
    pub(super) fn set(process: Pid, own: &Path, all: &Path) -> io::Result<Self> {
        let Some(named) = named(all) else { return limit(process).map(|()| Self(None)) };
        let own = own.file_name().unwrap_or_default().to_string_lossy();
        let group = PathBuf::from(format!("{}{own}", named.display()));
        fs::create_dir(&group)?;
        let bound = Self(Some(group.clone()));
        fs::write(group.join("pids.max"), MOST.to_string())?;
        fs::write(group.join("cgroup.procs"), process.as_raw_nonzero().to_string())?;
        Ok(bound)
    }
}

impl Drop for Bound {
    /// A group goes when its processes have gone: those too that nothing else names any more.
    fn drop(&mut self) {
        let Some(group) = &self.0 else { return };
        for _ in 0..ROUNDS {
            for process in fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default().lines() {
                if let Some(process) = process.parse().ok().and_then(Pid::from_raw) {
                    let _gone = rustix::process::kill_process(process, rustix::process::Signal::KILL);
                }
            }
            if fs::remove_dir(group).is_ok() {
                return;
            }
            std::thread::sleep(MOMENT);
        }
    }
}

/// The folder in which this user can make control groups that bound processes: only root can.
fn groups() -> Option<&'static Path> {
    static GROUPS: OnceLock<Option<PathBuf>> = OnceLock::new();
    let bounds = |groups: &PathBuf| {
        let probe = groups.join(format!("tagproof-probe-{}", std::process::id()));
        let made = fs::create_dir(&probe).is_ok();
        let bounds = made && probe.join("pids.max").is_file();
        let _none = fs::remove_dir(probe);
        bounds
    };
    let found = || {
        let places = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"].map(PathBuf::from);
        places.into_iter().filter(|_| getuid().is_root()).find(bounds)
    };
    GROUPS.get_or_init(found).as_deref()
}

/// A user's limit counts all that the user runs, so it is above what runs on this machine now.
#[cfg(target_os = "linux")]
fn limit(process: Pid) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, prlimit};
    let running = fs::read_to_string("/proc/loadavg").ok();
    let running = running.as_deref().and_then(|text| text.split([' ', '/']).nth(4)?.parse::<u64>().ok());
    let most = running.unwrap_or_default() + MOST_OF_USER;
    let most = getrlimit(Resource::Nproc).maximum.map_or(most, |allowed| allowed.min(most));
    prlimit(Some(process), Resource::Nproc, Rlimit { current: Some(most), maximum: Some(most) })?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn limit(_: Pid) -> io::Result<()> {
    Ok(())
}
