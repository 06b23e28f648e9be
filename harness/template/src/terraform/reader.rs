//! What reading has at hand, and what it says.

use std::collections::{BTreeMap, BTreeSet};

use source::{Finding, Node, Severity, Span, Value};

use super::estate::{Estate, Instance};
use super::place::{self, Place};
use crate::shape::shown;

/// What to do about a value that is known only after apply.
pub(super) const AFTER_APPLY: &str = "give the JSON of the state after apply (`terraform show -json`), or write what it needs as text in the configuration";

/// By a text that names a resource, or by its address.
type Naming<'a, 'e> = BTreeMap<String, Vec<&'e Instance<'a>>>;

/// Reads what is managed.
pub(super) struct Reader<'a, 'e> {
    pub(super) estate: &'e Estate<'a>,
    pub(super) place: Place,
    pub(super) findings: Vec<Finding>,
    /// Resources of a type by what one of their attributes names.
    pub(super) naming: BTreeMap<(&'static str, &'static str), Naming<'a, 'e>>,
    /// ARNs of task definitions, with those that they have here.
    revisions: Vec<Revision>,
    /// Those of them that a policy names.
    replaced: BTreeSet<usize>,
}

/// A task definition that is no first revision in AWS, and is one here.
struct Revision {
    address: String,
    span: Span,
    there: String,
    here: String,
}

impl<'a, 'e> Reader<'a, 'e> {
    pub(super) fn new(estate: &'e Estate<'a>, findings: Vec<Finding>) -> Self {
        let (place, revisions) = (place::place(estate), revisions(estate));
        Self { estate, place, findings, revisions, naming: BTreeMap::new(), replaced: BTreeSet::new() }
    }

    pub(super) fn say(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(super) fn warn(&mut self, code: &'static str, span: Span, message: String) {
        self.say(Finding::new(Severity::Warning, code, span, message));
    }

    /// Says what stands for a value that is known only after apply.
    pub(super) fn made_up(&mut self, instance: &Instance<'_>, what: &str) {
        self.warn("TERRAFORM_MADE_UP", instance.span, format!("`{}`: {what}", instance.shown()));
    }

    /// Whether a resource is in another account than most are: a template is for one.
    pub(super) fn is_elsewhere(&mut self, instance: &Instance<'_>) -> bool {
        let (Some(own), Some(main)) = (place::account_of(instance), &self.place.account) else { return false };
        if own == main {
            return false;
        }
        let message =
            format!("`{}` is in account {own}, and this is read for account {main}: it is left out", instance.shown());
        self.warn("TERRAFORM_OTHER_ACCOUNT", instance.span, message);
        true
    }

    /// A policy that names a revision means the one that is here.
    pub(super) fn revisions_as_here(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::String(text) => {
                for (at, revision) in self.revisions.iter().enumerate() {
                    if *text == revision.there {
                        text.clone_from(&revision.here);
                        self.replaced.insert(at);
                    }
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.revisions_as_here(item)),
            Value::Map(entries) => entries.iter_mut().for_each(|entry| self.revisions_as_here(&mut entry.value)),
            _ => {}
        }
    }

    pub(super) fn say_replaced(&mut self) {
        for at in std::mem::take(&mut self.replaced) {
            let Revision { address, span, there, .. } = &self.revisions[at];
            let revision = there.rsplit(':').next().unwrap_or_default();
            let message = format!(
                "`{}` is revision 1 here and {} in AWS: a policy that names {1} is read as naming 1",
                shown(address),
                shown(revision)
            );
            let finding = Finding::new(Severity::Warning, "TERRAFORM_MADE_UP", *span, message);
            self.findings.push(finding);
        }
    }
}

fn revisions(estate: &Estate<'_>) -> Vec<Revision> {
    let all = estate.managed("aws_ecs_task_definition").filter_map(|one| {
        let there = one.text("arn")?;
        let (family, revision) = there.rsplit_once(':')?;
        let (address, span, here) = (one.address.clone(), one.span, format!("{family}:1"));
        (revision != "1").then(|| Revision { address, span, there: there.to_owned(), here })
    });
    all.collect()
}
