//! Actions: what they are called, what they touch, which condition keys their requests can carry.

use std::fmt;

use policy::wildcard::matches_action;

use crate::arn::{self, ResourceType};
use crate::key::Key;
use crate::row::Row;
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

    /// Its rows: one for each resource type that it can be authorised on; for an action without resource types one row,
    /// which only `Resource: "*"` matches.
    pub fn rows(self) -> impl Iterator<Item = Row> {
        let none = self.uses().next().is_none().then(|| Row::without_resource(self));
        none.into_iter().chain(self.uses().map(move |(entry, resource_type)| Row::on(self, entry, resource_type)))
    }

    /// The rows that a request for it on one resource is authorised by: those of the types that the ARN is of, several
    /// if the reference has two types of one form. Empty when the ARN is of none of its types: no request for the action
    /// is authorised on that resource, as `s3:ListBucket` is not on an object. `*` is any of them.
    #[must_use]
    pub fn rows_on(self, resource: &str) -> Vec<Row> {
        let types = arn::closest(self.service.resource_types(), resource);
        let is_of = |row: &Row| row.resource_type().is_none_or(|own| types.contains(&own));
        self.rows().filter(is_of).collect()
    }

    /// Whether a request for it on one resource can carry a condition key. Of `*`, and of a resource that the reference
    /// does not know, this says whether it can on some resource.
    #[must_use]
    pub fn carries_on(self, resource: &str, key: Key) -> bool {
        self.carries_in(&self.rows_on(resource), key)
    }

    /// The same, by the [rows](Self::rows_on) of the resource, for questions about many keys.
    #[must_use]
    pub fn carries_in(self, rows: &[Row], key: Key) -> bool {
        if rows.is_empty() { !self.never_carries(key) } else { rows.iter().any(|row| row.carries(key)) }
    }

    /// Whether no request for it carries a condition key, on whatever resource.
    #[must_use]
    pub fn never_carries(self, key: Key) -> bool {
        !self.rows().any(|row| row.carries(key))
    }

    /// Every condition key that a request for it on one resource can carry: the listed ones by name, then those of every
    /// request. Of `*`, and of a resource that the reference does not know, those of all its rows.
    #[must_use]
    pub fn keys_on(self, resource: &str) -> Vec<Key> {
        let mut rows = self.rows_on(resource);
        if rows.is_empty() {
            rows = self.rows().collect();
        }
        let mut keys: Vec<_> = rows.into_iter().flat_map(Row::keys).collect();
        keys.sort_unstable_by_key(|key| key.id());
        keys.dedup();
        keys.extend(crate::keys().filter(|key| key.is_of_every_request_for(self)));
        keys
    }

    /// Whether it lists a key itself, on whatever resource.
    pub(crate) fn lists(self, key: Key) -> bool {
        self.service.set_has(self.key_set(), key)
    }

    pub(crate) fn key_set(self) -> u16 {
        self.record.keys
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
