//! The steps of one option: set up, start the callers, make the requests. They are the same for every carrier of calls.

mod actors;
mod broker;
mod carrier;
mod keys;
mod refusal;
mod start;

use crate::call::{ApiCall, CallError, Obstacle};
use crate::directory::User;
use crate::operations::{Effect, ScenarioOperation};
use crate::outcome::FinishedCell;
use crate::plan;
use crate::prepared::Trial;
use crate::question::Question;
use crate::results::Outcome;
use crate::scenario::{CallerKind, RequestKind, Scenario};
use actors::Actors;
use start::Starter;

pub use broker::{Bound, Bounds};
pub use carrier::{Carrier, Sent};
pub use keys::read_keys;
pub(crate) use refusal::NotAdmitted;
pub use start::Started;

/// Why an option could not be brought to its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What was tried: `iam:CreateRole`.
    pub call: String,
    /// What came back.
    pub error: CallError,
}

/// What one option gave: its cells, callers outermost.
pub type Cells = Vec<FinishedCell>;

/// Runs one option through, adding to `cells`; `done` hears of every cell as it is finished.
///
/// # Errors
/// The option could not be brought to its requests, or a request got no answer.
pub async fn option<C: Carrier>(
    carrier: &C,
    scenario: &Scenario,
    trial: &Trial,
    cells: &mut Cells,
    done: impl Fn(usize, usize, &FinishedCell),
) -> Result<(), Broken> {
    let mut world = set_up(carrier, scenario, trial).await?;
    let mut stale = false;
    for at in 0..world.callers.len() {
        for number in 0..scenario.requests.len() {
            let finished = match carrier.unsupported(at, number) {
                Some(why) => FinishedCell::unsupported(why),
                None => {
                    if std::mem::take(&mut stale) {
                        carrier.clear().await;
                        world = set_up(carrier, scenario, trial).await?;
                    }
                    let (finished, left) = cell(carrier, scenario, trial, &world, at, number).await?;
                    stale = left == Left::Changed;
                    finished
                }
            };
            done(at, number, &finished);
            cells.push(finished);
        }
    }
    Ok(())
}

/// Who can act when requests are made.
pub struct Ready<K> {
    /// The callers, in file order.
    pub callers: Vec<Started<K>>,
    users: Vec<(User, K)>,
}

/// The world as all requests find it, and everybody ready to act in it.
///
/// # Errors
/// A call that it needs was refused, or came to nothing.
pub async fn set_up<C: Carrier>(carrier: &C, scenario: &Scenario, trial: &Trial) -> Result<Ready<C::Keys>, Broken> {
    for plan::Step { account, call } in &trial.plan.calls {
        let keys = carrier.root(account).map_err(|refusal| broken(call, refusal))?;
        carrier.send(&keys, call).await.result.map_err(|refusal| broken(call, refusal))?;
    }
    let idle: Vec<Option<String>> = (0..scenario.callers.len()).map(|at| idle(carrier, scenario, at)).collect();
    let starter = Starter::new(carrier, scenario, trial, idle).await?;
    // From here on the organisation's policies and the endpoints' bind: who sets an account up stands outside them.
    carrier.furnish(&trial.plan);
    let callers = starter.all().await?;
    carrier.remember();
    Ok(Ready { callers, users: starter.users })
}

/// Why a caller need not be started: none of its requests can be expressed.
fn idle<C: Carrier>(carrier: &C, scenario: &Scenario, caller: usize) -> Option<String> {
    let mut reasons = (0..scenario.requests.len()).map(|request| carrier.unsupported(caller, request));
    let first = reasons.next()??;
    reasons.all(|reason| reason.is_some()).then(|| first.to_owned())
}

fn broken(call: &ApiCall, error: CallError) -> Broken {
    let target = ["RoleName", "UserName", "GroupName", "Bucket", "PolicyName", "family", "clusterName"];
    let target = target.iter().find_map(|member| call.input[*member].as_str()).map(|name| format!(" of `{name}`"));
    let call = format!("{}{}", call.name(), target.unwrap_or_default());
    Broken { call, error }
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
    trial: &Trial,
    Ready { callers, users }: &Ready<C::Keys>,
    at: usize,
    number: usize,
) -> Result<(FinishedCell, Left), Broken> {
    let request = &scenario.requests[number];
    let keys = match (&callers[at].keys, &request.kind) {
        (Ok(keys), _) => Some(keys),
        // What a container does without credentials is its own affair.
        (Err(finished), RequestKind::Container { .. }) if matches!(finished.outcome, Outcome::NoCredentials { .. }) => {
            None
        }
        (Err(finished), _) => return Ok(((**finished).clone(), Left::Nothing)),
    };
    let actors = Actors { carrier, scenario, trial, users, started: callers.iter().map(Some).collect() };
    let before = actors.before(&request.before, None).await?;
    let touched = request.before.iter().any(|step| step.operation.row.effect != Effect::Reads);
    let (mut finished, left) = match (&request.kind, keys) {
        (RequestKind::Container { name, .. }, _) => container(carrier, &callers[at], name, touched).await,
        (_, None) => return Err(Broken { call: request.name.clone(), error: Obstacle::NoRole.into() }),
        (RequestKind::Action(_), Some(keys)) => {
            let question = trial.questions.get(number).and_then(Option::as_ref);
            (
                decided(carrier, keys, &scenario.callers[at].kind, question)?,
                if !touched || carrier.rewind() { Left::Nothing } else { Left::Changed },
            )
        }
        (RequestKind::Call { operation, input, .. }, Some(keys)) => {
            let call = actors.call(operation, input);
            let sent = carrier.send(keys, &call).await;
            answered(carrier, operation, &call, sent, touched)?
        }
    };
    before.tell(&mut finished);
    Ok((finished, left))
}

fn decided<C: Carrier>(
    carrier: &C,
    keys: &C::Keys,
    caller: &CallerKind,
    question: Option<&Question>,
) -> Result<FinishedCell, Broken> {
    let broken = |error| Broken { call: "the decision on an action".to_owned(), error };
    let question = question.ok_or_else(|| broken(CallError::not_sent("there is no question")))?;
    let (question, left_out) = question.by(caller);
    carrier.decide(keys, &question).map(|recorded| FinishedCell::decided(recorded, &left_out)).map_err(broken)
}

async fn container<C: Carrier>(
    carrier: &C,
    caller: &Started<C::Keys>,
    name: &str,
    touched: bool,
) -> (FinishedCell, Left) {
    let ran = carrier.run_task(caller.task_arn.as_deref().unwrap_or_default(), name).await;
    let left = if (ran.is_err() && !touched) || carrier.rewind() { Left::Nothing } else { Left::Changed };
    let finished = match ran {
        Ok((task, recorded)) => FinishedCell::of_task(task, recorded),
        Err(why) => FinishedCell::plain(Outcome::NotRun { why: why.clone() }, why),
    };
    (finished, left)
}

/// What came of a request, and what it left: `touched` if something before it has changed the world.
fn answered<C: Carrier>(
    carrier: &C,
    operation: &ScenarioOperation,
    call: &ApiCall,
    sent: Sent,
    touched: bool,
) -> Result<(FinishedCell, Left), Broken> {
    let rewound = (operation.row.effect == Effect::Reads && !touched) || carrier.rewind();
    let finished = match sent.result {
        Ok(answer) => FinishedCell::of(carrier.who(), call, Ok(answer), sent.recorded),
        Err(CallError::Refused(refusal)) => FinishedCell::of(carrier.who(), call, Err(refusal), sent.recorded),
        Err(error) => return Err(broken(call, error)),
    };
    // Who is refused has changed nothing.
    let refused = matches!(finished.outcome, Outcome::ImplicitlyDenied | Outcome::ExplicitlyDenied);
    let harmless = !touched && (operation.row.effect == Effect::Adds || refused);
    Ok((finished, if rewound || harmless { Left::Nothing } else { Left::Changed }))
}
