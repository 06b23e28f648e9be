//! What earlier runs left behind because they were killed: what is in Docker, and folders.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use docker::bollard::Docker;
use docker::{Owner, Progress, has_no_use};

use crate::folder;

/// Removes what nobody owns any more. What cannot be removed is left to the next time.
pub(crate) async fn sweep(docker: Option<&Docker>, cache: &Path, progress: Progress<'_>) {
    if let Some(docker) = docker {
        docker::sweep(docker, progress).await;
    }
    let here = Owner::this();
    let now = SystemTime::now();
    for entry in fs::read_dir(folder::all(cache)).into_iter().flatten().flatten() {
        let Some(owner) = entry.file_name().to_str().and_then(folder::owner) else { continue };
        let age = entry.metadata().and_then(|folder| folder.modified()).ok().and_then(|at| now.duration_since(at).ok());
        if has_no_use(owner.life(&here), false, age.unwrap_or_default()) && folder::remove(&entry.path()).is_ok() {
            progress(&format!("removed the folder {} of a run that was killed", entry.path().display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn folders_of_the_dead_are_removed_and_others_are_not() {
        let cache = tempfile::tempdir().unwrap();
        let here = Owner::this().to_string();
        let dead = here.replacen(&std::process::id().to_string(), "4294967295", 1);
        for name in [format!("{here}-0"), format!("{dead}-0"), "17.4711.elsewhere-0".to_owned(), "mine".to_owned()] {
            fs::create_dir_all(folder::all(cache.path()).join(name).join("inside")).unwrap();
        }
        let said = std::sync::Mutex::new(Vec::new());
        sweep(None, cache.path(), &|line| said.lock().unwrap().push(line.to_owned())).await;
        let mut left: Vec<_> = fs::read_dir(folder::all(cache.path()))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected = [format!("{here}-0"), "17.4711.elsewhere-0".to_owned(), "mine".to_owned()];
        expected.sort();
        assert_eq!(left, expected);
        assert_eq!(said.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn where_nothing_was_there_is_nothing_to_sweep() {
        sweep(None, Path::new("/nowhere/at/all"), &|line| panic!("{line}")).await;
    }
}
