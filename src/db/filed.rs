//! Reports: the rows behind each figure, and the figures of past periods as filed.

use domain::account::Scope;
use domain::lead::{EventKind, Stage};
use domain::requirement::Word as _;
use domain::time::{Moment, NEVER};
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
};

use super::entity::{lead, lead_event, report};
use super::lead::leads;
use super::words::EVENT_TO;
use super::{Db, DbError};

/// A time from its first moment up to and without its last.
#[derive(Clone, Copy, Debug)]
pub struct TimeSpan {
    /// First moment.
    pub from: Moment,
    /// First moment after it.
    pub to: Moment,
}

/// An event that a report counts.
#[derive(Clone, Debug)]
pub struct CountedEvent {
    /// Id of the lead.
    pub lead_id: String,
    /// The stage reached; `None` for a note.
    pub to: Option<Stage>,
    /// Facts of the event: amounts, kinds of notes.
    pub facts: Option<serde_json::Value>,
}

/// An amount paid in.
#[derive(Clone, Debug)]
pub struct FundsEntry {
    /// Id of the lead.
    pub lead_id: String,
    /// Amount, day, origin and proof.
    pub facts: serde_json::Value,
    /// Number or place of the proof.
    pub note: String,
}

/// The row of a lead that a report counts.
#[derive(Clone, Debug)]
pub struct ReportLead {
    /// Its id.
    pub id: String,
    /// End of its due day.
    pub due_at: Moment,
    /// Time of the first answer.
    pub answered_at: Option<Moment>,
    /// Time of registration.
    pub created_at: Moment,
}

fn of_park(scope: &Scope, park: &str) -> Select<lead::Entity> {
    leads(scope).filter(lead::Column::ParkCode.eq(park))
}

fn within(column: lead::Column, span: TimeSpan) -> Condition {
    Condition::all().add(column.gte(span.from.0)).add(column.lt(span.to.0))
}

fn report_lead(row: lead::Model) -> ReportLead {
    ReportLead {
        id: row.id,
        due_at: Moment(row.due_at),
        answered_at: row.answered_at.map(Moment),
        created_at: Moment(row.created_at),
    }
}

impl Db {
    /// Returns the codes of the parks that have leads in this scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_parks(&self, scope: &Scope) -> Result<Vec<String>, DbError> {
        let codes = leads(scope).select_only().column(lead::Column::ParkCode).distinct();
        Ok(codes.order_by_asc(lead::Column::ParkCode).into_tuple().all(self.read_whole()).await?)
    }

    /// Returns the leads of a park that came within a time.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_came(&self, scope: &Scope, park: &str, span: TimeSpan) -> Result<Vec<ReportLead>, DbError> {
        let rows = of_park(scope, park).filter(within(lead::Column::CreatedAt, span)).order_by_asc(lead::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(report_lead).collect())
    }

    /// Returns the leads of a park that were answered within a time.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_answered(&self, scope: &Scope, park: &str, span: TimeSpan) -> Result<Vec<ReportLead>, DbError> {
        let rows = of_park(scope, park).filter(within(lead::Column::AnsweredAt, span)).order_by_asc(lead::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(report_lead).collect())
    }

    /// Returns the leads of a park whose due day is before a moment: overdue then, and not moved since.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_overdue(&self, scope: &Scope, park: &str, at: Moment) -> Result<Vec<ReportLead>, DbError> {
        let rows = of_park(scope, park).filter(lead::Column::DueAt.lt(at.0)).order_by_asc(lead::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(report_lead).collect())
    }

    /// Returns the leads of a park in work whose due day is after a moment.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_put_off(&self, scope: &Scope, park: &str, after: Moment) -> Result<Vec<ReportLead>, DbError> {
        let later = lead::Column::DueAt.gt(after.0).and(lead::Column::DueAt.lt(NEVER.0));
        let rows = of_park(scope, park).filter(later).order_by_asc(lead::Column::Id);
        Ok(rows.all(self.read_whole()).await?.into_iter().map(report_lead).collect())
    }

    /// Returns the moves and notes on leads of a park within a time, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn events_within(&self, scope: &Scope, park: &str, span: TimeSpan) -> Result<Vec<CountedEvent>, DbError> {
        use lead_event::Column as E;
        let kinds = [EventKind::Stage.word(), EventKind::Note.word()];
        let within = E::Kind.is_in(kinds).and(E::At.gte(span.from.0)).and(E::At.lt(span.to.0));
        let own = of_park(scope, park).select_only().column(lead::Column::Id).into_query();
        let rows = lead_event::Entity::find().filter(within).filter(E::LeadId.in_subquery(own));
        let rows = rows.order_by_asc(E::At).order_by_asc(E::Id).all(self.read_whole()).await?;
        let counted = |row: lead_event::Model| CountedEvent {
            to: row.to_stage.as_deref().and_then(|word| EVENT_TO.read(&row.id, word).known()),
            facts: row.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            lead_id: row.lead_id,
        };
        Ok(rows.into_iter().map(counted).collect())
    }

    /// Returns the amounts paid in to leads of a park that were recorded from a moment on, oldest first: none is recorded
    /// before the day of its payment.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn funds_since(&self, scope: &Scope, park: &str, since: Moment) -> Result<Vec<FundsEntry>, DbError> {
        use lead_event::Column as E;
        let own = of_park(scope, park).select_only().column(lead::Column::Id).into_query();
        let rows = lead_event::Entity::find().filter(E::Kind.eq(EventKind::Funds.word())).filter(E::At.gte(since.0));
        let rows = rows.filter(E::LeadId.in_subquery(own)).order_by_asc(E::At).order_by_asc(E::Id);
        let entry = |row: lead_event::Model| FundsEntry {
            facts: row.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
            lead_id: row.lead_id,
            note: row.note,
        };
        Ok(rows.all(self.read_whole()).await?.into_iter().map(entry).collect())
    }

    /// Returns the figures of a park's period as filed, as JSON.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn filed(&self, kind: &str, period: &str, park: &str) -> Result<Option<String>, DbError> {
        let id = (kind.to_owned(), period.to_owned(), park.to_owned());
        Ok(report::Entity::find_by_id(id).one(self.read()).await?.map(|row| row.figures))
    }

    /// Files the figures of a park's period; those filed before stay.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn file(
        &self,
        kind: &'static str,
        period: &str,
        park: &str,
        figures: String,
        now: Moment,
    ) -> Result<(), DbError> {
        use report::Column as C;
        let row = report::ActiveModel {
            kind: Set(kind.to_owned()),
            period: Set(period.to_owned()),
            park_code: Set(park.to_owned()),
            figures: Set(figures),
            filed_at: Set(now.0),
        };
        self.write(move |tx| {
            Box::pin(async move {
                let once = OnConflict::columns([C::Kind, C::Period, C::ParkCode]).do_nothing().to_owned();
                report::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
