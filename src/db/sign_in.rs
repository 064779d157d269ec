//! Means of access of an account: one-time tokens, sessions, recovery codes, known browsers, and forms kept for after a sign-in.

use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _,
};

use super::account::{self, Account};
use super::entity::{account_token, kept_form, known_browser, recovery_code, session};
use super::words::{TOKEN_PURPOSE, TokenPurpose};
use super::{Db, DbError};

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The hash of its token, which names it and opens nothing.
    pub hash: String,
    /// Time of the sign-in.
    pub created_at: Moment,
    /// Time of its last use, accurate to a minute.
    pub seen_at: Moment,
    /// The network of the sign-in, `203.0.113.0/24`; `None` for a sign-in by a one-time link.
    pub network: Option<String>,
    /// Browser and system in a few words; `None` as above.
    pub browser: Option<String>,
}

/// A session to be opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewSession {
    pub(crate) hash: String,
    pub(crate) account_id: String,
    pub(crate) network: Option<String>,
    pub(crate) browser: Option<String>,
}

/// A one-time token to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewToken {
    pub(crate) hash: String,
    pub(crate) account_id: String,
    pub(crate) purpose: TokenPurpose,
    pub(crate) subject: Option<String>,
    pub(crate) expires_at: Moment,
}

/// Steps of a clock that is kept by NTP stay below this.
const CLOCK_STEP_SECONDS: i64 = 300;

impl Db {
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
        // Under a clock set back a session would live longer than its hours.
        let is_ahead = row.created_at > now.plus_seconds(CLOCK_STEP_SECONDS).0;
        if is_ahead || row.expires_at <= now.0 || row.seen_at <= now.plus_seconds(-idle_seconds).0 {
            return Ok(None);
        }
        let account = account::find(self.read(), &row.account_id).await?;
        Ok(account.filter(|account| !account.disabled).map(|account| (account, Moment(row.seen_at))))
    }

    /// Returns the account of a session that has ended by itself, not by its owner.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn former_session_account(&self, hash: &str) -> Result<Option<Account>, DbError> {
        let Some(row) = session::Entity::find_by_id(hash).one(self.read()).await? else { return Ok(None) };
        Ok(account::find(self.read(), &row.account_id).await?.filter(|account| !account.disabled))
    }

    /// Returns the live sessions of an account, the one used last first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn sessions(&self, account_id: &str, now: Moment, idle_seconds: i64) -> Result<Vec<SessionRow>, DbError> {
        let rows = session::Entity::find()
            .filter(session::Column::AccountId.eq(account_id))
            .filter(session::Column::ExpiresAt.gt(now.0))
            .filter(session::Column::SeenAt.gt(now.plus_seconds(-idle_seconds).0))
            .order_by_desc(session::Column::SeenAt)
            .order_by_asc(session::Column::Hash)
            .all(self.read())
            .await?;
        let row = |row: session::Model| SessionRow {
            hash: row.hash,
            created_at: Moment(row.created_at),
            seen_at: Moment(row.seen_at),
            network: row.network,
            browser: row.browser,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Returns the account of a live one-time token and its subject.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn token_account(
        &self,
        purpose: TokenPurpose,
        hash: &str,
        now: Moment,
    ) -> Result<Option<(Account, Option<String>)>, DbError> {
        let row = account_token::Entity::find_by_id(hash)
            .filter(account_token::Column::UsedAt.is_null())
            .filter(account_token::Column::ExpiresAt.gt(now.0))
            .one(self.read())
            .await?;
        let Some(row) = row.filter(|row| TOKEN_PURPOSE.read(&row.account_id, &row.purpose) == purpose) else {
            return Ok(None);
        };
        let account = account::find(self.read(), &row.account_id).await?.filter(|account| !account.disabled);
        Ok(account.map(|account| (account, row.subject)))
    }

    /// Returns the number of failures of a known browser of this account; `None` for any other.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn browser_failures(&self, hash: &str, account_id: &str) -> Result<Option<i64>, DbError> {
        let row = known_browser::Entity::find_by_id(hash).one(self.read()).await?;
        Ok(row.filter(|row| row.account_id == account_id).map(|row| row.failures))
    }

    /// Returns a kept form, still encrypted, by the hash of its cookie.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn kept_form(&self, hash: &str, account_id: &str, now: Moment) -> Result<Option<String>, DbError> {
        let row = kept_form::Entity::find_by_id(hash)
            .filter(kept_form::Column::AccountId.eq(account_id))
            .filter(kept_form::Column::ExpiresAt.gt(now.0))
            .one(self.read())
            .await?;
        Ok(row.map(|row| row.sealed))
    }
}

/// Stores a one-time token. Those of the same account and purpose end, except looks, of which each has its own lead.
pub(crate) async fn replace_token(tx: &DatabaseTransaction, new: NewToken) -> Result<(), DbErr> {
    if new.purpose != TokenPurpose::Look {
        account_token::Entity::delete_many()
            .filter(account_token::Column::AccountId.eq(new.account_id.as_str()))
            .filter(account_token::Column::Purpose.eq(new.purpose.word()))
            .exec(tx)
            .await?;
    }
    let row = account_token::ActiveModel {
        hash: Set(new.hash),
        account_id: Set(new.account_id),
        purpose: Set(new.purpose.word().to_owned()),
        expires_at: Set(new.expires_at.0),
        used_at: Set(None),
        subject: Set(new.subject),
    };
    account_token::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Marks a one-time token as used; `false` where it was used before.
pub(crate) async fn use_token(tx: &DatabaseTransaction, hash: &str, now: Moment) -> Result<bool, DbErr> {
    let done = account_token::Entity::update_many()
        .col_expr(account_token::Column::UsedAt, Expr::value(now.0))
        .filter(account_token::Column::Hash.eq(hash))
        .filter(account_token::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Inserts a session.
pub(crate) async fn open_session(
    tx: &DatabaseTransaction,
    new: NewSession,
    now: Moment,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        hash: Set(new.hash),
        account_id: Set(new.account_id),
        created_at: Set(now.0),
        seen_at: Set(now.0),
        expires_at: Set(expires_at.0),
        network: Set(new.network),
        browser: Set(new.browser),
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

/// Deletes one session of an account, or all but one; returns how many.
pub(crate) async fn end_sessions(
    tx: &DatabaseTransaction,
    account_id: &str,
    which: WhichSessions<'_>,
) -> Result<u64, DbErr> {
    let own = session::Entity::delete_many().filter(session::Column::AccountId.eq(account_id));
    let own = match which {
        WhichSessions::One(hash) => own.filter(session::Column::Hash.eq(hash)),
        WhichSessions::AllBut(hash) => own.filter(session::Column::Hash.ne(hash)),
        WhichSessions::All => own,
    };
    Ok(own.exec(tx).await?.rows_affected)
}

/// The sessions of an account that end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WhichSessions<'a> {
    /// The one of this hash.
    One(&'a str),
    /// Every other than the one of this hash.
    AllBut(&'a str),
    /// Every one.
    All,
}

/// Ends everything that lets an account in: sessions, one-time tokens, known browsers. Keys end by [`super::key::revoke_of`] when
/// the account is disabled.
pub(crate) async fn end_access(tx: &DatabaseTransaction, account_id: &str) -> Result<(), DbErr> {
    end_sessions(tx, account_id, WhichSessions::All).await?;
    account_token::Entity::delete_many().filter(account_token::Column::AccountId.eq(account_id)).exec(tx).await?;
    known_browser::Entity::delete_many().filter(known_browser::Column::AccountId.eq(account_id)).exec(tx).await?;
    Ok(())
}

/// Replaces the recovery codes of an account.
pub(crate) async fn replace_codes(
    tx: &DatabaseTransaction,
    account_id: &str,
    hashes: Vec<String>,
) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account_id)).exec(tx).await?;
    let row = |hash| recovery_code::ActiveModel {
        hash: Set(hash),
        account_id: Set(account_id.to_owned()),
        used_at: Set(None),
    };
    if !hashes.is_empty() {
        recovery_code::Entity::insert_many(hashes.into_iter().map(row)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Uses a recovery code of an account up; `false` where it has no such code or it was used before.
pub(crate) async fn use_code(
    tx: &DatabaseTransaction,
    account_id: &str,
    hash: &str,
    now: Moment,
) -> Result<bool, DbErr> {
    let done = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now.0))
        .filter(recovery_code::Column::Hash.eq(hash))
        .filter(recovery_code::Column::AccountId.eq(account_id))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Inserts a known browser.
pub(crate) async fn know_browser(
    tx: &DatabaseTransaction,
    hash: &str,
    account_id: &str,
    now: Moment,
) -> Result<(), DbErr> {
    let row = known_browser::ActiveModel {
        hash: Set(hash.to_owned()),
        account_id: Set(account_id.to_owned()),
        seen_at: Set(now.0),
        failures: Set(0),
    };
    known_browser::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Counts a try of a known browser before it is judged, so that tries at once are counted too.
pub(crate) async fn count_browser_try(tx: &DatabaseTransaction, hash: &str) -> Result<(), DbErr> {
    known_browser::Entity::update_many()
        .col_expr(known_browser::Column::Failures, Expr::col(known_browser::Column::Failures).add(1))
        .filter(known_browser::Column::Hash.eq(hash))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes a right sign-in of a known browser, which clears its failures.
pub(crate) async fn greet_browser(tx: &DatabaseTransaction, hash: &str, now: Moment) -> Result<(), DbErr> {
    known_browser::Entity::update_many()
        .col_expr(known_browser::Column::Failures, Expr::value(0))
        .col_expr(known_browser::Column::SeenAt, Expr::value(now.0))
        .filter(known_browser::Column::Hash.eq(hash))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores an encrypted form.
pub(crate) async fn keep_form(
    tx: &DatabaseTransaction,
    hash: &str,
    account_id: &str,
    sealed: String,
    expires_at: Moment,
) -> Result<(), DbErr> {
    let row = kept_form::ActiveModel {
        hash: Set(hash.to_owned()),
        account_id: Set(account_id.to_owned()),
        sealed: Set(sealed),
        expires_at: Set(expires_at.0),
    };
    kept_form::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes a kept form.
pub(crate) async fn drop_form(tx: &DatabaseTransaction, hash: &str) -> Result<(), DbErr> {
    kept_form::Entity::delete_by_id(hash).exec(tx).await?;
    Ok(())
}

/// Deletes sessions, tokens and kept forms that ended before `before`, and browsers last seen before `forgotten`.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, before: Moment, forgotten: Moment) -> Result<(), DbErr> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(before.0)).exec(connection).await?;
    account_token::Entity::delete_many().filter(account_token::Column::ExpiresAt.lt(before.0)).exec(connection).await?;
    kept_form::Entity::delete_many().filter(kept_form::Column::ExpiresAt.lt(before.0)).exec(connection).await?;
    known_browser::Entity::delete_many().filter(known_browser::Column::SeenAt.lt(forgotten.0)).exec(connection).await?;
    Ok(())
}
