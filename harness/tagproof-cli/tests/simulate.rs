//! `tagproof simulate` as its users start it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const TAGGED: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*",
   "Condition": {"StringEquals": {"aws:RequestTag/Status": "OK"}}}]}"#;
const READ: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
const ANYTHING: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
const DENY: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
const KEYS: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*",
  "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}, "Null": {"aws:TagKeys": "false"}}}]}"#;
const PUBLIC: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
const RCP: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}"#;
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
const WRONG: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Alow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
const DETAILS: &str = r#"{"RoleDetailList": [{"RoleName": "app", "Arn": "arn:aws:iam::111122223333:role/app", "RolePolicyList": [
  {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}}]}]}"#;

const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/app/task-1";
const OBJECT: &str = "arn:aws:s3:::b/k";

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("tagged.json", TAGGED),
        ("read.json", READ),
        ("anything.json", ANYTHING),
        ("deny.json", DENY),
        ("keys.json", KEYS),
        ("public.json", PUBLIC),
        ("rcp.json", RCP),
        ("trust.json", TRUST),
        ("wrong.json", WRONG),
        ("details.json", DETAILS),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    program.arg("simulate").args(arguments).current_dir(folder);
    program
}

/// Exit code, stdout and stderr.
fn simulate(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut program = program(folder, arguments);
    let piped = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // Beside the reading: neither side has to hold everything. A program that has ended reads no more.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// One question about the object, by the role, with a word for the decision.
#[track_caller]
fn check(arguments: &[&str], decision: &str, by: Value) {
    let folder = folder();
    let mut all = vec!["--action", "s3:GetObject", "--resource", OBJECT, "--json"];
    if !arguments.contains(&"--principal") {
        all.extend(["--principal", ROLE]);
    }
    all.extend(arguments);
    let (code, stdout, stderr) = simulate(folder.path(), &all, "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}: {stdout}");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&answer["decision"], &answer["by"]), (&json!(decision), &by), "{arguments:?}: {stdout}");
}

#[test]
fn each_kind_of_policy_comes_from_files() {
    check(&[], "ImplicitlyDenied", json!(["identity"]));
    check(&["--identity", "read.json"], "Allowed", json!(["identity"]));
    check(&["--identity", "read.json", "deny.json"], "ExplicitlyDenied", json!(["identity"]));
    check(&["--identity", "read.json", "--identity", "deny.json"], "ExplicitlyDenied", json!(["identity"]));
    check(&["--resource-policy", "public.json", "--principal", "anonymous"], "Allowed", json!(["resource"]));
    check(&["--identity", "anything.json", "--boundary", "deny.json"], "ExplicitlyDenied", json!(["boundary"]));
    check(&["--identity", "anything.json", "--session", "keys.json"], "ImplicitlyDenied", json!(["session"]));
    let scp = ["--identity", "read.json", "--scp", "anything.json", "--scp", "read.json,keys.json"];
    check(&scp, "Allowed", json!(["identity"]));
    check(&[&scp[..], &["--scp", "keys.json"]].concat(), "ImplicitlyDenied", json!(["scp"]));
    check(&["--identity", "read.json", "--endpoint", "public.json"], "Allowed", json!(["identity"]));
    check(&["--identity", "read.json", "--rcp", "rcp.json"], "Allowed", json!(["identity"]));
    check(&["--account-details", "details.json"], "Allowed", json!(["identity"]));
    let folder = folder();
    let assume = ["--principal", "ecs-tasks.amazonaws.com", "--action", "sts:AssumeRole", "--trust", "trust.json"];
    let role = ["--resource", "arn:aws:iam::111122223333:role/app", "--expect", "Allowed"];
    assert_eq!(simulate(folder.path(), &[&assume[..], &role].concat(), "").0, 0);
}

#[test]
fn context_keys_have_one_value_or_several() {
    let tag = [
        "--principal",
        ROLE,
        "--action",
        "ecs:TagResource",
        "--resource",
        "arn:aws:ecs:us-east-1:111122223333:cluster/c",
    ];
    for (context, code) in [
        (&["--context", "aws:TagKeys=a,b"][..], 0),
        (&["--context", "aws:TagKeys", "a,b"], 0),
        (&["--context", "aws:TagKeys=a", "--context", "aws:TagKeys", "b"], 0),
        (&["--context", "aws:TagKeys=a", "aws:tagkeys=b"], 0),
        (&["--context", "aws:TagKeys=a,c"], 1),
        (&["--context", "aws:TagKeys", ""], 1),
        (&["--context", "aws:TagKeys="], 1),
        (&[], 1),
    ] {
        let folder = folder();
        let all = [&tag[..], &["--identity", "keys.json", "--expect", "Allowed"], context].concat();
        let (found, stdout, stderr) = simulate(folder.path(), &all, "");
        assert_eq!(found, code, "{context:?} {stdout} {stderr}");
    }
}

#[test]
fn the_answer_tells_why_and_what_would_turn_it() {
    let folder = folder();
    let ask = ["--principal", ROLE, "--action", "s3:GetObject", "--resource", OBJECT, "--identity", "tagged.json"];
    let (code, stdout, stderr) = simulate(folder.path(), &ask, "");
    assert_eq!((code, stderr.as_str()), (0, ""));
    let reason = "Reason    no statement allows s3:GetObject: statement `tagged.json/Read` needs StringEquals \
                  aws:RequestTag/Status = OK, but the request has no aws:RequestTag/Status (s3:GetObject never carries it)\n";
    let mend = "\nWhat would change it:\n  - s3:GetObject never carries aws:RequestTag/Status: use aws:PrincipalTag/Status in \
                statement `tagged.json/Read` and tag the role Status=OK, or pass the session tag Status=OK (it can \
                carry aws:ResourceTag/Status, s3:";
    assert!(stdout.starts_with(&format!("implicitly denied\n\n{reason}{mend}")), "{stdout}");
    let pasted = "    in place of statement 1 of identity-based policy tagged.json:\n    {\n        \"Sid\": \"Read\",\n        \
                  \"Effect\": \"Allow\",\n";
    assert!(stdout.contains(pasted), "{stdout}");
    let context = ["--context", "aws:RequestTag/Status", "OK", "--trace"];
    let (code, stdout, _) = simulate(folder.path(), &[&ask[..], &context].concat(), "");
    assert_eq!(code, 0);
    for part in [
        "implicitly denied\n\nNote      aws:RequestTag/Status is left out: no request for s3:GetObject carries it\nReason    ",
        "  principal  arn:aws:sts::111122223333:assumed-role/app/task-1\n",
        "  identity-based policy tagged.json: says nothing\n",
        "      ✗ StringEquals aws:RequestTag/Status  expected OK, request has none  (fails because the key is missing; requests for this \
         action on this resource never carry the key)\n",
    ] {
        assert!(stdout.contains(part), "`{part}` is not in {stdout}");
    }
    let (_, stdout, _) = simulate(folder.path(), &[&ask[..], &["--json", "--trace"]].concat(), "");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert!(answer["mends"][0]["says"].is_string() && answer["reason"].is_string());
    assert_eq!(answer["trace"]["policies"][0]["statements"][0]["conditions"][0]["flags"][1], "NeverCarried");
}

#[test]
fn the_exit_code_tells_whether_it_is_as_expected() {
    let folder = folder();
    let ask = ["--principal", ROLE, "--action", "s3:GetObject", "--resource", OBJECT];
    for (more, code, said) in [
        (&["--expect", "ImplicitlyDenied"][..], 0, ""),
        (&["--expect", "Allowed"], 1, "expected Allowed, got ImplicitlyDenied"),
        (&["--expect", "implicitly denied"], 0, ""),
        (&["--expect", "denied"], 0, ""),
        (&["--expect", "allowed"], 1, "expected Allowed, got ImplicitlyDenied"),
        (&["--identity", "read.json", "--expect", "ALLOWED"], 0, ""),
        (&["--identity", "read.json", "--expect", "Denied"], 1, "expected Denied, got Allowed"),
        (&["--expect", "allow"], 2, "write Allowed, Denied, ImplicitlyDenied or ExplicitlyDenied"),
        (&["--identity", "nowhere.json"], 2, "error: there is no file `nowhere.json`"),
        (
            &["--identity", "wrong.json"],
            2,
            "error[INVALID_EFFECT]: the Effect must be Allow or Deny, not `Alow`\n --> wrong.json:1:",
        ),
        (&["--account-details", "read.json"], 2, "error[NO_ACCOUNT_DETAILS]"),
        (&["--resource-account", "12"], 2, "error: the resource's account `12` is not 12 digits"),
        (&["--trust", "trust.json", "--resource-policy", "public.json"], 2, "cannot be used with"),
        (&["--batch"], 2, "cannot be used with"),
        (&["--allow-unknown"], 2, "--expect"),
        (&["--role", "Reader"], 2, "--template"),
    ] {
        let (found, stdout, stderr) = simulate(folder.path(), &[&ask[..], more].concat(), "");
        assert_eq!(found, code, "{more:?} {stdout} {stderr}");
        assert!(stderr.contains(said) && stderr.is_empty() == said.is_empty(), "{more:?} {stderr}");
        assert_eq!(stdout.is_empty(), code == 2, "{more:?} {stdout}");
    }
    let (code, _, stderr) = simulate(folder.path(), &["--principal", "x", "--action", "y", "--resource", "z"], "");
    assert_eq!((code, stderr.matches("error: ").count()), (2, 3), "everything at once: {stderr}");
}

#[test]
fn a_batch_survives_bad_lines_and_keeps_their_order() {
    let folder = folder();
    let line = |id: usize| {
        format!(
            r#"{{"id":"{id}","principal":"{ROLE}","action":"s3:GetObject","resource":"{OBJECT}","policies":{{"identity":[{READ}]}}}}"#
        )
    };
    let mut lines: Vec<_> = (0..5000).map(line).collect();
    lines[10] = r#"{"id":"10","principal":"#.to_owned();
    lines[20] = line(20).replace("\"action\"", "\"acton\"");
    let (code, stdout, stderr) = simulate(folder.path(), &["--batch"], &lines.join("\n"));
    assert_eq!((code, stderr.as_str()), (2, "2 of 5000 lines could not be answered\n"));
    let answers: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 5000);
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], json!(at.to_string()));
        assert_eq!(answer["decision"].is_string(), ![10, 20].contains(&at), "{answer}");
    }
    assert_eq!(answers[0], json!({"id": "0", "decision": "Allowed", "by": ["identity"], "notes": []}));
    assert_eq!(answers[20]["error"]["message"], "`acton` is not a key of a line");
    assert_eq!(answers[20]["error"]["help"], "did you mean `action`?");
    std::fs::write(folder.path().join("questions.jsonl"), lines.join("\n")).unwrap();
    assert_eq!(simulate(folder.path(), &["--batch", "questions.jsonl"], "").1, stdout);
    assert_eq!(simulate(folder.path(), &["--batch", "-"], &lines.join("\n")).1, stdout);
    let bare = line(1).replace(&format!(r#","policies":{{"identity":[{READ}]}}"#), "");
    let details = ["--batch", "--trace", "--account-details", "details.json"];
    let (code, stdout, _) = simulate(folder.path(), &details, &bare);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &answer["decision"]), (0, &json!("Allowed")));
    assert_eq!(answer["trace"]["policies"][0]["name"], "role/app/p");
}

#[test]
fn whoever_sends_a_line_and_waits_gets_its_answer() {
    let folder = folder();
    let mut child = program(folder.path(), &["--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for id in 0..3 {
        writeln!(stdin, r#"{{"id":{id},"principal":"anonymous","action":"s3:GetObject","resource":"{OBJECT}"}}"#)
            .unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(&format!(r#"{{"id":{id},"decision":"ImplicitlyDenied""#)), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

const RUN: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
  {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
   "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}}]}"#;

/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances-tags: "Users cannot tag
/// existing resources, and users cannot tag volumes using the RunInstances request."
#[test]
fn a_whole_call_is_asked_and_told() {
    let folder = folder();
    std::fs::write(folder.path().join("run.json"), RUN).unwrap();
    let ec2 = "arn:aws:ec2:us-east-1:111122223333";
    let (subnet, group) = (format!("{ec2}:subnet/subnet-1"), format!("{ec2}:security-group/sg-1"));
    let (instance, volume) = (format!("{ec2}:instance/*"), format!("{ec2}:volume/*"));
    let call = [
        "--principal",
        ROLE,
        "--operation",
        "ec2:RunInstances",
        "--identity",
        "run.json",
        "--resource",
        "arn:aws:ec2:us-east-1::image/ami-1",
        "--resource",
        &subnet,
        "--resource",
        &group,
        "--context-of",
        &instance,
        "aws:RequestTag/team",
        "x",
        "--context-of",
        &instance,
        "aws:TagKeys=team",
    ];
    let (code, stdout, stderr) = simulate(folder.path(), &[&call[..], &["--expect", "Allowed"]].concat(), "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    assert!(stdout.contains(&format!("✓ ec2:CreateTags on {instance}  (run.json)\n")), "{stdout}");
    assert!(stdout.contains(&format!("✓ ec2:RunInstances on {volume}  (run.json)\n")), "{stdout}");
    assert!(stdout.contains("Note      if ec2:RunInstances passes a role, give its ARN"), "{stdout}");
    let with_volume = ["--resource", &volume, "--context-of", &volume, "aws:RequestTag/team", "x"];
    let all = [&call[..], &with_volume, &["--context-of", &volume, "aws:TagKeys", "team"]].concat();
    let (code, stdout, _) = simulate(folder.path(), &[&all[..], &["--expect", "Allowed"]].concat(), "");
    assert_eq!(code, 1);
    let refused = format!(
        "implicitly denied\n\n· ec2:CreateTags on {volume}  (no identity-based policy allows it)\n    Reason    "
    );
    assert!(stdout.starts_with(&refused), "{stdout}");
    // What is refused for one reason has it once.
    let read = [&call[..5], &["read.json"], &call[6..12]].concat();
    let (_, stdout, _) = simulate(folder.path(), &read, "");
    assert_eq!(stdout.matches("\n· ec2:RunInstances on ").count(), 6, "{stdout}");
    assert_eq!(stdout.matches("    Reason    ").count(), 1, "{stdout}");
    let (code, stdout, _) = simulate(folder.path(), &[&all[..], &["--json", "--trace"]].concat(), "");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &answer["refusal"]["action"]), (0, &json!("ec2:CreateTags")), "{stdout}");
    assert_eq!(answer["asked"].as_array().map(Vec::len), Some(8), "{stdout}");
    assert!(answer["asked"][0]["trace"].is_object(), "{stdout}");
    // What was asked stands there without a trace as well. A way to turn one of several refusals would not turn the call.
    let (_, stdout, _) = simulate(folder.path(), &[&all[..], &["--json"]].concat(), "");
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let first = json!({"action": "ec2:RunInstances", "resource": "arn:aws:ec2:us-east-1::image/ami-1", "decision": "Allowed", "by": ["identity"]});
    let has = |key: &str| answer["asked"][0].get(key).cloned();
    assert!(first.as_object().unwrap().iter().all(|(key, value)| has(key).as_ref() == Some(value)), "{stdout}");
    assert_eq!((answer["asked"].as_array().map(Vec::len), has("trace")), (Some(8), None), "{stdout}");
    assert_eq!(answer["mends"], json!([]), "{stdout}");
    let (code, stdout, stderr) = simulate(folder.path(), &[&call[..], &["--trace"]].concat(), "");
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("ec2:CreateAction = \"RunInstances\""), "{stdout}");
}

/// What AWS never asks is told, and no statement is offered for it.
#[test]
fn a_question_that_aws_never_asks_has_no_mends() {
    let folder = folder();
    let ask = |action: &str, resource: &str, more: &[&str]| {
        let all = ["--principal", ROLE, "--action", action, "--resource", resource, "--identity", "tagged.json"];
        simulate(folder.path(), &[&all[..], more].concat(), "")
    };
    let meant = "the action `s3:GetObjct` is not in the catalogue of AWS's actions; did you mean `s3:GetObject`?";
    let (code, stdout, stderr) = ask("s3:GetObjct", OBJECT, &["--expect", "ImplicitlyDenied"]);
    let help = "help: with --expect this is an error; if AWS has it, add --allow-unknown";
    assert_eq!((code, stdout.as_str(), stderr), (2, "", format!("error: {meant}\n{help}\n")));
    let (code, stdout, stderr) = ask("s3:GetObjct", OBJECT, &["--expect", "ImplicitlyDenied", "--allow-unknown"]);
    assert!(code == 0 && stderr.is_empty() && stdout.contains(meant), "{stdout} {stderr}");
    for (more, resource, code) in [
        (&["--context", "aws:PrincipalTga/a=b"][..], OBJECT, 2),
        (&["--context", "aws:PrincipalTga/a=b", "--allow-unknown"], OBJECT, 0),
        (&["--context", "aws:PrincipalTag/a=b"], OBJECT, 0),
        (&[], "arn:aws:s3:::reports", 2),
        (&["--allow-unknown"], "arn:aws:s3:::reports", 0),
    ] {
        let (found, stdout, stderr) =
            ask("s3:GetObject", resource, &[more, &["--expect", "ImplicitlyDenied"]].concat());
        assert_eq!(
            (found, stderr.matches("did you mean").count()),
            (code, (code / 2) as usize),
            "{more:?} {stdout} {stderr}"
        );
    }
    let (code, stdout, _) = ask("s3:GetObjct", OBJECT, &[]);
    assert!(code == 0 && stdout.contains(meant) && !stdout.contains("What would change it"), "{stdout}");
    let (code, stdout, _) = ask("s3:GetObject", "arn:aws:s3:::reports", &[]);
    let note = "Note      no request for s3:GetObject is on `arn:aws:s3:::reports`: it is authorised on ";
    assert!(code == 0 && stdout.contains(note) && stdout.contains("arn:${Partition}:s3:::"), "{stdout}");
    assert!(!stdout.contains("What would change it"), "{stdout}");
    // An account of 11 digits, and none.
    for arn in ["arn:aws:sqs:us-east-1:11112222333:q", "arn:aws:sqs:us-east-1::q"] {
        let told = format!("no request for sqs:SendMessage is on `{arn}`: it ");
        let (code, stdout, _) = ask("sqs:SendMessage", arn, &[]);
        let is_told = stdout.contains(&told) && stdout.contains("${Account}:${QueueName}`");
        assert!(code == 0 && is_told && !stdout.contains("What would change it"), "{stdout}");
        let (code, _, stderr) = ask("sqs:SendMessage", arn, &["--expect", "ImplicitlyDenied"]);
        assert!(code == 2 && stderr.contains(&told) && stderr.contains("--allow-unknown"), "{stderr}");
        let (code, ..) = ask("sqs:SendMessage", arn, &["--expect", "ImplicitlyDenied", "--allow-unknown"]);
        assert_eq!(code, 0);
        let call =
            ["--principal", ROLE, "--operation", "sqs:SendMessage", "--resource", arn, "--identity", "tagged.json"];
        let (code, stdout, _) = simulate(folder.path(), &call, "");
        assert!(code == 0 && stdout.contains(&told), "{stdout}");
        let (code, _, stderr) = simulate(folder.path(), &[&call[..], &["--expect", "ImplicitlyDenied"]].concat(), "");
        assert!(code == 2 && stderr.contains(&told), "{stderr}");
    }
    let (_, stdout, _) = ask("s3:GetObject", OBJECT, &[]);
    assert!(!stdout.contains("no request for") && stdout.contains("What would change it"), "{stdout}");
}

/// docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
#[test]
fn a_level_of_denials_alone_allows_nothing() {
    let folder = folder();
    let deny = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}}"#;
    std::fs::write(folder.path().join("no-ec2.json"), deny).unwrap();
    let ask = ["--principal", ROLE, "--action", "s3:GetObject", "--resource", OBJECT, "--identity", "read.json"];
    for (levels, note) in [
        (&["--scp", "no-ec2.json"][..], Some("at the root")),
        (&["--scp", "anything.json", "--scp", "no-ec2.json"], Some("at level 1 below the root")),
        (&["--scp", "no-ec2.json,anything.json"], None),
        (&["--scp", "read.json"], None),
    ] {
        let (_, stdout, _) = simulate(folder.path(), &[&ask[..], levels].concat(), "");
        let told = note
            .map(|place| format!("Note      FullAWSAccess is not listed {place}: if AWS has it there, give it too\n"));
        assert_eq!(stdout.contains("FullAWSAccess is not listed"), note.is_some(), "{levels:?} {stdout}");
        assert!(told.is_none_or(|told| stdout.contains(&told)), "{levels:?} {stdout}");
    }
}

#[test]
fn a_call_that_makes_no_sense_is_refused() {
    let folder = folder();
    let copy = ["--principal", ROLE, "--operation", "s3:CopyObject", "--identity", "anything.json"];
    let (from, to) = (["--resource", "s3:GetObject=arn:aws:s3:::a/k"], ["--resource", "s3:PutObject=arn:aws:s3:::b/k"]);
    for (more, code, expected) in [
        (&[&from[..], &to].concat()[..], 0, ""),
        (&from[..], 2, "s3:CopyObject has no resource for s3:PutObject"),
        (&["--resource", OBJECT], 2, "s3:CopyObject asks s3:PutObject or s3:GetObject on such a resource"),
        (
            &[&from[..], &to, &["--resource-policy", "public.json"]].concat(),
            2,
            "--resource-policy, --trust and --resource-account are about one resource",
        ),
        (
            &[&from[..], &to, &["--context-of", "arn:aws:s3:::c", "aws:TagKeys", "x"]].concat(),
            2,
            "--context-of is about `arn:aws:s3:::c`, which is no --resource; give it as --resource too",
        ),
    ] {
        let (found, stdout, stderr) = simulate(folder.path(), &[&copy[..], more].concat(), "");
        assert_eq!(found, code, "{more:?} {stdout} {stderr}");
        assert!(stderr.contains(expected), "{more:?} {stderr}");
    }
    let two = ["--principal", ROLE, "--action", "s3:GetObject", "--resource", OBJECT, "--resource", OBJECT];
    let (code, _, stderr) = simulate(folder.path(), &two, "");
    assert_eq!(
        (code, stderr.as_str()),
        (2, "error: one action is asked about one resource; --operation takes several\n")
    );
    let both = [&copy[..], &["--action", "s3:GetObject", "--resource", OBJECT]].concat();
    assert_eq!(simulate(folder.path(), &both, "").0, 2);
}
