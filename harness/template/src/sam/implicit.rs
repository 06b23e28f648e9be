//! The APIs that SAM makes for events that name none, and the methods that events add to APIs.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-api.html

use std::collections::{BTreeMap, BTreeSet};

use source::{Entry, Node, Value};

use super::build::{At, Merged, set};
use super::intrinsic::{is_call, named_or_text};
use super::resource::{Event, Resource};

/// The API of events of a kind that name none.
struct Kind {
    event: &'static str,
    api: &'static str,
    id: &'static str,
    /// The property of an event that names the API.
    names_api: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind { event: "Api", api: "AWS::Serverless::Api", id: REST, names_api: "RestApiId" },
    Kind { event: "HttpApi", api: "AWS::Serverless::HttpApi", id: HTTP, names_api: "ApiId" },
];

pub(super) const REST: &str = "ServerlessRestApi";
pub(super) const HTTP: &str = "ServerlessHttpApi";

/// `Fn::Or` takes this many conditions.
const MOST: usize = 10;

/// The methods that events of type `Api` add to APIs: by the API's logical id and by path.
pub(super) type Routes<'a> = BTreeMap<String, BTreeMap<&'a str, Vec<&'a str>>>;

/// Adds the APIs, and the conditions they are made under; gives the routes of all events.
pub(super) fn add<'a>(tree: &'a Node, resources: &mut Vec<Entry>, conditions: &mut Vec<Entry>) -> Routes<'a> {
    let declared = tree.get("Resources").map(Node::entries).unwrap_or_default();
    for kind in &KINDS {
        let events: Vec<_> = events(declared, kind.event).filter(|event| event.get(kind.names_api).is_none()).collect();
        if let Some(first) = events.first() {
            let api = api(tree, kind, first.at, &events, conditions);
            set(resources, first.at.entry(kind.id, api));
        }
    }
    let mut routes = Routes::new();
    for event in events(declared, "Api") {
        let api = event.get("RestApiId").map_or(Some(REST), named_or_text);
        if let (Some(api), Some(path), Some(method)) = (api, event.text("Path"), event.text("Method")) {
            routes.entry(api.to_owned()).or_default().entry(path).or_default().push(method);
        }
    }
    routes
}

fn events<'a>(resources: &'a [Entry], of_type: &'static str) -> impl Iterator<Item = Event<'a>> {
    let starts = |resource: &Resource<'_>| {
        ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"].contains(&resource.of_type())
    };
    let events = resources.iter().map(Resource::new).filter(starts).flat_map(Resource::events);
    // An event of an HTTP API needs no properties.
    events.filter(move |event| event.of_type() == of_type && (of_type != "Api" || !event.properties().is_empty()))
}

fn api(tree: &Node, kind: &Kind, at: At, events: &[Event<'_>], conditions: &mut Vec<Entry>) -> Node {
    let mut properties = Vec::new();
    if kind.id == REST {
        properties.push(at.entry("StageName", at.text("Prod")));
    }
    let tags = tags(tree, at, events);
    if !tags.entries().is_empty() {
        properties.push(at.entry("Tags", tags));
        properties.push(at.entry("PropagateTags", at.yes()));
    }
    let properties = Node::new(Value::Map(properties), at.0);
    let mut parts = vec![at.entry("Type", at.text(kind.api)), at.entry("Properties", properties)];
    if let Some(condition) = condition(kind, at, events, conditions) {
        parts.push(at.entry("Condition", at.text(condition)));
    }
    Node::new(Value::Map(parts), at.0)
}

/// The tags of all functions that propagate theirs.
fn tags(tree: &Node, at: At, events: &[Event<'_>]) -> Node {
    let mut all = Merged::default();
    let mut seen = BTreeSet::new();
    for event in events {
        let section = event.of.of_type().rsplit("::").next().unwrap_or_default();
        let globals = tree.get("Globals").and_then(|globals| globals.get(section));
        let property = |name| event.of.get(name).or_else(|| globals?.get(name));
        let propagates = property("PropagateTags").and_then(Node::text) == Some("true");
        // Those of `Globals` stand once for all.
        let source = if event.of.get("Tags").is_some() { event.of.id } else { section };
        if propagates && seen.insert(source) {
            all.extend(property("Tags").map(Node::entries).unwrap_or_default().iter().cloned());
        }
    }
    all.into_node(at)
}

/// An API exists if any of what uses it does.
fn condition(kind: &Kind, at: At, events: &[Event<'_>], conditions: &mut Vec<Entry>) -> Option<String> {
    let used: Option<BTreeSet<&str>> = events.iter().map(|event| event.of.condition()).collect();
    let used = used?;
    if used.len() < 2 {
        return used.first().map(|&name| name.to_owned());
    }
    let name = format!("{}Condition", kind.id);
    any(&name, at, used.into_iter().map(str::to_owned).collect(), conditions);
    Some(name)
}

/// Adds a condition that holds if any of others does.
pub(super) fn any(name: &str, at: At, mut others: Vec<String>, conditions: &mut Vec<Entry>) {
    // Each step takes ten conditions away and adds one.
    let mut more = (others.len() - 1).div_ceil(MOST - 1) - 1;
    while others.len() > 1 {
        let taken: Vec<_> = others.drain(..others.len().min(MOST)).collect();
        let all = taken.iter().map(|name| at.map([("Condition", at.text(name))]));
        let name = if more > 0 { format!("{name}{more}") } else { name.to_owned() };
        more = more.saturating_sub(1);
        set(conditions, at.entry(&*name, at.map([("Fn::Or", at.list(all))])));
        others.push(name);
    }
}

/// Whether SAM writes an API's definition: the template gives none.
pub(super) fn is_made(api: Resource<'_>) -> bool {
    let has = |name| api.get(name).is_some_and(|node| !node.entries().is_empty() || node.text().is_some());
    !has("DefinitionBody") && !has("DefinitionUri")
}

/// The definition that the template gives. Paths and methods in it may be empty: SAM writes them.
pub(super) fn definition(api: Resource<'_>) -> Option<Node> {
    let mut body = api.get("DefinitionBody")?.clone();
    if let Value::Map(parts) = &mut body.value {
        for paths in parts.iter_mut().filter(|part| part.key == "paths") {
            without_empty(&mut paths.value);
        }
    }
    Some(body)
}

fn without_empty(paths: &mut Node) {
    match &mut paths.value {
        Value::Map(entries) => {
            entries.retain(|entry| entry.value.value != Value::Null);
            for entry in entries {
                if let Value::Map(methods) = &mut entry.value.value {
                    methods.retain(|method| method.value.value != Value::Null);
                }
            }
        }
        value if *value == Value::Null => *value = Value::Map(Vec::new()),
        _ => {}
    }
}

/// The paths of an API's definition, each with its item.
pub(super) fn paths(api: Resource<'_>) -> impl Iterator<Item = (&str, &Node)> {
    let paths = api.get("DefinitionBody").and_then(|body| body.get("paths")).map(Node::entries).unwrap_or_default();
    paths.iter().map(|entry| (&*entry.key, &entry.value))
}

/// The methods of a path, which may stand under a condition.
pub(super) fn methods(item: &Node) -> impl Iterator<Item = &str> {
    let under = match item.entries() {
        [entry] if entry.key == "Fn::If" => entry.value.items().get(1..).unwrap_or_default(),
        _ => std::slice::from_ref(item),
    };
    under.iter().filter(|node| !is_call(node)).flat_map(Node::entries).map(|entry| &*entry.key)
}
