//! What AWS asks besides a single question, in the call that the question is a part of.

use catalog::{On, Operation};
use policy::Request;
use rustc_hash::FxHashMap;

use super::keys::is_headed;
use super::plan::fits;

/// More actions than a stream in earnest asks about. Then it is looked up anew.
const MOST: usize = 4096;

/// The operations of actions that ask more than the action on one resource.
#[derive(Default)]
pub(crate) struct Besides(FxHashMap<String, Option<Box<Operation>>>);

impl Besides {
    /// What else AWS asks where it asks this; none: nothing, as far as it is known.
    pub(crate) fn note(&mut self, request: &Request) -> Option<String> {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        let found = match self.0.get(&request.action) {
            Some(found) => found,
            None => self.0.entry(request.action.clone()).or_insert_with(|| operation_of(&request.action).map(Box::new)),
        };
        let operation = found.as_deref()?;
        let asked = [rows(operation, request), needs(operation, request)].concat();
        let (last, before) = asked.split_last()?;
        let asked = if before.is_empty() { last.clone() } else { format!("{} and {last}", before.join(", ")) };
        let name = operation.name();
        Some(format!("in a call of {name} AWS also asks {asked}; `--operation {name}` asks all of it"))
    }
}

/// The operation of an action's name, if it asks the action and may ask more.
fn operation_of(action: &str) -> Option<Operation> {
    let operation = catalog::operation(action)?;
    let [own] = operation.actions() else { return None };
    let is_its_own = own.name().eq_ignore_ascii_case(action);
    let has_more = !operation.needs().is_empty() || own.rows().filter(|row| row.is_required()).count() > 1;
    (is_its_own && has_more).then_some(operation)
}

/// The action itself on the other resources that every call has.
fn rows(operation: &Operation, request: &Request) -> Vec<String> {
    let Some(action) = operation.actions().first() else { return Vec::new() };
    let own: Vec<_> = action.rows_on(&request.resource).iter().filter_map(|row| row.resource_type()).collect();
    let is_own = |name: &str| own.iter().any(|kind| kind.name() == name);
    let instead = |name: &str| operation.instead_of(name).iter().any(|other| is_own(other));
    let others = action.rows().filter_map(|row| {
        let kind = row.resource_type()?.name();
        let is_asked = row.is_required() || operation.makes(kind);
        (is_asked && !is_own(kind) && !instead(kind)).then_some(kind)
    });
    let others: Vec<_> = others.collect();
    if others.is_empty() || request.resource == "*" {
        return Vec::new();
    }
    vec![format!("{} on its other resources ({})", action.name(), others.join(", "))]
}

/// Further actions: always asked, or asked because of a key that the question has. The others may be.
fn needs(operation: &Operation, request: &Request) -> Vec<String> {
    let has = |head: &str| request.context.iter().any(|(key, _)| is_headed(key, head));
    let told = operation.needs().iter().filter_map(|need| {
        let name = need.action.name();
        match &need.on {
            On::Own if name == "iam:PassRole" => Some(format!("{name} on a role that is passed")),
            On::Same if need.when.is_empty() && fits(need.action, &request.resource) => Some(name.to_owned()),
            On::Same | On::Types(_) if need.when.iter().any(|head| has(head)) => Some(name.to_owned()),
            _ => None,
        }
    });
    told.collect()
}
