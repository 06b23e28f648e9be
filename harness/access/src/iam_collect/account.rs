//! One account.

use policy::Kind;
use policy::arn::Arn;
use source::{Finding, Node, Severity};

use super::Folder;
use super::organization::OrganizationFolder;
use crate::{Account, Attached, Inventory, Principal, Resource};

pub(super) struct AccountFolder<'f, 'a> {
    pub(super) folder: &'f mut Folder<'a>,
    pub(super) id: &'f str,
}

impl AccountFolder<'_, '_> {
    pub(super) fn read(&mut self, organizations: &[OrganizationFolder], inventory: &mut Inventory) {
        let account = self.account(organizations);
        inventory.accounts.insert(self.id.to_owned(), account);
        for kind in ["role", "user"] {
            for id in self.folder.below(&self.path(&format!("iam/{kind}"))) {
                let folder = self.path(&format!("iam/{kind}/{id}"));
                inventory.principals.extend(self.principal(kind, &folder));
            }
        }
        let restricts = self.restricts(&self.path(""), "s3-bpa.json");
        for folder in self.folder.all_below(&self.path("")) {
            let own = folder[self.path("").len()..].trim_start_matches('/');
            if own.starts_with("ram/") || ["iam/role/", "iam/user/", "iam/group/"].iter().any(|of| own.starts_with(of))
            {
                continue;
            }
            inventory.resources.extend(self.resource(&folder, restricts));
        }
        self.shared(inventory);
    }

    /// `accounts/111122223333/iam/role`
    fn path(&self, rest: &str) -> String {
        let separator = if rest.is_empty() { "" } else { "/" };
        format!("accounts/{}{separator}{rest}", self.id)
    }

    fn account(&mut self, organizations: &[OrganizationFolder]) -> Account {
        if let Some(of) = organizations.iter().find_map(|one| one.accounts.get(self.id)) {
            return of.clone();
        }
        let node = self.folder.file(&self.path(""), "organization.json");
        let named = node.as_ref().and_then(|node| node.get("organizationId")).and_then(Node::text);
        let missing = named.map(|id| format!("the organization `{}`", policy::plain(id)));
        Account { missing: missing.into_iter().collect(), ..Account::default() }
    }

    fn principal(&mut self, kind: &str, folder: &str) -> Option<Principal> {
        let metadata = self.folder.file(folder, "metadata.json")?;
        let arn = self.folder.text(&metadata, "arn")?;
        let label = Arn::parse(&arn).map_or(arn.clone(), |arn| arn.resource.to_owned());
        let mut missing = Vec::new();
        let mut identity = self.attached(folder, &label, &mut missing);
        for (group, _) in self.folder.list(folder, "groups.json") {
            identity.extend(self.of_group(&group, &mut missing));
        }
        let boundary = metadata.get("permissionBoundary").and_then(Node::text);
        let boundary = boundary.and_then(|arn| {
            let found = self.managed(arn, Kind::Boundary);
            if found.is_none() {
                missing.push(format!("the permissions boundary `{}`", policy::plain(arn)));
            }
            found
        });
        let trust = match kind {
            "role" => self.folder.file(folder, "trust-policy.json"),
            _ => None,
        };
        Some(Principal {
            name: arn.clone(),
            arn,
            unique_id: metadata.get("id").and_then(Node::text).map(str::to_owned),
            tags: self.folder.tags(folder),
            identity,
            boundary,
            trust: trust.and_then(|node| self.folder.reader.policy(&format!("{label}/trust"), Kind::Trust, &node)),
            missing,
            place: self.folder.reader.place(metadata.span),
        })
    }

    /// Inline and managed policies of a role, a user or a group.
    fn attached(&mut self, folder: &str, label: &str, missing: &mut Vec<String>) -> Vec<Attached> {
        let mut all = Vec::new();
        let inline = self.folder.file(folder, "inline-policies.json");
        for policy in inline.iter().flat_map(Node::items) {
            let Some(name) = self.folder.text(policy, "PolicyName") else { continue };
            match policy.get("PolicyDocument") {
                Some(document) => {
                    all.extend(self.folder.reader.policy(&format!("{label}/{name}"), Kind::Identity, document));
                }
                None => self.folder.reader.error("MISSING_ELEMENT", policy.span, "`PolicyDocument` is missing"),
            }
        }
        for (arn, _) in self.folder.list(folder, "managed-policies.json") {
            match self.managed(&arn, Kind::Identity) {
                Some(policy) => all.push(policy),
                None => missing.push(format!("the policy `{}`", policy::plain(&arn))),
            }
        }
        all
    }

    fn of_group(&mut self, arn: &str, missing: &mut Vec<String>) -> Vec<Attached> {
        let folder = Arn::parse(arn).and_then(|arn| self.of_iam(arn.resource));
        match folder {
            Some(folder) if self.folder.folders.contains_key(&folder) => {
                let label = Arn::parse(arn).map_or(arn, |arn| arn.resource);
                self.attached(&folder, label, missing)
            }
            _ => {
                missing.push(format!("the group `{}`", policy::plain(arn)));
                Vec::new()
            }
        }
    }

    /// The folder of what IAM has in this account: `policy/team/Read` is in `iam/policy/team%2fread`.
    fn of_iam(&self, resource: &str) -> Option<String> {
        let (kind, id) = resource.split_once('/')?;
        Some(self.path(&format!("iam/{kind}/{}", encoded(id))))
    }

    /// A managed policy: AWS's own stand in each account that uses them.
    fn managed(&mut self, arn: &str, kind: Kind) -> Option<Attached> {
        let parsed = Arn::parse(arn)?;
        let folder = match parsed.account {
            "aws" => self.path(&format!("iam/aws/policy/{}", encoded(parsed.resource.strip_prefix("policy/")?))),
            _ => self.of_iam(parsed.resource)?,
        };
        match self.folder.file(&folder, "current-policy.json") {
            Some(node) => self.folder.reader.policy(arn, kind, &node),
            None => self.folder.reader.managed(arn, kind),
        }
    }

    /// Whatever has an ARN.
    fn resource(&mut self, folder: &str, restricts: bool) -> Option<Resource> {
        let metadata = self.folder.file(folder, "metadata.json")?;
        let arn = metadata.get("arn").and_then(Node::text)?.to_owned();
        let parsed = Arn::parse(&arn)?;
        // Only a bucket that has attribute-based access control on shows its tags.
        // docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
        let shows_tags = parsed.service != "s3" || metadata.get("abacEnabled").and_then(Node::text) == Some("true");
        let tags = if shows_tags { self.folder.tags(folder) } else { Vec::new() };
        let policy = match self.folder.file(folder, "policy.json") {
            Some(node) => self.folder.reader.policy(&arn, Kind::Resource, &node),
            None => match self.folder.file(folder, "endpoint-policy.json") {
                Some(node) => self.folder.reader.policy(&arn, Kind::Endpoint, &node),
                None => None,
            },
        };
        let restricts_public = parsed.service == "s3" && (restricts || self.restricts(folder, "bpa.json"));
        Some(Resource {
            name: arn.clone(),
            account: Some(self.id.to_owned()),
            policy,
            tags: Some(tags),
            restricts_public,
            place: self.folder.reader.place(metadata.span),
            arn,
        })
    }

    fn restricts(&mut self, folder: &str, file: &str) -> bool {
        let node = self.folder.file(folder, file);
        node.as_ref().and_then(|node| node.get("RestrictPublicBuckets")).and_then(Node::text) == Some("true")
    }

    /// What the account shares by Resource Access Manager, with the policy that this makes for the resource.
    fn shared(&mut self, inventory: &mut Inventory) {
        for folder in self.folder.all_below(&self.path("ram")) {
            let files: Vec<String> =
                self.folder.folders.get(&folder).into_iter().flatten().map(|one| one.0.clone()).collect();
            for file in files {
                let Some(node) = self.folder.file(&folder, &file) else { continue };
                let (Some(arn), Some(policy)) = (node.get("arn").and_then(Node::text), node.get("policy")) else {
                    continue;
                };
                let known = inventory.resources.iter_mut().find(|one| one.arn == arn);
                match known.filter(|one| one.policy.is_none()) {
                    Some(one) => one.policy = self.folder.reader.policy(arn, Kind::Resource, policy),
                    None => {
                        let message = format!(
                            "`{}` is shared by a policy that is not put together with its own",
                            policy::plain(arn)
                        );
                        let service = Arn::parse(arn).map_or("", |arn| arn.service).to_owned();
                        let finding = Finding::new(Severity::Warning, "SHARED_BY_RAM", node.span, message);
                        inventory.unattached.push((service, finding));
                    }
                }
            }
        }
    }
}

/// As folders are called: percent-encoded, in small letters.
fn encoded(id: &str) -> String {
    // What encodeURIComponent leaves as it is.
    const LEFT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    percent_encoding::utf8_percent_encode(id, LEFT).to_string().to_lowercase()
}
