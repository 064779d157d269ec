//! CSV tables to listings, as an import would read them.

use domain::import::{Names, Raw, RawRow, Settling, Sheet, read, settle};
use domain::listing::{Kind, Listing};
use domain::record::Record;

/// The records of a table, all of which are accepted.
pub(crate) fn records(kind: Kind, table: &str) -> Vec<Record> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(|cell| Raw::Text(cell.to_owned())).collect();
    let rows = reader.records().zip(1..).map(|(row, number)| RawRow {
        number,
        hidden: false,
        cells: cells(row.expect("a row")),
    });
    let sheet = Sheet { name: None, rows: rows.collect() };
    let reading = read(kind, &sheet, &Names::default(), false).expect("known columns");
    let plan = settle(&[reading], &Settling::of_files(kind));
    assert!(plan.rejected.is_empty(), "{:?}", plan.rejected);
    plan.settled.into_iter().map(|settled| settled.after).collect()
}

/// All listings of three tables; plots and spaces with what their parks lend them.
pub(crate) fn listings(parks: &str, plots: &str, spaces: &str) -> Vec<Listing> {
    let parks: Vec<Listing> = records(Kind::Park, parks).iter().map(Listing::from_park).collect();
    let park_of = |record: &Record| parks.iter().find(|park| *park.id == *record.get("park_code"));
    let plots: Vec<Listing> =
        records(Kind::Plot, plots).iter().map(|record| Listing::from_plot(record, park_of(record))).collect();
    let spaces: Vec<Listing> = records(Kind::Space, spaces)
        .iter()
        .map(|record| Listing::from_space(record, park_of(record)).expect("a kind"))
        .collect();
    plots.into_iter().chain(spaces).chain(parks).collect()
}
