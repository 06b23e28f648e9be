//! Nested stacks: the template of one is worked out where it stands, with the parameters that it is given there.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html

use std::rc::Rc;

use source::{Entry, Finding, Node, Span, Value};

use crate::evaluate::Evaluator;
use crate::inputs::{Inputs, Within};
use crate::names;
use crate::parameter::PARAMETER_WITHOUT_VALUE;
use crate::ready::ready;
use crate::resolve::{Stack, resolve};
use crate::shape::{MAX_NODES, broken, must_be, shown, text_node};
use crate::template;

/// The type of a resource that is a stack.
pub(crate) const STACK: &str = "AWS::CloudFormation::Stack";

/// Stacks may be nested in each other this deep.
const MAX_NESTED: usize = 20;

/// A nested stack, worked out.
pub(crate) struct Child {
    /// What `Ref` gives.
    pub(crate) stack_id: String,
    /// What it makes, with the logical ids of its own template.
    pub(crate) stack: Stack,
    /// Whether all of it could be worked out.
    pub(crate) is_whole: bool,
}

/// A template that lies inside another, and what it is resolved with.
pub(crate) struct Inner<'a> {
    /// Its tree.
    pub(crate) tree: &'a Node,
    /// The logical id of the resource that it belongs to.
    pub(crate) of: &'a str,
    /// Its parameters.
    pub(crate) parameters: Vec<Entry>,
    /// The account and the region that it is made in.
    pub(crate) place: (&'a str, &'a str),
    /// The name of its stack.
    pub(crate) stack_name: &'a str,
}

impl Evaluator<'_> {
    /// The nested stack that a resource is, if its template is here.
    pub(crate) fn nested(&mut self, at: usize) -> Option<Rc<Child>> {
        let template = self.template;
        if template.resources[at].resource_type.value != STACK {
            return None;
        }
        if let Some(known) = self.children.get(&at) {
            return known.clone();
        }
        // One that depends on itself is a circle, which the order of the resources tells.
        self.children.insert(at, None);
        let child = self.child(at).map(Rc::new);
        self.children.insert(at, child.clone());
        child
    }

    /// What `Nested.Outputs.Name` gives; `None` where that is not known, or something else is asked for.
    pub(crate) fn output_of(&mut self, at: usize, attribute: &str, span: Span) -> Option<Node> {
        let child = self.nested(at)?;
        let name = attribute.strip_prefix("Outputs.")?;
        if let Some(output) = child.stack.outputs.iter().find(|output| output.name == name) {
            return Some(text_node(&*output.value, span));
        }
        if child.is_whole {
            let nested = shown(&self.template.resources[at].logical_id.value);
            let message = format!("the template of `{nested}` has no output `{}`", shown(name));
            let known = child.stack.outputs.iter().map(|output| &*output.name);
            self.report(Finding::error("UNKNOWN_OUTPUT", span, message).suggest_among(name, known));
        }
        Some(broken(span))
    }

    /// The tree of a nested stack's template: given by its logical id or URL, noted beside it, or at the path that stands there.
    fn tree(&mut self, at: usize) -> Option<&Node> {
        let template = self.template;
        let declared = &template.resources[at];
        let inputs = self.inputs;
        let by = declared.logical_id.span.file;
        let given = inputs.files.given(&self.path(&declared.logical_id.value));
        let noted = || inputs.files.named(by, declared.asset_path.as_deref()?);
        let url = declared.properties.get("TemplateURL")?;
        given.or_else(noted).or_else(|| {
            let url = self.peek(url)?;
            let url = url.text()?;
            inputs.files.named(by, url).or_else(|| inputs.files.at(url))
        })
    }

    /// The logical id of a resource with those of the stacks around it: `Outer.Inner`.
    pub(crate) fn path(&self, logical_id: &str) -> String {
        match &*self.inputs.within.path {
            "" => logical_id.to_owned(),
            outer => format!("{outer}.{logical_id}"),
        }
    }

    fn child(&mut self, at: usize) -> Option<Child> {
        let template = self.template;
        let inputs = self.inputs;
        let declared = &template.resources[at];
        let tree = self.tree(at)?.clone();
        let parameters = match declared.properties.get("Parameters") {
            Some(node) => self.parameters_of(node)?,
            None => Vec::new(),
        };
        // "STACK-LOGICALID-RANDOM"
        let stack_name = names::physical(&inputs.stack_name, &declared.logical_id.value, 128);
        let inner = Inner {
            tree: &tree,
            of: &declared.logical_id.value,
            parameters,
            place: (&inputs.account, &inputs.region),
            stack_name: &stack_name,
        };
        let (child, findings) = self.inner(inner, declared.logical_id.span)?;
        findings.into_iter().for_each(|finding| self.file(of_nested(finding, &declared.logical_id.value)));
        Some(child)
    }

    /// The parameters of a nested stack, each a text; `None` if one is broken, which is told where the resource is evaluated.
    fn parameters_of(&mut self, node: &Node) -> Option<Vec<Entry>> {
        let value = self.peek(node)?;
        let mut whole = matches!(value.value, Value::Map(_));
        for Entry { key, value, .. } in value.entries() {
            if matches!(value.value, Value::List(_) | Value::Map(_)) {
                let finding = must_be(&format!("the parameter `{}` of a nested stack", shown(key)), "text", value);
                // "you can't pass values that are of type CommaDelimitedList to nested stacks"
                self.file(finding.help("make it text with `Fn::Join`"));
            }
            whole &= value.text().is_some();
        }
        whole.then(|| value.entries().to_vec())
    }

    /// Works an inner template out, with what there is to say of it; `None` where it lies in itself or too deep.
    pub(crate) fn inner(&mut self, inner: Inner<'_>, span: Span) -> Option<(Child, Vec<Finding>)> {
        let Inner { tree, of, parameters, place, stack_name } = inner;
        let within = &self.inputs.within;
        if within.trees.contains(&tree.span) || within.trees.len() >= MAX_NESTED {
            let message = format!("`{}` nests stacks without end, or more than {MAX_NESTED} deep", shown(of));
            self.file(Finding::error("NESTED_TOO_DEEP", span, message));
            return None;
        }
        if !self.spend(count(tree), span) || !self.descend(span) {
            return None;
        }
        let inputs = Inputs {
            parameters,
            imports: self.inputs.imports.clone(),
            files: self.inputs.files.clone(),
            within: Within {
                trees: within.trees.iter().copied().chain([tree.span]).collect(),
                depth: self.depth,
                spent: self.spent,
                path: self.path(of),
            },
            ..Inputs::new(place.0, place.1, stack_name)
        };
        let (tree, mut findings) = ready(tree, &inputs);
        let (read, more) = template::read(&tree);
        findings.extend(more);
        let mut stack = Stack::default();
        if let Some(read) = read {
            let (resolved, more) = resolve(&read, &inputs);
            self.spent = self.spent.max(resolved.spent);
            stack = resolved;
            findings.extend(more);
        }
        self.ascend();
        let is_whole = !findings.iter().any(Finding::is_error);
        Some((Child { stack_id: inputs.stack_id, stack, is_whole }, findings))
    }
}

/// The template of a nested stack as it was written, by the logical ids that lead to it: `Outer.Inner`. `None` if it is not
/// here.
#[must_use]
pub fn nested_template(tree: &Node, path: &str, inputs: &Inputs) -> Option<Node> {
    let mut tree = tree.clone();
    let mut inputs = inputs.clone();
    for logical_id in path.split('.') {
        let (ready, _) = ready(&tree, &inputs);
        let template = template::read(&ready).0?;
        let at = *template.index.get(logical_id)?;
        let mut evaluator = Evaluator::new(&template, &inputs);
        let inner = evaluator.tree(at)?.clone();
        let outer = evaluator.path(logical_id);
        drop(evaluator);
        tree = inner;
        inputs.within.path = outer;
    }
    Some(tree)
}

/// What is said of a nested template, with where to give it what it lacks.
fn of_nested(finding: Finding, logical_id: &str) -> Finding {
    if finding.code != PARAMETER_WITHOUT_VALUE {
        return finding;
    }
    let name = shown(finding.about.as_deref().unwrap_or("NAME"));
    let help = format!("give it in the template around it: `Parameters: {{{name}: …}}` of `{}`", shown(logical_id));
    Finding { code: "NESTED_PARAMETER_WITHOUT_VALUE", ..finding.help(help) }
}

/// How many values a tree has, up to more than any template may have.
fn count(tree: &Node) -> usize {
    let mut open = vec![tree];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        if count > MAX_NODES {
            break;
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    count
}
