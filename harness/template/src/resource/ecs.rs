//! `AWS::ECS::Cluster` and `AWS::ECS::TaskDefinition`, in the shape the ECS API takes them.

mod shape;

use serde_json::{Map as JsonMap, Value as Json};
use source::{Entry, Finding, Node, Value};

use super::Tag;
use super::fields::{Context, Fields, boolean};
use crate::shape::{Text, must_be, shown, text};
use shape::{CLUSTER, CONTAINER_DEFINITION, Field, TASK_DEFINITION, Type};

/// `AWS::ECS::Cluster`
#[derive(Clone, Debug)]
pub struct Cluster {
    /// `ClusterName`, given or made up.
    pub cluster_name: Text,
    /// `Tags`
    pub tags: Vec<Tag>,
    /// The whole of it as the input of `CreateCluster`.
    pub request: Json,
}

/// `AWS::ECS::TaskDefinition`
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    /// `Family`, given or made up.
    pub family: Text,
    /// `TaskRoleArn`
    pub task_role_arn: Option<Text>,
    /// `ExecutionRoleArn`
    pub execution_role_arn: Option<Text>,
    /// `Tags`
    pub tags: Vec<Tag>,
    /// The whole of it as the input of `RegisterTaskDefinition`.
    pub request: Json,
}

pub(super) fn cluster(context: &mut Context<'_>, node: &Node) -> Cluster {
    let request = request(context, node, CLUSTER, "clusterName");
    let cluster_name = written(node, "ClusterName").unwrap_or_else(|| context.name.clone());
    Cluster { cluster_name, tags: tags(node), request }
}

pub(super) fn task_definition(context: &mut Context<'_>, node: &Node) -> TaskDefinition {
    TaskDefinition {
        request: request(context, node, TASK_DEFINITION, "family"),
        family: written(node, "Family").unwrap_or_else(|| context.name.clone()),
        task_role_arn: written(node, "TaskRoleArn"),
        execution_role_arn: written(node, "ExecutionRoleArn"),
        tags: tags(node),
    }
}

/// Containers in the shape of the ECS API, in that of CloudFormation. The API takes members in any case, as does what writes them.
pub(crate) fn container_from_api(containers: &Node) -> Node {
    from_api(containers, Type::List(&Type::Structure(CONTAINER_DEFINITION)))
}

fn from_api(node: &Node, kind: Type) -> Node {
    let value = match (kind, &node.value) {
        (Type::List(kind), Value::List(items)) => Value::List(items.iter().map(|item| from_api(item, *kind)).collect()),
        (Type::Structure(shape), Value::Map(entries)) => {
            let member = |entry: &Entry| match shape.iter().find(|field| field.api.eq_ignore_ascii_case(&entry.key)) {
                Some(field) => Entry {
                    key: field.name.to_owned(),
                    key_span: entry.key_span,
                    value: from_api(&entry.value, field.kind),
                },
                None => entry.clone(),
            };
            Value::Map(entries.iter().map(member).collect())
        }
        (_, other) => other.clone(),
    };
    Node::new(value, node.span)
}

/// A text, if there is one; what is wrong with it is said where the request is made.
fn written(node: &Node, name: &str) -> Option<Text> {
    let node = node.get(name)?;
    Some(Text::new(node.text()?, node.span))
}

fn tags(node: &Node) -> Vec<Tag> {
    let items = node.get("Tags").map_or(&[][..], Node::items).iter();
    items.filter_map(|item| Some(Tag { key: written(item, "Key")?, value: written(item, "Value")? })).collect()
}

/// The properties as the API's input, under the name that was given or made up.
fn request(context: &mut Context<'_>, node: &Node, shape: &'static [Field], name: &str) -> Json {
    let mut request = structure(context, node, shape, String::new());
    request.entry(name).or_insert_with(|| Json::String(context.name.value.clone()));
    Json::Object(request)
}

fn structure(context: &mut Context<'_>, node: &Node, shape: &'static [Field], path: String) -> JsonMap<String, Json> {
    let mut out = JsonMap::new();
    let mut fields = Fields::new(node, path.clone());
    for field in shape {
        let found = if field.required { fields.need(context, field.name) } else { fields.get(field.name) };
        let Some(node) = found else { continue };
        if let Some(value) = value(context, node, field.kind, format!("{path}{}", field.name)) {
            out.insert(field.api.to_owned(), value);
        }
    }
    fields.finish(context, &[]);
    out
}

/// One value; `None` if it is not what it must be, which is recorded.
fn value(context: &mut Context<'_>, node: &Node, kind: Type, path: String) -> Option<Json> {
    let what = format!("`{path}`");
    let wrong = |context: &mut Context<'_>, wanted: &str| {
        if node.value != Value::Null {
            context.findings.push(must_be(&what, wanted, node));
        }
        None
    };
    match (kind, &node.value) {
        (Type::Text, _) => text(node, &what, &mut context.findings).map(|text| Json::String(text.value)),
        (Type::Boolean, _) => boolean(node, &what, &mut context.findings).map(Json::Bool),
        (Type::Integer, _) => match node.text().map(|text| (text, text.parse::<i64>())) {
            Some((_, Ok(number))) => Some(number.into()),
            Some((text, Err(_))) => {
                let message = format!("{what} must be a whole number, and this is `{}`", shown(text));
                context.findings.push(Finding::error("WRONG_TYPE", node.span, message));
                None
            }
            None => wrong(context, "a whole number"),
        },
        (Type::List(kind), Value::List(items)) => {
            let each = |(at, item)| value(context, item, *kind, format!("{path}[{at}]"));
            Some(items.iter().enumerate().filter_map(each).collect())
        }
        (Type::List(_), _) => wrong(context, "a list"),
        (Type::Structure(shape), Value::Map(_)) => {
            Some(Json::Object(structure(context, node, shape, format!("{path}."))))
        }
        (Type::Map, Value::Map(entries)) => {
            let mut out = JsonMap::new();
            for entry in entries {
                let what = format!("`{path}.{}`", shown(&entry.key));
                if let Some(text) = text(&entry.value, &what, &mut context.findings) {
                    out.insert(entry.key.clone(), Json::String(text.value));
                }
            }
            Some(Json::Object(out))
        }
        (Type::Structure(_) | Type::Map, _) => wrong(context, "a mapping"),
    }
}
