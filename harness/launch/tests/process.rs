//! Containers as real processes.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod kit;
#[path = "kit/stopped.rs"]
mod stopped;
#[path = "kit/waiting.rs"]
mod waiting;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kit::{Kit, images, shell};
use launch::{Launcher, Ran};
use serde_json::{Value, json};
use stopped::stopped;
use waiting::{begun, logged, says, until};

fn launcher() -> Launcher {
    Launcher::process(images(), Arc::new(|_: &str| {}))
}

fn launcher_without_limit() -> Launcher {
    launcher().without_limit()
}

/// Waits until a process has ended.
async fn ended(pid: &str) {
    until(&format!("process {pid} ends"), || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // Nobody may be there to ask how it ended.
        status.is_empty() || status.contains(") Z ")
    })
    .await;
}

async fn ran(script: &str) -> (Ran, i32, String) {
    ran_for(Duration::from_secs(30), script).await
}

async fn ran_for(limit: Duration, script: &str) -> (Ran, i32, String) {
    let kit = Kit::new().await;
    let task = kit.task(script);
    let ran = launcher().with_limit(limit).run(&kit.hosted, &task).await.unwrap();
    let (code, output) = (ran.end.containers[0].exit_code.unwrap(), ran.output["c"].clone());
    (ran, code, output)
}

#[tokio::test]
async fn a_container_prints_and_ends() {
    let (ran, code, output) = ran("echo out; echo err >&2; exit 3").await;
    assert_eq!((code, output.as_str()), (3, "out\nerr\n"));
    assert_eq!(
        (ran.end.stop_code, ran.end.reason.as_str()),
        ("EssentialContainerExited", "Essential container in task exited")
    );
}

#[tokio::test]
async fn its_environment_is_what_ecs_sets() {
    let kit = Kit::new().await;
    let mut container = shell("c", "env; echo; pwd; ls -A; cat");
    container["environment"] = json!([{"name": "STATUS", "value": "OK"}, {"name": "AWS_REGION", "value": "eu-west-1"}]);
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    let (variables, rest) = ran.output["c"].split_once("\n\n").unwrap();
    let mut names: Vec<_> = variables.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    names.sort_unstable();
    let shells_own = ["OLDPWD", "PWD", "SHLVL", "_"];
    names.retain(|name| !shells_own.contains(name));
    assert_eq!(
        names,
        [
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_DEFAULT_REGION",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_ENDPOINT_URL",
            "AWS_EXECUTION_ENV",
            "AWS_REGION",
            "ECS_CONTAINER_METADATA_URI_V4",
            "HOME",
            "PATH",
            "STATUS",
            "TAGPROOF_CONTAINER",
            "TMPDIR",
        ]
    );
    assert!(variables.contains("AWS_REGION=eu-west-1") && variables.contains("AWS_DEFAULT_REGION=us-east-1"));
    let folder = rest.trim_end();
    assert_eq!(folder.lines().count(), 1, "an empty folder of its own, and nothing to read: {folder}");
    assert!(folder.contains("tagproof-tasks-") && !std::path::Path::new(folder).exists());
}

#[tokio::test]
async fn its_variables_have_whatever_names_they_like() {
    let kit = Kit::new().await;
    let variables = ["spring.datasource.url=jdbc:a b", "my-variable=1", "-x=2", "go=away", "TAGPROOF=$HOME"];
    let given = variables.map(|variable| variable.split_once('=').unwrap());
    let environment = given.map(|(name, value)| json!({"name": name, "value": value}));
    // Not by way of a shell of its own, which would drop some.
    let container = json!({"name": "c", "image": "shell", "entryPoint": ["env"], "environment": environment});
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    let printed: Vec<_> = ran.output["c"].lines().collect();
    for variable in variables {
        assert!(printed.contains(&variable), "{variable}: {printed:?}");
    }
    assert!(printed.iter().any(|line| line.starts_with("AWS_CONTAINER_AUTHORIZATION_TOKEN=")), "{printed:?}");
}

#[tokio::test]
async fn one_that_heeds_sigterm_ends_by_it() {
    let ran = stopped(launcher(), shell("c", "trap 'exit 7' TERM; echo here; sleep 600 & wait")).await;
    assert_eq!(ran.end.containers[0].exit_code, Some(7));
    assert_eq!((ran.end.stop_code, ran.end.reason.as_str()), ("UserInitiated", "seen"));
}

#[tokio::test]
async fn one_that_ignores_sigterm_is_killed() {
    let ran = stopped(launcher(), shell("c", "trap '' TERM; echo here; while :; do sleep 1; done")).await;
    assert_eq!((ran.end.containers[0].exit_code, ran.output["c"].as_str()), (Some(137), "here\n"));
}

#[tokio::test]
async fn one_that_runs_for_too_long_is_stopped() {
    let (ran, code, _) = ran_for(Duration::from_millis(300), "sleep 600").await;
    assert_eq!((ran.end.stop_code, code), ("UserInitiated", 143));
    assert!(ran.end.reason.starts_with("tagproof stopped the task"), "{}", ran.end.reason);
}

#[tokio::test]
async fn processor_time_is_limited_where_time_is() {
    let own = Command::new("sh").args(["-c", "ulimit -t"]).output().unwrap();
    let kit = Kit::new().await;
    let ran = launcher_without_limit().run(&kit.hosted, &kit.task("ulimit -t")).await.unwrap();
    assert_eq!(ran.output["c"].as_bytes(), own.stdout);
    let (_, _, limited) = self::ran("ulimit -t").await;
    assert_eq!(limited, "300\n");
}

#[tokio::test]
async fn what_it_leaves_behind_ends_with_it() {
    let (_, code, output) = ran("sleep 600 & echo $!; (trap '' TERM HUP; sleep 600) & echo $!").await;
    assert_eq!(code, 0);
    assert_eq!(output.lines().count(), 2);
    for pid in output.lines() {
        ended(pid).await;
    }
}

#[tokio::test]
async fn what_leaves_its_process_group_ends_with_it() {
    let (_, code, output) = ran("setsid sleep 600 & echo $!
        setsid sh -c '(sleep 600 & echo $! >new; mv new pid); sleep 600' &
        until [ -e pid ]; do sleep 0.02; done; cat pid")
    .await;
    assert_eq!((code, output.lines().count()), (0, 2), "{output}");
    for pid in output.lines() {
        ended(pid).await;
    }
}

#[tokio::test]
async fn the_log_is_written_while_the_container_runs() {
    let ran = stopped(launcher(), shell("c", "echo here; sleep 600")).await;
    assert_eq!((ran.end.reason.as_str(), ran.end.containers[0].exit_code), ("seen", Some(143)));
}

/// `lastStatus` of a task, and all that there is to read of it.
fn described(kit: &Kit, task: &str) -> (String, Value) {
    let task = kit.call("ecs", "DescribeTasks", json!({"tasks": [task]}))["tasks"][0].clone();
    (task["lastStatus"].as_str().unwrap().to_owned(), task)
}

async fn reaches(kit: &Kit, task: &str, status: &str) -> Value {
    until(&format!("{task} is {status}"), || described(kit, task).0 == status).await;
    described(kit, task).1
}

#[tokio::test]
async fn whoever_attends_all_runs_what_is_started() {
    let kit = Kit::new().await;
    let attending = tokio::spawn(Arc::new(launcher()).attend_all(kit.hosted.clone()));
    assert!(kit.hosted.with(|world| ecs::expects_attendants(world)), "at once: no task passes for running");
    let first = kit.task("exit 5");
    let second = kit.task("sleep 600");
    assert_eq!(reaches(&kit, &first, "STOPPED").await["containers"][0]["exitCode"], 5);
    reaches(&kit, &second, "RUNNING").await;
    kit.call("ecs", "StopTask", json!({"task": second}));
    assert_eq!(reaches(&kit, &second, "STOPPED").await["containers"][0]["exitCode"], 143);
    attending.abort();
}

#[tokio::test]
async fn tasks_without_a_limit_do_not_wait_for_one_another() {
    let kit = Kit::new().await;
    let attending = tokio::spawn(Arc::new(launcher_without_limit()).attend_all(kit.hosted.clone()));
    let more = std::thread::available_parallelism().unwrap().get() * 2 + 1;
    let tasks: Vec<String> = (0..more).map(|_| kit.task("sleep 600")).collect();
    for task in &tasks {
        reaches(&kit, task, "RUNNING").await;
    }
    attending.abort();
}

#[tokio::test]
async fn a_flood_is_bounded_and_its_end_is_seen() {
    let (_, code, output) = ran("echo first; yes | head -c 1000000000; echo last; exit 4").await;
    assert_eq!(code, 4);
    assert!(output.starts_with("first\ny\n") && output.ends_with("y\nlast\n"));
    assert!(output.contains("bytes of output are left out here]") && output.len() < 300_000);
}

#[tokio::test]
async fn one_that_cannot_be_started_says_why() {
    let kit = Kit::new().await;
    let mut container = shell("c", "true");
    container["entryPoint"] = json!(["/no/such/program"]);
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    assert_eq!((ran.end.stop_code, ran.end.reason.as_str()), ("TaskFailedToStart", "Task failed to start"));
    let why = ran.end.containers[0].reason.clone().unwrap();
    assert!(why.starts_with("CannotStartContainerError: there is no program `/no/such/program`"), "{why}");
}

#[tokio::test]
async fn containers_wait_for_one_another() {
    let kit = Kit::new().await;
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let mut main = shell("main", &format!("until [ -e '{}' ]; do sleep 0.02; done; echo main", ready.display()));
    main["dependsOn"] = json!([{"containerName": "init", "condition": "SUCCESS"}]);
    let mut init = shell("init", "echo init");
    init["essential"] = json!(false);
    let mut side = logged(shell("side", "trap '' TERM; echo here; sleep 600"));
    side["essential"] = json!(false);
    let (task, running) = begun(&kit, launcher(), &[main, init, side]);
    says(&kit, &task, "side").await;
    std::fs::write(ready, "").unwrap();
    let ran = running.await.unwrap().unwrap();
    let codes: Vec<_> = ran.end.containers.iter().map(|container| container.exit_code).collect();
    assert_eq!(codes, [Some(0), Some(0), Some(137)]);
}

#[tokio::test]
async fn a_run_that_is_dropped_ends_its_containers() {
    let kit = Kit::new().await;
    let (task, running) = begun(&kit, launcher(), &[logged(shell("c", "echo $$; sleep 600"))]);
    let pid = says(&kit, &task, "c").await;
    running.abort();
    ended(&pid).await;
}

/// This process itself, once more, to be killed.
#[tokio::test]
async fn victim() {
    if let Some(file) = std::env::var_os("TAGPROOF_VICTIM").map(std::path::PathBuf::from) {
        let kit = Kit::new().await;
        let script = "trap '' TERM HUP; setsid sleep 600 & echo $$ $! $HOME; wait";
        let (task, running) = begun(&kit, launcher(), &[logged(shell("c", script))]);
        let told = file.with_extension("new");
        std::fs::write(&told, says(&kit, &task, "c").await).unwrap();
        std::fs::rename(told, file).unwrap();
        running.await.unwrap();
    }
}

#[tokio::test]
async fn containers_die_with_whoever_started_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim"])
        .env("TAGPROOF_VICTIM", &file)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("its task begins", || {
        assert!(victim.try_wait().unwrap().is_none(), "it has ended before its task began");
        file.exists()
    })
    .await;
    // SIGKILL: nothing of it can clean up.
    victim.kill().unwrap();
    victim.wait().unwrap();
    let told = std::fs::read_to_string(&file).unwrap();
    let [shell, sleeper, home] = told.split_whitespace().collect::<Vec<_>>().try_into().unwrap();
    ended(shell).await;
    ended(sleeper).await;
    until("its folder is removed", || !std::path::Path::new(home).exists()).await;
}
