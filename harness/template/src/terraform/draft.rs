//! A resource on its way.

use std::collections::BTreeSet;

use source::{Entry, Node};

use super::estate::Instance;
use super::types::Type;
use super::written;

/// What is known of a resource so far.
pub(super) struct Draft<'r, 'a> {
    pub(super) instance: &'r Instance<'a>,
    pub(super) row: &'static Type,
    pub(super) properties: Vec<Entry>,
    /// Policies of its own that CloudFormation has as resources.
    pub(super) apart: Vec<Entry>,
    pub(super) depends_on: BTreeSet<String>,
    pub(super) name_prefix: Option<String>,
    /// Whether something without which it is nothing cannot be read; that is said.
    pub(super) is_lost: bool,
}

/// A value; one that is marked sensitive has the place of the address, so that the text around it is not shown.
pub(super) fn shown_value(instance: &Instance<'_>, attribute: &str, value: &Node) -> Node {
    let mut value = value.clone();
    if instance.is_sensitive(attribute) {
        written::placed(&mut value, &|_| instance.span);
    }
    value
}
