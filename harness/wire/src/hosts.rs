//! Which world a request is for: its access key tells.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use account::{Credential, Settings, ids};

use crate::hosted::{Hosted, Hosting, Visit};
use crate::server::Doorway;

/// The first realm that no key can have.
const REALMS: u16 = 32_768;

/// All worlds of a listener.
#[derive(Default)]
pub(crate) struct Hosts(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    /// In the order they were hosted: a request that nobody signed is for the first.
    worlds: Vec<Arc<Hosted>>,
    by_root_key: HashMap<String, Arc<Hosted>>,
    by_realm: HashMap<u16, Arc<Hosted>>,
    next_realm: u16,
}

impl Hosts {
    pub(crate) fn add(&self, url: String, doorway: Doorway, settings: Settings, hosting: Hosting) -> Arc<Hosted> {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let realm = inner.free_realm();
        let hosted = Arc::new(Hosted::new(realm, url, doorway, settings, hosting));
        inner.worlds.push(hosted.clone());
        inner.by_root_key.insert(hosted.root_key().to_owned(), hosted.clone());
        inner.by_realm.insert(realm, hosted.clone());
        hosted
    }

    pub(crate) fn remove(&self, hosted: &Arc<Hosted>) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        inner.worlds.retain(|other| !Arc::ptr_eq(other, hosted));
        inner.by_root_key.retain(|_, other| !Arc::ptr_eq(other, hosted));
        inner.by_realm.retain(|_, other| !Arc::ptr_eq(other, hosted));
    }

    pub(crate) fn all(&self) -> Vec<Arc<Hosted>> {
        self.read(|inner| inner.worlds.clone())
    }

    /// The world of requests that nobody signed.
    pub(crate) fn first(&self) -> Option<Arc<Hosted>> {
        self.read(|inner| inner.worlds.first().cloned())
    }

    /// The world whose realm's number stands in a path.
    pub(crate) fn named(&self, realm: &str) -> Option<Arc<Hosted>> {
        let number = realm.parse::<u16>().ok().filter(|number| number.to_string() == realm)?;
        self.read(|inner| inner.by_realm.get(&number).cloned())
    }

    /// The world that knows a key, and what it knows: by its root key, by the realm in a key made there, else by asking
    /// each (the root key of a further account).
    pub(crate) fn of_key(&self, access_key: &str) -> Option<(Visit, Credential)> {
        let with_credential = |hosted: Arc<Hosted>| {
            let visit = hosted.visit();
            visit.credential(access_key).map(|credential| (visit, credential))
        };
        let named = self.read(|inner| {
            let made = || inner.by_realm.get(&ids::realm(access_key)?);
            inner.by_root_key.get(access_key).or_else(made).cloned()
        });
        named.and_then(with_credential).or_else(|| self.all().into_iter().find_map(with_credential))
    }

    fn read<R>(&self, f: impl FnOnce(&Inner) -> R) -> R {
        f(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    /// One that no world has, and that has not been used for as long as possible. With all taken, keys are told apart
    /// by asking each world.
    fn free_realm(&mut self) -> u16 {
        let next = self.next_realm;
        let realm = (0..REALMS)
            .map(|step| (next + step) % REALMS)
            .find(|realm| !self.by_realm.contains_key(realm))
            .unwrap_or(next);
        self.next_realm = (realm + 1) % REALMS;
        realm
    }
}
