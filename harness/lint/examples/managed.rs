//! How long all of AWS's managed policies take: `cargo run --release -p tagproof-lint --example managed`.

#![expect(clippy::disallowed_methods, reason = "an example reads a file")]

use std::io::Write;
use std::time::Instant;

use policy::Kind;
use source::FileId;

fn main() -> std::io::Result<()> {
    let start = Instant::now();
    let policies = catalog::managed::all();
    let findings = policies.map(|managed| lint::text(FileId(0), managed.document, Some(Kind::Identity)).len());
    let (count, found) = findings.fold((0, 0), |(count, found), more| (count + 1, found + more));
    writeln!(std::io::stdout(), "{count} policies, {found} findings, {:?}", start.elapsed())
}
