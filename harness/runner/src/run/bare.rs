//! Runs a scenario on an emulator itself, or in a real account: whatever it answers is an observation of it.
//!
//! Options run one after another, since they use the same names; what one has made is deleted before the next.

mod adapt;
mod canary;
mod carried;
mod danger;
mod emulator;
mod ground;
mod known;
mod line;
mod owned;
mod renaming;

use std::time::Instant;

use indexmap::IndexSet;
use matrix::api::ApiCall;
use matrix::capability::{Limits, reduced};
use matrix::flow::{self, Broken, Cells};
use matrix::{Bare, Canary, Finish, Gathered, Prepared, Results, Trial, gather};
use serde_json::{Value, json};

use super::stop::Stop;
use super::{Event, Watch};
use crate::error::{Note, RunError};
use carried::Carried;
pub use emulator::Emulator;
use ground::Ground;
use line::Line;

/// Runs every cell; the canaries first.
pub(super) async fn run(
    prepared: &Prepared,
    emulator: &Emulator,
    watch: &Watch,
    stop: &Stop,
) -> Result<Results, RunError> {
    let started = Instant::now();
    emulator.fits(prepared)?;
    let ground = emulator.owned().map(Ground::new);
    let bench = Bench { prepared, emulator, ground: ground.as_ref(), watch, stop };
    let mut notes = IndexSet::new();
    let ran = bench.observed(&mut notes).await;
    if let Some(ground) = &ground {
        let all_deleted = !notes.iter().any(|note| matches!(note, Note::NotDeleted { .. }));
        notes.extend(ground.clear(all_deleted).await);
    }
    let (canaries, gathered) = ran.map_err(|broken| match broken {
        Ended::Refused(error) => error,
        Ended::Broken(broken) if broken.refusal.is_interruption() => RunError::interrupted(&notes),
        Ended::Broken(Broken { call, refusal }) if refusal.status > 0 => {
            RunError::NotBegun { backend: emulator.label.clone(), call, reason: refusal.told() }
        }
        Ended::Broken(Broken { call, refusal }) => {
            RunError::Silent { backend: emulator.label.clone(), call, reason: refusal.message }
        }
    })?;
    let mut results = gather(prepared, gathered, started.elapsed());
    results.notes.extend(notes.iter().map(ToString::to_string));
    results.bare = Some(Bare { backend: emulator.label.clone(), canaries });
    Ok(results)
}

/// Why a run has ended early.
enum Ended {
    Refused(RunError),
    Broken(Broken),
}

impl From<Broken> for Ended {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// A scenario on its way.
struct Bench<'a> {
    prepared: &'a Prepared,
    emulator: &'a Emulator,
    ground: Option<&'a Ground>,
    watch: &'a Watch,
    stop: &'a Stop,
}

impl Bench<'_> {
    async fn observed(&self, notes: &mut IndexSet<Note>) -> Result<(Vec<Canary>, Vec<Gathered>), Ended> {
        let Self { prepared, emulator, ground, watch, stop } = *self;
        let mut canaries = Vec::new();
        if let Some(trial) = prepared.trials.first() {
            let line = Line::new(emulator, ground, stop, &trial.place);
            match ground {
                Some(ground) => ground.lay().await?,
                None => is_account(prepared, &line, &trial.place.account).await.map_err(Ended::Refused)?,
            }
            let asked = canary::canaries(&line, &trial.place.account).await;
            notes.extend(line.notes());
            canaries = asked?;
        }
        let mut gathered = Vec::new();
        for (at, trial) in prepared.trials.iter().enumerate() {
            watch(Event::OptionStarted { option: at });
            let began = Instant::now();
            let row = Row { emulator, ground, stop, prepared, trial, at, watch };
            let cells = row.run(notes).await?;
            let took = began.elapsed();
            watch(Event::OptionDone { option: at, took });
            gathered.push(Gathered { cells, took });
        }
        Ok((canaries, gathered))
    }
}

/// The scenario's ARNs name an account; it must be the one that answers.
async fn is_account(prepared: &Prepared, line: &Line<'_>, wants: &str) -> Result<(), RunError> {
    let call = ApiCall::new("sts", "GetCallerIdentity", json!({}));
    let backend = line.emulator.label.clone();
    match line.send(&line.root(wants), &call).await {
        Ok(answer) if answer["Account"] == wants => Ok(()),
        Ok(answer) => {
            let serves = answer["Account"].as_str().unwrap_or("nobody knows which").to_owned();
            Err(RunError::OtherAccount { backend, serves, scenario: prepared.name.clone(), wants: wants.to_owned() })
        }
        Err(refusal) => Err(RunError::Silent { backend, call: call.name(), reason: refusal.told() }),
    }
}

/// One option on its way.
struct Row<'a> {
    emulator: &'a Emulator,
    ground: Option<&'a Ground>,
    stop: &'a Stop,
    prepared: &'a Prepared,
    trial: &'a Trial,
    at: usize,
    watch: &'a Watch,
}

impl Row<'_> {
    /// Every cell, and what is to be said, if only of how it ended.
    async fn run(&self, notes: &mut IndexSet<Note>) -> Result<Cells, Broken> {
        let (known, scenario) = (self.emulator.known, &self.prepared.scenario);
        let (trial, limits) = match self.emulator.owned() {
            Some(owned) => owned.reduced(known, scenario, self.trial),
            None => (reduced(known.cannot, self.trial), Limits::of(known.cannot, scenario, self.trial)),
        };
        let line = Line::new(self.emulator, self.ground, self.stop, &trial.place);
        let carried = Carried::new(line, &trial, limits);
        let mut cells = Vec::new();
        let mut ended = Ok(());
        if carried.limits.leave_something(scenario) {
            let done = |caller: usize, request: usize, finish: &Finish| self.done(caller, request, finish);
            ended = flow::option(&carried, scenario, &trial, &mut cells, done).await;
            carried.line.clear().await;
        }
        notes.extend(carried.line.notes());
        match ended {
            Err(broken) if broken.refusal.is_silence() || broken.refusal.is_interruption() => return Err(broken),
            Err(broken) => self.rest(&carried.limits, &mut cells, Some(&broken)),
            Ok(()) => self.rest(&carried.limits, &mut cells, None),
        }
        Ok(cells)
    }

    /// The cells that were not come to.
    fn rest(&self, limits: &Limits, cells: &mut Cells, broken: Option<&Broken>) {
        let (callers, requests) = (self.prepared.callers().count(), self.prepared.requests().count());
        for at in cells.len()..callers * requests {
            let (caller, request) = (at / requests, at % requests);
            let finish = match (limits.why(caller, request), broken) {
                (Some(why), _) => Finish::unsupported(why),
                (None, Some(broken)) => Finish::error(&broken.call, &broken.refusal),
                (None, None) => continue,
            };
            self.done(caller, request, &finish);
            cells.push(finish);
        }
    }

    fn done(&self, caller: usize, request: usize, finish: &Finish) {
        let expected = self.prepared.scenario.expectation(self.at, caller, request).expected;
        let (outcome, ok) = (finish.outcome.clone(), expected.met_by(&finish.outcome));
        (self.watch)(Event::CellDone { option: self.at, caller, request, outcome, ok });
    }
}

/// A policy of one statement that allows an action to whom or on what the element says.
fn allow(action: &str, element: &str, of: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, element: of}]})
}
