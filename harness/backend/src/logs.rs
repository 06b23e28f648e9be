//! Logs of backends that failed, kept for a while.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// How many are kept.
const KEPT: usize = 20;

/// Keeps a log. None if there is nothing to keep, or no room: that is no reason to hide the failure itself.
pub(crate) fn keep(cache: &Path, label: &str, lines: &[String]) -> Option<PathBuf> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    if lines.is_empty() {
        return None;
    }
    let folder = cache.join("logs");
    fs::create_dir_all(&folder).ok()?;
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!("{}-{}-{number}.log", file_name(label), std::process::id()));
    fs::write(&path, lines.join("\n") + "\n").ok()?;
    forget_old(&folder);
    Some(path)
}

fn forget_old(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let written =
        |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut logs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    logs.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    logs.sort_by_cached_key(|path| std::cmp::Reverse(written(path)));
    for old in logs.iter().skip(KEPT) {
        let _removed = fs::remove_file(old);
    }
}

/// A label as part of a file name.
fn file_name(label: &str) -> String {
    let spaced: String = label.chars().filter(|char| !"()".contains(*char)).collect();
    spaced.replace(|char: char| !char.is_ascii_alphanumeric() && char != '.', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_kept_and_old_ones_are_not() {
        let cache = tempfile::tempdir().unwrap();
        assert_eq!(keep(cache.path(), "moto", &[]), None);
        for _ in 0..KEPT + 5 {
            let path = keep(cache.path(), "moto", &["one".to_owned(), "two".to_owned()]).unwrap();
            assert_eq!(fs::read_to_string(path).unwrap(), "one\ntwo\n");
        }
        assert_eq!(fs::read_dir(cache.path().join("logs")).unwrap().count(), KEPT);
    }

    #[test]
    fn labels_are_good_for_file_names() {
        assert_eq!(file_name("moto 5.2.5 (container)"), "moto-5.2.5-container");
        assert_eq!(file_name("../../x y"), "..-..-x-y");
    }
}
