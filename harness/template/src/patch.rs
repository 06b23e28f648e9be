//! JSON Patch (RFC 6902) on a tree, so that one template can be tried in many variations.
//!
//! A value that is patched in keeps its place in the patch's own text.

mod pointer;
mod resources;
#[cfg(test)]
mod tests;

use source::{Entry, Finding, Node, Span, Value};

use crate::shape::{must_be, out_of_bounds, shown};
use pointer::{Pointer, missing};
pub use resources::{about, by_resource};

const OPERATIONS: &[&str] = &["add", "remove", "replace", "move", "copy", "test"];

/// Applies a patch, a list of operations, one after the other.
///
/// All or nothing, as RFC 6902 has it: with a finding the tree is as it was. The first operation that cannot be
/// applied ends the patch, since the ones after it count on it; how the operations are written is checked for all.
#[must_use]
pub fn apply(root: &mut Node, patch: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !matches!(patch.value, Value::List(_)) {
        return vec![must_be("a patch", "a list of operations", patch)];
    }
    let operations: Vec<_> = patch.items().iter().filter_map(|node| Operation::read(node, &mut findings)).collect();
    if !findings.is_empty() {
        return findings;
    }
    let mut patched = root.clone();
    for operation in &operations {
        if let Err(finding) = operation.apply(&mut patched).and_then(|()| bounded(&patched, operation)) {
            return vec![finding];
        }
    }
    *root = patched;
    findings
}

/// An operation whose form is right.
struct Operation<'p> {
    does: Does<'p>,
    path: Pointer<'p>,
    span: Span,
}

enum Does<'p> {
    Add(&'p Node),
    Remove,
    Replace(&'p Node),
    Move(Pointer<'p>),
    Copy(Pointer<'p>),
    Test(&'p Node),
}

impl<'p> Operation<'p> {
    fn read(node: &'p Node, findings: &mut Vec<Finding>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            findings.push(must_be("an operation", "a mapping with `op` and `path`", node));
            return None;
        }
        for entry in node.entries().iter().filter(|entry| !["op", "path", "from", "value"].contains(&&*entry.key)) {
            let message = format!("an operation has no member `{}`", shown(&entry.key));
            let finding = Finding::error("PATCH_FORM", entry.key_span, message);
            findings.push(finding.suggest(&entry.key, ["op", "path", "from", "value"]));
        }
        let path = pointer(node, "path", findings);
        let op = member(node, "op", findings)?;
        let does = match op.text() {
            Some("add") => Does::Add(member(node, "value", findings)?),
            Some("remove") => Does::Remove,
            Some("replace") => Does::Replace(member(node, "value", findings)?),
            Some("move") => Does::Move(pointer(node, "from", findings)?),
            Some("copy") => Does::Copy(pointer(node, "from", findings)?),
            Some("test") => Does::Test(member(node, "value", findings)?),
            other => {
                let written = other.unwrap_or(op.kind());
                let message = format!("`{}` is no operation: it is one of {}", shown(written), OPERATIONS.join(", "));
                let finding = Finding::error("PATCH_FORM", op.span, message);
                findings.push(finding.suggest(written, OPERATIONS.iter().copied()));
                return None;
            }
        };
        Some(Self { does, path: path?, span: node.span })
    }

    fn apply(&self, root: &mut Node) -> Result<(), Finding> {
        match &self.does {
            Does::Add(value) => add(root, &self.path, (*value).clone()),
            Does::Remove => remove(root, &self.path).map(drop),
            Does::Replace(value) => {
                *self.path.find_mut(root)? = (*value).clone();
                Ok(())
            }
            Does::Move(from) if self.path.is_inside(from) => {
                let message = format!("`{}` cannot be moved into itself", shown(from.text));
                Err(Finding::error("PATCH_FORM", self.path.span, message))
            }
            Does::Move(from) => {
                let value = remove(root, from)?;
                add(root, &self.path, value)
            }
            Does::Copy(from) => {
                let value = from.find(root)?.clone();
                add(root, &self.path, value)
            }
            Does::Test(value) => {
                let found = self.path.find(root)?;
                if same(found, value) {
                    return Ok(());
                }
                let message = format!("what stands at `{}` is not what the test asks for", shown(self.path.text));
                Err(Finding::error("PATCH_TEST", value.span, message).help(found_help(found)))
            }
        }
    }
}

fn found_help(found: &Node) -> String {
    match found.text() {
        Some(text) => format!("it is `{}`", shown(text)),
        None => format!("it is {}", found.kind()),
    }
}

fn member<'p>(node: &'p Node, name: &str, findings: &mut Vec<Finding>) -> Option<&'p Node> {
    let found = node.get(name);
    if found.is_none() {
        findings.push(Finding::error("PATCH_FORM", node.span, format!("the operation has no `{name}`")));
    }
    found
}

fn pointer<'p>(node: &'p Node, name: &str, findings: &mut Vec<Finding>) -> Option<Pointer<'p>> {
    let node = member(node, name, findings)?;
    let read = match &node.value {
        Value::String(text) => Pointer::read(text, node.span),
        _ => Err(must_be(&format!("`{name}`"), "text", node)),
    };
    read.map_err(|finding| findings.push(finding)).ok()
}

/// RFC 6902, 4.1: a new entry or another value for it in a mapping, an insertion in a list.
fn add(root: &mut Node, path: &Pointer<'_>, value: Node) -> Result<(), Finding> {
    let Some((last, parents)) = path.steps.split_last() else {
        *root = value;
        return Ok(());
    };
    let parent = path.find_prefix_mut(root, parents.len())?;
    match &mut parent.value {
        Value::Map(entries) => {
            match entries.iter_mut().find(|entry| entry.key == *last) {
                Some(entry) => entry.value = value,
                None => entries.push(Entry { key: last.clone(), key_span: path.span, value }),
            }
            Ok(())
        }
        Value::List(items) => {
            let at = if last == "-" { Some(items.len()) } else { pointer::index(last) };
            match at.filter(|at| *at <= items.len()) {
                Some(at) => {
                    items.insert(at, value);
                    Ok(())
                }
                None => Err(missing(path, parents.len(), parent)),
            }
        }
        _ => Err(missing(path, parents.len(), parent)),
    }
}

fn remove(root: &mut Node, path: &Pointer<'_>) -> Result<Node, Finding> {
    let Some((last, parents)) = path.steps.split_last() else {
        return Err(Finding::error("PATCH_FORM", path.span, "the whole document cannot be taken away"));
    };
    let parent = path.find_prefix_mut(root, parents.len())?;
    let taken = match &mut parent.value {
        Value::Map(entries) => {
            let at = entries.iter().position(|entry| entry.key == *last);
            at.map(|at| entries.remove(at).value)
        }
        Value::List(items) => {
            let at = pointer::index(last).filter(|at| *at < items.len());
            at.map(|at| items.remove(at))
        }
        _ => None,
    };
    taken.ok_or_else(|| missing(path, parents.len(), parent))
}

/// RFC 6902, 4.6: the same value, whatever its place; the order of a mapping's entries does not count.
fn same(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Map(entries), Value::Map(others)) => {
            let each = |entry: &Entry| right.get(&entry.key).is_some_and(|other| same(&entry.value, other));
            entries.len() == others.len() && entries.iter().all(each)
        }
        // "numerically equal"; anything that is no plain number compares as written.
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || left.parse::<f64>().ok().zip(right.parse::<f64>().ok()).is_some_and(|(left, right)| left == right)
        }
        (left, right) => left == right,
    }
}

/// `copy` can double a tree each time.
fn bounded(root: &Node, operation: &Operation<'_>) -> Result<(), Finding> {
    let finding = out_of_bounds(root).map(|finding| {
        let message = format!("with this operation {}", finding.message.replace(" here", " in the document"));
        Finding::error(finding.code, operation.span, message)
    });
    finding.map_or(Ok(()), Err)
}
