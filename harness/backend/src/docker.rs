//! What is asked of Docker beside starting containers.

use std::time::Duration;

use futures_util::StreamExt;
use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error;
use testcontainers::bollard::models::ContainerSummary;
use testcontainers::bollard::query_parameters::{
    CreateImageOptionsBuilder, ListContainersOptionsBuilder, LogsOptionsBuilder, RemoveContainerOptionsBuilder,
};
use testcontainers::core::client::docker_client_instance;
use tokio::time::timeout;

use crate::error::Failure;
use crate::owner::Owner;
use crate::start::Progress;
use crate::tail::Tail;

/// On each of our containers: its [`Owner`].
pub(crate) const LABEL: &str = "tagproof.owner";
/// How long Docker may take to say that it is there.
const PING: Duration = Duration::from_secs(5);
/// How long it may take for anything else.
const PATIENCE: Duration = Duration::from_secs(60);

/// Docker, if it answers.
pub(crate) async fn connect() -> Result<Docker, Failure> {
    let docker = docker_client_instance().await.map_err(|failure| Failure::Docker(failure.to_string()))?;
    match timeout(PING, docker.ping()).await {
        Ok(Ok(_)) => Ok(docker),
        Ok(Err(failure)) => Err(Failure::Docker(whole(&failure))),
        Err(_) => Err(Failure::Docker(format!("no answer within {} s", PING.as_secs()))),
    }
}

/// Sees that an image is there.
pub(crate) async fn have(docker: &Docker, image: &str, progress: Progress<'_>) -> Result<(), Failure> {
    let missing = |why: String| Failure::Image { image: image.to_owned(), why };
    match timeout(PATIENCE, docker.inspect_image(image)).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(failure)) if status(&failure) == Some(404) => {}
        Ok(Err(failure)) => return Err(missing(whole(&failure))),
        Err(_) => return Err(Failure::Docker(format!("no answer within {} s", PATIENCE.as_secs()))),
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
    let label = of.map_or_else(|| LABEL.to_owned(), |owner| format!("{LABEL}={owner}"));
    let filters = [("label".to_owned(), vec![label])].into();
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    timeout(PATIENCE, docker.list_containers(Some(options))).await.ok().and_then(Result::ok).unwrap_or_default()
}

/// Removes a container and its volumes, running or not. That somebody else does so, or has, is well.
pub(crate) async fn remove(docker: &Docker, id: &str) -> Result<(), Failure> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match timeout(PATIENCE, docker.remove_container(id, Some(options))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) if matches!(status(&failure), Some(404 | 409)) => Ok(()),
        Ok(Err(failure)) => Err(Failure::Container { what: "remove its container", why: whole(&failure) }),
        Err(_) => Err(Failure::Docker(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}

/// The last lines that a container printed.
pub(crate) async fn log(docker: &Docker, id: &str, lines: usize) -> Vec<String> {
    let tail = Tail::default();
    let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&lines.to_string()).build();
    let read = async {
        let mut pieces = std::pin::pin!(docker.logs(id, Some(options)));
        while let Some(Ok(piece)) = pieces.next().await {
            tail.push(&piece.into_bytes());
        }
    };
    // What has come until then is better than nothing.
    let _late = timeout(PING, read).await;
    tail.last(lines)
}

/// An error with what caused it: what the client says by itself is often only that there was one.
fn whole(failure: &Error) -> String {
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

fn status(failure: &Error) -> Option<u16> {
    match failure {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}
