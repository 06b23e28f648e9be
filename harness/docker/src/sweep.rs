//! What earlier runs left behind in Docker because they were killed: containers with their volumes, and networks.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use testcontainers::bollard::Docker;
use testcontainers::bollard::models::{ContainerSummary, ContainerSummaryStateEnum};

use crate::client::{self, LABEL, Progress};
use crate::owner::{Life, Owner};

/// How long something is left alone of whose owner nothing can be said.
const UNCLAIMED: Duration = Duration::from_secs(24 * 3600);

/// Removes what nobody owns any more. What cannot be removed is left to the next time.
pub async fn sweep(docker: &Docker, progress: Progress<'_>) {
    let here = Owner::this();
    let now = SystemTime::now();
    for container in client::containers(docker, None).await {
        let Some(id) = container.id.as_deref() else { continue };
        if is_left(&container, &here, now) && client::remove(docker, id).await.is_ok() {
            progress(&format!("removed the container {} of a run that was killed", id.get(..12).unwrap_or(id)));
        }
    }
    for network in client::our_networks(docker, None).await {
        let (Some(id), Some(name)) = (&network.id, &network.name) else { continue };
        let dead = owner(network.labels.as_ref()).is_some_and(|owner| owner.life(&here) == Life::Dead);
        if dead && client::remove_network(docker, id).await.is_ok() {
            progress(&format!("removed the network {name} of a run that was killed"));
        }
    }
}

/// Whether something may be removed. Nothing of somebody who may live: rather one leftover more than somebody's run less.
#[must_use]
pub fn has_no_use(owner: Life, runs: bool, age: Duration) -> bool {
    match owner {
        Life::Alive => false,
        Life::Dead => true,
        Life::Unknown => !runs && age > UNCLAIMED,
    }
}

fn is_left(container: &ContainerSummary, here: &Owner, now: SystemTime) -> bool {
    let Some(owner) = owner(container.labels.as_ref()) else { return false };
    let created = container.created.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
    let age = created.and_then(|at| now.duration_since(SystemTime::UNIX_EPOCH + at).ok()).unwrap_or_default();
    let runs = !matches!(
        container.state,
        Some(ContainerSummaryStateEnum::EXITED | ContainerSummaryStateEnum::CREATED | ContainerSummaryStateEnum::DEAD)
    );
    has_no_use(owner.life(here), runs, age)
}

fn owner(labels: Option<&HashMap<String, String>>) -> Option<Owner> {
    labels?.get(LABEL)?.parse().ok()
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
}
