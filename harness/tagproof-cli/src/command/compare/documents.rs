//! The policies of each side.

use std::sync::Arc;

use policy::{Document, Kind, Policy};
use source::{FileId, Finding, Node, Source, Sources};

use super::operand::Operand;
use crate::output;

/// The policies of one side.
pub(super) struct Documents<'a> {
    pub(super) of: &'a Operand,
    pub(super) kind: Kind,
    pub(super) policies: Vec<Arc<Policy>>,
}

impl<'a> Documents<'a> {
    /// Reads operands. Their policies are of one kind: the one that is given, or the first that is not of a caller's own. Tells
    /// everything that is wrong; `None`: something is.
    pub(super) fn read<const N: usize>(
        operands: [&'a Operand; N],
        kind: Option<Kind>,
    ) -> anyhow::Result<Option<[Self; N]>> {
        let mut found = Vec::new();
        let mut is_readable = true;
        for of in operands {
            match nodes(of, kind) {
                Ok(nodes) => found.push((of, nodes)),
                Err(findings) => {
                    tell(of, &findings);
                    is_readable = false;
                }
            }
        }
        let mut kinds = found.iter().flat_map(|(_, nodes)| nodes).map(|(kind, _)| *kind);
        let guessed = kinds.find(|kind| *kind != Kind::Identity).unwrap_or(Kind::Identity);
        let kind = kind.unwrap_or(guessed);
        let mut read = Vec::new();
        for (of, nodes) in found {
            match policies(of, kind, &nodes) {
                Ok(policies) => read.push(Self { of, kind, policies }),
                Err(findings) => {
                    tell(of, &findings);
                    is_readable = false;
                }
            }
        }
        Ok(read.try_into().ok().filter(|_| is_readable))
    }
}

/// The documents of an operand, each with the kind that it looks like.
fn nodes(of: &Operand, kind: Option<Kind>) -> Result<Vec<(Kind, Node)>, Vec<Finding>> {
    let Some(text) = &of.text else { return Ok(Vec::new()) };
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

fn policies(of: &Operand, kind: Kind, nodes: &[(Kind, Node)]) -> Result<Vec<Arc<Policy>>, Vec<Finding>> {
    let (mut policies, mut faults) = (Vec::new(), Vec::new());
    for (_, node) in nodes {
        let (document, findings) = Document::read(node, kind);
        match document {
            Some(document) => policies.push(Arc::new(Policy::new(of.name.as_str(), kind, &document))),
            None => faults.extend(findings),
        }
    }
    if faults.is_empty() { Ok(policies) } else { Err(faults) }
}

fn tell(of: &Operand, findings: &[Finding]) {
    let mut sources = Sources::new();
    sources.add(Source::new(of.name.as_str(), of.text.as_deref().unwrap_or_default()));
    output::note_findings(&report::findings(findings, &sources, output::page_of_notes()));
}
