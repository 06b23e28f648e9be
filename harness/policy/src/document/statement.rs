//! Statements.

use source::{Node, Value};

use super::{Effect, Element, Holder, Items, Problem, Reader, Statement, Text, rules};
use crate::{Kind, arn_pattern, facts};

impl Reader {
    pub(super) fn statement(&mut self, node: &Node) -> Option<Statement> {
        if !matches!(node.value, Value::Map(_)) {
            self.wants(node, "a statement", "a mapping");
            return None;
        }
        self.known(node, Holder::Statement);
        self.elements_of_kind(node);
        let sid = node.get("Sid").and_then(|node| self.sid(node));
        let effect = self.effect(node);
        let [principals, actions, resources] = Element::PAIRS.map(|(element, not)| self.one_of(node, element, not));
        let principals = principals.map(|(element, node)| self.principals(node, element));
        let actions = actions.map(|(element, node)| self.actions(node, element));
        let resources = resources.map(|(element, node)| self.resources(node, element));
        let conditions = node.get("Condition").map(|node| self.conditions(node)).unwrap_or_default();
        let (effect, actions) = (effect?, actions?);
        let statement = Statement { sid, effect, principals, actions, resources, conditions, span: node.span };
        self.resource_control(&statement, node);
        Some(statement)
    }

    /// Which elements this kind of policy must have, and which it must not.
    fn elements_of_kind(&mut self, node: &Node) {
        let rules = rules::of(self.kind);
        for entry in node.entries() {
            if let Some(&element) = rules.prohibited.iter().find(|element| element.name() == entry.key) {
                self.say(entry.key_span, Problem::ProhibitedElement(element));
            }
        }
        for &element in rules.required {
            let negation = Element::PAIRS.iter().find(|(one, _)| *one == element).map(|&(_, not)| not);
            if !negation.into_iter().chain([element]).any(|element| node.get(element.name()).is_some()) {
                self.say(node.span, Problem::MissingElement(element));
            }
        }
    }

    /// "The effect of Allow is only supported for the RCPFullAWSAccess policy", which allows everyone everything. In all
    /// others "You must specify the abbreviation for a service", of which "RCPs only support specifying select".
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html,
    /// docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
    fn resource_control(&mut self, statement: &Statement, node: &Node) {
        let is_star = |items: &Items| !items.not && items.texts.iter().all(|item| item.text == "*");
        let is_full_access = statement.effect == Effect::Allow
            && is_star(&statement.actions)
            && statement.resources.as_ref().is_none_or(is_star)
            && statement.conditions.is_empty();
        if self.kind != Kind::ResourceControl || is_full_access {
            return;
        }
        if statement.effect == Effect::Allow {
            let span = node.get("Effect").map_or(node.span, |effect| effect.span);
            self.say(span, Problem::ResourceControlAllows);
            return;
        }
        // Other actions without a service were said where they were read, and so was NotAction.
        let is_covered = |action: &str| {
            action.split_once(':').is_none_or(|(of, _)| of.is_empty() || facts::has_resource_control(of))
        };
        let actions = statement.actions.texts.iter().filter(|_| !statement.actions.not);
        for action in actions.filter(|one| one.text == "*" || !is_covered(&one.text)) {
            self.say(action.span, Problem::ResourceControlAction(action.text.clone()));
        }
    }

    /// The element or its negation, whichever stands there.
    fn one_of<'a>(&mut self, node: &'a Node, element: Element, not: Element) -> Option<(Element, &'a Node)> {
        match (node.get(element.name()), node.get(not.name())) {
            (Some(_), Some(second)) => {
                self.say(second.span, Problem::ElementAndNegation(element, not));
                None
            }
            (Some(found), None) => Some((element, found)),
            (None, Some(found)) => Some((not, found)),
            (None, None) => None,
        }
    }

    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html: "The Effect value is case
    /// sensitive."
    fn effect(&mut self, node: &Node) -> Option<Effect> {
        let node = node.get("Effect")?;
        let text = self.text(node, "Effect")?.text;
        match text.as_str() {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            _ => {
                self.say(node.span, Problem::InvalidEffect(text));
                None
            }
        }
    }

    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html: letters and digits, unique within
    /// a policy. Resource policies may be freer.
    fn sid(&mut self, node: &Node) -> Option<Text> {
        let sid = self.text(node, "Sid")?;
        if self.kind.is_of_iam() && !sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.say(node.span, Problem::InvalidSid(sid.text.clone()));
        }
        Some(sid)
    }

    pub(super) fn unique_sids(&mut self, statements: &[Statement]) {
        let mut seen = std::collections::HashSet::new();
        for sid in statements.iter().filter_map(|statement| statement.sid.as_ref()) {
            if self.kind.is_of_iam() && !sid.text.is_empty() && !seen.insert(&sid.text) {
                self.say(sid.span, Problem::DuplicateSid(sid.text.clone()));
            }
        }
    }

    fn actions(&mut self, node: &Node, element: Element) -> Items {
        let texts = self.items(node, element);
        for action in &texts {
            let vendor = action.text.split_once(':').map(|(vendor, _)| vendor);
            if !vendor.map_or_else(|| self.takes_without_prefix(&action.text), |vendor| !vendor.is_empty()) {
                self.say(action.span, Problem::ActionWithoutPrefix(action.text.clone()));
            } else if self.kind == Kind::Trust && !vendor.is_some_and(|vendor| vendor.eq_ignore_ascii_case("sts")) {
                self.say(action.span, Problem::ActionNotOfSts(action.text.clone()));
            }
        }
        Items { not: element == Element::NotAction, texts }
    }

    /// A wildcard of `*Execution` can stand for a colon: see `Case::ActionWithoutService`. Of RCPs "You must specify the
    /// abbreviation for a service". RCPFullAWSAccess has `*`.
    /// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    fn takes_without_prefix(&self, action: &str) -> bool {
        action == "*" || (action.contains(['*', '?']) && self.kind != Kind::ResourceControl)
    }

    /// "Using an incomplete ARN in a session policy will result in a `MalformedPolicyDocumentException` error." One that
    /// ends in a `*` is incomplete as well: see `Case::IncompleteArnOfSession`.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    fn resources(&mut self, node: &Node, element: Element) -> Items {
        let texts = self.items(node, element);
        for resource in &texts {
            let is_short = self.kind == Kind::Resource && arn_pattern::is_short(&resource.text);
            if resource.text != "*" && !resource.text.starts_with("arn:") && !is_short {
                self.say(resource.span, Problem::InvalidResource(resource.text.clone()));
            } else if self.kind == Kind::Session && arn_pattern::is_incomplete(&resource.text, self.variables) {
                self.say(resource.span, Problem::IncompleteResource(resource.text.clone()));
            }
        }
        Items { not: element == Element::NotResource, texts }
    }

    fn items(&mut self, node: &Node, element: Element) -> Vec<Text> {
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            self.say(node.span, Problem::EmptyList(element));
        }
        self.texts(node, element.name())
    }
}
