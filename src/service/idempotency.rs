//! The same key and body give the same answer, once carried out: the stored answer is written in the transaction of the
//! work itself.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::context::Context;
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::rows::Rows;
use crate::error::{Error, Result};

/// A call that may be repeated.
#[derive(Clone, Debug)]
pub struct Call {
    /// The path that the key is scoped to.
    pub path: String,
    /// The client's key.
    pub key: String,
    /// SHA-256 of the canonical body.
    pub body_hash: String,
}

/// An answer, and whether it had been given before.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: String,
    /// Whether this is a replay.
    pub replayed: bool,
}

/// How long a twin waits for the first.
const TWIN_WAIT: Duration = Duration::from_secs(5);

type Turn = Arc<tokio::sync::Mutex<()>>;

/// The calls in work in this process, so that twins wait their turn instead of working twice.
#[derive(Debug, Default)]
pub struct InWork {
    turns: Mutex<HashMap<(String, String), Turn>>,
}

impl InWork {
    fn turn(&self, call: &Call) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if turns.len() > 1000 {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        turns.entry((call.path.clone(), call.key.clone())).or_default().clone()
    }
}

/// A key as clients may choose it: 1 to 64 visible ASCII characters.
///
/// # Errors
/// [`Error::Malformed`] with `idempotency_key_missing` or `idempotency_key_malformed`.
pub fn check_key(key: Option<&str>) -> Result<&str> {
    let key = key.ok_or(Error::Malformed("idempotency_key_missing"))?;
    let visible = !key.is_empty() && key.len() <= 64 && key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible { Ok(key) } else { Err(Error::Malformed("idempotency_key_malformed")) }
}

/// Answers a call: from the stored answer where there is one, else by `work`, which must write its answer as
/// [`Outcome`] in its own transaction. A refusal does not use the key up.
///
/// Most calls are the first under their key, and learn it by writing: only who had to wait for a twin looks before, and
/// only whose work came to nothing looks afterwards.
///
/// # Errors
/// 422 `idempotency_mismatch` for another body under the key, 409 `idempotency_in_progress` where a twin takes too
/// long, and `work`'s own.
pub async fn answer<W>(app: &Context, call: &Call, work: W) -> Result<Answered>
where
    W: Future<Output = Result<StoredAnswer>>,
{
    failpoint!("accept.received");
    let turn = app.in_work.turn(call);
    let _turn = match turn.try_lock() {
        Ok(first) => first,
        Err(_) => {
            let Ok(after_a_twin) = tokio::time::timeout(TWIN_WAIT, turn.lock()).await else {
                return Err(Error::Conflict("idempotency_in_progress"));
            };
            if let Some(stored) = replay(app, call).await? {
                return Ok(stored);
            }
            after_a_twin
        }
    };
    failpoint!("accept.in_turn");
    let done = work.await;
    failpoint!("accept.answering");
    match done {
        Ok(done) => Ok(Answered { status: done.status, body: done.body, replayed: false }),
        // The database is out of reach, for looking too; one that is full can be looked at.
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => replay(app, call).await?.ok_or(error),
    }
}

async fn replay(app: &Context, call: &Call) -> Result<Option<Answered>> {
    if crate::guard::is_out("idempotency") {
        return Ok(None);
    }
    match app.db.stored_answer(&call.path, &call.key, app.clock.now()).await? {
        None => Ok(None),
        Some(stored) if stored.body_hash == call.body_hash => {
            Ok(Some(Answered { status: stored.status, body: stored.body, replayed: true }))
        }
        Some(_) => Err(Error::Refused("idempotency_mismatch", Vec::new())),
    }
}

/// What a call leaves in one transaction: the answer that its twins get, and the rows of its work.
pub(super) struct Outcome {
    answer: StoredAnswer,
    /// Where its work adds rows; the answer's comes before them.
    pub(super) rows: Rows,
}

impl Outcome {
    /// The answer with no rows of work yet.
    pub(super) fn of(call: &Call, status: u16, body: String, now: Moment) -> Self {
        let answer = StoredAnswer { body_hash: call.body_hash.clone(), status, body };
        let mut rows = Rows::default();
        if !crate::guard::is_out("idempotency") {
            rows.add(db::idempotency::row(&call.path, &call.key, &answer, now));
        }
        Self { answer, rows }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// A conflict where a twin was faster, and the database's: the transaction must then be given up.
    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<StoredAnswer> {
        let left = self.rows.write(tx).await?;
        let is_twin = left.first() == Some(&0) && !crate::guard::is_out("idempotency");
        if is_twin { Err(Error::Conflict("conflict")) } else { Ok(self.answer) }
    }
}
