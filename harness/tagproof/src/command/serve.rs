//! `tagproof serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use account::{Settings, Tracing};
use anyhow::Context;
use wire::{Hosting, Server};

use crate::args::Serve;
use crate::exit::Exit;
use crate::output;

pub(crate) async fn serve(serve: Serve) -> anyhow::Result<Exit> {
    let address = SocketAddr::new(serve.listen, serve.port);
    let server = Server::bind(address).await.with_context(|| cannot_listen(address))?;
    let key = serve.root_key.clone();
    let settings = Settings { account: serve.account.clone(), root: serve.root_key };
    let hosting = Hosting { tracing: Tracing::Denials, log: Some(Arc::new(|line: &str| output::note(line))) };
    server.host(settings, hosting);
    output::data(&format!(
        "export AWS_ENDPOINT_URL={}\nexport AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\nexport AWS_REGION=us-east-1\n",
        server.url(),
        key.id,
        key.secret
    ))?;
    output::note(&format!("serving account {} on {}; Ctrl-C stops it", serve.account, server.url()));
    interrupted().await?;
    server.stop().await;
    Ok(Exit::AsExpected)
}

fn cannot_listen(address: SocketAddr) -> String {
    format!("cannot listen on {address}; choose another port with --port, or --port 0 to let the system choose")
}

/// Waits for Ctrl-C or SIGTERM.
async fn interrupted() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}
