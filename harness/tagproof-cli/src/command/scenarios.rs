//! Which scenarios a command line means, read and checked.

use std::path::{Path, PathBuf};

use matrix::{LoadError, Prepared};
use source::{FileId, Finding, Node, Severity};
use tagproof::scenario_files as files;

use super::text;
use crate::args::SCENARIOS;
use crate::output;

/// So many names are told where none is meant; more would fill the screen.
const MOST_NAMES: usize = 20;

/// Every scenario that the paths stand for, ready to run. `None`: some of them have errors, and all have been shown.
///
/// # Errors
/// A path that is not there, or a folder without scenarios.
pub(super) fn load(paths: &[PathBuf]) -> anyhow::Result<Option<Vec<Prepared>>> {
    let all = paths.iter().map(|path| files(&find(path)?)).collect::<anyhow::Result<Vec<_>>>()?;
    let files: Vec<PathBuf> = all.concat();
    // Among many scenarios a suggestion would be lost, and would hide the rest.
    read(&files, files.len() == 1)
}

/// One scenario, ready to run; `None`: it has errors, and all have been shown.
///
/// # Errors
/// A path that is not there, or a folder without scenarios or with several.
pub(super) fn load_one(path: &Path) -> anyhow::Result<Option<Prepared>> {
    Ok(read(&[one(path)?], true)?.and_then(|mut all| all.pop()))
}

/// The same without suggestions, where they would stand in the way.
///
/// # Errors
/// A path that is not there, or a folder without scenarios or with several.
pub(super) fn load_quietly(path: &Path) -> anyhow::Result<Option<Prepared>> {
    Ok(read(&[one(path)?], false)?.and_then(|mut all| all.pop()))
}

/// The file of one scenario.
///
/// # Errors
/// A path that is not there, or a folder without scenarios or with several.
pub(super) fn one(path: &Path) -> anyhow::Result<PathBuf> {
    let mut files = files(&find(path)?)?;
    let folders = || files.iter().filter_map(|file| file.parent()).map(|folder| folder.display().to_string());
    anyhow::ensure!(
        files.len() == 1,
        "{} holds {} scenarios: name one of {}",
        path.display(),
        files.len(),
        folders().collect::<Vec<_>>().join(", ")
    );
    Ok(files.swap_remove(0))
}

fn read(files: &[PathBuf], with_suggestions: bool) -> anyhow::Result<Option<Vec<Prepared>>> {
    let is_told = |finding: &Finding| with_suggestions || finding.severity != Severity::Suggestion;
    let mut all = Some(Vec::new());
    for file in files {
        match matrix::load(file) {
            Ok(prepared) => {
                let told: Vec<_> = prepared.warnings.iter().filter(|finding| is_told(finding)).cloned().collect();
                output::note_findings(&report::findings(&told, &prepared.sources, output::page_of_notes()));
                if let Some(all) = &mut all {
                    all.push(prepared);
                }
            }
            Err(LoadError::Faulty { sources, findings }) => {
                output::note_findings(&report::findings(&findings, &sources, output::page_of_notes()));
                all = None;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(all)
}

/// A path as it is, or a scenario of this name under `scenarios`.
///
/// # Errors
/// Neither is there: what is.
pub(super) fn find(path: &Path) -> anyhow::Result<PathBuf> {
    let below = Path::new(SCENARIOS).join(path);
    match (path.exists(), below.exists()) {
        (true, _) => return Ok(path.to_owned()),
        (_, true) => return Ok(below),
        _ if path == Path::new(SCENARIOS) => {
            anyhow::bail!("there is no folder `{SCENARIOS}` here\nhelp: {}", what_is_here())
        }
        _ => {}
    }
    let shown = path.display().to_string();
    let names = names();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let help = match source::suggest(&shown, known.iter().copied()) {
        Some(near) => format!("\nhelp: did you mean `{near}`?"),
        None if known.is_empty() => "\nhelp: name a folder with a scenario.yaml".to_owned(),
        None if known.len() == 1 => format!("\nhelp: the only scenario here is `{}`", known[0]),
        None if known.len() > MOST_NAMES => {
            format!("\nhelp: {} scenarios are in `{SCENARIOS}`; `tagproof learn` lists them by symptom", known.len())
        }
        None => format!("\nhelp: the scenarios here are {}", known.join(", ")),
    };
    anyhow::bail!("there is no scenario `{shown}`, neither here nor in `{SCENARIOS}`{help}")
}

/// What to do in a folder without a folder of scenarios.
fn what_is_here() -> &'static str {
    match files(Path::new(".")) {
        Ok(files) if files == [Path::new("./scenario.yaml")] => {
            "this folder is a scenario; name it as `.`, such as `tagproof run .`"
        }
        Ok(_) => "this folder holds scenarios; name it as `.`, such as `tagproof run .`",
        Err(_) => {
            "go to the folder that holds it, or name a scenario: a folder with a scenario.yaml; README.md says how to write \
             one, under \"A scenario of your own\""
        }
    }
}

/// The names of the scenarios under `scenarios`.
fn names() -> Vec<String> {
    let files = files(Path::new(SCENARIOS)).unwrap_or_default();
    files.iter().filter_map(|file| name(file)).collect()
}

/// The name of the scenario whose file this is.
pub(super) fn name(file: &Path) -> Option<String> {
    Some(file.parent()?.file_name()?.to_string_lossy().into_owned())
}

/// What a scenario's file says, unchecked; `None` if it cannot be read.
pub(super) fn tree(file: &Path) -> Option<Node> {
    let text = text::of_file(file, text::LARGEST).ok()?;
    source::yaml::read(FileId(0), &text).0
}
