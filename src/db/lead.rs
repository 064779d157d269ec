//! Inquiries and leads. Whoever asks brings a [`Scope`], or the requirement whose owner asks.

use domain::account::Scope;
use domain::inquiry::InquiryState;
use domain::lead::Stage;
use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};

use super::entity::{account, inquiry, lead, lead_event, requirement};
use super::rows::Rows;
use super::{Db, DbError};
use crate::ids;

/// An inquiry as stored.
#[derive(Clone, Debug)]
pub struct Inquiry {
    /// Row id.
    pub id: String,
    /// The number that people say.
    pub number: String,
    /// Of which requirement.
    pub requirement_id: String,
    /// The kind of listing asked for.
    pub kind: Kind,
    /// Its id.
    pub listing: String,
    /// Its name when it was asked for.
    pub listing_name: String,
    /// The park that answers.
    pub park: String,
    /// How far its mail has come.
    pub state: InquiryState,
    /// When it was accepted.
    pub created_at: Moment,
}

/// A lead as stored.
#[derive(Clone, Debug)]
pub struct Lead {
    /// Row id.
    pub id: String,
    /// Of which inquiry.
    pub inquiry_id: String,
    /// Whose it is.
    pub park: String,
    /// Where it stands.
    pub stage: Stage,
    /// Who works it.
    pub owner_id: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// When it came.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// When the next step is due.
    pub due_at: Moment,
    /// When the enterprise was first answered.
    pub answered_at: Option<Moment>,
}

/// A lead with what a list shows of it.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// The lead.
    pub lead: Lead,
    /// Its inquiry.
    pub inquiry: Inquiry,
    /// The requirement's JSON.
    pub requirement: String,
    /// The enterprise; none once erased.
    pub company: Option<String>,
}

/// One line of a lead's history.
#[derive(Clone, Debug)]
pub struct LeadEvent {
    /// When.
    pub at: Moment,
    /// Who, by address; none: the system.
    pub by: Option<String>,
    /// `received`, `stage`, `reveal`, `resend`.
    pub kind: String,
    /// From which stage.
    pub from: Option<Stage>,
    /// To which.
    pub to: Option<Stage>,
    /// The note or reason.
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

fn stored_inquiry(row: inquiry::Model) -> Option<Inquiry> {
    Some(Inquiry {
        kind: Kind::from_word(&row.listing_kind)?,
        state: InquiryState::from_word(&row.state)?,
        id: row.id,
        number: row.number,
        requirement_id: row.requirement_id,
        listing: row.listing_code,
        listing_name: row.listing_name,
        park: row.park_code,
        created_at: Moment(row.created_at),
    })
}

fn stored_lead(row: lead::Model) -> Option<Lead> {
    Some(Lead {
        stage: Stage::from_word(&row.stage)?,
        id: row.id,
        inquiry_id: row.inquiry_id,
        park: row.park_code,
        owner_id: row.owner_id,
        version: row.version,
        created_at: Moment(row.created_at),
        updated_at: Moment(row.updated_at),
        due_at: Moment(row.due_at),
        answered_at: row.answered_at.map(Moment),
    })
}

/// The leads that these eyes may see: the first line of every query on them.
pub(super) fn leads(scope: &Scope) -> Select<lead::Entity> {
    let visible = lead::Entity::find().filter(lead::Column::Hidden.eq(false));
    match scope {
        Scope::All => visible,
        Scope::Park(_) if crate::guard::is_out("scope") => visible,
        Scope::Park(park) => visible.filter(lead::Column::ParkCode.eq(park)),
    }
}

impl Db {
    /// The inquiries of a requirement, in the order in which they were made.
    ///
    /// # Errors
    /// The database's.
    pub async fn inquiries(&self, requirement_id: &str) -> Result<Vec<Inquiry>, DbError> {
        Ok(of_requirement(self.read(), requirement_id).await?)
    }

    /// An inquiry by its number, with the reference of its requirement. Whoever asks has the address that proves it.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn inquiry_numbered(&self, number: &str) -> Result<Option<(Inquiry, String)>, DbError> {
        let row = inquiry::Entity::find().filter(inquiry::Column::Number.eq(number)).one(self.read()).await?;
        let Some(found) = row.and_then(stored_inquiry) else { return Ok(None) };
        let need = requirement::Entity::find_by_id(found.requirement_id.as_str()).one(self.read()).await?;
        Ok(need.map(|row| (found, row.reference)))
    }

    /// A page of leads, newest first, from `offset` on; one more than `limit` where more follow.
    ///
    /// # Errors
    /// The database's.
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

    /// Every lead of a scope, oldest first, for export.
    ///
    /// # Errors
    /// The database's.
    pub async fn all_leads(&self, scope: &Scope) -> Result<Vec<LeadRow>, DbError> {
        let rows = leads(scope).order_by_asc(lead::Column::Id).all(self.read_whole()).await?;
        self.with_inquiries(rows).await
    }

    /// One lead.
    ///
    /// # Errors
    /// The database's.
    pub async fn lead_row(&self, scope: &Scope, id: &str) -> Result<Option<LeadRow>, DbError> {
        let rows = leads(scope).filter(lead::Column::Id.eq(id)).all(self.read()).await?;
        Ok(self.with_inquiries(rows).await?.pop())
    }

    async fn with_inquiries(&self, rows: Vec<lead::Model>) -> Result<Vec<LeadRow>, DbError> {
        let mut out = Vec::with_capacity(rows.len());
        let leads: Vec<Lead> = rows.into_iter().filter_map(stored_lead).collect();
        for chunk in leads.chunks(500) {
            let inquiries = inquiry::Entity::find()
                .filter(inquiry::Column::Id.is_in(chunk.iter().map(|lead| lead.inquiry_id.as_str())))
                .all(self.read())
                .await?;
            let requirements = requirement::Entity::find()
                .filter(requirement::Column::Id.is_in(inquiries.iter().map(|inquiry| inquiry.requirement_id.as_str())))
                .all(self.read())
                .await?;
            let inquiries: Vec<Inquiry> = inquiries.into_iter().filter_map(stored_inquiry).collect();
            for lead in chunk {
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

    /// The reference of the requirement that a lead of this scope comes from.
    ///
    /// # Errors
    /// The database's.
    pub async fn lead_reference(&self, scope: &Scope, id: &str) -> Result<Option<String>, DbError> {
        let Some(row) = self.lead_row(scope, id).await? else { return Ok(None) };
        let need = requirement::Entity::find_by_id(row.inquiry.requirement_id).one(self.read()).await?;
        Ok(need.map(|row| row.reference))
    }

    /// A lead's history, oldest first.
    ///
    /// # Errors
    /// The database's.
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
        let stage = |word: Option<String>| word.as_deref().and_then(Stage::from_word);
        Ok(rows
            .into_iter()
            .map(|row| LeadEvent {
                at: Moment(row.at),
                by: author(row.account_id),
                kind: row.kind,
                from: stage(row.from_stage),
                to: stage(row.to_stage),
                note: row.note,
            })
            .collect())
    }
}

/// The inquiries of a requirement, seen from within a transaction too.
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
    Ok(rows.into_iter().filter_map(stored_inquiry).collect())
}

/// Adds the rows of new inquiries, each with the id of its lead: inquiries, leads, and the first lines of history.
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
        NewEvent { to: Some(Stage::Registered), ..NewEvent::new(id, "received", new.created_at) }.row()
    };
    rows.add(inquiry::Entity::insert_many(new.iter().map(inquiry_row)).into_query());
    rows.add(lead::Entity::insert_many(new.iter().map(lead_row)).into_query());
    rows.add(lead_event::Entity::insert_many(new.iter().map(first_line)).into_query());
}

/// A line to add to a lead's history.
pub(crate) struct NewEvent<'a> {
    pub(crate) lead_id: &'a str,
    /// Who did it; none for the service itself.
    pub(crate) account_id: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) from: Option<Stage>,
    pub(crate) to: Option<Stage>,
    pub(crate) note: &'a str,
    pub(crate) at: Moment,
}

impl<'a> NewEvent<'a> {
    /// A line that nobody wrote and that moves nothing.
    pub(crate) fn new(lead_id: &'a str, kind: &'a str, at: Moment) -> Self {
        Self { lead_id, account_id: None, kind, from: None, to: None, note: "", at }
    }

    fn row(&self) -> lead_event::ActiveModel {
        let word = |stage: Option<Stage>| stage.map(|stage| stage.word().to_owned());
        lead_event::ActiveModel {
            id: Set(ids::row_id()),
            lead_id: Set(self.lead_id.to_owned()),
            at: Set(self.at.0),
            account_id: Set(self.account_id.map(str::to_owned)),
            kind: Set(self.kind.to_owned()),
            from_stage: Set(word(self.from)),
            to_stage: Set(word(self.to)),
            note: Set(self.note.to_owned()),
        }
    }

    /// Adds it.
    pub(crate) async fn add(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        lead_event::Entity::insert(self.row()).exec_without_returning(tx).await?;
        Ok(())
    }
}

/// Moves a lead if it still has the version that was seen; `false` where somebody was faster. The history row is
/// written in the same transaction.
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
        ..NewEvent::new(&change.lead_id, "stage", now)
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

/// Hides the leads of a requirement that was withdrawn, or shows those of one that was cleared.
pub(crate) async fn hide(tx: &DatabaseTransaction, inquiry_ids: &[String], is_hidden: bool) -> Result<(), DbErr> {
    lead::Entity::update_many()
        .col_expr(lead::Column::Hidden, Expr::value(is_hidden))
        .filter(lead::Column::InquiryId.is_in(inquiry_ids))
        .exec(tx)
        .await?;
    Ok(())
}
