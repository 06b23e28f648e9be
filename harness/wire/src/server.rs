//! The listener: connections in, requests to whom they concern, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use account::Settings;
use http::{Request, Response};
use http_body_util::Either;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::hosted::{Hosted, Hosting};
use crate::hosts::Hosts;
use crate::patience::Patient;
use crate::shape::Sent;
use crate::{admin, chance, containers, handle};

/// Room for the request line and headers. S3's longest, a key of 1,024 bytes all percent-encoded and 2 KiB of metadata
/// beside a session token, stay far below.
const HEAD_BYTES: usize = 64 * 1024;
const HEADERS: usize = 128;
/// How long a client may take for a request's head, which is also how long a connection may wait for its next one.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long a client may let an answer wait without taking any of it.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How many connections are served at the same time; others wait.
const CONNECTIONS: usize = 1024;
/// How long requests under way may take when the listener stops.
const LAST_ORDERS: Duration = Duration::from_secs(3);

/// One listener with many worlds behind it.
pub struct Server {
    address: SocketAddr,
    inner: Arc<Inner>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

pub(crate) struct Inner {
    hosts: Hosts,
}

/// Who can reach an address, which says what is answered there beside AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// This machine.
    Local,
    /// Whoever the network lets in.
    Public,
    /// The containers of tasks.
    Containers,
}

/// How further addresses are opened for a listener's worlds.
#[derive(Clone)]
pub(crate) struct Doorway {
    inner: Weak<Inner>,
    stopped: watch::Receiver<bool>,
}

impl Doorway {
    /// Answers at another address until the task that is given back is aborted, or the listener stops.
    pub(crate) fn open(&self, listener: TcpListener, face: Face) -> io::Result<JoinHandle<()>> {
        let inner = self.inner.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tokio::spawn(accept(listener, inner, face, self.stopped.clone())))
    }

    pub(crate) fn is_the_same(&self, other: &Doorway) -> bool {
        self.inner.ptr_eq(&other.inner)
    }
}

impl Server {
    /// Listens. On another address than a loopback one, anyone who reaches it may ask.
    ///
    /// # Errors
    /// The address is in use or not this machine's, or the operating system has no random bytes.
    pub async fn bind(address: SocketAddr) -> io::Result<Server> {
        chance::check()?;
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let inner = Arc::new(Inner { hosts: Hosts::default() });
        let face = if address.ip().is_loopback() { Face::Local } else { Face::Public };
        let (stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, inner.clone(), face, stopped));
        Ok(Server { address, inner, stop, accepting })
    }

    /// Where clients on this machine find it: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Hosts a world of its own. Requests find it by its root key's id, which no other world here should have, or by
    /// a key that was made in it; requests that nobody signed are for the world that was hosted first.
    pub fn host(&self, settings: Settings, hosting: Hosting) -> Arc<Hosted> {
        let doorway = Doorway { inner: Arc::downgrade(&self.inner), stopped: self.stop.subscribe() };
        self.inner.hosts.add(self.url(), doorway, settings, hosting)
    }

    /// Takes a world away: nobody knows its keys any more.
    pub fn unhost(&self, hosted: &Arc<Hosted>) {
        self.inner.hosts.remove(hosted);
    }

    /// Stops: no new connections, requests under way have a few seconds.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let accepting = &mut self.accepting;
        if tokio::time::timeout(LAST_ORDERS, accepting).await.is_err() {
            self.accepting.abort();
            let _aborted = (&mut self.accepting).await;
        }
    }
}

impl Drop for Server {
    /// Without [`Server::stop`] everything ends at once: the task that accepts owns all connections.
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, inner: Arc<Inner>, face: Face, mut stopped: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let place = room.clone().acquire_owned().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>((listener.accept().await?, place))
        };
        tokio::select! {
            accepted = accepted => match accepted {
                Ok(((stream, peer), place)) => {
                    let (inner, stopped) = (inner.clone(), stopped.clone());
                    connections.spawn(async move {
                        serve(stream, peer, inner, face, stopped).await;
                        drop(place);
                    });
                }
                // Out of file descriptors, or a client that is gone already.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(stream: TcpStream, peer: SocketAddr, inner: Arc<Inner>, face: Face, mut stopped: watch::Receiver<bool>) {
    if face == Face::Containers && !stream.local_addr().is_ok_and(|own| are_neighbours(own.ip(), peer.ip())) {
        return;
    }
    // Answers are written whole, so waiting for more to send along only delays them.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |request| {
        let inner = inner.clone();
        async move { Ok::<_, Infallible>(inner.answer(face, peer.ip(), request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(Patient::new(stream, ANSWER_TIME)), service);
    let mut connection = std::pin::pin!(connection);
    // A connection that fails (a client that is gone, or speaks no HTTP) concerns nobody else.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ended = connection.await;
        }
    }
}

/// Whether two addresses are in one /24, as the network of containers is. Linux takes what is sent to any address of its
/// own, on whichever network it comes: the neighbours of this machine would reach what is for its containers alone.
fn are_neighbours(one: IpAddr, other: IpAddr) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => one.to_bits() >> 8 == other.to_bits() >> 8,
        _ => false,
    }
}

impl Inner {
    async fn answer(&self, face: Face, peer: IpAddr, request: Request<Incoming>) -> Response<Sent> {
        let (parts, body) = request.into_parts();
        match face {
            Face::Containers if containers::are_asked(&parts) => {
                return containers::answer(&self.hosts, &parts).map(Either::Left);
            }
            Face::Local | Face::Public if admin::are_asked(&parts) => {
                return admin::answer(&self.hosts, face == Face::Local, &parts).map(Either::Left);
            }
            _ => {}
        }
        handle::answer(&self.hosts, peer, &parts, body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_on_the_network_of_containers() {
        for (peer, is) in [
            ("169.254.170.3", true),
            ("169.254.170.2", true),
            ("169.254.171.3", false),
            ("192.168.1.7", false),
            ("::1", false),
        ] {
            assert_eq!(are_neighbours(IpAddr::from([169, 254, 170, 2]), peer.parse().unwrap()), is, "{peer}");
        }
    }
}
