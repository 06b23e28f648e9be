//! Files beside a template, each read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use source::{Finding, Node, Severity, Source, Sources};
use template::Files;

use super::{NestedTemplate, add, folder, tree};
use crate::path::lexical;
use crate::read::{LARGEST, ReadError};

/// More files than any template names.
const MOST_FILES: usize = 500;

/// What has been read, and what there is to say of it.
pub(super) struct Beside<'s> {
    sources: &'s mut Sources,
    files: Files,
    findings: Vec<Finding>,
    /// Trees by path; `None` for what could not be read.
    read: HashMap<PathBuf, Option<Node>>,
}

impl<'s> Beside<'s> {
    pub(super) fn new(sources: &'s mut Sources) -> Self {
        Self { sources, files: Files::default(), findings: Vec::new(), read: HashMap::new() }
    }

    pub(super) fn finish(self) -> (Files, Vec<Finding>) {
        (self.files, self.findings)
    }

    /// The tree of a file that has to be there.
    pub(super) fn document(&mut self, written: &Path, path: &Path) -> Result<Option<Node>, ReadError> {
        if let Some(known) = self.read.get(&lexical(path)) {
            return Ok(known.clone());
        }
        let (id, text) = add(self.sources, written, path)?;
        let (tree, findings) = tree(id, &text);
        self.findings.extend(findings);
        self.read.insert(lexical(path), tree.clone());
        Ok(tree)
    }

    /// Reads what a tree names, and what that names.
    pub(super) fn follow(&mut self, tree: &Node, at: &Path) {
        let mut open = vec![(tree.clone(), at.to_owned())];
        while let Some((tree, at)) = open.pop() {
            for wanted in template::wanted(&tree) {
                let path = at.join(&wanted.path);
                let is_new = !self.read.contains_key(&lexical(&path));
                let Some(found) = self.named(&wanted, &path) else { continue };
                self.files.add(wanted.span.file, &wanted.path, found.clone());
                if is_new {
                    open.push((found, folder(&path).to_owned()));
                }
            }
        }
    }

    /// The tree of a file that may be missing: what stands in its place is told then.
    fn named(&mut self, wanted: &template::Wanted, path: &Path) -> Option<Node> {
        if self.read.len() >= MOST_FILES {
            return None;
        }
        match self.document(Path::new(&wanted.path), path) {
            Ok(tree) => tree,
            Err(ReadError::Missing(_)) => {
                self.read.insert(lexical(path), None);
                None
            }
            Err(error) => {
                self.read.insert(lexical(path), None);
                self.findings.push(Finding::new(Severity::Warning, "UNREADABLE_FILE", wanted.span, error.to_string()));
                None
            }
        }
    }

    /// Gives a template by what it is uploaded as.
    pub(super) fn give(&mut self, name: &str, path: &Path) {
        if let Ok(Some(tree)) = self.document(path, path) {
            self.follow(&tree, folder(path));
            self.files.give(name, tree);
        }
    }

    /// Reads a template that a scenario gives for a nested stack.
    pub(super) fn given(&mut self, template: &NestedTemplate<'_>) -> Option<(String, Node)> {
        let NestedTemplate { file, folder: at } = *template;
        let path = at.join(&file.text);
        match self.document(Path::new(&file.text), &path) {
            Ok(tree) => {
                let tree = tree?;
                self.follow(&tree, folder(&path));
                Some((file.text.clone(), tree))
            }
            Err(error) => {
                let finding = Finding::error("NO_TEMPLATE", file.span, error.to_string());
                self.findings.push(finding.help("the path starts at the scenario's folder"));
                None
            }
        }
    }

    /// Notes what there is to say.
    pub(super) fn say(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// The tree of a file of the CDK's own. Of one that has none of a manifest's names nothing is shown.
    pub(super) fn manifest(&mut self, path: &Path) -> Result<Option<Node>, ReadError> {
        let text = crate::read::text(path, path, LARGEST)?;
        if !["\"artifacts\"", "\"files\""].iter().any(|name| text.contains(name)) {
            let reason =
                "it has neither artifacts nor files, as a manifest of the CDK has, so that none of it is shown"
                    .to_owned();
            return Err(ReadError::Unreadable { path: path.to_owned(), reason });
        }
        let id = self.sources.add(Source::new(lexical(path).display().to_string(), text.clone()));
        let (tree, findings) = source::json::read(id, &text);
        self.findings.extend(findings);
        Ok(tree)
    }
}
