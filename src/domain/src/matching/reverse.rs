//! The other direction: stored requirements, and which of them a new or changed listing fits.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Group, judge};
use super::columns::{BLANK, BUY, Codes, Figure, LAND_PER_STEP, LEASE, Row, code_number, division_number, use_bits};
use super::criterion::Criterion;
use super::filter::{PER_MU_SCALE, SQM_PRICE, is_considered, take, wanted_kinds};
use super::plan::{is_narrow, land, steps, within};
use super::relax::industries_of;
use super::score::Ranking;
use crate::decimal::Decimal;
use crate::industry::{IndustryCode, industries};
use crate::listing::{Kind, Listing};
use crate::region::DivisionCode;
use crate::requirement::{Requirement, Tenure, Use};

/// A stored requirement that a listing fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The requirement's key.
    pub key: Arc<str>,
    /// [`Group::Matched`] or [`Group::ToConfirm`].
    pub group: Group,
}

/// Stored requirements, by the caller's key.
///
/// Narrow columns of the musts that part listings best leave few requirements to judge in full; whatever they cannot
/// say exactly, they let through.
#[derive(Clone, Debug, Default)]
pub struct ReverseIndex {
    stored: Vec<(Arc<str>, Requirement)>,
    places: HashMap<Arc<str>, u32>,
    columns: Needs,
}

/// What stored requirements must have, a column each; the widest value where they ask nothing.
#[derive(Clone, Debug, Default)]
struct Needs {
    /// Bits of the wanted kinds.
    kinds: Vec<u8>,
    /// One more than the use, 0 for any.
    uses: Vec<u8>,
    /// Bits of the terms that will do.
    terms: Vec<u8>,
    /// The industry's code number where it must be admitted, 0 for any.
    industry: Vec<u16>,
    /// Likewise where it must not be banned.
    banned: Vec<u16>,
    /// Land units.
    land: [Vec<u32>; 2],
    /// Ten-thousandths of m².
    floor: [Vec<u32>; 2],
    /// The most for a plot, and for a space.
    price: Vec<u32>,
    rent: Vec<u32>,
    power: Vec<u32>,
    /// Numbers of the wanted divisions and what lies below; empty for any.
    regions: Vec<Vec<RangeInclusive<u16>>>,
}

/// The values of one requirement for [`Needs`].
struct Need {
    kinds: u8,
    site_use: u8,
    terms: u8,
    industry: u16,
    banned: u16,
    land: [u32; 2],
    floor: [u32; 2],
    price: u32,
    rent: u32,
    power: u32,
    regions: Vec<RangeInclusive<u16>>,
}

/// A limit in 32 bits: past them a least figure asks for more than any column holds, a most for anything.
fn narrow(limit: u64) -> u32 {
    u32::try_from(limit).unwrap_or(BLANK)
}

impl Need {
    fn of(requirement: &Requirement) -> Self {
        let is_exact = is_narrow(requirement);
        let must = |criterion| is_exact && !requirement.prefer.contains(&criterion);
        let most = |criterion, limit: Option<Decimal>| {
            limit.filter(|_| must(criterion)).map_or(BLANK, |limit| narrow(steps(limit)))
        };
        let land_range = requirement.land_mu.filter(|_| must(Criterion::Land));
        let floor_range = requirement.floor_m2.filter(|_| must(Criterion::Floor));
        let region_ranges = |code: &DivisionCode| {
            let numbers = within(*code);
            *numbers.start() as u16..=*numbers.end() as u16
        };
        let industry = requirement.industry.and_then(code_number).unwrap_or(0);
        let regions = must(Criterion::Region).then_some(&requirement.regions);
        Self {
            kinds: wanted_kinds(requirement).into_iter().fold(0, |bits, kind| bits | 1 << kind as u8),
            site_use: requirement.site_use.map_or(0, |need| need as u8 + 1),
            terms: match requirement.tenure.filter(|_| must(Criterion::Tenure)) {
                None => BUY | LEASE,
                Some(Tenure::Buy) => BUY,
                Some(Tenure::Lease) => LEASE,
            },
            industry: if must(Criterion::Industry) { industry } else { 0 },
            banned: industry,
            land: [
                land_range.and_then(|range| range.min).map_or(0, |min| narrow(land(min))),
                land_range.and_then(|range| range.max).map_or(BLANK, |max| narrow(land(max))),
            ],
            floor: [
                floor_range.and_then(|range| range.min).map_or(0, |min| narrow(steps(min))),
                floor_range.and_then(|range| range.max).map_or(BLANK, |max| narrow(steps(max))),
            ],
            price: most(Criterion::Price, requirement.price_wan_per_mu_max),
            rent: most(Criterion::Price, requirement.rent_yuan_m2_month_max),
            power: requirement.power_kva.filter(|_| must(Criterion::Power)).map_or(0, |needed| narrow(steps(needed))),
            regions: regions.into_iter().flatten().map(region_ranges).collect(),
        }
    }
}

impl Needs {
    fn push(&mut self, need: Need) {
        self.kinds.push(need.kinds);
        self.uses.push(need.site_use);
        self.terms.push(need.terms);
        self.industry.push(need.industry);
        self.banned.push(need.banned);
        for end in [0, 1] {
            self.land[end].push(need.land[end]);
            self.floor[end].push(need.floor[end]);
        }
        self.price.push(need.price);
        self.rent.push(need.rent);
        self.power.push(need.power);
        self.regions.push(need.regions);
    }

    fn swap_remove(&mut self, at: usize) {
        for column in [&mut self.kinds, &mut self.uses, &mut self.terms] {
            column.swap_remove(at);
        }
        self.industry.swap_remove(at);
        self.banned.swap_remove(at);
        for end in [0, 1] {
            self.land[end].swap_remove(at);
            self.floor[end].swap_remove(at);
        }
        for column in [&mut self.price, &mut self.rent, &mut self.power] {
            column.swap_remove(at);
        }
        self.regions.swap_remove(at);
    }
}

/// What one listing offers to stored requirements.
struct Offer {
    kind: Kind,
    row: Row,
    terms: u8,
    /// By one more than the use.
    uses: [bool; 6],
    /// By code number: whether the listing admits it, and whether it bans it.
    admits: Vec<bool>,
    bans: Vec<bool>,
    /// The least that the most may be, for the listing not to be too dear.
    price: u32,
    /// The listing's division and those above it, and what lies below.
    divisions: Option<(u16, RangeInclusive<u16>)>,
}

impl Offer {
    fn of(listing: &Listing) -> Option<Self> {
        let row = Row::of(listing, &mut Codes::new())?;
        let kind = listing.kind();
        let codes = industries_of(listing);
        let all = industries().all();
        let by_number = |any: &[IndustryCode], holds: &dyn Fn(IndustryCode, IndustryCode) -> bool, blank: bool| {
            let of = |wanted| if any.is_empty() { blank } else { any.iter().any(|&code| holds(code, wanted)) };
            std::iter::once(blank).chain(all.iter().map(|row| of(row.code))).collect::<Vec<bool>>()
        };
        let allows = |need: Use| {
            let (allowed, silent) = use_bits(need);
            kind == Kind::Park || row.uses & (allowed | silent) != 0
        };
        let uses = [
            true,
            allows(Use::Production),
            allows(Use::Research),
            allows(Use::Warehouse),
            allows(Use::Office),
            allows(Use::Incubation),
        ];
        let terms = row.facets & (BUY | LEASE);
        let divisions = listing.division.map(|code| {
            let numbers = within(code);
            (division_number(code), *numbers.start() as u16..=*numbers.end() as u16)
        });
        Some(Self {
            kind,
            terms: if terms == 0 { BUY | LEASE } else { terms },
            uses,
            admits: by_number(codes, &IndustryCode::related, true),
            bans: by_number(&listing.banned_industries, &IndustryCode::contains, false),
            price: least_price(kind, &row),
            divisions,
            row,
        })
    }

    fn figure(&self, figure: Figure) -> u32 {
        self.row.figures[figure as usize]
    }

    /// Whether a wanted set of divisions may hold the listing's.
    fn lies_in(&self, wanted: &[RangeInclusive<u16>]) -> bool {
        let Some((own, below)) = &self.divisions else { return true };
        wanted.is_empty() || wanted.iter().any(|range| range.contains(own) || below.contains(range.start()))
    }

    /// The requirements that nothing in the columns rules out.
    fn candidates(&self, needs: &Needs) -> Vec<u32> {
        let n = needs.kinds.len();
        let bit = 1 << self.kind as u8;
        let fits = self.size_test(needs);
        let mut left = vec![0; n];
        let mut kept = 0;
        for at in 0..n {
            left[kept] = at as u32;
            let open = (needs.kinds[at] & bit != 0)
                & (needs.terms[at] & self.terms != 0 || self.kind == Kind::Park)
                & self.uses[usize::from(needs.uses[at])]
                & fits(at);
            kept += usize::from(open);
        }
        left.truncate(kept);
        left.retain(|&at| {
            let at = at as usize;
            self.admits[usize::from(needs.industry[at])]
                && !self.bans[usize::from(needs.banned[at])]
                && self.lies_in(&needs.regions[at])
        });
        left
    }

    /// The test of size, price and power for the listing's kind.
    fn size_test<'n>(&'n self, needs: &'n Needs) -> Box<dyn Fn(usize) -> bool + 'n> {
        let (size, part) = (self.figure(Figure::Size), self.figure(Figure::Part));
        let (power, price) = (self.figure(Figure::Power), self.price);
        let [least, most] = &needs.land;
        match self.kind {
            Kind::Plot => Box::new(move |at| {
                let land = take(size, part, least[at].into());
                let lies = (size == BLANK) | (land >= least[at].into()) & (land <= most[at].into());
                lies & (needs.price[at] >= price) & (power >= needs.power[at])
            }),
            Kind::Space => Box::new(move |at| {
                let [least, most] = [needs.floor[0][at], needs.floor[1][at]];
                let unasked = (least == 0) & (most == BLANK);
                let lies = (size == BLANK) | (part.max(least) <= size.min(most)) | unasked;
                lies & (needs.rent[at] >= price) & (power >= needs.power[at])
            }),
            Kind::Park => Box::new(move |at| {
                (size == BLANK) | (u64::from(size) * LAND_PER_STEP >= u64::from(least[at])) | (least[at] == 0)
            }),
        }
    }
}

/// The least `price_wan_per_mu_max` or `rent_yuan_m2_month_max` that a listing meets, ten-thousandths; 0 where its
/// record is silent.
fn least_price(kind: Kind, row: &Row) -> u32 {
    let figure = |figure: Figure| row.figures[figure as usize];
    let (whole, unit) = (figure(Figure::Price), figure(Figure::UnitPrice));
    match kind {
        Kind::Plot if whole != BLANK => {
            narrow((u64::from(whole) * PER_MU_SCALE).div_ceil(u64::from(figure(Figure::Size)).max(1)))
        }
        _ if unit == BLANK => 0,
        Kind::Plot => narrow(u64::from(unit).div_ceil(SQM_PRICE)),
        _ => unit,
    }
}

impl ReverseIndex {
    /// Nothing stored.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A new or changed requirement.
    pub fn put(&mut self, key: Arc<str>, requirement: Requirement) {
        self.remove(&key);
        self.places.insert(key.clone(), self.stored.len() as u32);
        self.columns.push(Need::of(&requirement));
        self.stored.push((key, requirement));
    }

    /// Takes a requirement out.
    pub fn remove(&mut self, key: &str) {
        let Some(at) = self.places.remove(key).map(|at| at as usize) else { return };
        self.stored.swap_remove(at);
        self.columns.swap_remove(at);
        if let Some((moved, _)) = self.stored.get(at) {
            self.places.insert(moved.clone(), at as u32);
        }
    }

    /// How many requirements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// The requirements for which a listing is matched or to be confirmed, by key.
    #[must_use]
    pub fn fits(&self, listing: &Listing) -> Vec<Fit> {
        let candidates = match Offer::of(listing) {
            Some(offer) => offer.candidates(&self.columns),
            None => (0..self.stored.len() as u32).collect(),
        };
        let fit = |at: u32| {
            let (key, requirement) = &self.stored[at as usize];
            let group = group(listing, requirement);
            matches!(group, Group::Matched | Group::ToConfirm).then(|| Fit { key: key.clone(), group })
        };
        let mut fits: Vec<Fit> = candidates.into_iter().filter_map(fit).collect();
        fits.sort_by(|a, b| a.key.cmp(&b.key));
        fits
    }

    /// The requirements that a listing fits better than it did: matched and not matched before, or to be confirmed
    /// and not listed before.
    #[must_use]
    pub fn newly_fits(&self, before: Option<&Listing>, after: &Listing) -> Vec<Fit> {
        let mut fits = self.fits(after);
        if let Some(before) = before {
            let was = |key: &str| self.places.get(key).map(|&at| group(before, &self.stored[at as usize].1));
            fits.retain(|fit| was(&fit.key).is_none_or(|was| fit.group < was));
        }
        fits
    }
}

/// Where a listing stands for a requirement; the same verdicts as forward.
fn group(listing: &Listing, requirement: &Requirement) -> Group {
    static ANY: std::sync::LazyLock<Ranking> = std::sync::LazyLock::new(Ranking::default);
    if !is_considered(listing, requirement) {
        return Group::Out;
    }
    // Points do not move a verdict, so neither ranking nor day matters here.
    judge(listing, requirement, &ANY, NaiveDate::default()).group()
}
