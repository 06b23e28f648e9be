//! Calls to an emulator or to AWS: what it wants otherwise is adapted, what is made is remembered, and deleted again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use matrix::call::{ApiCall, CallError};
use matrix::plan::Environment;
use serde_json::{Value, json};

use super::emulator::Emulator;
use super::real_account::{RealAccount, trusting};
use super::renaming::Renaming;
use super::run_user::{self, RunUser};
use super::{adapt, allow};
use crate::client::{Client, Signed};
use crate::error::Note;
use crate::run::patience::{is_early, is_unknown_key, sent, until};
use crate::run::revisions::Revisions;
use crate::run::stop::Stop;
use crate::run::undo::{self, Made};

/// The way to an emulator, for one option.
pub(super) struct BackendSession<'a> {
    pub(super) emulator: &'a Emulator,
    /// The user of ours in a real account.
    pub(super) run_user: Option<&'a RunUser>,
    pub(super) stop: &'a Stop,
    /// The account under test and its region.
    environment: &'a Environment,
    /// The names of roles that tasks have.
    task_roles: Vec<String>,
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
    /// The clients of each account's root user.
    roots: HashMap<String, Client>,
    enforcing: Option<bool>,
    renaming: Option<Renaming>,
    probes: usize,
    revisions: Revisions,
    subnet: Option<String>,
    notes: IndexSet<Note>,
}

impl<'a> BackendSession<'a> {
    pub(super) fn new(
        emulator: &'a Emulator,
        run_user: Option<&'a RunUser>,
        stop: &'a Stop,
        environment: &'a Environment,
    ) -> Self {
        let (made, task_roles) = (Made::default(), Vec::new());
        let session = Self { emulator, run_user, stop, environment, task_roles, made, state: Mutex::default() };
        session.rename();
        session
    }

    /// The same for tasks with these roles.
    pub(super) fn with_task_roles(self, task_roles: Vec<String>) -> Self {
        Self { task_roles, ..self }
    }

    /// The root user of an account; in a real one the user or role that runs this.
    pub(super) fn root(&self, account: &str) -> Keys {
        let mut state = self.state();
        let known = state.roots.entry(account.to_owned());
        let client = known.or_insert_with(|| self.emulator.root(account, &self.environment.region)).clone();
        Keys { client, root_of: Some(account.to_owned()) }
    }

    /// Somebody whose keys a call has given out.
    pub(super) fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Keys {
        Keys { client: self.emulator.keys(&self.environment.region, id, secret, token), root_of: None }
    }

    pub(super) fn note(&self, note: String) {
        self.state().notes.insert(Note::Said(note));
    }

    /// What is to be said of this option.
    pub(super) fn notes(self) -> IndexSet<Note> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).notes
    }

    /// Makes a call. Set-up is the root user's, who is not held to any policy, and the one whom moto does not know while
    /// it enforces; everybody else is authorised.
    pub(super) async fn send(&self, keys: &Keys, call: &ApiCall) -> Result<Value, CallError> {
        self.stop.check()?;
        self.enforce(keys, keys.root_of.is_none()).await?;
        let call = self.adapted(call).await?;
        if keys.root_of.is_some() {
            undo::is_free(&keys.client, &call).await?;
        }
        let error = match self.made(keys, &call).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let tried = match error.refusal() {
            Some(refusal) if keys.root_of.is_some() && self.real_account().is_none() => {
                adapt::alternatives(&call, refusal, self.emulator.profile.title)
            }
            _ => Vec::new(),
        };
        for (other, note) in tried {
            if let Ok(answer) = self.made(keys, &other).await {
                self.note(note);
                return Ok(answer);
            }
        }
        Err(self.as_planned(error))
    }

    /// Has a signed request answered that is somebody else's.
    pub(super) async fn present(&self, by: &Keys, signed: &Signed) -> Result<Value, CallError> {
        self.stop.check()?;
        self.enforce(by, by.root_of.is_none()).await?;
        by.client.present(signed).await.result
    }

    /// Waits until what was made is known, as far as anybody can tell; on AWS it takes a while. What is made to tell is
    /// made last.
    pub(super) async fn settle(&self, users: &[Keys]) -> Result<(), CallError> {
        let (Some(run_user), Some(real_account)) = (self.run_user, self.real_account()) else { return Ok(()) };
        let root = self.root(&self.environment.account);
        let name = self.next_probe();
        let trust = allow("sts:AssumeRole", "Principal", &json!({"AWS": run_user.arn()})).to_string();
        let role = json!({"RoleName": name, "AssumeRolePolicyDocument": trust});
        self.made(&root, &real_account.tagged(ApiCall::new("iam", "CreateRole", role))).await?;
        let policy = allow("s3:ListAllMyBuckets", "Resource", &json!("*")).to_string();
        let policy = json!({"RoleName": name, "PolicyName": "probe", "PolicyDocument": policy});
        self.made(&root, &ApiCall::new("iam", "PutRolePolicy", policy)).await?;
        for user in users {
            run_user::is_known(&user.client, self.stop).await?;
        }
        let arn = format!("arn:{}:iam::{}:role/{name}", real_account.aws.partition, real_account.aws.account);
        run_user.probe(&arn, self.stop).await
    }

    /// A session of a role by the user who stands in for ECS in a real account.
    pub(super) async fn assume(&self, run_user: &RunUser, call: &ApiCall) -> Result<Value, CallError> {
        let call = self.adapted(call).await?;
        run_user.assume(&call, self.stop).await.map_err(|refusal| self.as_planned(refusal))
    }

    /// Deletes what was made.
    pub(super) async fn clear(&self) {
        self.state().revisions = Revisions::default();
        let mut left = match self.enforce(&self.root(&self.environment.account), false).await {
            Ok(()) => Vec::new(),
            Err(refusal) => {
                vec![Note::Said(format!("enforcement could not be switched off again: {}", refusal.told()))]
            }
        };
        left.extend(self.made.clear(|account| self.root(account).client).await);
        self.state().notes.extend(left);
        self.rename();
    }

    fn real_account(&self) -> Option<&Arc<RealAccount>> {
        self.emulator.real_account()
    }

    fn next_probe(&self) -> String {
        let mut state = self.state();
        state.probes += 1;
        let name = format!("probe-{}", state.probes);
        state.renaming.as_ref().map(|renaming| renaming.name(&name)).unwrap_or_default()
    }

    /// From now on all names are others, where they are not the plan's.
    fn rename(&self) {
        let renaming =
            self.real_account().map(|real_account| real_account.renaming(self.environment, real_account.next_prefix()));
        self.state().renaming = renaming;
    }

    async fn made(&self, keys: &Keys, call: &ApiCall) -> Result<Value, CallError> {
        let answer = match (self.real_account(), &keys.root_of) {
            (None, _) => keys.client.send(call).await.result?,
            (Some(_), Some(_)) => sent(&keys.client, call, is_early).await?,
            // What is observed is asked for once. Of a key that is not known nothing is observed.
            (Some(_), None) => until(async || keys.client.send(call).await.result, is_unknown_key).await?,
        };
        let account = keys.root_of.clone().unwrap_or_else(|| self.environment.account.clone());
        self.made.record(&account, call, &answer);
        self.state().revisions.record(call, &answer);
        Ok(answer)
    }

    async fn enforce(&self, keys: &Keys, on: bool) -> Result<(), CallError> {
        if self.state().enforcing == Some(on) {
            return Ok(());
        }
        self.emulator.enforce(&keys.client, on).await?;
        self.state().enforcing = Some(on);
        Ok(())
    }

    async fn adapted(&self, call: &ApiCall) -> Result<ApiCall, CallError> {
        let mut call = self.renamed(call);
        let subnet = self.subnet(&call).await?;
        let mut state = self.state();
        if self.emulator.profile.wants_more {
            let filled = adapt::filled(&mut call, self.emulator.profile.title, subnet.as_deref());
            state.notes.extend(filled.into_iter().map(Note::Said));
        }
        state.revisions.real(&mut call);
        Ok(call)
    }

    /// A call as a real account takes it.
    fn renamed(&self, call: &ApiCall) -> ApiCall {
        let state = self.state();
        let (Some(renaming), Some(real_account)) = (&state.renaming, self.real_account()) else { return call.clone() };
        let tagged = real_account.tagged(renaming.call(call));
        let is_tasks = self.task_roles.iter().any(|role| call.input["RoleName"] == role.as_str());
        match self.run_user {
            Some(run_user) if is_tasks && call.operation == "CreateRole" => trusting(tagged, run_user.arn()),
            _ => tagged,
        }
    }

    /// A subnet that the emulator has, where it wants one.
    async fn subnet(&self, call: &ApiCall) -> Result<Option<String>, CallError> {
        if !self.emulator.profile.wants_more || call.input.get("networkConfiguration").is_none() {
            return Ok(None);
        }
        if let Some(known) = self.state().subnet.clone() {
            return Ok(Some(known));
        }
        let enforcing = self.state().enforcing;
        let root = self.root(&self.environment.account);
        self.enforce(&root, false).await?;
        let found = root.client.send(&ApiCall::new("ec2", "DescribeSubnets", json!({}))).await.result;
        self.enforce(&root, enforcing == Some(true)).await?;
        let found = found?["Subnets"][0]["SubnetId"].as_str().map(str::to_owned);
        self.state().subnet.clone_from(&found);
        Ok(found)
    }

    /// A refusal with the ARNs that were planned.
    fn as_planned(&self, refusal: CallError) -> CallError {
        let state = self.state();
        let refusal = state.revisions.planned(refusal);
        match &state.renaming {
            Some(renaming) => renaming.planned(refusal),
            None => refusal,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
