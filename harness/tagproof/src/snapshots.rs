//! The folder of snapshots.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use report::{Page, Pinned, Snapshot};
use scenario::{Prepared, Results};
use source::FileId;

use crate::write;

/// A folder that holds snapshots, in insta's form.
#[derive(Clone, Copy, Debug)]
pub struct Snapshots<'a>(pub &'a Path);

/// A scenario's results beside what its snapshot's file holds.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The snapshot that the results give.
    pub snapshot: Snapshot,
    /// Its file.
    pub path: PathBuf,
    /// What the file holds; `None`: there is none.
    pub pinned: Option<Pinned>,
    /// The scenario's file, as a path from the folder that the snapshots' folder is in.
    source: String,
}

impl Snapshots<'_> {
    /// Reads what is pinned of a scenario's results on a backend.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn compare(&self, prepared: &Prepared, results: &Results, backend: &str) -> anyhow::Result<Compared> {
        let snapshot = report::snapshot(results, backend);
        let path = self.0.join(format!("{}.snap", snapshot.name));
        let pinned = match std::fs::read_to_string(&path) {
            Ok(text) => Some(Pinned::read(&text)),
            // Whoever cannot write there says so.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let file = prepared.sources.get(FileId(0)).map(|file| source(self.0, Path::new(file.name())));
        Ok(Compared { snapshot, path, pinned, source: file.transpose()?.unwrap_or_default() })
    }
}

impl Compared {
    /// Whether the snapshot is there and holds the results.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.pinned.as_ref().is_some_and(|pinned| pinned.text == self.snapshot.text.trim_end())
    }

    /// Every cell that is not as expected or not as the snapshot has it; where the snapshot differs in something else, or is
    /// not there, that. `None` if all is as it should be.
    #[must_use]
    pub fn difference(&self, prepared: &Prepared, results: &Results) -> Option<String> {
        let (path, name) = (self.path.display(), &results.scenario);
        let known = self.pinned.as_ref().filter(|pinned| pinned.other_form().is_none());
        if let Some(cells) = report::unexpected(prepared, results, known, Page::FILE) {
            return Some(cells);
        }
        if self.is_same() {
            return None;
        }
        let folder = prepared.folder.display();
        let help = format!("help: look at it, and take it over with `tagproof run {folder} --update-snapshots`\n");
        let Some(pinned) = &self.pinned else {
            return Some(format!("{name}: all is as expected, and there is no snapshot {path}\n{help}"));
        };
        if pinned.other_form().is_some() {
            return Some(format!("{name}: {path} was written by another version of tagproof\n{help}"));
        }
        let now = format!("{}\n", self.snapshot.text.trim_end());
        let diff = report::diff(&path.to_string(), &format!("{}\n", pinned.text), &now);
        Some(format!("{name}: all cells are as expected and as in the snapshot, but it says more\n{help}\n{diff}"))
    }

    /// Writes the snapshot if it is not there as it is, and takes away what waited for review. Says whether it wrote.
    ///
    /// # Errors
    /// It cannot be written; then it is as it was.
    pub fn accept(&self) -> anyhow::Result<bool> {
        let file = self.snapshot.file(&self.source);
        let is_there = std::fs::read_to_string(&self.path).is_ok_and(|old| old == file);
        if !is_there {
            write::whole(&self.path, &file)?;
        }
        let _none_there = std::fs::remove_file(self.pending());
        Ok(!is_there)
    }

    /// Leaves the snapshot beside the old one, for `cargo insta review` or whoever looks at the difference.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn leave_for_review(&self) -> anyhow::Result<PathBuf> {
        let pending = self.pending();
        write::whole(&pending, &self.snapshot.file(&self.source))?;
        Ok(pending)
    }

    fn pending(&self) -> PathBuf {
        self.path.with_extension("snap.new")
    }
}

/// The scenario's file as it is seen from the folder that holds the snapshots' folder: the same for whoever writes it.
fn source(snapshots: &Path, file: &Path) -> anyhow::Result<String> {
    let absolute = |path: &Path| std::path::absolute(path).with_context(|| format!("cannot find {}", path.display()));
    let (snapshots, file) = (absolute(snapshots)?, absolute(file)?);
    let (from, to) = (plain(snapshots.parent().unwrap_or(&snapshots)), plain(&file));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[shared..].iter().map(|_| "..".to_owned());
    Ok(up.chain(to[shared..].iter().cloned()).collect::<Vec<_>>().join("/"))
}

/// The parts of an absolute path, without `.` and `..`.
fn plain(path: &Path) -> Vec<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_same_whoever_writes_it() {
        let check = |snapshots: &str, file: &str, expected: &str| {
            assert_eq!(source(Path::new(snapshots), Path::new(file)).unwrap(), expected);
        };
        check("/r/snapshots", "/r/scenarios/a/scenario.yaml", "scenarios/a/scenario.yaml");
        check("/r/harness/x/../../snapshots", "/r/./scenarios/a/scenario.yaml", "scenarios/a/scenario.yaml");
        check("/r/app/snapshots", "/r/iam/scenario.yaml", "../iam/scenario.yaml");
        check("snapshots", "scenarios/a/scenario.yaml", "scenarios/a/scenario.yaml");
    }
}
