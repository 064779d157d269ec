//! Turns of calls with the same key within one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type Turn = Arc<tokio::sync::Mutex<()>>;

/// Keys remembered before idle ones are removed.
const MOST_KEYS: usize = 1000;

/// Locks by path and key: calls with the same key run one after the other instead of doing the work twice.
#[derive(Debug, Default)]
pub struct InWork {
    turns: Mutex<HashMap<(String, String), Turn>>,
}

impl InWork {
    /// Returns the lock of a path and key.
    pub(super) fn turn(&self, path: &str, key: &str) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > MOST_KEYS {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        turns.entry((path.to_owned(), key.to_owned())).or_default().clone()
    }
}
