//! Changes as values.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::document::{self, Document, Text};
use crate::{Context, ContextValue, Kind, Policies, Policy, Request};

/// One change to the request or to a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The request carries these keys so; where there is no value, it does not carry the key. The first is the one that
    /// is meant, the others follow from it: a tag that is passed is in `aws:TagKeys` too.
    Keys(Vec<(String, Option<ContextValue>)>),
    /// A statement is added to a policy, or takes the place of one of its statements, counted from 1.
    Statement {
        /// The policy.
        at: PolicyPosition,
        /// The statement that it replaces.
        replaces: Option<usize>,
        /// What to paste.
        statement: Written,
    },
    /// The policy gets the `Version` 2012-10-17.
    Version {
        /// The policy.
        at: PolicyPosition,
    },
}

/// A policy among all with a say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyPosition {
    /// What it is attached to.
    pub kind: Kind,
    /// For SCPs and RCPs, the level: 0 is the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    /// Its name. `None`: there is no such policy yet.
    #[serde(rename = "policy")]
    pub name: Option<String>,
    /// Its position among those of its kind and level.
    #[serde(skip)]
    pub(super) at: usize,
}

/// A statement that can be pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(pub(super) document::Statement);

impl Written {
    /// As JSON, indented as in AWS's examples.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.json()
    }
}

impl Change {
    /// Applies it. A policy is compiled anew, under the same name.
    pub(super) fn apply(&self, policies: &mut Policies, request: &mut Request) {
        match self {
            Self::Keys(keys) => keys.iter().for_each(|(key, value)| set(&mut request.context, key, value.as_ref())),
            Self::Statement { at, replaces, statement } => at.edit(policies, |document| {
                let old = replaces.and_then(|index| document.statements.get_mut(index.checked_sub(1)?));
                match old {
                    Some(old) => *old = statement.0.clone(),
                    None => document.statements.push(statement.0.clone()),
                }
            }),
            Self::Version { at } => at.edit(policies, |document| document.version = Some(Text::from("2012-10-17"))),
        }
    }
}

/// Sets a key under the spelling that the request has for it, or takes it out.
pub(super) fn set(context: &mut Context, key: &str, value: Option<&ContextValue>) {
    let key = context.spelling(key).unwrap_or(key).to_owned();
    match value {
        Some(ContextValue::One(value)) => context.set(key, value),
        Some(ContextValue::Many(values)) => context.set_many(key, values.iter().cloned()),
        None => *context = context.without(&key),
    }
}

impl PolicyPosition {
    fn edit(&self, policies: &mut Policies, edit: impl FnOnce(&mut Document)) {
        let level = self.level.unwrap_or_default();
        let list = match self.kind {
            Kind::Resource | Kind::Trust => return self.put_one(&mut policies.resource, edit),
            Kind::Boundary => return self.put_one(&mut policies.boundary, edit),
            Kind::Endpoint => return self.put_one(&mut policies.endpoint, edit),
            Kind::Identity => &mut policies.identity,
            Kind::Session => policies.session.get_or_insert_default(),
            Kind::ServiceControl => match policies.service_control.get_mut(level) {
                Some(list) => list,
                None => return,
            },
            Kind::ResourceControl => match policies.resource_control.get_mut(level) {
                Some(list) => list,
                None => return,
            },
        };
        let new = self.edited(list.get(self.at), edit);
        match list.get_mut(self.at) {
            Some(slot) => *slot = new,
            None => list.push(new),
        }
    }

    fn put_one(&self, slot: &mut Option<Arc<Policy>>, edit: impl FnOnce(&mut Document)) {
        *slot = Some(self.edited(slot.as_ref(), edit));
    }

    /// A policy with another document; a new one is of the newest Version.
    fn edited(&self, old: Option<&Arc<Policy>>, edit: impl FnOnce(&mut Document)) -> Arc<Policy> {
        let new = || Arc::new(Policy::silent(self.name.clone().unwrap_or_else(|| "new".to_owned()), self.kind));
        let old = old.map_or_else(new, Arc::clone);
        let mut document = old.document();
        if document.statements.is_empty() {
            document.version = Some(Text::from("2012-10-17"));
        }
        edit(&mut document);
        Arc::new(old.with_document(&document))
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Keys(keys) => map.serialize_entry("context", &Keys(keys))?,
            Self::Statement { at, replaces, statement } => {
                map.serialize_entry("in", at)?;
                if let Some(index) = replaces {
                    map.serialize_entry("replaces", index)?;
                }
                map.serialize_entry("statement", &statement.0)?;
            }
            Self::Version { at } => {
                map.serialize_entry("in", at)?;
                map.serialize_entry("version", "2012-10-17")?;
            }
        }
        map.end()
    }
}

struct Keys<'a>(&'a [(String, Option<ContextValue>)]);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
