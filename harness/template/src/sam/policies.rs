//! `Policies` of a function or a state machine: names and ARNs of managed policies, documents, policy templates.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html

use source::{Finding, Node, Value};

use super::build::{At, placed};
use super::intrinsic::{choice, is_call, is_no_value};
use super::{data, managed};
use crate::shape::shown;

const PAGE: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/\
                    serverless-policy-template-list.html";

/// What an entry of `Policies` comes to.
#[derive(Debug)]
pub(super) enum Policy {
    /// An ARN, or a function that gives one.
    Managed(Node),
    /// A document; under a condition, `Fn::If` of documents.
    Inline(Node),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Managed,
    Document,
    Template,
}

/// Reads `Policies`: each entry with its index, which the names of inline policies have.
pub(super) fn read(node: &Node, partition: &str, findings: &mut Vec<Finding>) -> Vec<(usize, Policy)> {
    let entries = match &node.value {
        Value::List(items) => &items[..],
        Value::Null => &[],
        Value::Map(entries) if entries.is_empty() => &[],
        Value::String(text) if text.is_empty() => &[],
        _ => std::slice::from_ref(node),
    };
    let mut read = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match kind(entry) {
            Some(Kind::Managed) => read.push((index, Policy::Managed(managed(entry, partition)))),
            Some(Kind::Document) => read.push((index, Policy::Inline(entry.clone()))),
            Some(Kind::Template) => read.push((index, Policy::Inline(templated(entry, findings)))),
            None => findings.push(unknown(entry)),
        }
    }
    read
}

/// What an entry is; `None`: nothing that SAM takes.
fn kind(policy: &Node) -> Option<Kind> {
    if let Some(choice) = choice(policy) {
        return match (kind(choice.then), kind(choice.otherwise)) {
            (then, otherwise) if then == otherwise => then,
            (_, otherwise) if is_no_value(choice.then) => otherwise,
            (then, _) if is_no_value(choice.otherwise) => then,
            _ => None,
        };
    }
    match &policy.value {
        Value::String(_) => Some(Kind::Managed),
        Value::Map(_) if is_call(policy) => Some(Kind::Managed),
        Value::Map(_) if policy.get("Statement").is_some() => Some(Kind::Document),
        Value::Map(entries) if entries.len() == 1 => data::policy_template(&entries[0].key).map(|_| Kind::Template),
        _ => None,
    }
}

fn unknown(policy: &Node) -> Finding {
    if choice(policy).is_some() {
        let message = "both branches of `Fn::If` in `Policies` must be of one kind";
        let finding = Finding::error("SAM_POLICY", policy.span, message);
        return finding.help("write one `Fn::If` for each kind, with `!Ref AWS::NoValue` in the other branch");
    }
    let [entry] = policy.entries() else {
        let message = format!("an entry of `Policies` cannot be {}", policy.kind());
        let finding = Finding::error("SAM_POLICY", policy.span, message);
        return finding.help("write the name or ARN of a managed policy, a policy document, or a policy template");
    };
    let message = format!("SAM has no policy template `{}`", shown(&entry.key));
    let finding = Finding::error("SAM_POLICY_TEMPLATE", entry.key_span, message).see(PAGE);
    finding.suggest(&entry.key, data::policy_templates())
}

fn managed(policy: &Node, partition: &str) -> Node {
    let at = At(policy.span);
    match (choice(policy), policy.text()) {
        (Some(choice), _) => {
            let branch = |node: &Node| match node.text() {
                Some(name) => At(node.span).text(managed::arn(name, partition)),
                None => node.clone(),
            };
            at.choose(choice.condition, branch(choice.then), branch(choice.otherwise))
        }
        (None, Some(name)) => at.text(managed::arn(name, partition)),
        (None, None) => policy.clone(),
    }
}

/// The document of a policy template, with the values of its parameters.
fn templated(policy: &Node, findings: &mut Vec<Finding>) -> Node {
    if let Some(choice) = choice(policy) {
        let mut branch = |node: &Node| if is_no_value(node) { node.clone() } else { templated(node, findings) };
        let (then, otherwise) = (branch(choice.then), branch(choice.otherwise));
        return At(policy.span).choose(choice.condition, then, otherwise);
    }
    let [entry] = policy.entries() else { return policy.clone() };
    let Some(template) = data::policy_template(&entry.key) else { return policy.clone() };
    let missing: Vec<_> = template
        .get("Parameters")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::text)
        .filter(|name| entry.value.get(name).is_none())
        .collect();
    if !missing.is_empty() {
        let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("the policy template `{}` needs {names}", entry.key);
        findings.push(Finding::error("SAM_POLICY_TEMPLATE", entry.key_span, message).see(PAGE));
    }
    let at = At(entry.key_span);
    match template.get("Definition") {
        Some(definition) => filled(&placed(definition, at), &entry.value),
        None => policy.clone(),
    }
}

/// `Ref` to a parameter of a policy template is its value.
fn filled(node: &Node, values: &Node) -> Node {
    if let [entry] = node.entries()
        && entry.key == "Ref"
        && let Some(value) = entry.value.text().and_then(|name| values.get(name))
    {
        return value.clone();
    }
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| filled(item, values)).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| source::Entry { value: filled(&entry.value, values), ..entry.clone() })
                .collect(),
        ),
        scalar => scalar.clone(),
    };
    Node::new(value, node.span)
}
