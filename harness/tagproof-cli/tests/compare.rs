//! `tagproof compare` as its users start it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const GET: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const PUT_TOO: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
  {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const PUT: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const TAGGED: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
   "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "finance"}}}]}"#;
const PUBLIC: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const OF_ORGANIZATION: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
   "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}]}"#;

fn template(action: &str, principal: &str) -> String {
    format!(
        "\
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{AWS: '{principal}'}}, Action: sts:AssumeRole}}
      Policies:
      - PolicyName: Read
        PolicyDocument:
          Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}
"
    )
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn compare(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    tagproof(folder, &[&["compare"], arguments].concat(), input)
}

/// Exit code, stdout and stderr.
fn tagproof(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let program = program.args(arguments).current_dir(folder);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Compares with files and arguments, divided by spaces: the exit code is as expected, and each text is in what is printed.
#[track_caller]
fn check(files: &[(&str, &str)], arguments: &str, code: i32, expected: &[&str]) {
    let folder = folder(files);
    let (found, stdout, stderr) = compare(
        folder.path(),
        &arguments.split_whitespace().collect::<Vec<_>>(),
        files.first().map_or("", |file| file.1),
    );
    assert_eq!(found, code, "{arguments}\n{stdout}\n{stderr}");
    for text in expected {
        assert!(stdout.contains(text) || stderr.contains(text), "{arguments}: {text} is not in\n{stdout}\n{stderr}");
    }
}

#[test]
fn two_policies_are_the_same_or_not() {
    for (old, new, code, expected) in [
        (GET, GET, 0, vec!["same: new.json allows what old.json allows", "Holds     for any request"]),
        (PUT_TOO, GET, 0, vec!["narrower: new.json", "A request that only old.json allows:", "Action    s3:PutObject"]),
        (
            GET,
            PUT_TOO,
            1,
            vec![
                "wider: new.json",
                "A request that only new.json allows:",
                "Allowed   by new.json, statement 2 (Write)",
                "Refused   no statement of old.json allows it",
                "Explain   tagproof simulate --principal ",
                "--identity new.json",
            ],
        ),
        (GET, PUT, 1, vec!["incomparable: ", "only new.json allows", "only old.json allows"]),
        (TAGGED, GET, 1, vec!["wider: ", "Without   aws:PrincipalTag/Team", "old.json, statement 1: StringEquals"]),
        (OF_ORGANIZATION, PUBLIC, 1, vec!["wider: ", "Without   aws:PrincipalOrgID"]),
    ] {
        check(&[("old.json", old), ("new.json", new)], "old.json new.json", code, &expected);
    }
}

/// The command that explains a request is printed only if it comes to the same.
#[test]
fn the_command_that_is_printed_allows_the_request() {
    let folder = folder(&[("old.json", TAGGED), ("new.json", PUT_TOO)]);
    let (_, stdout, _) = compare(folder.path(), &["old.json", "new.json"], "");
    let commands = stdout.lines().filter_map(|line| line.trim().strip_prefix("Explain   tagproof "));
    let mut count = 0;
    for command in commands {
        let words: Vec<_> = command.split(' ').map(|word| word.trim_matches('\'')).collect();
        let output =
            Command::new(env!("CARGO_BIN_EXE_tagproof")).args(words).current_dir(folder.path()).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && told.starts_with("allowed\n"), "{command}\n{told}");
        count += 1;
    }
    assert_eq!(count, 1, "{stdout}");
}

#[test]
fn what_is_printed_as_json_has_the_fields_of_access_analyzer() {
    let folder = folder(&[("old.json", GET), ("new.json", PUT_TOO)]);
    let answer = |arguments: &[&str]| {
        let (code, stdout, stderr) = compare(folder.path(), arguments, "");
        (code, serde_json::from_str::<Value>(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}")))
    };
    let (code, wider) = answer(&["old.json", "new.json", "--json"]);
    assert_eq!((code, &wider["result"], &wider["comparison"]["result"]), (1, &"FAIL".into(), &"Wider".into()));
    let reason = &wider["reasons"][0];
    assert_eq!((&reason["statementIndex"], &reason["statementId"]), (&1.into(), &"Write".into()), "{wider}");
    assert_eq!(wider["comparison"]["request"]["action"], "s3:PutObject");
    let (code, narrower) = answer(&["new.json", "old.json", "--json"]);
    assert_eq!((code, &narrower["result"], &narrower["reasons"]), (0, &"PASS".into(), &Value::Array(vec![])));
    let (code, granted) = answer(&["--not-granted", "--action", "s3:Put*", "new.json", "--json"]);
    assert_eq!((code, &granted["result"], &granted["request"]["action"]), (1, &"FAIL".into(), &"s3:PutObject".into()));
}

#[test]
fn what_must_not_be_granted_is_proved_not_to_be() {
    let file = [("p.json", PUT_TOO)];
    for (arguments, code, expected) in [
        ("--not-granted --action s3:Put* p.json", 1, "granted: p.json grants the access"),
        ("--not-granted --action s3:DeleteObject p.json", 0, "not granted: p.json does not grant the access"),
        ("--not-granted --resource arn:aws:s3:::other/* p.json", 0, "not granted: "),
        ("--not-granted --resource arn:aws:s3:::b/* p.json", 1, "Resource  arn:aws:s3:::b/"),
        ("--not-granted --action s3:PutObject --action s3:DeleteObject p.json", 1, "Action    s3:PutObject"),
        ("--not-granted p.json", 2, "--not-granted needs --action or --resource"),
        ("--not-granted --action Put p.json", 2, "Put"),
        ("--not-public p.json", 2, "--not-public is about the policy of a resource"),
    ] {
        check(&file, arguments, code, &[expected]);
    }
    check(&[("p.json", PUBLIC)], "--not-public p.json", 1, &["granted: p.json grants public access"]);
    check(
        &[("p.json", OF_ORGANIZATION)],
        "--not-public p.json",
        0,
        &["not granted: p.json does not grant public access"],
    );
}

#[test]
fn what_cannot_be_compared_says_why() {
    let files = [("old.json", GET), ("bad.json", "{\"Statement\": {\"Efect\": \"Allow\"}}"), ("none.json", "{}")];
    for (arguments, expected) in [
        ("old.json bad.json", vec!["bad.json:1", "Efect"]),
        ("old.json none.json", vec!["NO_POLICY", "none.json:1:1"]),
        ("old.json missing.json", vec!["missing.json"]),
        ("old.json", vec!["`tagproof compare OLD old.json`", "--git REVISION old.json"]),
        ("", vec!["compare two things"]),
        ("bad.json none.json", vec!["Efect", "NO_POLICY"]),
        ("--timeout 0 old.json old.json", vec!["expected a number of seconds"]),
        ("--action s3:* old.json old.json", vec!["--not-granted"]),
        ("old.json old.json --kind resource", vec!["Principal"]),
    ] {
        check(&files, arguments, 2, &expected);
    }
}

/// The time is up before anything begins.
#[test]
fn a_time_limit_ends_in_undecided() {
    let many: Vec<String> = (0..400)
        .map(|at| format!(r#"{{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b{at}/*{at}*"}}"#))
        .collect();
    let text = |statements: &[String]| format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
    let (old, new) = (text(&many[1..]), text(&many));
    let files = [("old.json", old.as_str()), ("new.json", new.as_str())];
    check(&files, "old.json new.json --timeout 0.000001", 2, &["undecided: ", "the time limit was reached"]);
}

#[test]
fn lines_are_answered_in_order() {
    let line = |id: &str, old: &str, new: &str| {
        format!("{{\"id\":\"{id}\",\"old\":{},\"new\":{}}}\n", old.replace('\n', " "), new.replace('\n', " "))
    };
    let good = line("a", PUT_TOO, GET) + &line("b", GET, GET);
    let wider = format!("{good}\n{}", line("c", GET, PUT_TOO));
    let bad = format!("{wider}{{\"id\":\"d\"}}\n");
    for (input, code, ids) in [(&good, 0, "ab"), (&wider, 1, "abc"), (&bad, 2, "abcd")] {
        let (found, stdout, stderr) = compare(Path::new("."), &["--batch"], input);
        let told: String = stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!((found, told.as_str()), (code, ids), "{stdout}{stderr}");
    }
    check(&[("lines.jsonl", &bad)], "--batch lines.jsonl", 2, &["1 of 4 lines could not be answered"]);
}

/// AWS's samples: each request that only one side allows is one that `simulate` allows by it.
#[test]
fn requests_that_are_found_are_lines_for_simulate() {
    let samples = include_str!("../../prove/tests/data/custom-policy-checks.jsonl").lines().filter_map(|line| {
        let mut sample: Value = serde_json::from_str(line).unwrap();
        sample.as_object_mut().unwrap().remove("expected");
        (sample["kind"] == "identity").then_some(sample)
    });
    let samples: Vec<Value> = samples.collect();
    let input: String = samples.iter().map(|sample| format!("{sample}\n")).collect();
    let (code, stdout, stderr) = compare(Path::new("."), &["--batch"], &input);
    assert_eq!(code, 1, "{stderr}");
    let mut lines = String::new();
    for (sample, answer) in samples.iter().zip(stdout.lines()) {
        let answer: Value = serde_json::from_str(answer).unwrap();
        assert_eq!(answer["id"], sample["id"]);
        for (request, by) in [("request", "new"), ("lost", "old")] {
            if let Some(mut line) = answer.get(request).cloned() {
                line["id"] = answer["id"].clone();
                line["policies"] = serde_json::json!({"identity": [sample[by]]});
                lines.push_str(&format!("{line}\n"));
            }
        }
    }
    let (code, stdout, stderr) = tagproof(Path::new("."), &["simulate", "--batch"], &lines);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.lines().count() > 200, "{stdout}");
    for answer in stdout.lines() {
        // Documents are compared without the facts of services; `simulate` decides with them.
        let is_by_fact = answer.contains(r#""fact":""#);
        assert!(answer.contains(r#""decision":"Allowed""#) || is_by_fact, "{answer}");
    }
}

#[test]
fn templates_are_compared_owner_by_owner() {
    let (get, more) = (template("s3:GetObject", "111122223333"), template("s3:*Object", "111122223333"));
    let open = template("s3:GetObject", "*");
    let without = "Resources: {}\n";
    for (old, new, code, expected) in [
        (get.as_str(), get.as_str(), 0, vec!["same: new.yaml has the policies of old.yaml (2 compared)"]),
        (&get, &more, 1, vec!["wider         Reader", "unchanged     1", "newly allows:"]),
        (&more, &get, 0, vec!["narrower      Reader"]),
        (&get, &open, 1, vec!["wider         Reader (role trust policy)"]),
        (&get, without, 0, vec!["narrower      Reader", ", removed"]),
        (without, &get, 1, vec!["wider         Reader", ", added"]),
    ] {
        check(&[("old.yaml", old), ("new.yaml", new)], "old.yaml new.yaml", code, &expected);
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn revisions_of_git_are_compared() {
    let folder = folder(&[("p.json", GET)]);
    let (at, write) = (folder.path(), |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap());
    git(at, &["init", "-q", "-b", "main"]);
    git(at, &["add", "."]);
    git(at, &["commit", "-q", "-m", "one"]);
    git(at, &["tag", "v1"]);
    write("p.json", PUT_TOO);
    write("t.yaml", &template("s3:GetObject", "111122223333"));
    git(at, &["add", "."]);
    git(at, &["commit", "-q", "-m", "two"]);
    write("p.json", TAGGED);
    write("t.yaml", &template("s3:*", "111122223333"));
    for (arguments, code, expected) in [
        ("--git main p.json", 0, "narrower: p.json allows less than main:p.json"),
        ("--git v1..main p.json", 1, "wider: main:p.json allows more than v1:p.json"),
        ("--git v1...main p.json", 1, "wider: main:p.json"),
        ("--git v1.. p.json", 1, "wider: HEAD:p.json"),
        ("v1:p.json main:p.json", 1, "wider: "),
        ("main:p.json v1:p.json", 0, "narrower: "),
        ("--git main t.yaml", 1, "wider         Reader"),
        ("--git v1..main t.yaml", 1, ", added"),
        ("--git nowhere p.json", 2, "git has no revision `nowhere` here"),
        ("--git main other.json", 2, "other.json is in neither revision"),
        ("main:other.json p.json", 2, "revision main has no file other.json"),
        ("--git main", 2, "name the files to compare"),
        ("--git=--output=x p.json", 2, "git has no revision"),
    ] {
        let (found, stdout, stderr) = compare(at, &arguments.split(' ').collect::<Vec<_>>(), "");
        assert_eq!(found, code, "{arguments}\n{stdout}\n{stderr}");
        assert!(stdout.contains(expected) || stderr.contains(expected), "{arguments}\n{stdout}\n{stderr}");
    }
}
