//! `tagproof lint`.

use std::path::Path;

use scenario::LoadError;
use source::{FileId, Finding, Severity, Source, Sources};

use crate::args::Lint;
use crate::exit::Exit;
use crate::output;

use super::{scenarios, text};

/// More than any file that a person writes.
const LARGEST: u64 = 16 << 20;

pub(crate) fn lint(arguments: &Lint) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    for path in &arguments.paths {
        all.extend(look(path, arguments)?);
    }
    for Found { sources, findings } in &all {
        output::data(&match arguments.json {
            true => json(findings, sources),
            false => report::findings(findings, sources),
        })?;
    }
    let mut severities = all.iter().flat_map(|found| &found.findings).map(|finding| finding.severity);
    Ok(if severities.all(|severity| severity == Severity::Suggestion) { Exit::AsExpected } else { Exit::Unexpected })
}

/// What there is to say about some texts.
struct Found {
    sources: Sources,
    findings: Vec<Finding>,
}

fn look(path: &Path, arguments: &Lint) -> anyhow::Result<Vec<Found>> {
    let is_scenario = path.is_dir() || path.file_name().is_some_and(|name| name == "scenario.yaml");
    match is_scenario {
        true => scenarios::files(path)?.iter().map(|file| scenario(file)).collect(),
        false => Ok(vec![file(path, arguments)?]),
    }
}

fn file(path: &Path, arguments: &Lint) -> anyhow::Result<Found> {
    let text = text::of_file(path, LARGEST)?;
    let mut sources = Sources::new();
    let file = sources.add(Source::new(path.display().to_string(), text.clone()));
    let findings = lint::text(file, &text, arguments.kind);
    Ok(Found { sources, findings })
}

/// The policies of every option, each finding once.
fn scenario(path: &Path) -> anyhow::Result<Found> {
    match scenario::load(path) {
        Ok(prepared) => {
            let findings = lint::policies(prepared.policies.iter().map(|(kind, node)| (node, *kind)));
            Ok(Found { sources: prepared.sources, findings })
        }
        Err(LoadError::Faulty { sources, findings }) => Ok(Found { sources, findings }),
        Err(error) => Err(error.into()),
    }
}

fn json(findings: &[Finding], sources: &Sources) -> String {
    // One file after the other, so that each is read once.
    let mut tree = (None, None);
    let mut line = |finding: &Finding| {
        let file = finding.span.file;
        if tree.0 != Some(file) {
            tree = (Some(file), read(file, sources));
        }
        format!("{}\n", lint::json(finding, sources, tree.1.as_ref()))
    };
    findings.iter().map(&mut line).collect()
}

/// The tree of a text, for the findings' paths.
fn read(file: FileId, sources: &Sources) -> Option<source::Node> {
    lint::read(file, sources.get(file)?.text()).0
}
