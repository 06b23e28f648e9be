//! `given`: state that the template does not create.

use indexmap::IndexMap;
use policy::Kind;
use policy::arn::Arn;
use serde_json::{Value, json};
use source::{Entry, Finding, Node, Span, Value as Tree};

use super::fields::{Fields, Reader};
use crate::scenario::{
    Bucket, Control, Endpoint, Given, Holdings, Levels, Name, Object, Organization, Principal, Resource,
};

const HOLDINGS: [&str; 4] = ["buckets", "users", "roles", "groups"];
const GIVEN: &[&str] =
    &["buckets", "users", "roles", "groups", "resources", "accounts", "organization", "endpoints", "templates"];
/// Services whose resources the accounts here hold, and where they are given instead.
const HELD: [(&str, &str); 2] = [
    ("s3", "buckets stand under `buckets`, with their objects"),
    ("iam", "users, roles and groups stand under their own keys"),
];
/// The services whose calls can be sent through a VPC endpoint here.
const ENDPOINTS: &[&str] = &["s3", "ecs", "sts", "iam", "logs"];

/// Reads `given`.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Given {
    let errors = |reader: &Reader| reader.findings.iter().filter(|finding| finding.is_error()).count();
    let before = errors(reader);
    let fields = reader.fields(node, "`given`", GIVEN);
    let given = Given {
        resources: named(reader, fields.get("resources"), "`resources`", resource),
        home: holdings(reader, &fields),
        accounts: named(reader, fields.get("accounts"), "`accounts`", |reader, id, node| {
            account_id(reader, id, node.span);
            let fields = reader.fields(node, &format!("account `{id}`"), &HOLDINGS);
            holdings(reader, &fields)
        }),
        organization: fields.get("organization").and_then(|node| organization(reader, node)),
        endpoints: named(reader, fields.get("endpoints"), "`endpoints`", endpoint),
        templates: templates(reader, fields.get("templates")),
        is_faulty: false,
    };
    Given { is_faulty: errors(reader) > before, ..given }
}

fn templates(reader: &mut Reader, node: Option<&Node>) -> IndexMap<String, Name> {
    let Some(node) = node else { return IndexMap::new() };
    let mut templates = IndexMap::new();
    for Entry { key, value, .. } in reader.map(node, "`templates`") {
        if let Some(text) = reader.text(value, &format!("the template of `{key}`")) {
            templates.insert(key.clone(), Name { text, span: value.span });
        }
    }
    templates
}

/// The option's `given` over the scenario's: mappings are merged key by key, anything else replaces.
pub(super) fn merge(base: &Node, over: &Node) -> Node {
    let (Tree::Map(below), Tree::Map(above)) = (&base.value, &over.value) else { return over.clone() };
    let mut entries: Vec<Entry> = below
        .iter()
        .map(|entry| match over.get(&entry.key) {
            Some(value) => Entry { value: merge(&entry.value, value), ..entry.clone() },
            None => entry.clone(),
        })
        .collect();
    entries.extend(above.iter().filter(|entry| base.get(&entry.key).is_none()).cloned());
    Node::new(Tree::Map(entries), over.span)
}

/// A mapping of names to things of one kind.
fn named<T>(
    reader: &mut Reader,
    node: Option<&Node>,
    what: &str,
    mut read: impl FnMut(&mut Reader, &str, &Node) -> T,
) -> IndexMap<String, T> {
    let Some(node) = node else { return IndexMap::new() };
    let entries = reader.map(node, what);
    entries.iter().map(|entry| (entry.key.clone(), read(reader, &entry.key, &entry.value))).collect()
}

pub(super) fn account_id(reader: &mut Reader, id: &str, span: Span) {
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("`{id}` is not an account id");
        reader.say(Finding::error("BAD_ACCOUNT_ID", span, message).help("write its 12 digits, in quotes"));
    }
}

fn holdings(reader: &mut Reader, fields: &Fields<'_>) -> Holdings {
    let [buckets, users, roles, groups] = HOLDINGS.map(|key| fields.get(key));
    Holdings {
        buckets: self::buckets(reader, buckets),
        users: named(reader, users, "`users`", |reader, name, node| {
            let known = ["policies", "managed-policies", "boundary", "tags", "groups"];
            principal(reader, &format!("user `{name}`"), node, &known)
        }),
        roles: named(reader, roles, "`roles`", |reader, name, node| {
            let known = ["trust", "policies", "managed-policies", "boundary", "tags"];
            principal(reader, &format!("role `{name}`"), node, &known)
        }),
        groups: named(reader, groups, "`groups`", |reader, name, node| {
            principal(reader, &format!("group `{name}`"), node, &["policies", "managed-policies"])
        }),
    }
}

fn buckets(reader: &mut Reader, node: Option<&Node>) -> IndexMap<String, Bucket> {
    let mut buckets = named(reader, node, "`buckets`", bucket);
    for Entry { key, key_span, .. } in node.map(Node::entries).unwrap_or_default() {
        if let Some(bucket) = buckets.get_mut(key) {
            bucket.span = *key_span;
        }
    }
    buckets
}

fn bucket(reader: &mut Reader, name: &str, node: &Node) -> Bucket {
    let what = format!("bucket `{name}`");
    let fields = reader.fields(node, &what, &["objects", "tags", "abac", "policy"]);
    Bucket {
        objects: named(reader, fields.get("objects"), "`objects`", object),
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
        abac: reader.flag(fields.get("abac"), "`abac`"),
        policy: reader.policy(fields.get("policy"), Kind::Resource),
        span: node.span,
    }
}

fn object(reader: &mut Reader, key: &str, node: &Node) -> Object {
    let what = format!("object `{key}`");
    let Some(fields) = reader.fields_or(node, &what, &["body", "tags"], "body") else { return Object::default() };
    Object {
        body: fields.get("body").and_then(|node| reader.any_text(node, "`body`")).unwrap_or_default(),
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
    }
}

/// One that the accounts here do not hold: nothing but decisions knows of it.
fn resource(reader: &mut Reader, arn: &str, node: &Node) -> Resource {
    let what = format!("resource `{arn}`");
    let service = Arn::parse(arn).map(|arn| arn.service);
    let elsewhere = HELD.iter().find(|(held, _)| service == Some(*held)).map(|(_, place)| *place);
    if let Some(place) = elsewhere {
        let finding = Finding::error("HELD_RESOURCE", node.span, format!("{what} cannot be given here"));
        reader.say(finding.help(place));
    } else if service.is_none() {
        let finding = Finding::error("BAD_ARN", node.span, format!("`{arn}` is not an ARN"));
        reader.say(finding.help("name the resource by its ARN: `arn:aws:sqs:us-east-1:123456789012:jobs`"));
    }
    let fields = reader.fields(node, &what, &["tags", "policy"]);
    Resource {
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
        policy: reader.policy(fields.get("policy"), Kind::Resource),
        span: node.span,
    }
}

fn principal(reader: &mut Reader, what: &str, node: &Node, known: &[&'static str]) -> Principal {
    let fields = reader.fields(node, what, known);
    Principal {
        policies: documents(reader, fields.get("policies"), Kind::Identity),
        managed_policies: reader.names(fields.get("managed-policies"), "`managed-policies`"),
        boundary: fields.get("boundary").and_then(|node| reader.name(node, "`boundary`")),
        tags: reader.tags(fields.get("tags"), &format!("`tags` of {what}")),
        groups: reader.names(fields.get("groups"), "`groups`"),
        trust: reader.policy(fields.get("trust"), Kind::Trust),
        is_made: false,
        span: node.span,
    }
}

fn documents(reader: &mut Reader, node: Option<&Node>, kind: Kind) -> IndexMap<String, Value> {
    let read = named(reader, node, "`policies`", |reader, _, node| reader.policy(Some(node), kind));
    read.into_iter().filter_map(|(name, document)| Some((name, document?))).collect()
}

fn organization(reader: &mut Reader, node: &Node) -> Option<Organization> {
    let fields = reader.fields(node, "`organization`", &["id", "management", "members"]);
    let id = reader.required(&fields, "id", "`organization`").and_then(|node| reader.text(node, "`id`"));
    let management = fields.get("management").and_then(|node| reader.text(node, "`management`"));
    let members = named(reader, fields.get("members"), "`members`", |reader, id, node| {
        account_id(reader, id, node.span);
        let known = ["service-control-policies", "resource-control-policies", "path"];
        let fields = reader.fields(node, &format!("member `{id}`"), &known);
        Levels {
            service_control: levels(reader, fields.get(known[0]), Kind::ServiceControl),
            resource_control: levels(reader, fields.get(known[1]), Kind::ResourceControl),
            path: fields.get(known[2]).and_then(|node| reader.text(node, "`path`")),
        }
    });
    Some(Organization { id: id?, management, members })
}

/// One list per level, root first; an item is `FullAWSAccess` or a policy under its name.
fn levels(reader: &mut Reader, node: Option<&Node>, kind: Kind) -> Vec<Vec<Control>> {
    let Some(node) = node else { return Vec::new() };
    let mut levels = Vec::new();
    for level in reader.list(node, "the policies, one list for each level") {
        let mut controls = Vec::new();
        for item in reader.list(level, "the policies of a level") {
            controls.extend(control(reader, item, kind));
        }
        levels.push(controls);
    }
    levels
}

fn control(reader: &mut Reader, node: &Node, kind: Kind) -> Vec<Control> {
    if let Some(name) = node.text() {
        if name == "FullAWSAccess" || name == "RCPFullAWSAccess" {
            return vec![Control { name: name.to_owned(), document: everything(kind) }];
        }
        let message = format!("`{name}` is not a policy that every organisation has");
        reader.say(
            Finding::error("UNKNOWN_POLICY", node.span, message)
                .help("write `FullAWSAccess`, or `{NAME: DOCUMENT}` for a policy of your own"),
        );
        return Vec::new();
    }
    let entries = reader.map(node, "a policy of a level");
    let read = |entry: &Entry| {
        let document = reader.policy(Some(&entry.value), kind)?;
        Some(Control { name: entry.key.clone(), document })
    };
    entries.iter().filter_map(read).collect()
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (FullAWSAccess), …_rcps.html
fn everything(kind: Kind) -> Value {
    let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    if matches!(kind, Kind::ResourceControl | Kind::Endpoint) {
        statement["Principal"] = json!("*");
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn endpoint(reader: &mut Reader, service: &str, node: &Node) -> Endpoint {
    let what = format!("endpoint `{service}`");
    let fields = reader.fields(node, &what, &["vpce", "vpc", "policy"]);
    if !ENDPOINTS.contains(&service) {
        let message = format!("there is no endpoint for `{service}` here");
        reader.say(
            Finding::error("UNKNOWN_SERVICE", node.span, message).suggest_among(service, ENDPOINTS.iter().copied()),
        );
    }
    let mut id = |key: &str, default: &str| {
        fields.get(key).and_then(|node| reader.text(node, &format!("`{key}`"))).unwrap_or_else(|| default.to_owned())
    };
    let (vpce, vpc) = (id("vpce", "vpce-0123456789abcdef0"), id("vpc", "vpc-0123456789abcdef0"));
    let policy = reader.policy(fields.get("policy"), Kind::Endpoint);
    Endpoint { id: vpce, vpc, policy: policy.unwrap_or_else(|| everything(Kind::Endpoint)) }
}
