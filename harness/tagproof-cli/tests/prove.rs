//! `tagproof prove`: the claims of scenarios, and one by flags.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const FILES: [(&str, &str); 6] = [
    (
        "tagged.json",
        r#"{"Version": "2012-10-17", "Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "finance"}}}}"#,
    ),
    (
        "bucket.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1"}}}}"#,
    ),
    (
        "stack.yaml",
        r#"
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: reports}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs, Tags: [{Key: Team, Value: finance}]}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      Tags: [{Key: Team, Value: finance}]
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: "s3:GetObject"
                Resource: "arn:aws:s3:::reports/*"
                Condition: {StringEquals: {"aws:PrincipalTag/Team": finance}}
              - Effect: Allow
                Action: "sqs:ReceiveMessage"
                Resource: "*"
                Condition: {StringEquals: {"aws:ResourceTag/Team": finance}}
  Ann: {Type: AWS::IAM::User, Properties: {UserName: ann}}
  Guarded: {Type: AWS::S3::Bucket, Properties: {BucketName: guarded}}
  GuardedPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Guarded
      PolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: !GetAtt Ann.Arn}, Action: "s3:GetObject", Resource: "arn:aws:s3:::guarded/*"}}
"#,
    ),
    (
        "details.json",
        r#"{"UserDetailList": [{"Arn": "arn:aws:iam::111122223333:user/ann", "UserName": "ann", "UserPolicyList": [],
            "Tags": [{"Key": "Team", "Value": "hr"}], "GroupList": [], "AttachedManagedPolicies": []}],
            "RoleDetailList": [{"Arn": "arn:aws:iam::111122223333:role/reader", "RoleName": "reader", "AttachedManagedPolicies": [],
            "Tags": [], "RolePolicyList": [{"PolicyName": "Read", "PolicyDocument": {"Version": "2012-10-17", "Statement":
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
             "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "finance"}}}}}]}],
            "GroupDetailList": [], "Policies": []}"#,
    ),
    (
        "scenarios/reports/template.yaml",
        r#"
Resources:
  Reports: {Type: AWS::S3::Bucket, Properties: {BucketName: reports}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:user/ann"}, Action: ["sts:AssumeRole", "sts:TagSession"]}}
      Policies:
        - PolicyName: Read
          PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*"}}
"#,
    ),
    (
        "scenarios/reports/scenario.yaml",
        r#"title: Who reads the reports
template: {file: template.yaml}
given: {users: {ann: {}}}
under-test: Reader/Read/1
options:
  as-deployed: {}
  principal-tag: {condition: {StringEquals: {aws:PrincipalTag/Team: finance}}}
callers: {ann: {user: ann}}
requests: {who: {call: sts:GetCallerIdentity}}
expect: {every-option: {allow: all}}
claims:
  untagged-never-read:
    never: {action: s3:GetObject, resource: Reports/*, by: Reader}
    unless: {StringEquals: {aws:PrincipalTag/Team: finance}}
    holds: [principal-tag]
    fails: [as-deployed]
    because: only sessions with the tag may read
    see: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"#,
    ),
];

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The exit code, what is printed, and what is told.
fn tagproof(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let ended = program.args(arguments).current_dir(folder).env("COLUMNS", "1000").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ended.status.code().unwrap(), text(ended.stdout), text(ended.stderr))
}

const OBJECTS: [&str; 4] = ["--action", "s3:GetObject", "--resource", "arn:aws:s3:::reports/*"];
const ROLE: [&str; 4] = ["--principal", "arn:aws:iam::111122223333:role/Reader", "--identity", "tagged.json"];
const UNLESS: [&str; 2] = ["--unless", "aws:PrincipalTag/Team=finance"];

/// Words of a command line, and what it ends with: the exit code and parts of what is printed or told.
#[track_caller]
fn check(parts: &[&[&str]], code: i32, expected: &[&str]) {
    let arguments = [&["prove"][..], &parts.concat()].concat();
    let folder = folder();
    let (ended, printed, told) = tagproof(folder.path(), &arguments);
    let all = format!("{printed}{told}");
    assert_eq!(ended, code, "{arguments:?}: {all}");
    for part in expected {
        assert!(all.contains(part), "{arguments:?} lacks `{part}`: {all}");
    }
}

#[test]
fn a_claim_about_a_role_holds_or_shows_a_request() {
    check(&[&["--never"], &OBJECTS, &UNLESS, &ROLE], 0, &["holds for any request\n"]);
    let found = [
        "fails: this request is allowed\n",
        "Caller    the role arn:aws:iam::111122223333:role/Reader, in a session",
        "With      aws:PrincipalTag/Team = \"finance\"\n",
        "Allowed   by tagged.json, statement 1 (Read)\n",
        "Line      {\"principal\":",
    ];
    check(&[&["--never"], &OBJECTS, &ROLE], 1, &found);
    let when = ["--when", "aws:PrincipalTag/Team=finance"];
    check(&[&["--always"], &OBJECTS, &when, &ROLE], 0, &["holds for any request\n"]);
    check(
        &[&["--always"], &OBJECTS, &ROLE],
        1,
        &["fails: this request is denied\n", "Without   aws:PrincipalTag/Team\n"],
    );
    // docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html: s3:GetObject never carries aws:RequestTag.
    let never_sent = ["--when", "aws:RequestTag/Team=finance"];
    check(
        &[&["--always"], &OBJECTS, &never_sent, &ROLE],
        2,
        &["undecided: no request can be as the claim describes it"],
    );
}

#[test]
fn an_answer_is_json_too() {
    let folder = folder();
    let arguments = [&["prove", "--never", "--json"][..], &OBJECTS, &ROLE].concat();
    let (code, printed, _) = tagproof(folder.path(), &arguments);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((code, &json["result"]), (1, &"fails".into()));
    assert_eq!(json["request"]["context"]["aws:PrincipalTag/Team"], "finance");
    assert_eq!(json["statements"][0]["statementId"], "Read");
}

/// The reader has the tag of its own; a session tag may replace it.
#[test]
fn roles_and_users_are_those_of_a_template() {
    let template = ["--template", "stack.yaml"];
    let objects = ["--action", "s3:GetObject", "--resource", "Bucket/*"];
    check(&[&["--never"], &objects, &UNLESS, &template], 0, &["holds"]);
    check(&[&["--never"], &objects, &template], 1, &["the role arn:aws:iam::123456789012:role/reader"]);
    check(&[&["--never"], &objects, &template, &["--user", "Ann"]], 0, &["holds"]);
    let role = ["--role", "Reader"];
    check(&[&["--always"], &objects, &template, &role], 1, &["aws:PrincipalTag/Team"]);
    check(&[&["--always"], &objects, &template, &role, &["--session-tags", "none"]], 0, &["holds"]);
    check(&[&["--never"], &objects, &template, &role, &["--session-tags", "Team=hr"]], 0, &["holds"]);
    let queue = ["--action", "sqs:ReceiveMessage", "--resource", "Queue"];
    check(&[&["--always"], &queue, &template, &role], 0, &["holds"]);
    check(
        &[&["--never"], &queue, &template, &["--user", "Ann", "--session-tags", "none"]],
        2,
        &["--session-tags are for roles"],
    );
}

/// The policy of a resource must not be overlooked.
#[test]
fn a_pattern_does_not_lead_past_a_policy() {
    let ann = ["--template", "stack.yaml", "--user", "Ann"];
    let objects = |resource: &'static str| ["--action", "s3:GetObject", "--resource", resource];
    check(&[&["--never"], &objects("Guarded/*"), &ann], 1, &["Allowed   by Guarded"]);
    for pattern in ["arn:aws:s3:::*", "arn:aws:s3:::gu*/x", "arn:aws:s3:::*/x"] {
        check(&[&["--never"], &objects(pattern), &ann], 2, &["may cover `Guarded`, which has a policy of its own"]);
    }
    check(&[&["--never"], &objects("arn:aws:s3:::other*/x"), &ann], 0, &["holds"]);
    let assume = ["--action", "sts:*", "--resource", "Reader"];
    check(&[&["--never"], &assume, &ann], 2, &["the role's trust policy counts for some of the actions"]);
}

#[test]
fn account_details_name_everybody_there() {
    let details = ["--account-details", "details.json"];
    check(&[&["--never"], &OBJECTS, &UNLESS, &details], 0, &["holds"]);
    check(&[&["--never"], &OBJECTS, &details], 1, &["the role arn:aws:iam::111122223333:role/reader"]);
    check(&[&["--never"], &OBJECTS, &details, &["--session-tags", "none"]], 2, &["--session-tags are for roles"]);
    let role = ["--principal", "arn:aws:iam::111122223333:role/reader", "--session-tags", "none"];
    check(&[&["--never"], &OBJECTS, &details, &role], 0, &["holds"]);
    check(
        &[&["--never"], &OBJECTS, &details, &["--principal", "arn:aws:iam::111122223333:role/readr"]],
        2,
        &["is not in the account details", "did you mean"],
    );
}

/// "Principal": "*" with a condition on the organisation, as bucket policies have it.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
#[test]
fn without_a_caller_the_policy_of_the_resource_counts_alone() {
    let policy = ["--resource-policy", "bucket.json"];
    let owner = ["--resource-account", "111122223333"];
    let organization = ["--unless", r#"{"StringEquals": {"aws:PrincipalOrgID": "o-a1"}}"#];
    check(&[&["--never"], &OBJECTS, &organization, &policy, &owner], 0, &["holds"]);
    check(&[&["--never"], &OBJECTS, &policy, &owner], 1, &["aws:PrincipalOrgID = \"o-a1\""]);
    check(&[&["--never"], &OBJECTS, &policy], 2, &["give the account with `--resource-account ID`"]);
    check(&[&["--never"], &OBJECTS, &policy, &owner, &["--identity", "tagged.json"]], 2, &["nothing says who asks"]);
}

#[test]
fn what_is_wrong_with_a_claim_is_told() {
    for (arguments, expected) in [
        (&[&["--never"][..], &OBJECTS][..], "nothing says who asks"),
        (&[&["--never"], &["--action", "s3:GetObjekt", "--resource", "*"], &ROLE], "AWS has no action `s3:GetObjekt`"),
        (
            &[&["--never"], &["--action", "s3:GetObject", "--action", "sqs:SendMessage", "--resource", "*"], &ROLE],
            "the actions are of several services",
        ),
        (
            &[&["--never"], &["--action", "s3:ListBucket", "--resource", "arn:aws:s3:::reports/*"], &ROLE],
            "s3:ListBucket",
        ),
        (&[&["--never"], &OBJECTS, &["--unless", "Team=finance"], &ROLE], "--unless: `Team=finance` is not KEY=VALUE"),
        (&[&["--never"], &OBJECTS, &ROLE, &["--session-tags", "none"]], "which tags the role itself has is not known"),
        (&[&OBJECTS, &ROLE], "add `--never` or `--always`"),
        (&[&["--never"], &ROLE], "--action"),
        (&[&["--never", "--always"], &OBJECTS, &ROLE], "--always"),
        (&[&["nowhere"]], "there is no scenario `nowhere`"),
    ] {
        check(arguments, 2, &[expected]);
    }
}

#[test]
fn the_claims_of_scenarios_are_settled_option_by_option() {
    let expected = "\
untagged-never-read: never s3:GetObject on Reports/* by Reader unless {\"StringEquals\":{\"aws:PrincipalTag/Team\":\"finance\"}}
  as-deployed    fails: this request is allowed
";
    check(&[], 0, &[expected, "  principal-tag  holds for any request\n\n2 claims: all as expected\n"]);
    check(&[&["reports", "--quiet"]], 0, &["2 claims: all as expected\n"]);
    let folder = folder();
    let (code, printed, _) = tagproof(folder.path(), &["prove", "--json"]);
    let lines: Vec<serde_json::Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let results: Vec<_> =
        lines.iter().map(|line| (line["option"].as_str().unwrap(), line["result"].as_str().unwrap())).collect();
    assert_eq!((code, results), (0, vec![("as-deployed", "fails"), ("principal-tag", "holds")]));
}

/// A claim that no longer holds is told with the request, also by `run` and `predict`.
#[test]
fn a_claim_that_is_not_as_expected_is_told() {
    let folder = folder();
    let file = folder.path().join("scenarios/reports/scenario.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace(
            "{StringEquals: {aws:PrincipalTag/Team: finance}}}\ncallers",
            "{StringLike: {aws:PrincipalTag/Team: fin*}}}\ncallers",
        ),
    )
    .unwrap();
    for command in [&["prove", "-q"][..], &["predict", "-q"], &["run", "-q"]] {
        let (code, printed, told) = tagproof(folder.path(), command);
        assert_eq!(code, 1, "{command:?}: {printed}{told}");
        for part in [
            "reports: 1 of 2 claims is not as expected",
            "Expected  holds: only sessions with the tag may read",
            "scenarios/reports/scenario.yaml:15:13",
            "With      aws:PrincipalTag/Team = \"fin\"",
            "aws:PrincipalTag/Team is a session tag: the trust policy of reader allows sts:TagSession to arn:aws:iam::123456789012:user/ann",
            "Line      {",
            "Paste     {\"callers\":",
        ] {
            assert!(printed.contains(part), "{command:?} lacks `{part}`: {printed}{told}");
        }
    }
}

#[test]
fn a_folder_without_claims_is_told_where_they_stand() {
    let folder = folder();
    let file = folder.path().join("scenarios/reports/scenario.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.split("claims:").next().unwrap()).unwrap();
    let (code, _, told) = tagproof(folder.path(), &["prove"]);
    assert_eq!(code, 2);
    assert!(told.contains("there are no claims") && told.contains("`claims` in scenario.yaml"), "{told}");
}

#[test]
fn claims_in_lines_are_settled_in_order() {
    let line = |id: u8, team: &str| {
        let policy = FILES[0].1.replace('\n', " ");
        format!(
            r#"{{"id":{id},"claim":"never","action":"s3:GetObject","resource":"arn:aws:s3:::reports/*","principal":"arn:aws:iam::111122223333:role/Reader","unless":{{"StringEquals":{{"aws:PrincipalTag/Team":"{team}"}}}},"policies":{{"identity":[{policy}]}}}}"#
        ) + "\n"
    };
    let holds = line(1, "finance");
    let fails = format!("{holds}\n{}", line(2, "hr"));
    let bad = format!("{fails}{{\"id\":3}}\n");
    let folder = folder();
    for (input, code, results) in
        [(&holds, 0, &["holds"][..]), (&fails, 1, &["holds", "fails"]), (&bad, 2, &["holds", "fails", ""])]
    {
        std::fs::write(folder.path().join("claims.jsonl"), input).unwrap();
        let (found, printed, told) = tagproof(folder.path(), &["prove", "--batch", "claims.jsonl"]);
        let answers: Vec<serde_json::Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found_results: Vec<_> = answers.iter().map(|one| one["result"].as_str().unwrap_or_default()).collect();
        assert_eq!((found, found_results.as_slice()), (code, results), "{printed}{told}");
        assert_eq!(told.contains("1 of 3 lines could not be answered"), code == 2, "{told}");
    }
    let (code, _, told) = tagproof(folder.path(), &["prove", "--batch", "claims.jsonl", "--identity", "tagged.json"]);
    assert!(code == 2 && told.contains("cannot be used with"), "{told}");
}
