//! Turns of processes at SQLite's one write lock, which has no queue (F14): a process that waits for it holds a shared lock on a
//! file beside the database, and one with many transactions to run looks at that file in between.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

/// Longest time for which a process gives way: one that is stopped while it waits delays the others no longer.
const MOST_GIVEN: Duration = Duration::from_millis(200);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(1);

/// The file of the turns, created by the first process that has to wait.
#[derive(Clone, Debug)]
pub(super) struct Turns(PathBuf);

impl Turns {
    /// The turns at a database's file.
    pub(super) fn beside(database: &str) -> Self {
        Self(PathBuf::from(format!("{database}-turn")))
    }

    /// Says that this process waits, until the value is dropped. Where the file cannot be locked, no process gives way.
    pub(super) fn wait(&self) -> LockWait {
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&self.0).ok();
        LockWait { _file: opened.filter(|file| flock(file, FlockOperation::LockShared).is_ok()) }
    }

    /// Returns once no process waits, at the latest after [`MOST_GIVEN`].
    pub(super) async fn give_way(&self) {
        let since = Instant::now();
        while is_awaited(&self.0) && since.elapsed() < MOST_GIVEN {
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn is_awaited(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    flock(file, FlockOperation::NonBlockingLockExclusive).is_err()
}

/// Holds the shared lock while a process waits; closing the file ends it.
pub(super) struct LockWait {
    _file: Option<File>,
}
