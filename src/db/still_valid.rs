//! The monthly questions to parks and their answers.

use domain::time::Moment;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::still_valid::{ActiveModel, Column as C, Entity as Question, Model};
use super::{Db, DbError};

/// A monthly question to a park.
#[derive(Clone, Debug)]
pub struct ParkQuestion {
    /// Row id.
    pub id: String,
    /// Code of the park.
    pub park: String,
    /// The month, `2026-11`.
    pub month: String,
    /// SHA-256 of the token in the mail's link.
    pub token: String,
    /// Words of the kinds and ids of the listings.
    pub listings: Vec<(String, String)>,
    /// When it was asked.
    pub asked_at: Moment,
    /// When the link ends.
    pub expires_at: Moment,
    /// When it was answered.
    pub answered_at: Option<Moment>,
}

fn stored(row: Model) -> ParkQuestion {
    ParkQuestion {
        listings: serde_json::from_str(&row.listings).unwrap_or_default(),
        id: row.id,
        park: row.park_code,
        month: row.month,
        token: row.token,
        asked_at: Moment(row.asked_at),
        expires_at: Moment(row.expires_at),
        answered_at: row.answered_at.map(Moment),
    }
}

impl Db {
    /// Returns the question of a token's hash while its link lives.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn park_question(&self, token: &str, now: Moment) -> Result<Option<ParkQuestion>, DbError> {
        let live = Question::find().filter(C::Token.eq(token)).filter(C::ExpiresAt.gt(now.0));
        Ok(live.one(self.read()).await?.map(stored))
    }

    /// Returns the last question to a park.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn last_park_question(&self, park: &str) -> Result<Option<ParkQuestion>, DbError> {
        let of_park = Question::find().filter(C::ParkCode.eq(park)).order_by_desc(C::AskedAt);
        Ok(of_park.one(self.read()).await?.map(stored))
    }
}

/// Stores a question; `false` where the park was asked in that month already.
pub(crate) async fn ask(tx: &DatabaseTransaction, question: &ParkQuestion) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(question.id.clone()),
        park_code: Set(question.park.clone()),
        month: Set(question.month.clone()),
        token: Set(question.token.clone()),
        listings: Set(serde_json::to_string(&question.listings).unwrap_or_default()),
        asked_at: Set(question.asked_at.0),
        expires_at: Set(question.expires_at.0),
        answered_at: Set(None),
    };
    let once = OnConflict::columns([C::ParkCode, C::Month]).do_nothing().to_owned();
    Ok(Question::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1)
}

/// Marks a question as answered; the first answer counts.
pub(crate) async fn answer(tx: &DatabaseTransaction, id: &str, now: Moment) -> Result<(), DbErr> {
    Question::update_many()
        .col_expr(C::AnsweredAt, Expr::value(now.0))
        .filter(C::Id.eq(id))
        .filter(C::AnsweredAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}
