//! A private virtual environment for an emulator from PyPI. The first use makes it; it is made aside and put in place by
//! one rename, so there is a whole one or none.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use docker::Progress;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use crate::error::{BackendError, Failure};
use crate::folder::RunFolder;
use crate::leashed::Leashed;
use crate::versions::{Emulator, Package};

/// How long making one may take, and waiting for another process that makes one.
const PATIENCE: Duration = Duration::from_secs(600);
const SCRIPT: &str = concat!(include_str!("python/leash.py"), include_str!("python/build.py"));

/// The virtual environment of an emulator.
pub(crate) struct Venv<'a> {
    emulator: &'static Emulator,
    package: &'static Package,
    cache: &'a Path,
    folder: PathBuf,
}

/// What is found where it should be.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Ready,
    Absent,
    /// Somebody or something took parts of it away, or it holds something else.
    Unusable(&'static str),
}

impl<'a> Venv<'a> {
    pub(crate) fn new(emulator: &'static Emulator, package: &'static Package, cache: &'a Path) -> Self {
        let folder = cache.join("venvs").join(format!("{}-{}", emulator.name, emulator.version));
        Self { emulator, package, cache, folder }
    }

    /// Its Python. Makes it first, if it is not there.
    pub(crate) async fn python(&self, progress: Progress<'_>) -> Result<PathBuf, BackendError> {
        if self.state() != State::Ready {
            let lock = self.lock(progress).await.map_err(|failure| self.error(failure))?;
            self.make(progress).await?;
            drop(lock);
        }
        Ok(self.folder.join("bin/python"))
    }

    /// Says that it is of no use, so that the next [`Venv::python`] makes another.
    pub(crate) fn discard(&self) {
        let _removed = fs::remove_file(self.folder.join("complete"));
    }

    fn state(&self) -> State {
        if fs::symlink_metadata(&self.folder).is_err() {
            return State::Absent;
        }
        match fs::read_to_string(self.folder.join("complete")) {
            Err(_) => State::Unusable("it is not whole"),
            Ok(found) if found != self.package.requirements => State::Unusable("it holds other versions"),
            // A link to the Python that it was made with, which an upgrade may have taken away.
            Ok(_) if !self.folder.join("bin/python").is_file() => State::Unusable("its Python is gone"),
            Ok(_) => State::Ready,
        }
    }

    /// One process at a time. The system gives the lock back when its holder ends, however that ends.
    async fn lock(&self, progress: Progress<'_>) -> Result<File, Failure> {
        let path = self.cache.join("venvs.lock");
        let failed = |why| Failure::File { what: "lock", path: path.clone(), why };
        fs::create_dir_all(self.cache).map_err(|why| Failure::File { what: "make", path: self.cache.into(), why })?;
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        let deadline = Instant::now() + PATIENCE;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(why)) => return Err(failed(why)),
                Err(TryLockError::WouldBlock) if Instant::now() > deadline => {
                    let why = "another process has been making it for too long".to_owned();
                    return Err(Failure::Install { folder: self.folder.clone(), why });
                }
                Err(TryLockError::WouldBlock) => {
                    if !std::mem::replace(&mut told, true) {
                        progress("waiting for another process that installs from PyPI");
                    }
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn make(&self, progress: Progress<'_>) -> Result<(), BackendError> {
        let emulator = format!("{} {}", self.emulator.title, self.emulator.version);
        match self.state() {
            // The process that was waited for has made it.
            State::Ready => return Ok(()),
            State::Absent => {
                progress(&format!("installing {emulator} from PyPI, once, into {}", self.folder.display()))
            }
            State::Unusable(why) => progress(&format!("installing {emulator} from PyPI again: {why}")),
        }
        let aside = RunFolder::make(self.cache).map_err(|failure| self.error(failure))?;
        let [target, requirements] = ["venv", "requirements.txt"].map(|name| aside.path().join(name));
        fs::write(&requirements, self.package.requirements)
            .map_err(|why| self.error(Failure::File { what: "write", path: requirements.clone(), why }))?;
        let mut build = Leashed::run(Command::new("python3"), SCRIPT, &[&target, &requirements], aside)
            .map_err(|failure| self.error(Failure::Python(failure)))?;
        let why = match timeout(PATIENCE, build.end()).await {
            Ok(Ok(status)) if status.success() => {
                return self.put_in_place(build.folder()).map_err(|failure| self.error(failure));
            }
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(failure)) => failure.to_string(),
            Err(_) => format!("not done after {} s", PATIENCE.as_secs()),
        };
        let failure = Failure::Install { folder: self.folder.clone(), why };
        let error = self.error(failure).with_log(build.log().all(), self.cache);
        build.stop().await;
        Err(error)
    }

    fn put_in_place(&self, aside: &Path) -> Result<(), Failure> {
        let failed = |why| Failure::File { what: "make", path: self.folder.clone(), why };
        fs::create_dir_all(self.cache.join("venvs")).map_err(failed)?;
        if fs::symlink_metadata(&self.folder).is_ok() {
            fs::rename(&self.folder, aside.join("old")).map_err(failed)?;
        }
        fs::rename(aside.join("venv"), &self.folder).map_err(failed)
    }

    fn error(&self, failure: Failure) -> BackendError {
        BackendError::new(format!("{} {} (process)", self.emulator.title, self.emulator.version), failure)
    }
}

#[cfg(test)]
mod tests;
