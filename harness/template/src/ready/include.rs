//! `AWS::Include`: the content of a file at its place.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html

use source::{Entry, Node, Value};

use crate::files::{Files, included};
use crate::template::FN_TRANSFORM;

/// A tree with the files that it includes. One that is not here leaves its call where it stands.
pub(super) fn include(root: &Node, files: &Files) -> Node {
    let mut root = node(root, files);
    // At the top of a template it stands under `Transform`.
    let calls: Vec<Node> = root.get("Transform").map(calls).unwrap_or_default();
    for content in calls.iter().filter_map(|call| content(call, files)) {
        merge(&mut root, &content);
    }
    if let Value::Map(entries) = &mut root.value {
        for entry in entries.iter_mut().filter(|entry| entry.key == "Transform") {
            take_included(&mut entry.value, files);
        }
        entries.retain(|entry| entry.key != "Transform" || !is_empty(&entry.value));
    }
    root
}

fn calls(transform: &Node) -> Vec<Node> {
    match &transform.value {
        Value::List(items) => items.clone(),
        _ => vec![transform.clone()],
    }
}

/// Takes the calls away that have been carried out.
fn take_included(transform: &mut Node, files: &Files) {
    if content(transform, files).is_some() {
        transform.value = Value::List(Vec::new());
    } else if let Value::List(items) = &mut transform.value {
        items.retain(|call| content(call, files).is_none());
    }
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Value::List(items) if items.is_empty())
}

fn content(call: &Node, files: &Files) -> Option<Node> {
    let location = included(call)?;
    let text = location.text()?;
    // "You can't use AWS::Include to reference a template snippet that also uses AWS::Include": one step is all.
    files.named(location.span.file, text).or_else(|| files.at(text)).cloned()
}

fn node(tree: &Node, files: &Files) -> Node {
    let value = match &tree.value {
        Value::List(items) => Value::List(items.iter().map(|item| node(item, files)).collect()),
        Value::Map(entries) => {
            let call = entries.iter().find(|entry| entry.key == FN_TRANSFORM);
            let content = call.and_then(|call| content(&call.value, files));
            let others = entries.iter().filter(|entry| content.is_none() || entry.key != FN_TRANSFORM);
            let others: Vec<Entry> =
                others.map(|entry| Entry { value: node(&entry.value, files), ..entry.clone() }).collect();
            match content {
                // It stands alone, and its content may be anything.
                Some(content) if others.is_empty() => return content,
                Some(content) => {
                    let mut map = Node::new(Value::Map(others), tree.span);
                    merge(&mut map, &content);
                    return map;
                }
                None => Value::Map(others),
            }
        }
        other => other.clone(),
    };
    Node::new(value, tree.span)
}

/// Puts the entries of a mapping beside those that are there; sections that both have are put together.
fn merge(into: &mut Node, more: &Node) {
    let Value::Map(entries) = &mut into.value else { return };
    for entry in more.entries() {
        match entries.iter_mut().find(|known| known.key == entry.key) {
            Some(known) if matches!(known.value.value, Value::Map(_)) => merge(&mut known.value, &entry.value),
            // What stands in the template itself stays.
            Some(_) => {}
            None => entries.push(entry.clone()),
        }
    }
}
