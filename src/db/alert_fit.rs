//! Listings that fit alerts: seen in the answer, due to be told, told. A told one stays until its alert ends.

use domain::listing::Kind;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::alert_fit::{ActiveModel, Column as C, Entity as Fits};
use super::words::{FIT_KIND, FIT_STATE, FitState};
use super::{Db, DbError};

/// Rows per statement: SQLite takes at most 32,766 bound values.
const CHUNK: usize = 500;

/// A listing by its kind and id.
pub(crate) type FitKey = (Kind, String);

/// A listing that fits an alert, as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownFit {
    pub(crate) alert: String,
    pub(crate) listing: FitKey,
    pub(crate) state: Stored<FitState>,
}

impl Db {
    /// Returns what is known of some listings, for every alert.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn known_fits(&self, listings: &[FitKey]) -> Result<Vec<KnownFit>, DbError> {
        let mut known = Vec::new();
        for kind in Kind::ALL {
            let of_kind = listings.iter().filter(|(own, _)| *own == kind);
            let codes: Vec<&str> = of_kind.map(|(_, code)| code.as_str()).collect();
            for chunk in codes.chunks(CHUNK) {
                let rows = Fits::find().filter(C::Kind.eq(kind.word())).filter(C::Code.is_in(chunk.iter().copied()));
                known.extend(rows.all(self.read_whole()).await?.into_iter().map(|row| KnownFit {
                    state: FIT_STATE.read(&row.code, &row.state),
                    listing: (kind, row.code),
                    alert: row.alert_id,
                }));
            }
        }
        Ok(known)
    }

    /// Returns the listings of which an alert is to be told, the longest known first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn due_fits(&self, alert: &str) -> Result<Vec<FitKey>, DbError> {
        let due = Fits::find().filter(C::AlertId.eq(alert)).filter(C::State.eq(FitState::Due.word()));
        let rows = due.order_by_asc(C::At).order_by_asc(C::Code).all(self.read()).await?;
        let key = |row: super::entity::alert_fit::Model| Some((FIT_KIND.read(&row.code, &row.kind).known()?, row.code));
        Ok(rows.into_iter().filter_map(key).collect())
    }
}

/// Stores listings that fit alerts; one that is known to an alert stays as it is known.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    fits: &[(String, FitKey)],
    state: FitState,
    now: Moment,
) -> Result<(), DbErr> {
    for chunk in fits.chunks(CHUNK) {
        let rows = chunk.iter().map(|(alert, (kind, code))| ActiveModel {
            alert_id: Set(alert.clone()),
            kind: Set(kind.word().to_owned()),
            code: Set(code.clone()),
            state: Set(state.word().to_owned()),
            at: Set(now.0),
        });
        let known = OnConflict::columns([C::AlertId, C::Kind, C::Code]).do_nothing().to_owned();
        Fits::insert_many(rows).on_conflict(known).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Forgets listings that do not fit any more, but for those that were told.
pub(crate) async fn remove(tx: &DatabaseTransaction, fits: &[(String, FitKey)]) -> Result<(), DbErr> {
    for (alert, (kind, code)) in fits {
        Fits::delete_many()
            .filter(C::AlertId.eq(alert.as_str()))
            .filter(C::Kind.eq(kind.word()))
            .filter(C::Code.eq(code.as_str()))
            .filter(C::State.ne(FitState::Told.word()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Marks listings of an alert as told.
pub(crate) async fn tell(tx: &DatabaseTransaction, alert: &str, listings: &[FitKey]) -> Result<(), DbErr> {
    for kind in Kind::ALL {
        let of_kind = listings.iter().filter(|(own, _)| *own == kind);
        let codes: Vec<&str> = of_kind.map(|(_, code)| code.as_str()).collect();
        for chunk in codes.chunks(CHUNK) {
            Fits::update_many()
                .col_expr(C::State, Expr::value(FitState::Told.word()))
                .filter(C::AlertId.eq(alert))
                .filter(C::Kind.eq(kind.word()))
                .filter(C::Code.is_in(chunk.iter().copied()))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}
