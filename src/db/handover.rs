//! Hand-overs of leads to other parks. A hand-over is found by its lead, its requirement or its receiving park.

use domain::account::Scope;
use domain::lead::HandoverState;
use domain::requirement::Word as _;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::handover::{ActiveModel, Column as C, Entity, Model};
use super::words::HANDOVER_STATE;
use super::{Db, DbError};

/// A hand-over as stored.
#[derive(Clone, Debug)]
pub struct Handover {
    /// Row id.
    pub id: String,
    /// Id of the lead that is handed over.
    pub lead_id: String,
    /// Id of its requirement.
    pub requirement_id: String,
    /// Code of the park that gives it.
    pub from: String,
    /// Code of the park that may receive it.
    pub to: String,
    /// Kind and id of the listing that is offered; the receiving park itself where none is.
    pub listing: (String, String),
    /// The reason, without personal data.
    pub reason: String,
    /// Its state.
    pub state: Stored<HandoverState>,
    /// Id of the account that proposed it.
    pub proposed_by: String,
    /// Time of the proposal.
    pub created_at: Moment,
}

fn stored(row: Model) -> Handover {
    Handover {
        state: HANDOVER_STATE.read(&row.id, &row.state),
        id: row.id,
        lead_id: row.lead_id,
        requirement_id: row.requirement_id,
        from: row.from_park,
        to: row.to_park,
        listing: (row.listing_kind, row.listing_code),
        reason: row.reason,
        proposed_by: row.proposed_by,
        created_at: Moment(row.created_at),
    }
}

/// Inserts a proposal.
pub(crate) async fn add(tx: &DatabaseTransaction, new: &Handover) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(new.id.clone()),
        lead_id: Set(new.lead_id.clone()),
        requirement_id: Set(new.requirement_id.clone()),
        from_park: Set(new.from.clone()),
        to_park: Set(new.to.clone()),
        listing_kind: Set(new.listing.0.clone()),
        listing_code: Set(new.listing.1.clone()),
        reason: Set(new.reason.clone()),
        state: Set(new.state.word().to_owned()),
        proposed_by: Set(new.proposed_by.clone()),
        created_at: Set(new.created_at.0),
        consented_at: Set(None),
        answered_at: Set(None),
        new_lead_id: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Returns the hand-overs of a lead, oldest first.
pub(crate) async fn of_lead(connection: &impl ConnectionTrait, lead_id: &str) -> Result<Vec<Handover>, DbErr> {
    let rows = Entity::find().filter(C::LeadId.eq(lead_id)).order_by_asc(C::Id).all(connection).await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Returns the hand-overs of a requirement, oldest first.
pub(crate) async fn of_need(connection: &impl ConnectionTrait, requirement_id: &str) -> Result<Vec<Handover>, DbErr> {
    let rows = Entity::find().filter(C::RequirementId.eq(requirement_id)).order_by_asc(C::Id).all(connection).await?;
    Ok(rows.into_iter().map(stored).collect())
}

/// Sets state, its time, and the new lead of an accepted one.
pub(crate) async fn set_state(
    tx: &DatabaseTransaction,
    id: &str,
    state: HandoverState,
    new_lead: Option<&str>,
    now: Moment,
) -> Result<(), DbErr> {
    let is_of_enterprise = matches!(state, HandoverState::Consented | HandoverState::Refused);
    let at = if is_of_enterprise { C::ConsentedAt } else { C::AnsweredAt };
    Entity::update_many()
        .col_expr(C::State, Expr::value(state.word()))
        .col_expr(at, Expr::value(now.0))
        .col_expr(C::NewLeadId, Expr::value(new_lead.map(str::to_owned)))
        .filter(C::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes the words out of the hand-overs of a withdrawn requirement, and ends those that are open.
pub(crate) async fn forget(tx: &DatabaseTransaction, requirement_id: &str, now: Moment) -> Result<(), DbErr> {
    let of_need = || Entity::update_many().filter(C::RequirementId.eq(requirement_id));
    of_need().col_expr(C::Reason, Expr::value("")).exec(tx).await?;
    of_need()
        .col_expr(C::State, Expr::value(HandoverState::Refused.word()))
        .col_expr(C::ConsentedAt, Expr::value(now.0))
        .filter(C::State.is_in([HandoverState::Proposed.word(), HandoverState::Consented.word()]))
        .exec(tx)
        .await?;
    Ok(())
}

impl Db {
    /// Returns the hand-over of a lead that waits for the word of a park in this scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn offered(&self, scope: &Scope, lead_id: &str) -> Result<Option<Handover>, DbError> {
        let all = of_lead(self.read(), lead_id).await?;
        Ok(all.into_iter().find(|it| it.state == HandoverState::Consented && scope.covers(&it.to)))
    }

    /// Returns the hand-overs that wait for the word of a park in this scope, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn offers(&self, scope: &Scope, limit: u64) -> Result<Vec<Handover>, DbError> {
        let mut waiting = Entity::find().filter(C::State.eq(HandoverState::Consented.word()));
        match scope {
            Scope::All => {}
            // A watcher of an industry answers for no park.
            Scope::Industries(_) => return Ok(Vec::new()),
            Scope::Park(_) | Scope::Parks(_) => {
                waiting = waiting.filter(C::ToPark.is_in(scope.parks().unwrap_or_default()));
            }
        }
        let rows = waiting.order_by_asc(C::Id).limit(limit).all(self.read()).await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns the hand-overs of a requirement, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn handovers(&self, requirement_id: &str) -> Result<Vec<Handover>, DbError> {
        Ok(of_need(self.read(), requirement_id).await?)
    }
}
