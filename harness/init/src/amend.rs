//! Made-up values that a template does not take: another one is tried.

use matrix::plan::Environment;
use source::{Finding, Node, Sources, Span};

use crate::requests::whole;
use crate::subject::{expand, texts};

/// So far up from a fault a value is looked for that it may come of.
const FARTHEST: usize = 5;
/// As many parts as a text is split into at most.
const PARTS: usize = 6;

/// Parameters and exports that errors are about and whose values nobody has given, each with a value that may do. A default
/// such as `YOUR_ARN` is none.
pub(crate) fn amended(
    environment: &Environment,
    sources: &Sources,
    findings: &[Finding],
    given: &[(String, String)],
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for finding in findings.iter().filter(|finding| finding.is_error()) {
        let text = sources.get(finding.span.file).map(source::Source::text).unwrap_or_default();
        let Some(tree) = source::yaml::read(finding.span.file, text).0 else { continue };
        let around = around(&tree, finding.span);
        let is_open = |name: &String| {
            let is_parameter = tree.get("Parameters").is_some_and(|parameters| parameters.get(name).is_some());
            (is_parameter || tree.get("Resources").and_then(|resources| resources.get(name)).is_none())
                && given.iter().all(|(known, _)| known != name)
        };
        let named = around.iter().rev().take(FARTHEST).map(|node| names(node)).find(|names| names.iter().any(is_open));
        for name in named.unwrap_or_default().into_iter().filter(is_open) {
            let value = match finding.code {
                "INDEX_OUT_OF_RANGE" => parts(&around),
                "NOT_IN_MAP" => key(&tree, &around, &name),
                code if code.starts_with("INVALID_") => arn(environment, &around),
                _ => None,
            };
            all.extend(value.map(|value| (name, value)));
        }
    }
    all
}

/// The nodes that a place is in, the outermost first.
fn around(tree: &Node, place: Span) -> Vec<&Node> {
    let mut all = vec![tree];
    let mut node = tree;
    let covers = |node: &&Node| node.span.start <= place.start && place.end <= node.span.end;
    loop {
        let mut below = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
        let Some(next) = below.find(covers) else { return all };
        all.push(next);
        node = next;
    }
}

/// The parameters and exports that a part of a template names.
fn names(node: &Node) -> Vec<String> {
    let mut all = Vec::new();
    for entry in node.entries() {
        match (entry.key.as_str(), entry.value.text()) {
            ("Ref" | "Fn::ImportValue", Some(name)) => all.push(name.to_owned()),
            ("Fn::Sub", _) => {
                let text = entry.value.text().or_else(|| entry.value.items().first()?.text()).unwrap_or_default();
                all.extend(lint::variables(text).map(str::to_owned));
                all.extend(entry.value.items().iter().flat_map(names));
            }
            _ => all.extend(names(&entry.value)),
        }
    }
    all.extend(node.items().iter().flat_map(names));
    all
}

/// A text that all functions around can split: `x.x.x`, `x-x.x-x`.
fn parts(around: &[&Node]) -> Option<String> {
    let select = around.iter().rev().find(|node| node.get("Fn::Select").is_some())?;
    let mut delimiters = Vec::new();
    let mut open = vec![*select];
    while let Some(node) = open.pop() {
        let split = node.get("Fn::Split").and_then(|split| split.items().first()?.text());
        delimiters.extend(split.filter(|delimiter| !delimiters.contains(delimiter)));
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    let repeated = |text: String, delimiter: &&str| vec![text; PARTS].join(delimiter);
    Some(delimiters.iter().fold("x".to_owned(), repeated)).filter(|_| !delimiters.is_empty())
}

/// A key of the mapping that is looked into.
fn key(tree: &Node, around: &[&Node], name: &str) -> Option<String> {
    let find = around.iter().rev().find_map(|node| node.get("Fn::FindInMap"))?;
    let [map, first, second, ..] = find.items() else { return None };
    let mapping = tree.get("Mappings")?.get(map.text()?)?.entries();
    let is_it = |node: &Node| names(node).iter().any(|one| one == name);
    match (is_it(first), is_it(second)) {
        (true, _) => Some(mapping.first()?.key.clone()),
        (_, true) => Some(mapping.first()?.value.entries().first()?.key.clone()),
        _ => None,
    }
}

/// An ARN that the actions of the statement around can be about; a role's where there is none.
fn arn(environment: &Environment, around: &[&Node]) -> Option<String> {
    let statement = around.iter().rev().find_map(|node| node.get("Action"));
    let actions = statement.map(|action| expand(&texts(&template::json(action)))).unwrap_or_default();
    let types = actions.iter().flat_map(|action| action.rows().filter_map(catalog::Row::resource_type));
    let mut shapes = types.flat_map(|of| of.wildcards(&environment.partition).collect::<Vec<_>>());
    let found = shapes.find_map(|shape| whole(environment, &shape, "example"));
    found.or_else(|| Some(format!("arn:{}:iam::{}:role/example", environment.partition, environment.account)))
}
