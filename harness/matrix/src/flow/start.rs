//! Brings the callers to their credentials.

use account::RecordedDecision;
use serde_json::{Value, json};

use super::actors::{Actors, Before};
use super::broker::RunningBroker;
use super::keys::{read_keys, users};
use super::refusal::NotAdmitted;
use super::{Broken, Carrier, broken};
use crate::call::{ApiCall, CallError, Obstacle, Refusal};
use crate::directory::User;
use crate::outcome::FinishedCell;
use crate::prepared::{Start, Trial};
use crate::scenario::{By, CallerKind, Captured, Name, Scenario, Step};

/// What is tried when it is waited for what was made.
const SETTLE: &str = "waiting for AWS to know what was made";

/// The id of a task that nobody runs.
const NEVER_RUN: &str = "0123456789abcdef0123456789abcdef";

/// A caller that was started, as far as it got.
pub struct Started<K> {
    /// Its task, where it is one and it runs.
    pub task_arn: Option<String>,
    /// What it has without a broker; it can prove with them who it is.
    pub own: Option<K>,
    /// What it makes its requests with, or why it makes none.
    pub keys: Result<K, Box<FinishedCell>>,
}

impl<K: Clone> Started<K> {
    fn with(keys: K) -> Self {
        Self { task_arn: None, own: Some(keys.clone()), keys: Ok(keys) }
    }

    fn not(finished: FinishedCell) -> Self {
        Self { task_arn: None, own: None, keys: Err(Box::new(finished)) }
    }
}

/// Brings the callers to their credentials.
pub(super) struct Starter<'a, C: Carrier> {
    pub(super) carrier: &'a C,
    pub(super) scenario: &'a Scenario,
    pub(super) trial: &'a Trial,
    pub(super) users: Vec<(User, C::Keys)>,
    /// The ARN of the revision that each caller's task has for itself.
    revisions: Vec<Option<Value>>,
    /// Why a caller need not be started.
    idle: Vec<Option<String>>,
}

impl<'a, C: Carrier> Starter<'a, C> {
    /// With a key for each user, and the revisions that tasks have for themselves: all of it part of the set-up.
    pub(super) async fn new(
        carrier: &'a C,
        scenario: &'a Scenario,
        trial: &'a Trial,
        idle: Vec<Option<String>>,
    ) -> Result<Self, Broken> {
        let users = users(carrier, trial, &idle).await?;
        let revisions = revisions(carrier, trial, &idle).await?;
        let keys = users.iter().map(|(_, keys)| keys.clone()).collect();
        carrier.settle(keys).await.map_err(|error| Broken { call: SETTLE.to_owned(), error })?;
        Ok(Self { carrier, scenario, trial, users, revisions, idle })
    }

    /// Every caller, in file order; one that needs a later one waits for it.
    pub(super) async fn all(&self) -> Result<Vec<Started<C::Keys>>, Broken> {
        let needs: Vec<_> = self.scenario.callers.iter().map(|caller| caller.needs(&self.scenario.callers)).collect();
        let mut started: Vec<Option<Started<C::Keys>>> = self.trial.starts.iter().map(|_| None).collect();
        // Each round starts at least one: callers that need one another in a ring are refused in the file.
        while started.iter().any(Option::is_none) {
            let before = started.iter().flatten().count();
            for at in 0..started.len() {
                if started[at].is_none() && needs[at].iter().all(|needed| started[*needed].is_some()) {
                    started[at] = Some(self.one(at, &started).await?);
                }
            }
            if started.iter().flatten().count() == before {
                let error = CallError::not_sent("callers need one another");
                return Err(Broken { call: "sts:AssumeRole".to_owned(), error });
            }
        }
        Ok(started.into_iter().flatten().collect())
    }

    async fn one(&self, at: usize, others: &[Option<Started<C::Keys>>]) -> Result<Started<C::Keys>, Broken> {
        if let Some(why) = self.idle.get(at).and_then(Option::as_deref) {
            return Ok(Started::not(FinishedCell::unsupported(why)));
        }
        let other = |other: usize| others[other].as_ref().ok_or_else(|| self.missing(other));
        match &self.trial.starts[at] {
            Start::User(user) => Ok(Started::with(self.user(user)?)),
            Start::Task { run, role, .. } => {
                let started = self.task(self.revisions[at].as_ref(), run, role.as_deref()).await?;
                self.through_broker(at, started, others).await
            }
            Start::Assume { by, call, named_after, .. } => {
                let mut call = call.clone();
                if let Some(task) = named_after {
                    let Some(arn) = &other(*task)?.task_arn else { return Ok(other(*task)?.follower()) };
                    call.input["RoleSessionName"] = json!(id(arn));
                }
                let started = match by {
                    By::User(name) => self.session(&self.hand(name)?, &call).await?,
                    By::Caller(by) => match &other(*by)?.keys {
                        Ok(keys) => self.session(keys, &call).await?,
                        Err(_) => other(*by)?.follower(),
                    },
                };
                self.through_broker(at, started, others).await
            }
            Start::Captured(captured) => self.captured(captured, other(captured.of)?).await,
        }
    }

    /// A caller with its own keys, given those of the broker where there is one.
    async fn through_broker(
        &self,
        at: usize,
        started: Started<C::Keys>,
        others: &[Option<Started<C::Keys>>],
    ) -> Result<Started<C::Keys>, Broken> {
        let Some(own) = started.own.clone() else {
            self.before(at, &started, None, others).await?;
            return Ok(started);
        };
        let broker = self.broker()?.filter(|_| self.trial.starts[at].through_broker());
        // It signs while it still is what it was.
        let proof = match &broker {
            Some(broker) => Some(broker.proof(&own, &self.scenario.callers[at].name).await?),
            None => None,
        };
        let before = self.before(at, &started, Some((at, &own)), others).await?;
        let (Some(broker), Some(proof)) = (broker, proof) else { return Ok(started) };
        let keys = broker.ask(&proof, &self.scenario.callers[at].name).await?.map_err(|mut finished| {
            before.tell(&mut finished);
            Box::new(finished)
        });
        Ok(Started { keys, ..started })
    }

    /// Makes the calls that come before a task's requests, if it runs.
    async fn before(
        &self,
        at: usize,
        started: &Started<C::Keys>,
        own: Option<(usize, &C::Keys)>,
        others: &[Option<Started<C::Keys>>],
    ) -> Result<Before, Broken> {
        if own.is_none() && started.task_arn.is_none() {
            return Ok(Before::default());
        }
        let mut all: Vec<_> = others.iter().map(Option::as_ref).collect();
        all[at] = Some(started);
        let Self { carrier, scenario, trial, users, .. } = self;
        let actors = Actors { carrier: *carrier, scenario, trial, users, started: all };
        actors.before(self.steps(at), own).await
    }

    fn steps(&self, at: usize) -> &'a [Step] {
        match &self.scenario.callers[at].kind {
            CallerKind::Task(task) => &task.before,
            _ => &[],
        }
    }

    async fn captured(&self, captured: &Captured, of: &Started<C::Keys>) -> Result<Started<C::Keys>, Broken> {
        let Some(own) = &of.own else { return Ok(of.follower()) };
        let Some(broker) = self.broker()? else {
            return Ok(Started::not(FinishedCell::not_admitted(&NotAdmitted::NoBroker, None)));
        };
        let keys = broker.captured(own, captured.signed_for, &self.scenario.callers[captured.of].name).await?;
        Ok(Started { task_arn: None, own: None, keys: keys.map_err(Box::new) })
    }

    fn broker(&self) -> Result<Option<RunningBroker<'_, C>>, Broken> {
        let Some(broker) = &self.trial.broker else { return Ok(None) };
        let environment = &self.trial.environment;
        Ok(Some(RunningBroker { carrier: self.carrier, environment, broker, keys: self.user(&broker.user)? }))
    }

    fn root(&self, account: &str) -> Result<C::Keys, Broken> {
        let call = || format!("the root user of account {account}");
        self.carrier.root(account).map_err(|error| Broken { call: call(), error })
    }

    fn user(&self, user: &User) -> Result<C::Keys, Broken> {
        let known = self.users.iter().find(|(known, _)| known == user);
        let missing = || Broken { call: format!("user {}", user.name), error: CallError::not_sent("it has no key") };
        known.map(|(_, keys)| keys.clone()).ok_or_else(missing)
    }

    /// The keys of a user who is no column of the matrix.
    fn hand(&self, name: &Name) -> Result<C::Keys, Broken> {
        let unknown = || Broken { call: format!("user {name}"), error: CallError::not_sent("it is not known") };
        self.user(self.trial.hands.get(&name.text).ok_or_else(unknown)?)
    }

    fn missing(&self, at: usize) -> Broken {
        let call = format!("caller {}", self.scenario.callers[at].name);
        Broken { call, error: CallError::not_sent("it was not started") }
    }

    async fn task(
        &self,
        revision: Option<&Value>,
        run: &ApiCall,
        role: Option<&str>,
    ) -> Result<Started<C::Keys>, Broken> {
        if !self.carrier.runs_tasks() {
            return self.contained(run, NEVER_RUN, role).await;
        }
        let launcher = match &self.trial.launcher {
            Some(user) => self.user(user)?,
            None => self.root(&self.trial.environment.account)?,
        };
        let mut run = run.clone();
        if let Some(revision) = revision {
            run.input["taskDefinition"] = revision.clone();
        }
        let sent = self.carrier.send(&launcher, &run).await;
        let answer = match sent.result {
            Ok(answer) => answer,
            Err(refusal) => return self.refused(&run, refusal, sent.recorded),
        };
        let Some(arn) = answer["tasks"][0]["taskArn"].as_str() else {
            let reason = answer["failures"][0]["reason"].as_str().unwrap_or("no task was started").to_owned();
            let refusal = Refusal { status: 200, code: "Failure".to_owned(), message: reason };
            return Ok(Started::not(FinishedCell::not_started(&run, refusal, sent.recorded)));
        };
        self.contained(&run, arn, role).await
    }

    /// A task with the credentials that its containers find.
    async fn contained(&self, run: &ApiCall, arn: &str, role: Option<&str>) -> Result<Started<C::Keys>, Broken> {
        let started = match self.carrier.in_container(arn, role).await {
            Ok(keys) => Started::with(keys),
            Err(CallError::Obstacle(obstacle @ Obstacle::NoRole)) => {
                Started::not(FinishedCell::no_credentials(&obstacle))
            }
            Err(error) => return Err(broken(run, error)),
        };
        Ok(Started { task_arn: Some(arn.to_owned()), ..started })
    }

    async fn session(&self, by: &C::Keys, call: &ApiCall) -> Result<Started<C::Keys>, Broken> {
        let sent = self.carrier.send(by, call).await;
        match sent.result {
            Ok(answer) => {
                let keys = read_keys(self.carrier, &answer["Credentials"]).map_err(|refusal| broken(call, refusal))?;
                Ok(Started::with(keys))
            }
            Err(refusal) => self.refused(call, refusal, sent.recorded),
        }
    }

    /// A caller whose start was refused.
    fn refused(
        &self,
        call: &ApiCall,
        refusal: CallError,
        recorded: Vec<RecordedDecision>,
    ) -> Result<Started<C::Keys>, Broken> {
        refused(self.carrier, call, refusal, recorded).map(Started::not)
    }
}

impl<K: Clone> Started<K> {
    /// One who needs this one, which is not there.
    fn follower(&self) -> Self {
        let why = || Box::new(FinishedCell::unsupported("a caller that it needs has no credentials"));
        Self { task_arn: None, own: None, keys: Err(self.keys.as_ref().err().cloned().unwrap_or_else(why)) }
    }
}

/// The revisions of task definitions that are registered for one caller each.
async fn revisions<C: Carrier>(
    carrier: &C,
    trial: &Trial,
    idle: &[Option<String>],
) -> Result<Vec<Option<Value>>, Broken> {
    let mut revisions = Vec::new();
    for (start, idle) in trial.starts.iter().zip(idle) {
        let register = match start {
            Start::Task { register, .. } if idle.is_none() && carrier.runs_tasks() => register.as_ref(),
            _ => None,
        };
        let Some(register) = register else {
            revisions.push(None);
            continue;
        };
        let root = carrier.root(&trial.environment.account).map_err(|refusal| broken(register, refusal))?;
        let answer = carrier.send(&root, register).await.result.map_err(|refusal| broken(register, refusal))?;
        revisions.push(Some(answer["taskDefinition"]["taskDefinitionArn"].clone()));
    }
    Ok(revisions)
}

/// What came of a start that was refused. A fault of the server's own is no refusal.
pub(super) fn refused<C: Carrier>(
    carrier: &C,
    call: &ApiCall,
    error: CallError,
    recorded: Vec<RecordedDecision>,
) -> Result<FinishedCell, Broken> {
    match error {
        CallError::Refused(refusal) if refusal.status >= 500 => {
            Ok(FinishedCell::of(carrier.who(), call, Err(refusal), recorded))
        }
        CallError::Refused(refusal) => Ok(FinishedCell::not_started(call, refusal, recorded)),
        error => Err(broken(call, error)),
    }
}

/// The id of a task: the last part of its ARN.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-arn-timeline
fn id(task_arn: &str) -> &str {
    task_arn.rsplit('/').next().unwrap_or(task_arn)
}
