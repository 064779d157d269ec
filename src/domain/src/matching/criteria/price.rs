//! Price: a plot's starting price per mu, a space's rent, each up to the highest asked of its kind. A plot whose area is
//! blank or zero has its price by the square metre, else none.

use crate::area::UNITS_PER_MU;
use crate::listing::Plot;
use crate::matching::rule::*;

/// 1 元/㎡ is 1/15 万元/亩: 2000/3 m² per mu, 10,000 元 per 万.
const YUAN_SQM_PER_WAN_MU: i128 = 15;
/// Units of [`crate::area::Mu`] per mu, per millionth of the price: both cancelled, so that products stay in i128.
const PRICE_UNITS: i128 = UNITS_PER_MU / SCALE as i128;

/// A plot's starting price, 万元/亩.
fn plot_price(plot: &Plot) -> Option<Ratio> {
    let whole = plot.start_price_wan.zip(plot.area.filter(|area| area.units() > 0));
    let by_area = |(price, area): (Decimal, crate::area::Mu)| Ratio {
        over: i128::from(price.micro()) * PRICE_UNITS,
        under: area.units().into(),
    };
    let by_sqm = |yuan: Decimal| Ratio { over: yuan.micro().into(), under: YUAN_SQM_PER_WAN_MU * i128::from(SCALE) };
    whole.map(by_area).or_else(|| plot.start_price_yuan_sqm.map(by_sqm))
}

/// The price by which a listing is judged: 万元/亩 for plots, 元/㎡/月 for spaces.
pub(in crate::matching) fn price_of(listing: &Listing) -> Option<Ratio> {
    match &listing.detail {
        Detail::Plot(plot) => plot_price(plot),
        Detail::Space(space) => {
            space.rent_yuan_m2_month.map(|rent| Ratio { over: rent.micro().into(), under: SCALE.into() })
        }
        Detail::Park(_) => None,
    }
}

/// Returns the price by which a listing is judged, rounded up at the fourth place: 万元/亩 for plots, 元/㎡/月 for spaces.
#[must_use]
pub fn asked_price(listing: &Listing) -> Option<Decimal> {
    price_of(listing).map(Ratio::ceil4)
}

fn highest(requirement: &Requirement, kind: Kind) -> Option<Decimal> {
    match kind {
        Kind::Plot => requirement.price_wan_per_mu_max,
        Kind::Space => requirement.rent_yuan_m2_month_max,
        Kind::Park => None,
    }
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let most = highest(case.requirement, case.listing.kind())?;
    let need = Value::Number(most);
    let Some(price) = price_of(case.listing) else { return Some(Finding::unknown(need)) };
    let offer = Value::Number(price.ceil4());
    // Both sides over the price's denominator times a million.
    let (asked, limit) = (price.over * i128::from(SCALE), i128::from(most.micro()) * price.under);
    let per_unit = price.under * i128::from(SCALE);
    Some(Finding::measured(Formula::Headroom, asked, Ends { least: None, most: Some(limit) }, per_unit, [need, offer]))
}

pub(super) fn predicate(requirement: &Requirement, kind: Kind) -> Option<Predicate> {
    let most = highest(requirement, kind)?;
    Some(Predicate::within(Magnitude::Cell(Figure::PRICE), None, Some(most)))
}
