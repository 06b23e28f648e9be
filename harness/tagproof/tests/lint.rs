//! `tagproof lint` as its users start it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const FINE: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}"#;
const WRONG: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}}]}"#;
const SUGGESTING: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "", "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}"#;
const TEMPLATE: &str = "\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Action: s3:ListBucket, Resource: !Sub 'arn:aws:s3:::${Bucket}/*'}
";

/// Exit code, stdout and stderr.
fn lint(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let output = program.arg("lint").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let files =
        [("fine.json", FINE), ("wrong.json", WRONG), ("suggesting.json", SUGGESTING), ("template.yaml", TEMPLATE)];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    std::fs::write(folder.path().join("latin.json"), b"{\n \"Sid\": \"d\xe9j\xe0\"}").unwrap();
    folder
}

#[test]
fn the_exit_code_tells_whether_something_is_wrong() {
    let folder = folder();
    for (arguments, code, said) in [
        (&["fine.json"][..], 0, ""),
        (&["suggesting.json"], 0, "suggestion[EMPTY_SID_VALUE]"),
        (&["wrong.json"], 1, "error[UNSUPPORTED_ACTION_FOR_CONDITION_KEY]"),
        (&["fine.json", "template.yaml"], 1, "warning[ACTION_AND_RESOURCE_NEVER_MEET]"),
        (&["--kind", "resource", "fine.json"], 1, "error[MISSING_PRINCIPAL]"),
    ] {
        let (found, stdout, stderr) = lint(folder.path(), arguments);
        assert_eq!((found, stderr.as_str()), (code, ""), "{arguments:?}");
        assert!(stdout.contains(said) && stdout.is_empty() == said.is_empty(), "{stdout}");
    }
    for (arguments, said) in [
        (&["nowhere.json"][..], "cannot read nowhere.json"),
        (&["latin.json"], "cannot read latin.json: it is not UTF-8 at line 2, column 11; save it as UTF-8"),
        (&["--kind", "role", "fine.json"], "the kinds are"),
        (&["empty"], "there is nothing to look at in empty"),
    ] {
        let (found, stdout, stderr) = lint(folder.path(), arguments);
        assert_eq!((found, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.contains(said), "{stderr}");
    }
}

#[test]
fn findings_are_json_lines() {
    let folder = folder();
    let (_, stdout, _) = lint(folder.path(), &["--json", "wrong.json", "template.yaml"]);
    let lines: Vec<serde_json::Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| (line["issueCode"].as_str().unwrap(), &line["locations"][0])).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].0, "UNSUPPORTED_ACTION_FOR_CONDITION_KEY");
    assert_eq!(told[0].1["path"].as_array().unwrap().len(), 5);
    assert_eq!(told[1].0, "ACTION_AND_RESOURCE_NEVER_MEET");
    assert_eq!(
        (told[1].1["file"].as_str(), told[1].1["span"]["start"]["line"].as_u64()),
        (Some("template.yaml"), Some(7))
    );
}

#[test]
fn each_option_of_a_scenario_counts() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-task-tag");
    let (code, stdout, stderr) = lint(&scenario, &["."]);
    assert_eq!((code, stderr.as_str()), (1, ""), "{stdout}");
    for (finding, place) in [
        // The template as it stands, the conditions of the options, and what they patch.
        ("MISSING_VERSION", "template.yaml"),
        ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", "scenario.yaml"),
        ("S3_RESOURCE_TAG_NEEDS_ABAC", "scenario.yaml"),
        ("FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK", "scenario.yaml"),
        ("ALLOW_WITHOUT_KEY", "scenario.yaml"),
    ] {
        let told = stdout.split("\n\n").any(|one| one.contains(finding) && one.contains(place));
        assert!(told, "{finding} in {place}: {stdout}");
    }
}

const OPERATION: &str = "\
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action:
              - sqs:SendMessageBatch # the queue's
              - s3:GetObject
            Resource: '*'
";

#[test]
fn a_folder_is_looked_through() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("a/wrong.json", WRONG);
    write("a/b/stack.template", OPERATION);
    write("a/version.json", &format!(r#"{{"PolicyVersion": {{"Document": {FINE}, "VersionId": "v1"}}}}"#));
    write("a/package.json", r#"{"name": "app"}"#);
    write("a/broken.yaml", "Resources: [\n");
    write("a/notes.md", "Statement");
    write("node_modules/x/policy.json", WRONG);
    write(".git/policy.json", WRONG);
    let (code, stdout, stderr) = lint(folder.path(), &["."]);
    assert_eq!(code, 1);
    for said in ["./a/wrong.json", "./a/b/stack.template", "./a/broken.yaml"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    for silent in ["version.json", "package.json", "notes.md", "node_modules", ".git"] {
        assert!(!stdout.contains(silent), "{silent}: {stdout}");
    }
    assert_eq!(stderr, "Skipped, since they hold no policy and are no template: ./a/package.json\n");
}

#[test]
fn rewrites_are_shown_and_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("stack.yaml");
    std::fs::write(&path, OPERATION).unwrap();
    let (code, stdout, _) = lint(folder.path(), &["--json", "stack.yaml"]);
    let finding: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, finding["edit"]["text"].as_str()), (1, Some("sqs:SendMessage")));
    assert_eq!(finding["edit"]["span"]["start"]["line"], 10);

    let (code, stdout, stderr) = lint(folder.path(), &["--fix", "stack.yaml"]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.contains("= help: `--fix` writes `sqs:SendMessage`"), "{stdout}");
    let diff = "-              - sqs:SendMessageBatch # the queue's\n+              - sqs:SendMessage # the queue's\n";
    assert!(stderr.starts_with("--- a/stack.yaml\n+++ b/stack.yaml\n") && stderr.contains(diff), "{stderr}");
    let fixed = OPERATION.replace("SendMessageBatch", "SendMessage");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), fixed);
    assert_eq!(lint(folder.path(), &["--fix", "stack.yaml"]), (0, String::new(), String::new()));
}

#[test]
fn standard_input_is_read_and_never_written() {
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
        let pipes =
            program.arg("lint").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        child.stdin.take().unwrap().write_all(OPERATION.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, stdout, stderr) = run(&["-"]);
    assert!(code == 1 && stdout.contains("<stdin>:10:17") && stderr.is_empty(), "{stdout} {stderr}");
    let (code, stdout, stderr) = run(&["--fix", "-"]);
    assert_eq!((code, stdout), (0, OPERATION.replace("SendMessageBatch", "SendMessage")));
    assert!(
        stderr.contains("error[INVALID_ACTION]") && stderr.contains("+              - sqs:SendMessage #"),
        "{stderr}"
    );
}
