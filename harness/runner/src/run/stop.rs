//! Asking a run to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use matrix::call::CallError;

/// Asks a run to end early: it makes no further call but those that delete what it has made.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Refuses a call of a run that was asked to end.
    pub(crate) fn check(&self) -> Result<(), CallError> {
        if self.0.load(Ordering::Relaxed) { Err(CallError::Interrupted) } else { Ok(()) }
    }
}
