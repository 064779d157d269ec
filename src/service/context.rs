//! What every use case works with: the parts, by their traits; which adapters they are is decided in `app`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, Semaphore};

use super::idempotency::InWork;
use super::inventory::Inventory;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::mail::{Dkim, Mailer, Templates};
use crate::search::{DocKind, Guarded};

/// What every use case works with.
pub struct Context {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The published listings.
    pub inventory: Inventory,
    /// Words over listings and policies.
    pub text: Arc<Guarded>,
    /// What the text index has not heard of yet.
    pub text_changes: Mutex<BTreeSet<(DocKind, String)>>,
    /// Where mails go.
    pub mailer: Arc<dyn Mailer>,
    /// The mails' words.
    pub templates: Templates,
    /// The key that signs mails.
    pub dkim: Option<Dkim>,
    /// Rung when something was put into the outbox.
    pub outbox: Arc<Notify>,
    /// Calls in work.
    pub in_work: InWork,
    /// At most two passwords are hashed at once: each takes 19 MiB and 20 ms.
    pub hashing: Semaphore,
}

/// The context as handlers share it.
pub type App = Arc<Context>;
