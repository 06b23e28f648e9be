//! Texts that a user names.

use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use matrix::read;

pub(super) use matrix::read::LARGEST;

/// The text of a policy or a template, or what the AWS CLI prints of policies, of no more than so many bytes.
pub(super) fn document(path: &Path, largest: u64) -> anyhow::Result<String> {
    Ok(read::document(path, path, largest)?)
}

/// JSON Lines: a file, or `-` for standard input.
pub(super) fn lines(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    Ok(match path.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(read::open(path, path)?),
    })
}

/// The text of any file of no more than so many bytes.
pub(super) fn of_file(path: &Path, largest: u64) -> anyhow::Result<String> {
    Ok(read::text(path, path, largest)?)
}

/// The text of standard input, if it has no more than so many bytes.
pub(super) fn of_stdin(largest: u64) -> anyhow::Result<String> {
    let cannot = "cannot read standard input";
    let mut bytes = Vec::new();
    io::stdin().lock().take(largest + 1).read_to_end(&mut bytes).context(cannot)?;
    anyhow::ensure!(bytes.len() as u64 <= largest, "{cannot}: it has more than {largest} bytes");
    source::utf8(bytes).map_err(anyhow::Error::msg).context(cannot)
}
