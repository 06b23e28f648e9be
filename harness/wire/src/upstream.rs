//! The emulator behind a guarded world, and how it is asked.

mod connector;
mod relayed;
mod upload;

use std::collections::VecDeque;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use account::{AccessKey, Fault, Sender};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, InvalidHeaderValue};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use jiff::Timestamp;
use model::ECS;
use protocol::Message;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::answer::Protocol;
use crate::hash::{hex, sha256};
use crate::signature::{Signing, sign};

pub(crate) use relayed::Relayed;
pub(crate) use upload::{Framing, Progress, Upload};

/// An emulator that serves what this world authorises.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// `http://127.0.0.1:PORT`, or `https://…` with a certificate that this machine trusts.
    pub url: String,
    /// The key that the emulator takes for its root user's.
    pub root: AccessKey,
    /// The region that S3 requests are signed for.
    pub region: String,
    /// Whether it has ECS; else the world's own ECS answers.
    pub has_ecs: bool,
}

impl Upstream {
    /// Finds out whether the emulator is there and has ECS, by asking it for its clusters.
    ///
    /// # Errors
    /// It cannot be reached; the message says why.
    pub async fn find(url: String, root: AccessKey, region: String) -> Result<Upstream, Fault> {
        let backend = Backend::new(Upstream { url, root, region, has_ecs: false });
        let question =
            ECS.operation("ListClusters").ok_or_else(|| backend.fault("cannot be asked for its clusters"))?;
        let asked = protocol::encode_request(&ECS, ECS.protocol, question, &Message::default());
        let protocol::Request { headers, body, .. } =
            asked.map_err(|malformed| backend.fault(&format!("cannot be asked for its clusters: {malformed}")))?;
        let payload = hex(&sha256(&body));
        let signature = Signature { service: "ecs", protocol: Protocol::Json, region: None, payload: &payload };
        let answer = backend.ask((Method::POST, "/"), headers, body, &signature).await?;
        let has_ecs = answer.status().is_success()
            && serde_json::from_slice::<Value>(answer.body()).is_ok_and(|found| found["clusterArns"].is_array());
        Ok(Upstream { has_ecs, ..backend.upstream })
    }
}

/// How long it may take to begin an answer or to go on with one, and the client to go on with a request.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// For how long an unused connection is kept.
const IDLE_TIME: Duration = Duration::from_secs(20);
/// The largest answer that is read as a whole: facts for a decision, and errors.
const MAX_READ: usize = 8 * 1024 * 1024;
/// Of how many requests a failure of the emulator is remembered until somebody asks.
const KEPT: usize = 1024;

/// The body of a request that goes on.
pub(crate) type Outgoing = Either<Full<Bytes>, Upload>;

/// The emulator, ready to be asked.
pub(crate) struct Backend {
    pub(crate) upstream: Upstream,
    client: Client<HttpsConnector<HttpConnector>, Outgoing>,
    filled_in: Mutex<Vec<String>>,
    failures: Mutex<VecDeque<(String, String)>>,
    changing: tokio::sync::Mutex<()>,
    /// Microseconds until answers began.
    took: AtomicU64,
}

impl Backend {
    pub(crate) fn new(upstream: Upstream) -> Backend {
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE_TIME)
            .pool_timer(TokioTimer::new())
            .build(connector::connector(&upstream.url));
        Backend {
            upstream,
            client,
            filled_in: Mutex::default(),
            failures: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            took: AtomicU64::new(0),
        }
    }

    /// Sends a request as the emulator's root user. `target`: path and query; `headers`: all but those of HTTP itself and
    /// of the signature.
    pub(crate) async fn send(
        &self,
        (method, target): (Method, &str),
        headers: HeaderMap,
        body: Outgoing,
        as_signed: &Signature<'_>,
        progress: &Progress,
    ) -> Result<Response<Incoming>, Fault> {
        let parts = self.signed(method, target, headers, as_signed)?;
        let began = Instant::now();
        let mut answer = std::pin::pin!(self.client.request(Request::from_parts(parts, body)));
        loop {
            let given_up_at = progress.last() + PATIENCE;
            match timeout_at(given_up_at, &mut answer).await {
                Ok(Ok(response)) => {
                    let took = began.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
                    self.took.fetch_add(took, Ordering::Relaxed);
                    return Ok(response);
                }
                Ok(Err(error)) => return Err(progress.fault().unwrap_or_else(|| self.unreachable(&error))),
                Err(_) if progress.last() + PATIENCE > Instant::now() => {}
                Err(_) => return Err(progress.fault_of_waiting().unwrap_or_else(|| self.silent())),
            }
        }
    }

    /// Asks for something small as the emulator's root user, and reads the answer as a whole.
    pub(crate) async fn ask(
        &self,
        (method, target): (Method, &str),
        headers: HeaderMap,
        body: Bytes,
        as_signed: &Signature<'_>,
    ) -> Result<Response<Bytes>, Fault> {
        let mut headers = headers;
        if !body.is_empty() || method == Method::PUT || method == Method::POST {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        let body = Either::Left(Full::new(body));
        let response = self.send((method, target), headers, body, as_signed, &Progress::default()).await?;
        self.whole(response).await
    }

    /// An answer with its body, which must not be large.
    pub(crate) async fn whole(&self, response: Response<Incoming>) -> Result<Response<Bytes>, Fault> {
        let (parts, body) = response.into_parts();
        let reading = Limited::new(Relayed::new(body), MAX_READ).collect();
        match reading.await {
            Ok(body) => Ok(Response::from_parts(parts, body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(self.fault(&format!("answers with more than {MAX_READ} bytes")))
            }
            Err(error) => Err(self.fault(&format!("broke off its answer: {}", root_cause(&*error)))),
        }
    }

    fn signed(
        &self,
        method: Method,
        target: &str,
        headers: HeaderMap,
        as_signed: &Signature<'_>,
    ) -> Result<Parts, Fault> {
        let (scheme, authority) = self.place()?;
        let path: PathAndQuery = target.parse().map_err(|_| self.fault("cannot be asked for such a path"))?;
        let host = HeaderValue::from_str(authority.as_str());
        let mut uri = http::uri::Parts::default();
        (uri.scheme, uri.authority, uri.path_and_query) = (Some(scheme), Some(authority), Some(path));
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.method = method;
        parts.uri = Uri::from_parts(uri).map_err(|_| self.fault("cannot be asked for such a path"))?;
        parts.headers = headers;
        let signing = Signing {
            key: &self.upstream.root,
            region: as_signed.region.unwrap_or(&self.upstream.region),
            service: as_signed.service,
            protocol: as_signed.protocol,
            payload: as_signed.payload,
            now: Timestamp::now(),
        };
        let unusable = |_: InvalidHeaderValue| self.fault("has a root key that no header can hold");
        parts.headers.insert(HOST, host.map_err(unusable)?);
        sign(&mut parts, &signing).map_err(unusable)?;
        Ok(parts)
    }

    fn place(&self) -> Result<(Scheme, Authority), Fault> {
        let url = self.upstream.url.parse::<Uri>().map(Uri::into_parts).ok();
        let place = url.and_then(|url| Some((url.scheme?, url.authority?)));
        let known = |(scheme, _): &(Scheme, Authority)| [Scheme::HTTP, Scheme::HTTPS].contains(scheme);
        place.filter(known).ok_or_else(|| self.fault("cannot be asked: its address must look like http://HOST:PORT"))
    }

    /// An error for which the emulator is to blame, or that it was not started.
    pub(crate) fn fault(&self, what: &str) -> Fault {
        let message = format!("The backend at {} {what}.", self.upstream.url);
        Fault { sender: Sender::Service, ..Fault::new(503, "ServiceUnavailable", message) }
    }

    fn unreachable(&self, error: &hyper_util::client::legacy::Error) -> Fault {
        let what = if error.is_connect() { "cannot be reached" } else { "broke off" };
        self.fault(&format!("{what}: {}", root_cause(error)))
    }

    fn silent(&self) -> Fault {
        self.fault(&format!("has not answered for {} seconds", PATIENCE.as_secs()))
    }

    /// Waits until nobody else changes what the world and the emulator both have, so that they stay alike: from deciding on
    /// a change until it is made in both.
    pub(crate) async fn alone(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// How long it has taken to begin its answers, all together.
    pub(crate) fn took(&self) -> Duration {
        Duration::from_micros(self.took.load(Ordering::Relaxed))
    }

    /// Remembers that a request went on with more than its client gave; tells whether that is new.
    pub(crate) fn fill_in(&self, what: &str) -> bool {
        let mut filled_in = held(&self.filled_in);
        let is_new = filled_in.len() < KEPT && !filled_in.iter().any(|known| known == what);
        if is_new {
            filled_in.push(what.to_owned());
        }
        is_new
    }

    pub(crate) fn filled_in(&self) -> Vec<String> {
        held(&self.filled_in).clone()
    }

    /// Remembers an answer that says that the emulator has failed.
    pub(crate) fn failed(&self, request_id: &str, status: StatusCode, text: &[u8]) {
        let mut failures = held(&self.failures);
        if failures.len() == KEPT {
            failures.pop_front();
        }
        let text = String::from_utf8_lossy(text);
        failures
            .push_back((request_id.to_owned(), format!("{} answered {status}: {}", self.upstream.url, text.trim())));
    }

    pub(crate) fn take_failure(&self, request_id: &str) -> Option<String> {
        let mut failures = held(&self.failures);
        let at = failures.iter().rposition(|(id, _)| id == request_id)?;
        failures.remove(at).map(|(_, text)| text)
    }

    pub(crate) fn forget(&self) {
        held(&self.filled_in).clear();
        held(&self.failures).clear();
    }
}

/// What a request to the emulator is signed for.
pub(crate) struct Signature<'a> {
    pub(crate) service: &'a str,
    pub(crate) protocol: Protocol,
    /// `None`: the emulator's own.
    pub(crate) region: Option<&'a str>,
    pub(crate) payload: &'a str,
}

/// For S3 the body is not signed, so that it need not be there when the head goes.
pub(crate) const S3_UNSIGNED: Signature<'static> =
    Signature { service: "s3", protocol: Protocol::S3, region: None, payload: "UNSIGNED-PAYLOAD" };

/// `Connection refused (os error 111)` and the like, below all that wraps it.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
