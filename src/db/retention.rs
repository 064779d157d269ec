//! Retention: the period of each table, and the deletion of rows that are due.

use domain::lead::LeadState;
use domain::time::Moment;
use domain::word::Word as _;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

use super::entity::{
    access, consent, digest, import, import_row, inbox_change, lead, lead_event, listing_edit, listing_report,
    promise_review, requirement, staff_task, still_valid,
};
use super::{Db, DbError, outbox};

/// When the rows of a table go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetentionPeriod {
    /// `retention.contact_months` after the last contact, or with the requirement or lead that they belong to.
    Contact,
    /// `retention.audit_months`.
    Audit,
    /// `retention.import_months`.
    Imports,
    /// `retention.history_months`.
    History,
    /// When they end: minutes to days, by the sweep.
    Ends,
    /// With the listing, account or rule that they belong to, for this reason.
    Stays(&'static str),
}

/// The period of each table.
pub const PERIODS: &[(&str, RetentionPeriod)] = &[
    ("absence", RetentionPeriod::Stays("no personal datum beyond the account")),
    ("access", RetentionPeriod::Audit),
    ("account", RetentionPeriod::Stays("history and audit name it; a disabled one signs in no more")),
    ("account_sphere", RetentionPeriod::Stays("scope of an account")),
    ("account_token", RetentionPeriod::Ends),
    ("alert", RetentionPeriod::Ends),
    ("alert_fit", RetentionPeriod::Ends),
    ("alert_mail", RetentionPeriod::Ends),
    ("api_key", RetentionPeriod::Stays("audit names it; only its hash is stored")),
    ("assignment_park", RetentionPeriod::Stays("setting of a park")),
    ("assignment_rule", RetentionPeriod::Stays("setting of a park")),
    ("audit", RetentionPeriod::Audit),
    ("audit_seal", RetentionPeriod::Stays("digests alone; the chain verifies by them")),
    ("clock", RetentionPeriod::Stays("position of a process")),
    ("consent", RetentionPeriod::Audit),
    ("desk_view", RetentionPeriod::Stays("setting of an account")),
    ("digest", RetentionPeriod::Contact),
    ("evidence", RetentionPeriod::Stays("state of a listing")),
    ("evidence_staged", RetentionPeriod::Ends),
    ("handover", RetentionPeriod::Contact),
    ("idempotency", RetentionPeriod::Ends),
    ("import", RetentionPeriod::Stays("counts and the file's name")),
    ("import_job", RetentionPeriod::Ends),
    ("import_job_file", RetentionPeriod::Ends),
    ("import_name", RetentionPeriod::Stays("setting of a park")),
    ("import_row", RetentionPeriod::Imports),
    ("import_staged", RetentionPeriod::Ends),
    ("inbox_change", RetentionPeriod::Contact),
    ("inbox_trouble", RetentionPeriod::Stays("until the inbox takes mail again")),
    ("inquiry", RetentionPeriod::Contact),
    ("job_lease", RetentionPeriod::Ends),
    ("kept_form", RetentionPeriod::Ends),
    ("known_browser", RetentionPeriod::Ends),
    ("lead", RetentionPeriod::Contact),
    ("lead_event", RetentionPeriod::Contact),
    ("listing", RetentionPeriod::Stays("inventory")),
    ("listing_change", RetentionPeriod::Stays("numbers alone; processes follow them")),
    ("listing_edit", RetentionPeriod::History),
    ("listing_report", RetentionPeriod::Contact),
    ("log_cursor", RetentionPeriod::Stays("position of a process")),
    ("mail_choice", RetentionPeriod::Stays("the wish for no mail holds for good")),
    ("mailbox_position", RetentionPeriod::Stays("position of a process")),
    ("outbox", RetentionPeriod::Contact),
    ("outbox_attempt", RetentionPeriod::Contact),
    ("passed_promise", RetentionPeriod::Stays("digests alone; a text that was let pass stays so")),
    ("picture", RetentionPeriod::Stays("part of a listing")),
    ("policy", RetentionPeriod::Stays("library")),
    ("policy_draft", RetentionPeriod::Stays("library")),
    ("policy_redirect", RetentionPeriod::Stays("library")),
    ("policy_version", RetentionPeriod::Stays("library")),
    ("promise_review", RetentionPeriod::Audit),
    ("quota", RetentionPeriod::Ends),
    ("recovery_code", RetentionPeriod::Stays("part of an account")),
    ("report", RetentionPeriod::Stays("figures as filed, no personal datum")),
    ("requirement", RetentionPeriod::Contact),
    ("session", RetentionPeriod::Ends),
    ("shared_list", RetentionPeriod::Ends),
    ("shared_setting", RetentionPeriod::Stays("digests of the configuration")),
    ("sheet_lead", RetentionPeriod::Stays("digests that keep a file from coming in twice")),
    ("soft_hold", RetentionPeriod::Stays("state of a listing; has an end of its own")),
    ("staff_task", RetentionPeriod::Contact),
    ("still_valid", RetentionPeriod::Contact),
    ("webhook", RetentionPeriod::Stays("setting of a park")),
    ("webhook_delivery", RetentionPeriod::Ends),
];

/// Times before which rows are due.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the keys of [retention]")]
pub struct Cutoffs {
    pub contact: Moment,
    pub audit: Moment,
    pub import: Moment,
    pub history: Moment,
}

/// Selects the requirements whose last contact is before a time: their making, a line on a lead, or a mail. One with a lead in
/// work is not due.
fn due_requirements(before: Moment) -> Select<requirement::Entity> {
    let leads = |condition: sea_orm::Condition| -> SelectStatement {
        Query::select()
            .column(lead::Column::RequirementId)
            .from(lead::Entity)
            .and_where(lead::Column::RequirementId.is_not_null())
            .cond_where(condition)
            .take()
    };
    let any = sea_orm::Condition::any;
    let in_work = any().add(lead::Column::State.eq(LeadState::Open.word()));
    let told: SelectStatement = Query::select()
        .column(lead_event::Column::LeadId)
        .from(lead_event::Entity)
        .and_where(lead_event::Column::At.gte(before.0))
        .take();
    let touched = any().add(lead::Column::UpdatedAt.gte(before.0)).add(lead::Column::Id.in_subquery(told));
    requirement::Entity::find()
        .filter(requirement::Column::ErasedAt.is_null())
        .filter(requirement::Column::CreatedAt.lt(before.0))
        .filter(requirement::Column::Id.not_in_subquery(leads(in_work)))
        .filter(requirement::Column::Id.not_in_subquery(leads(touched)))
        .filter(requirement::Column::Id.not_in_subquery(outbox::requirements_written_since(before)))
}

impl Db {
    /// Returns the references of at most `limit` requirements whose period has ended.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn requirements_past(&self, before: Moment, limit: u64) -> Result<Vec<String>, DbError> {
        let due = due_requirements(before).select_only().column(requirement::Column::Reference);
        Ok(due.order_by_asc(requirement::Column::Id).limit(limit).into_tuple().all(self.read_whole()).await?)
    }

    /// Counts the requirements whose period has ended.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn count_requirements_past(&self, before: Moment) -> Result<u64, DbError> {
        Ok(due_requirements(before).count(self.read_whole()).await?)
    }
}

/// Whether the requirement is still due, within the transaction that erases it.
pub(crate) async fn is_past(tx: &DatabaseTransaction, id: &str, before: Moment) -> Result<bool, DbErr> {
    Ok(due_requirements(before).filter(requirement::Column::Id.eq(id)).count(tx).await? == 1)
}

/// Deletes rows of other tables that are due. Returns their number.
pub(crate) async fn sweep(tx: &DatabaseTransaction, cutoffs: Cutoffs) -> Result<u64, DbErr> {
    let (contact, audit) = (cutoffs.contact.0, cutoffs.audit.0);
    let erased: SelectStatement = Query::select()
        .column(requirement::Column::Id)
        .from(requirement::Entity)
        .and_where(requirement::Column::ErasedAt.lt(audit))
        .take();
    let old_imports: SelectStatement = Query::select()
        .column(import::Column::Id)
        .from(import::Entity)
        .and_where(import::Column::At.lt(cutoffs.import.0))
        .take();
    let mut rows = 0;
    rows += outbox::delete_settled(tx, cutoffs.contact).await?;
    for deleted in [
        access::Entity::delete_many().filter(access::Column::At.lt(audit)).exec(tx).await?,
        consent::Entity::delete_many().filter(consent::Column::RequirementId.in_subquery(erased)).exec(tx).await?,
        promise_review::Entity::delete_many().filter(promise_review::Column::At.lt(audit)).exec(tx).await?,
        digest::Entity::delete_many().filter(digest::Column::At.lt(contact)).exec(tx).await?,
        inbox_change::Entity::delete_many().filter(inbox_change::Column::ExpiresAt.lt(contact)).exec(tx).await?,
        still_valid::Entity::delete_many().filter(still_valid::Column::ExpiresAt.lt(contact)).exec(tx).await?,
        staff_task::Entity::delete_many().filter(staff_task::Column::DoneAt.lt(contact)).exec(tx).await?,
        listing_edit::Entity::delete_many().filter(listing_edit::Column::At.lt(cutoffs.history.0)).exec(tx).await?,
        listing_report::Entity::delete_many().filter(listing_report::Column::AnsweredAt.lt(contact)).exec(tx).await?,
        import_row::Entity::delete_many()
            .filter(import_row::Column::ImportId.in_subquery(old_imports))
            .exec(tx)
            .await?,
    ] {
        rows += deleted.rows_affected;
    }
    Ok(rows)
}
