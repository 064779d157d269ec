//! The engine against the plain evaluator, on random inventories.

use chrono::{NaiveDate, TimeDelta};
use domain::area::Mu;
use domain::decimal::Decimal;
use domain::listing::{Detail, Listing, Plot, Status};
use domain::matching::{Answer, Change, Group, Index, ListLimits, Match, Mode, Ranking};
use domain::requirement::{Range, Requirement};
use proptest::prelude::*;

use crate::brute::{self, Advice};
use crate::generate::{self, World, today, worlds};
use crate::oracle::{self, Line};

/// Cases of each property where the environment does not say: enough to notice, few enough to wait for.
const CASES: u32 = 100;

pub(crate) fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { CASES };
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

pub(crate) fn index(world: &World) -> Index {
    Index::build(world.listings.clone(), Ranking::default())
}

pub(crate) fn answer(world: &World) -> Answer {
    index(world).answer(&world.requirement, 200, today())
}

/// The considered listings in the plain evaluator's words.
fn expected(world: &World) -> impl Iterator<Item = (&Listing, Vec<Line>)> {
    let considered = world.listings.iter().filter(|listing| oracle::considered(listing, &world.requirement));
    considered.map(|listing| (listing, oracle::lines(listing, &world.requirement)))
}

/// Inventories of which one change opens nothing.
pub(crate) fn far_worlds() -> impl Strategy<Value = World> {
    worlds().prop_map(|mut world| {
        let index = index(&world);
        let group = |it: &Listing| index.judge(it.kind(), &it.id, &world.requirement, today()).map(|it| it.group());
        world.listings.retain(|listing| group(listing) == Some(Group::Out));
        world
    })
}

fn ids<'a>(list: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut ids: Vec<String> = list.into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}

fn listed(matches: &[Match]) -> Vec<String> {
    ids(matches.iter().map(|listed| &*listed.listing.id))
}

fn near(world: &World) -> Vec<(&Listing, Line)> {
    expected(world)
        .filter_map(|(listing, lines)| Some((listing, oracle::group(&lines, &world.requirement).1?)))
        .collect()
}

fn ten_thousandths(change: &Change) -> String {
    match change {
        Change::By(gap) => (gap.micro() / 100).to_string(),
        Change::Accept(value) => value.clone(),
    }
}

fn advice(answer: &Answer) -> Advice {
    let relaxation = |it: &domain::matching::Relaxation| {
        let name = match (it.criterion.id(), it.unit) {
            ("price", Some(unit)) => format!("price {unit}"),
            (id, _) => id.to_owned(),
        };
        (name, it.steps.iter().map(|step| (ten_thousandths(&step.change), step.opens)).collect())
    };
    answer.relaxations.iter().map(relaxation).collect()
}

fn freshness(listing: &Listing) -> i128 {
    let day = listing.dated.as_ref().and_then(|text| {
        domain::time::parse_day(if text.len() == 7 { "" } else { text })
            .or_else(|| domain::time::parse_day(&[text, "-01"].concat()))
    });
    match day.map(|day| (today() - day).num_days()) {
        None => 94,
        Some(age) if age <= 183 => 100,
        Some(age) if age <= 365 => 97,
        Some(age) if age <= 730 => 94,
        Some(_) => 90,
    }
}

fn verdict_word(judged: &domain::matching::Judged) -> String {
    serde_json::to_value(judged.verdict).expect("json").as_str().expect("a word").to_owned()
}

fn wish(requirement: &Requirement, id: &str) -> bool {
    requirement.prefer.iter().any(|criterion| criterion.id() == id)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn groups_and_counts_are_those_of_the_plain_evaluator(world in worlds()) {
        let found = answer(&world);
        for (name, list, count) in [
            ("matched", &found.matched, found.counts.matched),
            ("to_confirm", &found.to_confirm, found.counts.to_confirm),
            ("near", &found.near, found.counts.near),
        ] {
            let of = expected(&world)
                .filter(|(_, lines)| oracle::group(lines, &world.requirement).0 == name)
                .map(|(listing, _)| &*listing.id);
            let of = ids(of);
            prop_assert_eq!(&listed(list), &of, "{}", name);
            prop_assert_eq!(count, of.len());
        }
        prop_assert_eq!(found.counts.considered, expected(&world).count());
    }

    #[test]
    fn verdicts_gaps_and_takes_are_those_of_the_plain_evaluator(world in worlds()) {
        let index = index(&world);
        for listing in &world.listings {
            let found = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
            let mut lines = oracle::lines(listing, &world.requirement);
            lines.sort_by_key(|line| domain::matching::TABLE.iter().position(|row| row.id == line.criterion));
            let plain: Vec<_> = lines.iter().map(|line| (line.criterion, line.verdict.to_owned(), line.gap)).collect();
            let judged: Vec<_> = found
                .criteria
                .iter()
                .map(|it| (it.criterion.id(), verdict_word(it), it.gap.map(|gap| i128::from(gap.micro() / 100))))
                .collect();
            prop_assert_eq!(judged, plain, "{}", &listing.id);
            for it in &found.criteria {
                prop_assert_eq!(it.mode == Mode::Prefer, wish(&world.requirement, it.criterion.id()));
                prop_assert_eq!(it.unit.is_some(), it.gap.is_some());
            }
            let take = match &listing.detail {
                Detail::Plot(plot) => oracle::take(plot, &world.requirement),
                _ => None,
            };
            let take = take.map(oracle::Fraction::ten_thousandths);
            prop_assert_eq!(found.take_mu.map(|take| i128::from(take.micro() / 100)), take);
        }
    }

    #[test]
    fn points_can_be_recomputed_from_the_published_formulas(world in worlds()) {
        let (index, ranking) = (index(&world), Ranking::default());
        for listing in &world.listings {
            let found = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
            for line in oracle::lines(listing, &world.requirement) {
                let it = found.criteria.iter().find(|it| it.criterion.id() == line.criterion).expect("judged");
                let most = i128::from(ranking.max_points(it.criterion));
                let points = most * line.permille * freshness(listing) / 100_000;
                prop_assert_eq!(i128::from(it.points), points, "{:?}", it);
                prop_assert!(it.points <= it.max_points);
            }
            prop_assert_eq!(found.score, found.criteria.iter().map(|it| it.points).sum::<u32>());
        }
    }

    #[test]
    fn relaxations_are_those_of_brute_force(world in worlds()) {
        prop_assert_eq!(advice(&answer(&world)), brute::relaxations(&near(&world)));
    }

    #[test]
    fn two_changes_open_what_brute_force_says(world in prop_oneof![worlds(), far_worlds()]) {
        let found = answer(&world);
        let twice: Vec<(&Listing, Vec<Line>)> = expected(&world)
            .map(|(listing, lines)| (listing, oracle::shortfalls(lines, &world.requirement)))
            .filter(|(_, short)| short.len() == 2 && short.iter().all(brute::can_be_accepted))
            .collect();
        for pair in &found.pairs {
            let changes = pair.changes.each_ref().map(|half| (half.criterion.id(), half.unit, ten_thousandths(&half.change)));
            prop_assert_eq!(pair.opens, twice.iter().filter(|(listing, short)| brute::both(listing, short, &changes)).count());
        }
        let mut kinds: Vec<_> = twice.iter().map(|(listing, short)| brute::kinds(listing, short)).collect();
        kinds.sort();
        kinds.dedup();
        let advised = !twice.is_empty() && found.relaxations.is_empty() && found.counts.matched + found.counts.to_confirm == 0;
        prop_assert_eq!(found.pairs.len(), if advised { kinds.len().min(5) } else { 0 });
    }

    #[test]
    fn listed_matches_are_those_of_judging_one_by_one(world in worlds()) {
        let (index, found) = (index(&world), answer(&world));
        for listed in found.matched.iter().chain(&found.to_confirm).chain(&found.near) {
            let alone = index.judge(listed.listing.kind, &listed.listing.id, &world.requirement, today());
            prop_assert_eq!(Some(listed), alone.as_ref());
        }
    }

    #[test]
    fn figures_finer_than_the_columns_are_answered_as_if_judged_one_by_one(world in worlds(), seed: u64) {
        let mut requirement = generate::little(seed);
        for figure in [&mut requirement.power_kva, &mut requirement.ceiling_height_m, &mut requirement.tax_wan] {
            *figure = figure.map(|figure| Decimal::from_micro(figure.micro() + 1));
        }
        listed_as_if_judged_one_by_one(&World { requirement, ..world }, 40)?;
    }

    #[test]
    fn lists_fall_by_score_then_rise_by_id(world in worlds()) {
        let found = answer(&world);
        for list in [&found.matched, &found.to_confirm, &found.near] {
            for two in list.windows(2) {
                let key = |it: &Match| (std::cmp::Reverse(it.score), it.listing.id.as_bytes().to_vec());
                prop_assert!(key(&two[0]) < key(&two[1]));
            }
        }
    }

    #[test]
    fn a_shorter_list_is_the_head_of_a_longer_one(world in worlds(), limits in [0..6_usize, 0..6, 0..6]) {
        let [matched, to_confirm, near] = limits;
        let limits = ListLimits { matched, to_confirm, near };
        let (all, some) = (answer(&world), index(&world).answer(&world.requirement, limits, today()));
        let head = |list: &[Match], limit| list.iter().take(limit).cloned().collect::<Vec<_>>();
        prop_assert_eq!(&some.matched, &head(&all.matched, matched));
        prop_assert_eq!(&some.to_confirm, &head(&all.to_confirm, to_confirm));
        prop_assert_eq!(&some.near, &head(&all.near, near));
        prop_assert_eq!(some.counts, all.counts);
        prop_assert_eq!(some.relaxations, all.relaxations);
    }
}

/// Inventories of several blocks: half of them with blanks, half without, so that zones decide.
fn large_worlds() -> impl Strategy<Value = World> {
    prop_oneof![worlds_of(900..3500, |listing, _| listing), worlds_of(900..3500, generate::alike)]
}

/// Each listing is made over with throws of its own.
fn worlds_of(rows: std::ops::Range<usize>, over: fn(Listing, u64) -> Listing) -> impl Strategy<Value = World> {
    (any::<u64>(), rows).prop_map(move |(seed, rows)| {
        let listing = |at: usize| {
            let own = seed.wrapping_add(at as u64 * 7919);
            over(generate::listing(own, at), !own)
        };
        World { listings: (0..rows).map(listing).collect(), requirement: generate::requirement(seed) }
    })
}

/// Large inventories with more gaps than steps are listed, and scores of every size.
fn graded_worlds() -> impl Strategy<Value = World> {
    (worlds_of(4000..8000, generate::graded), any::<u64>())
        .prop_map(|(world, seed)| World { requirement: generate::little(seed), ..world })
}

/// A whole answer by judging one listing after another.
fn one_by_one(world: &World, index: &Index) -> [Vec<Match>; 3] {
    let mut groups: [Vec<Match>; 3] = Default::default();
    for listing in world.listings.iter().filter(|listing| oracle::considered(listing, &world.requirement)) {
        let found = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
        if let Some(group) = groups.get_mut(found.group() as usize) {
            group.push(found);
        }
    }
    for group in &mut groups {
        group.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.listing.id.as_bytes().cmp(b.listing.id.as_bytes())));
    }
    groups
}

/// Counts and lists of a whole answer, and the list of the top, against all listings judged one by one.
fn listed_as_if_judged_one_by_one(world: &World, limit: usize) -> Result<Answer, TestCaseError> {
    let index = index(world);
    let found = index.answer(&world.requirement, limit, today());
    let [matched, to_confirm, near] = one_by_one(world, &index);
    prop_assert_eq!(
        [found.counts.matched, found.counts.to_confirm, found.counts.near],
        [matched.len(), to_confirm.len(), near.len()]
    );
    let head = |list: &[Match]| list.iter().take(limit).cloned().collect::<Vec<_>>();
    prop_assert_eq!(&found.matched, &head(&matched));
    prop_assert_eq!(&found.to_confirm, &head(&to_confirm));
    prop_assert_eq!(&found.near, &head(&near));
    Ok(found)
}

/// Likewise, and the advice against brute force.
fn answered_as_if_judged_one_by_one(world: &World, limit: usize) -> Result<(), TestCaseError> {
    let found = listed_as_if_judged_one_by_one(world, limit)?;
    prop_assert_eq!(advice(&found), brute::relaxations(&near(world)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(16), ..config() })]

    #[test]
    fn large_inventories_are_answered_as_if_judged_one_by_one(world in large_worlds(), limit in 1..40_usize) {
        answered_as_if_judged_one_by_one(&world, limit)?;
    }

    #[test]
    fn large_inventories_with_changes_are_answered_as_if_built_afresh(world in large_worlds(), seed: u64) {
        let mut index = index(&world);
        let mut listings = world.listings.clone();
        for (at, listing) in listings.iter_mut().enumerate().filter(|(at, _)| at % 7 == 0) {
            let changed = generate::listing(seed.wrapping_add(at as u64), at);
            index.remove(listing.kind(), &listing.id);
            index.put(changed.clone());
            *listing = changed;
        }
        let fresh = Index::build(listings, Ranking::default());
        prop_assert_eq!(index.answer(&world.requirement, 20, today()), fresh.answer(&world.requirement, 20, today()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(4), ..config() })]

    #[test]
    fn large_inventories_of_many_figures_are_answered_as_if_judged_one_by_one(
        world in graded_worlds(),
        limit in 1..40_usize,
    ) {
        answered_as_if_judged_one_by_one(&world, limit)?;
    }
}

/// The narrow columns hold 32 bits of a figure and 16 of a day; what lies at their ends or past them is answered alike.
#[test]
fn figures_and_days_at_the_ends_of_the_columns_are_answered_as_if_judged_one_by_one() {
    let blank = Listing { status: Some(Status::Available), is_deal: false, division: None, ..generate::any_plot() };
    let plot = |at: usize, plot: Plot, from: Option<NaiveDate>| Listing {
        id: at.to_string().into(),
        available_from: from,
        detail: Detail::Plot(Box::new(plot)),
        ..blank.clone()
    };
    let power = |last: i64| Some(Decimal::from_micro(429_496_729_000 + last * 100));
    let area = |last: i64| Some(Mu::from_mu(Decimal::from_micro(21_474_836_450 + last * 5)));
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");
    let days: Vec<_> = (-3..3).chain(65_530..65_540).map(|days| first + TimeDelta::days(days)).collect();
    let mut listings: Vec<Listing> = Vec::new();
    for last in 0..10 {
        listings.push(plot(listings.len(), Plot { power_kva: power(last), ..Plot::default() }, None));
        listings.push(plot(listings.len(), Plot { area: area(last), ..Plot::default() }, None));
    }
    days.iter().for_each(|&day| listings.push(plot(listings.len(), Plot::default(), Some(day))));
    let mut world = World { listings, requirement: Requirement::default() };
    let mut ask = |requirement| {
        world.requirement = requirement;
        listed_as_if_judged_one_by_one(&world, 100).expect("the same");
    };
    for last in 0..10 {
        ask(Requirement { power_kva: power(last), ..Requirement::default() });
    }
    for land in ["21474.8364", "21474.8365", "21474.8366"].map(|mu| Some(generate::decimal(mu))) {
        ask(Requirement { land_mu: Some(Range { min: land, max: None }), ..Requirement::default() });
        ask(Requirement { land_mu: Some(Range { min: None, max: land }), ..Requirement::default() });
    }
    for &day in &days {
        ask(Requirement { available_by: Some(day), ..Requirement::default() });
    }
}
