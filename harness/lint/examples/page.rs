//! Prints the page about all codes: `cargo run -p tagproof-lint --example page > docs/lint.md`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(lint::page().as_bytes())
}
