//! New leads and changes of leads.

use domain::inquiry::InquiryState;
use domain::lead::{ConsentBasis, EventKind, LastWord, LeadState, Source, Stage};
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
};

use super::history::NewEvent;
use super::row::{Inquiry, Lead};
use crate::db::delivery::{self, LeadEventTold, NewLeadTold};
use crate::db::entity::{inquiry, lead, lead_event};
use crate::db::rows::Rows;
use crate::db::words::WebhookEvent;

/// A lead to be stored with its first entry of history.
#[derive(Clone, Debug)]
pub(crate) struct NewLead {
    pub(crate) id: String,
    /// Its first inquiry; the lead takes number, park and time from it.
    pub(crate) inquiry: Inquiry,
    /// Code of the park that works it; empty for the operator.
    pub(crate) park: String,
    pub(crate) source: Source,
    pub(crate) basis: Option<ConsentBasis>,
    pub(crate) basis_note: Option<String>,
    pub(crate) referrer: Option<String>,
    pub(crate) owner_id: Option<String>,
    pub(crate) stage: Stage,
    pub(crate) due_at: Moment,
    pub(crate) is_hidden: bool,
}

impl NewLead {
    fn row(&self) -> lead::ActiveModel {
        lead::ActiveModel {
            id: Set(self.id.clone()),
            inquiry_id: Set(self.inquiry.id.clone()),
            park_code: Set(self.park.clone()),
            stage: Set(self.stage.word().to_owned()),
            owner_id: Set(self.owner_id.clone()),
            version: Set(1),
            created_at: Set(self.inquiry.created_at.0),
            updated_at: Set(self.inquiry.created_at.0),
            due_at: Set(self.due_at.0),
            answered_at: Set(None),
            hidden: Set(self.is_hidden),
            requirement_id: Set(Some(self.inquiry.requirement_id.clone())),
            number: Set(Some(self.inquiry.number.clone())),
            state: Set(LeadState::Open.word().to_owned()),
            source: Set(self.source.word().to_owned()),
            consent_basis: Set(self.basis.map(|basis| basis.word().to_owned())),
            consent_note: Set(self.basis_note.clone()),
            last_word: Set(None),
            last_word_at: Set(None),
            touched: Set(false),
            referrer: Set(self.referrer.clone()),
        }
    }
}

/// Builds the insert of inquiries, each with the id of its lead.
pub(crate) fn inquiry_rows<'a>(new: impl IntoIterator<Item = (&'a Inquiry, &'a str)>) -> InsertStatement {
    let row = |(new, lead): (&Inquiry, &str)| inquiry::ActiveModel {
        id: Set(new.id.clone()),
        number: Set(new.number.clone()),
        requirement_id: Set(new.requirement_id.clone()),
        listing_kind: Set(new.kind.word().to_owned()),
        listing_code: Set(new.listing.clone()),
        listing_name: Set(new.listing_name.clone()),
        park_code: Set(new.park.clone()),
        state: Set(new.state.word().to_owned()),
        created_at: Set(new.created_at.0),
        updated_at: Set(new.created_at.0),
        lead_id: Set(Some(lead.to_owned())),
    };
    inquiry::Entity::insert_many(new.into_iter().map(row)).into_query()
}

/// Adds the inserts of new leads, whose inquiries were added before, of the first entries of their history, and of the events
/// that webhooks are told; a hidden lead is told once it is shown.
pub(crate) fn add_leads(rows: &mut Rows, new: &[NewLead], by: Option<&str>) {
    add_untold(rows, new, by);
    for new in new.iter().filter(|new| !new.is_hidden) {
        rows.add(delivery::created(&NewLeadTold {
            lead_id: &new.id,
            number: &new.inquiry.number,
            park: &new.park,
            stage: new.stage,
            at: new.inquiry.created_at,
        }));
    }
}

/// [`add_leads`] without events: leads that an office brings in from its sheet were known before.
pub(crate) fn add_untold(rows: &mut Rows, new: &[NewLead], by: Option<&str>) {
    let first = |new: &NewLead| {
        let event = NewEvent::new(&new.id, EventKind::Received, new.inquiry.created_at);
        NewEvent { to: Some(new.stage), account_id: by, ..event }.row()
    };
    rows.add(lead::Entity::insert_many(new.iter().map(NewLead::row)).into_query());
    rows.add(lead_event::Entity::insert_many(new.iter().map(first)).into_query());
}

/// The columns of a lead to change; `None` keeps one unchanged.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeadChange {
    /// The move, which raises the version.
    pub(crate) stage: Option<Stage>,
    pub(crate) state: Option<LeadState>,
    pub(crate) owner_id: Option<Option<String>>,
    pub(crate) due_at: Option<Moment>,
    pub(crate) last_word: Option<LastWord>,
    /// Set where the lead has no answer yet.
    pub(crate) answered: bool,
    /// A member of staff did it.
    pub(crate) touched: bool,
}

/// Changes a lead that the transaction has locked, and writes the events that webhooks are told.
pub(crate) async fn change(
    tx: &DatabaseTransaction,
    lead: &Lead,
    change: &LeadChange,
    now: Moment,
) -> Result<(), DbErr> {
    use lead::Column as C;
    let mut update = lead::Entity::update_many().col_expr(C::UpdatedAt, Expr::value(now.0));
    if let Some(stage) = change.stage {
        update = update.col_expr(C::Stage, Expr::value(stage.word()));
    }
    if let Some(state) = change.state {
        update = update.col_expr(C::State, Expr::value(state.word()));
    }
    if change.stage.is_some() || change.state.is_some() {
        update = update.col_expr(C::Version, Expr::col(C::Version).add(1));
    }
    if let Some(owner) = &change.owner_id {
        update = update.col_expr(C::OwnerId, Expr::value(owner.clone()));
    }
    if let Some(due) = change.due_at {
        update = update.col_expr(C::DueAt, Expr::value(due.0));
    }
    if let Some(word) = change.last_word {
        update = update.col_expr(C::LastWord, Expr::value(word.word()));
        update = update.col_expr(C::LastWordAt, Expr::value(now.0));
    }
    if change.answered && lead.answered_at.is_none() {
        update = update.col_expr(C::AnsweredAt, Expr::value(now.0));
    }
    if change.touched {
        update = update.col_expr(C::Touched, Expr::value(true));
    }
    update.filter(C::Id.eq(&lead.id)).exec(tx).await?;
    let told = |event, from| LeadEventTold { event, lead_id: &lead.id, from, at: now };
    if change.stage.is_some_and(|stage| lead.stage != stage) {
        delivery::tell(tx, &told(WebhookEvent::LeadStageChanged, Some(lead.stage.word()))).await?;
    }
    if change.answered && lead.answered_at.is_none() {
        delivery::tell(tx, &told(WebhookEvent::InquiryAnswered, None)).await?;
    }
    Ok(())
}

/// Fills the columns of rows that a program of before [`LeadState`] inserted; returns the rows changed.
pub(crate) async fn fill(tx: &DatabaseTransaction) -> Result<u64, DbErr> {
    use inquiry::Column as I;
    use lead::Column as C;
    let of_inquiry = |column: I| {
        let same = Expr::col((inquiry::Entity, I::Id)).equals((lead::Entity, C::InquiryId));
        Query::select().column((inquiry::Entity, column)).from(inquiry::Entity).and_where(same).take()
    };
    let filled = lead::Entity::update_many()
        .col_expr(C::RequirementId, of_inquiry(I::RequirementId).into())
        .col_expr(C::Number, of_inquiry(I::Number).into())
        .filter(C::Number.is_null())
        .exec(tx)
        .await?;
    Ok(filled.rows_affected)
}

/// Sets the state of an inquiry.
pub(crate) async fn set_state(
    tx: &DatabaseTransaction,
    inquiry_id: &str,
    state: InquiryState,
    now: Moment,
) -> Result<(), DbErr> {
    inquiry::Entity::update_many()
        .col_expr(inquiry::Column::State, Expr::value(state.word()))
        .col_expr(inquiry::Column::UpdatedAt, Expr::value(now.0))
        .filter(inquiry::Column::Id.eq(inquiry_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Sets the state of an inquiry whose mail was settled, unless it was cancelled meanwhile.
pub(in crate::db) async fn settle_state(
    tx: &DatabaseTransaction,
    inquiry_id: &str,
    state: InquiryState,
    now: Moment,
) -> Result<(), DbErr> {
    change_state(tx, inquiry_id, [InquiryState::Queued, InquiryState::Failed], state, now).await
}

/// Sets the state of an inquiry whose mail came back after it was sent.
pub(in crate::db) async fn came_back(
    tx: &DatabaseTransaction,
    inquiry_id: &str,
    state: InquiryState,
    now: Moment,
) -> Result<(), DbErr> {
    change_state(tx, inquiry_id, [InquiryState::Queued, InquiryState::Sent], state, now).await
}

/// Changes the state of an inquiry that is in one of two states; any other stays.
async fn change_state(
    tx: &DatabaseTransaction,
    inquiry_id: &str,
    from: [InquiryState; 2],
    to: InquiryState,
    now: Moment,
) -> Result<(), DbErr> {
    inquiry::Entity::update_many()
        .col_expr(inquiry::Column::State, Expr::value(to.word()))
        .col_expr(inquiry::Column::UpdatedAt, Expr::value(now.0))
        .filter(inquiry::Column::Id.eq(inquiry_id))
        .filter(inquiry::Column::State.is_in(from.map(InquiryState::word)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Shows the leads of a cleared requirement; webhooks are told of them now.
pub(crate) async fn unhide(tx: &DatabaseTransaction, requirement_id: &str, now: Moment) -> Result<(), DbErr> {
    let hidden = lead::Entity::find()
        .select_only()
        .column(lead::Column::Id)
        .filter(lead::Column::RequirementId.eq(requirement_id))
        .filter(lead::Column::Hidden.eq(true));
    let hidden: Vec<String> = hidden.into_tuple().all(tx).await?;
    lead::Entity::update_many()
        .col_expr(lead::Column::Hidden, Expr::value(false))
        .filter(lead::Column::RequirementId.eq(requirement_id))
        .exec(tx)
        .await?;
    for id in &hidden {
        let told = LeadEventTold { event: WebhookEvent::LeadCreated, lead_id: id, from: None, at: now };
        delivery::tell(tx, &told).await?;
    }
    Ok(())
}

/// Locks leads by their ids, for work of the service on all of them.
pub(crate) async fn lock_all(tx: &DatabaseTransaction, ids: &[&str]) -> Result<Vec<lead::Model>, DbErr> {
    lead::Entity::find().filter(lead::Column::Id.is_in(ids.iter().copied())).lock_exclusive().all(tx).await
}
