//! Which resource an operation is about: one that a transform makes, or one of a nested stack, is not in the template as it is
//! written.

use source::{Entry, Node, Value};

/// The operations of a patch on a template as it is written, and those about resources that are not there, each with the
/// logical id.
#[must_use]
pub fn by_resource(patch: &Node, template: &Node) -> (Node, Vec<(String, Node)>) {
    let is_there = |id: &str| template.get("Resources").is_some_and(|resources| resources.get(id).is_some());
    let added: Vec<String> = patch.items().iter().filter_map(|one| id(one, true)).collect();
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for operation in patch.items() {
        match id(operation, false).filter(|id| !is_there(id) && !added.contains(id)) {
            Some(id) => others.push((id, operation.clone())),
            None => own.push(operation.clone()),
        }
    }
    // What is no list is told when it is applied.
    let is_list = matches!(patch.value, Value::List(_));
    (if is_list { Node::new(Value::List(own), patch.span) } else { patch.clone() }, others)
}

/// The logical id of the resource that an operation is about: that adds it as a whole, or that changes a part of it.
fn id(operation: &Node, is_whole: bool) -> Option<String> {
    let path = operation.get("path")?.text()?.strip_prefix("/Resources/")?;
    let (id, is_part) = path.split_once('/').map_or((path, false), |(id, _)| (id, true));
    (is_part != is_whole).then(|| id.replace("~1", "/").replace("~0", "~"))
}

/// A patch of one operation, which is about a resource of another name: `Nested.Role` is `Role` in the nested stack.
#[must_use]
pub fn about(operation: &Node, id: &str, other: &str) -> Node {
    let escaped = |id: &str| format!("/Resources/{}/", id.replace('~', "~0").replace('/', "~1"));
    let (head, new) = (escaped(id), escaped(other));
    let renamed = |text: &String| text.strip_prefix(&head).map(|rest| format!("{new}{rest}"));
    let entry = |entry: &Entry| {
        let mut entry = entry.clone();
        if let (Value::String(text), "path" | "from") = (&mut entry.value.value, entry.key.as_str()) {
            *text = renamed(text).unwrap_or_else(|| text.clone());
        }
        entry
    };
    let entries = operation.entries().iter().map(entry).collect();
    Node::new(Value::List(vec![Node::new(Value::Map(entries), operation.span)]), operation.span)
}
