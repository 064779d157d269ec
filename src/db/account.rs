//! Staff accounts, their one-time links and sessions.

use domain::account::Role;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _,
};

use super::entity::{account, account_token, session};
use super::words::{ACCOUNT_ROLE, TokenPurpose};
use super::{Db, DbError};

/// A staff account as stored.
#[derive(Clone, Debug)]
pub struct Account {
    /// Row id.
    pub id: String,
    /// The mail address, which is the sign-in name.
    pub email: String,
    /// Its role; a role of another version has no rights.
    pub role: Stored<Role>,
    /// Code of its park; `None` for admins.
    pub park_code: Option<String>,
    /// PHC string of Argon2id; `None` until a password is set.
    pub password_hash: Option<String>,
    /// Whether sign-in is disabled.
    pub disabled: bool,
    /// Time of the invitation.
    pub created_at: Moment,
}

pub(super) fn stored(row: account::Model) -> Account {
    Account {
        role: ACCOUNT_ROLE.read(&row.id, &row.role),
        id: row.id,
        email: row.email,
        park_code: row.park_code,
        password_hash: row.password_hash,
        disabled: row.disabled_at.is_some(),
        created_at: Moment(row.created_at),
    }
}

impl Db {
    /// Returns an account by its mail address.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, DbError> {
        let row = account::Entity::find().filter(account::Column::Email.eq(email)).one(self.read()).await?;
        Ok(row.map(stored))
    }

    /// Returns an account by its id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn account_by_id(&self, id: &str) -> Result<Option<Account>, DbError> {
        Ok(account::Entity::find_by_id(id).one(self.read()).await?.map(stored))
    }

    /// Returns the account of a live session and the time of its last use, by the hash of its token.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn session_account(
        &self,
        hash: &str,
        now: Moment,
        idle_seconds: i64,
    ) -> Result<Option<(Account, Moment)>, DbError> {
        let Some(row) = session::Entity::find_by_id(hash).one(self.read()).await? else { return Ok(None) };
        if row.expires_at <= now.0 || row.seen_at <= now.plus_seconds(-idle_seconds).0 {
            return Ok(None);
        }
        let account = account::Entity::find_by_id(row.account_id).one(self.read()).await?;
        Ok(account.map(stored).filter(|account| !account.disabled).map(|account| (account, Moment(row.seen_at))))
    }

    /// Returns the account of a live one-time link.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn link_account(&self, hash: &str, now: Moment) -> Result<Option<Account>, DbError> {
        live_link(self.read(), hash, now).await
    }
}

/// Returns the account of a one-time link that is neither used nor expired.
pub(crate) async fn live_link(
    connection: &impl ConnectionTrait,
    hash: &str,
    now: Moment,
) -> Result<Option<Account>, DbError> {
    let row = account_token::Entity::find_by_id(hash)
        .filter(account_token::Column::UsedAt.is_null())
        .filter(account_token::Column::ExpiresAt.gt(now.0))
        .one(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(account::Entity::find_by_id(row.account_id)
        .one(connection)
        .await?
        .map(stored)
        .filter(|account| !account.disabled))
}

/// Inserts an account, or updates role and park of the one with this address; returns its id.
pub(crate) async fn upsert(
    tx: &DatabaseTransaction,
    id: &str,
    email: &str,
    role: Role,
    park: Option<&str>,
    now: Moment,
) -> Result<String, DbErr> {
    if let Some(row) = account::Entity::find().filter(account::Column::Email.eq(email)).one(tx).await? {
        let id = row.id.clone();
        let mut row = row.into_active_model();
        row.role = Set(role.word().to_owned());
        row.park_code = Set(park.map(str::to_owned));
        account::Entity::update(row).exec(tx).await?;
        return Ok(id);
    }
    let row = account::ActiveModel {
        id: Set(id.to_owned()),
        email: Set(email.to_owned()),
        role: Set(role.word().to_owned()),
        park_code: Set(park.map(str::to_owned)),
        password_hash: Set(None),
        created_at: Set(now.0),
        disabled_at: Set(None),
    };
    account::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id.to_owned())
}

/// Replaces the one-time links of an account by a new one.
pub(crate) async fn replace_link(
    tx: &DatabaseTransaction,
    account_id: &str,
    hash: &str,
    expires_at: Moment,
) -> Result<(), DbErr> {
    account_token::Entity::delete_many().filter(account_token::Column::AccountId.eq(account_id)).exec(tx).await?;
    let row = account_token::ActiveModel {
        hash: Set(hash.to_owned()),
        account_id: Set(account_id.to_owned()),
        purpose: Set(TokenPurpose::SignIn.word().to_owned()),
        expires_at: Set(expires_at.0),
        used_at: Set(None),
    };
    account_token::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Marks a one-time link as used; `false` where it was used before.
pub(crate) async fn use_link(tx: &DatabaseTransaction, hash: &str, now: Moment) -> Result<bool, DbErr> {
    let done = account_token::Entity::update_many()
        .col_expr(account_token::Column::UsedAt, Expr::value(now.0))
        .filter(account_token::Column::Hash.eq(hash))
        .filter(account_token::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Sets the password and ends all sessions of the account.
pub(crate) async fn set_password(tx: &DatabaseTransaction, account_id: &str, hash: &str) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .filter(account::Column::Id.eq(account_id))
        .exec(tx)
        .await?;
    session::Entity::delete_many().filter(session::Column::AccountId.eq(account_id)).exec(tx).await?;
    Ok(())
}

/// Inserts a session.
pub(crate) async fn open_session(
    tx: &DatabaseTransaction,
    hash: &str,
    account_id: &str,
    now: Moment,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        hash: Set(hash.to_owned()),
        account_id: Set(account_id.to_owned()),
        created_at: Set(now.0),
        seen_at: Set(now.0),
        expires_at: Set(expires_at.0),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Updates a session's time of last use.
pub(crate) async fn touch_session(tx: &DatabaseTransaction, hash: &str, now: Moment) -> Result<(), DbErr> {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now.0))
        .filter(session::Column::Hash.eq(hash))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes a session.
pub(crate) async fn close_session(tx: &DatabaseTransaction, hash: &str) -> Result<(), DbErr> {
    session::Entity::delete_by_id(hash).exec(tx).await?;
    Ok(())
}
