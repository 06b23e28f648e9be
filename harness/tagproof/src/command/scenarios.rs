//! Which scenarios a command line means, read and checked.

use std::path::{Path, PathBuf};

use scenario::{LoadError, Prepared};
use tagproof::scenario_files as files;

use crate::output;

/// Every scenario that the paths stand for, ready to run. `None`: some of them have errors, and all have been shown.
///
/// # Errors
/// A path that is not there, or a folder without scenarios.
pub(super) fn load(paths: &[PathBuf]) -> anyhow::Result<Option<Vec<Prepared>>> {
    let files: Vec<PathBuf> = paths.iter().map(|path| files(path)).collect::<anyhow::Result<Vec<_>>>()?.concat();
    let mut all = Some(Vec::new());
    for file in files {
        match scenario::load(&file) {
            Ok(prepared) => {
                output::note_findings(&report::findings(&prepared.warnings, &prepared.sources));
                if let Some(all) = &mut all {
                    all.push(prepared);
                }
            }
            Err(LoadError::Faulty { sources, findings }) => {
                output::note_findings(&report::findings(&findings, &sources));
                all = None;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(all)
}

/// One scenario, ready to run; `None`: it has errors, and all have been shown.
///
/// # Errors
/// A path that is not there, or a folder without scenarios or with several.
pub(super) fn load_one(path: &Path) -> anyhow::Result<Option<Prepared>> {
    let files = files(path)?;
    let folders = || files.iter().filter_map(|file| file.parent()).map(|folder| folder.display().to_string());
    anyhow::ensure!(
        files.len() == 1,
        "{} holds {} scenarios: name one of {}",
        path.display(),
        files.len(),
        folders().collect::<Vec<_>>().join(", ")
    );
    Ok(load(&files)?.and_then(|mut all| all.pop()))
}
