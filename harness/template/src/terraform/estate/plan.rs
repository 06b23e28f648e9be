//! The instances of a plan: `resource_changes`, which has all that Terraform manages, and what is nowhere but elsewhere.

use std::collections::BTreeSet;

use source::{Finding, Node, Severity, Value};

use super::{Instance, Sensitive, state};
use crate::shape::shown;
use crate::terraform::address;

pub(super) fn instances<'a>(tree: &'a Node, findings: &mut Vec<Finding>) -> Vec<Instance<'a>> {
    incomplete(tree, findings);
    let changes = tree.get("resource_changes").map(Node::items).unwrap_or_default();
    let deferred = tree.get("deferred_changes").map(Node::items).unwrap_or_default();
    let mut all = Vec::new();
    for change in changes {
        all.extend(instance(change, findings));
    }
    for one in deferred.iter().filter_map(|deferred| deferred.get("resource_change")) {
        let Some(one) = instance(one, findings) else { continue };
        let message = format!("Terraform puts off `{}` to a later plan", one.shown());
        let finding = Finding::new(Severity::Warning, "TERRAFORM_DEFERRED", one.span, message);
        findings.push(finding.help("what it will be is not all known; make another plan after this one is applied"));
        all.push(one);
    }
    // Data sources that are read already, and with -target what is not a target, stand in the state before the plan.
    // What is planned to be there, and is no change, stands in plans that somebody has cut.
    let known: BTreeSet<_> =
        changes.iter().chain(deferred).filter_map(|change| change.get("address")?.text()).collect();
    let before = state::instances(tree.get("prior_state").and_then(|state| state.get("values")));
    let planned = match changes.is_empty() {
        true => state::instances(tree.get("planned_values")).into_iter().map(cut).collect(),
        false => Vec::new(),
    };
    let mut seen: BTreeSet<_> = all.iter().map(|one| one.address.clone()).collect();
    for one in planned.into_iter().chain(before) {
        if !known.contains(one.address.as_str()) && seen.insert(one.address.clone()) {
            all.push(one);
        }
    }
    all
}

/// A value in `planned_values` is absent or null where it is known only after apply.
const fn cut(mut one: Instance<'_>) -> Instance<'_> {
    one.hides_unknown = true;
    one
}

/// A plan that is not whole says nothing of what is missing.
fn incomplete(tree: &Node, findings: &mut Vec<Finding>) {
    let is = |key: &str, wanted: bool| tree.get(key).is_some_and(|node| node.value == Value::Bool(wanted));
    let place = |key: &str| tree.get(key).map_or(tree.span, |node| node.span);
    if is("errored", true) {
        let message = "Terraform stopped with an error while it made this plan, so that resources are missing from it";
        let finding = Finding::error("TERRAFORM_INCOMPLETE", place("errored"), message);
        findings.push(finding.help("make the plan without errors, then write it with `terraform show -json PLANFILE`"));
    } else if is("complete", false) {
        let message = "this plan is not complete: `-target` or deferred changes leave resources out of it";
        let finding = Finding::new(Severity::Warning, "TERRAFORM_INCOMPLETE", place("complete"), message);
        findings.push(finding.help("policies and tags that are left out are not looked at; plan without `-target`"));
    }
}

/// What is deleted or replaced, as it was.
pub(super) fn gone(tree: &Node) -> Vec<Instance<'_>> {
    let changes = tree.get("resource_changes").map(Node::items).unwrap_or_default();
    let is_deleted = |change: &&Node| {
        let actions = change.get("change").and_then(|body| body.get("actions")).map(Node::items).unwrap_or_default();
        actions.iter().any(|action| action.text() == Some("delete"))
    };
    let deleted = changes.iter().filter(is_deleted);
    deleted.filter_map(|change| described(change, change.get("change")?.get("before")?)).collect()
}

/// What one change leaves; `None` where that is nothing.
fn instance<'a>(change: &'a Node, findings: &mut Vec<Finding>) -> Option<Instance<'a>> {
    let address = change.get("address")?;
    let body = change.get("change")?;
    // The object that a replacement has left over is the old one.
    if change.get("deposed").is_some_and(|node| node.value != Value::Null) {
        return None;
    }
    let actions: Vec<_> =
        body.get("actions").map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
    let forgets = actions.contains(&"forget");
    if forgets {
        findings.push(forgotten(address, actions.len() > 1));
    }
    let is_gone = actions == ["delete"];
    let only_forgets = forgets && actions.len() == 1;
    let (values, unknown, sensitive) = match only_forgets {
        true => (body.get("before"), None, body.get("before_sensitive")),
        false => (body.get("after"), body.get("after_unknown"), body.get("after_sensitive")),
    };
    let mut instance = described(change, values.filter(|_| !is_gone)?)?;
    instance.unknown = unknown;
    instance.hides_unknown = unknown.is_none() && !only_forgets;
    instance.sensitive = Sensitive::Shape(sensitive);
    Some(instance)
}

/// A change with certain values.
fn described<'a>(change: &'a Node, values: &'a Node) -> Option<Instance<'a>> {
    let address = change.get("address")?;
    let text = |key: &str| change.get(key).and_then(Node::text);
    Some(Instance {
        address: address.text()?.to_owned(),
        span: address.span,
        module: address::module(text("module_address").unwrap_or_default()),
        is_data: text("mode") == Some("data"),
        resource_type: text("type")?,
        name: text("name")?,
        key: text("index").map(str::to_owned),
        provider: text("provider_name"),
        values: Some(values).filter(|values| matches!(values.value, Value::Map(_)))?,
        unknown: None,
        hides_unknown: false,
        sensitive: Sensitive::Shape(None),
        block: None,
        depends_on: Vec::new(),
    })
}

/// A `removed` block with `destroy = false`: it stays in AWS.
/// developer.hashicorp.com/terraform/language/block/removed
fn forgotten(address: &Node, is_replaced: bool) -> Finding {
    let shown = shown(address.text().unwrap_or_default());
    let (message, help) = match is_replaced {
        true => (
            format!("Terraform forgets what `{shown}` was, which stays in AWS beside the new one"),
            "policies of the old one are not looked at; delete it, or look at it apart",
        ),
        false => (
            format!("Terraform forgets `{shown}`, which stays in AWS as it is"),
            "its last known policies and tags count; nobody keeps them so after this plan",
        ),
    };
    Finding::new(Severity::Warning, "TERRAFORM_FORGOTTEN", address.span, message).help(help)
}
