//! The steps of an option, as they are taken on an emulator or in a real account: who stands in for ECS.

use std::sync::{Mutex, PoisonError};

use account::RecordedDecision;
use matrix::call::{self, ApiCall, CallError, Obstacle};
use matrix::capability::Limits;
use matrix::flow::{self, Bound, Bounds, Carrier, Sent};
use matrix::plan::Step;
use matrix::{Question, TaskRun, Trial};
use serde_json::{Value, json};

use super::allow;
use super::profile::NO_CONTAINER;
use super::session::{BackendSession, Keys};
use crate::client::Signed;

/// The user who stands in for ECS where a root user may not assume roles, as on AWS.
const STAND_IN: &str = "tagproof-ecs-tasks";

/// Carries one option's calls.
pub(super) struct BareCarrier<'a> {
    pub(super) session: BackendSession<'a>,
    trial: &'a Trial,
    pub(super) limits: Limits,
    /// The user who stands in for ECS, with its ARN.
    stand_in: Mutex<Option<(Keys, String)>>,
}

impl<'a> BareCarrier<'a> {
    pub(super) fn new(session: BackendSession<'a>, trial: &'a Trial, limits: Limits) -> Self {
        Self { session: session.with_task_roles(trial.task_roles()), trial, limits, stand_in: Mutex::default() }
    }
}

impl Carrier for BareCarrier<'_> {
    type Keys = Keys;
    type Proof = Signed;

    fn root(&self, account: &str) -> Result<Keys, CallError> {
        Ok(self.session.root(account))
    }

    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Keys, CallError> {
        Ok(self.session.keys(id, secret, token))
    }

    /// No emulator hands out the credentials of a task unless it runs the task's containers.
    async fn in_container(&self, task_arn: &str, role: Option<&str>) -> Result<Keys, CallError> {
        let role = role.ok_or(Obstacle::NoRole)?;
        let id = task_arn.rsplit('/').next().unwrap_or(task_arn);
        let assume = ApiCall::new("sts", "AssumeRole", json!({"RoleArn": role, "RoleSessionName": id}));
        if let Some(run_user) = self.session.run_user {
            let answer = self.session.assume(run_user, &assume).await?;
            self.session.note(NO_TASK.to_owned());
            return flow::read_keys(self, &answer["Credentials"]);
        }
        let root = self.session.root(&self.trial.environment.account);
        let (answer, by) = match self.session.send(&root, &assume).await {
            Ok(answer) => (answer, "the root user"),
            Err(error) if error.ends_run() => return Err(error),
            Err(_) => (self.by_stand_in(&root, role, &assume).await?, "a user whom its trust policy names meanwhile"),
        };
        self.session.note(format!(
            "{} hands out no task's credentials: the session of a task is made by sts:AssumeRole of its role, by {by}, \
             with the task's id as session name",
            self.session.emulator.profile.title
        ));
        flow::read_keys(self, &answer["Credentials"])
    }

    async fn run_task(&self, _task_arn: &str, _container: &str) -> Result<(TaskRun, Vec<RecordedDecision>), String> {
        Err(NO_CONTAINER.why.to_owned())
    }

    async fn send(&self, keys: &Keys, call: &ApiCall) -> Sent {
        Sent { result: self.session.send(keys, call).await, recorded: Vec::new() }
    }

    async fn sign(&self, keys: &Keys, bound: Option<&Bound>) -> Result<Signed, CallError> {
        keys.client().sign_identity(bound).await
    }

    fn add_unsigned(&self, proof: &mut Signed, bound: &Bound) {
        proof.add_unsigned(bound);
    }

    fn bounds(&self, proof: &Signed) -> Bounds {
        proof.bounds()
    }

    async fn present(&self, by: &Keys, proof: &Signed) -> Sent {
        Sent { result: self.session.present(by, proof).await, recorded: Vec::new() }
    }

    async fn settle(&self, users: Vec<Keys>) -> Result<(), CallError> {
        self.session.settle(&users).await
    }

    fn runs_tasks(&self) -> bool {
        self.session.run_user.is_none()
    }

    fn decide(&self, _: &Self::Keys, _: &Question) -> Result<RecordedDecision, CallError> {
        Err(CallError::not_sent("only a world decides on an action"))
    }

    fn remember(&self) {}

    fn rewind(&self) -> bool {
        false
    }

    async fn clear(&self) {
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.session.clear().await;
    }

    fn who(&self) -> &str {
        self.session.emulator.profile.title
    }

    fn unsupported(&self, caller: usize, request: usize) -> Option<&str> {
        self.limits.why(caller, request)
    }
}

/// What the session of a task is in a real account.
const NO_TASK: &str = "no task is run in a real account: the session of a task is made by sts:AssumeRole of its role, by \
                       a user whom its trust policy names in one more statement, with a task's id as session name";

impl BareCarrier<'_> {
    /// A session of a role that only a service may assume, as ECS would make it: the role trusts a user instead while it
    /// is assumed, and then what it trusted before.
    async fn by_stand_in(&self, root: &Keys, role: &str, assume: &ApiCall) -> Result<Value, CallError> {
        let (keys, user) = self.stand_in(root).await?;
        let name = role.rsplit('/').next().unwrap_or(role);
        let trust = |document: Value| {
            ApiCall::new("iam", "UpdateAssumeRolePolicy", json!({"RoleName": name, "PolicyDocument": document}))
        };
        let made = |step: &&Step| step.call.operation == "CreateRole" && step.call.input["RoleName"] == name;
        let before =
            self.trial.plan.calls.iter().find(made).map(|step| step.call.input["AssumeRolePolicyDocument"].clone());
        self.session
            .send(root, &trust(call::text(&allow("sts:AssumeRole", "Principal", &json!({"AWS": user})))))
            .await?;
        let assumed = self.session.send(&keys, assume).await;
        if let Some(before) = before {
            self.session.send(root, &trust(before)).await?;
        }
        assumed
    }

    async fn stand_in(&self, root: &Keys) -> Result<(Keys, String), CallError> {
        let known = self.stand_in.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let policy = allow("sts:AssumeRole", "Resource", &json!("*")).to_string();
        let put = json!({"UserName": STAND_IN, "PolicyName": STAND_IN, "PolicyDocument": policy});
        let user = ApiCall::new("iam", "CreateUser", json!({"UserName": STAND_IN}));
        let user = self.session.send(root, &user).await?["User"]["Arn"].as_str().unwrap_or_default().to_owned();
        self.session.send(root, &ApiCall::new("iam", "PutUserPolicy", put)).await?;
        let key = ApiCall::new("iam", "CreateAccessKey", json!({"UserName": STAND_IN}));
        let keys = flow::read_keys(self, &self.session.send(root, &key).await?["AccessKey"])?;
        *self.stand_in.lock().unwrap_or_else(PoisonError::into_inner) = Some((keys.clone(), user.clone()));
        Ok((keys, user))
    }
}
