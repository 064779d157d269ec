//! Changed listings, judged for every alert by the reverse engine. The position in the change log moves in the transaction of
//! what was found, so that several processes note each listing once and a restart loses none.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::freshness::is_past;
use domain::listing::Kind;
use domain::matching::{Group, ReverseIndex};
use domain::requirement::Requirement;
use domain::stored::StoredRequirement;

use crate::db;
use crate::db::alert_fit::{FitKey, KnownFit};
use crate::db::cursor;
use crate::db::words::FitState;
use crate::error::{Code, Error, Result};
use crate::service::context::{App, Context};

/// The only alert of an index that is asked about one need.
const ONE: &str = "";

/// Notes the listings that newly fit an alert, and forgets those that do not fit any more, up to the snapshot's last change.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Full`] or [`Error::Internal`]; the next run begins where this one did.
pub async fn follow(app: &App) -> Result<()> {
    let seq = app.inventory.seq();
    let Some(from) = app.db.followed(cursor::ALERTS).await? else {
        // Nobody has asked for an alert yet.
        return Ok(());
    };
    if from >= seq {
        return Ok(());
    }
    let Some((changed, to)) = app.db.changed_listings(from, seq).await? else { return Ok(()) };
    let live = app.db.live_alerts().await?;
    let found =
        if live.needs.is_empty() { FitChanges::default() } else { judge(app, index_of(live.needs), changed).await? };
    let (noted, now) = (found.newly.len(), app.clock.now());
    let generation = live.generation;
    let done = app
        .db
        .write::<_, Error, _>(move |tx| {
            Box::pin(async move {
                if !cursor::advance(tx, cursor::ALERTS, from, to).await? {
                    return Err(Error::Conflict(Code::Conflict));
                }
                // An alert that was asked for meanwhile has not been judged.
                if db::alert::generation(tx).await? != generation {
                    return Err(Error::Conflict(Code::Conflict));
                }
                db::alert_fit::remove(tx, &found.gone).await?;
                db::alert_fit::add(tx, &found.newly, FitState::Due, now).await?;
                Ok(())
            })
        })
        .await;
    match done {
        Ok(()) => {
            metrics::counter!("luodi_alert_fits_total").increment(noted as u64);
            Ok(())
        }
        // The next run sees what came first.
        Err(Error::Conflict(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The requirements of alerts, by alert.
fn index_of(needs: Vec<(String, StoredRequirement)>) -> ReverseIndex {
    let mut index = ReverseIndex::default();
    for (id, need) in needs {
        index.put(Arc::from(id), need.known().clone());
    }
    index
}

/// Listings by alert: those that newly fit it, and those that fit it no more.
#[derive(Default)]
struct FitChanges {
    newly: Vec<(String, FitKey)>,
    gone: Vec<(String, FitKey)>,
}

async fn judge(app: &App, index: ReverseIndex, changed: Vec<FitKey>) -> Result<FitChanges> {
    let touched = with_inside(app, changed);
    let known = app.db.known_fits(&touched).await?;
    let app = app.clone();
    // Thousands of judgements take tenths of a second: not on a thread that serves requests.
    let work = move || compare(&app, &index, &touched, known);
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))
}

/// Adds the plots and spaces of changed parks, which have level, place and facilities from them.
fn with_inside(app: &Context, changed: Vec<FitKey>) -> Vec<FitKey> {
    let parks = changed.iter().filter(|(kind, _)| *kind == Kind::Park);
    let inside = parks.flat_map(|(_, code)| app.inventory.inside(code));
    let mut all: BTreeSet<FitKey> = inside.map(|record| (record.kind(), record.id().to_owned())).collect();
    all.extend(changed);
    all.into_iter().collect()
}

fn compare(app: &Context, index: &ReverseIndex, touched: &[FitKey], known: Vec<KnownFit>) -> FitChanges {
    let mut by_listing: HashMap<FitKey, Vec<KnownFit>> = HashMap::new();
    for fit in known {
        by_listing.entry(fit.listing.clone()).or_default().push(fit);
    }
    let mut found = FitChanges::default();
    for listing in touched {
        let fits: HashSet<Arc<str>> = fitted(app, index, listing).into_iter().collect();
        let known = by_listing.remove(listing).unwrap_or_default();
        let newly = fits.iter().filter(|alert| !known.iter().any(|fit| fit.alert == ***alert));
        found.newly.extend(newly.map(|alert| (alert.to_string(), listing.clone())));
        let gone = known.into_iter().filter(|fit| fit.state != FitState::Told && !fits.contains(fit.alert.as_str()));
        found.gone.extend(gone.map(|fit| (fit.alert, listing.clone())));
    }
    found
}

/// The alerts that a published listing fits in full; what is past is no news to anybody.
fn fitted(app: &Context, index: &ReverseIndex, (kind, code): &FitKey) -> Vec<Arc<str>> {
    let Some(listing) = app.inventory.listing(*kind, code).filter(|_| is_current(app, *kind, code)) else {
        return Vec::new();
    };
    index.fits(&listing).into_iter().filter(|fit| fit.group == Group::Matched).map(|fit| fit.key).collect()
}

/// Whether a listing is published and neither sold, nor a notice too old for current supply.
pub(super) fn is_current(app: &Context, kind: Kind, code: &str) -> bool {
    app.inventory.record(kind, code).is_some_and(|record| !is_past(&record, app.clock.now().day()))
}

/// Returns the listings that fit a need in full.
pub(super) async fn fitting_now(app: &App, need: &Requirement) -> Result<Vec<FitKey>> {
    let (app, need) = (app.clone(), need.clone());
    let work = move || {
        let mut index = ReverseIndex::default();
        index.put(Arc::from(ONE), need);
        let fits = |listing: &&domain::listing::Listing| {
            index.fits(listing).first().is_some_and(|fit| fit.group == Group::Matched)
        };
        let key = |listing: &domain::listing::Listing| (listing.kind(), listing.id.to_string());
        let found: Vec<FitKey> = app.inventory.with_index(|all| all.iter().filter(fits).map(key).collect());
        found.into_iter().filter(|(kind, code)| is_current(&app, *kind, code)).collect()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))
}
