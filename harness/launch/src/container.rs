//! One container, from its start to its end, whatever it runs in.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::engine;
use crate::output::Output;
use crate::printed::Printed;
use crate::process::Process;

/// A container that runs. Dropping it ends it.
pub(crate) enum Container {
    Process(Box<Process>),
    Docker(engine::Container),
}

/// How a container ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code; 128 and the signal's number for what a signal has ended, as Docker has it.
    pub(crate) code: i32,
    /// What ECS says beside it.
    pub(crate) reason: Option<String>,
    pub(crate) output: Output,
}

impl Container {
    /// Waits for its end, which comes by itself or when `stop` says how long it may take after SIGTERM.
    pub(crate) async fn watch(self, stop: oneshot::Receiver<Duration>, mut printed: Printed) -> Ended {
        let (code, reason) = match self {
            Self::Process(process) => process.watch(stop, &mut printed).await,
            Self::Docker(container) => container.watch(stop, &mut printed).await,
        };
        Ended { code, reason, output: printed.finish().await }
    }
}
