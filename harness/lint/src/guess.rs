//! What a policy without surroundings is probably attached to.

use policy::Kind;
use source::{Node, Value};

/// With a principal and STS actions only, a trust policy; with a principal otherwise, a resource's policy; else an
/// identity-based one.
#[must_use]
pub fn guess(node: &Node) -> Kind {
    let statements = match node.get("Statement").map(|node| (node, &node.value)) {
        Some((_, Value::List(items))) => items.as_slice(),
        Some((node, _)) => std::slice::from_ref(node),
        None => &[],
    };
    let has_principal =
        |statement: &Node| statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some();
    if !statements.iter().any(has_principal) {
        return Kind::Identity;
    }
    let actions = statements.iter().filter_map(|statement| statement.get("Action"));
    let texts = actions.flat_map(|node| node.text().into_iter().chain(node.items().iter().filter_map(Node::text)));
    let mut texts = texts.peekable();
    let has_resource = statements.iter().any(|statement| statement.get("Resource").is_some());
    let is_trust = texts.peek().is_some() && texts.all(|text| text.to_ascii_lowercase().starts_with("sts:"));
    if is_trust && !has_resource { Kind::Trust } else { Kind::Resource }
}
