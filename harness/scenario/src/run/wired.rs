//! Carries calls over HTTP, with the AWS SDKs, to a world behind the listener.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use account::ids::{self, Seeded};
use account::{AccessKey, Ids, Settings, Tracing, World};
use wire::{Hosted, Hosting, Server};

use crate::api::{ApiCall, Refusal};
use crate::client::{Client, Endpoint};
use crate::flow::{Carrier, Sent};
use crate::predict::{NO_ROLE, furnish};
use crate::prepare::Trial;

/// Tells the worlds of this process apart: the listener finds a world by its root user's key.
static WORLDS: AtomicU64 = AtomicU64::new(0);

/// Worlds behind a listener, taken down again when this is dropped.
pub(super) struct Guests<'s> {
    server: &'s Server,
    hosted: Vec<Arc<Hosted>>,
}

/// One option's way to its world.
pub(super) struct Wired {
    hosted: Arc<Hosted>,
    endpoint: Endpoint,
    /// The clients of each account's root user.
    roots: HashMap<String, Client>,
    remembered: Mutex<Option<World>>,
}

impl<'s> Guests<'s> {
    pub(super) const fn new(server: &'s Server) -> Self {
        Self { server, hosted: Vec::new() }
    }

    /// Makes an option's world.
    pub(super) fn host(&mut self, endpoint: &Endpoint, trial: &Trial) -> Wired {
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let root = AccessKey { id: format!("TAGPROOFROOT{number:08}"), secret: format!("tagproof-{number}") };
        let settings = Settings { account: trial.place.account.clone(), root: root.clone() };
        let hosted = self.server.host(settings, Hosting { tracing: Tracing::All, log: None, upstream: None });
        self.hosted.push(hosted.clone());
        let mut roots = vec![(trial.place.account.clone(), root)];
        let mut ids = InRealm { realm: hosted.realm(), chance: Seeded(number) };
        for account in &trial.plan.accounts {
            let root = AccessKey { id: ids::access_key(&mut ids, "AKIA"), secret: format!("tagproof-{number}") };
            roots.push((account.clone(), root));
        }
        hosted.with(|world| {
            furnish(world, &trial.plan);
            for (account, root) in &roots[1..] {
                world.add_account(Settings { account: account.clone(), root: root.clone() });
            }
        });
        let endpoint = endpoint.in_region(&trial.place.region);
        let client = |(account, root): (String, AccessKey)| (account, endpoint.with_keys(&root.id, &root.secret, None));
        let roots = roots.into_iter().map(client).collect();
        Wired { hosted, endpoint, roots, remembered: Mutex::new(None) }
    }
}

impl Drop for Guests<'_> {
    fn drop(&mut self) {
        for hosted in &self.hosted {
            self.server.unhost(hosted);
        }
    }
}

impl Carrier for Wired {
    type Keys = Client;

    fn root(&self, account: &str) -> Result<Client, Refusal> {
        self.roots.get(account).cloned().ok_or_else(|| Refusal::no_answer(format!("there is no account {account}")))
    }

    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Client, Refusal> {
        Ok(self.endpoint.with_keys(id, secret, token.map(str::to_owned)))
    }

    async fn in_container(&self, task_arn: &str, _role: Option<&str>) -> Result<Client, Refusal> {
        let found = self.hosted.container_credentials(task_arn).ok_or_else(|| Refusal::no_answer(NO_ROLE))?;
        self.endpoint.in_container(&found.uri, &found.token).await
    }

    async fn send(&self, keys: &Client, call: &ApiCall) -> Sent {
        let reply = keys.send(call).await;
        let filed = reply.request_id.map(|id| self.hosted.decisions(&id)).unwrap_or_default();
        Sent { result: reply.result, filed }
    }

    fn remember(&self) {
        *self.remembered.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.hosted.with(|world| world.clone()));
    }

    fn rewind(&self) -> bool {
        if let Some(world) = &*self.remembered.lock().unwrap_or_else(PoisonError::into_inner) {
            self.hosted.with(|current| current.clone_from(world));
        }
        true
    }
}

/// Key ids from which the listener finds the world.
struct InRealm {
    realm: u16,
    chance: Seeded,
}

impl Ids for InRealm {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }

    fn realm(&self) -> u16 {
        self.realm
    }
}
