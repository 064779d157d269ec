//! What the samples hold.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use domain::geo::{Point, distance_km};
use domain::listing::Kind;
use domain::record::{Record, Table as _};
use domain::region::{DivisionLevel, divisions};
use domain::time::loose_day;
use luodi::demo;

use super::{samples, today};

/// 沪苏浙皖, 京津冀, 重庆: all prefectures of these provinces.
const WHOLE: [&str; 8] = ["31", "32", "33", "34", "11", "12", "13", "50"];
/// 珠三角九市, 成渝的十五个四川市.
const CITIES: [&str; 24] = [
    "4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420", "5101", "5103", "5105", "5106", "5107",
    "5109", "5110", "5111", "5113", "5114", "5115", "5116", "5117", "5118", "5120",
];
/// Columns that a sample offered to let or sell has no value for: a deal's price, and the address of a source.
const OF_OTHERS: [&str; 2] = ["deal_price_wan", "source_url"];

fn offered() -> Vec<Record> {
    [Kind::Plot, Kind::Space].into_iter().flat_map(|kind| samples(kind, today())).collect()
}

fn division(sample: &Record) -> String {
    let names = ["province", "city", "county"].map(|column| sample.get(column));
    divisions().resolve(names[0], names[1], names[2]).expect("a division").to_string()
}

/// The kind of thing that a visitor looks for.
fn goods(sample: &Record) -> &'static str {
    match (sample.kind(), sample.get("use")) {
        (Kind::Plot, _) => "plot",
        (_, "warehouse") => "warehouse",
        _ if sample.get("facilities").split(';').any(|code| code == "lab") => "lab",
        (_, uses) if uses.contains("office") => "desks",
        _ => "factory",
    }
}

#[test]
fn samples_are_read_without_a_fault_and_are_told_as_samples() {
    let all = offered();
    assert!((1_900..=2_300).contains(&all.len()), "{} samples", all.len());
    let ids: BTreeSet<&str> = all.iter().map(Record::id).collect();
    assert_eq!(ids.len(), all.len());
    for sample in &all {
        let told = sample.get(if sample.kind() == Kind::Plot { "location" } else { "name" });
        assert!(told.contains("示例") && sample.get("demo") == "yes", "{}", sample.id());
    }
}

#[test]
fn every_prefecture_of_the_four_regions_offers_each_kind() {
    let mut there: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for sample in offered() {
        there.entry(division(&sample)[..4].to_owned()).or_default().insert(goods(&sample));
    }
    let table = divisions();
    let prefectures = table.all().iter().filter(|row| row.level == DivisionLevel::Prefecture);
    let prefectures = prefectures.map(|row| row.code.to_string()[..4].to_owned());
    let in_region = prefectures.filter(|code| WHOLE.contains(&&code[..2]) || CITIES.contains(&code.as_str()));
    let municipalities = ["1101", "1201", "3101", "5001"].map(str::to_owned);
    let mut seen = 0;
    for code in in_region.chain(municipalities) {
        let goods = there.get(&code).cloned().unwrap_or_default();
        assert_eq!(Vec::from_iter(goods), ["desks", "factory", "lab", "plot", "warehouse"], "{code}");
        seen += 1;
    }
    assert_eq!(seen, 11 + 13 + 11 + 16 + 24 + 4);
}

#[test]
fn ninety_five_cells_of_a_hundred_are_filled() {
    let (mut filled, mut cells) = (0, 0);
    for sample in offered() {
        let columns = sample.kind().columns().iter().filter(|column| !OF_OTHERS.contains(&column.name));
        for column in columns {
            // A city without counties has no county, and a floor let by the desk is not sold.
            cells += 1;
            filled += usize::from(!sample.get(column.name).is_empty());
        }
    }
    let share = filled * 1_000 / cells;
    assert!(share >= 950, "{share} ‰ of {cells}");
}

#[test]
fn a_sample_lies_within_three_kilometres_of_the_seat_of_its_division() {
    for sample in offered() {
        let number = |column: &str| sample.get(column).parse::<f64>().expect("a coordinate");
        let point = Point { lng: number("longitude"), lat: number("latitude") };
        let code = domain::region::DivisionCode::parse(&division(&sample)).expect("a code");
        let Some(seat) = divisions().get(code).and_then(|row| row.seat) else { continue };
        assert!(distance_km(point, seat) < 3.0, "{}", sample.id());
    }
}

#[test]
fn equal_days_give_equal_samples_and_other_days_the_same_ones() {
    let later = today() + Days::new(400);
    assert_eq!(demo::made(today()), demo::made(today()));
    let ids = |day: NaiveDate| samples(Kind::Space, day).iter().map(|it| it.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(today()), ids(later));
}

#[test]
fn no_date_of_a_sample_is_old_on_the_day_of_loading() {
    for day in [today(), NaiveDate::from_ymd_opt(2027, 1, 31).expect("a day")] {
        for sample in [Kind::Plot, Kind::Space].into_iter().flat_map(|kind| samples(kind, day)) {
            let evidence = ["notice_date", "verified_on"].into_iter().find_map(|it| loose_day(sample.get(it)));
            let age = (day - evidence.expect("a day")).num_days();
            assert!((0..60).contains(&age), "{}: {age} days", sample.id());
            let free = (sample.day("available_from").expect("a day") - day).num_days();
            assert!((-31..=130).contains(&free), "{}: free in {free} days", sample.id());
        }
    }
}

#[test]
fn every_sample_lies_in_a_park_that_takes_inquiries() {
    let known: BTreeSet<String> = samples(Kind::Park, today())
        .into_iter()
        .chain(super::records(Kind::Park, include_str!("../../../config/data/demo_parks.csv")))
        .filter(|park| !park.get("inbox_email").is_empty())
        .map(|park| park.id().to_owned())
        .collect();
    let outside: Vec<Record> = offered().into_iter().filter(|it| !known.contains(it.get("park_code"))).collect();
    // Eleven of the hand-made sample parks have no inbox, so that this can be seen.
    assert!(outside.len() * 20 < offered().len(), "{} without an inbox", outside.len());
}
