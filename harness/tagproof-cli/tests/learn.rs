//! `tagproof learn`, as its users start it: answers come from a pipe.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)
}

/// Exit code, stdout and stderr in a folder, with some answers.
fn learn(folder: &Path, arguments: &[&str], answers: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let program = program.arg("learn").args(arguments).env_clear().env("COLUMNS", "100").current_dir(folder);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn learnt(folder: &Path, arguments: &[&str], answers: &str) -> String {
    let (code, stdout, stderr) = learn(folder, arguments, answers);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}: {stdout}");
    stdout
}

/// The worked example, copied with a list of symptoms.
fn with_symptoms() -> TempDir {
    let folder = TempDir::new().unwrap();
    let example = repository("examples/reports");
    for file in ["infrastructure/reports.yaml", "scenarios/reports/scenario.yaml"] {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(example.join(file), path).unwrap();
    }
    let list = "# Pitfalls\n\n## It denies everybody\n\n| Symptom | Scenario |\n|---|---|\n\
                | Nobody reads the reports. | [reports](reports) |\n\n## It lets everybody in\n\n\
                | Symptom | Scenario |\n|---|---|\n| Everybody reads them. | [reports](reports), [others](others) |\n";
    std::fs::write(folder.path().join("scenarios/README.md"), list).unwrap();
    let readme = "# Reports\n\nSomebody wrote:\n\n> Only finance may read.\n\n## Guess first\n\nWho reads?\n\n\
                  | a |\n|---|\n\n## What to write instead\n\nThat.\n";
    std::fs::write(folder.path().join("scenarios/reports/README.md"), readme).unwrap();
    folder
}

#[test]
fn a_scenario_is_asked_about_and_the_answers_are_told() {
    let example = repository("examples/reports");
    let stdout = learnt(&example, &["reports"], "a\nd\nallowed\nDENY\nd\n");
    insta::assert_snapshot!("scenario", stdout);
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let (shown, _) = stdout.split_once("\nQuestion 2 of ").unwrap();
    assert!(readme.contains(&format!("$ tagproof learn reports\n{shown}")), "{shown}");
}

#[test]
fn symptoms_are_listed_and_chosen_by_number_or_by_words() {
    let folder = with_symptoms();
    insta::assert_snapshot!("symptom", learnt(folder.path(), &[], "3\n2\nd\nq\n"));
    let by_words = learnt(folder.path(), &["lets", "READS"], "");
    let by_number = learnt(folder.path(), &["2"], "");
    assert_eq!(by_words, by_number);
    assert!(by_words.ends_with("The same symptom: `tagproof learn others`\n"), "{by_words}");
    let of_both = learnt(folder.path(), &["everybody"], "1\n");
    assert!(of_both.starts_with("It denies everybody\n   1  Nobody reads the reports.\n"), "{of_both}");
}

/// What stands at the end of the input is an answer only with its line's end before it.
#[test]
fn the_end_of_the_answers_ends_it() {
    let example = repository("examples/reports");
    for (answers, score) in
        [("", "no answers"), ("q\n", "no answers"), ("d\n", "1 of 1 right"), ("what?\na\n", "0 of 1 right")]
    {
        let stdout = learnt(&example, &["reports"], answers);
        assert!(stdout.contains(&format!("\n{score}")) && stdout.contains("What it shows: "), "{answers:?}: {stdout}");
    }
    let list = learnt(&repository(""), &[], "");
    assert!(list.contains("\n  10  ") && list.ends_with(", q quits) \n"), "{list}");
}

#[test]
fn without_a_list_the_scenarios_are_the_list() {
    let list = learnt(&repository("examples/reports"), &[], "q\n");
    assert!(list.starts_with("Scenarios\n   1  Only sessions of the finance team may read the reports\n"), "{list}");
}

/// Why a request is allowed is often why a Deny does not match.
#[test]
fn an_allow_tells_of_the_deny_that_does_not_match() {
    let stdout = learnt(&repository(""), &["letters-of-keys-and-values"], &"a\n".repeat(50));
    let told = "\nDeny      statement `NotProd` does not match: StringEquals aws:ResourceTag/Env ";
    assert!(stdout.contains(told), "{stdout}");
}

#[test]
fn what_is_not_there_is_told_as_run_tells_it() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
        let output =
            program.args(arguments).env_clear().env("COLUMNS", "100").current_dir(folder.path()).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(learn(folder.path(), &[], ""), (2, String::new(), run(&["run"])));
    assert_eq!(learn(folder.path(), &["nowhere"], ""), (2, String::new(), run(&["run", "nowhere"])));
    let (code, _, stderr) = learn(&repository(""), &["ecs-task-command"], "");
    assert!(code == 2 && stderr.contains("nothing to guess in ecs-task-command"), "{stderr}");
}

/// Whatever the answers are; of a scenario that only a run decides it says so.
#[test]
fn every_scenario_here_can_be_learnt() {
    let mut learnt = 0;
    for file in tagproof::scenario_files(&repository("scenarios")).unwrap() {
        let name = file.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let (code, stdout, stderr) = learn(&repository(""), &[&name], &"a\n".repeat(50));
        let asked = stdout.matches("\nQuestion ").count();
        learnt += usize::from(asked > 1);
        match asked {
            0 => assert!(code == 2 && stderr.contains("nothing to guess"), "{name}: {stdout}{stderr}"),
            _ => assert!(code == 0 && stdout.contains(&format!(" of {asked} right\n")), "{name}: {stdout}{stderr}"),
        }
    }
    assert!(learnt > 30, "{learnt}");
}
