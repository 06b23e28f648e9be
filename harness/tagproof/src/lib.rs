//! tagproof in a `cargo test` of your own.
//!
//! ```no_run
//! # async fn example() {
//! tagproof::check("scenarios/who-may-read", "snapshots").await;
//! # }
//! ```
//!
//! Such a test runs the scenario on an embedded AWS account with the AWS SDKs, fails if a cell or a claim does not come out as
//! the scenario expects, and compares the decisions with their snapshot. Without a runtime it is [`check_blocking`].
//!
//! Policies by themselves are held to what they must not allow, for every request and not only for those that somebody thought of:
//!
//! ```
//! # let (old, new) = [r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#; 2].into();
//! tagproof::assert_no_new_access!(old, new);
//! tagproof::assert_never!(new, "iam:PassRole");
//! ```
//!
//! A failure shows the request, and the statement that allows it.
//!
//! The command line is `tagproof-cli`. What a test does not need is not here: no emulators, and Docker for containers of tasks
//! only with the feature `docker`.

mod access;
mod check;
mod documents;
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
use runner::{On, Stop};
use wire::Server;

pub use runner::{Images, Launcher};

/// Statements about every request.
pub use prove;

pub use access::{PolicySource, access, compare, never, no_new_access};
pub use check::{check, check_blocking, check_results};
pub use documents::{Documents, Unreadable};
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

/// Runs containers of tasks as processes of this machine where their programs are there, else, with the feature `docker`, in
/// Docker where their images are.
#[must_use]
pub fn launcher(images: Images) -> Arc<Launcher> {
    Arc::new(Launcher::either(images, Arc::new(check::unseen)))
}

/// Runs a scenario behind a listener of its own, and settles its claims. Cells that are containers' commands are run by the launcher, and left out
/// without one.
///
/// # Errors
/// The server could not listen, the scenario could not be set up, or a proof and the engine differ.
pub async fn run(prepared: &Prepared, launcher: Option<&Arc<Launcher>>) -> anyhow::Result<Results> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::bind(anywhere).await.context("cannot listen on 127.0.0.1")?;
    let ran = runner::run(prepared, On::Embedded(&server, launcher), Arc::new(|_| {}), &Stop::default()).await;
    server.stop().await;
    let mut results = ran?;
    results.claims = matrix::claims(prepared, &prove::Options::default())?;
    Ok(results)
}
