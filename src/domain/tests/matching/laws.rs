//! Laws that hold whatever the inventory: what changes an answer, and what must not.

use std::sync::Arc;

use domain::area::Mu;
use domain::decimal::Decimal;
use domain::listing::{Detail, Kind, Listing, Plot, Status};
use domain::matching::{Group, Index, Ranking, ReverseIndex, TABLE};
use domain::region::DivisionCode;
use domain::requirement::{FireClass, ParkLevel, Requirement};
use proptest::prelude::*;

use crate::agreement::{answer, config, index};
use crate::generate::{self, Dice, World, decimal, today, worlds};

/// Every listing's standing, considered or not.
fn standings(world: &World) -> Vec<Group> {
    let index = index(world);
    let group = |listing: &Listing| {
        index.judge(listing.kind(), &listing.id, &world.requirement, today()).map_or(Group::Out, |found| found.group())
    };
    world.listings.iter().map(group).collect()
}

/// No must is short that was not, and none becomes open that was met.
fn shortfalls(world: &World) -> Vec<usize> {
    let index = index(world);
    let count = |listing: &Listing| {
        let found = index.judge(listing.kind(), &listing.id, &world.requirement, today()).expect("a listing");
        found.shortfalls().count()
    };
    world.listings.iter().map(count).collect()
}

/// Asserts that a change of the requirement leaves no listing worse off.
fn never_hurts(world: &World, change: impl Fn(&mut Requirement)) -> Result<(), TestCaseError> {
    let mut changed = world.clone();
    change(&mut changed.requirement);
    for (before, after) in standings(world).into_iter().zip(standings(&changed)) {
        prop_assert!(after <= before, "{before:?} became {after:?}");
    }
    for (before, after) in shortfalls(world).into_iter().zip(shortfalls(&changed)) {
        prop_assert!(after <= before);
    }
    Ok(())
}

fn more(amount: &mut Option<Decimal>) {
    if let Some(amount) = amount {
        *amount = Decimal::from_micro(amount.micro() + 12_345_600);
    }
}

fn less(amount: &mut Option<Decimal>) {
    if let Some(amount) = amount {
        *amount = Decimal::from_micro(amount.micro() / 2);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_of_rows_does_not_matter(world in worlds()) {
        let mut turned = world.clone();
        turned.listings.reverse();
        prop_assert_eq!(answer(&world), answer(&turned));
    }

    #[test]
    fn a_listing_that_is_not_considered_changes_nothing(world in worlds(), seed: u64) {
        let mut with = world.clone();
        let mut gone = generate::listing(seed, 999);
        gone.status = Some(Status::Sold);
        with.listings.insert(Dice::new(seed).below(world.listings.len() + 1), gone);
        prop_assert_eq!(answer(&world), answer(&with));
    }

    #[test]
    fn another_listing_moves_neither_the_others_groups_nor_their_scores(world in worlds(), seed: u64) {
        let mut with = world.clone();
        with.listings.push(generate::listing(seed, 999));
        let (before, after) = (answer(&world), answer(&with));
        let others = |list: &[domain::matching::Match]| {
            list.iter().filter(|it| !it.listing.id.ends_with("999")).cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(before.matched, others(&after.matched));
        prop_assert_eq!(before.to_confirm, others(&after.to_confirm));
        prop_assert_eq!(before.near, others(&after.near));
    }

    #[test]
    fn an_area_in_mu_and_the_same_in_square_metres_are_one(world in worlds(), thirds in 1..400_i64) {
        let with_area = |area: Mu| {
            let mut world = world.clone();
            for listing in &mut world.listings {
                if let Detail::Plot(plot) = &mut listing.detail {
                    plot.area = Some(area);
                }
            }
            answer(&world)
        };
        let (sqm, mu) = (Decimal::from_int(thirds * 200), Decimal::from_micro(thirds * 300_000));
        prop_assert_eq!(with_area(Mu::from_sqm(sqm)), with_area(Mu::from_mu(mu)));
    }

    #[test]
    fn more_tax_never_hurts(world in worlds()) {
        never_hurts(&world, |requirement| more(&mut requirement.tax_wan))?;
    }

    #[test]
    fn more_investment_and_more_output_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            more(&mut requirement.fixed_investment_wan);
            more(&mut requirement.output_wan);
        })?;
    }

    #[test]
    fn more_research_and_more_value_added_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            more(&mut requirement.rd_percent);
            more(&mut requirement.value_added_wan);
        })?;
    }

    #[test]
    fn less_energy_and_less_emission_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            less(&mut requirement.energy_tce);
            less(&mut requirement.emission_t);
        })?;
    }

    #[test]
    fn more_money_never_hurts(world in worlds()) {
        never_hurts(&world, |requirement| {
            more(&mut requirement.price_wan_per_mu_max);
            more(&mut requirement.rent_yuan_m2_month_max);
        })?;
    }

    #[test]
    fn needing_less_of_a_building_never_hurts(world in worlds()) {
        never_hurts(&world, |requirement| {
            less(&mut requirement.power_kva);
            less(&mut requirement.ceiling_height_m);
            less(&mut requirement.floor_load_t_m2);
            less(&mut requirement.workstations);
        })?;
    }

    #[test]
    fn a_wider_floor_and_a_larger_most_land_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            if let Some(range) = &mut requirement.floor_m2 {
                less(&mut range.min);
                more(&mut range.max);
            }
            if let Some(range) = &mut requirement.land_mu {
                more(&mut range.max);
            }
        })?;
    }

    #[test]
    fn more_regions_and_more_levels_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            if !requirement.regions.is_empty() {
                requirement.regions.push(DivisionCode::parse("330200").expect("a division"));
            }
            if !requirement.park_levels.is_empty() {
                requirement.park_levels.push(ParkLevel::市县级);
            }
        })?;
    }

    #[test]
    fn a_longer_way_and_a_later_day_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            if let Some(near) = &mut requirement.near {
                near.max_km = Decimal::from_micro(near.max_km.micro() + 100_000_000);
            }
            requirement.available_by = requirement.available_by.and_then(|by| by.succ_opt());
        })?;
    }

    #[test]
    fn fewer_facilities_and_lower_needs_of_the_building_never_hurt(world in worlds()) {
        never_hurts(&world, |requirement| {
            requirement.facilities.pop();
            less(&mut requirement.crane_t);
            less(&mut requirement.lift_t);
            less(&mut requirement.truck_m);
            requirement.fire_class = requirement.fire_class.map(|_| FireClass::戊);
        })?;
    }

    #[test]
    fn making_a_must_a_wish_never_hurts(world in worlds(), at in 0..TABLE.len()) {
        let row = &TABLE[at];
        if !row.legal {
            never_hurts(&world, |requirement| requirement.prefer.push(row.criterion))?;
        }
    }

    #[test]
    fn where_all_is_wished_only_law_excludes(world in worlds()) {
        let mut wishing = world.clone();
        wishing.requirement.prefer = TABLE.iter().filter(|row| !row.legal).map(|row| row.criterion).collect();
        let found = answer(&wishing);
        prop_assert!(found.near.is_empty());
        prop_assert!(found.relaxations.is_empty());
        for listing in &wishing.listings {
            let judged = index(&wishing).judge(listing.kind(), &listing.id, &wishing.requirement, today());
            for short in judged.expect("a listing").shortfalls() {
                prop_assert!(short.criterion.is_legal());
            }
        }
    }

    #[test]
    fn what_is_gone_or_excluded_is_never_listed(world in worlds()) {
        let found = answer(&world);
        for listed in found.matched.iter().chain(&found.to_confirm).chain(&found.near) {
            let listing = world.listings.iter().find(|it| it.id == listed.listing.id).expect("a listing");
            prop_assert!(listing.is_offered());
            if let Some(own) = listing.division {
                let excluded = &world.requirement.exclude_regions;
                prop_assert!(!excluded.iter().any(|&outer| crate::oracle::under(own, outer)));
            }
        }
    }

    #[test]
    fn a_sold_listing_is_gone_from_the_very_next_answer(world in worlds(), pick: u64) {
        let mut index = index(&world);
        if let Some(listed) = answer(&world).matched.first() {
            let mut listing = index.get(listed.listing.kind, &listed.listing.id).expect("a listing").clone();
            listing.status = Dice::new(pick).of(&[Some(Status::Sold), Some(Status::Off)]);
            index.put(listing);
            let after = index.answer(&world.requirement, 200, today());
            prop_assert!(after.matched.iter().all(|it| it.listing.id != listed.listing.id));
        }
    }

    #[test]
    fn puts_and_removals_leave_what_building_afresh_gives(world in worlds(), seeds in prop::collection::vec(any::<u64>(), 0..60)) {
        let mut index = index(&world);
        let mut listings = world.listings.clone();
        for seed in seeds {
            let at = Dice::new(seed).below(50);
            let id_of = |listing: &Listing| (listing.kind(), listing.id.clone());
            if Dice::new(seed ^ 1).chance(30) && !listings.is_empty() {
                let gone = listings.remove(at % listings.len());
                index.remove(gone.kind(), &gone.id);
            } else {
                let new = generate::listing(seed, at);
                listings.retain(|listing| id_of(listing) != id_of(&new));
                listings.push(new.clone());
                index.put(new);
            }
        }
        let fresh = Index::build(listings.clone(), Ranking::default());
        prop_assert_eq!(index.answer(&world.requirement, 200, today()), fresh.answer(&world.requirement, 200, today()));
        prop_assert_eq!(index.iter().count(), listings.len());
        for listing in &listings {
            prop_assert_eq!(&index.get(listing.kind(), &listing.id).expect("kept").id, &listing.id);
        }
    }

    #[test]
    fn forward_and_reverse_agree_for_every_pair(world in worlds(), seeds in prop::collection::vec(any::<u64>(), 1..20)) {
        let requirements: Vec<Requirement> = seeds.iter().map(|&seed| generate::requirement(seed)).collect();
        let mut reverse = ReverseIndex::default();
        for (at, requirement) in requirements.iter().enumerate() {
            reverse.put(Arc::from(format!("R{at}")), requirement.clone());
        }
        let index = index(&world);
        let answers: Vec<_> = requirements.iter().map(|it| index.answer(it, 200, today())).collect();
        for listing in &world.listings {
            let has = |list: &[domain::matching::Match]| {
                list.iter().any(|it| it.listing.id == listing.id && it.listing.kind == listing.kind())
            };
            let mut forward = Vec::new();
            for (at, answer) in answers.iter().enumerate() {
                if has(&answer.matched) {
                    forward.push((format!("R{at}"), Group::Matched));
                } else if has(&answer.to_confirm) {
                    forward.push((format!("R{at}"), Group::ToConfirm));
                }
            }
            forward.sort();
            let mut found: Vec<_> = reverse.fits(listing).into_iter().map(|fit| (fit.key.to_string(), fit.group)).collect();
            found.sort();
            prop_assert_eq!(found, forward);
        }
    }

    #[test]
    fn a_change_newly_fits_what_it_fits_better(before: u64, after: u64, seeds in prop::collection::vec(any::<u64>(), 1..20)) {
        let (before, after) = (generate::listing(before, 1), generate::listing(after, 1));
        let mut reverse = ReverseIndex::default();
        for (at, &seed) in seeds.iter().enumerate() {
            reverse.put(Arc::from(at.to_string()), generate::requirement(seed));
        }
        let (old, new) = (reverse.fits(&before), reverse.fits(&after));
        let was = |key: &str| old.iter().find(|fit| &*fit.key == key).map_or(Group::Out, |fit| fit.group);
        let better: Vec<_> = new.iter().filter(|fit| fit.group < was(&fit.key)).cloned().collect();
        prop_assert_eq!(reverse.newly_fits(Some(&before), &after), better);
        prop_assert_eq!(reverse.newly_fits(None, &after), new);
    }

    #[test]
    fn requirements_stored_and_withdrawn_leave_what_storing_afresh_gives(
        world in worlds(),
        seeds in prop::collection::vec(any::<u64>(), 0..60),
    ) {
        let (mut changed, mut stored) = (ReverseIndex::default(), Vec::new());
        for seed in seeds {
            let key: Arc<str> = Dice::new(seed).below(12).to_string().into();
            stored.retain(|(other, _)| *other != key);
            if Dice::new(seed ^ 1).chance(40) {
                changed.remove(&key);
            } else {
                stored.push((key.clone(), generate::requirement(seed)));
                changed.put(key, generate::requirement(seed));
            }
        }
        let mut fresh = ReverseIndex::default();
        stored.into_iter().for_each(|(key, requirement)| fresh.put(key, requirement));
        for listing in &world.listings {
            prop_assert_eq!(changed.fits(listing), fresh.fits(listing));
        }
    }

    #[test]
    fn without_anything_asked_only_demands_are_open(world in worlds()) {
        let blank = World { requirement: Requirement::default(), ..world };
        let found = answer(&blank);
        prop_assert!(found.near.is_empty());
        prop_assert_eq!(found.counts.considered, found.counts.matched + found.counts.to_confirm);
        for listed in &found.matched {
            prop_assert!(listed.criteria.is_empty());
            prop_assert_eq!(listed.score, 0);
        }
    }

    #[test]
    fn weights_scale_points_and_move_no_verdict(world in worlds(), weight in 0..1000_u32) {
        let mut ranking = Ranking::default();
        ranking.max_points.values_mut().for_each(|points| *points = weight);
        let index = Index::build(world.listings.clone(), ranking.clone());
        prop_assert_eq!(index.ranking(), &ranking);
        let weighted = index.answer(&world.requirement, 200, today());
        let plain = answer(&world);
        prop_assert_eq!(weighted.counts, plain.counts);
        prop_assert_eq!(weighted.relaxations, plain.relaxations);
        for listed in &weighted.matched {
            prop_assert!(listed.criteria.iter().all(|it| it.max_points == weight && it.points <= weight));
        }
    }
}

#[test]
fn a_threshold_met_with_equality_is_met() {
    let mut listing = generate::listing(0, 0);
    let mut plot = Plot { area: Some(Mu::from_sqm(decimal("20000"))), ..Default::default() };
    plot.tax_wan_mu = Some(decimal("33.3333"));
    listing.detail = Detail::Plot(Box::new(plot));
    let requirement = Requirement { tax_wan: Some(decimal("999.999")), ..Default::default() };
    let index = Index::build(vec![listing.clone()], Ranking::default());
    let found = index.judge(Kind::Plot, &listing.id, &requirement, today()).expect("a listing");
    let tax = found.criteria.iter().find(|it| it.criterion.id() == "tax").expect("judged");
    assert_eq!(tax.verdict, domain::matching::Verdict::Met);
}

/// A plot whose price by the mu is given, or blank.
fn priced(id: String, mu: &str, price: Option<&str>) -> Listing {
    let [mu, price] = [Some(mu), price].map(|figure| figure.map(decimal));
    let plot = Plot {
        area: mu.map(Mu::from_mu),
        land_use: "工业用地".to_owned(),
        start_price_wan: mu.zip(price).map(|(mu, price)| Decimal::from_micro(mu.micro() / 1_000_000 * price.micro())),
        ..Plot::default()
    };
    Listing {
        id: id.into(),
        division: DivisionCode::parse("330200"),
        level: Some(ParkLevel::国家级),
        status: Some(Status::Available),
        available_from: None,
        banned_industries: Vec::new(),
        dated: Some("2026-11-01".to_owned()),
        is_deal: false,
        detail: Detail::Plot(Box::new(plot)),
        ..generate::any_plot()
    }
}

#[test]
fn a_plot_without_a_price_is_listed_where_every_other_of_its_size_asks_the_most() {
    let dear = |at: usize| priced(format!("D{at}"), if at < 1024 { "10" } else { "20" }, Some("50"));
    let mut listings: Vec<Listing> = (0..2048).map(dear).collect();
    listings.push(priced("small".to_owned(), "10", None));
    listings.push(priced("large".to_owned(), "20", None));
    let index = Index::build(listings, Ranking::default());
    let few = r#"{"kinds":["plot"],"use":"production","land_mu":{"max":20},"price_wan_per_mu_max":50}"#;
    let many = r#"{"kinds":["plot"],"use":"production","land_mu":{"max":20},"price_wan_per_mu_max":50,
        "regions":["330200"],"tenure":"buy","park_levels":["国家级"],"available_by":"2027-12-31"}"#;
    for asked in [few, many] {
        let found = index.answer(&serde_json::from_str(asked).expect("a requirement"), 1, today());
        assert_eq!((found.counts.matched, found.counts.to_confirm), (2048, 2), "{asked}");
        assert_eq!(&*found.to_confirm[0].listing.id, "large", "{asked}");
    }
}
