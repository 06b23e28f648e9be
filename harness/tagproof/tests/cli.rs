//! The program as its users start it: what it prints where, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TEMPLATE: &str = "\
Resources:
  Reader:
    Type: AWS::IAM::User
    Properties:
      UserName: reader
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::box/*'}
";
const SCENARIO: &str = "\
title: Who may read
template: {file: template.yaml}
given: {buckets: {box: {objects: {key: {body: content}}}}}
under-test: Reader/Read/1
options:
  plain: {}
  tagged: {condition: {StringEquals: {aws:RequestTag/Status: OK}}}
callers:
  reader: {user: reader}
requests:
  get: {call: s3:GetObject, bucket: box, key: key}
expect:
  plain: {allow: all}
  tagged: {deny: all, because: the key is never there}
";

/// A scenario in a folder of its own.
struct Scene(TempDir);

impl Scene {
    fn new(scenario: &str, template: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let scene = folder.path().join("who-may-read");
        std::fs::create_dir(&scene).unwrap();
        std::fs::write(scene.join("scenario.yaml"), scenario).unwrap();
        std::fs::write(scene.join("template.yaml"), template).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the program in the folder above the scenario.
    fn tagproof(&self, arguments: &[&str]) -> Ended {
        Ended::of(program(arguments).current_dir(self.0.path()).output().unwrap())
    }
}

struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    fn check(&self, code: i32, stderr: &[&str]) -> &Self {
        let Self { stdout, stderr: told, .. } = self;
        assert_eq!(self.code, Some(code), "stdout: {stdout}\nstderr: {told}");
        for part in stderr {
            assert!(told.contains(part), "`{part}` is not in stderr: {told}");
        }
        self
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

#[test]
fn a_run_as_expected_prints_its_matrix_and_ends_with_0() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let run = scene.tagproof(&["run", "who-may-read"]);
    run.check(0, &["who-may-read: 2 cells, all as expected"]);
    let matrix = "
Matrix
          a
          1
  plain   ✓
  tagged  ·
";
    assert!(run.stdout.contains(matrix), "{}", run.stdout);
    assert!(run.stdout.contains("s3:GetObject never carries it"), "{}", run.stdout);
    let predicted = scene.tagproof(&["predict", "who-may-read"]);
    predicted.check(0, &[]);
    assert_eq!(predicted.stdout, run.stdout);
}

#[test]
fn a_cell_that_is_not_as_expected_is_marked_and_ends_with_1() {
    let scene = Scene::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    let run = scene.tagproof(&["run", "who-may-read"]);
    run.check(1, &["1 not as expected"]);
    assert!(run.stdout.contains("  tagged  ·*\n"), "{}", run.stdout);
    let line = "* tagged / reader / get: implicitly denied where allow is expected, because the key is never there";
    assert!(run.stdout.contains(line), "{}", run.stdout);
}

#[test]
fn results_are_one_line_of_json_for_each_scenario() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let run = scene.tagproof(&["run", "--json", "."]);
    run.check(0, &[]);
    let results: serde_json::Value = serde_json::from_str(run.stdout.trim_end()).unwrap();
    assert_eq!(results["version"], 1);
    assert_eq!(results["cells"][1]["outcome"], "ImplicitlyDenied");
    assert_eq!(results["cells"][1]["trace"]["policies"][0]["statements"][0]["conditions"][0]["holds"], false);
}

#[test]
fn one_cell_is_explained() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let cell = scene.tagproof(&["explain", "who-may-read", "tagged", "reader", "get"]);
    cell.check(0, &[]);
    let condition = "✗ StringEquals aws:RequestTag/Status  wants OK  has absent";
    assert!(cell.stdout.contains(condition), "{}", cell.stdout);
    assert!(
        cell.stdout.contains("\nWhat would change it:\n  - s3:GetObject never carries aws:RequestTag/Status: use "),
        "{}",
        cell.stdout
    );
    let unknown = scene.tagproof(&["explain", "who-may-read", "taged", "reader", "get"]);
    unknown.check(2, &["error: there is no option `taged`; did you mean `tagged`?"]);
    let second = scene.path("who-else-may-read");
    std::fs::create_dir(&second).unwrap();
    std::fs::copy(scene.path("who-may-read/scenario.yaml"), second.join("scenario.yaml")).unwrap();
    let folder = scene.tagproof(&["explain", ".", "tagged", "reader", "get"]);
    folder.check(2, &["error: . holds 2 scenarios: name one of ./who-else-may-read, ./who-may-read"]);
}

#[test]
fn every_error_of_scenario_and_template_is_told_at_once() {
    let scenario =
        SCENARIO.replace("{user: reader}", "{usr: reader}").replace("call: s3:GetObject", "call: s3:GetObjct");
    let template = TEMPLATE.replace("Effect: Allow", "Efect: Allow").replace("UserName", "UserNam");
    let scene = Scene::new(&scenario, &template);
    std::fs::create_dir(scene.path("snapshots")).unwrap();
    let run = scene.tagproof(&["run", "--update-snapshots", "who-may-read"]);
    run.check(2, &["who-may-read/scenario.yaml:9:", "did you mean `user`?", "did you mean `s3:GetObject`?"]);
    run.check(2, &["who-may-read/template.yaml:", "`UserNam`", "^^^"]);
    assert_eq!(run.stdout, "");
    assert_eq!(std::fs::read_dir(scene.path("snapshots")).unwrap().count(), 0, "no snapshot is touched");
}

#[test]
fn a_policy_with_an_unknown_operator_is_not_run() {
    let scene = Scene::new(&SCENARIO.replace("StringEquals", "StringEqauls"), TEMPLATE);
    scene.tagproof(&["run", "who-may-read"]).check(2, &["`StringEqauls`", "did you mean `StringEquals`?"]);
}

#[test]
fn a_path_without_scenarios_is_told() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    scene.tagproof(&["run", "nowhere"]).check(2, &["error: cannot read nowhere: No such file"]);
    std::fs::create_dir(scene.path("empty")).unwrap();
    scene.tagproof(&["run", "empty"]).check(2, &["error: there is no scenario in empty"]);
    scene.tagproof(&["rum"]).check(2, &["unrecognized subcommand"]);
}

#[test]
fn a_launcher_is_refused_where_tagproof_does_not_decide() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let aws = ["--backend", "aws", "--i-own-this-account", "123456789012"];
    let bare = ["--backend", "http://127.0.0.1:1", "--bare"];
    let why = "error: --launcher and --image are for runs that tagproof decides: ";
    for (on, mend) in [(&aws[..], "no container is run in a real account\n"), (&bare, "leave them out, or --bare\n")] {
        for given in [["--launcher", "sdk"], ["--launcher", "docker"], ["--image", "app=true"]] {
            let run = scene.tagproof(&[&["run", "who-may-read"][..], on, &given].concat());
            run.check(2, &[&format!("{why}{mend}")]);
        }
    }
}

#[test]
fn snapshots_are_written_whole_or_not_at_all() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let readme = scene.path("who-may-read/README.md");
    std::fs::write(&readme, "# Read\n<!-- matrix: made -->\nold\n<!-- end of matrix -->\nafter\n").unwrap();
    scene.tagproof(&["run", "--update-snapshots", "who-may-read"]).check(0, &[]);
    let snapshot = scene.path("snapshots/who-may-read@embedded.snap");
    let first = std::fs::read_to_string(&snapshot).unwrap();
    assert!(first.starts_with("---\ndescription: \"Who may read\"\n---\nWho may read\n"), "{first}");
    let text = std::fs::read_to_string(&readme).unwrap();
    assert!(text.contains("tagged  ·\n") && text.ends_with("<!-- end of matrix -->\nafter\n"), "{text}");

    std::fs::write(scene.path("file"), "").unwrap();
    let unwritable = ["run", "--update-snapshots", "--snapshots", "file", "who-may-read"];
    scene.tagproof(&unwritable).check(2, &["error: cannot write file/who-may-read@embedded.snap"]);

    // No byte more may be written to any file: as on a full disk, the write fails midway.
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$0\" run --update-snapshots who-may-read";
    let shell =
        Command::new("bash").args(["-c", full, env!("CARGO_BIN_EXE_tagproof")]).current_dir(scene.0.path()).output();
    Ended::of(shell.unwrap()).check(2, &["error: cannot write snapshots/who-may-read@embedded.snap; it is as it was"]);
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), first);
    let left: Vec<_> = std::fs::read_dir(scene.path("snapshots")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half written is left: {left:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_error_worth_a_line() {
    let scene = Scene::new(SCENARIO, TEMPLATE);
    let shell = "set -o pipefail; \"$0\" predict who-may-read | true; exit 0";
    let gone =
        Command::new("bash").args(["-c", shell, env!("CARGO_BIN_EXE_tagproof")]).current_dir(scene.0.path()).output();
    let gone = Ended::of(gone.unwrap());
    assert!(!gone.stderr.contains("panicked") && !gone.stderr.contains("error"), "{}", gone.stderr);
}

#[test]
fn help_and_completions_name_every_command() {
    let help = Ended::of(program(&["--help"]).output().unwrap());
    help.check(0, &[]);
    assert!(help.stdout.contains("\nExit codes:\n  0  "), "{}", help.stdout);
    for command in ["run", "predict", "explain", "serve"] {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} is not in {}", help.stdout);
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = Ended::of(program(&["completions", shell]).output().unwrap());
        assert!(script.check(0, &[]).stdout.contains("predict"), "{shell}");
    }
}

#[test]
fn the_repository_is_where_scenarios_are_looked_for() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let predicted = Ended::of(program(&["predict", "--json"]).current_dir(repository).output().unwrap());
    predicted.check(0, &["ecs-task-tag: 588 cells, all as expected"]);
}
