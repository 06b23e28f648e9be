//! `requests`: what is asked.

use serde_json::{Map, Value};
use source::{Entry, Finding, Node, Value as Tree};

use super::fields::{Reader, near_key, nearest};
use super::{action, step};
use crate::operations::{self, Member, MemberKind, OPTIONS, Presence, ScenarioOperation};
use crate::scenario::{Name, Names, Request, RequestKind};

/// Reads the requests; `callers` are the names of all callers.
pub(super) fn read(reader: &mut Reader, node: &Node, callers: &[&str]) -> Vec<Request> {
    let mut requests = Vec::new();
    for entry in reader.map(node, "`requests`") {
        let what = format!("request `{}`", entry.key);
        let kind = kind(reader, &entry.value, &what);
        let before = step::read(reader, entry.value.get("before"), &what, callers);
        if let Some(kind) = kind {
            requests.push(Request { name: entry.key.clone(), before, kind });
        }
    }
    requests
}

fn kind(reader: &mut Reader, node: &Node, what: &str) -> Option<RequestKind> {
    if let Some(container) = node.get("container") {
        reader.fields(node, what, &["container", "before"]);
        let span = container.span;
        return reader.text(container, "`container`").map(|name| RequestKind::Container { name, span });
    }
    if let Some(action) = node.get("action") {
        return action::read(reader, node, action, what).map(RequestKind::Action);
    }
    let Some(call) = node.get("call") else {
        reader.map(node, what);
        reader.say(
            Finding::error("NO_REQUEST_KIND", node.span, format!("{what} does not say what is asked"))
                .help("give it `call: s3:GetObject` with its parameters, `action: sqs:ReceiveMessage` with a `resource`, or `container: NAME`"),
        );
        return None;
    };
    let (operation, input, names) = self::call(reader, node, call, &["call", "before"])?;
    Some(RequestKind::Call { operation, input, names })
}

/// The operation that `call` names, with its parameters: the other keys of the node but those that are `apart`.
pub(super) fn call(
    reader: &mut Reader,
    node: &Node,
    call: &Node,
    apart: &[&str],
) -> Option<(&'static ScenarioOperation, Value, Names)> {
    let name = reader.text(call, "`call`")?;
    let Some(operation) = operations::operation(&name) else {
        let mut finding =
            Finding::error("UNKNOWN_OPERATION", call.span, format!("there is no operation `{name}` here"));
        finding.help = operations::hint(&name);
        if let Some(action) = asked_as(&name) {
            let resource = if action.rows().any(|row| row.resource_type().is_some()) { "…" } else { "'*'" };
            finding.help = finding
                .help
                .or_else(|| Some(format!("ask it as `action: {}` with `resource: {resource}`", action.name())));
        }
        reader.say(finding);
        return None;
    };
    let (input, names) = input(reader, node, operation, apart);
    Some((operation, input, names))
}

/// The action that a name of AWS's is, or that an operation of that name asks.
fn asked_as(name: &str) -> Option<catalog::Action> {
    catalog::action(name).or_else(|| catalog::operation(name)?.actions().first().copied())
}

/// The parameters in AWS's spelling and order of the file, and what of them are names.
fn input(reader: &mut Reader, node: &Node, operation: &'static ScenarioOperation, apart: &[&str]) -> (Value, Names) {
    let (mut input, mut names) = (Map::new(), Names::new());
    let mut meant = Vec::new();
    let parameters = node.entries().iter().filter(|entry| !apart.contains(&entry.key.as_str()));
    for Entry { key, key_span, value } in parameters {
        let Some(member) = operation.member(key) else {
            let message = format!("`{}` has no parameter `{key}` here", operation.row.name);
            let known: Vec<String> = operation.members.iter().map(|member| spelled(member.name, key)).collect();
            let known: Vec<&str> = known.iter().map(String::as_str).chain(apart.iter().copied()).collect();
            meant.extend(nearest(key, &known).map(str::to_owned));
            reader.say(near_key(Finding::error("UNKNOWN_PARAMETER", *key_span, message), key, known));
            continue;
        };
        if let Some(value) = parameter(reader, value, member, &mut names) {
            input.insert(member.name.to_owned(), value);
        }
    }
    let missing = |member: &&Member| member.presence == Presence::Required && !input.contains_key(member.name);
    for member in operation.members.iter().filter(missing) {
        let is_it = |name: &str| name.eq_ignore_ascii_case(member.name);
        // Of one that is misspelt it is told already.
        if !node.entries().iter().any(|entry| is_it(&entry.key)) && !meant.iter().any(|name| is_it(name)) {
            let message = format!("`{}` needs the parameter `{}`", operation.row.name, member.name);
            let help = format!("add `{}: …`", spelled(member.name, ""));
            reader.say(Finding::error("MISSING_PARAMETER", node.span, message).help(help));
        }
    }
    (Value::Object(input), names)
}

/// A parameter's name as a scenario has it: the first letter is small unless what was written has a capital there.
fn spelled(member: &str, written: &str) -> String {
    match (member.split_at_checked(1), written.starts_with(|c: char| c.is_ascii_uppercase())) {
        (Some((first, rest)), false) => first.to_ascii_lowercase() + rest,
        _ => member.to_owned(),
    }
}

fn parameter(reader: &mut Reader, node: &Node, member: &Member, names: &mut Names) -> Option<Value> {
    let what = format!("`{}`", member.name);
    match (&member.kind, &node.value) {
        (MemberKind::Text, _) => reader.any_text(node, &what).map(Value::String),
        (MemberKind::Texts, _) => Some(reader.texts(Some(node), &what).into_iter().map(Value::String).collect()),
        (MemberKind::Name(of), _) => {
            let name = reader.name(node, &what)?;
            names.push((Some(*of), name.clone()));
            Some(Value::String(name.text))
        }
        (MemberKind::Task, _) => {
            let text = reader.text(node, &what)?;
            names.push((None, Name { text: text.clone(), span: node.span }));
            Some(Value::String(text))
        }
        (MemberKind::Tasks, _) => {
            let listed = reader.names(Some(node), &what);
            names.extend(listed.iter().map(|name| (None, name.clone())));
            Some(listed.into_iter().map(|name| Value::String(name.text)).collect())
        }
        (MemberKind::Structure(known), Tree::List(_) | Tree::Map(_)) => Some(structure(reader, node, &what, known)),
        (MemberKind::Flag, Tree::Bool(_)) => Some(template::json(node)),
        (MemberKind::Number, Tree::Number(text)) if text.parse::<i32>().is_ok() => Some(template::json(node)),
        (kind, _) => {
            let wanted = match kind {
                MemberKind::Flag => "`true` or `false`",
                MemberKind::Number => "a whole number",
                _ => "a list or a mapping",
            };
            reader.say(Finding::error(
                "WRONG_TYPE",
                node.span,
                format!("{what} must be {wanted}, not {}", node.kind()),
            ));
            None
        }
    }
}

/// A list or a structure with its members in AWS's spelling.
fn structure(reader: &mut Reader, node: &Node, what: &str, known: &[&'static str]) -> Value {
    match &node.value {
        Tree::List(items) => items.iter().map(|item| structure(reader, item, what, known)).collect(),
        Tree::Map(entries) => {
            let mut members = Map::new();
            for Entry { key, key_span, value } in entries {
                let Some(name) = known.iter().find(|name| name.eq_ignore_ascii_case(key)) else {
                    let finding = Finding::error("UNKNOWN_PARAMETER", *key_span, format!("{what} has no `{key}` here"));
                    reader.say(near_key(finding, key, known.iter().copied()));
                    continue;
                };
                let value =
                    if *name == OPTIONS { template::json(value) } else { structure(reader, value, what, known) };
                members.insert((*name).to_owned(), value);
            }
            Value::Object(members)
        }
        _ => template::json(node),
    }
}
