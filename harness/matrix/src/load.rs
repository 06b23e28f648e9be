//! Scenario files.

use std::path::Path;

use source::{FileId, Finding, Node, Source, Sources};

use crate::file::{self, Read};
use crate::path::lexical;
use crate::prepare::prepare;
use crate::prepared::Prepared;
use crate::read::{LARGEST, ReadError, document};
use crate::scenario::TemplateFile;

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
    let mut sources = Sources::new();
    let (id, text) = add(&mut sources, &file, &file)?;
    let Read { scenario, mut findings } = file::read(id, &text);
    let tree = scenario.as_ref().and_then(|scenario| tree(&file, &scenario.template, &mut sources, &mut findings));
    let (Some(scenario), Some(tree)) = (scenario, tree) else {
        return Err(LoadError::Faulty { sources, findings });
    };
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let prepared = prepare(name_of(&file), folder, scenario, &tree, sources, findings);
    prepared.map_err(|(sources, findings)| LoadError::Faulty { sources, findings })
}

/// The tree of the template; a file that cannot be read is a fault where the scenario names it.
fn tree(file: &Path, template: &TemplateFile, sources: &mut Sources, findings: &mut Vec<Finding>) -> Option<Node> {
    let path = file.parent().unwrap_or(Path::new("")).join(&template.file);
    match add(sources, Path::new(&template.file), &path) {
        Ok((id, text)) => {
            let (tree, more) = source::yaml::read(id, &text);
            findings.extend(more);
            tree
        }
        Err(error) => {
            let finding = Finding::error("NO_TEMPLATE", template.span, error.to_string());
            findings.push(finding.help("the path starts at the scenario's folder"));
            None
        }
    }
}

/// Reads a file; `written` is its path where somebody wrote it.
fn add(sources: &mut Sources, written: &Path, path: &Path) -> Result<(FileId, String), ReadError> {
    let text = document(written, path, LARGEST)?;
    Ok((sources.add(Source::new(lexical(path).display().to_string(), text.clone())), text))
}

/// A scenario is called after its folder.
fn name_of(file: &Path) -> String {
    let folder = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_owned));
    let name = folder.as_deref().and_then(Path::file_name);
    name.map_or_else(|| "scenario".to_owned(), |name| name.to_string_lossy().into_owned())
}
