//! What AWS asks besides a single question, in the call that the question is a part of.

use std::fmt::{Display, Formatter, Result};

use catalog::{Action, DependentAction, On, Operation};
use policy::Request;
use rustc_hash::FxHashMap;

use super::keys::{counts, is_headed};
use super::plan::fits;

/// More actions than a stream in earnest asks about. Then it is looked up anew.
const MOST: usize = 4096;

/// The operations of actions that ask more than the action on one resource.
#[derive(Default)]
pub(crate) struct Besides {
    found: FxHashMap<String, Option<Box<More>>>,
    /// The last action of which there is nothing to say. Most lines repeat it.
    nothing: String,
}

/// An operation with more to ask.
struct More {
    operation: Operation,
    /// The types that every call asks the action on, if there are several.
    types: Vec<&'static str>,
    /// Whether a further action is always asked, or for a reason that no question tells.
    always: bool,
    /// Keys that make it ask a further one, without what follows the slash.
    heads: Vec<&'static str>,
}

impl Besides {
    /// The same as a note on a question by hand.
    pub(crate) fn note(&mut self, request: &Request) -> Option<String> {
        let (operation, also) = self.said(request)?;
        Some(format!("{}; `--operation {operation}` asks all of it", in_call(operation, &also)))
    }

    /// What else AWS asks where it asks this, and in which operation; none: nothing, as far as it is known.
    pub(crate) fn said(&mut self, request: &Request) -> Option<(&'static str, Vec<Also>)> {
        if request.action == self.nothing {
            return None;
        }
        if self.found.len() >= MOST {
            self.found.clear();
        }
        if !self.found.contains_key(&request.action) {
            self.found.insert(request.action.clone(), More::of(&request.action).map(Box::new));
        }
        let Some(more) = self.found.get(&request.action).and_then(Option::as_deref) else {
            self.nothing.clone_from(&request.action);
            return None;
        };
        let has = |head: &&str| request.context.iter().any(|(key, _)| is_headed(key, head));
        if more.types.is_empty() && !more.always && !more.heads.iter().any(has) {
            return None;
        }
        let operation = &more.operation;
        let asked = [rows(more, request), needs(operation, request)].concat();
        (!asked.is_empty()).then(|| (operation.name(), asked))
    }
}

/// What else is asked in a call, as a sentence.
#[must_use]
pub fn in_call(operation: &str, also: &[Also]) -> String {
    let told: Vec<_> = also.iter().map(ToString::to_string).collect();
    let told = match told.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => told.concat(),
    };
    format!("in a call of {operation} AWS also asks {told}")
}

/// What AWS asks besides a question, in the same call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Also {
    /// The same action on further resources, of these types.
    Rows(Action, Vec<&'static str>),
    /// A further action.
    Action(Action),
    /// Whether a role may be passed.
    Passing(Action),
}

impl Display for Also {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Self::Rows(action, types) => write!(out, "{} on its other resources ({})", action.name(), types.join(", ")),
            Self::Action(action) => write!(out, "{}", action.name()),
            Self::Passing(action) => write!(out, "{} on a role that is passed", action.name()),
        }
    }
}

impl More {
    /// Of the operation that has the action's name, if it asks the action and may ask more.
    fn of(action: &str) -> Option<Self> {
        let operation = catalog::operation(action)?;
        let [own] = operation.actions() else { return None };
        if !own.name().eq_ignore_ascii_case(action) {
            return None;
        }
        let types = own.rows().filter_map(|row| {
            let kind = row.resource_type()?.name();
            (row.is_required() || operation.makes(kind)).then_some(kind)
        });
        let types: Vec<_> = types.collect();
        let types = if types.len() > 1 { types } else { Vec::new() };
        let needs = operation.needs();
        let is_always = |dependent: &DependentAction| {
            dependent.on == On::Same && dependent.when.is_empty() || is_passing(dependent)
        };
        let always = needs.iter().any(is_always);
        let heads: Vec<_> = needs.iter().flat_map(|dependent| dependent.when.iter().copied()).collect();
        let has_more = always || !types.is_empty() || !heads.is_empty();
        has_more.then_some(Self { operation, types, always, heads })
    }
}

fn is_passing(dependent: &DependentAction) -> bool {
    dependent.action.name() == "iam:PassRole"
}

/// The action itself on the other resources that every call has.
fn rows(more: &More, request: &Request) -> Vec<Also> {
    let action = more.operation.actions().first().filter(|_| !more.types.is_empty() && request.resource != "*");
    let Some(action) = action else { return Vec::new() };
    let own = action.rows_on(&request.resource);
    let is_own = |name: &str| own.iter().any(|row| row.resource_type().is_some_and(|kind| kind.name() == name));
    let is_met = |name: &str| is_own(name) || more.operation.instead_of(name).iter().any(|other| is_own(other));
    let others: Vec<_> = more.types.iter().copied().filter(|kind| !is_met(kind)).collect();
    if others.is_empty() {
        return Vec::new();
    }
    vec![Also::Rows(*action, others)]
}

/// Further actions: always asked, or asked because of a key that the question has. The others may be.
fn needs(operation: &Operation, request: &Request) -> Vec<Also> {
    let has = |head: &str, unless: Option<&'static str>| {
        request.context.iter().any(|(key, value)| is_headed(key, head) && counts(value, unless))
    };
    let told = operation.needs().iter().filter_map(|dependent| match &dependent.on {
        On::Own if is_passing(dependent) => Some(Also::Passing(dependent.action)),
        On::Same if dependent.when.is_empty() && fits(dependent.action, &request.resource) => {
            Some(Also::Action(dependent.action))
        }
        On::Same | On::Types(_) if dependent.when.iter().any(|head| has(head, dependent.unless)) => {
            Some(Also::Action(dependent.action))
        }
        _ => None,
    });
    told.collect()
}
