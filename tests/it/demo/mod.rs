//! The samples of the development profile: what they hold, and what ordinary needs find among them.

mod needs;
mod stock;

use std::sync::LazyLock;

use chrono::NaiveDate;
use domain::listing::Kind;
use domain::matching::{Index, Ranking};
use domain::record::Record;
use luodi::demo;
use luodi::service::imports::settle_alone;
use luodi::service::inventory::listings;

use crate::tables::reader_with;

/// A day on which the samples are loaded.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 29).expect("a day")
}

/// The records of a kind as they are loaded on a day.
fn samples(kind: Kind, day: NaiveDate) -> Vec<Record> {
    let files = demo::made(day);
    let (_, file) = files.into_iter().find(|(own, _)| *own == kind).expect("a file of each kind");
    records(kind, &file)
}

fn records(kind: Kind, file: &str) -> Vec<Record> {
    let sheets = reader_with(luodi::tables::Limits::command_line()).read_bytes(file.as_bytes()).expect("a table");
    let plan = settle_alone(kind, sheets).expect("a header");
    assert!(plan.warnings.is_empty(), "{:?}", &plan.warnings[..1]);
    plan.settled.into_iter().map(|settled| settled.after).collect()
}

/// Everything that the development profile offers, samples and facts.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let facts = [
        records(Kind::Park, include_str!("../../../config/data/parks.csv")),
        records(Kind::Park, include_str!("../../../config/data/demo_parks.csv")),
        [Kind::Plot, Kind::Space].into_iter().flat_map(|kind| samples(kind, today())).collect(),
    ];
    Index::build(listings(&facts.iter().flatten().collect::<Vec<_>>()), Ranking::default())
});
