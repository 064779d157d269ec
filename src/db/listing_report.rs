//! Reports that a listing or policy is wrong, and wishes that a policy is taken down: made by readers, answered by staff.

use chrono::NaiveDate;
use domain::account::Scope;
use domain::stored::Stored;
use domain::time::{Moment, parse_day};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, UpdateMany,
};

use super::entity::listing_report::{ActiveModel, Column as C, Entity as Report, Model};
use super::words::{Changed, REPORT_KIND, REPORT_REASON, REPORT_STATE, ReportReason, ReportState};
use super::{Db, DbError};

/// Reports that the page shows.
const MOST_SHOWN: u64 = 200;

/// A report as stored.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// Row id.
    pub id: String,
    /// The ticket's number.
    pub number: String,
    /// The kind of listing, or the policies.
    pub kind: Stored<Changed>,
    /// Its id.
    pub listing: String,
    /// Its name when it was reported.
    pub listing_name: String,
    /// Code of the park that answers; `None` for the operator.
    pub park: Option<String>,
    /// The reason.
    pub reason: Stored<ReportReason>,
    /// The reader's own words.
    pub words: String,
    /// The reader's address, until it was used or erased.
    pub email: Option<String>,
    /// Version of the notice under which the address was given.
    pub notice_version: Option<String>,
    /// The reader's language.
    pub locale: String,
    /// Its state.
    pub state: Stored<ReportState>,
    /// The last day for the answer.
    pub due_on: NaiveDate,
    /// The answer in words.
    pub answer: String,
    /// When it was answered.
    pub answered_at: Option<Moment>,
    /// Message-ID of the mail that the answer caused.
    pub message_id: Option<String>,
    /// When it was made.
    pub created_at: Moment,
}

fn stored(row: Model) -> ReportRow {
    let made = Moment(row.created_at);
    ReportRow {
        kind: REPORT_KIND.read(&row.id, &row.listing_kind),
        reason: REPORT_REASON.read(&row.id, &row.reason),
        state: REPORT_STATE.read(&row.id, &row.state),
        id: row.id,
        number: row.number,
        listing: row.listing_code,
        listing_name: row.listing_name,
        park: row.park_code,
        words: row.words,
        email: row.email,
        notice_version: row.notice_version,
        locale: row.locale,
        due_on: parse_day(&row.due_on).unwrap_or_else(|| made.day()),
        answer: row.answer,
        answered_at: row.answered_at.map(Moment),
        message_id: row.message_id,
        created_at: made,
    }
}

impl Db {
    /// Returns a report by its ticket's number.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn report(&self, number: &str) -> Result<Option<ReportRow>, DbError> {
        Ok(Report::find().filter(C::Number.eq(number)).one(self.read()).await?.map(stored))
    }

    /// Returns a report of a scope by its row id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn report_by_id(&self, scope: &Scope, id: &str) -> Result<Option<ReportRow>, DbError> {
        Ok(of_scope(scope).filter(C::Id.eq(id)).one(self.read()).await?.map(stored))
    }

    /// Returns the reports of a scope: the open ones, soonest due first, or the answered ones, latest first; at most
    /// [`MOST_SHOWN`].
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn reports(&self, scope: &Scope, open: bool) -> Result<Vec<ReportRow>, DbError> {
        let query = of_scope(scope).limit(MOST_SHOWN);
        let query = if open {
            query.filter(C::State.eq(ReportState::Open.word())).order_by_asc(C::DueOn).order_by_asc(C::Id)
        } else {
            query.filter(C::State.ne(ReportState::Open.word())).order_by_desc(C::AnsweredAt)
        };
        Ok(query.all(self.read()).await?.into_iter().map(stored).collect())
    }
}

fn of_scope(scope: &Scope) -> sea_orm::Select<Report> {
    match scope {
        Scope::All => Report::find(),
        Scope::Park(park) => Report::find().filter(C::ParkCode.eq(park)),
        Scope::Parks(parks) => Report::find().filter(C::ParkCode.is_in(parks)),
        // An observer of a chain sees leads alone.
        Scope::Industries(_) => Report::find().filter(C::ParkCode.is_in(Vec::<String>::new())),
    }
}

/// Stores a report; `false` where its row id exists: a form that was posted twice.
pub(crate) async fn insert(tx: &DatabaseTransaction, new: &ReportRow) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(new.id.clone()),
        number: Set(new.number.clone()),
        listing_kind: Set(new.kind.word().to_owned()),
        listing_code: Set(new.listing.clone()),
        listing_name: Set(new.listing_name.clone()),
        park_code: Set(new.park.clone()),
        reason: Set(new.reason.word().to_owned()),
        words: Set(new.words.clone()),
        email: Set(new.email.clone()),
        notice_version: Set(new.notice_version.clone()),
        locale: Set(new.locale.clone()),
        state: Set(new.state.word().to_owned()),
        due_on: Set(new.due_on.to_string()),
        answer: Set(new.answer.clone()),
        answered_at: Set(None),
        answered_by: Set(None),
        message_id: Set(None),
        created_at: Set(new.created_at.0),
    };
    let once = OnConflict::column(C::Id).do_nothing().to_owned();
    Ok(Report::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1)
}

/// Returns the number of a report by its row id.
pub(crate) async fn number(tx: &DatabaseTransaction, id: &str) -> Result<Option<String>, DbErr> {
    Ok(Report::find_by_id(id).one(tx).await?.map(|row| row.number))
}

/// An answer to a report.
#[derive(Clone, Debug)]
pub(crate) struct NewAnswer {
    pub(crate) id: String,
    pub(crate) state: ReportState,
    pub(crate) words: String,
    pub(crate) account_id: String,
    /// Message-ID of the mail to the reader.
    pub(crate) message_id: Option<String>,
}

/// Answers an open report and erases the reader's address, which its mail has used; `false` where it was answered before.
pub(crate) async fn answer(tx: &DatabaseTransaction, new: &NewAnswer, now: Moment) -> Result<bool, DbErr> {
    let done = change(&new.id)
        .col_expr(C::State, Expr::value(new.state.word()))
        .col_expr(C::Answer, Expr::value(new.words.clone()))
        .col_expr(C::AnsweredAt, Expr::value(now.0))
        .col_expr(C::AnsweredBy, Expr::value(new.account_id.clone()))
        .col_expr(C::MessageId, Expr::value(new.message_id.clone()))
        .col_expr(C::Email, Expr::value(None::<String>))
        .filter(C::State.eq(ReportState::Open.word()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Erases the reader's address.
pub(crate) async fn forget(tx: &DatabaseTransaction, id: &str) -> Result<(), DbErr> {
    change(id).col_expr(C::Email, Expr::value(None::<String>)).exec(tx).await?;
    Ok(())
}

fn change(id: &str) -> UpdateMany<Report> {
    Report::update_many().filter(C::Id.eq(id))
}
