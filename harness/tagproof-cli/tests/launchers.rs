//! `run` with requests that are containers' commands.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const TEMPLATE: &str = r#"
Resources:
  Echo:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: echo
      Memory: "512"
      TaskRoleArn: {"Fn::GetAtt": [Role, Arn]}
      ContainerDefinitions: [{Name: Main, Image: "echo:1", Command: ["hello from the container"]}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: echo
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: "sts:AssumeRole"}]
"#;

const SCENARIO: &str = "
title: An echo
template: {file: template.yaml}
options: {only: {}}
callers: {echo: {task: Echo}}
requests: {main: {container: Main}, who: {call: sts:GetCallerIdentity}}
expect: {only: {allow: all}}
";

/// A folder with the scenario in `scene`.
fn scene() -> TempDir {
    let folder = TempDir::new().unwrap();
    let scene = folder.path().join("scene");
    std::fs::create_dir(&scene).unwrap();
    std::fs::write(scene.join("scenario.yaml"), SCENARIO).unwrap();
    std::fs::write(scene.join("template.yaml"), TEMPLATE).unwrap();
    folder
}

/// Exit code, and what is on stdout and stderr.
fn tagproof(folder: &Path, command: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    let ended = program.arg(command).arg("scene").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ended.status.code().unwrap(), text(ended.stdout), text(ended.stderr))
}

#[test]
fn containers_run_where_a_program_stands_for_their_image() {
    let folder = scene();
    let ran = ["exit code 0", "| hello from the container", "✓ ✓"];
    let left_out = ["- ✓", "-  not run"];
    let unknown = "scene       2 cells, 1 of 2 run: all as expected (0.X s): no program stands for the image echo:1: say which with --image echo=PROGRAM, or run the image itself with --launcher docker\n";
    let sdk = "scene       2 cells, 1 of 2 run: all as expected (0.X s): containers are not run here; `tagproof run --launcher process` or `docker` runs them\n";
    for (arguments, code, out, err) in [
        (&["--image", "echo=echo"][..], 0, &ran[..], "all as expected"),
        (&["--image", "echo:2=echo", "--launcher", "process"], 0, &ran, "all as expected"),
        (&[], 0, &left_out, unknown),
        (&["--launcher", "process"], 2, &left_out, "not everything could be run as --launcher process asks for"),
        (&["--image", "echo=echo", "--launcher", "sdk"], 0, &left_out, sdk),
        (&["--image", "echo=no-such-program"], 0, &left_out, "there is no program `no-such-program` on PATH"),
        (&["--update-snapshots"], 0, &left_out, "its snapshot was not written"),
        (&["--image", "echo"], 2, &[], "expected IMAGE=PROGRAM"),
    ] {
        let (status, stdout, stderr) = tagproof(folder.path(), "run", &[&["-v"], arguments].concat());
        assert_eq!(status, code, "{arguments:?}: {stderr}");
        assert!(out.iter().all(|part| stdout.contains(part)), "{arguments:?}: {stdout}");
        let told = format!("{}{stderr}", untimed(&stdout));
        assert!(told.contains(err), "{arguments:?}: {told}");
    }
    assert!(!folder.path().join("snapshots").exists());
}

/// How long it took is another each time.
fn untimed(text: &str) -> String {
    let mut parts = text.split("(0.");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}(0.X{}", &part[1..]))
}

/// A prediction runs no container, and that is not another outcome than the expected one.
#[test]
fn a_containers_cell_is_explained_and_counts_for_nothing() {
    let folder = scene();
    for (request, first) in [("main", "only / echo / main: not run: "), ("who", "only / echo / who: allowed\n")] {
        let (status, stdout, stderr) = tagproof(folder.path(), "explain", &["only", "echo", request]);
        assert_eq!(status, 0, "{request}: {stderr}");
        assert!(stdout.starts_with(first), "{stdout}");
    }
}
