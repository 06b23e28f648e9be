//! Functions on lists.

use source::{Finding, Node, Value};

use super::{Call, integer, list};
use crate::evaluate::Evaluator;
use crate::shape::text_node;

pub(super) fn select(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some([index, items]) = call.arguments(evaluator, &[2], "`[index, [values]]`") else { return call.broken() };
    let written = index.span;
    let index = integer(evaluator, index, "the index of `Fn::Select`");
    let (met, is_written) = (evaluator.met(), matches!(items.value, Value::List(_)));
    let items = list(evaluator, items, "the second argument of `Fn::Select`");
    let (Some(index), Some(mut items)) = (index, items) else { return call.broken() };
    let count = items.len();
    if index as usize >= count && !is_written && evaluator.met() > met {
        // How many there are only AWS knows.
        return Some(items.pop().unwrap_or_else(|| text_node("made-up", call.span)));
    }
    if index as usize >= count {
        let message = format!("`Fn::Select` asks for item {index}, and the list has {count}, counted from 0");
        evaluator.report(Finding::error("INDEX_OUT_OF_RANGE", written, message));
        return call.broken();
    }
    Some(items.swap_remove(index as usize))
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
pub(super) fn length(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    if !extended(evaluator, call) {
        return call.broken();
    }
    match list(evaluator, call.argument, "what `Fn::Length` counts") {
        Some(items) => Some(Node::new(Value::Number(items.len().to_string()), call.span)),
        None => call.broken(),
    }
}

/// Whether the template asks for the functions of AWS::LanguageExtensions.
pub(super) fn extended(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> bool {
    if evaluator.template.language_extensions {
        return true;
    }
    let message = format!("`{}` needs the transform `AWS::LanguageExtensions`", call.name);
    evaluator.report(
        Finding::error("TRANSFORM_MISSING", call.span, message)
            .help("add `Transform: AWS::LanguageExtensions` to the template"),
    );
    false
}
