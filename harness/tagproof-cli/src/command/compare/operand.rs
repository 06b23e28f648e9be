//! What is compared: files, and files as git has them.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use source::FileId;
use tempfile::TempDir;

use super::git::{Content, Located};
use crate::args::Compare;
use crate::command::text;

/// One side of a comparison.
pub(super) struct Operand {
    /// As it was written.
    pub(super) name: String,
    /// Where it is from.
    from: From,
    /// `None`: there is no such file, or it is a folder.
    pub(super) text: Option<String>,
    is_folder: bool,
}

/// Where an operand is from.
enum From {
    Stdin,
    Disk,
    /// A path in a revision.
    Git {
        revision: String,
        path: PathBuf,
    },
}

/// Where an operand is on disk.
pub(super) enum At<'a> {
    Named(&'a Path),
    /// Taken out of a repository, until this is dropped.
    TakenOut {
        _folder: TempDir,
        path: PathBuf,
    },
}

impl At<'_> {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Named(path) => path,
            Self::TakenOut { path, .. } => path,
        }
    }
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
            return Ok(Self { name: "standard input".to_owned(), from: From::Stdin, text, is_folder: false });
        }
        if let Some((revision, file)) = name.split_once(':').filter(|_| !path.exists()) {
            let found = Self::in_revision(&Located::new(Path::new(file))?, revision, Path::new(file))?;
            ensure!(!found.is_nothing(), "revision {revision} has no file {file}");
            return Ok(found);
        }
        // A folder that the CDK has synthesised is opened as a whole.
        let is_folder = path.is_dir();
        let text = if is_folder { None } else { Some(text::document(path, text::LARGEST)?) };
        Ok(Self { name, from: From::Disk, text, is_folder })
    }

    /// A path in a revision.
    fn in_revision(located: &Located<'_>, revision: &str, path: &Path) -> anyhow::Result<Self> {
        let (text, is_folder) = match located.content(revision, text::LARGEST)? {
            Content::Text(text) => (Some(text), false),
            Content::Folder => (None, true),
            Content::Nothing => (None, false),
        };
        let name = format!("{revision}:{}", path.display());
        let from = From::Git { revision: revision.to_owned(), path: path.to_owned() };
        Ok(Self { name, from, text, is_folder })
    }

    /// Whether there is neither a file nor a folder.
    fn is_nothing(&self) -> bool {
        self.text.is_none() && !self.is_folder
    }

    /// Whether it is a file that can be named in a command.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.from, From::Disk) && self.text.is_some()
    }

    /// Whether it is a folder.
    pub(super) const fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// Whether it has the policies of several owners: a template, Terraform's JSON, account details or a folder.
    pub(super) fn has_owners(&self) -> bool {
        let Some(text) = &self.text else { return self.is_folder };
        if template::terraform::read(FileId(0), text).is_some() {
            return true;
        }
        lint::read(FileId(0), text).0.is_some_and(|tree| super::inventory::has_owners(&tree))
    }

    /// Where it is on disk, with what is beside it.
    pub(super) fn at(&self) -> anyhow::Result<At<'_>> {
        match &self.from {
            From::Disk => Ok(At::Named(Path::new(&self.name))),
            From::Git { revision, path } => {
                let (folder, path) = Located::new(path)?.taken_out(revision)?;
                Ok(At::TakenOut { _folder: folder, path })
            }
            From::Stdin => bail!("a template on standard input cannot be compared: write it into a file"),
        }
    }
}

/// A file in one revision and on disk, or in two revisions.
fn of_git(revisions: &str, path: &Path) -> anyhow::Result<[Operand; 2]> {
    let located = Located::new(path)?;
    let in_revision = |revision: &str| Operand::in_revision(&located, revision, path);
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
                false => Operand { name: path.display().to_string(), from: From::Disk, text: None, is_folder: false },
            };
            [old, new]
        }
    };
    ensure!(pair.iter().any(|side| !side.is_nothing()), "{} is in neither revision", path.display());
    Ok(pair)
}
