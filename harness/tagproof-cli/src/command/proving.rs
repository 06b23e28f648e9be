//! What every command that proves something does.

use std::time::Instant;

use prove::{Budget, Options, Undocumented};

use crate::args::Proving;
use crate::output;

/// How proofs are made. The time limit begins now.
pub(super) fn options(arguments: &Proving) -> Options {
    let undocumented = if arguments.strict { Undocumented::Open } else { Undocumented::AsDecided };
    let Some(limit) = arguments.timeout else { return Options { undocumented, ..Options::default() } };
    let begun = Instant::now();
    Options { undocumented, budget: Budget::default().until(move || begun.elapsed() >= limit) }
}

/// How many lines of a stream have no answer, or one that settles nothing.
pub(super) fn note_lines(lines: u64, bad: u64, undecided: u64) {
    for (count, what) in [(bad, "could not be answered"), (undecided, "are undecided")] {
        if count > 0 {
            output::note(&format!("{count} of {lines} lines {what}"));
        }
    }
}
