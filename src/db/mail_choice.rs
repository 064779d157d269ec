//! The kinds of optional mail that an address takes or not, each under the token of its link (RFC 8058).

use domain::time::Moment;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::mail_choice::{ActiveModel, Column as C, Entity as Choice, Model};
use super::words::{CHOICE_KIND, MailPurpose};
use super::{Db, DbError};
use crate::ids;

/// The choice of one address about one kind of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailChoice {
    /// Secret of its link.
    pub token: String,
    pub address: String,
    /// `None` for a kind of another version.
    pub kind: Option<MailPurpose>,
    /// When the address was taken off the list.
    pub off_at: Option<Moment>,
}

impl Db {
    /// Returns the choice of an address about a kind of mail, made with a new token where there is none.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn mail_choice(&self, address: &str, kind: MailPurpose, now: Moment) -> Result<MailChoice, DbError> {
        let own = || Choice::find().filter(C::Address.eq(address)).filter(C::Kind.eq(kind.word()));
        if let Some(row) = own().one(self.read()).await? {
            return Ok(stored(row));
        }
        let row = ActiveModel {
            token: Set(ids::token()),
            address: Set(address.to_owned()),
            kind: Set(kind.word().to_owned()),
            created_at: Set(now.0),
            off_at: Set(None),
        };
        // Another process may have made it meanwhile.
        let known = OnConflict::columns([C::Address, C::Kind]).do_nothing().to_owned();
        let (insert, find) = (Choice::insert(row).on_conflict(known), own());
        self.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                insert.exec_without_returning(tx).await?;
                Ok(find.one(tx).await?.map(stored))
            })
        })
        .await?
        .ok_or_else(|| DbError::Other(anyhow::anyhow!("a choice was not stored")))
    }

    /// Returns the choice of a link.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn mail_choice_of(&self, token: &str) -> Result<Option<MailChoice>, DbError> {
        Ok(Choice::find_by_id(token).one(self.read()).await?.map(stored))
    }

    /// Takes an address off a kind of mail, or puts it back.
    ///
    /// # Errors
    /// [`DbError::Unavailable`], [`DbError::Full`] or [`DbError::Other`].
    pub async fn choose_mail(&self, token: &str, off_at: Option<Moment>) -> Result<(), DbError> {
        let change =
            Choice::update_many().col_expr(C::OffAt, Expr::value(off_at.map(|at| at.0))).filter(C::Token.eq(token));
        self.write(|tx| {
            Box::pin(async move {
                change.exec(tx).await?;
                Ok(())
            })
        })
        .await
    }
}

fn stored(row: Model) -> MailChoice {
    let kind = CHOICE_KIND.read(&row.token, &row.kind).known();
    MailChoice { token: row.token, address: row.address, kind, off_at: row.off_at.map(Moment) }
}
