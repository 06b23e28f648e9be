//! What the README shows works.

use std::path::{Path, PathBuf};

const README: &str = include_str!("../../../README.md");

/// The package of the worked example.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/reports")
}

#[test]
fn the_worked_example_stands_in_it_as_it_is() {
    for file in ["infrastructure/reports.yaml", "scenarios/reports/scenario.yaml"] {
        let text = std::fs::read_to_string(example().join(file)).unwrap();
        assert!(README.contains(&format!("```yaml\n{text}```\n")), "README does not hold {file} as it is");
    }
    let test = std::fs::read_to_string(example().join("tests/iam.rs")).unwrap();
    let (_, test) = test.split_once("\n\n").unwrap();
    assert!(README.contains(&format!("```rust\n{test}```\n")), "README does not hold tests/iam.rs as it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worked_example_comes_out_as_expected_and_as_pinned() {
    tagproof::check(example().join("scenarios/reports"), example().join("snapshots")).await;
}
