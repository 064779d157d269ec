//! Listings like one, nearest first, for its page.

use domain::geo::{Point, distance_km};
use domain::listing::{Kind, Listing};
use domain::matching::Match;
use domain::record::Record;
use domain::requirement::Requirement;
use serde::Serialize;
use serde_json::{Value, json};

use super::context::Page;
use crate::i18n::LabelledValue;
use crate::service::matching;
use crate::web::view::{address, key_facts, land_of, listing_url, name_of};

/// Listings shown: with the one itself, as many as a comparison takes.
const MOST: usize = 5;
/// The part and the multiple of a size within which another size is like it.
const LIKE: (f64, f64) = (0.5, 2.0);
/// Farthest listing that counts as near, km.
const MOST_KM: u32 = 100;

/// Listings like one, and their comparison with it.
#[derive(Serialize)]
pub(super) struct Alike {
    listings: Vec<AlikeListing>,
    compare_url: String,
}

#[derive(Serialize)]
struct AlikeListing {
    name: String,
    url: String,
    facts: Vec<LabelledValue>,
}

/// Returns offered listings of the same kind and of a like size within [`MOST_KM`], nearest first; `None` where there is
/// none, or where the size or the place is not known.
pub(super) fn alike(page: &Page, record: &Record, listing: &Listing) -> Option<Alike> {
    let centre = listing.point?;
    let wanted = like(record, centre)?;
    let answer = matching::answer(&page.app, &wanted, matching::MOST);
    let others = answer.matched.into_iter().chain(answer.to_confirm).filter(|found| found.listing.id != listing.id);
    let mut near: Vec<(f64, Match)> =
        others.filter_map(|found| Some((distance_km(centre, point_of(page, &found)?), found))).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.listing.id.cmp(&b.1.listing.id)));
    near.truncate(MOST);
    let ids = std::iter::once(&*listing.id).chain(near.iter().map(|(_, found)| &*found.listing.id));
    let compare_url = address(&page.url("/compare"), ids.map(|id| ("ids", id)));
    let listings: Vec<AlikeListing> = near.iter().filter_map(|(_, found)| view(page, found)).collect();
    (!listings.is_empty()).then_some(Alike { listings, compare_url })
}

fn point_of(page: &Page, found: &Match) -> Option<Point> {
    page.app.inventory.point(found.listing.kind, &found.listing.id)
}

/// The requirement that listings like this one meet.
fn like(record: &Record, centre: Point) -> Option<Requirement> {
    let near = json!({ "lng": rounded(centre.lng), "lat": rounded(centre.lat), "max_km": MOST_KM });
    let (field, size) = match record.kind() {
        Kind::Plot => ("land_mu", land_of(record)?.ceil4().to_f64()),
        Kind::Space => ("floor_m2", record.decimal("available_m2")?.to_f64()),
        Kind::Park => return None,
    };
    let sizes = json!({ "min": rounded(size * LIKE.0), "max": rounded(size * LIKE.1) });
    Requirement::from_json(&json!({ "kinds": [record.kind().word()], "near": near, field: sizes })).ok()
}

/// A figure with the four decimals that a requirement takes.
fn rounded(figure: f64) -> Value {
    const PLACES: f64 = 1e4;
    json!((figure * PLACES).round() / PLACES)
}

fn view(page: &Page, found: &Match) -> Option<AlikeListing> {
    let (kind, id) = (found.listing.kind, &found.listing.id);
    let (record, listing) = (page.app.inventory.record(kind, id)?, page.app.inventory.listing(kind, id)?);
    // Whole plots are compared, not the part that the sizes asked for would take.
    let whole = Match { take_mu: None, ..found.clone() };
    let mut facts = key_facts(page.notation(), &record, &whole, &[]);
    // Asked for the part that would be taken.
    facts.retain(|fact| fact.name != "tax_asked");
    Some(AlikeListing { name: name_of(page.locale, &listing), url: listing_url(page.locale, kind, id), facts })
}
