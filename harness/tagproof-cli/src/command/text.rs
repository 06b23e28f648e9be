//! Files that a user names.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use anyhow::Context;

/// More bytes than any file has that a person writes.
pub(super) const LARGEST: u64 = 16 << 20;

/// The text of a file that has no more than so many bytes.
pub(super) fn of_file(path: &Path, largest: u64) -> anyhow::Result<String> {
    limited(open(path)?, largest).with_context(|| format!("cannot read {}", path.display()))
}

/// A file to read as a stream.
pub(super) fn open(path: &Path) -> anyhow::Result<File> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => anyhow::bail!(matrix::no_file(path, path)),
        opened => opened.with_context(|| format!("cannot read {}", path.display())),
    }
}

fn limited(from: impl std::io::Read, largest: u64) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    from.take(largest + 1).read_to_end(&mut bytes)?;
    anyhow::ensure!(bytes.len() as u64 <= largest, "it has more than {largest} bytes");
    source::utf8(bytes).map_err(anyhow::Error::msg)
}

/// The text of standard input, if it has no more than so many bytes.
pub(super) fn of_stdin(largest: u64) -> anyhow::Result<String> {
    limited(std::io::stdin().lock(), largest).context("cannot read standard input")
}
