//! An emulator that is a script: a test says what it answers, and it keeps what it was sent.

use std::sync::{Arc, Mutex};

use account::AccessKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use wire::Upstream;

use crate::client::{Answer, World, ask, root, world_before};

/// Where the script says nothing: an emulator that has every bucket, with nothing configured on it.
const USUAL: [(&str, u16, &str); 6] = [
    ("?location", 200, "<LocationConstraint/>"),
    ("?policy", 404, "NoSuchBucketPolicy"),
    ("?versioning", 200, "<VersioningConfiguration/>"),
    ("?publicAccessBlock", 404, "NoSuchPublicAccessBlockConfiguration"),
    ("?ownershipControls", 404, "OwnershipControlsNotFoundError"),
    ("?tagging", 200, "<Tagging><TagSet/></Tagging>"),
];

/// What an emulator was sent.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// `GET /box?location`, or the operation that `x-amz-target` names.
    pub(crate) what: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// What an emulator answers: a status and a body. A single word is the code of an error.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// It answers once this is told.
    pub(crate) after: Option<Arc<Notify>>,
}

pub(crate) struct Double {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

type Script = Arc<dyn Fn(&Received) -> Option<Told> + Send + Sync>;

pub(crate) fn upstream(url: &str) -> Upstream {
    let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    Upstream { url: url.to_owned(), root, region: "us-east-1".to_owned(), has_ecs: false }
}

pub(crate) fn told(status: u16, body: &str) -> Told {
    Told { status, body: body.to_owned(), after: None }
}

impl Double {
    pub(crate) async fn start(script: impl Fn(&Received) -> Option<Told> + Send + Sync + 'static) -> Double {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let (kept, script): (_, Script) = (received.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), script.clone()));
            }
        });
        Double { url, received }
    }

    /// One that answers what begins so with this, and all else as usual.
    pub(crate) async fn answering(script: &'static [(&str, u16, &str)]) -> Double {
        let row = |what: &str| script.iter().find(|(start, ..)| what.starts_with(start));
        Double::start(move |received| row(&received.what).map(|(_, status, body)| told(*status, body))).await
    }

    /// A world before it that knows the bucket `box`.
    pub(crate) async fn front(&self) -> World {
        let front = world_before(Some(upstream(&self.url))).await;
        assert_eq!(front.s3(&root(), ask("GET", "/box")).await.status, 200);
        self.take();
        front
    }

    /// What it was sent since this was asked for last.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    /// The same, in short.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.take().into_iter().map(|received| received.what).collect()
    }
}

/// `404 NoSuchKey`, or the status alone where there is no code.
pub(crate) fn outcome(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let code = text.split_once("<Code>").and_then(|(_, rest)| Some(rest.split_once('<')?.0.to_owned()));
    let json = || serde_json::from_slice::<serde_json::Value>(&answer.body).ok()?["__type"].as_str().map(str::to_owned);
    match code.or_else(json) {
        Some(code) => format!("{} {code}", answer.status),
        None => answer.status.to_string(),
    }
}

async fn serve(mut stream: TcpStream, kept: Arc<Mutex<Vec<Received>>>, script: Script) {
    let mut bytes = Vec::new();
    while let Some(received) = receive(&mut stream, &mut bytes).await {
        kept.lock().unwrap().push(received.clone());
        let usual = || {
            let row = USUAL.iter().find(|(end, ..)| received.what.starts_with("GET /") && received.what.ends_with(end));
            row.map_or_else(|| told(200, ""), |(_, status, body)| told(*status, body))
        };
        let Told { status, body, after } = script(&received).unwrap_or_else(usual);
        if let Some(after) = after {
            after.notified().await;
        }
        let is_code = !body.is_empty() && body.chars().all(char::is_alphanumeric);
        let body = if is_code { format!("<Error><Code>{body}</Code></Error>") } else { body };
        let length = body.len();
        let body = if received.what.starts_with("HEAD ") { "" } else { &body };
        let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: {length}\r\nx-own: yes\r\n\r\n{body}");
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request of a connection, whose body has the length that its head says.
async fn receive(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Received> {
    let mut wanted = usize::MAX;
    let mut split = 0;
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            (split, wanted) = (end, end + 4 + length.unwrap_or(0));
        }
        if bytes.len() >= wanted {
            break;
        }
        let mut buffer = vec![0; 64 * 1024];
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => bytes.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
    }
    let rest = bytes.split_off(wanted);
    let whole = std::mem::replace(bytes, rest);
    let head = String::from_utf8_lossy(&whole[..split]).into_owned();
    let operation = head.lines().find_map(|line| line.strip_prefix("x-amz-target: ")?.split_once('.'));
    let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1");
    Some(Received {
        what: operation.map_or(line, |(_, operation)| operation).to_owned(),
        body: String::from_utf8_lossy(&whole[split + 4..]).into_owned(),
        head,
    })
}
