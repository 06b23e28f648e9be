//! How to write what has the wrong shape.

use source::{Node, Value as Tree};

/// The same content in the shape that is wanted, if it is plain what was meant.
pub(super) fn right(node: &Node, wanted: &str) -> Option<String> {
    match (wanted, &node.value) {
        ("a mapping", Tree::List(items)) => items.first().and_then(named),
        ("a list", Tree::Map(_)) => Some("[{…}]".to_owned()),
        ("a list", _) => node.text().filter(|text| !text.is_empty()).map(|text| format!("[{}]", scalar(text))),
        ("text", Tree::List(items)) => match items.as_slice() {
            [only] => only.text().map(scalar),
            _ => None,
        },
        _ => None,
    }
}

/// A mapping of names in the place of a list: of names, of tags as AWS lists them, of policies as templates have them.
fn named(item: &Node) -> Option<String> {
    let member = |key: &str| item.get(key).and_then(Node::text).map(scalar);
    match &item.value {
        Tree::Map(_) => Some(match (member("Key"), member("Value"), member("PolicyName")) {
            (Some(key), Some(value), _) => format!("{{{key}: {value}}}"),
            (_, _, Some(name)) => format!("{{{name}: …}}"),
            _ => "{NAME: …}".to_owned(),
        }),
        _ => item.text().map(|name| format!("{{{}: {{}}}}", scalar(name))),
    }
}

/// A text as it stands in a mapping in braces; a long one is left out.
pub(crate) fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./+ ".contains(c);
    match text {
        text if text.chars().count() > 60 || text.contains(char::is_control) => "…".to_owned(),
        text if text.chars().all(is_plain) && text.trim() == text => text.to_owned(),
        text => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}
