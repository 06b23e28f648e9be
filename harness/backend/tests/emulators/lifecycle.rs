//! Started, serving, stopped: each emulator, each way.

use std::net::TcpStream;
use std::path::PathBuf;

use backend::{Backend, Running, Way};

use crate::machine::{
    Runner, cache, container, listens_at, options, processes_in, run_folders, said, status, until, volume_is_there,
    volumes,
};

/// Where each says that it is up.
fn health(backend: &Backend) -> &'static str {
    backend.emulator().unwrap().health
}

async fn start(backend: &Backend, way: Way, cache: &tempfile::TempDir) -> Running {
    backend::start(backend, &options(cache, way), &|line| println!("{line}")).await.unwrap()
}

/// Two of a kind side by side, in containers.
async fn containers(backend: Backend, label: &str) {
    let cache = cache();
    let (one, other) = tokio::join!(start(&backend, Way::Container, &cache), start(&backend, Way::Container, &cache));
    assert_ne!(one.url, other.url);
    let ids = [&one, &other].map(|running| container(&running.url).unwrap());
    let volumes: Vec<String> = ids.iter().flat_map(|id| volumes(id)).collect();
    for (running, id) in [&one, &other].into_iter().zip(&ids) {
        assert_eq!(running.label, label);
        assert_eq!(status(&running.url, health(&backend)), 200);
        running.check().await.unwrap();
        // One port, on loopback.
        let published = said("docker", &["port", id]);
        assert_eq!(published.lines().count(), 1, "{published}");
        assert!(published.contains("-> 127.0.0.1:"), "{published}");
    }
    let address = one.url.strip_prefix("http://").unwrap().to_owned();
    one.stop().await.unwrap();
    assert!(TcpStream::connect(&address).is_err(), "{address} still answers");
    other.check().await.unwrap();
    drop(other);
    let listed = said("docker", &["ps", "--all", "--quiet", "--no-trunc"]);
    assert!(ids.iter().all(|id| !listed.contains(id)), "{listed}");
    let left: Vec<_> = volumes.iter().filter(|volume| volume_is_there(volume)).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn moto_in_containers() {
    containers(Backend::Moto, "moto 5.2.5 (container)").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and localstack/localstack: run with .ci/backends"]
async fn localstack_in_containers() {
    containers(Backend::Localstack, "LocalStack 4.14.0 (container)").await;
}

#[tokio::test]
#[ignore = "needs Docker and ministackorg/ministack: run with .ci/backends"]
async fn ministack_in_containers() {
    containers(Backend::Ministack, "MiniStack 1.5.33 (container)").await;
}

/// Two of a kind side by side, as processes.
async fn processes(backend: Backend, label: &str) {
    let cache = cache();
    let (one, other) = tokio::join!(start(&backend, Way::Process, &cache), start(&backend, Way::Process, &cache));
    assert_ne!(one.url, other.url);
    for running in [&one, &other] {
        assert_eq!(running.label, label);
        assert_eq!(status(&running.url, health(&backend)), 200);
    }
    let pids = processes_in(cache.path());
    assert_eq!(pids.len(), 2, "{pids:?}");
    for pid in pids {
        let addresses = listens_at(pid);
        assert_eq!(addresses.len(), 1, "{addresses:?}");
        // 127.0.0.1, as the kernel writes it.
        assert!(addresses[0].starts_with("0100007F:"), "{addresses:?}");
    }
    one.stop().await.unwrap();
    assert_eq!(processes_in(cache.path()).len(), 1);
    other.check().await.unwrap();
    drop(other);
    assert_eq!(processes_in(cache.path()), Vec::<u32>::new());
    assert_eq!(run_folders(cache.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn moto_as_processes() {
    processes(Backend::Moto, "moto 5.2.5 (process)").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn ministack_as_processes() {
    processes(Backend::Ministack, "MiniStack 1.5.33 (process)").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker, Python and PyPI: run with .ci/backends"]
async fn nothing_is_left_after_a_panic() {
    let cache = cache();
    let (inside, beside) =
        tokio::join!(start(&Backend::Moto, Way::Container, &cache), start(&Backend::Moto, Way::Process, &cache));
    let url = inside.url.clone();
    assert!(container(&url).is_some());
    let task = tokio::spawn(async move {
        let _owned = (inside, beside);
        panic!("on purpose");
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(container(&url), None);
    assert_eq!(processes_in(cache.path()), Vec::<u32>::new());
}

#[test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
fn a_container_may_outlive_its_runtime() {
    let cache = cache();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = runtime.block_on(start(&Backend::Moto, Way::Container, &cache));
    let url = running.url.clone();
    drop(runtime);
    drop(running);
    assert_eq!(container(&url), None);
}

#[test]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
fn without_docker_moto_runs_as_a_process_and_localstack_says_so() {
    let cache = cache();
    let nowhere = [("DOCKER_HOST", "unix:///nowhere/docker.sock")];
    let mut runner = Runner::start_with("moto", Way::Any, cache.path(), &nowhere);
    assert_eq!(runner.line().1, "moto 5.2.5 (process)");
    drop(runner.0.stdin.take());
    assert!(runner.0.wait().unwrap().success());
    let complaint = runner.complaint();
    assert!(complaint.contains("moto: Docker does not answer: "), "{complaint}");
    assert!(complaint.contains("it runs as a process instead"), "{complaint}");
    until("the process ends", || processes_in(cache.path()).is_empty());

    let mut runner = Runner::start_with("localstack", Way::Any, cache.path(), &nowhere);
    assert_eq!(runner.0.wait().unwrap().code(), Some(2));
    let complaint = runner.complaint();
    assert!(complaint.starts_with("LocalStack 4.14.0 (container): Docker does not answer: "), "{complaint}");
    assert!(complaint.contains("help: start Docker, or see that DOCKER_HOST is right"), "{complaint}");
}
