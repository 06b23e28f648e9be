//! A tree with functions in it to a tree without.
//!
//! A value that cannot be made becomes a null, and the reason is recorded once; so one run finds everything that is wrong.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use source::{Entry, Finding, Node, Severity, Span, Value};

use crate::Inputs;
use crate::intrinsic;
use crate::names;
use crate::nested::Child;
use crate::references::{Piece, pieces};
use crate::resolve::MadeUp;
use crate::shape::{MAX_FINDINGS, MAX_RECURSION, broken, shown, text_node};
use crate::template::{FN_TRANSFORM, Template, not_applied};

/// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
pub(crate) const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// How many bytes and nodes one template may grow to; a small text can ask for very much.
const BUDGET: usize = 32 << 20;

/// How a reference to a value elsewhere begins; it ends with `}}`.
const REFERENCE: &str = "{{resolve:";

pub(crate) struct Evaluator<'t> {
    pub(crate) template: &'t Template,
    pub(crate) inputs: &'t Inputs,
    /// Values of the parameters that have one.
    parameters: HashMap<&'t str, Node>,
    /// Parameters whose values are kept in Systems Manager, and made up here.
    stored: HashSet<&'t str>,
    /// Nested stacks by the resource that makes them; `None` while one is being worked out, and for one that is not here.
    pub(crate) children: HashMap<usize, Option<Rc<Child>>>,
    /// Macros in the properties that are being evaluated, and what to say of each; `None`: an error at once.
    pub(crate) transforms: Option<Vec<Finding>>,
    /// `None` while a condition is being worked out, and for one that cannot be.
    pub(crate) conditions: HashMap<String, Option<bool>>,
    /// Conditions being worked out, outermost first.
    pub(crate) open_conditions: Vec<String>,
    /// Texts of single properties, for names; `None` while one is being worked out.
    texts: HashMap<(usize, String), Option<String>>,
    /// Values of single properties, in the same way.
    values: HashMap<(usize, String), Option<Node>>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) made_up: Vec<MadeUp>,
    /// How often a made-up value was met.
    met: usize,
    /// Resources that what is being evaluated refers to.
    pub(crate) dependencies: BTreeSet<usize>,
    pub(crate) spent: usize,
    /// How far into each other the values being worked out lie.
    pub(crate) depth: usize,
    /// Whether findings are of interest.
    quiet: bool,
}

impl<'t> Evaluator<'t> {
    pub(crate) fn new(template: &'t Template, inputs: &'t Inputs) -> Self {
        let mut evaluator = Self {
            template,
            inputs,
            parameters: HashMap::new(),
            stored: HashSet::new(),
            children: HashMap::new(),
            transforms: None,
            conditions: HashMap::new(),
            open_conditions: Vec::new(),
            texts: HashMap::new(),
            values: HashMap::new(),
            findings: Vec::new(),
            made_up: Vec::new(),
            met: 0,
            dependencies: BTreeSet::new(),
            // A nested stack goes on from where it stands in the one around it.
            spent: inputs.within.spent,
            depth: inputs.within.depth,
            quiet: false,
        };
        evaluator.take_parameters();
        evaluator
    }

    fn take_parameters(&mut self) {
        let known = || self.template.parameters.iter().map(|parameter| &*parameter.name.value);
        for given in &self.inputs.parameters {
            if !self.template.declared.contains(&given.key) || self.template.index.contains_key(&given.key) {
                let message = format!("the template has no parameter `{}`", shown(&given.key));
                let finding = Finding::error("UNKNOWN_PARAMETER", given.key_span, message);
                self.findings.push(finding.suggest(&given.key, known()));
            }
        }
        for parameter in &self.template.parameters {
            let name = &*parameter.name.value;
            let given = self.inputs.parameters.iter().find(|given| given.key == name);
            if given.is_none() && parameter.is_stored() {
                self.stored.insert(name);
            }
            if let Some(value) = parameter.resolve(given, &mut self.findings) {
                self.parameters.insert(name, value);
            }
        }
    }

    /// The value of a tree; `None` for `AWS::NoValue`, which takes away what it stands in.
    pub(crate) fn evaluate(&mut self, node: &Node) -> Option<Node> {
        if !self.spend(1, node.span) || self.errors() >= MAX_FINDINGS || !self.descend(node.span) {
            return Some(broken(node.span));
        }
        let value = self.value(node);
        self.ascend();
        value.map(|value| self.looked_up(value))
    }

    /// A text in which something made up stands for what CloudFormation looks up elsewhere: `{{resolve:ssm:/app/team}}`.
    /// docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    fn looked_up(&mut self, node: Node) -> Node {
        // Terraform has no such references.
        let text = node.text().filter(|text| text.contains(REFERENCE) && self.template.terraform.is_none());
        let Some(mut rest) = text else { return node };
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once(REFERENCE) {
            let Some((name, next)) = after.split_once("}}") else { break };
            let reference = format!("{REFERENCE}{name}}}}}");
            let value = names::looked_up(&reference);
            self.made_up(shown(&reference), &value);
            out.push_str(before);
            out.push_str(&value);
            rest = next;
        }
        text_node(out + rest, node.span)
    }

    /// One step further in; `false` if that is too far. A tree is bounded, but names and conditions lead to others.
    pub(crate) fn descend(&mut self, span: Span) -> bool {
        if self.depth >= MAX_RECURSION {
            let message = format!("working this out leads through more than {MAX_RECURSION} other values");
            self.file(Finding::error("TOO_DEEP", span, message));
            return false;
        }
        self.depth += 1;
        true
    }

    pub(crate) const fn ascend(&mut self) {
        self.depth -= 1;
    }

    fn value(&mut self, node: &Node) -> Option<Node> {
        match &node.value {
            Value::Null => {
                let finding = Finding::error("NULL_VALUE", node.span, "nothing stands where a value must");
                self.report(finding.help("write a value, or take the key away"));
                Some(broken(node.span))
            }
            Value::String(text) => {
                self.forgotten_sub(text, node.span);
                Some(node.clone())
            }
            Value::Bool(_) | Value::Number(_) => Some(node.clone()),
            Value::List(items) => Some(Node::new(Value::List(self.evaluate_all(items)), node.span)),
            Value::Map(entries) => self.map(entries, node.span),
        }
    }

    pub(crate) fn evaluate_all(&mut self, items: &[Node]) -> Vec<Node> {
        items.iter().filter_map(|item| self.evaluate(item)).collect()
    }

    fn map(&mut self, entries: &[Entry], span: Span) -> Option<Node> {
        if let [entry] = entries
            && let Some(function) = intrinsic::find(&entry.key)
        {
            return function(self, &intrinsic::Call { name: &entry.key, argument: &entry.value, span });
        }
        let mut out = Vec::new();
        let mut whole = true;
        for entry in entries {
            // A macro may put more beside what is there.
            if entry.key == FN_TRANSFORM {
                self.transform(&entry.value, entry.key_span);
                out.push(Entry { value: broken(entry.key_span), ..entry.clone() });
                continue;
            }
            if entry.key.starts_with("Fn::") {
                self.misplaced_function(entry, entries.len());
                whole = false;
                continue;
            }
            if let Some(value) = self.evaluate(&entry.value) {
                out.push(Entry { key: entry.key.clone(), key_span: entry.key_span, value });
            }
        }
        Some(if whole { Node::new(Value::Map(out), span) } else { broken(span) })
    }

    /// Notes a macro: whether it matters is known once the properties it stands in have been read.
    pub(crate) fn transform(&mut self, call: &Node, span: Span) {
        let finding = not_applied(call, span);
        match &mut self.transforms {
            Some(noted) if noted.len() < MAX_FINDINGS => noted.push(finding),
            _ => self.report(finding),
        }
    }

    fn misplaced_function(&mut self, entry: &Entry, entries: usize) {
        let name = shown(&entry.key);
        if entries > 1 && intrinsic::find(&entry.key).is_some() {
            let message = format!("`{name}` stands among other keys, and a function must stand alone");
            self.report(Finding::error("FUNCTION_NOT_ALONE", entry.key_span, message));
        } else {
            let finding = Finding::error("UNKNOWN_FUNCTION", entry.key_span, format!("unknown function `{name}`"));
            self.report(finding.suggest(&entry.key, intrinsic::names()));
        }
    }

    /// `${AWS::AccountId}` in plain text stays as it is, and seldom is meant to.
    fn forgotten_sub(&mut self, text: &str, span: Span) {
        if !text.contains("${") {
            return;
        }
        for piece in pieces(text) {
            let Piece::Name(name) = piece else { continue };
            let resource = name.split_once('.').map_or(name, |(resource, _)| resource);
            if PSEUDO.contains(&name) || self.template.declared.contains(resource) {
                let message = format!("`${{{}}}` is not replaced: the text is not in `Fn::Sub`", shown(name));
                let finding = Finding::new(Severity::Warning, "SUB_MISSING", span, message);
                self.report(finding.help("write `!Sub` before the text"));
            }
        }
    }

    /// A text that a tree must give.
    pub(crate) fn evaluate_text(&mut self, node: &Node, what: &str) -> Option<String> {
        let value = self.evaluate(node);
        match value.as_ref().map(|value| (&value.value, value.text())) {
            Some((_, Some(text))) => Some(text.to_owned()),
            Some((Value::Null, _)) => None,
            other => {
                let kind =
                    if other.is_some() { value.as_ref().map_or("nothing", Node::kind) } else { "`AWS::NoValue`" };
                self.report(Finding::error(
                    "WRONG_TYPE",
                    node.span,
                    format!("{what} must be text, and this is {kind}"),
                ));
                None
            }
        }
    }

    /// The value of a parameter, a pseudo parameter or a resource. `None` for `AWS::NoValue`.
    pub(crate) fn value_of(&mut self, name: &str, span: Span) -> Option<Node> {
        let inputs = self.inputs;
        let text = match name {
            "AWS::NoValue" => return None,
            "AWS::NotificationARNs" => return Some(Node::new(Value::List(Vec::new()), span)),
            "AWS::AccountId" => &inputs.account,
            "AWS::Partition" => &inputs.partition,
            "AWS::Region" => &inputs.region,
            "AWS::StackId" => &inputs.stack_id,
            "AWS::StackName" => &inputs.stack_name,
            "AWS::URLSuffix" => &inputs.url_suffix,
            _ => return Some(self.declared_value(name, span)),
        };
        Some(text_node(text, span))
    }

    fn declared_value(&mut self, name: &str, span: Span) -> Node {
        if let Some(value) = self.parameters.get(name) {
            let size = value.text().map_or_else(|| value.items().len() * 32, str::len);
            let value = Node::new(value.value.clone(), span);
            if self.stored.contains(name) && !self.stored_value(name, &value) {
                return broken(span);
            }
            return if self.spend(size, span) { value } else { broken(span) };
        }
        match self.resource(name) {
            Some(at) if self.exists(at, span) => match self.nested(at) {
                Some(child) => text_node(&*child.stack_id, span),
                None => self.reference(at, span),
            },
            // A parameter without a value, a resource that is not made, or an unknown name: reported elsewhere.
            _ => broken(span),
        }
    }

    /// Tells that a value kept in Systems Manager is made up; `false` in a condition, which would come out one way or the
    /// other by it.
    fn stored_value(&mut self, name: &str, value: &Node) -> bool {
        let template = self.template;
        let parameter = template.parameters.iter().find(|parameter| parameter.name.value == name);
        if !self.open_conditions.is_empty() {
            parameter.into_iter().for_each(|parameter| self.report(parameter.unknown()));
            return false;
        }
        let items = value.items().iter().chain([value]).filter_map(Node::text);
        items.for_each(|value| self.made_up(shown(name), value));
        true
    }

    /// The value of a resource's attribute.
    pub(crate) fn attribute_of(&mut self, name: &str, attribute: &str, span: Span) -> Node {
        match self.resource(name) {
            Some(at) if self.exists(at, span) => {
                match self.output_of(at, attribute, span).or_else(|| self.read_export(at, attribute, span)) {
                    Some(value) => value,
                    None => self.attribute(at, attribute, span),
                }
            }
            _ => broken(span),
        }
    }

    /// The resource of a name, where one may be named: in a condition none may, which is reported elsewhere.
    fn resource(&self, name: &str) -> Option<usize> {
        if self.open_conditions.is_empty() { self.template.index.get(name).copied() } else { None }
    }

    /// Whether a resource is made in this stack. If it is, what is being evaluated depends on it.
    fn exists(&mut self, at: usize, span: Span) -> bool {
        let declared = &self.template.resources[at];
        let Some(condition) = &declared.condition else {
            self.dependencies.insert(at);
            return true;
        };
        match self.condition(&condition.value, condition.span) {
            Some(true) => {
                self.dependencies.insert(at);
                return true;
            }
            Some(false) => {
                let name = shown(&declared.logical_id.value);
                let message = format!("`{name}` is not made: its condition `{}` is false", shown(&condition.value));
                let finding = Finding::error("UNRESOLVED_DEPENDENCY", span, message);
                self.report(
                    finding.help(format!(
                        "refer to it under the same condition: `Fn::If: [{}, …]`",
                        shown(&condition.value)
                    )),
                );
            }
            None => {}
        }
        false
    }

    /// What a tree gives, with nothing said and nothing depended on: both are done when the resource itself is evaluated.
    pub(crate) fn peek(&mut self, node: &Node) -> Option<Node> {
        let dependencies = std::mem::take(&mut self.dependencies);
        let transforms = self.transforms.take();
        let quiet = std::mem::replace(&mut self.quiet, true);
        let value = self.evaluate(node);
        self.quiet = quiet;
        self.transforms = transforms;
        self.dependencies = dependencies;
        value
    }

    /// The text of one property of a resource, if it has it; for names.
    pub(crate) fn property_text(&mut self, at: usize, property: &str) -> Option<String> {
        let key = (at, property.to_owned());
        if let Some(known) = self.texts.get(&key) {
            return known.clone();
        }
        let template = self.template;
        let node = template.resources[at].properties.get(property)?;
        // A name that depends on itself is a cycle, which the order of the resources tells.
        self.texts.insert(key.clone(), None);
        let text = self.peek(node).as_ref().and_then(Node::text).map(str::to_owned);
        self.texts.insert(key, text.clone());
        text
    }

    /// The value of one property of a resource, if it has it, to stand at `span`. What is wrong with it is said when the
    /// resource itself is evaluated.
    pub(crate) fn property_value(&mut self, at: usize, property: &str, span: Span) -> Option<Node> {
        let key = (at, property.to_owned());
        if !self.values.contains_key(&key) {
            let node = self.template.resources[at].properties.get(property)?;
            // A value that is in itself is a cycle, which the order of the resources tells.
            self.values.insert(key.clone(), None);
            let dependencies = std::mem::take(&mut self.dependencies);
            let quiet = std::mem::replace(&mut self.quiet, true);
            let value = self.evaluate(node);
            self.quiet = quiet;
            self.dependencies = dependencies;
            self.values.insert(key.clone(), value);
        }
        let value = self.values.get(&key)?.clone().filter(|value| value.value != Value::Null)?;
        self.spend(weight(&value), span).then(|| Node::new(value.value, span))
    }

    /// Files a finding, unless nobody wants it or there are too many.
    pub(crate) fn report(&mut self, finding: Finding) {
        if !self.quiet {
            self.file(finding);
        }
    }

    /// How often a made-up value was met: what is worked out meanwhile, and meets more, rests on one.
    pub(crate) const fn met(&self) -> usize {
        self.met
    }

    /// Notes that a value was met that only AWS knows, though it may be one that is known.
    pub(crate) const fn meet(&mut self) {
        self.met += 1;
    }

    /// Remembers a value that only AWS knows; each once.
    pub(crate) fn made_up(&mut self, what: String, value: &str) {
        self.met += 1;
        let made_up = MadeUp { what, value: value.to_owned() };
        if self.made_up.len() < MAX_FINDINGS && !self.made_up.contains(&made_up) {
            self.made_up.push(made_up);
        }
    }

    /// Warnings never crowd out an error: each kind has its own bound.
    pub(crate) fn file(&mut self, finding: Finding) {
        let same = |recorded: &&Finding| recorded.is_error() == finding.is_error();
        if self.findings.iter().filter(same).count() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn errors(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_error()).count()
    }

    /// Counts what is made; `false` once that is too much, which is recorded once.
    pub(crate) fn spend(&mut self, amount: usize, span: Span) -> bool {
        let within = self.spent <= BUDGET;
        self.spent = self.spent.saturating_add(amount);
        if within && self.spent > BUDGET {
            let message = "the template grows too large when its functions are applied";
            self.findings.push(Finding::error("TOO_LARGE", span, message));
        }
        self.spent <= BUDGET
    }
}

/// What a copy of a value costs: about the bytes that it takes.
fn weight(node: &Node) -> usize {
    let own = size_of::<Node>() + node.text().map_or(0, str::len);
    let entries = node.entries().iter().map(|entry| entry.key.len() + weight(&entry.value));
    own + node.items().iter().map(weight).chain(entries).sum::<usize>()
}
