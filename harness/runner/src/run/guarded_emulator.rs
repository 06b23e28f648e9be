//! The emulator behind a world: what it made is remembered, and deleted again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use account::World;
use matrix::call::{ApiCall, CallError, Refusal};
use serde_json::Value;
use wire::Upstream;

use super::revisions::Revisions;
use super::undo::{self, Made};
use crate::client::{Client, Endpoint};
use crate::error::Note;

/// The emulator behind a world.
pub(super) struct GuardedEmulator {
    upstream: Upstream,
    root: Client,
    made: Made,
    revisions: Mutex<Revisions>,
    /// The world before anything was made.
    pub(super) fresh: World,
    /// What could not be deleted again.
    left: Arc<Mutex<Vec<Note>>>,
    took: Arc<AtomicU64>,
}

impl GuardedEmulator {
    /// Nothing is made yet. `left` takes what cannot be deleted, and `took` counts microseconds.
    pub(super) fn new(upstream: &Upstream, fresh: World, left: Arc<Mutex<Vec<Note>>>, took: Arc<AtomicU64>) -> Self {
        let root = Endpoint::new(&*upstream.url).with_keys(&upstream.root.id, &upstream.root.secret, None);
        let (made, revisions) = (Made::default(), Mutex::default());
        Self { upstream: upstream.clone(), root, made, revisions, fresh, left, took }
    }

    /// Refuses a bucket that is there already.
    pub(super) async fn is_free(&self, call: &ApiCall) -> Result<(), CallError> {
        self.timed(undo::is_free(&self.root, call)).await
    }

    /// Deletes what was made.
    pub(super) async fn clear(&self) {
        *self.revisions() = Revisions::default();
        let left = self.timed(self.made.clear(|_| self.root.clone())).await;
        self.left.lock().unwrap_or_else(PoisonError::into_inner).extend(left);
    }

    /// Counts what the emulator takes for what does not go through the guard.
    async fn timed<T>(&self, calls: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let done = calls.await;
        self.took.fetch_add(began.elapsed().as_micros().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
        done
    }

    /// An answer of the emulator's: what it made is remembered, what it said when it failed is told, and that it gave
    /// none is no answer.
    pub(super) fn answered(
        &self,
        call: &ApiCall,
        result: Result<Value, CallError>,
        said: Option<String>,
    ) -> Result<Value, CallError> {
        match (result, said) {
            (Ok(answer), _) => {
                if call.service == "s3" || (call.service == "ecs" && self.upstream.has_ecs) {
                    self.made.record("", call, &answer);
                    self.revisions().record(call, &answer);
                }
                Ok(answer)
            }
            (Err(CallError::Refused(refusal)), Some(said)) => {
                // Where it listens is another place each time.
                Err(Refusal { message: said.replace(&self.upstream.url, "the emulator"), ..refusal }.into())
            }
            (Err(CallError::Refused(refusal)), None) if refusal.status == 503 => {
                Err(CallError::NoAnswer(refusal.message))
            }
            (Err(error), _) => Err(error),
        }
    }

    pub(super) fn revisions(&self) -> MutexGuard<'_, Revisions> {
        self.revisions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
