//! Which scenario files a path stands for.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The scenario files that a path stands for: a file itself, a scenario's folder, or a folder of such folders.
///
/// # Errors
/// A path that is not there, or a folder without scenarios.
pub fn scenario_files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let own = path.join("scenario.yaml");
    if own.is_file() {
        return Ok(vec![own]);
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let file = entry.with_context(|| format!("cannot read {}", path.display()))?.path().join("scenario.yaml");
        if file.is_file() {
            found.push(file);
        }
    }
    found.sort();
    anyhow::ensure!(
        !found.is_empty(),
        "there is no scenario in {}: a scenario is a folder with a scenario.yaml",
        path.display()
    );
    Ok(found)
}
