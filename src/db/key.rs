//! API keys; only their hashes are stored.

use domain::account::Role;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{account, api_key};
use super::words::KEY_ROLE;
use super::{Db, DbError};

/// Separator of park codes.
const SEPARATOR: char = ';';

/// An API key as stored.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Row id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its role; a role of another version has no rights.
    pub role: Stored<Role>,
    /// Codes of its parks; empty for all.
    pub parks: Vec<String>,
    /// The account that it acts as.
    pub account_id: String,
    /// Address of the person for whom it was made.
    pub person: Option<String>,
    /// Time of making.
    pub created_at: Moment,
    /// Whether it still opens anything.
    pub is_live: bool,
}

/// A key to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewKey {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) role: Role,
    pub(crate) parks: Vec<String>,
    /// Id of the person's account.
    pub(crate) person: Option<String>,
}

fn stored(row: api_key::Model, accounts: &[account::Model]) -> ApiKey {
    let person = row.for_account.as_ref().and_then(|id| accounts.iter().find(|account| account.id == *id));
    // A key of a person ends with the person's account.
    let has_ended = person.is_some_and(|account| account.disabled_at.is_some());
    let parks = row.parks.split(SEPARATOR).filter(|code| !code.is_empty()).map(str::to_owned).collect();
    ApiKey {
        role: KEY_ROLE.read(&row.id, &row.role),
        is_live: row.revoked_at.is_none() && !has_ended,
        person: person.map(|account| account.email.clone()),
        id: row.id,
        name: row.name,
        parks,
        account_id: row.account_id,
        created_at: Moment(row.created_at),
    }
}

/// Inserts a key and, unless it is a person's, an account of its own, which cannot sign in.
pub(crate) async fn add(tx: &DatabaseTransaction, new: NewKey, now: Moment) -> Result<(), DbErr> {
    let account_id = match &new.person {
        Some(id) => id.clone(),
        None => {
            let own = account::ActiveModel {
                id: Set(new.id.clone()),
                email: Set(format!("key:{}", new.name)),
                role: Set(domain::requirement::Word::word(new.role).to_owned()),
                park_code: Set(new.parks.first().cloned()),
                password_hash: Set(None),
                created_at: Set(now.0),
                disabled_at: Set(Some(now.0)),
                totp_secret: Set(None),
                totp_at: Set(None),
                totp_step: Set(None),
            };
            account::Entity::insert(own).exec_without_returning(tx).await?;
            new.id.clone()
        }
    };
    let row = api_key::ActiveModel {
        id: Set(new.id),
        name: Set(new.name),
        hash: Set(new.hash),
        role: Set(domain::requirement::Word::word(new.role).to_owned()),
        parks: Set(new.parks.join(&SEPARATOR.to_string())),
        account_id: Set(account_id),
        for_account: Set(new.person),
        created_at: Set(now.0),
        revoked_at: Set(None),
    };
    api_key::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Revokes a live key; returns its id, `None` where no live key has this name.
pub(crate) async fn revoke(tx: &DatabaseTransaction, name: &str, now: Moment) -> Result<Option<String>, DbErr> {
    let live = api_key::Column::Name.eq(name).and(api_key::Column::RevokedAt.is_null());
    let Some(row) = api_key::Entity::find().filter(live).one(tx).await? else { return Ok(None) };
    api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(now.0))
        .filter(api_key::Column::Id.eq(&row.id))
        .exec(tx)
        .await?;
    Ok(Some(row.id))
}

/// Revokes the live keys of a person.
pub(crate) async fn revoke_of(tx: &DatabaseTransaction, account_id: &str, now: Moment) -> Result<(), DbErr> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(now.0))
        .filter(api_key::Column::ForAccount.eq(account_id))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

impl Db {
    /// Returns every key, by name.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn keys(&self) -> Result<Vec<ApiKey>, DbError> {
        let rows = api_key::Entity::find().order_by_asc(api_key::Column::Name).all(self.read()).await?;
        self.with_people(rows).await
    }

    /// Returns the live key of a hash.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn key_of(&self, hash: &str) -> Result<Option<ApiKey>, DbError> {
        let rows = api_key::Entity::find().filter(api_key::Column::Hash.eq(hash)).all(self.read()).await?;
        Ok(self.with_people(rows).await?.pop().filter(|key| key.is_live))
    }

    async fn with_people(&self, rows: Vec<api_key::Model>) -> Result<Vec<ApiKey>, DbError> {
        let people = account::Entity::find()
            .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.for_account.as_deref())))
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| stored(row, &people)).collect())
    }
}
