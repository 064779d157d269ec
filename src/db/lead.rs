//! Inquiries and leads. Every query takes a [`Scope`], or the requirement whose owner is the caller.

use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::lead::{EventKind, Stage};
use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::entity::{account, inquiry, lead, lead_event, requirement};
use super::rows::Rows;
use super::words::{EVENT_FROM, EVENT_KIND, EVENT_TO, INQUIRY_KIND, INQUIRY_STATE, LEAD_STAGE, WordColumn};
use super::{Db, DbError};
use crate::ids;

/// Ids per query, far below the 32,766 bound values that SQLite takes per statement.
const IDS_PER_QUERY: usize = 500;

/// An inquiry as stored.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// Row id.
    pub id: String,
    /// The number used in conversation, `LD20261129-4H3RP0ES`.
    pub number: String,
    /// Id of its requirement.
    pub requirement_id: String,
    /// The kind of its listing.
    pub kind: Stored<Kind>,
    /// The id of its listing.
    pub listing: String,
    /// The listing's name at the time of the inquiry.
    pub listing_name: String,
    /// Code of the park that answers.
    pub park: String,
    /// The delivery state of its mail.
    pub state: Stored<InquiryState>,
    /// Time of acceptance.
    pub created_at: Moment,
}

/// A lead as stored.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Row id.
    pub id: String,
    /// Id of its inquiry.
    pub inquiry_id: String,
    /// Code of the park that owns it.
    pub park: String,
    /// Its stage.
    pub stage: Stored<Stage>,
    /// Id of the account that moved it last.
    pub owner_id: Option<String>,
    /// Optimistic lock: rises by one with every change.
    pub version: i64,
    /// Time of registration.
    pub created_at: Moment,
    /// Time of the last change.
    pub updated_at: Moment,
    /// Due time of the next step.
    pub due_at: Moment,
    /// Time of the first answer to the enterprise.
    pub answered_at: Option<Moment>,
}

/// A lead with its inquiry and requirement, as a row of the inbox and the export.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// The lead.
    pub lead: Lead,
    /// Its inquiry.
    pub inquiry: Inquiry,
    /// The requirement's JSON, verbatim.
    pub requirement: String,
    /// Name of the enterprise; `None` once erased.
    pub company: Option<String>,
}

/// An entry of a lead's history.
#[derive(Clone, Debug)]
pub struct LeadEvent {
    /// Time of the event.
    pub at: Moment,
    /// Address of the account; `None` for the service itself.
    pub by: Option<String>,
    /// Its kind.
    pub kind: Stored<EventKind>,
    /// The stage before; `None` unless the stage changed.
    pub from: Option<Stored<Stage>>,
    /// The stage after.
    pub to: Option<Stored<Stage>>,
    /// The note, or the reason for the stage.
    pub note: String,
}

/// A change of stage.
#[derive(Clone, Debug)]
pub(crate) struct StageChange {
    pub(crate) lead_id: String,
    pub(crate) version: i64,
    pub(crate) from: Stage,
    pub(crate) to: Stage,
    pub(crate) account_id: String,
    pub(crate) note: String,
    pub(crate) due_at: Moment,
    pub(crate) answered: bool,
}

fn stored_inquiry(row: inquiry::Model) -> Inquiry {
    Inquiry {
        kind: INQUIRY_KIND.read(&row.id, &row.listing_kind),
        state: INQUIRY_STATE.read(&row.id, &row.state),
        id: row.id,
        number: row.number,
        requirement_id: row.requirement_id,
        listing: row.listing_code,
        listing_name: row.listing_name,
        park: row.park_code,
        created_at: Moment(row.created_at),
    }
}

fn stored_lead(row: lead::Model) -> Lead {
    Lead {
        stage: LEAD_STAGE.read(&row.id, &row.stage),
        id: row.id,
        inquiry_id: row.inquiry_id,
        park: row.park_code,
        owner_id: row.owner_id,
        version: row.version,
        created_at: Moment(row.created_at),
        updated_at: Moment(row.updated_at),
        due_at: Moment(row.due_at),
        answered_at: row.answered_at.map(Moment),
    }
}

/// Selects the leads of a scope: the start of every query on leads.
pub(super) fn leads(scope: &Scope) -> Select<lead::Entity> {
    let visible = lead::Entity::find().filter(lead::Column::Hidden.eq(false));
    match scope {
        Scope::All => visible,
        Scope::Park(_) if crate::guard::is_out("scope") => visible,
        Scope::Park(park) => visible.filter(lead::Column::ParkCode.eq(park)),
    }
}

impl Db {
    /// Returns the inquiries of a requirement, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn inquiries(&self, requirement_id: &str) -> Result<Vec<Inquiry>, DbError> {
        Ok(of_requirement(self.read(), requirement_id).await?)
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
        self.with_inquiries(rows).await
    }

    /// Returns every lead of a scope, oldest first, for export.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn all_leads(&self, scope: &Scope) -> Result<Vec<LeadRow>, DbError> {
        let rows = leads(scope).order_by_asc(lead::Column::Id).all(self.read_whole()).await?;
        self.with_inquiries(rows).await
    }

    /// Returns one lead; `None` also where it is outside the scope.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn lead_row(&self, scope: &Scope, id: &str) -> Result<Option<LeadRow>, DbError> {
        let rows = leads(scope).filter(lead::Column::Id.eq(id)).all(self.read()).await?;
        Ok(self.with_inquiries(rows).await?.pop())
    }

    async fn with_inquiries(&self, rows: Vec<lead::Model>) -> Result<Vec<LeadRow>, DbError> {
        let mut out = Vec::with_capacity(rows.len());
        let leads: Vec<Lead> = rows.into_iter().map(stored_lead).collect();
        for chunk in leads.chunks(IDS_PER_QUERY) {
            let inquiries = inquiry::Entity::find()
                .filter(inquiry::Column::Id.is_in(chunk.iter().map(|lead| lead.inquiry_id.as_str())))
                .all(self.read())
                .await?;
            let requirements = requirement::Entity::find()
                .filter(requirement::Column::Id.is_in(inquiries.iter().map(|inquiry| inquiry.requirement_id.as_str())))
                .all(self.read())
                .await?;
            let inquiries: Vec<Inquiry> = inquiries.into_iter().map(stored_inquiry).collect();
            for lead in chunk {
                // Foreign keys leave no lead without either.
                let Some(inquiry) = inquiries.iter().find(|inquiry| inquiry.id == lead.inquiry_id) else { continue };
                let Some(need) = requirements.iter().find(|row| row.id == inquiry.requirement_id) else { continue };
                out.push(LeadRow {
                    lead: lead.clone(),
                    inquiry: inquiry.clone(),
                    requirement: need.body.clone(),
                    company: need.company.clone(),
                });
            }
        }
        Ok(out)
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
        let rows = lead_event::Entity::find()
            .filter(lead_event::Column::LeadId.eq(id))
            .order_by_asc(lead_event::Column::At)
            .order_by_asc(lead_event::Column::Id)
            .all(self.read())
            .await?;
        let authors = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id.as_deref())))
            .all(self.read())
            .await?;
        let author =
            |id: Option<String>| id.and_then(|id| authors.iter().find(|row| row.id == id).map(|row| row.email.clone()));
        let stage =
            |column: &WordColumn<Stage>, row: &str, word: Option<String>| word.map(|word| column.read(row, &word));
        Ok(rows
            .into_iter()
            .map(|row| LeadEvent {
                at: Moment(row.at),
                by: author(row.account_id),
                kind: EVENT_KIND.read(&row.id, &row.kind),
                from: stage(&EVENT_FROM, &row.id, row.from_stage),
                to: stage(&EVENT_TO, &row.id, row.to_stage),
                note: row.note,
            })
            .collect())
    }
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

/// Adds the inserts of new inquiries, each with the id of its lead: inquiries, leads, and the first entries of history.
pub(crate) fn add_new(rows: &mut Rows, new: &[(&Inquiry, &str)], due_at: Moment, is_hidden: bool) {
    let inquiry_row = |&(new, _): &(&Inquiry, &str)| inquiry::ActiveModel {
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
    };
    let lead_row = |&(new, id): &(&Inquiry, &str)| lead::ActiveModel {
        id: Set(id.to_owned()),
        inquiry_id: Set(new.id.clone()),
        park_code: Set(new.park.clone()),
        stage: Set(Stage::Registered.word().to_owned()),
        owner_id: Set(None),
        version: Set(1),
        created_at: Set(new.created_at.0),
        updated_at: Set(new.created_at.0),
        due_at: Set(due_at.0),
        answered_at: Set(None),
        hidden: Set(is_hidden),
    };
    let first_line = |&(new, id): &(&Inquiry, &str)| {
        NewEvent { to: Some(Stage::Registered), ..NewEvent::new(id, EventKind::Received, new.created_at) }.row()
    };
    rows.add(inquiry::Entity::insert_many(new.iter().map(inquiry_row)).into_query());
    rows.add(lead::Entity::insert_many(new.iter().map(lead_row)).into_query());
    rows.add(lead_event::Entity::insert_many(new.iter().map(first_line)).into_query());
}

/// An entry to add to a lead's history.
pub(crate) struct NewEvent<'a> {
    pub(crate) lead_id: &'a str,
    /// The account; `None` for the service itself.
    pub(crate) account_id: Option<&'a str>,
    pub(crate) kind: EventKind,
    pub(crate) from: Option<Stage>,
    pub(crate) to: Option<Stage>,
    pub(crate) note: &'a str,
    pub(crate) at: Moment,
}

impl<'a> NewEvent<'a> {
    /// An entry without account, stages and note.
    pub(crate) fn new(lead_id: &'a str, kind: EventKind, at: Moment) -> Self {
        Self { lead_id, account_id: None, kind, from: None, to: None, note: "", at }
    }

    fn row(&self) -> lead_event::ActiveModel {
        let word = |stage: Option<Stage>| stage.map(|stage| stage.word().to_owned());
        lead_event::ActiveModel {
            id: Set(ids::row_id()),
            lead_id: Set(self.lead_id.to_owned()),
            at: Set(self.at.0),
            account_id: Set(self.account_id.map(str::to_owned)),
            kind: Set(self.kind.word().to_owned()),
            from_stage: Set(word(self.from)),
            to_stage: Set(word(self.to)),
            note: Set(self.note.to_owned()),
        }
    }

    /// Inserts the entry.
    pub(crate) async fn add(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        lead_event::Entity::insert(self.row()).exec_without_returning(tx).await?;
        Ok(())
    }
}

/// Moves a lead that still has the expected version, and adds the entry of history; `false` where the version has changed.
pub(crate) async fn advance(tx: &DatabaseTransaction, change: &StageChange, now: Moment) -> Result<bool, DbErr> {
    use lead::Column as C;
    let mut update = lead::Entity::update_many()
        .col_expr(C::Stage, Expr::value(change.to.word()))
        .col_expr(C::Version, Expr::value(change.version + 1))
        .col_expr(C::OwnerId, Expr::value(change.account_id.as_str()))
        .col_expr(C::UpdatedAt, Expr::value(now.0))
        .col_expr(C::DueAt, Expr::value(change.due_at.0));
    if change.answered {
        update = update.col_expr(C::AnsweredAt, Expr::value(now.0));
    }
    let done = update
        .filter(C::Id.eq(&change.lead_id))
        .filter(C::Version.eq(change.version))
        .filter(C::Hidden.eq(false))
        .exec(tx)
        .await?;
    if done.rows_affected != 1 {
        return Ok(false);
    }
    let event = NewEvent {
        account_id: Some(&change.account_id),
        from: Some(change.from),
        to: Some(change.to),
        note: &change.note,
        ..NewEvent::new(&change.lead_id, EventKind::Stage, now)
    };
    event.add(tx).await?;
    Ok(true)
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
pub(super) async fn settle_state(
    tx: &DatabaseTransaction,
    inquiry_id: &str,
    state: InquiryState,
    now: Moment,
) -> Result<(), DbErr> {
    change_state(tx, inquiry_id, [InquiryState::Queued, InquiryState::Failed], state, now).await
}

/// Sets the state of an inquiry whose mail came back after it was sent.
pub(super) async fn came_back(
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

/// Hides the leads of a withdrawn requirement, or shows those of a cleared one.
pub(crate) async fn hide(tx: &DatabaseTransaction, inquiry_ids: &[String], is_hidden: bool) -> Result<(), DbErr> {
    lead::Entity::update_many()
        .col_expr(lead::Column::Hidden, Expr::value(is_hidden))
        .filter(lead::Column::InquiryId.is_in(inquiry_ids))
        .exec(tx)
        .await?;
    Ok(())
}
