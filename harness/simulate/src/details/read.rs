//! Reading the dump.

use percent_encoding::percent_decode_str;
use source::{FileId, Finding, Findings, Node, Span, Value};

use super::{Details, Entity, Grants, Text};

const PAGE: &str = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html";
const LISTS: &[&str] = &["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];

pub(super) fn details(text: &str) -> Result<Details, Vec<Finding>> {
    let (node, findings) = source::json::read(FileId(0), text);
    let Some(node) = node.filter(|_| !findings.iter().any(Finding::is_error)) else { return Err(findings) };
    let mut reader = Reader { text, details: Details::default(), findings: Findings::default() };
    if !LISTS.iter().any(|list| node.get(list).is_some()) {
        let message = format!("no account details: none of {} is here", LISTS.join(", "));
        let help = "write them with `aws iam get-account-authorization-details > FILE`";
        return Err(vec![Finding::error("NO_ACCOUNT_DETAILS", node.span, message).help(help).see(PAGE)]);
    }
    reader.all(&node);
    let Reader { details, findings, .. } = reader;
    if findings.has_error() { Err(findings.into_vec()) } else { Ok(details) }
}

struct Reader<'a> {
    text: &'a str,
    details: Details,
    findings: Findings,
}

impl Reader<'_> {
    fn all(&mut self, node: &Node) {
        for user in self.items(node, "UserDetailList") {
            let groups = self.items(user, "GroupList").iter().filter_map(Node::text).map(str::to_owned).collect();
            if let Some(entity) = self.entity(user, "user", "UserName", "UserPolicyList") {
                self.add(Entity { groups, ..entity });
            }
        }
        for group in self.items(node, "GroupDetailList") {
            let Some(name) = self.member(group, "GroupName") else { continue };
            let grants = self.grants(group, &format!("group/{name}"), "GroupPolicyList");
            self.details.groups.insert(name, grants);
        }
        for role in self.items(node, "RoleDetailList") {
            let Some(entity) = self.entity(role, "role", "RoleName", "RolePolicyList") else { continue };
            let trust = role.get("AssumeRolePolicyDocument").and_then(|node| self.policy("trust", node, false));
            self.add(Entity { trust, ..entity });
        }
        for policy in self.items(node, "Policies") {
            self.managed(policy);
        }
        self.of_aws();
    }

    fn add(&mut self, entity: Entity) {
        if let Some(sessions) = entity.sessions() {
            self.details.roles.insert(sessions, entity.arn.clone());
        }
        self.details.entities.insert(entity.arn.clone(), entity);
    }

    fn entity(&mut self, node: &Node, kind: &str, name: &str, inline: &str) -> Option<Entity> {
        let arn = self.member(node, "Arn")?;
        let name = self.member(node, name)?;
        let boundary = node.get("PermissionsBoundary").and_then(|node| self.member(node, "PermissionsBoundaryArn"));
        let mut tags = Vec::new();
        for tag in self.items(node, "Tags") {
            tags.extend(self.member(tag, "Key").zip(self.member(tag, "Value")));
        }
        let grants = self.grants(node, &format!("{kind}/{name}"), inline);
        let id = ["RoleId", "UserId"].iter().find_map(|id| node.get(id)).and_then(Node::text).map(str::to_owned);
        let span = node.span;
        let (groups, trust, identity) = (Vec::new(), None, Default::default());
        Some(Entity { arn, id, tags, grants, groups, boundary, trust, span, identity })
    }

    fn grants(&mut self, node: &Node, owner: &str, inline: &str) -> Grants {
        let mut grants = Grants::default();
        for policy in self.items(node, inline) {
            let Some(name) = self.member(policy, "PolicyName") else { continue };
            match policy.get("PolicyDocument") {
                Some(document) => grants.inline.extend(self.policy(&format!("{owner}/{name}"), document, false)),
                None => self.lacks(policy, "PolicyDocument"),
            }
        }
        for policy in self.items(node, "AttachedManagedPolicies") {
            grants.managed.extend(self.member(policy, "PolicyArn"));
        }
        grants
    }

    fn managed(&mut self, node: &Node) {
        let Some(arn) = self.member(node, "Arn") else { return };
        let versions = self.items(node, "PolicyVersionList");
        let is_default = |version: &&Node| version.get("IsDefaultVersion").and_then(Node::text) == Some("true");
        match versions.iter().find(is_default).and_then(|version| version.get("Document")) {
            Some(document) => {
                if let Some(text) = self.policy(&arn, document, true) {
                    self.details.managed.insert(arn, text);
                }
            }
            None => self.lacks(node, "a default version with its Document"),
        }
    }

    /// AWS's own policies are known without the dump, which a filter may have kept from it.
    fn of_aws(&mut self) {
        let Details { entities, groups, managed, .. } = &mut self.details;
        let boundaries = entities.values().filter_map(|entity| entity.boundary.as_ref());
        let grants = entities.values().map(|entity| &entity.grants).chain(groups.values());
        for arn in grants.flat_map(|grants| &grants.managed).chain(boundaries) {
            if !managed.contains_key(arn)
                && let Some(policy) = catalog::managed::get(arn)
            {
                managed.insert(arn.clone(), Text::new(arn, policy.document.to_owned(), true, None));
            }
        }
    }

    /// The CLI prints documents as JSON in the JSON, the API sends them as URL-encoded text.
    fn policy(&mut self, name: &str, node: &Node, is_managed: bool) -> Option<Text> {
        let text = match &node.value {
            Value::Map(_) => self.text.get(node.span.start as usize..node.span.end as usize)?.to_owned(),
            Value::String(text) => match percent_decode_str(text).decode_utf8() {
                Ok(text) => text.into_owned(),
                Err(_) => {
                    let message = "a policy document is URL-encoded text that is not UTF-8";
                    self.findings.push(Finding::error("INVALID_ENCODING", node.span, message).see(PAGE));
                    return None;
                }
            },
            _ => {
                let message = format!("a policy document is {}, and should be an object or text", node.kind());
                self.findings.push(Finding::error("WRONG_TYPE", node.span, message).see(PAGE));
                return None;
            }
        };
        Some(Text::new(name, text, is_managed, Some(node.span)))
    }

    /// The items of a list; one that is missing has none.
    fn items<'n>(&mut self, node: &'n Node, name: &str) -> &'n [Node] {
        let Some(list) = node.get(name) else { return &[] };
        if !matches!(list.value, Value::List(_)) {
            let message = format!("{name} is {}, and should be a list", list.kind());
            self.findings.push(Finding::error("WRONG_TYPE", list.span, message).see(PAGE));
        }
        list.items()
    }

    fn member(&mut self, node: &Node, name: &str) -> Option<String> {
        let found = node.get(name).and_then(Node::text);
        if found.is_none() {
            self.lacks(node, name);
        }
        found.map(str::to_owned)
    }

    fn lacks(&mut self, node: &Node, name: &str) {
        self.findings.push(Finding::error("MISSING_ELEMENT", node.span, format!("{name} is missing")).see(PAGE));
    }
}

impl Text {
    fn new(name: &str, text: String, is_managed: bool, span: Option<Span>) -> Self {
        let (identity, boundary) = Default::default();
        Self { name: name.to_owned(), text, is_managed, span, identity, boundary }
    }
}
