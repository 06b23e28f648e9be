//! Linux's fences around a thread: Landlock, seccomp, and no privileges.
//! docs.kernel.org/userspace-api/landlock.html

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use landlock::{
    ABI, Access, AccessFs, BitFlags, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
    RulesetError, Scope, make_bitflags,
};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

use crate::process::leftovers::FOLDERS;

/// Devices that every container has. All others are out of reach: a program that opens a terminal can type into it, and
/// shared memory is shared with everybody.
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// The version of this machine's Landlock; 0: there is none.
pub(super) fn landlock() -> i32 {
    static VERSION: OnceLock<i32> = OnceLock::new();
    *VERSION.get_or_init(|| {
        let asked = || Ruleset::default().handle_access(AccessFs::Execute)?.create()?.restrict_self();
        let status: Option<Result<_, RulesetError>> = tried(asked);
        status.and_then(Result::ok).map_or(0, |status| ABI::from(status.landlock) as i32)
    })
}

/// Whether calls can be filtered here.
pub(super) fn filters_calls() -> bool {
    static FILTERS: OnceLock<bool> = OnceLock::new();
    *FILTERS.get_or_init(|| tried(|| calls().is_ok_and(|filter| apply_filter(&filter).is_ok())).unwrap_or(false))
}

/// Tries a fence in a thread that then ends, and gives what it tells.
fn tried<T: Send + 'static>(fence: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    thread::Builder::new().spawn(fence).ok()?.join().ok()
}

/// Fences this thread, and what it starts from now on, for ever. What this machine lacks is left out.
pub(super) fn raise(own: &Path, all: &Path) -> io::Result<()> {
    files(own, all).map_err(io::Error::other)?;
    if filters_calls() {
        apply_filter(&calls().map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    // Root's own, which would go through other fences than these. Landlock has seen to it that none comes back.
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    Ok(())
}

/// A process that Landlock fences cannot read or trace processes outside, whatever its rules: those are about files.
fn files(own: &Path, all: &Path) -> Result<(), RulesetError> {
    let everything = AccessFs::from_all(ABI::V7);
    let ruleset = Ruleset::default().handle_access(everything)?.scope(Scope::from_all(ABI::V7))?.create()?;
    let ruleset = allow(ruleset, Path::new("/"), AccessFs::ReadDir.into())?;
    let read = make_bitflags!(AccessFs::{Execute | ReadFile});
    let ruleset = beside(all).try_fold(ruleset, |ruleset, path| allow(ruleset, &path, read))?;
    let use_it = make_bitflags!(AccessFs::{ReadFile | WriteFile});
    let ruleset = DEVICES.iter().try_fold(ruleset, |ruleset, path| allow(ruleset, Path::new(path), use_it))?;
    let devices = make_bitflags!(AccessFs::{MakeBlock | MakeChar});
    allow(ruleset, own, everything & !devices)?.restrict_self()?;
    Ok(())
}

/// What cannot be opened is allowed to nobody.
fn allow(ruleset: RulesetCreated, path: &Path, access: BitFlags<AccessFs>) -> Result<RulesetCreated, RulesetError> {
    match PathFd::new(path) {
        Ok(opened) => ruleset.add_rule(PathBeneath::new(opened, access)),
        Err(_) => Ok(ruleset),
    }
}

/// All that stands beside a folder and beside each folder above it, for no rule takes anything away. Folders of other
/// launchers are left out. So are links, which may lead to them; what one leads to is allowed where that itself stands.
fn beside(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = folder.ancestors().skip(1).flat_map(|above| fs::read_dir(above).into_iter().flatten().flatten());
    let real = entries.filter(|entry| {
        let is_anothers = entry.file_name().as_encoded_bytes().starts_with(FOLDERS.as_bytes());
        !is_anothers && entry.file_type().is_ok_and(|kind| !kind.is_symlink())
    });
    real.map(|entry| entry.path()).filter(|path| !folder.starts_with(path) && !path.starts_with("/dev"))
}

/// Calls by which others would act for a process, outside of its fences: a connection to a Unix socket, behind which
/// Docker or systemd may listen, the queue of io_uring, which no filter sees into, and limits of other processes, which
/// the system ends for exceeding them.
fn calls() -> Result<BpfProgram, seccompiler::BackendError> {
    let first = |operator, value| {
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, operator, value)?;
        SeccompRule::new(vec![condition]).map(|rule| vec![rule])
    };
    let unix = u64::from(libc::AF_UNIX.unsigned_abs());
    let rules = [
        (libc::SYS_socket, first(SeccompCmpOp::Eq, unix)?),
        (libc::SYS_io_uring_setup, Vec::new()),
        (libc::SYS_prlimit64, first(SeccompCmpOp::Ne, 0)?),
    ];
    // A second number of each call, which some systems have: that of programs with short addresses.
    let short = if cfg!(target_arch = "x86_64") { 0x4000_0000 } else { 0 };
    let rules = rules.into_iter().flat_map(|(call, rule)| [(call, rule.clone()), (call | short, rule)]).collect();
    let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let machine = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, SeccompAction::Allow, denied, machine)?.try_into()
}
