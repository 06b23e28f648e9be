//! Containers in Docker: their images, and the place where they find the account.

mod cached;
mod container;
mod docker_objects;
mod network;

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use docker::DockerError;
use docker::bollard::Docker;
use ecs::{ContainerBrief, TaskBrief};
use tokio::sync::Mutex as Turn;
use tokio::time::{Instant, sleep};
use wire::{Door, Hosted, Log};

use crate::environment;
use cached::Cached;
pub(crate) use container::Container;
use docker_objects::DockerObjects;
use network::{ADDRESS, Network};

/// How long a port may be in use by who is closing it.
const CLOSING: Duration = Duration::from_secs(3);
/// How often is looked whether it is free.
const LOOK: Duration = Duration::from_millis(50);

/// Docker, asked for when it is first needed.
pub(crate) struct Engine {
    log: Log,
    docker: Turn<Cached<Docker>>,
    /// Each by itself: who waits for one that is being pulled does not keep others waiting.
    images: Mutex<HashMap<String, Arc<Turn<Cached<()>>>>>,
    task_network: Turn<Cached<Arc<TaskNetwork>>>,
    objects: Arc<DockerObjects>,
}

/// Where containers are, and where they ask. The door is closed before its address goes.
pub(crate) struct TaskNetwork {
    pub(crate) door: Door,
    pub(crate) network: Arc<Network>,
}

impl Engine {
    pub(crate) fn new(log: Log) -> Self {
        let (docker, images, task_network) = (Turn::default(), Mutex::default(), Turn::default());
        Self { log, docker, images, task_network, objects: Arc::default() }
    }

    /// Whether an image is there already.
    pub(crate) async fn has(&self, image: &str) -> bool {
        match self.docker().await {
            Ok(docker) => docker::has(&docker, image).await.unwrap_or_default(),
            Err(_) => false,
        }
    }

    /// Sees that an image and a place are there.
    ///
    /// # Errors
    /// Why they cannot be had, and what to do.
    pub(crate) async fn prepare(&self, hosted: &Hosted, image: &str) -> Result<(), String> {
        let docker = self.docker().await?;
        let progress = |line: &str| (self.log)(line);
        let having = async { docker::have(&docker, image, &progress).await.map_err(|error| told(&error)) };
        cached::get(&self.known(image), having).await?;
        self.task_network(hosted).await.map(|_| ())
    }

    /// Starts a container of a task.
    ///
    /// # Errors
    /// Why it cannot be started, as ECS writes it.
    pub(crate) async fn start(
        &self,
        hosted: &Hosted,
        task: &TaskBrief,
        container: &ContainerBrief,
        image: &str,
    ) -> Result<Container, String> {
        self.prepare(hosted, image).await.map_err(|why| format!("CannotPullContainerError: {why}"))?;
        let failed = |why: String| format!("CannotStartContainerError: {why}");
        if signals::is_ending() {
            return Err(failed("this program is being ended by a signal".to_owned()));
        }
        let docker = self.docker().await.map_err(failed)?;
        let task_network = self.task_network(hosted).await.map_err(failed)?;
        let environment = environment::of_container(&task_network.door, hosted, task, container);
        let started =
            Container::start(&docker, task_network, self.objects.clone(), image, container, &environment).await;
        started.map_err(|error| failed(told(&error)))
    }

    /// Where containers ask, once that is known.
    pub(crate) async fn endpoint(&self) -> Option<String> {
        self.task_network.lock().await.there.as_ref().map(|task_network| task_network.door.url())
    }

    /// Removes everything that was made.
    pub(crate) async fn clear(&self) {
        let Some(docker) = self.docker.lock().await.there.clone() else { return };
        self.objects.clear(&docker).await;
        if let Some(task_network) = self.task_network.lock().await.there.take() {
            // What cannot be removed is left to the next run.
            let _left = task_network.network.remove().await;
        }
    }

    fn known(&self, image: &str) -> Arc<Turn<Cached<()>>> {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        images.entry(image.to_owned()).or_default().clone()
    }

    async fn docker(&self) -> Result<Docker, String> {
        let connecting = async {
            let docker = docker::connect().await.map_err(|error| told(&error))?;
            docker::sweep(&docker, &|line| (self.log)(line)).await;
            Ok::<_, String>(docker)
        };
        cached::get(&self.docker, connecting).await
    }

    /// The place for a world's containers: for all worlds of one listener the same.
    async fn task_network(&self, hosted: &Hosted) -> Result<Arc<TaskNetwork>, String> {
        let mut task_network = self.task_network.lock().await;
        let network = match task_network.known() {
            Some(Ok(there)) if !there.door.leads_to(hosted) => {
                task_network.there = None;
                let network = there.network.clone();
                if let Some(TaskNetwork { door, .. }) = Arc::into_inner(there) {
                    door.close().await;
                }
                Some(network)
            }
            Some(known) => return known,
            None => None,
        };
        let opened = self.open(hosted, network).await;
        task_network.keep(opened)
    }

    async fn open(&self, hosted: &Hosted, network: Option<Arc<Network>>) -> Result<Arc<TaskNetwork>, String> {
        let network = match network {
            Some(network) => network,
            None => Arc::new(Network::make(&self.docker().await?, &self.log, &self.objects).await?),
        };
        let door = match at_port_80(hosted).await {
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::AddrInUse) => {
                (self.log)(&format!(
                    "port 80 of {ADDRESS} cannot be had ({error}): containers find their credentials by \
                     AWS_CONTAINER_CREDENTIALS_FULL_URI, where ECS has AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
                ));
                hosted.open_door(SocketAddr::new(ADDRESS.into(), 0)).await
            }
            opened => opened,
        };
        let door = door.map_err(|error| {
            format!(
                "cannot listen on {ADDRESS}, which Docker was to give to this machine: {error}; where Docker runs on \
                 another machine or in a virtual one, take --launcher process"
            )
        })?;
        Ok(Arc::new(TaskNetwork { door, network }))
    }
}

/// The run before has given up the network, and may still be closing its door.
async fn at_port_80(hosted: &Hosted) -> io::Result<Door> {
    let until = Instant::now() + CLOSING;
    loop {
        match hosted.open_door(SocketAddr::new(ADDRESS.into(), 80)).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse && Instant::now() < until => sleep(LOOK).await,
            opened => return opened,
        }
    }
}

impl Drop for Engine {
    /// What is still there when nobody has cleared it: after a panic, for one.
    fn drop(&mut self) {
        let Some(docker) = self.docker.get_mut().there.take() else { return };
        if !self.objects.is_empty() {
            let objects = self.objects.clone();
            docker::run_to_end(async move { objects.clear(&docker).await });
        }
    }
}

fn told(error: &DockerError) -> String {
    format!("{error}: {}", error.mend())
}
