//! Every scenario in the repository: each is read, run and predicted once, and each test looks at one thing of that.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod coverage;
mod taught;

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use report::Page;
use rstest::rstest;
use scenario::{Prepared, Results};
use tokio::sync::OnceCell;

/// A scenario with what came of it.
struct Scene {
    prepared: Prepared,
    ran: Results,
    predicted: Results,
}

/// By file.
type Scenes = HashMap<PathBuf, Arc<OnceCell<Arc<Scene>>>>;

impl Scene {
    /// Whichever test asks first has it made.
    async fn of(file: &Path) -> Arc<Self> {
        static SCENES: LazyLock<Mutex<Scenes>> = LazyLock::new(Mutex::default);
        let cell = SCENES.lock().unwrap_or_else(PoisonError::into_inner).entry(file.to_owned()).or_default().clone();
        cell.get_or_init(|| async { Arc::new(Self::new(file).await) }).await.clone()
    }

    async fn new(file: &Path) -> Self {
        let prepared = scenario::load(file).unwrap();
        let launcher = tagproof::launcher(tagproof::Images::default());
        let ran = tagproof::run(std::slice::from_ref(&prepared), Some(&launcher), Arc::new(|_| {}));
        let ran = ran.await.unwrap().remove(0);
        let predicted = scenario::predict(&prepared).unwrap();
        Self { prepared, ran, predicted }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn comes_out_as_expected_and_as_pinned(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scene = Scene::of(&file).await;
    tagproof::check_results(&scene.prepared, &scene.ran, "../../snapshots");
}

/// A prediction is the same engine without clients and listener: a difference is a fault in one of the two ways.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn is_predicted_as_it_runs(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scene = Scene::of(&file).await;
    let text = |results: &_| report::matrix(results, Page::FILE) + &report::details(results, Page::FILE);
    // A prediction runs no container.
    let without_containers = match scene.predicted.not_run() {
        Some(_) => tagproof::run(std::slice::from_ref(&scene.prepared), None, Arc::new(|_| {})).await.unwrap().pop(),
        None => None,
    };
    assert_eq!(text(&scene.predicted), text(without_containers.as_ref().unwrap_or(&scene.ran)));
}

/// tagproof writes snapshots itself; insta has to read them, and `cargo insta review` with it.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn has_a_snapshot_that_insta_reads(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scene = Scene::of(&file).await;
    let snapshot = report::snapshot(&scene.ran, tagproof::EMBEDDED);
    if let Some(line) = tagproof::left_out(&scene.ran) {
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
#[tokio::test(flavor = "multi_thread")]
async fn every_mend_turns_its_decision(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let results = &Scene::of(&file).await.predicted;
    for cell in &results.cells {
        for mend in &cell.mends {
            let filed = cell.filed.as_ref().unwrap();
            let after = filed.decision.after(mend, &filed.request).unwrap();
            let is_allowed = |verdict| verdict == policy::Verdict::Allowed;
            assert_ne!(is_allowed(filed.decision.verdict), is_allowed(after.verdict), "{}: {}", cell.reason, mend.says);
        }
    }
    // A prediction runs no container.
    let has_mends = results.cells.iter().any(|cell| !cell.mends.is_empty());
    assert!(has_mends || results.not_run().is_some(), "nothing could be mended");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn has_a_readme_with_current_sections(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let readme = std::fs::read_to_string(file.with_file_name("README.md")).unwrap();
    let scene = Scene::of(&file).await;
    if let Some(line) = tagproof::left_out(&scene.ran) {
        told(&format!("{line}; its README was not compared"));
        return;
    }
    assert!(
        readme.contains("<!-- matrix:"),
        "give the README a section `<!-- matrix: … -->`, `<!-- end of matrix -->`"
    );
    let current = tagproof::with_sections(&readme, &scene.prepared, &scene.ran);
    assert_eq!(current.as_deref(), Some(&*readme), "take it over with `cargo run -- run --update-snapshots`");
}

/// Past what the test harness keeps back of tests that pass.
fn told(line: &str) {
    let _closed = writeln!(std::io::stderr(), "{line}");
}

/// What it teaches has a page, and the catalogue says the same.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn teaches_what_aws_documents(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let scene = Scene::of(&file).await;
    let mut faults = [taught::pages(&scene.predicted), taught::unnamed(&scene.predicted)].concat();
    let readme = std::fs::read_to_string(file.with_file_name("README.md")).unwrap();
    let texts = scene.predicted.cells.iter().filter_map(|cell| cell.expectation.because.as_deref()).chain([&*readme]);
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let files = tagproof::scenario_files(&folder).unwrap();
    let all: Vec<_> = files.iter().map(|file| scenario::load(file).unwrap()).collect();
    let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = tagproof::scenario_files(&folder.join("../../scenarios")).unwrap();
    let predicted = files.iter().map(|file| scenario::predict(&scenario::load(file).unwrap()).unwrap());
    let exercised = predicted.flat_map(|results| coverage::exercised(&results)).collect();
    let table = std::fs::read_to_string(folder.join("tests/scenarios/coverage.txt")).unwrap();
    let faults = coverage::Coverage::read(&table).map_or_else(Some, |coverage| coverage.faults(&exercised));
    assert!(faults.is_none(), "{}", faults.unwrap_or_default());
}
