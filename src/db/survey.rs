//! The survey of stored values that this version does not know, as `luodi doctor` prints them.

use domain::listing::Kind;
use domain::requirement::Word as _;
use domain::stored::{StoredRequirement, UnknownPart};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, Query};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};

use super::entity::{listing_now, policy, requirement};
use super::words::{COLUMNS, ScannedColumn};
use super::{Db, DbError};

/// A stored value that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The table.
    pub table: &'static str,
    /// The column; with the field behind a dot where the column holds JSON.
    pub column: String,
    /// The row's key.
    pub row: String,
    /// The value as stored.
    pub value: String,
}

impl Db {
    /// Returns every stored word, field, code and record that this version does not know.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn unknown_values(&self) -> Result<Vec<Unknown>, DbError> {
        let mut found = Vec::new();
        for column in COLUMNS {
            found.extend(self.unknown_words(column).await?);
        }
        let rows = requirement::Entity::find().order_by_asc(requirement::Column::Id).all(self.read_whole()).await?;
        found.extend(rows.iter().flat_map(unknown_fields));
        let rows = listing_now::Entity::find().order_by_asc(listing_now::Column::Code).all(self.read_whole()).await?;
        found.extend(rows.into_iter().filter_map(unreadable_listing));
        let rows = policy::Entity::find().order_by_asc(policy::Column::Code).all(self.read_whole()).await?;
        let unreadable = rows.into_iter().filter(|row| super::policy::readable(row).is_none());
        found.extend(unreadable.map(|row| record("policy", row.code, row.record)));
        Ok(found)
    }

    async fn unknown_words(&self, of: &ScannedColumn) -> Result<Vec<Unknown>, DbError> {
        let column = || Expr::col(Alias::new(of.column));
        let key = Expr::col(Alias::new(of.key));
        let query = Query::select()
            .expr(Func::cast_as(key, Alias::new("text")))
            .expr(column())
            .from(Alias::new(of.table))
            .and_where(column().is_not_in((of.words)()))
            .order_by(Alias::new(of.key), sea_orm::Order::Asc)
            .to_owned();
        let rows = self.read_whole().query_all(&query).await?;
        let unknown = |row: sea_orm::QueryResult| {
            Ok(Unknown {
                table: of.table,
                column: of.column.to_owned(),
                row: row.try_get_by_index(0)?,
                value: row.try_get_by_index(1)?,
            })
        };
        rows.into_iter().map(unknown).collect()
    }
}

fn unknown_fields(row: &requirement::Model) -> Vec<Unknown> {
    let unknown = |kept: &UnknownPart| Unknown {
        table: "requirement",
        column: format!("body.{}", kept.field),
        row: row.id.clone(),
        value: kept.text(),
    };
    StoredRequirement::parse(&row.body).kept().iter().map(unknown).collect()
}

/// A listing of a known kind whose record cannot be read; that of an unknown kind is found by its word.
fn unreadable_listing(row: listing_now::Model) -> Option<Unknown> {
    let kind = Kind::from_word(&row.kind)?;
    super::listing::readable(kind, &row.code, &row.record).is_none().then(|| record("listing", row.code, row.record))
}

fn record(table: &'static str, row: String, value: String) -> Unknown {
    Unknown { table, column: "record".to_owned(), row, value }
}
