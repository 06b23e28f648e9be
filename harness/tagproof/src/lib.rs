//! tagproof in a `cargo test` of your own.
//!
//! ```no_run
//! # async fn example() {
//! tagproof::check("scenarios/who-may-read".as_ref(), "snapshots".as_ref()).await;
//! # }
//! ```
//!
//! Such a test runs the scenario on an embedded AWS account with the AWS SDKs, fails if a cell does not come out as the
//! scenario expects, and compares the matrix with its snapshot.

mod readme;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use report::{Page, Snapshot};
use scenario::{Emulator, LoadError, On, Prepared, Results, Stop, Watch};
use wire::{Server, Upstream};

pub use scenario::{Images, Launcher};

pub use readme::with_matrix;

/// What the embedded account is called in the names of snapshots.
pub const EMBEDDED: &str = "embedded";

/// Runs a scenario, given as its folder or file, and holds it against its expectations and its snapshot.
///
/// # Panics
/// Some cell is not as expected, the matrix is not the snapshot's, or the run could not be made. The message says
/// which, with the matrix or with every error in the scenario's files.
pub async fn check(scenario: &Path, snapshots: &Path) {
    let results = match checked(scenario).await {
        Ok(results) => results,
        Err(error) => fail(&format!("{error:#}")),
    };
    if !results.ok() {
        fail(&report::matrix(&results, Page::FILE));
    }
    if let Some(line) = left_out(&results) {
        // Not by a macro: what those print, a passing test keeps to itself.
        let _unseen = writeln!(std::io::stderr(), "{line}; its snapshot was not compared");
        return;
    }
    pin(&report::snapshot(&results, EMBEDDED), snapshots);
}

async fn checked(scenario: &Path) -> anyhow::Result<Results> {
    let prepared = scenario::load(scenario).map_err(told)?;
    run(&[prepared], Some(&launcher(Images::default())), Arc::new(|_| {}))
        .await?
        .pop()
        .context("one scenario gives one result")
}

/// A load error with everything it knows.
fn told(error: LoadError) -> anyhow::Error {
    match error {
        LoadError::Faulty { sources, findings } => {
            anyhow::anyhow!("the scenario has errors\n\n{}", report::findings(&findings, &sources, Page::FILE))
        }
        error => error.into(),
    }
}

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
    // Not by a macro: what those print, a passing test keeps to itself.
    let log = |line: &str| drop(writeln!(std::io::stderr(), "{line}"));
    Arc::new(Launcher::either(images, Arc::new(log)))
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
        all.push(scenario::run(prepared, on, watch.clone(), stop).await?);
    }
    Ok(all)
}

fn pin(snapshot: &Snapshot, folder: &Path) {
    let mut settings = insta::Settings::clone_current();
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(snapshot.title.clone());
    settings.bind(|| insta::assert_snapshot!(snapshot.name.as_str(), snapshot.text));
}

#[expect(clippy::panic, reason = "a test that fails panics")]
fn fail(message: &str) -> ! {
    panic!("{message}")
}
