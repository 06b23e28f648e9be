//! Finished cells against their expectations, as results.

use std::time::Duration;

use indexmap::IndexSet;
use serde_json::Value;

use crate::flow::Cells;
use crate::names::Lookup;
use crate::operations::ScenarioOperation;
use crate::outcome::FinishedCell;
use crate::prepared::Prepared;
use crate::question;
use crate::results::{AxisEntry, Cell, OptionRow, Outcome, Results, Timings};
use crate::scenario::{
    Assume, Caller, CallerKind, Request, RequestKind, Scenario, SignedFor, Step, Tags, Task, Variant,
};
use crate::told;

/// What one option gave.
#[derive(Debug)]
pub struct Gathered {
    /// Its cells, callers outermost.
    pub cells: Cells,
    /// How long it took.
    pub took: Duration,
}

/// The mend that a matrix shows: of a denial, the one thing that is missing. More is for somebody who asks about the cell.
fn evident(cell: &FinishedCell) -> Option<String> {
    let is_denial = cell.outcome != Outcome::Allowed;
    cell.mends.first().filter(|mend| is_denial && mend.is_evident).map(|mend| mend.says.clone())
}

/// Joins everything, in file order.
#[must_use]
pub fn gather(prepared: &Prepared, options: Vec<Gathered>, total: Duration) -> Results {
    let scenario = &prepared.scenario;
    let mut timings = Timings { total, options: Vec::new(), emulator: None };
    let mut cells = Vec::with_capacity(scenario.expectations.len());
    for (option, Gathered { cells: finished, took }) in options.into_iter().enumerate() {
        timings.options.push(took);
        for (at, cell) in finished.into_iter().enumerate() {
            let (caller, request) = (at / scenario.requests.len(), at % scenario.requests.len());
            let expectation = scenario.expectation(option, caller, request).clone();
            let ok = expectation.expected.met_by(&cell.outcome);
            let mend = evident(&cell);
            cells.push(Cell {
                option,
                caller,
                request,
                outcome: cell.outcome,
                expectation,
                ok,
                reason: cell.reason,
                mend,
                mends: cell.mends,
                recorded: cell.recorded,
                task: cell.task,
            });
        }
    }
    let words = Words { scenario, names: prepared.trials.iter().map(|trial| &trial.names).collect() };
    let callers: Vec<_> = scenario.callers.iter().map(|caller| words.caller(caller)).collect();
    let requests: Vec<_> = scenario.requests.iter().map(|request| words.request(request)).collect();
    Results {
        scenario: prepared.name.clone(),
        title: scenario.title.clone(),
        source: scenario.source.clone(),
        options: scenario.options.iter().map(row).collect(),
        generated_names: told::generated_names(prepared, [&callers, &requests], &cells),
        notes: told::made_up(prepared, &cells).into_iter().collect(),
        callers,
        requests,
        cells,
        claims: Vec::new(),
        changes: scenario.changes.clone(),
        not_applied: prepared.not_applied.clone(),
        bare: None,
        timings,
    }
}

fn row(variant: &Variant) -> OptionRow {
    OptionRow {
        name: variant.name.clone(),
        under_test: variant.under_test.as_ref().map(|statement| statement.text.clone()),
        condition: variant.condition.as_ref().map(|condition| template::json(condition).to_string()),
        changes: variant.changes.clone(),
    }
}

/// Puts callers and requests into words.
struct Words<'a> {
    scenario: &'a Scenario,
    /// What each option sends for names.
    names: Vec<&'a Lookup>,
}

impl Words<'_> {
    fn caller(&self, Caller { name, kind, .. }: &Caller) -> AxisEntry {
        let what = match kind {
            CallerKind::Task(task) => task_words(task) + &self.before(&task.before),
            CallerKind::User(user) => format!("user {user}"),
            CallerKind::Assume(assume) => assume_words(self.scenario.name_of(&assume.by), assume),
            CallerKind::Captured(captured) => {
                let whom = match captured.signed_for {
                    SignedFor::Broker => "the broker",
                    SignedFor::Elsewhere => "somebody else",
                };
                format!("somebody with what {} signed for {whom}", self.scenario.callers[captured.of].name)
            }
        };
        AxisEntry { name: name.clone(), what }
    }

    fn request(&self, request: &Request) -> AxisEntry {
        let what = match &request.kind {
            RequestKind::Container { name, .. } => format!("the command of container {name}"),
            RequestKind::Action(asked) => question::words(asked),
            RequestKind::Call { operation, input, .. } => self.call(operation, input),
        };
        AxisEntry { name: request.name.clone(), what: what + &self.before(&request.before) }
    }

    fn before(&self, before: &[Step]) -> String {
        let words = |step: &Step| {
            let by = step.by.as_ref().map(|by| format!(" by {}", self.scenario.name_of(by))).unwrap_or_default();
            format!(", after {}{by}", self.call(step.operation, &step.input))
        };
        before.iter().map(words).collect()
    }

    fn call(&self, operation: &ScenarioOperation, input: &Value) -> String {
        let members = input.as_object().into_iter().flatten().map(|(name, value)| match value {
            Value::String(text) => format!(" {name}={text}{}", self.sent(operation, name, text)),
            other => format!(" {name}={}", flow(other)),
        });
        std::iter::once(operation.row.name.to_owned()).chain(members).collect()
    }

    /// ` (reports-bucket-abc)`: what is sent for a logical id.
    fn sent(&self, operation: &ScenarioOperation, name: &str, written: &str) -> String {
        let Some(member) = operation.member(name) else { return String::new() };
        let sent: IndexSet<_> = self.names.iter().filter_map(|names| names.sent(member, written)).collect();
        let sent: Vec<_> = sent.into_iter().collect();
        if sent.is_empty() { String::new() } else { format!(" ({})", sent.join(" or ")) }
    }
}

fn task_words(task: &Task) -> String {
    let mut words = format!("task {}", task.definition);
    if let Some(cluster) = &task.cluster {
        words.push_str(&format!(" in cluster {cluster}"));
    }
    words.push_str(&match task.tags.is_empty() {
        true => ", untagged".to_owned(),
        false => format!(", tagged {}", pairs(&task.tags)),
    });
    if !task.definition_tags.is_empty() {
        words.push_str(&format!(", its definition tagged {}", pairs(&task.definition_tags)));
    }
    if task.propagate_tags {
        words.push_str(", propagateTags TASK_DEFINITION");
    }
    if task.managed_tags {
        words.push_str(", enableECSManagedTags");
    }
    if !task.through_broker {
        words.push_str(", past the broker");
    }
    words
}

fn assume_words(by: &str, assume: &Assume) -> String {
    let mut words = format!("session of {} assumed by {by}", assume.role);
    if !assume.session_tags.is_empty() {
        words.push_str(&format!(", tagged {}", pairs(&assume.session_tags)));
    }
    if !assume.transitive.is_empty() {
        words.push_str(&format!(", transitive {}", assume.transitive.join(", ")));
    }
    let texts = [
        ("named", &assume.session_name),
        ("with source identity", &assume.source_identity),
        ("with external id", &assume.external_id),
    ];
    for (what, text) in texts.into_iter().filter_map(|(what, text)| Some((what, text.as_ref()?))) {
        words.push_str(&format!(", {what} {text}"));
    }
    if assume.session_policy.is_some() {
        words.push_str(", with a session policy");
    }
    if assume.through_broker {
        words.push_str(", through the broker");
    }
    words
}

fn pairs(tags: &Tags) -> String {
    let pairs: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(", ")
}

/// A structure as YAML would have it in one line; a list of tags as `[Status=OK]`.
fn flow(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", joined(items.iter().map(|item| tag(item).unwrap_or_else(|| flow(item))).collect()))
        }
        Value::Object(members) => {
            format!("{{{}}}", joined(members.iter().map(|(name, value)| format!("{name}: {}", flow(value))).collect()))
        }
        other => other.to_string(),
    }
}

/// `key` and `value` in ECS, `Key` and `Value` elsewhere.
fn tag(item: &Value) -> Option<String> {
    let member = |one: &str, other: &str| item.get(one).or_else(|| item.get(other))?.as_str();
    Some(format!("{}={}", member("key", "Key")?, member("value", "Value")?))
}
