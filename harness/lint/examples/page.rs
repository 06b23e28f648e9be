//! Prints the page about all codes: `cargo run -p tagproof-lint --example page > docs/lint.md`.

fn main() {
    print!("{}", lint::page());
}
