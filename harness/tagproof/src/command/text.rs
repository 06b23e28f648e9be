//! Files that a user names.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use source::Source;

/// The text of a file that has no more than so many bytes.
pub(super) fn of_file(path: &Path, largest: u64) -> anyhow::Result<String> {
    read(path, largest).with_context(|| format!("cannot read {}", path.display()))
}

fn read(path: &Path, largest: u64) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(largest + 1).read_to_end(&mut bytes)?;
    anyhow::ensure!(bytes.len() as u64 <= largest, "it has more than {largest} bytes");
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let before = Source::new("", String::from_utf8_lossy(&error.as_bytes()[..end]));
        let place = before.place(end as u32);
        anyhow::anyhow!("it is not UTF-8 at line {}, column {}; save it as UTF-8", place.line, place.column)
    })
}
