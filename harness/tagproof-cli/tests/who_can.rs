//! `tagproof who-can` and `what-can` as their users start them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const STACK: &str = r#"
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      Tags: [{Key: Team, Value: finance}]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
      - PolicyName: Read
        PolicyDocument:
          Version: 2012-10-17
          Statement:
          - Sid: Own
            Effect: Allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::reports/*
            Condition: {StringEquals: {aws:PrincipalTag/Team: finance}}
          - {Effect: Deny, Action: 's3:*', Resource: '*', Condition: {Bool: {aws:SecureTransport: false}}}
  Reports:
    Type: AWS::S3::Bucket
    Properties: {BucketName: reports}
"#;
const DETAILS: &str = r#"{"RoleDetailList": [{"RoleName": "app", "Arn": "arn:aws:iam::111122223333:role/app",
  "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/gone"}],
  "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}}]}"#;
const ROLE: &str = r#"{"arn": "arn:aws:iam::111122223333:role/app"}"#;
const READ: &str = r#"["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]"#;

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("stack.yaml", STACK),
        ("details.json", DETAILS),
        ("iam-data/aws/aws/accounts/111122223333/iam/role/app/metadata.json", ROLE),
        ("iam-data/aws/aws/accounts/111122223333/iam/role/app/managed-policies.json", READ),
        ("empty/other.json", "{}"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// Exit code, stdout and stderr.
fn tagproof(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let program = program.args(arguments).current_dir(folder);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn check(arguments: &[&str], code: i32, parts: &[&str]) {
    let folder = folder();
    let (found, out, told) = tagproof(folder.path(), arguments, "");
    assert_eq!(found, code, "{out}{told}");
    for part in parts {
        assert!(out.contains(part) || told.contains(part), "no `{part}` in {out}{told}");
    }
}

#[test]
fn who_can_is_told_with_conditions_and_statements() {
    check(
        &["who-can", "s3:GetObject", "Reports/q3", "--template", "stack.yaml"],
        0,
        &[
            "Reader (arn:aws:iam::123456789012:role/reader)\n",
            "Unless    Bool aws:SecureTransport: false (denied by Reader/Read, statement 2)\n",
            "By        Reader/Read, statement 1 (Own)\n",
            "the root user of account 123456789012\nAlways\n",
            "2 can, 1 of them only under conditions; 0 cannot\n",
        ],
    );
}

#[test]
fn answers_are_lines_of_json_with_a_request() {
    let folder = folder();
    let arguments = ["who-can", "s3:GetObject", "arn:aws:s3:::reports/q3", "--template", "stack.yaml", "--json"];
    let (code, out, _) = tagproof(folder.path(), &arguments, "");
    assert_eq!(code, 0);
    let first: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(first["who"]["name"], "Reader");
    assert_eq!(first["access"], "Sometimes");
    let way = &first["ways"][0];
    assert_eq!(way["by"][0]["statementId"], "Own");
    assert_eq!(way["request"]["context"]["aws:PrincipalTag/Team"], "finance");
    assert_eq!(out.lines().count(), 2);
}

#[test]
fn what_is_attached_and_not_read_leaves_it_undecided() {
    let arguments = ["who-can", "s3:GetObject", "arn:aws:s3:::b/k", "--account-details", "details.json"];
    check(
        &arguments,
        2,
        &["Undecided the policy `arn:aws:iam::111122223333:policy/gone` is attached, and is not in what was read\n"],
    );
}

#[test]
fn what_is_not_there_is_an_error_with_a_suggestion() {
    for (arguments, parts) in [
        (
            vec!["who-can", "s3:GetObjct", "Reports/q3", "--template", "stack.yaml"],
            vec!["did you mean `s3:GetObject`?"],
        ),
        (vec!["who-can", "s3:GetObject", "Report", "--template", "stack.yaml"], vec!["neither an ARN nor the name"]),
        (
            vec!["what-can", "Readr", "--template", "stack.yaml"],
            vec!["no user or role `Readr`", "did you mean `Reader`?"],
        ),
        (vec!["who-can", "s3:GetObject", "x", "--template", "gone.yaml"], vec!["gone.yaml"]),
        (
            vec!["who-can", "s3:GetObject", "arn:aws:s3:::b/k", "--iam-collect", "empty"],
            vec!["no folder of iam-collect"],
        ),
        (vec!["who-can", "s3:GetObject", "arn:aws:s3:::b/k"], vec!["--template"]),
    ] {
        check(&arguments, 2, &parts);
    }
}

#[test]
fn what_can_goes_statement_by_statement() {
    check(
        &["what-can", "Reader", "--template", "stack.yaml"],
        0,
        &[
            "Reader/Read, statement 1 (Own)\nActions   s3:GetObject\nOn        arn:aws:s3:::reports/*\nAllowed   some of it",
        ],
    );
    check(
        &["what-can", "arn:aws:iam::111122223333:role/app", "--iam-collect", "iam-data", "--json"],
        0,
        &[r#""allowed":"All""#, r#""policy":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess""#],
    );
}

#[test]
fn each_line_has_one_answer_in_order() {
    let folder = folder();
    let lines = concat!(
        r#"{"id": 1, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "principal": "arn:aws:iam::111122223333:role/app"}"#,
        "\n\n",
        r#"{"id": 2, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "principle": "x"}"#,
        "\nnot json\n",
        r#"{"id": "three", "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}"#,
    );
    let arguments = ["who-can", "--batch", "--iam-collect", "iam-data"];
    let (code, out, told) = tagproof(folder.path(), &arguments, lines);
    assert_eq!(code, 2, "{told}");
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 4, "{out}");
    assert_eq!((&answers[0]["id"], &answers[0]["answers"][0]["access"]), (&1.into(), &"Always".into()));
    assert_eq!(answers[1]["error"]["help"], "did you mean `principal`?");
    assert_eq!(answers[2]["error"]["line"], 4);
    assert_eq!((&answers[3]["id"], &answers[3]["answers"][0]["access"]), (&"three".into(), &"Never".into()));
    assert!(told.contains("2 of 4 lines could not be answered"), "{told}");
}
