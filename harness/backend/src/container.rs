//! An emulator in a container.

use std::collections::HashMap;
use std::time::Duration;

use testcontainers::bollard::Docker;
use testcontainers::bollard::models::{HostConfig, PortBinding};
use testcontainers::core::{ContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, Image, ImageExt, TestcontainersError};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::docker::{self, LABEL};
use crate::error::Failure;
use crate::owner::Owner;
use crate::signals;
use crate::versions::Emulator;

/// How long Docker may take to say how a container is.
const PATIENCE: Duration = Duration::from_secs(5);

/// A container. Dropping it removes it.
pub(crate) struct Container {
    docker: Docker,
    /// None once it is being removed.
    container: Option<ContainerAsync<EmulatorImage>>,
    id: String,
    url: String,
}

impl Container {
    /// Starts one. It listens on loopback, at a port that the system chooses, so that several can run side by side.
    pub(crate) async fn start(
        docker: Docker,
        emulator: &'static Emulator,
        version: &str,
        environment: Vec<(&'static str, String)>,
        within: Duration,
    ) -> Result<Self, Failure> {
        signals::arm();
        let port = emulator.port;
        let image =
            EmulatorImage { name: emulator.image, version: version.to_owned(), ports: [ContainerPort::Tcp(port)] };
        let mut request = image
            .with_label(LABEL, Owner::this().to_string())
            .with_startup_timeout(within)
            .with_host_config_modifier(move |config| on_loopback(config, port));
        for (name, value) in environment {
            request = request.with_env_var(name, value);
        }
        let container = request.start().await.map_err(not_started)?;
        let port = container.get_host_port_ipv4(port).await.map_err(not_started)?;
        let id = container.id().to_owned();
        Ok(Self { docker, container: Some(container), id, url: format!("http://127.0.0.1:{port}") })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn last_log_lines(&self, count: usize) -> Vec<String> {
        docker::log(&self.docker, &self.id, count).await
    }

    /// How it ended, if it has. Of a Docker that is busy nothing can be said.
    pub(crate) async fn ended(&self) -> Option<Failure> {
        let container = self.container.as_ref()?;
        match timeout(PATIENCE, container.exit_code()).await {
            Ok(Ok(None)) | Err(_) => None,
            Ok(Ok(Some(code))) => Some(Failure::Ended(format!("its container with exit code {code}"))),
            Ok(Err(failure)) => match docker::connect().await {
                Ok(_) => Some(Failure::Ended(failure.to_string())),
                Err(gone) => Some(gone),
            },
        }
    }

    /// Removes it, and its volumes.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        let Some(container) = self.container.take() else { return Ok(()) };
        match container.rm().await {
            Ok(()) => Ok(()),
            // That somebody else was faster is well.
            Err(_) => docker::remove(&self.docker, &self.id).await,
        }
    }
}

impl Drop for Container {
    /// In a runtime of its own: the one it was made in may have ended, or be of a kind that must not be blocked.
    fn drop(&mut self) {
        let Some(container) = self.container.take() else { return };
        let removing = std::thread::spawn(move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                let _removed = runtime.block_on(container.rm());
            }
        });
        let _ended = removing.join();
    }
}

fn not_started(failure: TestcontainersError) -> Failure {
    Failure::Container { what: "start its container", why: failure.to_string() }
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
