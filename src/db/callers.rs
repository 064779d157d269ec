//! Stored requirements beside a listing, and the leads by which its park knows their firms.

use std::collections::HashSet;

use domain::account::Scope;
use domain::lead::LeadState;
use domain::requirement::Word as _;
use domain::stored::StoredRequirement;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use super::entity::{inquiry, lead, requirement};
use super::lead::{LeadRow, leads, rows_of};
use super::words::RequirementState;
use super::{Db, DbError};

/// Requirements per query.
const PER_QUERY: usize = 500;

impl Db {
    /// Returns the newest requirements in work, each with its id.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn needs_in_work(&self, most: u64) -> Result<Vec<(String, StoredRequirement)>, DbError> {
        use requirement::Column as R;
        let rows: Vec<(String, String)> = requirement::Entity::find()
            .select_only()
            .column(R::Id)
            .column(R::Body)
            .filter(R::ErasedAt.is_null())
            .filter(R::State.eq(RequirementState::Open.word()))
            .order_by_desc(R::Id)
            .limit(most)
            .into_tuple()
            .all(self.read_whole())
            .await?;
        Ok(rows.into_iter().map(|(id, body)| (id, StoredRequirement::parse(&body))).collect())
    }

    /// Returns the requirements that have asked for a listing.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn needs_asking(&self, listing: &str) -> Result<HashSet<String>, DbError> {
        use inquiry::Column as I;
        let asking = inquiry::Entity::find().select_only().column(I::RequirementId).filter(I::ListingCode.eq(listing));
        Ok(asking.into_tuple::<String>().all(self.read_whole()).await?.into_iter().collect())
    }

    /// Returns the leads of a park in this scope that belong to some of these requirements, newest first; those that were
    /// withdrawn are left out.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Other`].
    pub(crate) async fn leads_among(
        &self,
        scope: &Scope,
        park: &str,
        needs: &[String],
    ) -> Result<Vec<LeadRow>, DbError> {
        use lead::Column as C;
        let mut found = Vec::new();
        for part in needs.chunks(PER_QUERY) {
            let own = leads(scope).filter(C::ParkCode.eq(park)).filter(C::RequirementId.is_in(part));
            let own = own.filter(C::State.ne(LeadState::Withdrawn.word())).order_by_desc(C::Id);
            let rows = own.all(self.read_whole()).await?;
            found.extend(rows_of(self.read_whole(), rows).await?);
        }
        Ok(found)
    }
}
