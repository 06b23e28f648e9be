//! Connectors: the policies between a source and its destinations.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/managing-permissions-connectors.html

use source::{Entry, Finding, Node, Value};

use super::Transform;
use super::build::{At, placed};
use super::data;
use super::intrinsic::{is_same, named};
use super::resource::{Made, Resource, kept};
use crate::shape::shown;

const PAGE: &str =
    "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/reference-sam-connector.html";

/// What SAM's types become.
const BECOMES: [(&str, &str); 6] = [
    ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"),
    ("AWS::Serverless::Function", "AWS::Lambda::Function"),
    ("AWS::Serverless::GraphQLApi", "AWS::AppSync::GraphQLApi"),
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
    ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
    ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
];

/// A connector of its own, or one that stands in its source.
pub(super) struct Connector {
    id: String,
    at: At,
    source: Node,
    destination: Node,
    permissions: Node,
    attributes: Vec<Entry>,
    /// The resource among whose results its own are.
    pub(super) index: usize,
}

/// One end of a connector.
struct End {
    of_type: String,
    arn: Option<Node>,
    name: Option<Node>,
    id: Option<Node>,
    qualifier: Option<Node>,
    url: Option<Node>,
    role: Option<Node>,
}

impl Connector {
    pub(super) fn of(entry: &Entry, index: usize) -> Self {
        let resource = Resource::new(entry);
        let at = resource.at;
        let property = |name: &str| resource.get(name).cloned().unwrap_or_else(|| Node::new(Value::Null, at.0));
        Self {
            id: resource.id.to_owned(),
            at,
            source: property("Source"),
            destination: property("Destination"),
            permissions: property("Permissions"),
            attributes: resource.makes("", "").attributes,
            index,
        }
    }

    /// A connector that stands nowhere: between an API and what it uses.
    pub(super) fn made(
        id: String,
        at: At,
        source: Node,
        destination: Node,
        permissions: &[&str],
        index: usize,
    ) -> Self {
        let permissions = at.list(permissions.iter().map(|name| at.text(*name)));
        Self { id, at, source, destination, permissions, attributes: Vec::new(), index }
    }

    /// A connector in its source has the source's name before its own.
    fn embedded(source: Resource<'_>, entry: &Entry, index: usize) -> Self {
        let at = At(entry.key_span);
        let mut connector = Self::of(entry, index);
        let mut of_source = vec![at.entry("Id", at.text(source.id))];
        let properties = entry.value.get("Properties");
        let reference = properties.and_then(|properties| properties.get("SourceReference"));
        of_source.extend(kept(reference.map(Node::entries).unwrap_or_default(), &["Id"]));
        connector.id = format!("{}{}", source.id, entry.key);
        connector.source = Node::new(Value::Map(of_source), at.0);
        connector
    }
}

/// All connectors that stand in their sources.
pub(super) fn embedded(resources: &[Entry]) -> Vec<Connector> {
    let all = resources.iter().enumerate();
    let connectors = all.flat_map(|(index, entry)| {
        let connectors = entry.value.get("Connectors").map(Node::entries).unwrap_or_default();
        connectors.iter().map(move |connector| Connector::embedded(Resource::new(entry), connector, index))
    });
    connectors.collect()
}

impl Transform<'_> {
    pub(super) fn connector(&mut self, connector: &Connector) {
        self.current = connector.index;
        let (destinations, is_list) = match &connector.destination.value {
            Value::List(items) => (&items[..], true),
            _ => (std::slice::from_ref(&connector.destination), false),
        };
        let mut ids = Vec::new();
        for (index, destination) in destinations.iter().enumerate() {
            let suffix = if is_list { format!("Destination{index}") } else { String::new() };
            match self.connect(connector, destination, &suffix) {
                Ok(made) => {
                    ids.extend(made.iter().map(|one| one.id.clone()));
                    self.make_all(made, None);
                }
                Err(finding) => self.report(finding.see(PAGE)),
            }
        }
        self.dependencies.insert(connector.id.clone(), ids);
    }

    fn connect(&self, connector: &Connector, destination: &Node, suffix: &str) -> Result<Vec<Made>, Finding> {
        let at = connector.at;
        let from = self.end(connector, &connector.source, destination, "Source")?;
        let to = self.end(connector, destination, &connector.source, "Destination")?;
        let Some(profile) = data::connection(&from.of_type, &to.of_type) else {
            let message = format!("SAM connects no `{}` to a `{}`", shown(&from.of_type), shown(&to.of_type));
            return Err(Finding::error("SAM_CONNECTOR", at.0, message).help("write the policy yourself"));
        };
        let properties = profile.get("Properties").unwrap_or(profile);
        let categories = self.categories(connector, properties)?;
        let ends = Ends { from: &from, to: &to, at };
        let of_source = properties.get("SourcePolicy").is_some_and(|node| node.value == Value::Bool(true));
        let holder = if of_source { &from } else { &to };
        let side = if of_source { "Source" } else { "Destination" };
        let lacks = |what: &str| {
            let message = format!("the {what} of `{side}` of this connector is not known");
            Finding::error("SAM_CONNECTOR", at.0, message)
        };
        let make = |name: String, of_type| Made {
            id: format!("{}{name}{suffix}", connector.id),
            of_type,
            at,
            properties: Vec::new(),
            attributes: connector.attributes.clone(),
        };
        if profile.get("Type").and_then(Node::text) == Some("AWS_LAMBDA_PERMISSION") {
            let function = holder.arn.clone().ok_or_else(|| lacks("ARN"))?;
            let permission = |category: &&Entry| {
                let mut made = make(format!("{}LambdaPermission", category.key), "AWS::Lambda::Permission");
                made.set("FunctionName", function.clone());
                for name in ["Action", "Principal", "SourceArn", "SourceAccount"] {
                    if let Some(value) = category.value.get(name) {
                        made.set(name, ends.filled(value)?);
                    }
                }
                Ok(made)
            };
            return categories.iter().map(permission).collect();
        }
        let statements = categories.iter().flat_map(|category| {
            category.value.get("Statement").map(Node::items).unwrap_or_default().iter().map(|one| ends.filled(one))
        });
        let document = at.document(statements.collect::<Result<Vec<_>, _>>()?);
        Ok(vec![match profile.get("Type").and_then(Node::text) {
            Some("AWS_SQS_QUEUE_POLICY") => make("QueuePolicy".to_owned(), "AWS::SQS::QueuePolicy")
                .with("PolicyDocument", document)
                .with("Queues", at.list([holder.url.clone().ok_or_else(|| lacks("URL"))?])),
            Some("AWS_SNS_TOPIC_POLICY") => make("TopicPolicy".to_owned(), "AWS::SNS::TopicPolicy")
                .with("PolicyDocument", document)
                .with("Topics", at.list([holder.arn.clone().ok_or_else(|| lacks("ARN"))?])),
            _ => make("Policy".to_owned(), "AWS::IAM::ManagedPolicy")
                .with("PolicyDocument", document)
                .with("Roles", at.list([holder.role.clone().ok_or_else(|| lacks("role"))?])),
        }])
    }

    /// The kinds of access that a connector gives, in the order of the profile.
    fn categories<'p>(&self, connector: &Connector, properties: &'p Node) -> Result<Vec<&'p Entry>, Finding> {
        let known = properties.get("AccessCategories").map(Node::entries).unwrap_or_default();
        let wanted = connector.permissions.items();
        let is_known = |node: &&Node| known.iter().any(|entry| node.text() == Some(&*entry.key));
        let wrong = wanted.iter().find(|node| !is_known(node));
        if wanted.is_empty() || wrong.is_some() {
            let span = wrong.map_or(connector.permissions.span, |node| node.span);
            let names = known.iter().map(|entry| format!("`{}`", entry.key)).collect::<Vec<_>>().join(", ");
            let message = format!("`Permissions` of this connector can have {names}");
            return Err(Finding::error("SAM_CONNECTOR", span, message));
        }
        let is_wanted = |entry: &&Entry| wanted.iter().any(|node| node.text() == Some(&*entry.key));
        Ok(known.iter().filter(is_wanted).collect())
    }

    /// What a connector has to know of one end; `other` is the end that it connects to.
    fn end(&self, connector: &Connector, node: &Node, other: &Node, side: &str) -> Result<End, Finding> {
        let Some(id) = node.get("Id") else {
            let Some(of_type) = node.get("Type").and_then(Node::text) else {
                let span = if node.value == Value::Null { connector.at.0 } else { node.span };
                let message = format!("`{side}` of a connector needs `Id`, or `Type` and what goes with it");
                return Err(Finding::error("SAM_CONNECTOR", span, message));
            };
            let of = |name: &str| node.get(name).cloned();
            return Ok(End {
                of_type: becomes(of_type).to_owned(),
                arn: of("Arn"),
                name: of("Name"),
                id: of("ResourceId"),
                qualifier: of("Qualifier"),
                url: of("QueueUrl"),
                role: of("RoleName"),
            });
        };
        let found = id.text().and_then(|name| Some((name, self.found(name)?)));
        let Some((name, (of_type, properties))) = found else {
            let message = format!("no resource is called `{}`", shown(id.text().unwrap_or_default()));
            let known = self.resources.iter().map(|entry| &*entry.key);
            return Err(Finding::error("SAM_CONNECTOR", id.span, message).suggest(id.text().unwrap_or_default(), known));
        };
        let data = data::connectable(of_type);
        let output = |of: &str| {
            let value = data?.get("Outputs")?.get(of)?;
            Some(with_id(&placed(value, connector.at), name))
        };
        let input = data.and_then(|data| data.get("Inputs")).and_then(|inputs| inputs.get("Role"));
        let role = match input.map(|input| &input.value) {
            Some(Value::String(property)) => {
                properties.iter().find(|entry| entry.key == *property).map(|entry| entry.value.clone())
            }
            Some(_) => of_target(properties, other),
            None => None,
        };
        Ok(End {
            arn: output("Arn"),
            name: output("Name"),
            id: output("Id"),
            qualifier: node.get("Qualifier").cloned().or_else(|| output("Qualifier")),
            url: output("Url"),
            role: role.as_ref().and_then(named).map(|role| connector.at.reference(role)),
            of_type: of_type.to_owned(),
        })
    }

    /// The type and the properties of a resource as it is after the transform.
    fn found(&self, id: &str) -> Option<(&str, &[Entry])> {
        let made = self.places.get(id).and_then(|(at, nth)| self.made.get(at)?.get(*nth));
        if let Some(made) = made {
            return Some((made.of_type, &made.properties));
        }
        let resource = self.find(id)?;
        Some((becomes(resource.of_type()), resource.properties()))
    }
}

fn becomes(of_type: &str) -> &str {
    BECOMES.iter().find(|(sam, _)| *sam == of_type).map_or(of_type, |(_, cloudformation)| cloudformation)
}

/// The role with which a rule of EventBridge calls a target.
fn of_target(properties: &[Entry], target: &Node) -> Option<Node> {
    let targets = properties.iter().find(|entry| entry.key == "Targets")?.value.items();
    let is_it = |one: &&Node| {
        let Some(arn) = one.get("Arn") else { return false };
        let is_named = named(arn).is_some_and(|id| target.get("Id").and_then(Node::text) == Some(id));
        is_named || target.get("Arn").is_some_and(|other| is_same(arn, other))
    };
    targets.iter().find(is_it)?.get("RoleArn").cloned()
}

/// `%{logicalId}` is the resource's.
fn with_id(node: &Node, id: &str) -> Node {
    let value = match &node.value {
        Value::String(text) => Value::String(text.replace("%{logicalId}", id)),
        Value::List(items) => Value::List(items.iter().map(|item| with_id(item, id)).collect()),
        Value::Map(entries) => {
            let entry = |entry: &Entry| Entry { value: with_id(&entry.value, id), ..entry.clone() };
            Value::Map(entries.iter().map(entry).collect())
        }
        scalar => scalar.clone(),
    };
    Node::new(value, node.span)
}

/// What the variables of a profile stand for.
struct Ends<'a> {
    from: &'a End,
    to: &'a End,
    at: At,
}

impl Ends<'_> {
    /// A part of a profile with values for `%{Source.Arn}` and the like.
    fn filled(&self, node: &Node) -> Result<Node, Finding> {
        let at = self.at;
        Ok(match &node.value {
            Value::String(text) => self.text(text)?,
            Value::List(items) => at.list(items.iter().map(|item| self.filled(item)).collect::<Result<Vec<_>, _>>()?),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Ok(at.entry(&*entry.key, self.filled(&entry.value)?));
                Node::new(Value::Map(entries.iter().map(entry).collect::<Result<_, Finding>>()?), at.0)
            }
            scalar => Node::new(scalar.clone(), at.0),
        })
    }

    fn text(&self, text: &str) -> Result<Node, Finding> {
        let at = self.at;
        let mut text = text.to_owned();
        let mut values = Vec::new();
        for (side, end) in [("Source", self.from), ("Destination", self.to)] {
            let known =
                [("Arn", &end.arn), ("ResourceId", &end.id), ("Name", &end.name), ("Qualifier", &end.qualifier)];
            for (what, value) in known {
                let pattern = format!("%{{{side}.{what}}}");
                if !text.contains(&pattern) {
                    continue;
                }
                let Some(value) = value else {
                    let message = format!("`{what}` of `{side}` of this connector is not known");
                    return Err(Finding::error("SAM_CONNECTOR", at.0, message).help(format!("give `{what}`")));
                };
                if text == pattern {
                    return Ok(value.clone());
                }
                let variable = format!("{side}{what}");
                text = text.replace(&pattern, &format!("${{{variable}}}"));
                values.push(at.entry(variable, value.clone()));
            }
        }
        Ok(match (text.contains("${"), values.is_empty()) {
            (true, true) => at.sub(text),
            (true, false) => {
                let values = Node::new(Value::Map(values), at.0);
                at.map([("Fn::Sub", at.list([at.text(text), values]))])
            }
            (false, _) => at.text(text),
        })
    }
}
