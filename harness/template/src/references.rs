//! Every name a template refers to, whether it is reached or not: CloudFormation refuses a template for an unknown
//! name in a branch that is never taken, too.

use source::{Finding, Node, Span, Value};

use crate::attribute::lacking;
use crate::evaluate::PSEUDO;
use crate::shape::{MAX_FINDINGS, Text, shown};
use crate::template::Template;

/// Reports every name that is not declared.
pub(crate) fn check(template: &Template) -> Vec<Finding> {
    let mut check = Check { template, findings: Vec::new(), in_conditions: true };
    for condition in &template.conditions {
        check.walk(&condition.value);
    }
    check.in_conditions = false;
    for resource in &template.resources {
        check.walk(&resource.properties);
        resource.depends_on.iter().for_each(|name| check.depends_on(name));
        if let Some(condition) = &resource.condition {
            check.condition(&condition.value, condition.span);
        }
    }
    for output in &template.outputs {
        check.walk(&output.value);
        if let Some((name, node)) = output.value.get("Condition").and_then(|node| Some((node.text()?, node))) {
            check.condition(name, node.span);
        }
    }
    check.findings
}

/// A piece of the text of `Fn::Sub`.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece<'a> {
    Literal(&'a str),
    /// `${Name}`, without the brackets.
    Name(&'a str),
    /// `${!Name}`: stands as `${Name}` in the result, without the brackets.
    Kept(&'a str),
}

/// Cuts the text of `Fn::Sub` up.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start + 2..].find('}') else { break };
        let inner = &rest[start + 2..start + 2 + length];
        if start > 0 {
            pieces.push(Piece::Literal(&rest[..start]));
        }
        pieces.push(inner.strip_prefix('!').map_or(Piece::Name(inner), Piece::Kept));
        rest = &rest[start + 2 + length + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// The resource and the attribute that `Fn::GetAtt` names, in either form; `None` if a part is no plain text.
pub(crate) fn get_att(argument: &Node) -> Option<(Text, Text)> {
    match &argument.value {
        Value::String(text) => {
            let (resource, attribute) = text.split_once('.')?;
            Some((Text::new(resource, argument.span), Text::new(attribute, argument.span)))
        }
        Value::List(items) => {
            let [resource, attribute] = &items[..] else { return None };
            Some((Text::new(resource.text()?, resource.span), Text::new(attribute.text()?, attribute.span)))
        }
        _ => None,
    }
}

struct Check<'t> {
    template: &'t Template,
    findings: Vec<Finding>,
    /// In the section `Conditions` no resource may be named.
    in_conditions: bool,
}

impl Check<'_> {
    fn walk(&mut self, node: &Node) {
        if let [entry] = node.entries() {
            self.function(&entry.key, &entry.value);
        }
        node.items().iter().for_each(|item| self.walk(item));
        node.entries().iter().for_each(|entry| self.walk(&entry.value));
    }

    fn function(&mut self, name: &str, argument: &Node) {
        let first = || argument.items().first().and_then(|node| Some((node.text()?, node)));
        match name {
            "Ref" => {
                if let Some(text) = argument.text() {
                    self.reference(text, argument.span);
                }
            }
            "Fn::GetAtt" => {
                if let Some((resource, attribute)) = get_att(argument) {
                    self.attribute(&resource, &attribute);
                } else if let Some((text, node)) = first() {
                    // The attribute's name is worked out later.
                    self.resource(&Text::new(text, node.span));
                }
            }
            "Fn::If" => {
                if let Some((text, node)) = first() {
                    self.condition(text, node.span);
                }
            }
            "Condition" if self.in_conditions => {
                if let Some(text) = argument.text() {
                    self.condition(text, argument.span);
                }
            }
            "Fn::Sub" => match first() {
                Some((text, node)) => self.sub(text, node.span, argument.items().get(1)),
                None => self.sub(argument.text().unwrap_or_default(), argument.span, None),
            },
            _ => {}
        }
    }

    fn sub(&mut self, text: &str, span: Span, variables: Option<&Node>) {
        for piece in pieces(text) {
            let Piece::Name(name) = piece else { continue };
            if variables.is_some_and(|variables| variables.get(name).is_some()) {
                continue;
            }
            match name.split_once('.') {
                Some((resource, attribute)) => {
                    self.attribute(&Text::new(resource, span), &Text::new(attribute, span));
                }
                None if name.contains(':') && !name.starts_with("AWS::") || name.contains(['/', '*', ' ', ',']) => {
                    self.policy_variable(name, span);
                }
                None => self.reference(name, span),
            }
        }
    }

    /// `${aws:username}` is a variable of the policy language, and `Fn::Sub` takes it for one of its own.
    fn policy_variable(&mut self, name: &str, span: Span) {
        let trimmed = name.trim();
        let name = shown(name);
        if PSEUDO.contains(&trimmed) || self.template.declared.contains(trimmed) {
            let message = format!("blanks stand in `${{{name}}}`");
            self.report(Finding::error("UNKNOWN_NAME", span, message).help(format!("write `${{{trimmed}}}`")));
            return;
        }
        let message = format!("`${{{name}}}` is nothing that `Fn::Sub` can replace");
        self.report(
            Finding::error("UNKNOWN_NAME", span, message)
                .help(format!("write `${{!{name}}}` to keep `${{{name}}}` for IAM"))
                .see("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html"),
        );
    }

    fn reference(&mut self, name: &str, span: Span) {
        let template = self.template;
        if PSEUDO.contains(&name) {
            return;
        }
        if self.in_conditions && template.index.contains_key(name) {
            let message = format!("a condition cannot refer to the resource `{}`", shown(name));
            self.report(Finding::error("RESOURCE_IN_CONDITION", span, message).help("refer to a parameter"));
        } else if !template.declared.contains(name) {
            let known = template.declared.iter().map(String::as_str).chain(PSEUDO.iter().copied());
            self.unknown("UNKNOWN_NAME", "no parameter or resource is called", name, span, sorted(known));
        }
    }

    /// The index of a resource that may be named here.
    fn resource(&mut self, resource: &Text) -> Option<usize> {
        let template = self.template;
        let Some(&at) = template.index.get(&resource.value) else {
            if !template.declared.contains(&resource.value) || self.is_parameter(&resource.value) {
                let known = template.index.keys().map(String::as_str);
                self.unknown("UNKNOWN_NAME", "no resource is called", &resource.value, resource.span, sorted(known));
            }
            return None;
        };
        if self.in_conditions {
            let message = format!("a condition cannot refer to the resource `{}`", shown(&resource.value));
            self.report(Finding::error("RESOURCE_IN_CONDITION", resource.span, message).help("refer to a parameter"));
            return None;
        }
        Some(at)
    }

    fn attribute(&mut self, resource: &Text, attribute: &Text) {
        let Some(at) = self.resource(resource) else { return };
        if let Some(finding) = lacking(&self.template.resources[at], attribute) {
            self.report(finding);
        }
    }

    fn is_parameter(&self, name: &str) -> bool {
        self.template.parameters.iter().any(|parameter| parameter.name.value == name)
    }

    fn condition(&mut self, name: &str, span: Span) {
        let template = self.template;
        if !template.condition_index.contains_key(name) && self.findings.len() < MAX_FINDINGS {
            let known = template.conditions.iter().map(|entry| &*entry.key).collect();
            self.unknown("UNKNOWN_CONDITION", "no condition is called", name, span, known);
        }
    }

    fn depends_on(&mut self, name: &Text) {
        if !self.template.declared.contains(&name.value) || self.is_parameter(&name.value) {
            let known = self.template.index.keys().map(String::as_str);
            self.unknown("UNKNOWN_NAME", "no resource is called", &name.value, name.span, sorted(known));
        }
    }

    fn unknown(&mut self, code: &'static str, message: &str, name: &str, span: Span, known: Vec<&str>) {
        if self.findings.len() < MAX_FINDINGS {
            let finding = Finding::error(code, span, format!("{message} `{}`", shown(name)));
            self.findings.push(finding.suggest(name, known));
        }
    }

    fn report(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

/// Names from a hash set have no order of their own, and a suggestion must not change from run to run.
fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_sub_is_cut_at_its_names() {
        use Piece::{Kept, Literal, Name};
        assert_eq!(pieces("a${B}c"), [Literal("a"), Name("B"), Literal("c")]);
        assert_eq!(pieces("${A.B}${!C}"), [Name("A.B"), Kept("C")]);
        assert_eq!(pieces("$A {B} ${"), [Literal("$A {B} ${")]);
        assert_eq!(pieces("$${A}"), [Literal("$"), Name("A")]);
        assert_eq!(pieces("${}"), [Name("")]);
        assert_eq!(pieces(""), []);
    }
}
