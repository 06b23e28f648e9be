//! What a newcomer types first for `tagproof simulate`, and what a template answers: each ends with the right next step.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const READ: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
  "Action": "sts:AssumeRole"}}"#;
const TEMPLATE: &str = r#"
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: reports}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Deny, Principal: "*", Action: "s3:*", Resource: !Sub "${Bucket.Arn}/secret/*"}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: jobs, Tags: [{Key: Team, Value: finance}]}
  Fence:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Action: ["s3:*", "sqs:ReceiveMessage"], Resource: "*"}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      Path: /team/
      PermissionsBoundary: !Ref Fence
      Tags: [{Key: Team, Value: finance}, {Key: Stage, Value: !Ref Stage}]
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: {AWS: !GetAtt Ann.Arn}
          Action: sts:AssumeRole
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Bucket.Arn}/*"}
              - Effect: Allow
                Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
                Resource: !GetAtt Queue.Arn
                Condition: {StringEquals: {"aws:ResourceTag/Team": "${aws:PrincipalTag/Team}"}}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns: ["arn:aws:iam::111122223333:policy/elsewhere"]
  Ann:
    Type: AWS::IAM::User
    Properties: {UserName: ann, ManagedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"]}
"#;

const ASK: &[&str] = &[
    "--principal",
    "arn:aws:iam::111122223333:role/app",
    "--action",
    "s3:GetObject",
    "--resource",
    "arn:aws:s3:::reports/k",
];

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let around = |before: &str, document: &str, after: &str| format!("{before}{document}{after}");
    let encoded = READ.replace('"', "%22").replace(' ', "%20").replace('{', "%7B").replace('}', "%7D");
    for (name, text) in [
        ("read.json", READ.to_owned()),
        ("trust.json", TRUST.to_owned()),
        ("trust-resource.json", TRUST.replace(r#""Effect""#, r#""Resource": "*", "Effect""#)),
        ("typo.json", READ.replace("GetObject", "GetObjct")),
        (
            "operator.json",
            READ.replace(r#""Resource""#, r#""Condition": {"StringEqual": {"aws:TagKeys": "a"}}, "Resource""#),
        ),
        ("early.json", READ.replace(r#""2012-10-17","#, r#""2012-10-17"},"#)),
        ("comma.json", READ.replace("Allow", "Alow").replace(r#""*""#, r#""*","#)),
        ("version.json", around(r#"{"PolicyVersion": {"Document": "#, READ, r#", "VersionId": "v1"}}"#)),
        (
            "role-policy.json",
            around(r#"{"RoleName": "app", "PolicyName": "p", "PolicyDocument": ""#, &encoded, r#""}"#),
        ),
        ("two.json", around(r#"{"Policies": ["#, &format!("{READ}, {READ}"), "]}")),
        ("role.json", around(r#"{"Role": {"AssumeRolePolicyDocument": "#, TRUST, "}}")),
        (
            "policy.json",
            r#"{"Policy": {"Arn": "arn:aws:iam::111122223333:policy/p", "DefaultVersionId": "v3"}}"#.to_owned(),
        ),
        ("details.json", r#"{"RoleDetailList": []}"#.to_owned()),
        ("template.yaml", TEMPLATE.to_owned()),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Exit code, and both streams as a terminal shows them.
fn simulate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_tagproof")).arg("simulate").args(arguments).current_dir(folder).output();
    let output = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
}

/// A command, its exit code, and what it says among the rest, in one screen.
#[track_caller]
fn check(folder: &Path, arguments: &[&str], code: i32, said: &[&str]) {
    let (found, text) = simulate(folder, arguments);
    assert_eq!(found, code, "{arguments:?}: {text}");
    for part in said {
        assert!(text.contains(part), "{arguments:?}: `{part}` is not in\n{text}");
    }
    assert!(text.lines().count() <= 24, "{arguments:?} needs more than one screen:\n{text}");
}

#[test]
fn the_first_wrong_commands_end_with_the_next_step() {
    let folder = folder();
    let example = "help: ask as in\n  tagproof simulate --action s3:GetObject \\\n    --principal arn:";
    let bare: &[(&[&str], &[&str])] = &[
        (&[], &["error: --principal, --action and --resource are missing\n", example]),
        (
            &["--template", "template.yaml", "--action", "sqs:SendMessage", "--resource", "Queue"],
            &["error: nothing says who asks\nhelp: --role or --user names the caller, which the template makes\n"],
        ),
        (&["read.json"], &["help: give a policy as `--identity read.json`", example]),
        (&ASK[..4], &["error: --resource is missing\n", example]),
        (
            &["--principal", "ann", "--action", "GetObject", "--resource", "reports"],
            &[
                "`ann` is not a valid principal",
                "write the service before it: ",
                "`s3:GetObject`",
                "`arn:aws:s3:::bucket/key`",
            ],
        ),
        (&["--batch", "nowhere.jsonl"], &["error: there is no file `nowhere.jsonl`\n"]),
    ];
    for (arguments, said) in bare {
        check(folder.path(), arguments, 2, said);
    }
    let rows: &[(&[&str], i32, &[&str])] = &[
        (&["--policy", "read.json"], 0, &["allowed\n"]),
        (&["--identity", "nowhere.json"], 2, &["error: there is no file `nowhere.json`\n"]),
        (&["--identity", "trust.json"], 2, &["cannot have Principal", "give it as `--trust trust.json`"]),
        (
            &["--identity", "template.yaml"],
            2,
            &["ask as one of its roles (Reader, Other): `--template template.yaml --role Reader`"],
        ),
        (&["--identity", "version.json"], 0, &["allowed\n"]),
        (&["--identity", "role-policy.json"], 0, &["allowed\n"]),
        (&["--identity", "two.json"], 2, &["`two.json` has several policies", "a file of its own"]),
        (&["--identity", "role.json"], 2, &["give it as `--trust role.json`"]),
        (&["--identity", "policy.json"], 2, &["`aws iam get-policy-version --policy-arn ARN --version-id VERSION`"]),
        (&["--identity", "details.json"], 2, &["give it as `--account-details details.json`"]),
        (&["--identity", "typo.json"], 0, &["Note      typo.json:1:70: ", "did you mean `s3:GetObject`?"]),
        (&["--identity", "operator.json"], 2, &["did you mean `StringEquals`?\n"]),
        (&["--context", "aws:PrincipalTag/Team", "finance", "--policy", "read.json"], 0, &["allowed\n"]),
        (&["--context", "Team=finance"], 2, &["`aws:PrincipalTag/Team`", "`aws:ResourceTag/Team`"]),
        (&["--context", "aws:PrincipalTag/Team"], 2, &["write `--context KEY=VALUE`"]),
        (&["--context", "aws:PrincipalTag/Team=big", "team"], 2, &["in quotes if there are spaces in it"]),
        (
            &["--context", "aws:PrincipalTag/Team=a", "--context", "aws:principaltag/team=b"],
            2,
            &["is given `a` (1st --context) and `b` (2nd --context)\nhelp: give it once\n"],
        ),
        (&["--expect", "allow"], 2, &["write Allowed, Denied, ImplicitlyDenied or ExplicitlyDenied"]),
    ];
    for (more, code, said) in rows {
        check(folder.path(), &[ASK, more].concat(), *code, said);
    }
    let whole = ["--principal", "arn:aws:iam::111122223333:user/ann", "--policy", "read.json"];
    let getobject = ["--action", "s3:getobject", "--resource", "arn:aws:s3:::reports"];
    check(folder.path(), &[&whole[..], &getobject].concat(), 0, &["did you mean `arn:aws:s3:::reports/KEY`?"]);
    let list = ["--action", "s3:ListBucket", "--resource", "arn:aws:s3:::reports/k"];
    check(folder.path(), &[&whole[..], &list].concat(), 0, &["did you mean `arn:aws:s3:::reports`?"]);
}

#[test]
fn broken_json_is_told_before_what_follows_from_it() {
    let folder = folder();
    let (code, text) = simulate(folder.path(), &[ASK, &["--identity", "early.json"]].concat());
    assert_eq!((code, text.matches("error[").count()), (2, 1), "{text}");
    assert!(text.contains("text after the end of the JSON value") && text.contains("closed too early"), "{text}");
    let (_, text) = simulate(folder.path(), &[ASK, &["--identity", "comma.json"]].concat());
    let at = |part: &str| text.find(part).unwrap();
    assert!(at("trailing comma") < at("must be Allow or Deny"), "{text}");
}

#[test]
fn a_trust_policy_with_a_resource_names_the_page_of_trust_policies() {
    let folder = folder();
    let ask = ["--principal", "ec2.amazonaws.com", "--action", "sts:AssumeRole", "--resource"];
    let role = ["arn:aws:iam::111122223333:role/app", "--trust"];
    let said = ["leave it out: a trust policy is about the role", "UserGuide/id_roles_update-role-trust-policy.html"];
    check(folder.path(), &[&ask[..], &role, &["trust-resource.json"]].concat(), 2, &said);
    check(folder.path(), &[&ask[..], &role, &["role.json"]].concat(), 0, &["allowed\n"]);
}

#[test]
fn a_template_gives_policies_tags_and_arns() {
    let folder = folder();
    let stack = ["--template", "template.yaml", "--parameter", "Stage=dev"];
    let reader = ["--role", "Reader"];
    let arn = "arn:aws:sqs:us-east-1:123456789012:jobs";
    let secret = "arn:aws:s3:::reports/secret/k";
    let session = |name: &'static str| {
        ["--role", "reader", "--principal", name, "--action", "s3:GetObject", "--resource", "Bucket/k"]
    };
    let rows: &[(&[&str], i32, &[&str])] = &[
        (&["--action", "s3:GetObject", "--resource", "Bucket/k", "--expect", "allowed"], 0, &[]),
        (
            &["--action", "s3:GetObject", "--resource", secret],
            0,
            &["explicitly denied", "resource-based policy `Bucket`"],
        ),
        // By the tags of the queue and of the role.
        (&["--action", "sqs:ReceiveMessage", "--resource", "Queue", "--expect", "allowed"], 0, &[]),
        (&["--action", "sqs:ReceiveMessage", "--resource", arn, "--expect", "allowed"], 0, &[]),
        (
            &[
                "--action",
                "sqs:ReceiveMessage",
                "--resource",
                arn,
                "--context",
                "aws:ResourceTag/Team=it",
                "--expect",
                "denied",
            ],
            0,
            &[],
        ),
        // By the boundary.
        (&["--action", "sqs:DeleteMessage", "--resource", "Queue"], 0, &["implicitly denied", "boundary"]),
        (&["--action", "sqs:ReceiveMessage", "--resource", "Quue"], 2, &["did you mean `Queue`?"]),
        (&["--operation", "s3:GetObject", "--resource", "Bucket/k", "--expect", "allowed"], 0, &[]),
    ];
    for (more, code, said) in rows {
        check(folder.path(), &[&stack[..], &reader, more].concat(), *code, said);
    }
    let others: &[(&[&str], i32, &[&str])] = &[
        (&session("arn:aws:sts::111122223333:assumed-role/reader/x"), 0, &["allowed\n"]),
        (&session("arn:aws:sts::111122223333:assumed-role/other/x"), 2, &["is not a session of the role"]),
        (&["--role", "Raeder", "--action", "s3:GetObject", "--resource", "*"], 2, &["did you mean `Reader`?"]),
        (&["--role", "Ann", "--action", "s3:GetObject", "--resource", "*"], 2, &["give it as `--user Ann`"]),
        (
            &["--role", "Other", "--action", "s3:GetObject", "--resource", "*"],
            2,
            &[
                "does not have the policy `arn:aws:iam::111122223333:policy/elsewhere`",
                "give its document as `--identity FILE`",
            ],
        ),
        (
            &["--role", "Other", "--policy", "read.json", "--action", "s3:GetObject", "--resource", "Bucket/k"],
            0,
            &["allowed\n", "one --identity should hold it"],
        ),
        // The role's trust policy names her: within one account that is enough.
        (&["--user", "Ann", "--action", "sts:AssumeRole", "--resource", "Reader", "--expect", "allowed"], 0, &[]),
        (&["--user", "ann", "--action", "sqs:ListQueues", "--resource", "*", "--expect", "allowed"], 0, &[]),
    ];
    for (more, code, said) in others {
        check(folder.path(), &[&stack[..], more].concat(), *code, said);
    }
    // What is wrong with a name is told with its place in the template, and after what was asked about.
    std::fs::write(folder.path().join("typo.yaml"), TEMPLATE.replace("sqs:DeleteMessage", "sqs:DeletMessage")).unwrap();
    let ask = ["--template", "typo.yaml", "--parameter", "Stage=dev", "--role", "Reader"];
    let ask = [&ask[..], &["--action", "s3:GetObject", "--resource", "Bucket/k"]].concat();
    let output =
        Command::new(env!("CARGO_BIN_EXE_tagproof")).arg("simulate").args(&ask).current_dir(folder.path()).output();
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    let (before, note) = said.split_once("Note      typo.yaml:").unwrap_or_else(|| panic!("{said}"));
    assert!(before.contains("Reason ") && note.contains("sqs:DeletMessage"), "{said}");
    let ask = ["--template", "template.yaml", "--role", "Reader", "--action", "s3:GetObject", "--resource", "Bucket/k"];
    check(folder.path(), &ask, 2, &["help: give it as `--parameter Stage=VALUE`"]);
    for (parameter, said) in [("Stage=x", "is none of the allowed values"), ("Stge=dev", "did you mean `Stage`?")] {
        check(folder.path(), &[&ask[..], &["--parameter", parameter]].concat(), 2, &[said]);
    }
}

/// Names that a role and a bucket share, and policies of what the template does not make.
const SHARED: &str = r#"
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deployer
      Path: /team/
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: All
          PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: ["iam:*", "s3:*", "dynamodb:*", "ecs:*", "sqs:*"], Resource: "*"}}
  TaskRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: data-app
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: data-app}}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Deny, Principal: "*", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::data-app/*"}
          - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: "s3:*Object", Resource: "arn:aws:s3:::data-app/*"}
  ElsewherePolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: elsewhere
      PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Deny, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::elsewhere/*"}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: t
      ResourcePolicy:
        PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Deny, Principal: "*", Action: "dynamodb:*", Resource: "*"}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: own}}
  Bob: {Type: AWS::IAM::User, Properties: {UserName: bob, Groups: [operators]}}
"#;

/// A policy that names nothing that is known.
const LOST: &str = r#"  LostPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [lost]
      PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*"}}
"#;

#[test]
fn policies_of_a_template_count_where_aws_puts_them() {
    let folder = folder();
    std::fs::write(folder.path().join("shared.yaml"), SHARED).unwrap();
    let deployer = ["--template", "shared.yaml", "--role", "Deployer"];
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/t";
    let stream = format!("{table}/stream/2024-02-12T18:57:26.492");
    let index = format!("{table}/index/by-name");
    for (action, resource, code, said) in [
        // A trust policy is about who may assume the role, and nothing else.
        ("iam:PassRole", "TaskRole", 0, "allowed\n"),
        ("iam:TagRole", "TaskRole", 0, "allowed\n"),
        ("iam:GetRole", "TaskRole", 0, "allowed\n"),
        ("sts:AssumeRole", "TaskRole", 0, "implicitly denied"),
        ("s3:DeleteObject", "Bucket/k", 0, "explicitly denied"),
        ("s3:GetObject", "arn:aws:s3:::elsewhere/k", 0, "explicitly denied"),
        ("dynamodb:Query", "Table", 0, "explicitly denied"),
        ("dynamodb:Query", &index, 0, "explicitly denied"),
        ("dynamodb:GetRecords", &stream, 0, "allowed\n"),
        ("sqs:SendMessage", "Queue", 0, "allowed\n"),
    ] {
        check(folder.path(), &[&deployer[..], &["--action", action, "--resource", resource]].concat(), code, &[said]);
    }
    std::fs::write(folder.path().join("lost.yaml"), format!("{SHARED}{LOST}")).unwrap();
    for (resource, code) in [("Queue", 0), ("arn:aws:sqs:us-east-1:123456789012:lost", 2)] {
        let ask =
            ["--template", "lost.yaml", "--role", "Deployer", "--action", "sqs:SendMessage", "--resource", resource];
        check(folder.path(), &ask, code, &["no resource of the template is `lost`: its policy counts nowhere"]);
    }
    let run = ["--operation", "ecs:RunTask", "--resource", "TaskRole", "--expect", "allowed"];
    let definition = ["--resource", "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1"];
    check(folder.path(), &[&deployer[..], &run, &definition].concat(), 0, &[]);
    let get = ["--action", "s3:GetObject", "--resource", "Bucket/k"];
    let put = ["--action", "s3:PutObject", "--resource", "Bucket/k"];
    let pass = ["--action", "iam:PassRole", "--resource", "TaskRole"];
    let session = "arn:aws:sts::123456789012:assumed-role/deployer/x";
    let by = |principal: &'static str| ["--template", "shared.yaml", "--principal", principal];
    let other_path = ["--context", "aws:PrincipalArn=arn:aws:iam::123456789012:role/deployer"];
    let rows: &[(Vec<&str>, i32, &[&str])] = &[
        // The bucket's policy allows its own account, which is not the principal's.
        (
            [
                &by("arn:aws:iam::999988887777:role/mallory")[..],
                &["--identity", "read.json", "--json", "--expect", "implicitly denied"],
                &get,
            ]
            .concat(),
            0,
            &["is taken to be in the account 123456789012"],
        ),
        // Who is of the template asks with the policies that they have there.
        ([&by(session)[..], &put].concat(), 0, &["allowed\n"]),
        ([&by("arn:aws:iam::123456789012:role/team/deployer")[..], &pass].concat(), 0, &["allowed\n"]),
        (
            [&["--template", "shared.yaml", "--user", "Bob"][..], &put].concat(),
            2,
            &["does not make the group `operators`", "--identity FILE"],
        ),
        (
            [&deployer[..], &["--principal", session], &put, &other_path].concat(),
            2,
            &["is not the ARN `arn:aws:iam::123456789012:role/team/deployer`"],
        ),
    ];
    for (arguments, code, said) in rows {
        check(folder.path(), arguments, *code, said);
    }
}

/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html: `:*` behind the ARN of a log group in most
/// policies; a policy of a type that is not modelled is told.
#[test]
fn a_log_group_of_a_template_is_asked_about_as_aws_does() {
    let folder = folder();
    let template = "\
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: g}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
        - PolicyName: Read
          PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 'logs:*', Resource: !GetAtt Group.Arn}]}
  Vended:
    Type: AWS::Logs::ResourcePolicy
    Properties: {PolicyName: p, PolicyDocument: '{\"Statement\": [{\"Effect\": \"Allow\"}]}'}
";
    std::fs::write(folder.path().join("logs.yaml"), template).unwrap();
    for (action, resource, decision) in [
        ("logs:FilterLogEvents", "Group", "allowed"),
        ("logs:FilterLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:g", "allowed"),
        ("logs:TagResource", "Group", "implicitly denied"),
    ] {
        let ask = ["--template", "logs.yaml", "--role", "Reader", "--action", action, "--resource", resource];
        let told = ["not applied: AWS::Logs::ResourcePolicy", "logs.yaml:11:", "the policy in its `PolicyDocument`"];
        check(folder.path(), &[&ask[..], &["--json", "--expect", decision]].concat(), 0, &told);
    }
}

/// As `check` and `who-can` take one: with the stack's account, with what it imports, and with places in its template.
#[test]
fn a_stack_of_the_cdk_s_is_asked_about() {
    let folder = TempDir::new().unwrap();
    let cdk = folder.path().join("cdk.out");
    std::fs::create_dir(&cdk).unwrap();
    let artifact = |name: &str, rest: &str| {
        format!(
            r#""{name}": {{"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {{"templateFile": "{name}.template.json"}}{rest}}}"#
        )
    };
    let data = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}},
 "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}, "Export": {"Name": "QueueArn"}}}}"#;
    let web = r#"{"Resources": {"Ann": {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", "Policies": [{"PolicyName": "Send",
 "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::ImportValue": "QueueArn"}}]}}]}}}}"#;
    let files = [
        (
            "manifest.json",
            format!(
                r#"{{"artifacts": {{{}, {}}}}}"#,
                artifact("Data", ""),
                artifact("Web", r#", "dependencies": ["Data"]"#)
            ),
        ),
        ("Data.template.json", data.to_owned()),
        ("Web.template.json", web.to_owned()),
        ("Broken.template.json", web.replace("QueueArn", "Nowhere")),
    ];
    for (name, text) in files {
        std::fs::write(cdk.join(name), text).unwrap();
    }
    let ask = |resource: &'static str, rest: &[&'static str]| {
        let question =
            ["--template", "cdk.out", "--user", "Ann", "--action", "sqs:SendMessage", "--resource", resource];
        [&question[..], rest].concat()
    };
    let jobs = "arn:aws:sqs:eu-west-1:111122223333:jobs";
    let several = "error: cdk.out: there are several stacks: `Data`, `Web`\nhelp: name one with `--stack Data`";
    check(folder.path(), &ask(jobs, &[]), 2, &[several]);
    check(folder.path(), &ask(jobs, &["--stack", "Web"]), 0, &["allowed\n"]);
    let elsewhere = "arn:aws:sqs:eu-west-1:111122223333:mail";
    check(folder.path(), &ask(elsewhere, &["--stack", "Web", "--expect", "Denied"]), 0, &["implicitly denied"]);
    check(folder.path(), &ask(jobs, &["--stack", "Wep"]), 2, &["there is no stack `Wep`", "did you mean `Web`?"]);
    let alone = ["--template", "cdk.out/Broken.template.json", "--user", "Ann", "--action", "sqs:SendMessage"];
    check(folder.path(), &[&alone[..], &["--resource", jobs]].concat(), 2, &["Broken.template.json:2:", "Nowhere"]);
}
