//! Condition.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html

use source::{Entry, Finding, Node, Severity, Value};

use super::{Condition, Reader, Text, shown};
use crate::operator::{self, Operator};

const PAGE: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";

impl Reader {
    pub(super) fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        if !matches!(node.value, Value::Map(_)) {
            self.wants(node, "Condition", "a mapping from operators");
        }
        node.entries().iter().flat_map(|entry| self.operator(entry)).collect()
    }

    fn operator(&mut self, entry: &Entry) -> Vec<Condition> {
        let operator = Operator::parse(&entry.key);
        if operator.is_none() {
            let message = format!("`{}` is not a condition operator", shown(&entry.key));
            let finding = Finding::error("UNKNOWN_OPERATOR", entry.key_span, message);
            let finding = self.near(finding, &entry.key, operator::names().iter().map(String::as_str));
            self.findings.push(finding.see(PAGE));
        }
        if !matches!(entry.value.value, Value::Map(_)) {
            self.wants(&entry.value, &shown(&entry.key), "a mapping from condition keys");
        }
        let read: Vec<_> = entry.value.entries().iter().map(|entry| self.key(entry)).collect();
        let Some(operator) = operator else { return Vec::new() };
        read.into_iter().map(|(key, values)| Condition { operator, key, values }).collect()
    }

    fn key(&mut self, entry: &Entry) -> (Text, Vec<Text>) {
        if entry.key.split_once(':').is_none_or(|(vendor, name)| vendor.is_empty() || name.is_empty()) {
            let message = format!("the condition key `{}` has no service prefix", shown(&entry.key));
            let finding = Finding::error("INVALID_CONDITION_KEY", entry.key_span, message);
            self.findings.push(finding.help("write it as in `aws:PrincipalTag/team`").see(PAGE));
        }
        let values = self.texts(&entry.value, &shown(&entry.key));
        if matches!(&entry.value.value, Value::List(items) if items.is_empty()) {
            let message = format!("the condition on `{}` has no values", shown(&entry.key));
            self.findings.push(Finding::new(Severity::Warning, "EMPTY_CONDITION", entry.value.span, message));
        }
        (Text { text: entry.key.clone(), span: entry.key_span }, values)
    }
}
