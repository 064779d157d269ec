//! Order and filters of an answer, as parameters of its address.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::listing::Kind;
use domain::matching::{Answer, Match};
use domain::record::Record;
use domain::region::{DivisionCode, divisions};
use domain::requirement::{ParkLevel, Requirement, Word as _};
use serde::Serialize;

use super::context::Page;
use crate::i18n::{provinces, word};
use crate::web::view::{AskedPlaces, OptionView, free_from, land_price, named_places, square_metres};

/// Orders of an answer; the first is the engine's own.
const ORDERS: [&str; 5] = ["score", "price", "area", "near", "free"];
/// Names of the parameters.
const SORT: &str = "sort";
const KIND: &str = "only_kind";
const LEVEL: &str = "only_level";
const REGION: &str = "only_region";
const FREE: &str = "only_free";
/// Longest typed region, in characters; the rest is cut off.
const LONGEST_ENTRY: usize = 100;

/// The order and filters asked for; an unknown word is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Sift {
    order: usize,
    kind: Option<Kind>,
    level: Option<ParkLevel>,
    /// The region as typed.
    typed: String,
    region: Option<DivisionCode>,
    only_free: bool,
}

/// The controls of the order and the filters.
#[derive(Serialize)]
pub(super) struct SiftView {
    orders: Vec<OptionView>,
    kinds: Vec<OptionView>,
    levels: Vec<OptionView>,
    region: String,
    region_wrong: Option<String>,
    provinces: Vec<String>,
    only_free: bool,
    is_any: bool,
}

impl Sift {
    /// Reads the parameters of a query or form.
    pub(super) fn of(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
        let typed: String = get(REGION).chars().take(LONGEST_ENTRY).collect();
        Self {
            order: ORDERS.iter().position(|word| *word == get(SORT)).unwrap_or_default(),
            kind: Kind::from_word(get(KIND)),
            level: ParkLevel::from_word(get(LEVEL)),
            region: named_places(&typed).into_iter().next(),
            typed,
            only_free: get(FREE) == "yes",
        }
    }

    /// Returns the parameters that are set, for addresses.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let order = (self.order > 0).then(|| (SORT, ORDERS[self.order].to_owned()));
        let kind = self.kind.map(|kind| (KIND, kind.word().to_owned()));
        let level = self.level.map(|level| (LEVEL, level.word().to_owned()));
        let region = (!self.typed.is_empty()).then(|| (REGION, self.typed.clone()));
        let free = self.only_free.then(|| (FREE, "yes".to_owned()));
        [order, kind, level, region, free].into_iter().flatten().collect()
    }

    /// Whether the engine's own order and whole lists do not do.
    pub(super) fn is_any(&self) -> bool {
        !self.pairs().is_empty()
    }

    /// Whether listings are left out.
    pub(super) fn leaves_out(&self) -> bool {
        self.kind.is_some() || self.level.is_some() || self.region.is_some() || self.only_free
    }

    /// Filters and orders the lists of an answer, and counts what is left of each. Listings of equal rank keep their order.
    pub(super) fn apply(&self, page: &Page, requirement: &Requirement, found: &mut Answer) {
        let places = AskedPlaces::of(requirement);
        for list in [&mut found.matched, &mut found.to_confirm, &mut found.near] {
            if self.leaves_out() {
                list.retain(|it| self.keeps(page, it));
            }
            if self.order > 0 {
                list.sort_by_cached_key(|it| self.rank(page, &places, it));
            }
        }
        if self.leaves_out() {
            let counts = &mut found.counts;
            (counts.matched, counts.to_confirm) = (found.matched.len(), found.to_confirm.len());
            counts.near = found.near.len();
        }
    }

    fn keeps(&self, page: &Page, found: &Match) -> bool {
        let listing = &found.listing;
        let is_within = |outer: DivisionCode| listing.region.is_some_and(|own| divisions().covers(outer, own));
        let level = || {
            let park = page.app.inventory.record(Kind::Park, listing.park.as_deref()?)?;
            ParkLevel::from_word(park.get("level"))
        };
        self.kind.is_none_or(|kind| kind == listing.kind)
            && self.region.is_none_or(is_within)
            && self.level.is_none_or(|wanted| level() == Some(wanted))
            && (!self.only_free || found.held.is_empty())
    }

    fn rank(&self, page: &Page, places: &AskedPlaces, found: &Match) -> Rank {
        let listing = &found.listing;
        let record = || page.app.inventory.record(listing.kind, &listing.id);
        match ORDERS[self.order] {
            "price" => Rank(record().and_then(|it| price(&it)).map(|price| (listing.kind as i64, price))),
            // The largest first.
            "area" => Rank(record().and_then(|it| square_metres(&it)).map(|area| (0, -area.micro()))),
            "near" => Rank(distance(page, places, found).map(|km| (0, km as i64))),
            _ => Rank(record().and_then(|it| free(&it)).map(|day| (0, day))),
        }
    }

    /// Returns the controls.
    pub(super) fn view(&self, page: &Page) -> SiftView {
        let option = |group: &str, value: &str, checked: bool| OptionView {
            value: value.to_owned(),
            label: word(page.locale, group, value),
            checked,
        };
        let is_unknown = !self.typed.is_empty() && self.region.is_none();
        SiftView {
            orders: ORDERS.iter().enumerate().map(|(at, it)| option("sort", it, at == self.order)).collect(),
            kinds: Kind::ALL.iter().map(|it| option("kind", it.word(), self.kind == Some(*it))).collect(),
            levels: ParkLevel::WORDS.iter().map(|(word, it)| option("level", word, self.level == Some(*it))).collect(),
            region: self.typed.clone(),
            region_wrong: is_unknown.then(|| page.tell("list.region_wrong")),
            provinces: provinces(page.locale),
            only_free: self.only_free,
            is_any: self.is_any(),
        }
    }
}

/// The place of a listing in an order: known figures rise, silence comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rank(Option<(i64, i64)>);

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0.is_none(), self.0).cmp(&(other.0.is_none(), other.0))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Price of land per mu or rent per m², in millionths; the two are compared with their own kind alone.
fn price(record: &Arc<Record>) -> Option<i64> {
    let price = match record.kind() {
        Kind::Plot => land_price(record),
        Kind::Space => record.decimal("rent_yuan_m2_month"),
        Kind::Park => None,
    };
    price.map(domain::decimal::Decimal::micro)
}

fn distance(page: &Page, places: &AskedPlaces, found: &Match) -> Option<f64> {
    let listing = &found.listing;
    // A circle is measured from the listing's own point; divisions from seats, which need no listing.
    let point = || page.app.inventory.point(listing.kind, &listing.id);
    let point = if places.divisions.is_empty() { point() } else { None };
    places.km(point, listing.region)
}

/// The first free day; what is free now comes before every day.
fn free(record: &Arc<Record>) -> Option<i64> {
    let from: Option<NaiveDate> = free_from(record)?;
    Some(from.map_or(i64::MIN, |day| i64::from(chrono::Datelike::num_days_from_ce(&day))))
}
