//! However a runner ends, nothing of it is left, at the latest after the next start.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use backend::{Backend, Way};

use crate::machine::{
    Runner, cache, container, containers_of, options, processes_in, run_folders, said, until, volume_is_there, volumes,
};

/// Kills runners at moments spread over a start, the last one when it serves, and then starts once more.
async fn killed_at_any_moment(backend: Backend, way: Way, times: u32) {
    let cache = cache();
    let (mut pids, mut kept) = (Vec::new(), Vec::new());
    let started = Instant::now();
    Runner::start(backend.name(), way, cache.path()).line();
    let whole = started.elapsed();
    // Spread evenly, in an order without a pattern: 7 shares no factor with how many there are.
    for time in (1..times).map(|time| time * 7 % times).chain([times]) {
        let mut runner = Runner::start(backend.name(), way, cache.path());
        if time == times {
            runner.line();
        } else {
            std::thread::sleep(whole * time / times);
        }
        runner.0.kill().unwrap();
        runner.0.wait().unwrap();
        pids.push(runner.0.id());
        // Tests beside this one may already have removed it.
        kept.extend(containers_of(runner.0.id()).iter().flat_map(|id| volumes(id)));
    }
    // Processes do not even wait for the next start.
    until("processes end", || processes_in(cache.path()).is_empty());

    let running = backend::start(&backend, &options(&cache, way), &|line| println!("{line}")).await.unwrap();
    running.check().await.unwrap();
    let left: Vec<String> = pids.iter().flat_map(|pid| containers_of(*pid)).collect();
    assert!(left.is_empty(), "{left:?}");
    let left: Vec<&String> = kept.iter().filter(|volume| volume_is_there(volume)).collect();
    assert!(left.is_empty(), "{left:?}");
    running.stop().await.unwrap();
    assert_eq!(run_folders(cache.path()), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn twenty_times_in_containers() {
    killed_at_any_moment(Backend::Moto, Way::Container, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and localstack/localstack: run with .ci/backends"]
async fn with_volumes() {
    killed_at_any_moment(Backend::Localstack, Way::Container, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn twenty_times_as_processes() {
    // What is shared is made before, or this would be about that.
    let cache = cache();
    let options = options(&cache, Way::Process);
    backend::start(&Backend::Moto, &options, &|_| ()).await.unwrap().stop().await.unwrap();
    killed_at_any_moment(Backend::Moto, Way::Process, 20).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn while_it_installs() {
    // A cache that shares nothing.
    let cache = tempfile::tempdir().unwrap();
    let working = |path: &Path| processes_in(path).len();
    for seconds in [0.5, 2.0, 5.0] {
        let mut runner = Runner::start("ministack", Way::Process, cache.path());
        until("it installs", || working(cache.path()) > 0);
        std::thread::sleep(Duration::from_secs_f32(seconds));
        runner.0.kill().unwrap();
        runner.0.wait().unwrap();
        until("pip ends", || working(cache.path()) == 0);
    }
    let said = std::sync::Mutex::new(Vec::new());
    let options = options(&cache, Way::Process);
    let running = backend::start(&Backend::Ministack, &options, &|line| said.lock().unwrap().push(line.to_owned()))
        .await
        .unwrap();
    running.check().await.unwrap();
    running.stop().await.unwrap();
    assert_eq!(run_folders(cache.path()), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "needs Docker, Python and PyPI: run with .ci/backends"]
fn signals() {
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let cache = cache();
        let mut runner = Runner::start("moto", Way::Container, cache.path());
        let (url, _) = runner.line();
        assert!(container(&url).is_some());
        assert_eq!(runner.end_by(name).code(), Some(code), "SIG{name}");
        assert_eq!(containers_of(runner.0.id()), Vec::<String>::new(), "SIG{name}");

        let mut runner = Runner::start("moto", Way::Process, cache.path());
        runner.line();
        assert_eq!(runner.end_by(name).code(), None, "SIG{name}");
        until("the process ends", || processes_in(cache.path()).is_empty());
        until("its folder is removed", || run_folders(cache.path()).is_empty());
    }
}

#[test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
fn a_hangup_that_is_ignored() {
    let cache = cache();
    let mut runner = Runner::start_under_nohup("moto", Way::Container, cache.path());
    runner.line();
    let pid = runner.0.id().to_string();
    said("kill", &["-HUP", &pid]);
    runner.ask();
    assert_eq!(runner.line(), ("it".to_owned(), "serves".to_owned()));
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap().trim();
    assert!(ignored.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']), "{ignored}");
}
