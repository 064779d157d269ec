//! Files in work: jobs with their bytes, and the names that a park's files use.

use domain::account::Scope;
use domain::lead_sheet::SheetKind;
use domain::stored::Stored;
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::{import_job, import_job_file, import_name};
use super::words::{JOB_KIND, JOB_STATE, JobPart, JobState};
use super::{Db, DbError};

/// Jobs that a list shows, the newest.
const MOST_JOBS: u64 = 50;

/// A file in work.
#[derive(Clone, Debug)]
pub struct ImportJob {
    /// Row id.
    pub id: String,
    /// The one park of the file; none where an admin imports for all.
    pub park: Option<String>,
    /// Id of the account.
    pub actor: String,
    /// The kind of file.
    pub kind: Stored<SheetKind>,
    /// The file's name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// The state.
    pub state: Stored<JobState>,
    /// The step of the running work, from 1.
    pub step: i64,
    /// Rows of the file; 0 before it is read.
    pub total: i64,
    /// Choices of the person, JSON.
    pub options: String,
    /// The findings, JSON.
    pub report: Option<String>,
    /// Id of the import that it made or is about to make.
    pub import: Option<String>,
    /// Time of the upload.
    pub created_at: Moment,
    /// Time of the last change.
    pub changed_at: Moment,
    /// The end of the running work's lease.
    pub lease_until: Option<Moment>,
}

fn stored(row: import_job::Model) -> ImportJob {
    ImportJob {
        kind: JOB_KIND.read(&row.id, &row.kind),
        state: JOB_STATE.read(&row.id, &row.state),
        id: row.id,
        park: row.park_code,
        actor: row.actor,
        file: row.file,
        digest: row.digest,
        step: row.step,
        total: row.total,
        options: row.options,
        report: row.report,
        import: row.import_id,
        created_at: Moment(row.created_at),
        changed_at: Moment(row.changed_at),
        lease_until: row.lease_until.map(Moment),
    }
}

/// A change of a job's columns; what is none stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobChange {
    pub(crate) state: Option<JobState>,
    pub(crate) step: Option<i64>,
    pub(crate) total: Option<i64>,
    pub(crate) options: Option<String>,
    pub(crate) report: Option<String>,
    pub(crate) import: Option<String>,
    /// The new end of the lease; `Some(None)` ends it.
    pub(crate) lease_until: Option<Option<Moment>>,
}

impl Db {
    /// Returns a job of a scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn import_job(&self, scope: &Scope, id: &str) -> Result<Option<ImportJob>, DbError> {
        let query = import_job::Entity::find_by_id(id).filter(visible(scope));
        Ok(query.one(self.read()).await?.map(stored))
    }

    /// Returns the jobs of a scope that are not done, newest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn open_jobs(&self, scope: &Scope) -> Result<Vec<ImportJob>, DbError> {
        let ended = [JobState::Done.word(), JobState::Discarded.word()];
        let query = import_job::Entity::find().filter(visible(scope));
        let query = query.filter(import_job::Column::State.is_not_in(ended)).order_by_desc(import_job::Column::Id);
        Ok(query.limit(MOST_JOBS).all(self.read()).await?.into_iter().map(stored).collect())
    }

    /// Returns the jobs whose work lost its lease: its process died.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn orphaned_jobs(&self, now: Moment) -> Result<Vec<ImportJob>, DbError> {
        let query = import_job::Entity::find().filter(import_job::Column::LeaseUntil.lt(now.0));
        Ok(query.limit(MOST_JOBS).all(self.read()).await?.into_iter().map(stored).collect())
    }

    /// Returns bytes of a job; none once they are deleted.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn job_bytes(&self, id: &str, part: JobPart) -> Result<Option<Vec<u8>>, DbError> {
        let row = import_job_file::Entity::find_by_id((id.to_owned(), part.word().to_owned()));
        Ok(row.one(self.read_whole()).await?.and_then(|row| row.bytes))
    }

    /// Returns the names that a park's files use for the columns of a kind, with what each means; blank: left out.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn import_names(&self, park: Option<&str>, kind: SheetKind) -> Result<Vec<(String, String)>, DbError> {
        let of_park = import_name::Column::ParkCode.eq(park.unwrap_or_default());
        let query = import_name::Entity::find().filter(of_park).filter(import_name::Column::Kind.eq(kind.word()));
        Ok(query.all(self.read()).await?.into_iter().map(|row| (row.name, row.means)).collect())
    }
}

fn visible(scope: &Scope) -> Condition {
    match scope.parks() {
        None => Condition::all(),
        Some(parks) => Condition::all().add(import_job::Column::ParkCode.is_in(parks)),
    }
}

/// Stores a new job with its file.
pub(crate) async fn add(tx: &DatabaseTransaction, job: &ImportJob, bytes: Vec<u8>) -> Result<(), DbErr> {
    let row = import_job::ActiveModel {
        id: Set(job.id.clone()),
        park_code: Set(job.park.clone()),
        actor: Set(job.actor.clone()),
        kind: Set(job.kind.word().to_owned()),
        file: Set(job.file.clone()),
        digest: Set(job.digest.clone()),
        state: Set(job.state.word().to_owned()),
        step: Set(job.step),
        total: Set(job.total),
        options: Set(job.options.clone()),
        report: Set(job.report.clone()),
        import_id: Set(job.import.clone()),
        created_at: Set(job.created_at.0),
        changed_at: Set(job.changed_at.0),
        lease_until: Set(job.lease_until.map(|at| at.0)),
    };
    import_job::Entity::insert(row).exec_without_returning(tx).await?;
    put_bytes(tx, &job.id, JobPart::Upload, bytes).await
}

/// Stores bytes of a job.
pub(crate) async fn put_bytes(tx: &DatabaseTransaction, id: &str, part: JobPart, bytes: Vec<u8>) -> Result<(), DbErr> {
    use import_job_file::Column as C;
    let row = import_job_file::ActiveModel {
        job_id: Set(id.to_owned()),
        part: Set(part.word().to_owned()),
        bytes: Set(Some(bytes)),
    };
    let replace = OnConflict::columns([C::JobId, C::Part]).update_column(C::Bytes).to_owned();
    import_job_file::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes bytes of a job.
pub(crate) async fn drop_bytes(tx: &DatabaseTransaction, id: &str, part: JobPart) -> Result<(), DbErr> {
    import_job_file::Entity::delete_by_id((id.to_owned(), part.word().to_owned())).exec(tx).await?;
    Ok(())
}

/// Changes a job that is still in one of `from`; returns whether it was.
pub(crate) async fn change(
    tx: &DatabaseTransaction,
    id: &str,
    from: &[JobState],
    change: JobChange,
    now: Moment,
) -> Result<bool, DbErr> {
    use import_job::Column as C;
    let mut update = import_job::Entity::update_many().col_expr(C::ChangedAt, Expr::value(now.0));
    for (column, text) in [
        (C::State, change.state.map(|state| state.word().to_owned())),
        (C::Options, change.options),
        (C::Report, change.report),
        (C::ImportId, change.import),
    ] {
        if let Some(text) = text {
            update = update.col_expr(column, Expr::value(text));
        }
    }
    for (column, number) in [(C::Step, change.step), (C::Total, change.total)] {
        if let Some(number) = number {
            update = update.col_expr(column, Expr::value(number));
        }
    }
    if let Some(lease) = change.lease_until {
        update = update.col_expr(C::LeaseUntil, Expr::value(lease.map(|at| at.0)));
    }
    let states = from.iter().map(|state| state.word());
    let done = update.filter(C::Id.eq(id)).filter(C::State.is_in(states)).exec(tx).await?;
    Ok(done.rows_affected > 0)
}

/// Remembers what the names of a park's files mean.
pub(crate) async fn remember(
    tx: &DatabaseTransaction,
    park: Option<&str>,
    kind: SheetKind,
    names: &[(String, String)],
) -> Result<(), DbErr> {
    use import_name::Column as C;
    let row = |(name, means): &(String, String)| import_name::ActiveModel {
        park_code: Set(park.unwrap_or_default().to_owned()),
        kind: Set(kind.word().to_owned()),
        name: Set(name.clone()),
        means: Set(means.clone()),
    };
    if names.is_empty() {
        return Ok(());
    }
    let replace = OnConflict::columns([C::ParkCode, C::Kind, C::Name]).update_column(C::Means).to_owned();
    import_name::Entity::insert_many(names.iter().map(row)).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes the bytes of jobs uploaded before `day_ago`, discards those that still waited for a choice, and deletes jobs
/// created before `month_ago`; returns the number of deleted files.
pub(crate) async fn sweep(
    tx: &DatabaseTransaction,
    day_ago: Moment,
    month_ago: Moment,
    now: Moment,
) -> Result<u64, DbErr> {
    use import_job::Column as C;
    let old = import_job::Entity::find().filter(C::CreatedAt.lt(day_ago.0)).filter(C::LeaseUntil.is_null());
    let ids: Vec<String> = old.select_only().column(C::Id).into_tuple().all(tx).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let files = import_job_file::Entity::delete_many().filter(import_job_file::Column::JobId.is_in(&ids));
    let deleted = files.exec(tx).await?.rows_affected;
    let waiting = [JobState::Choosing, JobState::Ready].map(JobState::word);
    import_job::Entity::update_many()
        .col_expr(C::State, Expr::value(JobState::Discarded.word()))
        .col_expr(C::ChangedAt, Expr::value(now.0))
        .filter(C::Id.is_in(&ids))
        .filter(C::State.is_in(waiting))
        .exec(tx)
        .await?;
    let past = import_job::Entity::delete_many().filter(C::CreatedAt.lt(month_ago.0)).filter(C::Id.is_in(&ids));
    past.exec(tx).await?;
    Ok(deleted)
}
