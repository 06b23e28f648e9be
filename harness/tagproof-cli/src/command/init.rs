//! `tagproof init`.

use std::path::{Component, Path, PathBuf};

use anyhow::Context as _;
use init::Draft;
use matrix::{Prepared, Results};
use tagproof::write;

use super::draft::{Drafted, draft};
use crate::args::{Deployed, Init, SCENARIOS};
use crate::exit::Exit;
use crate::output;

/// The files that a scenario's folder gets.
const FILES: [&str; 2] = ["scenario.yaml", "README.md"];
/// Names of templates that say nothing; the folder's name says more.
const PLAIN: [&str; 5] = ["template", "main", "stack", "index", "cdk"];

pub(crate) fn init(arguments: &Init) -> anyhow::Result<Exit> {
    let deployed = &arguments.deployed;
    anyhow::ensure!(deployed.path.exists(), "{}", matrix::no_file(&deployed.path, &deployed.path));
    let folder = arguments.output.clone().unwrap_or_else(|| Path::new(SCENARIOS).join(name(deployed)));
    for file in FILES.map(|file| folder.join(file)) {
        let there = file.display();
        anyhow::ensure!(
            !file.exists(),
            "{there} is there already\nhelp: name another folder with --output, or delete it"
        );
    }
    let is_new = !folder.exists();
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let written = write(deployed, &folder);
    if is_new && !matches!(written, Ok(Some(_))) {
        // Nothing of ours is left where nothing came of it; what others have put there stays.
        let _ = std::fs::remove_dir(&folder);
    }
    let Some((draft, results)) = written? else { return Ok(Exit::NotRun) };
    output::data(&report::laid_out(&told(&draft, &results, &folder), output::page()))?;
    Ok(Exit::AsExpected)
}

/// Writes the scenario and its README. None: the template has errors, and all have been shown.
fn write(deployed: &Deployed, folder: &Path) -> anyhow::Result<Option<(Draft, Results)>> {
    let file = folder.join("scenario.yaml");
    let draft = match draft(deployed, &file, &from(folder, &deployed.path)?)? {
        Drafted::Draft(draft) => *draft,
        Drafted::Untried(found) => {
            let why = found.untried.unwrap_or_default();
            anyhow::bail!(
                "nothing can be tried of {}: {why}\nhelp: `tagproof check` says what is known of it",
                deployed.path.display()
            )
        }
        Drafted::Faulty => return Ok(None),
    };
    let prepared = matrix::draft(&file, &draft.text)?;
    let results = matrix::predict(&prepared)?;
    write::whole(&file, &draft.text)?;
    write::whole(&folder.join("README.md"), &readme(&prepared, &results, folder))?;
    Ok(Some((draft, results)))
}

/// What a scenario is called: as its stack or its template is, or as the folder that the template is in.
fn name(Deployed { path, stack, .. }: &Deployed) -> String {
    if let Some(stack) = stack {
        return Some(init::slug(stack)).filter(|name| !name.is_empty()).unwrap_or_else(|| "scenario".to_owned());
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stem = stem.strip_suffix(".template").map_or(stem.clone(), str::to_owned);
    let folder =
        path.canonicalize().ok().and_then(|path| Some(path.parent()?.file_name()?.to_string_lossy().into_owned()));
    let name = match folder {
        Some(folder) if PLAIN.contains(&stem.as_str()) => init::slug(&folder),
        _ => init::slug(&stem),
    };
    if name.is_empty() { "scenario".to_owned() } else { name }
}

/// The path that leads from a folder to a file.
fn from(folder: &Path, path: &Path) -> anyhow::Result<String> {
    let real = |path: &Path| path.canonicalize().with_context(|| format!("cannot find {}", path.display()));
    let (folder, path) = (real(folder)?, real(path)?);
    let shared = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let relative: PathBuf = up.chain(path.components().skip(shared)).collect();
    let text = relative.to_str().with_context(|| format!("the path of {} is no UTF-8", path.display()))?;
    Ok(text.to_owned())
}

/// A README whose sections a run keeps current.
fn readme(prepared: &Prepared, results: &Results, folder: &Path) -> String {
    let made = format!("made by `tagproof run {} --update-snapshots`", folder.display());
    let mut text = format!("# {}\n", results.title);
    for (heading, name) in [("The policies", "policies"), ("The matrix", "matrix"), ("The reasons", "reasons")] {
        text.push_str(&format!("\n## {heading}\n\n<!-- {name}: {made} -->\n<!-- end of {name} -->\n"));
    }
    tagproof::with_sections(&text, prepared, results).unwrap_or(text)
}

fn told(draft: &Draft, results: &Results, folder: &Path) -> String {
    let shown = folder.display();
    let count = |items: usize, what: &str| format!("{items} {what}{}", if items == 1 { "" } else { "s" });
    let mut text = format!(
        "{}Wrote {shown}/scenario.yaml and README.md: {}, {}, {}\n",
        init::page(&draft.found),
        count(results.options.len(), "option"),
        count(results.callers.len(), "caller"),
        count(results.requests.len(), "request"),
    );
    text.push_str(&format!("Next: `tagproof run {shown}` runs it with the AWS SDKs\n"));
    text.push_str(&format!(
        "      `tagproof review {shown}` walks through its predictions, which nobody has confirmed\n"
    ));
    text
}
