//! Calls to an emulator: what it wants otherwise is adapted, what is made is remembered, and deleted again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::adapt;
use super::emulator::Emulator;
use crate::api::{ApiCall, Refusal};
use crate::client::{Client, Endpoint, Signed};
use crate::run::revisions::Revisions;
use crate::run::undo::{self, Made};

/// The way to an emulator, for one option.
pub(super) struct Line<'a> {
    pub(super) emulator: &'a Emulator,
    endpoint: Endpoint,
    /// The account under test.
    account: String,
    made: Made,
    state: Mutex<State>,
}

/// Somebody who signs.
#[derive(Clone)]
pub(super) struct Keys {
    client: Client,
    /// The account whose root user this is.
    root_of: Option<String>,
}

impl Keys {
    /// The clients that sign with them.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }
}

#[derive(Default)]
struct State {
    enforcing: Option<bool>,
    revisions: Revisions,
    subnet: Option<String>,
    notes: IndexSet<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(emulator: &'a Emulator, endpoint: &Endpoint, account: &str, region: &str) -> Self {
        let endpoint = endpoint.in_region(region);
        Self { emulator, endpoint, account: account.to_owned(), made: Made::default(), state: Mutex::default() }
    }

    /// The root user of an account.
    pub(super) fn root(&self, account: &str) -> Keys {
        let client = self.endpoint.with_keys(self.emulator.root_id(account), &self.emulator.root.secret, None);
        Keys { client, root_of: Some(account.to_owned()) }
    }

    /// Somebody whose keys a call has given out.
    pub(super) fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Keys {
        Keys { client: self.endpoint.with_keys(id, secret, token.map(str::to_owned)), root_of: None }
    }

    pub(super) fn note(&self, note: String) {
        self.state().notes.insert(note);
    }

    /// What is to be said of this option.
    pub(super) fn notes(self) -> IndexSet<String> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).notes
    }

    /// Makes a call. Set-up is the root user's, who is not held to any policy, and the one whom moto does not know while
    /// it enforces; everybody else is authorised.
    pub(super) async fn send(&self, keys: &Keys, call: &ApiCall) -> Result<Value, Refusal> {
        self.enforce(keys, keys.root_of.is_none()).await?;
        if keys.root_of.is_some() {
            undo::is_free(&keys.client, call).await?;
        }
        let call = self.adapted(call).await?;
        let refusal = match self.made(keys, &call).await {
            Ok(answer) => return Ok(answer),
            Err(refusal) => refusal,
        };
        let tried = if keys.root_of.is_some() {
            adapt::alternatives(&call, &refusal, self.emulator.known.title)
        } else {
            Vec::new()
        };
        for (other, note) in tried {
            if let Ok(answer) = self.made(keys, &other).await {
                self.note(note);
                return Ok(answer);
            }
        }
        Err(self.as_planned(refusal))
    }

    /// Has a signed request answered that is somebody else's.
    pub(super) async fn present(&self, by: &Keys, signed: &Signed) -> Result<Value, Refusal> {
        self.enforce(by, by.root_of.is_none()).await?;
        by.client.present(signed).await.result
    }

    /// Deletes what was made.
    pub(super) async fn clear(&self) {
        self.state().revisions = Revisions::default();
        let mut left = match self.enforce(&self.root(&self.account), false).await {
            Ok(()) => Vec::new(),
            Err(refusal) => vec![format!("enforcement could not be switched off again: {}", refusal.told())],
        };
        left.extend(self.made.clear(|account| self.root(account).client).await);
        self.state().notes.extend(left);
    }

    async fn made(&self, keys: &Keys, call: &ApiCall) -> Result<Value, Refusal> {
        let answer = keys.client.send(call).await.result?;
        let account = keys.root_of.clone().unwrap_or_else(|| self.account.clone());
        self.made.record(&account, call, &answer);
        self.state().revisions.record(call, &answer);
        Ok(answer)
    }

    async fn enforce(&self, keys: &Keys, on: bool) -> Result<(), Refusal> {
        if self.state().enforcing == Some(on) {
            return Ok(());
        }
        self.emulator.enforce(&keys.client, on).await?;
        self.state().enforcing = Some(on);
        Ok(())
    }

    async fn adapted(&self, call: &ApiCall) -> Result<ApiCall, Refusal> {
        let mut call = call.clone();
        let subnet = self.subnet(&call).await?;
        let mut state = self.state();
        if self.emulator.known.wants_more {
            state.notes.extend(adapt::filled(&mut call, self.emulator.known.title, subnet.as_deref()));
        }
        state.revisions.real(&mut call);
        Ok(call)
    }

    /// A subnet that the emulator has, where it wants one.
    async fn subnet(&self, call: &ApiCall) -> Result<Option<String>, Refusal> {
        if !self.emulator.known.wants_more || call.input.get("networkConfiguration").is_none() {
            return Ok(None);
        }
        if let Some(known) = self.state().subnet.clone() {
            return Ok(Some(known));
        }
        let enforcing = self.state().enforcing;
        let root = self.root(&self.account);
        self.enforce(&root, false).await?;
        let found = root.client.send(&ApiCall::new("ec2", "DescribeSubnets", json!({}))).await.result;
        self.enforce(&root, enforcing == Some(true)).await?;
        let found = found?["Subnets"][0]["SubnetId"].as_str().map(str::to_owned);
        self.state().subnet.clone_from(&found);
        Ok(found)
    }

    /// A refusal with the ARNs that were planned.
    fn as_planned(&self, refusal: Refusal) -> Refusal {
        self.state().revisions.planned(refusal)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
