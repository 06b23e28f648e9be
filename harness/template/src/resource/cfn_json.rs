//! The custom resources of the AWS CDK that turn text into JSON and back: `CfnJson` and `Stack.toJsonString`.
//!
//! docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.CfnJson.html

use source::{FileId, Finding, Node, Span};

use crate::evaluate::Evaluator;
use crate::shape::{broken, json, must_be, place, shown, text_node};

/// The property that has the one form, and the attribute that gives the other.
const VALUE: &str = "Value";

/// What its attribute gives; `None` if it is not one of these resources.
pub(crate) fn value(evaluator: &mut Evaluator<'_>, at: usize, attribute: &str, span: Span) -> Option<Node> {
    let resource_type = &*evaluator.template.resources[at].resource_type.value;
    let is_text = match resource_type {
        "Custom::AWSCDKCfnJson" => true,
        "Custom::AWSCDKCfnJsonStringify" => false,
        _ => return None,
    };
    let written = evaluator.template.resources[at].properties.get(VALUE).filter(|_| attribute == VALUE)?.span;
    let value = evaluator.property_value(at, VALUE, span)?;
    match value.text() {
        Some(text) if is_text => Some(parsed(evaluator, text, written, span)),
        None if is_text => {
            evaluator.report(must_be(
                "the `Value` of `Custom::AWSCDKCfnJson`",
                "text",
                &Node::new(value.value, written),
            ));
            Some(broken(span))
        }
        _ => Some(text_node(json(&value).to_string(), span)),
    }
}

/// The value that a text means as JSON, to stand at `span`.
fn parsed(evaluator: &mut Evaluator<'_>, text: &str, written: Span, span: Span) -> Node {
    // A tree takes more than its text.
    if !evaluator.spend(text.len() * 16, span) {
        return broken(span);
    }
    let (tree, findings) = source::json::read(FileId::default(), text);
    match (tree, findings.iter().find(|finding| finding.is_error())) {
        (Some(mut tree), None) => {
            place(&mut tree, span);
            tree
        }
        (_, error) => {
            let why = error.map_or("it is empty", |error| &error.message);
            let message = format!("`{}` is not JSON: {why}", shown(text));
            evaluator.report(Finding::error("VALUE_NOT_JSON", written, message));
            broken(span)
        }
    }
}
