//! Runs a scenario on an emulator itself: whatever it answers is an observation of the emulator.
//!
//! Options run one after another, since they use the same names; what one has made is deleted before the next.

mod adapt;
mod canary;
mod emulator;
mod line;
mod need;

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use account::Filed;
use indexmap::IndexSet;
use serde_json::{Value, json};

use super::{Event, Watch};
use crate::api::{self, ApiCall, Refusal};
use crate::client::{Endpoint, Signed};
use crate::error::RunError;
use crate::flow::{self, Bound, Broken, Carrier, Cells, Sent};
use crate::gather::{Gathered, gather};
use crate::outcome::Finish;
use crate::plan::Step;
use crate::predict::{NO_LAUNCHER, NO_ROLE};
use crate::prepare::{Prepared, Trial};
use crate::results::{Bare, Results, TaskRun};
use crate::scenario::Scenario;
pub use emulator::Emulator;
use line::{Keys, Line};
use need::Limits;

/// The user who stands in for ECS where a root user may not assume roles, as on AWS.
const STAND_IN: &str = "tagproof-ecs-tasks";

/// Runs every cell; the canaries first.
pub(super) async fn run(prepared: &Prepared, emulator: &Emulator, watch: &Watch) -> Result<Results, RunError> {
    let started = Instant::now();
    let endpoint = Endpoint::new(&emulator.url);
    let silent = |broken: Broken| RunError::Silent {
        backend: emulator.label.clone(),
        call: broken.call,
        reason: broken.refusal.message,
    };
    let mut notes = IndexSet::new();
    let mut canaries = Vec::new();
    if let Some(trial) = prepared.trials.first() {
        let line = Line::new(emulator, &endpoint, &trial.place.account, &trial.place.region);
        is_account(prepared, &line, &trial.place.account).await?;
        canaries = canary::canaries(&line, &trial.place.account).await.map_err(silent)?;
        notes.extend(line.notes());
    }
    let mut gathered = Vec::new();
    for (at, trial) in prepared.trials.iter().enumerate() {
        watch(Event::OptionStarted { option: at });
        let began = Instant::now();
        let row = Row { emulator, endpoint: &endpoint, scenario: &prepared.scenario, trial, at, watch };
        let (cells, said) = row.run().await.map_err(silent)?;
        notes.extend(said);
        let took = began.elapsed();
        watch(Event::OptionDone { option: at, took });
        gathered.push(Gathered { cells, took });
    }
    let mut results = gather(prepared, gathered, started.elapsed());
    results.notes = notes.into_iter().collect();
    results.bare = Some(Bare { backend: emulator.label.clone(), canaries });
    Ok(results)
}

/// The scenario's ARNs name an account; it must be the one that answers.
async fn is_account(prepared: &Prepared, line: &Line<'_>, wants: &str) -> Result<(), RunError> {
    let call = ApiCall::new("sts", "GetCallerIdentity", json!({}));
    let backend = line.emulator.label.clone();
    match line.send(&line.root(wants), &call).await {
        Ok(answer) if answer["Account"] == wants => Ok(()),
        Ok(answer) => {
            let serves = answer["Account"].as_str().unwrap_or("nobody knows which").to_owned();
            Err(RunError::OtherAccount { backend, serves, scenario: prepared.name.clone(), wants: wants.to_owned() })
        }
        Err(refusal) => Err(RunError::Silent { backend, call: call.name(), reason: refusal.told() }),
    }
}

/// One option on its way.
struct Row<'a> {
    emulator: &'a Emulator,
    endpoint: &'a Endpoint,
    scenario: &'a Scenario,
    trial: &'a Trial,
    at: usize,
    watch: &'a Watch,
}

impl Row<'_> {
    /// Every cell, and what is to be said.
    async fn run(&self) -> Result<(Cells, IndexSet<String>), Broken> {
        let limits = Limits::of(self.emulator.known, self.scenario, self.trial);
        let trial = need::reduced(self.emulator.known, self.trial);
        let place = &trial.place;
        let line = Line::new(self.emulator, self.endpoint, &place.account, &place.region);
        let carried = Carried { line, trial: &trial, limits, stand_in: Mutex::default() };
        let mut cells = Vec::new();
        if carried.limits.count() < self.scenario.callers.len() * self.scenario.requests.len() {
            let done = |caller: usize, request: usize, finish: &Finish| self.done(caller, request, finish);
            let ended = flow::option(&carried, self.scenario, &trial, &mut cells, done).await;
            carried.line.clear().await;
            match ended {
                Err(broken) if broken.refusal.is_silence() => return Err(broken),
                Err(broken) => self.rest(&carried.limits, &mut cells, Some(&broken)),
                Ok(()) => {}
            }
        } else {
            self.rest(&carried.limits, &mut cells, None);
        }
        Ok((cells, carried.line.notes()))
    }

    /// The cells that were not come to.
    fn rest(&self, limits: &Limits, cells: &mut Cells, broken: Option<&Broken>) {
        let requests = self.scenario.requests.len();
        for at in cells.len()..self.scenario.callers.len() * requests {
            let (caller, request) = (at / requests, at % requests);
            let finish = match (limits.why(caller, request), broken) {
                (Some(why), _) => Finish::unsupported(why),
                (None, Some(broken)) => Finish::error(&broken.call, &broken.refusal),
                (None, None) => continue,
            };
            self.done(caller, request, &finish);
            cells.push(finish);
        }
    }

    fn done(&self, caller: usize, request: usize, finish: &Finish) {
        let expected = self.scenario.expectation(self.at, caller, request).expected;
        let (outcome, ok) = (finish.outcome.clone(), expected.met_by(&finish.outcome));
        (self.watch)(Event::CellDone { option: self.at, caller, request, outcome, ok });
    }
}

/// Carries one option's calls.
struct Carried<'a> {
    line: Line<'a>,
    trial: &'a Trial,
    limits: Limits,
    /// The user who stands in for ECS, with its ARN.
    stand_in: Mutex<Option<(Keys, String)>>,
}

impl Carrier for Carried<'_> {
    type Keys = Keys;
    type Proof = Signed;

    fn root(&self, account: &str) -> Result<Keys, Refusal> {
        Ok(self.line.root(account))
    }

    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Keys, Refusal> {
        Ok(self.line.keys(id, secret, token))
    }

    /// No emulator hands out the credentials of a task unless it runs the task's containers.
    async fn in_container(&self, task_arn: &str, role: Option<&str>) -> Result<Keys, Refusal> {
        let no_role = || Refusal { status: 400, code: "NoRole".to_owned(), message: NO_ROLE.to_owned() };
        let role = role.ok_or_else(no_role)?;
        let id = task_arn.rsplit('/').next().unwrap_or(task_arn);
        let assume = ApiCall::new("sts", "AssumeRole", json!({"RoleArn": role, "RoleSessionName": id}));
        let root = self.line.root(&self.trial.place.account);
        let (answer, by) = match self.line.send(&root, &assume).await {
            Ok(answer) => (answer, "the root user"),
            Err(refusal) if refusal.is_silence() => return Err(refusal),
            Err(_) => (self.by_stand_in(&root, role, &assume).await?, "a user whom its trust policy names meanwhile"),
        };
        self.line.note(format!(
            "{} hands out no task's credentials: the session of a task is made by sts:AssumeRole of its role, by {by}, \
             with the task's id as session name",
            self.line.emulator.known.title
        ));
        flow::read_keys(self, &answer["Credentials"])
    }

    async fn run_task(&self, _task_arn: &str, _container: &str) -> Result<(TaskRun, Vec<Filed>), String> {
        Err(NO_LAUNCHER.to_owned())
    }

    async fn send(&self, keys: &Keys, call: &ApiCall) -> Sent {
        Sent { result: self.line.send(keys, call).await, filed: Vec::new() }
    }

    async fn sign(&self, keys: &Keys, bound: Option<&Bound>) -> Result<Signed, Refusal> {
        keys.client().sign_identity(bound).await
    }

    fn add_unsigned(&self, proof: &mut Signed, bound: &Bound) {
        proof.add_unsigned(bound);
    }

    fn bounds(&self, proof: &Signed) -> (Option<Bound>, Option<Bound>) {
        proof.bounds()
    }

    async fn present(&self, by: &Keys, proof: &Signed) -> Sent {
        Sent { result: self.line.present(by, proof).await, filed: Vec::new() }
    }

    fn remember(&self) {}

    fn rewind(&self) -> bool {
        false
    }

    async fn clear(&self) {
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.line.clear().await;
    }

    fn who(&self) -> &str {
        self.line.emulator.known.title
    }

    fn unsupported(&self, caller: usize, request: usize) -> Option<&str> {
        self.limits.why(caller, request)
    }
}

impl Carried<'_> {
    /// A session of a role that only a service may assume, as ECS would make it: the role trusts a user instead while it
    /// is assumed, and then what it trusted before.
    async fn by_stand_in(&self, root: &Keys, role: &str, assume: &ApiCall) -> Result<Value, Refusal> {
        let (keys, user) = self.stand_in(root).await?;
        let name = role.rsplit('/').next().unwrap_or(role);
        let trust = |document: Value| {
            ApiCall::new("iam", "UpdateAssumeRolePolicy", json!({"RoleName": name, "PolicyDocument": document}))
        };
        let made = |step: &&Step| step.call.operation == "CreateRole" && step.call.input["RoleName"] == name;
        let before =
            self.trial.plan.calls.iter().find(made).map(|step| step.call.input["AssumeRolePolicyDocument"].clone());
        self.line.send(root, &trust(api::text(&allow("sts:AssumeRole", "Principal", &json!({"AWS": user}))))).await?;
        let assumed = self.line.send(&keys, assume).await;
        if let Some(before) = before {
            self.line.send(root, &trust(before)).await?;
        }
        assumed
    }

    async fn stand_in(&self, root: &Keys) -> Result<(Keys, String), Refusal> {
        let known = self.stand_in.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let policy = allow("sts:AssumeRole", "Resource", &json!("*")).to_string();
        let put = json!({"UserName": STAND_IN, "PolicyName": STAND_IN, "PolicyDocument": policy});
        let user = ApiCall::new("iam", "CreateUser", json!({"UserName": STAND_IN}));
        let user = self.line.send(root, &user).await?["User"]["Arn"].as_str().unwrap_or_default().to_owned();
        self.line.send(root, &ApiCall::new("iam", "PutUserPolicy", put)).await?;
        let key = ApiCall::new("iam", "CreateAccessKey", json!({"UserName": STAND_IN}));
        let keys = flow::read_keys(self, &self.line.send(root, &key).await?["AccessKey"])?;
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = Some((keys.clone(), user.clone()));
        Ok((keys, user))
    }
}

/// A policy of one statement that allows an action to whom or on what the element says.
fn allow(action: &str, element: &str, of: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, element: of}]})
}
