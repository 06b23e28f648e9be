//! An account, and requests to it over a connection in memory.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};

use account::{AccessKey, RecordedDecision, Settings, Tracing};
use policy::Principal;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::runtime::{Builder, Runtime};
use wire::{Hosted, Hosting, Server};

use crate::client::{ACCOUNT, ClientRequest, ask, raw, root, signature};

/// The name by which clients call.
pub const HOST: &str = "localhost";

/// As much as a connection has under way when nothing comes in pieces.
pub const WHOLE: usize = 256 * 1024;

const OPEN: &[u8] = b"<PublicAccessBlockConfiguration><BlockPublicPolicy>false</BlockPublicPolicy>\
    </PublicAccessBlockConfiguration>";

/// The one who has no signature may do everything with the bucket `public`.
const EVERYBODY: &[u8] =
    br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*",
    "Resource": ["arn:aws:s3:::public", "arn:aws:s3:::public/*"]}}"#;

/// In how many turns of everybody's an answer goes on, if it does. Nothing here waits for anything but the client.
const TURNS: u32 = 16;

/// Keys whose values are not the signer's: the time's, and those of headers that clients need not sign.
const NOT_SIGNED: [&str; 7] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:UserAgent",
    "aws:Referer",
    "s3:if-match",
    "s3:if-none-match",
    "s3:signatureAge",
];

/// What was decided in somebody's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    pub action: String,
    pub resource: String,
    /// Who asked, and the keys.
    pub rest: String,
}

/// What came of a request.
pub struct Sent {
    pub answer: Vec<u8>,
    pub decided: BTreeSet<Decided>,
}

pub struct Stage {
    runtime: Runtime,
    server: Server,
    hosted: Arc<Hosted>,
    decided: Arc<Mutex<BTreeSet<Decided>>>,
    start: account::World,
}

impl Stage {
    pub fn new() -> Stage {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(Server::bind((Ipv4Addr::LOCALHOST, 0).into())).unwrap();
        let root_key = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
        let settings = Settings { account: ACCOUNT.to_owned(), root: root_key };
        let hosted = server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
        let decided = Arc::<Mutex<BTreeSet<Decided>>>::default();
        let all = decided.clone();
        hosted.listen(Box::new(move |one| all.lock().unwrap().extend(in_a_name(one))));
        let mut stage = Stage { runtime, server, start: hosted.with(|world| world.clone()), hosted, decided };
        for (method, target, body) in [
            ("PUT", "/bucket", &b""[..]),
            ("PUT", "/bucket/k", b"content"),
            ("PUT", "/public", b""),
            ("PUT", "/public/k", b"content"),
            ("PUT", "/public?publicAccessBlock", OPEN),
            ("PUT", "/public?policy", EVERYBODY),
        ] {
            let answer = stage.signed("s3", &ask(method, target).body(body)).answer;
            assert!(answer.starts_with(b"HTTP/1.1 20"), "{}", answer.escape_ascii());
        }
        stage.start = stage.hosted.with(|world| world.clone());
        stage
    }

    /// As it was at first.
    pub fn reset(&self) {
        self.hosted.with(|world| *world = self.start.clone());
    }

    /// Sends a request that the root user signs as it is.
    pub fn signed(&self, service: &str, ask: &ClientRequest<'_>) -> Sent {
        let signature = signature(HOST, service, &root(), ask);
        self.send(&raw(HOST, ask, &signature), WHOLE)
    }

    /// Sends bytes, of which at most `piece` are under way, and waits for the end of what is answered. Nothing may be held
    /// for them afterwards, and no answer may own up to a fault of the project's.
    pub fn send(&self, bytes: &[u8], piece: usize) -> Sent {
        let before = (Arc::strong_count(&self.hosted), self.runtime.metrics().num_alive_tasks());
        let (client, server) = duplex(piece.max(1));
        let (mut output, mut input) = tokio::io::split(client);
        let (mut answer, come) = (Vec::new(), Cell::new(0));
        self.runtime.block_on(async {
            let write = async {
                // The server may have closed it already.
                let _closed = input.write_all(bytes).await;
                // A client that is gone gets no answer: this one waits until nothing more comes.
                let mut quiet = (0, come.get());
                while quiet.0 < TURNS {
                    tokio::task::yield_now().await;
                    quiet = if quiet.1 == come.get() { (quiet.0 + 1, quiet.1) } else { (0, come.get()) };
                }
                let _closed = input.shutdown().await;
            };
            let read = async {
                while let Ok(1..) = output.read_buf(&mut answer).await {
                    come.set(answer.len());
                }
            };
            let serve = self.server.serve_connection(server, IpAddr::V4(Ipv4Addr::LOCALHOST));
            tokio::join!(write, read, serve);
        });
        let after = (Arc::strong_count(&self.hosted), self.runtime.metrics().num_alive_tasks());
        assert_eq!(before, after, "held after {}", bytes.escape_ascii());
        let own_fault = answer.starts_with(b"HTTP/1.1 5") && !answer.starts_with(b"HTTP/1.1 501");
        assert!(!own_fault, "{} to {}", answer.escape_ascii(), bytes.escape_ascii());
        Sent { answer, decided: std::mem::take(&mut *self.decided.lock().unwrap()) }
    }

    /// What requests can change that are here: objects with their content, users, clusters, and the tags of all.
    pub fn state(&self) -> String {
        let json = |target: &'static str, body: &'static [u8]| {
            let ask = ask("POST", "/").header("content-type", "application/x-amz-json-1.1");
            ("ecs", ask.header("x-amz-target", target).body(body))
        };
        let form = |body: &'static [u8]| {
            ("iam", ask("POST", "/").header("content-type", "application/x-www-form-urlencoded").body(body))
        };
        let asks = [
            ("s3", ask("GET", "/bucket?list-type=2")),
            ("s3", ask("GET", "/bucket?tagging")),
            ("s3", ask("GET", "/bucket/a/../b%2Bc?tagging")),
            form(b"Action=ListUsers&Version=2010-05-08"),
            form(b"Action=ListUserTags&UserName=ann&Version=2010-05-08"),
            json("AmazonEC2ContainerServiceV20141113.ListClusters", b"{}"),
            json("AmazonEC2ContainerServiceV20141113.DescribeClusters", br#"{"clusters":["c"],"include":["TAGS"]}"#),
        ];
        asks.iter().map(|(service, ask)| without_chance(&self.signed(service, ask).answer)).collect()
    }
}

/// A request that has lost its signature is nobody's.
fn in_a_name(one: &RecordedDecision) -> Option<Decided> {
    let asked = &one.request;
    if asked.principal == Principal::Anonymous {
        return None;
    }
    let keys: Vec<_> = asked.context.iter().filter(|(key, _)| !NOT_SIGNED.contains(key)).collect();
    Some(Decided {
        action: asked.action.clone(),
        resource: asked.resource.clone(),
        rest: format!("{:?} {keys:?}", asked.principal),
    })
}

/// The body of an answer without what is another each time: times and ids.
fn without_chance(answer: &[u8]) -> String {
    let text = String::from_utf8_lossy(answer);
    let mut text = text.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned());
    for name in ["LastModified", "CreateDate", "UserId", "RequestId", "HostId"] {
        while let Some((before, rest)) = text.split_once(&format!("<{name}>")) {
            text = format!("{before}{}", rest.split_once(&format!("</{name}>")).map_or("", |(_, after)| after));
        }
    }
    text
}
