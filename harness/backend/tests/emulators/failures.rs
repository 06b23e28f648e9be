//! What goes wrong, and what is said about it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use backend::{Backend, Options, Way};

use crate::machine::{cache, container, listens_at, options, processes_in, run_folders, said};

/// A virtual environment of one's own, to spoil: a copy of the shared one.
async fn copied(backend: &Backend) -> tempfile::TempDir {
    let shared = cache();
    let running = backend::start(backend, &options(&shared, Way::Process), &|_| ()).await.unwrap();
    running.stop().await.unwrap();
    let own = tempfile::tempdir().unwrap();
    let from = shared.path().join("venvs/.");
    fs::create_dir(own.path().join("venvs")).unwrap();
    said("cp", &["-a", from.to_str().unwrap(), own.path().join("venvs").to_str().unwrap()]);
    own
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn a_container_that_is_killed() {
    let cache = cache();
    let running = backend::start(&Backend::Moto, &options(&cache, Way::Container), &|_| ()).await.unwrap();
    let id = container(&running.url).unwrap();
    said("docker", &["kill", &id]);
    let error = running.check().await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("moto 5.2.5 (container): it ended: its container with exit code 137\n"), "{text}");
    assert!(text.contains("\n  | ") && text.contains("Running on http://127.0.0.1:5000"), "{text}");
    let kept = fs::read_to_string(error.kept.unwrap()).unwrap();
    assert!(kept.contains("Running on http://127.0.0.1:5000"), "{kept}");
    running.stop().await.unwrap();
    assert!(!said("docker", &["ps", "--all", "--quiet", "--no-trunc"]).contains(&id));
}

#[tokio::test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn a_container_that_somebody_removed() {
    let cache = cache();
    let running = backend::start(&Backend::Moto, &options(&cache, Way::Container), &|_| ()).await.unwrap();
    said("docker", &["rm", "--force", &container(&running.url).unwrap()]);
    let text = running.check().await.unwrap_err().to_string();
    assert!(text.starts_with("moto 5.2.5 (container): it ended: "), "{text}");
    running.stop().await.unwrap();
}

#[tokio::test]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn a_process_that_is_killed() {
    let cache = cache();
    let running = backend::start(&Backend::Moto, &options(&cache, Way::Process), &|_| ()).await.unwrap();
    let [pid] = processes_in(cache.path())[..] else { panic!("one process") };
    said("kill", &["-KILL", &pid.to_string()]);
    // The kernel closes its listener a moment after the signal.
    while !listens_at(pid).is_empty() {
        tokio::task::yield_now().await;
    }
    let text = running.check().await.unwrap_err().to_string();
    assert!(text.starts_with("moto 5.2.5 (process): it ended: signal: 9 (SIGKILL)\n"), "{text}");
    assert!(text.contains("\n  | ") && text.contains("GET /moto-api/"), "{text}");
    running.stop().await.unwrap();
    assert_eq!(run_folders(cache.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn a_process_that_hangs() {
    let cache = cache();
    let running = backend::start(&Backend::Moto, &options(&cache, Way::Process), &|_| ()).await.unwrap();
    let [pid] = processes_in(cache.path())[..] else { panic!("one process") };
    said("kill", &["-STOP", &pid.to_string()]);
    let text = running.check().await.unwrap_err().to_string();
    assert!(text.contains("moto 5.2.5 (process): it did not serve at http://127.0.0.1:"), "{text}");
    assert!(text.contains(" within 15 s: no answer\n"), "{text}");
    running.stop().await.unwrap();
    assert_eq!(processes_in(cache.path()), Vec::<u32>::new());
    assert_eq!(run_folders(cache.path()), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Docker and localstack/localstack: run with .ci/backends"]
async fn one_that_takes_too_long() {
    let cache = cache();
    let hasty = Options { deadline: Duration::from_millis(900), ..options(&cache, Way::Container) };
    let error = backend::start(&Backend::Localstack, &hasty, &|_| ()).await.map(|running| running.url).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("LocalStack 4.14.0 (container): "), "{text}");
    assert!(text.contains("did not"), "{text}");
    let mine = format!("label=tagproof.owner={}", std::process::id());
    assert_eq!(
        said("docker", &["ps", "--quiet", "--filter", &mine, "--filter", "ancestor=localstack/localstack:4.14.0"]),
        ""
    );
}

#[tokio::test]
#[ignore = "needs Docker, Python and PyPI: run with .ci/backends"]
async fn an_image_that_cannot_be_pulled() {
    let cache = cache();
    let missing = |way| Options { version: Some("0.0.0-none".to_owned()), ..options(&cache, way) };
    for way in [Way::Container, Way::Any] {
        let lines = Mutex::new(Vec::new());
        let progress = |line: &str| lines.lock().unwrap().push(line.to_owned());
        let error = backend::start(&Backend::Moto, &missing(way), &progress).await.map(|running| running.url);
        let text = error.unwrap_err().to_string();
        let expected =
            "moto 0.0.0-none (container): the image motoserver/moto:0.0.0-none is not there and cannot be pulled: ";
        assert!(text.starts_with(expected), "{text}");
        assert!(lines.lock().unwrap().contains(&"pulling motoserver/moto:0.0.0-none".to_owned()));
    }
}

#[tokio::test]
#[ignore = "needs Python and PyPI: run with .ci/backends"]
async fn a_virtual_environment_that_lost_a_part_is_made_again() {
    let again = async |spoil: &dyn Fn(&Path), why: &str| {
        let own = copied(&Backend::Ministack).await;
        spoil(&own.path().join("venvs/ministack-1.5.33"));
        let lines = Mutex::new(Vec::new());
        let progress = |line: &str| lines.lock().unwrap().push(line.to_owned());
        let running = backend::start(&Backend::Ministack, &options(&own, Way::Process), &progress).await.unwrap();
        running.check().await.unwrap();
        running.stop().await.unwrap();
        assert_eq!(*lines.lock().unwrap(), [format!("installing MiniStack 1.5.33 from PyPI again: {why}")]);
    };
    again(&|venv| fs::remove_file(venv.join("complete")).unwrap(), "it is not whole").await;
    again(&|venv| fs::remove_dir_all(packages(venv).join("hypercorn")).unwrap(), "it is not whole").await;
    let dangling = |venv: &Path| {
        fs::remove_file(venv.join("bin/python")).unwrap();
        symlink("/nowhere/python3", venv.join("bin/python")).unwrap();
    };
    again(&dangling, "its Python is gone").await;
}

/// Where an environment's packages are.
fn packages(venv: &Path) -> PathBuf {
    let versions = fs::read_dir(venv.join("lib")).unwrap();
    versions.map(|version| version.unwrap().path().join("site-packages")).next().unwrap()
}

/// A small file system of its own, gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        said("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", folder.path().to_str().unwrap()]);
        Self(folder)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        said("umount", &["--lazy", self.0.path().to_str().unwrap()]);
    }
}

#[tokio::test]
#[ignore = "needs root, Python and PyPI: run with .ci/backends"]
async fn a_full_disk() {
    let disk = SmallDisk::mount("30m");
    let error = backend::start(&Backend::Ministack, &options(&disk.0, Way::Process), &|_| ()).await;
    let text = error.map(|running| running.url).unwrap_err().to_string();
    assert!(text.starts_with("MiniStack 1.5.33 (process): cannot make its virtual environment in "), "{text}");
    assert!(text.contains("No space left on device"), "{text}");
    assert!(
        text.ends_with("what to do: make room on the disk, or set XDG_CACHE_HOME to a folder on another"),
        "{text}"
    );
    assert_eq!(run_folders(disk.0.path()), Vec::<PathBuf>::new());
    assert!(!disk.0.path().join("venvs").exists());
}
