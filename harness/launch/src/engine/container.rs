//! One container in Docker.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docker::bollard::Docker;
use docker::bollard::container::LogOutput;
use docker::bollard::errors::Error;
use docker::bollard::models::{ContainerCreateBody, HostConfig, HostConfigLogConfig, ResourcesUlimits};
use docker::bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, StopContainerOptionsBuilder,
};
use docker::{DockerError, LABEL, Owner};
use ecs::ContainerBrief;
use futures_util::{Stream, StreamExt};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use super::TaskNetwork;
use super::docker_objects::{DockerObjects, PendingObject};
use crate::printed::{Printed, Source};

/// In MiB, for a container that has no limit of its own and none of its task's.
const MEMORY: u64 = 2048;
/// How many processes and threads there may be.
const PROCESSES: i64 = 1024;
/// How much a file may hold.
const FILE_BYTES: i64 = 2 * 1024 * 1024 * 1024;
/// How long Docker may take beyond what a container has to end, and with its last words.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to learn why the kernel has killed one.
const RUMOUR: Duration = Duration::from_secs(1);
/// How often it is asked.
const LOOK: Duration = Duration::from_millis(100);

type Pieces = Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>;

/// A container. Dropping it removes it.
pub(crate) struct Container {
    named: Named,
    output: Option<Pieces>,
    objects: Arc<DockerObjects>,
    /// Goes after it.
    _task_network: Arc<TaskNetwork>,
}

/// A container by its name.
struct Named {
    docker: Docker,
    name: String,
}

impl Container {
    /// Starts one.
    pub(super) async fn start(
        docker: &Docker,
        task_network: Arc<TaskNetwork>,
        objects: Arc<DockerObjects>,
        image: &str,
        container: &ContainerBrief,
        environment: &[(String, String)],
    ) -> Result<Self, DockerError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        docker::remove_before_ending();
        let name = format!("tagproof-task-{}-{}", Owner::this(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let body = body(image, container, environment, &task_network.network.id);
        // From here on it is removed, whether it was made or not.
        objects.add(&name);
        let named = Named { docker: docker.clone(), name: name.clone() };
        let mut made = Self { named, output: None, objects, _task_network: task_network };
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        let making = docker::answer("make the container", docker.create_container(Some(options), body));
        made.objects.make(PendingObject::Container(name.clone()), making).await?;
        let options = AttachContainerOptionsBuilder::new().stream(true).stdout(true).stderr(true).build();
        let attached = docker.attach_container(&name, Some(options));
        made.output = Some(docker::answer("give the container's output", attached).await?.output);
        docker::answer("start the container", docker.start_container(&name, None)).await?;
        Ok(made)
    }

    /// Waits for its end; gives its exit code, and what ECS says beside it.
    pub(crate) async fn watch(
        mut self,
        stop: oneshot::Receiver<Duration>,
        printed: &mut Printed,
    ) -> (i32, Option<String>) {
        let mut output = Attached(self.output.take());
        let mut reading = std::pin::pin!(printed.follow(&mut output));
        let mut read = false;
        let mut code = {
            let mut ending = std::pin::pin!(self.named.end(stop));
            loop {
                tokio::select! {
                    code = &mut ending => break code,
                    () = &mut reading, if !read => read = true,
                }
            }
        };
        if !read {
            let _late = timeout(PATIENCE, reading).await;
        }
        let reason = self.named.reason(code).await;
        if code == UNKNOWN && reason.is_some() {
            code = KILLED;
        }
        self.objects.end(&self.named.docker, &self.named.name).await;
        (code, reason)
    }
}

impl Named {
    async fn end(&self, stop: oneshot::Receiver<Duration>) -> i32 {
        tokio::select! {
            code = self.ended() => return code,
            Ok(patience) = stop => {
                // SIGTERM, or what the image says instead; SIGKILL afterwards.
                let seconds = i32::try_from(patience.as_secs()).unwrap_or(i32::MAX);
                let options = StopContainerOptionsBuilder::new().t(seconds).build();
                let stopping = async {
                    // How it ended, its end tells.
                    let _told = self.docker.stop_container(&self.name, Some(options)).await;
                    self.ended().await
                };
                if let Ok(code) = timeout(patience + PATIENCE, stopping).await {
                    return code;
                }
            }
        }
        // Nothing helps: it is removed.
        UNKNOWN
    }

    /// Its exit code, once there is one. A Docker that is being restarted may take up its containers again.
    async fn ended(&self) -> i32 {
        for _ in 0..5 {
            match self.docker.wait_container(&self.name, None).next().await {
                Some(Ok(ended)) => return i32::try_from(ended.status_code).unwrap_or(UNKNOWN),
                Some(Err(Error::DockerContainerWaitError { code, .. })) => {
                    return i32::try_from(code).unwrap_or(UNKNOWN);
                }
                _ => sleep(Duration::from_secs(1)).await,
            }
        }
        UNKNOWN
    }

    /// docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
    async fn reason(&self, code: i32) -> Option<String> {
        let until = Instant::now() + RUMOUR;
        loop {
            if self.is_out_of_memory().await {
                return Some("OutOfMemoryError: Container killed due to memory usage".to_owned());
            }
            if code != KILLED || Instant::now() >= until {
                return None;
            }
            sleep(LOOK).await;
        }
    }

    async fn is_out_of_memory(&self) -> bool {
        let found = docker::answer("tell of the container", self.docker.inspect_container(&self.name, None)).await;
        found.ok().and_then(|found| found.state?.oom_killed).unwrap_or_default()
    }
}

/// The exit code of one that has told none.
const UNKNOWN: i32 = -1;
/// The exit code of one that SIGKILL has ended.
const KILLED: i32 = 137;

impl Drop for Container {
    fn drop(&mut self) {
        let Named { docker, name } = &self.named;
        if self.objects.has(name) {
            let (docker, name, objects) = (docker.clone(), name.clone(), self.objects.clone());
            docker::run_to_end(async move { objects.end(&docker, &name).await });
        }
    }
}

struct Attached(Option<Pieces>);

impl Source for Attached {
    async fn next(&mut self, buffer: &mut Vec<u8>) -> Option<()> {
        let piece = self.0.as_mut()?.next().await?.ok()?;
        buffer.clear();
        buffer.extend_from_slice(&piece.into_bytes());
        Some(())
    }
}

/// As on Fargate: no more privileges than Docker gives, and a limit to memory. Two of Docker's own are left out: with
/// NET_RAW a container could pass itself off as the address where others ask for their credentials, and with MKNOD make
/// devices. Nothing of this machine is in it, and its output is kept nowhere but here.
fn body(
    image: &str,
    container: &ContainerBrief,
    environment: &[(String, String)],
    network: &str,
) -> ContainerCreateBody {
    let limit =
        |name: &str, most: i64| ResourcesUlimits { name: Some(name.to_owned()), soft: Some(most), hard: Some(most) };
    let memory = container.memory.unwrap_or(MEMORY).saturating_mul(1024 * 1024);
    let memory = i64::try_from(memory).ok();
    let host = HostConfig {
        network_mode: Some(network.to_owned()),
        memory,
        // With swap it would be more.
        memory_swap: memory,
        pids_limit: Some(PROCESSES),
        ulimits: Some(vec![limit("core", 0), limit("fsize", FILE_BYTES)]),
        cap_drop: Some(vec!["NET_RAW".to_owned(), "MKNOD".to_owned()]),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
        readonly_rootfs: Some(container.read_only),
        init: Some(container.init),
        ..HostConfig::default()
    };
    ContainerCreateBody {
        image: Some(image.to_owned()),
        entrypoint: container.entry_point.clone().filter(|words| !words.is_empty()),
        cmd: Some(container.command.clone()).filter(|words| !words.is_empty()),
        env: Some(environment.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        working_dir: container.working_directory.clone(),
        user: container.user.clone(),
        labels: Some([(LABEL.to_owned(), Owner::this().to_string())].into()),
        host_config: Some(host),
        ..ContainerCreateBody::default()
    }
}
