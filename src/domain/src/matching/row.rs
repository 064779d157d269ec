//! A listing in narrow integers that hold it exactly; what does not fit them stays outside the columns, as odd.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::flags::{Flag, Flags};
use super::judge::building::{plot_price, terms};
use super::judge::land::space_uses;
use super::score::evidence_day;
use crate::area::Mu;
use crate::decimal::Decimal;
use crate::industry::{IndustryCode, industries};
use crate::land_use::LandUse;
use crate::listing::{Detail, Listing, Plot, Space, Status};
use crate::region::{DivisionCode, divisions};
use crate::requirement::{Use, Word as _};

/// A blank figure.
pub(super) const BLANK: u32 = u32::MAX;
/// A blank day.
pub(super) const NO_DAY: u16 = u16::MAX;
/// Free at once: status available without a date.
pub(super) const AT_ONCE: u16 = 0;
/// A blank point's first coordinate; real ones lie within the unit sphere.
pub(super) const NOWHERE: f32 = 9.0;
/// Units of [`Mu`] in one of the columns' land units: 1/200,000 mu, which holds hundredths of m² and
/// ten-thousandths of mu exactly.
pub(super) const LAND_UNIT: i64 = 10_000;
/// Land units in a ten-thousandth of a mu.
pub(super) const LAND_PER_STEP: u64 = 20;
/// A threshold per mu times land units, over this, is ten-thousandths.
pub(super) const PER_MU_SCALE: u64 = 200_000;
/// 元/㎡ in a 万元/亩.
pub(super) const SQM_PRICE: u64 = 15;
/// Marks a row whose industries are a list of [`Codes`].
pub(super) const LISTED: u16 = u16::MAX;

/// Figures, in ten-thousandths of their unit; plots' land in land units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    /// Plot: area; space: floor to let; park: land to be had.
    Size,
    /// Plot: smallest part sold, blank where undivided; space: smallest part let.
    Part,
    Tax,
    Investment,
    Output,
    Rd,
    Energy,
    Emission,
    FarMin,
    FarMax,
    /// A plot's price as a whole, where it has an area.
    Price,
    /// A plot's price by the square metre, where it has no price by the mu; a space's rent.
    UnitPrice,
    /// A plot's price by the mu, rounded up: above a most in whole ten-thousandths exactly where the price itself is.
    Rate,
    Power,
    Height,
    Load,
    Desks,
}

pub(super) const FIGURES: usize = 17;

/// All figures in the order of their numbers.
const ALL_FIGURES: [Figure; FIGURES] = [
    Figure::Size,
    Figure::Part,
    Figure::Tax,
    Figure::Investment,
    Figure::Output,
    Figure::Rd,
    Figure::Energy,
    Figure::Emission,
    Figure::FarMin,
    Figure::FarMax,
    Figure::Price,
    Figure::UnitPrice,
    Figure::Rate,
    Figure::Power,
    Figure::Height,
    Figure::Load,
    Figure::Desks,
];

/// Industry code lists that more than one row shares, and codes as small numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    ids: HashMap<Vec<u16>, u16>,
    /// The lists; list 0 is empty.
    pub(super) lists: Vec<Vec<u16>>,
}

/// A code's place in the classification, from 1; the codes of each length by their digits, sections by their letter.
pub(super) fn code_number(code: IndustryCode) -> Option<u16> {
    const LENGTHS: usize = 5;
    static NUMBERS: std::sync::LazyLock<[Vec<u16>; LENGTHS]> = std::sync::LazyLock::new(|| {
        let mut numbers = [128, 0, 100, 1000, 10_000].map(|codes| vec![0; codes]);
        for (row, number) in industries().all().iter().zip(1..) {
            let (length, at) = place(row.code);
            numbers[length][at] = number;
        }
        numbers
    });
    fn place(code: IndustryCode) -> (usize, usize) {
        let length = usize::from(code.digits());
        (length, if length == 0 { code.section() as usize } else { code.number().into() })
    }
    let (length, at) = place(code);
    NUMBERS.get(length)?.get(at).copied().filter(|&number| number != 0)
}

impl Codes {
    pub(super) fn new() -> Self {
        Self { ids: HashMap::from([(Vec::new(), 0)]), lists: vec![Vec::new()] }
    }

    fn list(&mut self, codes: &[IndustryCode]) -> Option<u16> {
        let list: Vec<u16> = codes.iter().map(|&code| code_number(code)).collect::<Option<_>>()?;
        if let Some(&id) = self.ids.get(&list) {
            return Some(id);
        }
        let id = u16::try_from(self.lists.len()).ok().filter(|&id| id < LISTED)?;
        self.lists.push(list.clone());
        self.ids.insert(list, id);
        Some(id)
    }

    /// Up to three codes inline, else the number of a list.
    fn inline(&mut self, codes: &[IndustryCode]) -> Option<[u16; 3]> {
        if codes.len() > 3 {
            return Some([LISTED, self.list(codes)?, 0]);
        }
        let mut inline = [0; 3];
        for (slot, &code) in inline.iter_mut().zip(codes) {
            *slot = code_number(code)?;
        }
        Some(inline)
    }
}

/// The first bytes of an id as a number. Of two ids the one with the smaller head is the smaller; only where heads are
/// equal do the ids themselves have to be looked at.
pub(super) fn head(id: &str) -> u64 {
    let mut bytes = [0; size_of::<u64>()];
    bytes.iter_mut().zip(id.bytes()).for_each(|(byte, own)| *byte = own);
    u64::from_be_bytes(bytes)
}

/// One row before it is laid into columns.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) offered: bool,
    pub(super) division: u16,
    pub(super) flags: Flags,
    pub(super) industries: [u16; 3],
    pub(super) banned: u16,
    pub(super) available: u16,
    pub(super) dated: u16,
    pub(super) point: [f32; 3],
    pub(super) figures: [u32; FIGURES],
    /// Of the id.
    pub(super) head: u64,
}

/// Ten-thousandths, where they hold the figure exactly.
fn narrow(figure: Option<Decimal>) -> Option<u32> {
    let Some(figure) = figure else { return Some(BLANK) };
    let steps = (figure.micro() % 100 == 0).then_some(figure.micro() / 100)?;
    u32::try_from(steps).ok().filter(|&steps| steps < BLANK - 1)
}

fn narrow_land(land: Option<Mu>) -> Option<u32> {
    let Some(land) = land else { return Some(BLANK) };
    let units = (land.units() % LAND_UNIT == 0).then_some(land.units() / LAND_UNIT)?;
    u32::try_from(units).ok().filter(|&units| units < BLANK - 1)
}

/// Days from 2000-01-01, from 1; `None` out of range.
pub(super) fn day_number(day: NaiveDate) -> i64 {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
    (day - first).num_days() + 1
}

fn narrow_day(day: NaiveDate) -> Option<u16> {
    u16::try_from(day_number(day)).ok().filter(|&day| day > AT_ONCE && day < NO_DAY - 1)
}

/// A division's place in the table, from 1: a page for each of its first four digits, then by the last two.
pub(super) fn division_number(code: DivisionCode) -> u16 {
    const PAGE: u32 = 100;
    type Pages = (Vec<u16>, Vec<[u16; PAGE as usize]>);
    static PAGES: std::sync::LazyLock<Pages> = std::sync::LazyLock::new(|| {
        let (mut pages, mut numbers) = (vec![0; 10_000], vec![[0; PAGE as usize]]);
        for (row, number) in divisions().all().iter().zip(1..) {
            let page: &mut u16 = &mut pages[(row.code.get() / PAGE) as usize];
            if *page == 0 {
                *page = numbers.len() as u16;
                numbers.push([0; PAGE as usize]);
            }
            numbers[usize::from(*page)][(row.code.get() % PAGE) as usize] = number;
        }
        (pages, numbers)
    });
    let (pages, numbers) = &*PAGES;
    let page = pages.get((code.get() / PAGE) as usize).map_or(0, |&page| usize::from(page));
    numbers[page][(code.get() % PAGE) as usize]
}

/// The number of a division's prefecture, or its own where it has none.
pub(super) fn prefecture_number(number: u16) -> u16 {
    static PREFECTURES: std::sync::LazyLock<Vec<u16>> = std::sync::LazyLock::new(|| {
        let table = divisions();
        let of = |code: DivisionCode| division_number(table.prefecture(code).unwrap_or(code));
        std::iter::once(0).chain(table.all().iter().map(|row| of(row.code))).collect()
    });
    PREFECTURES[usize::from(number)]
}

/// A point on the unit sphere, for quick bounds of distances; good to about a metre.
pub(super) fn on_sphere(point: crate::geo::Point) -> [f32; 3] {
    let (lng, lat) = (point.lng.to_radians(), point.lat.to_radians());
    [(lat.cos() * lng.cos()) as f32, (lat.cos() * lng.sin()) as f32, lat.sin() as f32]
}

impl Row {
    /// The narrow form of a listing; `None` where a figure does not fit it exactly.
    pub(super) fn of(listing: &Listing, codes: &mut Codes) -> Option<Self> {
        let available = match (listing.status, listing.available_from) {
            (Some(Status::Reserved), _) => NO_DAY,
            (_, Some(from)) => narrow_day(from)?,
            (Some(Status::Available), None) => AT_ONCE,
            (_, None) => NO_DAY,
        };
        let mut row = Self {
            offered: listing.is_offered(),
            division: listing.division.map_or(0, division_number),
            flags: Flags::NONE,
            industries: [0; 3],
            banned: codes.list(&listing.banned_industries)?,
            available,
            dated: listing.dated.as_deref().and_then(evidence_day).map_or(Some(NO_DAY), narrow_day)?,
            point: listing.point.map_or([NOWHERE; 3], on_sphere),
            figures: [BLANK; FIGURES],
            head: head(&listing.id),
        };
        match &listing.detail {
            Detail::Park(park) => row.figures[Figure::Size as usize] = narrow(park.available_land_mu)?,
            Detail::Plot(plot) => row.set_plot(plot, codes)?,
            Detail::Space(space) => row.set_space(space, codes)?,
        }
        row.set_flags(listing);
        Some(row)
    }

    fn set_flags(&mut self, listing: &Listing) {
        let flags = &mut self.flags;
        flags.set(Flag::CHEMICAL, listing.chemical_park == Some(true));
        flags.set(Flag::NOT_CHEMICAL, listing.chemical_park == Some(false));
        flags.set(Flag::CONTROLLED, matches!(&listing.detail, Detail::Plot(plot) if plot.is_controlled()));
        flags.set(Flag::NAMES_INDUSTRIES, self.industries != [0; 3]);
        flags.set(Flag::BANS, !listing.banned_industries.is_empty());
        flags.set(Flag::SAYS_WHEN, self.available != NO_DAY);
        flags.set(Flag::HAS_POINT, listing.point.is_some());
        listing.level.into_iter().for_each(|level| flags.set(Flag::level(level), true));
        terms(listing).iter().for_each(|&term| flags.set(Flag::term(term), true));
        set_uses(flags, listing);
        for (figure, value) in ALL_FIGURES.into_iter().zip(self.figures) {
            flags.set(Flag::states(figure), value != BLANK);
        }
    }

    /// Whether a use is allowed, or may be.
    pub(super) fn may_allow(&self, need: Use) -> bool {
        self.flags.has(Flag::allows(need)) || self.flags.has(Flag::is_silent_on(need))
    }

    /// What rows are sorted by, so that whole blocks are decided alike: those offered first, for the others matter to
    /// nobody; then those that allow production, which most enterprises ask for; then the prefecture and the size.
    pub(super) fn sort_key(&self) -> u64 {
        let unlikely = u64::from(!self.offered) << 1 | u64::from(!self.may_allow(Use::Production));
        unlikely << 48
            | u64::from(prefecture_number(self.division)) << 32
            | u64::from(self.figures[Figure::Size as usize])
    }

    fn set_plot(&mut self, plot: &Plot, codes: &mut Codes) -> Option<()> {
        self.industries = codes.inline(&plot.industries)?;
        let has_area = plot.area.is_some_and(|area| area.units() > 0);
        let whole = plot.start_price_wan.filter(|_| has_area);
        let by_sqm = plot.start_price_yuan_sqm.filter(|_| whole.is_none());
        debug_assert_eq!(plot_price(plot).is_some(), whole.or(by_sqm).is_some());
        let indicators = [
            plot.tax_wan_mu,
            plot.invest_intensity_wan_mu,
            plot.output_wan_mu,
            plot.rd_pct,
            plot.energy_va_wan_tce,
            plot.emission_va_wan_t,
        ];
        for (at, indicator) in indicators.into_iter().enumerate() {
            self.figures[Figure::Tax as usize + at] = narrow(indicator)?;
        }
        for (figure, value) in [
            (Figure::Size, narrow_land(plot.area)?),
            (Figure::Part, narrow_land(plot.min_divisible)?),
            (Figure::FarMin, narrow(plot.far_min)?),
            (Figure::FarMax, narrow(plot.far_max)?),
            (Figure::Price, narrow(whole)?),
            (Figure::UnitPrice, narrow(by_sqm)?),
            (Figure::Power, narrow(plot.power_kva)?),
        ] {
            self.figures[figure as usize] = value;
        }
        self.figures[Figure::Rate as usize] = self.rate()?;
        Some(())
    }

    /// The price of a plot by the mu in ten-thousandths, rounded up.
    fn rate(&self) -> Option<u32> {
        let [whole, by_sqm, size] =
            [Figure::Price, Figure::UnitPrice, Figure::Size].map(|figure| self.figures[figure as usize]);
        let rate = match (whole, by_sqm) {
            (BLANK, BLANK) => return Some(BLANK),
            (BLANK, by_sqm) => u64::from(by_sqm).div_ceil(SQM_PRICE),
            (whole, _) => (u64::from(whole) * PER_MU_SCALE).div_ceil(size.into()),
        };
        u32::try_from(rate).ok().filter(|&rate| rate < BLANK - 1)
    }

    fn set_space(&mut self, space: &Space, codes: &mut Codes) -> Option<()> {
        self.industries = codes.inline(&space.industries)?;
        for (figure, value) in [
            (Figure::Size, space.available_m2),
            (Figure::Part, Some(space.min_lettable_m2.unwrap_or_default())),
            (Figure::UnitPrice, space.rent_yuan_m2_month),
            (Figure::Power, space.power_kva),
            (Figure::Height, space.ceiling_height_m),
            (Figure::Load, space.floor_load_t_m2),
            (Figure::Desks, space.workstations),
        ] {
            self.figures[figure as usize] = narrow(value)?;
        }
        Some(())
    }
}

fn set_uses(flags: &mut Flags, listing: &Listing) {
    let land_use = match &listing.detail {
        Detail::Plot(plot) => LandUse::parse(&plot.land_use),
        Detail::Space(_) | Detail::Park(_) => None,
    };
    let allows = |need| match &listing.detail {
        Detail::Plot(_) => land_use.and_then(|land_use| land_use.allows(need)),
        Detail::Space(space) => Some(space_uses(space).contains(&need)),
        Detail::Park(_) => None,
    };
    for &(_, need) in Use::WORDS {
        let allowed = allows(need);
        flags.set(Flag::allows(need), allowed == Some(true));
        flags.set(Flag::is_silent_on(need), allowed.is_none());
    }
}
