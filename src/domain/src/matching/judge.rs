//! The exact judge: one listing against one requirement, by every criterion that is used.

use chrono::NaiveDate;

use super::answer::{Group, Judged, ListingRef, Match, Mode};
use super::criteria::TABLE;
use super::finding::{Case, Verdict};
use super::place::covers;
use super::score::{Ranking, evidence_day, freshness, points};
use crate::listing::{Kind, Listing};
use crate::requirement::Requirement;

/// One requirement under one ranking on one day.
#[derive(Clone, Copy)]
pub(super) struct Judge<'r> {
    pub(super) requirement: &'r Requirement,
    pub(super) ranking: &'r Ranking,
    pub(super) today: NaiveDate,
}

impl Judge<'_> {
    pub(super) fn judge(self, listing: &Listing) -> Match {
        let case = Case::new(self.requirement, listing);
        let dated = listing.dated.as_deref().and_then(evidence_day);
        let fresh = freshness(dated.map(|dated| (self.today - dated).num_days()));
        let mut criteria = Vec::with_capacity(TABLE.len());
        for spec in TABLE {
            let Some(finding) = spec.judge(&case) else { continue };
            let is_wish = self.requirement.prefer.contains(&spec.criterion);
            let max_points = self.ranking.max_points(spec.criterion);
            criteria.push(Judged {
                criterion: spec.criterion,
                mode: if is_wish { Mode::Prefer } else { Mode::Must },
                verdict: finding.verdict,
                need: finding.need,
                offer: finding.offer,
                unit: finding.gap.and_then(|_| spec.criterion.unit(listing.kind())),
                gap: finding.gap,
                points: points(max_points, finding.fit, fresh),
                max_points,
            });
        }
        Match {
            listing: ListingRef {
                id: listing.id.clone(),
                kind: listing.kind(),
                name: listing.name.clone(),
                park: listing.park.clone(),
                region: listing.division,
            },
            score: criteria.iter().map(|judged| judged.points).sum(),
            take_mu: case.take.map(crate::area::Mu::ceil4),
            held: Vec::new(),
            criteria,
        }
    }
}

/// Whether a requirement wants a kind: one that it names, else one of the areas that it states.
pub(super) fn wants(requirement: &Requirement, kind: Kind) -> bool {
    let (land, floor) = (requirement.land_mu.is_some(), requirement.floor_m2.is_some());
    match kind {
        _ if !requirement.kinds.is_empty() => requirement.kinds.contains(&kind),
        Kind::Plot | Kind::Park => land || !floor,
        Kind::Space => floor || !land,
    }
}

/// Whether a listing is judged: offered, of a wanted kind, and not known to be in an excluded division.
pub(super) fn is_considered(listing: &Listing, requirement: &Requirement) -> bool {
    listing.is_offered()
        && wants(requirement, listing.kind())
        && !listing.division.is_some_and(|own| requirement.exclude_regions.iter().any(|&outer| covers(outer, own)))
}

/// The group of a considered listing without a short must; `None` at the first one.
pub(super) fn group_without_shortfall(listing: &Listing, requirement: &Requirement) -> Option<Group> {
    let case = Case::new(requirement, listing);
    let musts = TABLE.iter().filter(|spec| !requirement.prefer.contains(&spec.criterion));
    let mut verdicts = musts.filter_map(|spec| spec.judge(&case)).map(|finding| finding.verdict);
    verdicts.try_fold(Group::Matched, |group, verdict| match verdict {
        Verdict::Met => Some(group),
        Verdict::Short => None,
        Verdict::Unknown | Verdict::Unstated => Some(Group::ToConfirm),
    })
}
