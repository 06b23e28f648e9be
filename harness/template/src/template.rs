//! The structure of a template: its sections, and in them what is declared.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html

use std::collections::{HashMap, HashSet};

use source::{Entry, Finding, Node, Span, Value};

use crate::parameter::{self, Parameter};
use crate::shape::{MAX_FINDINGS, Text, must_be, out_of_bounds, shown, text};
use crate::terraform;

/// Sections with the most that CloudFormation takes of each; 0 where it counts nothing.
/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const SECTIONS: &[(&str, usize)] = &[
    ("AWSTemplateFormatVersion", 0),
    ("Description", 0),
    ("Metadata", 0),
    ("Parameters", 200),
    ("Rules", 0),
    ("Mappings", 200),
    ("Conditions", 0),
    ("Transform", 0),
    ("Hooks", 0),
    ("Resources", 500),
    ("Outputs", 200),
];

/// What a resource may have beside its type.
const ATTRIBUTES: &[&str] = &[
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Metadata",
    // No page tells of it, and AWS takes it: CodeStar's own templates have it on every resource, and the CDK's reader of
    // templates keeps it.
    "Description",
];

/// What a custom resource may have beside these: the page's own example has it.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
const VERSION: &str = "Version";

/// A macro that puts something in its place.
pub(crate) const FN_TRANSFORM: &str = "Fn::Transform";

const DELETION_POLICIES: &[&str] = &["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];

/// The transform that gives the functions of `language_extensions`.
pub(crate) const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

const TRANSFORM: &str = "macros run in a real account: give the template as they leave it (`aws cloudformation \
                         get-template --template-stage Processed`)";

/// A template whose structure was read; [`resolve`](crate::resolve) makes a stack of it.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) mappings: Vec<Entry>,
    pub(crate) conditions: Vec<Entry>,
    pub(crate) resources: Vec<Declared>,
    pub(crate) outputs: Vec<Entry>,
    pub(crate) language_extensions: bool,
    /// Sections and transforms that are there and do nothing here, with why.
    pub(crate) unapplied: Vec<(Text, &'static str)>,
    /// Index of a condition by its name.
    pub(crate) condition_index: HashMap<String, usize>,
    /// Index of a resource by its logical id.
    pub(crate) index: HashMap<String, usize>,
    /// Every name of a parameter or a resource, whether it could be read or not.
    pub(crate) declared: HashSet<String>,
    /// Whether there was nothing wrong with the structure.
    pub(crate) sound: bool,
    /// Where it is, if it was made of a plan or a state of Terraform.
    pub(crate) terraform: Option<terraform::Place>,
}

/// A resource as it is declared.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) logical_id: Text,
    pub(crate) resource_type: Text,
    pub(crate) properties: Node,
    pub(crate) condition: Option<Text>,
    pub(crate) depends_on: Vec<Text>,
    pub(crate) deletion_policy: Option<Text>,
    pub(crate) update_replace_policy: Option<Text>,
    /// Where its tree has been made from: the path in the CDK's tree of constructs.
    pub(crate) construct_path: Option<String>,
    /// The file that the CDK or SAM's tools took a property from.
    pub(crate) asset_path: Option<String>,
    pub(crate) deployed: Deployed,
}

/// What Terraform tells of a resource and no property has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deployed {
    /// The ARN, where AWS makes a part of it up.
    pub(crate) arn: Option<String>,
    /// The region, if it is not that of the others.
    pub(crate) region: Option<String>,
    /// What the name that is made up begins with.
    pub(crate) name_prefix: Option<String>,
    /// Whether the tags and all that the ARN is made of are here, though the type is not modelled.
    pub(crate) is_listed: bool,
}

/// Reads the structure of a template; gives what could be read and everything there is to say.
#[must_use]
pub fn read(node: &Node) -> (Option<Template>, Vec<Finding>) {
    let mut findings = Vec::new();
    if !matches!(node.value, Value::Map(_)) {
        findings.push(must_be("a template", "a mapping with `Resources`", node));
        return (None, findings);
    }
    if let Some(finding) = out_of_bounds(node) {
        return (None, vec![finding]);
    }
    let terraform = terraform::place_of(node);
    let mut template = Reader { root: node, findings: &mut findings, is_terraform: terraform.is_some() }.template();
    if let Some(template) = &mut template {
        template.sound = !findings.iter().any(Finding::is_error);
        template.terraform = terraform;
    }
    findings.truncate(MAX_FINDINGS);
    (template, findings)
}

/// What values can be worked out from before the resources are known: parameters, mappings and conditions. What is wrong with
/// them is said by [`read`].
pub(crate) fn surroundings(root: &Node) -> Template {
    Reader { root, findings: &mut Vec::new(), is_terraform: terraform::place_of(root).is_some() }.surroundings()
}

/// The names of the transforms that a template asks for.
pub(crate) fn transforms(root: &Node) -> impl Iterator<Item = (&str, Span)> {
    let node = root.get("Transform");
    let nodes = node.map(|node| match &node.value {
        Value::List(items) => &items[..],
        _ => std::slice::from_ref(node),
    });
    nodes.unwrap_or_default().iter().filter_map(|node| Some((node.get("Name").unwrap_or(node).text()?, node.span)))
}

/// Whether a template asks for the functions of AWS::LanguageExtensions.
pub(crate) fn has_language_extensions(root: &Node) -> bool {
    transforms(root).any(|(name, _)| name == LANGUAGE_EXTENSIONS)
}

struct Reader<'a> {
    root: &'a Node,
    findings: &'a mut Vec<Finding>,
    /// Whether the logical ids are addresses of Terraform's, and as many as there are.
    is_terraform: bool,
}

impl<'a> Reader<'a> {
    fn template(&mut self) -> Option<Template> {
        self.sections();
        self.version();
        self.transform();
        let surroundings = self.surroundings();
        let resources: Vec<_> =
            self.section("Resources").into_iter().filter_map(|entry| self.resource(entry)).collect();
        if self.root.get("Resources").is_none() {
            let finding = Finding::error("NO_RESOURCES", self.root.span, "the template has no `Resources`");
            self.findings.push(finding.help("add `Resources:` with at least one resource"));
            return None;
        }
        let outputs = self.section("Outputs").into_iter().cloned().collect();
        let unapplied = self.unapplied();
        let index = resources.iter().enumerate().map(|(at, found)| (found.logical_id.value.clone(), at)).collect();
        Some(Template { resources, outputs, unapplied, index, ..surroundings })
    }

    fn surroundings(&mut self) -> Template {
        let parameters = self.section("Parameters");
        let parameters = parameters.into_iter().filter_map(|entry| parameter::read(entry, self.findings)).collect();
        let mappings = self.mappings();
        let conditions: Vec<Entry> = self.section("Conditions").into_iter().cloned().collect();
        let names = |section| self.root.get(section).map_or(&[][..], Node::entries).iter();
        let declared = names("Parameters").chain(names("Resources")).map(|entry| entry.key.clone()).collect();
        let condition_index = conditions.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        Template {
            sound: true,
            condition_index,
            parameters,
            mappings,
            conditions,
            language_extensions: has_language_extensions(self.root),
            declared,
            ..Template::default()
        }
    }

    fn sections(&mut self) {
        for entry in self.root.entries().iter().take(MAX_FINDINGS) {
            let Some((_, most)) = SECTIONS.iter().find(|(name, _)| *name == entry.key) else {
                let message = format!("a template has no section `{}`", shown(&entry.key));
                let finding = Finding::error("UNKNOWN_SECTION", entry.key_span, message);
                self.findings.push(finding.suggest(&entry.key, SECTIONS.iter().map(|(name, _)| *name)));
                continue;
            };
            let count = entry.value.entries().len();
            if *most > 0 && count > *most && !self.is_terraform {
                let message = format!("`{}` has {count} entries, and a template may have {most}", entry.key);
                self.findings.push(Finding::error("TOO_MANY", entry.key_span, message));
            }
        }
    }

    fn version(&mut self) {
        let Some(node) = self.root.get("AWSTemplateFormatVersion") else { return };
        if node.text() != Some("2010-09-09") {
            let message = "the only version of the template format is `2010-09-09`";
            self.findings.push(Finding::error("FORMAT_VERSION", node.span, message).help("write `2010-09-09`"));
        }
    }

    /// The entries of a section that must be a mapping of named things, cut to what a template may have.
    fn section(&mut self, name: &str) -> Vec<&'a Entry> {
        let root = self.root;
        let Some(node) = root.get(name) else { return Vec::new() };
        if !matches!(node.value, Value::Map(_)) {
            // A macro may stand for the whole of it.
            self.findings.push(must_be(&format!("`{name}`"), "a mapping", node));
            return Vec::new();
        }
        // What a macro makes is not known; that it is left out is told with all that is.
        let entries = node.entries().iter().filter(|entry| entry.key != FN_TRANSFORM);
        for entry in entries.clone() {
            let plain = !entry.key.is_empty() && entry.key.chars().all(|c| c.is_ascii_alphanumeric());
            // Names of mappings and conditions are looser: AWS's pages limit those of resources, parameters and outputs alone.
            if !plain && !["Mappings", "Conditions"].contains(&name) && !self.is_terraform {
                let message = format!("`{}` is no name: only letters and digits may be in it", shown(&entry.key));
                self.findings.push(Finding::error("BAD_NAME", entry.key_span, message));
            }
        }
        let most = SECTIONS.iter().find(|(section, _)| *section == name).map_or(0, |(_, most)| *most);
        entries.take(if most > 0 && !self.is_terraform { most } else { usize::MAX }).collect()
    }

    /// Two levels of names, then texts or lists of texts.
    fn mappings(&mut self) -> Vec<Entry> {
        let entries = self.section("Mappings");
        let mut wrong = Vec::new();
        for mapping in &entries {
            if !matches!(mapping.value.value, Value::Map(_)) {
                wrong.push(must_be(
                    &format!("mapping `{}`", shown(&mapping.key)),
                    "a mapping of mappings",
                    &mapping.value,
                ));
            }
            for top in mapping.value.entries().iter().filter(|top| top.key != FN_TRANSFORM) {
                if !matches!(top.value.value, Value::Map(_)) {
                    wrong.push(must_be(&format!("`{}`", shown(&top.key)), "a mapping of values", &top.value));
                }
                for second in top.value.entries() {
                    let plain = |node: &Node| node.text().is_some();
                    let list = matches!(second.value.value, Value::List(_)) && second.value.items().iter().all(plain);
                    if !plain(&second.value) && !list {
                        wrong.push(must_be(
                            &format!("`{}`", shown(&second.key)),
                            "text or a list of texts",
                            &second.value,
                        ));
                    }
                }
            }
        }
        self.findings.append(&mut wrong);
        entries.into_iter().cloned().collect()
    }

    fn resource(&mut self, entry: &Entry) -> Option<Declared> {
        let name = shown(&entry.key);
        if !matches!(entry.value.value, Value::Map(_)) {
            self.findings.push(must_be(&format!("resource `{name}`"), "a mapping with a `Type`", &entry.value));
            return None;
        }
        let type_name = entry.value.get("Type").and_then(Node::text).unwrap_or_default();
        let is_custom = type_name.starts_with("Custom::") || type_name == "AWS::CloudFormation::CustomResource";
        let is_known = |key: &str| ATTRIBUTES.contains(&key) || key == FN_TRANSFORM || is_custom && key == VERSION;
        self.findings.extend(entry.value.get(FN_TRANSFORM).map(|call| not_applied(call, entry.key_span)));
        for unknown in entry.value.entries().iter().filter(|found| !is_known(&found.key)) {
            let message = format!("resource `{name}` has an unknown part `{}`", shown(&unknown.key));
            let finding = Finding::error("UNKNOWN_RESOURCE_PART", unknown.key_span, message);
            self.findings.push(finding.suggest(&unknown.key, ATTRIBUTES.iter().copied()));
        }
        let resource_type = match entry.value.get("Type") {
            Some(node) => text(node, "`Type`", self.findings),
            None => {
                let message = format!("resource `{name}` has no `Type`");
                self.findings.push(Finding::error("MISSING_TYPE", entry.key_span, message));
                None
            }
        };
        let properties = match entry.value.get("Properties") {
            None => Node::new(Value::Map(Vec::new()), entry.key_span),
            Some(node) if matches!(node.value, Value::Map(_)) => node.clone(),
            Some(node) => {
                self.findings.push(must_be("`Properties`", "a mapping", node));
                Node::new(Value::Map(Vec::new()), entry.key_span)
            }
        };
        let told = |key: &str| Some(entry.value.get("Metadata")?.get(key)?.text()?.to_owned());
        Some(Declared {
            construct_path: told("aws:cdk:path"),
            asset_path: told("aws:asset:path"),
            logical_id: Text::new(&*entry.key, entry.key_span),
            properties,
            condition: self.attribute(&entry.value, "Condition"),
            depends_on: self.depends_on(entry.value.get("DependsOn")),
            deletion_policy: self.policy(&entry.value, "DeletionPolicy"),
            update_replace_policy: self.policy(&entry.value, "UpdateReplacePolicy"),
            deployed: self.deployed(&entry.value),
            resource_type: resource_type?,
        })
    }

    fn deployed(&self, resource: &Node) -> Deployed {
        let told =
            resource.get("Metadata").and_then(|metadata| metadata.get("Terraform")).filter(|_| self.is_terraform);
        let text = |key| told.and_then(|told| told.get(key)?.text()).map(str::to_owned);
        Deployed {
            arn: text("Arn"),
            region: text("Region"),
            name_prefix: text("NamePrefix"),
            is_listed: text("Listed").is_some(),
        }
    }

    fn attribute(&mut self, node: &Node, key: &str) -> Option<Text> {
        text(node.get(key)?, &format!("`{key}`"), self.findings)
    }

    fn policy(&mut self, node: &Node, key: &str) -> Option<Text> {
        let policy = self.attribute(node, key)?;
        if !DELETION_POLICIES.contains(&&*policy.value) {
            let message = format!("`{key}` cannot be `{}`", shown(&policy.value));
            let finding = Finding::error("DELETION_POLICY", policy.span, message);
            self.findings.push(finding.suggest(&policy.value, DELETION_POLICIES.iter().copied()));
        }
        Some(policy)
    }

    fn depends_on(&mut self, node: Option<&Node>) -> Vec<Text> {
        let Some(node) = node else { return Vec::new() };
        let what = "`DependsOn`";
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| text(item, what, self.findings)).collect(),
            Value::String(_) | Value::Number(_) => text(node, what, self.findings).into_iter().collect(),
            _ => {
                self.findings.push(must_be(what, "a logical id or a list of them", node));
                Vec::new()
            }
        }
    }

    fn transform(&mut self) {
        let Some(node) = self.root.get("Transform") else { return };
        let nodes = if let Value::List(items) = &node.value { &items[..] } else { std::slice::from_ref(node) };
        for node in nodes {
            text(node.get("Name").unwrap_or(node), "a transform", self.findings);
        }
    }

    /// What is there and has no effect here.
    fn unapplied(&self) -> Vec<(Text, &'static str)> {
        let mut unapplied = Vec::new();
        for (section, why) in [("Rules", "rules are not checked"), ("Hooks", "hooks are not run")] {
            let entries =
                self.root.entries().iter().filter(|entry| entry.key == section && !is_of_bootstrap(&entry.value));
            unapplied.extend(entries.map(|entry| (Text::new(section, entry.key_span), why)));
        }
        let others = transforms(self.root).filter(|(name, _)| *name != LANGUAGE_EXTENSIONS);
        unapplied.extend(others.map(|(name, span)| (Text::new(format!("Transform {}", shown(name)), span), TRANSFORM)));
        for section in self.root.entries().iter().filter(|entry| entry.key != "Metadata") {
            let parts = section.value.entries().iter().map(|entry| &entry.value);
            let parts = parts.filter(|_| section.key == "Mappings").chain([&section.value]);
            for entry in parts.flat_map(Node::entries).filter(|entry| entry.key == FN_TRANSFORM) {
                let name = entry.value.get("Name").and_then(Node::text).unwrap_or("?");
                let name = format!("Fn::Transform {} in {}", shown(name), section.key);
                unapplied.push((Text::new(name, entry.key_span), TRANSFORM));
            }
        }
        unapplied
    }
}

/// The finding that a macro stands where it decides about something that is made.
pub(crate) fn not_applied(call: &Node, span: Span) -> Finding {
    let name = call.get("Name").and_then(Node::text).unwrap_or("?");
    let help = match call.get("Parameters").and_then(|parameters| parameters.get("Location")).and_then(Node::text) {
        Some(location) if !location.contains("://") => {
            format!("put the file `{}` beside the template, or write what it stands for", shown(location))
        }
        _ => "write what it stands for".to_owned(),
    };
    Finding::error("TRANSFORM", span, format!("the transform `{}` is not applied", shown(name))).help(help)
}

/// The one rule that the CDK puts into every template: whether the account has been bootstrapped.
fn is_of_bootstrap(rules: &Node) -> bool {
    matches!(rules.entries(), [one] if one.key == "CheckBootstrapVersion")
}
