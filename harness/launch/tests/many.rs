//! Many tasks: nothing is left of them. `TAGPROOF_TASKS=1000 cargo test -p tagproof-launch --test many` for more.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that fails panics, and this one measures")]

mod kit;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use kit::{Kit, images, shell};
use launch::Launcher;
use serde_json::json;

fn launcher() -> Launcher {
    Launcher::process(images(), Arc::new(|_: &str| {}))
}

fn files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Of all threads of this process.
fn children() -> usize {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let of = |thread: std::fs::DirEntry| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    threads.map(|thread| of(thread.unwrap()).split_whitespace().count()).sum()
}

#[tokio::test(flavor = "current_thread")]
async fn nothing_is_left_of_many_tasks() {
    let wanted: usize = std::env::var("TAGPROOF_TASKS").map_or(200, |text| text.parse().unwrap());
    let kit = Kit::new().await;
    // What is made once for all is there already.
    launcher().run(&kit.hosted, &kit.task("true")).await.unwrap();
    let before = (files(), children());
    let launcher = Arc::new(launcher());
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..wanted / 10 {
        for task in kit.tasks(&json!([shell("c", "echo $$")]), 10) {
            let (launcher, hosted) = (launcher.clone(), kit.hosted.clone());
            running.spawn(async move { launcher.run(&hosted, &task).await.unwrap() });
        }
    }
    let mut most = 0;
    let mut ended = HashSet::new();
    while let Some(ran) = running.join_next().await {
        let ran = ran.unwrap();
        assert_eq!(ran.end.containers[0].exit_code, Some(0));
        assert!(ended.insert(ran.output["c"].clone()), "each is a process of its own: {ran:?}");
        most = most.max(children());
    }
    println!("{} tasks in {:?}, at most {most} processes at once", ended.len(), began.elapsed());
    assert_eq!(ended.len(), wanted / 10 * 10);
    let bound = std::thread::available_parallelism().unwrap().get() * 2 + 1;
    assert!((1..=bound).contains(&most), "{most} processes at once, where {bound} are allowed");
    drop(launcher);
    assert_eq!((files(), children()), before, "open files and processes");
}
