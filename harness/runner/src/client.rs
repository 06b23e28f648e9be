//! AWS API calls as data, sent by the AWS SDKs.
//!
//! Every part of a call's input goes through the SDK's own builders, is checked and signed by it, and comes back
//! through its own parser. What no builder is filled in for here, and what has no SDK here (S3 Control, CloudWatch Logs),
//! `raw` writes as AWS's API model says, and signs and sends it with the SDKs' own parts.

mod chain;
mod ecs;
mod iam;
mod input;
mod list;
mod proof;
mod raw;
mod reply;
mod s3;
mod sts;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use account::AccessKey;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_types::error::operation::BuildError;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::os_shim_internal::{Env, Fs};
use matrix::call::{ApiCall, CallError};

use crate::run::Access;
pub(crate) use list::ResourceKind;
pub(crate) use proof::Signed;
pub(crate) use reply::Reply;

/// The SDKs as of one date: an update changes nothing here unasked.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Longer than any answer from this machine takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all clients of one endpoint share: the connections, where they lead and for which region calls are signed.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    connector: SharedHttpConnector,
    shared: SdkConfig,
    /// Where the calls go that no SDK makes.
    destination: raw::Destination,
}

/// The clients of one set of credentials.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The id of the key that it signs with; of AWS's own chain, the one that it began with.
    access_key: String,
    sdks: Arc<Sdks>,
    raw: raw::Sender,
}

/// The SDKs' clients of one set of credentials, each made when it is first asked for: most callers need one of them, and
/// making it takes as long as its call.
#[derive(Debug)]
struct Sdks {
    shared: SdkConfig,
    iam: OnceLock<aws_sdk_iam::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    ecs: OnceLock<aws_sdk_ecs::Client>,
    sts: OnceLock<aws_sdk_sts::Client>,
}

impl Endpoint {
    /// An endpoint at a URL.
    pub(crate) fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        let connector = if url.starts_with("https://") { tls(ProxyConfig::disabled()) } else { plain() };
        let shared = SdkConfig::builder()
            .behavior_version(behavior())
            .region(Region::new("us-east-1"))
            .endpoint_url(&url)
            .http_client(client_of(&connector))
            // A refusal is an outcome. Nothing is tried twice.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(PATIENCE).build())
            .build();
        Self { connector, shared, destination: raw::Destination::Url(url) }
    }

    /// The same with calls signed for another region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let shared = self.shared.clone().into_builder().region(Region::new(region.to_owned())).build();
        Self { shared, ..self.clone() }
    }

    /// The region that calls are signed for.
    pub(crate) fn region(&self) -> &str {
        self.shared.region().map(Region::as_ref).unwrap_or_default()
    }

    /// Where STS is asked, as people look for it.
    pub(crate) fn of_sts(&self) -> String {
        let aws = || format!("https://sts.{}.amazonaws.com", self.region());
        self.shared.endpoint_url().map_or_else(aws, str::to_owned)
    }

    /// Clients that sign with these keys.
    pub(crate) fn with_keys(&self, id: &str, secret: &str, token: Option<String>) -> Client {
        self.client(id, SharedCredentialsProvider::new(Credentials::new(id, secret, token, None, "tagproof")))
    }

    /// Clients that get their keys as a program in the task's container gets them: through the SDK's default chain,
    /// with the two variables that ECS sets in the container, and nothing of this process's own environment. They keep
    /// what they got: it is good for hours, and stays good when the task has stopped.
    pub(crate) async fn in_container(&self, uri: &str, token: &str) -> Result<Client, CallError> {
        let environment = Env::from_slice(&[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", token),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]);
        let loaded = aws_config::defaults(behavior())
            .env(environment)
            .fs(Fs::from_slice(&[]))
            .region(Region::new(self.region().to_owned()))
            .http_client(client_of(&self.connector))
            .load()
            .await;
        let provider = loaded.credentials_provider();
        let provider = provider.ok_or_else(|| CallError::no_answer("the SDK has no credentials provider"))?;
        let unread = |error| CallError::no_answer(cause(&error));
        let credentials = provider.provide_credentials().await.map_err(unread)?;
        let access_key = credentials.access_key_id().to_owned();
        Ok(self.client(&access_key, SharedCredentialsProvider::new(credentials)))
    }

    fn client(&self, access_key: &str, credentials: SharedCredentialsProvider) -> Client {
        let shared = self.shared.clone().into_builder();
        let shared = shared.credentials_provider(credentials.clone());
        let shared = shared.identity_cache(aws_sdk_s3::config::IdentityCache::lazy().build()).build();
        Client {
            access_key: access_key.to_owned(),
            sdks: Arc::new(Sdks::new(shared)),
            raw: raw::Sender::new(self.connector.clone(), credentials, self.destination.clone(), self.region()),
        }
    }
}

impl Sdks {
    fn new(shared: SdkConfig) -> Self {
        let (iam, s3, ecs, sts) = (OnceLock::new(), OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { shared, iam, s3, ecs, sts }
    }

    fn iam(&self) -> &aws_sdk_iam::Client {
        self.iam.get_or_init(|| aws_sdk_iam::Client::new(&self.shared))
    }

    fn s3(&self) -> &aws_sdk_s3::Client {
        let own = || aws_sdk_s3::config::Builder::from(&self.shared).force_path_style(true).build();
        self.s3.get_or_init(|| aws_sdk_s3::Client::from_conf(own()))
    }

    fn ecs(&self) -> &aws_sdk_ecs::Client {
        self.ecs.get_or_init(|| aws_sdk_ecs::Client::new(&self.shared))
    }

    fn sts(&self) -> &aws_sdk_sts::Client {
        self.sts.get_or_init(|| aws_sdk_sts::Client::new(&self.shared))
    }
}

impl Client {
    /// What it signs with.
    pub(crate) async fn credentials(&self) -> Result<Access, CallError> {
        let keys = self.raw.credentials().await?;
        let key = AccessKey { id: keys.access_key_id().to_owned(), secret: keys.secret_access_key().to_owned() };
        Ok(Access::Key { key, token: keys.session_token().map(str::to_owned) })
    }

    /// The id of the key that it signs with.
    pub(crate) fn access_key(&self) -> &str {
        &self.access_key
    }

    /// What is answered to a request outside AWS's APIs: status and body.
    pub(crate) async fn plain(&self, method: &str, path: &str, body: &'static str) -> Result<(u16, String), CallError> {
        let asked = tokio::time::timeout(PATIENCE, self.raw.plain(method, path, body)).await;
        asked.unwrap_or_else(|_| Err(CallError::no_answer(format!("no answer within {} s", PATIENCE.as_secs()))))
    }

    /// Makes a call.
    pub(crate) async fn send(&self, call: &ApiCall) -> Reply {
        let sent = match call.service {
            "iam" => iam::send(self.sdks.iam(), call).await,
            "s3" => s3::send(self.sdks.s3(), call).await,
            "ecs" => ecs::send(self.sdks.ecs(), call).await,
            "sts" => sts::send(self.sdks.sts(), call).await,
            _ => Err(Unsent::NoBuilder),
        };
        let sent = match sent {
            Err(Unsent::NoBuilder) => tokio::time::timeout(PATIENCE, self.raw.send(call))
                .await
                .unwrap_or_else(|_| Err(CallError::no_answer(format!("no answer within {} s", PATIENCE.as_secs())))),
            Err(Unsent::Error(error)) => Err(error),
            Ok(reply) => Ok(reply),
        };
        sent.unwrap_or_else(Reply::refused)
    }
}

/// Why a call was not made with an SDK's builder.
enum Unsent {
    /// None is filled in here for the operation: it is sent as AWS's API model says.
    NoBuilder,
    /// It was, and could not be sent.
    Error(CallError),
}

impl From<CallError> for Unsent {
    fn from(error: CallError) -> Self {
        Self::Error(error)
    }
}

fn plain() -> SharedHttpConnector {
    SharedHttpConnector::new(Connector::builder().enable_tcp_nodelay(true).build_http())
}

/// With TLS, for which the system's certificates count, and without it.
fn tls(proxy: ProxyConfig) -> SharedHttpConnector {
    let tls = Connector::builder().enable_tcp_nodelay(true).proxy_config(proxy);
    SharedHttpConnector::new(tls.tls_provider(Provider::Rustls(CryptoMode::Ring)).build())
}

fn client_of(connector: &SharedHttpConnector) -> SharedHttpClient {
    let shared = connector.clone();
    http_client_fn(move |_, _| shared.clone())
}

/// What went wrong, in the words of the innermost error: those around it tell of the SDK's own layers.
fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// A call that nothing here sends: a gap between the tables, not a fault of the user's.
fn unknown(call: &ApiCall) -> CallError {
    CallError::not_sent(format!("{} cannot be sent", call.name()))
}

/// What an SDK refuses to build, it would refuse to send.
fn build<T>(built: Result<T, BuildError>) -> Result<T, CallError> {
    built.map_err(|error| CallError::not_sent(error.to_string()))
}
