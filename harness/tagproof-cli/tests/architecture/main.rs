//! What ARCHITECTURE.md promises of the crates, held by their manifests and sources.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod circles;
mod promises;
mod silences;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// Crates that may know HTTP: everybody else speaks of operations and members. `matrix` knows the names of statuses alone,
/// and `backend` the URL of an emulator.
const OF_HTTP: &[&str] = &["backend", "matrix", "protocol", "runner", "wire"];
/// Crates that may name a header. The errors of `s3` name some, in AWS's words.
const OF_HEADERS: &[&str] = &["protocol", "runner", "s3", "wire"];
/// Crates that may start processes. The command line starts the one that `serve -- COMMAND` names, and git.
const STARTERS: &[&str] = &["backend", "docker", "launch", "tagproof-cli"];
/// Crates without I/O, clock and chance: each has a clippy.toml that refuses them.
const PURE: &[&str] = &[
    "source", "policy", "catalog", "model", "protocol", "prove", "lint", "template", "account", "iam", "sts", "s3",
    "logs", "ecs", "services",
];

/// Crates without a circle of files.
const WITHOUT_CIRCLES: &[&str] = &["account", "ecs", "iam", "logs", "s3", "sts"];

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).expect("the crate is two folders deep").to_owned()
}

/// One of our own crates.
struct Crate {
    folder: PathBuf,
    /// By their names in the workspace, as Cargo knows them for building.
    uses: BTreeSet<String>,
    /// All crates that it uses, others' too.
    packages: BTreeSet<String>,
}

/// Our own crates, by the name that the workspace has for them.
fn crates() -> BTreeMap<String, Crate> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let short = |name: &str| match name {
        "tagproof-cli" => name.to_owned(),
        name => name.strip_prefix("tagproof-").unwrap_or(name).to_owned(),
    };
    let own: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let read = |package: &Value| {
        let name = package["name"].as_str().expect("a name");
        let folder =
            Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder").to_owned();
        let all = package["dependencies"].as_array().expect("dependencies").iter();
        let packages: BTreeSet<String> = all
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect();
        let uses = packages.iter().filter(|name| own.contains(name.as_str())).map(|name| short(name)).collect();
        (short(name), Crate { folder, uses, packages })
    };
    packages.iter().map(read).collect()
}

/// The names of our own crates in the order of the workspace's list, lowest first.
fn order() -> Vec<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace has a manifest");
    let rooms = manifest.lines().filter(|line| line.contains("path = \"harness/"));
    rooms.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).expect("a source is text")));
        }
    }
    found
}

#[test]
fn dependencies_point_upwards_in_the_list_of_the_workspace() {
    let order = order();
    let at = |name: &str| order.iter().position(|known| known == name);
    let crates = crates();
    for name in order.iter() {
        assert!(crates.contains_key(name), "{name} is in the list and is no crate");
    }
    for (name, own) in &crates {
        // The command line stands above all of them.
        let above = at(name).unwrap_or(order.len());
        assert!(above < order.len() || name == "tagproof-cli", "{name} is missing in the list");
        for used in &own.uses {
            assert!(at(used).is_some_and(|below| below < above), "{name} uses {used}, which stands above it");
        }
    }
}

#[test]
fn only_few_crates_know_http() {
    for (name, own) in crates() {
        let of_http = own
            .packages
            .iter()
            .find(|package| ["http", "hyper", "hyper-util", "http-body-util"].contains(&package.as_str()));
        assert!(of_http.is_none() || OF_HTTP.contains(&name.as_str()), "{name} uses {of_http:?}");
    }
}

/// Whether a text of the code is the name of a header: members of AWS's APIs are not written so.
fn names_header(code: &str) -> bool {
    let names = ["x-amz-", "x-amzn-", "authorization\"", "content-md5\"", "content-type\"", "user-agent\""];
    names.iter().any(|name| code.contains(&format!("\"{name}")))
}

#[test]
fn only_few_crates_name_headers() {
    assert!(names_header(r#"headers.get("x-amz-date")"#) && names_header(r#"("authorization", value)"#));
    assert!(!names_header(r#"may("AuthorizationConfig", "authorizationConfig")"#));
    for (name, own) in crates() {
        for (path, text) in sources(&own.folder.join("src")) {
            let is_free = OF_HEADERS.contains(&name.as_str()) || path.ends_with("tests.rs");
            assert!(is_free || !names_header(&text), "{} names a header", path.display());
        }
    }
}

#[test]
fn only_few_crates_start_anything() {
    for (name, own) in crates() {
        for (path, text) in sources(&own.folder.join("src")) {
            let starts = text.contains("process::Command") || text.contains("Command::new(");
            assert!(!starts || STARTERS.contains(&name.as_str()), "{} starts a process", path.display());
        }
    }
}

/// `cargo clippy` reads the file in the crate's own folder, and refuses what it lists.
#[test]
fn pure_crates_have_the_lints_of_pure_crates() {
    let crates = crates();
    let lints = fs::read_to_string(root().join("harness/pure.clippy.toml")).expect("the lints of pure crates");
    for name in PURE {
        let file = crates[*name].folder.join("clippy.toml");
        let own = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(own, lints, "{}", file.display());
    }
}

/// A pure crate uses no pure crate's opposite: nothing that waits, listens or starts.
#[test]
fn pure_crates_use_pure_crates_only() {
    let crates = crates();
    for name in PURE {
        for used in &crates[*name].uses {
            assert!(PURE.contains(&used.as_str()), "{name} uses {used}");
        }
        for package in ["tokio", "hyper", "getrandom", "rand", "reqwest", "testcontainers"] {
            assert!(!crates[*name].packages.contains(package), "{name} uses {package}");
        }
    }
}

#[test]
fn files_use_each_other_in_no_circle() {
    let crates = crates();
    for name in WITHOUT_CIRCLES {
        let source = crates[*name].folder.join("src");
        let circle = circles::circle(&source, &sources(&source));
        assert_eq!(circle, None, "each of these files of `{name}` uses the next, and the last the first");
    }
}

/// What AWS leaves undocumented is one table: no code settles such a question for itself.
#[test]
fn what_aws_is_silent_about_is_settled_by_a_row_of_the_table() {
    let all: Vec<_> = crates().values().flat_map(|own| sources(&own.folder.join("src"))).collect();
    let is_test = |path: &Path| path.iter().any(|part| part == "tests" || part == "tests.rs");
    let (table, code): (Vec<_>, Vec<_>) =
        all.into_iter().filter(|(path, _)| !is_test(path)).partition(|(path, _)| path.ends_with("src/undocumented.rs"));
    let [(_, table)] = table.as_slice() else { panic!("the table is one file") };
    assert_eq!(silences::unnamed(&code), [""; 0], "these comments name no row of policy::undocumented");
    assert_eq!(silences::unused(table, &code), [""; 0], "no code names these rows of policy::undocumented");
}

#[test]
fn each_promise_of_the_security_page_names_a_test_that_exists() {
    let broken = promises::broken(&root().join("docs"));
    assert!(broken.is_empty(), "{broken:#?}");
}
