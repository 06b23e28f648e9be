//! Functions that look a value up.

use source::{Entry, Finding, Node, Value};

use super::Call;
use crate::attribute::lacking;
use crate::evaluate::Evaluator;
use crate::references;
use crate::shape::{Text, shown};

pub(super) fn reference(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    match &call.argument.value {
        Value::String(name) | Value::Number(name) => evaluator.value_of(name, call.span),
        _ => {
            evaluator.report(call.wrong("the name of a parameter or a resource"));
            call.broken()
        }
    }
}

pub(super) fn get_att(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    if let Some((resource, attribute)) = get_att_names(evaluator, call) {
        return Some(evaluator.attribute_of(&resource, &attribute, call.span));
    }
    call.broken()
}

/// The attribute's name may be worked out; the resource's may not.
fn get_att_names(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<(String, String)> {
    if let Some((resource, attribute)) = references::get_att(call.argument) {
        return Some((resource.value, attribute.value));
    }
    let [resource, attribute] = call.argument.items() else {
        evaluator.report(call.wrong("`[resource, attribute]` or `resource.attribute`"));
        return None;
    };
    let Some(resource) = resource.text() else {
        evaluator.report(call.wrong("the logical id of a resource as its first item"));
        return None;
    };
    let span = attribute.span;
    let attribute = evaluator.evaluate_text(attribute, "the attribute of `Fn::GetAtt`")?;
    // A name that is worked out is not known where all names are looked at.
    let template = evaluator.template;
    let declared = template.index.get(resource).map(|&at| &template.resources[at]);
    if let Some(finding) = declared.and_then(|declared| lacking(declared, &Text::new(&*attribute, span))) {
        evaluator.report(finding);
    }
    Some((resource.to_owned(), attribute))
}

pub(super) fn choose(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some([name, then, otherwise]) = call.arguments(evaluator, &[3], "`[condition, then, else]`") else {
        return call.broken();
    };
    let Some(text) = name.text() else {
        evaluator.report(call.wrong("the name of a condition as its first item"));
        return call.broken();
    };
    match evaluator.condition(text, name.span) {
        Some(true) => evaluator.evaluate(then),
        Some(false) => evaluator.evaluate(otherwise),
        None => call.broken(),
    }
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
pub(super) fn find_in_map(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let form = "`[map, top-level key, second-level key]`";
    let Some(items) = call.arguments(evaluator, &[3, 4], form) else { return call.broken() };
    let fallback = match items.get(3) {
        None => None,
        Some(node) => {
            let Some(value) = node.get("DefaultValue") else {
                evaluator.report(call.wrong("`{DefaultValue: …}` as its fourth item"));
                return call.broken();
            };
            Some(value)
        }
    };
    let mut names = Vec::new();
    for node in &items[..3] {
        names.push(evaluator.evaluate_text(node, "a key of `Fn::FindInMap`").map(|name| (name, node.span)));
    }
    let Some(names) = names.into_iter().collect::<Option<Vec<_>>>() else { return call.broken() };
    let template = evaluator.template;
    let mut level: &[Entry] = &template.mappings;
    let mut found = None;
    for ((name, span), what) in names.iter().zip(["mapping", "top-level key", "second-level key"]) {
        let Some(entry) = level.iter().find(|entry| entry.key == *name) else {
            if let Some(fallback) = fallback {
                return evaluator.evaluate(fallback);
            }
            let finding = Finding::error("NOT_IN_MAP", *span, format!("there is no {what} `{}`", shown(name)));
            evaluator.report(elsewhere(items, level).map_or_else(
                || finding.clone().suggest(name, level.iter().map(|entry| &*entry.key)),
                |help| finding.clone().help(help),
            ));
            return call.broken();
        };
        level = entry.value.entries();
        found = Some(&entry.value);
    }
    let found = found?;
    // A list may be found again and again, and each time it is a copy.
    if !evaluator.spend(found.text().map_or(found.items().len() * 32, str::len), call.span) {
        return call.broken();
    }
    Some(Node::new(found.value.clone(), call.span))
}

/// What to do where a mapping does not have the region or the account that the stack is made in.
fn elsewhere(items: &[Node], level: &[Entry]) -> Option<String> {
    let pseudo = items.iter().find_map(|item| item.get("Ref")?.text()).filter(|name| name.starts_with("AWS::"))?;
    let known: Vec<_> = level.iter().take(8).map(|entry| format!("`{}`", shown(&entry.key))).collect();
    let first = level.first()?;
    let known = known.join(", ");
    Some(format!(
        "the mapping has {known}: give another value, such as `parameters: {{{pseudo}: {}}}`",
        shown(&first.key)
    ))
}
