//! SIGINT, SIGTERM and SIGHUP while something is done.

use std::pin::Pin;
use std::time::Duration;

use runner::{RunError, Stop};
use signals::Interrupts;

use crate::output;

/// The number of what Ctrl-C sends.
pub(super) const SIGINT: u8 = 2;

/// How long a run may take to delete what it has made.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long it may take to end afterwards.
const FAREWELL: Duration = Duration::from_secs(10);

/// The signals that end a program, heard from the moment this is made.
pub(super) struct Interrupt(Interrupts);

/// How something has ended.
pub(super) enum Ended<T> {
    Finished(anyhow::Result<T>),
    /// By a signal of this number, and what was not deleted again.
    Interrupted {
        signal: u8,
        left: Vec<String>,
    },
}

impl Interrupt {
    pub(super) fn listen() -> std::io::Result<Self> {
        Interrupts::listen().map(Self)
    }

    /// Does something until a signal comes. What leaves something behind is asked to stop, and has two minutes and until
    /// a second signal to delete it; everything else is dropped.
    pub(super) async fn during<T>(
        &mut self,
        mut work: Pin<Box<impl Future<Output = anyhow::Result<T>>>>,
        leaves: Option<&Stop>,
    ) -> Ended<T> {
        if leaves.is_some() {
            signals::set_grace(PATIENCE + FAREWELL);
        }
        let signal = tokio::select! {
            finished = &mut work => return Ended::Finished(finished),
            signal = self.next() => signal,
        };
        let Some(stop) = leaves else { return Ended::Interrupted { signal, left: Vec::new() } };
        stop.ask();
        output::note("interrupted: cleaning up; press Ctrl-C again to skip");
        let there = || vec!["what the run has made may still be there".to_owned()];
        let left = tokio::select! {
            // It may have had no call left to make.
            finished = &mut work => match finished.map_err(anyhow::Error::downcast::<RunError>) {
                Ok(_) => Vec::new(),
                Err(Ok(RunError::Interrupted { left })) => left,
                Err(Ok(error)) => vec![error.to_string()],
                Err(Err(error)) => vec![format!("{error:#}")],
            },
            _ = self.next() => there(),
            () = tokio::time::sleep(PATIENCE) => there(),
        };
        Ended::Interrupted { signal, left }
    }

    /// The number of the next one.
    pub(super) async fn next(&mut self) -> u8 {
        self.0.next().await
    }
}
