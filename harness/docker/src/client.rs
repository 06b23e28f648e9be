//! What is asked of Docker.

use std::time::Duration;

use futures_util::StreamExt;
use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error;
use testcontainers::bollard::models::{ContainerSummary, Network};
use testcontainers::bollard::query_parameters::{
    CreateImageOptionsBuilder, ListContainersOptionsBuilder, ListNetworksOptionsBuilder, RemoveContainerOptionsBuilder,
};
use testcontainers::core::client::docker_client_instance;
use tokio::time::{sleep, timeout};

use crate::error::{DockerError, status, whole};
use crate::owner::Owner;

/// On each of our containers and networks: its [`Owner`].
pub const LABEL: &str = "tagproof.owner";
/// How long Docker may take to say that it is there.
const PING: Duration = Duration::from_secs(5);
/// How long it may take for anything else.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a removal that somebody else has begun is waited for.
const REMOVAL: Duration = Duration::from_secs(10);

/// Told in a line what takes long, or was removed.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

/// Docker.
///
/// # Errors
/// It does not answer.
pub async fn connect() -> Result<Docker, DockerError> {
    let docker = docker_client_instance().await.map_err(|failure| DockerError::Silent(failure.to_string()))?;
    match timeout(PING, docker.ping()).await {
        Ok(Ok(_)) => Ok(docker),
        Ok(Err(failure)) => Err(DockerError::Silent(whole(&failure))),
        Err(_) => Err(silent(PING)),
    }
}

/// What Docker answers to a question: `what` it is to do, as errors tell.
///
/// # Errors
/// It refuses, or does not answer in time.
pub async fn answer<T>(what: &'static str, asked: impl Future<Output = Result<T, Error>>) -> Result<T, DockerError> {
    match timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failure)) => Err(DockerError::refused(what, &failure)),
        Err(_) => Err(silent(PATIENCE)),
    }
}

/// Whether an image is there.
///
/// # Errors
/// Docker does not say.
pub async fn has(docker: &Docker, image: &str) -> Result<bool, DockerError> {
    match answer("look for the image", docker.inspect_image(image)).await {
        Ok(_) => Ok(true),
        Err(error) if error.status() == Some(404) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Sees that an image, named with its tag, is there: else it is pulled.
///
/// # Errors
/// It cannot be had.
pub async fn have(docker: &Docker, image: &str, progress: Progress<'_>) -> Result<(), DockerError> {
    let missing = |why: String| DockerError::Image { image: image.to_owned(), why };
    match has(docker, image).await {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(DockerError::Refused { why, .. }) => return Err(missing(why)),
        Err(error) => return Err(error),
    }
    progress(&format!("pulling {image}"));
    let options = CreateImageOptionsBuilder::new().from_image(image).build();
    let mut steps = std::pin::pin!(docker.create_image(Some(options), None, None));
    // It may take long, as long as something happens.
    loop {
        match timeout(PATIENCE, steps.next()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(step))) => {
                if let Some(why) = step.error_detail.and_then(|detail| detail.message) {
                    return Err(missing(why));
                }
            }
            Ok(Some(Err(failure))) => return Err(missing(whole(&failure))),
            Err(_) => return Err(missing(format!("nothing came for {} s", PATIENCE.as_secs()))),
        }
    }
}

/// All containers of ours, or those of one owner.
pub(crate) async fn containers(docker: &Docker, of: Option<&Owner>) -> Vec<ContainerSummary> {
    let filters = [("label".to_owned(), vec![label(of)])].into();
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    answer("list containers", docker.list_containers(Some(options))).await.unwrap_or_default()
}

/// Removes a container and its volumes, running or not. That somebody else has is well; for one who does it is waited.
///
/// # Errors
/// Docker did not.
pub async fn remove(docker: &Docker, id: &str) -> Result<(), DockerError> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match timeout(PATIENCE, docker.remove_container(id, Some(options))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) if status(&failure) == Some(404) => Ok(()),
        Ok(Err(failure)) if status(&failure) == Some(409) => {
            // What is still there then is somebody else's business.
            let _late = timeout(REMOVAL, removed(docker, id)).await;
            Ok(())
        }
        Ok(Err(failure)) => Err(DockerError::refused("remove the container", &failure)),
        Err(_) => Err(silent(PATIENCE)),
    }
}

/// Waits until a container is gone.
async fn removed(docker: &Docker, id: &str) {
    while docker.inspect_container(id, None).await.is_ok() {
        sleep(Duration::from_millis(50)).await;
    }
}

/// All networks.
///
/// # Errors
/// Docker does not say.
pub async fn networks(docker: &Docker) -> Result<Vec<Network>, DockerError> {
    answer("list networks", docker.list_networks(None)).await
}

/// The networks of ours, or those of one owner.
pub(crate) async fn our_networks(docker: &Docker, of: Option<&Owner>) -> Vec<Network> {
    let filters = [("label".to_owned(), vec![label(of)])].into();
    let options = ListNetworksOptionsBuilder::new().filters(&filters).build();
    answer("list networks", docker.list_networks(Some(options))).await.unwrap_or_default()
}

/// Removes a network, in which nothing is any more. That somebody else has is well.
///
/// # Errors
/// Docker did not.
pub async fn remove_network(docker: &Docker, id: &str) -> Result<(), DockerError> {
    match answer("remove the network", docker.remove_network(id)).await {
        Err(error) if error.status() == Some(404) => Ok(()),
        removed => removed,
    }
}

fn label(of: Option<&Owner>) -> String {
    of.map_or_else(|| LABEL.to_owned(), |owner| format!("{LABEL}={owner}"))
}

fn silent(waited: Duration) -> DockerError {
    DockerError::Silent(format!("no answer within {} s", waited.as_secs()))
}
