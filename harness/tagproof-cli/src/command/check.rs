//! `tagproof check`.

use std::path::Path;

use init::Found;
use lint::Suppressed;
use serde_json::{Value, json};
use source::{FileId, Finding, Severity, Sources};

use super::draft::{Drafted, draft};
use crate::args::Check;
use crate::exit::Exit;
use crate::output;

pub(crate) fn check(arguments: &Check) -> anyhow::Result<Exit> {
    let path = &arguments.deployed.path;
    let beside = path.parent().unwrap_or(Path::new("")).join("scenario.yaml");
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let found = match draft(&arguments.deployed, &beside, &name)? {
        Drafted::Draft(draft) => draft.found,
        Drafted::Untried(found) => *found,
        Drafted::Faulty => return Ok(Exit::NotRun),
    };
    let findings = linted(&found);
    let sources = &found.template.sources;
    if arguments.json {
        let mut value = init::json(&found);
        value["template"] = json!(path.display().to_string());
        value["findings"] = findings.iter().map(|finding| of(finding, sources)).collect();
        output::data(&format!("{value}\n"))?;
    } else {
        let text = format!("{}{}\n", init::page(&found), summary(&found, &findings));
        output::data(
            &(report::findings(&findings, sources, output::page()) + &report::laid_out(&text, output::page())),
        )?;
    }
    let is_found = found.judged.iter().any(|one| one.verdict.is_finding()) || findings.iter().any(is_serious);
    Ok(if is_found { Exit::Unexpected } else { Exit::AsExpected })
}

/// What lint says of the template's policies.
fn linted(found: &Found) -> Vec<Finding> {
    let prepared = &found.template;
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

fn summary(found: &Found, findings: &[Finding]) -> String {
    let judged = found.judged.iter().filter(|one| one.verdict.is_finding()).count();
    let serious = findings.iter().filter(|finding| is_serious(finding)).count();
    let all = found.judged.len();
    let init = if found.untried.is_none() { "; `tagproof init` writes the scenario" } else { "" };
    format!("conditions on tags to look at: {judged} of {all}; errors and warnings of lint: {serious}{init}")
}
