//! One cell, statement by statement.

use std::borrow::Cow;

use matrix::{Cell, Prepared, RecordedDecision, Results};
use policy::trace::{ConditionTrace, ElementTrace, PolicyTrace, StatementTrace, Trace, Word};
use policy::undocumented::Row;
use policy::{Change, ContextValue, Decision, Mend, Principal, Request, Verdict};
use source::escaped;

use crate::reasons;

/// Values of an element shown; a list of a hundred helps nobody.
const MOST_VALUES: usize = 4;
/// Above the policies: what the marks below mean.
const POLICIES: &str = "Policies (✓ matches, ✗ does not)";

/// Everything that is known of one cell: outcome, expectation, the reason, what the request carried, and what each
/// statement and each condition said to it; of the expectation and of each statement where it is written.
#[must_use]
pub fn explanation(prepared: &Prepared, results: &Results, cell: &Cell) -> String {
    // A cell that was not run is none that surprises.
    let is_unmet = !cell.ok && cell.outcome.why_not_run().is_none();
    let mut lines = vec![
        format!(
            "{} / {} / {}: {}{}",
            results.options[cell.option].name,
            results.callers[cell.caller].name,
            results.requests[cell.request].name,
            reasons::outcome(&cell.outcome),
            if is_unmet { ", not as expected" } else { "" }
        ),
        String::new(),
    ];
    let expectation = &cell.expectation;
    let because = expectation.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
    let predicted = expectation.predicted.map(|_| ", a prediction that nobody has confirmed").unwrap_or_default();
    lines.push(format!("Expected  {}{because}{predicted}", expectation.expected.word()));
    lines.extend(expectation.see.iter().map(|see| format!("          {see}")));
    lines.push(format!("          {}", prepared.sources.locate(expectation.span)));
    lines.push(format!("Reason    {}", cell.reason));
    if let Some(task) = &cell.task {
        lines.push(format!("Task      {}", reasons::ended(task)));
        lines.extend(reasons::printed(&task.output).into_iter().map(|line| format!("          | {line}")));
    }
    if let Some(recorded) = &cell.recorded {
        lines.extend(names(results, recorded));
        lines.extend(mended_below(&cell.mends));
        lines.extend(request(&recorded.request));
        let written = |policy: &PolicyTrace, statement: &StatementTrace| {
            prepared.written(cell.option, policy, statement).map(|span| prepared.sources.locate(span))
        };
        lines.extend(recorded.decision.trace.iter().flat_map(|one| trace(one, &written)));
    }
    // What was recorded has the ids of one run in it.
    lines.iter().map(|line| format!("{}\n", matrix::normal(&escaped(line)))).collect()
}

/// The names in a request that the template does not give: `Data is scenario-data-abc123`.
fn names(results: &Results, recorded: &RecordedDecision) -> Vec<String> {
    let arn = match recorded.request.context.get("aws:PrincipalArn") {
        Some(ContextValue::One(arn)) => arn.as_str(),
        _ => "",
    };
    let is_in_it = |name: &str| recorded.request.resource.contains(name) || arn.contains(name);
    let all = results.generated_names.iter().filter(|one| is_in_it(&one.name));
    all.enumerate()
        .map(|(at, one)| format!("{:10}{} is {}", if at == 0 { "Names" } else { "" }, one.logical_id, one.name))
        .collect()
}

/// The answer to one question: the verdict, what there is to know of the request, the reason, what there is to know of
/// policies, what would change it, and, if they are wanted, the request and what each statement and each condition said to it.
#[must_use]
pub fn answer(
    asked: &Request,
    decision: &Decision,
    mends: &[Mend],
    notes: &[&str],
    of_policies: &[&str],
    with_trace: bool,
) -> String {
    let mut lines = vec![verdict(decision.verdict).to_owned(), String::new()];
    lines.extend(notes.iter().map(|note| format!("Note      {note}")));
    lines.push(format!("Reason    {}", decision.reason(asked)));
    lines.extend(of_policies.iter().map(|note| format!("Note      {note}")));
    lines.extend(decision.fact.map(|fact| format!("Fact      {}: {}", fact.id, fact.page)));
    lines.extend(decision.notes.iter().map(|row| format!("Note      {}", undocumented(row))));
    lines.extend(mended_below(mends));
    if with_trace {
        lines.extend(request(asked));
        lines.extend([String::new(), POLICIES.to_owned()]);
        lines.extend(decision.trace.iter().flat_map(|trace| &trace.policies).flat_map(|one| policy(one, &|_, _| None)));
    }
    lines.iter().map(|line| format!("{}\n", escaped(line))).collect()
}

/// The heading of what would change a decision.
pub(crate) const MENDS: &str = "What would change it:";

/// What would change it, after an empty line, with what to paste below each sentence.
pub(crate) fn mended_below(mends: &[Mend]) -> Vec<String> {
    if mends.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), MENDS.to_owned()];
    let mut written: Vec<Vec<String>> = Vec::new();
    for mend in mends {
        lines.push(format!("  - {}", mend.says));
        for whole in mend.changes.iter().map(change).filter(|whole| !whole.is_empty()) {
            match written.iter().find_map(|before| differs(before, &whole)) {
                Some(line) => lines.push(format!("    the same, with this line in it: {}", line.trim())),
                None => {
                    lines.extend(whole.iter().cloned());
                    written.push(whole);
                }
            }
        }
    }
    lines
}

/// The line in which a change differs from one before, if it is one.
fn differs<'l>(before: &[String], whole: &'l [String]) -> Option<&'l str> {
    let mut other = before.iter().zip(whole).filter(|(one, other)| one != other).map(|(_, other)| other.as_str());
    let line = other.next().filter(|_| before.len() == whole.len())?;
    other.next().is_none().then_some(line)
}

/// A change that is to be pasted, and where.
fn change(change: &Change) -> Vec<String> {
    let Change::Statement { at, replaces, statement } = change else { return Vec::new() };
    let name = at.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let new = if at.name.is_none() { "a new " } else { "" };
    let level = at.level.map(|level| format!(" (level {level})")).unwrap_or_default();
    let place = match replaces {
        Some(index) => format!("    in place of statement {index} of {}{name}{level}:", at.kind.words()),
        None => format!("    as one more statement of {new}{}{name}{level}:", at.kind.words()),
    };
    std::iter::once(place).chain(statement.json().lines().map(|line| format!("    {line}"))).collect()
}

pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ImplicitlyDenied => "implicitly denied",
        Verdict::ExplicitlyDenied => "explicitly denied",
    }
}

pub(crate) fn undocumented(row: &Row) -> String {
    row.to_string()
}

pub(crate) fn request(request: &Request) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        "Request".to_owned(),
        format!("  principal  {}", caller(&request.principal)),
        format!("  action     {}", request.action),
        format!("  resource   {}", request.resource),
        "  context".to_owned(),
    ];
    let mut keys: Vec<String> =
        request.context.iter().map(|(key, value)| format!("    {key} = {}", shown(value))).collect();
    keys.sort();
    lines.extend(keys);
    lines
}

fn caller(principal: &Principal) -> Cow<'_, str> {
    match principal {
        Principal::Service { name } => Cow::Borrowed(name),
        Principal::Federated { provider } => Cow::Borrowed(provider),
        _ => principal.arn().unwrap_or(Cow::Borrowed("anonymous")),
    }
}

/// Where a statement is written, if that is known.
type Written<'a> = dyn Fn(&PolicyTrace, &StatementTrace) -> Option<String> + 'a;

pub(crate) fn trace(trace: &Trace, written: &Written<'_>) -> Vec<String> {
    let mut lines = vec![String::new(), POLICIES.to_owned()];
    lines.extend(trace.policies.iter().flat_map(|one| policy(one, written)));
    lines.extend(trace.notes.iter().map(|row| format!("  {}", undocumented(row))));
    lines
}

fn policy(policy: &PolicyTrace, written: &Written<'_>) -> Vec<String> {
    let level = policy.level.map(|level| format!(" (level {level})")).unwrap_or_default();
    let word = match policy.word {
        Word::Allows => "allows",
        Word::Denies => "denies",
        Word::Silent => "says nothing",
    };
    let mut lines = vec![format!("  {} {}{level}: {word}", policy.kind.words(), policy.name)];
    lines.extend(policy.statements.iter().flat_map(|one| statement(one, written(policy, one))));
    lines
}

fn statement(statement: &StatementTrace, written: Option<String>) -> Vec<String> {
    let sid = statement.sid.as_ref().map(|sid| format!(" {sid}")).unwrap_or_default();
    let outcome = match &statement.failed {
        Some(element) => format!("does not match: {element}"),
        None => "matches".to_owned(),
    };
    let written = written.map(|place| format!("  ({place})")).unwrap_or_default();
    let mut lines = vec![format!("    {}{sid} {}: {outcome}{written}", statement.index, statement.effect)];
    lines.extend(statement.elements.iter().map(element));
    lines.extend(statement.conditions.iter().map(condition));
    lines
}

/// The value that the request met, or all that it did not.
fn element(element: &ElementTrace) -> String {
    let mut values: Vec<_> = element.shown().collect();
    if let Some(met) = element.on.filter(|&on| on < values.len()) {
        values = vec![values.swap_remove(met)];
    }
    let more = values.len().saturating_sub(MOST_VALUES);
    values.truncate(MOST_VALUES);
    let more = if more > 0 { format!(" | {more} more") } else { String::new() };
    let mark = if element.matched { "✓" } else { "✗" };
    format!("      {mark} {}  {}{more}", element.element, values.join(" | "))
}

pub(crate) fn condition(condition: &ConditionTrace) -> String {
    let mark = if condition.holds { "✓" } else { "✗" };
    format!("      {mark} {} {}  {}", condition.operator, condition.key, compared(condition, "  "))
}

/// What a condition expects and what the request has, with what may surprise about it after a gap.
pub(crate) fn compared(condition: &ConditionTrace, gap: &str) -> String {
    let pairs = condition.values.iter().zip(&condition.resolved);
    let resolved: Vec<_> =
        pairs.map(|(written, value)| expected(&condition.operator, written, value.as_deref())).collect();
    let has = condition.context.as_ref().map_or_else(|| "none".to_owned(), shown);
    let flags: Vec<_> = condition.flags.iter().map(|flag| flag.words()).collect();
    let flags = if flags.is_empty() { String::new() } else { format!("{gap}({})", flags.join("; ")) };
    format!("expected {}, request has {has}{flags}", resolved.join(" | "))
}

/// What a value of a policy came to. A wildcard that a variable brings is text.
fn expected(operator: &str, written: &str, value: Option<&str>) -> String {
    let takes_wildcards = operator.contains("Like") || operator.contains("Arn");
    match value {
        None => format!("{written} (no value)"),
        Some(value) if takes_wildcards && written.contains("${") && value != written && value.contains(['*', '?']) => {
            format!("{value} ({written}; what a variable brings is text)")
        }
        Some(value) => value.to_owned(),
    }
}

/// A value in quotes as JSON has it, so that nothing in it can pass for something else.
pub(crate) fn shown(value: &ContextValue) -> String {
    let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
    match value {
        ContextValue::One(value) => quoted(value),
        ContextValue::Many(values) => format!("[{}]", values.iter().map(quoted).collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{differs, expected};

    #[test]
    fn statements_that_differ_in_one_line_are_written_once() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        for (one, other, line) in
            [("a\n  b: 1\nc", "a\n  b: 2\nc", Some("  b: 2")), ("a\nb\nc", "a\nx\ny", None), ("a\nb", "a\nb\nc", None)]
        {
            let (one, other) = (lines(one), lines(other));
            assert_eq!(differs(&one, &other), line, "{one:?} {other:?}");
        }
    }

    #[test]
    fn an_expected_value_tells_of_the_variable_that_it_came_from() {
        for (operator, written, value, told) in [
            ("StringEquals", "${aws:PrincipalTag/team}", None, "${aws:PrincipalTag/team} (no value)"),
            ("StringLike", "${aws:username}", Some("*"), "* (${aws:username}; what a variable brings is text)"),
            ("StringLike", "a*", Some("a*"), "a*"),
            ("StringLike", "${aws:username}", Some("ann"), "ann"),
        ] {
            assert_eq!(expected(operator, written, value), told);
        }
    }
}
