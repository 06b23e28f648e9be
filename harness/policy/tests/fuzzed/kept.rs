//! The corpora in `fuzz/corpus/`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Checks every input that a target kept, and names the files of those that fail.
#[track_caller]
pub fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 10, "{} has {} inputs", folder.display(), files.len());
    let fails = |file: &&Path| {
        let input = std::fs::read(file).unwrap();
        catch_unwind(AssertUnwindSafe(|| check(&input))).is_err()
    };
    let failed: Vec<_> = files.iter().map(|file| file.as_path()).filter(fails).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
