//! The rows of an action that a statement is about, and what its conditions can be there.
//!
//! "Pay close attention to whether the key is in the same row as a specific resource type."
//! docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

use std::cell::RefCell;
use std::collections::HashMap;

use catalog::{Action, Key, ResourceType, Row};
use policy::wildcard::covers;

use super::meet::{self, LONGEST, is_anything};
use crate::glob::{UNKNOWN, completed, glob};
use crate::written::{Condition, Statement, Text};

/// What a statement's Resource or NotResource reaches.
pub(crate) struct Reach {
    /// The ARNs that a resource can be, without wildcards, and the patterns that it can be of. Both empty: any resource.
    named: Vec<String>,
    wanted: Vec<String>,
    /// Those that it must not be of.
    left_out: Vec<String>,
    /// By service and resource type, as it is asked again for each action and condition.
    known: RefCell<HashMap<(&'static str, &'static str), bool>>,
}

impl Reach {
    pub(crate) fn of(statement: &Statement<'_>) -> Self {
        let (mut named, mut wanted, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        let texts = &statement.resources;
        if statement.not_resource {
            // What a variable stands for is not known, so nothing is surely left out by it.
            let is_exact = |text: &&Text<'_>| !text.text.contains("${") && !text.text.contains(UNKNOWN);
            left_out.extend(texts.iter().filter(is_exact).map(|text| text.text.to_owned()));
        } else if texts.iter().all(|text| text.text.len() <= LONGEST && !is_anything(text.text)) {
            let whole = texts.iter().map(|text| glob(&completed(text.text)));
            (wanted, named) = whole.partition(|text| text.contains(['*', '?']));
        }
        Self { named, wanted, left_out, known: RefCell::default() }
    }

    /// The rows of an action that the statement is about: those whose resources can be of its Resource. If there are
    /// none, all of them: that the two never meet is said elsewhere.
    pub(super) fn rows(&self, action: Action) -> Vec<Row> {
        let met = self.met(action);
        if met.is_empty() { action.rows().collect() } else { met }
    }

    /// The same, and none if there are none.
    pub(crate) fn met(&self, action: Action) -> Vec<Row> {
        let named: Vec<_> = self.named.iter().flat_map(|arn| action.rows_on(arn)).collect();
        let is_met = |row: &Row| named.contains(row) || row.resource_type().is_none_or(|of| self.meets(action, of));
        action.rows().filter(is_met).collect()
    }

    /// Whether a request for an action that the statement is about can carry a key.
    pub(super) fn carries(&self, action: Action, key: Key) -> bool {
        self.rows(action).into_iter().any(|row| row.carries(key))
    }

    fn meets(&self, action: Action, of: ResourceType) -> bool {
        if self.named.is_empty() && self.wanted.is_empty() && self.left_out.is_empty() {
            return true;
        }
        let name = (action.service().prefix(), of.name());
        *self.known.borrow_mut().entry(name).or_insert_with(|| self.looks(action, of))
    }

    fn looks(&self, action: Action, of: ResourceType) -> bool {
        if !self.left_out.is_empty() {
            return !self.left_out.iter().any(|pattern| {
                let partition = pattern.split(':').nth(1).unwrap_or("aws");
                of.wildcards(partition).all(|arn| covers(pattern, &arn))
            });
        }
        self.wanted.iter().any(|pattern| meet::meets(action.service(), of, pattern))
    }
}

/// Whether a request on a row can carry a key. Where two rows are about resources of one form, an ARN is of both.
pub(crate) fn carries(row: Row, key: Key) -> bool {
    if row.carries(key) || !is_placed(key) {
        return true;
    }
    let forms = |row: Row| row.resource_type().into_iter().flat_map(ResourceType::arns);
    let mut others = row.action().rows().filter(|other| *other != row && other.carries(key));
    others.any(|other| forms(row).all(|form| forms(other).any(|other| literals(form).eq(literals(other)))))
}

/// What a form of ARNs spells out between its placeholders.
fn literals(form: &str) -> impl Iterator<Item = &str> {
    let mut pieces = form.split("${");
    let first = pieces.next();
    first.into_iter().chain(pieces.map(|piece| piece.split_once('}').map_or("", |(_, rest)| rest)))
}

/// Whether the reference says of any action that it carries the key. Of some keys of old services it does not.
pub(super) fn is_placed(key: Key) -> bool {
    let prefix = key.pattern().split(':').next().unwrap_or_default();
    key.is_of_every_request() || prefix == "aws" || catalog::actions_of(prefix).any(|action| !action.never_carries(key))
}

/// Whether a condition can hold for a request on a row. Of keys that the catalogue does not know, each can be there.
pub(super) fn can_hold(condition: &Condition<'_>, row: Row) -> bool {
    condition.holds_without() || condition.key.is_none_or(|key| carries(row, key))
}

/// Whether a condition holds on a row only if the request comes without a key that it could carry there.
pub(super) fn turns_on_absence(condition: &Condition<'_>, row: Row) -> bool {
    condition.holds_without() && condition.key.is_some_and(|key| !key.is_of_every_request() && carries(row, key))
}

/// Whether the reference can be taken at its word on where a key is not carried. Of other keys than those about tags it
/// is in doubt outside of EC2: it lists `ram:PermissionArn` for the permission alone, and AWS's own policies allow
/// ram:AssociateResourceSharePermission by it on `*`, the resource share included.
/// docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLakeFormationCrossAccountManager.html
pub(super) fn is_sure(condition: &Condition<'_>, rows: &[Row]) -> bool {
    condition.is_about_tags() || rows.iter().all(|row| row.action().service().prefix() == "ec2")
}

/// The resource types of rows, as a message has them: `instance and volume`.
pub(super) fn names(rows: impl IntoIterator<Item = Row>) -> String {
    const MOST: usize = 8;
    let names: Vec<_> = rows.into_iter().map(|row| row.resource_type().map_or("*", ResourceType::name)).collect();
    let (shown, more) = names.split_at(names.len().min(MOST));
    match (shown, more.len()) {
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}
