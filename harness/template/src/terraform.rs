//! Terraform's and OpenTofu's JSON as a template in CloudFormation's form, so that everything after it is the same.
//!
//! [`template`] takes the tree of what `terraform show -json` writes of a plan or a state, or of a state file itself, and gives a
//! tree with `Resources`: the addresses are the logical ids, types and properties are CloudFormation's. Values that are known only
//! after apply are references to the resource that has them, so that they are made up and told as any others. Whatever cannot be
//! read so is said, with its address.
//!
//! developer.hashicorp.com/terraform/internals/json-format

pub(crate) mod address;
mod configuration;
mod containers;
mod document;
mod draft;
mod estate;
mod foreign;
mod links;
mod parts;
mod place;
mod policies;
mod reader;
mod reference;
mod resource;
mod tags;
mod tree;
mod types;
mod written;

use std::collections::BTreeSet;

use source::{Entry, FileId, Finding, Node, Span, Value};

use crate::shape::{MAX_FINDINGS, shown};
pub(crate) use place::Place;
use reader::Reader;
use tree::{entry, map};

/// The byte order mark.
const MARK: char = '\u{feff}';

/// Words of which a text in Terraform's JSON has one.
const WORDS: [&str; 4] = ["\"format_version\"", "\"terraform_version\"", "\"planned_values\"", "\"resource_changes\""];

/// Reads a text that is Terraform's JSON, and gives it in CloudFormation's form with everything there is to say; `None` for any
/// other text.
#[must_use]
pub fn read(file: FileId, text: &str) -> Option<(Option<Node>, Vec<Finding>)> {
    let start = text.len() - text.trim_start_matches(MARK).trim_start().len();
    if !text[start..].starts_with('{') {
        return None;
    }
    let first = text[start..].lines().next().unwrap_or_default();
    if first.contains("\"@level\"") && first.contains("\"@message\"") {
        let place = Span::new(file, start as u32, (start + first.len()) as u32);
        let message = "this is the log of `terraform plan -json`, which has no values of resources";
        let finding = Finding::error("TERRAFORM_LOG", place, message);
        let help = "write the plan to a file with `terraform plan -out PLANFILE`, then give what `terraform show -json PLANFILE` writes";
        return Some((None, vec![finding.help(help)]));
    }
    if !WORDS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let (tree, mut findings) = source::json::read(file, text);
    // What writes a byte order mark means nothing by it.
    findings.retain(|finding| !(text.starts_with(MARK) && finding.code == "JSON_SYNTAX" && finding.span.start == 0));
    match tree {
        Some(tree) if is_terraform(&tree) => {
            let (template, more) = template(&tree);
            findings.extend(more);
            Some((template, findings))
        }
        _ => None,
    }
}

/// Whether a tree is a plan or a state of Terraform or OpenTofu.
#[must_use]
pub fn is_terraform(tree: &Node) -> bool {
    let has = |key: &str| tree.get(key).is_some();
    let is_file = tree.get("version").and_then(Node::text) == Some("4") && has("terraform_version") && has("resources");
    let is_shown = has("format_version") && (has("values") || has("terraform_version"));
    !has("Resources") && (is_plan(tree) || is_shown || is_file)
}

fn is_plan(tree: &Node) -> bool {
    tree.get("planned_values").is_some() || tree.get("resource_changes").is_some()
}

/// A plan or a state in CloudFormation's form, as far as it can be given, and everything there is to say about it.
///
/// Every policy is in the tree, or a finding names its address. A value that Terraform marks sensitive is in no finding.
#[must_use]
pub fn template(tree: &Node) -> (Option<Node>, Vec<Finding>) {
    if let Some(finding) = other_version(tree) {
        return (None, vec![finding]);
    }
    let mut findings = Vec::new();
    let estate = estate::read(tree, &mut findings);
    let mut reader = Reader::new(&estate, findings);
    let mut resources = Vec::new();
    for instance in estate.instances.iter().filter(|one| !one.is_data) {
        if reader.is_elsewhere(instance)
            || parts::PARTS.contains(&instance.resource_type) && reader.is_part_of_something(instance)
        {
            continue;
        }
        resources.extend(reader.resources(instance));
    }
    reader.check_exclusive();
    reader.say_replaced();
    keep_known_dependencies(&mut resources);
    let root = template_of(resources, &reader.place, tree.span);
    let mut findings = reader.findings;
    findings.sort_by_key(|finding| (finding.severity, finding.span.start));
    findings.dedup();
    findings.truncate(MAX_FINDINGS);
    (Some(root), findings)
}

/// Only the first number tells of changes that must be known.
fn other_version(tree: &Node) -> Option<Finding> {
    let node = tree.get("format_version")?;
    let major = node.text().unwrap_or_default().split('.').next().unwrap_or_default();
    if ["0", "1"].contains(&major) {
        return None;
    }
    let message = format!("this is version `{}` of Terraform's JSON", shown(node.text().unwrap_or_default()));
    Some(Finding::error("TERRAFORM_VERSION", node.span, message).help("versions 0 and 1 are read"))
}

/// What was not made into a resource nothing can depend on.
fn keep_known_dependencies(resources: &mut [Entry]) {
    let known: BTreeSet<String> = resources.iter().map(|resource| resource.key.clone()).collect();
    for resource in resources {
        let own = resource.key.clone();
        let Value::Map(entries) = &mut resource.value.value else { continue };
        for entry in entries.iter_mut().filter(|entry| entry.key == "DependsOn") {
            if let Value::List(items) = &mut entry.value.value {
                items.retain(|item| item.text().is_some_and(|name| known.contains(name) && name != own));
            }
        }
        entries.retain(|entry| entry.key != "DependsOn" || !entry.value.items().is_empty());
    }
}

/// The tree. It says in `Metadata` what it was made of, by a value that no text gives: a number without digits.
fn template_of(resources: Vec<Entry>, place: &Place, span: Span) -> Node {
    let text = |key: &str, value: &String| entry(key, crate::shape::text_node(value, span));
    let mut told = vec![entry(ORIGIN, Node::new(Value::Number(String::new()), span))];
    told.extend(place.account.as_ref().map(|account| text("Account", account)));
    told.extend(place.region.as_ref().map(|region| text("Region", region)));
    let metadata = tree::one("Terraform", map(told, span));
    map(vec![entry("Metadata", metadata), entry("Resources", map(resources, span))], span)
}

const ORIGIN: &str = "Origin";

/// A finding about something in a tree made by [`template`], with the address that it is about; any other as it is.
#[must_use]
pub fn placed(template: &Node, mut finding: Finding) -> Finding {
    let resources = template.get("Resources").filter(|_| told(template, ORIGIN).is_some());
    let is_about = |resource: &&Entry| covers(&resource.value, finding.span);
    let about = resources.and_then(|resources| resources.entries().iter().find(is_about));
    if let Some(Entry { key, .. }) = about.filter(|about| !finding.message.contains(&about.key)) {
        finding.message = format!("`{key}`: {}", finding.message);
    }
    finding
}

/// Whether a part of a tree stands where a span is, or around it.
fn covers(node: &Node, span: Span) -> bool {
    let own = node.span;
    own.file == span.file && own.start <= span.start && span.end <= own.end
        || node.items().iter().any(|item| covers(item, span))
        || node.entries().iter().any(|entry| covers(&entry.value, span))
}

/// The account that a tree made by [`template`] is of, if Terraform tells it.
#[must_use]
pub fn account(template: &Node) -> Option<&str> {
    told(template, "Account")
}

/// The region that a tree made by [`template`] is of, if Terraform tells it.
#[must_use]
pub fn region(template: &Node) -> Option<&str> {
    told(template, "Region")
}

fn told<'n>(template: &'n Node, key: &str) -> Option<&'n str> {
    let told = template.get("Metadata")?.get("Terraform")?;
    (told.get(ORIGIN)?.value == Value::Number(String::new())).then_some(told)?.get(key)?.text()
}

/// Where what a tree describes is, if the tree was made by [`template`].
pub(crate) fn place_of(root: &Node) -> Option<Place> {
    told(root, ORIGIN)?;
    Some(Place { account: account(root).map(str::to_owned), region: region(root).map(str::to_owned) })
}
