//! The two streams, and what they are: how wide, and whether with colours.

use std::io::{self, IsTerminal, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use report::Page;

use crate::args::Color;

/// Says once and for all when there are colours.
pub(crate) fn set_color(color: Color) {
    let choice = match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    choice.write_global();
}

/// What stdout is.
pub(crate) fn page() -> Page {
    page_of(&io::stdout())
}

/// What stderr is.
pub(crate) fn page_of_notes() -> Page {
    page_of(&io::stderr())
}

fn page_of(stream: &impl RawStream) -> Page {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let told = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let page = terminal.or_else(told).map_or(Page::FILE, Page::new);
    page.coloured(AutoStream::choice(stream) != ColorChoice::Never)
}

/// Data, to stdout, with nothing hidden in it. JSON stays the same value.
pub(crate) fn data(text: &str) -> io::Result<()> {
    write(&page().shown(text))
}

/// A document of the user's own, to stdout: byte for byte, but to a terminal as [`data`].
pub(crate) fn document(text: &str) -> io::Result<()> {
    if io::stdout().is_terminal() { data(text) } else { write(text) }
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A line for people, to stderr, with nothing hidden in it. There is nowhere to report it if even that cannot be written.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", source::escaped_lines(line));
}

/// Why it could not be done, and below it what to do.
pub(crate) fn error(text: &str) {
    note_findings(&report::error(text, page_of_notes()));
}

/// Findings with their excerpts, to stderr; nothing where there are none.
pub(crate) fn note_findings(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr().lock(), "{}", page_of_notes().shown(text.trim_end()));
    }
}
