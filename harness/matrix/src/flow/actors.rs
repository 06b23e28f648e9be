//! Calls that are made before something else, and calls that name tasks.

use serde_json::{Value, json};

use super::start::Started;
use super::{Broken, Carrier, Sent, broken};
use crate::call::{ApiCall, CallError};
use crate::directory::User;
use crate::operations::{MemberKind, NamedResource, ScenarioOperation};
use crate::outcome::{FinishedCell, Refused};
use crate::prepared::Trial;
use crate::scenario::{By, Scenario, Step};

/// The callers as far as they are started.
pub(super) struct Actors<'a, C: Carrier> {
    pub(super) carrier: &'a C,
    pub(super) scenario: &'a Scenario,
    pub(super) trial: &'a Trial,
    /// The users who act in it, with their keys.
    pub(super) users: &'a [(User, C::Keys)],
    pub(super) started: Vec<Option<&'a Started<C::Keys>>>,
}

/// Which of the calls before something were refused, or could not be made: they have changed nothing.
#[derive(Default)]
pub(super) struct Before(Vec<Refused>);

impl Before {
    /// Says so where the reason of what came after them is given.
    pub(super) fn tell(self, finished: &mut FinishedCell) {
        self.0.into_iter().for_each(|refused| finished.after(refused));
    }
}

impl<C: Carrier> Actors<'_, C> {
    /// A call as it is sent. The name of a task caller stands for the ARN of its task.
    pub(super) fn call(&self, operation: &'static ScenarioOperation, input: &Value) -> ApiCall {
        let arn = |value: &mut Value| {
            if let Some(arn) = value.as_str().and_then(|name| self.task(name)).flatten() {
                *value = json!(arn);
            }
        };
        let mut input = self.trial.names.input(operation, input);
        for member in &operation.members {
            let Some(value) = input.get_mut(member.name) else { continue };
            match &member.kind {
                MemberKind::Task | MemberKind::Name(NamedResource::Taggable) => arn(value),
                MemberKind::Tasks => value.as_array_mut().into_iter().flatten().for_each(arn),
                _ => {}
            }
        }
        let body = input.as_object_mut().and_then(|members| members.remove("Body"));
        let body = body.and_then(|body| body.as_str().map(str::to_owned)).unwrap_or_default();
        ApiCall::new(operation.row.service(), operation.row.operation(), input).body(body)
    }

    /// Makes the calls, one after another. `own` are the keys of the caller whose they are, as long as it has no others:
    /// by index.
    pub(super) async fn before(&self, steps: &[Step], own: Option<(usize, &C::Keys)>) -> Result<Before, Broken> {
        let mut before = Before::default();
        for step in steps {
            let by = match &step.by {
                None => "the root user",
                Some(by) => self.scenario.name_of(by),
            };
            let keys = match self.keys(step, own)? {
                Ok(keys) => keys,
                Err(why) => {
                    before.0.push(Refused::not_made(step.operation.row.name, by, &why));
                    continue;
                }
            };
            let call = self.call(step.operation, &step.input);
            let Sent { result, recorded } = self.carrier.send(&keys, &call).await;
            match result {
                Ok(_) => {}
                // What the root user does is part of the set-up.
                Err(CallError::Refused(refusal)) if step.by.is_some() => {
                    before.0.push(Refused::new(&call, by, &refusal, recorded));
                }
                Err(error) => return Err(broken(&call, error)),
            }
        }
        Ok(before)
    }

    /// Who signs a step; else why it cannot be made.
    fn keys(&self, step: &Step, own: Option<(usize, &C::Keys)>) -> Result<Result<C::Keys, String>, Broken> {
        if let Some(name) = step.tasks().find(|name| self.task(name) == Some(None)) {
            return Ok(Err(format!("there is no task of {name}")));
        }
        let broken = |error| Broken { call: step.operation.row.name.to_owned(), error };
        let by = match &step.by {
            None => return self.carrier.root(&self.trial.environment.account).map(Ok).map_err(broken),
            Some(By::User(name)) => {
                let user = self.trial.hands.get(&name.text);
                let user = user.and_then(|user| self.users.iter().find(|(known, _)| known == user));
                let keys = user.map(|(_, keys)| Ok(keys.clone()));
                return keys.ok_or_else(|| broken(CallError::not_sent(format!("user {name} has no key"))));
            }
            Some(By::Caller(by)) => *by,
        };
        Ok(match own.filter(|(at, _)| *at == by) {
            Some((_, keys)) => Ok(keys.clone()),
            None => match self.started[by].map(|started| &started.keys) {
                Some(Ok(keys)) => Ok(keys.clone()),
                _ => Err(format!("{} could not be started", self.scenario.callers[by].name)),
            },
        })
    }

    /// The task of a task caller, `Some(None)` if it has none; `None` if there is no such caller.
    fn task(&self, name: &str) -> Option<Option<&str>> {
        let at = self.scenario.task(name)?;
        Some(self.started[at].and_then(|started| started.task_arn.as_deref()))
    }
}
