//! Runs a scenario, the calls made by the AWS SDKs: each option in a world of its own behind one listener, or all of
//! them on an emulator.

mod bare;
mod guarded_emulator;
mod hosted_worlds;
mod patience;
mod revisions;
mod stand;
mod stop;
pub(crate) mod undo;
mod world_carrier;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use launch::Launcher;
use matrix::call::CallError;
use matrix::flow::{self, Broken, Carrier as _, Cells};
use matrix::{FinishedCell, Gathered, Outcome, Prepared, Results, gather};
use tokio::sync::Semaphore;
use tokio::task::{Id, JoinSet};
use wire::{Server, Upstream};

use crate::client::Endpoint;
use crate::error::RunError;
pub use bare::{Emulator, PlannedResource};
use hosted_worlds::HostedWorlds;
pub use stand::{Access, Standing, StandingCaller, stand};
pub use stop::Stop;

/// Something that has happened while a scenario runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An option's account is about to be set up.
    OptionStarted {
        /// Index into [`Results::options`].
        option: usize,
    },
    /// A cell is finished.
    CellDone {
        /// Index into [`Results::options`].
        option: usize,
        /// Index into [`Results::callers`].
        caller: usize,
        /// Index into [`Results::requests`].
        request: usize,
        /// What came out.
        outcome: Outcome,
        /// Whether it is as expected.
        ok: bool,
    },
    /// All cells of an option are finished.
    OptionDone {
        /// Index into [`Results::options`].
        option: usize,
        /// How long it took.
        took: Duration,
    },
}

/// What watches a run.
pub type Watch = Arc<dyn Fn(Event) + Send + Sync>;

/// Where a scenario is run.
#[derive(Clone, Copy)]
pub enum On<'a> {
    /// On worlds of the server's own, which are taken down again whatever happens. Containers' own commands are run by
    /// the launcher; without one those cells are left out, as they are on emulators themselves.
    Embedded(&'a Server, Option<&'a Arc<Launcher>>),
    /// On such worlds, with an emulator that does what they allow. What is made there is deleted again.
    Guarded(&'a Server, &'a Upstream, Option<&'a Arc<Launcher>>),
    /// On an emulator itself, or in a real account: what comes out is an observation of it. What is made there is deleted
    /// again.
    Bare(&'a Emulator),
}

/// Runs every cell.
///
/// Dropping the future stops the run; what was made on an emulator or in a real account then stays there. Who asks it to
/// stop gets that deleted first.
///
/// # Errors
/// An option's account cannot be set up, a call got no answer, or the run was asked to stop. On an emulator a set-up that
/// is refused is an outcome of the option's cells.
pub async fn run(prepared: &Prepared, on: On<'_>, watch: Watch, stop: &Stop) -> Result<Results, RunError> {
    // In boxes: what a caller has to compile of all this stays small.
    match on {
        On::Embedded(server, launcher) => Box::pin(on_worlds(prepared, server, None, launcher, watch, stop)).await,
        On::Guarded(server, upstream, launcher) => {
            Box::pin(on_worlds(prepared, server, Some(upstream), launcher, watch, stop)).await
        }
        On::Bare(emulator) => Box::pin(bare::run(prepared, emulator, &watch, stop)).await,
    }
}

async fn on_worlds(
    prepared: &Prepared,
    server: &Server,
    upstream: Option<&Upstream>,
    launcher: Option<&Arc<Launcher>>,
    watch: Watch,
    stop: &Stop,
) -> Result<Results, RunError> {
    let started = Instant::now();
    // Two cores keep about this many options busy; more of them only make each wait longer. On one emulator they use the
    // same names.
    let lanes = if upstream.is_some() { 1 } else { std::thread::available_parallelism().map_or(2, usize::from) * 2 };
    let lanes = Arc::new(Semaphore::new(lanes));
    // Dropped after the tasks that use them.
    let mut worlds = HostedWorlds::new(server, upstream, stop);
    let endpoint = Endpoint::new(server.url());
    let mut running = JoinSet::new();
    let mut options = HashMap::new();
    for (at, trial) in prepared.trials.iter().enumerate() {
        // Before it is spawned: on an emulator, which counts its task definitions, options come in the file's order.
        let lane = lanes.clone().acquire_owned().await;
        let (watch, scenario, trial) = (watch.clone(), prepared.scenario.clone(), trial.clone());
        let carrier = worlds.host(&endpoint, &trial, launcher.cloned());
        let task = running.spawn(async move {
            let _lane = lane;
            watch(Event::OptionStarted { option: at });
            let began = Instant::now();
            let done = |caller: usize, request: usize, finished: &FinishedCell| {
                let expected = scenario.expectation(at, caller, request).expected;
                let (outcome, ok) = (finished.outcome.clone(), expected.met_by(&finished.outcome));
                watch(Event::CellDone { option: at, caller, request, outcome, ok });
            };
            let mut cells = Vec::new();
            let ended = flow::option(&carrier, &scenario, &trial, &mut cells, done).await;
            carrier.clear().await;
            let took = began.elapsed();
            watch(Event::OptionDone { option: at, took });
            (at, ended.map(|()| cells), took)
        });
        options.insert(task.id(), at);
    }
    let gathered = join(prepared, running, &options).await.map_err(|error| match error {
        RunError::Interrupted { .. } => RunError::interrupted(&worlds.notes()),
        error => error,
    })?;
    let mut results = gather(prepared, gathered, started.elapsed());
    results.notes.extend(worlds.notes().iter().map(ToString::to_string));
    results.timings.emulator = upstream.map(|_| worlds.emulator_took());
    Ok(results)
}

type Finished = (usize, Result<Cells, Broken>, Duration);

/// Waits for all options and puts them into file order; the first option in file order that broke is the one told of.
async fn join(
    prepared: &Prepared,
    mut running: JoinSet<Finished>,
    options: &HashMap<Id, usize>,
) -> Result<Vec<Gathered>, RunError> {
    let mut finished = Vec::new();
    while let Some(joined) = running.join_next().await {
        match joined {
            Ok(one) => finished.push(one),
            Err(error) => {
                let at = options.get(&error.id()).copied().unwrap_or_default();
                let broken = Broken { call: "run".to_owned(), error: CallError::not_sent(error.to_string()) };
                finished.push((at, Err(broken), Duration::ZERO));
            }
        }
    }
    finished.sort_by_key(|(at, ..)| *at);
    let gathered = |(at, cells, took): Finished| {
        let cells = cells.map_err(|broken| RunError::new(prepared, at, broken))?;
        Ok(Gathered { cells, took })
    };
    finished.into_iter().map(gathered).collect()
}
