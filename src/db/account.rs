//! Staff accounts and the spheres in which they work.

use std::collections::{BTreeMap, HashMap};

use domain::account::{Role, Sphere};
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::{account, account_sphere, session};
use super::words::{ACCOUNT_ROLE, SPHERE_KIND, SphereKind};
use super::{Db, DbError};

/// A staff account as stored.
#[derive(Clone, Debug)]
pub struct Account {
    /// Row id.
    pub id: String,
    /// The mail address in lower case, which is the sign-in name.
    pub email: String,
    /// Its role; a role of another version has no rights.
    pub role: Stored<Role>,
    /// Where it works; empty for admins.
    pub sphere: Sphere,
    /// PHC string of Argon2id; `None` until a password is set.
    pub password_hash: Option<String>,
    /// Time of creation.
    pub created_at: Moment,
    /// Whether sign-in is disabled.
    pub disabled: bool,
    /// The second factor; `None` unless it was set up.
    pub totp: Option<Totp>,
    /// The secret of a second factor that no code has proved yet.
    pub unproved_secret: Option<String>,
}

/// The second factor of an account.
#[derive(Clone)]
pub struct Totp {
    /// The secret in base 32.
    pub secret: String,
    /// The time step of the last accepted code: a code counts once.
    pub last_step: i64,
}

impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Totp").field("last_step", &self.last_step).finish_non_exhaustive()
    }
}

/// Builds an account of its row and its sphere's rows. The previous program writes the first park alone: where that is not
/// in the sphere, it is the newer one.
fn stored(row: account::Model, rows: &[account_sphere::Model]) -> Account {
    let mut sphere = Sphere::default();
    for code in rows.iter().filter(|code| code.account_id == row.id) {
        match SPHERE_KIND.read(&row.id, &code.kind).known() {
            Some(SphereKind::Park) => sphere.parks.insert(code.code.clone()),
            Some(SphereKind::Region) => sphere.regions.insert(code.code.clone()),
            Some(SphereKind::Industry) => sphere.industries.insert(code.code.clone()),
            None => false,
        };
    }
    if let Some(park) = row.park_code.as_deref().filter(|park| !sphere.parks.contains(*park)) {
        sphere = Sphere::from(Some(park));
    }
    let (proved, unproved) = if row.totp_at.is_some() { (row.totp_secret, None) } else { (None, row.totp_secret) };
    Account {
        role: ACCOUNT_ROLE.read(&row.id, &row.role),
        id: row.id,
        email: row.email,
        sphere,
        password_hash: row.password_hash,
        created_at: Moment(row.created_at),
        disabled: row.disabled_at.is_some(),
        totp: proved.map(|secret| Totp { secret, last_step: row.totp_step.unwrap_or_default() }),
        unproved_secret: unproved,
    }
}

async fn with_sphere(connection: &impl ConnectionTrait, row: Option<account::Model>) -> Result<Option<Account>, DbErr> {
    let Some(row) = row else { return Ok(None) };
    let of_account = account_sphere::Column::AccountId.eq(row.id.as_str());
    let rows = account_sphere::Entity::find().filter(of_account).all(connection).await?;
    Ok(Some(stored(row, &rows)))
}

/// Builds accounts of their rows.
pub(super) async fn with_spheres(
    connection: &impl ConnectionTrait,
    rows: Vec<account::Model>,
) -> Result<Vec<Account>, DbErr> {
    let spheres = account_sphere::Entity::find().all(connection).await?;
    Ok(rows.into_iter().map(|row| stored(row, &spheres)).collect())
}

/// Selects people: the account of a key has no mail address.
fn of_person() -> SimpleExpr {
    account::Column::Email.contains("@")
}

/// Returns an account by its row id, also inside a transaction.
pub(crate) async fn find(connection: &impl ConnectionTrait, id: &str) -> Result<Option<Account>, DbErr> {
    let row = account::Entity::find_by_id(id).one(connection).await?;
    with_sphere(connection, row).await
}

/// Returns an account by its mail address under a row lock until the transaction ends.
pub(crate) async fn lock(tx: &DatabaseTransaction, email: &str) -> Result<Option<Account>, DbErr> {
    let row = account::Entity::find().filter(account::Column::Email.eq(email)).lock_exclusive().one(tx).await?;
    with_sphere(tx, row).await
}

impl Db {
    /// Returns an account by its mail address.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, DbError> {
        let row = account::Entity::find().filter(account::Column::Email.eq(email)).one(self.read()).await?;
        Ok(with_sphere(self.read(), row).await?)
    }

    /// Returns a person's account by its row id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn account_by_id(&self, id: &str) -> Result<Option<Account>, DbError> {
        let row = account::Entity::find_by_id(id).filter(of_person()).one(self.read()).await?;
        Ok(with_sphere(self.read(), row).await?)
    }

    /// Returns the accounts of people that are not disabled, by their ids.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn enabled_accounts(&self) -> Result<Vec<Account>, DbError> {
        Ok(enabled(self.read_whole()).await?)
    }

    /// Returns every person's account by its mail address, each with the time at which a session of it was last used.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn accounts(&self) -> Result<Vec<(Account, Option<Moment>)>, DbError> {
        let rows = account::Entity::find().filter(of_person()).order_by_asc(account::Column::Email);
        let rows = with_spheres(self.read_whole(), rows.all(self.read_whole()).await?).await?;
        let seen: Vec<(String, i64)> = session::Entity::find()
            .select_only()
            .column(session::Column::AccountId)
            .column_as(session::Column::SeenAt.max(), "seen_at")
            .group_by(session::Column::AccountId)
            .into_tuple()
            .all(self.read_whole())
            .await?;
        let seen: BTreeMap<String, i64> = seen.into_iter().collect();
        let with_time = |account: Account| {
            let seen_at = seen.get(&account.id).copied().map(Moment);
            (account, seen_at)
        };
        Ok(rows.into_iter().map(with_time).collect())
    }
}

/// Returns the accounts of people that are not disabled, by their ids, also inside a transaction.
pub(crate) async fn enabled(connection: &impl ConnectionTrait) -> Result<Vec<Account>, DbErr> {
    let people = account::Entity::find().filter(of_person()).filter(account::Column::DisabledAt.is_null());
    with_spheres(connection, people.order_by_asc(account::Column::Id).all(connection).await?).await
}

/// Returns the addresses of accounts by their ids.
pub(super) async fn emails(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, String>, DbErr> {
    let of_ids = account::Entity::find().filter(account::Column::Id.is_in(ids));
    Ok(of_ids.all(connection).await?.into_iter().map(|row| (row.id, row.email)).collect())
}

/// Inserts an account without a password.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    id: &str,
    email: &str,
    (role, sphere): (Role, &Sphere),
    now: Moment,
) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        id: Set(id.to_owned()),
        email: Set(email.to_owned()),
        role: Set(role.word().to_owned()),
        park_code: Set(sphere.parks.first().cloned()),
        password_hash: Set(None),
        created_at: Set(now.0),
        disabled_at: Set(None),
        totp_secret: Set(None),
        totp_at: Set(None),
        totp_step: Set(None),
    };
    account::Entity::insert(row).exec_without_returning(tx).await?;
    add_sphere(tx, id, sphere).await
}

/// Replaces role and sphere.
pub(crate) async fn change(tx: &DatabaseTransaction, id: &str, role: Role, sphere: &Sphere) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::Role, Expr::value(role.word()))
        .col_expr(account::Column::ParkCode, Expr::value(sphere.parks.first().cloned()))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    account_sphere::Entity::delete_many().filter(account_sphere::Column::AccountId.eq(id)).exec(tx).await?;
    add_sphere(tx, id, sphere).await
}

async fn add_sphere(tx: &DatabaseTransaction, id: &str, sphere: &Sphere) -> Result<(), DbErr> {
    let all = [
        (SphereKind::Park, &sphere.parks),
        (SphereKind::Region, &sphere.regions),
        (SphereKind::Industry, &sphere.industries),
    ];
    let row = |kind: SphereKind, code: &String| account_sphere::ActiveModel {
        account_id: Set(id.to_owned()),
        kind: Set(kind.word().to_owned()),
        code: Set(code.clone()),
    };
    let rows: Vec<_> =
        all.into_iter().flat_map(|(kind, codes)| codes.iter().map(move |code| row(kind, code))).collect();
    if !rows.is_empty() {
        account_sphere::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Disables an account, or enables it with `None`.
pub(crate) async fn set_disabled(tx: &DatabaseTransaction, id: &str, at: Option<Moment>) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(at.map(|at| at.0)))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Sets the password.
pub(crate) async fn set_password(tx: &DatabaseTransaction, id: &str, hash: &str) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores the secret of a second factor with the step of the code that proved it, or removes both with `None`.
pub(crate) async fn set_totp(
    tx: &DatabaseTransaction,
    id: &str,
    totp: Option<&Totp>,
    now: Moment,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::TotpSecret, Expr::value(totp.map(|totp| totp.secret.clone())))
        .col_expr(account::Column::TotpStep, Expr::value(totp.map(|totp| totp.last_step)))
        .col_expr(account::Column::TotpAt, Expr::value(totp.map(|_| now.0)))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Stores a secret that no code has proved yet; `false` where the second factor is set up.
pub(crate) async fn propose_totp(tx: &DatabaseTransaction, id: &str, secret: &str) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::TotpSecret, Expr::value(secret))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::TotpAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

impl Db {
    /// Returns ids and secrets of second factors that do not begin with a prefix.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn clear_secrets(&self, prefix: &str) -> Result<Vec<(String, String)>, DbError> {
        use account::Column as C;
        let clear = C::TotpSecret.not_like(format!("{prefix}%"));
        let rows = account::Entity::find().filter(C::TotpSecret.is_not_null()).filter(clear);
        let rows = rows.select_only().column(C::Id).column(C::TotpSecret).into_tuple();
        Ok(rows.all(self.read()).await?)
    }
}

/// Replaces the stored text of a secret, unless it was changed meanwhile.
pub(crate) async fn replace_secret(tx: &DatabaseTransaction, id: &str, old: &str, new: &str) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::TotpSecret, Expr::value(new))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::TotpSecret.eq(old))
        .exec(tx)
        .await?;
    Ok(())
}

/// Records the step of an accepted code; `false` where that step or a later one was used before.
pub(crate) async fn use_step(tx: &DatabaseTransaction, id: &str, step: i64) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::TotpStep.lt(step))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}
