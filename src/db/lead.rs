//! Inquiries and leads. Every query takes a [`Scope`], or the requirement whose owner is the caller.

use std::collections::HashMap;

use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::lead::{ConsentBasis, EventKind, LastWord, LeadState, Source, Stage};
use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, InsertStatement, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::entity::{account, inquiry, lead, lead_event, requirement};
use super::rows::Rows;
use super::words::{
    CONSENT_BASIS, EVENT_FROM, EVENT_KIND, EVENT_TO, INQUIRY_KIND, INQUIRY_STATE, LEAD_LAST_WORD, LEAD_SOURCE,
    LEAD_STAGE, LEAD_STATE, WordColumn,
};
use super::{Db, DbError};
use crate::ids;

/// Leads per query, far below the 32,766 bound values that SQLite takes per statement.
const LEADS_PER_QUERY: usize = 500;

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
    /// Time of the last change of its state.
    pub updated_at: Moment,
}

/// A lead as stored.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Row id.
    pub id: String,
    /// Id of its first inquiry.
    pub inquiry_id: String,
    /// Code of the park that owns it; empty for the operator.
    pub park: String,
    /// Its stage.
    pub stage: Stored<Stage>,
    /// Whether it is worked.
    pub state: Stored<LeadState>,
    /// Its origin.
    pub source: Stored<Source>,
    /// Basis of the consent to a typed-in lead.
    pub basis: Option<Stored<ConsentBasis>>,
    /// Id of the account that is responsible for it.
    pub owner_id: Option<String>,
    /// Optimistic lock: rises by one with every move.
    pub version: i64,
    /// Time of registration.
    pub created_at: Moment,
    /// Time of the last change.
    pub updated_at: Moment,
    /// End of its due day; [`NEVER`](domain::time::NEVER) once it is not worked any more.
    pub due_at: Moment,
    /// Time of the first answer to the enterprise.
    pub answered_at: Option<Moment>,
    /// The side that spoke last.
    pub last_word: Option<Stored<LastWord>>,
    /// Whether a member of staff has done anything with it.
    pub touched: bool,
}

impl Lead {
    /// Whether it is worked; a lead of another version's state is not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == LeadState::Open && !self.stage.known().is_some_and(Stage::is_final)
    }
}

/// A lead with its inquiries and requirement, as a row of the desk and the export.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// The lead.
    pub lead: Lead,
    /// Its first inquiry.
    pub inquiry: Inquiry,
    /// All its inquiries, oldest first.
    pub inquiries: Vec<Inquiry>,
    /// The requirement's JSON, verbatim.
    pub requirement: String,
    /// Name of the enterprise; `None` once erased.
    pub company: Option<String>,
    /// Address of the owner.
    pub owner: Option<String>,
    /// The last stage on its path, of a lead that is beside it.
    pub stood: Option<Stage>,
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
    /// Facts of the event as JSON, without personal data: amounts, days, listings.
    pub facts: Option<serde_json::Value>,
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
        updated_at: Moment(row.updated_at),
    }
}

fn stored_lead(row: lead::Model) -> Lead {
    Lead {
        stage: LEAD_STAGE.read(&row.id, &row.stage),
        state: LEAD_STATE.read(&row.id, &row.state),
        source: LEAD_SOURCE.read(&row.id, &row.source),
        basis: row.consent_basis.as_deref().map(|word| CONSENT_BASIS.read(&row.id, word)),
        last_word: row.last_word.as_deref().map(|word| LEAD_LAST_WORD.read(&row.id, word)),
        id: row.id,
        inquiry_id: row.inquiry_id,
        park: row.park_code,
        owner_id: row.owner_id,
        version: row.version,
        created_at: Moment(row.created_at),
        updated_at: Moment(row.updated_at),
        due_at: Moment(row.due_at),
        answered_at: row.answered_at.map(Moment),
        touched: row.touched,
    }
}

/// Selects every lead, hidden ones too: for the enterprise's own requirement and for the service's own work.
pub(super) fn every_lead() -> Select<lead::Entity> {
    lead::Entity::find()
}

/// Selects the leads of a scope: the start of every query of staff on leads. Leads of a suspected requirement are hidden.
pub(super) fn leads(scope: &Scope) -> Select<lead::Entity> {
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

/// Returns a lead's history, oldest first, also inside a transaction; the caller found the lead through its scope.
pub(crate) async fn events_of(connection: &impl ConnectionTrait, id: &str) -> Result<Vec<LeadEvent>, DbErr> {
    let rows = lead_event::Entity::find()
        .filter(lead_event::Column::LeadId.eq(id))
        .order_by_asc(lead_event::Column::At)
        .order_by_asc(lead_event::Column::Id)
        .all(connection)
        .await?;
    let authors = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id.as_deref())))
        .all(connection)
        .await?;
    let author =
        |id: Option<String>| id.and_then(|id| authors.iter().find(|row| row.id == id).map(|row| row.email.clone()));
    let stage = |column: &WordColumn<Stage>, row: &str, word: Option<String>| word.map(|word| column.read(row, &word));
    Ok(rows
        .into_iter()
        .map(|row| LeadEvent {
            at: Moment(row.at),
            by: author(row.account_id),
            kind: EVENT_KIND.read(&row.id, &row.kind),
            from: stage(&EVENT_FROM, &row.id, row.from_stage),
            to: stage(&EVENT_TO, &row.id, row.to_stage),
            facts: row.facts.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            note: row.note,
        })
        .collect())
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
pub(super) async fn rows_of(connection: &impl ConnectionTrait, rows: Vec<lead::Model>) -> Result<Vec<LeadRow>, DbErr> {
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
        let owner = owners.iter().find(|row| Some(&row.id) == lead.owner_id.as_ref());
        Some(LeadRow {
            stood: stood.get(&lead.id).copied(),
            owner: owner.map(|row| row.email.clone()),
            inquiry: first,
            inquiries: own,
            requirement: need.body.clone(),
            company: need.company.clone(),
            lead: stored_lead(lead.clone()),
        })
    };
    Ok(chunk.iter().filter_map(row).collect())
}

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

/// Adds the inserts of new leads, whose inquiries were added before, and of the first entries of their history.
pub(crate) fn add_leads(rows: &mut Rows, new: &[NewLead], by: Option<&str>) {
    let first = |new: &NewLead| {
        let event = NewEvent::new(&new.id, EventKind::Received, new.inquiry.created_at);
        NewEvent { to: Some(new.stage), account_id: by, ..event }.row()
    };
    rows.add(lead::Entity::insert_many(new.iter().map(NewLead::row)).into_query());
    rows.add(lead_event::Entity::insert_many(new.iter().map(first)).into_query());
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
    /// Without personal data: they stay when the enterprise withdraws.
    pub(crate) facts: Option<serde_json::Value>,
    pub(crate) at: Moment,
}

impl<'a> NewEvent<'a> {
    /// An entry without account, stages, note and facts.
    pub(crate) fn new(lead_id: &'a str, kind: EventKind, at: Moment) -> Self {
        Self { lead_id, account_id: None, kind, from: None, to: None, note: "", facts: None, at }
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
            facts: Set(self.facts.as_ref().map(ToString::to_string)),
        }
    }

    /// Inserts the entry.
    pub(crate) async fn add(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        lead_event::Entity::insert(self.row()).exec_without_returning(tx).await?;
        Ok(())
    }
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

/// Changes a lead that the transaction has locked.
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
    Ok(())
}

/// Copies the history of a lead to another one, before its own entries.
pub(crate) async fn copy_history(tx: &DatabaseTransaction, from: &str, to: &str) -> Result<(), DbErr> {
    let rows = lead_event::Entity::find().filter(lead_event::Column::LeadId.eq(from));
    let rows = rows.order_by_asc(lead_event::Column::At).order_by_asc(lead_event::Column::Id).all(tx).await?;
    let copy = |row: lead_event::Model| lead_event::ActiveModel {
        id: Set(ids::row_id()),
        lead_id: Set(to.to_owned()),
        at: Set(row.at),
        account_id: Set(row.account_id),
        kind: Set(row.kind),
        // Stages of the first park are its own: reports count them there alone.
        from_stage: Set(None),
        to_stage: Set(None),
        note: Set(row.note),
        facts: Set(row.facts),
    };
    lead_event::Entity::insert_many(rows.into_iter().map(copy)).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes the words out of the history of leads: stages, days and amounts stay.
pub(crate) async fn forget_words(tx: &DatabaseTransaction, lead_ids: &[String]) -> Result<(), DbErr> {
    lead_event::Entity::update_many()
        .col_expr(lead_event::Column::Note, Expr::value(""))
        .filter(lead_event::Column::LeadId.is_in(lead_ids))
        .exec(tx)
        .await?;
    lead::Entity::update_many()
        .col_expr(lead::Column::ConsentNote, Expr::value(None::<String>))
        .filter(lead::Column::Id.is_in(lead_ids))
        .exec(tx)
        .await?;
    super::sheet_lead::forget(tx, lead_ids).await
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

/// Shows the leads of a cleared requirement.
pub(crate) async fn unhide(tx: &DatabaseTransaction, requirement_id: &str) -> Result<(), DbErr> {
    lead::Entity::update_many()
        .col_expr(lead::Column::Hidden, Expr::value(false))
        .filter(lead::Column::RequirementId.eq(requirement_id))
        .exec(tx)
        .await?;
    Ok(())
}
