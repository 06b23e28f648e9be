//! `before`: calls that are made first.

use source::Node;

use super::caller::by;
use super::fields::Reader;
use super::request;
use crate::scenario::Step;

/// Reads the calls before something; `names` are all callers'.
pub(super) fn read(reader: &mut Reader, node: Option<&Node>, what: &str, names: &[&str]) -> Vec<Step> {
    let Some(node) = node else { return Vec::new() };
    let what = format!("a call before {what}");
    reader.list(node, "`before`").iter().filter_map(|node| step(reader, node, &what, names)).collect()
}

fn step(reader: &mut Reader, node: &Node, what: &str, names: &[&str]) -> Option<Step> {
    reader.map(node, what);
    let by = node.get("by").map(|node| by(reader, node, names));
    let call = reader.required(&reader.open(node), "call", what)?;
    let (operation, input, names) = request::call(reader, node, call, &["call", "by"])?;
    let by = match by {
        None => None,
        Some(by) => Some(by?),
    };
    Some(Step { by, operation, input, names })
}
