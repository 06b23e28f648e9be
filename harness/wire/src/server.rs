//! The listener: connections in, requests to whom they concern, and an orderly end.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use account::Settings;
use http::{Request, Response};
use http_body_util::Either;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::hosted::{Hosted, Hosting};
use crate::hosts::Hosts;
use crate::patience::Patient;
use crate::seats::{Seat, Seats};
use crate::shape::Sent;
use crate::{admin, chance, containers, handle};

#[cfg(test)]
mod tests;

/// Room for the request line and headers. S3's longest, a key of 1,024 bytes all percent-encoded and 2 KiB of metadata
/// beside a session token, stay far below.
const HEAD_BYTES: usize = 64 * 1024;
const HEADERS: usize = 128;
/// How long a client may take for a request's head, which is also how long a connection may wait for its next one.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How long a client may let an answer wait without taking any of it.
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// How many connections there are at the same time. When another one comes, one goes that waits for its client.
const CONNECTIONS: usize = 1024;
/// How long nothing is accepted when there is no room, and no connection that could go.
const BREATH: Duration = Duration::from_millis(20);
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
pub(crate) enum Audience {
    /// Everybody who reaches the address.
    World,
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
    pub(crate) fn open(&self, listener: TcpListener, audience: Audience) -> io::Result<JoinHandle<()>> {
        let inner = self.inner.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        Ok(tokio::spawn(accept(listener, inner, audience, self.stopped.clone(), CONNECTIONS)))
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
        let (stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(accept(listener, inner.clone(), Audience::World, stopped, CONNECTIONS));
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

    /// Answers on a connection that the listener has not accepted, such as one in memory, until its client ends it.
    pub async fn serve_connection<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S, peer: IpAddr) {
        let seat = Arc::<Seat>::default();
        converse(stream, peer, self.inner.clone(), Audience::World, self.stop.subscribe(), seat).await;
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

async fn accept(
    listener: TcpListener,
    inner: Arc<Inner>,
    audience: Audience,
    mut stopped: watch::Receiver<bool>,
    most: usize,
) {
    let mut seats = Seats::new(most);
    let mut connections = JoinSet::new();
    loop {
        let has_room = seats.has_room(Instant::now());
        tokio::select! {
            accepted = listener.accept(), if has_room => match accepted {
                Ok((stream, peer)) => {
                    seats.make_room(Instant::now()).iter().for_each(AbortHandle::abort);
                    let seat = Arc::<Seat>::default();
                    let serving = serve(stream, peer, inner.clone(), audience, stopped.clone(), seat.clone());
                    let connection = connections.spawn(serving);
                    seats.take(connection.id(), seat, peer.ip(), connection);
                }
                // A client that is gone already, or this process has no descriptor left.
                Err(error) => {
                    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
                        seats.give_up(Instant::now()).iter().for_each(AbortHandle::abort);
                        tokio::time::sleep(BREATH).await;
                    }
                }
            },
            () = tokio::time::sleep(BREATH), if !has_room => {}
            Some(ended) = connections.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                seats.leave(id);
            }
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    inner: Arc<Inner>,
    audience: Audience,
    stopped: watch::Receiver<bool>,
    seat: Arc<Seat>,
) {
    if audience == Audience::Containers && !stream.local_addr().is_ok_and(|own| are_neighbours(own.ip(), peer.ip())) {
        return;
    }
    // Answers are written whole, so waiting for more to send along only delays them.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    converse(stream, peer.ip(), inner, audience, stopped, seat).await;
}

/// Requests in, answers out, until the client has no more or the listener stops.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    peer: IpAddr,
    inner: Arc<Inner>,
    audience: Audience,
    mut stopped: watch::Receiver<bool>,
    seat: Arc<Seat>,
) {
    let patient = Patient::new(stream, ANSWER_TIME, seat.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        let (inner, seat) = (inner.clone(), seat.clone());
        if request.body().is_end_stream() {
            seat.serves();
        }
        request.extensions_mut().insert(seat.clone());
        async move {
            let mut answer = inner.answer(audience, peer, request).await;
            match answer.body_mut() {
                Either::Left(_whole) => seat.has_served(),
                Either::Right(relayed) => relayed.serves(seat),
            }
            Ok::<_, Infallible>(answer)
        }
    });
    // Without `writev(false)` hyper 1.12 puts its error about bytes behind a request between the head and the body of the
    // answer before, if that body is not yet sent.
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .writev(false)
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(patient), service);
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
    async fn answer(&self, audience: Audience, peer: IpAddr, request: Request<Incoming>) -> Response<Sent> {
        let (parts, body) = request.into_parts();
        match audience {
            Audience::Containers if containers::are_asked(&parts) => {
                return containers::answer(&self.hosts, &parts).map(Either::Left);
            }
            Audience::World if admin::are_asked(&parts) => return admin::answer(&self.hosts, &parts).map(Either::Left),
            _ => {}
        }
        handle::answer(&self.hosts, peer, &parts, body).await
    }
}
