//! What the guard costs in front of an emulator. Needs one: `moto_server -p 5000`, then
//!
//! ```text
//! cargo bench -p tagproof-wire --bench guard -- http://127.0.0.1:5000
//! ```
//!
//! It prints the median and the 99th percentile of GetObject (1 KiB, one client, connection kept where the emulator keeps
//! it) straight to the emulator, through the guard, and from the embedded account, in turns so that a noisy machine is
//! noisy for all; then how many such requests, each verified and decided, emulator and account answer to eight clients at
//! once; then PUT and GET of a large object through the guard, with the guard's peak of resident memory before and after.
//! The large object goes to a sink in this process and not to the emulator, which would hold it in memory.
//!
//! Budgets: the guard adds at most 0.3 ms to the median; the account answers at least 50 times as many requests as moto; a
//! 1 GiB object adds less than 16 MiB of resident memory.
//!
//! Without an address the emulator is a second embedded account, which tells what the guard costs by itself.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

#[path = "shared/signature.rs"]
mod signature;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use account::{AccessKey, Settings, Tracing};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use wire::{Hosting, Server, Upstream};

const ROUNDS: usize = 400;
const SMALL: usize = 1024;
const LARGE: u64 = 1024 * 1024 * 1024;
const CHUNK: usize = 256 * 1024;
const CLIENTS: usize = 8;

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(run());
}

async fn run() {
    let url = std::env::args().skip(1).find(|argument| argument.starts_with("http://"));
    let embedded = served(None).await;
    let second = served(None).await;
    let url = url.unwrap_or_else(|| second.url());
    let guard = served(Some(url.clone())).await;
    latency(&url, &guard.url(), &embedded.url()).await;
    rates(&url, &embedded.url()).await;
    memory().await;
}

async fn served(upstream: Option<String>) -> Server {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    let settings = Settings { account: "123456789012".to_owned(), root: root.clone() };
    let upstream = upstream.map(|url| Upstream { url, root, region: "us-east-1".to_owned(), has_ecs: false });
    server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream });
    server
}

async fn latency(direct: &str, guarded: &str, embedded: &str) {
    let mut targets = [("direct", direct), ("guarded", guarded), ("embedded", embedded)].map(|(name, url)| {
        (name, Client { address: url.strip_prefix("http://").unwrap().to_owned(), stream: None }, Vec::new())
    });
    for (_, client, _) in &mut targets {
        client.send("PUT", "/bench-guard", 0, &[]).await;
        client.send("PUT", "/bench-guard/key", SMALL as u64, &[7; SMALL]).await;
    }
    for round in 0..ROUNDS + 20 {
        for (_, client, times) in &mut targets {
            let start = Instant::now();
            let length = client.send("GET", "/bench-guard/key", 0, &[]).await;
            let took = start.elapsed();
            assert_eq!(length, SMALL as u64);
            if round >= 20 {
                times.push(took);
            }
        }
    }
    println!("GetObject of 1 KiB, {ROUNDS} times each, in turns:");
    for (name, _, times) in &mut targets {
        times.sort_unstable();
        let at = |part: f64| times[(times.len() as f64 * part) as usize].as_secs_f64() * 1000.0;
        let rate = 1000.0 / at(0.5);
        println!("  {name:9} median {:7.3} ms   99% {:7.3} ms   {rate:6.0}/s", at(0.5), at(0.99));
    }
    let median = |at: usize| targets[at].2[ROUNDS / 2].as_secs_f64() * 1000.0;
    println!("  the guard adds {:.3} ms (budget 0.300)", median(1) - median(0));
}

/// In turns, and the best of three: whatever else the machine does only takes away.
async fn rates(direct: &str, embedded: &str) {
    let mut best = [0.0_f64; 2];
    for _ in 0..3 {
        for (best, url) in best.iter_mut().zip([direct, embedded]) {
            *best = best.max(rate(url.strip_prefix("http://").unwrap()).await);
        }
    }
    let [direct, embedded] = best;
    println!("GetObject of 1 KiB, {CLIENTS} clients at once, the best of three:");
    println!(
        "  direct {direct:6.0}/s   embedded {embedded:6.0}/s   {:.0} times as many (budget 50)",
        embedded / direct
    );
}

/// Requests a second. The clients sign once, so that what is measured is the server.
async fn rate(address: &str) -> f64 {
    let (began, over) = (Instant::now(), Instant::now() + Duration::from_secs(2));
    let clients = (0..CLIENTS).map(|_| {
        let mut client = Client { address: address.to_owned(), stream: None };
        tokio::spawn(async move {
            let signature = signature::lines(&client.address, "GET", "/bench-guard/key");
            let mut count = 0_u32;
            while Instant::now() < over {
                let length = client.send_signed("GET", "/bench-guard/key", 0, &[], &signature).await;
                assert_eq!(length, SMALL as u64);
                count += 1;
            }
            count
        })
    });
    let mut count = 0;
    for client in clients.collect::<Vec<_>>() {
        count += client.await.unwrap();
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

async fn memory() {
    let sink = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let guard = served(Some(format!("http://{}", sink.local_addr().unwrap()))).await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = sink.accept().await {
            tokio::spawn(swallow(stream));
        }
    });
    let mut client = Client { address: guard.url().strip_prefix("http://").unwrap().to_owned(), stream: None };
    println!("An object of {} MiB through the guard:", LARGE >> 20);
    let chunk = vec![7; CHUNK];
    for (what, method, length) in [("PUT", "PUT", LARGE), ("GET", "GET", 0)] {
        let before = peak();
        let start = Instant::now();
        let came = client.send(method, "/bench-guard/large", length, &chunk).await;
        let took = start.elapsed();
        assert_eq!(came, if method == "GET" { LARGE } else { 0 });
        let (rate, peak) = ((LARGE >> 20) as f64 / took.as_secs_f64(), peak());
        println!("  {what} {took:.2?}, {rate:.0} MiB/s; peak of resident memory {before} → {peak} KiB");
        assert!(peak - before < 16 * 1024, "the object was held in memory");
    }
}

/// The most that this process has had in memory, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Answers a PUT once it is here, and a GET with as much. There is every bucket, and nothing is configured on it.
async fn swallow(stream: TcpStream) -> Option<()> {
    const LOCATION: &[u8] = b"<LocationConstraint/>";
    let (mut stream, large) = (BufReader::with_capacity(CHUNK, stream), vec![7; CHUNK]);
    loop {
        let (line, length) = head(&mut stream).await?;
        take(&mut stream, length).await;
        let (status, length, content) = match line.split(' ').nth(1)?.split_once('?') {
            Some((_, "location")) => ("200 OK", LOCATION.len() as u64, LOCATION),
            Some(_) => ("501 Not Implemented", 0, LOCATION),
            None => ("200 OK", if line.starts_with("GET") { LARGE } else { 0 }, large.as_slice()),
        };
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n");
        stream.get_mut().write_all(head.as_bytes()).await.ok()?;
        give(stream.get_mut(), length, content).await;
    }
}

/// A client as simple as can be.
struct Client {
    address: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// Sends `length` bytes made of `chunk`s, and tells how many came back.
    async fn send(&mut self, method: &str, target: &str, length: u64, chunk: &[u8]) -> u64 {
        let signature = signature::lines(&self.address, method, target);
        self.send_signed(method, target, length, chunk, &signature).await
    }

    async fn send_signed(&mut self, method: &str, target: &str, length: u64, chunk: &[u8], signature: &str) -> u64 {
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\ncontent-length: {length}\r\n{signature}\r\n",
            self.address
        );
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address.parse::<SocketAddr>().unwrap()).await.unwrap();
                stream.set_nodelay(true).unwrap();
                BufReader::with_capacity(CHUNK, stream)
            }
        };
        stream.get_mut().write_all(head.as_bytes()).await.unwrap();
        give(stream.get_mut(), length, chunk).await;
        let mut closes = false;
        let mut came = 0;
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        assert!(line.contains(" 200 "), "{method} {target}: {line}");
        closes |= line.starts_with("HTTP/1.0");
        loop {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
            let lower = line.to_ascii_lowercase();
            if let Some(length) = lower.strip_prefix("content-length:") {
                came = length.trim().parse().unwrap();
            }
            closes |= lower.starts_with("connection: close");
            if line.trim().is_empty() {
                break;
            }
        }
        take(&mut stream, came).await;
        self.stream = (!closes).then_some(stream);
        came
    }
}

async fn head(stream: &mut BufReader<TcpStream>) -> Option<(String, u64)> {
    let mut first = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if let Some(given) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = given.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            return Some((first, length));
        }
        if first.is_empty() {
            first = line;
        }
    }
}

async fn take(stream: &mut BufReader<TcpStream>, mut length: u64) {
    let mut buffer = vec![0; CHUNK];
    while length > 0 {
        let most = usize::try_from(length).unwrap_or(CHUNK).min(CHUNK);
        let taken = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut buffer[..most])).await.unwrap();
        length -= taken.unwrap() as u64;
    }
}

async fn give(stream: &mut TcpStream, mut length: u64, chunk: &[u8]) {
    while length > 0 {
        let here = usize::try_from(length).unwrap_or(chunk.len()).min(chunk.len());
        stream.write_all(&chunk[..here]).await.unwrap();
        length -= here as u64;
    }
}
