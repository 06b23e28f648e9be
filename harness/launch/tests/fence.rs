//! Attacks from inside a container's process, each on what a fence keeps it from.
//!
//! This program itself is the container's: `attacker` is what it runs there. Where this machine cannot raise a fence, the
//! test holds that the launcher says so.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that fails panics, and an attack tells")]

#[path = "kit/attacks.rs"]
mod attacks;
mod kit;
#[path = "kit/waiting.rs"]
mod waiting;

use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex};

use kit::{Kit, images, shell};
use launch::{Launcher, Ran};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};
use serde_json::json;
use tokio::task::JoinHandle;
use waiting::{begun, logged, says};

/// This process itself, once more, in a container.
#[test]
fn attacker() {
    let Ok(attack) = std::env::var("ATTACK") else { return };
    attacks::attack(&attack, &std::env::var("TARGET").unwrap_or_default());
    println!("\nattacked");
}

/// Runs an attack in a container; what it has got, and how it ended.
async fn attacked(kit: &Kit, attack: &str, target: &str) -> (Vec<String>, Ran) {
    let (mut container, program) = (shell("c", ""), std::env::current_exe().unwrap());
    container["entryPoint"] = json!([program, "--exact", "attacker", "--nocapture"]);
    container["command"] = json!([]);
    container["environment"] = json!([{"name": "ATTACK", "value": attack}, {"name": "TARGET", "value": target}]);
    let task = kit.tasks(&json!([container]), 1).remove(0);
    let ran = launcher().run(&kit.hosted, &task).await.unwrap();
    let got = ran.output["c"].lines().filter_map(|line| line.strip_prefix(attacks::GOT)).map(str::to_owned).collect();
    (got, ran)
}

fn launcher() -> Launcher {
    Launcher::process(images(), Arc::new(|_: &str| {}))
}

/// Another task that runs meanwhile: its ARN, its folder with a file `secret`, and its end to come.
async fn beside(kit: &Kit) -> (String, String, JoinHandle<Option<Ran>>) {
    let container = logged(shell("c", "echo secret >secret; echo $HOME; sleep 600"));
    let (task, running) = begun(kit, launcher(), &[container]);
    let folder = says(kit, &task, "c").await;
    (task, folder, running)
}

/// The attack gets nothing where the fence holds. Where it does not, the launcher says so.
async fn held(from: &str, attack: &str, kit: &Kit, target: &str) {
    let fence = launch::fences().into_iter().find(|fence| fence.from == from).unwrap();
    let (got, ran) = attacked(kit, attack, target).await;
    assert!(ran.output["c"].contains("\nattacked"), "{attack}: it did not come to its end: {}", ran.output["c"]);
    if fence.holds {
        assert!(got.is_empty(), "{attack}: {got:#?}");
    } else {
        println!("this machine has no fence from {from}: it needs {}", fence.needs);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let told = lines.clone();
        let launcher =
            Launcher::process(images(), Arc::new(move |line: &str| told.lock().unwrap().push(line.to_owned())));
        launcher.run(&kit.hosted, &kit.task("true")).await.unwrap();
        let lines = lines.lock().unwrap();
        assert!(lines.len() == 1 && lines[0].contains(&format!("{from} (needs {})", fence.needs)), "{lines:?}");
    }
}

#[tokio::test]
async fn it_reads_no_other_process() {
    let kit = Kit::new().await;
    let (_, _, beside) = beside(&kit).await;
    held("reading other processes", "environments", &kit, "").await;
    beside.abort();
}

#[tokio::test]
async fn it_signals_no_other_process() {
    let kit = Kit::new().await;
    let (_, _, beside) = beside(&kit).await;
    held("signalling other processes", "signals", &kit, "").await;
    beside.abort();
}

#[tokio::test]
async fn it_lowers_no_other_processes_limits() {
    let kit = Kit::new().await;
    held("having others act for it", "limits", &kit, "").await;
}

#[tokio::test]
async fn it_reaches_nobody_who_listens_at_a_unix_socket() {
    let kit = Kit::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    held("having others act for it", "sockets", &kit, path.to_str().unwrap()).await;
}

#[tokio::test]
async fn it_changes_files_in_its_own_folder_alone() {
    let kit = Kit::new().await;
    let (_, other, beside) = beside(&kit).await;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("theirs"), "theirs").unwrap();
    fs::write(folder.path().join("other"), other).unwrap();
    held("changing files elsewhere", "files", &kit, folder.path().to_str().unwrap()).await;
    beside.abort();
}

#[tokio::test]
async fn it_starts_processes_up_to_a_bound() {
    held("starting processes without end", "processes", &Kit::new().await, "").await;
}

#[tokio::test]
async fn it_gets_no_page_but_its_own() {
    let kit = Kit::new().await;
    let (task, _, beside) = beside(&kit).await;
    let other = task.rsplit('/').next().unwrap();
    let (got, ran) = attacked(&kit, "pages", other).await;
    assert!(got.is_empty() && ran.output["c"].contains("\nattacked"), "{got:#?} {}", ran.output["c"]);
    beside.abort();
}

#[tokio::test]
async fn it_has_no_privileges_and_gets_none() {
    let (got, ran) = attacked(&Kit::new().await, "privileges", "").await;
    assert!(got.is_empty() && ran.output["c"].contains("\nattacked"), "{got:#?} {}", ran.output["c"]);
}

#[tokio::test]
async fn who_fills_the_disk_is_ended() {
    let kit = Kit::new().await;
    for attack in ["disk", "unlinked", "inodes"] {
        let (_, ran) = attacked(&kit, attack, "").await;
        let [container] = &ran.end.containers[..] else { panic!("one container") };
        let reason = container.reason.clone().unwrap_or_default();
        assert!(reason.starts_with("tagproof ended it: "), "{attack}: {container:?} {}", ran.output["c"]);
        assert_eq!(container.exit_code, Some(137), "{attack}");
    }
}

/// This process itself, once more, where there is no Landlock.
#[tokio::test]
async fn on_an_older_machine() {
    if std::env::var_os("OLDER").is_none() {
        return;
    }
    let kit = Kit::new().await;
    assert!(launch::fences().iter().filter(|fence| fence.needs.starts_with("Landlock")).all(|fence| !fence.holds));
    let task = kit.task("echo ran");
    let brief = kit.hosted.with(|world| ecs::task_brief(world, &task)).unwrap();
    let unasked = Launcher::either(images(), Arc::new(|_: &str| {}));
    let why = unasked.check(&kit.hosted, &brief.containers[0]).await.unwrap_err();
    assert!(why.contains("--launcher process runs it all the same"), "{why}");
    held("signalling other processes", "signals", &kit, "").await;
    assert_eq!(launcher().run(&kit.hosted, &task).await.unwrap().output["c"], "ran\n");
}

#[test]
fn where_nothing_fences_it_a_process_is_asked_for_by_name() {
    let old = SeccompAction::Errno(38);
    let calls = [(libc::SYS_landlock_create_ruleset, Vec::new())].into_iter().collect();
    let machine = std::env::consts::ARCH.try_into().unwrap();
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, old, machine).unwrap();
    let filter: BpfProgram = filter.try_into().unwrap();
    // What is denied to a thread is denied to what it starts, and ends with it.
    let ran = std::thread::spawn(move || {
        apply_filter(&filter).unwrap();
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", "on_an_older_machine"]).env("OLDER", "").output().unwrap()
    });
    let ran = ran.join().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}
