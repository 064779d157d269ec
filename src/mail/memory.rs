//! In-memory mailer with planned outcomes, for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Built, Mailer, SendOutcome};

/// Stores built mails; clones share one store.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailer {
    state: Arc<Mutex<MemoryStore>>,
}

#[derive(Debug, Default)]
struct MemoryStore {
    sent: Vec<Built>,
    planned: VecDeque<SendOutcome>,
}

impl MemoryMailer {
    /// Mails whose outcome was [`SendOutcome::Sent`], in order.
    pub fn sent(&self) -> Vec<Built> {
        self.lock().sent.clone()
    }

    /// Plans the outcome of the next attempt; without a plan attempts succeed.
    pub fn plan(&self, outcome: SendOutcome) {
        self.lock().planned.push_back(outcome);
    }

    fn lock(&self) -> MutexGuard<'_, MemoryStore> {
        // The lists stay consistent if another thread panicked while it held the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Built) -> SendOutcome {
        let mut state = self.lock();
        let outcome = state.planned.pop_front().unwrap_or_else(|| SendOutcome::Sent { reply: "250 kept".to_owned() });
        if matches!(outcome, SendOutcome::Sent { .. }) {
            state.sent.push(mail.clone());
        }
        outcome
    }

    async fn check(&self) -> Result<String, SendOutcome> {
        Ok("none: mails are kept in memory".to_owned())
    }
}
