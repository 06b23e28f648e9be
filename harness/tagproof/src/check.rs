//! A scenario held against its expectations and its snapshot, in a test.

use std::io::Write;
use std::path::{Path, PathBuf};

use matrix::{LoadError, Prepared, Results};
use report::Page;

use crate::update::Update;
use crate::{Compared, EMBEDDED, Images, Snapshots, launcher, left_out, run, scenario_files};

/// Runs a scenario, given as its folder or file, or every scenario of a folder, and holds each against its expectations
/// and its snapshot. Paths start at the package whose test this is, as cargo tells it.
///
/// A snapshot that is not there is written, and so is the folder; a difference fails, and is left beside the old snapshot
/// for review. `INSTA_UPDATE` says otherwise as it does for [insta](https://insta.rs); in CI nothing is written. A cell that
/// is not as expected fails whatever the snapshot says, and then nothing is written.
///
/// # Panics
/// Some cell is not as expected, a snapshot does not hold what came out, or a run could not be made. The message is printed
/// before, and says each, with its place in the scenario and the command that explains it.
pub async fn check(scenarios: impl AsRef<Path>, snapshots: impl AsRef<Path>) {
    let (scenarios, snapshots) = (of_package(scenarios.as_ref()), of_package(snapshots.as_ref()));
    if let Err(text) = checked(&scenarios, &snapshots).await {
        fail(text);
    }
}

/// [`check`] where there is no runtime.
///
/// # Panics
/// As [`check`]; and within a runtime, where [`check`] is for.
pub fn check_blocking(scenarios: impl AsRef<Path>, snapshots: impl AsRef<Path>) {
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(check(scenarios, snapshots)),
        Err(error) => fail(format!("cannot make a runtime: {error}\n")),
    }
}

/// [`check`] for a scenario that has been run: tests of one run share it.
///
/// # Panics
/// As [`check`].
#[doc(hidden)]
pub fn check_results(prepared: &Prepared, results: &Results, snapshots: impl AsRef<Path>) {
    let snapshots = of_package(snapshots.as_ref());
    let update = Update::of_environment().map_err(|error| format!("{error}\n"));
    match update.and_then(|update| held(prepared, results, Snapshots(&snapshots), update)) {
        Ok(lines) => lines.iter().for_each(|line| unseen(line)),
        Err(text) => fail(format!("{}\n", text.trim_end())),
    }
}

/// A path as seen from the package under test. Cargo says at run time which that is.
pub(crate) fn of_package(path: &Path) -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let path = package.join(path);
    // Cargo starts tests in their package's folder: a path from there is shorter to read and to copy.
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned))
        .filter(|path| *path != Path::new(""))
        .unwrap_or(path)
}

/// Everything that is wrong with any of the scenarios.
async fn checked(scenarios: &Path, snapshots: &Path) -> Result<(), String> {
    let update = Update::of_environment().map_err(|error| format!("{error}\n"))?;
    let files = scenario_files(scenarios).map_err(|error| format!("{error:#}\n"))?;
    let mut failures = Vec::new();
    for file in files {
        match one(&file, Snapshots(snapshots), update).await {
            Ok(lines) => lines.iter().for_each(|line| unseen(line)),
            Err(text) => failures.push(format!("{}\n", text.trim_end())),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// What there is to tell of a scenario that is as it should be, or what is wrong.
async fn one(file: &Path, snapshots: Snapshots<'_>, update: Update) -> Result<Vec<String>, String> {
    let prepared = matrix::load(file).map_err(told)?;
    let ran = run(&prepared, Some(&launcher(Images::default()))).await;
    let results = ran.map_err(|error| format!("{}: {error:#}", prepared.name))?;
    held(&prepared, &results, snapshots, update)
}

/// The same of a scenario that has been run.
fn held(
    prepared: &Prepared,
    results: &Results,
    snapshots: Snapshots<'_>,
    update: Update,
) -> Result<Vec<String>, String> {
    let compared = snapshots.compare(prepared, results, EMBEDDED).map_err(|error| format!("{error:#}"))?;
    if !results.ok() {
        return Err(compared.difference(prepared, results, Page::FILE).unwrap_or_default());
    }
    if let Some(line) = left_out(results) {
        return Ok(vec![format!("{line}; its snapshot was not compared")]);
    }
    let Some(difference) = compared.difference(prepared, results, Page::FILE) else { return Ok(Vec::new()) };
    settle(&compared, &difference, update)
}

/// Writes what may be written of a snapshot that is not as it was.
fn settle(compared: &Compared, difference: &str, update: Update) -> Result<Vec<String>, String> {
    let failed = |error: anyhow::Error| format!("{error:#}");
    let path = compared.path.display();
    let is_new = compared.pinned.is_none();
    match update {
        Update::Always => {
            compared.accept().map_err(failed)?;
            Ok(vec![format!("wrote {path}")])
        }
        Update::Unseen if is_new => {
            compared.accept().map_err(failed)?;
            Ok(vec![format!("wrote {path}, which was not there: look at it, and commit it")])
        }
        Update::No => Err(difference.to_owned()),
        Update::Unseen | Update::New => {
            let pending = compared.leave_for_review().map_err(failed)?;
            let text = format!("wrote {} for review\n\n{difference}", pending.display());
            if Update::forces_pass() { Ok(vec![text]) } else { Err(text) }
        }
    }
}

/// A load error with everything it knows.
fn told(error: LoadError) -> String {
    match error {
        LoadError::Faulty { sources, findings } => {
            format!("the scenario has errors\n\n{}", report::findings(&findings, &sources, Page::FILE))
        }
        error => error.to_string(),
    }
}

/// A line that is seen although the test passes: not by a macro, for what those print, a passing test keeps to itself.
pub(crate) fn unseen(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{}", source::escaped_lines(line));
}

/// Fails the test with the text as the last thing that it prints: a panic would put its own lines around it.
#[expect(clippy::print_stderr, reason = "by the macro, so that cargo test shows it below the test's name")]
fn fail(text: String) -> ! {
    let text = source::escaped_lines(&text).into_owned();
    eprint!("{text}");
    std::panic::resume_unwind(Box::new(text))
}
