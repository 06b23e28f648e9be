//! Is it up? Asked over HTTP until it is, or too late.

use std::io;
use std::time::Duration;

use http::Uri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::error::Failure;

/// How long one answer may take: an emulator may be slow, yet a connection that nobody serves any more must not use up
/// the whole time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is asked. A refused connection costs nothing.
const EVERY: Duration = Duration::from_millis(50);
/// A status line and headers are not longer.
const HEAD_BYTES: u64 = 64 * 1024;

/// What a server answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The `Server` header.
    pub(crate) server: Option<String>,
}

/// Asks until `path` is answered with 200. `ended` tells what became of the server, if it is gone.
pub(crate) async fn until_up(
    url: &str,
    path: &str,
    within: Duration,
    ended: impl AsyncFn() -> Option<Failure>,
) -> Result<(), Failure> {
    let deadline = Instant::now() + within;
    let mut last = "no answer".to_owned();
    loop {
        last = match timeout_at(deadline.min(Instant::now() + PATIENCE), ask(url, path)).await {
            // The one that answers must be ours: of a server that ended, somebody else may have the port by now.
            Ok(Ok(Answer { status: 200, .. })) => return ended().await.map_or(Ok(()), Err),
            Ok(Ok(answer)) => format!("{path} was answered with status {}", answer.status),
            Ok(Err(failure)) => failure.to_string(),
            Err(_) if Instant::now() < deadline => "no answer".to_owned(),
            // Cut short by the deadline, which says nothing: what came before counts.
            Err(_) => last,
        };
        if let Some(failure) = ended().await {
            return Err(failure);
        }
        if Instant::now() + EVERY >= deadline {
            return Err(Failure::Silent { url: url.to_owned(), waited: within, last });
        }
        sleep(EVERY).await;
    }
}

/// Posts something, and waits until that is taken.
pub(crate) async fn tell(url: &str, (path, body): (&str, &str)) -> Result<(), Failure> {
    let silent = |last: String| Err(Failure::Silent { url: url.to_owned(), waited: PATIENCE, last });
    let head = format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    match timeout(PATIENCE, send(url, &head, body)).await {
        Ok(Ok(Answer { status: 200..300, .. })) => Ok(()),
        Ok(Ok(answer)) => silent(format!("{path} was answered with status {}", answer.status)),
        Ok(Err(failure)) => silent(failure.to_string()),
        Err(_) => silent("no answer".to_owned()),
    }
}

/// Asks an endpoint, of which only its URL is known: any answer will do. Whether an `https` one speaks HTTP is left to the
/// client that has certificates to check it with; here it only has to take the connection.
pub(crate) async fn is_there(url: &str, within: Duration) -> Result<Option<Answer>, Failure> {
    let tried = timeout(within, async {
        if url.starts_with("https://") { connect(url).await.map(|_| None) } else { ask(url, "/").await.map(Some) }
    });
    match tried.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Failure::Absent(error.to_string())),
        Err(_) => Err(Failure::Absent(format!("none has come for {} s", within.as_secs_f32()))),
    }
}

async fn ask(url: &str, path: &str) -> io::Result<Answer> {
    send(url, &format!("GET {path} HTTP/1.1\r\n"), "").await
}

/// Sends a request that begins so, and reads the head of the answer.
async fn send(url: &str, head: &str, body: &str) -> io::Result<Answer> {
    let (mut stream, authority) = connect(url).await?;
    let request = format!("{head}Host: {authority}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    let mut limited = stream.take(HEAD_BYTES);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && limited.read_buf(&mut head).await? > 0 {}
    answer(&head).ok_or_else(|| io::Error::other("what answers speaks no HTTP"))
}

async fn connect(url: &str) -> io::Result<(TcpStream, String)> {
    let bad = || io::Error::other("the URL has no host");
    let url: Uri = url.parse().map_err(io::Error::other)?;
    let authority = url.authority().ok_or_else(bad)?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let port = authority.port_u16().unwrap_or(if url.scheme_str() == Some("https") { 443 } else { 80 });
    Ok((TcpStream::connect((host, port)).await?, authority.to_string()))
}

fn answer(head: &[u8]) -> Option<Answer> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let named = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("server").then(|| value.trim().to_owned())
    };
    let server = lines.take_while(|line| !line.is_empty()).find_map(named);
    Some(Answer { status, server: server.filter(|name| !name.is_empty()) })
}

#[cfg(test)]
mod tests;
