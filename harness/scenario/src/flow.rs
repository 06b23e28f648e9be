//! The steps of one option, the same whoever carries the calls: set up, start the callers, make the requests.

use account::Filed;
use serde_json::{Value, json};

use crate::api::{ApiCall, Refusal};
use crate::calls::{Effect, Kind, Operation};
use crate::directory::User;
use crate::outcome::{Finish, normal};
use crate::plan::Step;
use crate::prepare::{Broker, Start, Trial};
use crate::results::Outcome;
use crate::scenario::{Request, RequestKind, Scenario};

/// Whatever carries calls to a world: the SDKs over HTTP, or this process itself.
pub(crate) trait Carrier {
    /// Something to sign with.
    type Keys: Clone;

    /// The root user's keys of an account.
    fn root(&self, account: &str) -> Result<Self::Keys, Refusal>;

    /// Keys that an API call has given out.
    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Self::Keys, Refusal>;

    /// The keys that a task's containers find at their credentials endpoint.
    async fn in_container(&self, task_arn: &str) -> Result<Self::Keys, Refusal>;

    /// Makes a call.
    async fn send(&self, keys: &Self::Keys, call: &ApiCall) -> Sent;

    /// Remembers the world as it is.
    fn remember(&self);

    /// Puts the world back to what was remembered.
    fn rewind(&self);
}

/// An answer with the decisions that led to it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) result: Result<Value, Refusal>,
    pub(crate) filed: Vec<Filed>,
}

/// Why an option could not be brought to its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// What was tried: `iam:CreateRole`.
    pub(crate) call: String,
    /// What came back.
    pub(crate) reason: String,
}

/// What one option gave: its cells, callers outermost.
pub(crate) type Cells = Vec<Finish>;

/// A caller on its feet, or why it is not.
enum Caller<K> {
    Ready { keys: K, task_arn: Option<String> },
    NotStarted(Box<Finish>),
}

impl<K> Caller<K> {
    fn not_started(finish: Finish) -> Self {
        Self::NotStarted(Box::new(finish))
    }
}

/// Runs one option through; `done` hears of every cell as it is finished.
pub(crate) async fn option<C: Carrier>(
    carrier: &C,
    scenario: &Scenario,
    trial: &Trial,
    done: impl Fn(usize, usize, &Finish),
) -> Result<Cells, Broken> {
    for Step { account, call } in &trial.plan.calls {
        let keys = carrier.root(account).map_err(|refusal| broken(call, refusal))?;
        carrier.send(&keys, call).await.result.map_err(|refusal| broken(call, refusal))?;
    }
    let users = users(carrier, trial).await?;
    let callers = Starter { carrier, trial, users }.all().await?;
    let tasks: Vec<_> =
        scenario.callers.iter().zip(&callers).map(|(caller, started)| (&*caller.name, started)).collect();
    carrier.remember();
    let mut cells = Vec::new();
    for (at, caller) in callers.iter().enumerate() {
        for (number, request) in scenario.requests.iter().enumerate() {
            let finish = cell(carrier, caller, request, &tasks).await?;
            done(at, number, &finish);
            cells.push(finish);
        }
    }
    Ok(cells)
}

fn broken(call: &ApiCall, refusal: Refusal) -> Broken {
    let target = ["RoleName", "UserName", "GroupName", "Bucket", "PolicyName", "family", "clusterName"];
    let target = target.iter().find_map(|member| call.input[*member].as_str()).map(|name| format!(" of `{name}`"));
    let call = format!("{}{}", call.name(), target.unwrap_or_default());
    Broken { call, reason: normal(&format!("{}: {}", refusal.code, refusal.message)) }
}

/// One cell: each is asked of the world as it was when all callers stood ready.
async fn cell<C: Carrier>(
    carrier: &C,
    caller: &Caller<C::Keys>,
    request: &Request,
    tasks: &[(&str, &Caller<C::Keys>)],
) -> Result<Finish, Broken> {
    let (keys, operation, input) = match (caller, &request.kind) {
        (Caller::NotStarted(finish), _) => return Ok((**finish).clone()),
        (_, RequestKind::Container(name)) => {
            let why = format!("the command of container `{name}` is not run: containers are not run yet");
            return Ok(Finish::plain(Outcome::NotRun { why: why.clone() }, why));
        }
        (Caller::Ready { keys, .. }, RequestKind::Call { operation, input }) => (keys, operation, input),
    };
    let call = request_call(operation, input, tasks);
    let sent = carrier.send(keys, &call).await;
    if operation.effect == Effect::Changes {
        carrier.rewind();
    }
    match sent.result {
        Err(refusal) if refusal.status == 0 => Err(broken(&call, refusal)),
        result => Ok(Finish::of(&call, result, sent.filed)),
    }
}

/// A request as a call. The name of a task caller stands for the ARN of its task.
fn request_call<K>(operation: &'static Operation, input: &Value, tasks: &[(&str, &Caller<K>)]) -> ApiCall {
    let arn = |value: &mut Value| {
        let named = tasks.iter().find(|(name, _)| value.as_str() == Some(name));
        if let Some((_, Caller::Ready { task_arn: Some(arn), .. })) = named {
            *value = json!(arn);
        }
    };
    let mut input = input.clone();
    for member in operation.members {
        let Some(value) = input.get_mut(member.name) else { continue };
        match member.kind {
            Kind::Task => arn(value),
            Kind::Tasks => value.as_array_mut().into_iter().flatten().for_each(arn),
            _ => {}
        }
    }
    let body = input.as_object_mut().and_then(|members| members.remove("Body"));
    let body = body.and_then(|body| body.as_str().map(str::to_owned)).unwrap_or_default();
    ApiCall::new(operation.service(), operation.operation(), input).body(body)
}

/// One long-term key for each user that takes part, made by the root user. A user can have no more than two.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
async fn users<C: Carrier>(carrier: &C, trial: &Trial) -> Result<Vec<(User, C::Keys)>, Broken> {
    let callers = trial.starts.iter().filter_map(|start| match start {
        Start::User(user) => Some(user),
        Start::Task { .. } | Start::Assume { .. } => None,
    });
    let mut made: Vec<(User, C::Keys)> = Vec::new();
    for user in callers.chain(&trial.launcher).chain(trial.broker.as_ref().map(|broker| &broker.user)) {
        if made.iter().any(|(known, _)| known == user) {
            continue;
        }
        let call = ApiCall::new("iam", "CreateAccessKey", json!({"UserName": user.name}));
        let root = carrier.root(&user.account).map_err(|refusal| broken(&call, refusal))?;
        let answer = carrier.send(&root, &call).await.result.map_err(|refusal| broken(&call, refusal))?;
        let keys = read_keys(carrier, &answer["AccessKey"]).map_err(|refusal| broken(&call, refusal))?;
        made.push((user.clone(), keys));
    }
    Ok(made)
}

/// Keys as CreateAccessKey and AssumeRole give them.
fn read_keys<C: Carrier>(carrier: &C, keys: &Value) -> Result<C::Keys, Refusal> {
    let text = |name: &str| keys[name].as_str();
    match (text("AccessKeyId"), text("SecretAccessKey")) {
        (Some(id), Some(secret)) => carrier.keys(id, secret, text("SessionToken")),
        _ => Err(Refusal::no_answer("the answer has no credentials in it")),
    }
}

/// Brings the callers to their credentials.
struct Starter<'a, C: Carrier> {
    carrier: &'a C,
    trial: &'a Trial,
    users: Vec<(User, C::Keys)>,
}

impl<C: Carrier> Starter<'_, C> {
    /// Every caller, in file order; one that is assumed by a later one waits for it.
    async fn all(&self) -> Result<Vec<Caller<C::Keys>>, Broken> {
        let launcher = match &self.trial.launcher {
            Some(user) => self.user(user)?,
            None => self.root(&self.trial.place.account)?,
        };
        let mut started: Vec<Option<Caller<C::Keys>>> = self.trial.starts.iter().map(|_| None).collect();
        // Each round starts at least one: callers that assume one another in a ring are refused in the file.
        while started.iter().any(Option::is_none) {
            let before = started.iter().flatten().count();
            for (at, start) in self.trial.starts.iter().enumerate() {
                if started[at].is_some() {
                    continue;
                }
                started[at] = match start {
                    Start::Task { register, run } => Some(self.task(&launcher, register.as_ref(), run).await?),
                    Start::User(user) => Some(Caller::Ready { keys: self.user(user)?, task_arn: None }),
                    Start::Assume { by, call } => match started.get(*by).and_then(Option::as_ref) {
                        Some(Caller::Ready { keys, .. }) => Some(self.session(keys, call, None).await?),
                        Some(Caller::NotStarted(finish)) => Some(Caller::NotStarted(finish.clone())),
                        None => None,
                    },
                };
            }
            if started.iter().flatten().count() == before {
                let reason = "callers assume their roles as one another".to_owned();
                return Err(Broken { call: "sts:AssumeRole".to_owned(), reason });
            }
        }
        Ok(started.into_iter().flatten().collect())
    }

    fn root(&self, account: &str) -> Result<C::Keys, Broken> {
        let call = || format!("the root user of account {account}");
        self.carrier.root(account).map_err(|refusal| Broken { call: call(), reason: refusal.message })
    }

    fn user(&self, user: &User) -> Result<C::Keys, Broken> {
        let known = self.users.iter().find(|(known, _)| known == user);
        let missing = || Broken { call: format!("user {}", user.name), reason: "it has no key".to_owned() };
        known.map(|(_, keys)| keys.clone()).ok_or_else(missing)
    }

    async fn task(
        &self,
        launcher: &C::Keys,
        register: Option<&ApiCall>,
        run: &ApiCall,
    ) -> Result<Caller<C::Keys>, Broken> {
        let mut run = run.clone();
        if let Some(register) = register {
            let sent = self.carrier.send(&self.root(&self.trial.place.account)?, register).await;
            let answer = sent.result.map_err(|refusal| broken(register, refusal))?;
            run.input["taskDefinition"] = answer["taskDefinition"]["taskDefinitionArn"].clone();
        }
        let sent = self.carrier.send(launcher, &run).await;
        let answer = match sent.result {
            Ok(answer) => answer,
            Err(refusal) if refusal.status == 0 => return Err(broken(&run, refusal)),
            Err(refusal) => return Ok(Caller::not_started(Finish::not_started(&run, refusal, sent.filed))),
        };
        let Some(arn) = answer["tasks"][0]["taskArn"].as_str() else {
            let reason = answer["failures"][0]["reason"].as_str().unwrap_or("no task was started").to_owned();
            let refusal = Refusal { status: 200, code: "Failure".to_owned(), message: reason };
            return Ok(Caller::not_started(Finish::not_started(&run, refusal, sent.filed)));
        };
        match &self.trial.broker {
            Some(broker) => self.brokered(broker, arn).await,
            None => match self.carrier.in_container(arn).await {
                Ok(keys) => Ok(Caller::Ready { keys, task_arn: Some(arn.to_owned()) }),
                Err(refusal) => Err(broken(&run, refusal)),
            },
        }
    }

    /// The broker looks at the task's tags and assumes the role with the ones it copies. The session is named by the
    /// task's id, as ECS names its own.
    async fn brokered(&self, broker: &Broker, task_arn: &str) -> Result<Caller<C::Keys>, Broken> {
        let keys = self.user(&broker.user)?;
        let describe = json!({"tasks": [task_arn], "include": ["TAGS"]});
        let describe = ApiCall::new("ecs", "DescribeTasks", describe);
        let sent = self.carrier.send(&keys, &describe).await;
        let answer = match sent.result {
            Ok(answer) => answer,
            Err(refusal) if refusal.status == 0 => return Err(broken(&describe, refusal)),
            Err(refusal) => return Ok(Caller::not_started(Finish::not_started(&describe, refusal, sent.filed))),
        };
        let tags: Vec<Value> = (answer["tasks"][0]["tags"].as_array().into_iter().flatten())
            .filter(|tag| broker.copies.iter().any(|key| tag["key"] == key.as_str()))
            .map(|tag| json!({"Key": tag["key"], "Value": tag["value"]}))
            .collect();
        let id = task_arn.rsplit('/').next().unwrap_or(task_arn);
        let mut input = json!({"RoleArn": broker.role_arn, "RoleSessionName": id});
        if !tags.is_empty() {
            input["Tags"] = Value::Array(tags);
        }
        self.session(&keys, &ApiCall::new("sts", "AssumeRole", input), Some(task_arn)).await
    }

    async fn session(&self, by: &C::Keys, call: &ApiCall, task: Option<&str>) -> Result<Caller<C::Keys>, Broken> {
        let sent = self.carrier.send(by, call).await;
        match sent.result {
            Ok(answer) => {
                let keys = read_keys(self.carrier, &answer["Credentials"]).map_err(|refusal| broken(call, refusal))?;
                Ok(Caller::Ready { keys, task_arn: task.map(str::to_owned) })
            }
            Err(refusal) if refusal.status == 0 => Err(broken(call, refusal)),
            Err(refusal) => Ok(Caller::not_started(Finish::not_started(call, refusal, sent.filed))),
        }
    }
}
