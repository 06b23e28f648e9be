//! Functions that make text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use source::{Finding, Node, Value};

use super::{Call, list};
use crate::evaluate::Evaluator;
use crate::references::{Piece, pieces};
use crate::shape::{json, must_be, shown, text_node};

/// No text may get longer: the limit on a template's body.
const MAX_TEXT: usize = 1 << 20;

/// A text result, unless it is too much.
fn made(evaluator: &mut Evaluator<'_>, call: &Call<'_>, text: String) -> Option<Node> {
    if text.len() > MAX_TEXT {
        let message = format!("`{}` makes a text of more than {MAX_TEXT} bytes", call.name);
        evaluator.report(Finding::error("TOO_LARGE", call.span, message));
        return call.broken();
    }
    if !evaluator.spend(text.len(), call.span) {
        return call.broken();
    }
    Some(text_node(text, call.span))
}

pub(super) fn join(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some([delimiter, items]) = call.arguments(evaluator, &[2], "`[delimiter, [values]]`") else {
        return call.broken();
    };
    let delimiter = evaluator.evaluate_text(delimiter, "the delimiter of `Fn::Join`");
    let items = list(evaluator, items, "the second argument of `Fn::Join`");
    let (Some(delimiter), Some(items)) = (delimiter, items) else { return call.broken() };
    let Some(texts) = texts(evaluator, &items, "what `Fn::Join` joins") else { return call.broken() };
    if texts.iter().map(|text| text.len() + delimiter.len()).sum::<usize>() > 2 * MAX_TEXT {
        return made(evaluator, call, "x".repeat(MAX_TEXT + 1));
    }
    made(evaluator, call, texts.join(&*delimiter))
}

/// The texts of evaluated items; what is no text is recorded.
fn texts<'a>(evaluator: &mut Evaluator<'_>, items: &'a [Node], what: &str) -> Option<Vec<&'a str>> {
    let mut all = Some(Vec::new());
    for item in items {
        match item.text() {
            Some(text) => all.iter_mut().for_each(|all| all.push(text)),
            None => {
                if item.value != Value::Null {
                    evaluator.report(must_be(what, "text", item));
                }
                all = None;
            }
        }
    }
    all
}

pub(super) fn split(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some([delimiter, text]) = call.arguments(evaluator, &[2], "`[delimiter, text]`") else {
        return call.broken();
    };
    let written = delimiter.span;
    let delimiter = evaluator.evaluate_text(delimiter, "the delimiter of `Fn::Split`");
    let text = evaluator.evaluate_text(text, "what `Fn::Split` splits");
    let (Some(delimiter), Some(text)) = (delimiter, text) else { return call.broken() };
    if delimiter.is_empty() {
        evaluator.report(Finding::error("FUNCTION_ARGUMENT", written, "the delimiter of `Fn::Split` is empty"));
        return call.broken();
    }
    if !evaluator.spend(text.matches(&*delimiter).count() * 32 + text.len(), call.span) {
        return call.broken();
    }
    let parts = text.split(&*delimiter).map(|part| text_node(part, call.span)).collect();
    Some(Node::new(Value::List(parts), call.span))
}

pub(super) fn base64(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let Some(text) = evaluator.evaluate_text(call.argument, "what `Fn::Base64` encodes") else { return call.broken() };
    made(evaluator, call, STANDARD.encode(text))
}

pub(super) fn sub(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    let (text, variables) = match &call.argument.value {
        Value::List(items) if items.len() == 2 => (&items[0], Some(&items[1])),
        Value::List(_) | Value::Map(_) => {
            evaluator.report(call.wrong("text, or `[text, {Name: value}]`"));
            return call.broken();
        }
        _ => (call.argument, None),
    };
    // The text itself may hold no function.
    let (Some(pattern), Some(values)) = (pattern(evaluator, text), values(evaluator, variables)) else {
        return call.broken();
    };
    let mut out = String::new();
    let mut whole = true;
    for piece in pieces(&pattern) {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Kept(name) => {
                out.push_str("${");
                out.push_str(name);
                out.push('}');
            }
            Piece::Name(name) => match values.iter().find(|(known, _)| *known == name) {
                Some((_, Some(value))) => out.push_str(value),
                Some((_, None)) => whole = false,
                None => match replacement(evaluator, name, text) {
                    Some(value) => out.push_str(&value),
                    None => whole = false,
                },
            },
        }
        if out.len() > MAX_TEXT {
            break;
        }
    }
    if whole { made(evaluator, call, out) } else { call.broken() }
}

fn pattern(evaluator: &mut Evaluator<'_>, node: &Node) -> Option<String> {
    match node.text() {
        Some(text) => Some(text.to_owned()),
        None => {
            evaluator.report(must_be("the text of `Fn::Sub`", "text", node));
            None
        }
    }
}

/// The variables that `Fn::Sub` is given, worked out; without a value where one is broken.
fn values<'a>(evaluator: &mut Evaluator<'_>, node: Option<&'a Node>) -> Option<Vec<(&'a str, Option<String>)>> {
    let Some(node) = node else { return Some(Vec::new()) };
    if !matches!(node.value, Value::Map(_)) {
        evaluator.report(must_be("the variables of `Fn::Sub`", "a mapping", node));
        return None;
    }
    let value = |entry: &'a source::Entry| {
        let what = format!("the variable `{}` of `Fn::Sub`", shown(&entry.key));
        (&*entry.key, evaluator.evaluate_text(&entry.value, &what))
    };
    Some(node.entries().iter().map(value).collect())
}

fn replacement(evaluator: &mut Evaluator<'_>, name: &str, node: &Node) -> Option<String> {
    let met = evaluator.met();
    let value = match name.split_once('.') {
        Some((resource, attribute)) => Some(evaluator.attribute_of(resource, attribute, node.span)),
        None => evaluator.value_of(name, node.span),
    };
    match value.as_ref().map(|value| (&value.value, value.text())) {
        Some((_, Some(text))) => return Some(text.to_owned()),
        Some((Value::Null, _)) => {}
        Some((Value::List(items), _)) if evaluator.met() > met => {
            return items.first().and_then(Node::text).map(str::to_owned);
        }
        _ => {
            let kind = value.as_ref().map_or("nothing", Node::kind);
            let message = format!("`${{{}}}` must be text, and it is {kind}", shown(name));
            let finding = Finding::error("WRONG_TYPE", node.span, message);
            evaluator.report(match kind {
                "a list" => finding.help("make it text with `Fn::Join` in the variables of `Fn::Sub`"),
                _ => finding,
            });
        }
    }
    None
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
pub(super) fn to_json_string(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    if !super::list::extended(evaluator, call) {
        return call.broken();
    }
    match evaluator.evaluate(call.argument) {
        Some(value) if matches!(value.value, Value::Map(_) | Value::List(_)) => {
            made(evaluator, call, json(&value).to_string())
        }
        Some(value) if value.value == Value::Null => call.broken(),
        _ => {
            evaluator.report(call.wrong("a mapping or a list"));
            call.broken()
        }
    }
}
