//! The steps of one option, the same whoever carries the calls: set up, start the callers, make the requests.

use account::Filed;
use serde_json::{Value, json};

use crate::api::{ApiCall, Refusal};
use crate::calls::{Effect, Kind, Operation};
use crate::directory::User;
use crate::outcome::Finish;
use crate::plan::Step;
use crate::prepare::{Broker, Start, Trial};
use crate::results::{Outcome, TaskRun};
use crate::scenario::{Request, RequestKind, Scenario};

/// Whatever carries calls to a world: the SDKs over HTTP, or this process itself.
pub(crate) trait Carrier {
    /// Something to sign with.
    type Keys: Clone;

    /// The root user's keys of an account.
    fn root(&self, account: &str) -> Result<Self::Keys, Refusal>;

    /// Keys that an API call has given out.
    fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Result<Self::Keys, Refusal>;

    /// The keys that the containers of a task with this role find at their credentials endpoint.
    async fn in_container(&self, task_arn: &str, role: Option<&str>) -> Result<Self::Keys, Refusal>;

    /// Runs a task, as it stands at its beginning, to its end; gives what became of one of its containers, and what
    /// was decided for the task's role, or, if the task did not start, for ECS on its behalf. Else why nobody runs it.
    async fn run_task(&self, task_arn: &str, container: &str) -> Result<(TaskRun, Vec<Filed>), String>;

    /// Makes a call.
    async fn send(&self, keys: &Self::Keys, call: &ApiCall) -> Sent;

    /// Remembers the world as it is.
    fn remember(&self);

    /// Puts the world back to what was remembered; `false` where it can only be cleared and set up anew.
    fn rewind(&self) -> bool;

    /// Deletes everything that was made.
    async fn clear(&self) {}

    /// Who answers, as reasons name it.
    fn who(&self) -> &str {
        "AWS"
    }

    /// Why a cell cannot be expressed here, by caller and request; `None`: it can.
    fn unsupported(&self, _caller: usize, _request: usize) -> Option<&str> {
        None
    }
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
    pub(crate) refusal: Refusal,
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

/// Runs one option through, adding to `cells`; `done` hears of every cell as it is finished.
pub(crate) async fn option<C: Carrier>(
    carrier: &C,
    scenario: &Scenario,
    trial: &Trial,
    cells: &mut Cells,
    done: impl Fn(usize, usize, &Finish),
) -> Result<(), Broken> {
    let mut callers = set_up(carrier, scenario, trial).await?;
    let mut stale = false;
    for at in 0..callers.len() {
        for (number, request) in scenario.requests.iter().enumerate() {
            let finish = match carrier.unsupported(at, number) {
                Some(why) => Finish::unsupported(why),
                None => {
                    if std::mem::take(&mut stale) {
                        carrier.clear().await;
                        callers = set_up(carrier, scenario, trial).await?;
                    }
                    let (finish, left) = cell(carrier, scenario, &callers, at, request).await?;
                    stale = left == Left::Changed;
                    finish
                }
            };
            done(at, number, &finish);
            cells.push(finish);
        }
    }
    Ok(())
}

/// The world as all requests find it, and the callers on their feet.
async fn set_up<C: Carrier>(carrier: &C, scenario: &Scenario, trial: &Trial) -> Result<Vec<Caller<C::Keys>>, Broken> {
    for Step { account, call } in &trial.plan.calls {
        let keys = carrier.root(account).map_err(|refusal| broken(call, refusal))?;
        carrier.send(&keys, call).await.result.map_err(|refusal| broken(call, refusal))?;
    }
    let idle: Vec<Option<String>> = (0..scenario.callers.len()).map(|at| idle(carrier, scenario, at)).collect();
    let users = users(carrier, trial, &idle).await?;
    let callers = Starter { carrier, trial, users, idle }.all().await?;
    carrier.remember();
    Ok(callers)
}

/// Why a caller need not be started: none of its requests can be expressed.
fn idle<C: Carrier>(carrier: &C, scenario: &Scenario, caller: usize) -> Option<String> {
    let mut reasons = (0..scenario.requests.len()).map(|request| carrier.unsupported(caller, request));
    let first = reasons.next()??;
    reasons.all(|reason| reason.is_some()).then(|| first.to_owned())
}

fn broken(call: &ApiCall, refusal: Refusal) -> Broken {
    let target = ["RoleName", "UserName", "GroupName", "Bucket", "PolicyName", "family", "clusterName"];
    let target = target.iter().find_map(|member| call.input[*member].as_str()).map(|name| format!(" of `{name}`"));
    let call = format!("{}{}", call.name(), target.unwrap_or_default());
    Broken { call, refusal }
}

/// What a request left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Nothing,
    Changed,
}

/// One cell: each is asked of the world as it was when all callers stood ready.
async fn cell<C: Carrier>(
    carrier: &C,
    scenario: &Scenario,
    callers: &[Caller<C::Keys>],
    at: usize,
    request: &Request,
) -> Result<(Finish, Left), Broken> {
    let (keys, operation, input) = match (&callers[at], &request.kind) {
        (Caller::NotStarted(finish), _) => return Ok(((**finish).clone(), Left::Nothing)),
        (Caller::Ready { task_arn, .. }, RequestKind::Container { name, .. }) => {
            return Ok(match carrier.run_task(task_arn.as_deref().unwrap_or_default(), name).await {
                Ok((task, filed)) => {
                    let left = if carrier.rewind() { Left::Nothing } else { Left::Changed };
                    (Finish::of_task(task, filed), left)
                }
                Err(why) => (Finish::plain(Outcome::NotRun { why: why.clone() }, why), Left::Nothing),
            });
        }
        (Caller::Ready { keys, .. }, RequestKind::Call { operation, input }) => (keys, operation, input),
    };
    let tasks: Vec<_> =
        scenario.callers.iter().zip(callers).map(|(caller, started)| (&*caller.name, started)).collect();
    let call = request_call(operation, input, &tasks);
    let sent = carrier.send(keys, &call).await;
    let rewound = operation.effect == Effect::Reads || carrier.rewind();
    let finish = match sent.result {
        Err(refusal) if refusal.status == 0 => return Err(broken(&call, refusal)),
        result => Finish::of(carrier.who(), &call, result, sent.filed),
    };
    // Who is refused has changed nothing.
    let rewound = rewound || operation.effect == Effect::Adds;
    let refused = matches!(finish.outcome, Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied);
    Ok((finish, if rewound || refused { Left::Nothing } else { Left::Changed }))
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
async fn users<C: Carrier>(
    carrier: &C,
    trial: &Trial,
    idle: &[Option<String>],
) -> Result<Vec<(User, C::Keys)>, Broken> {
    let callers = trial.starts.iter().zip(idle).filter_map(|(start, idle)| match (start, idle) {
        (Start::User(user), None) => Some(user),
        _ => None,
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
pub(crate) fn read_keys<C: Carrier>(carrier: &C, keys: &Value) -> Result<C::Keys, Refusal> {
    let text = |name: &str| keys[name].as_str();
    match (text("AccessKeyId"), text("SecretAccessKey")) {
        (Some(id), Some(secret)) => carrier.keys(id, secret, text("SessionToken")),
        _ => Err(Refusal { status: 200, ..Refusal::not_sent("the answer has no credentials in it") }),
    }
}

/// Brings the callers to their credentials.
struct Starter<'a, C: Carrier> {
    carrier: &'a C,
    trial: &'a Trial,
    users: Vec<(User, C::Keys)>,
    /// Why a caller need not be started.
    idle: Vec<Option<String>>,
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
                if let Some(why) = self.idle.get(at).and_then(Option::as_deref) {
                    started[at] = Some(Caller::not_started(Finish::unsupported(why)));
                    continue;
                }
                started[at] = match start {
                    Start::Task { register, run, role } => {
                        Some(self.task(&launcher, register.as_ref(), run, role.as_deref()).await?)
                    }
                    Start::User(user) => Some(Caller::Ready { keys: self.user(user)?, task_arn: None }),
                    Start::Assume { by, call } => match started.get(*by).and_then(Option::as_ref) {
                        Some(Caller::Ready { keys, .. }) => Some(self.session(keys, call, None).await?),
                        Some(Caller::NotStarted(finish)) => Some(Caller::NotStarted(finish.clone())),
                        None => None,
                    },
                };
            }
            if started.iter().flatten().count() == before {
                let refusal = Refusal::not_sent("callers assume their roles as one another");
                return Err(Broken { call: "sts:AssumeRole".to_owned(), refusal });
            }
        }
        Ok(started.into_iter().flatten().collect())
    }

    fn root(&self, account: &str) -> Result<C::Keys, Broken> {
        let call = || format!("the root user of account {account}");
        self.carrier.root(account).map_err(|refusal| Broken { call: call(), refusal })
    }

    fn user(&self, user: &User) -> Result<C::Keys, Broken> {
        let known = self.users.iter().find(|(known, _)| known == user);
        let missing = || Broken { call: format!("user {}", user.name), refusal: Refusal::not_sent("it has no key") };
        known.map(|(_, keys)| keys.clone()).ok_or_else(missing)
    }

    async fn task(
        &self,
        launcher: &C::Keys,
        register: Option<&ApiCall>,
        run: &ApiCall,
        role: Option<&str>,
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
            Err(refusal) => return self.refused(&run, refusal, sent.filed),
        };
        let Some(arn) = answer["tasks"][0]["taskArn"].as_str() else {
            let reason = answer["failures"][0]["reason"].as_str().unwrap_or("no task was started").to_owned();
            let refusal = Refusal { status: 200, code: "Failure".to_owned(), message: reason };
            return Ok(Caller::not_started(Finish::not_started(&run, refusal, sent.filed)));
        };
        match &self.trial.broker {
            Some(broker) => self.brokered(broker, arn).await,
            None => match self.carrier.in_container(arn, role).await {
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
            Err(refusal) => return self.refused(&describe, refusal, sent.filed),
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
            Err(refusal) => self.refused(call, refusal, sent.filed),
        }
    }

    /// A caller whose start was refused. A fault of the server's own is no refusal.
    fn refused(&self, call: &ApiCall, refusal: Refusal, filed: Vec<Filed>) -> Result<Caller<C::Keys>, Broken> {
        match refusal.status {
            0 => Err(broken(call, refusal)),
            500.. => Ok(Caller::not_started(Finish::of(self.carrier.who(), call, Err(refusal), filed))),
            _ => Ok(Caller::not_started(Finish::not_started(call, refusal, filed))),
        }
    }
}
