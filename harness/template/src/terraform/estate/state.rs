//! The instances of a state: what `terraform show -json` writes of it, and the file itself.

use std::collections::BTreeSet;

use source::{Node, Value};

use super::{Instance, Sensitive};
use crate::terraform::address;

/// Modules may be this deep in each other; a tree is no deeper than its reader allows.
const DEEPEST: usize = 64;

/// All of `values`: those of the root module and of the modules in it.
pub(super) fn instances(values: Option<&Node>) -> Vec<Instance<'_>> {
    let mut all = Vec::new();
    if let Some(root) = values.and_then(|values| values.get("root_module")) {
        of_module(root, "", &mut all, 0);
    }
    all
}

fn of_module<'a>(module: &'a Node, path: &str, all: &mut Vec<Instance<'a>>, depth: usize) {
    let resources = module.get("resources").map(Node::items).unwrap_or_default();
    all.extend(resources.iter().filter_map(|resource| instance(resource, path)));
    if depth == DEEPEST {
        return;
    }
    for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
        of_module(child, child.get("address").and_then(Node::text).unwrap_or_default(), all, depth + 1);
    }
}

fn instance<'a>(resource: &'a Node, module: &str) -> Option<Instance<'a>> {
    let text = |key: &str| resource.get(key).and_then(Node::text);
    let address = resource.get("address")?;
    let is_left_over = resource.get("deposed_key").is_some_and(|node| node.value != Value::Null);
    let values = resource.get("values").filter(|node| !is_left_over && matches!(node.value, Value::Map(_)))?;
    Some(Instance {
        // Before Terraform 0.13 an address in a module was that inside of it.
        address: match address.text()? {
            own if module.is_empty() || own.starts_with("module.") => own.to_owned(),
            own => format!("{module}.{own}"),
        },
        span: address.span,
        module: address::module(module),
        is_data: text("mode") == Some("data"),
        resource_type: text("type")?,
        name: text("name")?,
        key: text("index").map(str::to_owned),
        provider: text("provider_name"),
        values,
        unknown: None,
        hides_unknown: false,
        sensitive: Sensitive::Shape(resource.get("sensitive_values")),
        block: None,
        depends_on: depends_on(resource.get("depends_on")),
    })
}

fn depends_on(node: Option<&Node>) -> Vec<&str> {
    node.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect()
}

/// All of a state file, version 4.
pub(super) fn of_file(tree: &Node) -> Vec<Instance<'_>> {
    let resources = tree.get("resources").map(Node::items).unwrap_or_default();
    resources.iter().flat_map(of_resource).collect()
}

fn of_resource(resource: &Node) -> Vec<Instance<'_>> {
    let text = |key: &str| resource.get(key).and_then(Node::text);
    let (Some(resource_type), Some(name)) = (text("type"), text("name")) else { return Vec::new() };
    let module = text("module").unwrap_or_default();
    let is_data = text("mode") == Some("data");
    let span = resource.get("name").map_or(resource.span, |node| node.span);
    let instances = resource.get("instances").map(Node::items).unwrap_or_default();
    let one = |instance: &'_ Node| instance.get("deposed").is_none_or(|node| node.value == Value::Null);
    let present = instances.iter().filter(|instance| one(instance));
    let read = present.filter_map(|instance| {
        let key = instance.get("index_key").filter(|key| key.value != Value::Null);
        let index = key.map(|key| match (&key.value, key.text()) {
            (Value::String(text), _) => format!("[{}]", serde_json::Value::String(text.clone())),
            (_, text) => format!("[{}]", text.unwrap_or_default()),
        });
        let parts = [module, if is_data { "data" } else { "" }, resource_type, name];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Some(Instance {
            address: parts.join(".") + &index.unwrap_or_default(),
            span,
            module: address::module(module),
            is_data,
            resource_type,
            name,
            key: key.and_then(Node::text).map(str::to_owned),
            provider: text("provider"),
            values: instance.get("attributes").filter(|node| matches!(node.value, Value::Map(_)))?,
            unknown: None,
            hides_unknown: false,
            sensitive: Sensitive::Names(sensitive(instance)),
            block: None,
            depends_on: depends_on(instance.get("dependencies")),
        })
    });
    read.collect()
}

/// The first attribute of each path: `[[{"type": "get_attr", "value": "password"}]]`.
fn sensitive(instance: &Node) -> BTreeSet<&str> {
    let paths = instance.get("sensitive_attributes").map(Node::items).unwrap_or_default();
    // Older ones are lists of paths, newer ones lists of steps; a lone step is a path as well.
    paths.iter().filter_map(|path| path.items().first().unwrap_or(path).get("value")?.text()).collect()
}
