//! What every command that proves something does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use prove::{Budget, Options, Undocumented};

use crate::args::Proving;
use crate::output;

/// How proofs are made. The time limit begins now.
pub(super) fn options(arguments: &Proving) -> Options {
    let undocumented = if arguments.strict { Undocumented::Open } else { Undocumented::AsDecided };
    let Some(limit) = arguments.timeout else { return Options { undocumented, ..Options::default() } };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // It ends with the program.
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        flag.store(true, Ordering::Relaxed);
    });
    Options { undocumented, budget: Budget::default().until(stop) }
}

/// How many lines of a stream have no answer, or one that settles nothing.
pub(super) fn note_lines(lines: u64, bad: u64, undecided: u64) {
    for (count, what) in [(bad, "could not be answered"), (undecided, "are undecided")] {
        if count > 0 {
            output::note(&format!("{count} of {lines} lines {what}"));
        }
    }
}
