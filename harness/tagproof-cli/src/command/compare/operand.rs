//! What is compared: files, and files as git has them.

use std::path::Path;

use anyhow::{bail, ensure};

use super::git::Located;
use crate::args::Compare;
use crate::command::text;

/// One side of a comparison.
pub(super) struct Operand {
    /// As it was written.
    pub(super) name: String,
    /// Whether it is a file that can be named in a command.
    pub(super) is_file: bool,
    /// `None`: the revision does not have the file.
    pub(super) text: Option<String>,
}

/// The pairs to compare, old and new.
pub(super) fn pairs(arguments: &Compare) -> anyhow::Result<Vec<[Operand; 2]>> {
    let paths = &arguments.paths;
    match (&arguments.git, paths.as_slice()) {
        (Some(_), []) => bail!("name the files to compare with what they were: `--git REVISION PATH`"),
        (Some(revisions), paths) => paths.iter().map(|path| of_git(revisions, path)).collect(),
        (None, [old, new]) => {
            ensure!(old != new || old.as_os_str() != "-", "only one side can be standard input");
            Ok(vec![[Operand::read(old)?, Operand::read(new)?]])
        }
        (None, [one]) => bail!(
            "compare two things: `tagproof compare OLD {}`\nhelp: to compare a file with what it was, write `--git REVISION {}`",
            one.display(),
            one.display()
        ),
        (None, _) => bail!("compare two things: `tagproof compare OLD NEW`"),
    }
}

impl Operand {
    /// A file, standard input, or `REVISION:PATH`.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        if name == "-" {
            let text = Some(text::of_stdin(text::LARGEST)?);
            return Ok(Self { name: "standard input".to_owned(), is_file: false, text });
        }
        if let Some((revision, file)) = name.split_once(':').filter(|_| !path.exists()) {
            let text = Located::new(Path::new(file))?.text(revision, text::LARGEST)?;
            ensure!(text.is_some(), "revision {revision} has no file {file}");
            return Ok(Self { name, is_file: false, text });
        }
        let text = Some(text::document(path, text::LARGEST)?);
        Ok(Self { name, is_file: true, text })
    }
}

/// A file in one revision and on disk, or in two revisions.
fn of_git(revisions: &str, path: &Path) -> anyhow::Result<[Operand; 2]> {
    let located = Located::new(path)?;
    let in_revision = |revision: &str| -> anyhow::Result<Operand> {
        let name = format!("{revision}:{}", path.display());
        Ok(Operand { name, is_file: false, text: located.text(revision, text::LARGEST)? })
    };
    let or_head = |revision: &str| if revision.is_empty() { "HEAD" } else { revision }.to_owned();
    let pair = match (revisions.split_once("..."), revisions.split_once("..")) {
        (Some((old, new)), _) => {
            let (old, new) = (or_head(old), or_head(new));
            [in_revision(&located.merge_base(&old, &new)?)?, in_revision(&new)?]
        }
        (None, Some((old, new))) => [in_revision(&or_head(old))?, in_revision(&or_head(new))?],
        (None, None) => {
            let old = in_revision(revisions)?;
            let new = match path.exists() {
                true => Operand::read(path)?,
                false => Operand { name: path.display().to_string(), is_file: false, text: None },
            };
            [old, new]
        }
    };
    ensure!(pair.iter().any(|side| side.text.is_some()), "{} is in neither revision", path.display());
    Ok(pair)
}
