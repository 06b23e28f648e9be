//! `requests`: what is asked.

use serde_json::{Map, Value};
use source::{Entry, Finding, Node, Value as Tree};

use super::fields::Reader;
use crate::calls::{self, Kind, Member, Need, Operation};
use crate::scenario::{Request, RequestKind};

/// Reads the requests.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Vec<Request> {
    let mut requests = Vec::new();
    for entry in reader.map(node, "`requests`") {
        if let Some(kind) = kind(reader, &entry.value, &format!("request `{}`", entry.key)) {
            requests.push(Request { name: entry.key.clone(), kind });
        }
    }
    requests
}

fn kind(reader: &mut Reader, node: &Node, what: &str) -> Option<RequestKind> {
    if let Some(container) = node.get("container") {
        reader.fields(node, what, &["container"]);
        let span = container.span;
        return reader.text(container, "`container`").map(|name| RequestKind::Container { name, span });
    }
    let Some(call) = node.get("call") else {
        reader.map(node, what);
        reader.say(
            Finding::error("NO_REQUEST_KIND", node.span, format!("{what} does not say what is asked"))
                .help("give it `call: s3:GetObject` with its parameters, or `container: NAME`"),
        );
        return None;
    };
    let name = reader.text(call, "`call`")?;
    let Some(operation) = calls::operation(&name) else {
        let mut finding =
            Finding::error("UNKNOWN_OPERATION", call.span, format!("there is no operation `{name}` here"));
        finding.help = calls::hint(&name);
        reader.say(finding);
        return None;
    };
    Some(RequestKind::Call { operation, input: input(reader, node, operation) })
}

/// The parameters in AWS's spelling and order of the file.
fn input(reader: &mut Reader, node: &Node, operation: &'static Operation) -> Value {
    let mut input = Map::new();
    for Entry { key, key_span, value } in node.entries().iter().filter(|entry| entry.key != "call") {
        let Some(member) = operation.member(key) else {
            let message = format!("`{}` has no parameter `{key}` here", operation.name);
            let known = operation.members.iter().map(|member| member.name);
            reader.say(Finding::error("UNKNOWN_PARAMETER", *key_span, message).suggest(key, known));
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
            reader.say(Finding::error("MISSING_PARAMETER", node.span, message));
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
