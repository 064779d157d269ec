//! Laws of the reader on generated requirements and texts.

use chrono::NaiveDate;
use domain::decimal::Decimal;
use domain::industry::industries;
use domain::listing::Kind;
use domain::matching::Criterion;
use domain::reader::{print, read};
use domain::region::divisions;
use domain::requirement::{Near, ParkLevel, Range, Requirement, Tenure, Use, Word as _};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn now() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// A number with at most four places.
fn amount(most: i64) -> impl Strategy<Value = Decimal> {
    prop_oneof![(0..=most).prop_map(Decimal::from_int), (0..=most * 10_000).prop_map(|n| Decimal::from_micro(n * 100))]
}

fn range() -> impl Strategy<Value = Range> {
    (amount(99_999), amount(99_999), 0..4).prop_map(|(a, b, ends)| {
        let (low, high) = (a.min(b), a.max(b).max(Decimal::from_int(1)));
        match ends {
            0 => Range { min: Some(low), max: None },
            1 => Range { min: None, max: Some(high) },
            2 => Range { min: Some(high), max: Some(high) },
            _ => Range { min: Some(low), max: Some(high) },
        }
    })
}

fn near() -> impl Strategy<Value = Near> {
    (-1_800_000_i64..=1_800_000, -900_000_i64..=900_000, amount(20_000)).prop_map(|(lng, lat, max_km)| Near {
        lng: Decimal::from_micro(lng * 100),
        lat: Decimal::from_micro(lat * 100),
        max_km,
    })
}

fn maybe<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::weighted(0.4, strategy)
}

fn things() -> impl Strategy<Value = Requirement> {
    let codes: Vec<_> = industries().all().iter().map(|row| row.code).collect();
    let uses: Vec<Use> = Use::WORDS.iter().map(|&(_, value)| value).collect();
    let wishes: Vec<Criterion> = Criterion::WORDS.iter().map(|&(_, c)| c).filter(|c| !c.is_legal()).collect();
    let levels: Vec<ParkLevel> = ParkLevel::WORDS.iter().map(|&(_, value)| value).collect();
    (
        subsequence(Kind::ALL.to_vec(), 0..=3),
        maybe(select(uses)),
        maybe(select(codes)),
        maybe(select(vec![Tenure::Buy, Tenure::Lease])),
        subsequence(levels, 0..=3),
        subsequence(wishes, 0..=5),
        maybe(0_i64..4000),
        maybe(any::<bool>()),
        maybe(near()),
    )
        .prop_map(|(kinds, site_use, industry, tenure, park_levels, prefer, days, chemical, near)| Requirement {
            kinds,
            site_use,
            industry,
            tenure,
            park_levels,
            prefer,
            available_by: days.map(|days| now() + chrono::Duration::days(days)),
            chemical,
            near,
            ..Requirement::default()
        })
}

const AMOUNTS: &[&str] = &[
    "tax_wan",
    "fixed_investment_wan",
    "investment_wan",
    "output_wan",
    "value_added_wan",
    "rd_percent",
    "energy_tce",
    "emission_t",
    "plot_ratio",
    "price_wan_per_mu_max",
    "rent_yuan_m2_month_max",
    "power_kva",
    "ceiling_height_m",
    "floor_load_t_m2",
    "budget_wan",
    "workstations",
    "headcount",
];

fn requirement() -> impl Strategy<Value = Requirement> {
    let places: Vec<_> = divisions().all().iter().map(|row| row.code).collect();
    let regions = proptest::collection::vec(select(places), 0..6);
    let amounts = proptest::collection::vec(maybe(amount(99_999)), AMOUNTS.len());
    (things(), maybe(range()), maybe(range()), amounts, regions, 0..3_usize).prop_map(
        |(mut it, land_mu, floor_m2, amounts, mut regions, excluded)| {
            (it.land_mu, it.floor_m2) = (land_mu, floor_m2);
            for (name, value) in AMOUNTS.iter().zip(amounts) {
                let value =
                    value.map(|value| if *name == "rd_percent" { value.min(Decimal::from_int(100)) } else { value });
                *it.amount_mut(name).expect("a field") = value;
            }
            if it.rent_yuan_m2_month_max.is_some() {
                it.tenure = Some(Tenure::Lease);
            }
            regions.sort_unstable();
            regions.dedup();
            it.exclude_regions = regions.split_off(regions.len() - excluded.min(regions.len()));
            it.regions = regions;
            it
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_requirement_reads_back(it in requirement()) {
        let text = print(&it);
        prop_assert_eq!(read(&text, now()).requirement, it, "{}", text);
    }
}
