//! The connections of a listener, and which of them goes when there is no room for another.
//!
//! A connection that waits for its client costs nothing but its seat, so it may keep it for as long as nobody else needs
//! one. When somebody does, the address that has most seats gives up the one whose client has been waited for longest. So
//! neither many idle clients nor a few slow ones keep anybody out.
//!
//! A client is waited for once a read has found nothing, or a write no room, and until something comes of it. However late
//! we are at looking, what it has sent by then is not its delay.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::request::Parts;
use tokio::time::Instant;

#[cfg(test)]
mod tests;

/// A client that sends or takes as many bytes in a second is not waited for.
pub(crate) const PACE: u64 = 64 * 1024;

/// How one connection is getting on.
#[derive(Debug, Default)]
pub(crate) struct Seat(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How long its client was waited for until the last bytes moved, less what those take at a fair pace.
    waited: Duration,
    /// Since when its client is waited for: for a request, for more of one, or until it takes its answer. `None`: it waits
    /// for us.
    since: Option<Instant>,
    /// The whole request is here, and its answer is not.
    is_served: bool,
}

impl Seat {
    /// There was nothing to read. While a request is served, nobody waits for the next one.
    pub(crate) fn awaits_bytes(&self, now: Instant) {
        let mut state = self.state();
        if !state.is_served {
            state.since.get_or_insert(now);
        }
    }

    /// The client has not taken what was written.
    pub(crate) fn awaits_reader(&self, now: Instant) {
        self.state().since.get_or_insert(now);
    }

    /// Something came from the client, or it took something. We have yet to see what.
    pub(crate) fn stirs(&self, now: Instant) {
        self.state().stirs(now);
    }

    /// Bytes went to the client or came from it.
    pub(crate) fn moved(&self, bytes: usize, now: Instant) {
        let mut state = self.state();
        state.stirs(now);
        state.waited = state.waited.saturating_sub(fair_time(bytes as u64));
    }

    /// The whole request is here.
    pub(crate) fn serves(&self) {
        let mut state = self.state();
        (state.since, state.is_served) = (None, true);
    }

    /// All of the answer is there to be taken.
    pub(crate) fn has_served(&self) {
        *self.state() = State::default();
    }

    /// For how long the client has been waited for; `None`: it is waiting for us.
    pub(crate) fn waited(&self, now: Instant) -> Option<Duration> {
        let state = self.state();
        Some(state.waited + now.saturating_duration_since(state.since?))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn stirs(&mut self, now: Instant) {
        if let Some(since) = self.since.take() {
            self.waited += now.saturating_duration_since(since);
        }
    }
}

/// Says that all of a request is here.
pub(crate) fn is_whole(parts: &Parts) {
    if let Some(seat) = parts.extensions.get::<Arc<Seat>>() {
        seat.serves();
    }
}

/// A wait that began at `since`, after some bytes have come: it is shorter by what they take at a fair pace. A client that
/// sends a byte now and then is waited for as one that sends nothing.
pub(crate) fn later(since: Instant, bytes: u64, now: Instant) -> Instant {
    since.checked_add(fair_time(bytes)).map_or(now, |since| since.min(now))
}

fn fair_time(bytes: u64) -> Duration {
    Duration::from_micros(bytes.saturating_mul(1_000_000) / PACE)
}

/// All seats of a listener. `K` names a connection, `C` is one.
pub(crate) struct Seats<K, C> {
    most: usize,
    taken: HashMap<K, Taken<C>>,
    of_address: HashMap<IpAddr, usize>,
}

struct Taken<C> {
    seat: Arc<Seat>,
    address: IpAddr,
    connection: C,
}

impl<K: Copy + Eq + Hash, C> Seats<K, C> {
    pub(crate) fn new(most: usize) -> Self {
        Seats { most, taken: HashMap::new(), of_address: HashMap::new() }
    }

    /// Whether another connection can have a seat, if need be that of one that waits for its client.
    pub(crate) fn has_room(&self, now: Instant) -> bool {
        self.taken.len() < self.most || self.taken.values().any(|taken| taken.seat.waited(now).is_some())
    }

    /// The connection that has to go before another one can come.
    pub(crate) fn make_room(&mut self, now: Instant) -> Option<C> {
        if self.taken.len() < self.most { None } else { self.give_up(now) }
    }

    /// The connection that can best be done without.
    pub(crate) fn give_up(&mut self, now: Instant) -> Option<C> {
        let waits = |(key, taken): (&K, &Taken<C>)| {
            let waited = taken.seat.waited(now)?;
            Some(((self.of_address.get(&taken.address).copied(), waited), *key))
        };
        let (_, longest) = self.taken.iter().filter_map(waits).max_by_key(|(wait, _)| *wait)?;
        self.leave(longest)
    }

    pub(crate) fn take(&mut self, key: K, seat: Arc<Seat>, peer: IpAddr, connection: C) {
        let address = of_one(peer);
        *self.of_address.entry(address).or_default() += 1;
        self.taken.insert(key, Taken { seat, address, connection });
    }

    /// The connection is at its end, or was given up.
    pub(crate) fn leave(&mut self, key: K) -> Option<C> {
        let Taken { address, connection, .. } = self.taken.remove(&key)?;
        if let Some(count) = self.of_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&address);
            }
        }
        Some(connection)
    }
}

/// What counts as one address: this machine with all it has, and the /64 that one host has of IPv6.
fn of_one(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        address if address.is_loopback() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        address => address,
    }
}
