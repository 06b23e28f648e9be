//! How much disk a container may take: as much as its folder may hold.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::statvfs;
use rustix::process::Pid;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::leftovers;

/// Bytes, of all its files together.
const MOST: u64 = 1 << 30;
/// Files and folders.
const MOST_FILES: usize = 50_000;

/// How often the disk is looked at, and what must be gone of it before the folder is: looking there takes time.
const PAUSE: Duration = Duration::from_millis(250);
const NOTABLE: u64 = 64 << 20;
const NOTABLE_FILES: u64 = 10_000;

/// Waits until the processes of a group have taken too much, in the folder that is theirs; says so.
pub(super) async fn taken(folder: PathBuf, group: Pid) -> String {
    let mut before = free(&folder);
    loop {
        sleep(PAUSE).await;
        let now = free(&folder);
        let is_notable = now.0 + NOTABLE <= before.0 || now.1 + NOTABLE_FILES <= before.1;
        // What others have given back meanwhile hides nothing that is taken later.
        before = if is_notable { now } else { (before.0.max(now.0), before.1.max(now.1)) };
        if !is_notable {
            continue;
        }
        let looked_at = folder.clone();
        // A measure that fell over is none.
        let measured = spawn_blocking(move || Taken::by(&looked_at, group)).await.unwrap_or_default();
        if measured.bytes > MOST || measured.files > MOST_FILES {
            return format!("tagproof ended it: its files came to more than {} MiB or {MOST_FILES} files", MOST >> 20);
        }
    }
}

/// Bytes and files for which there is room on the disk of a folder, for root.
fn free(folder: &Path) -> (u64, u64) {
    statvfs(folder).map_or((0, 0), |disk| (disk.f_bfree.saturating_mul(disk.f_frsize), disk.f_ffree))
}

/// What was found, each file once.
#[derive(Default)]
struct Taken {
    bytes: u64,
    files: usize,
    seen: HashSet<(u64, u64)>,
}

impl Taken {
    fn by(folder: &Path, group: Pid) -> Self {
        let mut taken = Self::default();
        taken.below(folder);
        leftovers::processes().filter(|pid| leftovers::belongs(*pid, group, folder)).for_each(|pid| taken.open_in(pid));
        taken
    }

    fn below(&mut self, folder: &Path) {
        let mut left = vec![folder.to_owned()];
        while let Some(entries) = left.pop().filter(|_| self.files <= MOST_FILES).map(fs::read_dir) {
            for entry in entries.into_iter().flatten().flatten() {
                let Ok(found) = entry.metadata() else { continue };
                self.count(&found);
                if found.is_dir() {
                    left.push(entry.path());
                }
            }
        }
    }

    /// A file that was removed takes its room until it is closed.
    fn open_in(&mut self, pid: Pid) {
        let files = fs::read_dir(format!("/proc/{}/fd", pid.as_raw_nonzero())).into_iter().flatten().flatten();
        let found = files.filter_map(|file| fs::metadata(file.path()).ok());
        found.filter(|found| found.is_file() && found.nlink() == 0).for_each(|found| self.count(&found));
    }

    fn count(&mut self, found: &Metadata) {
        if self.seen.insert((found.dev(), found.ino())) {
            self.files += 1;
            self.bytes += found.blocks() * 512;
        }
    }
}
