//! Files written whole or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

/// Writes a file beside its place and moves it there: a full disk or an interruption leaves the old one.
pub(crate) fn whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        // A temporary file is the owner's alone; what stands in a repository is everybody's to read.
        file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    write().with_context(|| format!("cannot write {}; it is as it was", path.display()))
}
