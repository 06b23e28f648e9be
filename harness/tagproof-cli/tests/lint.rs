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
/// One finding that `--fix` mends, and one that it does not.
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
              - s3:GetObjekt
            Resource: '*'
";

/// A folder with files; a file whose name ends in a slash is a folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        match name.ends_with('/') {
            true => std::fs::create_dir_all(path).unwrap(),
            false => {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
    }
    folder
}

/// Exit code, stdout and stderr.
fn lint(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let program = program.arg("lint").args(arguments).current_dir(folder);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Runs with files and arguments, divided by spaces. The exit code and stderr are as expected, and stdout has each text;
/// without texts it is empty.
#[track_caller]
fn check(files: &[(&str, &str)], arguments: &str, code: i32, stdout: &[&str], stderr: &str) {
    let folder = folder(files);
    let found = lint(folder.path(), &arguments.split_whitespace().collect::<Vec<_>>(), files[0].1);
    assert_eq!((found.0, found.2.as_str()), (code, stderr), "{arguments}\n{}", found.1);
    for text in stdout {
        assert!(found.1.contains(text), "{arguments}: {text} is not in\n{}", found.1);
    }
    assert_eq!(found.1.is_empty(), stdout.is_empty(), "{arguments}\n{}", found.1);
}

const FILES: &[(&str, &str)] = &[
    ("fine.json", FINE),
    ("wrong.json", WRONG),
    ("suggesting.json", SUGGESTING),
    ("template.yaml", TEMPLATE),
    ("scenarios/x/scenario.yaml", "title: t\n"),
    ("empty/", ""),
    ("blank.json", " \n"),
    ("policy.txt", WRONG),
    ("notes.txt", "Remember the milk.\n"),
];

#[test]
fn the_exit_code_tells_whether_something_is_wrong() {
    let wrong = "1 file, 1 statement: 1 error\n";
    check(FILES, "fine.json", 0, &[], "1 file, 1 statement: no findings\n");
    check(FILES, "suggesting.json", 0, &["suggestion[EMPTY_SID_VALUE]"], "1 file, 1 statement: 1 suggestion\n");
    check(FILES, "wrong.json", 1, &["error[UNSUPPORTED_ACTION_FOR_CONDITION_KEY]"], wrong);
    check(FILES, "--exit-zero wrong.json", 0, &["error["], wrong);
    let never = ["warning[ACTION_AND_RESOURCE_NEVER_MEET]"];
    check(FILES, "fine.json template.yaml", 1, &never, "2 files, 2 statements: 1 warning\n");
    check(FILES, "--kind resource fine.json", 1, &["error[MISSING_PRINCIPAL]"], wrong);
    let all = "4 files, 4 statements: 1 error, 1 warning, 1 suggestion\n";
    check(FILES, "fine.json wrong.json suggesting.json template.yaml", 1, &["error["], all);
}

#[test]
fn codes_are_selected_and_ignored() {
    let none = "1 file, 1 statement: no findings\n";
    let code = "UNSUPPORTED_ACTION_FOR_CONDITION_KEY";
    check(FILES, &format!("--ignore {code} wrong.json"), 0, &[], none);
    check(FILES, &format!("--select MISSING_VERSION,{code} wrong.json"), 1, &[code], "1 file, 1 statement: 1 error\n");
    check(FILES, "--select MISSING_VERSION --select EMPTY_SID_VALUE wrong.json", 0, &[], none);
    check(FILES, &format!("--select {code} --ignore EMPTY_SID_VALUE,{code} wrong.json"), 0, &[], none);
    let unknown = "error: invalid value 'EMPTY_SID_VALUES' for '--ignore <CODE>': no finding has this code; did you mean \
                   `EMPTY_SID_VALUE`?\n\nFor more information, try '--help'.\n";
    check(FILES, "--ignore EMPTY_SID_VALUES wrong.json", 2, &[], unknown);
}

#[test]
fn comments_leave_findings_out() {
    let ignored = OPERATION.replace("# the queue's", "# tagproof: ignore INVALID_ACTION because it is a test");
    let left = "1 file, 1 statement: 1 error; 1 left out by comments\n";
    check(&[("t.yaml", &ignored)], "t.yaml", 1, &["s3:GetObjekt"], left);
    let unused = ignored.replace("SendMessageBatch", "SendMessage");
    check(&[("t.yaml", &unused)], "t.yaml", 1, &["UNUSED_SUPPRESSION"], "1 file, 1 statement: 1 error, 1 warning\n");
}

/// What people call first, and gets them on.
#[test]
fn the_commands_that_go_wrong_first() {
    let name = "error: name what to check: a policy, a template, a scenario, a folder of these (`tagproof lint .`), or `-` \
                for standard input\n";
    check(FILES, "", 2, &[], name);
    let scenario = lint(folder(FILES).path(), &["x"], "");
    assert!(scenario.0 == 1 && scenario.1.contains("scenarios/x/scenario.yaml"), "{scenario:?}");
    check(FILES, "-q fine.json", 0, &[], "");
    let missing = "error: there is no file `fine.jso`; did you mean `fine.json`?\n";
    check(FILES, "fine.jso", 2, &[], missing);
    let both = "error: there is no file `nope`\nerror: there is nothing to look at in empty: no \
                scenario, and no file that ends in .json, .yaml, .yml or .template\n1 file, 1 statement: 1 error\n";
    check(FILES, "nope wrong.json empty", 2, &["error["], both);
    check(FILES, "policy.txt", 1, &["policy.txt:2:"], "1 file, 1 statement: 1 error\n");
    let foreign = "error: cannot read notes.txt: it has nothing of a policy, a template or a scenario (such as Statement, \
                   Resources or callers), so that none of it is shown\n";
    check(FILES, "notes.txt", 2, &[], foreign);
    let empty = ": expected a policy in JSON, a template in YAML or JSON, or what the AWS CLI prints of policies\n";
    check(FILES, "blank.json", 2, &[], &format!("error: blank.json is empty{empty}"));
    check(&[("in", "")], "-", 2, &[], &format!("error: standard input is empty{empty}"));
    let kinds = lint(folder(FILES).path(), &["--kind", "role", "fine.json"], "");
    assert!(kinds.0 == 2 && kinds.2.contains("the kinds are"), "{kinds:?}");
    let latin = folder(FILES);
    std::fs::write(latin.path().join("latin.json"), b"{\n \"Sid\": \"d\xe9j\xe0\"}").unwrap();
    let told = "error: cannot read latin.json: it is not UTF-8 at line 2, column 11; save it as UTF-8\n";
    assert_eq!(lint(latin.path(), &["latin.json"], ""), (2, String::new(), told.to_owned()));
}

#[test]
fn broken_json_is_told_and_nothing_that_may_follow_from_it() {
    let broken = WRONG.replace("\"*\", ", "\"*\",, ");
    check(&[("p.json", &broken)], "p.json", 1, &["error[JSON_SYNTAX_ERROR]"], "1 file, 0 statements: 1 error\n");
    let comma = WRONG.replace("}]}", "},]}");
    check(&[("p.json", &comma)], "p.json", 1, &["trailing comma"], "1 file, 0 statements: 1 error\n");
    check(&[("p.json", &comma), ("a/b.json", &comma)], "a", 1, &["trailing comma"], "1 file, 0 statements: 1 error\n");
}

#[test]
fn findings_are_json_lines() {
    let (_, stdout, _) = lint(folder(FILES).path(), &["--json", "wrong.json", "template.yaml"], "");
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
    let (code, stdout, stderr) = lint(&scenario, &["."], "");
    assert!(code == 1 && stderr.starts_with("2 files, "), "{stderr}\n{stdout}");
    for (finding, place) in [
        // The template as it stands, the conditions of the options, and what they patch.
        ("MISSING_VERSION", "template.yaml"),
        ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", "scenario.yaml"),
        ("S3_RESOURCE_TAG_NEEDS_ABAC", "scenario.yaml"),
        ("SESSION_TAGS_UNRESTRICTED", "scenario.yaml"),
    ] {
        let told = stdout.split("\n\n").any(|one| one.contains(finding) && one.contains(place));
        assert!(told, "{finding} in {place}: {stdout}");
    }
}

#[test]
fn a_folder_is_looked_through() {
    let version = format!(r#"{{"PolicyVersion": {{"Document": {FINE}, "VersionId": "v1"}}}}"#);
    let files = [
        ("a/wrong.json", WRONG),
        ("a/b/stack.template", OPERATION),
        ("a/version.json", &version),
        ("a/package.json", r#"{"name": "app"}"#),
        ("a/broken.yaml", "Resources: [\n"),
        ("a/empty.json", ""),
        ("a/notes.md", "Statement"),
        ("node_modules/x/policy.json", WRONG),
        (".git/policy.json", WRONG),
    ];
    let (code, stdout, stderr) = lint(folder(&files).path(), &["."], "");
    assert_eq!(code, 1);
    for said in ["./a/wrong.json", "./a/b/stack.template", "./a/broken.yaml"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
    for silent in ["version.json", "package.json", "notes.md", "node_modules", ".git"] {
        assert!(!stdout.contains(silent), "{silent}: {stdout}");
    }
    let told = "Skipped, neither policy nor template: ./a/empty.json, ./a/package.json\n4 files, 3 statements: 4 errors; 2 \
                skipped\n";
    assert_eq!(stderr, told);
}

/// The CDK repeats the policies in `tree.json`, where its functions are not in their place. A stage is a folder in the folder.
#[test]
fn of_a_folder_of_the_cdk_s_the_templates_are_looked_through() {
    let stack = |name: &str| {
        format!(
            r#"{{"artifacts": {{"{name}": {{"type": "aws:cloudformation:stack", "properties": {{"templateFile": "{name}.template.json"}}}}}}}}"#
        )
    };
    let template = |action: &str| {
        format!(
            r#"{{"Resources": {{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Version": "2012-10-17",
 "Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": {{"Fn::GetAtt": ["Queue", "Arn"]}}}}]}}}}}}}}}}"#
        )
    };
    let web = template("sqs:SendMessag");
    let files = [
        ("cdk.out/manifest.json", &*stack("Web")),
        ("cdk.out/Web.template.json", &web),
        ("cdk.out/Web.assets.json", "{}"),
        ("cdk.out/tree.json", &web),
        ("cdk.out/assembly-Prod/manifest.json", &stack("Ops")),
        ("cdk.out/assembly-Prod/Ops.template.json", &template("sqs:SendMesage")),
        ("cdk.out/assembly-Prod/tree.json", &web),
    ];
    let (code, stdout, stderr) = lint(folder(&files).path(), &["cdk.out"], "");
    assert_eq!((code, stderr.as_str()), (1, "2 files, 2 statements: 2 errors\n"), "{stdout}");
    for said in ["cdk.out/Web.template.json:2:", "cdk.out/assembly-Prod/Ops.template.json:2:"] {
        assert!(stdout.contains(said), "{said}: {stdout}");
    }
}

/// A pipe under the name of the CDK's manifest holds nothing up.
#[test]
fn a_folder_with_a_pipe_for_a_manifest_is_looked_through() {
    let folder =
        folder(&[("p.json", r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#)]);
    let pipe = folder.path().join("manifest.json");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let (_, stdout, stderr) = lint(folder.path(), &["."], "");
    assert!(stderr.contains("1 file, 1 statement"), "{stdout}{stderr}");
}

#[test]
fn a_file_that_is_too_large_is_told_and_the_others_are_read() {
    let large = " ".repeat((16 << 20) + 1);
    let told = "error: cannot read ./large.json: it has more than 16777216 bytes\n1 file, 1 statement: 1 error\n";
    check(&[("large.json", &large), ("wrong.json", WRONG)], ".", 2, &["./wrong.json"], told);
}

#[test]
fn rewrites_are_shown_and_written_and_the_rest_is_told() {
    let folder = folder(&[("stack.yaml", OPERATION)]);
    let (code, stdout, _) = lint(folder.path(), &["--json", "stack.yaml"], "");
    let finding: serde_json::Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    assert_eq!((code, finding["edit"]["text"].as_str()), (1, Some("sqs:SendMessage")));
    assert_eq!(finding["edit"]["span"]["start"]["line"], 10);

    let (code, stdout, stderr) = lint(folder.path(), &["--fix", "stack.yaml"], "");
    assert!(code == 1 && stdout.contains("s3:GetObjekt") && !stdout.contains("SendMessageBatch"), "{stdout}");
    let diff = "-              - sqs:SendMessageBatch # the queue's\n+              - sqs:SendMessage # the queue's\n";
    let fixed = "fixed stack.yaml:10:17 INVALID_ACTION: `sqs:SendMessageBatch` is an operation: it is authorised as \
                 `sqs:SendMessage`\n--- a/stack.yaml\n+++ b/stack.yaml\n";
    assert!(stderr.starts_with(fixed) && stderr.contains(diff), "{stderr}");
    assert!(stderr.ends_with("1 file, 1 statement: 1 error; 1 fixed\n"), "{stderr}");
    let mended = OPERATION.replace("SendMessageBatch", "SendMessage");
    assert_eq!(std::fs::read_to_string(folder.path().join("stack.yaml")).unwrap(), mended);
    let (code, _, stderr) = lint(folder.path(), &["--fix", "--ignore", "INVALID_ACTION", "stack.yaml"], "");
    assert_eq!((code, stderr.as_str()), (0, "1 file, 1 statement: no findings\n"));
}

#[test]
fn standard_input_is_read_and_never_written() {
    let files = &[("in", OPERATION)];
    check(files, "-", 1, &["<stdin>:10:17"], "1 file, 1 statement: 2 errors\n");
    let (code, stdout, stderr) = lint(folder(files).path(), &["--fix", "-"], OPERATION);
    assert_eq!((code, stdout), (1, OPERATION.replace("SendMessageBatch", "SendMessage")));
    for said in ["fixed <stdin>:10:17 INVALID_ACTION", "+              - sqs:SendMessage #", "error[INVALID_ACTION]"] {
        assert!(stderr.contains(said), "{stderr}");
    }
}

/// Each of the escapes is a finding on a line of 2.4 MB; it took minutes without optimisation.
#[test]
fn hostile_text_takes_no_time() {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": "{}"}}"#, r"\u0000".repeat(400_000));
    let folder = folder(&[("p.json", &text)]);
    let (code, stdout, stderr) = lint(folder.path(), &["p.json"], "");
    assert!(code == 1 && stdout.len() < 2 << 20, "{} {stderr}", stdout.len());
    assert_eq!(stderr, "1 file, 0 statements: 1000 errors, 1 suggestion\n");
}

#[test]
fn policies_of_a_template_that_count_nowhere_are_told() {
    let policy = |resource_type: &str, of: &str| {
        let statement = "{Effect: Deny, Principal: '*', Action: ['s3:GetObject', 'sqs:SendMessage'], Resource: '*'}";
        let document = format!("PolicyDocument: {{Version: '2012-10-17', Statement: {statement}}}");
        format!("{{Type: {resource_type}, Properties: {{{of}, {document}}}}}")
    };
    let bucket = policy("AWS::S3::BucketPolicy", "Bucket: b");
    let queue = policy("AWS::SQS::QueuePolicy", "Queues: [lost]");
    let folder = folder(&[("t.yaml", &format!("Resources:\n  P: {bucket}\n  Q: {bucket}\n  R: {queue}\n"))]);
    let (code, stdout, stderr) = lint(folder.path(), &["t.yaml"], "");
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stdout.contains("error[TWO_POLICIES]: `b` has another policy in this template already"), "{stdout}");
    assert!(stdout.contains("warning[POLICY_OF_NOTHING]: no resource of the template is `lost`"), "{stdout}");
}

/// The reference lists aws:RequestTag for no read of an object; `x*` covers `xy`.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
#[test]
fn what_never_decides_is_told_with_its_place() {
    const DEAD: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/a": ["x*", "xy"]}}},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "xz"}}},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestTag/a": "y"}}},
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/b": "y"}, "Null": {"aws:PrincipalTag/b": "false"}}}]}"#;
    let files = [("dead.json", DEAD), ("stack.yaml", STACK)];
    let folder = folder(&files);
    let codes = "STATEMENT_NEVER_DECIDES,CONDITION_NEVER_DECIDES,VALUE_NEVER_DECIDES";
    let (code, stdout, stderr) = lint(folder.path(), &["--deep", "--json", "--select", codes, "dead.json"], "");
    let found: Vec<serde_json::Value> = stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let places: Vec<String> = found
        .iter()
        .map(|one| {
            let start = &one["locations"][0]["span"]["start"];
            format!("{} {}:{}", one["issueCode"].as_str().unwrap(), start["line"], start["column"])
        })
        .collect();
    let expected = [
        "VALUE_NEVER_DECIDES 2:115",
        "STATEMENT_NEVER_DECIDES 3:2",
        "STATEMENT_NEVER_DECIDES 4:2",
        "CONDITION_NEVER_DECIDES 5:133",
    ];
    assert_eq!((code, &*places), (1, &expected.map(str::to_owned)[..]), "{stderr}");
    assert!(found[2]["help"].as_str().unwrap().contains("(keys-of-the-reference)"), "{stdout}");
    let (code, stdout, _) = lint(folder.path(), &["--select", codes, "dead.json"], "");
    assert_eq!((code, &*stdout), (0, ""), "without --deep nothing is proved");
    // What only a deployment can tell is passed over, and what counts under a condition alone as well.
    let (code, stdout, stderr) = lint(folder.path(), &["--deep", "--select", codes, "stack.yaml"], "");
    assert_eq!((code, stdout.matches("STATEMENT_NEVER_DECIDES").count()), (1, 1), "{stdout}{stderr}");
    assert!(stdout.contains("stack.yaml:12:"), "{stdout}");
}

/// The reference lists `arn:${Partition}:s3:::${BucketName}/${ObjectName}` for GetObject, which has no region.
/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-resources-for-iam-policies
#[test]
fn what_rests_on_the_forms_of_arns_is_a_suggestion() {
    const REGIONAL: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:eu-west-1::b/*"}]}"#;
    let folder = folder(&[("regional.json", REGIONAL)]);
    let select = ["--deep", "--json", "--select", "STATEMENT_NEVER_DECIDES", "regional.json"];
    let (code, stdout, stderr) = lint(folder.path(), &select, "");
    let found: serde_json::Value = serde_json::from_str(stdout.trim()).unwrap();
    assert_eq!((code, found["findingType"].as_str()), (0, Some("SUGGESTION")), "{stdout}{stderr}");
    assert!(found["help"].as_str().unwrap().contains("(forms-of-arns)"), "{stdout}");
}

/// A scenario's policies are looked at in each option, and Terraform's by their address.
#[test]
fn what_never_decides_is_told_of_scenarios_and_of_terraform() {
    let twice = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}"#;
    let plan = serde_json::json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {
        "resources": [{"address": "aws_iam_policy.send", "mode": "managed", "type": "aws_iam_policy", "name": "send",
            "values": {"name": "send", "policy": twice}}]}}});
    let template = format!(
        "Resources:\n  Sender:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: sender\n      \
         AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: sts:AssumeRole}}}}\n      \
         Policies:\n        - PolicyName: Send\n          PolicyDocument: {twice}\n"
    );
    let scenario = "\
title: t
template: {file: template.yaml}
given: {users: {ann: {}}}
options: {one: {}}
callers: {ann: {user: ann}}
requests: {who: {call: sts:GetCallerIdentity}}
expect: {every-option: {allow: all}}
";
    let files = [
        ("plan.json", &*plan.to_string()),
        ("scenarios/send/template.yaml", &template),
        ("scenarios/send/scenario.yaml", scenario),
    ];
    let folder = folder(&files);
    for (path, place) in [("plan.json", "aws_iam_policy.send"), ("scenarios/send", "template.yaml:10:66")] {
        let (code, stdout, stderr) = lint(folder.path(), &["--deep", "--select", "STATEMENT_NEVER_DECIDES", path], "");
        assert_eq!((code, stdout.matches("STATEMENT_NEVER_DECIDES").count()), (1, 1), "{path}: {stdout}{stderr}");
        assert!(stdout.contains(place), "{path}: {stdout}");
    }
}

#[test]
fn a_time_limit_that_leaves_something_unsettled_is_told() {
    let folder = folder(&[(
        "one.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    )]);
    let (code, _, stderr) = lint(folder.path(), &["--deep", "--timeout", "0.000001", "one.json"], "");
    assert!(code == 2 && stderr.contains("1 not settled by --deep"), "{code}: {stderr}");
    let (code, _, stderr) = lint(folder.path(), &["--timeout", "1", "one.json"], "");
    assert!(code == 2 && stderr.contains("--deep"), "{code}: {stderr}");
}

const STACK: &str = "\
Conditions: {IsWide: !Equals [!Ref AWS::Region, us-east-1]}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/*'}
          - {Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Other.Arn}/*'}
          - {Effect: Allow, Action: sqs:*, Resource: '*'}
          - {Effect: Allow, Action: sqs:SendMessage, Resource: '*'}
  Conditional:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {Effect: Allow, Action: !If [IsWide, 'sqs:*', sqs:ListQueues], Resource: '*'}
          - {Effect: Allow, Action: sqs:SendMessage, Resource: '*'}
";
