//! `tagproof serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use account::{AccessKey, Settings, Tracing};
use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use wire::{Hosting, Server, Upstream};

use crate::args::Serve;
use crate::exit::Exit;
use crate::output;

/// Any will do: the account answers for all.
const REGION: &str = "us-east-1";

pub(crate) async fn serve(serve: Serve) -> anyhow::Result<Exit> {
    // Before anything tells that it is up: whoever waits for that may stop it at once.
    let mut stop = Stop::listen()?;
    let upstream = match serve.backend.clone() {
        Some(url) => Some(Upstream::find(url, serve.backend_key, REGION.to_owned()).await.map_err(unreachable)?),
        None => None,
    };
    let address = SocketAddr::new(serve.listen, serve.port);
    let server = Server::bind(address).await.with_context(|| cannot_listen(address))?;
    let key = serve.root_key.clone();
    let settings = Settings { account: serve.account.clone(), root: serve.root_key };
    let log: wire::Log = Arc::new(|line: &str| output::note(line));
    let hosting = Hosting { tracing: Tracing::Denials, log: Some(log), upstream };
    server.host(settings, hosting).with(|world| world.set_task_session_seconds(serve.task_session));
    output::data(&environment(&server.url(), &key))?;
    let before = serve.backend.map(|url| format!(", in front of {url}")).unwrap_or_default();
    output::note(&format!("serving account {} on {}{before}; Ctrl-C stops it", serve.account, server.url()));
    stop.wait().await;
    server.stop().await;
    Ok(Exit::AsExpected)
}

/// What a shell can `source` so that AWS clients find the account. Older ones know the region by its second name only.
fn environment(url: &str, key: &AccessKey) -> String {
    let AccessKey { id, secret } = key;
    let variables = [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
    ];
    variables.iter().map(|(name, value)| format!("export {name}={}\n", shell_word(value))).collect()
}

/// A value as a shell reads it back.
fn shell_word(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:.+=_-".contains(&byte);
    match value.bytes().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

fn unreachable(fault: account::Fault) -> anyhow::Error {
    anyhow::Error::msg(fault.message).context("--backend needs an emulator that is running")
}

fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; choose another port with --port, or --port 0 to let the system choose")
}

/// Ctrl-C and SIGTERM, heard from the moment this is made.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for (value, word) in [("a/b+c=", "a/b+c="), ("a b", "'a b'"), ("a'$(b)", r"'a'\''$(b)'"), ("é", "'é'")] {
            assert_eq!(shell_word(value), word);
        }
    }
}
