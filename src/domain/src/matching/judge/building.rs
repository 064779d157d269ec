//! Floor, price, terms and engineering conditions.

use super::{Case, FULL, Finding, SHORT, Value, permille, short_fit};
use crate::area::UNITS_PER_MU;
use crate::decimal::{Decimal, SCALE};
use crate::listing::{Detail, Listing, Plot};
use crate::matching::judge::indicator::Ratio;
use crate::requirement::{Tenure, Word as _};

/// The most that excess costs, ‰.
pub(in crate::matching) const EXCESS: i64 = 200;
/// 1 元/㎡ is 1/15 万元/亩: 2000/3 m² to the mu, 10,000 元 to the 万.
const YUAN_SQM_PER_WAN_MU: i128 = 15;
/// Units of [`crate::area::Mu`] in a mu, per millionth of the price: both cancelled, so that products stay in i128.
const PRICE_UNITS: i128 = UNITS_PER_MU / SCALE as i128;

/// `a - b` for `a ≥ b`, rounded up at the fourth place.
pub(super) fn difference(a: Decimal, b: Decimal) -> Decimal {
    Decimal::ceil4(i128::from(a.micro()) - i128::from(b.micro()), SCALE.into())
}

pub(in crate::matching) fn floor(case: &Case<'_>) -> Option<Finding> {
    let (space, range) = (case.space()?, case.requirement.floor_m2?);
    let need = Value::Range(range);
    let Some(there) = space.available_m2 else { return Some(Finding::unknown(need)) };
    let offer = Value::Range(crate::requirement::Range { min: space.min_lettable_m2, max: Some(there) });
    let least = space.min_lettable_m2.unwrap_or_default().max(range.min.unwrap_or_default());
    let most = range.max.map_or(there, |max| max.min(there));
    Some(if least <= most {
        Finding::met(FULL, need, offer)
    } else {
        Finding::short(short_fit(most.micro().into(), least.micro().into()), need, offer).by(difference(least, most))
    })
}

/// A plot's starting price, 万元/亩.
pub(in crate::matching) fn plot_price(plot: &Plot) -> Option<Ratio> {
    let whole = plot.start_price_wan.zip(plot.area.filter(|area| area.units() > 0));
    match (whole, plot.start_price_yuan_sqm) {
        (Some((price, area)), _) => {
            Some(Ratio { over: i128::from(price.micro()) * PRICE_UNITS, under: area.units().into() })
        }
        (None, yuan) => {
            yuan.map(|yuan| Ratio { over: yuan.micro().into(), under: YUAN_SQM_PER_WAN_MU * i128::from(SCALE) })
        }
    }
}

pub(in crate::matching) fn price(case: &Case<'_>) -> Option<Finding> {
    let (most, price) = match &case.listing.detail {
        Detail::Plot(plot) => (case.requirement.price_wan_per_mu_max?, plot_price(plot)),
        Detail::Space(space) => {
            let rent = space.rent_yuan_m2_month;
            let rent = rent.map(|rent| Ratio { over: rent.micro().into(), under: SCALE.into() });
            (case.requirement.rent_yuan_m2_month_max?, rent)
        }
        Detail::Park(_) => return None,
    };
    let need = Value::Number(most);
    let Some(price) = price else { return Some(Finding::unknown(need)) };
    let offer = Value::Number(price.ceil4());
    // Both sides over the price's denominator times a million.
    let (asked, limit) = (price.over * i128::from(SCALE), i128::from(most.micro()) * price.under);
    Some(if asked <= limit {
        Finding::met(FULL - SHORT * permille(asked, limit) / FULL, need, offer)
    } else {
        let gap = Decimal::ceil4(asked - limit, price.under * i128::from(SCALE));
        Finding::short(short_fit(limit, asked), need, offer).by(gap)
    })
}

/// The terms on which a listing is offered; empty is silence.
pub(in crate::matching) fn terms(listing: &Listing) -> Vec<Tenure> {
    match &listing.detail {
        Detail::Plot(plot) if plot.tenure.is_empty() => vec![Tenure::Buy],
        Detail::Plot(plot) => plot.tenure.clone(),
        Detail::Space(space) if space.tenure.is_empty() => {
            let buy = space.price_yuan_m2.map(|_| Tenure::Buy);
            let lease = space.rent_yuan_m2_month.map(|_| Tenure::Lease);
            buy.into_iter().chain(lease).collect()
        }
        Detail::Space(space) => space.tenure.clone(),
        Detail::Park(_) => Vec::new(),
    }
}

pub(in crate::matching) fn tenure(case: &Case<'_>) -> Option<Finding> {
    let wanted = case.requirement.tenure?;
    if matches!(case.listing.detail, Detail::Park(_)) {
        return None;
    }
    let need = Value::Word(wanted.word());
    let terms = terms(case.listing);
    if terms.is_empty() {
        return Some(Finding::unknown(need));
    }
    let offer = Value::Words(terms.iter().map(|term| term.word()).collect());
    Some(if terms.contains(&wanted) { Finding::met(FULL, need, offer) } else { Finding::short(0, need, offer) })
}

/// Offered ≥ needed, for one figure.
fn at_least(wanted: Option<Decimal>, there: Option<Decimal>) -> Option<Finding> {
    let wanted = wanted?;
    let need = Value::Number(wanted);
    let Some(there) = there else { return Some(Finding::unknown(need)) };
    let (asked, has) = (i128::from(wanted.micro()), i128::from(there.micro()));
    let offer = Value::Number(difference(there, Decimal::ZERO));
    Some(if has >= asked {
        Finding::met(FULL - EXCESS * permille(has - asked, has) / FULL, need, offer)
    } else {
        Finding::short(short_fit(has, asked), need, offer).by(difference(wanted, there))
    })
}

pub(in crate::matching) fn power(case: &Case<'_>) -> Option<Finding> {
    let there = match &case.listing.detail {
        Detail::Plot(plot) => plot.power_kva,
        Detail::Space(space) => space.power_kva,
        Detail::Park(_) => return None,
    };
    at_least(case.requirement.power_kva, there)
}

pub(in crate::matching) fn height(case: &Case<'_>) -> Option<Finding> {
    at_least(case.requirement.ceiling_height_m, case.space()?.ceiling_height_m)
}

pub(in crate::matching) fn load(case: &Case<'_>) -> Option<Finding> {
    at_least(case.requirement.floor_load_t_m2, case.space()?.floor_load_t_m2)
}

pub(in crate::matching) fn workstations(case: &Case<'_>) -> Option<Finding> {
    at_least(case.requirement.workstations, case.space()?.workstations)
}
