//! What is settled about the keys of requests, by who asks for what.

use policy::{Context, ContextValue, Principal, Request};
use serde_json::{Value, json};
use simulate::Follows;

use crate::callers::Caller;
use crate::prepared::{block, set};
use crate::target::Target;
use crate::{Condition, Index};

/// Which tags a user or role counts as having.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum OwnTags {
    /// Those that it has.
    AsTheyAre,
    /// Any at all.
    Any,
}

/// What a key holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Is(ContextValue),
    Absent,
    /// Something.
    Present,
    /// A text that begins so.
    Begins(String),
}

/// Says of keys what is settled about them.
pub(crate) struct Facts<'q, 'i> {
    index: &'q Index<'i>,
    target: &'q Target<'i>,
    caller: &'q Caller,
    tags: OwnTags,
    request: Request,
}

impl<'q, 'i> Facts<'q, 'i> {
    pub(crate) fn new(index: &'q Index<'i>, target: &'q Target<'i>, caller: &'q Caller, tags: OwnTags) -> Self {
        let request = Request {
            principal: caller.principal.clone(),
            action: target.action.clone(),
            resource: target.resource.clone(),
            resource_account: Some(target.owner.clone()),
            context: Context::new(),
        };
        Self { index, target, caller, tags, request }
    }

    /// What is settled about a key, by its name in lower case.
    pub(crate) fn of(&self, key: &str) -> Option<Settled> {
        if let Some((_, value)) = self.target.given.iter().find(|(given, _)| given.to_lowercase() == key) {
            return Some(value.clone());
        }
        if let Some(tag) = key.strip_prefix("aws:principaltag/") {
            return self.own_tag(tag);
        }
        if let Some((catalog::TagSet::Resource, tag)) = catalog::tag(key) {
            return self.resource_tag(key, tag);
        }
        let account = match key {
            "aws:principalorgid" | "aws:principalorgpaths" => self.caller.principal.account(),
            "aws:resourceorgid" | "aws:resourceorgpaths" => Some(self.target.owner.as_str()),
            _ => None,
        };
        let known = match key {
            "aws:userid" => self.user_id(),
            _ => account.and_then(|account| self.organization(account, key)),
        };
        known.or_else(|| match simulate::followed(&self.request, key) {
            Follows::Is(value) => Some(Settled::Is(ContextValue::One(value))),
            Follows::Absent => Some(Settled::Absent),
            Follows::Open => None,
        })
    }

    fn own_tag(&self, tag: &str) -> Option<Settled> {
        match self.caller.principal {
            Principal::Anonymous | Principal::Root { .. } => return Some(Settled::Absent),
            _ if self.tags == OwnTags::Any => return None,
            _ => {}
        }
        let own = &self.index.inventory.principals[self.caller.known?].tags;
        Some(value_of(own, tag))
    }

    /// Only what requests on this resource carry; of the rest the laws say that it is absent.
    fn resource_tag(&self, key: &str, tag: &str) -> Option<Settled> {
        let tags = self.target.tags?;
        let carried = catalog::action(&self.target.action).zip(catalog::key(key));
        let is_carried = carried.is_some_and(|(action, key)| action.carries_on(&self.target.resource, key));
        is_carried.then(|| value_of(tags, tag))
    }

    fn organization(&self, account: &str, key: &str) -> Option<Settled> {
        let organization = self.index.inventory.accounts.get(account)?.organization.as_ref()?;
        Some(Settled::Is(match key.ends_with("paths") {
            true => ContextValue::Many(vec![organization.path.clone()]),
            false => ContextValue::One(organization.id.clone()),
        }))
    }

    /// `AIDA…` of a user, `AROA…:SESSION` of a session.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    fn user_id(&self) -> Option<Settled> {
        let id = self.caller.known.and_then(|at| self.index.inventory.principals[at].unique_id.as_ref());
        match (&self.caller.principal, id) {
            (Principal::User { .. }, Some(id)) => Some(Settled::Is(ContextValue::One(id.clone()))),
            (Principal::RoleSession { .. }, Some(id)) => Some(Settled::Begins(format!("{id}:"))),
            _ => None,
        }
    }
}

fn value_of(tags: &[(String, String)], tag: &str) -> Settled {
    let found = tags.iter().find(|(key, _)| key.to_lowercase() == tag);
    found.map_or(Settled::Absent, |(_, value)| Settled::Is(ContextValue::One(value.clone())))
}

/// What is settled, as a context; keys that are absent or only begin so are not in it.
pub(crate) fn context(settled: &[(String, Option<Settled>)]) -> Context {
    let mut context = Context::new();
    for (key, settled) in settled {
        if let Some(Settled::Is(value)) = settled {
            set(&mut context, key, value);
        }
    }
    context
}

/// What is settled, as a statement that allows an action on a resource where it is so.
pub(crate) fn scope(target: &Target<'_>, settled: &[(String, Option<Settled>)]) -> Value {
    let conditions = conditions(settled);
    let mut scope = json!({"Effect": "Allow", "Action": target.action, "Resource": target.resource});
    if !conditions.is_empty() {
        scope["Condition"] = block(&conditions);
    }
    scope
}

/// What is settled, as conditions.
pub(crate) fn conditions(settled: &[(String, Option<Settled>)]) -> Vec<Condition> {
    let condition = |operator: &str, key: &str, values: Vec<String>| Condition {
        operator: operator.to_owned(),
        key: key.to_owned(),
        values,
    };
    let mut conditions = Vec::new();
    for (key, settled) in settled {
        match settled {
            None => {}
            Some(Settled::Absent) => conditions.push(condition("Null", key, vec!["true".to_owned()])),
            Some(Settled::Present) => conditions.push(condition("Null", key, vec!["false".to_owned()])),
            Some(Settled::Begins(start)) => conditions.push(condition("StringLike", key, vec![format!("{start}*")])),
            Some(Settled::Is(ContextValue::One(value))) => {
                conditions.push(condition("StringEquals", key, vec![value.clone()]));
            }
            Some(Settled::Is(ContextValue::Many(values))) => {
                conditions.push(condition("ForAllValues:StringEquals", key, values.clone()));
                conditions.push(condition("Null", key, vec!["false".to_owned()]));
            }
        }
    }
    conditions
}
