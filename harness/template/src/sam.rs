//! What the transform `AWS::Serverless-2016-10-31` makes of a template, as far as identities, policies, permissions, tags
//! and names are concerned.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
//!
//! The rules are those of AWS's own translator (github.com/aws/serverless-application-model), and a test holds them
//! against it. What decides nothing about access (integrations of APIs, hooks and alarms of deployments) is left out.
//! Types that are not modelled stay as they are, so that they are named as not applied.

mod api;
mod bounds;
mod build;
mod capacity;
mod code;
mod connector;
mod data;
mod deployment;
mod destination;
mod event;
mod function;
mod globals;
mod graphql;
mod http_api;
mod implicit;
mod intrinsic;
mod layer;
mod managed;
mod parameters;
mod policies;
mod pull;
mod references;
mod resource;
mod resource_policy;
mod role;
mod state_machine;
mod table;
mod tags;
mod websocket;

use std::collections::{BTreeMap, BTreeSet};

use source::{Entry, Finding, Node, Severity, Value};

use crate::Inputs;
use crate::shape::{MAX_FINDINGS, out_of_bounds, shown};
use bounds::BUDGET;
use build::{At, length, set};
use parameters::Parameters;
use resource::{Made, OWN, Resource};

/// The transform's name in `Transform`.
const SERVERLESS: &str = "AWS::Serverless-2016-10-31";

/// The tree that the transform leaves of a template, and what is wrong with what it reads. A template that does not ask
/// for the transform stays as it is.
///
/// What is made has the place of what it is made from.
#[must_use]
pub fn transform(tree: &Node, inputs: &Inputs) -> (Node, Vec<Finding>) {
    if !is_serverless(tree) || out_of_bounds(tree).is_some() {
        return (tree.clone(), needed(tree).into_iter().collect());
    }
    let mut findings = Vec::new();
    let mut resources = tree.get("Resources").map(Node::entries).unwrap_or_default().to_vec();
    let mut conditions = tree.get("Conditions").map(Node::entries).unwrap_or_default().to_vec();
    let routes = implicit::add(tree, &mut resources, &mut conditions);
    if !globals::apply(tree, &mut resources, &mut findings) {
        return (tree.clone(), findings);
    }
    if let Some(finding) = bounds::exceeded(&resources) {
        return (tree.clone(), vec![finding]);
    }
    let embedded = connector::embedded(&resources);
    let mut transform = Transform {
        inputs,
        parameters: Parameters::new(tree, inputs),
        resources: &resources,
        routes,
        made: BTreeMap::new(),
        places: BTreeMap::new(),
        becomes: BTreeSet::new(),
        current: 0,
        statements: BTreeMap::new(),
        defaults: BTreeSet::new(),
        names: BTreeMap::new(),
        renamed: BTreeMap::new(),
        dependencies: BTreeMap::new(),
        bucket_tags: Vec::new(),
        tags_of_buckets: BTreeMap::new(),
        conditions,
        deployments: Vec::new(),
        sharing: Vec::new(),
        shared: Vec::new(),
        spent: 0,
        findings,
    };
    transform.resources(&embedded);
    transform.finish(tree)
}

/// The finding that a template has a type of SAM's and does not ask for the transform.
/// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html
fn needed(tree: &Node) -> Option<Finding> {
    let resources = tree.get("Resources").map(Node::entries).unwrap_or_default();
    let types = resources.iter().filter_map(|resource| resource.value.get("Type"));
    let node = types.into_iter().find(|node| node.text().is_some_and(|name| name.starts_with("AWS::Serverless::")))?;
    let message = format!("`{}` needs the transform `{SERVERLESS}`", shown(node.text().unwrap_or_default()));
    let finding = Finding::error("TRANSFORM_MISSING", node.span, message);
    Some(finding.help(format!("add `Transform: {SERVERLESS}` to the template")))
}

/// Whether a template asks for the transform.
fn is_serverless(tree: &Node) -> bool {
    let Some(node) = tree.get("Transform") else { return false };
    node.items().iter().chain([node]).any(|one| one.text() == Some(SERVERLESS))
}

/// A template on its way.
struct Transform<'a> {
    inputs: &'a Inputs,
    parameters: Parameters<'a>,
    /// The resources as they are written, with what `Globals` gives them.
    resources: &'a [Entry],
    routes: implicit::Routes<'a>,
    /// What is made of each resource, by its index.
    made: BTreeMap<usize, Vec<Made>>,
    /// Where in `made` a logical id is.
    places: BTreeMap<String, (usize, usize)>,
    /// The resources of which nothing stays as it is.
    becomes: BTreeSet<usize>,
    /// The resource that is looked at.
    current: usize,
    /// Statements of the resource policies of APIs, by the API's logical id.
    statements: BTreeMap<String, Vec<Node>>,
    /// APIs whose default route is a function's: API and function.
    defaults: BTreeSet<(String, String)>,
    /// The logical ids behind names such as `Function.Alias`.
    names: BTreeMap<String, String>,
    /// Logical ids that the transform changes.
    renamed: BTreeMap<String, String>,
    /// What stands for a resource that leaves no resource of its name, in `DependsOn`.
    dependencies: BTreeMap<String, Vec<String>>,
    /// Tags that buckets get: the bucket and the tag.
    bucket_tags: Vec<(&'a str, Node)>,
    /// Tags that stand for all that a bucket has, by the bucket: those that a function propagates.
    tags_of_buckets: BTreeMap<&'a str, Option<&'a Node>>,
    conditions: Vec<Entry>,
    /// Functions that are deployed by CodeDeploy.
    deployments: Vec<deployment::Deployment<'a>>,
    /// The APIs that share a usage plan, with their indices.
    sharing: Vec<(Resource<'a>, usize)>,
    /// The plan as the last of them has it.
    shared: Vec<Made>,
    /// How much was made.
    spent: usize,
    findings: Vec<Finding>,
}

impl<'a> Transform<'a> {
    /// Functions first, since their events change APIs; connectors last, since they look at what others became.
    fn resources(&mut self, embedded: &[connector::Connector]) {
        const ORDER: [&[&str]; 3] = [
            &["AWS::Serverless::Function"],
            &["AWS::Serverless::StateMachine"],
            &[
                "AWS::Serverless::Api",
                "AWS::Serverless::HttpApi",
                "AWS::Serverless::WebSocketApi",
                "AWS::Serverless::SimpleTable",
                "AWS::Serverless::LayerVersion",
                "AWS::Serverless::Application",
                "AWS::Serverless::CapacityProvider",
                "AWS::Serverless::NetworkConnector",
                "AWS::Serverless::MicrovmImage",
                "AWS::Serverless::GraphQLApi",
            ],
        ];
        for types in ORDER {
            for (at, entry) in self.resources.iter().enumerate() {
                let resource = Resource::new(entry);
                if types.contains(&resource.of_type()) {
                    self.current = at;
                    self.becomes.insert(at);
                    self.resource(resource);
                }
            }
        }
        self.deploy();
        self.share_plan();
        for (at, entry) in self.resources.iter().enumerate() {
            if Resource::new(entry).of_type() == "AWS::Serverless::Connector" {
                self.becomes.insert(at);
                self.connector(&connector::Connector::of(entry, at));
            }
        }
        for connector in embedded {
            self.connector(connector);
        }
    }

    fn resource(&mut self, resource: Resource<'a>) {
        match resource.of_type() {
            "AWS::Serverless::Function" => self.function(resource),
            "AWS::Serverless::StateMachine" => self.state_machine(resource),
            "AWS::Serverless::Api" => self.api(resource),
            "AWS::Serverless::HttpApi" => self.http_api(resource),
            "AWS::Serverless::WebSocketApi" => self.websocket_api(resource),
            "AWS::Serverless::SimpleTable" => self.table(resource),
            "AWS::Serverless::LayerVersion" => self.layer(resource),
            "AWS::Serverless::Application" => self.application(resource),
            "AWS::Serverless::CapacityProvider" => self.capacity_provider(resource),
            "AWS::Serverless::NetworkConnector" => self.network_connector(resource),
            "AWS::Serverless::GraphQLApi" => self.graphql_api(resource),
            _ => self.microvm_image(resource),
        }
    }

    /// Adds to what the resource that is looked at becomes. Of two with one name the later counts.
    fn make(&mut self, made: Made) {
        let amount = made.properties.iter().map(|entry| length(&entry.value)).sum::<usize>() + made.id.len();
        if !self.spend(amount, made.at) {
            return;
        }
        let all = self.made.entry(self.current).or_default();
        match self.places.get(&made.id) {
            Some(&(at, nth)) if at == self.current => all[nth] = made,
            _ => {
                self.places.insert(made.id.clone(), (self.current, all.len()));
                all.push(made);
            }
        }
    }

    /// Adds all that a resource becomes, with its tags on each if it says so.
    fn make_all(&mut self, made: Vec<Made>, tags: Option<&Node>) {
        for mut one in made {
            if self.spent > BUDGET {
                return;
            }
            if let Some(tags) = tags {
                tags::propagate(&mut one, tags);
            }
            self.make(one);
        }
    }

    /// The tags that `PropagateTags` puts on everything that is made.
    fn propagated(&self, resource: Resource<'a>) -> Option<&'a Node> {
        let tags = resource.get("Tags").filter(|tags| !tags.entries().is_empty())?;
        resource.is_true("PropagateTags").then_some(tags)
    }

    /// What a name such as `Function.Alias` stands for.
    fn name(&mut self, resource: Resource<'_>, property: &str, id: &str) {
        self.names.insert(format!("{}.{property}", resource.id), id.to_owned());
    }

    /// The resource of the template with a logical id.
    fn find(&self, id: &str) -> Option<Resource<'a>> {
        self.resources.iter().find(|entry| entry.key == id).map(Resource::new)
    }

    /// The ARN of a managed policy of AWS.
    fn managed(&self, at: At, path_and_name: &str) -> Node {
        at.text(format!("arn:{}:iam::aws:policy/{path_and_name}", self.inputs.partition))
    }

    fn report(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn warn(&mut self, code: &'static str, at: At, message: String, help: &str) {
        self.report(Finding::new(Severity::Warning, code, at.0, message).help(help));
    }

    fn finish(mut self, tree: &Node) -> (Node, Vec<Finding>) {
        let mut resources = Vec::new();
        for (at, entry) in self.resources.iter().enumerate() {
            let made = self.made.remove(&at).unwrap_or_default();
            if !self.becomes.contains(&at) {
                resources.push(self.plain(entry));
            }
            resources.extend(made.into_iter().map(Made::into_entry));
        }
        let replaced = [("Resources", resources), ("Conditions", std::mem::take(&mut self.conditions))];
        let mut sections: Vec<Entry> = tree.entries().iter().filter_map(section).collect();
        for (name, entries) in replaced {
            let span = tree.get(name).map_or(tree.span, |node| node.span);
            let key_span = tree.entries().iter().find(|entry| entry.key == name).map_or(span, |entry| entry.key_span);
            if !entries.is_empty() || tree.get(name).is_some() {
                let value = Node::new(Value::Map(entries), span);
                set(&mut sections, Entry { key: name.to_owned(), key_span, value });
            }
        }
        let tree = Node::new(Value::Map(sections), tree.span);
        (references::replaced(&tree, &self.names, &self.renamed, &self.dependencies), self.findings)
    }

    /// A resource that the transform leaves as it is, but for what is SAM's own.
    fn plain(&self, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        let Value::Map(parts) = &mut entry.value.value else { return entry };
        parts.retain(|part| !OWN.contains(&&*part.key));
        let at = At(entry.key_span);
        match self.tags_of_buckets.get(&*entry.key) {
            Some(Some(tags)) => tags::set(parts, at, at.tags(tags)),
            _ => {
                let more = self.bucket_tags.iter().filter(|(bucket, _)| *bucket == entry.key);
                let more: Vec<_> = more.map(|(_, tag)| tag.clone()).collect();
                if !more.is_empty() {
                    let own = tags::of(parts).to_vec();
                    tags::set(parts, at, own.into_iter().chain(more).collect());
                }
            }
        }
        entry
    }
}

/// A section of the template that is left: `Globals` is not, and `Transform` only for other transforms.
fn section(entry: &Entry) -> Option<Entry> {
    let is_other = |node: &Node| node.text() != Some(SERVERLESS);
    match (&*entry.key, &entry.value.value) {
        ("Globals", _) => None,
        ("Transform", Value::List(items)) => {
            let others: Vec<_> = items.iter().filter(|node| is_other(node)).cloned().collect();
            let value = Node::new(Value::List(others), entry.value.span);
            (!value.items().is_empty()).then(|| Entry { value, ..entry.clone() })
        }
        ("Transform", _) => is_other(&entry.value).then(|| entry.clone()),
        _ => Some(entry.clone()),
    }
}
