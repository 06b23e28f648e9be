//! What the machine says, asked past the library: with Docker's own client and the kernel's own files.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::fs::symlink;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use backend::{Options, Way};
use tempfile::TempDir;

/// A cache of a test's own, in which only the virtual environments are shared.
pub(crate) fn cache() -> TempDir {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("venvs");
    fs::create_dir_all(&shared).unwrap();
    let cache = tempfile::tempdir().unwrap();
    symlink(shared, cache.path().join("venvs")).unwrap();
    // The lock belongs to what it locks.
    symlink(Path::new(env!("CARGO_TARGET_TMPDIR")).join("venvs.lock"), cache.path().join("venvs.lock")).unwrap();
    cache
}

pub(crate) fn options(cache: &TempDir, way: Way) -> Options {
    Options { way, ..Options::with_cache(cache.path().to_owned()) }
}

/// What a program prints; it must succeed.
pub(crate) fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The container that publishes a URL's port.
pub(crate) fn container(url: &str) -> Option<String> {
    let port = url.rsplit(':').next().unwrap();
    let id = said("docker", &["ps", "--quiet", "--no-trunc", "--filter", &format!("publish={port}")]);
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

/// Containers, running or not, that a process owns.
pub(crate) fn containers_of(pid: u32) -> Vec<String> {
    let format = "{{.ID}} {{.Label \"tagproof.owner\"}}";
    let listed = said("docker", &["ps", "--all", "--filter", "label=tagproof.owner", "--format", format]);
    let owned = listed.lines().filter_map(|line| line.split_once(' '));
    owned.filter(|(_, owner)| owner.starts_with(&format!("{pid}."))).map(|(id, _)| id.to_owned()).collect()
}

/// The volumes of a container; none, if it is gone.
pub(crate) fn volumes(container: &str) -> Vec<String> {
    let format = "{{range .Mounts}}{{println .Name}}{{end}}";
    let told = Command::new("docker").args(["inspect", "--format", format, container]).output().unwrap();
    String::from_utf8(told.stdout).unwrap().split_whitespace().map(str::to_owned).collect()
}

pub(crate) fn volume_is_there(name: &str) -> bool {
    said("docker", &["volume", "ls", "--quiet"]).lines().any(|line| line == name)
}

/// Processes that were started with something in a folder as their `TMPDIR`.
pub(crate) fn processes_in(folder: &Path) -> Vec<u32> {
    let wanted = format!("TMPDIR={}/", folder.display());
    let pids = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &u32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()))
    })
    .collect()
}

/// What is left in the folder for the time of runs.
pub(crate) fn run_folders(cache: &Path) -> Vec<PathBuf> {
    fs::read_dir(cache.join("run")).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

/// The addresses at which a process listens, as `/proc/net/tcp` has them.
pub(crate) fn listens_at(pid: u32) -> Vec<String> {
    let links = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
    let sockets: Vec<String> = links
        .filter_map(|link| fs::read_link(link.path()).ok()?.to_str().map(str::to_owned))
        .filter_map(|target| Some(target.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect();
    let tables =
        ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default());
    let rows: Vec<Vec<&str>> =
        tables.iter().flat_map(|table| table.lines()).map(|row| row.split_whitespace().collect()).collect();
    // Fields: 1 is the local address, 3 the state (0A: listening), 9 the socket's number.
    let listening = rows.iter().filter(|row| row.get(3) == Some(&"0A"));
    listening.filter(|row| sockets.iter().any(|socket| row[9] == socket)).map(|row| row[1].to_owned()).collect()
}

/// The status of `GET path`.
pub(crate) fn status(url: &str, path: &str) -> u16 {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}

/// Waits until something is so.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < deadline, "{what}: not within 20 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A runner: the program `examples/start.rs`, in a process of its own.
pub(crate) struct Runner(pub(crate) Child);

impl Runner {
    pub(crate) fn start(backend: &str, way: Way, cache: &Path) -> Self {
        Self::start_with(backend, way, cache, &[])
    }

    pub(crate) fn start_with(backend: &str, way: Way, cache: &Path, environment: &[(&str, &str)]) -> Self {
        Self::by(Command::new(program()).envs(environment.iter().copied()), backend, way, cache)
    }

    /// SIGHUP is ignored.
    pub(crate) fn start_under_nohup(backend: &str, way: Way, cache: &Path) -> Self {
        Self::by(Command::new("nohup").arg(program()), backend, way, cache)
    }

    fn by(command: &mut Command, backend: &str, way: Way, cache: &Path) -> Self {
        command.args([backend, &way.to_string()]).arg(cache);
        Self(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// The line that it prints once its backend serves: URL and label.
    pub(crate) fn line(&mut self) -> (String, String) {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let (url, label) = line.trim().split_once(' ').unwrap_or_else(|| panic!("{}", self.complaint()));
        (url.to_owned(), label.to_owned())
    }

    /// Has it look at whether its backend still serves.
    pub(crate) fn ask(&mut self) {
        self.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// What it said on standard error until its end.
    pub(crate) fn complaint(&mut self) -> String {
        let mut complaint = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
        complaint
    }

    /// Sends it a signal, and waits for its end.
    pub(crate) fn end_by(&mut self, signal: &str) -> ExitStatus {
        // To wait would close it, by which it ends as well.
        let _open = self.0.stdin.take();
        said("kill", &[&format!("-{signal}"), &self.0.id().to_string()]);
        self.0.wait().unwrap()
    }
}

/// Tests are in target/PROFILE/deps, and the examples beside that. Cargo builds them with all tests of the crate, but not
/// for `--test emulators` alone.
fn program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    this.parent().unwrap().with_file_name("examples").join("start")
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// Docker at an address of its own, which can go away.
pub(crate) struct Proxy {
    folder: TempDir,
    open: Arc<AtomicBool>,
}

impl Proxy {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("docker.sock")).unwrap();
        let open = Arc::new(AtomicBool::new(true));
        let opened = Arc::clone(&open);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if opened.load(Ordering::Relaxed) {
                    join(&client, &UnixStream::connect("/var/run/docker.sock").unwrap());
                }
            }
        });
        Self { folder, open }
    }

    pub(crate) fn address(&self) -> String {
        format!("unix://{}/docker.sock", self.folder.path().display())
    }

    /// From now on nobody answers.
    pub(crate) fn stop(&self) {
        self.open.store(false, Ordering::Relaxed);
    }
}

/// Lets two streams speak with each other.
fn join(one: &UnixStream, other: &UnixStream) {
    for (from, to) in [(one, other), (other, one)] {
        let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        std::thread::spawn(move || {
            let _copied = std::io::copy(&mut from, &mut to);
            let _closed = to.shutdown(Shutdown::Write);
        });
    }
}

/// An image like moto's that starts something else. Gone when dropped.
pub(crate) struct OddImage(pub(crate) String);

impl OddImage {
    pub(crate) fn build(name: &str, instruction: &str) -> Self {
        let version = format!("0.0.0-{name}-{}", std::process::id());
        let folder = tempfile::tempdir().unwrap();
        let moto = backend::versions::MOTO.version;
        fs::write(folder.path().join("Dockerfile"), format!("FROM motoserver/moto:{moto}\n{instruction}\n")).unwrap();
        said("docker", &["build", "--quiet", "--tag", &image(&version), folder.path().to_str().unwrap()]);
        Self(version)
    }

    /// Containers of it, running or not.
    pub(crate) fn containers(&self) -> String {
        said("docker", &["ps", "--all", "--quiet", "--filter", &format!("ancestor={}", image(&self.0))])
    }
}

impl Drop for OddImage {
    fn drop(&mut self) {
        let _removed = Command::new("docker").args(["rmi", "--force", &image(&self.0)]).output();
    }
}

fn image(version: &str) -> String {
    format!("motoserver/moto:{version}")
}
