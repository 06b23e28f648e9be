//! `requests`: what is asked.

use serde_json::{Map, Value};
use source::{Entry, Finding, Node, Value as Tree};

use super::fields::Reader;
use super::{action, step};
use crate::calls::{self, Kind, Member, Need, Operation};
use crate::scenario::{Request, RequestKind};

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
    let (operation, input) = self::call(reader, node, call, &["call", "before"])?;
    Some(RequestKind::Call { operation, input })
}

/// The operation that `call` names, with its parameters: the other keys of the node but those that are `apart`.
pub(super) fn call(
    reader: &mut Reader,
    node: &Node,
    call: &Node,
    apart: &[&str],
) -> Option<(&'static Operation, Value)> {
    let name = reader.text(call, "`call`")?;
    let Some(operation) = calls::operation(&name) else {
        let mut finding =
            Finding::error("UNKNOWN_OPERATION", call.span, format!("there is no operation `{name}` here"));
        finding.help = calls::hint(&name);
        reader.say(finding);
        return None;
    };
    Some((operation, input(reader, node, operation, apart)))
}

/// The parameters in AWS's spelling and order of the file.
fn input(reader: &mut Reader, node: &Node, operation: &'static Operation, apart: &[&str]) -> Value {
    let mut input = Map::new();
    let parameters = node.entries().iter().filter(|entry| !apart.contains(&entry.key.as_str()));
    for Entry { key, key_span, value } in parameters {
        let Some(member) = operation.member(key) else {
            let message = format!("`{}` has no parameter `{key}` here", operation.name);
            let known = operation.members.iter().map(|member| member.name);
            reader.say(Finding::error("UNKNOWN_PARAMETER", *key_span, message).suggest_among(key, known));
            continue;
        };
        if let Some(value) = parameter(reader, value, member) {
            input.insert(member.name.to_owned(), value);
        }
    }
    let missing = |member: &&Member| member.need == Need::Required && !input.contains_key(member.name);
    for member in operation.members.iter().filter(missing) {
        if !node.entries().iter().any(|entry| entry.key.eq_ignore_ascii_case(member.name)) {
            let message = format!("`{}` needs the parameter `{}`", operation.name, member.name);
            let help = format!("add `{}: …`", member.name);
            reader.say(Finding::error("MISSING_PARAMETER", node.span, message).help(help));
        }
    }
    Value::Object(input)
}

fn parameter(reader: &mut Reader, node: &Node, member: &Member) -> Option<Value> {
    let what = format!("`{}`", member.name);
    match (member.kind, &node.value) {
        (Kind::Text | Kind::Task, _) => reader.any_text(node, &what).map(Value::String),
        (Kind::Texts | Kind::Tasks, _) => {
            Some(reader.texts(Some(node), &what).into_iter().map(Value::String).collect())
        }
        (Kind::Flag, Tree::Bool(_)) | (Kind::Structure, Tree::List(_) | Tree::Map(_)) => Some(template::json(node)),
        (Kind::Number, Tree::Number(text)) if text.parse::<i32>().is_ok() => Some(template::json(node)),
        (kind, _) => {
            let wanted = match kind {
                Kind::Flag => "`true` or `false`",
                Kind::Number => "a whole number",
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
