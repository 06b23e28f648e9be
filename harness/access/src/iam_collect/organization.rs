//! One organisation: which policies are attached where, and which accounts are below.

use std::collections::BTreeMap;

use policy::Kind;
use source::{FileId, Node, Span};

use super::Folder;
use crate::{Account, Attached, Organization};

/// What AWS attaches everywhere when these policies are enabled. iam-collect writes them too.
/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
const FULL_ACCESS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

pub(super) struct OrganizationFolder {
    pub(super) accounts: BTreeMap<String, Account>,
}

/// Which of the two kinds.
#[derive(Clone, Copy)]
struct Control {
    kind: Kind,
    /// The folder and the member.
    name: &'static str,
    feature: &'static str,
}

const SERVICE: Control = Control { kind: Kind::ServiceControl, name: "scps", feature: "SERVICE_CONTROL_POLICY" };
const RESOURCE: Control = Control { kind: Kind::ResourceControl, name: "rcps", feature: "RESOURCE_CONTROL_POLICY" };

impl OrganizationFolder {
    pub(super) fn read(folder: &mut Folder<'_>, id: &str) -> Self {
        let path = format!("organizations/{id}");
        let metadata = folder.file(&path, "metadata.json");
        let accounts = folder.file(&path, "accounts.json");
        let units = folder.file(&path, "ous.json");
        let mut all = BTreeMap::new();
        let mut found = Found { folder, path, metadata, units, known: BTreeMap::new() };
        for entry in accounts.iter().flat_map(Node::entries) {
            all.insert(entry.key.clone(), found.account(id, &entry.key, &entry.value));
        }
        Self { accounts: all }
    }
}

struct Found<'f, 'a> {
    folder: &'f mut Folder<'a>,
    path: String,
    metadata: Option<Node>,
    units: Option<Node>,
    /// Policies by ARN.
    known: BTreeMap<String, Option<Attached>>,
}

impl Found<'_, '_> {
    fn account(&mut self, organization: &str, id: &str, node: &Node) -> Account {
        let units = self.units_above(node);
        let path = units.iter().fold(format!("{organization}/"), |path, unit| path + unit + "/");
        // "SCPs don't affect users or roles in the management account", nor do RCPs its resources.
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
        // docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
        let root = self.metadata.as_ref().and_then(|node| node.get("rootAccountId")).and_then(Node::text);
        let is_management = root == Some(id);
        let [service_control, resource_control] =
            [SERVICE, RESOURCE].map(|control| match !is_management && self.is_on(control) {
                true => self.levels(control, &units, node),
                false => Vec::new(),
            });
        let organization = Some(Organization { id: organization.to_owned(), path });
        Account { organization, service_control, resource_control, missing: Vec::new() }
    }

    /// The units above an account, the root first.
    fn units_above(&mut self, account: &Node) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let mut next = account.get("ou").and_then(Node::text).map(str::to_owned);
        while let Some(unit) = next.take().filter(|unit| !all.contains(unit)) {
            let known = self.units.as_ref().and_then(|units| units.get(&unit));
            next = known.and_then(|node| node.get("parent")).and_then(Node::text).map(str::to_owned);
            if known.is_none() {
                let message = format!("the unit `{}` is not in ous.json", policy::plain(&unit));
                self.folder.reader.error("MISSING_ELEMENT", account.span, message);
            }
            all.push(unit);
        }
        all.reverse();
        all
    }

    fn is_on(&self, control: Control) -> bool {
        let features = self.metadata.as_ref().and_then(|node| node.get("features"));
        features.and_then(|node| node.get(control.feature)).and_then(Node::text) == Some("true")
    }

    fn levels(&mut self, control: Control, units: &[String], account: &Node) -> Vec<Vec<Attached>> {
        let nodes = units.iter().filter_map(|unit| self.units.as_ref()?.get(unit).cloned());
        let nodes: Vec<Node> = nodes.chain([account.clone()]).collect();
        nodes.iter().map(|node| self.level(control, node)).collect()
    }

    fn level(&mut self, control: Control, node: &Node) -> Vec<Attached> {
        let arns = node.get(control.name).map(Node::items).unwrap_or_default();
        arns.iter().filter_map(|item| self.policy(control, item.text()?, item.span)).collect()
    }

    fn policy(&mut self, control: Control, arn: &str, span: Span) -> Option<Attached> {
        if let Some(known) = self.known.get(arn) {
            return known.clone();
        }
        let id = arn.rsplit('/').next().unwrap_or_default();
        let folder = format!("{}/{}/{}", self.path, control.name, id.to_lowercase());
        let found = match self.folder.file(&folder, "policy.json") {
            Some(node) => self.folder.reader.policy(arn, control.kind, &node),
            None if arn.contains("::aws:") => {
                self.folder.reader.policy_of(arn, control.kind, FULL_ACCESS, Span::new(FileId(u32::MAX), 0, 0))
            }
            None => {
                let message = format!("the policy `{}` is attached here and not in the folder", policy::plain(arn));
                self.folder.reader.error("MISSING_POLICY", span, message);
                None
            }
        };
        self.known.insert(arn.to_owned(), found.clone());
        found
    }
}
