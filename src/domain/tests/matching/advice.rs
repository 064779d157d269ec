//! Every advice, applied, does what it says, and nothing smaller does.

use std::collections::BTreeMap;

use domain::area::Mu;
use domain::decimal::Decimal;
use domain::industry::IndustryCode;
use domain::listing::{Detail, Listing, Plot};
use domain::matching::{Answer, Change, Criterion, Group, Judged, Match, Value, Verdict, check_commitment};
use domain::region::DivisionCode;
use domain::requirement::{ParkLevel, Requirement, Word as _};
use proptest::prelude::*;

use crate::agreement::{answer, config, far_worlds, index};
use crate::brute;
use crate::generate::{self, World, today, worlds};
use crate::oracle::{self, Line};

/// A requirement changed by one piece of advice; `None` where no field can carry it (an industry or a term accepted
/// besides, or land whose least end would move the take).
fn applied(
    requirement: &Requirement,
    criterion: Criterion,
    unit: Option<&str>,
    change: &Change,
) -> Option<Requirement> {
    let mut it = requirement.clone();
    match change {
        Change::Accept(value) => match criterion {
            Criterion::Region => it.regions.push(DivisionCode::parse(value)?),
            Criterion::Level => it.park_levels.push(ParkLevel::from_word(value)?),
            // Both terms accepted: nothing is asked any more.
            Criterion::Tenure => it.tenure = None,
            Criterion::Facilities => it.facilities.retain(|asked| asked.code() != value),
            _ => return None,
        },
        Change::By(gap) => {
            let up = |amount: &mut Option<Decimal>| shift(amount, gap.micro());
            let down = |amount: &mut Option<Decimal>| shift(amount, -gap.micro());
            match (criterion, unit) {
                (Criterion::Tax, _) => up(&mut it.tax_wan),
                (Criterion::Investment, _) => up(&mut it.fixed_investment_wan),
                (Criterion::Output, _) => up(&mut it.output_wan),
                (Criterion::Rd, _) => up(&mut it.rd_percent),
                (Criterion::Price, Some("wan/mu")) => up(&mut it.price_wan_per_mu_max),
                (Criterion::Price, _) => up(&mut it.rent_yuan_m2_month_max),
                (Criterion::Power, _) => down(&mut it.power_kva),
                (Criterion::Height, _) => down(&mut it.ceiling_height_m),
                (Criterion::Load, _) => down(&mut it.floor_load_t_m2),
                (Criterion::Crane, _) => down(&mut it.crane_t),
                (Criterion::Lift, _) => down(&mut it.lift_t),
                (Criterion::Truck, _) => down(&mut it.truck_m),
                (Criterion::Workstations, _) => down(&mut it.workstations),
                (Criterion::Floor, _) => {
                    let range = it.floor_m2.as_mut()?;
                    down(&mut range.min);
                    up(&mut range.max);
                }
                (Criterion::Land, _) if it.land_mu?.min.is_none() => up(&mut it.land_mu.as_mut()?.max),
                (Criterion::Available, _) => {
                    let days = chrono::Days::new(u64::try_from(gap.micro() / 1_000_000).ok()?);
                    it.available_by = Some(it.available_by?.checked_add_days(days)?);
                }
                (Criterion::Near, _) => {
                    let near = it.near.as_mut()?;
                    near.max_km = Decimal::from_micro(near.max_km.micro() + gap.micro());
                }
                _ => return None,
            }
        }
    }
    Some(it)
}

fn shift(amount: &mut Option<Decimal>, micro: i64) {
    if let Some(amount) = amount {
        *amount = Decimal::from_micro((amount.micro() + micro).max(0));
    }
}

/// How many of the near listings that are short on this criterion alone a changed requirement opens.
fn opened(world: &World, near: &[&Match], changed: &Requirement) -> usize {
    let index = index(world);
    let opens = |it: &&&Match| {
        let found = index.judge(it.listing.kind, &it.listing.id, changed, today()).expect("a listing");
        matches!(found.group(), Group::Matched | Group::ToConfirm)
    };
    near.iter().filter(opens).count()
}

/// Spaces whose smallest part is larger than what is left are never opened by any floor.
fn consistent(mut world: World) -> World {
    for listing in &mut world.listings {
        if let Detail::Space(space) = &mut listing.detail {
            space.min_lettable_m2 = space.min_lettable_m2.min(space.available_m2);
        }
    }
    world
}

fn short_on<'a>(answer: &'a Answer, criterion: Criterion, unit: Option<&str>) -> Vec<&'a Match> {
    let alone = |it: &&Match| it.shortfalls().next().is_some_and(|it| it.criterion == criterion && it.unit == unit);
    answer.near.iter().filter(alone).collect()
}

/// How many facilities are lacking.
fn lacking(short: &Judged) -> usize {
    if let Value::Facilities { lacks, .. } = &short.offer { lacks.len() } else { 0 }
}

/// What making up for a shortfall asks of the enterprise: a share of what it wanted, a value like a whole.
fn asked(short: &Judged) -> f64 {
    let Some(gap) = short.gap else { return 1.0 };
    let wanted = match &short.need {
        Value::Number(number) => number.to_f64().max(1.0),
        Value::Range(range) => range.min.or(range.max).expect("an end").to_f64().max(1.0),
        _ => 365.0,
    };
    gap.to_f64() / wanted
}

/// The same shortfall as the plain evaluator finds it.
fn line(listing: &Listing, short: &Judged, requirement: &Requirement) -> Line {
    let lines = oracle::lines(listing, requirement);
    lines.into_iter().find(|line| line.criterion == short.criterion.id()).expect("judged")
}

fn change(listing: &Listing, short: &Judged, requirement: &Requirement) -> Change {
    match short.gap {
        Some(gap) => Change::By(gap),
        None => Change::Accept(brute::values(listing, &line(listing, short, requirement)).swap_remove(0)),
    }
}

/// Whether a part of a plot, sold by itself, is short on an indicator.
fn short_on_land(listing: &Listing, plot: &Plot, land: Decimal, requirement: &Requirement) -> bool {
    let area = plot.area.map(|area| Mu::from_mu(land).min(area));
    let part = Plot { area, min_divisible: None, ..plot.clone() };
    let part = Listing { detail: Detail::Plot(Box::new(part)), ..listing.clone() };
    let check = check_commitment(&part, requirement).expect("a plot");
    check.lines.iter().any(|line| line.verdict == Verdict::Short)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_step_applied_opens_what_it_says(world in worlds()) {
        let world = consistent(world);
        let found = answer(&world);
        for relaxation in &found.relaxations {
            let near = short_on(&found, relaxation.criterion, relaxation.unit);
            for step in &relaxation.steps {
                let changed = applied(&world.requirement, relaxation.criterion, relaxation.unit, &step.change);
                let Some(changed) = changed else { continue };
                let opened = opened(&world, &near, &changed);
                if relaxation.criterion == Criterion::Region {
                    // A division accepted besides also makes listings known only to a wider one worth asking.
                    prop_assert!(opened >= step.opens, "{:?}", step);
                } else {
                    prop_assert_eq!(opened, step.opens, "{:?} {:?}", relaxation.criterion, step);
                }
            }
        }
    }

    #[test]
    fn nothing_smaller_than_a_step_opens_as_many(world in worlds()) {
        let world = consistent(world);
        let found = answer(&world);
        for relaxation in &found.relaxations {
            let near = short_on(&found, relaxation.criterion, relaxation.unit);
            let least = if relaxation.criterion == Criterion::Available { 1_000_000 } else { 100 };
            for step in &relaxation.steps {
                if let Change::By(gap) = step.change {
                    let smaller = Change::By(Decimal::from_micro(gap.micro() - least));
                    let changed = applied(&world.requirement, relaxation.criterion, relaxation.unit, &smaller);
                    if let Some(changed) = changed {
                        prop_assert!(opened(&world, &near, &changed) < step.opens);
                    }
                }
            }
        }
    }

    #[test]
    fn no_near_listing_is_missed_by_the_advice(world in worlds()) {
        let found = answer(&world);
        for listed in &found.near {
            let short = listed.shortfalls().next().expect("short");
            let advice = found.relaxations.iter().find(|it| it.criterion == short.criterion && it.unit == short.unit);
            match short.criterion {
                Criterion::PlotRatio => prop_assert!(advice.is_none()),
                // Several are lacking.
                Criterion::Facilities if lacking(short) != 1 => {}
                _ => {
                    let steps = &advice.expect("advice").steps;
                    let within = short.gap.is_none_or(|gap| steps.iter().any(|it| it.change == Change::By(gap)));
                    prop_assert!(within || steps.len() == 20);
                }
            }
        }
    }

    #[test]
    fn law_is_never_advised(world in worlds()) {
        let found = answer(&world);
        prop_assert!(found.relaxations.iter().all(|it| !it.criterion.is_legal()));
        prop_assert!(found.pairs.iter().flat_map(|it| &it.changes).all(|it| !it.criterion.is_legal()));
        prop_assert!(found.near.iter().all(|it| it.shortfalls().all(|it| !it.criterion.is_legal())));
    }

    #[test]
    fn two_changes_are_advised_only_where_one_opens_nothing(world in worlds()) {
        let world = consistent(world);
        let found = answer(&world);
        prop_assert!(found.pairs.is_empty() || found.relaxations.is_empty() && found.matched.is_empty() && found.to_confirm.is_empty());
        for pair in &found.pairs {
            prop_assert!(pair.opens > 0);
            let first = &pair.changes[0];
            let Some(once) = applied(&world.requirement, first.criterion, first.unit, &first.change) else { continue };
            let second = &pair.changes[1];
            let Some(twice) = applied(&once, second.criterion, second.unit, &second.change) else { continue };
            let after = index(&world).answer(&twice, 200, today());
            prop_assert!(after.counts.matched + after.counts.to_confirm >= pair.opens);
            prop_assert_eq!(index(&world).answer(&once, 200, today()).counts.matched, 0);
        }
    }

    #[test]
    fn two_changes_are_advised_wherever_two_can_open_something(world in worlds()) {
        let found = answer(&world);
        if found.relaxations.is_empty() && found.counts.matched + found.counts.to_confirm == 0 {
            let index = index(&world);
            let relaxable = |it: &domain::matching::Judged| {
                let is_several = it.criterion == Criterion::Facilities && lacking(it) > 1;
                !it.criterion.is_legal() && it.criterion != Criterion::PlotRatio && !is_several
            };
            let two = world.listings.iter().filter(|listing| crate::oracle::considered(listing, &world.requirement)).any(|listing| {
                let judged = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
                judged.shortfalls().count() == 2 && judged.shortfalls().all(relaxable)
            });
            prop_assert_eq!(two, !found.pairs.is_empty());
        }
    }

    #[test]
    fn of_two_changes_those_that_ask_least_are_advised(world in far_worlds()) {
        let index = index(&world);
        let mut least: BTreeMap<_, (f64, &Listing, Vec<Change>)> = BTreeMap::new();
        for listing in world.listings.iter().filter(|listing| crate::oracle::considered(listing, &world.requirement)) {
            let judged = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
            let short: Vec<&Judged> = judged.shortfalls().collect();
            if short.len() != 2 || !short.iter().all(|it| brute::can_be_accepted(&line(listing, it, &world.requirement))) {
                continue;
            }
            let weight = short.iter().map(|short| asked(short)).sum::<f64>();
            let changes = short.iter().map(|short| change(listing, short, &world.requirement)).collect();
            let kinds: Vec<_> = short.iter().map(|short| (short.criterion, short.unit)).collect();
            let is_less = least.get(&kinds).is_none_or(|(than, other, _)| (weight, &listing.id) < (*than, &other.id));
            if is_less {
                least.insert(kinds, (weight, listing, changes));
            }
        }
        let mut least: Vec<_> = least.into_values().collect();
        least.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let expected: Vec<Vec<Change>> = least.into_iter().take(5).map(|(.., changes)| changes).collect();
        let found = index.answer(&world.requirement, 200, today());
        let found: Vec<Vec<Change>> =
            found.pairs.iter().map(|pair| pair.changes.iter().map(|half| half.change.clone()).collect()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_commitment_check_says_what_matching_says(world in worlds()) {
        let index = index(&world);
        for listing in &world.listings {
            let Detail::Plot(plot) = &listing.detail else {
                prop_assert!(check_commitment(listing, &world.requirement).is_none());
                continue;
            };
            let check = check_commitment(listing, &world.requirement).expect("a plot");
            let judged = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
            prop_assert_eq!(check.take_mu, judged.take_mu);
            for line in &check.lines {
                let it = judged.criteria.iter().find(|it| it.criterion == line.criterion).expect("judged");
                prop_assert_eq!(it.verdict, line.verdict);
                prop_assert_eq!(it.gap.map(|gap| -gap.micro()), line.margin.map(Decimal::micro).filter(|&it| it < 0));
            }
            let fails = |land: Decimal| short_on_land(listing, plot, land, &world.requirement);
            if let Some(area) = plot.area {
                let smallest = plot.min_divisible.unwrap_or(area).min(area).ceil4();
                match check.largest_mu {
                    // A little more land than the largest fails, where the plot has more.
                    Some(largest) => {
                        let more = Decimal::from_micro(largest.micro() + 200);
                        prop_assert!(more >= area.ceil4() || fails(more), "{:?}", check);
                        prop_assert!(largest <= area.ceil4() && check.smallest_mu == Some(smallest), "{:?}", check);
                    }
                    None => prop_assert!(fails(smallest), "{:?}", check),
                }
            }
            // The named land, sold as a part, passes every indicator.
            for land in [check.smallest_mu, check.largest_mu].into_iter().flatten() {
                prop_assert!(!fails(land) || check.smallest_mu > check.largest_mu, "{:?}", check);
            }
        }
    }
}

/// The smallest and the largest land that passes, mu, of a plot of 60 mu that sells parts from 10 mu on.
fn land_that_passes(tax_wan_mu: &str, tax_wan: &str) -> Option<[String; 2]> {
    let [per_mu, tax_wan] = [tax_wan_mu, tax_wan].map(|figure| Some(generate::decimal(figure)));
    let [area, part] = ["60", "10"].map(|mu| Some(Mu::from_mu(generate::decimal(mu))));
    let detail = Detail::Plot(Box::new(Plot { area, min_divisible: part, tax_wan_mu: per_mu, ..Plot::default() }));
    let requirement = Requirement { tax_wan, ..Requirement::default() };
    let check = check_commitment(&Listing { detail, ..generate::any_plot() }, &requirement).expect("a plot");
    check.smallest_mu.zip(check.largest_mu).map(|(from, to)| [from, to].map(|land| land.to_string()))
}

#[test]
fn the_largest_land_that_passes_is_cut_at_the_ten_thousandth_of_a_mu() {
    let land = |from: &str, to: &str| Some([from.to_owned(), to.to_owned()]);
    // 1000 / 33.3333 = 30.00003…
    assert_eq!(land_that_passes("33.3333", "1000"), land("10", "30"));
    // 1000 / 33.3 = 30.03003…
    assert_eq!(land_that_passes("33.3", "1000"), land("10", "30.03"));
    assert_eq!(land_that_passes("10", "1000"), land("10", "60"), "the whole plot");
    assert_eq!(land_that_passes("100", "1000"), land("10", "10"), "its smallest part alone");
    assert_eq!(land_that_passes("100.0001", "1000"), None);
    assert_eq!(land_that_passes("0", "0"), land("10", "60"), "a threshold of nothing");
}

#[test]
fn a_whole_section_accepted_opens_its_divisions_too() {
    let plot = |id: &str, industry: &str| {
        let any = generate::any_plot();
        let Detail::Plot(detail) = any.detail.clone() else { panic!("a plot") };
        let industries = vec![IndustryCode::parse(industry).expect("an industry")];
        let detail = Plot { industries, ..*detail };
        let division = DivisionCode::parse("330200");
        let banned_industries = Vec::new();
        Listing {
            id: id.into(),
            division,
            banned_industries,
            status: None,
            is_deal: false,
            detail: Detail::Plot(Box::new(detail)),
            ..any
        }
    };
    let requirement = Requirement {
        industry: IndustryCode::parse("44"),
        regions: DivisionCode::parse("320500").into_iter().collect(),
        ..Requirement::default()
    };
    let found = answer(&World { listings: vec![plot("a", "C"), plot("b", "36")], requirement });
    let [pair] = &found.pairs[..] else { panic!("one pair: {:?}", found.pairs) };
    assert_eq!(pair.changes[1].change, Change::Accept("C".to_owned()));
    assert_eq!(pair.opens, 2);
}
