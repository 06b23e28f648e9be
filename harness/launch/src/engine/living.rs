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
pub(super) struct Living {
    /// The names of containers.
    containers: Mutex<HashSet<String>>,
    /// What Docker has not said yet whether it has made. Once asked, it makes it.
    asked: Mutex<HashSet<Asked>>,
}

/// What Docker is asked to make, by its name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    Container(String),
    Network(String),
}

impl Living {
    /// Has something made. If nobody waits for the answer any more, or none comes, [`clear`](Self::clear) removes it.
    pub(super) async fn ask<T>(
        &self,
        asked: Asked,
        making: impl Future<Output = Result<T, DockerError>>,
    ) -> Result<T, DockerError> {
        held(&self.asked).insert(asked.clone());
        let made = making.await;
        let is_silent = made.as_ref().is_err_and(|error| error.status().is_none());
        if !is_silent {
            held(&self.asked).remove(&asked);
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
        held(&self.containers).is_empty() && held(&self.asked).is_empty()
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
        let asked = std::mem::take(&mut *held(&self.asked));
        if !asked.is_empty() {
            sleep(LATE).await;
            join_all(asked.iter().map(|asked| asked.remove(docker))).await;
        }
    }
}

impl Asked {
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
