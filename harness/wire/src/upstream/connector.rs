//! Connections to the emulator, with TLS where its URL says so.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::load_native_certs;

/// How long the emulator may take to accept a connection.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Nothing of TLS is looked at for a URL without it.
static NO_TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| Arc::new(trusting(RootCertStore::empty())));

/// The certificates that this machine trusts, or those of `SSL_CERT_FILE`, read once.
static TLS: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(load_native_certs().certs);
    Arc::new(trusting(roots))
});

/// What connects to a URL.
pub(super) fn connector(url: &str) -> HttpsConnector<HttpConnector> {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIME));
    tcp.enforce_http(false);
    let tls = if url.starts_with("https://") { &TLS } else { &NO_TLS };
    HttpsConnector::from((tcp, LazyLock::force(tls).clone()))
}

#[expect(clippy::expect_used, reason = "ring has ciphers for the versions of TLS that are the default")]
fn trusting(roots: RootCertStore) -> ClientConfig {
    // Named, since another crate of a user's build may bring another.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    builder.expect("ring speaks TLS 1.2 and 1.3").with_root_certificates(roots).with_no_client_auth()
}
