//! Mails kept in memory, with outcomes on order; for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Built, Mailer, SendOutcome};

/// Keeps what it is given; clones share one store.
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
    /// The mails that were answered with [`SendOutcome::Sent`], in order.
    pub fn sent(&self) -> Vec<Built> {
        self.lock().sent.clone()
    }

    /// Plans the outcome of a coming attempt; with none planned, attempts succeed.
    pub fn plan(&self, outcome: SendOutcome) {
        self.lock().planned.push_back(outcome);
    }

    fn lock(&self) -> MutexGuard<'_, MemoryStore> {
        // A panic elsewhere leaves the lists whole.
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
}
