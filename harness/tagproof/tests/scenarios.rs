//! Every scenario in the repository: one test for each file.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use report::Page;
use rstest::rstest;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn comes_out_as_expected_and_as_pinned(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    tagproof::check(file, "../../snapshots").await;
}

/// A prediction is the same engine without clients and listener: a difference is a fault in one of the two ways.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn is_predicted_as_it_runs(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let prepared = scenario::load(&file).unwrap();
    let run = tagproof::run(std::slice::from_ref(&prepared), None, Arc::new(|_| {})).await.unwrap().remove(0);
    let text = |results: &_| report::matrix(results, Page::FILE) + &report::details(results, Page::FILE);
    assert_eq!(text(&scenario::predict(&prepared).unwrap()), text(&run));
}

/// tagproof writes snapshots itself; insta has to read them, and `cargo insta review` with it.
#[rstest]
fn has_a_snapshot_that_insta_reads(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let results = scenario::predict(&scenario::load(&file).unwrap()).unwrap();
    let snapshot = report::snapshot(&results, tagproof::EMBEDDED);
    if let Some(line) = tagproof::left_out(&results) {
        writeln!(std::io::stderr(), "{line}; insta did not read its snapshot").unwrap();
        return;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(snapshot.name, snapshot.text));
}

/// Denials are let go ahead, and Allows that hold only because a key is missing are denied.
#[rstest]
fn every_mend_turns_its_decision(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let results = scenario::predict(&scenario::load(&file).unwrap()).unwrap();
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
async fn has_a_readme_with_the_current_matrix(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let readme = std::fs::read_to_string(file.with_file_name("README.md")).unwrap();
    let prepared = scenario::load(&file).unwrap();
    let mut results = scenario::predict(&prepared).unwrap();
    if results.not_run().is_some() {
        let launcher = tagproof::launcher(tagproof::Images::default());
        results = tagproof::run(&[prepared], Some(&launcher), Arc::new(|_| {})).await.unwrap().remove(0);
    }
    if let Some(line) = tagproof::left_out(&results) {
        // Past what the test harness keeps back of tests that pass.
        writeln!(std::io::stderr(), "{line}; its README was not compared").unwrap();
        return;
    }
    let mend = "take the matrix over with `cargo run -- run --update-snapshots`";
    assert_eq!(tagproof::with_matrix(&readme, &results).as_deref(), Some(&*readme), "{mend}");
}

/// Somebody who has a symptom starts at the index.
#[rstest]
fn stands_in_the_index(#[files("../../scenarios/*/scenario.yaml")] file: PathBuf) {
    let folder = file.parent().unwrap();
    let name = folder.file_name().unwrap().to_string_lossy();
    let index = std::fs::read_to_string(folder.with_file_name("README.md")).unwrap();
    assert!(index.contains(&format!("[{name}]({name})")), "name {name} in scenarios/README.md, under its symptom");
}
