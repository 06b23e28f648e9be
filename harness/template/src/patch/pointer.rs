//! JSON Pointer (RFC 6901).

use source::{Finding, Node, Span, Value};

use crate::shape::shown;

/// A path into a tree.
pub(super) struct Pointer<'p> {
    pub(super) text: &'p str,
    pub(super) span: Span,
    /// The steps, `~0` and `~1` undone.
    pub(super) steps: Vec<String>,
}

impl<'p> Pointer<'p> {
    pub(super) fn read(text: &'p str, span: Span) -> Result<Self, Finding> {
        let Some(rest) = text.strip_prefix('/') else {
            if text.is_empty() {
                return Ok(Self { text, span, steps: Vec::new() });
            }
            let message = format!("the path `{}` does not begin with `/`", shown(text));
            let help = format!("write `/{}`", shown(&text.replace('.', "/")));
            return Err(Finding::error("PATCH_FORM", span, message).help(help));
        };
        let mut steps = Vec::new();
        for step in rest.split('/') {
            let escapes =
                step.match_indices('~').all(|(at, _)| matches!(step.as_bytes().get(at + 1), Some(b'0' | b'1')));
            if !escapes {
                let message = format!("a `~` in the path `{}` is neither `~0` nor `~1`", shown(text));
                return Err(Finding::error("PATCH_FORM", span, message).help("write `~0` for `~` and `~1` for `/`"));
            }
            steps.push(step.replace("~1", "/").replace("~0", "~"));
        }
        Ok(Self { text, span, steps })
    }

    pub(super) fn find<'n>(&self, root: &'n Node) -> Result<&'n Node, Finding> {
        let mut node = root;
        for (at, step) in self.steps.iter().enumerate() {
            node = child(node, step).ok_or_else(|| missing(self, at, node))?;
        }
        Ok(node)
    }

    pub(super) fn find_mut<'n>(&self, root: &'n mut Node) -> Result<&'n mut Node, Finding> {
        self.find_prefix_mut(root, self.steps.len())
    }

    /// What the first `length` steps lead to.
    pub(super) fn find_prefix_mut<'n>(&self, root: &'n mut Node, length: usize) -> Result<&'n mut Node, Finding> {
        let mut node = root;
        for (at, step) in self.steps[..length].iter().enumerate() {
            if child(node, step).is_none() {
                return Err(missing(self, at, node));
            }
            node = match &mut node.value {
                Value::List(items) => index(step).and_then(|at| items.get_mut(at)),
                Value::Map(entries) => {
                    entries.iter_mut().find(|entry| entry.key == *step).map(|entry| &mut entry.value)
                }
                _ => None,
            }
            .ok_or_else(|| Finding::error("PATCH_PATH", self.span, format!("`{}` leads nowhere", shown(self.text))))?;
        }
        Ok(node)
    }

    /// Whether this path leads to a part of what `other` leads to.
    pub(super) fn is_inside(&self, other: &Pointer<'_>) -> bool {
        self.steps.len() > other.steps.len() && self.steps.starts_with(&other.steps)
    }
}

fn child<'n>(node: &'n Node, step: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Map(_) => node.get(step),
        Value::List(items) => items.get(index(step)?),
        _ => None,
    }
}

/// RFC 6901, 4: digits without leading zeros.
pub(super) fn index(step: &str) -> Option<usize> {
    let digits = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (step == "0" || !step.starts_with('0')) { step.parse().ok() } else { None }
}

/// The finding that a path ends at step `at`, since `node` has no such part: how far it goes, and what is near.
pub(super) fn missing(pointer: &Pointer<'_>, at: usize, node: &Node) -> Finding {
    let step = &pointer.steps[at];
    let prefix: String =
        pointer.steps[..at].iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
    let reached = if prefix.is_empty() { "the document".to_owned() } else { format!("`{}`", shown(&prefix)) };
    let message = match &node.value {
        Value::List(items) if step == "-" => {
            format!(
                "`-` is the place after the last of {reached}, and nothing stands there: it has {} items",
                items.len()
            )
        }
        Value::List(items) => {
            format!("{reached} has {} items, and no item `{}`, counted from 0", items.len(), shown(step))
        }
        Value::Map(_) => format!("{reached} has no `{}`", shown(step)),
        _ => format!("{reached} is {}, and has no `{}`", node.kind(), shown(step)),
    };
    let keys = node.entries().iter().map(|entry| &*entry.key);
    Finding::error("PATCH_PATH", pointer.span, message).suggest(step, keys)
}
