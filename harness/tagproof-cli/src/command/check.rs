//! `tagproof check`.

use std::path::Path;

use init::Draft;
use lint::Suppressed;
use serde_json::{Value, json};
use source::{FileId, Finding, Severity, Sources};

use super::draft::draft;
use crate::args::Check;
use crate::exit::Exit;
use crate::output;

pub(crate) fn check(arguments: &Check) -> anyhow::Result<Exit> {
    let path = &arguments.template;
    let beside = path.parent().unwrap_or(Path::new("")).join("scenario.yaml");
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let Some(draft) = draft(path, &beside, &name)? else { return Ok(Exit::NotRun) };
    let findings = linted(&draft);
    let sources = &draft.template.sources;
    if arguments.json {
        let mut value = init::json(&draft);
        value["template"] = json!(path.display().to_string());
        value["findings"] = findings.iter().map(|finding| of(finding, sources)).collect();
        output::data(&format!("{value}\n"))?;
    } else {
        let text = format!("{}{}\n", init::page(&draft), summary(&draft, &findings));
        output::data(
            &(report::findings(&findings, sources, output::page()) + &report::laid_out(&text, output::page())),
        )?;
    }
    let is_found = draft.judged.iter().any(|one| one.verdict.is_finding()) || findings.iter().any(is_serious);
    Ok(if is_found { Exit::Unexpected } else { Exit::AsExpected })
}

/// What lint says of the template's policies.
fn linted(draft: &Draft) -> Vec<Finding> {
    let prepared = &draft.template;
    let said = lint::policies(prepared.policies.iter().map(|(kind, node)| (node, *kind)));
    // What is left out of the account is no fault of a policy, and nobody has written the scenario.
    let is_own = |finding: &&Finding| finding.code != "NOT_APPLIED" && finding.span.file != FileId(0);
    let warnings = prepared.warnings.iter().filter(is_own).cloned();
    let Suppressed { findings, .. } = lint::suppress(&prepared.sources, warnings.chain(said).collect());
    findings
}

fn is_serious(finding: &Finding) -> bool {
    finding.severity != Severity::Suggestion
}

fn of(finding: &Finding, sources: &Sources) -> Value {
    let tree = sources.get(finding.span.file).and_then(|source| lint::read(finding.span.file, source.text()).0);
    lint::json(finding, sources, tree.as_ref())
}

fn summary(draft: &Draft, findings: &[Finding]) -> String {
    let judged = draft.judged.iter().filter(|one| one.verdict.is_finding()).count();
    let serious = findings.iter().filter(|finding| is_serious(finding)).count();
    let all = draft.judged.len();
    format!(
        "conditions on tags to look at: {judged} of {all}; errors and warnings of lint: {serious}; `tagproof init` writes the scenario"
    )
}
