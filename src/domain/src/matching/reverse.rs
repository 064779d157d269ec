//! The other direction: stored requirements, and which of them a new or changed listing fits.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use pulp::{Arch, Simd, WithSimd};

use super::answer::{Group, fit};
use super::criterion::Criterion;
use super::filter::{is_considered, take, wanted_kinds};
use super::flags::Flag;
use super::plan::{is_narrow, land, related, steps, within};
use super::relax::industries_of;
use super::row::{BLANK, Codes, Figure, LAND_PER_STEP, Row, code_number, division_number};
use crate::decimal::Decimal;
use crate::industry::{IndustryCode, industries};
use crate::listing::{Kind, Listing};
use crate::region::DivisionCode;
use crate::requirement::{Requirement, Tenure, Use, Word as _};

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
    /// The bit of the use, [`ANY_USE`] for any.
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

const ANY_USE: u8 = u8::MAX;
const ANY_TERM: u8 = u8::MAX;

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
            site_use: requirement.site_use.map_or(ANY_USE, |need| 1 << need as u8),
            terms: requirement.tenure.filter(|_| must(Criterion::Tenure)).map_or(ANY_TERM, |term| 1 << term as u8),
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
    /// Bits of the uses that it allows or is silent on.
    uses: u8,
    /// By code number: whether the listing admits it, and whether it bans it.
    admits: Vec<bool>,
    bans: Vec<bool>,
    /// The least that the most may be, for the listing not to be too dear.
    price: u32,
    /// The listing's division and those above it, and what lies below.
    divisions: Option<(u16, RangeInclusive<u16>)>,
}

/// By code number, whether one of some codes admits it; number 0 is any.
fn admits(codes: &[IndustryCode]) -> Vec<bool> {
    let mut admits = vec![codes.is_empty(); industries().all().len() + 1];
    admits[0] = true;
    for &code in codes {
        admits.iter_mut().zip(related(code)).for_each(|(admits, related)| *admits |= related != 0);
    }
    admits
}

/// By code number, whether one of some codes bans it.
fn bans(codes: &[IndustryCode]) -> Vec<bool> {
    let all = industries().all();
    let mut bans = vec![false; all.len() + 1];
    for &code in codes {
        let first = code_number(code).map_or(all.len() + 1, usize::from);
        let below = (first..=all.len()).take_while(|&at| code.contains(all[at - 1].code));
        below.for_each(|at| bans[at] = true);
    }
    bans
}

impl Offer {
    fn of(listing: &Listing) -> Option<Self> {
        let row = Row::of(listing, &mut Codes::new())?;
        let kind = listing.kind();
        let terms = Tenure::WORDS.iter().filter(|&&(_, term)| row.flags.has(Flag::term(term)));
        let terms = terms.fold(0, |bits, &(_, term)| bits | 1 << term as u8);
        let uses = Use::WORDS.iter().filter(|&&(_, need)| row.may_allow(need));
        let divisions = listing.division.map(|code| {
            let numbers = within(code);
            (division_number(code), *numbers.start() as u16..=*numbers.end() as u16)
        });
        Some(Self {
            kind,
            terms: if terms == 0 || kind == Kind::Park { ANY_TERM } else { terms },
            uses: if kind == Kind::Park { ANY_USE } else { uses.fold(0, |bits, &(_, need)| bits | 1 << need as u8) },
            admits: admits(industries_of(listing)),
            bans: bans(&listing.banned_industries),
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
        let mut open = vec![false; needs.kinds.len()];
        Arch::new().dispatch(Coarse { offer: self, needs, open: &mut open });
        let open = open.iter().zip(0..).filter(|(open, _)| **open).map(|(_, at)| at);
        let is_finely_open = |&at: &u32| {
            let at = at as usize;
            self.admits[usize::from(needs.industry[at])]
                && !self.bans[usize::from(needs.banned[at])]
                && self.lies_in(&needs.regions[at])
        };
        open.filter(is_finely_open).collect()
    }
}

/// The first, coarse look at all requirements, by the widest vectors that the processor has.
struct Coarse<'o> {
    offer: &'o Offer,
    needs: &'o Needs,
    open: &'o mut [bool],
}

impl WithSimd for Coarse<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { offer, needs, open } = self;
        let n = open.len();
        let (bit, terms, its_uses) = (1 << offer.kind as u8, offer.terms, offer.uses);
        let (kinds, needed_terms, uses) = (&needs.kinds[..n], &needs.terms[..n], &needs.uses[..n]);
        (0..n).for_each(|at| {
            open[at] = (kinds[at] & bit != 0) & (needed_terms[at] & terms != 0) & (uses[at] & its_uses != 0);
        });
        let (size, part) = (offer.figure(Figure::Size), offer.figure(Figure::Part));
        let (power, price) = (offer.figure(Figure::Power), offer.price);
        let [least, most] = needs.land.each_ref().map(|column| &column[..n]);
        let needed_power = &needs.power[..n];
        match offer.kind {
            Kind::Plot => {
                let dearest = &needs.price[..n];
                (0..n).for_each(|at| {
                    let land = take(size, part, least[at].into());
                    let lies = (size == BLANK) | (land >= least[at].into()) & (land <= most[at].into());
                    open[at] &= lies & (dearest[at] >= price) & (power >= needed_power[at]);
                });
            }
            Kind::Space => {
                let dearest = &needs.rent[..n];
                let [least, most] = needs.floor.each_ref().map(|column| &column[..n]);
                (0..n).for_each(|at| {
                    let unasked = (least[at] == 0) & (most[at] == BLANK);
                    let lies = (size == BLANK) | (part.max(least[at]) <= size.min(most[at])) | unasked;
                    open[at] &= lies & (dearest[at] >= price) & (power >= needed_power[at]);
                });
            }
            Kind::Park => (0..n).for_each(|at| {
                let enough = u64::from(size) * LAND_PER_STEP >= u64::from(least[at]);
                open[at] &= (size == BLANK) | enough | (least[at] == 0);
            }),
        }
    }
}

/// The least `price_wan_per_mu_max` or `rent_yuan_m2_month_max` that a listing meets, ten-thousandths; 0 where its
/// record is silent.
fn least_price(kind: Kind, row: &Row) -> u32 {
    let figure = if kind == Kind::Plot { Figure::Rate } else { Figure::UnitPrice };
    match row.figures[figure as usize] {
        BLANK => 0,
        price => price,
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
        let fits = self.candidates(listing).into_iter().filter_map(|at| {
            let (key, requirement) = &self.stored[at as usize];
            Some(Fit { key: key.clone(), group: group(listing, requirement)? })
        });
        let mut fits: Vec<Fit> = fits.collect();
        fits.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        fits
    }

    /// What [`ReverseIndex::fits`] costs: the requirements that it judges in full, past the columns.
    #[must_use]
    pub fn work(&self, listing: &Listing) -> usize {
        self.candidates(listing).len()
    }

    /// The places of the requirements that nothing in the columns rules out.
    fn candidates(&self, listing: &Listing) -> Vec<u32> {
        match Offer::of(listing) {
            Some(offer) => offer.candidates(&self.columns),
            None => (0..self.stored.len() as u32).collect(),
        }
    }

    /// The requirements that a listing fits better than it did: matched and not matched before, or to be confirmed
    /// and not listed before.
    #[must_use]
    pub fn newly_fits(&self, before: Option<&Listing>, after: &Listing) -> Vec<Fit> {
        let mut fits = self.fits(after);
        if let Some(before) = before {
            let was = |key: &str| self.places.get(key).and_then(|&at| group(before, &self.stored[at as usize].1));
            fits.retain(|fit| was(&fit.key).is_none_or(|was| fit.group < was));
        }
        fits
    }
}

/// Where a listing stands for a requirement that it fits; the same verdicts as forward.
fn group(listing: &Listing, requirement: &Requirement) -> Option<Group> {
    if is_considered(listing, requirement) { fit(listing, requirement) } else { None }
}
