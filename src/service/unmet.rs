//! Unmet demand: needs that nothing offered fits, by region, kind and failing criterion. A cell is shown from five
//! enterprises on: fewer would point at one of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::contact::company_key;
use domain::kind::Kind;
use domain::matching::Answer;
use domain::region::{DivisionCode, divisions};
use domain::requirement::Requirement;
use domain::time::SECONDS_PER_DAY;

use super::accounts::Actor;
use super::context::Context;
use super::matching;
use crate::db::requirement::RequirementRow;
use crate::error::Result;

/// Enterprises from which on a cell is shown.
pub const LEAST_FIRMS: usize = 5;
/// Days of needs that count.
const DAYS: i64 = 365;
/// Needs that are judged, the newest.
const MOST_NEEDS: u64 = 2_000;
/// The criterion of needs to which nothing comes near.
pub const NOTHING_NEAR: &str = "nothing_near";

/// The demand that a cell counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellKey {
    /// The province where the site is wanted; `None` for anywhere.
    pub region: Option<DivisionCode>,
    /// The kind wanted; `None` for any.
    pub kind: Option<&'static str>,
    /// The criterion by which offers fall short alone, or [`NOTHING_NEAR`].
    pub criterion: &'static str,
}

/// A cell with the number of its enterprises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandCell {
    /// The demand.
    pub key: CellKey,
    /// Enterprises.
    pub firms: usize,
}

/// Demand that nothing meets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnmetDemand {
    /// Cells that are shown, most enterprises first.
    pub cells: Vec<DemandCell>,
    /// Whether cells of fewer enterprises are left out.
    pub has_hidden: bool,
    /// Needs that were judged.
    pub judged: usize,
    /// Needs among them that nothing fits.
    pub unmet: usize,
}

/// Returns the unmet demand of the last year. Cells hold no enterprise's data, so that every member of staff sees them.
///
/// # Errors
/// [`crate::error::Error::Unavailable`] or [`crate::error::Error::Internal`].
pub async fn demand(app: &Context, _: &Actor) -> Result<UnmetDemand> {
    let since = app.clock.now().plus_seconds(-DAYS * SECONDS_PER_DAY);
    let needs = app.db.needs_since(since, MOST_NEEDS).await?;
    let mut firms: BTreeMap<CellKey, BTreeSet<String>> = BTreeMap::new();
    let mut demand = UnmetDemand::default();
    for need in needs.iter().filter(|need| !need.is_suspected()) {
        let Some(firm) = need.contact.as_ref().map(|contact| company_key(&contact.company)) else { continue };
        demand.judged += 1;
        let keys = cells_of(app, need);
        demand.unmet += usize::from(!keys.is_empty());
        for key in keys {
            firms.entry(key).or_default().insert(firm.clone());
        }
        // Judging is work of the processor: others have their turn between two needs.
        tokio::task::yield_now().await;
    }
    let all = firms.len();
    let shown = firms.into_iter().filter(|(_, firms)| firms.len() >= LEAST_FIRMS);
    demand.cells = shown.map(|(key, firms)| DemandCell { key, firms: firms.len() }).collect();
    demand.has_hidden = demand.cells.len() < all;
    demand.cells.sort_by(|a, b| b.firms.cmp(&a.firms).then_with(|| a.key.cmp(&b.key)));
    Ok(demand)
}

/// The cells of a need; none where something fits it, or may fit it.
fn cells_of(app: &Context, need: &RequirementRow) -> BTreeSet<CellKey> {
    let wanted: &Requirement = need.requirement.known();
    let answer = matching::answer(app, wanted, 1);
    if answer.counts.matched + answer.counts.to_confirm > 0 {
        return BTreeSet::new();
    }
    let mut keys = BTreeSet::new();
    for region in regions(wanted) {
        for kind in kinds(wanted) {
            keys.extend(criteria(&answer).map(|criterion| CellKey { region, kind, criterion }));
        }
    }
    keys
}

fn regions(wanted: &Requirement) -> BTreeSet<Option<DivisionCode>> {
    let provinces: BTreeSet<_> = wanted.regions.iter().map(|code| province(*code)).collect();
    if provinces.is_empty() { [None].into() } else { provinces }
}

fn province(code: DivisionCode) -> Option<DivisionCode> {
    divisions().upwards(code).last().map(|row| row.code)
}

fn kinds(wanted: &Requirement) -> Vec<Option<&'static str>> {
    let kinds: Vec<_> = wanted.kinds.iter().map(|kind: &Kind| Some(kind.word())).collect();
    if kinds.is_empty() { vec![None] } else { kinds }
}

fn criteria(answer: &Answer) -> impl Iterator<Item = &'static str> {
    let failing: BTreeSet<&'static str> =
        answer.relaxations.iter().map(|relaxation| relaxation.criterion.id()).collect();
    let nothing = failing.is_empty().then_some(NOTHING_NEAR);
    failing.into_iter().chain(nothing)
}
