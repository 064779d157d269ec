//! Generated listings for the benches: mostly plots, the places, sizes and blanks of real notices.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::area::Mu;
use domain::decimal::Decimal;
use domain::facility::{Facilities, Facility};
use domain::geo::Point;
use domain::industry::{IndustryCode, industries};
use domain::listing::{Detail, Listing, Park, Plot, Space, SpaceKind, Status};
use domain::region::{Division, DivisionLevel, divisions};
use domain::requirement::{FireClass, ParkLevel, Tenure, Use};

/// What a listing has and lacks: about half of the facilities are on record.
fn some_facilities(dice: &mut Dice) -> Facilities {
    let mut one_in = |percent| Facility::all().filter(|_| dice.chance(percent)).collect();
    Facilities::stated(one_in(30), one_in(20))
}

/// splitmix64: the same rows on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
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

    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1) as usize) as i64
    }

    pub(crate) fn of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Hundredths, in one of so many per cent of rows.
    fn hundredths(&mut self, percent: usize, least: i64, most: i64) -> Option<Decimal> {
        let value = self.between(least, most);
        self.chance(percent).then(|| Decimal::from_micro(value * 10_000))
    }

    /// Small sizes are common, large ones rare.
    fn skewed(&mut self, least: i64, most: i64) -> i64 {
        let share = self.below(1_000_000) as f64 / 1e6;
        least + ((most - least) as f64 * share.powi(3)) as i64
    }
}

/// What all rows draw from.
pub(crate) struct Places {
    counties: Vec<&'static Division>,
    codes: Vec<IndustryCode>,
}

pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default()
}

fn days_from_today(days: i64) -> NaiveDate {
    today() + chrono::TimeDelta::days(days)
}

impl Places {
    pub(crate) fn new() -> Self {
        let counties = divisions().all().iter().filter(|row| row.level == DivisionLevel::County && row.seat.is_some());
        let manufacturing = industries().all().iter().map(|row| row.code);
        let codes = manufacturing.filter(|code| code.section() == 'C' && code.digits() >= 2).collect();
        Self { counties: counties.collect(), codes }
    }

    /// The listing of a number: four in five are plots, one in ten a space, one in ten a park.
    pub(crate) fn listing(&self, number: usize) -> Listing {
        let mut dice = Dice(number as u64 * 31 + 7);
        let county = self.counties[dice.below(self.counties.len())];
        let seat = county.seat.unwrap_or(Point { lng: 0.0, lat: 0.0 });
        let shift = |dice: &mut Dice| dice.between(-2000, 2000) as f64 / 10_000.0;
        let (detail, letter) = match dice.below(10) {
            0 => (Detail::Park(Park { available_land_mu: dice.hundredths(70, 1000, 300_000) }), 'K'),
            1 => (Detail::Space(Box::new(self.space(&mut dice))), 'S'),
            _ => (Detail::Plot(Box::new(self.plot(&mut dice))), 'P'),
        };
        let id: Arc<str> = format!("{letter}{number:08}").into();
        let month = dice.between(0, 40);
        Listing {
            name: id.clone(),
            id,
            park: None,
            division: Some(county.code),
            point: Some(Point { lng: seat.lng + shift(&mut dice), lat: seat.lat + shift(&mut dice) }),
            level: Some(dice.of(&[ParkLevel::国家级, ParkLevel::省级, ParkLevel::省级, ParkLevel::市县级]))
                .filter(|_| dice.chance(90)),
            banned_industries: if dice.chance(5) { vec![self.codes[dice.below(self.codes.len())]] } else { Vec::new() },
            chemical_park: dice.chance(50).then(|| dice.chance(20)),
            status: Some(dice.of(&[
                Status::Available,
                Status::Available,
                Status::Available,
                Status::Reserved,
                Status::Sold,
            ])),
            available_from: dice.chance(60).then(|| days_from_today(dice.between(-300, 600))),
            demo: true,
            dated: Some(days_from_today(-30 * month).format("%Y-%m-%d").to_string()),
            is_deal: false,
            facilities: some_facilities(&mut dice),
            detail,
        }
    }

    fn some_codes(&self, dice: &mut Dice, percent: usize) -> Vec<IndustryCode> {
        let most = if dice.chance(percent) { 1 + dice.below(2) } else { 0 };
        (0..most).map(|_| self.codes[dice.below(self.codes.len())]).collect()
    }

    fn plot(&self, dice: &mut Dice) -> Plot {
        let sqm = dice.skewed(300_000, 20_000_000);
        let standard = dice.chance(22);
        let mut indicator = |least, most| if standard { dice.hundredths(80, least, most) } else { None };
        let indicators = [(15_000, 60_000), (20_000, 90_000), (800, 4_500), (100, 800), (2_000, 200_000), (50, 500)];
        let [invest, output, tax, energy, emission, rd] = indicators.map(|(least, most)| indicator(least, most));
        let price = dice.between(100_000, 900_000);
        Plot {
            industries: self.some_codes(dice, 18),
            land_use: dice
                .of(&[
                    "工业用地",
                    "工业用地",
                    "二类工业用地",
                    "一类工业用地",
                    "新型产业用地(M0)",
                    "物流仓储用地",
                    "科研用地",
                ])
                .to_owned(),
            area: Some(Mu::from_sqm(Decimal::from_micro(sqm * 10_000))),
            min_divisible: dice.chance(20).then(|| Mu::from_sqm(Decimal::from_micro(sqm / 4 * 10_000))),
            far_min: dice.hundredths(40, 60, 200),
            far_max: None,
            // 万元 at 元/㎡: 100 to 900, as notices have it.
            start_price_wan: dice.chance(92).then(|| Decimal::from_micro(sqm * price / 100_000_000 * 10_000)),
            start_price_yuan_sqm: None,
            invest_intensity_wan_mu: invest,
            output_wan_mu: output,
            tax_wan_mu: tax,
            energy_va_wan_tce: energy,
            emission_va_wan_t: emission,
            rd_pct: rd,
            standard_land: standard,
            power_kva: dice.hundredths(70, 20_000, 2_000_000),
            tenure: if dice.chance(10) { vec![Tenure::Lease] } else { Vec::new() },
        }
    }

    fn space(&self, dice: &mut Dice) -> Space {
        Space {
            kind: dice.of(&[SpaceKind::Factory, SpaceKind::Factory, SpaceKind::Incubator, SpaceKind::Office]),
            industries: self.some_codes(dice, 30),
            uses: if dice.chance(30) { vec![Use::Production] } else { Vec::new() },
            available_m2: dice.hundredths(95, 10_000, 2_000_000),
            min_lettable_m2: dice.hundredths(50, 5_000, 50_000),
            rent_yuan_m2_month: dice.hundredths(90, 800, 9_000),
            price_yuan_m2: None,
            tenure: Vec::new(),
            power_kva: dice.hundredths(60, 10_000, 500_000),
            ceiling_height_m: dice.hundredths(70, 300, 1_500),
            floor_load_t_m2: dice.hundredths(70, 20, 500),
            workstations: dice.hundredths(30, 1_000, 20_000),
            crane_t: dice.hundredths(40, 300, 3_200),
            lift_t: dice.hundredths(40, 100, 500),
            truck_m: dice.hundredths(30, 960, 1_750),
            fire_class: dice.chance(40).then_some(FireClass::丙),
        }
    }
}
