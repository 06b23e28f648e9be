//! Runs a scenario on an emulator itself, or in a real account: whatever it answers is an observation of it.
//!
//! Options run one after another, since they use the same names; what one has made is deleted before the next.

mod adapt;
mod canary;
mod carrier;
mod danger;
mod emulator;
mod profile;
mod real_account;
mod renaming;
mod run_user;
mod session;

use std::time::Instant;

use indexmap::IndexSet;
use matrix::call::{ApiCall, CallError};
use matrix::capability::{Limits, reduced};
use matrix::flow::{self, Broken, Cells};
use matrix::{Bare, Canary, FinishedCell, Gathered, Prepared, Results, Trial, gather};
use serde_json::{Value, json};

use super::stop::Stop;
use super::{Event, Watch};
use crate::error::{Note, RunError};
use carrier::BareCarrier;
pub use emulator::{Emulator, PlannedResource};
use run_user::RunUser;
use session::BackendSession;

/// Runs every cell; the canaries first.
pub(super) async fn run(
    prepared: &Prepared,
    emulator: &Emulator,
    watch: &Watch,
    stop: &Stop,
) -> Result<Results, RunError> {
    let started = Instant::now();
    emulator.fits(prepared)?;
    let run_user = emulator.real_account().map(RunUser::new);
    let run = BareRun { prepared, emulator, run_user: run_user.as_ref(), watch, stop };
    let mut notes = IndexSet::new();
    let ran = run.observed(&mut notes).await;
    if let Some(run_user) = &run_user {
        let all_deleted = !notes.iter().any(|note| matches!(note, Note::NotDeleted { .. }));
        notes.extend(run_user.clear(all_deleted).await);
    }
    let (canaries, gathered) = ran.map_err(|broken| match broken {
        Ended::Refused(error) => error,
        Ended::Broken(Broken { error: CallError::Interrupted, .. }) => RunError::interrupted(&notes),
        Ended::Broken(Broken { call, error: CallError::NoAnswer(reason) }) => {
            RunError::Silent { backend: emulator.label.clone(), call, reason }
        }
        Ended::Broken(Broken { call, error }) => {
            RunError::NotBegun { backend: emulator.label.clone(), call, reason: error.told() }
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
struct BareRun<'a> {
    prepared: &'a Prepared,
    emulator: &'a Emulator,
    run_user: Option<&'a RunUser>,
    watch: &'a Watch,
    stop: &'a Stop,
}

impl BareRun<'_> {
    async fn observed(&self, notes: &mut IndexSet<Note>) -> Result<(Vec<Canary>, Vec<Gathered>), Ended> {
        let Self { prepared, emulator, run_user, watch, stop } = *self;
        let mut canaries = Vec::new();
        if let Some(trial) = prepared.trials.first() {
            let session = BackendSession::new(emulator, run_user, stop, &trial.environment);
            match run_user {
                Some(run_user) => run_user.create().await?,
                None => is_account(prepared, &session, &trial.environment.account).await.map_err(Ended::Refused)?,
            }
            let asked = canary::canaries(&session, &trial.environment.account).await;
            notes.extend(session.notes());
            canaries = asked?;
        }
        let mut gathered = Vec::new();
        for (at, trial) in prepared.trials.iter().enumerate() {
            watch(Event::OptionStarted { option: at });
            let began = Instant::now();
            let option = OptionRun { emulator, run_user, stop, prepared, trial, at, watch };
            let cells = option.run(notes).await?;
            let took = began.elapsed();
            watch(Event::OptionDone { option: at, took });
            gathered.push(Gathered { cells, took });
        }
        Ok((canaries, gathered))
    }
}

/// The scenario's ARNs name an account; it must be the one that answers.
async fn is_account(prepared: &Prepared, session: &BackendSession<'_>, wants: &str) -> Result<(), RunError> {
    let call = ApiCall::new("sts", "GetCallerIdentity", json!({}));
    let backend = session.emulator.label.clone();
    match session.send(&session.root(wants), &call).await {
        Ok(answer) if answer["Account"] == wants => Ok(()),
        Ok(answer) => {
            let serves = answer["Account"].as_str().unwrap_or("nobody knows which").to_owned();
            Err(RunError::OtherAccount { backend, serves, scenario: prepared.name.clone(), wants: wants.to_owned() })
        }
        Err(error) => Err(RunError::Silent { backend, call: call.name(), reason: error.told() }),
    }
}

/// One option on its way.
struct OptionRun<'a> {
    emulator: &'a Emulator,
    run_user: Option<&'a RunUser>,
    stop: &'a Stop,
    prepared: &'a Prepared,
    trial: &'a Trial,
    at: usize,
    watch: &'a Watch,
}

impl OptionRun<'_> {
    /// Every cell, and what is to be said, if only of how it ended.
    async fn run(&self, notes: &mut IndexSet<Note>) -> Result<Cells, Broken> {
        let (profile, scenario) = (self.emulator.profile, &self.prepared.scenario);
        let (trial, limits) = match self.emulator.real_account() {
            Some(real_account) => real_account.reduced(profile, scenario, self.trial),
            None => (reduced(profile.unsupported, self.trial), Limits::of(profile.unsupported, scenario, self.trial)),
        };
        let session = BackendSession::new(self.emulator, self.run_user, self.stop, &trial.environment);
        let carrier = BareCarrier::new(session, &trial, limits);
        let mut cells = Vec::new();
        let mut ended = Ok(());
        if carrier.limits.leave_something(scenario) {
            let done = |caller: usize, request: usize, finished: &FinishedCell| self.done(caller, request, finished);
            ended = flow::option(&carrier, scenario, &trial, &mut cells, done).await;
            carrier.session.clear().await;
        }
        notes.extend(carrier.session.notes());
        match ended {
            Err(broken) if broken.error.ends_run() => return Err(broken),
            Err(broken) => self.rest(&carrier.limits, &mut cells, Some(&broken)),
            Ok(()) => self.rest(&carrier.limits, &mut cells, None),
        }
        Ok(cells)
    }

    /// The cells that were not come to.
    fn rest(&self, limits: &Limits, cells: &mut Cells, broken: Option<&Broken>) {
        let (callers, requests) = (self.prepared.callers().count(), self.prepared.requests().count());
        for at in cells.len()..callers * requests {
            let (caller, request) = (at / requests, at % requests);
            let finished = match (limits.why(caller, request), broken) {
                (Some(why), _) => FinishedCell::unsupported(why),
                (None, Some(broken)) => FinishedCell::not_set_up(&broken.call, &broken.error),
                (None, None) => continue,
            };
            self.done(caller, request, &finished);
            cells.push(finished);
        }
    }

    fn done(&self, caller: usize, request: usize, finished: &FinishedCell) {
        let expected = self.prepared.scenario.expectation(self.at, caller, request).expected;
        let (outcome, ok) = (finished.outcome.clone(), expected.met_by(&finished.outcome));
        (self.watch)(Event::CellDone { option: self.at, caller, request, outcome, ok });
    }
}

/// A policy of one statement that allows an action to whom or on what the element says.
fn allow(action: &str, element: &str, of: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, element: of}]})
}
