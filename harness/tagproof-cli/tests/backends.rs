//! Emulators at a URL, for which the served account stands in; and what is pinned of real ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rstest::rstest;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    command.args(arguments).env_clear().stdin(Stdio::null()).current_dir(repository());
    command
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A served account that ends with the test.
struct Served(Child, String);

impl Served {
    fn start() -> Self {
        let mut child =
            program(&["serve", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("export AWS_ENDPOINT_URL=").unwrap().to_owned();
        Self(child, url)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[track_caller]
fn check(output: &Output, code: i32, told: &str) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert_eq!(output.status.code(), Some(code), "stdout: {stdout}\nstderr: {stderr}");
    assert!(stderr.contains(told), "`{told}` is not in {stderr}");
    stdout
}

#[test]
fn a_bare_run_is_an_observation_with_its_own_snapshot() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let snapshots = folder.path().to_str().unwrap();
    let arguments = ["run", "scenarios/ecs-task-tag", "--backend", &served.1, "--bare", "--update-snapshots"];
    let run = program(&[&arguments[..], &["--snapshots", snapshots]].concat()).output().unwrap();
    let stdout = check(&run, 0, "");
    assert!(
        stdout.contains("\necs-task-tag     588 cells, match 588; tagproof 0.1.0 evaluates conditions ("),
        "{stdout}"
    );
    assert!(stdout.contains("\nCanaries\n  tagproof 0.1.0 evaluates conditions\n"), "{stdout}");
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["ecs-task-tag@endpoint-bare.snap"]);
}

#[test]
fn a_bare_run_tells_machines_of_canaries_and_classes() {
    let served = Served::start();
    let run =
        program(&["run", "scenarios/ecs-task-tag", "--bare", "--json"]).env("TAGPROOF_BACKEND", &served.1).output();
    let results: serde_json::Value = serde_json::from_str(&check(&run.unwrap(), 0, "588 cells")).unwrap();
    assert_eq!(results["backend"], "endpoint-bare");
    assert_eq!(results["bare"]["evaluatesConditions"], true);
    assert_eq!(results["bare"]["canaries"].as_array().unwrap().len(), 3);
    assert_eq!(results["cells"][0]["fidelity"], "match");
}

#[test]
fn fidelity_writes_a_table_for_people_and_one_for_machines() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let nobody = "http://127.0.0.1:1";
    let arguments = ["fidelity", "scenarios/ecs-task-tag", "--backend", &served.1, "--backend", nobody, "--out", out];
    let stdout = check(&program(&arguments).output().unwrap(), 0, "http://127.0.0.1:1 could not be reached: ");
    let markdown = std::fs::read_to_string(folder.path().join("fidelity.md")).unwrap();
    assert_eq!(markdown, stdout);
    let row = "| aws:RequestTag/tag-key | StringEquals | identity-based policy | match ";
    assert!(markdown.contains(row) && markdown.contains("127.0.0.1:1 could not be reached"), "{markdown}");
    let json = std::fs::read_to_string(folder.path().join("fidelity.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["backends"][0]["counts"]["match"], 588);
    assert_eq!(json["unreachable"].as_array().unwrap().len(), 1);
    assert!(json["rows"].as_array().unwrap().iter().all(|row| row["class"] == "match"), "{json}");
}

#[test]
fn a_backend_that_is_not_there_ends_the_run_and_touches_no_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = folder.path().to_str().unwrap();
    for bare in [&["--bare"][..], &[]] {
        let arguments = ["run", "--backend", "http://127.0.0.1:1", "--update-snapshots", "--snapshots", snapshots];
        check(&program(&[&arguments[..], bare].concat()).output().unwrap(), 2, "http://127.0.0.1:1");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let none = program(&["fidelity", "--backend", "http://127.0.0.1:1", "--out", snapshots]).output().unwrap();
    check(&none, 2, "no emulator could be reached; nothing was written");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    check(&program(&["run", "--bare"]).output().unwrap(), 2, "--bare is for emulators");
    check(&program(&["run", "--backend", "Moto"]).output().unwrap(), 2, "did you mean `moto`?");
}

#[rstest]
#[case::bare_at_once(&["--bare"], 20_000)]
#[case::bare_among_the_cells(&["--bare"], 200_000)]
#[case::guarded(&[], 20_000)]
fn a_backend_that_ends_in_the_middle_ends_the_run_and_touches_no_snapshot(
    #[case] bare: &[&str],
    #[case] answers: usize,
) {
    let served = Served::start();
    let url = ending_after(answers, served);
    let folder = tempfile::tempdir().unwrap();
    let snapshots = folder.path().to_str().unwrap();
    let arguments =
        ["run", "scenarios/ecs-task-tag", "--backend", &url, "--update-snapshots", "--snapshots", snapshots];
    let told = format!("endpoint {url}: it gives no answer: ");
    let stdout = check(&program(&[&arguments[..], bare].concat()).output().unwrap(), 2, &told);
    assert_eq!(stdout, "");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Where an account answers until it has sent so many bytes; then it is killed.
fn ending_after(answers: usize, served: Served) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let behind = served.1.strip_prefix("http://").unwrap().to_owned();
    let (served, sent) = (Arc::new(Mutex::new(Some(served))), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let Ok(server) = TcpStream::connect(&behind) else { continue };
            let (from_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut &from_client, &mut &to_server));
            let (served, sent) = (served.clone(), sent.clone());
            std::thread::spawn(move || {
                let mut piece = [0; 4096];
                while let Ok(length @ 1..) = (&server).read(&mut piece) {
                    if sent.fetch_add(length, Ordering::Relaxed) + length > answers {
                        drop(served.lock().unwrap().take());
                    } else if (&client).write_all(&piece[..length]).is_err() {
                        break;
                    }
                }
                let _closed = client.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    url
}

/// Whatever does what the account allows, the account decides: cell by cell a guarded matrix is the embedded one.
#[rstest]
fn a_guarded_snapshot_is_the_embedded_one(#[files("../../snapshots/*@embedded.snap")] embedded: PathBuf) {
    let expected = matrix(&embedded);
    assert!(!expected.is_empty());
    let name = embedded.file_name().unwrap().to_str().unwrap();
    let scenario = name.strip_suffix("@embedded.snap").unwrap();
    for backend in ["moto", "localstack", "ministack", "endpoint"] {
        let guarded = embedded.with_file_name(format!("{scenario}@{backend}.snap"));
        if guarded.is_file() {
            assert_eq!(matrix(&guarded), expected, "{}", guarded.display());
        }
    }
}

/// The lines of a snapshot's matrix.
fn matrix(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().skip_while(|line| *line != "Matrix").skip(1);
    lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}
