//! What each exit code means.

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything came out as expected.
    AsExpected,
    /// Some cell is not as expected.
    Unexpected,
    /// The run could not be made: usage, a bad file, a backend.
    NotRun,
    /// Interrupted by the signal of this number, as shells have it: 128 and the number.
    Interrupted(u8),
    /// As the command of `serve` has ended: its exit code.
    Command(u8),
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::AsExpected => 0,
            Exit::Unexpected => 1,
            Exit::NotRun => 2,
            Exit::Interrupted(signal) => 128 + signal,
            Exit::Command(code) => code,
        })
    }
}
