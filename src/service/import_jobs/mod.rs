//! Files imported in the browser: stored jobs that read and check a file in the background, wait for a person's choices, and
//! store what was seen in the preview.

mod findings;
mod work;

use domain::account::Scope;
use domain::kind::Kind;
use domain::lead_sheet::SheetKind;
use domain::stored::Stored;
use domain::word::Word as _;

use super::accounts::Actor;
use super::context::{App, Context};
use super::imports;
use super::lead_sheets;
use super::listings::may_keep;
use crate::db;
use crate::db::import::Import;
use crate::db::import_job::{ImportJob, JobChange};
use crate::db::words::{ImportState, JobPart, JobState};
use crate::error::{Code, Error, Result};
use crate::ids;

pub use findings::{
    ALL_SHEETS, JobCell, JobColumn, JobCounts, JobHeader, JobNote, JobOptions, JobReport, reason_column,
};
use work::{LEASE_SECONDS, STEP_READ, drop_upload, leased, update, work};

/// A file from a form.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// The kind of file.
    pub kind: SheetKind,
    /// The park that an admin chose; blank for all. People of a park import for theirs.
    pub park: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Begins a job: stores the file and reads it in the background; returns the job's id, after a second at the latest.
///
/// # Errors
/// [`Error::Forbidden`] for observers, and for parks of people of a park; [`Error::NotFound`] for an unknown park;
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn begin(app: &App, actor: &Actor, upload: UploadedFile) -> Result<String> {
    may_import(actor, Some(upload.kind))?;
    let park = match (&actor.scope, upload.park.as_str()) {
        (Scope::Park(_) | Scope::Parks(_), _) if upload.kind == SheetKind::Listing(Kind::Park) => {
            return Err(Error::Forbidden);
        }
        (Scope::Park(park), _) => Some(park.clone()),
        (Scope::All, "") => None,
        (scope, park) if scope.covers(park) => Some(park.to_owned()),
        _ => return Err(Error::NotFound),
    };
    if let Some(park) = &park
        && app.inventory.record(Kind::Park, park).is_none()
    {
        return Err(Error::NotFound);
    }
    let now = app.clock.now();
    let job = ImportJob {
        id: ids::row_id(),
        park,
        actor: actor.id.clone(),
        kind: Stored::Known(upload.kind),
        file: upload.name,
        digest: ids::sha256_hex(&upload.bytes),
        state: Stored::Known(JobState::Reading),
        step: STEP_READ,
        total: 0,
        options: "{}".to_owned(),
        report: None,
        import: None,
        created_at: now,
        changed_at: now,
        lease_until: Some(now.plus_seconds(LEASE_SECONDS)),
    };
    let (id, bytes, row) = (job.id.clone(), upload.bytes, job);
    app.db
        .write::<_, Error, _>(move |tx| Box::pin(async move { Ok(db::import_job::add(tx, &row, bytes).await?) }))
        .await?;
    work(app, &id).await;
    Ok(id)
}

/// Returns a job of the actor's scope; one whose process died is marked first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn show(app: &Context, actor: &Actor, id: &str) -> Result<ImportJob> {
    let job = app.db.import_job(&actor.scope, id).await?.ok_or(Error::NotFound)?;
    // The rows of a file of leads are contact data.
    if job.kind == SheetKind::Leads {
        may_import(actor, Some(SheetKind::Leads))?;
    }
    if job.lease_until.is_none_or(|until| until >= app.clock.now()) {
        return Ok(job);
    }
    recover(app).await?;
    app.db.import_job(&actor.scope, id).await?.ok_or(Error::NotFound)
}

/// Returns the jobs of the actor's scope that are not done, and the imports, newest first.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn list(app: &Context, actor: &Actor) -> Result<(Vec<ImportJob>, Vec<Import>)> {
    recover(app).await?;
    let mut jobs = app.db.open_jobs(&actor.scope).await?;
    jobs.retain(|job| may_import(actor, job.kind.known()).is_ok() || job.kind != SheetKind::Leads);
    let is_own = |import: &Import| match &import.park {
        Some(park) => actor.scope.covers(park),
        None => actor.scope == Scope::All,
    };
    Ok((jobs, app.db.imports().await?.into_iter().filter(is_own).collect()))
}

/// Reads a waiting or interrupted file again with other choices.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where the job is not waiting; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn choose(app: &App, actor: &Actor, id: &str, options: &JobOptions) -> Result<()> {
    may_keep(actor)?;
    show(app, actor, id).await?;
    let change = JobChange {
        state: Some(JobState::Reading),
        step: Some(STEP_READ),
        options: Some(serde_json::to_string(options).unwrap_or_default()),
        ..leased(app)
    };
    let waiting = [JobState::Choosing, JobState::Ready, JobState::Interrupted];
    if !update(app, id, &waiting, change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    work(app, id).await;
    Ok(())
}

/// Stores what the preview showed: all of it, or with `only_good` the rows that are not rejected.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where the job has no preview, or rejected rows and
/// `only_good` is not set; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn apply(app: &App, actor: &Actor, id: &str, only_good: bool) -> Result<()> {
    may_keep(actor)?;
    let found = show(app, actor, id).await?.findings();
    if found.refused.is_some() || (found.counts.rejected > 0 && !only_good) {
        return Err(Error::Conflict(Code::Conflict));
    }
    let change = JobChange {
        state: Some(JobState::Applying),
        step: Some(STEP_READ),
        import: Some(ids::row_id()),
        ..leased(app)
    };
    if !update(app, id, &[JobState::Ready], change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    work(app, id).await;
    Ok(())
}

/// Gives a waiting file up: nothing was stored, and its bytes are deleted.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] where a process works on it; [`Error::Unavailable`],
/// [`Error::Full`] or [`Error::Internal`].
pub async fn discard(app: &Context, actor: &Actor, id: &str) -> Result<()> {
    may_keep(actor)?;
    show(app, actor, id).await?;
    let waiting = [JobState::Choosing, JobState::Ready, JobState::Interrupted, JobState::Failed];
    let change = JobChange { state: Some(JobState::Discarded), lease_until: Some(None), ..JobChange::default() };
    if !update(app, id, &waiting, change).await? {
        return Err(Error::Conflict(Code::Conflict));
    }
    drop_upload(app, id).await
}

/// Returns the workbook of the rejected rows, which is deleted after a day.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`] or [`Error::Internal`].
pub async fn rejected(app: &Context, actor: &Actor, id: &str) -> Result<Vec<u8>> {
    show(app, actor, id).await?;
    app.db.job_bytes(id, JobPart::Rejected).await?.ok_or(Error::NotFound)
}

/// Takes an import of the actor's scope back; a refusal is a report.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn undo(app: &Context, actor: &Actor, id: &str) -> Result<imports::UndoReport> {
    let import = app.db.import(id).await?.ok_or(Error::NotFound)?;
    may_import(actor, SheetKind::from_word(&import.kind))?;
    let is_own = import.park.as_deref().is_some_and(|park| actor.scope.covers(park));
    if !is_own && actor.scope != Scope::All {
        return Err(Error::NotFound);
    }
    lead_sheets::undo(app, id, &actor.id).await
}

/// Marks the jobs whose process died: stored where their import was committed, else interrupted with nothing stored.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`].
pub async fn recover(app: &Context) -> Result<()> {
    for job in app.db.orphaned_jobs(app.clock.now()).await? {
        let import = match &job.import {
            Some(import) if job.state == JobState::Applying => app.db.import(import).await?,
            _ => None,
        };
        let is_stored = import.as_ref().is_some_and(Import::is_done);
        // An import of many rows that was cut off is brought to its own end first, see `imports::recover`.
        if import.is_some_and(|import| import.is_unfinished() && import.state != ImportState::Interrupted.word()) {
            continue;
        }
        let state = if is_stored { JobState::Done } else { JobState::Interrupted };
        tracing::warn!(job = %job.id, state = state.word(), "a process that worked on a file died");
        let change = JobChange { state: Some(state), lease_until: Some(None), ..JobChange::default() };
        update(app, &job.id, &[JobState::Reading, JobState::Applying], change).await?;
        if is_stored {
            drop_upload(app, &job.id).await?;
        }
    }
    Ok(())
}

/// Whether an actor may import a kind of file: leads are for managers, since a file of them is a file of contact data.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn may_import(actor: &Actor, kind: Option<SheetKind>) -> Result<()> {
    may_keep(actor)?;
    let is_refused = kind == Some(SheetKind::Leads) && !actor.role.decides_leads();
    if is_refused { Err(Error::Forbidden) } else { Ok(()) }
}
