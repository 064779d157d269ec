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

pub(super) fn wanted(requirement: &Requirement) -> Option<Wanted> {
    let need = requirement.site_use?;
    let met = flags::ALLOWED.flag(need as usize);
    Some(Wanted { need: Value::Word(need.word()), met, known: met | flags::REFUSED.flag(need as usize) })
}

pub(super) fn own(listing: &Listing) -> Own {
    let offer = match &listing.detail {
        Detail::Plot(plot) if !plot.land_use.is_empty() => Value::Text(plot.land_use.clone()),
        Detail::Space(space) => Value::Words(space_uses(space).iter().map(|it| it.word()).collect()),
        Detail::Plot(_) | Detail::Park(_) => Value::Nothing,
    };
    let allows = allows(listing);
    let flag = |need| {
        allows(need)
            .map_or(0, |may| if may { flags::ALLOWED.flag(need as usize) } else { flags::REFUSED.flag(need as usize) })
    };
    (Use::WORDS.iter().fold(0, |all, &(_, need)| all | flag(need)), offer)
}
