//! The inventory of a folder that iam-collect has written: accounts, and the organisations that they belong to.
//!
//! Its layout: `aws/PARTITION/accounts/ACCOUNT/SERVICE/[REGION/][TYPE/]ID/*.json` and
//! `aws/PARTITION/organizations/ORGANIZATION/…`, a file for each thing that is known.
//! github.com/cloud-copilot/iam-collect/blob/main/docs/Storage.md and its `src/syncs/iam/authorizationDetails.ts`,
//! `src/syncs/organizations/organizations.ts` and `src/syncs/s3/buckets.ts`, which say what is in each file.

mod account;
mod organization;

use std::collections::BTreeMap;

use source::{FileId, Finding, Node, Source, Sources, Span, Value};

use crate::Inventory;
use crate::read::Reader;
use account::AccountFolder;
use organization::OrganizationFolder;

impl Inventory {
    /// Everything in a folder of iam-collect. `files` has its files in JSON, each under its path.
    ///
    /// # Errors
    /// Every file and every policy that cannot be read; that it is no such folder.
    pub fn of_iam_collect(files: &Sources) -> Result<Self, Vec<Finding>> {
        let mut folder = Folder { reader: Reader::new(files), folders: BTreeMap::new() };
        for (id, source) in (0..).map_while(|id| files.get(FileId(id)).map(|source| (FileId(id), source))) {
            folder.put(id, source);
        }
        let mut inventory = Self::default();
        let accounts = folder.below("accounts");
        if accounts.is_empty() {
            let message = "no folder of iam-collect: it has no `accounts/ACCOUNT` with JSON files";
            let help = "name the folder that its configuration names as `storage.path`";
            return Err(vec![Finding::error("NO_IAM_COLLECT", Span::default(), message).help(help)]);
        }
        let organizations = folder.below("organizations");
        let organizations: Vec<_> = organizations.iter().map(|id| OrganizationFolder::read(&mut folder, id)).collect();
        for id in &accounts {
            AccountFolder { folder: &mut folder, id }.read(&organizations, &mut inventory);
        }
        let findings = folder.reader.findings;
        if findings.has_error() { Err(findings.into_vec()) } else { Ok(inventory) }
    }
}

/// Files by their folders, both from `accounts` or `organizations` on.
struct Folder<'a> {
    reader: Reader<'a>,
    folders: BTreeMap<String, BTreeMap<String, FileId>>,
}

impl Folder<'_> {
    fn put(&mut self, id: FileId, source: &Source) {
        let parts: Vec<&str> = source.name().split(['/', '\\']).collect();
        // The folder itself may stand in one that is called so.
        let is_start = |at: &usize| {
            let partition = at.checked_sub(1).map_or("aws", |before| parts[before]);
            matches!(parts[*at], "accounts" | "organizations") && (*at == 0 || partition.starts_with("aws"))
        };
        let Some(start) = (0..parts.len())
            .find(is_start)
            .or_else(|| parts.iter().position(|part| matches!(*part, "accounts" | "organizations")))
        else {
            return;
        };
        if let Some((name, folder)) = parts[start..].split_last() {
            self.folders.entry(folder.join("/")).or_default().insert((*name).to_owned(), id);
        }
    }

    /// The names of the folders in one.
    fn below(&self, folder: &str) -> Vec<String> {
        let start = format!("{folder}/");
        let names = self.folders.keys().filter_map(|path| path.strip_prefix(&start)?.split('/').next());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.dedup();
        names
    }

    /// The folders, at whatever depth, below one.
    fn all_below(&self, folder: &str) -> Vec<String> {
        let start = format!("{folder}/");
        self.folders.keys().filter(|path| path.starts_with(&start)).cloned().collect()
    }

    /// What a file holds. None: there is none, or it cannot be read, and why is among the findings.
    fn file(&mut self, folder: &str, name: &str) -> Option<Node> {
        let id = *self.folders.get(folder)?.get(name)?;
        let (node, findings) = source::json::read(id, self.reader.sources.get(id)?.text());
        let is_readable = !findings.iter().any(Finding::is_error);
        self.reader.say(findings);
        // What iam-collect could not get is there as `null`.
        node.filter(|node| is_readable && !matches!(node.value, Value::Null))
    }

    /// A text that a file has to have.
    fn text(&mut self, node: &Node, name: &str) -> Option<String> {
        let found = node.get(name).and_then(Node::text).map(str::to_owned);
        if found.is_none() {
            self.reader.error("MISSING_ELEMENT", node.span, format!("`{name}` is missing"));
        }
        found
    }

    /// `{"Team": "finance"}`
    fn tags(&mut self, folder: &str) -> Vec<(String, String)> {
        let node = self.file(folder, "tags.json");
        let entries = node.iter().flat_map(Node::entries);
        entries.filter_map(|entry| Some((entry.key.clone(), entry.value.text()?.to_owned()))).collect()
    }

    /// The texts of a list.
    fn list(&mut self, folder: &str, name: &str) -> Vec<(String, Span)> {
        let node = self.file(folder, name);
        let items = node.iter().flat_map(Node::items);
        items.filter_map(|item| Some((item.text()?.to_owned(), item.span))).collect()
    }
}
