mod assembly;
mod attached;
mod attributes;
mod conditions;
mod intrinsics;
mod language;
mod nested;
mod order;
mod parameters;
mod properties;
mod robust;
mod sam;
mod structure;
mod thread;
mod transforms;

use source::{FileId, Finding, Severity, Span};

use crate::{Inputs, Resource, Stack, Template, resolve};

fn inputs() -> Inputs {
    Inputs::new("123456789012", "ap-northeast-1", "web")
}

fn template(text: &str) -> (Option<Template>, Vec<Finding>) {
    let (node, findings) = source::yaml::read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    crate::read(&node.expect("a tree"))
}

/// A stack of what a template becomes, with everything that was said about it.
fn deployed(text: &str, inputs: &Inputs) -> (Stack, Vec<Finding>) {
    let (node, findings) = source::yaml::read(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    let (tree, mut findings) = crate::ready(&node.expect("a tree"), inputs);
    let (template, more) = crate::read(&tree);
    findings.extend(more);
    let Some(template) = template else { return (Stack::default(), findings) };
    let (stack, more) = resolve(&template, inputs);
    findings.extend(more);
    (stack, findings)
}

/// A stack, with everything that was said about it.
fn stack_with(text: &str, inputs: &Inputs) -> (Stack, Vec<Finding>) {
    let (template, mut findings) = template(text);
    let Some(template) = template else { return (Stack::default(), findings) };
    let (stack, more) = resolve(&template, inputs);
    findings.extend(more);
    (stack, findings)
}

/// A stack about which there is nothing to say.
fn stack(text: &str) -> Stack {
    let (stack, findings) = stack_with(text, &inputs());
    assert_eq!(said(text, &findings), Vec::<String>::new(), "{text}");
    stack
}

fn resource<'s>(stack: &'s Stack, logical_id: &str) -> &'s Resource {
    stack.resources.iter().find(|resource| resource.logical_id == logical_id).expect(logical_id)
}

fn underlined(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// Each finding as `message [help] at text`, warnings marked.
fn said(text: &str, findings: &[Finding]) -> Vec<String> {
    let one = |finding: &Finding| {
        let mark = if finding.severity == Severity::Error { "" } else { "warning: " };
        let help = finding.help.as_ref().map(|help| format!(" [{help}]")).unwrap_or_default();
        format!("{mark}{}{help} at {}", finding.message, underlined(text, finding.span))
    };
    findings.iter().map(one).collect()
}

/// Everything that is said about a template.
fn says(text: &str, expected: &[&str]) {
    says_with(text, &inputs(), expected);
}

fn says_with(text: &str, inputs: &Inputs, expected: &[&str]) {
    let (_, findings) = stack_with(text, inputs);
    assert_eq!(said(text, &findings), expected, "{text}");
}

/// A template of one role, whose description is the value under test, with more sections after it.
fn around(value: &str, sections: &str) -> String {
    format!(
        "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      Description: {value}\n      \
         AssumeRolePolicyDocument: {{}}\n{sections}"
    )
}
