//! The context of every use case: its dependencies by their traits. `app` chooses the adapters.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, Semaphore};

use super::beside::Beside;
use super::desk_counts::CountCache;
use super::known_keys::KnownKeys;
use super::link_probe::LinkProbe;
use super::policies::PolicyShelf;
use super::snapshot::Inventory;
use super::turns::InWork;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::mail::{Dkim, Mailer, Templates};
use crate::search::{DocKind, Guarded};

/// The dependencies of every use case.
pub struct Context {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The snapshot of published listings.
    pub inventory: Inventory,
    /// Holds and evidence beside the snapshot.
    pub beside: Beside,
    /// The policy library.
    pub policies: PolicyShelf,
    /// Full-text search over listings and policies.
    pub text: Arc<Guarded>,
    /// Changes not yet applied to the text index.
    pub text_changes: Mutex<BTreeSet<(DocKind, String)>>,
    /// The mail transport.
    pub mailer: Arc<dyn Mailer>,
    /// The mail templates.
    pub templates: Templates,
    /// The DKIM signing key.
    pub dkim: Option<Dkim>,
    /// Notified after a commit that queued mail.
    pub outbox: Arc<Notify>,
    /// Counts of large scopes.
    pub counts: CountCache,
    /// Locks of idempotent calls.
    pub in_work: InWork,
    /// The keys that were let in.
    pub known_keys: KnownKeys,
    /// Limits password hashing to two at a time: each takes 19 MiB and 20 ms.
    pub hashing: Semaphore,
    /// The program whose child process reads XLSX; none for the running one.
    pub table_program: Option<std::path::PathBuf>,
    /// Asks whether pages on other sites are there; none in commands.
    pub links: Option<Arc<dyn LinkProbe>>,
    /// Limits work on uploaded files to two at a time: each takes up to 200 MB.
    pub file_work: Semaphore,
}

/// The context as handlers share it.
pub type App = Arc<Context>;
