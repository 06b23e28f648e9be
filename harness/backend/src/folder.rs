//! Folders for the time of a run. Each bears its owner's name, so that one whose owner is gone is known as a leftover.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Failure;
use docker::Owner;

/// A folder of this process, removed when dropped.
pub(crate) struct RunFolder(PathBuf);

impl RunFolder {
    /// Makes one.
    pub(crate) fn make(cache: &Path) -> Result<Self, Failure> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}-{}", Owner::this(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = all(cache).join(name);
        match private(&path) {
            Ok(()) => Ok(Self(path)),
            Err(why) => Err(Failure::File { what: "make", path, why }),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for RunFolder {
    /// What cannot be removed now, the next start removes.
    fn drop(&mut self) {
        let _removed = remove(&self.0);
    }
}

/// Where they are.
pub(crate) fn all(cache: &Path) -> PathBuf {
    cache.join("run")
}

/// Whose a folder is, by its name.
pub(crate) fn owner(name: &str) -> Option<Owner> {
    name.rsplit_once('-')?.0.parse().ok()
}

/// Removes a folder, which somebody else may be removing as well.
pub(crate) fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn private(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_apart_and_gone_when_dropped() {
        let cache = tempfile::tempdir().unwrap();
        let (one, other) = (RunFolder::make(cache.path()).unwrap(), RunFolder::make(cache.path()).unwrap());
        assert_ne!(one.path(), other.path());
        let name = one.path().file_name().unwrap().to_str().unwrap();
        assert_eq!(owner(name), Some(Owner::this()));
        fs::write(one.path().join("file"), "text").unwrap();
        drop(one);
        let left: Vec<_> = fs::read_dir(all(cache.path())).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [other.path()]);
    }

    #[test]
    fn other_names_have_no_owner() {
        for name in ["", "-1", "venv", "17.4711.boot", "a.b.c-1"] {
            assert_eq!(owner(name), None, "{name}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_said() {
        let cache = tempfile::tempdir().unwrap();
        let file = cache.path().join("file");
        fs::write(&file, "").unwrap();
        let failure = RunFolder::make(&file).map(|_| ()).unwrap_err();
        assert!(failure.to_string().starts_with(&format!("cannot make {}", file.display())), "{failure}");
    }
}
