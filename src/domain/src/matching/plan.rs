//! A requirement compiled for the columns of one kind: one check a criterion, its limits as narrow integers.

use super::columns::Columns;
use super::criterion::{Criterion, Relaxing};
use super::flags::{Flag, Flags};
use super::row::{Codes, Figure, LAND_PER_STEP, PER_MU_SCALE, code_number, day_number, division_number, on_sphere};
use super::score::Ranking;
use crate::decimal::Decimal;
use crate::geo::{EARTH_RADIUS_KM, Point};
use crate::industry::{IndustryCode, industries};
use crate::listing::Kind;
use crate::region::{DivisionCode, DivisionLevel, divisions};
use crate::requirement::{Requirement, Tenure, Use};

/// How one criterion is decided on narrow columns. Figures are ten-thousandths, land is land units.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// By [`Plan::regions`].
    Region,
    /// By [`Plan::related`].
    Industry,
    /// By [`Plan::banned`].
    Banned,
    Use(Use),
    Chemical,
    /// A plot's take between two ends; `min` and `max` are what was asked, or the ends of the scale.
    Land {
        min: u64,
        max: u64,
        ends: Ends,
    },
    /// A park's land; without a least, met.
    ParkLand {
        min: Option<u64>,
    },
    Floor {
        min: u64,
        max: u64,
    },
    /// Threshold × take ≤ offered; `offered` in ten-thousandths.
    PerMu {
        threshold: Figure,
        offered: u64,
    },
    /// Threshold ≤ offered ÷ used, or offered alone; `limit` is the largest threshold that passes.
    Threshold {
        threshold: Figure,
        limit: u64,
        over: u128,
        under: u128,
    },
    PlotRatio {
        wanted: u64,
    },
    PlotPrice {
        most: u64,
    },
    Rent {
        most: u64,
    },
    Tenure(Tenure),
    AtLeast {
        figure: Figure,
        needed: u64,
    },
    Near {
        from: [f32; 3],
        point: Point,
        most: f64,
        within: f32,
        beyond: f32,
    },
    Level {
        wanted: Flags,
    },
    Available {
        by: i64,
    },
}

impl Test {
    /// The same test where its limit gives way by a gap, ten-thousandths of its unit, or a little more; `None` where
    /// that is not worth a test of its own or the limit would leave its scale.
    pub(super) fn eased(&self, gap: i128) -> Option<Self> {
        let gap = u64::from(u32::try_from(gap).ok()?);
        Some(match *self {
            Self::Land { min, max, ends } => {
                let land = gap * LAND_PER_STEP;
                Self::Land { min: min.saturating_sub(land), max: max.saturating_add(land), ends }
            }
            Self::ParkLand { min } => Self::ParkLand { min: min.map(|min| min.saturating_sub(gap)) },
            Self::PerMu { threshold, offered } => {
                let offered = offered.checked_add(gap).filter(|offered| offered.checked_mul(PER_MU_SCALE).is_some())?;
                Self::PerMu { threshold, offered }
            }
            Self::Threshold { threshold, limit, over, under } => {
                Self::Threshold { threshold, limit: limit.saturating_add(gap), over, under }
            }
            // The rate is rounded up.
            Self::PlotPrice { most } => Self::PlotPrice { most: most.saturating_add(gap + 1) },
            Self::Rent { most } => Self::Rent { most: most.saturating_add(gap) },
            Self::AtLeast { figure, needed } => Self::AtLeast { figure, needed: needed.saturating_sub(gap) },
            _ => return None,
        })
    }
}

/// Which ends of a range were stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) min: bool,
    pub(super) max: bool,
}

/// One criterion of a plan.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) criterion: Criterion,
    pub(super) test: Test,
    pub(super) wish: bool,
    /// 1, or 2 where law: two shortfalls put a listing out, and so does one of law.
    pub(super) weight: usize,
    pub(super) points: u32,
    pub(super) unit: Option<&'static str>,
}

impl Check {
    /// Places and sizes part rows best, so they go first; products of columns cost most and go last.
    fn judging_order(&self) -> u8 {
        match self.test {
            Test::Region => 0,
            Test::Land { .. } | Test::Floor { .. } | Test::ParkLand { .. } => 1,
            Test::Use { .. } | Test::Rent { .. } => 2,
            Test::Near { .. } | Test::PlotPrice { .. } => 4,
            Test::PerMu { .. } => 5,
            _ => 3,
        }
    }

    fn scoring_order(&self) -> (u8, std::cmp::Reverse<u32>) {
        let cost = match self.test {
            Test::PlotPrice { .. } | Test::Rent { .. } | Test::Land { .. } | Test::AtLeast { .. } => 0,
            Test::Industry => 1,
            Test::Near { .. } => 3,
            _ => 2,
        };
        (cost, std::cmp::Reverse(self.points))
    }
}

/// What a division is to a requirement.
pub(super) const IN: u8 = 0;
pub(super) const OUTSIDE: u8 = 1;
pub(super) const WIDER: u8 = 2;

/// A requirement compiled for one kind.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) kind: Kind,
    /// The stated criteria, musts before wishes.
    pub(super) checks: Vec<Check>,
    pub(super) musts: usize,
    /// The checks in the order of scoring: those that lose most first, distances last.
    pub(super) scoring: Vec<u8>,
    /// The most points of all checks together.
    pub(super) points: u32,
    /// The least land that is asked of plots, land units.
    pub(super) least_land: u64,
    /// Demands that leave a row open.
    pub(super) open_demands: Flags,
    /// By division number: [`IN`], [`OUTSIDE`] or [`WIDER`]; 0 is blank.
    pub(super) regions: Vec<u8>,
    /// By division number, how many before it are not [`OUTSIDE`].
    pub(super) reachable: Vec<u16>,
    /// Likewise those that are not [`IN`].
    pub(super) not_inside: Vec<u16>,
    /// By division number, whether it is excluded; empty where nothing is.
    pub(super) excluded: Vec<bool>,
    /// By code number: 0 unrelated, else one more than the levels between.
    pub(super) related: Vec<u8>,
    /// The same codes as ranges.
    pub(super) relatives: Relatives,
    /// By list number, whether one of its codes bans the requirement's.
    pub(super) banned: Vec<bool>,
}

/// The parent of each division by number, for walking upwards without a map.
fn parents() -> &'static [u16] {
    static PARENTS: std::sync::LazyLock<Vec<u16>> = std::sync::LazyLock::new(|| {
        let table = divisions();
        let number =
            |code: DivisionCode| table.all().iter().position(|row| row.code == code).map_or(0, |at| at as u16 + 1);
        let provinces: std::collections::HashMap<DivisionCode, u16> = table
            .all()
            .iter()
            .filter(|row| row.level != DivisionLevel::County)
            .map(|row| (row.code, number(row.code)))
            .collect();
        let parent =
            |row: &crate::region::Division| row.parent.and_then(|code| provinces.get(&code).copied()).unwrap_or(0);
        std::iter::once(0).chain(table.all().iter().map(parent)).collect()
    });
    &PARENTS
}

/// A division's number and those of everything above it.
pub(super) fn upwards(number: u16) -> impl Iterator<Item = u16> {
    std::iter::successors(Some(number), |&at| parents().get(usize::from(at)).copied()).take_while(|&at| at != 0)
}

/// By division number, the last number of what lies below it: the table lists every division before its parts.
fn last_below() -> &'static [u16] {
    static LAST: std::sync::LazyLock<Vec<u16>> = std::sync::LazyLock::new(|| {
        let mut last: Vec<u16> = (0..=divisions().all().len() as u16).collect();
        for number in 1..last.len() as u16 {
            upwards(number).for_each(|above| last[usize::from(above)] = number);
        }
        last
    });
    &LAST
}

/// The numbers of a division and all that lies below it.
pub(super) fn within(code: DivisionCode) -> std::ops::RangeInclusive<usize> {
    let number = usize::from(division_number(code));
    number..=usize::from(last_below()[number])
}

/// Whether `inner` is `outer` or lies in it; two look-ups instead of a walk.
pub(super) fn covers(outer: DivisionCode, inner: DivisionCode) -> bool {
    within(outer).contains(&usize::from(division_number(inner)))
}

/// Marks by division number: whether it is one of `codes` or lies below one.
fn below(codes: &[DivisionCode]) -> Vec<bool> {
    let mut marked = vec![false; divisions().all().len() + 1];
    codes.iter().for_each(|&code| marked[within(code)].fill(true));
    marked
}

/// By number, how many of those before it are so.
fn before(all: &[u8], is_so: impl Fn(u8) -> bool) -> Vec<u16> {
    let mut before = Vec::with_capacity(all.len() + 1);
    before.push(0);
    let mut count = 0;
    before.extend(all.iter().map(|&it| {
        count += u16::from(is_so(it));
        count
    }));
    before
}

fn regions(codes: &[DivisionCode]) -> Vec<u8> {
    let mut regions = vec![OUTSIDE; divisions().all().len() + 1];
    for &code in codes {
        upwards(division_number(code)).for_each(|above| regions[usize::from(above)] = WIDER);
    }
    codes.iter().for_each(|&code| regions[within(code)].fill(IN));
    // A blank division is silent.
    regions[0] = WIDER;
    regions
}

/// Ten-thousandths of a requirement's figure, which has at most four places.
pub(super) fn steps(figure: Decimal) -> u64 {
    (figure.micro() / 100).max(0) as u64
}

/// Land units of an amount in mu with at most four places.
pub(super) fn land(mu: Decimal) -> u64 {
    steps(mu) * super::row::LAND_PER_STEP
}

/// Chords of the unit sphere get this much either way for the columns' rounding.
const CHORD_SLACK: f64 = 2e-6;

impl Plan {
    /// Compiles a requirement that [`is_narrow`] for the rows of one kind.
    pub(super) fn new(requirement: &Requirement, kind: Kind, ranking: &Ranking, codes: &Codes) -> Self {
        let mut plan = Self {
            kind,
            checks: Vec::new(),
            musts: 0,
            scoring: Vec::new(),
            points: 0,
            least_land: requirement.land_mu.and_then(|range| range.min).map_or(0, land),
            open_demands: Flags::NONE,
            regions: Vec::new(),
            reachable: Vec::new(),
            not_inside: Vec::new(),
            excluded: Vec::new(),
            related: Vec::new(),
            relatives: Relatives::default(),
            banned: Vec::new(),
        };
        for row in super::criterion::TABLE.iter().filter(|row| row.kinds.contains(&kind)) {
            let wish = requirement.prefer.contains(&row.criterion);
            match plan.test(row.criterion, requirement) {
                Some(test) => plan.checks.push(Check {
                    criterion: row.criterion,
                    test,
                    wish,
                    weight: if row.legal { 2 } else { 1 },
                    points: ranking.max_points(row.criterion),
                    unit: row.criterion.unit(kind).filter(|_| row.relaxing == Relaxing::Gap),
                }),
                None if !wish => demand(row.criterion).into_iter().for_each(|flag| plan.open_demands.set(flag, true)),
                None => {}
            }
        }
        plan.checks.sort_by_key(|check| (check.wish, check.judging_order()));
        plan.musts = plan.checks.iter().filter(|check| !check.wish).count();
        plan.points = plan.checks.iter().map(|check| check.points).sum();
        plan.scoring = (0..plan.checks.len() as u8).collect();
        plan.scoring.sort_by_key(|&at| plan.checks[usize::from(at)].scoring_order());
        plan.compile_tables(requirement, codes);
        plan
    }

    fn compile_tables(&mut self, requirement: &Requirement, codes: &Codes) {
        if !requirement.regions.is_empty() {
            self.regions = regions(&requirement.regions);
            self.reachable = before(&self.regions, |it| it != OUTSIDE);
            self.not_inside = before(&self.regions, |it| it != IN);
        }
        if !requirement.exclude_regions.is_empty() {
            self.excluded = below(&requirement.exclude_regions);
        }
        if let Some(wanted) = requirement.industry {
            self.related = related(wanted);
            self.relatives = Relatives::of(&self.related);
            let above = |code: u16| self.related[usize::from(code)] != 0 && code <= code_number(wanted).unwrap_or(0);
            self.banned = codes.lists.iter().map(|list| list.iter().any(|&code| above(code))).collect();
        }
    }

    fn test(&self, criterion: Criterion, requirement: &Requirement) -> Option<Test> {
        let per = |used: Option<Decimal>, threshold| {
            let (added, used) = requirement.value_added_wan.zip(used)?;
            Some(quotient(threshold, added, used))
        };
        let at_least = |needed: Option<Decimal>, figure| Some(Test::AtLeast { figure, needed: steps(needed?) });
        let per_mu = |offered: Option<Decimal>, threshold| Some(Test::PerMu { threshold, offered: steps(offered?) });
        match criterion {
            Criterion::Region => (!requirement.regions.is_empty()).then_some(Test::Region),
            Criterion::Industry => requirement.industry.map(|_| Test::Industry),
            Criterion::BannedIndustry => requirement.industry.map(|_| Test::Banned),
            Criterion::Use => requirement.site_use.map(Test::Use),
            Criterion::Chemical => (requirement.chemical == Some(true)).then_some(Test::Chemical),
            Criterion::Land if self.kind == Kind::Park => {
                requirement.land_mu.map(|range| Test::ParkLand { min: range.min.map(steps) })
            }
            Criterion::Land => requirement.land_mu.map(|range| Test::Land {
                min: range.min.map_or(0, land),
                max: range.max.map_or(u64::MAX, land),
                ends: Ends { min: range.min.is_some(), max: range.max.is_some() },
            }),
            Criterion::Floor => requirement
                .floor_m2
                .map(|range| Test::Floor { min: range.min.map_or(0, steps), max: range.max.map_or(u64::MAX, steps) }),
            Criterion::Tax => per_mu(requirement.tax_wan, Figure::Tax),
            Criterion::Investment => per_mu(requirement.fixed_investment_wan, Figure::Investment),
            Criterion::Output => per_mu(requirement.output_wan, Figure::Output),
            Criterion::Rd => requirement.rd_percent.map(|rd| quotient(Figure::Rd, rd, Decimal::from_int(1))),
            Criterion::Energy => per(requirement.energy_tce, Figure::Energy),
            Criterion::Emission => per(requirement.emission_t, Figure::Emission),
            Criterion::PlotRatio => requirement.plot_ratio.map(|wanted| Test::PlotRatio { wanted: steps(wanted) }),
            Criterion::Price if self.kind == Kind::Plot => {
                requirement.price_wan_per_mu_max.map(|most| Test::PlotPrice { most: steps(most) })
            }
            Criterion::Price => requirement.rent_yuan_m2_month_max.map(|most| Test::Rent { most: steps(most) }),
            Criterion::Tenure => requirement.tenure.map(Test::Tenure),
            Criterion::Power => at_least(requirement.power_kva, Figure::Power),
            Criterion::Height => at_least(requirement.ceiling_height_m, Figure::Height),
            Criterion::Load => at_least(requirement.floor_load_t_m2, Figure::Load),
            Criterion::Workstations => at_least(requirement.workstations, Figure::Desks),
            Criterion::Near => requirement.near.map(|near| near_test(&near)),
            Criterion::Level => (!requirement.park_levels.is_empty())
                .then(|| Test::Level { wanted: requirement.park_levels.iter().copied().map(Flag::level).collect() }),
            Criterion::Available => requirement.available_by.map(|by| Test::Available { by: day_number(by) }),
        }
    }

    /// The levels between a code and the requirement's, where related.
    pub(super) fn levels(&self, columns: &Columns, row: usize, codes: &Codes) -> Option<u8> {
        row_codes(columns, row, codes).filter_map(|code| self.related[usize::from(code)].checked_sub(1)).min()
    }
}

/// The industries of a row as code numbers.
pub(super) fn row_codes<'c>(columns: &'c Columns, row: usize, codes: &'c Codes) -> impl Iterator<Item = u16> + 'c {
    let inline = [0, 1, 2].map(|at: usize| columns.industries[at].at(row));
    let listed = (inline[0] == super::row::LISTED).then(|| &codes.lists[usize::from(inline[1])][..]);
    let inline = inline.into_iter().filter(move |&code| code != 0 && listed.is_none());
    listed.unwrap_or_default().iter().copied().chain(inline)
}

/// By code number: 0 unrelated, else one more than the levels between.
///
/// The classification lists every code before its parts and nothing between, so those related stand in one run behind
/// it, or alone above it.
pub(super) fn related(wanted: IndustryCode) -> Vec<u8> {
    let all = industries().all();
    let mut related = vec![0; all.len() + 1];
    let Some(number) = code_number(wanted).map(usize::from) else { return related };
    let levels = |at: usize| 1 + super::judge::land::code_distance(all[at - 1].code, wanted) as u8;
    let below = (number..=all.len()).take_while(|&at| wanted.contains(all[at - 1].code));
    let mut narrowest = wanted;
    let above = (1..number).rev().filter(|&at| {
        let is_above = all[at - 1].code.digits() < narrowest.digits() && all[at - 1].code.contains(wanted);
        if is_above {
            narrowest = all[at - 1].code;
        }
        is_above
    });
    below.chain(above).for_each(|at| related[at] = levels(at));
    related
}

/// Levels of the classification above its narrowest.
const LEVELS_ABOVE: usize = 3;

/// The numbers of the codes that are related: one run, and those alone above it; compared with many rows at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Relatives {
    first: u16,
    /// How many follow the first in its run.
    more: u16,
    above: [u16; LEVELS_ABOVE],
}

impl Relatives {
    fn of(related: &[u8]) -> Self {
        let is_related = |at: &usize| related[*at] != 0;
        let Some(last) = (0..related.len()).rfind(is_related) else { return Self::default() };
        let first = (0..=last).rev().take_while(is_related).last().unwrap_or(last);
        let mut relatives = Self { first: first as u16, more: (last - first) as u16, above: [first as u16; _] };
        let above = (0..first).filter(is_related);
        relatives.above.iter_mut().zip(above).for_each(|(place, at)| *place = at as u16);
        relatives
    }

    #[inline(always)]
    pub(super) fn have(self, code: u16) -> bool {
        let [one, two, three] = self.above;
        (code.wrapping_sub(self.first) <= self.more) | (code == one) | (code == two) | (code == three)
    }
}

/// The demand that a criterion answers.
const fn demand(criterion: Criterion) -> Option<Flag> {
    Some(match criterion {
        Criterion::Tax => Flag::states(Figure::Tax),
        Criterion::Investment => Flag::states(Figure::Investment),
        Criterion::Output => Flag::states(Figure::Output),
        Criterion::Rd => Flag::states(Figure::Rd),
        Criterion::Energy => Flag::states(Figure::Energy),
        Criterion::Emission => Flag::states(Figure::Emission),
        Criterion::Industry => Flag::NAMES_INDUSTRIES,
        Criterion::BannedIndustry => Flag::BANS,
        _ => return None,
    })
}

/// `threshold ≤ offered ÷ used`; a divisor of nothing passes every threshold.
fn quotient(threshold: Figure, offered: Decimal, used: Decimal) -> Test {
    let (over, under) = (u128::from(steps(offered)) * 10_000, u128::from(steps(used)));
    let limit = over.checked_div(under).map_or(u64::MAX, |limit| u64::try_from(limit).unwrap_or(u64::MAX));
    Test::Threshold { threshold, limit, over, under }
}

fn near_test(near: &crate::requirement::Near) -> Test {
    let point = Point { lng: near.lng.to_f64(), lat: near.lat.to_f64() };
    let most = near.max_km.to_f64();
    let chord = 2.0 * (most / (2.0 * EARTH_RADIUS_KM)).min(std::f64::consts::FRAC_PI_2).sin();
    let square = |chord: f64| if chord < 0.0 { -1.0 } else { (chord * chord) as f32 };
    Test::Near {
        from: on_sphere(point),
        point,
        most,
        within: square(chord - CHORD_SLACK),
        beyond: square(chord + CHORD_SLACK),
    }
}

/// Whether every judged figure is a whole number of ten-thousandths, as requirements from outside always are.
pub(super) fn is_narrow(requirement: &Requirement) -> bool {
    let ranges =
        [requirement.land_mu, requirement.floor_m2].into_iter().flatten().flat_map(|range| [range.min, range.max]);
    let figures = [
        requirement.tax_wan,
        requirement.fixed_investment_wan,
        requirement.output_wan,
        requirement.value_added_wan,
        requirement.rd_percent,
        requirement.energy_tce,
        requirement.emission_t,
        requirement.plot_ratio,
        requirement.price_wan_per_mu_max,
        requirement.rent_yuan_m2_month_max,
        requirement.power_kva,
        requirement.ceiling_height_m,
        requirement.floor_load_t_m2,
        requirement.workstations,
    ];
    // Up to a thousand million, as requirements are read: products stay inside the engine's integers.
    let most = Decimal::from_int(1_000_000_000);
    ranges.chain(figures).flatten().all(|figure| figure.places() <= 4 && figure >= Decimal::ZERO && figure <= most)
}

#[cfg(test)]
mod tests {
    use super::{Relatives, code_number, related, within};
    use crate::industry::industries;
    use crate::matching::judge::land::code_distance;
    use crate::region::divisions;

    #[test]
    fn related_codes_stand_in_one_run_behind_a_code_or_alone_above_it() {
        let all = industries().all();
        for wanted in all {
            let found = related(wanted.code);
            let relatives = Relatives::of(&found);
            assert!(!relatives.have(0), "a blank is nobody's relative");
            for other in all {
                let levels = other.code.related(wanted.code).then(|| code_distance(other.code, wanted.code) as u8);
                let number = usize::from(code_number(other.code).unwrap_or_default());
                assert_eq!(found[number].checked_sub(1), levels, "{:?} {:?}", wanted.code, other.code);
                assert_eq!(relatives.have(number as u16), levels.is_some(), "{:?} {:?}", wanted.code, other.code);
            }
        }
    }

    #[test]
    fn the_table_lists_every_division_before_its_parts_and_nothing_between() {
        let table = divisions();
        for outer in table.all() {
            let inside = table.all().iter().filter(|row| table.covers(outer.code, row.code)).count();
            let numbers = within(outer.code);
            assert_eq!(numbers.clone().count(), inside, "{}", outer.name);
            assert!(numbers.into_iter().all(|number| table.covers(outer.code, table.all()[number - 1].code)));
        }
    }
}
