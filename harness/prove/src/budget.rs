//! How much may be tried. There is no clock here: what ends a search is the number of its steps, so that it ends in the same
//! way each time.

/// What is left of a number of steps; a step takes about a microsecond.
#[derive(Clone, Debug)]
pub struct Budget(u64);

/// There is nothing left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfSteps;

impl Budget {
    /// So many steps.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self(steps)
    }

    pub(crate) fn take(&mut self, steps: u64) -> Result<(), OutOfSteps> {
        self.0 = self.0.checked_sub(steps).ok_or(OutOfSteps)?;
        Ok(())
    }
}

impl Default for Budget {
    /// Some ten seconds: a question about policies takes milliseconds.
    fn default() -> Self {
        Self(10_000_000)
    }
}
