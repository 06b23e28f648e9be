//! What there is to tell of values that AWS gives and the template does not: names, and what is made up in their place.

use account::RecordedDecision;
use policy::ContextValue;
use template::{GeneratedName, MadeUp};

use crate::prepared::Prepared;
use crate::results::{AxisEntry, Cell};

/// The values that only AWS knows and that a decision used, in one line. Of emulators' decisions nothing is known: there it is
/// what the account is made with.
pub(crate) fn made_up(prepared: &Prepared, cells: &[Cell]) -> Option<String> {
    let all: Vec<&MadeUp> = distinct(prepared.trials.iter().flat_map(|trial| &trial.stack.made_up));
    if all.is_empty() {
        return None;
    }
    let mut texts: Vec<String> = cells.iter().filter_map(|cell| cell.recorded.as_ref()).map(compared).collect();
    if texts.is_empty() {
        let calls = prepared.trials.iter().flat_map(|trial| &trial.plan.calls);
        texts = calls.map(|step| step.call.input.to_string()).collect();
    }
    let used = all.into_iter().filter(|value| texts.iter().any(|text| value.is_in(text)));
    let names: Vec<String> = distinct(used.map(|value| &value.what)).iter().map(|what| format!("`{what}`")).collect();
    let told = "AWS gives these values when it makes the stack, and here they are made up";
    (!names.is_empty()).then(|| format!("{told}: {}; what depends on them may differ", names.join(", ")))
}

/// The names that CloudFormation generates, as far as what is told of the results has them.
pub(crate) fn generated_names(prepared: &Prepared, axes: [&[AxisEntry]; 2], cells: &[Cell]) -> Vec<GeneratedName> {
    let all: Vec<&GeneratedName> = distinct(prepared.trials.iter().flat_map(|trial| &trial.stack.generated_names));
    let is_told = |name: &str| {
        let asked = |recorded: &RecordedDecision| {
            let arn = recorded.request.context.get("aws:PrincipalArn");
            recorded.request.resource.contains(name)
                || matches!(arn, Some(ContextValue::One(arn)) if arn.contains(name))
        };
        axes.iter().copied().flatten().any(|entry| entry.what.contains(name))
            || cells.iter().any(|cell| cell.reason.contains(name) || cell.recorded.as_ref().is_some_and(asked))
    };
    all.into_iter().filter(|one| is_told(&one.name)).cloned().collect()
}

/// All that a decision compared with something, as text.
fn compared(RecordedDecision { request, decision }: &RecordedDecision) -> String {
    let mut text = serde_json::to_string(&decision.trace).unwrap_or_default();
    text.push_str(&request.resource);
    for (_, value) in request.context.iter() {
        match value {
            ContextValue::One(value) => text.push_str(value),
            ContextValue::Many(values) => values.iter().for_each(|value| text.push_str(value)),
        }
        text.push(' ');
    }
    text
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut out = Vec::new();
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}
