//! The intrinsic functions.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html

mod import;
mod list;
mod lookup;
mod network;
mod text;

use source::{Finding, Node, Span, Value};

use crate::evaluate::Evaluator;
use crate::shape::{broken, must_be, shown};

/// A function as it was called.
pub(crate) struct Call<'a> {
    pub(crate) name: &'a str,
    pub(crate) argument: &'a Node,
    pub(crate) span: Span,
}

/// What a function does; `None` is `AWS::NoValue`.
pub(crate) type Function = fn(&mut Evaluator<'_>, &Call<'_>) -> Option<Node>;

const FUNCTIONS: &[(&str, Function)] = &[
    ("Ref", lookup::reference),
    ("Fn::Base64", text::base64),
    ("Fn::Cidr", network::cidr),
    ("Fn::FindInMap", lookup::find_in_map),
    ("Fn::GetAZs", network::availability_zones),
    ("Fn::GetAtt", lookup::get_att),
    ("Fn::GetStackOutput", import::get_stack_output),
    ("Fn::If", lookup::choose),
    ("Fn::ImportValue", import::import_value),
    ("Fn::Join", text::join),
    ("Fn::Length", list::length),
    ("Fn::Select", list::select),
    ("Fn::Split", text::split),
    ("Fn::Sub", text::sub),
    ("Fn::ToJsonString", text::to_json_string),
    ("Fn::Transform", transform),
];

pub(crate) fn find(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

/// A macro runs as a function in somebody's account.
fn transform(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    evaluator.transform(call.argument, call.span);
    Some(broken(call.span))
}

impl Call<'_> {
    /// The items of an argument that is a list of so many; what is wrong is recorded.
    fn arguments(&self, evaluator: &mut Evaluator<'_>, counts: &[usize], form: &str) -> Option<&[Node]> {
        let items = self.argument.items();
        if matches!(self.argument.value, Value::List(_)) && counts.contains(&items.len()) {
            return Some(items);
        }
        evaluator.report(self.wrong(form));
        None
    }

    /// The finding that the argument does not have the form it must have.
    fn wrong(&self, form: &str) -> Finding {
        let argument = self.argument;
        let message = match &argument.value {
            Value::List(items) => format!("`{}` must be given {form}, and this has {} items", self.name, items.len()),
            _ => format!("`{}` must be given {form}, and this is {}", self.name, argument.kind()),
        };
        Finding::error("FUNCTION_ARGUMENT", argument.span, message)
    }

    /// The value that stands for a call that failed; why is recorded.
    #[expect(clippy::unnecessary_wraps, reason = "it is what every function returns")]
    const fn broken(&self) -> Option<Node> {
        Some(broken(self.span))
    }
}

/// A list that an argument must give. A null among its items is a value that is broken and was reported.
fn list(evaluator: &mut Evaluator<'_>, node: &Node, what: &str) -> Option<Vec<Node>> {
    let met = evaluator.met();
    let value = evaluator.evaluate(node);
    match value.map(|node| node.value) {
        Some(Value::List(items)) => Some(items),
        Some(Value::Null) => None,
        // Whether it is a list only AWS knows.
        Some(text @ Value::String(_)) if evaluator.met() > met => Some(vec![Node::new(text, node.span)]),
        Some(other) => {
            let found = Node::new(other, node.span);
            evaluator.report(must_be(what, "a list", &found));
            None
        }
        None => {
            let message = format!("{what} must be a list, and this is `AWS::NoValue`");
            evaluator.report(Finding::error("WRONG_TYPE", node.span, message));
            None
        }
    }
}

/// A whole number that an argument must give.
fn integer(evaluator: &mut Evaluator<'_>, node: &Node, what: &str) -> Option<u32> {
    let text = evaluator.evaluate_text(node, what)?;
    let number = text.parse().ok();
    if number.is_none() {
        let message = format!("{what} must be a whole number, and this is `{}`", shown(&text));
        evaluator.report(Finding::error("WRONG_TYPE", node.span, message));
    }
    number
}
