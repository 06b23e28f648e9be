//! A template and its inputs to a stack.

mod macros;
mod stacks;

use std::collections::{BTreeSet, HashMap};

use source::{Entry, Finding, Node, Severity, Span, Value};

use crate::evaluate::Evaluator;
use crate::exports::written;
use crate::inputs::Inputs;
use crate::known_types::{self, KnownType};
use crate::meant::{Meant, meant};
use crate::order::order;
use crate::references;
use crate::resource::{self, Properties, Read};
use crate::shape::{Text, must_be, shown, text};
use crate::template::{Declared, Template};

/// The resource in which the CDK counts how it is used; it makes nothing.
const CDK_METADATA: &str = "AWS::CDK::Metadata";

/// What a template makes.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    /// The resources that are known, in the order in which they are made: dependencies first, else as in the template. Those
    /// of nested stacks whose templates are at hand are among them.
    pub resources: Vec<Resource>,
    /// The resources that its StackSets make in other accounts or regions.
    pub elsewhere: Vec<Resource>,
    /// Everything of the template that has no effect here.
    pub not_applied: Vec<NotApplied>,
    /// The outputs, as in the template.
    pub outputs: Vec<Output>,
    /// What it writes for stacks in other regions to read, each under its name.
    pub written: Vec<Output>,
    /// Values that only AWS knows, and what stands for them here; in the order in which they were met.
    pub made_up: Vec<MadeUp>,
    /// The names that CloudFormation generates, since the template gives none; in the order of the template.
    pub generated_names: Vec<GeneratedName>,
    /// What its policies are about.
    pub(crate) meant: Meant,
    /// How much was made to work it out.
    pub(crate) spent: usize,
}

/// A value that AWS gives when it makes a stack. What depends on it may come out otherwise than here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeUp {
    /// What it is the value of: `Queue.Arn`.
    pub what: String,
    /// What stands for it here.
    pub value: String,
}

/// A name that CloudFormation generates: `{stack}-{logical id}-{12 letters}`.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedName {
    /// The resource in the template.
    pub logical_id: String,
    /// Its name.
    pub name: String,
}

/// One resource to make.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The name in the template; of a nested stack's with that of the stack before it: `Nested.Role`.
    pub logical_id: String,
    /// The path in the CDK's tree of constructs, `Stack/Construct/Resource`, where the CDK has noted it.
    pub construct_path: Option<String>,
    /// `AWS::IAM::Role` …
    pub resource_type: String,
    /// Its own name: given, or made up.
    pub name: String,
    /// What `Ref` gives: a name for most types, an ARN for some.
    pub physical_id: String,
    /// The ARN under which requests name it; `None` for what no request names.
    pub arn: Option<String>,
    /// What to make.
    pub properties: Properties,
    /// Properties that are kept and not applied, worked out.
    pub other: Vec<Entry>,
    /// Logical ids of all resources that must be made before it.
    pub depends_on: Vec<String>,
    /// `DeletionPolicy`, if it has one.
    pub deletion_policy: Option<Text>,
    /// `UpdateReplacePolicy`, if it has one.
    pub update_replace_policy: Option<Text>,
    /// The logical id in the template.
    pub span: Span,
}

/// Something that is in the template and has no effect here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// The resource it belongs to; a section's or a transform's name where it belongs to none.
    pub logical_id: String,
    /// The resource's type; empty where there is no resource.
    pub resource_type: String,
    /// The property, as a path such as `WebsiteConfiguration`; `None` for the whole resource.
    pub property: Option<String>,
    /// Why, in plain words.
    pub why: String,
    /// Whether it decides who may do what, so that decisions here may be others than AWS's.
    pub lacks_policy: bool,
    /// Where it stands.
    pub span: Span,
}

/// One output of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The name it is exported under, for `Fn::ImportValue` in other stacks.
    pub export: Option<String>,
    /// Its name in the template.
    pub span: Span,
}

impl MadeUp {
    /// Whether a text has the value in it. Of a few characters that would say nothing.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.value.len() > 5 && text.contains(&self.value)
    }
}

impl std::fmt::Display for NotApplied {
    /// `not applied: AWS::X::Y` or `not applied: Bucket.Properties.WebsiteConfiguration`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.property {
            Some(property) => write!(f, "not applied: {}.Properties.{property}", shown(&self.logical_id)),
            None if self.resource_type.is_empty() => write!(f, "not applied: {}", shown(&self.logical_id)),
            None => write!(f, "not applied: {}", shown(&self.resource_type)),
        }
    }
}

impl Resource {
    /// Whether it is the resource of a name in the template: its logical id, or its path in the CDK's tree of constructs, which
    /// may end before `/Resource`.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.logical_id == name || is_construct(self.construct_path.as_deref(), name)
    }
}

/// Whether a construct's path is meant by a name. `Resource` is what the CDK calls the resource of a construct that is one.
pub(crate) fn is_construct(path: Option<&str>, name: &str) -> bool {
    path.is_some_and(|path| path == name || path.strip_suffix("/Resource") == Some(name))
}

impl Stack {
    /// The policies that count nowhere, since their type is not modelled.
    pub fn lacking_policies(&self) -> impl Iterator<Item = Finding> {
        self.not_applied.iter().filter(|left| left.lacks_policy).map(NotApplied::finding)
    }
}

impl NotApplied {
    /// The same as a finding.
    #[must_use]
    pub fn finding(&self) -> Finding {
        Finding::new(Severity::Warning, "NOT_APPLIED", self.span, self.to_string()).help(self.why.clone())
    }
}

/// Works a template out; gives what could be made and everything there is to say.
///
/// With an error among the findings the stack is not whole. What is not applied is no finding: [`NotApplied::finding`]
/// makes one of it.
#[must_use]
pub fn resolve(template: &Template, inputs: &Inputs) -> (Stack, Vec<Finding>) {
    let mut findings = references::check(template);
    findings.extend(template.terraform.iter().flat_map(|place| place.unlike(&template.resources, inputs)));
    let mut resolver =
        Resolver { evaluator: Evaluator::new(template, inputs), stack: Stack::default(), lost: Vec::new() };
    resolver.sections();
    resolver.evaluator.all_conditions();
    let dependencies = resolver.resources();
    resolver.same_names(&dependencies);
    resolver.outputs();
    let Resolver { evaluator, mut stack, lost } = resolver;
    let (order, cycles) = order(&template.resources, &dependencies);
    let turn = |resource: &Resource| {
        // Those of a nested stack come where it stands, in their own order.
        let outer = || resource.logical_id.split_once('.').and_then(|(outer, _)| template.index.get(outer));
        let at = template.index.get(&resource.logical_id).or_else(outer);
        at.and_then(|at| order.iter().position(|ordered| ordered == at)).unwrap_or(usize::MAX)
    };
    stack.resources.sort_by_cached_key(turn);
    findings.extend(evaluator.findings);
    stack.made_up = evaluator.made_up;
    stack.spent = evaluator.spent;
    stack.meant = meant(&stack, inputs);
    findings.extend(cycles);
    // Whatever is lost has a reason, and the reason is recorded. Should it not be, this still stops the run.
    if template.sound && !findings.iter().any(Finding::is_error) {
        findings.extend(lost.into_iter().map(|span| Finding::error("LOST_VALUE", span, "this cannot be worked out")));
    }
    // In the order of the template, whichever step found it; and once, however many steps found it.
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.span.file, finding.span.start, finding.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
    (stack, findings)
}

struct Resolver<'t> {
    evaluator: Evaluator<'t>,
    stack: Stack,
    /// Values that could not be made.
    lost: Vec<Span>,
}

impl Resolver<'_> {
    fn sections(&mut self) {
        for (name, why) in &self.evaluator.template.unapplied {
            self.stack.not_applied.push(NotApplied {
                logical_id: name.value.clone(),
                resource_type: String::new(),
                property: None,
                why: (*why).to_owned(),
                lacks_policy: false,
                span: name.span,
            });
        }
    }

    /// What each resource depends on; `None` for one that is not made.
    fn resources(&mut self) -> Vec<Option<BTreeSet<usize>>> {
        let template = self.evaluator.template;
        template.resources.iter().enumerate().map(|(at, declared)| self.resource(at, declared)).collect()
    }

    fn resource(&mut self, at: usize, declared: &Declared) -> Option<BTreeSet<usize>> {
        let made =
            |condition: &Text, evaluator: &mut Evaluator<'_>| evaluator.condition(&condition.value, condition.span);
        if declared.condition.as_ref().is_some_and(|condition| made(condition, &mut self.evaluator) != Some(true)) {
            return None;
        }
        self.evaluator.dependencies.clear();
        self.evaluator.transforms = Some(Vec::new());
        let properties = self.evaluator.evaluate(&declared.properties);
        let transforms = self.evaluator.transforms.take().unwrap_or_default();
        let mut dependencies = std::mem::take(&mut self.evaluator.dependencies);
        // A dependency on a resource whose condition is false is no dependency: `order` leaves it out.
        let named = declared.depends_on.iter().filter_map(|name| self.evaluator.template.index.get(&name.value));
        dependencies.extend(named);
        let macros: Vec<Span> = transforms.iter().map(|finding| finding.span).collect();
        let lost = properties.as_ref().map_or(Some(declared.properties.span), null_in);
        self.lost.extend(lost.filter(|span| !macros.contains(span)));
        if self.stacks(at, declared, properties.as_ref()) {
            transforms.into_iter().for_each(|finding| self.evaluator.report(finding));
            return Some(dependencies);
        }
        self.stack.written.extend(properties.iter().flat_map(|node| written(declared, node)));
        let physical_id = self.evaluator.physical_id(at);
        let arn = self.evaluator.arn(at);
        let name = self.evaluator.name(at);
        let generated = self.evaluator.generated_name(at);
        let logical_id = || declared.logical_id.value.clone();
        self.stack.generated_names.extend(generated.map(|name| GeneratedName { logical_id: logical_id(), name }));
        let known = self.stack.not_applied.len();
        // Of a resource whose properties a macro makes nothing is known but its type.
        let is_whole = properties.as_ref().is_some_and(|node| matches!(node.value, Value::Map(_)));
        let nothing =
            (!is_whole && !transforms.is_empty()).then(|| Node::new(Value::Map(Vec::new()), declared.properties.span));
        let properties = properties.filter(|_| is_whole).or(nothing);
        let given = resource::Given { inputs: self.evaluator.inputs, made_up: &self.evaluator.made_up };
        let not_applied = &mut self.stack.not_applied;
        let read = properties.as_ref().map(|node| resource::read(declared, &name, node, given, not_applied));
        let Read { properties: typed, mut other, mut findings, made_up } = read.unwrap_or_default();
        made_up.into_iter().for_each(|one| self.evaluator.made_up(one.what, &one.value));
        // Most of Terraform's rows name a type's properties as far as its policies and tags need them, which is too little for the
        // ARN of a type that is not modelled.
        let has_all = self.evaluator.template.terraform.is_none() || declared.deployed.is_listed;
        let is_listed = is_whole && has_all;
        let typed = typed.filter(|typed| is_listed || !matches!(typed, Properties::Listed(_)));
        findings.retain(|_| is_whole);
        // What a macro makes is not known.
        other.retain(|entry| null_in(&entry.value).is_none());
        self.transforms(declared, properties.as_ref(), typed.as_ref(), transforms, known);
        if declared.resource_type.value == CDK_METADATA {
            self.stack.not_applied.truncate(known);
        }
        findings.into_iter().for_each(|finding| self.evaluator.report(finding));
        if let Some(properties) = typed {
            let resources = &self.evaluator.template.resources;
            self.stack.resources.push(Resource {
                logical_id: declared.logical_id.value.clone(),
                construct_path: declared.construct_path.clone(),
                resource_type: declared.resource_type.value.clone(),
                name,
                physical_id,
                arn,
                properties,
                other,
                depends_on: dependencies.iter().map(|&at| resources[at].logical_id.value.clone()).collect(),
                deletion_policy: declared.deletion_policy.clone(),
                update_replace_policy: declared.update_replace_policy.clone(),
                span: declared.logical_id.span,
            });
        }
        Some(dependencies)
    }

    /// Two of a type under one name: AWS makes the second only where it is a revision.
    fn same_names(&mut self, dependencies: &[Option<BTreeSet<usize>>]) {
        let template = self.evaluator.template;
        let mut seen: HashMap<(&str, Option<&String>, String), &str> = HashMap::new();
        for (at, declared) in template.resources.iter().enumerate() {
            let resource_type = &*declared.resource_type.value;
            if dependencies[at].is_none() || !known_types::known_type(resource_type).is_some_and(KnownType::is_named) {
                continue;
            }
            let name = self.evaluator.name(at);
            let logical_id = &declared.logical_id;
            let key = (resource_type, declared.deployed.region.as_ref(), name.clone());
            let Some(first) = seen.get(&key) else {
                seen.insert(key, &logical_id.value);
                continue;
            };
            let message = format!(
                "`{}` has the name `{}`, which `{}` has too",
                shown(&logical_id.value),
                shown(&name),
                shown(first)
            );
            self.evaluator.report(match resource_type {
                // Which of the two is revision 1 and which is 2 depends on which is made first.
                "AWS::ECS::TaskDefinition" => Finding::new(Severity::Warning, "SAME_NAME", logical_id.span, message)
                    .help("`Ref` gives revision 1 for both here; give each a family of its own"),
                _ => Finding::error("SAME_NAME", logical_id.span, message).help("give each a name of its own"),
            });
        }
    }

    fn outputs(&mut self) {
        const PARTS: &[&str] = &["Value", "Description", "Export", "Condition"];
        for entry in &self.evaluator.template.outputs {
            let what = format!("output `{}`", shown(&entry.key));
            if !matches!(entry.value.value, Value::Map(_)) {
                self.evaluator.report(must_be(&what, "a mapping with a `Value`", &entry.value));
                continue;
            }
            for part in entry.value.entries().iter().filter(|part| !PARTS.contains(&&*part.key)) {
                let message = format!("{what} has an unknown part `{}`", shown(&part.key));
                let finding = Finding::error("UNKNOWN_OUTPUT_PART", part.key_span, message);
                self.evaluator.report(finding.suggest(&part.key, PARTS.iter().copied()));
            }
            if self.wanted(&entry.value) {
                self.output(entry, &what);
            }
        }
    }

    /// Whether an output's condition holds.
    fn wanted(&mut self, output: &Node) -> bool {
        let Some(node) = output.get("Condition") else { return true };
        let name = text(node, "`Condition`", &mut self.evaluator.findings);
        name.and_then(|name| self.evaluator.condition(&name.value, name.span)) == Some(true)
    }

    fn output(&mut self, entry: &Entry, what: &str) {
        let Some(node) = entry.value.get("Value") else {
            self.evaluator.report(Finding::error("MISSING_PROPERTY", entry.key_span, format!("{what} has no `Value`")));
            return;
        };
        let value = self.evaluator.evaluate_text(node, &format!("the value of {what}"));
        let export = entry.value.get("Export").map(|export| match export.get("Name") {
            Some(name) => self.evaluator.evaluate_text(name, &format!("the export name of {what}")),
            None => {
                self.evaluator.report(must_be("`Export`", "a mapping with a `Name`", export));
                None
            }
        });
        let Some(value) = value else {
            self.lost.push(node.span);
            return;
        };
        let span = entry.key_span;
        self.stack.outputs.push(Output { name: entry.key.clone(), value, export: export.flatten(), span });
    }
}

/// Where the first null of a tree is.
fn null_in(node: &Node) -> Option<Span> {
    match &node.value {
        Value::Null => Some(node.span),
        Value::List(items) => items.iter().find_map(null_in),
        Value::Map(entries) => entries.iter().find_map(|entry| null_in(&entry.value)),
        _ => None,
    }
}
