//! What templates, Terraform's JSON and account details have: owners with their policies.

use std::path::Path;

use access::Inventory;
use matrix::deployment::{self, Asked, DeploymentError};
use source::{FileId, Finding, Node, Source, Sources};
use template::Inputs;

use super::operand::Operand;
use crate::output;

/// The stack's name, where nothing says one.
const STACK: &str = "stack";

/// Whether a text has several owners' policies.
pub(super) fn has_owners(tree: &Node) -> bool {
    is_of_account(tree) || tree.get("Resources").is_some() || tree.get("AWSTemplateFormatVersion").is_some()
}

/// What `aws iam get-account-authorization-details` prints.
fn is_of_account(tree: &Node) -> bool {
    ["UserDetailList", "RoleDetailList", "GroupDetailList"].iter().any(|list| tree.get(list).is_some())
}

/// The inventory of an operand, nothing where it is not there. Tells everything that is wrong; `None`: something is.
pub(super) fn read(of: &Operand, parameters: &[(String, String)]) -> anyhow::Result<Option<Inventory>> {
    let mut sources = Sources::new();
    match &of.text {
        None if !of.is_folder() => return Ok(Some(Inventory::default())),
        Some(text) if lint::read(FileId(0), text).0.is_some_and(|tree| is_of_account(&tree)) => {
            let file = sources.add(Source::new(of.name.as_str(), text.as_str()));
            return Ok(told(Inventory::of_details(file, &sources), &sources));
        }
        _ => {}
    }
    let at = of.at()?;
    let asked = Asked { path: at.path(), written: Path::new(&of.name), stack: None };
    let opened = deployment::open(&asked, &mut sources).map_err(|error| match error {
        DeploymentError::SeveralStacks(_) => {
            anyhow::anyhow!("{}: {error}\nhelp: compare their templates: {}/STACK.template.json", of.name, of.name)
        }
        error => error.into(),
    });
    let (deployment, mut findings) = opened?;
    let Some(deployment) = deployment else { return Ok(told(Err(findings), &sources)) };
    let mut inputs = deployment.inputs(None, None, None, STACK);
    inputs = parameters.iter().fold(inputs, |inputs, (name, value)| inputs.parameter(name, value));
    let stack = resolved(&deployment.tree, &inputs, &mut findings);
    findings.retain(Finding::is_error);
    if !findings.is_empty() {
        for finding in findings.iter_mut().filter(|finding| finding.code == "PARAMETER_WITHOUT_VALUE") {
            let name = finding.about.as_deref().unwrap_or("NAME");
            finding.help = Some(format!("give it as `--parameter {}=VALUE`", policy::plain(name)));
        }
        return Ok(told(Err(findings), &sources));
    }
    let inventory = told(Inventory::of_stack(&stack, &inputs.account, &sources), &sources);
    for (_, finding) in inventory.iter().flat_map(|inventory| &inventory.unattached) {
        output::note(&format!("{}: {}: not compared", of.name, finding.message));
    }
    Ok(inventory)
}

/// What comes of a template, and everything that there is to say of it.
fn resolved(tree: &Node, inputs: &Inputs, findings: &mut Vec<Finding>) -> template::Stack {
    let (tree, more) = template::ready(tree, inputs);
    findings.extend(more);
    let (read, more) = template::read(&tree);
    findings.extend(more);
    let Some(read) = read else { return template::Stack::default() };
    let (stack, more) = template::resolve(&read, inputs);
    findings.extend(more);
    stack
}

fn told<T>(read: Result<T, Vec<Finding>>, sources: &Sources) -> Option<T> {
    read.map_err(|findings| output::note_findings(&report::findings(&findings, sources, output::page_of_notes()))).ok()
}
