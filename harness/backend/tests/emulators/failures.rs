//! What goes wrong, and what is said about it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use backend::{Backend, BackendError, Options, Running, Way};

use crate::machine::{
    OddImage, Proxy, Runner, cache, container, containers_of, listens_at, options, processes_in, run_folders, said,
};

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

fn starts(program: &[&str]) -> String {
    format!("ENTRYPOINT {program:?}")
}

/// Starts something else than moto, in a container.
async fn odd(image: &OddImage, deadline: Duration) -> Result<Running, BackendError> {
    let cache = cache();
    let version = Some(image.0.clone());
    backend::start(&Backend::Moto, &Options { version, deadline, ..options(&cache, Way::Container) }, &|_| ()).await
}

#[tokio::test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn one_that_never_serves() {
    let image = OddImage::build("silent", &starts(&["sh", "-c", "echo not today; sleep 1000"]));
    // Docker has this time as well to start it.
    let text = odd(&image, Duration::from_secs(15)).await.map(|running| running.url).unwrap_err().to_string();
    assert!(
        text.starts_with(&format!("moto {} (container): it did not serve at http://127.0.0.1:", image.0)),
        "{text}"
    );
    assert!(text.contains(" within 15 s: ") && text.contains("\n  | not today\n"), "{text}");
    assert_eq!(image.containers(), "");
}

#[tokio::test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn one_that_ends_at_once() {
    let image = OddImage::build("brief", &starts(&["sh", "-c", "echo not today; exit 3"]));
    let text = odd(&image, Duration::from_secs(600)).await.map(|running| running.url).unwrap_err().to_string();
    assert!(text.contains("(container): it ended: its container with exit code 3\n"), "{text}");
    assert!(text.contains("\n  | not today\n"), "{text}");
    assert_eq!(image.containers(), "");
}

#[tokio::test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn one_that_docker_cannot_start() {
    let image = OddImage::build("broken", "USER nobody-at-all");
    let text = odd(&image, Duration::from_secs(60)).await.map(|running| running.url).unwrap_err().to_string();
    assert!(text.contains("(container): Docker did not start its container: "), "{text}");
    assert!(text.contains("nobody-at-all") && text.contains("\n  help: see what Docker says"), "{text}");
    assert_eq!(image.containers(), "");
}

#[tokio::test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
async fn one_that_takes_ten_seconds_for_an_answer() {
    let script = "import time, http.server as h\nclass Slow(h.SimpleHTTPRequestHandler):\n def do_GET(self): \
                  time.sleep(10); self.send_response(200); self.end_headers()\n do_POST = do_GET\n\
                  h.ThreadingHTTPServer(('', 5000), Slow).serve_forever()";
    let image = OddImage::build("slow", &starts(&["python", "-c", script]));
    let running = odd(&image, Duration::from_secs(60)).await.unwrap();
    running.check().await.unwrap();
    running.stop().await.unwrap();
    assert_eq!(image.containers(), "");
}

#[test]
#[ignore = "needs Docker and motoserver/moto: run with .ci/backends"]
fn a_docker_that_stops() {
    let (cache, docker) = (cache(), Proxy::start());
    let mut runner = Runner::start_with("moto", Way::Container, cache.path(), &[("DOCKER_HOST", &docker.address())]);
    let (url, _) = runner.line();
    let id = container(&url).unwrap();
    runner.ask();
    assert_eq!(runner.line(), ("it".to_owned(), "serves".to_owned()));
    // As when its daemon ends: the containers end with it.
    docker.stop();
    said("docker", &["kill", &id]);
    runner.ask();
    assert_eq!(runner.0.wait().unwrap().code(), Some(2));
    let complaint = runner.complaint();
    assert!(complaint.starts_with("moto 5.2.5 (container): Docker does not answer: "), "{complaint}");
    assert!(complaint.contains("\n  help: start Docker"), "{complaint}");
    // It cannot be removed without Docker, but at the next start with one.
    let mut next = Runner::start("moto", Way::Container, cache.path());
    next.line();
    assert_eq!(containers_of(runner.0.id()), Vec::<String>::new());
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
    assert!(text.ends_with("help: make room on the disk, or set XDG_CACHE_HOME to a folder on another"), "{text}");
    assert_eq!(run_folders(disk.0.path()), Vec::<PathBuf>::new());
    assert!(!disk.0.path().join("venvs").exists());
}
