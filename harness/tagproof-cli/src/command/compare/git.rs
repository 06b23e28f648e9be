//! Files as git has them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, ensure};
use tempfile::TempDir;

/// Where in a repository a file is.
pub(super) struct Located<'a> {
    /// The folder in which git is asked: that of the file, if it is there.
    folder: &'a Path,
    /// The file as seen from there.
    name: String,
}

/// What a revision has at a path.
pub(super) enum Content {
    Nothing,
    Folder,
    Text(String),
}

impl<'a> Located<'a> {
    pub(super) fn new(path: &'a Path) -> anyhow::Result<Self> {
        let text =
            |path: &Path| path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()));
        let folder = path.parent().filter(|folder| folder.is_dir());
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => Ok(Self { folder, name: text(Path::new(name))? }),
            _ => Ok(Self { folder: Path::new(""), name: text(path)? }),
        }
    }

    /// What a revision has there.
    pub(super) fn content(&self, revision: &str, largest: u64) -> anyhow::Result<Content> {
        let commit = self.commit(revision)?;
        let object = format!("{commit}:./{}", self.name);
        let kind = self.git(&["cat-file", "-t", &object])?;
        if !kind.status.success() {
            return Ok(Content::Nothing);
        }
        if kind.stdout.starts_with(b"tree") {
            return Ok(Content::Folder);
        }
        let size = self.git(&["cat-file", "-s", &object])?;
        let size: u64 = String::from_utf8_lossy(&size.stdout).trim().parse().unwrap_or(u64::MAX);
        ensure!(size <= largest, "cannot read {revision}:{}: it has more than {largest} bytes", self.name);
        let content = self.git(&["cat-file", "blob", &object])?;
        ensure!(content.status.success(), "cannot read {revision}:{}: {}", self.name, told(&content));
        let text = source::utf8(content.stdout).map_err(anyhow::Error::msg);
        text.with_context(|| format!("cannot read {revision}:{}", self.name)).map(Content::Text)
    }

    /// The file, with everything that the revision has in its folder: a template names files beside it.
    pub(super) fn taken_out(&self, revision: &str) -> anyhow::Result<(TempDir, PathBuf)> {
        let commit = self.commit(revision)?;
        let folder = tempfile::tempdir().context("cannot make a folder")?;
        let archive = self.git(&["archive", "--format=tar", &commit, "."])?;
        ensure!(archive.status.success(), "cannot read {revision}: {}", told(&archive));
        let tar = Command::new("tar").args(["-x", "-f", "-"]).current_dir(folder.path()).stdin(Stdio::piped()).spawn();
        let mut tar = tar.context("cannot run tar, which takes a revision's files out")?;
        tar.stdin.take().context("tar has no input")?.write_all(&archive.stdout)?;
        ensure!(tar.wait()?.success(), "cannot take the files of {revision} out: tar failed");
        let path = folder.path().join(&self.name);
        Ok((folder, path))
    }

    /// The commit that two revisions have in common.
    pub(super) fn merge_base(&self, old: &str, new: &str) -> anyhow::Result<String> {
        let (one, other) = (self.commit(old)?, self.commit(new)?);
        let found = self.git(&["merge-base", &one, &other])?;
        ensure!(found.status.success(), "{old} and {new} have no commit in common");
        Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned())
    }

    /// The id of a revision's commit. An id is no option of git's, whatever the revision is called.
    fn commit(&self, revision: &str) -> anyhow::Result<String> {
        let commit = format!("{revision}^{{commit}}");
        let found = self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        ensure!(
            found.status.success(),
            "git has no revision `{revision}` here{}\nhelp: name a branch, a tag or a commit of the repository that the file is in",
            if found.stderr.is_empty() { String::new() } else { format!(": {}", told(&found)) }
        );
        Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned())
    }

    fn git(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut git = Command::new("git");
        if !self.folder.as_os_str().is_empty() {
            git.current_dir(self.folder);
        }
        git.args(arguments).output().context("cannot run git")
    }
}

/// What git said of it.
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("fatal: ").to_owned()
}
