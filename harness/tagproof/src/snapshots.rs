//! The folder of snapshots.

use std::path::{Path, PathBuf};

use anyhow::Context;
use matrix::read::{LARGEST, ReadError, text};
use matrix::{Prepared, Results};
use report::{Page, Pinned, Snapshot};
use source::FileId;

use crate::{EMBEDDED, write};

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
    /// The command that writes the file, for who means the difference.
    pub update: String,
    /// The scenario's file, as a path from the folder that the snapshots' folder is in.
    source: String,
}

/// The folder that is meant if none is named.
const FOLDER: &str = "snapshots";

impl Snapshots<'_> {
    /// Reads what is pinned of a scenario's results on a backend.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn compare(&self, prepared: &Prepared, results: &Results, backend: &str) -> anyhow::Result<Compared> {
        let snapshot = report::snapshot(results, backend);
        let path = self.0.join(format!("{}.snap", snapshot.name));
        let pinned = match text(&path, &path, LARGEST) {
            Ok(text) => Some(Pinned::read(&text)),
            // Writing fails there, and says so.
            Err(ReadError::Missing(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let file = prepared.sources.get(FileId(0)).map(|file| source(self.0, Path::new(file.name())));
        let update = self.update(&[prepared], backend);
        Ok(Compared { snapshot, path, pinned, update, source: file.transpose()?.unwrap_or_default() })
    }

    /// The command that writes the snapshots of scenarios on a backend.
    #[must_use]
    pub fn update(&self, scenarios: &[&Prepared], backend: &str) -> String {
        let mut words = vec!["tagproof".to_owned(), "run".to_owned()];
        words.extend(scenarios.iter().map(|prepared| report::quoted(&prepared.folder.display().to_string())));
        if backend != EMBEDDED {
            words.extend(["--backend".to_owned(), report::quoted(backend)]);
        }
        words.push("--update-snapshots".to_owned());
        if self.0 != Path::new(FOLDER) {
            words.extend(["--snapshots".to_owned(), report::quoted(&self.0.display().to_string())]);
        }
        words.join(" ")
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
    pub fn difference(&self, prepared: &Prepared, results: &Results, page: Page) -> Option<String> {
        let known = self.pinned.as_ref().filter(|pinned| pinned.other_form().is_none());
        let known = known.map(|pinned| (pinned, &*self.update));
        if let Some(cells) = report::unexpected(prepared, results, known, page) {
            return Some(cells);
        }
        if self.is_same() {
            return None;
        }
        let (path, name, update) = (self.path.display(), &results.scenario, &self.update);
        let Some(pinned) = &self.pinned else {
            let told = format!(
                "{name}: all is as expected, but there is no snapshot {path} yet\n\
                 help: write it with `{update}`, look at it, and commit it\n"
            );
            return Some(report::laid_out(&told, page));
        };
        let help = format!("help: look at it, and take it over with `{update}`\n");
        if pinned.other_form().is_some() {
            let told = format!("{name}: {path} was written by another version of tagproof\n{help}");
            return Some(report::laid_out(&told, page));
        }
        let now = format!("{}\n", self.snapshot.text.trim_end());
        let what = pinned.differs_in(&now);
        let told = format!("{name}: every cell is as expected and as in the snapshot, which differs in {what}\n{help}");
        let diff = report::diff(&path.to_string(), &format!("{}\n", pinned.text), &now);
        Some(format!("{}\n{diff}", report::laid_out(&told, page)))
    }

    /// Writes the snapshot if it is not there as it is, and takes away what waited for review. Says whether it wrote.
    ///
    /// # Errors
    /// It cannot be written; then it is as it was.
    pub fn accept(&self) -> anyhow::Result<bool> {
        let file = self.snapshot.file(&self.source);
        let is_there = text(&self.path, &self.path, LARGEST).is_ok_and(|old| old == file);
        if !is_there {
            write::whole(&self.path, &file)?;
        }
        let _none_there = std::fs::remove_file(self.pending());
        Ok(!is_there)
    }

    /// Leaves the snapshot beside the old one, for `cargo insta review` or a look at the difference.
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

/// The scenario's file as it is seen from the folder that holds the snapshots' folder: the same on every machine.
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
    let path = matrix::lexical(path);
    path.strip_prefix("/").unwrap_or(&path).iter().map(|part| part.to_string_lossy().into_owned()).collect()
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
