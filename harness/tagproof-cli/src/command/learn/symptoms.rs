//! The symptoms of the scenarios here, to choose from.

use std::path::{Path, PathBuf};

use report::quiz::{Symptom, symptoms};

use super::say;
use crate::args::SCENARIOS;
use crate::command::answers::Answers;
use crate::command::{scenarios, text};

/// The symptoms of the README in the folder of scenarios; without such a list, the scenarios by their titles.
///
/// # Errors
/// There is no such folder, or no scenario in it.
pub(super) fn all() -> anyhow::Result<Vec<Symptom>> {
    let folder = scenarios::find(Path::new(SCENARIOS))?;
    let readme = folder.join("README.md");
    let listed = if readme.is_file() { symptoms(&text::of_file(&readme, text::LARGEST)?) } else { Vec::new() };
    if !listed.is_empty() {
        return Ok(listed);
    }
    Ok(tagproof::scenario_files(&folder)?.iter().filter_map(|file| by_title(file)).collect())
}

fn by_title(file: &Path) -> Option<Symptom> {
    let (name, tree) = (scenarios::name(file)?, scenarios::tree(file));
    let title = tree.as_ref().and_then(|tree| tree.get("title")?.text()).unwrap_or(&name).to_owned();
    Some(Symptom { section: "Scenarios".to_owned(), text: title, scenarios: vec![name] })
}

pub(super) fn paths(symptom: &Symptom) -> Vec<PathBuf> {
    symptom.scenarios.iter().map(|name| Path::new(SCENARIOS).join(name)).collect()
}

/// Lists symptoms and has one chosen by its number. None: none is.
pub(super) fn choose(all: Vec<Symptom>, answers: &mut Answers) -> anyhow::Result<Option<Vec<PathBuf>>> {
    let mut section = "";
    let mut list = String::new();
    for (at, symptom) in all.iter().enumerate() {
        if symptom.section != section {
            list.push_str(&format!("{}{}\n", if at > 0 { "\n" } else { "" }, symptom.section));
            section = &symptom.section;
        }
        list.push_str(&format!("  {:>2}  {}\n", at + 1, symptom.text));
    }
    say(&list)?;
    let number = |line: &str| line.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < all.len());
    let question = format!("which one? (1-{}, q quits)", all.len());
    let Some(at) = answers.ask(&question, number)? else { return Ok(None) };
    say("\n")?;
    Ok(Some(paths(&all[at])))
}
