//! Carries calls over HTTP, with the AWS SDKs, to a world behind the listener.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use account::RecordedDecision;
use account::ids::{self, Seeded};
use account::{AccessKey, Ids, Settings, World};
use jiff::Timestamp;
use launch::Launcher;
use matrix::call::{ApiCall, CallError, Obstacle};
use matrix::flow::{Bound, Bounds, Carrier, Sent};
use matrix::plan::Plan;
use matrix::{NO_LAUNCHER, Question, TaskRun, Trial, furnish, normal};
use policy::Principal;
use wire::{Hosted, Hosting, Server};

use super::guarded_emulator::GuardedEmulator;
use super::stop::Stop;
use crate::client::{Client, Endpoint, Reply, Signed};

/// Tells the worlds of this process apart: the listener finds a world by its root user's key.
static WORLDS: AtomicU64 = AtomicU64::new(0);

/// One option's way to its world.
pub(super) struct WorldCarrier {
    hosted: Arc<Hosted>,
    stop: Stop,
    endpoint: Endpoint,
    /// The clients of each account's root user.
    roots: HashMap<String, Client>,
    remembered: Mutex<Option<World>>,
    launcher: Option<Arc<Launcher>>,
    emulator: Option<GuardedEmulator>,
}

impl Carrier for WorldCarrier {
    type Keys = Client;
    type Proof = Signed;

    fn root(&self, account: &str) -> Result<Client, CallError> {
        self.roots.get(account).cloned().ok_or_else(|| CallError::no_answer(format!("there is no account {account}")))
    }

    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Client, CallError> {
        Ok(self.endpoint.with_keys(id, secret, token.map(str::to_owned)))
    }

    async fn in_container(&self, task_arn: &str, _role: Option<&str>) -> Result<Client, CallError> {
        let found = self.hosted.container_credentials(task_arn).ok_or(Obstacle::NoRole)?;
        self.endpoint.in_container(&found.uri, &found.token).await
    }

    async fn run_task(&self, task_arn: &str, container: &str) -> Result<(TaskRun, Vec<RecordedDecision>), String> {
        let Some(launcher) = &self.launcher else {
            return Err(NO_LAUNCHER.to_owned());
        };
        let brief = self.hosted.with(|world| ecs::task_brief(world, task_arn));
        let brief = brief.ok_or_else(|| "the task is gone".to_owned())?;
        for container in &brief.containers {
            launcher.check(&self.hosted, container).await?;
        }
        // What was decided for the task before concerns other requests.
        drop(self.hosted.decisions_of_task(task_arn));
        let ran = launcher.run(&self.hosted, task_arn).await.ok_or_else(|| "the task is gone".to_owned())?;
        let mut recorded = self.hosted.decisions_of_task(task_arn);
        if ran.end.stop_code != "TaskFailedToStart" {
            let role = brief.role.as_deref();
            recorded.retain(|recorded| matches!(&recorded.request.principal, Principal::RoleSession { role: own, .. } if role == own.as_deref()));
        }
        let end = ran.end.containers.iter().find(|end| end.name == container);
        let endpoints = launcher.endpoints(&self.hosted).await;
        let without_place = |text: &str| {
            normal(
                &endpoints.iter().fold(text.to_owned(), |text, place| text.replace(place.as_str(), "http://ENDPOINT")),
            )
        };
        let task = TaskRun {
            output: without_place(ran.output.get(container).map(String::as_str).unwrap_or_default()),
            exit_code: end.and_then(|end| end.exit_code),
            stop_code: ran.end.stop_code.to_owned(),
            stopped_reason: without_place(&match end.and_then(|end| end.reason.as_deref()) {
                Some(reason) => format!("{}: {reason}", ran.end.reason),
                None => ran.end.reason,
            }),
        };
        Ok((task, recorded))
    }

    async fn send(&self, keys: &Client, call: &ApiCall) -> Sent {
        if let Err(refusal) = self.stop.check() {
            return Sent { result: Err(refusal), recorded: Vec::new() };
        }
        let Some(emulator) = &self.emulator else { return self.sent(keys, call).await.0 };
        if let Err(error) = emulator.is_free(call).await {
            return Sent { result: Err(error), recorded: Vec::new() };
        }
        let mut call = call.clone();
        emulator.revisions().real(&mut call);
        let (Sent { result, recorded }, id) = self.sent(keys, &call).await;
        let said = id.and_then(|id| self.hosted.backend_failure(&id));
        let result = emulator.answered(&call, result, said).map_err(|refusal| emulator.revisions().planned(refusal));
        Sent { result, recorded }
    }

    async fn sign(&self, keys: &Client, bound: Option<&Bound>) -> Result<Signed, CallError> {
        keys.sign_identity(bound).await
    }

    fn add_unsigned(&self, proof: &mut Signed, bound: &Bound) {
        proof.add_unsigned(bound);
    }

    fn bounds(&self, proof: &Signed) -> Bounds {
        proof.bounds()
    }

    async fn present(&self, by: &Client, proof: &Signed) -> Sent {
        self.recorded(by.present(proof).await).0
    }

    fn furnish(&self, plan: &Plan) {
        self.hosted.with(|world| furnish(world, plan));
    }

    fn decide(&self, keys: &Client, question: &Question) -> Result<RecordedDecision, CallError> {
        let unknown = || CallError::no_answer("an access key that nobody made");
        self.hosted.with(|world| {
            let identity = world.credentials().get(keys.access_key()).map(|known| known.identity.clone());
            question.ask(world, identity.ok_or_else(unknown)?, Timestamp::now())
        })
    }

    fn remember(&self) {
        *self.remembered.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.hosted.with(|world| world.clone()));
    }

    fn rewind(&self) -> bool {
        // What an emulator has done cannot be taken back with the world.
        if self.emulator.is_some() {
            return false;
        }
        if let Some(world) = &*self.remembered.lock().unwrap_or_else(PoisonError::into_inner) {
            self.hosted.with(|current| current.clone_from(world));
        }
        true
    }

    async fn clear(&self) {
        let Some(emulator) = &self.emulator else { return };
        emulator.clear().await;
        self.hosted.with(|world| world.clone_from(&emulator.fresh));
    }
}

impl WorldCarrier {
    /// A world with its accounts, and the way to it, without emulator and launcher. `root`: the root user's key; `None` makes
    /// one.
    pub(super) fn host(
        server: &Server,
        endpoint: &Endpoint,
        trial: &Trial,
        hosting: Hosting,
        root: Option<AccessKey>,
    ) -> Self {
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        let secret = || format!("tagproof-{number}");
        let root = root.unwrap_or_else(|| AccessKey { id: format!("TAGPROOFROOT{number:08}"), secret: secret() });
        let settings = Settings { account: trial.environment.account.clone(), root: root.clone() };
        let hosted = server.host(settings, hosting);
        let mut roots = vec![(trial.environment.account.clone(), root)];
        let mut ids = InRealm { realm: hosted.realm(), chance: Seeded(number) };
        for account in &trial.plan.accounts {
            let root = AccessKey { id: ids::access_key(&mut ids, "AKIA"), secret: secret() };
            roots.push((account.clone(), root));
        }
        hosted.with(|world| {
            world.set_partition(&trial.environment.partition);
            for (account, root) in &roots[1..] {
                world.add_account(Settings { account: account.clone(), root: root.clone() });
            }
        });
        let endpoint = endpoint.in_region(&trial.environment.region);
        let client = |(account, root): (String, AccessKey)| (account, endpoint.with_keys(&root.id, &root.secret, None));
        let roots = roots.into_iter().map(client).collect();
        let (stop, remembered) = (Stop::default(), Mutex::new(None));
        Self { hosted, stop, endpoint, roots, remembered, launcher: None, emulator: None }
    }

    /// The same in front of an emulator, with a launcher, for a run that may be asked to stop.
    pub(super) fn guarding(
        self,
        emulator: Option<GuardedEmulator>,
        launcher: Option<Arc<Launcher>>,
        stop: Stop,
    ) -> Self {
        Self { emulator, launcher, stop, ..self }
    }

    /// The world.
    pub(super) fn hosted(&self) -> &Arc<Hosted> {
        &self.hosted
    }

    /// A call with its decisions, and the request id of its answer.
    async fn sent(&self, keys: &Client, call: &ApiCall) -> (Sent, Option<String>) {
        self.recorded(keys.send(call).await)
    }

    /// An answer with its decisions, and its request id.
    fn recorded(&self, Reply { result, request_id }: Reply) -> (Sent, Option<String>) {
        let recorded = request_id.as_deref().map(|id| self.hosted.decisions(id)).unwrap_or_default();
        (Sent { result, recorded }, request_id)
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
