//! A client without any comfort: bytes to a socket and back, signed with the SDK's own signer.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use account::{AccessKey, Settings, Tracing};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use wire::{Hosted, Hosting, Server, Upstream};

pub(crate) const ACCOUNT: &str = "123456789012";

/// A world behind a listener, and its log.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) hosted: Arc<Hosted>,
    pub(crate) log: Arc<Mutex<Vec<String>>>,
}

/// Whose signature.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct ClientRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: &'a [u8],
}

pub(crate) fn ask<'a>(method: &'a str, target: &'a str) -> ClientRequest<'a> {
    ClientRequest { method, target, headers: Vec::new(), body: b"" }
}

impl<'a> ClientRequest<'a> {
    pub(crate) fn header(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }
}

pub(crate) fn root() -> Signer {
    Signer { id: "test".to_owned(), secret: "test".to_owned(), token: None }
}

pub(crate) fn host(server: &Server, id: &str, log: &Arc<Mutex<Vec<String>>>) -> Arc<Hosted> {
    host_before(server, id, log, None)
}

fn host_before(server: &Server, id: &str, log: &Arc<Mutex<Vec<String>>>, upstream: Option<Upstream>) -> Arc<Hosted> {
    let lines = log.clone();
    let log: wire::Log = Arc::new(move |line: &str| lines.lock().unwrap().push(line.to_owned()));
    let root = AccessKey { id: id.to_owned(), secret: id.to_owned() };
    let settings = Settings { account: ACCOUNT.to_owned(), root };
    server.host(settings, Hosting { tracing: Tracing::Denials, log: Some(log), upstream })
}

pub(crate) async fn world() -> World {
    world_before(None).await
}

/// A world that has done elsewhere what it allows.
pub(crate) async fn world_before(upstream: Option<Upstream>) -> World {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let log = Arc::default();
    let hosted = host_before(&server, "test", &log, upstream);
    World { server, hosted, log }
}

impl World {
    pub(crate) fn address(&self) -> String {
        self.server.url().strip_prefix("http://").unwrap().to_owned()
    }

    /// As it is, without a signature.
    pub(crate) async fn plain(&self, ask: ClientRequest<'_>) -> Answer {
        Connection::open(&self.address()).await.send(&ask, &[]).await
    }

    pub(crate) async fn signed(&self, service: &str, signer: &Signer, ask: ClientRequest<'_>) -> Answer {
        let signature = signature(&self.address(), service, signer, &ask);
        Connection::open(&self.address()).await.send(&ask, &signature).await
    }

    /// A call of the query protocol as the root user.
    pub(crate) async fn iam(&self, form: &str) -> Answer {
        self.query("iam", &root(), &format!("{form}&Version=2010-05-08")).await
    }

    pub(crate) async fn query(&self, service: &str, signer: &Signer, form: &str) -> Answer {
        let ask = ask("POST", "/").header("content-type", "application/x-www-form-urlencoded").body(form.as_bytes());
        self.signed(service, signer, ask).await
    }

    pub(crate) async fn json(&self, service: &str, signer: &Signer, target: &str, body: &str) -> Answer {
        let ask = ask("POST", "/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(body.as_bytes());
        self.signed(service, signer, ask).await
    }

    pub(crate) async fn s3(&self, signer: &Signer, ask: ClientRequest<'_>) -> Answer {
        self.signed("s3", signer, ask).await
    }

    /// A user who may do nothing.
    pub(crate) async fn user(&self, name: &str) -> Signer {
        assert_eq!(self.iam(&format!("Action=CreateUser&UserName={name}")).await.status, 200);
        let key = self.iam(&format!("Action=CreateAccessKey&UserName={name}")).await.text();
        Signer { id: element(&key, "AccessKeyId"), secret: element(&key, "SecretAccessKey"), token: None }
    }
}

/// The text of the first element of this name.
pub(crate) fn element(xml: &str, name: &str) -> String {
    let rest = xml.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {xml}")).1;
    rest.split_once('<').unwrap().0.to_owned()
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

fn settings(service: &str) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    settings
}

type Pairs = Vec<(String, String)>;

/// The headers or, with settings that say so, the parameters of a signature.
fn signed_with(
    settings: SigningSettings,
    address: &str,
    service: &str,
    signer: &Signer,
    ask: &ClientRequest<'_>,
    body: SignableBody<'_>,
) -> (Pairs, Pairs) {
    let identity = Credentials::new(&signer.id, &signer.secret, signer.token.clone(), None, "test").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let host = ask.headers.iter().find(|(name, _)| *name == "host").map_or(address, |(_, host)| host);
    let uri = format!("http://{host}{}", ask.target);
    let headers = ask.headers.iter().copied().filter(|(name, _)| *name != "host");
    let request = SignableRequest::new(ask.method, uri, headers, body).unwrap();
    let (headers, parameters) = sign(request, &params).unwrap().into_parts().0.into_parts();
    let headers = headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect();
    (headers, parameters.into_iter().map(|(name, value)| (name.to_owned(), value.into_owned())).collect())
}

pub(crate) fn signature(address: &str, service: &str, signer: &Signer, ask: &ClientRequest<'_>) -> Pairs {
    signed_with(settings(service), address, service, signer, ask, SignableBody::Bytes(ask.body)).0
}

/// A signature of S3 that says of the body what one of S3's words says.
pub(crate) fn signature_of_words(address: &str, signer: &Signer, ask: &ClientRequest<'_>, word: &str) -> Pairs {
    let headers = ask.headers.iter().copied().filter(|(name, _)| *name != "x-amz-content-sha256").collect();
    let ask = ClientRequest { headers, ..*ask };
    let body = SignableBody::Precomputed(word.to_owned());
    let pairs = signed_with(settings("s3"), address, "s3", signer, &ask, body).0;
    pairs.into_iter().filter(|(name, _)| name != "x-amz-content-sha256").collect()
}

/// The target of a presigned URL.
pub(crate) fn presigned(address: &str, service: &str, signer: &Signer, ask: &ClientRequest<'_>) -> String {
    let mut settings = settings(service);
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_secs(60));
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    let body = if service == "s3" { SignableBody::UnsignedPayload } else { SignableBody::Bytes(b"") };
    let parameters = signed_with(settings, address, service, signer, ask, body).1;
    let escape =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let joint = if ask.target.contains('?') { '&' } else { '?' };
    format!("{}{joint}{}", ask.target, pairs.join("&"))
}

/// A request as it is sent.
pub(crate) fn raw(address: &str, ask: &ClientRequest<'_>, more: &[(String, String)]) -> Vec<u8> {
    let mut text = format!("{} {} HTTP/1.1\r\n", ask.method, ask.target);
    let given = |name: &str| ask.headers.iter().any(|(known, _)| *known == name);
    if !given("host") {
        text.push_str(&format!("host: {address}\r\n"));
    }
    if !given("content-length") && !given("transfer-encoding") {
        text.push_str(&format!("content-length: {}\r\n", ask.body.len()));
    }
    for (name, value) in ask.headers.iter().copied().chain(more.iter().map(|(name, value)| (&**name, &**value))) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    [text.as_bytes(), ask.body].concat()
}

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Connection {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream: BufReader::new(stream), address: address.to_owned() }
    }

    pub(crate) async fn send(&mut self, ask: &ClientRequest<'_>, more: &[(String, String)]) -> Answer {
        let bytes = raw(&self.address, ask, more);
        self.write(&bytes).await;
        self.read(ask.method == "HEAD").await.expect("an answer")
    }

    /// A server may close before it has read everything.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        let _closed = self.stream.get_mut().write_all(bytes).await;
    }

    /// `None`: the connection was closed.
    pub(crate) async fn read(&mut self, without_body: bool) -> Option<Answer> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.ok()?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
                None => break,
            }
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if !without_body {
            let length = answer.header("content-length").parse().unwrap_or(0);
            answer.body = vec![0; length];
            self.stream.read_exact(&mut answer.body).await.ok()?;
        }
        Some(answer)
    }
}
