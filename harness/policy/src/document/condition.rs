//! Condition.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html

use source::{Entry, Node, Value};

use super::{Condition, Problem, Reader, Text};
use crate::operator::Operator;

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
            self.say(entry.key_span, no_operator(&entry.key));
        }
        if !matches!(entry.value.value, Value::Map(_)) {
            self.wants(&entry.value, &entry.key, "a mapping from condition keys");
        }
        let read: Vec<_> = entry.value.entries().iter().map(|entry| self.key(entry)).collect();
        let Some(operator) = operator else { return Vec::new() };
        read.into_iter().map(|(key, values)| Condition { operator, key, values }).collect()
    }

    fn key(&mut self, entry: &Entry) -> (Text, Vec<Text>) {
        if entry.key.split_once(':').is_none_or(|(vendor, name)| vendor.is_empty() || name.is_empty()) {
            self.say(entry.key_span, Problem::InvalidConditionKey(entry.key.clone()));
        }
        let values = self.texts(&entry.value, &entry.key);
        if matches!(&entry.value.value, Value::List(items) if items.is_empty()) {
            self.say(entry.value.span, Problem::EmptyCondition(entry.key.clone()));
        }
        (Text { text: entry.key.clone(), span: entry.key_span }, values)
    }
}

fn no_operator(written: &str) -> Problem {
    let is = |name: &str| written.eq_ignore_ascii_case(name);
    let written = written.to_owned();
    if is("NullIfExists") {
        Problem::NullWithIfExists(written)
    } else if is("ForAllValues:Null") || is("ForAnyValue:Null") {
        Problem::NullWithSet(written)
    } else {
        Problem::UnknownOperator(written)
    }
}
