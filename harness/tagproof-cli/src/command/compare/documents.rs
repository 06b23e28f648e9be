//! The policies of each side.

use std::sync::Arc;

use policy::{Kind, Policy};
use source::{Finding, Source, Sources};

use super::operand::Operand;
use crate::output;

/// The policies of one side.
pub(super) struct Documents<'a> {
    pub(super) of: &'a Operand,
    pub(super) kind: Kind,
    pub(super) policies: Vec<Arc<Policy>>,
}

impl<'a> Documents<'a> {
    /// Reads operands. Tells everything that is wrong; `None`: something is.
    pub(super) fn read<const N: usize>(operands: [&'a Operand; N], kind: Option<Kind>) -> Option<[Self; N]> {
        match tagproof::Documents::read(operands.map(|of| (of.name.as_str(), of.text.as_deref())), kind) {
            Ok(read) => {
                let mut read = read.into_iter();
                let sides = operands.map(|of| {
                    let tagproof::Documents { kind, policies, .. } = read.next()?;
                    Some(Self { of, kind, policies })
                });
                sides.into_iter().collect::<Option<Vec<_>>>()?.try_into().ok()
            }
            Err(faults) => {
                faults.iter().for_each(|fault| tell(operands[fault.at], &fault.findings));
                None
            }
        }
    }
}

fn tell(of: &Operand, findings: &[Finding]) {
    let mut sources = Sources::new();
    sources.add(Source::new(of.name.as_str(), of.text.as_deref().unwrap_or_default()));
    output::note_findings(&report::findings(findings, &sources, output::page_of_notes()));
}
