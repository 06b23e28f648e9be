//! Every scenario in the repository: each is read, predicted and run once, and each test looks at one thing of that.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod coverage;
mod taught;

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use matrix::{Prepared, Results};
use report::Page;
use rstest::rstest;
use tokio::sync::OnceCell;

/// A scenario with what came of it.
struct LoadedScenario {
    prepared: Prepared,
    predicted: Results,
    ran: OnceCell<Results>,
}

impl LoadedScenario {
    /// Whichever test asks first has it made.
    fn of(file: &Path) -> Arc<Self> {
        static LOADED: LazyLock<Mutex<HashMap<PathBuf, Arc<LoadedScenario>>>> = LazyLock::new(Mutex::default);
        let loaded = || LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = loaded().get(file).cloned();
        if let Some(scenario) = known {
            return scenario;
        }
        let prepared = matrix::load(file).unwrap();
        let predicted = matrix::predict(&prepared).unwrap();
        let scenario = Self { prepared, predicted, ran: OnceCell::new() };
        loaded().entry(file.to_owned()).or_insert_with(|| Arc::new(scenario)).clone()
    }

    /// All of them.
    fn all() -> Vec<Arc<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let files = tagproof::scenario_files(&folder).unwrap();
        files.iter().map(|file| Self::of(&file.canonicalize().unwrap())).collect()
    }

    /// What came of it with the AWS SDKs.
    async fn ran(&self) -> &Results {
        let run = || async {
            let launcher = tagproof::launcher(tagproof::Images::default());
            tagproof::run(&self.prepared, Some(&launcher)).await.unwrap()
        };
        self.ran.get_or_init(run).await
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn comes_out_as_expected_and_as_pinned(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scenario = LoadedScenario::of(&file);
    tagproof::check_results(&scenario.prepared, scenario.ran().await, "../../snapshots");
}

/// A prediction is the same engine without clients and listener: a difference is a fault in one of the two ways.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn is_predicted_as_it_runs(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scenario = LoadedScenario::of(&file);
    let text = |results: &_| report::matrix(results, Page::FILE) + &report::details(results, Page::FILE);
    // A prediction runs no container.
    let without_containers = match scenario.predicted.not_run() {
        Some(_) => Some(tagproof::run(&scenario.prepared, None).await.unwrap()),
        None => None,
    };
    let ran = match &without_containers {
        Some(ran) => ran,
        None => scenario.ran().await,
    };
    assert_eq!(text(&scenario.predicted), text(ran));
}

/// tagproof writes snapshots itself; insta has to read them, and `cargo insta review` with it.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn has_a_snapshot_that_insta_reads(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scenario = LoadedScenario::of(&file);
    let ran = scenario.ran().await;
    let snapshot = report::snapshot(ran, tagproof::EMBEDDED);
    if let Some(line) = tagproof::left_out(ran) {
        told(&format!("{line}; insta did not read its snapshot"));
        return;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(snapshot.name, snapshot.text));
}

/// Denials are let go ahead, and Allows that hold only because a key is missing are denied.
#[rstest]
fn every_mend_turns_its_decision(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let results = &LoadedScenario::of(&file).predicted;
    for cell in &results.cells {
        for mend in &cell.mends {
            let recorded = cell.recorded.as_ref().unwrap();
            let after = recorded.decision.after(mend, &recorded.request).unwrap();
            let is_allowed = |verdict| verdict == policy::Verdict::Allowed;
            assert_ne!(
                is_allowed(recorded.decision.verdict),
                is_allowed(after.verdict),
                "{}: {}",
                cell.reason,
                mend.says
            );
        }
    }
}

/// A scenario can be without any: where a Deny is meant as it is, nothing is proposed. They are not without all of them.
#[test]
fn they_have_mends_to_turn() {
    let has_mends = |scenario: &Arc<LoadedScenario>| scenario.predicted.cells.iter().any(|cell| !cell.mends.is_empty());
    let loaded = LoadedScenario::all();
    let count = loaded.iter().filter(|scenario| has_mends(scenario)).count();
    assert!(count * 2 > loaded.len(), "only {count} of {} scenarios have a mend", loaded.len());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn has_a_readme_with_current_sections(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let readme = std::fs::read_to_string(file.with_file_name("README.md")).unwrap();
    let scenario = LoadedScenario::of(&file);
    let ran = scenario.ran().await;
    if let Some(line) = tagproof::left_out(ran) {
        told(&format!("{line}; its README was not compared"));
        return;
    }
    assert!(
        readme.contains("<!-- matrix:"),
        "give the README a section `<!-- matrix: … -->`, `<!-- end of matrix -->`"
    );
    let current = tagproof::with_sections(&readme, &scenario.prepared, ran);
    assert_eq!(current.as_deref(), Some(&*readme), "take it over with `cargo run -- run --update-snapshots`");
}

/// Past what the test harness keeps back of tests that pass.
fn told(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{line}");
}

/// What it teaches has a page, and the catalogue says the same.
#[rstest]
fn teaches_what_aws_documents(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scenario = LoadedScenario::of(&file);
    let mut faults = [taught::pages(&scenario.predicted), taught::unnamed(&scenario.predicted)].concat();
    let readme = std::fs::read_to_string(file.with_file_name("README.md")).unwrap();
    let texts =
        scenario.predicted.cells.iter().filter_map(|cell| cell.expectation.because.as_deref()).chain([&*readme]);
    faults.extend(texts.flat_map(taught::sentences));
    faults.dedup();
    assert!(faults.is_empty(), "{}:\n{}", file.display(), faults.join("\n"));
}

#[test]
fn a_sentence_that_the_catalogue_contradicts_is_told() {
    let check = |text: &str, count: usize| assert_eq!(taught::sentences(text).len(), count, "{text}");
    // docs.aws.amazon.com/service-authorization/latest/reference/list_s3.html, and list_ecs.html beside it
    check("`s3:GetObject` never carries `aws:RequestTag`, for it passes no tags", 0);
    check("ecs:RunTask carries aws:RequestTag", 0);
    check("ecs:RunTask never carries aws:RequestTag", 1);
    check("s3:GetObject carries no s3:ExistingObjectTag.", 1);
    check("s3:GetObject carries aws:TagKeys", 1);
    check("whoever carries aws:TagKeys", 0);
}

/// Somebody who has a symptom starts at the index.
#[rstest]
fn stands_in_the_index(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let folder = file.parent().unwrap();
    let name = folder.file_name().unwrap().to_string_lossy();
    let index = std::fs::read_to_string(folder.with_file_name("README.md")).unwrap();
    // Below stand the tables that are made.
    let index = index.split("<!-- by ").next().unwrap_or_default();
    assert!(index.contains(&format!("[{name}]({name})")), "name {name} in scenarios/README.md, under its symptom");
}

#[test]
fn the_index_is_current() {
    let all: Vec<_> = LoadedScenario::all().iter().map(|scenario| scenario.prepared.clone()).collect();
    let index = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/README.md");
    let index = std::fs::read_to_string(index).unwrap();
    let current = tagproof::with_index(&index, &all);
    assert_eq!(
        current.as_deref(),
        Some(&*index),
        "take scenarios/README.md over with `cargo run -- run --update-snapshots`"
    );
}

/// What is exercised is a table, so that it is seen, and never gets less.
#[test]
fn they_exercise_what_the_table_of_coverage_says() {
    let exercised =
        LoadedScenario::all().iter().flat_map(|scenario| coverage::exercised(&scenario.predicted)).collect();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/coverage.txt");
    let table = std::fs::read_to_string(table).unwrap();
    let faults = coverage::Coverage::read(&table).map_or_else(Some, |coverage| coverage.faults(&exercised));
    assert!(faults.is_none(), "{}", faults.unwrap_or_default());
}
