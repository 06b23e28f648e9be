//! Scenario files.

use std::path::Path;

use source::{Finding, Source, Sources};

use crate::deployment::{Asked, Deployment, DeploymentError, NestedTemplate, open_with};
use crate::file::{self, Read, scalar};
use crate::path::lexical;
use crate::prepare::prepare;
use crate::prepared::Prepared;
use crate::read::{LARGEST, ReadError, document};
use crate::scenario::Scenario;

/// Why a scenario cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Its file cannot be had.
    #[error(transparent)]
    Unread(#[from] ReadError),
    /// What the files say is wrong.
    #[error("{} errors in the scenario", findings.iter().filter(|finding| finding.is_error()).count())]
    Faulty {
        /// The texts that the findings point into.
        sources: Sources,
        /// Everything there is to say, errors and others.
        findings: Vec<Finding>,
    },
}

/// Reads a scenario, given as its folder or its file, with its template, and makes it ready.
///
/// # Errors
/// A file cannot be read, or there are errors in what it says: all of them at once.
pub fn load(path: &Path) -> Result<Prepared, LoadError> {
    let file = if path.is_dir() { path.join("scenario.yaml") } else { path.to_owned() };
    let text = document(&file, &file, LARGEST)?;
    draft(&file, &text)
}

/// The same of a scenario that nobody has written down yet: its text, and the file that it would be.
///
/// # Errors
/// There are errors in what it or its template says: all of them at once.
pub fn draft(file: &Path, text: &str) -> Result<Prepared, LoadError> {
    let mut sources = Sources::new();
    let id = sources.add(Source::new(lexical(file).display().to_string(), text));
    let Read { scenario, mut findings } = file::read(id, text);
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let deployment = scenario.as_ref().and_then(|scenario| deployment(&folder, scenario, &mut sources, &mut findings));
    let (Some(scenario), Some(deployment)) = (scenario, deployment) else {
        return Err(LoadError::Faulty { sources, findings });
    };
    let prepared = prepare(name_of(file), folder, scenario, &deployment, sources, findings);
    prepared.map_err(|(sources, findings)| LoadError::Faulty { sources, findings })
}

/// What the scenario deploys; a file that cannot be read is a fault where the scenario names it.
fn deployment(
    folder: &Path,
    scenario: &Scenario,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Option<Deployment> {
    let template = &scenario.template;
    let asked = Asked {
        path: &folder.join(&template.file),
        written: Path::new(&template.file),
        stack: template.stack.as_ref().map(|stack| stack.text.as_str()),
    };
    let mut files = Vec::new();
    for file in scenario.options.iter().flat_map(|option| option.given.templates.values()) {
        let given = NestedTemplate { file, folder };
        if !files.contains(&given) {
            files.push(given);
        }
    }
    match open_with(&asked, &files, sources) {
        Ok((deployment, more)) => {
            findings.extend(more);
            deployment
        }
        Err(error) => {
            let place = match (&error, &template.stack) {
                (DeploymentError::Unread(_) | DeploymentError::NoAssembly, _) | (_, None) => template.span,
                (_, Some(stack)) => stack.span,
            };
            let help = match &error {
                DeploymentError::SeveralStacks(names) => names.first().map(|name| {
                    let (file, name) = (scalar(&template.file), scalar(name));
                    format!("name one: `template: {{file: {file}, stack: {name}}}`")
                }),
                _ => error.help(),
            };
            let help = help.unwrap_or_else(|| "the path starts at the scenario's folder".to_owned());
            findings.push(Finding::error("NO_TEMPLATE", place, error.to_string()).help(help));
            None
        }
    }
}

/// A scenario is called after its folder, which may not be there yet.
fn name_of(file: &Path) -> String {
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let folder = if folder.as_os_str().is_empty() { Path::new(".").to_owned() } else { folder };
    let folder = folder.canonicalize().unwrap_or(folder);
    let name = folder.file_name();
    name.map_or_else(|| "scenario".to_owned(), |name| name.to_string_lossy().into_owned())
}
