//! Files written whole or not at all.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;

/// What stands in a repository is everybody's to read.
const READABLE: u32 = 0o644;

/// Writes a file beside its place and moves it there: a full disk or an interruption leaves the old one.
///
/// # Errors
/// It cannot be written.
pub fn whole(path: &Path, text: &str) -> anyhow::Result<()> {
    with_mode(path, text, READABLE)
}

/// The same for a user's own file: it keeps its mode, and what links to it still does.
///
/// # Errors
/// It cannot be written.
pub fn over(path: &Path, text: &str) -> anyhow::Result<()> {
    let real = path.canonicalize().with_context(|| format!("cannot write {}", path.display()))?;
    let mode = real.metadata().map_or(READABLE, |known| known.permissions().mode() & 0o7777);
    with_mode(&real, text, mode)
}

fn with_mode(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        // A temporary file is the owner's alone.
        file.as_file().set_permissions(PermissionsExt::from_mode(mode))?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    write().with_context(|| format!("cannot write {}; it is as it was", path.display()))
}
