//! Policies, compiled where they stand.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use rustc_hash::FxHashMap;
use source::{FileId, Finding, Findings, Node, Sources, Span};

use crate::{Attached, Place};

/// What is made of texts, and everything that is wrong with them.
pub(crate) struct Reader<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) findings: Findings,
    files: FxHashMap<FileId, Arc<str>>,
    texts: FxHashMap<String, Arc<str>>,
    compiled: FxHashMap<(String, Kind, Arc<str>), Arc<Policy>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            findings: Findings::default(),
            files: FxHashMap::default(),
            texts: FxHashMap::default(),
            compiled: FxHashMap::default(),
        }
    }

    /// Where something stands.
    pub(crate) fn place(&mut self, span: Span) -> Place {
        let Some(source) = self.sources.get(span.file) else { return Place::default() };
        let file = self.files.entry(span.file).or_insert_with(|| source.name().into());
        Place { file: Arc::clone(file), position: Some(source.place(span.start)) }
    }

    /// The policy in a tree. None: it cannot be read, and why is among the findings.
    pub(crate) fn policy(&mut self, name: &str, kind: Kind, node: &Node) -> Option<Attached> {
        let (document, findings) = Document::read(node, kind);
        self.say(findings);
        let text = self.text(template::json(node).to_string());
        let policy = self.compile(name, kind, &text, &document?);
        Some(Attached { policy, text, place: self.place(node.span) })
    }

    /// The policy in a text, which stands in a file at `span`.
    pub(crate) fn policy_of(&mut self, name: &str, kind: Kind, text: &str, span: Span) -> Option<Attached> {
        let is_inside = self
            .sources
            .get(span.file)
            .is_some_and(|file| file.text().get(span.start as usize..).is_some_and(|rest| rest.starts_with(text)));
        let (node, mut findings) = source::json::read(span.file, text);
        let document = node.as_ref().filter(|_| !findings.iter().any(Finding::is_error)).and_then(|node| {
            let (document, more) = Document::read(node, kind);
            findings.extend(more);
            document
        });
        for finding in &mut findings {
            // What is encoded in the file has no places of its own there.
            finding.span = match is_inside {
                true => Span::new(span.file, finding.span.start + span.start, finding.span.end + span.start),
                false => span,
            };
        }
        self.say(findings);
        let text = self.text(template::json(&node?).to_string());
        let policy = self.compile(name, kind, &text, &document?);
        Some(Attached { policy, text, place: self.place(span) })
    }

    /// A policy of AWS's own; what AWS has made has no errors.
    pub(crate) fn managed(&mut self, arn: &str, kind: Kind) -> Option<Attached> {
        let policy = catalog::managed::get(arn)?;
        let (document, findings) = Document::read_json(policy.document, kind);
        self.say(findings);
        let text = self.text(policy.document.to_owned());
        let policy = self.compile(arn, kind, &text, &document?);
        Some(Attached { policy, text, place: Place { file: arn.into(), position: None } })
    }

    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.findings.push(Finding::error(code, span, message));
    }

    pub(crate) fn say(&mut self, findings: Vec<Finding>) {
        // A folder of policies is not linted here: what stops it counts.
        self.findings.extend(findings.into_iter().filter(Finding::is_error));
    }

    fn text(&mut self, text: String) -> Arc<str> {
        if let Some(known) = self.texts.get(&text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = text.as_str().into();
        self.texts.insert(text, Arc::clone(&shared));
        shared
    }

    fn compile(&mut self, name: &str, kind: Kind, text: &Arc<str>, document: &Document) -> Arc<Policy> {
        let key = (name.to_owned(), kind, Arc::clone(text));
        let known = self.compiled.entry(key).or_insert_with(|| {
            let policy = Policy::new(name, kind, document);
            Arc::new(if name.starts_with("arn:") { policy.with_arn(name) } else { policy })
        });
        Arc::clone(known)
    }
}
