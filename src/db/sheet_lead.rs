//! Leads that came by a file: the keys of their rows, their insert, and taking one import back.

use std::collections::HashMap;

use domain::lead::{EventKind, LeadState, Stage};
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QuerySelect as _,
};

use super::entity::{consent, import, inquiry, lead, lead_event, requirement, sheet_lead};
use super::lead::{NewEvent, NewLead, add_untold, inquiry_rows};
use super::requirement::{NewConsent, RequirementRow};
use super::rows::Rows;
use super::{Db, DbError};

/// Rows per statement: SQLite takes at most 32,766 bound values per statement.
const CHUNK: usize = 500;

/// A row that was imported before, by its key.
#[derive(Clone, Debug)]
pub struct KnownRow {
    /// Id of its lead.
    pub lead_id: String,
    /// Hash of the row as it was imported; blank once the enterprise withdrew.
    pub digest: String,
}

/// A lead of a file to be stored. Without `Debug`, so that no contact data get into a log.
pub(crate) struct NewSheetLead {
    pub(crate) key: String,
    pub(crate) digest: String,
    pub(crate) requirement: RequirementRow,
    pub(crate) consent: NewConsent,
    /// As registered; the stage that the file names is set afterwards.
    pub(crate) lead: NewLead,
    pub(crate) stage: Stage,
    pub(crate) answered_at: Option<Moment>,
    /// Facts and day of the signature.
    pub(crate) signed: Option<(Moment, serde_json::Value)>,
    /// Day, words and facts of the last note.
    pub(crate) note: Option<(Moment, String, serde_json::Value)>,
}

impl NewSheetLead {
    /// The entries of its history after the first.
    fn events<'a>(&'a self, by: Option<&'a str>, now: Moment) -> Vec<NewEvent<'a>> {
        let id = self.lead.id.as_str();
        let signed = self.signed.iter().map(|(at, facts)| NewEvent {
            to: Some(Stage::Signed),
            facts: Some(facts.clone()),
            account_id: by,
            ..NewEvent::new(id, EventKind::Stage, *at)
        });
        let note = self.note.iter().map(|(at, words, facts)| NewEvent {
            note: words,
            facts: Some(facts.clone()),
            account_id: by,
            ..NewEvent::new(id, EventKind::Note, *at)
        });
        // Not a move, which reports would count on the day of the import: the file's word on where the lead is.
        let stands = (self.stage != Stage::Registered).then(|| NewEvent {
            to: Some(self.stage),
            account_id: by,
            ..NewEvent::new(id, EventKind::Received, now)
        });
        signed.chain(note).chain(stands).collect()
    }
}

impl Db {
    /// Returns the rows that were imported before, by key.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn known_rows(&self, keys: &[String]) -> Result<HashMap<String, KnownRow>, DbError> {
        let mut known = HashMap::new();
        for chunk in keys.chunks(CHUNK) {
            let rows = sheet_lead::Entity::find().filter(sheet_lead::Column::Key.is_in(chunk)).all(self.read()).await?;
            known.extend(rows.into_iter().map(|row| (row.key, KnownRow { lead_id: row.lead_id, digest: row.digest })));
        }
        Ok(known)
    }
}

/// Inserts leads of a file; `false` where another import has stored one of them meanwhile: the transaction must then end.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    new: &[NewSheetLead],
    (import, by): (&str, Option<&str>),
    now: Moment,
) -> Result<bool, DbErr> {
    for chunk in new.chunks(CHUNK) {
        let keys = chunk.iter().map(|row| sheet_lead::ActiveModel {
            key: Set(row.key.clone()),
            park_code: Set(row.lead.park.clone()),
            lead_id: Set(row.lead.id.clone()),
            import_id: Set(import.to_owned()),
            digest: Set(row.digest.clone()),
            events: Set(i64::try_from(row.events(by, now).len() + 1).unwrap_or_default()),
        });
        let once = OnConflict::column(sheet_lead::Column::Key).do_nothing().to_owned();
        let stored = sheet_lead::Entity::insert_many(keys).on_conflict(once).exec_without_returning(tx).await?;
        if stored != chunk.len() as u64 {
            return Ok(false);
        }
        for new in chunk {
            add_one(tx, new, by, now).await?;
        }
    }
    Ok(true)
}

async fn add_one(tx: &DatabaseTransaction, new: &NewSheetLead, by: Option<&str>, now: Moment) -> Result<(), DbErr> {
    let mut rows = Rows::default();
    rows.add(super::requirement::row(&new.requirement));
    rows.add(super::requirement::consents([new.consent.clone()], now));
    rows.add(inquiry_rows([(&new.lead.inquiry, new.lead.id.as_str())]));
    add_untold(&mut rows, std::slice::from_ref(&new.lead), by);
    rows.write(tx).await?;
    for event in new.events(by, now) {
        event.add(tx).await?;
    }
    use lead::Column as C;
    let state = if new.stage.is_final() { LeadState::Closed } else { LeadState::Open };
    let is_touched = new.stage != Stage::Registered || new.note.is_some();
    lead::Entity::update_many()
        .col_expr(C::Stage, Expr::value(new.stage.word()))
        .col_expr(C::State, Expr::value(state.word()))
        .col_expr(C::AnsweredAt, Expr::value(new.answered_at.map(|at| at.0)))
        .col_expr(C::Touched, Expr::value(is_touched))
        .col_expr(C::UpdatedAt, Expr::value(now.0))
        .filter(C::Id.eq(&new.lead.id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes the leads of an import that no one has worked since, with all that the import stored of them; otherwise deletes
/// nothing and returns the numbers of those that were worked. Only an import that is undone takes back what it created.
pub(crate) async fn take_back(tx: &DatabaseTransaction, id: &str) -> Result<Result<usize, Vec<String>>, DbErr> {
    let at = import::Entity::find_by_id(id).one(tx).await?.map(|row| Moment(row.at)).unwrap_or(Moment(0));
    let rows = sheet_lead::Entity::find().filter(sheet_lead::Column::ImportId.eq(id)).all(tx).await?;
    let mut worked = Vec::new();
    for chunk in rows.chunks(CHUNK) {
        worked.extend(worked_since(tx, chunk, at).await?);
    }
    if !worked.is_empty() {
        worked.sort();
        return Ok(Err(worked));
    }
    for chunk in rows.chunks(CHUNK) {
        remove(tx, chunk).await?;
    }
    Ok(Ok(rows.len()))
}

/// The numbers of leads that are no more as the import left them.
async fn worked_since(tx: &DatabaseTransaction, chunk: &[sheet_lead::Model], at: Moment) -> Result<Vec<String>, DbErr> {
    let ids: Vec<&str> = chunk.iter().map(|row| row.lead_id.as_str()).collect();
    let leads = super::lead::lock_all(tx, &ids).await?;
    let events = lead_event::Entity::find().filter(lead_event::Column::LeadId.is_in(ids)).select_only();
    let events: Vec<String> = events.column(lead_event::Column::LeadId).into_tuple().all(tx).await?;
    let mut counts: HashMap<String, i64> = HashMap::new();
    events.into_iter().for_each(|id| *counts.entry(id).or_default() += 1);
    let by_id: HashMap<&str, &lead::Model> = leads.iter().map(|row| (row.id.as_str(), row)).collect();
    let is_worked = |row: &&sheet_lead::Model| {
        by_id.get(row.lead_id.as_str()).is_none_or(|lead| {
            let has_changed = lead.version != 1 || lead.updated_at != at.0;
            has_changed || counts.get(&row.lead_id) != Some(&row.events)
        })
    };
    let number = |row: &sheet_lead::Model| {
        by_id.get(row.lead_id.as_str()).and_then(|lead| lead.number.clone()).unwrap_or_else(|| row.lead_id.clone())
    };
    Ok(chunk.iter().filter(is_worked).map(number).collect())
}

async fn remove(tx: &DatabaseTransaction, chunk: &[sheet_lead::Model]) -> Result<(), DbErr> {
    let leads: Vec<&str> = chunk.iter().map(|row| row.lead_id.as_str()).collect();
    let own = inquiry::Entity::find().filter(inquiry::Column::LeadId.is_in(leads.clone())).select_only();
    let needs: Vec<String> = own.column(inquiry::Column::RequirementId).into_tuple().all(tx).await?;
    lead_event::Entity::delete_many().filter(lead_event::Column::LeadId.is_in(leads.clone())).exec(tx).await?;
    lead::Entity::delete_many().filter(lead::Column::Id.is_in(leads.clone())).exec(tx).await?;
    inquiry::Entity::delete_many().filter(inquiry::Column::LeadId.is_in(leads.clone())).exec(tx).await?;
    consent::Entity::delete_many().filter(consent::Column::RequirementId.is_in(&needs)).exec(tx).await?;
    requirement::Entity::delete_many().filter(requirement::Column::Id.is_in(&needs)).exec(tx).await?;
    sheet_lead::Entity::delete_many().filter(sheet_lead::Column::LeadId.is_in(leads)).exec(tx).await?;
    Ok(())
}
