//! Policies as texts, made ready for proofs.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use source::{FileId, Finding, Node};

/// The policies of one kind that a text has.
#[derive(Clone, Debug)]
pub struct Documents {
    /// What they are called in answers.
    pub name: String,
    /// What they are attached to.
    pub kind: Kind,
    /// The policies; what they allow together counts.
    pub policies: Vec<Arc<Policy>>,
}

/// What is wrong with a text.
#[derive(Debug)]
pub struct Unreadable {
    /// Which of the texts.
    pub at: usize,
    /// What, with its places in the text.
    pub findings: Vec<Finding>,
}

impl Documents {
    /// Reads texts: a policy in JSON, or what the AWS CLI prints of policies; `None` has no policy. They are of one kind: the one
    /// that is given, or the first that is not of a caller's own.
    ///
    /// # Errors
    /// Everything that is wrong with each text.
    pub fn read<const N: usize>(
        texts: [(&str, Option<&str>); N],
        kind: Option<Kind>,
    ) -> Result<[Self; N], Vec<Unreadable>> {
        let mut faults = Vec::new();
        let mut found = Vec::new();
        for (at, (name, text)) in texts.into_iter().enumerate() {
            match text.map_or(Ok(Vec::new()), |text| nodes(text, kind)) {
                Ok(nodes) => found.push((at, name, nodes)),
                Err(findings) => faults.push(Unreadable { at, findings }),
            }
        }
        let mut kinds = found.iter().flat_map(|(.., nodes)| nodes).map(|(kind, _)| *kind);
        let guessed = kinds.find(|kind| *kind != Kind::Identity).unwrap_or(Kind::Identity);
        let kind = kind.unwrap_or(guessed);
        let mut read = Vec::new();
        for (at, name, nodes) in found {
            match policies(name, kind, &nodes) {
                Ok(policies) => read.push(Self { name: name.to_owned(), kind, policies }),
                Err(findings) => faults.push(Unreadable { at, findings }),
            }
        }
        faults.sort_by_key(|fault| fault.at);
        read.try_into().map_err(|_| faults)
    }
}

/// The documents of a text, each with the kind that it looks like.
fn nodes(text: &str, kind: Option<Kind>) -> Result<Vec<(Kind, Node)>, Vec<Finding>> {
    let (tree, findings) = lint::read(FileId(0), text);
    let Some(tree) = tree.filter(|_| !findings.iter().any(Finding::is_error)) else { return Err(findings) };
    if tree.get("Statement").is_some() {
        return Ok(vec![(kind.unwrap_or_else(|| lint::guess(&tree)), tree)]);
    }
    let (found, findings) = lint::printed(&tree, text, kind);
    match found.is_empty() || findings.iter().any(Finding::is_error) {
        false => Ok(found),
        true if findings.is_empty() => {
            let none = Finding::error("NO_POLICY", tree.span, "there is no policy here");
            Err(vec![none.help("expected a policy in JSON, or what the AWS CLI prints of policies")])
        }
        true => Err(findings),
    }
}

fn policies(name: &str, kind: Kind, nodes: &[(Kind, Node)]) -> Result<Vec<Arc<Policy>>, Vec<Finding>> {
    let (mut policies, mut faults) = (Vec::new(), Vec::new());
    for (_, node) in nodes {
        let (document, findings) = Document::read(node, kind);
        match document {
            Some(document) => policies.push(Arc::new(Policy::new(name, kind, &document))),
            None => faults.extend(findings),
        }
    }
    if faults.is_empty() { Ok(policies) } else { Err(faults) }
}
