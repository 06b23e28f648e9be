//! The policies of a CloudFormation template, as far as they are known before it is deployed.
//!
//! `template::resolve` gives the policies of the resource types that are modelled, of a template that has all its
//! parameters. Here every policy counts, whatever the type; what only a deployment can tell is left open, and nothing is
//! said about it.

use policy::Kind;
use source::{Entry, Finding, Node, Value};

use crate::embedded::{self, Part};
use crate::glob::UNKNOWN;

/// A guard against nesting without end; readers stop earlier.
const DEEPEST: usize = 200;

/// Whether a tree is a CloudFormation template; a policy has statements instead of resources.
pub(crate) fn is_template(node: &Node) -> bool {
    node.get("Resources").is_some() || node.get("AWSTemplateFormatVersion").is_some()
}

/// Everything there is to say about the policies of a template.
#[must_use]
pub fn template(root: &Node) -> Vec<Finding> {
    let (found, said) = find(root, None);
    crate::said_of(&found, said)
}

/// Each policy of a template; one with `Fn::If` in it as it is if all conditions hold, and as it is if none does. With the
/// template's own text, findings in policies that are written as JSON text have their own places.
pub(crate) fn find(root: &Node, text: Option<&str>) -> (Vec<(Kind, Node)>, Vec<Finding>) {
    let (mut found, mut said) = (Vec::new(), Vec::new());
    for resource in root.get("Resources").map(Node::entries).unwrap_or_default() {
        let resource_type = resource.value.get("Type").and_then(Node::text).unwrap_or_default();
        let Some(properties) = resource.value.get("Properties") else { continue };
        let kind = kind_of(resource_type, properties);
        let mut walk = Walk { root, text, kind, found: &mut found, said: &mut said };
        match resource_type {
            "AWS::Events::EventBusPolicy" => walk.statement(properties),
            _ => walk.node(properties, "", 0),
        }
    }
    (found, said)
}

/// What the policies of a resource are, trust policies aside.
fn kind_of(resource_type: &str, properties: &Node) -> Kind {
    match resource_type {
        "AWS::EC2::VPCEndpoint" => Kind::Endpoint,
        "AWS::Organizations::Policy" => match properties.get("Type").and_then(Node::text) {
            Some("RESOURCE_CONTROL_POLICY") => Kind::ResourceControl,
            _ => Kind::ServiceControl,
        },
        // An IoT policy has no Principal: it is attached to a certificate, an identity or a group of things.
        // docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
        _ if ["AWS::IAM::", "AWS::IoT::Policy", "AWS::SSO::", "AWS::Serverless::"]
            .iter()
            .any(|prefix| resource_type.starts_with(prefix)) =>
        {
            Kind::Identity
        }
        _ => Kind::Resource,
    }
}

struct Walk<'a> {
    root: &'a Node,
    text: Option<&'a str>,
    kind: Kind,
    found: &'a mut Vec<(Kind, Node)>,
    said: &'a mut Vec<Finding>,
}

impl Walk<'_> {
    /// A statement that EventBridge puts into the policy of the event bus.
    /// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html
    fn statement(&mut self, properties: &Node) {
        let Some(statement) = properties.entries().iter().find(|entry| entry.key == "Statement") else { return };
        let (key_span, span) = (statement.key_span, statement.value.span);
        let version = Node::new(Value::String("2012-10-17".to_owned()), span);
        let version = Entry { key: "Version".to_owned(), key_span, value: version };
        self.node(&Node::new(Value::Map(vec![version, statement.clone()]), span), "", 0);
    }

    fn node(&mut self, node: &Node, property: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let written = self.written(node);
        let node = written.as_ref().unwrap_or(node);
        if is_policy(node) {
            let kind = match property {
                "AssumeRolePolicyDocument" => Kind::Trust,
                // docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
                "x-amazon-apigateway-policy" => Kind::Resource,
                _ => self.kind,
            };
            let [first, second] = [0, 1].map(|branch| WithoutIntrinsics { root: self.root, branch }.node(node, 0));
            let differ = first != second;
            self.found.extend(first.map(|node| (kind, node)));
            self.found.extend(second.filter(|_| differ).map(|node| (kind, node)));
            return;
        }
        node.items().iter().for_each(|item| self.node(item, property, depth + 1));
        for entry in node.entries() {
            let property = if entry.key.starts_with("Fn::") { property } else { entry.key.as_str() };
            self.node(&entry.value, property, depth + 1);
        }
    }
}

impl Walk<'_> {
    /// A policy that is written as JSON text, as it is or for a function to fill in.
    fn written(&mut self, node: &Node) -> Option<Node> {
        let parts = match (&node.value, node.entries()) {
            (Value::String(_), _) => vec![Part::Text(node)],
            (_, [one]) if one.key == "Fn::Sub" => vec![Part::Text(one.value.items().first().unwrap_or(&one.value))],
            (_, [one]) if one.key == "Fn::Join" => {
                let [separator, items] = one.value.items() else { return None };
                let part = |item| {
                    if matches!(item, &Node { value: Value::String(_), .. }) { Part::Text(item) } else { Part::Unknown }
                };
                embedded::joined(separator.text()?, items.items().iter().map(part))
            }
            _ => return None,
        };
        let (policy, said) = embedded::policy(&parts, self.text, node.span)?;
        let is_sub = node.entries().first().is_some_and(|entry| entry.key == "Fn::Sub");
        let names = node.get("Fn::Sub").and_then(|inner| inner.items().get(1)).map(Node::entries).unwrap_or_default();
        // What is wrong with the syntax may be what a function fills in.
        let has_unknown = is_sub || parts.iter().any(|part| matches!(part, Part::Unknown));
        if !has_unknown {
            let broken = crate::reading::broken(&said);
            let is_broken = broken.is_some();
            self.said.extend(broken.unwrap_or(said));
            if is_broken {
                return None;
            }
        }
        let known = WithoutIntrinsics { root: self.root, branch: 0 };
        let policy = policy?;
        Some(if is_sub { known.substituted(&policy, names, 0) } else { policy })
    }
}

/// Web ACLs have Statements as well; those of policies have an Effect.
pub(crate) fn is_policy(node: &Node) -> bool {
    node.get("Statement").is_some_and(|statement| {
        let mut statements = statement.items().iter().chain([statement]);
        statements.any(|statement| statement.get("Effect").is_some())
    })
}

/// A part of a template with its intrinsic functions replaced by what is known of them.
struct WithoutIntrinsics<'a> {
    root: &'a Node,
    /// Which branch of `Fn::If` to take.
    branch: usize,
}

impl WithoutIntrinsics<'_> {
    /// `None`: the part is left out.
    fn node(&self, node: &Node, depth: usize) -> Option<Node> {
        if depth > DEEPEST {
            return None;
        }
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().filter_map(|item| self.node(item, depth + 1)).collect()),
            Value::Map(entries) => match entries.as_slice() {
                [one] if one.key == "Ref" || one.key.starts_with("Fn::") => return self.intrinsic(node, one, depth),
                _ => Value::Map(entries.iter().filter_map(|entry| self.entry(entry, depth)).collect()),
            },
            other => other.clone(),
        };
        Some(Node::new(value, node.span))
    }

    fn entry(&self, entry: &Entry, depth: usize) -> Option<Entry> {
        let value = self.node(&entry.value, depth + 1)?;
        Some(Entry { key: entry.key.clone(), key_span: entry.key_span, value })
    }

    fn intrinsic(&self, node: &Node, entry: &Entry, depth: usize) -> Option<Node> {
        let text = match entry.key.as_str() {
            "Ref" if entry.value.text() == Some("AWS::NoValue") => return None,
            "Ref" => entry.value.text().and_then(|name| self.value_of(name)),
            "Fn::If" => return self.node(entry.value.items().get(1 + self.branch)?, depth + 1),
            "Fn::Sub" => self.sub(&entry.value, depth),
            "Fn::Join" => self.join(&entry.value, depth),
            _ => None,
        };
        Some(Node::new(Value::String(text.unwrap_or_else(unknown)), node.span))
    }

    fn sub(&self, node: &Node, depth: usize) -> Option<String> {
        match node.items() {
            [text, names] => self.fill(text.text()?, names.entries(), depth),
            _ => self.fill(node.text()?, &[], depth),
        }
    }

    /// A tree with all its texts filled in as by `Fn::Sub`.
    fn substituted(&self, node: &Node, names: &[Entry], depth: usize) -> Node {
        let fill = |text: &str| self.fill(text, names, depth).unwrap_or_else(unknown);
        let value = match &node.value {
            Value::String(text) => Value::String(fill(text)),
            Value::List(items) => Value::List(items.iter().map(|item| self.substituted(item, names, depth)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &Entry| Entry {
                    key: fill(&entry.key),
                    key_span: entry.key_span,
                    value: self.substituted(&entry.value, names, depth),
                };
                Value::Map(entries.iter().map(entry).collect())
            }
            other => other.clone(),
        };
        Node::new(value, node.span)
    }

    fn fill(&self, text: &str, names: &[Entry], depth: usize) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, next) = after.split_once('}')?;
            rest = next;
            // `${!x}` stands for `${x}`.
            if let Some(literal) = name.strip_prefix('!') {
                out.extend(["${", literal, "}"]);
                continue;
            }
            let own = names.iter().find(|entry| entry.key == name).and_then(|entry| self.node(&entry.value, depth + 1));
            let value = own.and_then(|node| node.text().map(str::to_owned)).or_else(|| self.value_of(name));
            out.push_str(&value.unwrap_or_else(unknown));
        }
        out.push_str(rest);
        Some(out)
    }

    fn join(&self, node: &Node, depth: usize) -> Option<String> {
        let [separator, items] = node.items() else { return None };
        let text = |item| self.node(item, depth + 1).map(|node| node.text().map_or_else(unknown, str::to_owned));
        let items = items.items();
        (!items.is_empty())
            .then(|| items.iter().filter_map(text).collect::<Vec<_>>().join(separator.text().unwrap_or_default()))
    }

    /// Of a pseudo parameter, what it is in most places; of a parameter, its default.
    fn value_of(&self, name: &str) -> Option<String> {
        let pseudo = match name {
            "AWS::AccountId" => Some("123456789012"),
            "AWS::Partition" => Some("aws"),
            "AWS::Region" => Some("us-east-1"),
            "AWS::URLSuffix" => Some("amazonaws.com"),
            _ => None,
        };
        // An empty default stands for "none": a Condition leaves out what would use it.
        let parameter =
            || self.root.get("Parameters")?.get(name)?.get("Default")?.text().filter(|text| !text.trim().is_empty());
        pseudo.or_else(parameter).map(str::to_owned)
    }
}

fn unknown() -> String {
    UNKNOWN.to_string()
}
