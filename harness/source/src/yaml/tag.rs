//! CloudFormation's short forms: a tag on a value becomes a mapping of one entry.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html

use saphyr_parser::Tag;

use super::place::Places;
use super::shown;
use crate::{Entry, Finding, Node, Span, Value};

/// Short form and long form.
const SHORT: &[(&str, &str)] = &[
    ("!And", "Fn::And"),
    ("!Base64", "Fn::Base64"),
    ("!Cidr", "Fn::Cidr"),
    ("!Condition", "Condition"),
    ("!Contains", "Fn::Contains"),
    ("!EachMemberEquals", "Fn::EachMemberEquals"),
    ("!EachMemberIn", "Fn::EachMemberIn"),
    ("!Equals", "Fn::Equals"),
    ("!FindInMap", "Fn::FindInMap"),
    ("!GetAZs", "Fn::GetAZs"),
    ("!GetAtt", "Fn::GetAtt"),
    ("!If", "Fn::If"),
    ("!ImportValue", "Fn::ImportValue"),
    ("!Join", "Fn::Join"),
    ("!Length", "Fn::Length"),
    ("!Not", "Fn::Not"),
    ("!Or", "Fn::Or"),
    ("!Ref", "Ref"),
    ("!RefAll", "Fn::RefAll"),
    ("!Select", "Fn::Select"),
    ("!Split", "Fn::Split"),
    ("!Sub", "Fn::Sub"),
    ("!ToJsonString", "Fn::ToJsonString"),
    ("!Transform", "Fn::Transform"),
    ("!ValueOf", "Fn::ValueOf"),
    ("!ValueOfAll", "Fn::ValueOfAll"),
];

/// The node that a tag makes of `inner`, and what there is to say about the tag.
pub(super) fn apply(tag: &Tag, inner: Node, span: Span, places: &Places<'_>) -> (Node, Option<Finding>) {
    if tag.is_yaml_core_schema() && !is_text(tag) {
        return core(&tag.suffix, inner, span);
    }
    if is_text(tag) {
        return core("str", inner, span);
    }
    let written = format!("{}{}", tag.handle, tag.suffix);
    match SHORT.iter().find(|(short, _)| *short == written) {
        Some((_, long)) => (long_form(long, inner, span, places), None),
        None => {
            let finding = Finding::error("UNKNOWN_TAG", span, format!("unknown tag `{}`", shown(&written)))
                .suggest(&written, SHORT.iter().map(|(short, _)| *short));
            (inner, Some(finding))
        }
    }
}

/// Whether a tag says that a scalar is text: `!!str`, or `!`, which is YAML's other way to say so.
pub(super) fn is_text(tag: &Tag) -> bool {
    (tag.is_yaml_core_schema() && tag.suffix == "str") || (tag.handle.is_empty() && tag.suffix == "!")
}

fn long_form(long: &str, inner: Node, span: Span, places: &Places<'_>) -> Node {
    let whole = span.to(inner.span);
    let value = if long == "Fn::GetAtt" { dotted(inner, places) } else { inner };
    Node::new(Value::Map(vec![Entry { key: long.to_owned(), key_span: span, value }]), whole)
}

/// `A.B.C` is the list `A`, `B.C`: a logical id has no dot in it.
fn dotted(node: Node, places: &Places<'_>) -> Node {
    let Value::String(text) = &node.value else { return node };
    let Some((resource, attribute)) = text.split_once('.') else { return node };
    // The parts get spans of their own where the text stands in the file as it is.
    let (first, second) = match places.text(node.span).find(text.as_str()) {
        Some(at) => {
            let start = node.span.start as usize + at;
            let dot = start + resource.len();
            (places.at(start, dot), places.at(dot + 1, start + text.len()))
        }
        None => (node.span, node.span),
    };
    let part = |text: &str, span| Node::new(Value::String(text.to_owned()), span);
    let parts = vec![part(resource, first), part(attribute, second)];
    Node::new(Value::List(parts), node.span)
}

/// YAML's own tags: those whose type this tree has.
fn core(suffix: &str, inner: Node, span: Span) -> (Node, Option<Finding>) {
    let fits = match (suffix, &inner.value) {
        ("str", Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            let text = match inner.value {
                Value::Null => String::new(),
                Value::Bool(value) => value.to_string(),
                Value::Number(text) | Value::String(text) => text,
                Value::List(_) | Value::Map(_) => return (inner, None),
            };
            return (Node::new(Value::String(text), inner.span), None);
        }
        ("int" | "float", Value::Number(_)) => true,
        ("bool", Value::Bool(_)) => true,
        ("null", Value::Null) => true,
        ("seq", Value::List(_)) => true,
        ("map", Value::Map(_)) => true,
        _ => false,
    };
    if fits {
        return (inner, None);
    }
    let finding = Finding::error("UNKNOWN_TAG", span, format!("`!!{}` cannot be applied here", shown(suffix)))
        .help(format!("take the tag away: the value reads as {}", inner.kind()))
        .see("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html");
    (inner, Some(finding))
}
