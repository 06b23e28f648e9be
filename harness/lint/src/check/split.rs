//! A statement written out as several, each for the resources on which its conditions can hold.

use std::collections::BTreeMap;

use catalog::Row;
use policy::wildcard::covers;
use serde_json::{Map, Value as Json};
use source::{Node, Span, Value};

use super::meet::{arns_overlap, meets};
use super::rows::{Reach, can_hold, is_sure, turns_on_absence};
use crate::glob::{UNKNOWN, completed, glob, overlap};
use crate::written::{ActionItem, Condition, Effect, Statement, Written};

/// The statements, in JSON: one for the other actions, as it was; for an Allow one for each set of conditions that the
/// rows of the action can meet; for a Deny one for the rows that carry a key it asks for. `None`: resources that
/// cannot be told apart by their ARNs, or text that is not known yet.
pub(super) fn statements(
    policy: &Written<'_>,
    statement: &Statement<'_>,
    reach: &Reach,
    item: &ActionItem<'_>,
) -> Option<Vec<String>> {
    if statement.not_resource || is_unknown(statement.node) {
        return None;
    }
    let rows = reach.met(*item.actions.first()?);
    let parts = match statement.effect? {
        Effect::Allow => by_conditions(policy, statement, &rows)?,
        Effect::Deny => vec![(dependent(policy, statement, &rows)?, Vec::new())],
    };
    let mut sids = Sids::of(policy, statement);
    let others = statement.actions.len() > 1;
    let mut out = Vec::new();
    if others {
        let rest = |node: &Node| node.items().iter().filter(|one| one.span != item.span).cloned().collect();
        out.push(write(statement.node, |name, node| match name {
            "Action" => Some(one_or_many(rest(node))),
            _ => Some(node.clone()),
        }));
    }
    let are_several = parts.len() > 1;
    for (resources, left_out) in parts {
        let sid = if others || are_several { sids.next(left_out.is_empty()) } else { sids.own() };
        out.push(write(statement.node, |name, node| match name {
            "Sid" => sid.clone().map(text),
            "Action" => Some(text(item.text)),
            "Resource" => Some(one_or_many(resources.iter().map(text).collect())),
            "Condition" => without(node, &left_out),
            _ => Some(node.clone()),
        }));
    }
    Some(out)
}

/// Resources, and the conditions that cannot hold on them.
type Part = (Vec<String>, Vec<usize>);

/// The resources by the conditions that cannot hold on them. `None` if one would be of two parts, where it would be
/// allowed without a condition that it can meet.
fn by_conditions(
    policy: &Written<'_>,
    statement: &Statement<'_>,
    rows: &[Row],
) -> Option<Vec<(Vec<String>, Vec<Span>)>> {
    // What fails everywhere is another fault, and without it the statement would allow what it is not meant to.
    let fails_at = |condition: &Condition<'_>| rows.iter().filter(|row| !can_hold(condition, **row)).count();
    let can_go = |condition: &Condition<'_>| match fails_at(condition) {
        0 => true,
        count => count < rows.len() && is_sure(condition, rows),
    };
    if !statement.conditions.iter().all(can_go) {
        return None;
    }
    let mut parts: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
    for row in rows {
        let fails = |(at, condition): (usize, &Condition<'_>)| (!can_hold(condition, *row)).then_some(at);
        let failing = statement.conditions.iter().enumerate().filter_map(fails).collect();
        parts.entry(failing).or_default().extend(resources(policy, statement, *row)?);
    }
    let parts = parts.into_iter().filter(|(_, resources)| !resources.is_empty());
    let parts: Vec<Part> = parts.map(|(failing, resources)| (unique(resources), failing)).collect();
    let mut pairs =
        parts.iter().enumerate().flat_map(|(at, one)| parts.iter().skip(at + 1).map(move |other| (one, other)));
    if pairs.any(|(one, other)| !are_apart(one, other) && !are_apart(other, one)) {
        return None;
    }
    let span = |at: usize| statement.conditions.get(at).map(|condition| condition.name_span);
    let mut parts: Vec<(Vec<_>, Vec<_>)> = parts
        .into_iter()
        .map(|(resources, failing)| (resources, failing.into_iter().filter_map(span).collect()))
        .collect();
    parts.sort_by_key(|(_, left_out)| left_out.len());
    Some(parts)
}

/// Whether no resource of the looser part is one of the stricter part.
fn are_apart((strict, failing): &Part, (loose, failing_too): &Part) -> bool {
    let is_looser = failing.iter().all(|at| failing_too.contains(at));
    loose.iter().all(|pattern| strict.iter().all(|other| is_apart(pattern, other, is_looser)))
}

/// The resources on which a Deny depends on what the request carries, of those on which it can fire.
fn dependent(policy: &Written<'_>, statement: &Statement<'_>, rows: &[Row]) -> Option<Vec<String>> {
    let fires = |row: &&Row| statement.conditions.iter().all(|condition| can_hold(condition, **row));
    let depends = |row: &&Row| statement.conditions.iter().any(|condition| turns_on_absence(condition, **row));
    let (dependent, always): (Vec<_>, Vec<_>) = rows.iter().filter(fires).partition(depends);
    let of = |rows: Vec<&Row>| {
        let found: Option<Vec<_>> = rows.into_iter().map(|row| resources(policy, statement, *row)).collect();
        found.map(|found| unique(found.into_iter().flatten().collect()))
    };
    let (dependent, always) = (of(dependent)?, of(always)?);
    let is_apart_of_all = |one: &String| always.iter().all(|other| is_apart(one, other, true));
    (!dependent.is_empty() && dependent.iter().all(is_apart_of_all)).then_some(dependent)
}

/// Whether a pattern is of nothing that another one is meant for. A form that goes on where another ends is of what
/// lies below: nothing of `index/*/experience/*` is an index.
fn is_apart(pattern: &str, other: &str, can_be_below: bool) -> bool {
    let (pattern, other) = (glob(pattern), glob(other));
    !arns_overlap(&pattern, &other) || can_be_below && pattern != other && covers(&other, &pattern)
}

/// The resources of a row that a statement is about: its own ARNs, or the row's where they are narrower.
pub(super) fn resources(policy: &Written<'_>, statement: &Statement<'_>, row: Row) -> Option<Vec<String>> {
    let of = row.resource_type()?;
    let mut found = Vec::new();
    for own in statement.resources.iter().map(|own| completed(own.text)) {
        for form in of.wildcards(partition(&own).unwrap_or_else(|| common_partition(policy))) {
            let is_met = overlap(&glob(&own), &form) && meets(row.action().service(), of, &glob(&own));
            if is_met && !lacks_a_part(&own, &form) {
                found.push(narrower(&own, &form)?);
            }
        }
    }
    Some(found)
}

/// Whether a pattern leaves a region or an account empty that every ARN of a form has.
fn lacks_a_part(own: &str, form: &str) -> bool {
    let mut places = own.splitn(6, ':').zip(form.splitn(6, ':')).skip(3).take(2);
    places.any(|(own, form)| own.is_empty() && form == "*")
}

/// What is of both patterns, if that is a pattern.
fn narrower(own: &str, form: &str) -> Option<String> {
    let of_two = |own: &str, form: &str| match (covers(form, &glob(own)), covers(own, form)) {
        (true, _) => Some(own.to_owned()),
        (_, true) => Some(form.to_owned()),
        _ => None,
    };
    of_two(own, form).or_else(|| {
        let parts: Option<Vec<_>> =
            own.splitn(6, ':').zip(form.splitn(6, ':')).map(|(own, form)| of_two(own, form)).collect();
        parts.filter(|parts| parts.len() == 6).map(|parts| parts.join(":"))
    })
}

fn partition(arn: &str) -> Option<&str> {
    let partition = arn.strip_prefix("arn:")?.split(':').next()?;
    (!partition.contains("${") && !partition.contains(UNKNOWN)).then_some(partition)
}

/// The partition that the policy's ARNs are of.
pub(super) fn common_partition<'a>(policy: &Written<'a>) -> &'a str {
    let mut resources = policy.statements.iter().flat_map(|statement| &statement.resources);
    resources.find_map(|resource| partition(resource.text)).unwrap_or("aws")
}

fn unique(mut texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

/// The Condition without some of its keys; `None` if none is left.
fn without(node: &Node, left_out: &[Span]) -> Option<Node> {
    let mut node = node.clone();
    if let Value::Map(operators) = &mut node.value {
        for operator in &mut *operators {
            if let Value::Map(keys) = &mut operator.value.value {
                keys.retain(|key| !left_out.contains(&key.key_span));
            }
        }
        operators.retain(|operator| !operator.value.entries().is_empty());
    }
    (!node.entries().is_empty()).then_some(node)
}

/// Names for the statements: a Sid must be unique in its policy.
struct Sids<'a> {
    own: Option<&'a str>,
    used: Vec<String>,
}

impl<'a> Sids<'a> {
    fn of(policy: &Written<'a>, statement: &Statement<'a>) -> Self {
        let used = policy.statements.iter().filter_map(|one| one.sid).map(|sid| sid.text.to_owned()).collect();
        Self { own: statement.sid.map(|sid| sid.text), used }
    }

    fn own(&self) -> Option<String> {
        self.own.map(str::to_owned)
    }

    fn next(&mut self, is_conditioned: bool) -> Option<String> {
        let base = format!("{}{}", self.own?, if is_conditioned { "WithCondition" } else { "WithoutCondition" });
        let mut sid = base.clone();
        let mut number = 1;
        while self.used.contains(&sid) {
            number += 1;
            sid = format!("{base}{number}");
        }
        self.used.push(sid.clone());
        Some(sid)
    }
}

/// A statement in JSON with some of its elements changed, or left out.
fn write(statement: &Node, change: impl Fn(&str, &Node) -> Option<Node>) -> String {
    let entries = statement.entries().iter();
    let changed = entries.filter_map(|entry| Some((entry.key.clone(), json(&change(&entry.key, &entry.value)?))));
    // Written with two spaces for each level, as AWS's examples are.
    format!("{:#}", Json::Object(changed.collect()))
}

fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) | Value::String(text) => Json::String(text.clone()),
        Value::List(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect::<Map<_, _>>())
        }
    }
}

fn text(text: impl Into<String>) -> Node {
    Node::new(Value::String(text.into()), Span::default())
}

fn one_or_many(mut nodes: Vec<Node>) -> Node {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => Node::new(Value::List(nodes), Span::default()),
    }
}

fn is_unknown(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.iter().any(is_unknown),
        Value::Map(entries) => entries.iter().any(|entry| entry.key.contains(UNKNOWN) || is_unknown(&entry.value)),
        _ => node.text().is_some_and(|text| text.contains(UNKNOWN)),
    }
}
