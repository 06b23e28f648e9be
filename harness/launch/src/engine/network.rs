//! The network of containers. It is one that leads nowhere but to this machine, whose address on it is 169.254.170.2:
//! there every SDK looks for a task's credentials.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
//!
//! There can be one such network on a machine, so making it is also taking one's turn: Docker refuses a second one.

use std::net::Ipv4Addr;
use std::time::Duration;

use docker::bollard::Docker;
use docker::bollard::models::{Ipam, IpamConfig, Network as Found, NetworkCreateRequest};
use docker::{LABEL, Life, Owner};
use tokio::time::{Instant, sleep};
use wire::Log;

use super::told;

/// Where containers ask.
pub(crate) const ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
const SUBNET: &str = "169.254.170.0/24";
/// How long another run may have the network.
const TURN: Duration = Duration::from_secs(600);
/// How often is looked whether it has gone.
const LOOK: Duration = Duration::from_millis(500);

/// A network. Dropping it removes it.
pub(crate) struct Network {
    docker: Docker,
    pub(crate) id: String,
}

impl Network {
    /// Makes it, when no other run has it any more.
    ///
    /// # Errors
    /// Why it cannot be had, and what to do.
    pub(super) async fn make(docker: &Docker, log: &Log) -> Result<Self, String> {
        refuse_on_ecs(|name| std::env::var_os(name).is_some())?;
        docker::arm();
        let until = Instant::now() + TURN;
        let mut waits = false;
        loop {
            let made = docker::answer("make a network", docker.create_network(request())).await;
            let error = match made {
                Ok(made) => return Ok(Self { docker: docker.clone(), id: made.id }),
                Err(error) if error.to_string().contains("overlaps") => error,
                Err(error) => return Err(told(&error)),
            };
            docker::sweep(docker, &|line| log(line)).await;
            let networks = docker::networks(docker).await.map_err(|error| told(&error))?;
            let here = Owner::this();
            match networks.iter().find(|network| overlaps(network)).map(|network| (name(network), life(network, &here)))
            {
                Some((name, None)) => {
                    return Err(format!(
                        "the network {name} has the addresses {SUBNET}, at which ECS has credentials: remove it with \
                     `docker network rm {name}`, or take --launcher process"
                    ));
                }
                Some((name, Some(_))) if Instant::now() >= until => {
                    return Err(format!(
                        "another run has had the containers' network for {} minutes: end it, or remove what it has left \
                     with `docker network rm {name}`",
                        TURN.as_secs() / 60
                    ));
                }
                None if Instant::now() >= until => return Err(told(&error)),
                Some((name, Some(_))) if !waits => {
                    log(&format!(
                        "another run has the containers' network ({name}); this one goes on when it has ended"
                    ));
                    waits = true;
                }
                _ => {}
            }
            sleep(LOOK).await;
        }
    }

    /// Removes it. What is in it has to be gone.
    pub(super) async fn remove(&self) -> Result<(), docker::DockerError> {
        docker::remove_network(&self.docker, &self.id).await
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let (docker, id) = (self.docker.clone(), self.id.clone());
        docker::finish(async move { docker::remove_network(&docker, &id).await });
    }
}

/// Containers reach this machine and nobody else, not one another either.
fn request() -> NetworkCreateRequest {
    let addresses =
        IpamConfig { subnet: Some(SUBNET.to_owned()), gateway: Some(ADDRESS.to_string()), ..IpamConfig::default() };
    let owner = Owner::this().to_string();
    NetworkCreateRequest {
        name: format!("tagproof-tasks-{owner}"),
        driver: Some("bridge".to_owned()),
        internal: Some(true),
        ipam: Some(Ipam { config: Some(vec![addresses]), ..Ipam::default() }),
        options: Some([("com.docker.network.bridge.enable_icc".to_owned(), "false".to_owned())].into()),
        labels: Some([(LABEL.to_owned(), owner)].into()),
        ..NetworkCreateRequest::default()
    }
}

/// On ECS, and in CodeBuild, the address is where this program's own credentials come from.
fn refuse_on_ecs(is_set: impl Fn(&str) -> bool) -> Result<(), String> {
    let names =
        ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "ECS_CONTAINER_METADATA_URI", "ECS_CONTAINER_METADATA_URI_V4"];
    match names.into_iter().find(|name| is_set(name)) {
        Some(name) => Err(format!(
            "this is itself a container of ECS ({name} is set), which has its own credentials at {ADDRESS}: take \
             --launcher process"
        )),
        None => Ok(()),
    }
}

fn overlaps(network: &Found) -> bool {
    let configs = network.ipam.as_ref().and_then(|ipam| ipam.config.as_ref());
    configs.into_iter().flatten().filter_map(|config| config.subnet.as_deref()).any(holds_the_address)
}

/// Whether a subnet shares addresses with ours.
fn holds_the_address(subnet: &str) -> bool {
    let parsed = || {
        let (address, length) = subnet.split_once('/')?;
        let (address, length) = (address.parse::<Ipv4Addr>().ok()?, length.parse::<u32>().ok()?);
        // The shorter of the two prefixes is what they have to share.
        let mask = u32::MAX.checked_shl(32 - length.min(24)).unwrap_or_default();
        Some(address.to_bits() & mask == ADDRESS.to_bits() & mask)
    };
    parsed().unwrap_or_default()
}

fn name(network: &Found) -> String {
    network.name.clone().unwrap_or_default()
}

/// What is known of the run that made a network; `None` for one that no run of ours made.
fn life(network: &Found, here: &Owner) -> Option<Life> {
    Some(network.labels.as_ref()?.get(LABEL)?.parse::<Owner>().ok()?.life(here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_that_share_addresses() {
        for (subnet, shares) in [
            (SUBNET, true),
            ("169.254.0.0/16", true),
            ("169.254.170.128/25", true),
            ("0.0.0.0/0", true),
            ("169.254.171.0/24", false),
            ("172.17.0.0/16", false),
            ("fd00::/64", false),
            ("", false),
        ] {
            assert_eq!(holds_the_address(subnet), shares, "{subnet}");
        }
    }

    #[test]
    fn a_container_of_ecs_keeps_its_own_credentials() {
        assert_eq!(refuse_on_ecs(|_| false), Ok(()));
        let refused = refuse_on_ecs(|name| name == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").unwrap_err();
        assert!(refused.contains("RELATIVE_URI is set") && refused.contains("--launcher process"), "{refused}");
    }
}
