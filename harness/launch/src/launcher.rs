//! A launcher: what runs containers, and how many tasks at once.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use account::ecs::{ContainerBrief, TaskBrief};
use tempfile::TempDir;
use tokio::process::Child;
use tokio::sync::Semaphore;
use wire::Hosted;

use crate::images::Images;
use crate::process::{self, Group};
use crate::warden::Warden;

/// Runs the containers of tasks.
#[derive(Debug)]
pub struct Launcher {
    images: Images,
    /// For how long a task may run.
    pub(crate) limit: Duration,
    pub(crate) room: Semaphore,
    /// Ends before the folder is removed.
    warden: Mutex<Option<Arc<Warden>>>,
    folder: TempDir,
}

/// For how long a task may run, if it is not said.
const LIMIT: Duration = Duration::from_secs(60);

impl Launcher {
    /// Containers as processes of this machine.
    ///
    /// # Errors
    /// There is no place for temporary folders.
    pub fn process(images: Images) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("tagproof-tasks-").tempdir()?;
        let tasks = std::thread::available_parallelism().map_or(2, usize::from) * 2;
        Ok(Self { images, limit: LIMIT, room: Semaphore::new(tasks), warden: Mutex::default(), folder })
    }

    /// The same with another limit to how long a task may run before it is stopped.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Why a container cannot be run here, in words that say what to do.
    ///
    /// # Errors
    /// Those words.
    pub fn check(&self, container: &ContainerBrief) -> Result<(), String> {
        self.images.program(container).map(|_| ())
    }

    /// Starts a container of a task.
    pub(crate) async fn start(
        &self,
        hosted: &Hosted,
        task: &TaskBrief,
        container: &ContainerBrief,
    ) -> Result<(Child, Group), String> {
        let environment = environment(hosted, task, container);
        let warden = self.warden().map_err(|error| format!("/bin/sh: {error}"))?;
        process::start(&self.images, container, &environment, &warden, self.folder.path()).await
    }

    /// The one warden over all containers, there from the first on.
    fn warden(&self) -> io::Result<Arc<Warden>> {
        let mut warden = self.warden.lock().unwrap_or_else(PoisonError::into_inner);
        match &*warden {
            Some(warden) => Ok(warden.clone()),
            None => Ok(warden.insert(Arc::new(Warden::new(self.folder.path())?)).clone()),
        }
    }
}

/// What ECS sets in a container, then what its definition says.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
fn environment(hosted: &Hosted, task: &TaskBrief, container: &ContainerBrief) -> Vec<(String, String)> {
    let mut environment = vec![
        ("AWS_ENDPOINT_URL", hosted.endpoint().to_owned()),
        ("AWS_REGION", task.region.clone()),
        ("AWS_DEFAULT_REGION", task.region.clone()),
        ("AWS_EXECUTION_ENV", if task.fargate { "AWS_ECS_FARGATE" } else { "AWS_ECS_EC2" }.to_owned()),
        // Whoever finds no credentials would ask the machine's own metadata service for some.
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    if let Some(endpoint) = hosted.container_credentials(&task.arn) {
        environment.push(("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.uri));
        environment.push(("AWS_CONTAINER_AUTHORIZATION_TOKEN", endpoint.token));
    }
    if let Some(uri) = hosted.container_metadata(&task.arn, &container.name) {
        environment.push(("ECS_CONTAINER_METADATA_URI_V4", uri));
    }
    let ecs = environment.into_iter().map(|(name, value)| (name.to_owned(), value));
    ecs.chain(container.environment.iter().cloned()).collect()
}
