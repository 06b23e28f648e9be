//! Parts of CloudFormation's form, made.

use source::{Entry, Node, Span, Value};

use crate::shape::text_node;

pub(super) const fn map(entries: Vec<Entry>, span: Span) -> Node {
    Node::new(Value::Map(entries), span)
}

pub(super) const fn list(items: Vec<Node>, span: Span) -> Node {
    Node::new(Value::List(items), span)
}

pub(super) fn entry(key: impl Into<String>, value: Node) -> Entry {
    Entry { key: key.into(), key_span: value.span, value }
}

/// `{key: value}`
pub(super) fn one(key: &str, value: Node) -> Node {
    let span = value.span;
    map(vec![entry(key, value)], span)
}

/// `{Ref: name}`
pub(super) fn reference(name: &str, span: Span) -> Node {
    one("Ref", text_node(name, span))
}

/// `{Fn::GetAtt: [name, attribute]}`
pub(super) fn attribute(name: &str, attribute: &str, span: Span) -> Node {
    one("Fn::GetAtt", list(vec![text_node(name, span), text_node(attribute, span)], span))
}
