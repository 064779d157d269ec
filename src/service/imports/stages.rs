//! Imports of many rows, and their undoing: staged in batches, decided by one short transaction, applied in batches.

use std::sync::Arc;
use std::time::Duration;

use domain::kind::Kind;
use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::storing::{NotStored, audit, unless_stale};
use crate::clock::Clock;
use crate::db::evidence::StagedCheck;
use crate::db::import::Import;
use crate::db::staged::{BATCH, Decision, StagedRow, Unfinished};
use crate::db::words::{AuditAction, Changed, ImportState};
use crate::db::{self, Db, DbError};
use crate::error;
use crate::service::context::Context;

/// Pause before asking again while another import is being applied.
const BUSY_PAUSE: Duration = Duration::from_millis(50);
/// Times of asking: an import of a million rows is applied within two minutes.
const MOST_ASKED: usize = 2_400;
/// Attempts at a batch of a decided import while the database does not answer, and the pause between them.
const MOST_ATTEMPTS: usize = 20;
const ATTEMPT_PAUSE: Duration = Duration::from_millis(500);

/// Rows that are stored in stages.
pub(super) struct Stages {
    pub(super) import: Import,
    pub(super) kind: Kind,
    /// The account that takes the import back; none where it is stored.
    pub(super) undone_by: Option<String>,
    pub(super) rows: Vec<StagedRow>,
    /// Checks of key facts, of rows that stay as they are too.
    pub(super) checks: Vec<StagedCheck>,
    /// The number of the last change that was judged.
    pub(super) seq: i64,
}

impl Stages {
    const fn staging(&self) -> ImportState {
        if self.undone_by.is_some() { ImportState::UndoStaging } else { ImportState::Staging }
    }

    const fn applying(&self) -> ImportState {
        if self.undone_by.is_some() { ImportState::Undoing } else { ImportState::Applying }
    }

    /// Stores the rows and returns the import's id; none where a row that `is_concerned` changed since it was judged, and
    /// nothing was stored. Goes on where the caller is cancelled.
    pub(super) async fn store(
        self,
        app: &Context,
        is_concerned: impl Fn(&(Option<Changed>, String)) -> bool + Send + Sync + 'static,
    ) -> error::Result<Option<String>> {
        let at_work = AtWork { db: app.db.clone(), clock: Arc::clone(&app.clock) };
        let detached = tokio::spawn(async move { at_work.store(self, Arc::new(is_concerned)).await });
        unless_stale(detached.await.unwrap_or_else(|panic| Err(DbError::Other(panic.into()).into())))
    }
}

/// The database and clock of work that outlives its caller.
struct AtWork {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl AtWork {
    async fn store<F>(&self, mut stages: Stages, is_concerned: Arc<F>) -> Result<String, NotStored>
    where
        F: Fn(&(Option<Changed>, String)) -> bool + Send + Sync + 'static,
    {
        let (id, staging) = (stages.import.id.clone(), stages.staging());
        self.open(&stages).await?;
        let staged = (std::mem::take(&mut stages.rows), std::mem::take(&mut stages.checks));
        let stages = Arc::new(stages);
        let decided = match self.stage(&stages, staged).await {
            Ok(()) => self.decide(&stages, is_concerned).await,
            Err(error) => Err(error),
        };
        if let Err(error) = decided {
            self.withdraw(&id, staging, matches!(error, NotStored::Stale)).await;
            return Err(error);
        }
        self.apply(&stages.unfinished()).await;
        Ok(id)
    }

    async fn open(&self, stages: &Stages) -> Result<(), NotStored> {
        let (import, is_undo, now) = (stages.import.clone(), stages.undone_by.is_some(), self.clock.now());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    if !is_undo {
                        let row = db::staged::staging(db::import::row(&import, now), now);
                        return Ok(db::import::insert(tx, row).await?);
                    }
                    // One that another process is taking back is judged again, and refused.
                    if db::staged::stage_undo(tx, &import.id, now).await? { Ok(()) } else { Err(NotStored::Stale) }
                })
            })
            .await
    }

    async fn stage(
        &self,
        stages: &Stages,
        (rows, checks): (Vec<StagedRow>, Vec<StagedCheck>),
    ) -> Result<(), NotStored> {
        let (mut rows, mut checks) = (rows.into_iter(), checks.into_iter());
        for first in (1..).step_by(BATCH) {
            let batch: (Vec<_>, Vec<_>) = (rows.by_ref().take(BATCH).collect(), checks.by_ref().take(BATCH).collect());
            if batch.0.is_empty() && batch.1.is_empty() {
                break;
            }
            let (id, state, now) = (stages.import.id.clone(), stages.staging(), self.clock.now());
            // Staged rows mean nothing before the import is decided, which is durable at once.
            self.db
                .write_with_next::<_, NotStored, _>(move |tx| {
                    Box::pin(async move {
                        let is_own = db::staged::stage(tx, &id, state, first, batch, now).await?;
                        if is_own { Ok(()) } else { Err(taken_over().into()) }
                    })
                })
                .await?;
            self.db.give_way().await;
        }
        Ok(())
    }

    async fn decide<F>(&self, stages: &Arc<Stages>, is_concerned: Arc<F>) -> Result<(), NotStored>
    where
        F: Fn(&(Option<Changed>, String)) -> bool + Send + Sync + 'static,
    {
        for _ in 0..MOST_ASKED {
            let (stages, is_concerned, now) = (Arc::clone(stages), Arc::clone(&is_concerned), self.clock.now());
            let decision = self.db.write::<_, NotDecided, _>(move |tx| {
                Box::pin(async move { stages.decide(tx, is_concerned.as_ref(), now).await })
            });
            match decision.await {
                Ok(()) => return Ok(()),
                Err(NotDecided::NotStored(error)) => return Err(error),
                Err(NotDecided::Busy) => tokio::time::sleep(BUSY_PAUSE).await,
            }
            recover(&self.db, self.clock.now()).await?;
        }
        Err(DbError::Unavailable("another import takes too long".to_owned()).into())
    }

    /// Takes back what was staged. Where that fails too, the next process does it.
    async fn withdraw(&self, id: &str, state: ImportState, is_repeated: bool) {
        let cleared = async {
            self.db.clear_staged(id).await?;
            if is_repeated && state == ImportState::Staging {
                return self.db.forget_staging(id).await;
            }
            self.db.mark_interrupted(id, state, self.clock.now()).await
        };
        if let Err(error) = cleared.await {
            tracing::warn!(import = id, %error, "staged rows are left for later");
        }
    }

    /// Applies a decided import. It is stored already: where the database does not answer, the next process goes on.
    async fn apply(&self, import: &Unfinished) {
        let mut failed = 0;
        while failed < MOST_ATTEMPTS {
            match self.db.apply_batch(import, self.clock.now()).await {
                Ok(false) => return,
                Ok(true) => self.db.give_way().await,
                Err(error) => {
                    failed += 1;
                    tracing::warn!(import = import.id, %error, "a batch is applied again");
                    tokio::time::sleep(ATTEMPT_PAUSE).await;
                }
            }
        }
        tracing::error!(import = import.id, "decided and not applied: the next process goes on");
    }
}

/// Why an import is not decided.
enum NotDecided {
    /// Another import is being applied.
    Busy,
    NotStored(NotStored),
}

impl<E: Into<NotStored>> From<E> for NotDecided {
    fn from(error: E) -> Self {
        Self::NotStored(error.into())
    }
}

fn taken_over() -> DbError {
    DbError::Unavailable("another process took the import over".to_owned())
}

impl Stages {
    async fn decide(
        &self,
        tx: &DatabaseTransaction,
        is_concerned: &(impl Fn(&(Option<Changed>, String)) -> bool + Sync),
        now: Moment,
    ) -> Result<(), NotDecided> {
        let id = &self.import.id;
        let (decision, seq) = db::staged::decide(tx, id, self.staging(), self.applying(), now).await?;
        match decision {
            Decision::Busy => return Err(NotDecided::Busy),
            Decision::Lost => return Err(taken_over().into()),
            Decision::Decided => {}
        }
        if db::staged::changes_between(tx, self.seq, seq).await?.iter().any(is_concerned) {
            return Err(NotStored::Stale.into());
        }
        match &self.undone_by {
            None => audit(tx, &self.import, now).await?,
            Some(by) => {
                db::import::mark_undone(tx, id, by, now).await?;
                db::requirement::audit(tx, by, AuditAction::ImportUndo, &self.import.kind, id, now).await?;
            }
        }
        Ok(())
    }

    fn unfinished(&self) -> Unfinished {
        Unfinished::own(&self.import.id, &self.import.file, self.kind, self.applying())
    }
}

/// Brings imports to an end whose process ended half way: a decided one is applied, of any other nothing is left.
///
/// # Errors
/// [`DbError`]; the next call goes on.
pub async fn recover(db: &Db, now: Moment) -> Result<(), DbError> {
    for import in db.unfinished_imports().await?.into_iter().filter(|import| import.is_left(now)) {
        if !db.take_over(&import, now).await? {
            continue;
        }
        let (id, file) = (&import.id, &import.file);
        match import.state {
            ImportState::Staging => tracing::warn!(id, file, "an import ended half way: nothing of it was stored"),
            ImportState::UndoStaging => tracing::warn!(id, file, "an undoing ended half way: nothing was undone"),
            state => {
                tracing::warn!(id, file, state = state.word(), "an import ended half way: it is stored as a whole");
            }
        }
        if matches!(import.state, ImportState::Staging | ImportState::UndoStaging) {
            db.clear_staged(id).await?;
            db.mark_interrupted(id, import.state, now).await?;
        } else {
            while db.apply_batch(&import, now).await? {
                db.give_way().await;
            }
        }
    }
    Ok(())
}
