//! `Tags.member.1.Key=…` → `{"Tags": [{"Key": …}]}`: the names are AWS's own, every leaf is text.

use std::collections::BTreeMap;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::answer::Answer;

/// IAM's largest call (a simulation with policies and context) stays far below.
const MAX_PARAMETERS: usize = 20_000;
/// The deepest IAM has: `ContextEntries.member.1.ContextKeyValues.member.1`.
const MAX_DEPTH: usize = 12;

/// A call of the query protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `Action`
    pub action: String,
    /// `Version`; empty if it is not given.
    pub version: String,
    /// All other parameters.
    pub input: Value,
}

/// Why a form is no call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryError {
    /// No `Action`.
    MissingAction,
    /// Parameters that contradict each other, are too many or are nested too deep.
    Malformed {
        /// The name of the parameter.
        parameter: String,
    },
}

impl QueryError {
    /// docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
    pub fn answer(&self) -> Answer {
        match self {
            QueryError::MissingAction => Answer::new(
                StatusCode::BAD_REQUEST,
                "MissingAction",
                "The request is missing an action or a required parameter.",
            ),
            QueryError::Malformed { parameter } => Answer::new(
                StatusCode::NOT_FOUND,
                "MalformedQueryString",
                format!("The query string contains a syntax error at `{parameter}`."),
            ),
        }
    }
}

/// Reads a form: the body of a POST, or the query string of a GET.
pub fn decode(form: &[u8]) -> Result<Call, QueryError> {
    let (mut action, mut version) = (String::new(), String::new());
    let mut root = Branch::new();
    let text = String::from_utf8_lossy(form);
    for (index, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (unescaped(name), unescaped(value));
        match name.as_str() {
            "Action" => action = value,
            "Version" => version = value,
            name if name.starts_with("X-Amz-") => {}
            _ if index >= MAX_PARAMETERS => return Err(QueryError::Malformed { parameter: name }),
            _ => insert(&mut root, &name, value)?,
        }
    }
    if action.is_empty() {
        return Err(QueryError::MissingAction);
    }
    let input = Value::Object(root.into_iter().map(|(name, node)| member(name, node)).collect());
    Ok(Call { action, version, input })
}

fn unescaped(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// In the order of names, indexes in numeric order: what comes out does not depend on the order of parameters.
type Branch = BTreeMap<Segment, Node>;

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Index(u32),
    Name(String),
}

#[derive(Debug)]
enum Node {
    Leaf(String),
    Branch(Branch),
}

fn insert(root: &mut Branch, name: &str, value: String) -> Result<(), QueryError> {
    let malformed = || QueryError::Malformed { parameter: name.to_owned() };
    let mut segments: Vec<&str> = name.split('.').collect();
    let last = segments.pop().ok_or_else(malformed)?;
    if segments.len() >= MAX_DEPTH || last.is_empty() {
        return Err(malformed());
    }
    let mut branch = root;
    for segment in segments {
        let node = branch.entry(Segment::read(segment)).or_insert_with(|| Node::Branch(Branch::new()));
        branch = match node {
            Node::Branch(inner) => inner,
            Node::Leaf(_) => return Err(malformed()),
        };
    }
    match branch.insert(Segment::read(last), Node::Leaf(value)) {
        None => Ok(()),
        Some(_) => Err(malformed()),
    }
}

impl Segment {
    fn read(text: &str) -> Segment {
        match text.parse() {
            Ok(index) => Segment::Index(index),
            Err(_) => Segment::Name(text.to_owned()),
        }
    }

    fn into_name(self) -> String {
        match self {
            Segment::Index(index) => index.to_string(),
            Segment::Name(name) => name,
        }
    }
}

/// A list that is given and empty comes as `Tags=`, like an empty text; only the name tells them apart. These are
/// all the lists in the inputs of IAM and STS.
const LISTS: [&str; 18] = [
    "ActionNames",
    "Audience",
    "ClientIDList",
    "ContextEntries",
    "ContextKeyValues",
    "Filter",
    "Parameters",
    "PermissionsBoundaryPolicyInputList",
    "PolicyArns",
    "PolicyInputList",
    "ProvidedContexts",
    "ResourceArns",
    "ServiceNamespaces",
    "TagKeys",
    "Tags",
    "ThumbprintList",
    "TransitiveTagKeys",
    "Values",
];

fn member(name: Segment, node: Node) -> (String, Value) {
    let name = name.into_name();
    let value = match node {
        Node::Leaf(text) if text.is_empty() && LISTS.contains(&name.as_str()) => Value::Array(Vec::new()),
        node => value(node),
    };
    (name, value)
}

fn value(node: Node) -> Value {
    let mut branch = match node {
        Node::Leaf(text) => return Value::String(text),
        Node::Branch(branch) => branch,
    };
    for (wrapper, build) in [("member", list as fn(Branch) -> Value), ("entry", map)] {
        if let Some(items) = numbered(&mut branch, wrapper) {
            return build(items);
        }
    }
    Value::Object(branch.into_iter().map(|(name, node)| member(name, node)).collect())
}

/// What is under `member` or `entry`, if nothing else is beside it and all of it is numbered.
fn numbered(branch: &mut Branch, wrapper: &str) -> Option<Branch> {
    let key = Segment::Name(wrapper.to_owned());
    let Some(Node::Branch(items)) = branch.get(&key) else { return None };
    if branch.len() != 1 || !items.keys().all(|key| matches!(key, Segment::Index(_))) {
        return None;
    }
    match branch.remove(&key) {
        Some(Node::Branch(items)) => Some(items),
        _ => None,
    }
}

/// Gaps close up: the order counts, not the numbers.
fn list(items: Branch) -> Value {
    Value::Array(items.into_values().map(value).collect())
}

fn map(items: Branch) -> Value {
    let mut object = Map::new();
    for item in items.into_values() {
        let Node::Branch(mut entry) = item else { continue };
        let key = entry.remove(&Segment::Name("key".to_owned()));
        let content = entry.remove(&Segment::Name("value".to_owned()));
        if let (Some(Node::Leaf(key)), Some(content)) = (key, content) {
            object.insert(key, value(content));
        }
    }
    Value::Object(object)
}
