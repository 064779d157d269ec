//! Leads behind the figures of reports, the moves between their stages, filed figures that are public, and leads in pages for
//! an export.

use domain::account::Scope;
use domain::lead::{EventKind, Stage};
use domain::time::Moment;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{lead, lead_event, report, requirement};
use super::filed::TimeSpan;
use super::lead::{LeadRow, leads, rows_of};
use super::requirement::{RequirementRow, stored as stored_requirement};
use super::words::{EVENT_KIND, EVENT_TO};
use super::{Db, DbError};

/// Leads per query, far below the 32,766 bound values that SQLite takes per statement.
const CHUNK: usize = 500;

/// A stage that a lead reached.
#[derive(Clone, Debug)]
pub struct ReachedStage {
    /// Id of the lead.
    pub lead_id: String,
    /// The stage.
    pub to: Stage,
    /// Time of the move.
    pub at: Moment,
    /// Whether it is a move; otherwise the stage in which the lead came.
    pub is_move: bool,
}

impl Db {
    /// Returns leads by id, those of the scope alone, in the given order.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_by_id(&self, scope: &Scope, ids: &[String]) -> Result<Vec<LeadRow>, DbError> {
        let mut found = std::collections::HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let rows = leads(scope).filter(lead::Column::Id.is_in(chunk)).all(self.read_whole()).await?;
            found.extend(rows_of(self.read_whole(), rows).await?.into_iter().map(|row| (row.lead.id.clone(), row)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Returns the stages that the leads of a park reached which came within a time, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn stages_reached(
        &self,
        scope: &Scope,
        park: &str,
        came: TimeSpan,
    ) -> Result<Vec<ReachedStage>, DbError> {
        use lead_event::Column as E;
        let own = leads(scope)
            .filter(lead::Column::ParkCode.eq(park))
            .filter(lead::Column::CreatedAt.gte(came.from.0))
            .filter(lead::Column::CreatedAt.lt(came.to.0))
            .select_only()
            .column(lead::Column::Id)
            .into_query();
        let rows = lead_event::Entity::find().filter(E::LeadId.in_subquery(own)).filter(E::ToStage.is_not_null());
        let rows = rows.order_by_asc(E::At).order_by_asc(E::Id).all(self.read_whole()).await?;
        let reached = |row: lead_event::Model| {
            let to = EVENT_TO.read(&row.id, row.to_stage.as_deref()?).known()?;
            let is_move = EVENT_KIND.read(&row.id, &row.kind) == EventKind::Stage;
            Some(ReachedStage { lead_id: row.lead_id, to, at: Moment(row.at), is_move })
        };
        Ok(rows.into_iter().filter_map(reached).collect())
    }

    /// Returns the figures that a park filed in reports of one kind for periods from `since` on, with the time of filing,
    /// oldest period first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn filed_since(&self, kind: &str, park: &str, since: &str) -> Result<Vec<(String, Moment)>, DbError> {
        use report::Column as C;
        let rows = report::Entity::find().filter(C::Kind.eq(kind)).filter(C::ParkCode.eq(park));
        let rows = rows.filter(C::Period.gte(since)).order_by_asc(C::Period).all(self.read()).await?;
        Ok(rows.into_iter().map(|row| (row.figures, Moment(row.filed_at))).collect())
    }

    /// Returns the leads of a scope after an id, oldest first, at most `limit`: a page of an export.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_after(&self, scope: &Scope, after: &str, limit: u64) -> Result<Vec<LeadRow>, DbError> {
        let rows = leads(scope).filter(lead::Column::Id.gt(after)).order_by_asc(lead::Column::Id).limit(limit);
        let rows = rows.all(self.read_whole()).await?;
        Ok(rows_of(self.read_whole(), rows).await?)
    }

    /// Returns the newest requirements that came since a moment and were not erased, at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn needs_since(&self, since: Moment, limit: u64) -> Result<Vec<RequirementRow>, DbError> {
        use requirement::Column as C;
        let rows = requirement::Entity::find().filter(C::ErasedAt.is_null()).filter(C::CreatedAt.gte(since.0));
        let rows = rows.order_by_desc(C::Id).limit(limit).all(self.read_whole()).await?;
        Ok(rows.into_iter().map(stored_requirement).collect())
    }
}
