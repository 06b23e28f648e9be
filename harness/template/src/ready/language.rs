//! `AWS::LanguageExtensions`: loops are written out, and what only names something is worked out.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html

mod loops;
mod names;

use source::{Entry, Finding, Node, Value};

use crate::Inputs;
use crate::evaluate::Evaluator;
use crate::shape::shown;
use crate::template::{has_language_extensions, surroundings};

/// The sections that the functions of the transform may stand in; conditions first, since the others depend on them.
const SECTIONS: [&str; 3] = ["Conditions", "Resources", "Outputs"];

/// What a loop's key begins with.
const FOR_EACH: &str = "Fn::ForEach";

/// A tree without loops. One in a template that does not ask for the transform is an error, and is left out.
pub(super) fn extend(mut root: Node, inputs: &Inputs) -> (Node, Vec<Finding>) {
    let mut findings = Vec::new();
    if !has_language_extensions(&root) {
        without(&mut root, &mut findings);
        return (root, findings);
    }
    let mut made = 0;
    for name in SECTIONS {
        let Some(section) = root.get(name) else { continue };
        // With the conditions as their own loops have left them.
        let template = surroundings(&root);
        let mut early = Early { evaluator: Evaluator::new(&template, inputs), made };
        // What is wrong with parameters is said when the stack is made.
        early.evaluator.findings.clear();
        let mut section = early.loops(section);
        early.names(&mut section, name);
        made = early.made;
        findings.extend(early.evaluator.findings);
        replace(&mut root, name, section);
    }
    (root, findings)
}

fn replace(root: &mut Node, name: &str, section: Node) {
    let Value::Map(sections) = &mut root.value else { return };
    if let Some(entry) = sections.iter_mut().find(|entry| entry.key == name) {
        entry.value = section;
    }
}

/// Works out what has to be known before any resource is.
struct Early<'t> {
    evaluator: Evaluator<'t>,
    /// How many values loops have made.
    made: usize,
}

impl Early<'_> {
    /// The value of a function; `Some(None)` is `AWS::NoValue`, and `None` one that cannot be worked out, for a reason that is
    /// recorded.
    fn value(&mut self, node: &Node, what: &str) -> Option<Option<Node>> {
        let before = self.evaluator.findings.len();
        let value = self.evaluator.evaluate(node);
        let is_broken = value.as_ref().is_some_and(|value| value.value == Value::Null);
        if !is_broken {
            return Some(value);
        }
        // What is wrong with names of parameters is said when the stack is made.
        if self.evaluator.findings.len() == before {
            let message = format!("{what} cannot be worked out before the stack is made");
            let help = "it may depend on parameters with values, mappings and pseudo parameters";
            self.evaluator.report(Finding::error("NOT_KNOWN_BEFORE", node.span, message).help(help));
        }
        None
    }
}

/// Takes loops away from a template that does not ask for the transform.
fn without(node: &mut Node, findings: &mut Vec<Finding>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| without(item, findings)),
        Value::Map(entries) => {
            entries.retain(|Entry { key, key_span, .. }| {
                let is_loop = key.starts_with(FOR_EACH);
                if is_loop {
                    let message = format!("`{}` needs the transform `AWS::LanguageExtensions`", shown(key));
                    let finding = Finding::error("TRANSFORM_MISSING", *key_span, message);
                    findings.push(finding.help("add `Transform: AWS::LanguageExtensions` to the template"));
                }
                !is_loop
            });
            entries.iter_mut().for_each(|entry| without(&mut entry.value, findings));
        }
        _ => {}
    }
}
