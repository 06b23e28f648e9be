//! A further address of a listener, for the containers of its tasks: credentials and metadata where ECS has them, and
//! the account itself.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Hosted;
use crate::server::{Audience, Doorway};

/// An address at which containers of tasks ask. Dropping it closes it; with the listener it ends as well.
pub struct Door {
    address: SocketAddr,
    doorway: Doorway,
    accepting: JoinHandle<()>,
}

/// Where a container finds what ECS has for it, as paths on a [`Door`].
#[derive(Clone, PartialEq, Eq)]
pub struct ContainerPaths {
    /// Its task's credentials; `None` for a task without a role. Everybody who knows the path may read them.
    pub credentials: Option<String>,
    /// The task metadata endpoint, version 4.
    pub metadata: String,
}

impl Door {
    /// Where it is: `http://169.254.170.2`, with the port if it is another than 80.
    #[must_use]
    pub fn url(&self) -> String {
        match self.address.port() {
            80 => format!("http://{}", self.address.ip()),
            _ => format!("http://{}", self.address),
        }
    }

    /// Whether it is at HTTP's own port.
    #[must_use]
    pub fn is_at_port_80(&self) -> bool {
        self.address.port() == 80
    }

    /// Closes it, and waits until its address is free.
    pub async fn close(mut self) {
        self.accepting.abort();
        let _aborted = (&mut self.accepting).await;
    }

    /// Whether a world is behind it.
    #[must_use]
    pub fn leads_to(&self, hosted: &Hosted) -> bool {
        self.doorway.is_the_same(hosted.doorway()) && !self.accepting.is_finished()
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Door").field("address", &self.address).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ContainerPaths {
    /// Without the paths, which are secrets.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ContainerPaths").finish_non_exhaustive()
    }
}

impl Hosted {
    /// Opens an address for containers, to all worlds of this one's listener. Nobody outside its /24 is answered.
    ///
    /// # Errors
    /// The address is in use, not this machine's, or not for this user to take; or the listener is gone.
    pub async fn open_door(&self, address: SocketAddr) -> io::Result<Door> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let doorway = self.doorway().clone();
        let accepting = doorway.open(listener, Audience::Containers)?;
        Ok(Door { address, doorway, accepting })
    }

    /// Where a container of a task, given by its ARN, finds what ECS has for it; `None`: the task is not there.
    #[must_use]
    pub fn container_paths(&self, task: &str, container: &str) -> Option<ContainerPaths> {
        let (endpoint, key) = self.with(|world| {
            (::ecs::task_endpoint(world, task), ::ecs::task_metadata_key(world, task).map(str::to_owned))
        });
        let (realm, id) = (self.realm(), task.rsplit('/').next().unwrap_or(task));
        let credentials = endpoint.map(|endpoint| format!("/v2/credentials/{realm}.{id}.{}", endpoint.token));
        Some(ContainerPaths { credentials, metadata: format!("/v4/{realm}.{id}.{}.{container}", key?) })
    }
}
