//! The worlds of a run behind one listener.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use account::Tracing;
use indexmap::IndexSet;
use launch::Launcher;
use matrix::Trial;
use wire::{Hosted, Hosting, Server, Upstream};

use super::guarded_emulator::GuardedEmulator;
use super::stop::Stop;
use super::world_carrier::WorldCarrier;
use crate::client::Endpoint;
use crate::error::Note;

/// Worlds behind a listener, taken down again when this is dropped.
pub(super) struct HostedWorlds<'s> {
    server: &'s Server,
    upstream: Option<&'s Upstream>,
    stop: &'s Stop,
    hosted: Vec<Arc<Hosted>>,
    left: Arc<Mutex<Vec<Note>>>,
    /// Microseconds that the emulator took for what does not go through the guard.
    took: Arc<AtomicU64>,
}

impl<'s> HostedWorlds<'s> {
    pub(super) fn new(server: &'s Server, upstream: Option<&'s Upstream>, stop: &'s Stop) -> Self {
        Self { server, upstream, stop, hosted: Vec::new(), left: Arc::default(), took: Arc::default() }
    }

    /// What an emulator was given that nobody had asked for, and what of it could not be deleted; each once.
    pub(super) fn notes(&self) -> Vec<Note> {
        let filled_in = self.hosted.iter().flat_map(|hosted| hosted.filled_in());
        let mut notes: IndexSet<Note> = filled_in.map(Note::Said).collect();
        notes.extend(self.left.lock().unwrap_or_else(PoisonError::into_inner).drain(..));
        notes.into_iter().collect()
    }

    /// How long the emulator took over all its calls: those that the guard passed on, and looking and deleting.
    pub(super) fn emulator_took(&self) -> Duration {
        let guarded: Duration = self.hosted.iter().map(|hosted| hosted.backend_took()).sum();
        guarded + Duration::from_micros(self.took.load(Ordering::Relaxed))
    }

    /// Makes an option's world.
    pub(super) fn host(&mut self, endpoint: &Endpoint, trial: &Trial, launcher: Option<Arc<Launcher>>) -> WorldCarrier {
        let hosting = Hosting { tracing: Tracing::All, log: None, upstream: self.upstream.cloned() };
        let carrier = WorldCarrier::host(self.server, endpoint, trial, hosting, None);
        self.hosted.push(carrier.hosted().clone());
        let fresh = || carrier.hosted().with(|world| world.clone());
        let emulator =
            self.upstream.map(|one| GuardedEmulator::new(one, fresh(), self.left.clone(), self.took.clone()));
        carrier.guarding(emulator, launcher, self.stop.clone())
    }
}

impl Drop for HostedWorlds<'_> {
    fn drop(&mut self) {
        for hosted in &self.hosted {
            self.server.unhost(hosted);
        }
    }
}
