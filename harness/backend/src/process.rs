//! An emulator as a child process, from its virtual environment.

use std::path::Path;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::error::Failure;
use crate::folder::RunFolder;
use crate::leashed::Leashed;
use crate::tail::Tail;
use crate::versions::Package;

/// What a launcher prints before the URL, once it listens.
const LISTENING: &str = "listening ";
const EVERY: Duration = Duration::from_millis(20);

/// A process. Dropping it ends it.
pub(crate) struct Process {
    leashed: Leashed,
    url: String,
}

impl Process {
    /// Starts one; answers when it listens. It chooses a port of its own, on loopback.
    pub(crate) async fn start(
        python: &Path,
        package: &Package,
        environment: Vec<(&'static str, String)>,
        folder: RunFolder,
        within: Duration,
    ) -> Result<Self, (Failure, Tail)> {
        let mut command = Command::new(python);
        // Nothing of the user's settings: those for AWS, Docker or the emulator itself could change what it does.
        command.env_clear().env("HOME", folder.path()).env("LANG", "C.UTF-8").envs(environment);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        let leashed = Leashed::run(command, package.launcher, &[], folder)
            .map_err(|failure| (Failure::Python(failure), Tail::default()))?;
        let deadline = Instant::now() + within;
        loop {
            let ended = leashed.ended();
            if let Some(url) = leashed.log().all().iter().find_map(|line| line.strip_prefix(LISTENING)) {
                return Ok(Self { url: url.to_owned(), leashed });
            }
            if let Some(status) = ended {
                leashed.log().whole().await;
                return Err((Failure::Ended(status.to_string()), leashed.log().clone()));
            }
            if Instant::now() > deadline {
                let last = "it never said where it listens".to_owned();
                let failure = Failure::Silent { url: "a port of its choice".to_owned(), waited: within, last };
                return Err((failure, leashed.log().clone()));
            }
            sleep(EVERY).await;
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn log(&self) -> &Tail {
        self.leashed.log()
    }

    pub(crate) async fn ended(&self) -> Option<Failure> {
        let status = self.leashed.ended()?;
        self.leashed.log().whole().await;
        Some(Failure::Ended(status.to_string()))
    }

    pub(crate) async fn stop(self) {
        self.leashed.stop().await;
    }
}
