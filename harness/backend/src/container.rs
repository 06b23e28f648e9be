//! An emulator in a container.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docker::bollard::Docker;
use docker::bollard::models::{HostConfig, PortBinding};
use docker::bollard::query_parameters::LogsOptionsBuilder;
use docker::{DockerError, LABEL, Owner};
use futures_util::StreamExt;
use testcontainers::core::{ContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, Image, ImageExt, TestcontainersError};
use tokio::time::timeout;

use crate::error::Failure;
use crate::tail::Tail;
use crate::versions::Emulator;

/// How long Docker may take to say how a container is.
const PATIENCE: Duration = Duration::from_secs(5);

/// A container. Dropping it removes it.
pub(crate) struct Container {
    docker: Docker,
    /// None once it is being removed.
    container: Option<ContainerAsync<EmulatorImage>>,
    name: String,
    port: u16,
}

/// A container that Docker has been asked for. testcontainers forgets one that was made and then did not start, as a
/// caller does that no longer waits.
struct Begun(Option<(Docker, String)>);

impl Container {
    /// Starts one. It listens on loopback, at a port that the system chooses, so that several can run side by side.
    pub(crate) async fn start(
        docker: Docker,
        emulator: &'static Emulator,
        version: &str,
        environment: Vec<(&'static str, String)>,
        within: Duration,
    ) -> Result<Self, Failure> {
        docker::remove_before_ending();
        let name = name(emulator);
        let begun = Begun(Some((docker.clone(), name.clone())));
        let port = emulator.port;
        let image =
            EmulatorImage { name: emulator.image, version: version.to_owned(), ports: [ContainerPort::Tcp(port)] };
        let mut request = image
            .with_container_name(&name)
            .with_label(LABEL, Owner::this().to_string())
            .with_startup_timeout(within)
            .with_host_config_modifier(move |config| on_loopback(config, port));
        for (name, value) in environment {
            request = request.with_env_var(name, value);
        }
        let container = request.start().await.map_err(not_started)?;
        begun.has_started();
        Ok(Self { docker, container: Some(container), name, port })
    }

    /// Where it is published, as long as it has not ended.
    pub(crate) async fn url(&self) -> Result<String, Failure> {
        let gone = || Failure::Ended("its container is gone".to_owned());
        let container = self.container.as_ref().ok_or_else(gone)?;
        match container.get_host_port_ipv4(self.port).await {
            Ok(port) => Ok(format!("http://127.0.0.1:{port}")),
            Err(failure) => Err(self.ended().await.unwrap_or_else(|| not_started(failure))),
        }
    }

    pub(crate) async fn last_log_lines(&self, count: usize) -> Vec<String> {
        last_lines(&self.docker, &self.name, count).await
    }

    /// How it ended, if it has. Of a Docker that is busy nothing can be said.
    pub(crate) async fn ended(&self) -> Option<Failure> {
        let container = self.container.as_ref()?;
        match timeout(PATIENCE, container.exit_code()).await {
            Ok(Ok(None)) | Err(_) => None,
            Ok(Ok(Some(code))) => Some(Failure::Ended(format!("its container with exit code {code}"))),
            Ok(Err(failure)) => match docker::connect().await {
                Ok(_) => Some(Failure::Ended(failure.to_string())),
                Err(gone) => Some(gone.into()),
            },
        }
    }

    /// Removes it, and its volumes.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        let Some(container) = self.container.take() else { return Ok(()) };
        match container.rm().await {
            Ok(()) => Ok(()),
            // That somebody else was faster is well.
            Err(_) => Ok(docker::remove(&self.docker, &self.name).await?),
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        if let Some(container) = self.container.take() {
            docker::run_to_end(async move { container.rm().await });
        }
    }
}

impl Begun {
    fn has_started(mut self) {
        self.0 = None;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some((docker, name)) = self.0.take() {
            docker::run_to_end(async move { docker::remove(&docker, &name).await });
        }
    }
}

/// The last lines that a container printed.
async fn last_lines(docker: &Docker, name: &str, count: usize) -> Vec<String> {
    let tail = Tail::default();
    let options = LogsOptionsBuilder::new().stdout(true).stderr(true).tail(&count.to_string()).build();
    let read = async {
        let mut pieces = std::pin::pin!(docker.logs(name, Some(options)));
        while let Some(Ok(piece)) = pieces.next().await {
            tail.push(&piece.into_bytes());
        }
    };
    // What has come until then is better than nothing.
    let _late = timeout(PATIENCE, read).await;
    tail.last(count)
}

/// A name that nobody else gives.
fn name(emulator: &Emulator) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("tagproof-{}-{}-{}", emulator.name, Owner::this(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

fn not_started(failure: TestcontainersError) -> Failure {
    DockerError::Refused { what: "start its container", why: failure.to_string(), status: None }.into()
}

fn on_loopback(config: &mut HostConfig, port: u16) {
    // Docker would publish every port of the image, on every address of the machine.
    let loopback = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: None };
    config.publish_all_ports = Some(false);
    config.port_bindings = Some(HashMap::from([(format!("{port}/tcp"), Some(vec![loopback]))]));
    // A Python that is process 1 lets signals pass by; `docker stop` would wait ten seconds for it.
    config.init = Some(true);
}

struct EmulatorImage {
    name: &'static str,
    version: String,
    ports: [ContainerPort; 1],
}

impl Image for EmulatorImage {
    fn name(&self) -> &str {
        self.name
    }

    fn tag(&self) -> &str {
        &self.version
    }

    /// None: whether it is up is asked over HTTP.
    fn ready_conditions(&self) -> Vec<WaitFor> {
        Vec::new()
    }

    fn expose_ports(&self) -> &[ContainerPort] {
        &self.ports
    }
}
