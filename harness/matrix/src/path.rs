//! Paths as they are shown.

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

/// That a path is not there, and which nearly is: `` there is no file `a/tmplate.yaml`; did you mean `a/template.yaml`? ``.
/// `shown` is the path as somebody wrote it, and `at` as it is opened.
#[must_use]
pub fn no_file(shown: &Path, at: &Path) -> String {
    let near = near(at).map(|name| shown.with_file_name(name).display().to_string());
    let near = near.map(|near| format!("; did you mean `{}`?", policy::plain(&near))).unwrap_or_default();
    format!("there is no file `{}`{near}", policy::plain(&shown.display().to_string()))
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
