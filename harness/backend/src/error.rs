//! Why a backend does not serve, in one piece: who, what, its last lines, and what to do.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use docker::DockerError;

use crate::logs;

/// How many lines of a log an error shows.
const SHOWN_LINES: usize = 15;

/// A backend that did not start, or serves no longer.
#[derive(Debug)]
pub struct BackendError {
    /// Which: `moto 5.2.5 (container)`.
    pub backend: String,
    /// What went wrong.
    pub failure: Box<Failure>,
    /// The last lines of its log.
    pub log: Vec<String>,
    /// Where its log was kept.
    pub kept: Option<PathBuf>,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Something could not be had from Docker.
    #[error(transparent)]
    Docker(#[from] DockerError),
    /// There is no Python to run it with.
    #[error("cannot run python3: {0}")]
    Python(std::io::Error),
    /// The virtual environment could not be made.
    #[error("cannot make its virtual environment in {folder}: {why}")]
    Install {
        /// Where.
        folder: PathBuf,
        /// What failed.
        why: String,
    },
    /// A file or folder.
    #[error("cannot {what} {path}: {why}")]
    File {
        /// Make, remove …
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// It ended by itself.
    #[error("it ended: {0}")]
    Ended(String),
    /// It does not answer.
    #[error("it did not serve at {url} within {} s: {last}", waited.as_secs_f32())]
    Silent {
        /// Where it was asked.
        url: String,
        /// How long.
        waited: Duration,
        /// What came of the last try.
        last: String,
    },
    /// Nothing answers at the URL of an endpoint.
    #[error("it gives no answer: {0}")]
    Absent(String),
    /// This cannot be had this way.
    #[error("{why}")]
    Refused {
        /// Why not.
        why: String,
        /// What to do instead.
        mend: &'static str,
    },
}

impl BackendError {
    pub(crate) fn new(backend: impl Into<String>, failure: Failure) -> Self {
        Self { backend: backend.into(), failure: Box::new(failure), log: Vec::new(), kept: None }
    }

    /// With the log beside it: its last lines, and all of them in a file.
    pub(crate) fn with_log(self, lines: Vec<String>, cache: &Path) -> Self {
        let kept = logs::keep(cache, &self.backend, &lines);
        let log = lines.into_iter().rev().take(SHOWN_LINES).rev().collect();
        Self { log, kept, ..self }
    }

    /// What to do.
    #[must_use]
    pub fn mend(&self) -> &'static str {
        let full = |text: &str| text.contains("No space left on device");
        match self.failure.as_ref() {
            Failure::File { why, .. } if why.kind() == std::io::ErrorKind::StorageFull => MAKE_ROOM,
            _ if self.log.iter().any(|line| full(line)) => MAKE_ROOM,
            Failure::Docker(DockerError::Silent(_)) => {
                "start Docker, or see that DOCKER_HOST is right and this user may use it; moto and MiniStack also run \
                 as a process, with Python and no Docker"
            }
            Failure::Docker(error) => error.mend(),
            Failure::Python(_) => "install Python 3.11 or newer as `python3`, or start Docker",
            Failure::Install { .. } => "see that PyPI can be reached (pip's own settings count), or start Docker",
            Failure::File { .. } => "see that the folder can be written to, or set XDG_CACHE_HOME to another",
            Failure::Ended(_) => "its log says why; try again",
            Failure::Silent { .. } if self.backend.ends_with("(container)") => {
                "its log may say why; a busy machine may only need another try; of a Docker on another machine the port \
                 cannot be reached, but moto and MiniStack also run as a process"
            }
            Failure::Silent { .. } => "its log may say why; a busy machine may only need another try",
            Failure::Absent(_) => {
                "nothing answers there; start it, or use a backend that tagproof starts itself: moto, localstack or ministack"
            }
            Failure::Refused { mend, .. } => mend,
        }
    }
}

const MAKE_ROOM: &str = "make room on the disk, or set XDG_CACHE_HOME to a folder on another";

impl fmt::Display for BackendError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.backend, self.failure)?;
        if !self.log.is_empty() {
            write!(out, "\n  its last lines:")?;
            for line in &self.log {
                write!(out, "\n  | {line}")?;
            }
        }
        if let Some(path) = &self.kept {
            write!(out, "\n  its log: {}", path.display())?;
        }
        write!(out, "\n  help: {}", self.mend())
    }
}

impl std::error::Error for BackendError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_who_what_and_what_to_do() {
        let mut error = BackendError::new("moto 5.2.5 (process)", Failure::Ended("exit status: 1".to_owned()));
        error.log = vec!["Traceback".to_owned(), "  boom".to_owned()];
        error.kept = Some("/cache/logs/moto.log".into());
        let text = "moto 5.2.5 (process): it ended: exit status: 1\n  its last lines:\n  | Traceback\n  |   boom\n  \
                    its log: /cache/logs/moto.log\n  help: its log says why; try again";
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn a_full_disk_is_seen_wherever_it_is_said() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let file = Failure::File { what: "make", path: "/cache".into(), why: full };
        assert_eq!(BackendError::new("moto", file).mend(), MAKE_ROOM);
        let install = Failure::Install { folder: "/cache".into(), why: "exit status: 1".to_owned() };
        let log = vec!["ERROR: [Errno 28] No space left on device".to_owned()];
        assert_eq!(BackendError { log, ..BackendError::new("moto", install) }.mend(), MAKE_ROOM);
    }
}
