//! tagproof in a `cargo test` of your own.
//!
//! ```no_run
//! # async fn example() {
//! tagproof::check("scenarios/who-may-read", "snapshots").await;
//! # }
//! ```
//!
//! Such a test runs the scenario on an embedded AWS account with the AWS SDKs, fails if a cell does not come out as the
//! scenario expects, and compares the decisions with their snapshot. Without a runtime it is [`check_blocking`].

mod check;
mod files;
mod readme;
mod snapshots;
mod update;
#[doc(hidden)]
pub mod write;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use matrix::{Prepared, Results};
use runner::{Emulator, On, Stop, Watch};
use wire::{Server, Upstream};

pub use runner::{Images, Launcher};

pub use check::{check, check_blocking, check_results};
pub use files::scenario_files;
pub use readme::{with_index, with_sections};
pub use snapshots::{Compared, Snapshots};

/// What the embedded account is called in the names of snapshots.
pub const EMBEDDED: &str = "embedded";

/// What nobody has run of a scenario, in one line; `None` if all of it was run.
#[must_use]
pub fn left_out(results: &Results) -> Option<String> {
    let (cells, why) = results.not_run()?;
    Some(format!("{}: {cells} of {} cells were not run: {why}", results.scenario, results.cells.len()))
}

/// Runs containers of tasks as processes of this machine where their programs are there, else in Docker where their
/// images are.
#[must_use]
pub fn launcher(images: Images) -> Arc<Launcher> {
    Arc::new(Launcher::either(images, Arc::new(check::unseen)))
}

/// Runs scenarios one after another behind one listener, telling `watch` what happens. Cells that are containers'
/// commands are run by the launcher, and left out without one.
///
/// # Errors
/// The server could not listen, or a scenario could not be set up.
pub async fn run(
    scenarios: &[Prepared],
    launcher: Option<&Arc<Launcher>>,
    watch: Watch,
) -> anyhow::Result<Vec<Results>> {
    let server = listen().await?;
    let ran = run_on(scenarios, On::Embedded(&server, launcher), watch, &Stop::default()).await;
    server.stop().await;
    ran
}

/// The same with an emulator that does what the accounts here allow.
///
/// # Errors
/// The server could not listen, a scenario could not be set up, the emulator gives no answer, or it was asked to stop.
pub async fn run_guarded(
    scenarios: &[Prepared],
    upstream: &Upstream,
    launcher: Option<&Arc<Launcher>>,
    (watch, stop): (Watch, &Stop),
) -> anyhow::Result<Vec<Results>> {
    let server = listen().await?;
    let ran = run_on(scenarios, On::Guarded(&server, upstream, launcher), watch, stop).await;
    server.stop().await;
    ran
}

async fn listen() -> anyhow::Result<Server> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Server::bind(anywhere).await.context("cannot listen on 127.0.0.1")
}

/// Runs scenarios one after another on an emulator itself, or in a real account: what comes out is an observation of it.
///
/// # Errors
/// Nobody answers, the emulator serves another account, names get too long for AWS, or it was asked to stop.
pub async fn run_bare(
    scenarios: &[Prepared],
    emulator: &Emulator,
    watch: Watch,
    stop: &Stop,
) -> anyhow::Result<Vec<Results>> {
    run_on(scenarios, On::Bare(emulator), watch, stop).await
}

async fn run_on(scenarios: &[Prepared], on: On<'_>, watch: Watch, stop: &Stop) -> anyhow::Result<Vec<Results>> {
    let mut all = Vec::new();
    for prepared in scenarios {
        all.push(runner::run(prepared, on, watch.clone(), stop).await?);
    }
    Ok(all)
}
