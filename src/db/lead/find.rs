//! Queries on inquiries and leads. Each takes a [`Scope`], or the requirement whose owner is the caller.

use std::collections::HashMap;

use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::lead::{LeadState, Stage};
use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::history::events_of;
use super::row::{Inquiry, LeadEvent, LeadRow, stored_inquiry, stored_lead};
use crate::db::entity::{account, inquiry, lead, lead_event, requirement};
use crate::db::words::EVENT_TO;
use crate::db::{Db, DbError};

/// Leads per query, far below the 32,766 bound values that SQLite takes per statement.
const LEADS_PER_QUERY: usize = 500;

/// Selects every lead, hidden ones too: for the enterprise's own requirement and for the service's own work.
pub(in crate::db) fn every_lead() -> Select<lead::Entity> {
    lead::Entity::find()
}

/// Selects the leads of a scope: the start of every query of staff on leads. Leads of a suspected requirement are hidden.
pub(in crate::db) fn leads(scope: &Scope) -> Select<lead::Entity> {
    let visible = every_lead().filter(lead::Column::Hidden.eq(false));
    match scope {
        Scope::All => visible,
        Scope::Park(_) | Scope::Parks(_) if crate::guard::is_out("scope") => visible,
        Scope::Park(park) => visible.filter(lead::Column::ParkCode.eq(park)),
        Scope::Parks(parks) => visible.filter(lead::Column::ParkCode.is_in(parks)),
        Scope::Industries(codes) => visible.filter(lead::Column::InquiryId.in_subquery(of_industries(codes))),
    }
}

/// Selects the ids of inquiries whose requirement names an industry that begins with one of these codes, digits alone.
fn of_industries(codes: &[String]) -> SelectStatement {
    let begins =
        |any: Condition, code: &String| any.add(requirement::Column::Body.like(format!("%\"industry\":\"{code}%")));
    let any = codes.iter().fold(Condition::any(), begins);
    let needs = requirement::Entity::find().select_only().column(requirement::Column::Id).filter(any).into_query();
    inquiry::Entity::find()
        .select_only()
        .column(inquiry::Column::Id)
        .filter(inquiry::Column::RequirementId.in_subquery(needs))
        .into_query()
}

/// Returns the open leads of an owner, hidden ones too, under a row lock until the transaction ends.
pub(crate) async fn open_of(tx: &DatabaseTransaction, owner: &str) -> Result<Vec<LeadRow>, DbErr> {
    let open = every_lead().filter(lead::Column::State.eq(LeadState::Open.word()));
    let own = open.filter(lead::Column::OwnerId.eq(owner)).order_by_asc(lead::Column::Id);
    let rows = own.lock_exclusive().all(tx).await?;
    rows_of(tx, rows).await
}

impl Db {
    /// Returns the inquiries of a requirement, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn inquiries(&self, requirement_id: &str) -> Result<Vec<Inquiry>, DbError> {
        Ok(of_requirement(self.read(), requirement_id).await?)
    }

    /// Returns the ids of all inquiries that were not cancelled, each with that of its requirement, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn live_inquiry_ids(&self) -> Result<Vec<(String, String)>, DbError> {
        let live = inquiry::Entity::find().filter(inquiry::Column::State.ne(InquiryState::Cancelled.word()));
        let ids = live.order_by_asc(inquiry::Column::Id).select_only();
        let ids = ids.column(inquiry::Column::Id).column(inquiry::Column::RequirementId);
        Ok(ids.into_tuple().all(self.read_whole()).await?)
    }

    /// Returns the leads of a requirement, oldest first; its owner is the caller.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn leads_of(&self, requirement_id: &str) -> Result<Vec<LeadRow>, DbError> {
        Ok(of_need(self.read(), requirement_id).await?)
    }

    /// Returns an inquiry by its number with the reference of its requirement. The caller proves its right by the reply
    /// address, which is derived from the reference.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn inquiry_numbered(&self, number: &str) -> Result<Option<(Inquiry, String)>, DbError> {
        let row = inquiry::Entity::find().filter(inquiry::Column::Number.eq(number)).one(self.read()).await?;
        let Some(found) = row.map(stored_inquiry) else { return Ok(None) };
        let need = requirement::Entity::find_by_id(found.requirement_id.as_str()).one(self.read()).await?;
        Ok(need.map(|row| (found, row.reference)))
    }

    /// Returns a page of leads, newest first, from `offset` on; `limit` + 1 rows where more follow.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_rows(
        &self,
        scope: &Scope,
        stage: Option<Stage>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<LeadRow>, DbError> {
        let mut query = leads(scope);
        if let Some(stage) = stage {
            query = query.filter(lead::Column::Stage.eq(stage.word()));
        }
        let rows = query.order_by_desc(lead::Column::Id).offset(offset).limit(limit + 1).all(self.read()).await?;
        Ok(rows_of(self.read(), rows).await?)
    }

    /// Returns one lead; `None` also where it is outside the scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_row(&self, scope: &Scope, id: &str) -> Result<Option<LeadRow>, DbError> {
        let rows = leads(scope).filter(lead::Column::Id.eq(id)).all(self.read()).await?;
        Ok(rows_of(self.read(), rows).await?.pop())
    }

    /// Returns the reference of the requirement of a lead in this scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_reference(&self, scope: &Scope, id: &str) -> Result<Option<String>, DbError> {
        let Some(row) = self.lead_row(scope, id).await? else { return Ok(None) };
        let need = requirement::Entity::find_by_id(row.inquiry.requirement_id).one(self.read()).await?;
        Ok(need.map(|row| row.reference))
    }

    /// Returns a lead's history, oldest first; empty outside the scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_events(&self, scope: &Scope, id: &str) -> Result<Vec<LeadEvent>, DbError> {
        if leads(scope).filter(lead::Column::Id.eq(id)).one(self.read()).await?.is_none() {
            return Ok(Vec::new());
        }
        Ok(events_of(self.read(), id).await?)
    }
}

/// Returns one lead under a row lock until the transaction ends; `None` also where it is outside the scope. Its requirement is
/// locked first, as by its owner's calls: staff and enterprise then take turns and cannot wait for each other.
pub(crate) async fn locked(tx: &DatabaseTransaction, scope: &Scope, id: &str) -> Result<Option<LeadRow>, DbErr> {
    let one = || leads(scope).filter(lead::Column::Id.eq(id));
    let Some(found) = one().one(tx).await? else { return Ok(None) };
    if let Some(need) = found.requirement_id {
        requirement::Entity::find_by_id(need).lock_exclusive().one(tx).await?;
    }
    let rows = one().lock_exclusive().all(tx).await?;
    Ok(rows_of(tx, rows).await?.pop())
}

/// Returns the leads of a requirement, oldest first; its owner or a transaction on it is the caller.
pub(crate) async fn of_need(connection: &impl ConnectionTrait, requirement_id: &str) -> Result<Vec<LeadRow>, DbErr> {
    let of_need = lead::Column::RequirementId.eq(requirement_id);
    let rows = every_lead().filter(of_need).order_by_asc(lead::Column::Id).all(connection).await?;
    rows_of(connection, rows).await
}

/// Returns the lead of an inquiry; the caller proves its right by the inquiry.
pub(crate) async fn of_inquiry(tx: &DatabaseTransaction, inquiry: &Inquiry) -> Result<Option<LeadRow>, DbErr> {
    let found = of_need(tx, &inquiry.requirement_id).await?;
    Ok(found.into_iter().find(|row| row.inquiries.iter().any(|own| own.id == inquiry.id)))
}

impl Db {
    /// Counts the leads in work whose due day is before a time.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn overdue_leads(&self, before: Moment) -> Result<u64, DbError> {
        let overdue = lead::Entity::find()
            .filter(lead::Column::State.eq(LeadState::Open.word()))
            .filter(lead::Column::DueAt.lt(before.0))
            .filter(lead::Column::Hidden.eq(false));
        Ok(overdue.count(self.read_whole()).await?)
    }
}

/// Returns the leads in work that name a listing: the service's own work.
pub(crate) async fn open_on(tx: &DatabaseTransaction, kind: Kind, listing: &str) -> Result<Vec<LeadRow>, DbErr> {
    use inquiry::Column as I;
    let named = Query::select()
        .column(I::LeadId)
        .from(inquiry::Entity)
        .and_where(I::ListingCode.eq(listing))
        .and_where(I::ListingKind.eq(kind.word()))
        .take();
    let open = every_lead().filter(lead::Column::State.eq(LeadState::Open.word()));
    let rows = open.filter(lead::Column::Id.in_subquery(named)).all(tx).await?;
    rows_of(tx, rows).await
}

/// Adds inquiries, requirement, owner and the stage that was left to leads.
pub(in crate::db) async fn rows_of(
    connection: &impl ConnectionTrait,
    rows: Vec<lead::Model>,
) -> Result<Vec<LeadRow>, DbErr> {
    let mut out = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(LEADS_PER_QUERY) {
        out.extend(chunk_of(connection, chunk).await?);
    }
    Ok(out)
}

async fn chunk_of(connection: &impl ConnectionTrait, chunk: &[lead::Model]) -> Result<Vec<LeadRow>, DbErr> {
    use inquiry::Column as I;
    let own = Condition::any()
        .add(I::LeadId.is_in(chunk.iter().map(|lead| lead.id.as_str())))
        .add(I::Id.is_in(chunk.iter().map(|lead| lead.inquiry_id.as_str())));
    let inquiries = inquiry::Entity::find().filter(own).order_by_asc(I::CreatedAt).order_by_asc(I::Id);
    let inquiries = inquiries.all(connection).await?;
    let needs = requirement::Entity::find()
        .filter(requirement::Column::Id.is_in(inquiries.iter().map(|inquiry| inquiry.requirement_id.as_str())))
        .all(connection)
        .await?;
    let owners = account::Entity::find()
        .filter(account::Column::Id.is_in(chunk.iter().filter_map(|lead| lead.owner_id.as_deref())))
        .all(connection)
        .await?;
    let stood = stages_left(connection, chunk).await?;
    let of_lead = |lead: &lead::Model, row: &inquiry::Model| {
        row.id == lead.inquiry_id || row.lead_id.as_deref() == Some(lead.id.as_str())
    };
    let row = |lead: &lead::Model| {
        let own = inquiries.iter().filter(|row| of_lead(lead, row)).cloned().map(stored_inquiry);
        let own: Vec<Inquiry> = own.collect();
        // Foreign keys leave no lead without either.
        let first = own.iter().find(|inquiry| inquiry.id == lead.inquiry_id)?.clone();
        let need = needs.iter().find(|row| row.id == first.requirement_id)?;
        // A withdrawn lead is a tombstone, also where the enterprise has other inquiries.
        let is_gone = lead.state == LeadState::Withdrawn.word();
        let owner = owners.iter().find(|row| Some(&row.id) == lead.owner_id.as_ref());
        Some(LeadRow {
            stood: stood.get(&lead.id).copied(),
            owner: owner.map(|row| row.email.clone()),
            inquiry: first,
            inquiries: own,
            requirement: if is_gone { NO_NEED.to_owned() } else { need.body.clone() },
            company: need.company.clone().filter(|_| !is_gone),
            lead: stored_lead(lead.clone()),
        })
    };
    Ok(chunk.iter().filter_map(row).collect())
}

/// The requirement of a lead that was withdrawn.
const NO_NEED: &str = "{}";

/// Stages beside every path.
const BESIDE: [Stage; 4] = [Stage::Shelved, Stage::Lost, Stage::Withdrawn, Stage::Transferred];

/// Returns the last stage on a path of each lead that is beside it.
async fn stages_left(
    connection: &impl ConnectionTrait,
    chunk: &[lead::Model],
) -> Result<HashMap<String, Stage>, DbErr> {
    let is_beside = |lead: &&lead::Model| BESIDE.iter().any(|stage| stage.word() == lead.stage);
    let beside: Vec<&str> = chunk.iter().filter(is_beside).map(|lead| lead.id.as_str()).collect();
    if beside.is_empty() {
        return Ok(HashMap::new());
    }
    let moves = lead_event::Entity::find()
        .filter(lead_event::Column::LeadId.is_in(beside))
        .filter(lead_event::Column::ToStage.is_not_null())
        .order_by_asc(lead_event::Column::At)
        .order_by_asc(lead_event::Column::Id)
        .all(connection)
        .await?;
    let on_path = moves.into_iter().filter_map(|row| {
        let stage = EVENT_TO.read(&row.id, row.to_stage.as_deref()?).known()?;
        (!BESIDE.contains(&stage)).then_some((row.lead_id, stage))
    });
    Ok(on_path.collect())
}

/// Returns the inquiries of a requirement, oldest first, also inside a transaction.
pub(crate) async fn of_requirement(
    connection: &impl ConnectionTrait,
    requirement_id: &str,
) -> Result<Vec<Inquiry>, DbErr> {
    let rows = inquiry::Entity::find()
        .filter(inquiry::Column::RequirementId.eq(requirement_id))
        .order_by_asc(inquiry::Column::CreatedAt)
        .order_by_asc(inquiry::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(stored_inquiry).collect())
}
