//! `tagproof init`, `check` and `review`, as their users start them. What is made of templates is tested in `init`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The template of the thread, with the condition that its asker had tried first.
fn of_the_thread() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/ecs-task-tag/template.yaml");
    let template = std::fs::read_to_string(path).unwrap();
    let place = "# The condition under test goes here: scenario.yaml has one for each option.";
    assert!(template.contains(place));
    template.replace(place, "Condition: {StringEquals: {aws:RequestTag/Status: OK}}")
}

/// Why S3 denies it, whatever tags the task has.
const REASON: &str = "but the request has no aws:RequestTag/Status (s3:GetObject never carries it)";

/// A folder with the thread's template in it.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("ecs-test.yaml"), of_the_thread()).unwrap();
    folder
}

/// Exit code, stdout and stderr.
fn tagproof(folder: &TempDir, arguments: &[&str], answers: &str) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    program.args(arguments).env_clear().env("COLUMNS", "1000").current_dir(folder.path());
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap();
    // A program that reads no answers may have closed the pipe.
    let _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

#[test]
fn the_thread_s_condition_is_found_to_deny_every_task() {
    let folder = folder();
    let (code, stdout, stderr) = tagproof(&folder, &["init", "ecs-test.yaml"], "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    has(&stdout, &["the condition denies everybody", REASON, "`tagproof run scenarios/ecs-test`"]);
    let (code, stdout, stderr) = tagproof(&folder, &["run", "scenarios/ecs-test", "-v"], "");
    assert_eq!(code, 0, "{stdout}{stderr}");
    has(&stdout, &["AllowTaskToRetrieveS3File/2: the condition denies everybody", REASON]);
    has(&stdout, &["2 cells held to unconfirmed predictions; `tagproof review ecs-test` walks through them"]);
    has(&std::fs::read_to_string(folder.path().join("scenarios/ecs-test/README.md")).unwrap(), &[REASON]);
}

#[test]
fn nothing_is_overwritten() {
    let folder = folder();
    assert_eq!(tagproof(&folder, &["init", "ecs-test.yaml", "--output", "mine"], "").0, 0);
    let file = folder.path().join("mine/scenario.yaml");
    std::fs::write(&file, "mine").unwrap();
    let (code, _, stderr) = tagproof(&folder, &["init", "ecs-test.yaml", "--output", "mine"], "");
    assert_eq!(code, 2);
    has(&stderr, &["mine/scenario.yaml is there already", "--output"]);
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
}

#[test]
fn a_faulty_template_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    std::fs::write(
        folder.path().join("bad.yaml"),
        "Resources:\n  A: {Type: AWS::IAM::User, Properties: {UserName: !Ref B}}\n",
    )
    .unwrap();
    for command in ["init", "check"] {
        let (code, _, stderr) = tagproof(&folder, &[command, "bad.yaml"], "");
        assert_eq!(code, 2);
        has(&stderr, &["error[", "bad.yaml:2:"]);
        let (code, _, stderr) = tagproof(&folder, &[command, "bda.yaml"], "");
        assert_eq!(code, 2);
        has(&stderr, &["there is no file `bda.yaml`; did you mean `bad.yaml`?"]);
    }
    assert!(!folder.path().join("scenarios/bad").exists());
}

#[test]
fn a_template_is_checked_without_a_scenario() {
    let folder = folder();
    let (code, stdout, stderr) = tagproof(&folder, &["check", "ecs-test.yaml"], "");
    assert_eq!((code, stderr.as_str()), (1, ""), "{stdout}");
    has(
        &stdout,
        &[
            "the condition denies everybody",
            REASON,
            "(ecs-test.yaml:",
            "Who reaches what",
            "denied  task ECSTestTaskDefinition",
        ],
    );
    let (code, stdout, _) = tagproof(&folder, &["check", "ecs-test.yaml", "--json"], "");
    let value: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, &value["statements"][0]["verdict"]), (1, &"the condition denies everybody".into()));
    let fine = "Resources:\n  Reader:\n    Type: AWS::IAM::User\n    Properties:\n      Policies:\n        - PolicyName: Read\n          \
                PolicyDocument:\n            Version: '2012-10-17'\n            Statement:\n              Effect: Allow\n              \
                Action: s3:GetObject\n              Resource: arn:aws:s3:::reports/ready\n";
    std::fs::write(folder.path().join("fine.yaml"), fine).unwrap();
    let (code, stdout, stderr) = tagproof(&folder, &["check", "fine.yaml"], "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    has(&stdout, &["No statement has a condition on tags.", "allowed user Reader"]);
}

#[test]
fn what_cannot_be_tried_is_checked_all_the_same() {
    let folder = TempDir::new().unwrap();
    let template = "Resources:\n  Reader:\n    Type: AWS::IAM::User\n    Properties:\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/NoSuch']\n      \
                    Policies: [{PolicyName: P, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObject',\n        \
                    Resource: '*', Condition: {StringEquals: {aws:RequestTag/a: b}}}]}}]\n";
    std::fs::write(folder.path().join("no.yaml"), template).unwrap();
    let (code, stdout, stderr) = tagproof(&folder, &["check", "no.yaml"], "");
    assert_eq!((code, stderr.as_str()), (1, ""), "{stdout}");
    has(&stdout, &["UNSUPPORTED_ACTION_FOR_CONDITION_KEY", "Nothing could be tried: AWS would refuse", "Reader/P/1"]);
    let (code, _, stderr) = tagproof(&folder, &["init", "no.yaml"], "");
    assert_eq!(code, 2);
    has(&stderr, &["nothing can be tried of no.yaml", "`tagproof check` says what is known of it"]);
}

/// A folder of the CDK's with two stacks.
#[test]
fn a_stack_of_the_cdk_is_named_and_parameters_are_given() {
    let folder = TempDir::new().unwrap();
    let cdk = folder.path().join("cdk.out");
    std::fs::create_dir(&cdk).unwrap();
    let stack = |name: &str| {
        format!(
            "\"{name}\": {{\"type\": \"aws:cloudformation:stack\", \"properties\": {{\"templateFile\": \"{name}.template.json\"}}}}"
        )
    };
    std::fs::write(cdk.join("manifest.json"), format!("{{\"artifacts\": {{{}, {}}}}}", stack("Web"), stack("Jobs")))
        .unwrap();
    let template = "{\"Parameters\": {\"Stage\": {\"Type\": \"String\"}}, \"Resources\": {\"Reader\": {\"Type\": \"AWS::IAM::User\", \
                    \"Properties\": {\"UserName\": {\"Ref\": \"Stage\"}}}}}";
    for name in ["Web", "Jobs"] {
        std::fs::write(cdk.join(format!("{name}.template.json")), template).unwrap();
    }
    for command in ["check", "init"] {
        let (code, _, stderr) = tagproof(&folder, &[command, "cdk.out"], "");
        assert_eq!(code, 2);
        has(&stderr, &["there are several stacks: `Web`, `Jobs`", "name one with `--stack Web`"]);
    }
    let stage = ["--stack", "Jobs", "--parameter", "Stage=prod"];
    let (code, stdout, stderr) = tagproof(&folder, &[&["init", "cdk.out"][..], &stage].concat(), "");
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let scenario = std::fs::read_to_string(folder.path().join("scenarios/jobs/scenario.yaml")).unwrap();
    has(&scenario, &["stack: Jobs", "parameters: {Stage: prod}"]);
    assert_eq!(tagproof(&folder, &["predict", "scenarios/jobs"], "").0, 0);
    let (code, stdout, _) = tagproof(&folder, &["check", "cdk.out", "--stack", "Web"], "");
    assert_eq!(code, 0, "{stdout}");
    has(&stdout, &["Made-up values of parameters and imports\n  - Stage"]);
    let (code, _, stderr) = tagproof(&folder, &["check", "cdk.out", "--stack", "Web", "--parameter", "Stege=prod"], "");
    assert_eq!(code, 2);
    has(&stderr, &["the template has no parameter `Stege`"]);
}

#[test]
fn a_prediction_is_marked_until_somebody_confirms_it() {
    let folder = folder();
    assert_eq!(tagproof(&folder, &["init", "ecs-test.yaml"], "").0, 0);
    let file = folder.path().join("scenarios/ecs-test/scenario.yaml");
    let before = std::fs::read_to_string(&file).unwrap();
    let (code, stdout, _) = tagproof(&folder, &["review", "ecs-test"], "what?\nn\nq\n");
    assert_eq!(code, 0, "{stdout}");
    has(&stdout, &["Prediction 1 of 2", "Prediction 2 of 2", REASON, "That is no answer.", "0 of 2 confirmed; 2 left"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let (code, stdout, _) = tagproof(&folder, &["review", "ecs-test"], "y\n");
    assert_eq!(code, 0, "{stdout}");
    has(&stdout, &["1 of 2 confirmed; 1 left"]);
    let after = std::fs::read_to_string(&file).unwrap();
    // The comments are still there, and one mark is not.
    let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with('#')).count();
    assert_eq!(comments(&after), comments(&before));
    let marks = |text: &str| text.matches("predicted: true").count();
    assert_eq!((marks(&before), marks(&after)), (2, 1));
    // The page of the key that decides.
    has(
        &after,
        &[REASON, "see: \"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html\""],
    );
    let (code, stdout, stderr) = tagproof(&folder, &["run", "ecs-test"], "");
    assert_eq!(code, 0, "{stdout}{stderr}");
    has(&stdout, &["1 cell held to unconfirmed predictions"]);
    assert_eq!(tagproof(&folder, &["review", "ecs-test"], "y\n").0, 0);
    has(&tagproof(&folder, &["review", "ecs-test"], "").1, &["No prediction is unconfirmed."]);
}
