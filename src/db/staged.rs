//! Imports of many rows: staged in batches, decided by one small transaction, applied in batches.
//!
//! From the decision on `listing_now` has the new rows, applied or not; an import that ended half way is applied to its end
//! by the next process, one that was not decided leaves nothing. Each batch is a short transaction, so that no other write
//! waits for long.

use domain::freshness::{FactCheck, KeyFact};
use domain::kind::Kind;
use domain::record::Record;
use domain::time::Moment;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement, Value,
};

use super::clock::{BESIDE, LISTING, tick};
use super::entity::{import, import_staged, listing_change};
use super::evidence::{ListingCheck, StagedCheck};
use super::listing::log;
use super::words::{CHANGE_KIND, Changed, EditCause, ImportState};
use super::{Db, DbError, evidence, owner};
use crate::ids;

/// Time after which another process may take over an import of a process whose end it cannot see.
const LEASE_SECONDS: i64 = 30;
/// Rows per transaction: some 8 ms of the one writer.
pub(crate) const BATCH: usize = 300;
/// Rows per transaction that are deleted unapplied.
const CLEARED: i64 = 5_000;

/// Returns the digest by which a later change of a row is noticed.
pub(crate) fn digest(text: &str) -> String {
    ids::sha256_hex(text.as_bytes())
}

/// A row to stage.
#[derive(Clone, Debug)]
pub struct StagedRow {
    code: String,
    name: String,
    park_code: Option<String>,
    /// The record's JSON; none removes the listing.
    record: Option<String>,
    demo: bool,
    after: String,
    /// The evidence of a listing that has none yet: its one check.
    checked: Option<String>,
    /// Facts whose values changed with the check, JSON; none for none.
    changed: Option<String>,
}

impl StagedRow {
    /// The row that stores a record.
    pub(crate) fn of(record: &Record) -> Self {
        let text = serde_json::to_string(record).unwrap_or_default();
        Self {
            code: record.id().to_owned(),
            name: record.get("name").to_owned(),
            park_code: Some(record.get("park_code").to_owned()).filter(|code| !code.is_empty()),
            demo: record.yes_no("demo") == Some(true),
            after: digest(&text),
            record: Some(text),
            checked: None,
            changed: None,
        }
    }

    /// Returns the id of the listing.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// Adds the check that the import makes of the listing.
    pub(crate) fn with_check(&mut self, check: &ListingCheck) {
        self.checked = serde_json::to_string(&[&check.check]).ok();
        self.changed = Some(&check.changed).filter(|it| !it.is_empty()).and_then(|it| serde_json::to_string(it).ok());
    }

    /// The row that removes a listing.
    pub(crate) fn removing(code: String) -> Self {
        Self {
            code,
            name: String::new(),
            park_code: None,
            record: None,
            demo: false,
            after: String::new(),
            checked: None,
            changed: None,
        }
    }
}

/// Outcome of asking to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The rows are as good as stored.
    Decided,
    /// Another import is being applied: ask again soon.
    Busy,
    /// Another process took the import over.
    Lost,
}

/// An import that is neither done nor interrupted.
#[derive(Clone, Debug)]
pub(crate) struct Unfinished {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) file: String,
    pub(crate) state: ImportState,
    owner: Option<String>,
    lease_until: Option<i64>,
}

impl Unfinished {
    /// An import of this process.
    pub(crate) fn own(id: &str, file: &str, kind: Kind, state: ImportState) -> Self {
        let (id, file) = (id.to_owned(), file.to_owned());
        Self { id, kind, file, state, owner: None, lease_until: None }
    }

    /// Whether no process is at work on it any more.
    pub(crate) fn is_left(&self, now: Moment) -> bool {
        self.owner.as_deref().is_some_and(owner::has_ended) || self.lease_until.is_none_or(|until| until < now.0)
    }
}

fn lease(now: Moment) -> i64 {
    now.plus_seconds(LEASE_SECONDS).0
}

/// Makes an import row one that this process is staging.
pub(crate) fn staging(row: import::ActiveModel, now: Moment) -> import::ActiveModel {
    import::ActiveModel {
        state: Set(Some(ImportState::Staging.word().to_owned())),
        owner: Set(Some(owner::own())),
        lease_until: Set(Some(lease(now))),
        ..row
    }
}

/// Executes a statement with numbered values, which both databases understand.
async fn execute(tx: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}

/// Moves an import of this process from a state to another; false where another process took it over.
async fn step(
    tx: &DatabaseTransaction,
    id: &str,
    from: ImportState,
    to: Option<ImportState>,
    now: Moment,
) -> Result<bool, DbErr> {
    let changed = import::ActiveModel {
        state: Set(to.map(|state| state.word().to_owned())),
        lease_until: Set(Some(lease(now))),
        ..Default::default()
    };
    let own = import::Entity::update_many().set(changed).filter(import::Column::Id.eq(id));
    let own = own.filter(import::Column::State.eq(from.word())).filter(import::Column::Owner.eq(owner::own()));
    Ok(own.exec(tx).await?.rows_affected == 1)
}

/// Makes a done import one whose undoing this process is staging; false where it is not done.
pub(crate) async fn stage_undo(tx: &DatabaseTransaction, id: &str, now: Moment) -> Result<bool, DbErr> {
    let changed = import::ActiveModel {
        state: Set(Some(ImportState::UndoStaging.word().to_owned())),
        owner: Set(Some(owner::own())),
        lease_until: Set(Some(lease(now))),
        ..Default::default()
    };
    let done = import::Entity::update_many().set(changed).filter(import::Column::Id.eq(id));
    let done = done.filter(import::Column::State.is_null()).filter(import::Column::UndoneAt.is_null());
    Ok(done.exec(tx).await?.rows_affected == 1)
}

/// Stages rows, numbered from `first`, and checks of an import in a state; false where another process took it over.
pub(crate) async fn stage(
    tx: &DatabaseTransaction,
    id: &str,
    state: ImportState,
    first: i64,
    (rows, checks): (Vec<StagedRow>, Vec<StagedCheck>),
    now: Moment,
) -> Result<bool, DbErr> {
    if !step(tx, id, state, Some(state), now).await? {
        return Ok(false);
    }
    let rows = (first..).zip(rows).map(|(no, row)| import_staged::ActiveModel {
        import_id: Set(id.to_owned()),
        no: Set(no),
        code: Set(row.code),
        name: Set(row.name),
        park_code: Set(row.park_code),
        record: Set(row.record),
        demo: Set(row.demo),
        after: Set(row.after),
        updated_at: Set(now.0),
        checked: Set(row.checked),
        changed: Set(row.changed),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        import_staged::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    evidence::stage(tx, id, checks).await?;
    failpoint!("import.staged");
    Ok(true)
}

/// Decides: the staged rows are from now on the listings. The change log gets one entry for all, whose number is returned
/// too: changes between the judged state and it are the caller's to check, in the same transaction.
pub(crate) async fn decide(
    tx: &DatabaseTransaction,
    id: &str,
    from: ImportState,
    to: ImportState,
    now: Moment,
) -> Result<(Decision, i64), DbErr> {
    // The clock's row lock comes first: whatever was committed before is then visible.
    let seq = log(tx, Changed::Import, &[id], now).await?.unwrap_or_default();
    if !in_states(tx, &APPLYING).await?.is_empty() {
        return Ok((Decision::Busy, seq));
    }
    let decision = if step(tx, id, from, Some(to), now).await? { Decision::Decided } else { Decision::Lost };
    failpoint!("import.decided");
    Ok((decision, seq))
}

/// States in which the rows of an import are decided and not all applied.
const APPLYING: [ImportState; 2] = [ImportState::Applying, ImportState::Undoing];
const STAGING: [ImportState; 2] = [ImportState::Staging, ImportState::UndoStaging];

async fn in_states<C: ConnectionTrait>(connection: &C, states: &[ImportState]) -> Result<Vec<Unfinished>, DbErr> {
    let words: Vec<&str> = states.iter().map(|state| state.word()).collect();
    let rows = import::Entity::find().filter(import::Column::State.is_in(words)).order_by_asc(import::Column::At);
    Ok(rows.all(connection).await?.into_iter().filter_map(unfinished).collect())
}

fn unfinished(row: import::Model) -> Option<Unfinished> {
    Some(Unfinished {
        kind: CHANGE_KIND.read(&row.id, &row.kind).known()?.kind()?,
        state: super::words::IMPORT_STATE.read(&row.id, row.state.as_deref()?).known()?,
        id: row.id,
        file: row.file,
        owner: row.owner,
        lease_until: row.lease_until,
    })
}

/// Changes of rows after `after` and before `before`, of tables and ids; those of an import's rows are one entry.
pub(crate) async fn changes_between(
    tx: &DatabaseTransaction,
    after: i64,
    before: i64,
) -> Result<Vec<(Option<Changed>, String)>, DbErr> {
    use listing_change::Column as C;
    let rows = listing_change::Entity::find().filter(C::Seq.gt(after)).filter(C::Seq.lt(before));
    let rows = rows.filter(C::ImportId.is_null()).all(tx).await?;
    let change = |row: listing_change::Model| (CHANGE_KIND.read(&row.seq.to_string(), &row.kind).known(), row.code);
    Ok(rows.into_iter().map(change).collect())
}

/// Applies staged rows with numbers from `first` to `last`: former records are kept, listings stored or removed, changes
/// logged, evidence of them written.
async fn apply(tx: &DatabaseTransaction, of: &Unfinished, (first, last): (i64, i64), now: Moment) -> Result<(), DbErr> {
    let range = || vec![Value::from(of.id.clone()), first.into(), last.into()];
    let with = |value: Value| range().into_iter().chain([value]).collect::<Vec<_>>();
    let kind = || Value::from(of.kind.word().to_owned());
    let is_undo = of.state != ImportState::Applying;
    if tx.get_database_backend() == DatabaseBackend::Postgres {
        // A change of one of these rows applies it too.
        execute(tx, LOCK, range()).await?;
    }
    if is_undo {
        let cause = EditCause::Undo.word().to_owned();
        let values = range().into_iter().chain([kind(), now.0.into(), cause.into()]).collect();
        execute(tx, KEEP_UNDONE, values).await?;
    } else {
        execute(tx, KEEP, with(kind())).await?;
    }
    execute(tx, PUT, with(kind())).await?;
    if is_undo {
        execute(tx, REMOVE, with(kind())).await?;
    }
    let seq = tick(tx, LISTING, last - first + 1).await? - last;
    let values = range().into_iter().chain([kind(), seq.into(), now.0.into()]).collect();
    execute(tx, LOG, values).await?;
    if is_undo {
        take_back_checks(tx, of, range()).await?;
    } else {
        put_checks(tx, of.kind, range(), last - first + 1).await?;
    }
    execute(tx, DONE, range()).await?;
    failpoint!("import.applied");
    Ok(())
}

/// The first and the last number of the next batch; none once there are no rows.
async fn next_range(tx: &DatabaseTransaction, import: &str) -> Result<Option<(i64, i64)>, DbErr> {
    let values = [Value::from(import.to_owned()), (BATCH as i64).into()];
    let row = tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), NEXT, values)).await?;
    let Some(row) = row else { return Ok(None) };
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(first.zip(last))
}

async fn take_back_checks(tx: &DatabaseTransaction, of: &Unfinished, range: Vec<Value>) -> Result<(), DbErr> {
    let rows = tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), CODES, range)).await?;
    let codes = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    evidence::apply(tx, of.kind, &of.id, codes).await
}

/// Writes the checks of a range of staged rows: a listing without evidence has its one check as it was staged, by one
/// statement; to that of others it is added.
async fn put_checks(tx: &DatabaseTransaction, kind: Kind, range: Vec<Value>, count: i64) -> Result<(), DbErr> {
    // The lock of the clock first: see `evidence::alter`.
    let seq = tick(tx, BESIDE, 1).await?;
    let values: Vec<Value> = range.into_iter().chain([kind.word().to_owned().into(), seq.into()]).collect();
    let added = execute(tx, CHECK, values.clone()).await?;
    if i64::try_from(added) == Ok(count) {
        return Ok(());
    }
    let checked = Statement::from_sql_and_values(tx.get_database_backend(), CHECKED_BEFORE, values);
    let mut checks = Vec::new();
    for row in tx.query_all_raw(checked).await? {
        let (code, check, changed): (String, String, Option<String>) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let staged: Vec<FactCheck> = serde_json::from_str(&check).unwrap_or_default();
        let changed: Vec<KeyFact> = changed.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default();
        checks.extend(staged.into_iter().map(|check| ListingCheck {
            code: code.clone(),
            check,
            changed: changed.clone(),
        }));
    }
    evidence::check_at(tx, kind, checks, seq).await
}

const NEXT: &str = "SELECT MIN(no), MAX(no) FROM
    (SELECT no FROM import_staged WHERE import_id = $1 ORDER BY no LIMIT $2) AS next";
const LOCK: &str = "SELECT no FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3 FOR UPDATE";
const KEEP: &str = "INSERT INTO import_row (import_id, code, before, after)
    SELECT s.import_id, s.code, l.record, s.after
    FROM import_staged s LEFT JOIN listing l ON l.kind = $4 AND l.code = s.code
    WHERE s.import_id = $1 AND s.no BETWEEN $2 AND $3";
const KEEP_UNDONE: &str = "INSERT INTO listing_edit (id, kind, code, at, actor, cause, before)
    SELECT s.import_id || '/' || s.code, l.kind, s.code, $5, i.undone_by, $6, l.record
    FROM import_staged s JOIN import i ON i.id = s.import_id JOIN listing l ON l.kind = $4 AND l.code = s.code
    WHERE s.import_id = $1 AND s.no BETWEEN $2 AND $3";
const PUT: &str = "INSERT INTO listing (kind, code, name, park_code, record, demo, created_at, updated_at)
    SELECT $4, code, name, park_code, record, demo, updated_at, updated_at
    FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3 AND record IS NOT NULL
    ON CONFLICT (kind, code) DO UPDATE SET name = excluded.name, park_code = excluded.park_code,
        record = excluded.record, demo = excluded.demo, updated_at = excluded.updated_at";
const REMOVE: &str = "DELETE FROM listing WHERE kind = $4 AND code IN
    (SELECT code FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3 AND record IS NULL)";
const LOG: &str = "INSERT INTO listing_change (seq, kind, code, at, import_id)
    SELECT $5 + no, $4, code, $6, import_id FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3";
const CODES: &str = "SELECT code FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3";
const CHECK: &str = "INSERT INTO evidence (kind, code, checks, asked, behind, seq)
    SELECT $4, code, checked, 0, FALSE, $5 FROM import_staged
    WHERE import_id = $1 AND no BETWEEN $2 AND $3 AND checked IS NOT NULL
    ON CONFLICT (kind, code) DO NOTHING";
const CHECKED_BEFORE: &str = "SELECT s.code, s.checked, s.changed
    FROM import_staged s JOIN evidence e ON e.kind = $4 AND e.code = s.code
    WHERE s.import_id = $1 AND s.no BETWEEN $2 AND $3 AND s.checked IS NOT NULL AND e.seq <> $5";
const DONE: &str = "DELETE FROM import_staged WHERE import_id = $1 AND no BETWEEN $2 AND $3";

const CLEAR: &str = "DELETE FROM import_staged WHERE import_id = $1 AND no IN
    (SELECT no FROM import_staged WHERE import_id = $1 ORDER BY no LIMIT $2)";
const CLEAR_CHECKS: &str = "DELETE FROM evidence_staged WHERE import_id = $1 AND code IN
    (SELECT code FROM evidence_staged WHERE import_id = $1 ORDER BY code LIMIT $2)";

/// Applies what an import is about to store in some rows, before another write changes them.
pub(super) async fn apply_pending<'c>(
    tx: &DatabaseTransaction,
    kind: Kind,
    codes: impl Iterator<Item = &'c str>,
    now: Moment,
) -> Result<(), DbErr> {
    let of_kind = in_states(tx, &APPLYING).await?.into_iter().find(|import| import.kind == kind);
    let Some(import) = of_kind else { return Ok(()) };
    use import_staged::Column as C;
    let pending = import_staged::Entity::find().filter(C::ImportId.eq(&import.id)).filter(C::Code.is_in(codes));
    for no in pending.select_only().column(C::No).into_tuple::<i64>().all(tx).await? {
        apply(tx, &import, (no, no), now).await?;
    }
    Ok(())
}

impl Db {
    /// Returns the imports that are neither done nor interrupted.
    pub(crate) async fn unfinished_imports(&self) -> Result<Vec<Unfinished>, DbError> {
        Ok(in_states(self.read(), &[STAGING, APPLYING].concat()).await?)
    }

    /// Makes this process the one at work on a left import; false where another one was faster.
    pub(crate) async fn take_over(&self, import: &Unfinished, now: Moment) -> Result<bool, DbError> {
        let import = import.clone();
        // Decided already: a batch that a power cut takes back is applied again.
        self.write_with_next::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let changed = import::ActiveModel {
                    owner: Set(Some(owner::own())),
                    lease_until: Set(Some(lease(now))),
                    ..Default::default()
                };
                let left = import::Entity::update_many().set(changed).filter(import::Column::Id.eq(&import.id));
                let left = left.filter(import::Column::State.eq(import.state.word()));
                let left = left.filter(import::Column::LeaseUntil.eq(import.lease_until));
                Ok(left.exec(tx).await?.rows_affected == 1)
            })
        })
        .await
    }

    /// Applies the next rows of a decided import in one short transaction; false once there are none, and it is done.
    ///
    /// # Errors
    /// [`DbError`]; the batch was not applied.
    pub(crate) async fn apply_batch(&self, import: &Unfinished, now: Moment) -> Result<bool, DbError> {
        let import = import.clone();
        self.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                if !step(tx, &import.id, import.state, Some(import.state), now).await? {
                    return Ok(false);
                }
                let Some(range) = next_range(tx, &import.id).await? else {
                    if evidence::apply_next(tx, import.kind, &import.id, BATCH).await? {
                        return Ok(true);
                    }
                    step(tx, &import.id, import.state, None, now).await?;
                    return Ok(false);
                };
                apply(tx, &import, range, now).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Deletes the staged rows and checks of an import that was not decided, in batches.
    ///
    /// # Errors
    /// [`DbError`]; some rows may be left.
    pub(crate) async fn clear_staged(&self, id: &str) -> Result<(), DbError> {
        for sql in [CLEAR, CLEAR_CHECKS] {
            let clear = || {
                let id = id.to_owned();
                self.write::<_, DbError, _>(move |tx| {
                    Box::pin(async move { Ok(execute(tx, sql, vec![id.into(), CLEARED.into()]).await?) })
                })
            };
            while clear().await? > 0 {}
        }
        Ok(())
    }

    /// Marks an import of this process as interrupted, and an undoing as not begun.
    ///
    /// # Errors
    /// [`DbError`].
    pub(crate) async fn mark_interrupted(&self, id: &str, state: ImportState, now: Moment) -> Result<(), DbError> {
        let id = id.to_owned();
        let then = (state == ImportState::Staging).then_some(ImportState::Interrupted);
        self.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { Ok(step(tx, &id, state, then, now).await.map(drop)?) })
        })
        .await
    }

    /// Deletes an import of this process that was not decided, once its rows are cleared.
    ///
    /// # Errors
    /// [`DbError`].
    pub(crate) async fn forget_staging(&self, id: &str) -> Result<(), DbError> {
        let id = id.to_owned();
        self.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                let own = import::Entity::delete_many().filter(import::Column::Id.eq(id));
                own.filter(import::Column::State.eq(ImportState::Staging.word())).exec(tx).await?;
                Ok(())
            })
        })
        .await
    }

    /// Returns the kind of listing and the ids that an import alters; none for one of another table.
    pub(crate) async fn altered_by(&self, id: &str) -> Result<Option<(Kind, Vec<String>)>, DbError> {
        let Some(row) = import::Entity::find_by_id(id).one(self.read()).await? else { return Ok(None) };
        let kind = CHANGE_KIND.read(&row.id, &row.kind).known().and_then(Changed::kind);
        let Some(kind) = kind else { return Ok(None) };
        // One statement: a row moves from one table to the other.
        let sql = "SELECT code FROM import_staged WHERE import_id = $1
            UNION SELECT code FROM import_row WHERE import_id = $1";
        let backend = self.backend();
        let query = Statement::from_sql_and_values(backend, sql, [Value::from(id.to_owned())]);
        let rows = self.read_whole().query_all_raw(query).await?;
        let codes = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
        Ok(Some((kind, codes)))
    }
}
