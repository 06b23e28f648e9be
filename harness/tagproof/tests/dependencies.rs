//! What somebody builds who takes one of these crates.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

/// The packages that a package brings, itself among them.
fn brought_by(package: &str) -> Vec<String> {
    let tree = ["tree", "--package", package, "--edges", "normal", "--prefix", "none", "--offline", "--locked"];
    let ended = Command::new(env!("CARGO")).args(tree).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let text = String::from_utf8(ended.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[track_caller]
fn check(package: &str, without: &[&str]) {
    let brought = brought_by(package);
    assert!(brought.iter().any(|one| one == package), "{brought:?}");
    let found: Vec<_> = brought.iter().filter(|one| without.iter().any(|start| one.starts_with(start))).collect();
    assert!(found.is_empty(), "{package} brings {found:?}");
}

#[test]
fn a_test_of_ones_own_builds_no_command_line_no_docker_and_no_emulators() {
    let tools = ["clap", "bollard", "testcontainers"];
    check("tagproof", &[&tools[..], &["tagproof-cli", "tagproof-docker", "tagproof-backend"]].concat());
}

#[test]
fn what_is_read_and_reported_sends_and_starts_nothing() {
    for package in ["tagproof-matrix", "tagproof-report"] {
        check(package, &["aws-", "hyper", "tokio", "tagproof-wire", "tagproof-launch", "tagproof-runner"]);
    }
}
