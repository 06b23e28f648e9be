//! What honest clients notice of hostile ones: 20,000 of these and 4,000 of those at one account, on loopback.
//!
//! ```text
//! cargo bench -p tagproof-wire --bench crowd
//! ```
//!
//! The account is served by a process of its own. An honest client opens a connection and gets an object of 1 KiB, signed;
//! four of them do at a time, first by themselves and then in the crowd. Hostile clients are idle, or stop within the
//! head, send it byte by byte, announce 64 MiB and send little, send 1 MiB and stop, do not take their answer, send no
//! HTTP, too long a head, a wrong signature, or a document that is nested too deep; each stays until it is thrown out, or
//! for two seconds.
//!
//! Budgets: the median of honest clients at most twice what it was; less than 512 MiB of resident memory; as many
//! descriptors afterwards as before.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

#[path = "shared/signature.rs"]
mod signature;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use account::{AccessKey, Settings, Tracing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wire::{Hosting, Server};

const HONEST: usize = 4_000;
const HONEST_AT_A_TIME: usize = 4;
const HOSTILE: usize = 20_000;
const HOSTILE_AT_A_TIME: usize = 4_000;
const STAY: Duration = Duration::from_secs(2);
const LARGE: usize = 16 * 1024 * 1024;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match std::env::args().any(|argument| argument == "--serve") {
        true => runtime.block_on(serve()),
        false => runtime.block_on(run()),
    }
}

/// Serves until its standard input ends.
async fn serve() {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    let settings = Settings { account: "123456789012".to_owned(), root };
    let _hosted = server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
    println!("{}", server.url());
    std::io::stdout().flush().unwrap();
    tokio::task::spawn_blocking(|| std::io::stdin().lock().read_line(&mut String::new())).await.unwrap().unwrap();
}

async fn run() {
    let program = std::env::current_exe().unwrap();
    let mut account = Command::new(program);
    let mut account = account.arg("--serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(account.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address: Arc<str> = url.trim().strip_prefix("http://").unwrap().into();
    for (target, length) in [("/bucket", 0), ("/bucket/small", 1024), ("/bucket/large", LARGE)] {
        assert!(
            ask(&address, &signed(&address, "PUT", target, length), &vec![7; length])
                .await
                .starts_with(b"HTTP/1.1 200")
        );
    }
    let before = descriptors(&account);
    let quiet = honest(&address, HONEST / 4).await;
    let began = Instant::now();
    let hostile = tokio::spawn(hostile(address.clone()));
    let crowded = honest(&address, HONEST).await;
    let thrown_out = hostile.await.unwrap();
    let took = began.elapsed();
    let peak = status(&account, "VmHWM:");
    let mut after = descriptors(&account);
    for _ in 0..50 {
        if after > before {
            tokio::time::sleep(Duration::from_millis(100)).await;
            after = descriptors(&account);
        }
    }
    println!("{HOSTILE} hostile and {HONEST} honest clients in {:.1} s; thrown out: {thrown_out}", took.as_secs_f64());
    println!("  honest, quiet   median {:7.3} ms   99% {:7.3} ms", at(&quiet, 0.5), at(&quiet, 0.99));
    println!("  honest, crowded median {:7.3} ms   99% {:7.3} ms", at(&crowded, 0.5), at(&crowded, 0.99));
    println!("  {:.1} times the quiet median (budget 2)", at(&crowded, 0.5) / at(&quiet, 0.5));
    println!("  resident at most {} MiB (budget 512); descriptors {before} before, {after} after", peak / 1024);
    drop(account.stdin.take());
    account.wait().unwrap();
}

/// How long each honest client took, in order of length.
async fn honest(address: &Arc<str>, count: usize) -> Vec<Duration> {
    let request: Arc<str> = signed(address, "GET", "/bucket/small", 0).into();
    let mut clients = JoinSet::new();
    for _ in 0..HONEST_AT_A_TIME {
        let (address, request) = (address.clone(), request.clone());
        clients.spawn(async move {
            let mut times = Vec::new();
            for _ in 0..count / HONEST_AT_A_TIME {
                let began = Instant::now();
                let answer = ask(&address, &request, b"").await;
                times.push(began.elapsed());
                assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer));
            }
            times
        });
    }
    let mut times = clients.join_all().await.concat();
    times.sort_unstable();
    times
}

/// How many hostile clients were thrown out before they left.
async fn hostile(address: Arc<str>) -> usize {
    let place = Arc::new(Semaphore::new(HOSTILE_AT_A_TIME));
    let large: Arc<str> = signed(&address, "GET", "/bucket/large", 0).into();
    let upload: Arc<str> = signed(&address, "PUT", "/bucket/theirs", 64 * 1024 * 1024).into();
    let mut clients = JoinSet::new();
    let mut thrown_out = 0;
    for number in 0..HOSTILE {
        let place = place.clone().acquire_owned().await.unwrap();
        let (address, large, upload) = (address.clone(), large.clone(), upload.clone());
        clients.spawn(async move {
            let was_thrown_out = one(&address, number, &large, &upload).await.is_none();
            drop(place);
            was_thrown_out
        });
        while let Some(done) = clients.try_join_next() {
            thrown_out += usize::from(done.unwrap());
        }
    }
    thrown_out + clients.join_all().await.into_iter().filter(|was| *was).count()
}

/// `None`: the listener closed the connection, or did not open it.
async fn one(address: &str, number: usize, large: &str, upload: &str) -> Option<()> {
    let head = |rest: String| format!("POST / HTTP/1.1\r\nhost: x\r\n{rest}\r\n").into_bytes();
    let mut stream = TcpStream::connect(address).await.ok()?;
    let until = Instant::now() + STAY;
    let begun = match number % 10 {
        0 | 2 => Vec::new(),
        1 => b"GET /bucket/small HTTP/1.1\r\nhost:".to_vec(),
        3 => [upload.as_bytes(), &[7; 1000]].concat(),
        4 => [upload.as_bytes(), &vec![7; 1024 * 1024]].concat(),
        5 => large.as_bytes().to_vec(),
        6 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        7 => head(format!("a: {}\r\n", "b".repeat(100_000))),
        8 => large.replace("Signature=", "Signature=0").into_bytes(),
        _ => head(format!(
            "x-amz-target: AmazonEC2ContainerServiceV20141113.X\r\ncontent-length: 100000\r\n\r\n{}",
            "[".repeat(100_000)
        )),
    };
    stream.write_all(&begun).await.ok()?;
    match number % 10 {
        2 => {
            for byte in b"GET /bucket/small HTTP/1.1\r\nhost: x\r\n".iter().cycle() {
                if Instant::now() > until {
                    return Some(());
                }
                tokio::time::sleep(STAY / 20).await;
                stream.write_all(&[*byte]).await.ok()?;
            }
        }
        5 => tokio::time::sleep(STAY).await,
        _ => {
            let mut some = [0; 4096];
            while let Ok(read) = tokio::time::timeout_at(until.into(), stream.read(&mut some)).await {
                if read.ok()? == 0 {
                    return None;
                }
            }
        }
    }
    Some(())
}

/// The answer to a request that closes its connection.
async fn ask(address: &str, request: &str, body: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    // Closed under us, where it does not matter any more.
    let _closed = stream.read_to_end(&mut answer).await;
    answer
}

/// The head of a request, signed without its body.
fn signed(address: &str, method: &str, target: &str, length: usize) -> String {
    let headers = signature::lines(address, method, target);
    format!(
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    )
}

fn at(times: &[Duration], part: f64) -> f64 {
    times[(times.len() as f64 * part) as usize].as_secs_f64() * 1000.0
}

fn descriptors(process: &Child) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", process.id())).unwrap().count()
}

/// KiB.
fn status(process: &Child, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
