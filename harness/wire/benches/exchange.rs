//! What the account itself spends on one GetObject of 1 KiB: reading it, checking its signature, deciding, and answering.
//! The connection is in memory, and the client sends the same bytes each time.
//!
//! ```text
//! cargo bench -p tagproof-wire --bench exchange
//! valgrind --tool=callgrind target/release/deps/exchange-… 1000     # and with 2000: the difference is that of 1000 requests
//! ```
//!
//! Budget: 270,000 instructions, of which valgrind counts 85,000 for SHA-256: most processors have instructions for it that
//! valgrind does not show to programs.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

#[path = "shared/signature.rs"]
mod signature;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use account::{AccessKey, Settings, Tracing};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use wire::{Hosting, Server};

const ADDRESS: &str = "127.0.0.1:4566";
const SMALL: usize = 1024;

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(count));
}

async fn run(count: u32) {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    let settings = Settings { account: "123456789012".to_owned(), root };
    let _hosted = server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
    let (stream, client) = tokio::io::duplex(64 * 1024);
    let answers = async move { server.serve_connection(stream, IpAddr::V4(Ipv4Addr::LOCALHOST)).await };
    tokio::spawn(answers);
    ask(client, count).await;
}

async fn ask(mut client: DuplexStream, count: u32) {
    exchange(&mut client, &request("PUT", "/bucket", &[])).await;
    exchange(&mut client, &request("PUT", "/bucket/key", &[7; SMALL])).await;
    // As the SDKs name the operation in it.
    let get = request("GET", "/bucket/key?x-id=GetObject", &[]);
    let length = exchange(&mut client, &get).await;
    let (began, mut answer) = (Instant::now(), vec![0; length]);
    for _ in 0..count {
        client.write_all(&get).await.unwrap();
        client.read_exact(&mut answer).await.unwrap();
    }
    assert!(answer.ends_with(&[7; SMALL]));
    println!("GetObject of 1 KiB: {:.1} µs", began.elapsed().as_secs_f64() * 1e6 / f64::from(count));
}

fn request(method: &str, target: &str, body: &[u8]) -> Vec<u8> {
    let (length, signature) = (body.len(), signature::lines(ADDRESS, method, target));
    let head = format!("{method} {target} HTTP/1.1\r\nhost: {ADDRESS}\r\ncontent-length: {length}\r\n{signature}\r\n");
    [head.as_bytes(), body].concat()
}

/// Sends a request, and tells the length of its answer.
async fn exchange(client: &mut DuplexStream, request: &[u8]) -> usize {
    client.write_all(request).await.unwrap();
    let mut answer = vec![0; 64 * 1024];
    let length = client.read(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer[..length]));
    length
}
