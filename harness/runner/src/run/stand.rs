//! One option's world, set up and left standing, for the one who wants to act as one of its callers.

use std::sync::Arc;

use account::AccessKey;
use matrix::Prepared;
use matrix::flow::{self, Broken, Started};
use wire::{ContainerEndpoint, Hosted, Hosting, Server};

use super::world_carrier::WorldCarrier;
use crate::client::{Client, Endpoint};
use crate::error::RunError;

/// A world with its callers ready.
pub struct Standing {
    /// The world.
    pub hosted: Arc<Hosted>,
    /// The account that the scenario is about.
    pub account: String,
    /// The region that it is about.
    pub region: String,
    /// How to act as each caller, in file order.
    pub callers: Vec<StandingCaller>,
}

/// A caller, and how to act as it.
pub struct StandingCaller {
    /// Its name.
    pub name: String,
    /// What that needs.
    pub access: Access,
}

/// What a program needs to act as a caller.
pub enum Access {
    /// An access key.
    Key {
        /// Its two parts.
        key: AccessKey,
        /// The token of a session.
        token: Option<String>,
    },
    /// What the containers of a task have.
    Task(ContainerEndpoint),
    /// It could not be started, for this reason: nobody can act as this caller here.
    Nobody(String),
}

/// Sets up one option, by index, and leaves it standing.
///
/// # Errors
/// The option cannot be set up.
pub async fn stand(
    prepared: &Prepared,
    option: usize,
    server: &Server,
    root: AccessKey,
    hosting: Hosting,
) -> Result<Standing, RunError> {
    let told = |broken| RunError::new(prepared, option, broken);
    let trial = &prepared.trials[option];
    let carrier = WorldCarrier::host(server, &Endpoint::new(server.url()), trial, hosting, Some(root));
    let ready = flow::set_up(&carrier, &prepared.scenario, trial).await.map_err(told)?;
    let mut callers = Vec::new();
    for (at, (caller, started)) in prepared.callers().zip(ready.callers).enumerate() {
        let access = access(&carrier, started, trial.is_brokered(at)).await.map_err(told)?;
        callers.push(StandingCaller { name: caller.to_owned(), access });
    }
    let environment = &trial.environment;
    let (account, region) = (environment.account.clone(), environment.region.clone());
    Ok(Standing { hosted: carrier.hosted().clone(), account, region, callers })
}

async fn access(carrier: &WorldCarrier, started: Started<Client>, through_broker: bool) -> Result<Access, Broken> {
    let keys = match started.keys {
        Ok(keys) => keys,
        Err(finished) => return Ok(Access::Nobody(finished.reason)),
    };
    // A task that came to a broker has its credentials from there.
    let task = started.task_arn.filter(|_| !through_broker);
    if let Some(endpoint) = task.and_then(|arn| carrier.hosted().container_credentials(&arn)) {
        return Ok(Access::Task(endpoint));
    }
    let broken = |error| Broken { call: "reading a caller's credentials".to_owned(), error };
    keys.credentials().await.map_err(broken)
}
