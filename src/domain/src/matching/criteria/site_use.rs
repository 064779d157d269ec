//! Use: the land or building use allows the need.

use crate::land_use::LandUse;
use crate::listing::{Space, SpaceKind};
use crate::matching::rule::*;
use crate::requirement::Use;

/// The uses of a space: as written, else as its kind implies.
fn space_uses(space: &Space) -> &[Use] {
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

/// Whether a listing's use allows a need; `None` where its record is blank. Parks have no use.
pub(in crate::matching) fn allows(listing: &Listing) -> impl Fn(Use) -> Option<bool> {
    let land_use = match &listing.detail {
        Detail::Plot(plot) => LandUse::parse(&plot.land_use),
        Detail::Space(_) | Detail::Park(_) => None,
    };
    move |need| match &listing.detail {
        Detail::Space(space) => Some(space_uses(space).contains(&need)),
        _ => land_use.and_then(|land_use| land_use.allows(need)),
    }
}

pub(super) fn judge(case: &Case<'_>) -> Option<Finding> {
    let wanted = case.requirement.site_use?;
    let offer = match &case.listing.detail {
        Detail::Plot(plot) if plot.land_use.is_empty() => Value::Nothing,
        Detail::Plot(plot) => Value::Text(plot.land_use.clone()),
        Detail::Space(space) => Value::Words(space_uses(space).iter().map(|it| it.word()).collect()),
        Detail::Park(_) => return None,
    };
    let need = Value::Word(wanted.word());
    Some(match allows(case.listing)(wanted) {
        None => Finding { offer, ..Finding::unknown(need) },
        Some(is_allowed) => Finding::whole(is_allowed, need, offer),
    })
}

pub(super) fn predicate(requirement: &Requirement, _: Kind) -> Option<Predicate> {
    let need = requirement.site_use?;
    Some(Predicate::Flags { met: flags::allows(need), known: flags::allows(need) | flags::refuses(need) })
}
