//! Containers in Docker. `.ci/backends` runs these. The image is that of the AWS CLI, real or stand-in: both have bash.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod kit;
#[path = "kit/stopped.rs"]
mod stopped;
#[path = "kit/waiting.rs"]
mod waiting;

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kit::{Kit, images, shell};
use launch::{Images, Launcher, Ran};
use serde_json::{Value, json};
use stopped::stopped;
use waiting::until;

const IMAGE: &str = "public.ecr.aws/aws-cli/aws-cli";

fn launcher() -> Launcher {
    Launcher::docker(Images::default(), Arc::new(|_: &str| {}))
}

fn bash(name: &str, script: &str) -> Value {
    json!({"name": name, "image": IMAGE, "entryPoint": ["bash", "-c"], "command": [script], "stopTimeout": 2})
}

/// What `docker` prints.
fn docker(arguments: &[&str]) -> String {
    let ended = Command::new("docker").args(arguments).output().unwrap();
    String::from_utf8(ended.stdout).unwrap()
}

/// The containers and networks of a process.
fn made_by(pid: u32) -> Vec<String> {
    let owned = |line: &&str| line.contains(&format!(" {pid}."));
    let format = "{{.Names}} {{.Label \"tagproof.owner\"}}";
    let containers = docker(&["ps", "--all", "--filter", "label=tagproof.owner", "--format", format]);
    let networks = docker(&[
        "network",
        "ls",
        "--filter",
        "label=tagproof.owner",
        "--format",
        "{{.Name}} {{.Label \"tagproof.owner\"}}",
    ]);
    containers.lines().chain(networks.lines()).filter(owned).map(str::to_owned).collect()
}

async fn ran_all(containers: Value) -> Ran {
    let kit = Kit::new().await;
    let task = kit.tasks(&containers, 1).remove(0);
    let launcher = launcher();
    let brief = kit.hosted.with(|world| ecs::task_brief(world, &task)).unwrap();
    for container in &brief.containers {
        // Image and network are there before the task's time counts. That they cannot be had, the task tells as well.
        let _told = launcher.check(&kit.hosted, container).await;
    }
    launcher.run(&kit.hosted, &task).await.unwrap()
}

async fn ran(script: &str) -> (i32, String) {
    let ran = ran_all(json!([bash("c", script)])).await;
    (ran.end.containers[0].exit_code.unwrap_or(-99), ran.output.get("c").cloned().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn what_ecs_gives_is_there_and_nothing_of_this_machine() {
    let script = "env; id -u; cat /proc/mounts | grep -c /work; ls /var/run/docker.sock 2>&1 | grep -c 'No such'";
    let (code, output) = ran(script).await;
    assert_eq!(code, 0, "{output}");
    let variables: HashMap<_, _> = output.lines().filter_map(|line| line.split_once('=')).collect();
    assert_eq!(variables["AWS_ENDPOINT_URL"], "http://169.254.170.2");
    assert!(variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"].starts_with("/v2/credentials/"));
    assert!(variables["ECS_CONTAINER_METADATA_URI_V4"].starts_with("http://169.254.170.2/v4/"));
    for absent in ["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ACCESS_KEY_ID"] {
        assert!(!variables.contains_key(absent), "{absent}");
    }
    assert!(output.ends_with("\n0\n0\n1\n"), "{output}");
}

/// `get PATH` prints the first line of the answer, and its body.
const GET: &str = r#"
get() {
    exec 3<>/dev/tcp/169.254.170.2/80
    printf 'GET %s HTTP/1.1\r\nHost: 169.254.170.2\r\nConnection: close\r\n\r\n' "$1" >&3
    tr -d '\r' <&3 | sed -n '1p; /^$/,$p'
}
"#;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn a_container_reads_its_own_tasks_credentials_and_no_others() {
    let kit = Kit::new().await;
    let other = kit.task("true");
    let other = kit.hosted.container_paths(&other, "c").unwrap().credentials.unwrap();
    let (place, _) = other.rsplit_once('.').unwrap();
    // Ids, tricks with paths, pages that are not for containers.
    let tricks = [
        format!("{place}.{}", "x".repeat(40)),
        place.to_owned(),
        "/v2/credentials".to_owned(),
        "/v2/credentials/".to_owned(),
        "/v2/credentials/..".to_owned(),
        format!("/v2/credentials/x/../../..{other}"),
        format!("//v2/credentials/{}", &other[16..]),
        format!("/v2/%63redentials/{}", &other[16..]),
        format!("{other}/"),
        "/_tagproof/reset".to_owned(),
        "/_tagproof/health".to_owned(),
        "/v4/x".to_owned(),
        "/v2/../_tagproof/tasks/x/environment".to_owned(),
    ];
    let asks: String = tricks.iter().map(|path| format!("echo; echo \"@ $(get '{path}')\"\n")).collect();
    let script = format!("{GET}\nget $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; {asks}");
    let task = kit.tasks(&json!([bash("c", &script)]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    let mut answers = ran.output["c"].split("\n@ ");
    let own = answers.next().unwrap();
    assert!(own.starts_with("HTTP/1.1 200 OK\n") && own.contains("\"SecretAccessKey\""), "{own}");
    let mut refused = 0;
    for (answer, path) in answers.zip(&tricks) {
        assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("SecretAccessKey"), "{path}: {answer}");
        refused += 1;
    }
    assert_eq!(refused, tricks.len());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn a_container_reaches_neither_the_world_nor_others() {
    let tries = "for place in 1.1.1.1/53 169.254.169.254/80; do
        timeout 3 bash -c \"exec 3<>/dev/tcp/$place\" 2>/dev/null && echo reached $place; done; echo done";
    assert_eq!(ran(tries).await, (0, "done\n".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn it_ends_as_it_likes_or_as_it_is_told() {
    assert_eq!(ran("echo out; exit 3").await, (3, "out\n".to_owned()));
    let heeds = stopped(launcher(), bash("c", "trap 'exit 7' TERM; echo here; sleep 600 & wait")).await;
    assert_eq!(heeds.end.containers[0].exit_code, Some(7));
    assert_eq!(heeds.end.stop_code, "UserInitiated");
    let ignores = stopped(launcher(), bash("c", "trap '' TERM; echo here; while :; do sleep 1; done")).await;
    assert_eq!((ignores.end.containers[0].exit_code, ignores.output["c"].as_str()), (Some(137), "here\n"));
    assert_eq!(ignores.end.containers[0].reason, None);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn floods_bombs_and_hunger_are_bounded() {
    let (code, output) = ran("echo first; yes | head -c 1000000000; echo last; exit 4").await;
    assert_eq!(code, 4);
    assert!(output.starts_with("first\ny\n") && output.ends_with("y\nlast\n"));
    assert!(output.contains("bytes of output are left out here]") && output.len() < 300_000);

    let bomb = "trap '' TERM; for n in $(seq 3000); do sleep 600 & done 2>/dev/null; jobs -r | wc -l";
    let (_, output) = ran(bomb).await;
    let most: usize = output.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(0);
    assert!(most <= 1024, "{output}");

    let hungry = ran_all(json!([bash("c", "x=$(head -c 2000000000 /dev/zero | tr '\\0' x); echo ${#x}")])).await;
    let end = &hungry.end.containers[0];
    assert_eq!(end.exit_code, Some(137), "{hungry:?}");
    assert_eq!(end.reason.as_deref(), Some("OutOfMemoryError: Container killed due to memory usage"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn what_cannot_be_started_says_why() {
    let mut none = bash("c", "true");
    none["entryPoint"] = json!(["/no/such/program"]);
    let ran = ran_all(json!([none])).await;
    assert_eq!((ran.end.stop_code, ran.end.containers[0].exit_code), ("TaskFailedToStart", None));
    let why = ran.end.containers[0].reason.clone().unwrap();
    assert!(why.starts_with("CannotStartContainerError: Docker did not start the container: "), "{why}");
    assert!(why.contains("/no/such/program"), "{why}");

    let mut missing = bash("c", "true");
    missing["image"] = json!("registry.invalid/no/such:image");
    let ran = ran_all(json!([missing])).await;
    let why = ran.end.containers[0].reason.clone().unwrap();
    let begins = "CannotPullContainerError: the image registry.invalid/no/such:image is not there and cannot be pulled";
    assert!(why.starts_with(begins) && why.contains("docker load"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn where_no_program_is_the_image_runs() {
    let kit = Kit::new().await;
    let mut other = bash("other", "true");
    other["entryPoint"] = json!(["no-such-program"]);
    let task = kit.tasks(&json!([shell("here", "echo $TAGPROOF_CONTAINER"), other]), 1).remove(0);
    let launcher = Launcher::either(images(), Arc::new(|_: &str| {}));
    let ran = launcher.run(&kit.hosted, &task).await.unwrap();
    assert!(ran.output["here"].contains("/tagproof-tasks-"), "{ran:?}");
    let why = ran.end.containers[1].reason.clone().unwrap();
    assert!(why.starts_with("CannotStartContainerError: Docker did not start the container: "), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn a_run_that_is_dropped_leaves_nothing() {
    let kit = Kit::new().await;
    let task = kit.tasks(&json!([bash("c", "sleep 600")]), 1).remove(0);
    let hosted = kit.hosted.clone();
    let running = tokio::spawn(async move { launcher().run(&hosted, &task).await });
    let mine = || made_by(std::process::id()).into_iter().filter(|line| line.starts_with("tagproof-task-")).count();
    until("its container is there", || mine() > 0).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    until("its container is removed", || mine() == 0).await;
}

/// Before Docker has answered: it makes then what nobody waits for.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn a_run_that_is_dropped_at_any_moment_leaves_nothing() {
    let kit = Kit::new().await;
    let launcher = launcher();
    for milliseconds in (0..1000).step_by(100) {
        let task = kit.tasks(&json!([bash("c", "sleep 600")]), 1).remove(0);
        let run = launcher.run(&kit.hosted, &task);
        assert!(tokio::time::timeout(Duration::from_millis(milliseconds), run).await.is_err(), "it is dropped");
        launcher.clear().await;
        assert_eq!(made_by(std::process::id()), [""; 0], "after {milliseconds} ms");
    }
}

/// This process itself, once more, to be killed.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn victim() {
    if std::env::var_os("TAGPROOF_VICTIM").is_some() {
        let kit = Kit::new().await;
        let task = kit.tasks(&json!([bash("c", "trap '' TERM; sleep 600")]), 1).remove(0);
        launcher().run(&kit.hosted, &task).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn what_a_killed_run_leaves_the_next_removes() {
    for _ in 0..3 {
        let mut victim = begun().await;
        // SIGKILL: nothing of it can clean up.
        victim.kill().unwrap();
        victim.wait().unwrap();
        assert_eq!(ran("echo well").await, (0, "well\n".to_owned()));
        assert_eq!(made_by(victim.id()), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the image of the AWS CLI"]
async fn a_run_that_a_signal_ends_leaves_nothing() {
    let mut victim = begun().await;
    assert!(Command::new("kill").arg(victim.id().to_string()).status().unwrap().success());
    victim.wait().unwrap();
    assert_eq!(made_by(victim.id()), [""; 0]);
}

/// A victim whose container and network are there.
async fn begun() -> Child {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--ignored"])
        .env("TAGPROOF_VICTIM", "yes")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("its container and network are there", || {
        assert!(victim.try_wait().unwrap().is_none(), "it has ended before its task began");
        made_by(victim.id()).len() == 2
    })
    .await;
    victim
}

/// As a program in the container: it goes on until it has signed with keys that were not there at its start.
const RENEWS: &str = r#"
import boto3, time
session = boto3.Session()
sts, keys, end = session.client("sts"), [], time.monotonic() + 40
while len(keys) < 3 and time.monotonic() < end:
    who = sts.get_caller_identity()["Arn"]
    key = session.get_credentials().get_frozen_credentials().access_key
    if key not in keys:
        keys.append(key)
        print(who)
    time.sleep(0.2)
"#;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and the stand-in image of the AWS CLI, which has boto3"]
async fn boto3_and_the_aws_cli_renew_their_credentials() {
    let kit = Kit::new().await;
    kit.hosted.with(|world| ecs::set_task_session_seconds(world, Some(4)));
    let watched = kit.tasks(&json!([bash("c", "true")]), 1).remove(0);
    let mut boto3 = bash("boto3", RENEWS);
    boto3["entryPoint"] = json!(["/opt/aws/bin/python", "-c"]);
    // It asks every six seconds, so that its first keys have ended when it asks again.
    let cli = json!({"name": "cli", "image": IMAGE, "command": ["ecs", "wait", "tasks-stopped", "--tasks", watched]});
    let allow = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}});
    kit.call(
        "iam",
        "PutRolePolicy",
        json!({"RoleName": "task", "PolicyName": "p", "PolicyDocument": allow.to_string()}),
    );
    for container in [boto3, cli] {
        let task = kit.tasks(&json!([container]), 1).remove(0);
        let stops = async {
            tokio::time::sleep(Duration::from_secs(8)).await;
            kit.hosted.stop_task(&watched, "seen");
        };
        let launcher = launcher();
        let (ran, ()) = tokio::join!(launcher.run(&kit.hosted, &task), stops);
        let ran = ran.unwrap();
        assert_eq!(ran.end.containers[0].exit_code, Some(0), "{:?}", ran.output);
        if let Some(names) = ran.output.get("boto3") {
            assert_eq!(names.lines().count(), 3, "two were renewed: {names}");
        }
    }
}
