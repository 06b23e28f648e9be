//! How much may be tried. There is no clock here: what ends a search is the number of its steps, so that it ends in the same
//! way each time, or whoever asked, who may have a clock.

use std::fmt;
use std::sync::Arc;

/// What is left of a number of steps; a step takes about a microsecond.
///
/// ```
/// use prove::Budget;
/// use std::sync::{Arc, atomic::{AtomicBool, Ordering}};
///
/// let stop = Arc::new(AtomicBool::new(false));
/// let seen = Arc::clone(&stop);
/// let budget = Budget::default().until(move || seen.load(Ordering::Relaxed));
/// // Another thread does this when time is up; questions are then undecided.
/// stop.store(true, Ordering::Relaxed);
/// ```
#[derive(Clone)]
pub struct Budget {
    steps: u64,
    stop: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

/// There is nothing left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfSteps;

impl Budget {
    /// So many steps.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self { steps, stop: None }
    }

    /// The same, and nothing more once `stop` says so. It is asked before each step, and has to go on saying so.
    #[must_use]
    pub fn until(self, stop: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { stop: Some(Arc::new(stop)), ..self }
    }

    /// Takes a share out; what is left of it can be put back.
    pub(crate) fn share(&mut self, part: u64) -> Self {
        let steps = self.steps / part;
        self.steps -= steps;
        Self { steps, stop: self.stop.clone() }
    }

    pub(crate) fn put_back(&mut self, rest: &Self) {
        self.steps += rest.steps;
    }

    pub(crate) fn take(&mut self, steps: u64) -> Result<(), OutOfSteps> {
        if self.is_stopped() {
            return Err(OutOfSteps);
        }
        self.steps = self.steps.checked_sub(steps).ok_or(OutOfSteps)?;
        Ok(())
    }

    /// Why a search ended without an answer.
    pub(crate) fn why_it_ended(&self) -> &'static str {
        if self.is_stopped() { "the time limit was reached" } else { "it takes more steps than the budget has" }
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop())
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("steps", &self.steps).finish_non_exhaustive()
    }
}

impl Default for Budget {
    /// Some ten seconds: a question about policies takes milliseconds.
    fn default() -> Self {
        Self::new(10_000_000)
    }
}
