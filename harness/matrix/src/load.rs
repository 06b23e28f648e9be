//! Reads scenario files: the one place here that touches the disk.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use source::{FileId, Finding, Node, Source, Sources};

use crate::file::{self, Read};
use crate::path::{NoFile, lexical, no_file};
use crate::prepare::prepare;
use crate::prepared::Prepared;
use crate::scenario::TemplateFile;

/// More than any file that a person writes.
const LARGEST: u64 = 16 << 20;

/// Why a scenario cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says, or what is wrong with its text.
        reason: String,
    },
    /// There is no such file.
    #[error("{0}")]
    Missing(NoFile),
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
fn add(sources: &mut Sources, written: &Path, path: &Path) -> Result<(FileId, String), LoadError> {
    let text = text_of(written, path)?;
    Ok((sources.add(Source::new(lexical(path).display().to_string(), text.clone())), text))
}

/// A scenario is called after its folder.
fn name_of(file: &Path) -> String {
    let folder = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_owned));
    let name = folder.as_deref().and_then(Path::file_name);
    name.map_or_else(|| "scenario".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn text_of(written: &Path, path: &Path) -> Result<String, LoadError> {
    let unreadable = |reason: String| LoadError::Unreadable { path: path.to_owned(), reason };
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| match error.kind() {
        ErrorKind::NotFound => LoadError::Missing(no_file(written, path)),
        _ => unreadable(error.to_string()),
    })?;
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable(format!("it has more than {LARGEST} bytes")));
    }
    source::utf8(bytes).map_err(unreadable)
}
