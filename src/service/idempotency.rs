//! Idempotent calls: the same key and body get the same answer, which is stored in the transaction of the work itself.

use std::future::Future;
use std::time::Duration;

use domain::time::Moment;
use sea_orm::DatabaseTransaction;

use super::context::Context;
use crate::db;
use crate::db::idempotency::StoredAnswer;
use crate::db::rows::Rows;
use crate::error::{Code, Error, Result};

/// A call that may be repeated.
#[derive(Clone, Debug)]
pub struct Call {
    /// The path, which is the scope of the key.
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

/// Longest wait for a concurrent call with the same key.
const TWIN_WAIT: Duration = Duration::from_secs(5);

/// Longest key of a client, in characters.
const LONGEST_KEY: usize = 64;

/// Checks a client's key: 1 to 64 visible ASCII characters.
///
/// # Errors
/// [`Error::Malformed`] with [`Code::IdempotencyKeyMissing`] or [`Code::IdempotencyKeyMalformed`].
pub fn check_key(key: Option<&str>) -> Result<&str> {
    let key = key.ok_or(Error::Malformed(Code::IdempotencyKeyMissing))?;
    let visible = !key.is_empty() && key.len() <= LONGEST_KEY && key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible { Ok(key) } else { Err(Error::Malformed(Code::IdempotencyKeyMalformed)) }
}

/// Status of an answer without a body.
const NO_CONTENT: u16 = 204;

/// Answers a call from the stored answer where there is one, else by `work`, which must write its answer as [`Outcome`] in
/// its own transaction. A refusal does not use the key up.
///
/// Most calls are the first with their key and find it free by inserting: a stored answer is looked up beforehand only after
/// waiting for a call with the same key, and afterwards only where `work` failed.
///
/// # Errors
/// [`Error::Refused`] with [`Code::IdempotencyMismatch`] for another body under the key, [`Error::Gone`] for an answer about what
/// was erased since, [`Error::Conflict`] with [`Code::IdempotencyInProgress`] where the other call takes too long, and the errors
/// of `work`.
pub async fn answer<W>(app: &Context, call: &Call, work: W) -> Result<Answered>
where
    W: Future<Output = Result<StoredAnswer>>,
{
    failpoint!("accept.received");
    let turn = app.in_work.turn(&call.path, &call.key);
    let _turn = match turn.try_lock() {
        Ok(first) => first,
        Err(_) => {
            let Ok(after_a_twin) = tokio::time::timeout(TWIN_WAIT, turn.lock()).await else {
                return Err(Error::Conflict(Code::IdempotencyInProgress));
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
        // An unreachable database cannot be read either; a full one can.
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
        Some(stored) if stored.body_hash != call.body_hash => {
            Err(Error::Refused(Code::IdempotencyMismatch, Vec::new()))
        }
        Some(stored) if stored.body.is_empty() && stored.status != NO_CONTENT => Err(Error::Gone),
        Some(stored) => Ok(Some(Answered { status: stored.status, body: stored.body, replayed: true })),
    }
}

/// The rows that a call writes in one transaction: the stored answer, and the rows of its work.
pub(super) struct Outcome {
    answer: StoredAnswer,
    /// The rows of its work; the stored answer is before them.
    pub(super) rows: Rows,
}

impl Outcome {
    /// The answer with no rows of work yet.
    pub(super) fn of(call: &Call, status: u16, body: String, now: Moment) -> Self {
        Self::about(call, status, body, None, now)
    }

    /// The answer whose body holds data of a lead or requirement: erasing these empties it.
    pub(super) fn about(call: &Call, status: u16, body: String, subject: Option<&str>, now: Moment) -> Self {
        let subject = subject.map(str::to_owned);
        let answer = StoredAnswer { body_hash: call.body_hash.clone(), status, body, subject };
        let mut rows = Rows::default();
        if !crate::guard::is_out("idempotency") {
            rows.add(db::idempotency::row(&call.path, &call.key, &answer, now));
        }
        Self { answer, rows }
    }

    /// Writes the rows and returns the answer.
    ///
    /// # Errors
    /// [`Error::Conflict`] where a call with the same key was faster, [`Error::Unavailable`], [`Error::Full`] or
    /// [`Error::Internal`] from the database; the transaction must then be rolled back.
    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<StoredAnswer> {
        let left = self.rows.write(tx).await?;
        let is_twin = left.first() == Some(&0) && !crate::guard::is_out("idempotency");
        if is_twin { Err(Error::Conflict(Code::Conflict)) } else { Ok(self.answer) }
    }
}
