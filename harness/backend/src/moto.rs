//! moto in a container: <https://docs.getmoto.org/en/latest/docs/server_mode.html>.

use std::collections::HashMap;

use testcontainers::bollard::models::{HostConfig, PortBinding};
use testcontainers::core::{ContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, Image, ImageExt, TestcontainersError};

const NAME: &str = "motoserver/moto";
/// The version whose behaviour is known; another may answer otherwise.
const VERSION: &str = "5.2.5";
const PORT: u16 = 5000;

/// A moto server in a container of its own. Dropping it removes the container.
pub struct Moto {
    container: ContainerAsync<MotoImage>,
    url: String,
}

/// Why there is no moto.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {NAME}:{VERSION} in Docker: {0}; is Docker running, and can the image be pulled?")]
pub struct StartError(#[from] TestcontainersError);

impl Moto {
    /// Starts a server and waits until it answers, a minute at most. It listens on loopback, at a port that the system
    /// chooses, so that several can run side by side.
    ///
    /// # Errors
    /// Docker does not answer, the image is not to be had, or the server does not come up in time.
    pub async fn start() -> Result<Moto, StartError> {
        let container = MotoImage.with_host_config_modifier(on_loopback).start().await?;
        let port = container.get_host_port_ipv4(PORT).await?;
        Ok(Moto { container, url: format!("http://127.0.0.1:{port}") })
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it and removes its container.
    ///
    /// # Errors
    /// Docker could not remove it.
    pub async fn stop(self) -> Result<(), StartError> {
        Ok(self.container.rm().await?)
    }
}

/// Docker would publish a port on every address of the machine.
fn on_loopback(config: &mut HostConfig) {
    let loopback = PortBinding { host_ip: Some("127.0.0.1".to_owned()), host_port: None };
    config.publish_all_ports = Some(false);
    config.port_bindings = Some(HashMap::from([(format!("{PORT}/tcp"), Some(vec![loopback]))]));
}

struct MotoImage;

impl Image for MotoImage {
    fn name(&self) -> &str {
        NAME
    }

    fn tag(&self) -> &str {
        VERSION
    }

    fn ready_conditions(&self) -> Vec<WaitFor> {
        vec![WaitFor::message_on_stderr("Running on http")]
    }

    fn expose_ports(&self) -> &[ContainerPort] {
        const { &[ContainerPort::Tcp(PORT)] }
    }
}
