//! The account in this process.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use account::Settings;
use wire::{Hosted, Hosting, Server};

/// A listener with any number of emulated accounts behind it.
pub struct Embedded(Server);

impl Embedded {
    /// Listens.
    ///
    /// # Errors
    /// The address is in use or not this machine's.
    pub async fn start(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(Server::bind(address).await?))
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// A fresh account behind the listener, found by its access keys.
    pub fn host(&self, settings: Settings, hosting: Hosting) -> Arc<Hosted> {
        self.0.host(settings, hosting)
    }

    /// Takes an account away.
    pub fn unhost(&self, hosted: &Arc<Hosted>) {
        self.0.unhost(hosted);
    }

    /// Stops: no new connections, requests under way have a few seconds.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
