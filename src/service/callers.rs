//! Firms to call about a listing: those whose needs have named its park and fit it, by the reverse engine. Firms that
//! have not named the park are counted and stay unknown to it.

use std::sync::Arc;

use domain::account::Scope;
use domain::listing::{Kind, Listing};
use domain::matching::ReverseIndex;
use domain::stored::StoredRequirement;

use super::accounts::Actor;
use super::context::Context;
use crate::db::lead::LeadRow;
use crate::error::{Error, Result};

/// Requirements in work that are judged, newest first.
const MOST_NEEDS: u64 = 20_000;
/// Leads that the page shows at most.
const MOST_SHOWN: usize = 100;

/// The firms that a listing fits and that have not asked for it.
pub struct Callers {
    /// The listing's name.
    pub name: String,
    /// Code of its park.
    pub park: String,
    /// Leads of the park.
    pub leads: Vec<LeadRow>,
    /// The number of requirements of other firms.
    pub others: usize,
}

/// Returns whom to call about a listing of the actor's parks.
///
/// # Errors
/// [`Error::NotFound`] for an unknown listing and one of another park.
pub async fn of_listing(app: &Context, actor: &Actor, kind: Kind, id: &str) -> Result<Callers> {
    let listing = app.inventory.listing(kind, id).ok_or(Error::NotFound)?;
    let record = app.inventory.record(kind, id).ok_or(Error::NotFound)?;
    let park = if kind == Kind::Park { record.id() } else { record.get("park_code") }.to_owned();
    if !actor.scope.covers(&park) {
        return Err(Error::NotFound);
    }
    let name = listing.name.to_string();
    let needs = app.db.needs_in_work(MOST_NEEDS).await?;
    let mut fitting = judge(needs, listing).await?;
    let asking = app.db.needs_asking(id).await?;
    fitting.retain(|need| !asking.contains(need));
    let mut leads = app.db.leads_among(&Scope::Park(park.clone()), &park, &fitting).await?;
    let known: std::collections::HashSet<String> = leads.iter().map(|row| row.inquiry.requirement_id.clone()).collect();
    let others = fitting.iter().filter(|need| !known.contains(*need)).count();
    leads.truncate(MOST_SHOWN);
    Ok(Callers { name, park, leads, others })
}

/// Returns the ids of the requirements that a listing fits, best first.
async fn judge(needs: Vec<(String, StoredRequirement)>, listing: Listing) -> Result<Vec<String>> {
    // Thousands of judgements take tenths of a second: not on a thread that serves requests.
    let work = move || {
        let mut index = ReverseIndex::default();
        for (id, need) in needs {
            index.put(Arc::from(id), need.known().clone());
        }
        let mut fits = index.fits(&listing);
        fits.sort_by_key(|fit| fit.group);
        fits.into_iter().map(|fit| fit.key.to_string()).collect()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))
}
