//! What this launcher has in Docker, so that nothing of it stays.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docker::DockerError;
use docker::bollard::Docker;
use futures_util::future::join_all;
use tokio::time::sleep;

/// How long Docker may take to make what nobody waits for any more.
const LATE: Duration = Duration::from_secs(2);

/// What is there, and what may come.
#[derive(Default)]
pub(super) struct DockerObjects {
    /// The names of containers.
    containers: Mutex<HashSet<String>>,
    /// What Docker has not said yet whether it has made. Once asked, it makes it.
    pending: Mutex<HashSet<PendingObject>>,
}

/// What Docker is asked to make, by its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum PendingObject {
    Container(String),
    Network(String),
}

impl DockerObjects {
    /// Has something made. If nobody waits for the answer any more, or none comes, [`clear`](Self::clear) removes it.
    pub(super) async fn make<T>(
        &self,
        pending: PendingObject,
        making: impl Future<Output = Result<T, DockerError>>,
    ) -> Result<T, DockerError> {
        held(&self.pending).insert(pending.clone());
        let made = making.await;
        let is_silent = made.as_ref().is_err_and(|error| error.status().is_none());
        if !is_silent {
            held(&self.pending).remove(&pending);
        }
        made
    }

    pub(super) fn add(&self, container: &str) {
        held(&self.containers).insert(container.to_owned());
    }

    pub(super) fn has(&self, container: &str) -> bool {
        held(&self.containers).contains(container)
    }

    pub(super) fn is_empty(&self) -> bool {
        held(&self.containers).is_empty() && held(&self.pending).is_empty()
    }

    /// Removes a container. What cannot be removed is left to the next run.
    pub(super) async fn end(&self, docker: &Docker, container: &str) {
        if docker::remove(docker, container).await.is_ok() {
            held(&self.containers).remove(container);
        }
    }

    pub(super) async fn clear(&self, docker: &Docker) {
        let containers: Vec<String> = held(&self.containers).iter().cloned().collect();
        join_all(containers.iter().map(|container| self.end(docker, container))).await;
        let pending = std::mem::take(&mut *held(&self.pending));
        if !pending.is_empty() {
            sleep(LATE).await;
            join_all(pending.iter().map(|pending| pending.remove(docker))).await;
        }
    }
}

impl PendingObject {
    async fn remove(&self, docker: &Docker) -> Result<(), DockerError> {
        match self {
            Self::Container(name) => docker::remove(docker, name).await,
            Self::Network(name) => docker::remove_network(docker, name).await,
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
