//! A second evaluator of contract §6, written for plainness alone: one listing at a time, fractions throughout.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::decimal::Decimal;
use domain::geo::{Point, distance_km};
use domain::listing::{Detail, Kind, Listing, Plot, SpaceKind, Status};
use domain::requirement::{FireClass, Requirement, Tenure, Use, Word as _};

use domain::region::{DivisionCode, divisions};

/// A fraction; the denominator is positive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fraction(i128, i128);

impl Fraction {
    pub(crate) fn of(decimal: Decimal) -> Self {
        Self(decimal.micro().into(), 1_000_000).reduced()
    }

    fn whole(number: i128) -> Self {
        Self(number, 1)
    }

    fn reduced(self) -> Self {
        let (mut a, mut b) = (self.0.abs(), self.1);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if a == 0 { self } else { Self(self.0 / a, self.1 / a) }
    }

    fn times(self, other: Self) -> Self {
        Self(self.0 * other.0, self.1 * other.1).reduced()
    }

    fn over(self, other: Self) -> Self {
        Self(self.0 * other.1, self.1 * other.0).reduced()
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0 * other.1 - other.0 * self.1, self.1 * other.1).reduced()
    }

    /// Ten-thousandths, rounded up.
    pub(crate) fn ten_thousandths(self) -> i128 {
        let scaled = self.0 * 10_000;
        scaled.div_euclid(self.1) + i128::from(scaled.rem_euclid(self.1) > 0)
    }

    /// Whole ‰ between 0 and 1000.
    fn permille(self) -> i128 {
        (self.0 * 1000).div_euclid(self.1).clamp(0, 1000)
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

/// One criterion of one listing: verdict, gap in ten-thousandths, ‰ of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) criterion: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) gap: Option<i128>,
    pub(crate) permille: i128,
    /// The one facility that is lacking.
    pub(crate) lacking: Option<&'static str>,
}

fn met(criterion: &'static str, permille: i128) -> Line {
    Line { criterion, verdict: "met", gap: None, permille, lacking: None }
}

fn unknown(criterion: &'static str) -> Line {
    Line { criterion, verdict: "unknown", gap: None, permille: 300, lacking: None }
}

fn unstated(criterion: &'static str) -> Line {
    Line { criterion, verdict: "unstated", gap: None, permille: 0, lacking: None }
}

fn short(criterion: &'static str) -> Line {
    Line { criterion, verdict: "short", gap: None, permille: 0, lacking: None }
}

/// Short by `asked - there`; `there` is what counts of `asked`.
fn short_by(criterion: &'static str, gap: Fraction, there: Fraction, asked: Fraction) -> Line {
    let share = if asked.0 == 0 { 0 } else { there.over(asked).permille() };
    Line { criterion, verdict: "short", gap: Some(gap.ten_thousandths()), permille: 400 * share / 1000, lacking: None }
}

fn mu_of(land: domain::area::Mu) -> Fraction {
    Fraction(land.units().into(), 2_000_000_000).reduced()
}

/// The take in mu.
pub(crate) fn take(plot: &Plot, requirement: &Requirement) -> Option<Fraction> {
    let area = mu_of(plot.area?);
    let Some(least) = plot.min_divisible.map(mu_of) else { return Some(area) };
    let min = requirement.land_mu.and_then(|range| range.min).map_or(Fraction::whole(0), Fraction::of);
    let smallest = least.max(min);
    Some(if smallest <= area { smallest } else { area })
}

pub(crate) fn considered(listing: &Listing, requirement: &Requirement) -> bool {
    let (land, floor) = (requirement.land_mu.is_some(), requirement.floor_m2.is_some());
    let wanted = if !requirement.kinds.is_empty() {
        requirement.kinds.contains(&listing.kind())
    } else if land && !floor {
        listing.kind() != Kind::Space
    } else if floor && !land {
        listing.kind() == Kind::Space
    } else {
        true
    };
    let gone = matches!(listing.status, Some(Status::Sold | Status::Off)) || listing.is_deal;
    let excluded = listing.division.is_some_and(|own| requirement.exclude_regions.iter().any(|&out| under(own, out)));
    wanted && !gone && !excluded
}

/// Whether `own` is `outer` or lies below it.
pub(crate) fn under(own: DivisionCode, outer: DivisionCode) -> bool {
    let mut at = Some(own);
    while let Some(code) = at {
        if code == outer {
            return true;
        }
        at = divisions().get(code).and_then(|row| row.parent);
    }
    false
}

fn starts(code: &str, head: &str) -> bool {
    code == head || head.len() > 1 && code.len() > 1 && code.starts_with(head)
}

/// Whether `outer` equals or contains `inner`, by their printed digits; a section by its letter.
pub(crate) fn contains(outer: domain::industry::IndustryCode, inner: domain::industry::IndustryCode) -> bool {
    if outer.digits() == 0 {
        outer.section() == inner.section()
    } else {
        starts(&inner.to_string(), &outer.to_string())
    }
}

/// Every criterion used, in any order.
pub(crate) fn lines(listing: &Listing, requirement: &Requirement) -> Vec<Line> {
    let mut lines = Vec::new();
    place(listing, requirement, &mut lines);
    industry(listing, requirement, &mut lines);
    match &listing.detail {
        Detail::Park(park) => {
            if let Some(range) = requirement.land_mu {
                lines.push(match (range.min.map(Fraction::of), park.available_land_mu.map(Fraction::of)) {
                    (None, _) => met("land", 1000),
                    (_, None) => unknown("land"),
                    (Some(min), Some(has)) if has >= min => met("land", 1000),
                    (Some(min), Some(has)) => short_by("land", min.minus(has), has, min),
                });
            }
        }
        Detail::Plot(plot) => plot_lines(plot, requirement, &mut lines),
        Detail::Space(space) => space_lines(space, requirement, &mut lines),
    }
    lines
}

fn place(listing: &Listing, requirement: &Requirement, lines: &mut Vec<Line>) {
    if !requirement.regions.is_empty() {
        lines.push(match listing.division {
            None => unknown("region"),
            Some(own) if requirement.regions.iter().any(|&wanted| under(own, wanted)) => met("region", 1000),
            Some(own) if requirement.regions.iter().any(|&wanted| under(wanted, own)) => unknown("region"),
            Some(own) => Line { permille: nearness(own, &requirement.regions), ..short("region") },
        });
    }
    if requirement.chemical == Some(true) {
        lines.push(match listing.chemical_park {
            None => unknown("chemical"),
            Some(true) => met("chemical", 1000),
            Some(false) => short("chemical"),
        });
    }
    if !requirement.facilities.is_empty() {
        let asked = || requirement.facilities.iter().copied();
        let lacking: Vec<_> = asked().filter(|&it| listing.facilities.lacks.has(it)).collect();
        lines.push(match lacking[..] {
            [] if asked().all(|it| listing.facilities.has.has(it)) => met("facilities", 1000),
            [] => unknown("facilities"),
            [only] => Line { lacking: Some(only.code()), ..short("facilities") },
            _ => short("facilities"),
        });
    }
    if let Some(near) = requirement.near {
        lines.push(match listing.point {
            None => unknown("near"),
            Some(point) => {
                let km = distance_km(Point { lng: near.lng.to_f64(), lat: near.lat.to_f64() }, point);
                let most = near.max_km.to_f64();
                let metres = |km: f64| Fraction::whole((km * 1000.0).round() as i128);
                if km <= most {
                    let share = if metres(most).0 == 0 { 0 } else { metres(km).over(metres(most)).permille() };
                    met("near", 1000 - 400 * share / 1000)
                } else {
                    let gap = ((km - most) * 10_000.0).ceil() as i128;
                    short_by("near", Fraction(gap, 10_000), metres(most), metres(km))
                }
            }
        });
    }
    if !requirement.park_levels.is_empty() {
        lines.push(match listing.level {
            None => unknown("level"),
            Some(level) if requirement.park_levels.contains(&level) => met("level", 1000),
            Some(_) => short("level"),
        });
    }
    if let Some(by) = requirement.available_by {
        lines.push(match (listing.available_from, listing.status) {
            (_, Some(Status::Reserved)) => unknown("available"),
            (None, Some(Status::Available)) => met("available", 1000),
            (None, _) => unknown("available"),
            (Some(from), _) if from <= by => met("available", 1000),
            (Some(from), _) => {
                let late = i128::from((from - by).num_days());
                Line {
                    criterion: "available",
                    verdict: "short",
                    gap: Some(late * 10_000),
                    permille: (400 - late).max(0),
                    lacking: None,
                }
            }
        });
    }
}

fn industry(listing: &Listing, requirement: &Requirement, lines: &mut Vec<Line>) {
    let codes = match &listing.detail {
        Detail::Plot(plot) => Some(&plot.industries),
        Detail::Space(space) => Some(&space.industries),
        Detail::Park(_) => None,
    };
    match (codes, requirement.industry) {
        (Some(codes), Some(_)) if codes.is_empty() => lines.push(unknown("industry")),
        (Some(codes), Some(wanted)) => {
            let level = |code: domain::industry::IndustryCode| i128::from(code.digits().max(1));
            let related = codes.iter().filter(|&&code| contains(code, wanted) || contains(wanted, code));
            lines.push(match related.map(|&code| (level(code) - level(wanted)).abs()).min() {
                Some(apart) => met("industry", 1000 - 150 * apart),
                None => short("industry"),
            });
        }
        (Some(codes), None) if !codes.is_empty() => lines.push(unstated("industry")),
        _ => {}
    }
    match requirement.industry {
        Some(wanted) if listing.banned_industries.iter().any(|&banned| contains(banned, wanted)) => {
            lines.push(short("banned_industry"));
        }
        Some(_) => lines.push(met("banned_industry", 1000)),
        None if !listing.banned_industries.is_empty() => lines.push(unstated("banned_industry")),
        None => {}
    }
}

/// What a land use as written allows; the printed ones that the generator uses.
fn land_allows(land_use: &str, need: Use) -> &'static str {
    let yes = |allowed: &[Use]| if allowed.contains(&need) { "met" } else { "short" };
    match land_use {
        "工业用地" if need == Use::Research => "unknown",
        "工业用地" | "二类工业用地(标准厂房)" | "100103" => yes(&[Use::Production, Use::Warehouse]),
        "M1" => yes(&[Use::Production, Use::Warehouse, Use::Research]),
        "新型产业用地(M0)" => yes(&[Use::Production, Use::Research, Use::Office]),
        "科研用地" => yes(&[Use::Research, Use::Office]),
        "物流仓储用地" => yes(&[Use::Warehouse]),
        "0902" => yes(&[Use::Office]),
        _ => "unknown",
    }
}

fn judged(criterion: &'static str, verdict: &'static str) -> Line {
    match verdict {
        "met" => met(criterion, 1000),
        "short" => short(criterion),
        _ => unknown(criterion),
    }
}

fn plot_lines(plot: &Plot, requirement: &Requirement, lines: &mut Vec<Line>) {
    let take = take(plot, requirement);
    if let Some(need) = requirement.site_use {
        lines.push(judged("use", land_allows(&plot.land_use, need)));
    }
    if let Some(range) = requirement.land_mu {
        let (min, max) = (range.min.map(Fraction::of), range.max.map(Fraction::of));
        lines.push(match take {
            None => unknown("land"),
            Some(take) if min.is_some_and(|min| take < min) => {
                let min = min.expect("an end");
                short_by("land", min.minus(take), take, min)
            }
            Some(take) if max.is_some_and(|max| take > max) => {
                let max = max.expect("an end");
                short_by("land", take.minus(max), max, take)
            }
            Some(take) => met("land", 1000 - 400 * off(take, min, max) / 1000),
        });
    }
    control(plot, requirement, take, lines);
    if let Some(ratio) = requirement.plot_ratio {
        lines.push(match (plot.far_min, plot.far_max) {
            (None, None) => unknown("plot_ratio"),
            (min, max) if min.is_some_and(|min| ratio < min) || max.is_some_and(|max| ratio > max) => {
                short("plot_ratio")
            }
            _ => met("plot_ratio", 1000),
        });
    }
    if let Some(most) = requirement.price_wan_per_mu_max {
        let area = plot.area.map(mu_of).filter(|area| area.0 > 0);
        let by_area = plot.start_price_wan.zip(area).map(|(price, area)| Fraction::of(price).over(area));
        let mu = Fraction(2000, 3);
        let by_sqm = plot.start_price_yuan_sqm.map(|yuan| Fraction::of(yuan).times(mu).over(Fraction::whole(10_000)));
        lines.push(price_line(by_area.or(by_sqm), Fraction::of(most)));
    }
    let terms = if plot.tenure.is_empty() { vec![Tenure::Buy] } else { plot.tenure.clone() };
    tenure_line(&terms, requirement, lines);
    at_least("power", requirement.power_kva, plot.power_kva, lines);
}

fn off(take: Fraction, min: Option<Fraction>, max: Option<Fraction>) -> i128 {
    match (min, max) {
        (Some(min), Some(max)) if min == max => 0,
        (Some(min), Some(max)) => {
            let twice = take.times(Fraction::whole(2)).minus(min).minus(max);
            Fraction(twice.0.abs(), twice.1).over(max.minus(min)).permille()
        }
        (Some(min), None) if take.0 > 0 => take.minus(min).over(take).permille(),
        (None, Some(max)) => max.minus(take).over(max).permille(),
        _ => 0,
    }
}

fn control(plot: &Plot, requirement: &Requirement, take: Option<Fraction>, lines: &mut Vec<Line>) {
    let per = |used: Option<Decimal>| {
        let (added, used) = requirement.value_added_wan.zip(used)?;
        // Nothing used: more than any threshold asks.
        Some((used > Decimal::ZERO).then(|| Fraction::of(added).over(Fraction::of(used))))
    };
    let plain = |amount: Option<Decimal>| amount.map(|amount| Some(Fraction::of(amount)));
    let table = [
        ("tax", plot.tax_wan_mu, true, plain(requirement.tax_wan)),
        ("investment", plot.invest_intensity_wan_mu, true, plain(requirement.fixed_investment_wan)),
        ("output", plot.output_wan_mu, true, plain(requirement.output_wan)),
        ("rd", plot.rd_pct, false, plain(requirement.rd_percent)),
        ("energy", plot.energy_va_wan_tce, false, per(requirement.energy_tce)),
        ("emission", plot.emission_va_wan_t, false, per(requirement.emission_t)),
    ];
    let has_any = plot.standard_land || table.iter().any(|row| row.1.is_some());
    for (criterion, threshold, by_the_mu, offered) in table {
        let line = match (threshold, offered) {
            (None, None) => continue,
            (None, Some(_)) if !has_any => continue,
            (None, Some(_)) => unknown(criterion),
            (Some(_), None) => unstated(criterion),
            (Some(_), Some(_)) if by_the_mu && take.is_none() => unknown(criterion),
            (Some(_), Some(None)) => met(criterion, 1000),
            (Some(threshold), Some(Some(offered))) => {
                let land = if by_the_mu { take.expect("land") } else { Fraction::whole(1) };
                let required = Fraction::of(threshold).times(land);
                if offered >= required {
                    met(criterion, 1000)
                } else {
                    short_by(criterion, required.minus(offered), offered, required)
                }
            }
        };
        lines.push(line);
    }
}

fn price_line(price: Option<Fraction>, most: Fraction) -> Line {
    match price {
        None => unknown("price"),
        Some(price) if price > most => short_by("price", price.minus(most), most, price),
        Some(price) => {
            let share = if most.0 == 0 { 0 } else { price.over(most).permille() };
            met("price", 1000 - 400 * share / 1000)
        }
    }
}

fn tenure_line(terms: &[Tenure], requirement: &Requirement, lines: &mut Vec<Line>) {
    if let Some(wanted) = requirement.tenure {
        lines.push(if terms.is_empty() {
            unknown("tenure")
        } else if terms.contains(&wanted) {
            met("tenure", 1000)
        } else {
            short("tenure")
        });
    }
}

fn at_least(criterion: &'static str, wanted: Option<Decimal>, there: Option<Decimal>, lines: &mut Vec<Line>) {
    let Some(wanted) = wanted.map(Fraction::of) else { return };
    lines.push(match there.map(Fraction::of) {
        None => unknown(criterion),
        Some(there) if there < wanted => short_by(criterion, wanted.minus(there), there, wanted),
        Some(there) => {
            let share = if there.0 == 0 { 0 } else { there.minus(wanted).over(there).permille() };
            met(criterion, 1000 - 200 * share / 1000)
        }
    });
}

fn space_lines(space: &domain::listing::Space, requirement: &Requirement, lines: &mut Vec<Line>) {
    if let Some(need) = requirement.site_use {
        let by_kind = match space.kind {
            SpaceKind::Factory => vec![Use::Production, Use::Warehouse],
            SpaceKind::Office => vec![Use::Office, Use::Research],
            SpaceKind::Makerspace | SpaceKind::Incubator => vec![Use::Incubation, Use::Office, Use::Research],
            SpaceKind::Accelerator => vec![Use::Incubation, Use::Research, Use::Production, Use::Office],
        };
        let uses = if space.uses.is_empty() { by_kind } else { space.uses.clone() };
        lines.push(judged("use", if uses.contains(&need) { "met" } else { "short" }));
    }
    if let Some(range) = requirement.floor_m2 {
        lines.push(match space.available_m2.map(Fraction::of) {
            None => unknown("floor"),
            Some(has) => {
                let zero = Fraction::whole(0);
                let least = space.min_lettable_m2.map_or(zero, Fraction::of);
                let low = least.max(range.min.map_or(zero, Fraction::of));
                let high = range.max.map_or(has, |max| has.min(Fraction::of(max)));
                if low <= high { met("floor", 1000) } else { short_by("floor", low.minus(high), high, low) }
            }
        });
    }
    if let Some(most) = requirement.rent_yuan_m2_month_max {
        lines.push(price_line(space.rent_yuan_m2_month.map(Fraction::of), Fraction::of(most)));
    }
    let mut terms = space.tenure.clone();
    if terms.is_empty() {
        terms.extend(space.price_yuan_m2.map(|_| Tenure::Buy));
        terms.extend(space.rent_yuan_m2_month.map(|_| Tenure::Lease));
    }
    tenure_line(&terms, requirement, lines);
    at_least("power", requirement.power_kva, space.power_kva, lines);
    at_least("height", requirement.ceiling_height_m, space.ceiling_height_m, lines);
    at_least("load", requirement.floor_load_t_m2, space.floor_load_t_m2, lines);
    at_least("crane", requirement.crane_t, space.crane_t, lines);
    at_least("lift", requirement.lift_t, space.lift_t, lines);
    at_least("truck", requirement.truck_m, space.truck_m, lines);
    if let Some(needed) = requirement.fire_class {
        let danger = |class: FireClass| "戊丁丙乙甲".chars().position(|it| class.word().starts_with(it));
        lines.push(match space.fire_class {
            None => unknown("fire_class"),
            Some(offered) if danger(offered) >= danger(needed) => met("fire_class", 1000),
            Some(_) => short("fire_class"),
        });
    }
    at_least("workstations", requirement.workstations, space.workstations, lines);
}

const LEGAL: [&str; 4] = ["banned_industry", "use", "chemical", "fire_class"];

/// The musts that are short.
pub(crate) fn shortfalls(lines: Vec<Line>, requirement: &Requirement) -> Vec<Line> {
    let must = |line: &Line| !requirement.prefer.iter().any(|criterion| criterion.id() == line.criterion);
    lines.into_iter().filter(|line| line.verdict == "short" && must(line)).collect()
}

/// `matched`, `to_confirm`, `near` or `out`, and the one must that is short.
pub(crate) fn group(lines: &[Line], requirement: &Requirement) -> (&'static str, Option<Line>) {
    let wish = |line: &Line| requirement.prefer.iter().any(|criterion| criterion.id() == line.criterion);
    let musts: Vec<&Line> = lines.iter().filter(|line| !wish(line)).collect();
    let short: Vec<&&Line> = musts.iter().filter(|line| line.verdict == "short").collect();
    match short[..] {
        [] if musts.iter().all(|line| line.verdict == "met") => ("matched", None),
        [] => ("to_confirm", None),
        [one] if !LEGAL.contains(&one.criterion) => ("near", Some(**one)),
        _ => ("out", None),
    }
}

/// Seats of prefectures by the first four digits: of the first row with these digits that has one.
static SEATS: LazyLock<BTreeMap<String, Point>> = LazyLock::new(|| {
    let mut seats = BTreeMap::new();
    for row in divisions().all() {
        if let Some(seat) = row.seat {
            seats.entry(row.code.to_string()[..4].to_owned()).or_insert(seat);
        }
    }
    seats
});

/// 400 × 150 ÷ (150 + km to the nearest prefecture asked for), floored; 0 where no seat is known.
fn nearness(own: DivisionCode, wanted: &[DivisionCode]) -> i128 {
    let Some(&from) = SEATS.get(&own.to_string()[..4]) else { return 0 };
    // A province's code ends in 0000 and begins those of its prefectures with two digits.
    let begins = |code: DivisionCode| {
        let code = code.to_string();
        if code.ends_with("0000") { code[..2].to_owned() } else { code[..4].to_owned() }
    };
    let is_asked = |digits: &str| wanted.iter().any(|&code| digits.starts_with(&begins(code)));
    let asked = SEATS.iter().filter(|(digits, _)| is_asked(digits));
    let km = asked.map(|(_, &seat)| distance_km(from, seat).round()).reduce(f64::min);
    km.map_or(0, |km| 60_000 / (150 + km as i128))
}
