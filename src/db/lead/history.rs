//! The history of leads.

use domain::lead::{EventKind, Stage};
use domain::requirement::Word as _;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use super::row::LeadEvent;
use crate::db::entity::{account, lead, lead_event, sheet_lead};
use crate::db::words::{EVENT_FROM, EVENT_KIND, EVENT_TO, WordColumn};
use crate::ids;

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

    pub(in crate::db) fn row(&self) -> lead_event::ActiveModel {
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
        .col_expr(lead::Column::Referrer, Expr::value(None::<String>))
        .filter(lead::Column::Id.is_in(lead_ids))
        .exec(tx)
        .await?;
    // The hashes of a sheet's rows; their keys stay, so that the file brings none back.
    sheet_lead::Entity::update_many()
        .col_expr(sheet_lead::Column::Digest, Expr::value(""))
        .filter(sheet_lead::Column::LeadId.is_in(lead_ids))
        .exec(tx)
        .await?;
    Ok(())
}
