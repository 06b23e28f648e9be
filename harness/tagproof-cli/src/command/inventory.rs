//! Reads users, roles, resources and accounts.

use std::path::{Path, PathBuf};

use access::Inventory;
use matrix::deployment::{self, Asked, Deployment, DeploymentError};
use source::{Finding, Source, Sources};
use template::{Inputs, PARAMETER_WITHOUT_VALUE, Stack};

use super::text;
use crate::args::Inventoried;
use crate::output;

/// More than an account with all users and roles it may have.
const LARGEST: u64 = 1 << 30;
/// The name of a stack that is given none.
const STACK: &str = "stack";

/// Everything that the arguments name. `None`: something in it cannot be read, and all of that has been said.
pub(super) fn inventory(of: &Inventoried) -> anyhow::Result<Option<Inventory>> {
    let mut all = Some(Inventory::default());
    let mut add = |more: Option<Inventory>| match (&mut all, more) {
        (Some(all), Some(more)) => all.add(more),
        (all, _) => *all = None,
    };
    if let Some(path) = &of.template {
        add(of_template(path, of)?);
    }
    for path in &of.account_details {
        let mut sources = Sources::new();
        let file = sources.add(Source::new(path.display().to_string(), text::document(path, LARGEST)?));
        add(told(Inventory::of_details(file, &sources), &sources));
    }
    if let Some(folder) = &of.iam_collect {
        let sources = files(folder)?;
        add(told(Inventory::of_iam_collect(&sources), &sources));
    }
    if let Some(all) = &all {
        for (_, finding) in &all.unattached {
            output::note(&format!("warning: {}", finding.message));
        }
    }
    Ok(all)
}

/// Tells what is wrong with what was read.
pub(super) fn told<T>(read: Result<T, Vec<Finding>>, sources: &Sources) -> Option<T> {
    read.map_err(|findings| output::note_findings(&report::findings(&findings, sources, output::page_of_notes()))).ok()
}

fn of_template(path: &Path, of: &Inventoried) -> anyhow::Result<Option<Inventory>> {
    let mut sources = Sources::new();
    let (opened, findings) = open(path, of.stack.as_deref(), &mut sources)?;
    let (deployed, findings) = deployed(opened.as_ref(), findings, &of.parameter);
    // What stands for values that nobody knows yet may be what decides.
    for finding in findings.iter().filter(|one| !one.is_error() && one.code.starts_with("TERRAFORM_")) {
        output::note(&format!("warning: {}", finding.message));
    }
    Ok(inventory_of(deployed, findings, &sources))
}

/// Opens what `--template` or the like names, and `--stack` of it.
pub(super) fn open(path: &Path, stack: Option<&str>, sources: &mut Sources) -> anyhow::Result<Opened> {
    anyhow::ensure!(path.exists(), "{}", matrix::no_file(path, path));
    deployment::open(&Asked { path, written: path, stack }, sources).map_err(|error| {
        let help = match &error {
            DeploymentError::SeveralStacks(names) => {
                names.first().map(|name| format!("name one with `--stack {name}`"))
            }
            DeploymentError::NotAnAssembly => Some("leave out `--stack`".to_owned()),
            other => other.help(),
        };
        let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        match &error {
            // It names the file.
            DeploymentError::Unread(error) => anyhow::anyhow!("{error}"),
            error => anyhow::anyhow!("{}: {error}{help}", path.display()),
        }
    })
}

/// What was opened, and everything that there is to say of it.
type Opened = (Option<Deployment>, Vec<Finding>);

/// A stack with the account that it is in; nothing where it cannot be told.
type Deployed = Option<(Stack, String)>;

/// The stack of a deployment with these parameters, and everything that there is to say of it.
pub(super) fn deployed(
    opened: Option<&Deployment>,
    mut findings: Vec<Finding>,
    parameters: &[(String, String)],
) -> (Deployed, Vec<Finding>) {
    let Some(opened) = opened else { return (None, findings) };
    let given = |name: &str| parameters.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let inputs = opened.inputs(given("AWS::AccountId"), given("AWS::Region"), given("AWS::StackName"), STACK);
    let own = parameters.iter().filter(|(name, _)| !name.starts_with("AWS::"));
    let inputs = own.fold(inputs, |inputs: Inputs, (name, value)| inputs.parameter(name, value));
    let (tree, more) = template::ready(&opened.tree, &inputs);
    findings.extend(more);
    let (read, more) = template::read(&tree);
    findings.extend(more);
    let stack = read.map(|read| {
        let (stack, more) = template::resolve(&read, &inputs);
        findings.extend(more);
        (stack, inputs.account.clone())
    });
    (stack, findings)
}

/// The inventory of a stack. Tells every error; `None`: there is one.
pub(super) fn inventory_of(deployed: Deployed, mut findings: Vec<Finding>, sources: &Sources) -> Option<Inventory> {
    findings.retain(Finding::is_error);
    ask_for_parameters(&mut findings);
    match deployed {
        Some((stack, account)) if findings.is_empty() => told(Inventory::of_stack(&stack, &account, sources), sources),
        _ => told(Err(findings), sources),
    }
}

/// Says with each parameter without a value how to give it one.
pub(super) fn ask_for_parameters(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.code == PARAMETER_WITHOUT_VALUE) {
        let name = finding.about.as_deref().unwrap_or("NAME");
        finding.help = Some(format!("give it as `--parameter {}=VALUE`", policy::plain(name)));
    }
}

/// Every file in JSON in a folder, in the order of the paths.
fn files(folder: &Path) -> anyhow::Result<Sources> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| anyhow::anyhow!("the folder {} cannot be read: {error}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|extension| extension == "json") => paths.push(path),
                false => {}
            }
        }
    }
    paths.sort();
    let mut sources = Sources::new();
    for path in paths {
        let text = text::of_file(&path, LARGEST)?;
        sources.add(Source::new(path.display().to_string(), text));
    }
    Ok(sources)
}
