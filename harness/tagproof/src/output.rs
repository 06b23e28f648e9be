//! The two streams.

use std::io::{self, Write};

/// Data, to stdout.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A line for people, to stderr. There is nowhere to report it if even that cannot be written.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Findings with their excerpts, to stderr; nothing where there are none.
pub(crate) fn note_findings(text: &str) {
    if !text.is_empty() {
        note(text.trim_end());
    }
}
