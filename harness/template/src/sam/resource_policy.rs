//! The resource policy of a REST API, of `Auth.ResourcePolicy` of the API and of events.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html

use std::collections::BTreeMap;

use source::{Node, Value};

use super::Transform;
use super::build::{At, length};
use super::event::{pattern, verb};
use super::implicit;
use super::intrinsic::{MAX_COMPARED, is_same, named_or_text};
use super::resource::{Event, Resource};

/// Where a definition has the resource policy.
pub(super) const DOCUMENT: &str = "x-amazon-apigateway-policy";

/// Lists of accounts, with what they are for.
const ACCOUNTS: [(&str, &str); 2] = [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")];

/// Lists of addresses, with the operator of the Deny.
const ADDRESSES: [(&str, &str); 2] = [("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")];

/// Lists of networks: plain ones, VPCs and endpoints by function, and the operator of the Deny.
const NETWORKS: [([&str; 3], &str); 2] = [
    (["SourceVpcBlacklist", "IntrinsicVpcBlacklist", "IntrinsicVpceBlacklist"], "StringEquals"),
    (["SourceVpcWhitelist", "IntrinsicVpcWhitelist", "IntrinsicVpceWhitelist"], "StringNotEquals"),
];

impl<'a> Transform<'a> {
    /// What an event says for its path, if SAM writes the API's definition or the event overrides it.
    pub(super) fn event_policy(&mut self, event: Event<'a>, api: &Node, stage: &str, path: &'a str) {
        let Some(auth) = event.get("Auth") else { return };
        let Some(policy) = auth.get("ResourcePolicy").filter(|policy| !policy.entries().is_empty()) else { return };
        let Some(id) = named_or_text(api) else { return };
        let Some(found) = self.find(id) else { return };
        let overrides = auth.get("OverrideApiAuth").and_then(Node::text) == Some("true");
        if implicit::is_made(found) || found.is_true("MergeDefinitions") || overrides {
            let methods = self.methods(found, path);
            let at = event.at;
            self.add_policy(id, At(policy.span), policy, at.text(stage), path, &methods);
            self.add_statements(id, policy);
        }
    }

    /// What the API says for all of its paths.
    pub(super) fn api_policy(&mut self, api: Resource<'a>) {
        let known = api.get("DefinitionBody").and_then(|body| body.get(DOCUMENT)).and_then(|own| own.get("Statement"));
        if let Some(known) = known {
            let own: Vec<_> = match &known.value {
                Value::List(items) => items.clone(),
                _ => vec![known.clone()],
            };
            let statements = self.statements.entry(api.id.to_owned()).or_default();
            statements.splice(0..0, own);
        }
        let Some(auth) = api.get("Auth").map(|auth| self.parameters.resolved(auth)) else { return };
        let Some(policy) = auth.get("ResourcePolicy").filter(|policy| !policy.entries().is_empty()) else { return };
        let at = At(policy.span);
        let stage = api.get("StageName").cloned().unwrap_or_else(|| at.text(""));
        for (path, methods) in self.paths(api) {
            self.add_policy(api.id, at, policy, stage.clone(), path, &methods);
        }
        self.add_statements(api.id, policy);
    }

    /// The paths of an API with their methods as ARNs have them: those of its definition, and those of events where SAM
    /// writes it.
    fn paths(&self, api: Resource<'a>) -> BTreeMap<&'a str, Vec<String>> {
        let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (path, item) in implicit::paths(api) {
            let methods = all.entry(path).or_default();
            implicit::methods(item).for_each(|method| add(methods, method));
        }
        for (path, of_events) in self.written_routes(api).into_iter().flatten() {
            let methods = all.entry(path).or_default();
            of_events.iter().for_each(|method| add(methods, method));
        }
        all
    }

    /// The same for one path.
    fn methods(&self, api: Resource<'a>, path: &str) -> Vec<String> {
        let mut methods = Vec::new();
        let items = implicit::paths(api).filter(|(of, _)| *of == path).map(|(_, item)| item);
        items.flat_map(implicit::methods).for_each(|method| add(&mut methods, method));
        let of_events = self.written_routes(api).and_then(|routes| routes.get(path));
        of_events.into_iter().flatten().for_each(|method| add(&mut methods, method));
        methods
    }

    /// What events add to an API whose definition SAM writes.
    fn written_routes(&self, api: Resource<'a>) -> Option<&BTreeMap<&'a str, Vec<&'a str>>> {
        let is_written = implicit::is_made(api) || api.is_true("MergeDefinitions");
        self.routes.get(api.id).filter(|_| is_written)
    }

    fn add_policy(&mut self, id: &str, at: At, policy: &Node, stage: Node, path: &str, methods: &[String]) {
        // Each statement has all of them.
        if !self.spend(methods.len().saturating_mul(length(&stage)), at) {
            return;
        }
        let path = pattern(path);
        let resource = |method: &String| {
            let text = format!("execute-api:/${{__Stage__}}/{method}{path}");
            at.sub_with(text, [("__Stage__", stage.clone())])
        };
        let resources = at.list(methods.iter().map(resource));
        for (name, effect) in ACCOUNTS {
            if let Some(accounts) = policy.get(name).filter(|list| !is_empty(list)) {
                let principal = at.map([("AWS", listed(accounts))]);
                self.state(id, statement(at, effect, &resources, principal, None), true);
            }
        }
        for (name, operator) in ADDRESSES {
            if let Some(ranges) = policy.get(name).filter(|list| !is_empty(list)) {
                let test = at.map([("aws:SourceIp", listed(ranges))]);
                self.deny_others(id, at, &resources, operator, test);
            }
        }
        for (names, operator) in NETWORKS {
            let (vpcs, endpoints) = networks(policy, names);
            let tests = [("aws:SourceVpc", vpcs), ("aws:SourceVpce", endpoints)];
            let tests: Vec<_> = tests.into_iter().filter(|(_, list)| !list.is_empty()).collect();
            if !tests.is_empty() {
                let test = at.map(tests.into_iter().map(|(key, list)| (key, at.list(list))));
                self.deny_others(id, at, &resources, operator, test);
            }
        }
    }

    /// Everybody is allowed, but for those whom the test meets.
    fn deny_others(&mut self, id: &str, at: At, resources: &Node, operator: &str, test: Node) {
        let condition = at.map([(operator, test)]);
        self.state(id, statement(at, "Allow", resources, at.text("*"), None), false);
        self.state(id, statement(at, "Deny", resources, at.text("*"), Some(condition)), false);
    }

    fn add_statements(&mut self, id: &str, policy: &Node) {
        let Some(own) = policy.get("CustomStatements") else { return };
        match &own.value {
            Value::List(items) => items.iter().for_each(|one| self.state(id, one.clone(), false)),
            _ => self.state(id, own.clone(), false),
        }
    }

    fn state(&mut self, id: &str, statement: Node, is_repeated: bool) {
        if !self.spend(length(&statement), At(statement.span)) {
            return;
        }
        let known = self.statements.entry(id.to_owned()).or_default();
        // Beyond so many, what stands twice stays: it says nothing more.
        if is_repeated || known.len() > MAX_COMPARED || !known.iter().any(|one| is_same(one, &statement)) {
            known.push(statement);
        }
    }
}

/// Adds a method, once.
fn add(methods: &mut Vec<String>, method: &str) {
    let verb = verb(method);
    if methods.len() <= MAX_COMPARED && !methods.contains(&verb) {
        methods.push(verb);
    }
}

fn statement(at: At, effect: &str, resources: &Node, principal: Node, condition: Option<Node>) -> Node {
    let mut parts = vec![
        ("Effect", at.text(effect)),
        ("Action", at.text("execute-api:Invoke")),
        ("Resource", resources.clone()),
        ("Principal", principal),
    ];
    parts.extend(condition.map(|condition| ("Condition", condition)));
    at.map(parts)
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.is_empty(),
        value => *value == Value::Null,
    }
}

fn listed(node: &Node) -> Node {
    match &node.value {
        Value::List(_) => node.clone(),
        _ => At(node.span).list([node.clone()]),
    }
}

/// VPCs and endpoints: a plain name tells which it is.
fn networks(policy: &Node, [plain, vpcs, endpoints]: [&str; 3]) -> (Vec<Node>, Vec<Node>) {
    let items = |name: &str| policy.get(name).map(Node::items).unwrap_or_default();
    let named = |prefix: &'static str| {
        let is_it = move |node: &&Node| node.text().is_some_and(|text| text.starts_with(prefix));
        items(plain).iter().filter(is_it).cloned()
    };
    let all_vpcs = named("vpc-").chain(items(vpcs).iter().cloned()).collect();
    let all_endpoints = named("vpce-").chain(items(endpoints).iter().cloned()).collect();
    (all_vpcs, all_endpoints)
}
