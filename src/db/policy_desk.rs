//! The desk of the policy library: drafts, published versions, addresses of before.

use domain::record::{Policies, Record};
use domain::time::Moment;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::{policy, policy_draft, policy_redirect, policy_version};
use super::{Db, DbError};

/// Versions that a page shows.
const MOST_VERSIONS: u64 = 50;

/// A draft.
#[derive(Clone, Debug)]
pub struct PolicyDraft {
    /// Row id.
    pub id: String,
    /// Code of the published policy that it changes; blank for a new one.
    pub policy: String,
    /// The cells.
    pub record: Record<Policies>,
    /// The account that wrote it last.
    pub author: String,
    /// When it was saved last.
    pub updated_at: Moment,
}

/// A version as it was published.
#[derive(Clone, Debug)]
pub struct PolicyVersion {
    /// The cells.
    pub record: Record<Policies>,
    /// The account that wrote it.
    pub author: String,
    /// The account that read and published it.
    pub reader: String,
    /// When it was published.
    pub published_at: Moment,
}

fn parsed(text: &str) -> Record<Policies> {
    serde_json::from_str(text).unwrap_or_else(|_| Record::blank(Policies))
}

fn draft_of(row: policy_draft::Model) -> PolicyDraft {
    PolicyDraft {
        id: row.id,
        policy: row.policy_code,
        record: parsed(&row.record),
        author: row.author_id,
        updated_at: Moment(row.updated_at),
    }
}

impl Db {
    /// Returns the drafts, the last changed first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy_drafts(&self) -> Result<Vec<PolicyDraft>, DbError> {
        let rows = policy_draft::Entity::find().order_by_desc(policy_draft::Column::UpdatedAt).all(self.read()).await?;
        Ok(rows.into_iter().map(draft_of).collect())
    }

    /// Returns one draft.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy_draft(&self, id: &str) -> Result<Option<PolicyDraft>, DbError> {
        Ok(policy_draft::Entity::find_by_id(id).one(self.read()).await?.map(draft_of))
    }

    /// Returns the versions of a policy, the newest first.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy_versions(&self, code: &str) -> Result<Vec<PolicyVersion>, DbError> {
        let rows = policy_version::Entity::find()
            .filter(policy_version::Column::PolicyCode.eq(code))
            .order_by_desc(policy_version::Column::PublishedAt)
            .limit(MOST_VERSIONS)
            .all(self.read())
            .await?;
        let version = |row: policy_version::Model| PolicyVersion {
            record: parsed(&row.record),
            author: row.author_id,
            reader: row.reader_id,
            published_at: Moment(row.published_at),
        };
        Ok(rows.into_iter().map(version).collect())
    }

    /// Returns the code that a policy of this former code has now.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub async fn policy_moved(&self, code: &str) -> Result<Option<String>, DbError> {
        Ok(policy_redirect::Entity::find_by_id(code).one(self.read()).await?.map(|row| row.to_code))
    }
}

/// Stores a draft, or its new cells.
pub(crate) async fn save(tx: &DatabaseTransaction, draft: &PolicyDraft) -> Result<(), DbErr> {
    use policy_draft::Column as C;
    let row = policy_draft::ActiveModel {
        id: Set(draft.id.clone()),
        policy_code: Set(draft.policy.clone()),
        record: Set(serde_json::to_string(&draft.record).unwrap_or_default()),
        author_id: Set(draft.author.clone()),
        created_at: Set(draft.updated_at.0),
        updated_at: Set(draft.updated_at.0),
    };
    let replace = OnConflict::column(C::Id).update_columns([C::Record, C::AuthorId, C::UpdatedAt]).to_owned();
    policy_draft::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Deletes a draft as it was read; `false` where it is gone or was changed since.
pub(crate) async fn close(tx: &DatabaseTransaction, draft: &PolicyDraft) -> Result<bool, DbErr> {
    use policy_draft::Column as C;
    let this = policy_draft::Entity::delete_many().filter(C::Id.eq(&draft.id));
    Ok(this.filter(C::UpdatedAt.eq(draft.updated_at.0)).exec(tx).await?.rows_affected == 1)
}

/// Keeps a version as it was published.
pub(crate) async fn keep_version(tx: &DatabaseTransaction, id: &str, version: &PolicyVersion) -> Result<(), DbErr> {
    let row = policy_version::ActiveModel {
        id: Set(id.to_owned()),
        policy_code: Set(version.record.id().to_owned()),
        record: Set(serde_json::to_string(&version.record).unwrap_or_default()),
        author_id: Set(version.author.clone()),
        reader_id: Set(version.reader.clone()),
        published_at: Set(version.published_at.0),
    };
    policy_version::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Whether a policy of this code is stored, withdrawn ones too.
pub(crate) async fn is_taken(tx: &DatabaseTransaction, code: &str) -> Result<bool, DbErr> {
    Ok(policy::Entity::find_by_id(code).one(tx).await?.is_some())
}

/// Gives a policy another code: its versions follow, and so does every address that it had.
pub(crate) async fn rename(tx: &DatabaseTransaction, from: &str, to: &str, now: Moment) -> Result<(), DbErr> {
    use policy_redirect::Column as C;
    use sea_orm::sea_query::Expr;
    policy::Entity::delete_by_id(from).exec(tx).await?;
    let moved = Expr::value(to.to_owned());
    policy_version::Entity::update_many()
        .col_expr(policy_version::Column::PolicyCode, moved.clone())
        .filter(policy_version::Column::PolicyCode.eq(from))
        .exec(tx)
        .await?;
    policy_redirect::Entity::update_many().col_expr(C::ToCode, moved).filter(C::ToCode.eq(from)).exec(tx).await?;
    // A policy that takes back a code of before is found there itself.
    policy_redirect::Entity::delete_by_id(to).exec(tx).await?;
    let row = policy_redirect::ActiveModel {
        code: Set(from.to_owned()),
        to_code: Set(to.to_owned()),
        created_at: Set(now.0),
    };
    let replace = OnConflict::column(C::Code).update_column(C::ToCode).to_owned();
    policy_redirect::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}
