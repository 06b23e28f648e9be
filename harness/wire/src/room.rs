//! Memory for the bodies that are under way.
//!
//! A body has what has come of it, not what it says it will have. When all is taken, those that need more wait, and the
//! oldest goes on; one whose client does not send is turned out. So nobody waits for a body that stalls, and none waits
//! for another that waits for it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::seats;

#[cfg(test)]
mod tests;

/// How long a client may be waited for while others need the memory.
const GRACE: Duration = Duration::from_secs(1);

/// Memory that bodies share.
pub(crate) struct Room {
    state: Mutex<State>,
    /// Bodies have ended.
    freed: Notify,
    /// Bodies have to go.
    turned_out: Notify,
}

/// A body's part of it, given back when dropped.
pub(crate) struct Share<'r> {
    room: &'r Room,
    id: u64,
}

/// The body has to go: its client keeps others waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TurnedOut;

struct State {
    most: u64,
    used: u64,
    /// By age.
    bodies: BTreeMap<u64, Body>,
    next: u64,
}

struct Body {
    bytes: u64,
    /// Since when its client is waited for.
    since: Instant,
    is_waiting: bool,
    is_turned_out: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Taken,
    /// Nothing changes before then, unless a body ends.
    Wait(Instant),
    TurnedOut,
}

impl Room {
    /// `most`: bytes for all bodies. The oldest may go beyond it, by what one body may have.
    pub(crate) const fn new(most: u64) -> Room {
        let state = State { most, used: 0, bodies: BTreeMap::new(), next: 0 };
        Room { state: Mutex::new(state), freed: Notify::const_new(), turned_out: Notify::const_new() }
    }

    pub(crate) fn enter(&self) -> Share<'_> {
        Share { room: self, id: self.state().enter(Instant::now()) }
    }

    /// Bytes that all bodies have.
    pub(crate) fn used(&self) -> u64 {
        self.state().used
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Share<'_> {
    /// Takes room for bytes that have come, once there is some.
    pub(crate) async fn take(&self, bytes: u64) -> Result<(), TurnedOut> {
        loop {
            let mut freed = pin!(self.room.freed.notified());
            freed.as_mut().enable();
            let answer = self.room.state().take(self.id, bytes, Instant::now());
            match answer {
                Answer::Taken => return Ok(()),
                Answer::TurnedOut => return Err(TurnedOut),
                Answer::Wait(until) => {
                    self.room.turned_out.notify_waiters();
                    let _freed = timeout_at(until, freed).await;
                }
            }
        }
    }

    /// Waits until the body has to go.
    pub(crate) async fn turned_out(&self) {
        loop {
            let mut turned_out = pin!(self.room.turned_out.notified());
            turned_out.as_mut().enable();
            if self.room.state().bodies.get(&self.id).is_none_or(|body| body.is_turned_out) {
                return;
            }
            turned_out.await;
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.room.state().leave(self.id);
        self.room.freed.notify_waiters();
    }
}

impl State {
    fn enter(&mut self, now: Instant) -> u64 {
        let id = self.next;
        self.next += 1;
        self.bodies.insert(id, Body { bytes: 0, since: now, is_waiting: false, is_turned_out: false });
        id
    }

    fn leave(&mut self, id: u64) {
        if let Some(body) = self.bodies.remove(&id) {
            self.used -= body.bytes;
        }
    }

    fn take(&mut self, id: u64, bytes: u64, now: Instant) -> Answer {
        let fits = self.used.saturating_add(bytes) <= self.most;
        let is_oldest = self.bodies.iter().find(|(_, body)| !body.is_turned_out).is_some_and(|(first, _)| *first == id);
        let Some(body) = self.bodies.get_mut(&id).filter(|body| !body.is_turned_out) else { return Answer::TurnedOut };
        let has_waited = std::mem::replace(&mut body.is_waiting, !fits && !is_oldest);
        if body.is_waiting {
            return Answer::Wait(self.turn_out(now));
        }
        // What it has waited for us is not its client's fault.
        body.since = if has_waited { now } else { seats::later(body.since, bytes, now) };
        body.bytes += bytes;
        self.used += bytes;
        Answer::Taken
    }

    /// Turns out each body that has some and whose client has been waited for too long. Gives when the next one may be.
    fn turn_out(&mut self, now: Instant) -> Instant {
        let mut next = now + GRACE;
        for body in self.bodies.values_mut().filter(|body| body.bytes > 0 && !body.is_waiting && !body.is_turned_out) {
            let end = body.since + GRACE;
            if end <= now {
                body.is_turned_out = true;
            } else {
                next = next.min(end);
            }
        }
        next
    }
}
