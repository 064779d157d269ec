//! Random inventories and requirements from few values, so that equalities, blanks and odd records are common.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::area::Mu;
use domain::decimal::Decimal;
use domain::facility::{Facilities, Facility};
use domain::geo::Point;
use domain::industry::IndustryCode;
use domain::listing::{Detail, Kind, Listing, Park, Plot, Space, SpaceKind, Status};
use domain::matching::TABLE;
use domain::region::DivisionCode;
use domain::requirement::{FireClass, Near, ParkLevel, Range, Requirement, Tenure, Use};
use proptest::prelude::{Strategy, any};

/// Throws of one seed; each listing and requirement has its own, so that failing cases shrink by leaving rows out.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// splitmix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn of<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn maybe<T: Clone>(&mut self, percent: usize, from: &[T]) -> Option<T> {
        let one = self.of(from);
        self.chance(percent).then_some(one)
    }

    fn some<T: Clone + PartialEq>(&mut self, most: usize, from: &[T]) -> Vec<T> {
        let mut list = Vec::new();
        for _ in 0..self.below(most + 1) {
            let one = self.of(from);
            if !list.contains(&one) {
                list.push(one);
            }
        }
        list
    }

    fn figure(&mut self, percent: usize, from: &[&str]) -> Option<Decimal> {
        self.maybe(percent, from).map(decimal)
    }
}

pub(crate) fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

fn divisions() -> Vec<DivisionCode> {
    let codes = [
        "330000", "330200", "330206", "330212", "330100", "330106", "320000", "320500", "320505", "310000", "310104",
        "410000", "419001", "341300", "341324",
    ];
    codes.map(|code| DivisionCode::parse(code).expect("a division")).to_vec()
}

fn industries() -> Vec<IndustryCode> {
    let codes = ["C", "36", "367", "3670", "33", "331", "3311", "D", "44", "27", "271", "2710", "65"];
    codes.map(|code| IndustryCode::parse(code).expect("an industry")).to_vec()
}

const LAND_USES: &[&str] = &[
    "",
    "工业用地",
    "M1",
    "二类工业用地(标准厂房)",
    "100103",
    "新型产业用地(M0)",
    "科研用地",
    "物流仓储用地",
    "0902",
    "0601",
    "商业商务用地",
];
const MU: &[&str] = &["6", "15", "29.9999", "30", "30.0001", "45", "54.5616", "60", "120"];
const SQM: &[&str] = &["0", "4000", "19999.99", "20000", "20000.01", "30000", "36374.4", "40000", "66000"];
const FLOOR: &[&str] = &["0", "100", "500", "1999.99", "2000", "2000.01", "3000", "9000"];
const AMOUNTS: &[&str] = &["0", "33.3333", "400", "999.999", "1000", "1000.0001", "12000", "47026.6878"];
/// So large that shares of them leave the engine's machine words.
const VAST: &[&str] = &["0", "33.3333", "400", "12000", "987654321.1234", "1000000000"];
const PER_MU: &[&str] = &["0", "6.4", "25", "33.3333", "33.3334", "300"];
const RATIOS: &[&str] = &["0", "0.8", "1.2", "2", "2.9999", "3", "3.5", "8"];
const TONS: &[&str] = &["0", "2.9999", "3", "10", "16"];
const METRES: &[&str] = &["0", "9.6", "13.4999", "13.5", "17.5"];
const FIRE_CLASSES: &[FireClass] = &[FireClass::甲, FireClass::乙, FireClass::丙, FireClass::丁, FireClass::戊];
const DAYS: &[&str] = &["2026-11-24", "2027-02-28", "2027-03-01", "2027-03-02", "2028-01-01", "2250-01-01"];
const DATED: &[&str] = &["2026-11", "2026-05-24", "2026-05-25", "2025-11-24", "2024-11", "2019-06", "unknown"];
const POINTS: &[(&str, &str)] = &[("121.5", "29.8"), ("121.55", "29.81"), ("120.1", "30.3"), ("116.9097", "34.7349")];

fn day(text: &str) -> NaiveDate {
    domain::time::parse_day(text).expect("a day")
}

/// The day on which all answers are given.
pub(crate) fn today() -> NaiveDate {
    day("2026-11-24")
}

/// One of few points, or one to the ten-thousandth of a degree within one of them.
fn point(dice: &mut Dice) -> [Decimal; 2] {
    let (lng, lat) = dice.of(POINTS);
    let most = dice.of(&[0, 1, 10_000]);
    [lng, lat].map(|at| {
        let off = dice.below(2 * most + 1) as i64 - most as i64;
        Decimal::from_micro(decimal(at).micro() + off * 100)
    })
}

/// Industries that a listing names; more than three stand in a list of their own.
fn named_industries(dice: &mut Dice) -> Vec<IndustryCode> {
    let most = dice.of(&[2, 2, 2, 6]);
    dice.some(most, &industries())
}

/// Few facilities, of a listing itself and of parks.
pub(crate) fn few_facilities() -> Vec<Facility> {
    ["dock", "crane", "goods_lift", "yard", "dormitory", "natural_gas", "near_port"]
        .map(|code| Facility::parse(code).expect("a facility"))
        .to_vec()
}

fn facilities(dice: &mut Dice) -> Facilities {
    let [has, lacks] = [5, 2].map(|most| dice.some(most, &few_facilities()).into_iter().collect());
    Facilities::stated(has, lacks)
}

fn plot(dice: &mut Dice) -> Plot {
    let controlled = if dice.chance(40) { 0 } else { 40 };
    Plot {
        industries: named_industries(dice),
        land_use: dice.of(LAND_USES).to_owned(),
        area: if dice.chance(50) {
            dice.figure(90, SQM).map(Mu::from_sqm)
        } else {
            dice.figure(90, MU).map(Mu::from_mu)
        },
        min_divisible: dice.figure(30, SQM).map(Mu::from_sqm),
        far_min: dice.figure(30, RATIOS),
        far_max: dice.figure(30, RATIOS),
        start_price_wan: dice.figure(50, AMOUNTS),
        start_price_yuan_sqm: dice.figure(30, &["0", "300", "600", "600.0001"]),
        invest_intensity_wan_mu: dice.figure(controlled, PER_MU),
        output_wan_mu: dice.figure(controlled, PER_MU),
        tax_wan_mu: dice.figure(controlled, PER_MU),
        energy_va_wan_tce: dice.figure(controlled, RATIOS),
        emission_va_wan_t: dice.figure(controlled, RATIOS),
        rd_pct: dice.figure(controlled, RATIOS),
        standard_land: dice.chance(15),
        power_kva: dice.figure(40, AMOUNTS),
        tenure: dice.some(2, &[Tenure::Buy, Tenure::Lease]),
    }
}

fn space(dice: &mut Dice) -> Space {
    let kinds =
        [SpaceKind::Incubator, SpaceKind::Makerspace, SpaceKind::Accelerator, SpaceKind::Factory, SpaceKind::Office];
    Space {
        kind: dice.of(&kinds),
        industries: named_industries(dice),
        uses: dice.some(2, &[Use::Production, Use::Research, Use::Warehouse, Use::Office, Use::Incubation]),
        available_m2: dice.figure(85, FLOOR),
        min_lettable_m2: dice.figure(40, FLOOR),
        rent_yuan_m2_month: dice.figure(60, &["0", "24.9999", "25", "25.0001", "33.3333"]),
        price_yuan_m2: dice.figure(30, &["3500"]),
        tenure: dice.some(1, &[Tenure::Buy, Tenure::Lease]),
        power_kva: dice.figure(50, AMOUNTS),
        ceiling_height_m: dice.figure(50, &["0", "7.9999", "8", "9", "12"]),
        floor_load_t_m2: dice.figure(50, &["0.35", "1.9999", "2", "5"]),
        workstations: dice.figure(50, &["0", "19", "20", "64"]),
        crane_t: dice.figure(40, TONS),
        lift_t: dice.figure(40, TONS),
        truck_m: dice.figure(40, METRES),
        fire_class: dice.maybe(50, FIRE_CLASSES),
    }
}

/// The same with a figure that does not fit the engine's narrow columns.
fn outsized(mut detail: Detail, dice: &mut Dice) -> Detail {
    let large = Some(decimal(dice.of(&["700000", "99999999.9999"])));
    match &mut detail {
        Detail::Plot(plot) => plot.power_kva = large,
        Detail::Space(space) => space.power_kva = large,
        Detail::Park(park) => park.available_land_mu = large,
    }
    detail
}

/// A listing; its id is from `at`, so that ids differ and do not rise with the row.
pub(crate) fn listing(seed: u64, at: usize) -> Listing {
    let mut dice = Dice::new(seed);
    let kind = dice.of(&Kind::ALL);
    let detail = match kind {
        Kind::Plot => Detail::Plot(Box::new(plot(&mut dice))),
        Kind::Space => Detail::Space(Box::new(space(&mut dice))),
        Kind::Park => Detail::Park(Park { available_land_mu: dice.figure(70, MU) }),
    };
    let detail = if dice.chance(6) { outsized(detail, &mut dice) } else { detail };
    let id: Arc<str> = format!("{}{}", dice.of(&["甲", "P", "é", "a"]), at).into();
    Listing {
        id: id.clone(),
        name: id,
        park: dice.maybe(50, &[Arc::from("G1"), Arc::from("G2")]),
        division: dice.maybe(85, &divisions()),
        point: dice.chance(80).then(|| point(&mut dice).map(Decimal::to_f64)).map(|[lng, lat]| Point { lng, lat }),
        level: dice.maybe(70, &[ParkLevel::国家级, ParkLevel::省级, ParkLevel::市县级]),
        banned_industries: if dice.chance(60) { Vec::new() } else { dice.some(2, &industries()) },
        chemical_park: dice.maybe(60, &[true, false]),
        facilities: facilities(&mut dice),
        status: dice.maybe(60, &[Status::Available, Status::Available, Status::Reserved, Status::Sold, Status::Off]),
        available_from: dice.maybe(60, DAYS).map(day),
        demo: false,
        dated: dice.maybe(70, DATED).map(str::to_owned),
        is_deal: dice.chance(5),
        detail,
    }
}

/// Some plot, for what it is overlaid with.
pub(crate) fn any_plot() -> Listing {
    (0..).map(|seed| listing(seed, 0)).find(|it| it.kind() == Kind::Plot).expect("a plot")
}

/// The same listing anywhere in the country, with figures of every size where it states them: to the ten-thousandth, or
/// among few that several listings share.
pub(crate) fn graded(mut listing: Listing, seed: u64) -> Listing {
    let mut dice = Dice::new(seed);
    let anywhere = domain::region::divisions().all();
    listing.division = listing.division.map(|_| anywhere[dice.below(anywhere.len())].code);
    let is_fine = dice.chance(50);
    let mut any = |most: usize| {
        let step = if is_fine { 1 } else { most * 10_000 / 100 };
        Decimal::from_micro((dice.below(most * 10_000) / step * step) as i64 * 100)
    };
    let mut grade = |figure: &mut Option<Decimal>, most| *figure = figure.map(|_| any(most));
    match &mut listing.detail {
        Detail::Plot(plot) => {
            let mut land = [Some(Decimal::ZERO); 2];
            land.iter_mut().for_each(|land| grade(land, 130));
            for (own, land) in [&mut plot.area, &mut plot.min_divisible].into_iter().zip(land) {
                *own = own.and(land).map(Mu::from_mu);
            }
            for (figure, most) in [
                (&mut plot.start_price_wan, 8_000),
                (&mut plot.start_price_yuan_sqm, 900),
                (&mut plot.invest_intensity_wan_mu, 300),
                (&mut plot.output_wan_mu, 300),
                (&mut plot.tax_wan_mu, 50),
                (&mut plot.energy_va_wan_tce, 8),
                (&mut plot.emission_va_wan_t, 8),
                (&mut plot.rd_pct, 8),
                (&mut plot.power_kva, 20_000),
            ] {
                grade(figure, most);
            }
        }
        Detail::Space(space) => {
            for (figure, most) in [
                (&mut space.available_m2, 9_000),
                (&mut space.min_lettable_m2, 3_000),
                (&mut space.rent_yuan_m2_month, 60),
                (&mut space.power_kva, 20_000),
                (&mut space.ceiling_height_m, 12),
                (&mut space.floor_load_t_m2, 5),
                (&mut space.workstations, 64),
                (&mut space.crane_t, 20),
                (&mut space.lift_t, 5),
                (&mut space.truck_m, 18),
            ] {
                grade(figure, most);
            }
        }
        Detail::Park(park) => grade(&mut park.available_land_mu, 130),
    }
    listing
}

/// The same listing with every figure stated, one of two that its division has: blocks then hold few figures and no
/// blanks, so that zones decide what they can.
pub(crate) fn alike(mut listing: Listing, seed: u64) -> Listing {
    let mut dice = Dice::new(seed);
    let all = divisions();
    let at = dice.below(all.len());
    listing.division = Some(all[at]);
    let mut one = |from: &[&str]| Some(decimal(from[(at + dice.below(2)) % from.len()]));
    match &mut listing.detail {
        Detail::Plot(plot) => {
            plot.area = one(MU).map(Mu::from_mu);
            plot.min_divisible = one(MU).map(Mu::from_mu).filter(|_| at.is_multiple_of(2));
            plot.start_price_wan = None;
            plot.start_price_yuan_sqm = one(&["0", "300", "500", "600", "1000"]);
            for indicator in [
                &mut plot.invest_intensity_wan_mu,
                &mut plot.output_wan_mu,
                &mut plot.tax_wan_mu,
                &mut plot.energy_va_wan_tce,
                &mut plot.emission_va_wan_t,
                &mut plot.rd_pct,
            ] {
                *indicator = one(PER_MU);
            }
            plot.power_kva = one(AMOUNTS);
        }
        Detail::Space(space) => {
            (space.available_m2, space.min_lettable_m2) = (one(FLOOR), one(FLOOR));
            space.rent_yuan_m2_month = one(&["0", "24.9999", "25", "25.0001", "40"]);
            space.power_kva = one(AMOUNTS);
            space.ceiling_height_m = one(&["0", "8", "9", "12"]);
            space.floor_load_t_m2 = one(&["0", "1.9999", "2", "5"]);
            space.workstations = one(&["0", "20", "64"]);
            (space.crane_t, space.lift_t, space.truck_m) = (one(TONS), one(TONS), one(METRES));
            space.fire_class = Some(FIRE_CLASSES[at % FIRE_CLASSES.len()]);
        }
        Detail::Park(park) => park.available_land_mu = one(MU),
    }
    listing
}

fn range(dice: &mut Dice, percent: usize, from: &[&str]) -> Option<Range> {
    if !dice.chance(percent) {
        return None;
    }
    let (a, b) = (decimal(dice.of(from)), decimal(dice.of(from)));
    let range = match dice.below(4) {
        0 => Range { min: Some(a), max: None },
        1 => Range { min: None, max: Some(a) },
        _ => Range { min: Some(a.min(b)), max: Some(a.max(b)) },
    };
    // A largest area of nothing is refused where requirements are read.
    (range.max != Some(Decimal::ZERO)).then_some(range)
}

/// A requirement; how many fields it states is thrown first.
pub(crate) fn requirement(seed: u64) -> Requirement {
    let mut dice = Dice::new(seed);
    let p = dice.of(&[3, 12, 25, 60]);
    let wishes: Vec<_> = TABLE.iter().filter(|row| !row.legal).map(|row| row.criterion).collect();
    Requirement {
        kinds: if dice.chance(50) { Vec::new() } else { dice.some(3, &Kind::ALL) },
        site_use: dice.maybe(p, &[Use::Production, Use::Research, Use::Warehouse, Use::Office, Use::Incubation]),
        industry: dice.maybe(p, &industries()),
        land_mu: range(&mut dice, p, MU),
        floor_m2: range(&mut dice, p, FLOOR),
        tax_wan: dice.figure(p, AMOUNTS),
        fixed_investment_wan: dice.figure(p, AMOUNTS),
        investment_wan: dice.figure(p, AMOUNTS),
        output_wan: dice.figure(p, AMOUNTS),
        value_added_wan: dice.figure(2 * p, VAST),
        rd_percent: dice.figure(p, RATIOS),
        energy_tce: dice.figure(p, VAST),
        emission_t: dice.figure(p, VAST),
        plot_ratio: dice.figure(p, RATIOS),
        tenure: dice.maybe(p, &[Tenure::Buy, Tenure::Lease]),
        price_wan_per_mu_max: dice.figure(p, &["0", "20", "33.3333", "40", "66.6667", "1000"]),
        rent_yuan_m2_month_max: dice.figure(p, &["0", "24.9999", "25", "25.0001", "40"]),
        power_kva: dice.figure(p, AMOUNTS),
        ceiling_height_m: dice.figure(p, &["0", "8", "9"]),
        floor_load_t_m2: dice.figure(p, &["0", "1.9999", "2"]),
        regions: if dice.chance(p) { dice.some(3, &divisions()) } else { Vec::new() },
        near: dice.chance(p).then(|| point(&mut dice)).map(|[lng, lat]| Near {
            lng,
            lat,
            max_km: decimal(dice.of(&["0", "5", "60", "100", "649.9548"])),
        }),
        park_levels: if dice.chance(p) { dice.some(2, &[ParkLevel::国家级, ParkLevel::省级]) } else { Vec::new() },
        available_by: dice.maybe(p, DAYS).map(day),
        budget_wan: dice.figure(p, AMOUNTS),
        workstations: dice.figure(p, &["0", "20", "64"]),
        headcount: dice.figure(p, AMOUNTS),
        exclude_regions: if dice.chance(p) { dice.some(2, &divisions()) } else { Vec::new() },
        chemical: dice.maybe(p, &[true, true, false]),
        facilities: if dice.chance(p) { dice.some(3, &few_facilities()) } else { Vec::new() },
        crane_t: dice.figure(p, TONS),
        lift_t: dice.figure(p, TONS),
        truck_m: dice.figure(p, METRES),
        fire_class: dice.maybe(p, FIRE_CLASSES),
        lease_years: dice.figure(p, TONS),
        build_area_m2: dice.figure(p, FLOOR),
        capacity: dice.maybe(p, &["年产80万套".to_owned()]),
        start_by: dice.maybe(p, DAYS).map(day),
        production_by: dice.maybe(p, DAYS).map(day),
        prefer: if dice.chance(40) { dice.some(4, &wishes) } else { Vec::new() },
    }
}

/// A requirement of one or two things, so that nearly every listing is near or meets it by more or less.
pub(crate) fn little(seed: u64) -> Requirement {
    let mut dice = Dice::new(seed);
    let mut asked = Requirement::default();
    for _ in 0..=dice.below(2) {
        match dice.below(18) {
            0 | 1 => asked.land_mu = range(&mut dice, 100, MU),
            2 | 3 => asked.price_wan_per_mu_max = dice.figure(100, &["20", "33.3333", "66.6667"]),
            4 => asked.tax_wan = dice.figure(100, AMOUNTS),
            5 => asked.rd_percent = dice.figure(100, RATIOS),
            6 => asked.energy_tce = dice.figure(100, AMOUNTS),
            7 => asked.power_kva = dice.figure(100, AMOUNTS),
            8 => asked.floor_m2 = range(&mut dice, 100, FLOOR),
            9 => asked.rent_yuan_m2_month_max = dice.figure(100, &["24.9999", "25", "40"]),
            10 => asked.ceiling_height_m = dice.figure(100, &["8", "9"]),
            11 => asked.regions = vec![dice.of(&divisions())],
            12 => asked.industry = Some(dice.of(&industries())),
            13 | 14 => asked.facilities = dice.some(4, &few_facilities()),
            15 => asked.crane_t = dice.figure(100, TONS),
            16 => asked.fire_class = dice.maybe(100, FIRE_CLASSES),
            _ => asked.fixed_investment_wan = dice.figure(100, AMOUNTS),
        }
    }
    asked
}

/// An inventory and a requirement.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) listings: Vec<Listing>,
    pub(crate) requirement: Requirement,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "requirement {}", self.requirement.to_json())?;
        self.listings.iter().try_for_each(|listing| writeln!(f, "{listing:?}"))
    }
}

pub(crate) fn worlds() -> impl Strategy<Value = World> {
    (proptest::collection::vec(any::<u64>(), 0..40), any::<u64>()).prop_map(|(seeds, seed)| World {
        listings: seeds.iter().enumerate().map(|(at, &seed)| listing(seed, at)).collect(),
        requirement: requirement(seed),
    })
}
