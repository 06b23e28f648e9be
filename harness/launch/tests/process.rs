//! Containers as real processes.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod kit;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kit::{Kit, images, shell};
use launch::{Launcher, Ran};
use serde_json::json;

fn launcher() -> Launcher {
    Launcher::process(images())
}

/// Whether a process has ended, within a moment.
async fn has_ended(pid: &str) -> bool {
    let status = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        // Nobody may be there to ask how it ended.
        let status = status();
        if status.is_empty() || status.contains(") Z ") {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

async fn ran(script: &str) -> (Ran, i32, String) {
    ran_for(Duration::from_secs(30), script).await
}

async fn ran_for(limit: Duration, script: &str) -> (Ran, i32, String) {
    let kit = Kit::new().await;
    let task = kit.task(script);
    let ran = launcher().with_limit(Some(limit)).run(&kit.hosted, &task).await.unwrap();
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
async fn one_that_heeds_sigterm_ends_by_it() {
    let (ran, code, _) = ran_for(Duration::from_millis(300), "trap 'exit 7' TERM; sleep 600 & wait").await;
    assert_eq!(code, 7);
    assert_eq!(ran.end.stop_code, "UserInitiated");
    assert!(ran.end.reason.starts_with("tagproof stopped the task"), "{}", ran.end.reason);
}

#[tokio::test]
async fn one_that_ignores_sigterm_is_killed() {
    let began = Instant::now();
    let (_, code, output) =
        ran_for(Duration::from_millis(300), "trap '' TERM; echo here; while :; do sleep 1; done").await;
    assert_eq!((code, output.as_str()), (137, "here\n"));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn what_it_leaves_behind_ends_with_it() {
    let (_, code, output) = ran("sleep 600 & echo $!; (trap '' TERM HUP; sleep 600) & echo $!").await;
    assert_eq!(code, 0);
    assert_eq!(output.lines().count(), 2);
    for pid in output.lines() {
        assert!(has_ended(pid).await, "{pid}");
    }
}

#[tokio::test]
async fn what_leaves_its_process_group_ends_with_it() {
    let (_, code, output) =
        ran("setsid sleep 600 & echo $!; setsid sh -c '(sleep 600 & echo $!); sleep 600' & sleep 0.2").await;
    assert_eq!((code, output.lines().count()), (0, 2), "{output}");
    for pid in output.lines() {
        assert!(has_ended(pid).await, "{pid}");
    }
}

#[tokio::test]
async fn the_log_is_written_while_the_container_runs() {
    let kit = Kit::new().await;
    kit.call("logs", "CreateLogGroup", json!({"logGroupName": "g"}));
    let mut container = shell("c", "echo here; sleep 600");
    container["logConfiguration"] = json!({"logDriver": "awslogs", "options": {
        "awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p",
    }});
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let stream = format!("p/c/{}", task.rsplit('/').next().unwrap());
    let (launcher, hosted) = (launcher(), kit.hosted.clone());
    let named = task.clone();
    let running = tokio::spawn(async move { launcher.run(&hosted, &named).await });
    let deadline = Instant::now() + Duration::from_secs(20);
    let asked = json!({"logGroupName": "g", "logStreamName": stream});
    while Instant::now() < deadline {
        tokio::task::yield_now().await;
        // The stream is made when the task begins.
        let made = kit.call("logs", "DescribeLogStreams", json!({"logGroupName": "g"}));
        if made["logStreams"].as_array().is_some_and(|streams| !streams.is_empty())
            && kit.call("logs", "GetLogEvents", asked.clone())["events"][0]["message"] == "here"
        {
            kit.hosted.stop_task(&task, "seen");
            assert_eq!(running.await.unwrap().unwrap().end.reason, "seen");
            return;
        }
    }
    panic!("nothing was logged");
}

#[tokio::test]
async fn whoever_attends_all_runs_what_is_started() {
    let kit = Kit::new().await;
    let attending = tokio::spawn(std::sync::Arc::new(launcher()).attend_all(kit.hosted.clone()));
    while !kit.hosted.with(|world| world.expects_attendants()) {
        tokio::task::yield_now().await;
    }
    let first = kit.task("exit 5");
    let second = kit.task("sleep 600");
    let deadline = Instant::now() + Duration::from_secs(20);
    let status = |task: &str| kit.call("ecs", "DescribeTasks", json!({"tasks": [task]}))["tasks"][0].clone();
    while status(&first)["lastStatus"] != "STOPPED" || status(&second)["lastStatus"] != "RUNNING" {
        assert!(Instant::now() < deadline, "{} {}", status(&first), status(&second));
        tokio::task::yield_now().await;
    }
    assert_eq!(status(&first)["containers"][0]["exitCode"], 5);
    kit.call("ecs", "StopTask", json!({"task": second}));
    while status(&second)["lastStatus"] != "STOPPED" {
        assert!(Instant::now() < deadline, "{}", status(&second));
        tokio::task::yield_now().await;
    }
    assert_eq!(status(&second)["containers"][0]["exitCode"], 143);
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
    let mut main = shell("main", "echo main");
    main["dependsOn"] = json!([{"containerName": "init", "condition": "SUCCESS"}]);
    let mut init = shell("init", "echo init");
    init["essential"] = json!(false);
    let mut side = shell("side", "trap '' TERM; sleep 600");
    side["essential"] = json!(false);
    let task = kit.tasks(&json!([main, init, side]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    let codes: Vec<_> = ran.end.containers.iter().map(|container| container.exit_code).collect();
    assert_eq!(codes, [Some(0), Some(0), Some(137)]);
}

#[tokio::test]
async fn a_run_that_is_dropped_ends_its_containers() {
    let kit = Kit::new().await;
    let fifo = tempfile::tempdir().unwrap();
    let path = fifo.path().join("pid");
    let task = kit.task(&format!("echo $$ > '{}.new'; mv '{0}.new' '{0}'; sleep 600", path.display()));
    let hosted = kit.hosted.clone();
    let running = tokio::spawn(async move { launcher().run(&hosted, &task).await });
    while !path.exists() {
        tokio::task::yield_now().await;
    }
    running.abort();
    assert!(has_ended(std::fs::read_to_string(path).unwrap().trim()).await);
}

/// This process itself, once more, to be killed.
#[tokio::test]
async fn victim() {
    if std::env::var_os("TAGPROOF_VICTIM").is_some() {
        let kit = Kit::new().await;
        let pipe = std::env::var("TAGPROOF_VICTIM").unwrap();
        let task = kit.task(&format!(
            "trap '' TERM HUP; setsid sleep 600 & echo $$ $! $HOME > '{pipe}.new'; mv '{pipe}.new' '{pipe}'; wait"
        ));
        launcher().run(&kit.hosted, &task).await.unwrap();
    }
}

#[tokio::test]
async fn containers_die_with_whoever_started_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--nocapture"])
        .env("TAGPROOF_VICTIM", &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(victim.stdout.take().unwrap()).read_line(&mut first).unwrap();
    while !file.exists() {
        assert!(victim.try_wait().unwrap().is_none(), "it has ended before its task began");
        tokio::task::yield_now().await;
    }
    // SIGKILL: nothing of it can clean up.
    victim.kill().unwrap();
    victim.wait().unwrap();
    let told = std::fs::read_to_string(&file).unwrap();
    let [shell, sleeper, home] = told.split_whitespace().collect::<Vec<_>>().try_into().unwrap();
    assert!(has_ended(shell).await && has_ended(sleeper).await, "{told}");
    let deadline = Instant::now() + Duration::from_secs(10);
    while std::path::Path::new(home).exists() && Instant::now() < deadline {
        tokio::task::yield_now().await;
    }
    assert!(!std::path::Path::new(home).exists(), "{home}");
}
