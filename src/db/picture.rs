//! Pictures and floor plans of listings.
//!
//! They are rows rather than files: backup, restore and any number of processes then carry them without a shared folder.

use domain::kind::Kind;
use domain::stored::Stored;
use domain::time::Moment;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::entity::picture;
use super::words::{PICTURE_SHOWS, PictureFormat, PictureShows};
use super::{Db, DbError};

/// A picture without its bytes.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Row id.
    pub id: String,
    /// Its subject.
    pub shows: Stored<PictureShows>,
    /// Its alternative text.
    pub alt: String,
    /// Name below `/pictures/`: the SHA-256 of its bytes and the format's ending.
    pub name: String,
    /// Width, px.
    pub width: i64,
    /// Height, px.
    pub height: i64,
}

/// A picture to store.
#[derive(Clone, Debug)]
pub(crate) struct NewPicture {
    pub(crate) id: String,
    pub(crate) shows: PictureShows,
    pub(crate) alt: String,
    pub(crate) format: PictureFormat,
    pub(crate) digest: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) actor: String,
}

impl Db {
    /// Returns the pictures of a listing in the order in which they were added.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn pictures(&self, kind: Kind, code: &str) -> Result<Vec<Picture>, DbError> {
        use picture::Column as C;
        let query = picture::Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Code.eq(code));
        let columns = [C::Id, C::Shows, C::Alt, C::Digest, C::Format, C::Width, C::Height];
        let rows = query.order_by_asc(C::Id).select_only().columns(columns);
        let rows: Vec<(String, String, String, String, String, i64, i64)> = rows.into_tuple().all(self.read()).await?;
        let picture =
            |(id, shows, alt, digest, format, width, height): (String, String, String, String, String, _, _)| Picture {
                shows: PICTURE_SHOWS.read(&id, &shows),
                name: format!("{digest}.{format}"),
                id,
                alt,
                width,
                height,
            };
        Ok(rows.into_iter().map(picture).collect())
    }

    /// Returns the bytes of a picture by its digest and format.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn picture_bytes(&self, digest: &str, format: PictureFormat) -> Result<Option<Vec<u8>>, DbError> {
        let query = picture::Entity::find().filter(picture::Column::Digest.eq(digest));
        let row = query.filter(picture::Column::Format.eq(format.word())).limit(1).one(self.read()).await?;
        Ok(row.and_then(|row| row.bytes))
    }
}

/// Counts the pictures of a listing.
pub(crate) async fn count(tx: &DatabaseTransaction, kind: Kind, code: &str) -> Result<u64, DbErr> {
    use picture::Column as C;
    picture::Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Code.eq(code)).count(tx).await
}

/// Whether a listing has a picture of these bytes.
pub(crate) async fn has(tx: &DatabaseTransaction, kind: Kind, code: &str, digest: &str) -> Result<bool, DbErr> {
    use picture::Column as C;
    let own = picture::Entity::find().filter(C::Kind.eq(kind.word())).filter(C::Code.eq(code));
    Ok(own.filter(C::Digest.eq(digest)).count(tx).await? > 0)
}

/// Stores a picture of a listing.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    kind: Kind,
    code: &str,
    new: NewPicture,
    now: Moment,
) -> Result<(), DbErr> {
    let row = picture::ActiveModel {
        id: Set(new.id),
        kind: Set(kind.word().to_owned()),
        code: Set(code.to_owned()),
        shows: Set(new.shows.word().to_owned()),
        alt: Set(new.alt),
        format: Set(new.format.word().to_owned()),
        digest: Set(new.digest),
        width: Set(i64::from(new.width)),
        height: Set(i64::from(new.height)),
        bytes: Set(Some(new.bytes)),
        actor: Set(new.actor),
        created_at: Set(now.0),
    };
    picture::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes a picture of a listing; returns whether it had it.
pub(crate) async fn remove(tx: &DatabaseTransaction, kind: Kind, code: &str, id: &str) -> Result<bool, DbErr> {
    use picture::Column as C;
    let own = picture::Entity::delete_many().filter(C::Kind.eq(kind.word())).filter(C::Code.eq(code));
    Ok(own.filter(C::Id.eq(id)).exec(tx).await?.rows_affected > 0)
}

/// Changes the alternative text of a picture of a listing; returns whether it had it.
pub(crate) async fn describe(
    tx: &DatabaseTransaction,
    kind: Kind,
    code: &str,
    id: &str,
    alt: &str,
) -> Result<bool, DbErr> {
    use picture::Column as C;
    let own = picture::Entity::update_many().col_expr(C::Alt, Expr::value(alt)).filter(C::Kind.eq(kind.word()));
    Ok(own.filter(C::Code.eq(code)).filter(C::Id.eq(id)).exec(tx).await?.rows_affected > 0)
}
