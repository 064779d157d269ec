//! Requirements, their consents, the looks at their contact data, and the audit trail.

use domain::requirement::Requirement;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, InsertStatement, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{access, audit, consent, requirement};
use super::{Db, DbError};
use crate::ids;

/// A requirement as it is stored; contact data are absent once it was erased.
#[derive(Clone)]
pub struct StoredRequirement {
    /// Row id.
    pub id: String,
    /// The unguessable reference.
    pub reference: String,
    /// What is needed.
    pub requirement: Requirement,
    /// The text it was read from.
    pub free_text: Option<String>,
    /// Who asks.
    pub contact: Option<StoredContact>,
    /// The reader's language.
    pub locale: String,
    /// When it came.
    pub created_at: Moment,
    /// When it was erased at its owner's wish.
    pub erased_at: Option<Moment>,
    /// Whether it looks automated: nothing of it leaves before a person has looked.
    pub is_suspected: bool,
}

impl StoredRequirement {
    /// Whether its owner still wants it to be worked.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.erased_at.is_none()
    }
}

/// Contact data in full. No `Debug`, so that no log can hold it.
#[derive(Clone)]
#[expect(missing_docs, reason = "the fields of contract §3")]
pub struct StoredContact {
    pub company: String,
    pub person: String,
    pub phone: String,
    pub email: String,
    pub uscc: Option<String>,
}

/// A consent to be recorded.
#[derive(Clone, Debug)]
pub(crate) struct NewConsent {
    pub(crate) requirement_id: String,
    /// `handle` (by us) or `provide` (to a park).
    pub(crate) purpose: &'static str,
    pub(crate) receiver: String,
    pub(crate) receiver_name: String,
    pub(crate) receiver_contact: String,
    pub(crate) data_kinds: &'static str,
    pub(crate) notice_version: String,
    pub(crate) notice_hash: String,
}

/// One look at contact data, as its owner sees it.
#[derive(Clone, Debug)]
pub struct AccessRow {
    /// When.
    pub at: Moment,
    /// Which park's staff.
    pub park: String,
    /// What they saw.
    pub what: String,
}

const OPEN: &str = "open";
const SUSPECTED: &str = "suspected";

fn stored(row: requirement::Model) -> Result<StoredRequirement, DbError> {
    let requirement: Requirement = serde_json::from_str(&row.body).map_err(|e| DbError::Other(e.into()))?;
    let contact = match (row.company, row.contact, row.phone, row.email) {
        (Some(company), Some(person), Some(phone), Some(email)) => {
            Some(StoredContact { company, person, phone, email, uscc: row.uscc })
        }
        _ => None,
    };
    Ok(StoredRequirement {
        id: row.id,
        reference: row.reference,
        requirement,
        free_text: row.free_text,
        contact,
        locale: row.locale,
        created_at: Moment(row.created_at),
        erased_at: row.erased_at.map(Moment),
        is_suspected: row.state == SUSPECTED,
    })
}

impl Db {
    /// A requirement by its reference: whoever holds the reference is its owner.
    ///
    /// # Errors
    /// The database's.
    pub async fn requirement(&self, reference: &str) -> Result<Option<StoredRequirement>, DbError> {
        find(self.read(), reference).await
    }

    /// A requirement by its row's id, for a task that concerns it.
    ///
    /// # Errors
    /// The database's.
    pub async fn requirement_of(&self, id: &str) -> Result<Option<StoredRequirement>, DbError> {
        requirement::Entity::find_by_id(id).one(self.read()).await?.map(stored).transpose()
    }

    /// Every requirement that was not erased, for export and reverse matching.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_requirements(&self) -> Result<Vec<StoredRequirement>, DbError> {
        let rows = requirement::Entity::find()
            .filter(requirement::Column::ErasedAt.is_null())
            .order_by_asc(requirement::Column::Id)
            .all(self.read_whole())
            .await?;
        rows.into_iter().map(stored).collect()
    }

    /// Who looked at its contact data, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn accesses(&self, requirement_id: &str) -> Result<Vec<AccessRow>, DbError> {
        let rows = access::Entity::find()
            .filter(access::Column::RequirementId.eq(requirement_id))
            .order_by_asc(access::Column::At)
            .order_by_asc(access::Column::Id)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| AccessRow { at: Moment(row.at), park: row.park_code, what: row.what }).collect())
    }
}

/// A requirement by its reference, seen from within a transaction.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    reference: &str,
) -> Result<Option<StoredRequirement>, DbError> {
    let row = requirement::Entity::find().filter(requirement::Column::Reference.eq(reference)).one(connection).await?;
    row.map(stored).transpose()
}

/// A requirement by its reference, held until the transaction ends: an inquiry and an erasure take turns.
pub(crate) async fn lock(tx: &DatabaseTransaction, reference: &str) -> Result<Option<StoredRequirement>, DbError> {
    let row = requirement::Entity::find()
        .filter(requirement::Column::Reference.eq(reference))
        .lock_exclusive()
        .one(tx)
        .await?;
    row.map(stored).transpose()
}

/// The row of a new requirement.
pub(crate) fn row(new: &StoredRequirement) -> InsertStatement {
    let contact = new.contact.as_ref();
    let row = requirement::ActiveModel {
        id: Set(new.id.clone()),
        reference: Set(new.reference.clone()),
        state: Set(if new.is_suspected { SUSPECTED } else { OPEN }.to_owned()),
        body: Set(new.requirement.to_json().to_string()),
        free_text: Set(new.free_text.clone()),
        company: Set(contact.map(|c| c.company.clone())),
        contact: Set(contact.map(|c| c.person.clone())),
        phone: Set(contact.map(|c| c.phone.clone())),
        email: Set(contact.map(|c| c.email.clone())),
        uscc: Set(contact.and_then(|c| c.uscc.clone())),
        locale: Set(new.locale.clone()),
        created_at: Set(new.created_at.0),
        erased_at: Set(None),
    };
    requirement::Entity::insert(row).into_query()
}

/// Clears a suspected requirement; `false` where it is suspected no more.
pub(crate) async fn clear(tx: &DatabaseTransaction, id: &str) -> Result<bool, DbErr> {
    let done = requirement::Entity::update_many()
        .col_expr(requirement::Column::State, Expr::value(OPEN))
        .filter(requirement::Column::Id.eq(id))
        .filter(requirement::Column::State.eq(SUSPECTED))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Erases the personal columns; what was needed stays for statistics.
pub(crate) async fn erase(tx: &DatabaseTransaction, id: &str, now: Moment) -> Result<(), DbErr> {
    use requirement::Column as C;
    let nothing = || Expr::value(None::<String>);
    requirement::Entity::update_many()
        .col_expr(C::State, Expr::value("erased"))
        .col_expr(C::FreeText, nothing())
        .col_expr(C::Company, nothing())
        .col_expr(C::Contact, nothing())
        .col_expr(C::Phone, nothing())
        .col_expr(C::Email, nothing())
        .col_expr(C::Uscc, nothing())
        .col_expr(C::ErasedAt, Expr::value(now.0))
        .filter(C::Id.eq(id))
        .exec(tx)
        .await?;
    consent::Entity::update_many()
        .col_expr(consent::Column::WithdrawnAt, Expr::value(now.0))
        .filter(consent::Column::RequirementId.eq(id))
        .filter(consent::Column::WithdrawnAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// The rows of consents; one that is there already stays as it is.
pub(crate) fn consents(new: impl IntoIterator<Item = NewConsent>, now: Moment) -> InsertStatement {
    let rows = new.into_iter().map(|new| consent::ActiveModel {
        id: Set(ids::row_id()),
        requirement_id: Set(new.requirement_id),
        purpose: Set(new.purpose.to_owned()),
        receiver: Set(new.receiver),
        receiver_name: Set(new.receiver_name),
        receiver_contact: Set(new.receiver_contact),
        data_kinds: Set(new.data_kinds.to_owned()),
        notice_version: Set(new.notice_version),
        notice_hash: Set(new.notice_hash),
        at: Set(now.0),
        withdrawn_at: Set(None),
    });
    use consent::Column as C;
    let once = OnConflict::columns([C::RequirementId, C::Purpose, C::Receiver]).do_nothing().to_owned();
    consent::Entity::insert_many(rows).on_conflict(once).into_query()
}

/// Whether a live consent lets this park have the contact data.
pub(crate) async fn may_provide(
    connection: &impl ConnectionTrait,
    requirement_id: &str,
    park: &str,
) -> Result<bool, DbErr> {
    let row = consent::Entity::find()
        .filter(consent::Column::RequirementId.eq(requirement_id))
        .filter(consent::Column::Purpose.eq("provide"))
        .filter(consent::Column::Receiver.eq(park))
        .filter(consent::Column::WithdrawnAt.is_null())
        .one(connection)
        .await?;
    Ok(row.is_some())
}

/// Records a look at contact data.
pub(crate) async fn record_access(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    account_id: &str,
    park: &str,
    what: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let row = access::ActiveModel {
        id: Set(ids::row_id()),
        requirement_id: Set(requirement_id.to_owned()),
        account_id: Set(account_id.to_owned()),
        park_code: Set(park.to_owned()),
        what: Set(what.to_owned()),
        at: Set(now.0),
    };
    access::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// One line of the audit trail. `detail` holds no personal data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuditLine<'a> {
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) detail: &'a str,
}

/// The rows of lines of the audit trail.
pub(crate) fn audit_lines<'a>(lines: impl IntoIterator<Item = AuditLine<'a>>, now: Moment) -> InsertStatement {
    let row = |line: AuditLine<'_>| audit::ActiveModel {
        id: Set(ids::row_id()),
        at: Set(now.0),
        actor: Set(line.actor.to_owned()),
        action: Set(line.action.to_owned()),
        subject: Set(line.subject.to_owned()),
        detail: Set(line.detail.to_owned()),
    };
    audit::Entity::insert_many(lines.into_iter().map(row)).into_query()
}

/// Writes one line of the audit trail.
pub(crate) async fn audit(
    tx: &DatabaseTransaction,
    actor: &str,
    action: &str,
    subject: &str,
    detail: &str,
    now: Moment,
) -> Result<(), DbErr> {
    tx.execute(&audit_lines([AuditLine { actor, action, subject, detail }], now)).await?;
    Ok(())
}
