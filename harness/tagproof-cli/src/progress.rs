//! A progress bar on stderr, on a terminal alone.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use matrix::Prepared;
use runner::{Event, Watch};

/// Counts cells as they are done.
#[derive(Clone)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar as long as all cells of all scenarios together.
    pub(crate) fn new(prepared: &[Prepared]) -> Self {
        let cells = prepared.iter().map(|prepared| prepared.cells() as u64).sum();
        // indicatif draws on stderr, and nothing at all where that is no terminal.
        let bar = ProgressBar::new(cells);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} cells") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// What is told of a run as it goes.
    pub(crate) fn watch(&self) -> Watch {
        let bar = self.0.clone();
        Arc::new(move |event| {
            if let Event::CellDone { .. } = event {
                bar.inc(1);
            }
        })
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}
