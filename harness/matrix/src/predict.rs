//! The same steps without any listener or SDK: calls are made in this process, on a world of its own.

use std::cell::{Ref, RefCell};
use std::future::Future;
use std::mem::discriminant;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use account::ids::Seeded;
use account::{AccessKey, Call, Fault, Identity, RecordedDecision, Settings, Signing, Surroundings, Tracing, World};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::call::{ApiCall, CallError, Obstacle, Refusal};
use crate::error::SetUpError;
use crate::flow::{self, Bound, Bounds, Broken, Carrier, Sent, Started};
use crate::gather::{Gathered, gather};
use crate::plan::Plan;
use crate::prepared::{Prepared, Trial};
use crate::question::Question;
use crate::results::{Results, TaskRun};
use crate::scenario::Scenario;

/// When everything happens: sessions are as fresh at the end as at the start.
const NOW: i64 = 1_767_225_600; // 2026-01-01T00:00:00Z

/// Predicts every cell, without any I/O.
///
/// # Errors
/// An option's account cannot be set up: AWS would refuse a call.
pub fn predict(prepared: &Prepared) -> Result<Results, SetUpError> {
    let started = Instant::now();
    let mut gathered = Vec::new();
    for (at, trial) in prepared.trials.iter().enumerate() {
        let began = Instant::now();
        let carrier = InProcess::new(trial);
        let mut cells = Vec::new();
        finish(flow::option(&carrier, &prepared.scenario, trial, &mut cells, |_, _, _| {}))
            .map_err(|broken| SetUpError::new(prepared, at, broken))?;
        gathered.push(Gathered { cells, took: began.elapsed() });
    }
    Ok(gather(prepared, gathered, started.elapsed()))
}

/// An option's world as all requests find it, with everybody ready to act in it.
pub(crate) struct Standing {
    carrier: InProcess,
    pub(crate) callers: Vec<Started<Arc<Identity>>>,
}

impl Standing {
    /// # Errors
    /// The account cannot be set up.
    pub(crate) fn new(scenario: &Scenario, trial: &Trial) -> Result<Self, Broken> {
        let carrier = InProcess::new(trial);
        let ready = finish(flow::set_up(&carrier, scenario, trial))?;
        Ok(Self { carrier, callers: ready.callers })
    }

    pub(crate) fn world(&self) -> Ref<'_, World> {
        self.carrier.world.borrow()
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.carrier.now
    }
}

/// Nothing in here ever waits, so one look is enough.
fn finish<T>(future: impl Future<Output = Result<T, Broken>>) -> Result<T, Broken> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => {
            Err(Broken { call: "predict".to_owned(), error: CallError::not_sent("a call in this process waits") })
        }
    }
}

/// Carries calls to a world in this process.
struct InProcess {
    world: RefCell<World>,
    remembered: RefCell<World>,
    ids: RefCell<Seeded>,
    now: Timestamp,
    surroundings: Surroundings,
}

/// A signed request that has not been sent.
struct Signed {
    by: Arc<Identity>,
    bounds: Bounds,
}

impl InProcess {
    fn new(trial: &Trial) -> Self {
        let root = AccessKey { id: "root".to_owned(), secret: "root".to_owned() };
        let mut world = World::new(Settings { account: trial.environment.account.clone(), root }, services::ALL);
        world.set_partition(&trial.environment.partition);
        for account in &trial.plan.accounts {
            let root = AccessKey { id: format!("root-{account}"), secret: "root".to_owned() };
            world.add_account(Settings { account: account.clone(), root });
        }
        Self {
            remembered: RefCell::new(world.clone()),
            world: RefCell::new(world),
            ids: RefCell::new(Seeded(0)),
            now: Timestamp::from_second(NOW).unwrap_or_default(),
            surroundings: surroundings(&trial.environment.region),
        }
    }

    fn answer(
        &self,
        identity: &Arc<Identity>,
        call: &ApiCall,
        decisions: &mut Vec<RecordedDecision>,
    ) -> Result<Value, Fault> {
        let mut ids = self.ids.borrow_mut();
        let mut made = Call {
            identity: identity.clone(),
            now: self.now,
            ids: &mut *ids,
            surroundings: &self.surroundings,
            tracing: Tracing::All,
            decisions,
        };
        let mut world = self.world.borrow_mut();
        if call.service == "s3" {
            let request = s3::Request::from_input(call.operation, call.input.clone(), call.body.clone())?;
            return s3::call(&mut world, &mut made, &request).map(|_| Value::Null);
        }
        world.call(&mut made, call.service, call.operation, call.input.clone())
    }
}

impl Carrier for InProcess {
    type Keys = Arc<Identity>;
    type Proof = Signed;

    fn root(&self, account: &str) -> Result<Self::Keys, CallError> {
        Ok(Arc::new(Identity::Root { account: account.to_owned() }))
    }

    fn keys(&self, id: &str, _secret: &str, _token: Option<&str>) -> Result<Self::Keys, CallError> {
        let world = self.world.borrow();
        let credential = world.credentials().get(id);
        credential
            .map(|known| known.identity.clone())
            .ok_or_else(|| CallError::no_answer("an access key that nobody made"))
    }

    async fn in_container(&self, task_arn: &str, _role: Option<&str>) -> Result<Self::Keys, CallError> {
        let keys = {
            let mut world = self.world.borrow_mut();
            let endpoint = ecs::task_endpoint(&world, task_arn);
            endpoint.and_then(|endpoint| {
                ecs::task_credentials(
                    &mut world,
                    &endpoint.task_id,
                    &endpoint.token,
                    self.now,
                    &mut *self.ids.borrow_mut(),
                )
            })
        };
        let keys = keys.ok_or(Obstacle::NoRole)?;
        self.keys(&keys.access_key_id, &keys.secret_access_key, Some(&keys.token))
    }

    async fn run_task(&self, _task_arn: &str, _container: &str) -> Result<(TaskRun, Vec<RecordedDecision>), String> {
        Err(NO_LAUNCHER.to_owned())
    }

    async fn send(&self, keys: &Self::Keys, call: &ApiCall) -> Sent {
        let mut recorded = Vec::new();
        let result = self.answer(keys, call, &mut recorded);
        Sent { result: result.map_err(|fault| refusal(call, fault).into()), recorded }
    }

    async fn sign(&self, keys: &Self::Keys, bound: Option<&Bound>) -> Result<Signed, CallError> {
        Ok(Signed { by: keys.clone(), bounds: Bounds { signed: bound.cloned(), unsigned: None } })
    }

    fn add_unsigned(&self, proof: &mut Signed, bound: &Bound) {
        // A header that is there already is inside the signature.
        let there = proof.bounds.signed.as_ref().is_some_and(|signed| discriminant(signed) == discriminant(bound));
        proof.bounds.unsigned = Some(bound.clone()).filter(|_| !there);
    }

    fn bounds(&self, proof: &Signed) -> Bounds {
        proof.bounds.clone()
    }

    async fn present(&self, _by: &Self::Keys, proof: &Signed) -> Sent {
        self.send(&proof.by, &ApiCall::new("sts", "GetCallerIdentity", json!({}))).await
    }

    fn furnish(&self, plan: &Plan) {
        furnish(&mut self.world.borrow_mut(), plan);
    }

    fn decide(&self, keys: &Self::Keys, question: &Question) -> Result<RecordedDecision, CallError> {
        question.ask(&self.world.borrow(), keys.clone(), self.now)
    }

    fn remember(&self) {
        *self.remembered.borrow_mut() = self.world.borrow().clone();
    }

    fn rewind(&self) -> bool {
        *self.world.borrow_mut() = self.remembered.borrow().clone();
        true
    }
}

/// Why nobody runs a container's command.
pub const NO_LAUNCHER: &str = "containers are not run here; `tagproof run --launcher process` or `docker` runs them";

/// The SHA-256 of an empty body.
const HASH_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What no API call here sets up.
pub fn furnish(world: &mut World, plan: &Plan) {
    if let Some(organization) = &plan.organization {
        world.set_organization(organization.clone());
    }
    for (service, endpoint) in &plan.endpoints {
        world.set_endpoint(service, endpoint.clone());
    }
}

/// A fault as a client sees it. The answer to a HEAD has no body: status and phrase are all there is.
fn refusal(call: &ApiCall, fault: Fault) -> Refusal {
    let Fault { status, code, message, .. } = fault;
    if call.service == "s3" && call.operation.starts_with("Head") {
        let phrase = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let message = phrase.unwrap_or("Unknown").to_owned();
        // The SDKs know the one error of HEAD's model by its status.
        let code = if status == 404 { "NotFound".to_owned() } else { status.to_string() };
        return Refusal { status, code, message };
    }
    Refusal { status, code: code.into_owned(), message }
}

/// A request from this machine, signed in its header, as the listener sees those of a run. Only the user agent and the
/// hash of the body are the SDK's own and not foreseen here: one hash stands for any other, since the one value that
/// S3 documents for policies is `UNSIGNED-PAYLOAD`.
/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
pub(crate) fn surroundings(region: &str) -> Surroundings {
    Surroundings {
        source_ip: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        user_agent: Some("tagproof".to_owned()),
        referer: None,
        // As the listener has it: what stands in for AWS is reached as AWS is.
        secure: true,
        region: region.to_owned(),
        signing: Some(Signing {
            auth_type: "REST-HEADER",
            version: "AWS4-HMAC-SHA256",
            age_ms: None,
            content_sha256: Some(HASH_OF_NOTHING.to_owned()),
        }),
    }
}
