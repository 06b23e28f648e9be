//! A policy made ready, with which keys it asks for.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use source::{FileId, Finding, Node, Source, Value};

use crate::follows::MentionedKeys;
use crate::note::{Note, NoteAbout};

/// Notes on names that are told of one policy; `lint` tells the rest.
const MOST_NOTES: usize = 10;

/// A policy made ready for questions.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub(crate) policy: Arc<Policy>,
    pub(crate) mentioned: MentionedKeys,
    /// Names in it that AWS does not have, with their places in its text. Most policies have none.
    pub(crate) notes: Option<Arc<[Note]>>,
}

impl Compiled {
    /// Reads a policy from its JSON text. `name` is what reasons and traces call it.
    ///
    /// # Errors
    /// Everything there is to say about the text, if there is an error among that.
    pub fn read(name: &str, kind: Kind, text: &str) -> Result<Self, Vec<Finding>> {
        let (node, document) = json(text, kind)?;
        Ok(Self::new(Policy::new(name, kind, &document), MentionedKeys::by(text), &node, (name, text)))
    }

    /// The same for a policy that stands inside a larger text, that of a file: what the AWS CLI has printed, or a template.
    ///
    /// # Errors
    /// Everything there is to say about the policy, if there is an error among that.
    pub fn of(name: &str, kind: Kind, node: &Node, (file, text): (&str, &str)) -> Result<Self, Vec<Finding>> {
        let (document, findings) = Document::read(node, kind);
        let policy = Policy::new(name, kind, &document.ok_or(findings)?);
        let mut words = String::new();
        collect(node, &mut words);
        Ok(Self::new(policy, MentionedKeys::by(&words), node, (file, text)))
    }

    /// The same for a managed policy, whose name is its ARN.
    ///
    /// # Errors
    /// Everything there is to say about the text, if there is an error among that.
    pub fn managed(arn: &str, kind: Kind, text: &str) -> Result<Self, Vec<Finding>> {
        let (node, document) = json(text, kind)?;
        Ok(Self::new(Policy::new(arn, kind, &document).with_arn(arn), MentionedKeys::by(text), &node, (arn, text)))
    }

    /// The policy itself.
    #[must_use]
    pub const fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The same policy, as one of the template from which a question is asked.
    #[must_use]
    pub fn of_template(mut self) -> Self {
        let of_template = |note: &Note| Note { about: NoteAbout::Template, ..note.clone() };
        self.notes = self.notes.map(|notes| notes.iter().map(of_template).collect());
        self
    }

    fn new(policy: Policy, mentioned: MentionedKeys, node: &Node, text: (&str, &str)) -> Self {
        // AWS's own policies name services that are no more, and nobody can correct them.
        let is_of_aws = policy.arn().is_some_and(|arn| arn.contains(":iam::aws:policy/"));
        let notes = if is_of_aws { None } else { notes(&policy, node, text) };
        Self { policy: Arc::new(policy), mentioned, notes }
    }
}

fn json(text: &str, kind: Kind) -> Result<(Node, Document), Vec<Finding>> {
    let (node, mut findings) = source::json::read(FileId(0), text);
    let Some(node) = node else { return Err(findings) };
    let is_readable = !findings.iter().any(Finding::is_error);
    let (document, more) = Document::read(&node, kind);
    findings.extend(more);
    document.filter(|_| is_readable).map(|document| (node, document)).ok_or(findings)
}

/// Every word of a policy, a line each.
fn collect(node: &Node, words: &mut String) {
    match &node.value {
        Value::String(text) => words.extend([text, "\n"]),
        Value::List(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Map(entries) => {
            for entry in entries {
                words.extend([&entry.key, "\n"]);
                collect(&entry.value, words);
            }
        }
        _ => {}
    }
}

/// `read.json:3:12: AWS's service authorisation reference has no action `s3:GetObjct`; did you mean `s3:GetObject`?`
fn notes(policy: &Policy, node: &Node, (file, text): (&str, &str)) -> Option<Arc<[Note]>> {
    let found = lint::unknown_names(node, policy.kind());
    if found.is_empty() {
        return None;
    }
    let (name, source) = (policy::plain(file), Source::new("", text));
    let told = |finding: &Finding| {
        let place = source.place(finding.span.start);
        let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{name}:{}:{}: {}{help}", place.line, place.column, finding.message)
    };
    let mut notes: Vec<_> = found.iter().take(MOST_NOTES).map(told).collect();
    if let Some(more) = found.len().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
        notes.push(format!("{name}: {more} more names that AWS does not have; `tagproof lint` shows them"));
    }
    Some(notes.into_iter().map(Note::from).collect())
}
