//! Scenarios on the backend that a command line names.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use account::AccessKey;
use anyhow::Context;
use backend::{Backend, Enforcement, Running};
use matrix::{Prepared, Results};
use runner::{Emulator, Launcher, Stop, Watch};
use wire::Server;

use super::emulator;

/// The account that scenarios are about.
const ACCOUNT: &str = "123456789012";

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decides {
    /// The account of tagproof, in front of the emulator.
    Tagproof,
    /// The emulator.
    Emulator,
}

/// A backend for scenarios.
pub(super) struct ScenarioBackend<'a> {
    pub(super) backend: &'a Backend,
    pub(super) decides: Decides,
    /// The root user's key at a URL.
    pub(super) key: &'a AccessKey,
}

impl ScenarioBackend<'_> {
    /// What it is called in the names of snapshots: `embedded`, `moto`, `moto-bare`.
    pub(super) fn name(&self) -> String {
        let bare = if self.decides == Decides::Emulator { "-bare" } else { "" };
        format!("{}{bare}", self.backend.name())
    }

    /// Runs scenarios on it; what had to be started for that is stopped again.
    pub(super) async fn run(
        &self,
        scenarios: &[Prepared],
        launcher: Option<&Arc<Launcher>>,
        watch: Watch,
        stop: &Stop,
    ) -> anyhow::Result<Vec<Results>> {
        if *self.backend == Backend::Embedded {
            anyhow::ensure!(self.decides == Decides::Tagproof, "--bare is for emulators: name one with --backend");
            let server = listen().await?;
            let ran = each(scenarios, runner::On::Embedded(&server, launcher), watch, stop).await;
            server.stop().await;
            return ran;
        }
        let enforcement = match self.decides {
            Decides::Tagproof => Enforcement::Off,
            Decides::Emulator => Enforcement::On,
        };
        let running = emulator::start(self.backend, self.key, ACCOUNT, enforcement).await?;
        let ran = match self.decides {
            Decides::Tagproof => self.guarded(scenarios, &running, launcher, watch, stop).await,
            Decides::Emulator => self.bare(scenarios, &running, watch, stop).await,
        };
        let ran = match (ran, running.check().await) {
            // That it has ended, with its last words, says more than that a call came to nothing.
            (Err(error), Err(ended)) => Err(anyhow::Error::new(ended).context(format!("{error:#}"))),
            (ran, _) => ran,
        };
        running.stop().await?;
        ran
    }

    async fn bare(
        &self,
        scenarios: &[Prepared],
        running: &Running,
        watch: Watch,
        stop: &Stop,
    ) -> anyhow::Result<Vec<Results>> {
        let emulator = Emulator::find(&running.url, running.root.clone()).await.map_err(anyhow::Error::msg)?;
        let emulator = match self.backend.emulator() {
            Some(known) => emulator.labelled(format!("{} {}", known.title, running.version)),
            None => emulator,
        };
        each(scenarios, runner::On::Bare(&emulator), watch, stop).await
    }

    async fn guarded(
        &self,
        scenarios: &[Prepared],
        running: &Running,
        launcher: Option<&Arc<Launcher>>,
        watch: Watch,
        stop: &Stop,
    ) -> anyhow::Result<Vec<Results>> {
        let upstream = emulator::upstream(running, ACCOUNT).await?;
        let server = listen().await?;
        let ran = each(scenarios, runner::On::Guarded(&server, &upstream, launcher), watch, stop).await;
        server.stop().await;
        ran
    }
}

async fn listen() -> anyhow::Result<Server> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Server::bind(anywhere).await.context("cannot listen on 127.0.0.1")
}

/// Runs scenarios one after another.
pub(super) async fn each(
    scenarios: &[Prepared],
    on: runner::On<'_>,
    watch: Watch,
    stop: &Stop,
) -> anyhow::Result<Vec<Results>> {
    let mut all = Vec::new();
    for prepared in scenarios {
        all.push(runner::run(prepared, on, watch.clone(), stop).await?);
    }
    Ok(all)
}
