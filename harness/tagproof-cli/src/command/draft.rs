//! A template, looked through as if somebody had written a scenario for it.

use std::path::Path;

use init::{Draft, DraftError, Found, Order};
use matrix::LoadError;
use source::{FileId, Finding, Sources};

use super::inventory::{ask_for_parameters, open};
use crate::args::Deployed;
use crate::output;

/// What a template comes to.
pub(super) enum Drafted {
    /// A scenario.
    Draft(Box<Draft>),
    /// Nothing of it can be tried.
    Untried(Box<Found>),
    /// It has errors, and all have been shown.
    Faulty,
}

/// What a template comes to. `file` is the scenario that there would be, and `template` the path to the template from its
/// folder.
///
/// # Errors
/// The template cannot be read, or it is not said which of several stacks is meant.
pub(super) fn draft(deployed: &Deployed, file: &Path, template: &str) -> anyhow::Result<Drafted> {
    let path = &deployed.path;
    // Which stack of a folder is meant is said before anything else.
    if path.is_dir() || deployed.stack.is_some() {
        open(path, deployed.stack.as_deref(), &mut Sources::new())?;
    }
    anyhow::ensure!(path.exists(), "{}", matrix::no_file(path, path));
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let order = Order {
        title: format!("Who reaches what by {}", deployed.stack.as_deref().unwrap_or(&name)),
        template: template.to_owned(),
        stack: deployed.stack.clone(),
        parameters: deployed.parameter.clone(),
    };
    match init::draft(&order, &|text| matrix::draft(file, text)) {
        Ok(draft) => Ok(Drafted::Draft(Box::new(draft))),
        Err(DraftError::Untried(found)) => Ok(Drafted::Untried(found)),
        Err(DraftError::Load(LoadError::Faulty { sources, findings })) => {
            show(&sources, findings);
            Ok(Drafted::Faulty)
        }
        Err(DraftError::Load(error)) => Err(error.into()),
    }
}

/// Shows what is wrong. Nobody has written the scenario: what is wrong with it is wrong with the options.
fn show(sources: &Sources, findings: Vec<Finding>) {
    let (own, mut others): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.span.file == FileId(0));
    for Finding { message, .. } in own.iter().filter(|finding| finding.is_error()) {
        output::note(&format!("error: {message}"));
    }
    ask_for_parameters(&mut others);
    output::note_findings(&report::findings(&others, sources, output::page_of_notes()));
}
