//! Requirements, their consents, the accesses to their contact data, and the audit trail.

use domain::contact::company_key;
use domain::stored::{Stored, StoredRequirement};
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, InsertStatement, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use super::entity::{access, audit, consent, requirement};
use super::words::{ACCESS_WHAT, AccessKind, AuditAction, ConsentPurpose, REQUIREMENT_STATE, RequirementState, note};
use super::{Db, DbError};
use crate::ids;

/// A row of the requirement table; contact data are absent once it was erased.
#[derive(Clone)]
pub struct RequirementRow {
    /// Row id.
    pub id: String,
    /// The unguessable reference: possession proves ownership.
    pub reference: String,
    /// Its fields, as stored.
    pub requirement: StoredRequirement,
    /// The text from which it was read.
    pub free_text: Option<String>,
    /// Contact data.
    pub contact: Option<StoredContact>,
    /// Locale of the enterprise, `zh-Hans` or `en`.
    pub locale: String,
    /// Time of submission.
    pub created_at: Moment,
    /// Time of erasure by its owner.
    pub erased_at: Option<Moment>,
    /// Its state.
    pub state: Stored<RequirementState>,
}

impl RequirementRow {
    /// Whether it was not erased.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.erased_at.is_none()
    }

    /// Whether an address is that of its enterprise.
    #[must_use]
    pub fn is_address(&self, address: &str) -> bool {
        self.contact.as_ref().is_some_and(|contact| contact.email.eq_ignore_ascii_case(address))
    }

    /// Whether it is held back until staff clear it. A state of another version does not hold it back: this version has no
    /// task by which it could be cleared.
    #[must_use]
    pub fn is_suspected(&self) -> bool {
        self.state == RequirementState::Suspected
    }
}

/// Contact data in full. Without `Debug`, so that none get into a log.
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
    pub(crate) purpose: ConsentPurpose,
    pub(crate) receiver: String,
    pub(crate) receiver_name: String,
    pub(crate) receiver_contact: String,
    pub(crate) data_kinds: &'static str,
    pub(crate) notice_version: String,
    pub(crate) notice_hash: String,
}

/// An access to contact data, as the owner sees it.
#[derive(Clone, Debug)]
pub struct AccessRow {
    /// Time of the access.
    pub at: Moment,
    /// Code of the park whose staff had access.
    pub park: String,
    /// The data shown.
    pub what: Stored<AccessKind>,
}

/// Reads the stored JSON; fields and codes of another version are noted by name, since their values may be anything.
fn body(row: &requirement::Model) -> StoredRequirement {
    let stored = StoredRequirement::parse(&row.body);
    if !stored.kept().is_empty() {
        let fields: Vec<&str> = stored.kept().iter().map(|kept| kept.field.as_str()).collect();
        note("requirement", "body", &row.id, &fields.join(" "));
    }
    stored
}

pub(super) fn stored(row: requirement::Model) -> RequirementRow {
    let (requirement, state) = (body(&row), REQUIREMENT_STATE.read(&row.id, &row.state));
    let contact = match (row.company, row.contact, row.phone, row.email) {
        (Some(company), Some(person), Some(phone), Some(email)) => {
            Some(StoredContact { company, person, phone, email, uscc: row.uscc })
        }
        _ => None,
    };
    RequirementRow {
        id: row.id,
        reference: row.reference,
        requirement,
        free_text: row.free_text,
        contact,
        locale: row.locale,
        created_at: Moment(row.created_at),
        erased_at: row.erased_at.map(Moment),
        state,
    }
}

impl Db {
    /// Returns a requirement by its reference.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn requirement(&self, reference: &str) -> Result<Option<RequirementRow>, DbError> {
        find(self.read(), reference).await
    }

    /// Returns a requirement by its row id, for a task that concerns it.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn requirement_of(&self, id: &str) -> Result<Option<RequirementRow>, DbError> {
        requirement::Entity::find_by_id(id).one(self.read()).await.map(|row| row.map(stored)).map_err(DbError::from)
    }

    /// Returns the live requirements sent from a mail address in any case of its letters, newest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn live_requirements_of(&self, email: &str, most: u64) -> Result<Vec<RequirementRow>, DbError> {
        let lower = Expr::expr(Func::lower(Expr::col(requirement::Column::Email)));
        let rows = requirement::Entity::find()
            .filter(lower.eq(email.to_lowercase()))
            .filter(requirement::Column::ErasedAt.is_null())
            .order_by_desc(requirement::Column::Id)
            .limit(most)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns every requirement that was not erased, oldest first, for export.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn open_requirements(&self) -> Result<Vec<RequirementRow>, DbError> {
        let rows = requirement::Entity::find()
            .filter(requirement::Column::ErasedAt.is_null())
            .order_by_asc(requirement::Column::Id)
            .all(self.read_whole())
            .await?;
        Ok(rows.into_iter().map(stored).collect())
    }

    /// Returns the ids of all requirements that were not erased, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn open_requirement_ids(&self) -> Result<Vec<String>, DbError> {
        let open = requirement::Entity::find().filter(requirement::Column::ErasedAt.is_null());
        let ids = open.order_by_asc(requirement::Column::Id).select_only().column(requirement::Column::Id);
        Ok(ids.into_tuple().all(self.read_whole()).await?)
    }

    /// Returns the ids of all erased requirements.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn erased_requirements(&self) -> Result<Vec<String>, DbError> {
        let erased = requirement::Entity::find().filter(requirement::Column::ErasedAt.is_not_null());
        Ok(erased.select_only().column(requirement::Column::Id).into_tuple().all(self.read_whole()).await?)
    }

    /// Returns the accesses to its contact data, oldest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn accesses(&self, requirement_id: &str) -> Result<Vec<AccessRow>, DbError> {
        let rows = access::Entity::find()
            .filter(access::Column::RequirementId.eq(requirement_id))
            .order_by_asc(access::Column::At)
            .order_by_asc(access::Column::Id)
            .all(self.read())
            .await?;
        let access = |row: access::Model| AccessRow {
            what: ACCESS_WHAT.read(&row.id, &row.what),
            at: Moment(row.at),
            park: row.park_code,
        };
        Ok(rows.into_iter().map(access).collect())
    }
}

/// Returns a requirement by its reference, also inside a transaction.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    reference: &str,
) -> Result<Option<RequirementRow>, DbError> {
    let row = requirement::Entity::find().filter(requirement::Column::Reference.eq(reference)).one(connection).await?;
    Ok(row.map(stored))
}

/// Returns a requirement by its reference under a row lock until the transaction ends: an inquiry and an erasure take turns.
pub(crate) async fn lock(tx: &DatabaseTransaction, reference: &str) -> Result<Option<RequirementRow>, DbError> {
    let row = requirement::Entity::find()
        .filter(requirement::Column::Reference.eq(reference))
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(row.map(stored))
}

/// Returns the last four digits of a phone number.
fn last4(phone: &str) -> Option<String> {
    let at = phone.len().checked_sub(4)?;
    phone.get(at..).filter(|tail| tail.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned)
}

/// Sets fields and text of a corrected requirement.
pub(crate) async fn correct(
    tx: &DatabaseTransaction,
    id: &str,
    requirement: &StoredRequirement,
    text: Option<&str>,
) -> Result<(), DbErr> {
    let mut update = requirement::Entity::update_many()
        .col_expr(requirement::Column::Body, Expr::value(requirement.to_json().to_string()));
    if let Some(text) = text {
        update = update.col_expr(requirement::Column::FreeText, Expr::value(text));
    }
    update.filter(requirement::Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// Fills the search keys of requirements that an earlier program inserted, at most `limit` of them; returns their number.
pub(crate) async fn fill(tx: &DatabaseTransaction, limit: u64) -> Result<usize, DbErr> {
    use requirement::Column as C;
    let bare = requirement::Entity::find().filter(C::CompanyKey.is_null()).filter(C::Company.is_not_null());
    let rows = bare.limit(limit).all(tx).await?;
    for row in &rows {
        let phone = row.phone.as_deref().and_then(last4);
        requirement::Entity::update_many()
            .col_expr(C::CompanyKey, Expr::value(row.company.as_deref().map(company_key)))
            .col_expr(C::PhoneLast4, Expr::value(phone))
            .filter(C::Id.eq(&row.id))
            .exec(tx)
            .await?;
    }
    Ok(rows.len())
}

/// Withdraws the consent to one park.
pub(crate) async fn withdraw_consent(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    park: &str,
    now: Moment,
) -> Result<(), DbErr> {
    consent::Entity::update_many()
        .col_expr(consent::Column::WithdrawnAt, Expr::value(now.0))
        .filter(consent::Column::RequirementId.eq(requirement_id))
        .filter(consent::Column::Purpose.eq(ConsentPurpose::Provide.word()))
        .filter(consent::Column::Receiver.eq(park))
        .filter(consent::Column::WithdrawnAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether an account looked at the contact data for this park since a moment.
pub(crate) async fn has_looked(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    account_id: &str,
    since: Moment,
) -> Result<bool, DbErr> {
    let row = access::Entity::find()
        .filter(access::Column::RequirementId.eq(requirement_id))
        .filter(access::Column::AccountId.eq(account_id))
        .filter(access::Column::At.gt(since.0))
        .one(tx)
        .await?;
    Ok(row.is_some())
}

/// Returns a requirement by its row id under a row lock until the transaction ends.
pub(crate) async fn lock_of(tx: &DatabaseTransaction, id: &str) -> Result<Option<RequirementRow>, DbError> {
    let row = requirement::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(row.map(stored))
}

/// Returns every consent to a requirement's processing as JSON, oldest first, for its owner.
pub(crate) async fn consents_of(
    connection: &impl ConnectionTrait,
    id: &str,
) -> Result<Vec<serde_json::Value>, DbError> {
    let rows = consent::Entity::find().filter(consent::Column::RequirementId.eq(id));
    let rows = rows.order_by_asc(consent::Column::At).order_by_asc(consent::Column::Id).all(connection).await?;
    let json = |row: consent::Model| {
        serde_json::json!({
            "purpose": row.purpose,
            "receiver": row.receiver,
            "receiver_name": row.receiver_name,
            "data_kinds": row.data_kinds.split(',').collect::<Vec<_>>(),
            "notice_version": row.notice_version,
            "at": Moment(row.at).rfc3339(),
            "withdrawn_at": row.withdrawn_at.map(|at| Moment(at).rfc3339()),
        })
    };
    Ok(rows.into_iter().map(json).collect())
}

/// Builds the insert of a new requirement.
pub(crate) fn row(new: &RequirementRow) -> InsertStatement {
    let contact = new.contact.as_ref();
    let row = requirement::ActiveModel {
        id: Set(new.id.clone()),
        reference: Set(new.reference.clone()),
        state: Set(new.state.word().to_owned()),
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
        company_key: Set(contact.map(|c| company_key(&c.company))),
        phone_last4: Set(contact.and_then(|c| last4(&c.phone))),
    };
    requirement::Entity::insert(row).into_query()
}

/// Clears a suspected requirement; `false` where it is not suspected any more.
pub(crate) async fn clear(tx: &DatabaseTransaction, id: &str) -> Result<bool, DbErr> {
    let done = requirement::Entity::update_many()
        .col_expr(requirement::Column::State, Expr::value(RequirementState::Open.word()))
        .filter(requirement::Column::Id.eq(id))
        .filter(requirement::Column::State.eq(RequirementState::Suspected.word()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Erases the personal columns and withdraws the consents; the fields of the requirement stay for statistics.
pub(crate) async fn erase(tx: &DatabaseTransaction, id: &str, now: Moment) -> Result<(), DbErr> {
    use requirement::Column as C;
    let nothing = || Expr::value(None::<String>);
    let bodies = requirement::Entity::find_by_id(id).select_only().column(C::Body).into_tuple::<String>();
    let body = bodies.one(tx).await?.unwrap_or_default();
    requirement::Entity::update_many()
        .col_expr(C::State, Expr::value(RequirementState::Erased.word()))
        .col_expr(C::Body, Expr::value(without_words(&body)))
        .col_expr(C::FreeText, nothing())
        .col_expr(C::Company, nothing())
        .col_expr(C::Contact, nothing())
        .col_expr(C::Phone, nothing())
        .col_expr(C::Email, nothing())
        .col_expr(C::Uscc, nothing())
        .col_expr(C::CompanyKey, nothing())
        .col_expr(C::PhoneLast4, nothing())
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

/// Returns a requirement's JSON without the one field that holds words of the enterprise.
fn without_words(body: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(body) else { return "{}".to_owned() };
    if let Some(fields) = value.as_object_mut() {
        fields.remove("capacity");
    }
    value.to_string()
}

/// Builds the insert of consents; a live one that exists already is left unchanged.
pub(crate) fn consents(new: impl IntoIterator<Item = NewConsent>, now: Moment) -> InsertStatement {
    // One statement may touch a row once: several listings of one park give one consent.
    let mut seen = std::collections::HashSet::new();
    let once = |new: &NewConsent| seen.insert((new.requirement_id.clone(), new.purpose, new.receiver.clone()));
    let rows = new.into_iter().filter(once).map(|new| consent::ActiveModel {
        id: Set(ids::row_id()),
        requirement_id: Set(new.requirement_id),
        purpose: Set(new.purpose.word().to_owned()),
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
    // A consent that was withdrawn is given again; a live one stays as it was given first.
    let once = OnConflict::columns([C::RequirementId, C::Purpose, C::Receiver])
        .update_columns([C::NoticeVersion, C::NoticeHash, C::At, C::WithdrawnAt])
        .action_and_where(Expr::col((consent::Entity, C::WithdrawnAt)).is_not_null())
        .to_owned();
    consent::Entity::insert_many(rows).on_conflict(once).into_query()
}

/// Whether a live consent permits providing the contact data to this park.
pub(crate) async fn may_provide(
    connection: &impl ConnectionTrait,
    requirement_id: &str,
    park: &str,
) -> Result<bool, DbErr> {
    let row = consent::Entity::find()
        .filter(consent::Column::RequirementId.eq(requirement_id))
        .filter(consent::Column::Purpose.eq(ConsentPurpose::Provide.word()))
        .filter(consent::Column::Receiver.eq(park))
        .filter(consent::Column::WithdrawnAt.is_null())
        .one(connection)
        .await?;
    Ok(row.is_some())
}

/// Records an access to contact data.
pub(crate) async fn record_access(
    tx: &DatabaseTransaction,
    requirement_id: &str,
    account_id: &str,
    park: &str,
    what: AccessKind,
    now: Moment,
) -> Result<(), DbErr> {
    let row = access::ActiveModel {
        id: Set(ids::row_id()),
        requirement_id: Set(requirement_id.to_owned()),
        account_id: Set(account_id.to_owned()),
        park_code: Set(park.to_owned()),
        what: Set(what.word().to_owned()),
        at: Set(now.0),
    };
    access::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// An entry of the audit trail. `detail` holds no personal data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuditLine<'a> {
    pub(crate) actor: &'a str,
    pub(crate) action: AuditAction,
    pub(crate) subject: &'a str,
    pub(crate) detail: &'a str,
}

/// Builds the insert of entries of the audit trail.
pub(crate) fn audit_lines<'a>(lines: impl IntoIterator<Item = AuditLine<'a>>, now: Moment) -> InsertStatement {
    let row = |line: AuditLine<'_>| audit::ActiveModel {
        id: Set(ids::row_id()),
        at: Set(now.0),
        actor: Set(line.actor.to_owned()),
        action: Set(line.action.word().to_owned()),
        subject: Set(line.subject.to_owned()),
        detail: Set(line.detail.to_owned()),
        batch: Set(None),
    };
    audit::Entity::insert_many(lines.into_iter().map(row)).into_query()
}

/// Inserts an entry of the audit trail.
pub(crate) async fn audit(
    tx: &DatabaseTransaction,
    actor: &str,
    action: AuditAction,
    subject: &str,
    detail: &str,
    now: Moment,
) -> Result<(), DbErr> {
    tx.execute(&audit_lines([AuditLine { actor, action, subject, detail }], now)).await?;
    Ok(())
}
