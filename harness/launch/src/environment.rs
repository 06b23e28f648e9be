//! What ECS sets in a container's environment.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

use ecs::{ContainerBrief, TaskBrief};
#[cfg(feature = "docker")]
use wire::Door;
use wire::Hosted;

/// What a process of this machine is told: the listener's own address, and a token that opens its task's credentials,
/// since everybody here can reach it.
pub(crate) fn of_process(hosted: &Hosted, task: &TaskBrief, container: &ContainerBrief) -> Vec<(String, String)> {
    let mut told = vec![("AWS_ENDPOINT_URL", hosted.endpoint().to_owned())];
    if let Some(endpoint) = hosted.container_credentials(&task.arn) {
        told.push(("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint.uri));
        told.push(("AWS_CONTAINER_AUTHORIZATION_TOKEN", endpoint.token));
    }
    if let Some(uri) = hosted.container_metadata(&task.arn, &container.name) {
        told.push(("ECS_CONTAINER_METADATA_URI_V4", uri));
    }
    whole(told, task, container)
}

/// What a container is told that asks at a door: as on ECS, unless the door is not at port 80, which
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` stands for.
/// docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#[cfg(feature = "docker")]
pub(crate) fn of_container(
    door: &Door,
    hosted: &Hosted,
    task: &TaskBrief,
    container: &ContainerBrief,
) -> Vec<(String, String)> {
    let mut told = vec![("AWS_ENDPOINT_URL", door.url())];
    if let Some(paths) = hosted.container_paths(&task.arn, &container.name) {
        told.push(("ECS_CONTAINER_METADATA_URI_V4", format!("{}{}", door.url(), paths.metadata)));
        match paths.credentials {
            Some(path) if door.is_at_port_80() => told.push(("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path)),
            Some(path) => told.push(("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}{path}", door.url()))),
            None => {}
        }
    }
    whole(told, task, container)
}

/// With what does not depend on where it runs, and what the container's definition says.
fn whole(told: Vec<(&str, String)>, task: &TaskBrief, container: &ContainerBrief) -> Vec<(String, String)> {
    let always = [
        ("AWS_REGION", task.region.clone()),
        ("AWS_DEFAULT_REGION", task.region.clone()),
        ("AWS_EXECUTION_ENV", if task.fargate { "AWS_ECS_FARGATE" } else { "AWS_ECS_EC2" }.to_owned()),
        // A client that finds no credentials would ask the machine's own metadata service for some.
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    let ecs = told.into_iter().chain(always).map(|(name, value)| (name.to_owned(), value));
    ecs.chain(container.environment.iter().cloned()).collect()
}
