//! The policies of a resource.

use std::collections::BTreeSet;

use source::{Finding, Node};

use super::document::Document;
use super::draft::Draft;
use super::estate::{Found, Instance, has_true};
use super::reader::{AFTER_APPLY, Reader};
use super::tree::{entry, list, map};
use crate::names;
use crate::shape::{shown, text_node};

impl<'a> Reader<'a, '_> {
    /// A policy that must be there.
    pub(super) fn policy(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        let why = match self.document(instance, attribute) {
            Document::Read(document) => return Some(document),
            // "{}" is a policy that is taken away.
            Document::None if instance.known(attribute).is_some() && draft.row.values.is_empty() => {
                draft.is_lost = true;
                return None;
            }
            Document::None => "is empty".to_owned(),
            Document::Unreadable(why) => why,
        };
        self.unreadable(draft, attribute, &why);
        Some(closed(attribute, instance.span))
    }

    /// A policy that somebody may have given. What the provider fills in is what AWS has, unless that is a resource of its own,
    /// of which it may be an old copy.
    pub(super) fn own_policy(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        let is_copy = instance.expression(attribute).is_none() && self.is_apart(draft);
        if is_copy || self.is_filled_in(instance, attribute) {
            return None;
        }
        match self.document(instance, attribute) {
            Document::Read(document) => Some(document),
            Document::None => None,
            Document::Unreadable(why) => {
                self.unreadable(draft, attribute, &why);
                None
            }
        }
    }

    /// Whether an attribute is known only after apply because the provider fills it in. Without a configuration that cannot be told,
    /// which is said.
    pub(super) fn is_filled_in(&mut self, instance: &Instance<'a>, attribute: &str) -> bool {
        if !matches!(instance.get(attribute), Found::Unknown) || instance.expression(attribute).is_some() {
            return false;
        }
        if !instance.is_not_given(attribute) {
            let message = format!(
                "`{}`: its `{attribute}` is known only after apply, and there is no configuration that tells whether anybody gives it",
                instance.shown()
            );
            self.warn("TERRAFORM_UNREAD", instance.span, message);
        }
        true
    }

    /// Whether the policy of a resource is a resource of its own, or was.
    fn is_apart(&mut self, draft: &Draft<'_, 'a>) -> bool {
        let Some((name, by)) = draft.row.apart else { return false };
        let is_gone = || self.estate.gone(name).any(|one| self.names(one, by, draft.instance));
        is_gone() || !self.naming(name, by, draft.instance).is_empty()
    }

    fn unreadable(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str, why: &str) {
        let message = format!("`{}`: its `{attribute}` {why}", draft.instance.shown());
        let finding = Finding::error("TERRAFORM_UNREADABLE", draft.instance.span, message);
        self.say(finding.help(AFTER_APPLY));
        draft.is_lost = true;
    }

    /// Inline policies of a role, without those that a resource of its own gives under the same name.
    pub(super) fn inline_policies(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        let unknown = instance.unknown(attribute).filter(|unknown| has_true(unknown));
        let blocks = instance.known(attribute).map(Node::items).unwrap_or_default();
        if blocks.is_empty() && (unknown.is_some() || matches!(instance.get(attribute), Found::Unknown)) {
            self.unreadable(draft, attribute, "is known only after apply");
            return None;
        }
        let apart = self.given_apart(instance, attribute, &["aws_iam_role_policy"], "name");
        let mut all = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let is_unknown = unknown.and_then(|unknown| unknown.items().get(at)?.get("policy")).is_some_and(has_true);
            // A block without anything in it says that there are to be none.
            let is_empty = block.get("policy").and_then(Node::text).unwrap_or_default().is_empty();
            let name = block.get("name").and_then(Node::text).unwrap_or_default();
            if apart.contains(name) || is_empty && !is_unknown {
                continue;
            }
            let found = match block.get("policy").filter(|_| !is_unknown) {
                Some(policy) => self.written(instance, attribute, policy),
                None => self.unknown_inline(instance, attribute, name),
            };
            match found {
                Document::Read(document) => {
                    let name = match name {
                        "" => names::terraform("terraform-", &format!("{}{at}", instance.address)),
                        name => name.to_owned(),
                    };
                    let name = entry("PolicyName", text_node(name, block.span));
                    all.push(map(vec![name, entry("PolicyDocument", document)], block.span));
                }
                Document::None => {}
                Document::Unreadable(why) => {
                    let name = if instance.is_sensitive(attribute) { "…".to_owned() } else { shown(name) };
                    self.unreadable(draft, attribute, &format!("`{name}` {why}"));
                }
            }
        }
        (!all.is_empty()).then(|| list(all, instance.span))
    }

    /// The blocks are a set, in no order; they are told apart by their names.
    fn unknown_inline(&mut self, instance: &Instance<'a>, attribute: &str, name: &str) -> Document {
        let blocks = instance.expression(attribute).map(Node::items).unwrap_or_default();
        let is_it = |block: &&Node| {
            blocks.len() == 1 || block.get("name").and_then(|name| name.get("constant_value")?.text()) == Some(name)
        };
        match blocks.iter().find(is_it).and_then(|block| block.get("policy")) {
            Some(expression) => self.referred(instance, expression, 0),
            None => Document::Unreadable("is known only after apply".to_owned()),
        }
    }

    /// Managed policies that no attachment of its own attaches.
    pub(super) fn not_attached_apart(&mut self, role: &Instance<'a>, attribute: &str, links: &Node) -> Option<Node> {
        let types = ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"];
        let apart = self.given_apart(role, attribute, &types, "policy_arn");
        let left = links.items().iter().filter(|link| link.text().is_none_or(|arn| !apart.contains(arn)));
        let left: Vec<_> = left.cloned().collect();
        (!left.is_empty()).then(|| list(left, links.span))
    }

    /// What resources of their own give a role. What they gave it until this plan counts as well, unless the role itself is given
    /// it from now on.
    fn given_apart(
        &mut self,
        role: &Instance<'a>,
        attribute: &str,
        types: &[&'static str],
        held: &str,
    ) -> BTreeSet<&'a str> {
        let is_given = role.expression(attribute).is_some();
        let mut held_by = BTreeSet::new();
        for name in types {
            held_by.extend(self.naming(name, "role", role).into_iter().filter_map(|one| one.text(held)));
            let gone = self.estate.gone(name).filter(|one| !is_given && self.names(one, "role", role));
            held_by.extend(gone.filter_map(|one| one.text(held)));
            let lists = |one: &&Instance<'_>| one.lists("roles").any(|name| Some(name) == role.text("name"));
            held_by.extend(self.estate.managed(name).filter(lists).filter_map(|one| one.text(held)));
        }
        held_by
    }
}

/// What stands for a policy that could not be read, which is said: it lets nobody do anything.
fn closed(attribute: &str, span: source::Span) -> Node {
    let text = |key: &str, value: &str| entry(key, text_node(value, span));
    let mut statement = vec![text("Effect", "Deny")];
    statement.extend(match attribute {
        "assume_role_policy" => vec![text("Principal", "*"), text("Action", "sts:AssumeRole")],
        _ => vec![text("Action", "*"), text("Resource", "*")],
    });
    let statements = list(vec![map(statement, span)], span);
    map(vec![text("Version", "2012-10-17"), entry("Statement", statements)], span)
}
