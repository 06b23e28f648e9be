//! What the transform asks of functions in a template: it works none out, but looks at a few.

use source::{Node, Value};

/// Whether a node is a call of a function.
pub(super) fn is_call(node: &Node) -> bool {
    let [entry] = node.entries() else { return false };
    matches!(&*entry.key, "Ref" | "Condition") || entry.key.starts_with("Fn::")
}

/// Whether a node is `!Ref AWS::NoValue`.
pub(super) fn is_no_value(node: &Node) -> bool {
    matches!(node.entries(), [entry] if entry.key == "Ref" && entry.value.text() == Some("AWS::NoValue"))
}

/// The parts of `Fn::If`.
pub(super) struct If<'n> {
    pub(super) condition: &'n str,
    pub(super) then: &'n Node,
    pub(super) otherwise: &'n Node,
}

/// The parts of `Fn::If`, if a node is that.
pub(super) fn choice(node: &Node) -> Option<If<'_>> {
    let [entry] = node.entries() else { return None };
    let [condition, then, otherwise] = entry.value.items() else { return None };
    let condition = (entry.key == "Fn::If").then(|| condition.text())??;
    Some(If { condition, then, otherwise })
}

/// The logical id that `Ref` or `Fn::GetAtt` names.
pub(super) fn named(node: &Node) -> Option<&str> {
    let [entry] = node.entries() else { return None };
    match (&*entry.key, &entry.value.value) {
        ("Ref", Value::String(id)) => Some(id),
        ("Fn::GetAtt", Value::String(path)) => {
            let (id, attribute) = path.split_once('.')?;
            (!attribute.contains('.')).then_some(id)
        }
        ("Fn::GetAtt", Value::List(path)) if path.len() == 2 => path[0].text(),
        _ => None,
    }
}

/// The logical id that a property names, by `Ref` or as plain text.
pub(super) fn named_or_text(node: &Node) -> Option<&str> {
    match node.entries() {
        [entry] if entry.key == "Ref" => entry.value.text(),
        _ => node.text(),
    }
}

/// With so many others a thing is compared at most: no role, API or path has as many of what must not be there twice.
pub(super) const MAX_COMPARED: usize = 250;

/// Whether two trees say the same, wherever they stand.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Map(entries), Value::Map(others)) => {
            let found = |key: &str, value| other.get(key).is_some_and(|other| is_same(value, other));
            entries.len() == others.len() && entries.iter().all(|entry| found(&entry.key, &entry.value))
        }
        (one, other) => one == other,
    }
}
