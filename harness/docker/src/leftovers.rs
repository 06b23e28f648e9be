//! What a signal leaves behind. A process that ends by one does not get to drop anything, and its containers go on.
//!
//! testcontainers has a watchdog for that. This is here instead because a program that stops its containers itself when it
//! is interrupted, as `tagproof run` does, makes the watchdog's own removal fail, which panics its thread and leaves every
//! later signal without effect; because it waits ten seconds for a container that lets SIGTERM pass; and because it does
//! not know SIGHUP, by which a terminal ends what was started in it.

use std::time::Duration;

use futures_util::future::join_all;
use testcontainers::bollard::Docker;
use tokio::time::sleep;

use crate::client;
use crate::owner::Owner;

/// How long after the last look something may have been made that was under way.
const LATE: Duration = Duration::from_secs(1);

/// From now on a signal ends this process only after its containers and networks are gone.
pub fn remove_before_ending() {
    signals::before_ending(async || {
        if let Ok(docker) = client::connect().await {
            clear(&docker).await;
            // What was being made meanwhile.
            sleep(LATE).await;
            clear(&docker).await;
        }
    });
}

/// Removes what this process has made.
async fn clear(docker: &Docker) {
    let this = Owner::this();
    let containers = client::containers(docker, Some(&this)).await;
    let ids = containers.into_iter().filter_map(|container| container.id);
    join_all(ids.map(async |id| client::remove(docker, &id).await)).await;
    let networks = client::our_networks(docker, Some(&this)).await;
    let ids = networks.into_iter().filter_map(|network| network.id);
    join_all(ids.map(async |id| client::remove_network(docker, &id).await)).await;
}
