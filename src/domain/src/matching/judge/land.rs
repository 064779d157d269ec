//! What may settle on how much land: industries, uses, take, plot ratio.

use super::{Case, FULL, Finding, SHORT, Value, permille, short_fit};
use crate::area::{Mu, UNITS_PER_MU};
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::land_use::LandUse;
use crate::listing::{Detail, Listing, Space, SpaceKind};
use crate::requirement::{Range, Use, Word as _};

/// Points lost for each level between two related codes, ‰.
pub(in crate::matching) const LEVEL_STEP: i64 = 150;

pub(in crate::matching) fn industry(case: &Case<'_>) -> Option<Finding> {
    let codes: &[IndustryCode] = match &case.listing.detail {
        Detail::Plot(plot) => &plot.industries,
        Detail::Space(space) => &space.industries,
        Detail::Park(_) => return None,
    };
    let offer = Value::industries(codes);
    match (case.requirement.industry, codes.is_empty()) {
        (None, true) => None,
        (None, false) => Some(Finding::unstated(offer)),
        (Some(wanted), true) => Some(Finding::unknown(Value::Industries(vec![wanted]))),
        (Some(wanted), false) => {
            let need = Value::Industries(vec![wanted]);
            let closest =
                codes.iter().filter(|code| code.related(wanted)).map(|&code| code_distance(code, wanted)).min();
            Some(match closest {
                Some(levels) => Finding::met(FULL - LEVEL_STEP * levels, need, offer),
                None => Finding::short(0, need, offer),
            })
        }
    }
}

/// How many levels of the classification lie between two related codes, 0 to 3.
pub(in crate::matching) fn code_distance(a: IndustryCode, b: IndustryCode) -> i64 {
    let depth = |code: IndustryCode| i64::from(code.digits().saturating_sub(1));
    (depth(a) - depth(b)).abs()
}

pub(in crate::matching) fn banned_industry(case: &Case<'_>) -> Option<Finding> {
    let banned = &case.listing.banned_industries;
    let offer = Value::industries(banned);
    let Some(wanted) = case.requirement.industry else {
        return (!banned.is_empty()).then(|| Finding::unstated(offer));
    };
    let need = Value::Industries(vec![wanted]);
    Some(if banned.iter().any(|code| code.contains(wanted)) {
        Finding::short(0, need, offer)
    } else {
        Finding::met(FULL, need, offer)
    })
}

/// The uses of a space: as written, else as its kind says.
pub(in crate::matching) fn space_uses(space: &Space) -> &[Use] {
    if !space.uses.is_empty() {
        return &space.uses;
    }
    match space.kind {
        SpaceKind::Factory => &[Use::Production, Use::Warehouse],
        SpaceKind::Office => &[Use::Office, Use::Research],
        SpaceKind::Makerspace | SpaceKind::Incubator => &[Use::Incubation, Use::Office, Use::Research],
        SpaceKind::Accelerator => &[Use::Incubation, Use::Research, Use::Production, Use::Office],
    }
}

/// Whether a listing's use allows a need; `None` is silence, and parks have no use.
pub(in crate::matching) fn allows(listing: &Listing, need: Use) -> Option<bool> {
    match &listing.detail {
        Detail::Plot(plot) => LandUse::parse(&plot.land_use)?.allows(need),
        Detail::Space(space) => Some(space_uses(space).contains(&need)),
        Detail::Park(_) => None,
    }
}

pub(in crate::matching) fn site_use(case: &Case<'_>) -> Option<Finding> {
    let wanted = case.requirement.site_use?;
    let offer = match &case.listing.detail {
        Detail::Plot(plot) if plot.land_use.is_empty() => Value::Nothing,
        Detail::Plot(plot) => Value::Text(plot.land_use.clone()),
        Detail::Space(space) => Value::Words(space_uses(space).iter().map(|it| it.word()).collect()),
        Detail::Park(_) => return None,
    };
    let need = Value::Word(wanted.word());
    Some(match allows(case.listing, wanted) {
        None => Finding { offer, ..Finding::unknown(need) },
        Some(true) => Finding::met(FULL, need, offer),
        Some(false) => Finding::short(0, need, offer),
    })
}

pub(in crate::matching) fn land(case: &Case<'_>) -> Option<Finding> {
    let range = case.requirement.land_mu?;
    let need = Value::Range(range);
    match &case.listing.detail {
        Detail::Space(_) => None,
        Detail::Park(park) => {
            let offer = Value::number(park.available_land_mu);
            Some(match (range.min, park.available_land_mu) {
                (None, _) => Finding::met(FULL, need, offer),
                (Some(_), None) => Finding::unknown(need),
                (Some(min), Some(there)) if there >= min => Finding::met(FULL, need, offer),
                (Some(min), Some(there)) => {
                    Finding::short(short_fit(there.micro().into(), min.micro().into()), need, offer)
                        .by(super::building::difference(min, there))
                }
            })
        }
        Detail::Plot(_) => Some(match case.take {
            None => Finding::unknown(need),
            Some(take) => plot_land(take, range),
        }),
    }
}

fn plot_land(take: Mu, range: Range) -> Finding {
    let (need, offer) = (Value::Range(range), Value::Number(take.ceil4()));
    let units = |end: Decimal| i128::from(Mu::from_mu(end).units());
    let there = i128::from(take.units());
    match (range.min.map(units), range.max.map(units)) {
        (Some(min), _) if there < min => {
            Finding::short(short_fit(there, min), need, offer).by(Decimal::ceil4(min - there, UNITS_PER_MU))
        }
        (_, Some(max)) if there > max => {
            Finding::short(short_fit(max, there), need, offer).by(Decimal::ceil4(there - max, UNITS_PER_MU))
        }
        (min, max) => Finding::met(FULL - SHORT * off_middle(there, min, max) / FULL, need, offer),
    }
}

/// How far a take lies from the middle of a range (two ends) or from its one end, ‰.
pub(in crate::matching) fn off_middle(there: i128, min: Option<i128>, max: Option<i128>) -> i64 {
    match (min, max) {
        (Some(min), Some(max)) => permille((2 * there - min - max).abs(), max - min),
        (Some(min), None) => permille(there - min, there),
        (None, Some(max)) => permille(max - there, max),
        (None, None) => 0,
    }
}

pub(in crate::matching) fn plot_ratio(case: &Case<'_>) -> Option<Finding> {
    let (plot, wanted) = (case.plot()?, case.requirement.plot_ratio?);
    let need = Value::Number(wanted);
    if plot.far_min.is_none() && plot.far_max.is_none() {
        return Some(Finding::unknown(need));
    }
    let offer = Value::Range(Range { min: plot.far_min, max: plot.far_max });
    let fits = plot.far_min.is_none_or(|least| least <= wanted) && plot.far_max.is_none_or(|most| wanted <= most);
    Some(if fits { Finding::met(FULL, need, offer) } else { Finding::short(0, need, offer) })
}
