//! Functions that take a value of another stack.

use source::{Finding, Node, Value};

use super::Call;
use crate::evaluate::Evaluator;
use crate::shape::{must_be, shown, text_node};

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
pub(super) fn import_value(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    match evaluator.evaluate_text(call.argument, "the name of an export") {
        Some(name) => {
            let message = format!("no stack exports `{}` here", shown(&name));
            imported(evaluator, call, &name, message)
        }
        None => call.broken(),
    }
}

/// An output of a stack, exported or not: given as `Stack.Output`, and as `region/Stack.Output` where it is another region's.
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
pub(super) fn get_stack_output(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Option<Node> {
    if !matches!(call.argument.value, Value::Map(_)) {
        evaluator.report(call.wrong("`{StackName: …, OutputName: …}`"));
        return call.broken();
    }
    let mut part = |name: &str| {
        let node = call.argument.get(name)?;
        Some(evaluator.evaluate_text(node, &format!("`{name}` of `Fn::GetStackOutput`")))
    };
    let (stack, output, region) = (part("StackName"), part("OutputName"), part("Region"));
    let (Some(stack), Some(output)) = (stack, output) else {
        evaluator.report(call.wrong("`{StackName: …, OutputName: …}`"));
        return call.broken();
    };
    let (Some(stack), Some(output), region @ (None | Some(Some(_)))) = (stack, output, region) else {
        return call.broken();
    };
    let region = region.flatten().filter(|region| *region != evaluator.inputs.region);
    let elsewhere = region.map(|region| format!("{region}/")).unwrap_or_default();
    let name = format!("{elsewhere}{stack}.{output}");
    let message = format!("the output `{}` of another stack is not known here", shown(&name));
    imported(evaluator, call, &name, message)
}

fn imported(evaluator: &mut Evaluator<'_>, call: &Call<'_>, name: &str, missing: String) -> Option<Node> {
    let inputs = evaluator.inputs;
    if let Some(found) = inputs.imports.iter().find(|entry| entry.key == name) {
        if let Some(text) = found.value.text() {
            return Some(text_node(text, call.span));
        }
        let what = format!("the export `{}`", shown(name));
        evaluator.report(must_be(&what, "text", &found.value));
        return call.broken();
    }
    let finding = Finding::error("UNKNOWN_EXPORT", call.span, missing).about(name);
    let near = source::suggest(name, inputs.imports.iter().map(|entry| &*entry.key));
    evaluator.report(finding.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("give its value: `imports: {{{}: …}}`", shown(name)),
    }));
    call.broken()
}
