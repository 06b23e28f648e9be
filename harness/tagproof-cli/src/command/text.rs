//! Texts that a user names.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use matrix::read;

pub(super) use matrix::read::LARGEST;

/// The text of a policy or a template, or what the AWS CLI prints of policies, of no more than so many bytes.
pub(super) fn document(path: &Path, largest: u64) -> anyhow::Result<String> {
    Ok(read::document(path, path, largest)?)
}

/// The text of any file of no more than so many bytes.
pub(super) fn of_file(path: &Path, largest: u64) -> anyhow::Result<String> {
    Ok(read::text(path, path, largest)?)
}

/// The text of standard input, if it has no more than so many bytes.
pub(super) fn of_stdin(largest: u64) -> anyhow::Result<String> {
    let cannot = "cannot read standard input";
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(largest + 1).read_to_end(&mut bytes).context(cannot)?;
    anyhow::ensure!(bytes.len() as u64 <= largest, "{cannot}: it has more than {largest} bytes");
    source::utf8(bytes).map_err(anyhow::Error::msg).context(cannot)
}
