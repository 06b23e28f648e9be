//! What earlier runs left behind because they were killed: containers (with their volumes) and folders.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use testcontainers::bollard::Docker;
use testcontainers::bollard::models::{ContainerSummary, ContainerSummaryStateEnum};

use crate::docker::{self, LABEL};
use crate::folder;
use crate::owner::{Life, Owner};
use crate::start::Progress;

/// How long something is left alone of whose owner nothing can be said.
const UNCLAIMED: Duration = Duration::from_secs(24 * 3600);

/// Removes what nobody owns any more. What cannot be removed is left to the next time.
pub(crate) async fn sweep(docker: Option<&Docker>, cache: &Path, progress: Progress<'_>) {
    let here = Owner::this();
    let now = SystemTime::now();
    if let Some(docker) = docker {
        for container in docker::containers(docker, None).await {
            let Some(id) = container.id.as_deref() else { continue };
            if is_left(&container, &here, now) && docker::remove(docker, id).await.is_ok() {
                progress(&format!("removed the container {} of a run that was killed", id.get(..12).unwrap_or(id)));
            }
        }
    }
    for entry in fs::read_dir(folder::all(cache)).into_iter().flatten().flatten() {
        let Some(owner) = entry.file_name().to_str().and_then(folder::owner) else { continue };
        let age = entry.metadata().and_then(|folder| folder.modified()).ok().and_then(|at| now.duration_since(at).ok());
        if has_no_use(owner.life(&here), false, age.unwrap_or_default()) && folder::remove(&entry.path()).is_ok() {
            progress(&format!("removed the folder {} of a run that was killed", entry.path().display()));
        }
    }
}

fn is_left(container: &ContainerSummary, here: &Owner, now: SystemTime) -> bool {
    let label = container.labels.as_ref().and_then(|labels| labels.get(LABEL));
    let Some(owner) = label.and_then(|label| label.parse::<Owner>().ok()) else { return false };
    let created = container.created.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
    let age = created.and_then(|at| now.duration_since(SystemTime::UNIX_EPOCH + at).ok()).unwrap_or_default();
    let runs = !matches!(
        container.state,
        Some(ContainerSummaryStateEnum::EXITED | ContainerSummaryStateEnum::CREATED | ContainerSummaryStateEnum::DEAD)
    );
    has_no_use(owner.life(here), runs, age)
}

/// Whether something may be removed. Nothing of somebody who may live: rather one leftover more than somebody's run less.
fn has_no_use(owner: Life, runs: bool, age: Duration) -> bool {
    match owner {
        Life::Alive => false,
        Life::Dead => true,
        Life::Unknown => !runs && age > UNCLAIMED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_removed() {
        let (hour, week) = (Duration::from_secs(3600), Duration::from_secs(7 * 24 * 3600));
        for (owner, runs, age, expected) in [
            (Life::Alive, true, hour, false),
            (Life::Alive, false, week, false),
            (Life::Dead, true, Duration::ZERO, true),
            (Life::Dead, false, week, true),
            (Life::Unknown, true, week, false),
            (Life::Unknown, false, hour, false),
            (Life::Unknown, false, week, true),
        ] {
            assert_eq!(has_no_use(owner, runs, age), expected, "{owner:?} {runs} {age:?}");
        }
    }

    #[test]
    fn containers_of_others_are_left_alone() {
        let here = Owner::this();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let container = |label: &str, state, created| ContainerSummary {
            labels: Some([(LABEL.to_owned(), label.to_owned())].into()),
            state: Some(state),
            created: Some(created),
            ..ContainerSummary::default()
        };
        let check = |label: &str, state, created, expected| {
            assert_eq!(is_left(&container(label, state, created), &here, now), expected, "{label} {state}");
        };
        use ContainerSummaryStateEnum::{EXITED, RUNNING};
        let dead = here.to_string().replacen(&std::process::id().to_string(), "4294967295", 1);
        check(&here.to_string(), RUNNING, 0, false);
        check(&dead, RUNNING, 1_999_999_999, true);
        check("17.4711.elsewhere", RUNNING, 0, false);
        check("17.4711.elsewhere", EXITED, 1_999_999_999, false);
        check("17.4711.elsewhere", EXITED, 0, true);
        check("17.4711.elsewhere", EXITED, 2_000_000_001, false); // a clock that is ahead of ours
        check("nonsense", EXITED, 0, false);
        assert!(!is_left(&ContainerSummary::default(), &here, now));
    }

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
