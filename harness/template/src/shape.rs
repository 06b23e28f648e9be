//! Small things that every part needs: text with a place, trees to JSON, words for messages.

use source::{Finding, Node, Span, Value};

/// A template may have this many levels; it bounds the recursion everywhere after.
pub(crate) const MAX_DEPTH: usize = 100;

/// How far working one value out may lead into others: through the tree itself, names, and conditions.
pub(crate) const MAX_RECURSION: usize = 200;

/// A template may have this many values. The largest CloudFormation takes (1 MB) has far fewer.
pub(crate) const MAX_NODES: usize = 200_000;

/// Errors beyond this many are not recorded, nor warnings: somebody with that many mends the first ones first.
pub(crate) const MAX_FINDINGS: usize = 200;

/// A text and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub value: String,
    /// Its place.
    pub span: Span,
}

impl Text {
    pub(crate) fn new(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span }
    }
}

/// The tree as JSON: the form in which a policy document goes to IAM.
#[must_use]
pub fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => number(text),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect())
        }
    }
}

/// Digits that a 64-bit number would not keep stay text: nothing may be rounded on its way.
fn number(text: &str) -> serde_json::Value {
    let exact = serde_json::from_str::<serde_json::Number>(text).ok().filter(|number| number.to_string() == text);
    exact.map_or_else(|| serde_json::Value::String(text.to_owned()), serde_json::Value::Number)
}

/// A user's text for a message: long ones cut.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `text`, or a finding that `what` must be text. A null stands for a value that is broken and was reported.
pub(crate) fn text(node: &Node, what: &str, findings: &mut Vec<Finding>) -> Option<Text> {
    if let Some(text) = node.text() {
        return Some(Text::new(text, node.span));
    }
    if node.value != Value::Null {
        findings.push(must_be(what, "text", node));
    }
    None
}

/// The finding that something is of the wrong kind.
pub(crate) fn must_be(what: &str, wanted: &str, node: &Node) -> Finding {
    let message = format!("{what} must be {wanted}, and this is {}", node.kind());
    Finding::error("WRONG_TYPE", node.span, message)
}

/// A text node.
pub(crate) fn text_node(text: impl Into<String>, span: Span) -> Node {
    Node::new(Value::String(text.into()), span)
}

/// What stands for a value that could not be made; the reason is recorded.
pub(crate) const fn broken(span: Span) -> Node {
    Node::new(Value::Null, span)
}

/// The finding that a tree is too deep or too large, if it is; without recursion, since that is what it guards.
pub(crate) fn out_of_bounds(root: &Node) -> Option<Finding> {
    let mut open = vec![(root, 0)];
    let mut count = 0;
    while let Some((node, depth)) = open.pop() {
        count += 1;
        if depth > MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels lie one in another here");
            return Some(Finding::error("TOO_DEEP", node.span, message));
        }
        if count > MAX_NODES {
            let message = format!("there are more than {MAX_NODES} values");
            return Some(Finding::error("TOO_LARGE", root.span, message));
        }
        open.extend(node.items().iter().map(|item| (item, depth + 1)));
        open.extend(node.entries().iter().map(|entry| (&entry.value, depth + 1)));
    }
    None
}

/// Puts every part of a tree at one place: for what stands inside a text, and so nowhere by itself.
pub(crate) fn place(node: &mut Node, span: Span) {
    node.span = span;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| place(item, span)),
        Value::Map(entries) => {
            for entry in entries {
                entry.key_span = span;
                place(&mut entry.value, span);
            }
        }
        _ => {}
    }
}
