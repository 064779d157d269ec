//! Copying a whole database into another one, of the other kind too: SQLite that has grown, to PostgreSQL.

use futures_util::TryStreamExt as _;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, EntityTrait, IdenStatic as _, IntoActiveModel, IsolationLevel, Iterable as _, PaginatorTrait as _,
    PrimaryKeyToColumn, StreamTrait, TransactionTrait as _,
};
use sha2::{Digest as _, Sha256};

use super::entity;
use super::entity::job_lease;
use crate::db::Db;

/// Rows per transaction: far below the 32,766 bound values that SQLite takes per statement, at 26 columns.
const ROWS: usize = 500;
/// Name of the row that marks a copy as begun in the target.
const MARK: &str = "copy";

/// A table as it was found or made equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Whether it was equal before.
    pub was_equal: bool,
}

/// Number of a table's rows, and the sum of their hashes: the same in any order.
type Fingerprint = (u64, u128);

/// Lists all tables, referenced ones before those that refer to them. Leases of jobs stay behind: they belong to processes.
macro_rules! for_each_table {
    ($call:ident, $($argument:expr),*) => {
        for_each_table!(@ $call, ($($argument),*),
            account requirement inquiry lead outbox import import_job
            absence access account_sphere account_token alert alert_fit alert_mail api_key assignment_park assignment_rule audit audit_seal clock consent
            cursor desk_view digest evidence evidence_staged handover idempotency import_job_file import_name import_row
            import_staged inbox_change inbox_trouble kept_form known_browser lead_event listing listing_change listing_edit
            listing_report mail_choice mailbox_position outbox_attempt passed_promise picture policy policy_draft policy_redirect policy_version promise_review quota recovery_code report
            session shared_list shared_setting sheet_lead soft_hold staff_task still_valid webhook webhook_delivery)
    };
    (@ $call:ident, $arguments:tt, $($table:ident)*) => {
        $( for_each_table!(# $call, $table, $arguments); )*
    };
    (# $call:ident, $table:ident, ($($argument:expr),*)) => {
        $call::<entity::$table::Entity>($($argument),*).await?;
    };
}

/// Copies every table, table by table, and checks count and digest of each. A copy that was stopped is taken up again: tables
/// that are equal already are left as they are.
///
/// # Errors
/// [`anyhow::Error`] where a schema step is pending, the target holds something that no such copy put there, a database fails,
/// or a table differs in the end.
pub async fn copy(from: &Db, to: &Db, mut told: impl FnMut(&CopiedTable)) -> anyhow::Result<()> {
    let steps = from.migration_status().await?;
    anyhow::ensure!(steps.iter().all(|(_, applied)| *applied), "the source lacks schema steps: luodi migrate up");
    to.migrate().await?;
    let source = begin_reading(from.schema()).await?;
    let mark = mark(&source).await?;
    begin_copy(to.schema(), &mark).await?;
    for_each_table!(carry, &source, to.schema(), &mut told);
    job_lease::Entity::delete_by_id(MARK).exec(to.schema()).await?;
    Ok(())
}

/// Begins a transaction that sees the source as it is now.
async fn begin_reading(source: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if source.get_database_backend() != DatabaseBackend::Postgres {
        return source.begin().await;
    }
    let reading = source.begin_with_config(Some(IsolationLevel::RepeatableRead), None).await?;
    // Writing a batch into the target may exceed the timeout of idle transactions.
    reading.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    Ok(reading)
}

/// Returns the mark of a copy of this source: the same for the same service.
async fn mark(source: &DatabaseTransaction) -> anyhow::Result<String> {
    let (rows, sum) = fingerprint::<entity::audit_seal::Entity>(source).await?;
    let (accounts, _) = fingerprint::<entity::account::Entity>(source).await?;
    Ok(format!("{rows}-{accounts}-{sum:x}"))
}

/// Marks the target as one of this copy; refuses one that holds something else.
async fn begin_copy(target: &DatabaseConnection, mark: &str) -> anyhow::Result<()> {
    let row = job_lease::Entity::find_by_id(MARK).one(target).await?;
    if let Some(row) = row {
        anyhow::ensure!(row.holder == mark, "the target holds a part of another copy");
        return Ok(());
    }
    let held = [
        entity::account::Entity::find().count(target).await?,
        entity::listing::Entity::find().count(target).await?,
        entity::requirement::Entity::find().count(target).await?,
    ];
    anyhow::ensure!(held.iter().sum::<u64>() == 0, "the target holds accounts, listings or requirements already");
    let row = job_lease::ActiveModel { name: Set(MARK.to_owned()), holder: Set(mark.to_owned()), until: Set(0) };
    job_lease::Entity::insert(row).exec_without_returning(target).await?;
    Ok(())
}

/// Makes a table of the target equal to the same one of the source.
async fn carry<E>(
    source: &DatabaseTransaction,
    target: &DatabaseConnection,
    told: &mut impl FnMut(&CopiedTable),
) -> anyhow::Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let table = E::default().table_name().to_owned();
    let wanted = fingerprint::<E>(source).await?;
    let was_equal = fingerprint::<E>(target).await? == wanted;
    if !was_equal {
        fill::<E>(source, target).await?;
        let found = fingerprint::<E>(target).await?;
        anyhow::ensure!(found == wanted, "{table}: {} rows arrived of {}, or other ones", found.0, wanted.0);
    }
    told(&CopiedTable { table, rows: wanted.0, was_equal });
    Ok(())
}

async fn fingerprint<E>(connection: &(impl ConnectionTrait + StreamTrait)) -> Result<Fingerprint, DbErr>
where
    E: EntityTrait,
{
    let mut rows = E::find().stream(connection).await?;
    let (mut count, mut sum) = (0, 0_u128);
    while let Some(row) = rows.try_next().await? {
        let hash = Sha256::digest(format!("{row:?}").as_bytes());
        let part = hash.first_chunk().copied().unwrap_or_default();
        sum = sum.wrapping_add(u128::from_be_bytes(part));
        count += 1;
    }
    Ok((count, sum))
}

/// Writes rows in batches. One that exists already, from a schema step or from a copy that was stopped, is overwritten.
async fn fill<E>(source: &DatabaseTransaction, target: &DatabaseConnection) -> Result<(), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let mut rows = E::find().stream(source).await?;
    let mut batch = Vec::with_capacity(ROWS);
    loop {
        let row = rows.try_next().await?;
        let is_last = row.is_none();
        batch.extend(row.map(IntoActiveModel::into_active_model));
        if batch.len() == ROWS || (is_last && !batch.is_empty()) {
            let write = target.begin().await?;
            E::insert_many(std::mem::take(&mut batch))
                .on_conflict(overwrite::<E>())
                .exec_without_returning(&write)
                .await?;
            write.commit().await?;
        }
        if is_last {
            return Ok(());
        }
    }
}

fn overwrite<E: EntityTrait>() -> OnConflict {
    let keys: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let is_key = |column: &E::Column| keys.iter().any(|key| key.as_str() == column.as_str());
    let others: Vec<E::Column> = E::Column::iter().filter(|column| !is_key(column)).collect();
    let mut rule = OnConflict::columns(keys.iter().copied());
    if others.is_empty() {
        rule.do_nothing_on(keys.iter().copied()).to_owned()
    } else {
        rule.update_columns(others).to_owned()
    }
}
