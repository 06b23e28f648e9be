//! What keeps the process of a container from the rest of this machine, as far as this machine can.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
#[path = "fence/elsewhere.rs"]
mod linux;

use std::io;
use std::path::Path;
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;

use super::many;

/// One thing that processes of containers are kept from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    /// What they are kept from.
    pub from: &'static str,
    /// Whether this machine can.
    pub holds: bool,
    /// What that takes.
    pub needs: &'static str,
}

/// The fences around processes of containers, as they are on this machine.
#[must_use]
pub fn fences() -> Vec<Fence> {
    let version = linux::landlock();
    let landlock = |from, at_least, needs| Fence { from, holds: version >= at_least, needs };
    vec![
        landlock("reading other processes", 1, "Landlock, in Linux 5.13"),
        landlock("changing files elsewhere", 3, "Landlock, in Linux 6.2"),
        landlock("signalling other processes", 6, "Landlock, in Linux 6.12"),
        Fence {
            from: "having others act for it",
            holds: linux::filters_calls(),
            needs: "seccomp, in Linux on x86_64, aarch64 or riscv64",
        },
        Fence {
            from: "starting processes without end",
            holds: many::is_bounded(),
            needs: "Linux and, for root, a control group that root may make",
        },
    ]
}

/// Whether there is any but the last: a bound alone is no fence.
pub(crate) fn is_any() -> bool {
    linux::landlock() > 0
}

/// A line that says which fences hold, if some do not.
pub(crate) fn told() -> Option<String> {
    let (holding, missing): (Vec<_>, Vec<_>) = fences().into_iter().partition(|fence| fence.holds);
    let list = |words: Vec<String>| if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
    let holding = list(holding.iter().map(|fence| fence.from.to_owned()).collect());
    let some = !missing.is_empty();
    let missing = list(missing.iter().map(|fence| format!("{} (needs {})", fence.from, fence.needs)).collect());
    some.then(|| format!("containers run as processes of this machine, kept from {holding}; not kept from {missing}"))
}

/// Starts a process that may change `own` alone of all folders, and not read others in `all`.
///
/// What fences a thread fences what it starts, and ends with it. So a thread of its own fences itself first: the process
/// never runs unfenced, and this one stays as it is.
pub(super) fn start(command: &mut Command, own: &Path, all: &Path) -> io::Result<Child> {
    let runtime = Handle::current();
    let fenced = || {
        let _entered = runtime.enter();
        linux::raise(own, all)?;
        command.spawn()
    };
    thread::scope(|scope| {
        let started = thread::Builder::new().spawn_scoped(scope, fenced)?.join();
        started.unwrap_or_else(|_| Err(io::Error::other("the fence fell over")))
    })
}
