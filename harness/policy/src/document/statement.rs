//! Statements.

use source::{Finding, Node, Value};

use super::{Effect, Items, Reader, Statement, Text, rules, shown};
use crate::Kind;

const ELEMENTS: &[&str] =
    &["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

impl Reader {
    pub(super) fn statement(&mut self, node: &Node) -> Option<Statement> {
        if !matches!(node.value, Value::Map(_)) {
            self.wants(node, "a statement", "a mapping");
            return None;
        }
        self.known(node, "a statement", ELEMENTS);
        self.elements_of_kind(node);
        let sid = node.get("Sid").and_then(|node| self.sid(node));
        let effect = self.effect(node);
        let principals = self.one_of(node, "Principal", "NotPrincipal");
        let principals = principals.map(|(not, node)| self.principals(node, not));
        let actions = self.one_of(node, "Action", "NotAction").map(|(not, node)| self.actions(node, not));
        let resources = self.one_of(node, "Resource", "NotResource").map(|(not, node)| self.resources(node, not));
        let conditions = node.get("Condition").map(|node| self.conditions(node)).unwrap_or_default();
        let (effect, actions) = (effect?, actions?);
        Some(Statement { sid, effect, principals, actions, resources, conditions, span: node.span })
    }

    /// Which elements this kind of policy must have, and which it must not.
    fn elements_of_kind(&mut self, node: &Node) {
        let rules = rules::of(self.kind);
        for entry in node.entries() {
            if rules.prohibited.contains(&entry.key.as_str()) {
                let message = format!(
                    "has prohibited field {}: {} {} has none",
                    entry.key,
                    self.kind.article(),
                    self.kind.words()
                );
                self.findings.push(Finding::error("PROHIBITED_ELEMENT", entry.key_span, message).see(rules.page));
            }
        }
        for names in rules.required {
            if !names.iter().any(|name| node.get(name).is_some()) {
                let message = format!(
                    "missing required field {}: {} {} needs it",
                    names[0],
                    self.kind.article(),
                    self.kind.words()
                );
                self.findings.push(Finding::error("MISSING_ELEMENT", node.span, message).see(rules.page));
            }
        }
    }

    /// Whichever of the two stands there, and whether it is the second.
    fn one_of<'a>(&mut self, node: &'a Node, name: &str, not: &str) -> Option<(bool, &'a Node)> {
        match (node.get(name), node.get(not)) {
            (Some(_), Some(second)) => {
                self.error("MUTUALLY_EXCLUSIVE", second.span, format!("a statement with both {name} and {not}"));
                None
            }
            (Some(found), None) => Some((false, found)),
            (None, Some(found)) => Some((true, found)),
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
                let finding =
                    Finding::error("INVALID_EFFECT", node.span, format!("`{}` is not an effect", shown(&text)));
                self.findings.push(finding.suggest(&text, ["Allow", "Deny"]));
                None
            }
        }
    }

    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html: letters and digits, unique within
    /// a policy. Resource policies may be freer.
    fn sid(&mut self, node: &Node) -> Option<Text> {
        let sid = self.text(node, "Sid")?;
        if self.kind.is_of_iam() && !sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("the Sid `{}` has characters other than letters and digits", shown(&sid.text));
            self.error("INVALID_SID", node.span, message);
        }
        Some(sid)
    }

    pub(super) fn unique_sids(&mut self, statements: &[Statement]) {
        let mut seen = std::collections::HashSet::new();
        for sid in statements.iter().filter_map(|statement| statement.sid.as_ref()) {
            if self.kind.is_of_iam() && !sid.text.is_empty() && !seen.insert(&sid.text) {
                let message = format!("the Sid `{}` stands twice; Sids are unique within a policy", shown(&sid.text));
                self.findings.push(Finding::error("DUPLICATE_SID", sid.span, message));
            }
        }
    }

    fn actions(&mut self, node: &Node, not: bool) -> Items {
        let texts = self.items(node, if not { "NotAction" } else { "Action" });
        for action in &texts {
            let vendor = action.text.split_once(':').map(|(vendor, _)| vendor);
            if action.text != "*" && vendor.is_none_or(str::is_empty) {
                let message = format!("the action `{}` has no service prefix", shown(&action.text));
                let finding = Finding::error("INVALID_ACTION", action.span, message);
                self.findings.push(finding.help("write it as in `s3:GetObject`"));
            } else if self.kind == Kind::Trust && !vendor.is_some_and(|vendor| vendor.eq_ignore_ascii_case("sts")) {
                let message =
                    format!("`{}` in a trust policy, which may only specify STS actions", shown(&action.text));
                self.error("INVALID_ACTION", action.span, message);
            }
        }
        Items { not, texts }
    }

    fn resources(&mut self, node: &Node, not: bool) -> Items {
        let texts = self.items(node, if not { "NotResource" } else { "Resource" });
        for resource in &texts {
            if resource.text != "*" && !resource.text.starts_with("arn:") {
                let message = format!("the resource `{}` is neither an ARN nor `*`", shown(&resource.text));
                self.error("INVALID_RESOURCE", resource.span, message);
            }
        }
        Items { not, texts }
    }

    fn items(&mut self, node: &Node, what: &str) -> Vec<Text> {
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            self.error("EMPTY_ELEMENT", node.span, format!("{what} is an empty list"));
        }
        self.texts(node, what)
    }
}
