//! Files that a user names: the one place here that touches the disk.

mod foreign;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::path::{NoFile, no_file};
use foreign::is_foreign;

/// More bytes than any file has that a person writes.
pub const LARGEST: u64 = 16 << 20;

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read, or should not be.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says, or what is wrong with it.
        reason: String,
    },
    /// There is no such file.
    #[error("{0}")]
    Missing(NoFile),
}

/// The text of a policy, a template, a scenario, or what the AWS CLI prints of policies; `written` is its path where somebody
/// wrote it.
///
/// # Errors
/// As [`text`]; and nothing in it is named as in any of these. It may be anybody's secret that a link or a mistake leads to,
/// and what is said of a text shows parts of it.
pub fn document(written: &Path, path: &Path, largest: u64) -> Result<String, ReadError> {
    let text = text(written, path, largest)?;
    if is_foreign(&text) {
        let reason = "it has nothing of a policy, a template or a scenario (such as Statement, Resources or callers), so that none \
                      of it is shown";
        return Err(ReadError::Unreadable { path: path.to_owned(), reason: reason.to_owned() });
    }
    Ok(text)
}

/// The text of a file of no more than so many bytes.
///
/// # Errors
/// As [`open`]; and it is larger, or is not UTF-8.
pub fn text(written: &Path, path: &Path, largest: u64) -> Result<String, ReadError> {
    let unreadable = |reason| ReadError::Unreadable { path: path.to_owned(), reason };
    let mut bytes = Vec::new();
    let read = open(written, path)?.take(largest + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > largest {
        return Err(unreadable(format!("it has more than {largest} bytes")));
    }
    source::utf8(bytes).map_err(unreadable)
}

/// Opens a file to read.
///
/// # Errors
/// It is not there, cannot be opened, or is none that somebody wrote: a folder, a pipe, a device, or what the kernel makes up
/// while it is read.
pub fn open(written: &Path, path: &Path) -> Result<File, ReadError> {
    let unreadable = |reason| ReadError::Unreadable { path: path.to_owned(), reason };
    // A pipe must not hold this up until somebody writes, nor a terminal become the program's own.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(opened) => File::from(opened),
        Err(Errno::NOENT | Errno::NOTDIR) => return Err(ReadError::Missing(no_file(written, path))),
        Err(Errno::NXIO) => return Err(unreadable(not_a_file("a socket or a device"))),
        Err(error) => return Err(unreadable(io::Error::from(error).to_string())),
    };
    // What has been opened counts, whatever is at the path by now.
    match other_than_a_file(&file) {
        Ok(None) => Ok(file),
        Ok(Some(what)) => Err(unreadable(not_a_file(what))),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

fn not_a_file(what: &str) -> String {
    format!("it is {what}; name a file that somebody wrote")
}

fn other_than_a_file(file: &File) -> io::Result<Option<&'static str>> {
    let kind = file.metadata()?.file_type();
    Ok(match () {
        () if kind.is_dir() => Some("a folder"),
        () if kind.is_fifo() => Some("a pipe"),
        () if !kind.is_file() => Some("a device"),
        () if is_made_up(file)? => Some("made up by the kernel while it is read"),
        () => None,
    })
}

/// Whether a file is on one of the kernel's own file systems, as under `/proc` and `/sys`; `linux/magic.h` has their numbers.
#[cfg(target_os = "linux")]
fn is_made_up(file: &File) -> io::Result<bool> {
    const PROC: i128 = 0x9fa0;
    const SYSFS: i128 = 0x6265_6572;
    const DEBUGFS: i128 = 0x6462_6720;
    const TRACEFS: i128 = 0x7472_6163;
    const SECURITYFS: i128 = 0x7363_6673;
    const CGROUP: i128 = 0x0027_e0eb;
    const CGROUP2: i128 = 0x6367_7270;
    let kind = i128::from(rustix::fs::fstatfs(file)?.f_type);
    Ok([PROC, SYSFS, DEBUGFS, TRACEFS, SECURITYFS, CGROUP, CGROUP2].contains(&kind))
}

#[cfg(not(target_os = "linux"))]
const fn is_made_up(_: &File) -> io::Result<bool> {
    Ok(false)
}
