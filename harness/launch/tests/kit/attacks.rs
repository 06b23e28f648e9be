//! What the program in a container tries: each attack tells what it has got.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::process::{Pid, Resource, Rlimit, getpgrp, getppid, prlimit, test_kill_process};

/// What an attack has got begins so.
pub(crate) const GOT: &str = "got: ";
const MIB: u64 = 1024 * 1024;

fn got(what: impl std::fmt::Display) {
    println!("\n{GOT}{what}");
}

/// Attacks whatever it says on the target, and tells what that has got.
pub(crate) fn attack(attack: &str, target: &str) {
    match attack {
        "environments" => environments(),
        "signals" => others().filter(|pid| test_kill_process(*pid).is_ok()).for_each(|pid| got(name(pid))),
        "limits" => limits(),
        "pages" => pages(target),
        "files" => files(Path::new(target)),
        "sockets" => sockets(Path::new(target)),
        "processes" => processes(),
        "disk" => disk(|_| ()),
        "unlinked" => disk(|path| fs::remove_file(path).unwrap()),
        "privileges" => privileges(),
        "inodes" => (0..100_000).for_each(|number| drop(fs::File::create(number.to_string()).unwrap())),
        other => assert!(other.is_empty(), "{other} is no attack"),
    }
}

/// What this process may do as root does, and what a program may that it starts.
fn privileges() {
    let own = fs::read_to_string("/proc/self/status").unwrap();
    let of_program = Command::new("cat").arg("/proc/self/status").output().unwrap();
    for status in [own, String::from_utf8(of_program.stdout).unwrap()] {
        let value = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
        for name in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            if value(name).bytes().any(|digit| digit != b'0') {
                got(format!("{name} {}", value(name)));
            }
        }
        if value("NoNewPrivs:") != "1" {
            got("new privileges");
        }
    }
}

/// All processes but those of this container: those of its process group.
fn others() -> impl Iterator<Item = Pid> {
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let own = getpgrp().as_raw_nonzero().get().to_string();
    all.filter_map(Pid::from_raw).filter(move |pid| {
        let status = of(*pid, "stat");
        status.rsplit(") ").next().unwrap().split(' ').nth(2).is_some_and(|group| group != own)
    })
}

fn of(pid: Pid, file: &str) -> String {
    fs::read_to_string(format!("/proc/{}/{file}", pid.as_raw_nonzero())).unwrap_or_default()
}

fn name(pid: Pid) -> String {
    format!("{pid:?} {}", of(pid, "cmdline").replace('\0', " "))
}

fn environments() {
    for pid in others() {
        for file in ["environ", "maps"] {
            if !of(pid, file).is_empty() {
                got(format!("{file} of {}", name(pid)));
            }
        }
        for place in ["cwd", "root", "exe", "fd/0"] {
            if fs::read_link(format!("/proc/{}/{place}", pid.as_raw_nonzero())).is_ok() {
                got(format!("{place} of {}", name(pid)));
            }
        }
    }
}

/// Lowering another process's limits can end it, as a signal does. The limit changed here has no effect.
fn limits() {
    let runner = getppid().unwrap();
    let none = Rlimit { current: Some(0), maximum: None };
    if prlimit(Some(runner), Resource::Core, none).is_ok() {
        got(name(runner));
    }
}

/// What the listener answers to a client that knows only what this container was told.
fn pages(other: &str) {
    let endpoint = std::env::var("AWS_ENDPOINT_URL").unwrap();
    let token = std::env::var("AWS_CONTAINER_AUTHORIZATION_TOKEN").unwrap();
    let own = std::env::var("AWS_CONTAINER_CREDENTIALS_FULL_URI").unwrap();
    let address = endpoint.strip_prefix("http://").unwrap();
    let (place, _) = own.strip_prefix(&endpoint).unwrap().rsplit_once('/').unwrap();
    let ask = |method: &str, path: &str, authorization: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: {authorization}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let mine = ask("GET", own.strip_prefix(&endpoint).unwrap(), &token);
    assert!(mine.contains("SecretAccessKey"), "{mine}");
    let guessed = "Basic dGVzdDp0ZXN0";
    for (method, path) in [
        ("POST", "/_tagproof/reset".to_owned()),
        ("GET", format!("/_tagproof/tasks/{other}/environment")),
        ("GET", format!("{place}/{other}")),
    ] {
        for authorization in [token.as_str(), guessed, ""] {
            let answer = ask(method, &path, authorization);
            if answer.starts_with("HTTP/1.1 2") {
                got(format!("{method} {path}: {answer}"));
            }
        }
    }
}

/// `folder` has a file `theirs`, and so has the folder of another task, which it names.
fn files(folder: &Path) {
    fs::write("own", "of its own").unwrap();
    fs::rename("own", "renamed").unwrap();
    fs::create_dir("below").unwrap();
    fs::write("/dev/null", "nothing").unwrap();
    assert_eq!(fs::read_to_string(folder.join("theirs")).unwrap(), "theirs");
    let other = fs::read_to_string(folder.join("other")).unwrap();
    let tty = fs::File::open("/dev/tty").map(drop);
    let shared = Path::new("/dev/shm").join(format!("tagproof-attack-{}", std::process::id()));
    for (what, done) in [
        ("a new file", fs::write(folder.join("new"), "new")),
        ("a new folder", fs::create_dir(folder.join("folder"))),
        ("a change", fs::OpenOptions::new().append(true).open(folder.join("theirs")).map(drop)),
        ("a shorter file", fs::OpenOptions::new().write(true).truncate(true).open(folder.join("theirs")).map(drop)),
        ("a file removed", fs::remove_file(folder.join("theirs"))),
        ("a file moved away", fs::rename(folder.join("theirs"), "stolen")),
        ("a file moved there", fs::rename("renamed", folder.join("given"))),
        ("a link", std::os::unix::fs::symlink("own", folder.join("link"))),
        ("shared memory", fs::write(&shared, "shared")),
        ("the terminal", tty),
        ("another task's file", fs::read(Path::new(other.trim()).join("secret")).map(drop)),
        ("a file for another task", fs::write(Path::new(other.trim()).join("new"), "new")),
    ] {
        if done.is_ok() {
            got(what);
        }
    }
    let _none = fs::remove_file(shared);
}

/// Some of those that listen there start programs: Docker, systemd.
fn sockets(listening: &Path) {
    if UnixStream::connect(listening).is_ok() {
        got("who listens outside");
    }
    UnixStream::pair().unwrap();
}

/// As many threads as it can: they count as processes do.
fn processes() {
    const BOUND: usize = 8000;
    let wait = Arc::new(Mutex::new(()));
    let held = wait.lock().unwrap();
    let threads = (0..BOUND).map_while(|_| {
        let wait = wait.clone();
        std::thread::Builder::new().stack_size(64 * 1024).spawn(move || drop(wait.lock())).ok()
    });
    let threads: Vec<_> = threads.collect();
    drop(held);
    if threads.len() == BOUND {
        got(format!("{BOUND} threads"));
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// 4 GiB in files of 512 MiB each, and it waits to be noticed.
fn disk(then: impl Fn(&str)) {
    let mut open = Vec::new();
    for number in 0..8 {
        let file = fs::File::create(number.to_string()).unwrap();
        fallocate(&file, FallocateFlags::empty(), 0, 512 * MIB).unwrap();
        then(&number.to_string());
        open.push(file);
        std::thread::sleep(Duration::from_millis(400));
    }
}
