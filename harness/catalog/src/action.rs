//! Actions: what they are called, what they touch, which condition keys their requests can carry.

use std::fmt;

use policy::wildcard::matches_action;

use crate::arn::{self, ResourceType};
use crate::key::{Key, key};
use crate::service::{ActionRecord, Service, UseRecord, service, services};

#[cfg(test)]
mod tests;

/// The action with a name such as `s3:GetObject`; letter case is ignored
/// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html). None: AWS has no such action.
#[must_use]
pub fn action(name: &str) -> Option<Action> {
    let (prefix, name) = name.split_once(':')?;
    service(prefix)?.action(name)
}

/// The actions a pattern of an Action element stands for, by name: `s3:Get*`, `*:*`, `*`, `*Execution`.
pub fn expand(pattern: &str) -> impl Iterator<Item = Action> {
    // Of a pattern without a colon, a wildcard has to stand for it.
    let (prefix, name) = pattern.split_once(':').map_or(("*", None), |(prefix, name)| (prefix, Some(name)));
    let services = services().filter(move |service| matches_action(prefix, service.prefix()));
    services.flat_map(Service::actions).filter(move |action| match name {
        Some(name) => matches_action(name, action.short_name()),
        None => matches_action(pattern, action.name()),
    })
}

/// One action.
#[derive(Clone, Copy)]
pub struct Action {
    service: Service,
    record: &'static ActionRecord,
}

impl Action {
    pub(crate) fn new(service: Service, record: &'static ActionRecord) -> Self {
        Self { service, record }
    }

    /// Its name in AWS's spelling: `s3:GetObject`.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.record.name
    }

    /// Its service.
    #[must_use]
    pub fn service(self) -> Service {
        self.service
    }

    /// Its access level.
    #[must_use]
    pub fn access(self) -> Access {
        self.record.access
    }

    /// The resource types it can be limited to. None at all: only `Resource: "*"` matches it.
    pub fn resource_types(self) -> impl Iterator<Item = ResourceUse> {
        self.uses().map(|(entry, resource_type)| ResourceUse { resource_type, required: entry.required })
    }

    /// Of its resource types, those an ARN is of. Empty when the ARN is of none: no request for the action is
    /// authorised on that resource, as `s3:ListBucket` is not on an object.
    #[must_use]
    pub fn resource_types_of(self, arn: &str) -> Vec<ResourceType> {
        let mut found = arn::closest(self.service.resource_types(), arn);
        found.retain(|candidate| self.uses().any(|(_, resource_type)| resource_type == *candidate));
        found
    }

    /// Whether a request for it can carry a condition key, on some resource. False for an unknown key.
    #[must_use]
    pub fn carries(self, name: &str) -> bool {
        key(name).is_some_and(|key| self.carries_key(key))
    }

    /// As [`carries`](Self::carries), for a key already looked up.
    #[must_use]
    pub fn carries_key(self, key: Key) -> bool {
        self.carries_itself(key) || self.uses().any(|(entry, kind)| self.use_carries(entry, kind, key))
    }

    /// Whether a request for it on one resource can carry a condition key. An ARN of none of its types may be anything
    /// (`*`, a pattern), so it carries what the action does on some resource.
    #[must_use]
    pub fn carries_on(self, arn: &str, name: &str) -> bool {
        let Some(key) = key(name) else { return false };
        let types = self.resource_types_of(arn);
        if types.is_empty() {
            return self.carries_key(key);
        }
        self.carries_itself(key)
            || self.uses().any(|(entry, kind)| types.contains(&kind) && self.use_carries(entry, kind, key))
    }

    /// Every condition key a request for it can carry: its own and its resource types' by name, then those of every
    /// request.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        let of_types = self
            .uses()
            .flat_map(move |(entry, kind)| self.service.set(entry.keys).iter().chain(self.service.set(kind.key_set())));
        let mut ids: Vec<_> = self.service.set(self.record.keys).iter().chain(of_types).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let listed = ids.into_iter().filter_map(Key::from_id).filter(|key| !key.is_of_every_request());
        listed.chain(Key::of_every_request()).map(Key::pattern)
    }

    #[cfg(test)]
    pub(crate) fn record(self) -> &'static ActionRecord {
        self.record
    }

    /// Without the prefix.
    fn short_name(self) -> &'static str {
        &self.name()[self.service.prefix().len() + 1..]
    }

    fn uses(self) -> impl Iterator<Item = (&'static UseRecord, ResourceType)> {
        let entries = self.service.uses(self.record).iter();
        entries.filter_map(move |entry| Some((entry, self.service.resource_type(entry.resource_type)?)))
    }

    fn carries_itself(self, key: Key) -> bool {
        key.is_of_every_request() || self.service.set_has(self.record.keys, key)
    }

    fn use_carries(self, entry: &UseRecord, kind: ResourceType, key: Key) -> bool {
        self.service.set_has(kind.key_set(), key) || self.service.set_has(entry.keys, key)
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Action {}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A resource type an action touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceUse {
    /// The type.
    pub resource_type: ResourceType,
    /// Whether every request for the action touches one of this type (an asterisk in the reference).
    pub required: bool,
}

/// How the reference classes an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Lists resources.
    List,
    /// Reads, but changes nothing.
    Read,
    /// Creates, changes or deletes.
    Write,
    /// Changes tags, nothing else.
    Tagging,
    /// Grants or changes permissions.
    PermissionsManagement,
}

impl Access {
    pub(crate) fn read(letter: &str) -> Self {
        match letter {
            "L" => Self::List,
            "R" => Self::Read,
            "T" => Self::Tagging,
            "P" => Self::PermissionsManagement,
            _ => Self::Write,
        }
    }
}
