//! Paths as they are shown.

use std::fmt::{Display, Formatter};
use std::path::{Component, Path, PathBuf};

/// A path without `.`, and without a `..` that follows a folder's name: `a/../b` as `b`. The disk is not asked, so it is for
/// people to read, and not for opening what may be behind a link.
#[must_use]
pub fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match (part, plain.components().next_back()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(plain.pop()),
            _ => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

/// A path that is not there: `` there is no file `a/tmplate.yaml`; did you mean `a/template.yaml`? ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFile {
    /// The path as somebody wrote it.
    pub shown: PathBuf,
    /// What is there, and is nearly called so.
    pub near: Option<PathBuf>,
}

/// That a path is not there, and which nearly is. `shown` is the path as somebody wrote it, and `at` as it is opened.
#[must_use]
pub fn no_file(shown: &Path, at: &Path) -> NoFile {
    NoFile { shown: shown.to_owned(), near: near(at).map(|name| shown.with_file_name(name)) }
}

impl Display for NoFile {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        write!(out, "there is no file `{}`", policy::plain(&self.shown.display().to_string()))?;
        match &self.near {
            Some(near) => write!(out, "; did you mean `{}`?", policy::plain(&near.display().to_string())),
            None => Ok(()),
        }
    }
}

/// What is there, and is nearly called so.
fn near(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    source::suggest(name, names.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_without_detours() {
        for (path, shown) in [
            ("scenarios/reports/../../infrastructure/reports.yaml", "infrastructure/reports.yaml"),
            ("./a/./b", "a/b"),
            ("../a/../../b", "../../b"),
            ("/../a", "/a"),
            ("a/..", "."),
            (".", "."),
        ] {
            assert_eq!(lexical(Path::new(path)), Path::new(shown), "{path}");
        }
    }
}
