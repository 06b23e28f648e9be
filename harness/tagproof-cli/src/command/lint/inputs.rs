//! What a path on the command line of `lint` stands for.

use std::path::{Path, PathBuf};

use anyhow::Context;
use source::FileId;
use template::assembly::{Assembly, MANIFEST};

use crate::args::SCENARIOS;
use crate::command::text;

/// Something to look at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Standard input.
    Stdin,
    /// A scenario's file.
    Scenario(PathBuf),
    /// A file that was named, or found in a folder.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether it was named: then it is looked at whatever it is.
        is_named: bool,
    },
}

/// How files of policies and templates end.
const ENDINGS: &[&str] = &["json", "yaml", "yml", "template"];

/// # Errors
/// A path that is not there, or a folder with nothing to look at.
pub(super) fn inputs(path: &Path) -> anyhow::Result<Vec<Input>> {
    if path.as_os_str() == "-" {
        return Ok(vec![Input::Stdin]);
    }
    if !path.exists() {
        let scenario = Path::new(SCENARIOS).join(path).join("scenario.yaml");
        anyhow::ensure!(scenario.is_file(), missing(path));
        return Ok(vec![Input::Scenario(scenario)]);
    }
    if !path.is_dir() {
        let is_scenario = path.file_name().is_some_and(|name| name == "scenario.yaml");
        let path = path.to_owned();
        return Ok(vec![if is_scenario { Input::Scenario(path) } else { Input::File { path, is_named: true } }]);
    }
    let mut found = Vec::new();
    walk(path, &mut found)?;
    anyhow::ensure!(
        !found.is_empty(),
        "there is nothing to look at in {}: no scenario, and no file that ends in .json, .yaml, .yml or .template",
        path.display()
    );
    Ok(found)
}

/// That nothing is called so: neither a file, nor a scenario under `scenarios`.
fn missing(path: &Path) -> String {
    let of_file = matrix::no_file(path, path);
    let found = if of_file.near.is_some() { of_file } else { matrix::no_file(path, &Path::new(SCENARIOS).join(path)) };
    found.to_string()
}

/// How the name of a template ends that the CDK writes.
const SYNTHESISED: &str = ".template.json";

/// Whether a folder is one that the CDK has synthesised.
fn is_assembly(folder: &Path) -> bool {
    let manifest = text::of_file(&folder.join(MANIFEST), text::LARGEST).unwrap_or_default();
    let tree = source::json::read(FileId(0), &manifest).0;
    tree.is_some_and(|tree| template::assembly::read(&tree).0 != Assembly::default())
}

/// A folder with a scenario is that scenario; of one that the CDK has synthesised the templates count, and not what its other files
/// repeat of them. Hidden folders, those of npm and links to folders are passed over.
fn walk(folder: &Path, found: &mut Vec<Input>) -> anyhow::Result<()> {
    let scenario = folder.join("scenario.yaml");
    if scenario.is_file() {
        found.push(Input::Scenario(scenario));
        return Ok(());
    }
    let is_assembly = is_assembly(folder);
    let cannot = || format!("cannot read {}", folder.display());
    let mut entries =
        std::fs::read_dir(folder).with_context(cannot)?.collect::<Result<Vec<_>, _>>().with_context(cannot)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().with_context(cannot)?);
        let name = entry.file_name();
        if kind.is_file() && is_assembly && !name.as_encoded_bytes().ends_with(SYNTHESISED.as_bytes()) {
            continue;
        }
        let is_passed_over = name.as_encoded_bytes().starts_with(b".") || name == "node_modules";
        if kind.is_dir() && !is_passed_over {
            walk(&path, found)?;
        } else if path.is_file()
            && path.extension().is_some_and(|end| ENDINGS.iter().any(|one| end.eq_ignore_ascii_case(one)))
        {
            found.push(Input::File { path, is_named: false });
        }
    }
    Ok(())
}
