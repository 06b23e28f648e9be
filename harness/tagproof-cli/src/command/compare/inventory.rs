//! What templates, Terraform's JSON and account details have: owners with their policies.

use std::path::Path;

use access::Inventory;
use matrix::deployment::{self, Asked, DeploymentError};
use source::{FileId, Node, Source, Sources};

use super::super::inventory::{deployed, inventory_of, told};
use super::operand::Operand;
use crate::output;

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
    let (deployment, findings) = opened?;
    let (deployed, findings) = deployed(deployment.as_ref(), findings, parameters);
    let inventory = inventory_of(deployed, findings, &sources);
    for (_, finding) in inventory.iter().flat_map(|inventory| &inventory.unattached) {
        output::note(&format!("{}: {}: not compared", of.name, finding.message));
    }
    Ok(inventory)
}
