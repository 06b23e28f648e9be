//! The network of containers. It is one that leads nowhere but to this machine, whose address on it is 169.254.170.2:
//! there every SDK looks for a task's credentials.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
//!
//! There can be one such network on a machine, so making it is also taking one's turn: Docker refuses a second one.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use docker::bollard::Docker;
use docker::bollard::models::{Ipam, IpamConfig, Network as Found, NetworkCreateRequest};
use docker::{LABEL, Life, Owner};
use tokio::time::{Instant, sleep};
use wire::Log;

use super::docker_objects::{DockerObjects, PendingObject};
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
    pub(super) async fn make(docker: &Docker, log: &Log, objects: &DockerObjects) -> Result<Self, String> {
        refuse_on_ecs(|name| std::env::var_os(name).is_some())?;
        docker::remove_before_ending();
        let name = name();
        let until = Instant::now() + TURN;
        let mut waits = false;
        loop {
            let making = docker::answer("make a network", docker.create_network(request(&name)));
            let error = match objects.make(PendingObject::Network(name.clone()), making).await {
                Ok(made) => return Ok(Self { docker: docker.clone(), id: made.id }),
                Err(error) if error.to_string().contains("overlaps") => error,
                Err(error) => return Err(told(&error)),
            };
            docker::sweep(docker, &|line| log(line)).await;
            let networks = docker::networks(docker).await.map_err(|error| told(&error))?;
            let late = Instant::now() >= until;
            match networks.iter().find(|network| overlaps(network)) {
                Some(other) => {
                    let (name, life) = (other.name.clone().unwrap_or_default(), life(other, &Owner::this()));
                    if let Some(why) = refusal(&name, life, late) {
                        return Err(why);
                    }
                    if !std::mem::replace(&mut waits, true) {
                        log(&format!(
                            "another run has the containers' network ({name}); this one goes on when it has ended"
                        ));
                    }
                }
                None if late => return Err(told(&error)),
                None => {}
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
        docker::run_to_end(async move { docker::remove_network(&docker, &id).await });
    }
}

/// One that nobody else gives: a second network of a name Docker refuses, and not for its addresses.
fn name() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("tagproof-tasks-{}-{}", Owner::this(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Containers reach this machine and nobody else, not one another either.
fn request(name: &str) -> NetworkCreateRequest {
    let addresses =
        IpamConfig { subnet: Some(SUBNET.to_owned()), gateway: Some(ADDRESS.to_string()), ..IpamConfig::default() };
    NetworkCreateRequest {
        name: name.to_owned(),
        driver: Some("bridge".to_owned()),
        internal: Some(true),
        ipam: Some(Ipam { config: Some(vec![addresses]), ..Ipam::default() }),
        options: Some([("com.docker.network.bridge.enable_icc".to_owned(), "false".to_owned())].into()),
        labels: Some([(LABEL.to_owned(), Owner::this().to_string())].into()),
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

/// Why the network of another, which stands in the way, is not waited for.
fn refusal(name: &str, life: Option<Life>, late: bool) -> Option<String> {
    let remove = format!("`docker network rm {name}`");
    match life {
        None => Some(format!(
            "the network {name} has the addresses {SUBNET}, at which ECS has credentials: remove it with {remove}, or \
             take --launcher process"
        )),
        Some(Life::Unknown) => Some(format!(
            "the containers' network is another run's ({name}), of which nothing can be said here: it is another user's, \
             or in a container, or from before a restart. End it, or remove what it has left with {remove}, or take \
             --launcher process"
        )),
        Some(_) if late => Some(format!(
            "another run has had the containers' network for {} minutes: end it, or remove what it has left with \
             {remove}",
            TURN.as_secs() / 60
        )),
        Some(_) => None,
    }
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
    fn whose_network_is_waited_for() {
        for (life, late, waits) in [
            (Some(Life::Alive), false, true),
            (Some(Life::Alive), true, false),
            (Some(Life::Dead), false, true), // the next look removes it
            (Some(Life::Unknown), false, false),
            (None, false, false),
        ] {
            let refusal = refusal("theirs", life, late);
            assert_eq!(refusal.is_none(), waits, "{life:?}");
            assert!(refusal.is_none_or(|why| why.contains("`docker network rm theirs`")));
        }
    }

    #[test]
    fn a_launcher_asks_for_a_name_of_its_own() {
        assert_ne!(name(), name());
    }

    #[test]
    fn a_container_of_ecs_keeps_its_own_credentials() {
        assert_eq!(refuse_on_ecs(|_| false), Ok(()));
        let refused = refuse_on_ecs(|name| name == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").unwrap_err();
        assert!(refused.contains("RELATIVE_URI is set") && refused.contains("--launcher process"), "{refused}");
    }
}
