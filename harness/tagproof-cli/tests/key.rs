//! `tagproof key`, as its users start it. The cards themselves are tested in `report`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

use tempfile::TempDir;

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Launch", "Effect": "Allow", "Action": ["ec2:CreateSnapshot", "ec2:DescribeSnapshots"], "Resource": "*",
     "Condition": {"StringEquals": {"aws:RequestTag/team": "web"}}},
    {"Sid": "Own", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/${aws:PrincipalTag/team}/*"},
    {"Effect": "Deny", "Action": "ec2:CreateSnapshot", "Resource": "arn:aws:ec2:*:*:volume/*",
     "Condition": {"Null": {"aws:RequestTag/team": "true"}}}
  ]
}
"#;
const TEMPLATE: &str = "\
Resources:
  Reader:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              Effect: Allow
              Action: s3:GetObject
              Resource: !Sub 'arn:aws:s3:::${Box}/*'
              Condition: {StringEquals: {s3:ExistingObjectTag/state: ready}}
  Box: {Type: AWS::S3::Bucket}
";
const SCENARIO: &str = "\
options:
  tagged: {condition: {StringEquals: {aws:RequestTag/team: web}}}
requests:
  snap: {action: ec2:CreateSnapshot, resource: '*'}
";
const BROKEN: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
 "Condition": {"StringEqauls": {"aws:RequestTag/team": "web"}}}}"#;

/// Exit code, stdout and stderr in a folder with a policy, a template and a scenario.
fn key(arguments: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir_all(folder.path().join("scenarios/snapshots-by-tag")).unwrap();
    for (name, text) in [
        ("policy.json", POLICY),
        ("template.yaml", TEMPLATE),
        ("broken.json", BROKEN),
        ("notes.yaml", "a: b\n"),
        ("scenarios/snapshots-by-tag/scenario.yaml", SCENARIO),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let program = program.arg("key").args(arguments).env_clear().env("COLUMNS", "80").current_dir(folder.path());
    let output = program.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn shown(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = key(arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
    format!("$ tagproof key {}\n\n{stdout}", arguments.join(" "))
}

#[test]
fn the_card_of_a_key() {
    insta::assert_snapshot!("key_of_tags", shown(&["aws:requesttag/team"]));
    insta::assert_snapshot!("key_in_a_service", shown(&["aws:RequestTag", "--service", "dynamodb"]));
    insta::assert_snapshot!("key_of_every_request", shown(&["aws:MultiFactorAuthPresent"]));
}

#[test]
fn the_card_of_an_action() {
    insta::assert_snapshot!("action", shown(&["ec2:CreateSnapshot"]));
    insta::assert_snapshot!("action_with_everything", shown(&["ecs:RunTask", "--all"]));
}

#[test]
fn where_a_policy_uses_a_key() {
    insta::assert_snapshot!("key_in_a_policy", shown(&["aws:RequestTag", "--policy", "policy.json"]));
    insta::assert_snapshot!("action_in_a_policy", shown(&["s3:GetObject", "--policy", "policy.json"]));
    insta::assert_snapshot!("key_in_a_template", shown(&["s3:ExistingObjectTag", "--template", "template.yaml"]));
    insta::assert_snapshot!("key_in_no_statement", shown(&["aws:SourceIp", "--policy", "policy.json"]));
}

#[test]
fn the_readme_shows_what_is_printed() {
    let (_, stdout, _) = key(&["aws:RequestTag", "--policy", "policy.json"]);
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(&format!("$ tagproof key aws:RequestTag --policy policy.json\n{stdout}```\n")), "{stdout}");
}

#[test]
fn json_is_one_line_for_each_card() {
    let (code, stdout, _) = key(&["rds:CopyOptionGroup", "--json"]);
    let cards: Vec<serde_json::Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, cards.len()), (0, 2), "{stdout}");
    assert_eq!((&cards[0]["action"], &cards[1]["key"]), (&"rds:CopyOptionGroup".into(), &"rds:CopyOptionGroup".into()));
    let (_, stdout, _) = key(&["aws:RequestTag", "--service", "ec2", "--policy", "policy.json", "--json"]);
    let card: serde_json::Value = serde_json::from_str(stdout.trim_end()).unwrap();
    assert_eq!(card["scenarios"], serde_json::json!(["snapshots-by-tag"]));
    let used = &card["used"];
    assert_eq!((&used[0]["place"], &used[0]["statement"]), (&"policy.json:5:37".into(), &"Launch".into()));
    let rows = used[0]["actions"][0]["rows"].as_array().unwrap();
    let carries = |name: &str| rows.iter().find(|row| row["resourceType"] == name).map(|row| row["carries"].clone());
    assert_eq!((carries("snapshot"), carries("volume")), (Some(true.into()), Some(false.into())));
}

#[test]
fn what_cannot_be_answered_is_told() {
    let check = |arguments: &[&str], told: &str| {
        let (code, stdout, stderr) = key(arguments);
        assert!(code == 2 && stdout.is_empty() && stderr.contains(told), "{arguments:?}: {stdout}{stderr}");
    };
    check(&["ec2:RunInstance"], "help: did you mean `ec2:RunInstances`?");
    check(
        &["aws:TagKeys", "--service", "dynamdb"],
        "AWS has no service with the prefix `dynamdb`\nhelp: did you mean `dynamodb`?",
    );
    check(
        &["ec2:RunInstances", "--service", "ec2"],
        "--service is for condition keys, and ec2:RunInstances is an action",
    );
    check(&["aws:TagKeys", "--policy", "polcy.json"], "there is no file `polcy.json`; did you mean `policy.json`?");
    check(&["aws:TagKeys", "--policy", "notes.yaml"], "cannot read notes.yaml: it has nothing of a policy, ");
    check(&["aws:TagKeys", "--policy", "broken.json"], "did you mean `StringEquals`?");
}
