//! What earlier runs left behind in Docker because they were killed: containers with their volumes, and networks.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use testcontainers::bollard::Docker;
use testcontainers::bollard::models::{ContainerSummary, ContainerSummaryStateEnum, Network};

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
        // One in which something still is, Docker does not remove.
        if is_left_network(&network, &here, now) && client::remove_network(docker, id).await.is_ok() {
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
    let age = container.created.map(|seconds| age(seconds, now)).unwrap_or_default();
    let runs = !matches!(
        container.state,
        Some(ContainerSummaryStateEnum::EXITED | ContainerSummaryStateEnum::CREATED | ContainerSummaryStateEnum::DEAD)
    );
    has_no_use(owner.life(here), runs, age)
}

fn is_left_network(network: &Network, here: &Owner, now: SystemTime) -> bool {
    let Some(owner) = owner(network.labels.as_ref()) else { return false };
    let age = network.created.map(|at| age(at.unix_timestamp(), now)).unwrap_or_default();
    network_has_no_use(owner.life(here), age, up_for())
}

/// There is room for one network of tasks on a machine, and Docker keeps it when the machine is started anew. One that
/// is older than that nobody can be using.
fn network_has_no_use(owner: Life, age: Duration, up: Option<Duration>) -> bool {
    has_no_use(owner, false, age) || (owner == Life::Unknown && up.is_some_and(|up| age > up))
}

/// How old something is that was made so many seconds after 1970. A clock may have been ahead of ours.
fn age(created: i64, now: SystemTime) -> Duration {
    let created = u64::try_from(created).ok().map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    created.and_then(|at| now.duration_since(at).ok()).unwrap_or_default()
}

/// How long ago this machine was started, where that is told.
fn up_for() -> Option<Duration> {
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    Duration::try_from_secs_f64(uptime.split_whitespace().next()?.parse().ok()?).ok()
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
    fn networks_that_may_be_removed() {
        let (minute, hour, week) =
            (Duration::from_secs(60), Duration::from_secs(3600), Duration::from_secs(7 * 24 * 3600));
        for (owner, age, up, expected) in [
            (Life::Alive, week, Some(hour), false),
            (Life::Dead, Duration::ZERO, None, true),
            (Life::Unknown, minute, Some(hour), false),
            (Life::Unknown, hour, Some(minute), true),
            (Life::Unknown, hour, None, false),
            (Life::Unknown, week, None, true),
        ] {
            assert_eq!(network_has_no_use(owner, age, up), expected, "{owner:?} {age:?} {up:?}");
        }
        assert!(!is_left_network(&Network::default(), &Owner::this(), SystemTime::now()), "somebody else's");
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
