//! What names another resource.
//!
//! A configuration tells the names in an expression and not how they are put together. Where one name alone gives a link, that is
//! what it names: nobody links to what is called like another resource with something behind.

use source::{Finding, Node};

use super::draft::{Draft, shown_value};
use super::estate::{Found, Instance, has_true};
use super::reader::{AFTER_APPLY, Reader};
use super::tree::list;

/// The type that a link is to, by its attribute; of what is made, the order matters.
const LINKS: &[(&str, &str)] = &[
    ("role", "aws_iam_role"),
    ("roles", "aws_iam_role"),
    ("task_role_arn", "aws_iam_role"),
    ("execution_role_arn", "aws_iam_role"),
    ("user", "aws_iam_user"),
    ("users", "aws_iam_user"),
    ("group", "aws_iam_group"),
    ("groups", "aws_iam_group"),
    ("policy_arn", "aws_iam_policy"),
    ("permissions_boundary", "aws_iam_policy"),
    ("managed_policy_arns", "aws_iam_policy"),
    ("bucket", "aws_s3_bucket"),
];

impl<'a> Reader<'a, '_> {
    pub(super) fn link(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        match instance.get(attribute) {
            Found::Absent => None,
            Found::Known(value) => {
                self.depend(draft, attribute, value);
                let value = shown_value(instance, attribute, value);
                Some(if attribute == "function_name" { self.qualified(instance, value) } else { value })
            }
            Found::Unknown => {
                let expression = instance.expression(attribute);
                let target = expression.and_then(|expression| self.estate.target(instance, expression));
                let target = target.filter(|target| is_such(target.attribute, attribute));
                let value = target.and_then(|target| target.value(by_default(attribute), instance.span));
                if value.is_none() {
                    self.lost_link(draft, attribute);
                }
                let is_function = attribute == "function_name";
                value.map(|value| if is_function { self.qualified(instance, value) } else { value })
            }
        }
    }

    pub(super) fn tested(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        if !matches!(instance.get(attribute), Found::Unknown) {
            return self.link(draft, attribute);
        }
        let expression = instance.expression(attribute);
        let target = expression.and_then(|expression| self.estate.target(instance, expression));
        let target = target.filter(|target| matches!(target.attribute, None | Some("arn")));
        let named = target.map(|target| target.instance.shown());
        let value = target.and_then(|target| target.value("arn", instance.span));
        match (&value, named) {
            (Some(_), Some(named)) => {
                let what = format!(
                    "its `{attribute}` is known only after apply, and taken for the ARN of `{named}`, which it names"
                );
                self.made_up(instance, &what);
            }
            _ => self.lost_link(draft, attribute),
        }
        value
    }

    /// Several links; unknown ones are those that the expression names, if they are as many.
    pub(super) fn links(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) -> Option<Node> {
        let instance = draft.instance;
        let unknown = instance.unknown(attribute).filter(|unknown| has_true(unknown));
        let known = instance.known(attribute).map(Node::items).unwrap_or_default();
        let mut all = Vec::new();
        for item in known.iter().filter(|item| item.text().is_some_and(|text| !text.is_empty())) {
            self.depend(draft, attribute, item);
            all.push(shown_value(instance, attribute, item));
        }
        let is_hidden = matches!(instance.get(attribute), Found::Unknown) && unknown.is_none();
        if unknown.is_some() || is_hidden {
            let flags = unknown.map(Node::items).unwrap_or_default();
            let count = flags.iter().filter(|flag| has_true(flag)).count().max(1);
            let expression = instance.expression(attribute);
            let targets =
                expression.and_then(|expression| self.estate.targets(instance, expression)).unwrap_or_default();
            // Names that are known already are among the targets as well.
            let such = targets.iter().filter(|target| is_such(target.attribute, attribute));
            let values = such.map(|target| target.value(by_default(attribute), instance.span));
            let values: Option<Vec<_>> = values.collect();
            let fresh =
                values.map(|values| values.into_iter().filter(|value| value.text().is_none()).collect::<Vec<_>>());
            match fresh.filter(|fresh| fresh.len() == count) {
                Some(fresh) => all.extend(fresh),
                None => self.lost_link(draft, attribute),
            }
        }
        (!all.is_empty()).then(|| list(all, instance.span))
    }

    pub(super) fn lost_link(&mut self, draft: &mut Draft<'_, 'a>, attribute: &str) {
        let message = format!(
            "`{}`: its `{attribute}` is known only after apply, and what it will be cannot be told",
            draft.instance.shown()
        );
        let finding = Finding::error("TERRAFORM_UNKNOWN_LINK", draft.instance.span, message);
        self.say(finding.help(AFTER_APPLY));
        draft.is_lost = true;
    }

    /// What is named by text must be there before it, as what is named by reference.
    fn depend(&self, draft: &mut Draft<'_, 'a>, attribute: &str, value: &Node) {
        let Some((_, of_type)) = LINKS.iter().find(|(name, _)| *name == attribute) else { return };
        let Some(text) = value.text() else { return };
        let is_it = |one: &&Instance<'_>| ["arn", "name", "bucket", "id"].iter().any(|own| one.text(own) == Some(text));
        draft.depends_on.extend(self.estate.managed(of_type).filter(is_it).map(|one| one.address.clone()));
    }
}

/// Whether an attribute can be all of what a link is: where an ARN must stand, a name is a part of one.
fn is_such(named: Option<&str>, attribute: &str) -> bool {
    named.is_none_or(|named| by_default(attribute) != "arn" || named == "id" || named.contains("arn"))
}

/// The attribute that is meant where an expression names all of a resource.
fn by_default(attribute: &str) -> &'static str {
    if attribute.contains("arn") || attribute == "permissions_boundary" { "arn" } else { "id" }
}
