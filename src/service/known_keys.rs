//! Keys that were let in, by which a request counts on its key's limit before the database is asked.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Hashes of the keys whose last call was let in: their calls count on limits of their own. An unknown key cannot get among
/// them, so that made-up ones give no client more calls.
#[derive(Debug, Default)]
pub struct KnownKeys(Mutex<HashSet<String>>);

impl KnownKeys {
    /// Whether the key of this hash was let in.
    #[must_use]
    pub fn has(&self, hash: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(hash)
    }

    pub(super) fn note(&self, hash: String, is_live: bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if is_live {
            known.insert(hash);
        } else {
            known.remove(&hash);
        }
    }
}
